#!/usr/bin/env bash
# The release binary has no ICU in it and needs none: check-binary.sh .build/release/fennec-gateway
set -euo pipefail
binary=${1:?usage: check-binary.sh PATH}
[ -f "$binary" ] || { echo "gate: $binary does not exist; build it with swift build -c release --static-swift-stdlib" >&2; exit 1; }
status=0

# The data of ICU, its C functions, and symbols of the modules that wrap it. The bare name of
# FoundationInternationalization is no proof: FoundationEssentials looks for it at run time.
traces='icudt[0-9]+[a-z_]*|_FoundationICU|swift_icu|u(col|loc|cal|dat|num)_open(_[0-9]+)?|\$s30FoundationInternationalization'
if found=$(LC_ALL=C grep -aoE "$traces" "$binary" | sort | uniq -c | sort -rn | head); then
    printf '%s\n%s\n' "gate: $binary has ICU in it; find who imports Foundation (also among the dependencies):" \
        "$found" >&2
    status=1
fi
# `|| true`: a static executable has no libraries to list.
needed=$(ldd "$binary" 2>/dev/null | grep -E 'libicu|libFoundation|lib_Foundation' || true)
if [ -n "$needed" ]; then
    printf '%s\n%s\n' "gate: $binary loads these; import the standard library or NIO, and link statically:" "$needed" >&2
    status=1
fi
exit "$status"
