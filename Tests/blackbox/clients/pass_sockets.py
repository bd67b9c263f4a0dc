"""Becomes a program that inherits sockets, as systemd starts one: `pass_sockets.py NAME=FD… -- PROGRAM ARGUMENT…`."""

import fcntl
import os
import sys

split = sys.argv.index("--")
names, descriptors = zip(*(argument.rsplit("=", 1) for argument in sys.argv[1:split]))
# Out of each other's way first.
copies = [fcntl.fcntl(int(descriptor), fcntl.F_DUPFD, 64) for descriptor in descriptors]
for number, copy in enumerate(copies, 3):
    os.dup2(copy, number)
    os.close(copy)
os.environ |= {
    "LISTEN_PID": str(os.getpid()),
    "LISTEN_FDS": str(len(names)),
    "LISTEN_FDNAMES": ":".join(names),
}
os.execv(sys.argv[split + 1], sys.argv[split + 1 :])
