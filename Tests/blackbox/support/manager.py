"""What a service manager does: hears notifications, passes sockets on, holds threads still."""

import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

from .waiting import eventually

CLIENTS = pathlib.Path(__file__).resolve().parents[1] / "clients"
# Where tests are not run by root, this is how one becomes it.
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


class NotifySocket:
    """Collects what a program tells its service manager (sd_notify(3)): one dictionary for each datagram."""

    def __init__(self, directory):
        self.path = str(directory / "notify")
        self.messages = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        threading.Thread(target=self._collect, daemon=True).start()

    @property
    def environment(self):
        return {"NOTIFY_SOCKET": self.path}

    def _collect(self):
        while True:
            try:
                datagram = self._socket.recv(4096)
            except OSError:
                return
            message = dict(line.split("=", 1) for line in datagram.decode().splitlines())
            self.messages.append({**message, "at": time.monotonic()})

    def close(self):
        self._socket.close()

    def all(self, key):
        """The messages that have this key."""
        return [message for message in self.messages if key in message]

    def wait_for(self, key, count=1, timeout=10):
        """The `count`th message with this key, once it is there."""
        return eventually(lambda: self.all(key)[count - 1 :], lambda: f"{key}, heard: {self.messages}", timeout)[0]

    @property
    def statuses(self):
        return [message["STATUS"] for message in self.all("STATUS")]

    @property
    def order(self):
        """The states told so far, in order, repeated ones once."""
        found = []
        for message in self.messages:
            for key in ("READY", "RELOADING", "STOPPING"):
                if key in message:
                    found.append(key)
        return found


def listening_socket(host="127.0.0.1"):
    """A socket that listens on a free port, as a socket unit would have one."""
    return socket.create_server((host, 0), backlog=512)


def passing(sockets):
    """What makes a program inherit these sockets, for `Gateway`: a list of (name, socket)."""
    arguments = [f"{name}={sock.fileno()}" for name, sock in sockets]
    return {
        "prefix": [sys.executable, CLIENTS / "pass_sockets.py", *arguments, "--"],
        "pass_fds": [sock.fileno() for _, sock in sockets],
    }


class HeldThread:
    """One thread of a process that stands still, as long as the `with` lasts."""

    def __init__(self, thread):
        self._holder = subprocess.Popen(
            [*AS_ROOT, sys.executable, CLIENTS / "hold_thread.py", str(thread)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout.readline() == b"held\n", "the thread cannot be held: root must run this"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._holder.stdin.close()
        self._holder.wait(10)
        self._holder.stdout.close()


def threads_named(pid, beginning):
    """The threads of a process whose names begin so, by id."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().startswith(beginning):
            found.append(int(task.name))
    return sorted(found)
