#!/usr/bin/env bash
# No Swift file is longer than 300 lines in Sources, 400 in Tests.
set -euo pipefail
cd "$1"
status=0
while IFS= read -r -d '' file; do
    bound=300
    [[ $file == Tests/* ]] && bound=400
    lines=$(wc -l <"$file")
    if [ "$lines" -gt "$bound" ]; then
        echo "gate: $file has $lines lines, the bound is $bound: split it by concern, one main type a file" >&2
        status=1
    fi
done < <(find Sources Tests -name '*.swift' -print0 | sort -z)
exit "$status"
