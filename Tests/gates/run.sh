#!/usr/bin/env bash
# Rules of the source tree that no compiler checks. Prints every breach with its cure; exits 1 when there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."
breaches=0
breach() { echo "gate: $*" >&2; breaches=1; }

while IFS= read -r -d '' file; do
    lines=$(wc -l <"$file")
    bound=300
    [[ $file == Tests/* ]] && bound=400
    [ "$lines" -le "$bound" ] || breach "$file has $lines lines, the bound is $bound: split it by concern"
done < <(find Sources Tests -name '*.swift' -print0)

if found=$(grep -rnE '^(package |public |internal )?import ' Sources/GatewayCore); then
    breach "GatewayCore imports the standard library alone; move the code that needs this:"$'\n'"$found"
fi
if found=$(grep -rnE '^(package |public |internal )?import Foundation$' Sources Tests --include='*.swift'); then
    breach "Foundation brings 60 MB of ICU; use the standard library or NIO:"$'\n'"$found"
fi
exceptions=Tests/gates/exceptions.txt
[ "$(grep -cvE '^(#|$)' "$exceptions" || true)" -le 5 ] || breach "$exceptions has more than five entries"
while IFS=: read -r file line code; do
    grep -qF "$file" "$exceptions" ||
        breach "$file:$line: unsafe construct:$code; avoid it, or give its reason in $exceptions"
done < <(grep -rnE 'try!|@unchecked Sendable|nonisolated\(unsafe\)|Task\.detached' Sources --include='*.swift' || true)
exit "$breaches"
