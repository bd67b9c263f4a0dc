"""A program's look-ups of names, counted, held up and made to fail."""

import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "clients/lookups.c"


class LookUps:
    """Those of the program that is started with `environment`; takes a C compiler."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
        library = self._directory / "lookups.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(library), "LOOKUPS": str(self._directory)}

    @property
    def asked(self):
        """The names that were looked up, in order."""
        path = self._directory / "asked"
        return path.read_text().split() if path.exists() else []

    def hold(self):
        """From now on look-ups wait."""
        (self._directory / "hold").touch()

    def release(self):
        (self._directory / "hold").unlink()

    def fail(self):
        """From now on look-ups fail."""
        (self._directory / "fail").touch()
