"""Log entries as the journal gets them: datagrams of its native protocol, on a socket of the test's own."""

import array
import os
import pathlib
import shutil
import socket
import subprocess
import threading

import pytest
from support.client import RawClient
from support.programs import Program, program
from support.settings import settings, to_yaml
from support.upstream import echo
from support.waiting import eventually

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("unshare"), reason="a /run of one's own needs root and unshare"
)


def fields(datagram):
    """The fields of one entry (systemd's "Native Journal Protocol"): NAME=value lines, or a length and any bytes."""
    found = {}
    while datagram:
        line, datagram = datagram.split(b"\n", 1)
        if b"=" in line:
            name, value = line.split(b"=", 1)
        else:
            name, size = line, int.from_bytes(datagram[:8], "little")
            value, datagram = datagram[8 : 8 + size], datagram[8 + size + 1 :]
        assert name.decode() not in found, name
        found[name.decode()] = value.decode()
    return found


class Journal:
    """Receives entries at `directory`/socket; large ones come as a file descriptor."""

    def __init__(self, directory):
        self.entries = []
        self.by_descriptor = 0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(directory / "socket"))
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self):
        while True:
            data, ancillary, _, _ = self.socket.recvmsg(1 << 20, 64)
            for level, kind, payload in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    for descriptor in array.array("i", payload):
                        with os.fdopen(descriptor, "rb") as file:
                            file.seek(0)
                            data = file.read()
                            self.by_descriptor += 1
            self.entries.append(fields(data))

    def find(self, message):
        return next((entry for entry in self.entries if entry.get("MESSAGE") == message), None)


@pytest.fixture
def journal(tmp_path):
    (tmp_path / "journal").mkdir()
    return Journal(tmp_path / "journal")


@pytest.fixture
def serve(tmp_path, upstream, journal):
    """Serves with the journal's socket where the library looks for it, in a mount namespace of the gateway's own."""
    made = []

    def make(preload="", **changes):
        value = settings(
            tmp_path, upstream.token_url, upstream.stream_url, log={"level": "info", "format": "journald"}, **changes
        )
        config = tmp_path / "gateway.yaml"
        config.write_text(to_yaml(value))
        script = (
            "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal "
            f"&& mount --bind {tmp_path / 'journal'} /run/systemd/journal && exec \"$@\""
        )
        gateway = program("fennec-gateway", "FENNEC_GATEWAY")
        command = ["env", f"LD_PRELOAD={preload}", gateway, "serve", "--config", config]
        made.append(Program(["unshare", "-m", "sh", "-c", script, "sh", *command]))
        return made[-1]

    yield make
    for gateway in made:
        gateway.destroy()


def test_entries_have_fields_of_their_own(serve, journal, upstream):
    gateway = serve()
    eventually(lambda: journal.find("listening"), lambda: f"an entry comes: {gateway.output}")
    entry = journal.find("listening")
    assert entry["SYSLOG_IDENTIFIER"] == "fennec-gateway" and entry["PRIORITY"] == "5"
    assert entry["FENNEC_LISTENER"] == "public" and entry["FENNEC_ADDRESS"].startswith("127.0.0.1:")
    assert gateway.terminate() == 0
    assert gateway.stderr == [], "nothing goes past the journal"


def test_the_record_of_a_session_is_a_field_for_each_fact(serve, journal, upstream):
    upstream.stream = echo
    gateway = serve()
    eventually(lambda: journal.find("listening"), lambda: f"it listens: {gateway.output}")
    host, port = journal.find("listening")["FENNEC_ADDRESS"].rsplit(":", 1)
    with RawClient((host, int(port))).open_session() as client:
        client.send_audio(bytes(3200))
        client.send_eos()
        client.take_ending()
    entry = eventually(lambda: journal.find("session ended"), "the record comes")
    assert entry["PRIORITY"] == "6" and entry["FENNEC_AUDIO_BYTES"] == "3200"
    assert entry["FENNEC_REASON"] == "upstream_closed" and len(entry["FENNEC_SESSION"]) == 16
    assert "heard" not in str(journal.entries), "never what was said"


def test_kinds_of_entries_can_be_looked_for_by_their_ids(serve, journal, upstream):
    upstream.stream = echo
    gateway = serve()
    eventually(lambda: journal.find("listening"), lambda: f"it listens: {gateway.output}")
    host, port = journal.find("listening")["FENNEC_ADDRESS"].rsplit(":", 1)
    with RawClient((host, int(port))).open_session() as client:
        client.send_eos()
        client.take_ending()
    eventually(lambda: journal.find("session ended"), "the record comes")
    assert journal.find("session ended")["MESSAGE_ID"] == "d09ee27d3402448c840915d11876c3b9"
    assert journal.find("listening")["MESSAGE_ID"] == "211ae55ec25543aeb90afd5881a02077"


def test_an_entry_that_no_datagram_holds_comes_in_a_file(serve, journal, upstream, tmp_path):
    upstream.stream = echo
    library = tmp_path / "short_datagrams.so"
    source = pathlib.Path(__file__).parent / "clients/short_datagrams.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    gateway = serve(preload=library)
    eventually(lambda: journal.find("listening"), lambda: f"it listens: {gateway.output}")
    assert journal.by_descriptor == 0
    host, port = journal.find("listening")["FENNEC_ADDRESS"].rsplit(":", 1)
    with RawClient((host, int(port))).open_session() as client:
        client.send_audio(bytes(3200))
        client.send_eos()
        client.take_ending()
    entry = eventually(lambda: journal.find("session ended"), "the record comes")
    assert journal.by_descriptor == 1
    assert entry["FENNEC_AUDIO_BYTES"] == "3200" and entry["FENNEC_REASON"] == "upstream_closed"
    assert gateway.terminate() == 0
    assert gateway.stderr == [], "nothing goes past the journal"
