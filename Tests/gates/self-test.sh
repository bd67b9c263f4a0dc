#!/usr/bin/env bash
# Shows that each gate is open for a good tree and shut for each breach of its rule.
set -euo pipefail
gates=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# A small tree that breaks no rule.
good() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/Sources/{GatewayCore,GatewayWire,GatewayConfig} "$tree"/Tests/{GatewayCoreTests,gates}
    echo 'struct Rule { var name = "import Foundation, try! await" } // no async, no .now' >"$tree/Sources/GatewayCore/Rule.swift"
    echo 'package import NIOCore' >"$tree/Sources/GatewayWire/Wire.swift"
    printf 'import GatewayCore\nimport CYAML\nimport Glibc\n' >"$tree/Sources/GatewayConfig/Reader.swift"
    printf '@testable import GatewayCore\nimport Testing\n' >"$tree/Tests/GatewayCoreTests/RuleTests.swift"
    echo '# none' >"$tree/Tests/gates/exceptions.txt"
    manifest
}

# manifest [CONFIG_DEPENDENCY…]: the manifest of that tree, with further dependencies of GatewayConfig.
manifest() {
    local more=""
    for name in "$@"; do more+=",{\"byName\":[\"$name\",null]}"; done
    cat >"$tree/manifest.json" <<EOF
{"targets":[
 {"name":"CYAML","type":"system","dependencies":[]},
 {"name":"GatewayCore","type":"regular","dependencies":[]},
 {"name":"GatewayWire","type":"regular","dependencies":[{"product":["NIOCore","swift-nio",null,null]}]},
 {"name":"GatewayConfig","type":"regular","dependencies":[{"byName":["GatewayCore",null]},{"byName":["CYAML",null]}$more]},
 {"name":"GatewayCoreTests","type":"test","dependencies":[{"byName":["GatewayCore",null]}]}
]}
EOF
}

# open GATE ARGUMENT…, shut GATE WORD ARGUMENT…: what a gate must do with the tree as it stands. WORD is in its message.
open() {
    local gate=$1 said
    shift
    if ! said=$("$gates/$gate" "$@" 2>&1); then
        echo "gate self-test: $gate is shut where it should be open: $said" >&2
        failed=1
    fi
}

shut() {
    local gate=$1 word=$2 said
    shift 2
    if said=$("$gates/$gate" "$@" 2>&1); then
        echo "gate self-test: $gate did not notice: $word" >&2
        failed=1
    elif [[ $said != *"$word"* ]]; then
        echo "gate self-test: $gate does not speak of '$word': $said" >&2
        failed=1
    fi
}

good
for gate in check-file-lengths.sh check-core.sh check-foundation.sh check-unsafe.sh; do open "$gate" "$tree"; done
open check-imports.py "$tree" "$tree/manifest.json"

# File lengths
yes '// line' 2>/dev/null | head -301 >"$tree/Sources/GatewayWire/Long.swift" || true
shut check-file-lengths.sh "Long.swift has 301 lines" "$tree"
good
yes '// line' 2>/dev/null | head -400 >"$tree/Tests/GatewayCoreTests/Long.swift" || true
open check-file-lengths.sh "$tree"
echo '// one more' >>"$tree/Tests/GatewayCoreTests/Long.swift"
shut check-file-lengths.sh "Long.swift has 401 lines" "$tree"

# The pure core
for breach in 'import NIOCore' 'package import Glibc' '@preconcurrency import Logging' 'func f() async {}' \
    'let at = ContinuousClock().now' 'let id = UInt64.random(in: 0...9)' 'let t = Task { }'; do
    good
    echo "$breach" >"$tree/Sources/GatewayCore/Impure.swift"
    shut check-core.sh "Impure.swift:1:" "$tree"
done

# Foundation
for breach in 'import Foundation' 'package import Foundation' 'import struct Foundation.Data' \
    '@preconcurrency import Foundation' 'import FoundationNetworking' 'import Foundation // because'; do
    good
    echo "$breach" >"$tree/Tests/GatewayCoreTests/Heavy.swift"
    shut check-foundation.sh "Heavy.swift:1:" "$tree"
done
good
echo 'import FoundationEssentials' >"$tree/Sources/GatewayWire/Light.swift"
open check-foundation.sh "$tree"

# Unsafe constructs
for breach in 'let a = try! f()' 'final class B: @unchecked Sendable {}' 'nonisolated(unsafe) var c = 0' \
    'Task.detached { }'; do
    good
    echo "$breach" >"$tree/Sources/GatewayWire/Unsafe.swift"
    shut check-unsafe.sh "Unsafe.swift:1:" "$tree"
done
echo 'Sources/GatewayWire/Unsafe.swift: Task.detached: the reason' >"$tree/Tests/gates/exceptions.txt"
open check-unsafe.sh "$tree"
echo 'Sources/GatewayWire/Unsafe.swift: Task.detached' >"$tree/Tests/gates/exceptions.txt"
shut check-unsafe.sh "path: construct: reason" "$tree"
echo 'Sources/GatewayWire/Unsafe.swift: try!: the reason' >"$tree/Tests/gates/exceptions.txt"
shut check-unsafe.sh "not used any more" "$tree"
for number in 1 2 3 4 5 6; do echo "Sources/File$number.swift: try!: reason"; done >"$tree/Tests/gates/exceptions.txt"
shut check-unsafe.sh "five is the bound" "$tree"

# Imports and arrows
good
echo 'import Logging' >"$tree/Sources/GatewayWire/Undeclared.swift"
shut check-imports.py "Undeclared.swift:1: Logging" "$tree" "$tree/manifest.json"
good
printf 'import Testing\n' >"$tree/Sources/GatewayConfig/Odd.swift"
shut check-imports.py "Odd.swift:1: Testing" "$tree" "$tree/manifest.json"
good
manifest GatewayWire
shut check-imports.py "GatewayConfig depends on GatewayWire" "$tree" "$tree/manifest.json"
manifest CSQLite
shut check-imports.py "only GatewayTelemetry touches" "$tree" "$tree/manifest.json"
good
sed -i 's/"GatewayWire","type":"regular"/"Stray","type":"regular"/' "$tree/manifest.json"
shut check-imports.py "target Stray is not in the design" "$tree" "$tree/manifest.json"

# The binary
printf '\177ELF nothing to see, FoundationInternationalization is but a name' >"$tree/binary"
open check-binary.sh "$tree/binary"
for trace in icudt74l '$s30FoundationInternationalization6LocaleV' _FoundationICU ucol_open_74; do
    printf '\177ELF\0 text \0%s\0' "$trace" >"$tree/binary"
    shut check-binary.sh "has ICU in it" "$tree/binary"
done

[ "$failed" = 0 ]
