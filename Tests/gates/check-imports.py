#!/usr/bin/env python3
"""Every import is declared in Package.swift, and declarations follow the arrows of the design.

usage: check-imports.py TREE [MANIFEST.json]     (the manifest as `swift package dump-package` prints it)
"""

import json
import pathlib
import re
import subprocess
import sys

# Who may import whom: a target reaches whatever stands along these arrows, and nothing else of ours.
ARROWS = {
    "GatewayCore": [],
    "GatewayWire": [],
    "FennecUpstream": ["GatewayWire", "GatewayCore"],
    "GatewayTelemetry": ["GatewayCore"],
    "GatewayConfig": ["GatewayCore"],
    "GatewayServer": ["FennecUpstream", "GatewayTelemetry", "GatewayWire", "GatewayCore"],
    "FennecSimulator": ["GatewayWire"],
    "GatewayCoreTesting": ["GatewayCore"],
    "GatewayTesting": ["GatewayServer", "FennecSimulator", "GatewayConfig"],
    "fennec-gateway": ["GatewayServer", "GatewayConfig", "FennecSimulator"],
    "gateway-bench": ["GatewayTesting"],
}
# Libraries behind a wrapper of ours: the only target that touches each.
WRAPPED = {"CSQLite": "GatewayTelemetry", "CYAML": "GatewayConfig", "CCurl": "FennecUpstream"}
# Part of the toolchain, never declared.
TOOLCHAIN = {"Swift", "Glibc", "Musl", "Synchronization", "Dispatch", "FoundationEssentials", "_Concurrency"}
TEST_TOOLCHAIN = TOOLCHAIN | {"Testing"}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)",
    re.MULTILINE,
)


def reachable(target):
    """Everything along the arrows."""
    found, ahead = set(), list(ARROWS[target])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += ARROWS[name]
    return found


def manifest_of(tree):
    command = ["swift", "package", "--package-path", str(tree), "dump-package"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"gate: Package.swift cannot be read:\n{done.stderr}")
    return json.loads(done.stdout)


def declared(target):
    """The modules that a target of the manifest declares."""
    names = set()
    for dependency in target["dependencies"]:
        for kind in ("byName", "product", "target"):
            if kind in dependency:
                names.add(dependency[kind][0])
    return names


def imports(directory):
    """(file, line, module) of every import below a directory."""
    for file in sorted(directory.rglob("*.swift")):
        text = file.read_text()
        for match in IMPORT.finditer(text):
            yield file, text.count("\n", 0, match.start(1)) + 1, match.group(1)


def problems(tree, manifest):
    targets = {target["name"]: target for target in manifest["targets"]}
    ours = {name for name, target in targets.items() if target["type"] in ("regular", "executable")}
    for name in sorted(ours - set(ARROWS)):
        yield f"target {name} is not in the design: give it its arrows in Tests/gates/check-imports.py and the design"
    for name in sorted(ours & set(ARROWS)):
        wrong = (declared(targets[name]) & ours) - reachable(name)
        for other in sorted(wrong):
            yield f"Package.swift: {name} depends on {other} against the arrows; turn the dependency round, or drop it"
        for library, owner in WRAPPED.items():
            if library in declared(targets[name]) and name != owner:
                yield f"Package.swift: {name} depends on {library}, which only {owner} touches; use its wrapper"
    for name, target in sorted(targets.items()):
        if target["type"] not in ("regular", "executable", "test"):
            continue
        is_test = target["type"] == "test"
        directory = tree / (target.get("path") or f"{'Tests' if is_test else 'Sources'}/{name}")
        allowed = declared(target) | (TEST_TOOLCHAIN if is_test else TOOLCHAIN) | {name}
        # A target's module has underscores where its name has hyphens.
        allowed |= {name.replace("-", "_") for name in allowed}
        for file, line, module in imports(directory):
            if module not in allowed:
                place = f"{file.relative_to(tree)}:{line}"
                yield f"{place}: {module} is imported but not declared; add it to {name} in Package.swift, or do without"


def main():
    tree = pathlib.Path(sys.argv[1]).resolve()
    manifest = json.loads(pathlib.Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else manifest_of(tree)
    found = list(problems(tree, manifest))
    for problem in found:
        print(f"gate: {problem}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
