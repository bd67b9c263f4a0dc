"""The books balance: ledger, log, metrics and what the upstream got are the same bytes, whatever ends the sessions."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import threading
import time

import pytest
from support.client import START, STREAM
from support.frames import TEXT
from support.peer import Closed, Ended
from support.upstream import echo
from support.waiting import eventually

# How often the gateway is killed; more for a long look: FENNEC_KILLS=30.
KILLS = int(os.environ.get("FENNEC_KILLS", "4"))
# Bytes of a second of audio as the sessions here declare it.
RATE = 32_000
POLICIES = {"dictation": {}, "strict": {"vad": {"threshold": {"min": 0.3, "max": 0.8, "default": 0.45}}}}


def query(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as ledger:
        return ledger.execute(sql).fetchall()


class Counting:
    """An upstream's script that counts what audio arrives. The first bytes of each chunk say whose it is."""

    def __init__(self):
        self.lock = threading.Lock()
        self.totals = {}
        self.ended = 0

    @property
    def total(self):
        with self.lock:
            return sum(self.totals.values())

    def __call__(self, connection):
        """Listens until the end, whatever it is."""
        try:
            self.listen(connection)
        except (Ended, Closed):
            pass
        finally:
            with self.lock:
                self.ended += 1

    def listen(self, connection):
        connection.begin()
        while True:
            opcode, payload = connection.take_message(600)
            if opcode == TEXT:
                if json.loads(payload).get("type") == "eos":
                    break
                continue
            key = int.from_bytes(payload[:8], "big")
            with self.lock:
                self.totals[key] = self.totals.get(key, 0) + len(payload)
        connection.final("one two")
        connection.finish()


def speak_in_real_time(gateway, upstream, policies, seconds):
    """One session under each policy sends so many seconds of audio as fast as it is spoken, and is left open."""
    upstream.stream = counting = Counting()
    clients = [gateway.client().open_session(target=f"{STREAM}?policy={policy}") for policy in policies]
    begun = time.monotonic()
    sent = 0
    while sent < seconds * RATE:
        for index, client in enumerate(clients):
            client.send_audio(index.to_bytes(8, "big") + bytes(1592))
        sent += 1600
        time.sleep(max(0, begun + sent / RATE - time.monotonic()))
    return counting


def test_two_hundred_sessions_balance_to_the_byte(make_gateway, upstream, tmp_path):
    upstream.stream = counting = Counting()
    ledger = tmp_path / "usage.sqlite"
    gateway = make_gateway(
        upstream,
        usage={"ledger": str(ledger)},
        policies=POLICIES,
        access=[{"name": "local", "match": {"address": ["loopback"]}, "policies": ["dictation", "strict"]}],
    )
    chance = random.Random(6)
    sent = []
    lock = threading.Lock()

    def speak(seed):
        chance = random.Random(seed)
        policy = chance.choice(["dictation", "strict"])
        client = gateway.client().open_session(target=f"/api/v1/transcribe/stream?policy={policy}")
        total = 0
        for _ in range(chance.randrange(1, 30)):
            size = 2 * chance.randrange(4, 3000)
            client.send_audio(bytes(size))
            total += size
        ending = chance.choice(["eos", "eos", "close", "abandon"])
        if ending == "eos":
            client.send_eos()
            client.take_ending()
        elif ending == "close":
            client.send_close(1000)
            client.take_close()
        else:
            # What is still in the client's socket may never arrive, so nothing is known of these but an upper bound.
            client.abandon()
        with lock:
            sent.append((ending, total))

    for _ in range(25):
        threads = [threading.Thread(target=speak, args=(chance.random(),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(sent) == 200
    eventually(lambda: len(gateway.session_log_lines()) == 200, "all sessions have ended", timeout=30)
    closed = "SELECT count(*) FROM sessions WHERE state = 'closed'"
    eventually(lambda: query(ledger, closed) == [(200,)], "all are in the ledger", timeout=30)

    logged = gateway.session_log_lines()
    ((audio, forwarded, seconds),) = query(
        ledger, "SELECT sum(audio_bytes), sum(forwarded_bytes), sum(audio_seconds) FROM sessions"
    )
    assert query(ledger, "SELECT sum(sessions), sum(audio_bytes), sum(forwarded_bytes) FROM days") == [
        (200, audio, forwarded)
    ]
    assert sum(line["audio_bytes"] for line in logged) == audio
    assert sum(line["forwarded_bytes"] for line in logged) == forwarded
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_audio_bytes_total") == audio
    assert abs(metrics.sum("fennec_gateway_audio_seconds_total") - seconds) < 0.2
    assert metrics.sum("fennec_gateway_sessions_active") == 0
    eventually(lambda: counting.total == forwarded, lambda: f"{counting.total} arrived of {forwarded}", timeout=10)
    known = sum(total for ending, total in sent if ending != "abandon")
    assert known <= audio <= sum(total for _, total in sent)
    assert {policy for (policy,) in query(ledger, "SELECT DISTINCT policy FROM sessions")} == {"dictation", "strict"}


def test_a_kill_at_any_moment_costs_a_second_at_most_and_counts_nothing_twice(make_gateway, upstream, tmp_path):
    ledger = tmp_path / "usage.sqlite"
    names = [f"speaker{index}" for index in range(3)]
    chance = random.Random(30)
    known = 0
    worst = 0
    for round_number in range(KILLS + 1):
        gateway = make_gateway(
            upstream,
            usage={"ledger": str(ledger)},
            policies={name: {} for name in names},
            access=[{"name": "local", "match": {"address": ["loopback"]}, "policies": names}],
        )
        lost = query(ledger, "SELECT session FROM sessions WHERE state = 'lost'")
        assert len(lost) == known, "every session of the killed gateway is closed as lost, once"
        assert query(ledger, "SELECT count(*) FROM sessions WHERE state = 'open'") == [(0,)]
        assert query(ledger, "SELECT total(sessions), total(audio_bytes) FROM days") == query(
            ledger, "SELECT count(*), total(audio_bytes) FROM sessions"
        )
        if round_number == KILLS:
            break
        speakers = speak_in_real_time(gateway, upstream, names, 0.9 + 2 * chance.random())
        gateway.process.send_signal(signal.SIGKILL)
        gateway.wait()
        gateway.process.returncode = 0
        eventually(lambda: speakers.ended == len(names), "all that was on its way has arrived")
        rows = dict(query(ledger, "SELECT policy, audio_bytes FROM sessions WHERE state = 'open'"))
        assert rows.keys() == set(names), "each session had a row"
        for index, name in enumerate(names):
            worst = max(worst, speakers.totals[index] - rows[name])
        known += len(names)
    print(f"at most {worst / RATE:.3f} s of audio of a session were missing")
    assert worst <= RATE


def names(metrics):
    return {(name, tuple(labels.items())) for name, labels, _ in metrics.samples}


@pytest.mark.timeout(240)
def test_ten_thousand_clients_make_no_new_series_and_no_longer_scrape(make_gateway, upstream):
    """Each comes from an address and an origin of its own; every hundredth opens a session and stays."""
    upstream.stream = echo
    listener = {"name": "public", "address": "127.0.0.1:0"}
    gateway = make_gateway(
        upstream,
        listeners=[{**listener, "client_address": "x-forwarded-for", "trusted_proxies": ["127.0.0.1"]}],
        access=[{"name": "web", "match": {"origin": ["https://*.example.com"]}}],
        sessions={"max": 200},
    )
    before = gateway.metrics()
    with gateway.client() as client, contextlib.ExitStack() as sessions:
        for number in range(10_000):
            headers = [
                ("Origin", f"https://client{number}.example.com"),
                ("X-Forwarded-For", f"198.18.{number // 256}.{number % 256}"),
            ]
            assert client.request("GET", "/gateway/policy", headers).status == 200
            if number % 100 == 0:
                sessions.enter_context(gateway.client().upgrade(headers=headers)).send_json(START)
        eventually(
            lambda: gateway.metrics().sum("fennec_gateway_time_to_ready_seconds_count") == 100, "all of them are ready"
        )
        after = gateway.metrics()
    assert after.sum("fennec_gateway_sessions_active") == 100
    assert names(after) == names(before)
    # What grew are digits alone.
    assert len(after.text) - len(before.text) < 2 * len(names(before))
