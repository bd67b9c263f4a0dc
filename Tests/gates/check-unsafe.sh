#!/usr/bin/env bash
# try!, @unchecked Sendable, nonisolated(unsafe) and Task.detached stand in Sources only where exceptions.txt says why.
# A line of that list is `path: construct: reason`; there are at most five.
set -euo pipefail
list=$(cd "$(dirname "$0")" && pwd)/exceptions.txt
cd "$1"
[ -f Tests/gates/exceptions.txt ] && list=$PWD/Tests/gates/exceptions.txt
status=0

breach() {
    echo "gate: $*" >&2
    status=1
}

declare -A excepted=() used=()
while IFS= read -r line; do
    path=${line%%: *}
    rest=${line#*: }
    construct=${rest%%: *}
    if [ "$rest" = "$line" ] || [ "$construct" = "$rest" ] || [ -z "${rest#"$construct": }" ]; then
        breach "exceptions.txt: '$line' is not of the form 'path: construct: reason'"
    else
        excepted["$path: $construct"]=1
    fi
done < <(grep -vE '^(#|[[:space:]]*$)' "$list" || true)
[ "${#excepted[@]}" -le 5 ] || breach "exceptions.txt has ${#excepted[@]} entries, five is the bound: mend one instead"

for construct in 'try!' '@unchecked Sendable' 'nonisolated(unsafe)' 'Task.detached'; do
    while IFS=: read -r file line code; do
        # A text or a comment may speak of the construct.
        code=$(sed -E 's/"([^"\\]|\\.)*"/""/g; s,//.*,,' <<<"$code")
        [[ $code == *"$construct"* ]] || continue
        used["$file: $construct"]=1
        [ -n "${excepted["$file: $construct"]:-}" ] ||
            breach "$file:$line: $construct; avoid it, or give its reason in Tests/gates/exceptions.txt"
    done < <(grep -rnF --include='*.swift' "$construct" Sources || true)
done
for entry in "${!excepted[@]}"; do
    [ -n "${used[$entry]:-}" ] || breach "exceptions.txt: '$entry' is not used any more; take it out"
done
exit "$status"
