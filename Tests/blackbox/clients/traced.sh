#!/bin/sh
# `fennec-gateway` as TRACED_PROGRAM has it, with the names of the system calls of `serve` left in TRACED_CALLS, a file
# for each run.
if [ "$1" = serve ]; then
    exec strace -D -f -qq -c -U name -o "$TRACED_CALLS/$$" "$TRACED_PROGRAM" "$@"
fi
exec "$TRACED_PROGRAM" "$@"
