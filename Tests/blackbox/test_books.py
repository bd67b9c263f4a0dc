"""The books balance: ledger, log, metrics and what the upstream got are the same bytes, whatever ends the sessions."""

import json
import os
import random
import signal
import sqlite3
import threading
import time

from support.frames import TEXT
from support.upstream import echo
from support.waiting import eventually

# How often the gateway is killed; more for a long look: FENNEC_KILLS=30.
KILLS = int(os.environ.get("FENNEC_KILLS", "4"))
POLICIES = {"dictation": {}, "strict": {"vad": {"threshold": {"min": 0.3, "max": 0.8, "default": 0.45}}}}


def query(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as ledger:
        return ledger.execute(sql).fetchall()


class Counting:
    """An upstream's script that counts what audio arrives, and when."""

    def __init__(self):
        self.lock = threading.Lock()
        self.total = 0
        self.arrivals = {}

    def __call__(self, connection):
        connection.begin()
        key = None
        while True:
            opcode, payload = connection.take_message(600)
            if opcode == TEXT:
                if json.loads(payload).get("type") == "eos":
                    break
                continue
            # The first bytes of a chunk name the session that it belongs to.
            key = key or payload[:8]
            with self.lock:
                self.total += len(payload)
                self.arrivals.setdefault(key, []).append((time.monotonic(), len(payload)))
        connection.final("one two")
        connection.finish()


def test_two_hundred_sessions_balance_to_the_byte(make_gateway, upstream, tmp_path):
    counting = Counting()

    def script(connection):
        try:
            counting(connection)
        except (OSError, EOFError):
            pass
        except Exception as error:  # the client left, and the gateway closed
            if type(error).__name__ not in ("Ended", "AssertionError"):
                raise

    upstream.stream = script
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
    chance = random.Random(30)
    known = 0
    worst = 0.0
    for round_number in range(KILLS + 1):
        gateway = make_gateway(upstream, usage={"ledger": str(ledger)})
        lost = query(ledger, "SELECT session, audio_bytes, reason FROM sessions WHERE state = 'lost'")
        assert len(lost) == known, "every session of the killed gateway is closed as lost, once"
        assert query(ledger, "SELECT count(*) FROM sessions WHERE state = 'open'") == [(0,)]
        assert query(ledger, "SELECT total(sessions), total(audio_bytes) FROM days") == query(
            ledger, "SELECT count(*), total(audio_bytes) FROM sessions"
        )
        if round_number == KILLS:
            break
        counting = Counting()

        def script(connection, counting=counting):
            try:
                counting(connection)
            except Exception as error:
                if type(error).__name__ not in ("Ended", "AssertionError", "ConnectionResetError"):
                    raise

        upstream.stream = script
        clients = [gateway.session() for _ in range(3)]
        keys = [index.to_bytes(8, "big") for index in range(3)]
        before = {session for session, _, _ in lost}
        end = time.monotonic() + 0.9 + 2 * chance.random()
        while time.monotonic() < end:
            for client, key in zip(clients, keys):
                client.send_audio(key + bytes(3192))
            time.sleep(0.05)
        gateway.process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        gateway.wait()
        gateway.process.returncode = 0
        rows = [
            (session, audio)
            for session, audio in query(ledger, "SELECT session, audio_bytes FROM sessions WHERE state = 'open'")
            if session not in before
        ]
        assert len(rows) == 3, "each session had a row"
        # Rows and connections are matched by their order of size; all three sessions are sent the same.
        totals = sorted(sum(size for _, size in arrivals) for arrivals in counting.arrivals.values())
        for (_, audio), total, arrivals in zip(sorted(rows, key=lambda row: row[1]), totals, counting.arrivals.values()):
            seen = 0
            for at, size in arrivals:
                seen += size
                if seen > audio:
                    worst = max(worst, killed - at)
                    break
            assert audio <= total + 64 * 3200
        known += 3
    print(f"at most {worst:.3f} s of a session were missing")
    # The promise is a second; a loaded machine may delay the test's own observations.
    assert worst < 1.5


def test_hundreds_of_clients_make_no_new_series(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, access=[{"name": "web", "match": {"origin": ["https://*.example.com"]}}])
    before = {(name, tuple(labels.items())) for name, labels, _ in gateway.metrics().samples}
    for number in range(300):
        with gateway.client() as client:
            client.request("GET", "/gateway/policy", [("Origin", f"https://client{number}.example.com")])
    assert {(name, tuple(labels.items())) for name, labels, _ in gateway.metrics().samples} == before
