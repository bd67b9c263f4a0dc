#!/usr/bin/env bash
# Rules of the source tree that no compiler checks. Every gate says what is wrong and how to mend it; exits 1 when one
# is shut. Each gate can be run on its own, with the tree as its argument; self-test.sh shows that each can fail.
set -uo pipefail
gates=$(cd "$(dirname "$0")" && pwd)
tree=${1:-$(cd "$gates/../.." && pwd)}
status=0
for gate in check-file-lengths.sh check-core.sh check-foundation.sh check-unsafe.sh check-imports.py; do
    "$gates/$gate" "$tree" || status=1
done
"$gates/self-test.sh" || status=1
[ "$status" = 0 ] && echo "gates: all open"
exit "$status"
