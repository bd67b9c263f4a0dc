"""SIGTERM: the last words are heard, nothing is cut before its limit."""

import json
import signal
import socket
import threading
import time

import pytest
from support.endings import check_error
from support.peer import Collector, Ended
from support.upstream import echo
from support.waiting import eventually

SESSIONS = 20


def terminate(gateway):
    gateway.process.send_signal(signal.SIGTERM)


def refuses_connections(gateway):
    try:
        socket.create_connection(gateway.address, timeout=1).close()
    except OSError:
        return True
    return False


@pytest.mark.timeout(120)
def test_twenty_live_sessions_get_their_last_finals_and_1012(make_gateway, upstream):
    released = threading.Event()
    at_eos = threading.Semaphore(0)

    def hold_the_last_words(conn):
        conn.begin()
        conn.take_until_eos()
        at_eos.release()
        released.wait(30)
        conn.final(f"last words after {len(conn.audio)} bytes")
        conn.finish()

    upstream.stream = hold_the_last_words
    gateway = make_gateway(upstream, sessions={"drain_timeout": "20s"})
    clients = [gateway.session() for _ in range(SESSIONS)]
    for number, client in enumerate(clients):
        client.send_audio(bytes(100 * number))
    expected = sorted(100 * number for number in range(SESSIONS))
    eventually(lambda: sorted(len(c.audio) for c in upstream.streams) == expected, "all audio is through")
    readers = [Collector(client) for client in clients]

    terminate(gateway)
    for _ in range(SESSIONS):
        assert at_eos.acquire(timeout=10), "an upstream did not get eos"
    eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
    assert not any(reader.ended.is_set() for reader in readers), "a session was cut before its drain limit"
    released.set()

    for number, reader in enumerate(readers):
        assert reader.ended.wait(10), "a session did not end"
        assert reader.close_code == 1012
        final, error = map(json.loads, reader.texts)
        assert final["text"] == f"last words after {100 * number} bytes"
        check_error(error, "restart")
    assert gateway.wait(10) == 0
    records = gateway.session_log_lines()
    assert len(records) == SESSIONS
    assert {(record["reason"], record["close_code"]) for record in records} == {("restart", 1012)}
    assert sorted(record["audio_bytes"] for record in records) == expected


def test_while_it_drains_it_lives_and_is_not_ready(make_gateway, upstream):
    at_eos, released = threading.Event(), threading.Event()

    def hold_the_last_words(conn):
        conn.begin()
        conn.take_until_eos()
        at_eos.set()
        released.wait(30)
        conn.finish()

    upstream.stream = hold_the_last_words
    gateway = make_gateway(upstream, sessions={"drain_timeout": "20s"})
    with gateway.session() as client:
        assert gateway.admin("/livez") == gateway.admin("/readyz") == (200, "ok\n")
        terminate(gateway)
        assert at_eos.wait(10)
        assert gateway.admin("/livez") == (200, "ok\n")
        assert gateway.admin("/readyz") == (503, "draining\n")
        assert gateway.admin("/readyz?verbose")[1].startswith("failed draining: the gateway stops\n")
        assert gateway.metrics().sum("fennec_gateway_sessions_active") == 1
        released.set()
        assert client.take_ending()[1].code == 1012
    assert gateway.wait(10) == 0


def test_an_upstream_that_never_finishes_is_cut_at_the_drain_limit(make_gateway, upstream):
    def never_finish(conn):
        conn.begin()
        conn.take_until_eos()
        conn.wait_for_end()

    upstream.stream = never_finish
    gateway = make_gateway(upstream, sessions={"drain_timeout": "2s"})
    with gateway.session() as client:
        begun = time.monotonic()
        terminate(gateway)
        error, closed = client.take_ending(15)
        assert time.monotonic() - begun >= 2, "it was cut before its limit"
        assert (closed.code, closed.reason) == (1012, "restart")
        check_error(error, "restart")
    assert gateway.wait(10) == 0


def test_a_session_before_start_ends_with_1012_at_once(gateway):
    with gateway.client().upgrade() as client:
        terminate(gateway)
        error, closed = client.take_ending()
        assert closed.code == 1012
        check_error(error, "restart")
    assert gateway.wait(10) == 0


def test_a_session_whose_client_already_said_eos_ends_as_it_would_have(make_gateway, upstream):
    released, at_eos = threading.Event(), threading.Event()

    def hold(conn):
        conn.begin()
        conn.take_until_eos()
        at_eos.set()
        released.wait(20)
        conn.final("the end")
        conn.finish()

    upstream.stream = hold
    gateway = make_gateway(upstream)
    with gateway.session() as client:
        client.send_eos()
        assert at_eos.wait(10)
        terminate(gateway)
        eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
        released.set()
        assert client.take_json()["text"] == "the end"
        assert client.take_close().code in (1000, 1012)
    conn = upstream.next_stream()
    assert conn.eos_count == 1
    assert gateway.wait(10) == 0


def test_early_audio_is_not_lost_to_a_restart(make_gateway, upstream):
    released, started = threading.Event(), threading.Event()

    def late(conn):
        conn.accept()
        conn.take_start()
        started.set()
        released.wait(20)
        conn.send_text('{"type":"ready"}')
        conn.take_until_eos()
        conn.final(f"heard {len(conn.audio)} bytes")
        conn.finish()

    upstream.stream = late
    gateway = make_gateway(upstream)
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start", "sample_rate": 16000, "channels": 1})
        client.send_audio(bytes(6400))
        assert started.wait(10)
        terminate(gateway)
        eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
        released.set()
        error, closed = client.take_ending()
        assert closed.code == 1012
        assert b'"heard 6400 bytes"' in client.texts[-2]
        check_error(error, "restart")
    assert gateway.wait(10) == 0


def test_an_idle_gateway_stops_at_once(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, sessions={"drain_timeout": "10m"})
    with gateway.client() as idle:
        assert idle.request("GET", "/nowhere").status == 404
        assert gateway.terminate(30) == 0, "it waits for nobody"
        try:
            idle.expect_end()
        except Ended:
            pass


def test_readiness_goes_and_a_waiting_connection_is_told_to_come_back(make_gateway, upstream):
    asked, released = threading.Event(), threading.Event()

    def hold(conn):
        conn.begin()
        conn.take_until_eos()
        asked.set()
        released.wait(20)
        conn.finish()

    upstream.stream = hold
    gateway = make_gateway(upstream)
    with gateway.session() as client, gateway.client() as waiting:
        assert waiting.request("GET", "/nowhere").status == 404
        terminate(gateway)
        eventually(lambda: gateway.admin("/readyz")[0] == 503, "readiness goes")
        assert gateway.admin("/livez")[0] == 200
        # Until the sessions are asked to end, new ones are served.
        assert asked.wait(10)
        try:
            answer = waiting.try_upgrade()
        except Ended:
            pass  # to be hung up on is an answer, too
        else:
            assert answer.status == 503 and answer.problem()["code"] == "draining"
            assert int(answer.header("retry-after")) > 0
        released.set()
        assert client.take_close().code == 1012
    assert gateway.wait(10) == 0


# Before the sessions are asked to end


def test_in_the_lead_readiness_is_gone_and_new_sessions_are_served(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, sessions={"drain_lead": "3s", "drain_max": "0s"})
    begun = time.monotonic()
    terminate(gateway)
    eventually(lambda: gateway.admin("/readyz")[0] == 503, "readiness goes")
    with gateway.session() as client:
        client.send_audio(bytes(2))
        assert client.take_json()["text"] == "heard 2 bytes"
        error, closed = client.take_ending(15)
        assert closed.code == 1012
        check_error(error, "restart")
    assert time.monotonic() - begun >= 3
    assert gateway.wait(10) == 0


def test_sessions_are_undisturbed_until_drain_max_though_nobody_is_accepted(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, sessions={"drain_max": "3s"})
    with gateway.session() as client:
        begun = time.monotonic()
        terminate(gateway)
        eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
        client.send_audio(bytes(2))
        assert client.take_json()["text"] == "heard 2 bytes"
        error, closed = client.take_ending(15)
        assert time.monotonic() - begun >= 3, "it was asked to end before its time"
        assert closed.code == 1012
        assert json.loads(client.texts[-2])["text"] == "the last words"
        check_error(error, "restart")
    assert gateway.wait(10) == 0


def test_a_stop_ends_with_its_last_session_not_with_drain_max(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, sessions={"drain_max": "10m"})
    with gateway.session() as client:
        terminate(gateway)
        eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
        client.send_eos()
        assert client.take_close().code == 1000
    assert gateway.wait(30) == 0


def test_connections_that_came_just_before_the_stop_are_answered(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream, sessions={"drain_max": "10m"})
    with gateway.client() as early:
        # Accepted, for the answer to the second connection came after it.
        with gateway.client() as other:
            assert other.request("GET", "/nowhere").status == 404
        terminate(gateway)
        eventually(lambda: refuses_connections(gateway), "no more connections are accepted")
        early.open_session()
        early.send_eos()
        assert early.take_close().code == 1000
    assert gateway.wait(30) == 0


def test_the_clients_of_a_restart_are_told_to_come_back_at_different_times(make_gateway, upstream):
    upstream.stream = echo
    gateway = make_gateway(upstream)
    clients = [gateway.session() for _ in range(30)]
    terminate(gateway)
    waits = sorted(client.take_ending(15)[0]["retry_after_ms"] for client in clients)
    for client in clients:
        client.hang_up()
    assert waits[0] >= 200 and waits[-1] <= 2000
    assert waits[-1] - waits[0] > 500 and len(set(waits)) > 15, waits
    assert gateway.wait(10) == 0
