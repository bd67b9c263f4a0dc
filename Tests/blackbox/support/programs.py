"""The built programs, started and watched."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading

from .client import RawClient
from .settings import to_yaml
from .waiting import eventually

ROOT = pathlib.Path(__file__).resolve().parents[3]
RECORDING = ROOT / "Tests/Fixtures/audio/speech.wav"
TRANSCRIPTS = ROOT / "Tests/Fixtures/audio/speech.json"


def program(name, variable):
    """The path of a built program: from the environment, else the newest build."""
    if given := os.environ.get(variable):
        return given
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / name
        if path.exists():
            return str(path)
    raise FileNotFoundError(f"{name} is not built: run `swift build`, or set {variable} to its path")


def the_gateway():
    """The path of the gateway."""
    return program("fennec-gateway", "FENNEC_GATEWAY")


def run(*arguments, stdin="", timeout=40):
    """Runs `fennec-gateway` with these arguments to its end; the completed process, with its output as text."""
    return subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        input=stdin,
    )


class Program:
    """A child process whose output is collected line by line."""

    def __init__(self, arguments, **options):
        self.arguments = [str(argument) for argument in arguments]
        self.stdout, self.stderr = [], []
        self.process = subprocess.Popen(
            self.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )
        self._readers = [
            threading.Thread(target=self._collect, args=(self.process.stdout, self.stdout), daemon=True),
            threading.Thread(target=self._collect, args=(self.process.stderr, self.stderr), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _collect(stream, lines):
        for line in stream:
            lines.append(line.decode(errors="replace").rstrip("\n"))

    @property
    def pid(self):
        return self.process.pid

    @property
    def output(self):
        """Everything that it printed so far, on both streams."""
        return "\n".join(self.stdout + self.stderr)

    def objects(self, lines):
        """The lines that are JSON objects."""
        found = []
        for line in list(lines):
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                found.append(value)
        return found

    def alive(self):
        return self.process.poll() is None

    def expect(self, find, what, timeout=10):
        """Waits for `find()`; fails at once, with the output, when the program ends before."""

        def look():
            return find() or not self.alive() and (find() or "ended")

        found = eventually(look, lambda: f"{what}; output:\n{self.output}", timeout)
        assert found != "ended", f"ended with {self.process.poll()} before {what}:\n{self.output}"
        return found

    def wait(self, timeout=10):
        """The exit status, with all output collected."""
        status = self.process.wait(timeout)
        for reader in self._readers:
            reader.join(5)
        return status

    def terminate(self, timeout=15):
        """SIGTERM, then the exit status."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def destroy(self):
        """Ends it, whatever it takes."""
        if self.alive():
            self.process.kill()
        self.wait()

    def resident_bytes(self):
        """VmRSS."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return int(re.search(r"^VmRSS:\s+(\d+) kB", status.read(), re.M).group(1)) * 1024


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path, timeout=10):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def listening_address(text):
    """(host, port), or the text of a unix socket."""
    if text.startswith("unix:"):
        return text
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Announced(Program):
    """A program that prints `{"listening":"ADDRESS"}` on its output once it listens."""

    def __init__(self, arguments, **options):
        super().__init__(arguments, **options)

        def find():
            return next((line["listening"] for line in self.objects(self.stdout) if "listening" in line), None)

        self.address = listening_address(self.expect(find, "it listens"))


class Simulator(Announced):
    """`fennec-gateway simulate` on a free port."""

    def __init__(self, *arguments):
        super().__init__(
            [program("fennec-gateway", "FENNEC_GATEWAY"), "simulate", "--listen", "127.0.0.1:0", *arguments]
        )
        self.base_url = "http://{}:{}/api/v1".format(*self.address)
        self.token_url = self.base_url + "/transcribe/streaming-token"
        self.stream_url = "ws://{}:{}/api/v1/transcribe/stream".format(*self.address)


class EchoServer(Announced):
    """`gateway-bench echo-server` on a free port."""

    def __init__(self, *arguments):
        super().__init__(
            [program("gateway-bench", "GATEWAY_BENCH"), "echo-server", "--listen", "127.0.0.1:0", *arguments]
        )


class EchoClient(Program):
    """`gateway-bench echo-client`, which connects to `url`."""

    def __init__(self, url):
        super().__init__([program("gateway-bench", "GATEWAY_BENCH"), "echo-client", url])


class Metrics:
    """One scrape, parsed."""

    SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
    LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                match = self.SAMPLE.match(line)
                assert match, f"no sample of the text exposition: {line!r}"
                labels = dict(self.LABEL.findall(match.group(2) or ""))
                self.samples.append((match.group(1), labels, float(match.group(3))))

    def sum(self, name, **labels):
        """The sum of all samples of this name that have these labels; 0 when there is none."""
        return sum(
            value for found, has, value in self.samples if found == name and labels.items() <= has.items()
        )

    def names(self):
        return {name for name, _, _ in self.samples}


class Gateway(Program):
    """`fennec-gateway serve` with a configuration of its own, ready when constructed.

    `hosts` are lines in the place of /etc/hosts, for this process alone; that takes root. `prefix` is what the program
    is started by, and becomes it; options are Popen's.
    """

    def __init__(self, directory, settings, environment=None, ready=True, hosts=None, prefix=(), program=None, **options):
        self.directory = pathlib.Path(directory)
        self.settings = settings
        self.config = self.directory / "gateway.yaml"
        self.config.write_text(to_yaml(settings))
        super().__init__(
            [
                *self._with_hosts(hosts),
                *prefix,
                program or the_gateway(),
                *("serve", "--config", self.config),
            ],
            env={**os.environ, **(environment or {})},
            **options,
        )
        self.listeners = {}
        try:
            for name in [listener["name"] for listener in settings["listeners"]] + ["admin"]:
                self.listeners[name] = self._find_listener(name)
            if ready:
                eventually(lambda: self.admin("/readyz")[0] == 200, "the gateway is ready")
        except BaseException:
            self.destroy()
            raise

    def _with_hosts(self, lines):
        if lines is None:
            return []
        file = self.directory / "hosts"
        file.write_text("".join(f"{line}\n" for line in lines))
        return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', file]

    def _find_listener(self, name):
        def find():
            for line in self.objects(self.stderr):
                if line.get("message") == "listening" and line.get("listener") == name:
                    return line["address"]
            return None

        return listening_address(self.expect(find, f"listener {name} is announced"))

    @property
    def address(self):
        """(host, port) of the public listener."""
        return self.listeners["public"]

    @property
    def base_url(self):
        return "http://{}:{}/api/v1".format(*self.address)

    @property
    def stream_url(self):
        return "ws://{}:{}/api/v1/transcribe/stream".format(*self.address)

    def client(self, **options):
        return RawClient(self.address, **options)

    def session(self, **options):
        """A client with an open session that heard `ready`."""
        return self.client().open_session(**options)

    def admin(self, path, method="GET", headers=()):
        """(status, body) of the admin surface."""
        address = self.listeners["admin"]
        is_unix = isinstance(address, str)
        connection = UnixConnection(address.removeprefix("unix:")) if is_unix else http.client.HTTPConnection(*address, timeout=10)
        try:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metrics(self):
        status, body = self.admin("/metrics")
        assert status == 200, body
        return Metrics(body)

    def reload(self, text=None, **changes):
        """Writes other settings, every keyword a whole section, or `text`; SIGHUP; returns how it came out."""
        self.settings = {**self.settings, **changes}
        self.config.write_text(text if text is not None else to_yaml(self.settings))
        return self.hang_up()

    def hang_up(self):
        """SIGHUP; returns how the reload came out once it is over."""
        before = self._reloads()
        self.process.send_signal(signal.SIGHUP)
        after = self.expect(lambda: (now := self._reloads()) != before and now, "it has reloaded")
        (outcome,) = [outcome for outcome in after if after[outcome] != before[outcome]]
        return outcome

    def _reloads(self):
        metrics = self.metrics()
        return {
            outcome: metrics.sum("fennec_gateway_config_reloads_total", outcome=outcome)
            for outcome in ("success", "failure")
        }

    def session_log_lines(self):
        """The usage records logged so far."""
        return [line for line in self.objects(self.stderr) if line.get("message") == "session ended"]

    def ended_session(self, code, timeout=10):
        """Waits for the one session that ended with this reason; returns its record, checked against the metrics."""

        def find():
            return [line for line in self.session_log_lines() if line.get("reason") == code]

        def state():
            reasons = [line.get("reason") for line in self.session_log_lines()]
            return f"a session ends with {code}; ended: {reasons}"

        (record,) = eventually(find, state, timeout)
        eventually(
            lambda: self.metrics().sum("fennec_gateway_session_closes_total", code=code) == 1,
            f"the end is counted under {code}",
        )
        return record


class Sdk:
    """The environment that the vendor's SDK lives in."""

    python = ROOT / ".venv-sdk/bin/python"
    clients = ROOT / "Tests/blackbox/clients"

    @classmethod
    def run(cls, script, *arguments, timeout=60):
        """Runs a client to its end: (exit status, the events it printed as JSON lines, its error output)."""
        assert cls.python.exists(), "run Tests/blackbox/setup.sh first"
        done = subprocess.run(
            [cls.python, "-W", "ignore", cls.clients / script, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr
