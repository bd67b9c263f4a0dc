#!/usr/bin/env bash
# Nothing imports Foundation, which brings tens of megabytes of ICU; FoundationEssentials is allowed and shown.
set -euo pipefail
cd "$1"
import='^[[:space:]]*(@[A-Za-z_]+(\([^)]*\))? +)*((package|public|internal|private|fileprivate) +)?import +'
import+='((struct|class|enum|protocol|func|var|let|typealias) +)?'
modules='(Foundation|FoundationNetworking|FoundationXML|FoundationInternationalization|_FoundationICU)'
light=$(grep -rnE --include='*.swift' "${import}FoundationEssentials\b" Sources Tests || true)
[ -z "$light" ] || printf '%s\n%s\n' "note: FoundationEssentials is used in:" "$light"
if found=$(grep -rnE --include='*.swift' "$import$modules(\.|[[:space:]]|;|$)" Sources Tests); then
    printf '%s\n%s\n' "gate: Foundation brings tens of megabytes of ICU; use the standard library, Glibc or NIO:" \
        "$found" >&2
    exit 1
fi
