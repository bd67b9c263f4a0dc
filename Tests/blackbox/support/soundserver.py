"""A sound server without a sound card: Firefox takes no sound where there is nothing to play it."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from .waiting import eventually

PROGRAM = shutil.which("pulseaudio")


class SoundServer:
    """A PulseAudio of our own that plays into nothing, in real time."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="pulse-"))
        socket = self.directory / "native"
        self.address = f"unix:{socket}"
        modules = [f"module-native-protocol-unix socket={socket} auth-anonymous=1", "module-null-sink rate=48000"]
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no"]
        home = {name: str(self.directory) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
        self.process = subprocess.Popen(
            [PROGRAM, *options, *(part for module in modules for part in ("-L", module))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **home},
        )
        eventually(socket.exists, "the sound server listens")

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)
