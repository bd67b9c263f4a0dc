"""Holds one thread of another process still until the standard input ends: `hold_thread.py TID`, as root.

The other threads go on, which a signal cannot do.
"""

import ctypes
import os
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def trace(request, thread):
    if libc.ptrace(request, thread, None, None) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


thread = int(sys.argv[1])
trace(PTRACE_SEIZE, thread)
trace(PTRACE_INTERRUPT, thread)
os.waitpid(thread, WALL)
print("held", flush=True)
sys.stdin.read()
trace(PTRACE_DETACH, thread)
