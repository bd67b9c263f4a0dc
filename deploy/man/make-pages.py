#!/usr/bin/env python3
"""Makes the manual pages: `make-pages.py PROGRAM CONFIGURATION TARGET`.

fennec-gateway(8) is what the program says of itself with what deploy/man/fennec-gateway.8.in adds,
fennec-gateway.yaml(5) the commented configuration with deploy/man/fennec-gateway.yaml.5.in before it.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def roff(text):
    """Text that means itself."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.splitlines())


def paragraphs(text):
    """Prose as paragraphs, indented lines as they are."""
    out, verbatim = [], False
    for line in text.splitlines():
        indented = line.startswith("  ")
        if indented != verbatim:
            out += [".PP", ".nf", ".RS 4"] if indented else [".RE", ".fi", ".PP"]
            verbatim = indented
        out.append(roff(line.strip()) if line.strip() else ".PP")
    if verbatim:
        out += [".RE", ".fi"]
    return [line for index, line in enumerate(out) if line != ".PP" or out[index - 1 : index] != [".PP"]]


def tag(argument):
    value = f" \\fI{roff(argument.get('valueName', ''))}\\fR" if argument["kind"] != "flag" else ""
    if argument["kind"] == "positional":
        return value.strip() + ("..." if argument["isRepeating"] else "")
    dashes = {"long": "--", "short": "-", "longWithSingleDash": "-"}
    names = [f"\\fB{roff(dashes[name['kind']] + name['name'])}\\fR" for name in argument["names"]]
    return ", ".join(names) + value


def command(entry, path=()):
    """The lines about a command and those below it."""
    if entry["commandName"] == "help":
        return []
    path = (*path, entry["commandName"])
    out = [f".SS {roff(' '.join(path[1:]))}"] if len(path) > 1 else []
    if len(path) > 1:
        out += [roff(entry.get("abstract", ""))]
        out += [".PP", *paragraphs(entry["discussion"])] if entry.get("discussion") else []
        for argument in entry.get("arguments", []):
            names = [name["name"] for name in argument.get("names", [])]
            if argument["shouldDisplay"] and not {"help", "version"} & set(names):
                out += [".TP", tag(argument), roff(argument.get("abstract", "")) or "\\&"]
    for below in entry.get("subcommands", []):
        out += command(below, path)
    return out


def main():
    program, configuration, target = sys.argv[1:]
    told = subprocess.run([program, "--experimental-dump-help"], capture_output=True, check=True).stdout
    commands = "\n".join(command(json.loads(told)["command"]))
    page = (HERE / "fennec-gateway.8.in").read_text().replace("@COMMANDS@", commands)
    (pathlib.Path(target) / "fennec-gateway.8").write_text(page)
    example = roff(pathlib.Path(configuration).read_text())
    page = (HERE / "fennec-gateway.yaml.5.in").read_text().replace("@EXAMPLE@", example)
    (pathlib.Path(target) / "fennec-gateway.yaml.5").write_text(page)


main()
