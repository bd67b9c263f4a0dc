"""The registry of devices, by the command line."""

import subprocess

from .programs import program


class Devices:
    """`fennec-gateway device …` on one state directory."""

    def __init__(self, directory):
        self.directory = directory

    def run(self, *arguments):
        """(exit status, output, error output)."""
        done = subprocess.run(
            [program("fennec-gateway", "FENNEC_GATEWAY"), "device", *map(str, arguments)]
            + ["--state-directory", str(self.directory)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def do(self, *arguments):
        """The output of what must succeed."""
        status, output, errors = self.run(*arguments)
        assert status == 0, errors
        return output.strip()

    def add(self, name, *options):
        """A new device's token."""
        return self.do("add", name, *options)
