#!/bin/sh
# `confined.sh USER DIRECTORY PROGRAM ARGUMENT…`, as root: the program as that user, without any capability, in a mount
# namespace in which nothing but the directory can be written.
set -eu
if [ "${CONFINED:-}" != yes ]; then CONFINED=yes exec unshare --mount --propagation private "$0" "$@"; fi
user=$1 directory=$2
shift 2
mount --bind "$directory" "$directory"
# All read before anything changes.
points=$(cut -d ' ' -f 5 /proc/self/mountinfo)
printf '%b\n' "$points" | while read -r point; do
    [ "$point" = "$directory" ] || mount -o remount,bind,ro "$point"
done
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$@"
