"""Budgets through kills: never more than there is, and the ledger knows what went on."""

import json
import random
import signal
import sqlite3
import threading
import time

import pytest
from support.client import STREAM
from support.devices import Devices
from support.frames import TEXT
from support.peer import Ended
from support.programs import Gateway
from support.settings import settings
from support.upstream import echo
from support.waiting import eventually

SECOND = 32_000
# Of so much a slice is never less than five seconds.
BUDGET = 1000
DAY = {"per_client": {"audio_seconds_per_day": BUDGET}}


def query(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as ledger:
        return ledger.execute(sql).fetchall()


def slay(gateway):
    """SIGKILL, which a test's end takes for an end in order."""
    gateway.process.send_signal(signal.SIGKILL)
    gateway.wait()
    gateway.process.returncode = 0


def on_loopback(tmp_path, limits, **more):
    return {
        "access": [{"name": "local", "match": {"address": ["loopback"]}, "limits": "tight"}],
        "limits": {"tight": limits},
        "state_directory": str(tmp_path / "state"),
        "usage": {"ledger": str(tmp_path / "usage.sqlite")},
        **more,
    }


def drink(gateway, upstream):
    """Bytes that still go on before the budget is used up, the last of them a tenth of a second at a time."""
    with gateway.session() as client:
        for size in [SECOND] * (BUDGET - 10) + [SECOND // 10] * 200:
            client.send_audio(bytes(size))
        assert client.take_ending(timeout=20)[0]["code"] == "quota_exhausted"
    conn = upstream.next_stream()
    assert conn.ended.wait(10)
    return len(conn.audio)


@pytest.mark.parametrize(
    ("sent", "spent"),
    [
        # What a session has sent when the gateway is killed, and what the budget counts of it afterwards: the figure
        # that was written down last, and a second.
        ([], 0),
        ([SECOND // 10], 1.1),
        ([SECOND // 10] * 11, 1.1),
        ([SECOND // 10] * 12, 2.2),
        ([3 * SECOND], 4),
        ([5 * SECOND], 5),
    ],
)
def test_a_kill_costs_a_session_the_last_figure_and_a_second(make_gateway, make_upstream, tmp_path, sent, spent):
    upstream = make_upstream(stream=echo)
    gateway = make_gateway(upstream, **on_loopback(tmp_path, DAY))
    client = gateway.session()
    for size in sent:
        client.send_audio(bytes(size))
        client.take_json()
    slay(gateway)
    client.hang_up()
    assert len(upstream.next_stream().audio) == sum(sent)
    again = make_gateway(upstream, **on_loopback(tmp_path, DAY))
    rest = drink(again, upstream)
    assert rest == round((BUDGET - spent) * SECOND)
    assert sum(sent) + rest <= BUDGET * SECOND
    if sent:
        ((state, forwarded),) = query(
            tmp_path / "usage.sqlite", "SELECT state, forwarded_bytes FROM sessions WHERE reason = 'lost'"
        )
        assert state == "lost" and sum(sent) - SECOND <= forwarded <= sum(sent)


def test_audio_that_waits_for_the_service_is_not_spent_by_a_kill(make_gateway, make_upstream, tmp_path):
    def never_ready(conn):
        conn.accept()
        conn.wait_for_end()

    upstream = make_upstream(stream=never_ready)
    gateway = make_gateway(upstream, **on_loopback(tmp_path, DAY))
    client = gateway.client().upgrade()
    client.send_json({"type": "start", "sample_rate": 16000, "channels": 1})
    client.send_audio(bytes(6 * SECOND))
    journal = tmp_path / "state" / "admission.journal"
    eventually(lambda: b"passed" in journal.read_bytes(), "the audio is reserved")
    slay(gateway)
    client.hang_up()
    upstream.next_stream()
    upstream.stream = echo
    assert drink(make_gateway(upstream, **on_loopback(tmp_path, DAY)), upstream) == BUDGET * SECOND


class Ears:
    """An upstream's script that counts what every session sent; the first bytes of its audio name it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.heard = {}

    @property
    def total(self):
        with self.lock:
            return sum(self.heard.values())

    def __call__(self, conn):
        conn.begin()
        name = None
        while True:
            opcode, payload = conn.take_message(600)
            if opcode == TEXT:
                if json.loads(payload).get("type") == "eos":
                    break
                continue
            name = name or payload[:8]
            with self.lock:
                self.heard[name] = self.heard.get(name, 0) + len(payload)
        conn.finish()


class Speaker(threading.Thread):
    """A client that connects, sends and drops out at random, for ever."""

    def __init__(self, world, number):
        super().__init__(daemon=True)
        self.world, self.random = world, random.Random(number)

    def run(self):
        while not self.world.over.is_set():
            try:
                self.speak()
            except (OSError, AssertionError, Ended, TimeoutError):
                self.world.over.wait(0.05)

    def speak(self):
        name = self.random.randbytes(8)
        with self.world.gateway.client(timeout=5) as client:
            client.open_session(headers=[("X-API-Key", self.world.token)])
            for _ in range(self.random.randint(1, 60)):
                if self.world.over.is_set():
                    return
                client.send_audio(name + bytes(self.random.choice([640, 3200, 6400]) - 8))
                self.world.over.wait(0.01)
            if self.random.random() < 0.5:
                client.send_eos()
                client.take_close()


class World:
    """A gateway that is killed and started again while fifty sessions of one device race for its budget."""

    def __init__(self, directory, upstream, devices):
        self.ledger = devices.directory / "usage.sqlite"
        limits = {
            "per_client": {"audio_seconds_per_day": 100},
            "session": {"max_realtime_factor": 20, "realtime_burst": "30s"},
        }
        self.directory = directory
        self.settings = settings(
            *(directory, upstream.token_url, upstream.stream_url),
            access=[{"name": "kiosks", "match": {"device": "*"}, "limits": "tight"}],
            limits={"tight": limits},
            usage={"ledger": str(self.ledger)},
        ) | {"state_directory": str(devices.directory)}
        self.over = threading.Event()
        self.gateway = Gateway(directory, self.settings)

    def restart(self):
        self.gateway.process.send_signal(signal.SIGKILL)
        self.gateway.wait()
        self.gateway = Gateway(self.directory, self.settings)

    def is_spent(self):
        try:
            with self.gateway.client() as client:
                answer = client.try_upgrade(STREAM, [("X-API-Key", self.token)])
                return answer.status == 429 and answer.problem()["code"] == "quota_exhausted"
        except OSError:
            return False


def test_fifty_sessions_and_two_kills_never_use_more_than_there_is(make_upstream, tmp_path):
    ears = Ears()
    upstream = make_upstream(stream=ears)
    devices = Devices(tmp_path / "state")
    (tmp_path / "gateway").mkdir()
    world = World(tmp_path / "gateway", upstream, devices)
    try:
        world.token = devices.add("kiosk")
        speakers = [Speaker(world, number) for number in range(50)]
        for speaker in speakers:
            speaker.start()
        for share in (25, 50):
            eventually(lambda: ears.total > share * SECOND, lambda: f"some audio passes, {ears.total}", timeout=60)
            world.restart()
        eventually(world.is_spent, lambda: f"the budget is used up, {ears.total}", timeout=90, interval=0.5)
        world.over.set()
        for speaker in speakers:
            speaker.join(10)
        assert world.gateway.terminate() == 0
    finally:
        world.over.set()
        world.gateway.destroy()
    last = time.monotonic() + 5
    eventually(lambda: all(conn.ended.is_set() for conn in upstream.streams) or time.monotonic() > last, "all is heard")
    heard = ears.total
    assert 50 * SECOND < heard <= 100 * SECOND
    ((open_, lost, forwarded, of_lost),) = query(
        world.ledger,
        "SELECT sum(state = 'open'), sum(state = 'lost'), sum(forwarded_bytes),"
        " sum(forwarded_bytes * (state = 'lost')) FROM sessions",
    )
    print(f"heard {heard}, ledger {forwarded}, {of_lost} of them of {lost} sessions that were cut off")
    assert open_ == 0
    # Sessions that ended in order agree to the byte; those that a kill cut off are known to a second of audio.
    assert abs(heard - forwarded) <= lost * SECOND
    assert query(world.ledger, "SELECT sum(forwarded_bytes) FROM days") == [(forwarded,)]
