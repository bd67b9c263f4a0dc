#!/usr/bin/env bash
# GatewayCore is pure: it imports the standard library alone and has no clock, no randomness and no concurrency.
set -euo pipefail
cd "$1"
core=Sources/GatewayCore
status=0

# code PATTERN: the lines of code that match, comments and texts left out.
code() {
    find "$core" -name '*.swift' -print0 | sort -z | while IFS= read -r -d '' file; do
        sed -E 's/"([^"\\]|\\.)*"/""/g; s,//.*,,' "$file" | grep -nE "$1" | sed "s|^|    $file:|" || true
    done
}

found=$(code '^[[:space:]]*(@[A-Za-z_]+ +)*((package|public|internal|private|fileprivate) +)?import +' |
    grep -vE 'import +Swift *$' || true)
if [ -n "$found" ]; then
    printf '%s\n%s\n' "gate: GatewayCore imports the standard library alone; move the code that needs this to a shell:" \
        "$found" >&2
    status=1
fi

impure='\b(async|await|Task|actor)\b|\.now\b|(Continuous|Suspending)Clock\(\)|\.random\(|randomElement\(|shuffled?\(\)'
found=$(code "$impure|SystemRandomNumberGenerator")
if [ -n "$found" ]; then
    printf '%s\n%s\n' "gate: GatewayCore is pure; take times and random bytes as arguments, return actions:" "$found" >&2
    status=1
fi
exit "$status"
