"""Every deadline of a session, reached."""

import contextlib
import time

import pytest
from support.client import START
from support.endings import check_error, check_record, expect_ending, neighbour
from support.peer import Closed, Collector, Ended
from support.upstream import echo


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def mute(conn):
    """Never says ready."""
    conn.accept()
    conn.take_start()
    conn.take_until_eos()
    conn.finish()


def test_a_client_that_never_starts_is_ended(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"start_timeout": "700ms"})
    with neighbour(gateway, upstream):
        begun = time.monotonic()
        with gateway.client().upgrade() as client:
            record = expect_ending(client, gateway, "start_timeout")
        assert time.monotonic() - begun >= 0.7, "the client had less time than it was promised"
        assert record["ended_by"] == "gateway"


def test_an_upstream_that_never_says_ready_ends_the_session(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ready_timeout": "700ms"})
    upstream.stream = mute
    with neighbour(gateway, upstream), gateway.client().upgrade() as client:
        client.send_json(START)
        client.send_audio(bytes(640))
        expect_ending(client, gateway, "upstream_timeout")
        assert upstream.next_stream().ended.wait(10)


def test_early_audio_beyond_its_bound_waits_and_the_ready_deadline_ends_the_session(make_gateway, upstream):
    bounds = {"seconds": 1, "bytes": "32KiB"}
    gateway = make_gateway(upstream, sessions={"ready_timeout": "1s", "early_audio": bounds})
    upstream.stream = mute
    with neighbour(gateway, upstream), gateway.client().upgrade() as client:
        client.send_json(START)
        for _ in range(100):
            client.send_audio(bytes(3200))
        expect_ending(client, gateway, "upstream_timeout")


def test_a_missing_ready_can_be_made_up_for(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ready_timeout": "500ms", "missing_ready": "proceed"})
    upstream.stream = mute
    with gateway.client().upgrade() as client:
        client.send_json(START)
        client.send_audio(b"early audio.")
        assert client.take_json() == {"type": "ready"}
        client.send_audio(b"later audio")
        client.send_eos()
        assert client.take_ending()[1].code == 1000
        conn = upstream.next_stream()
        assert conn.ended.wait(10)
        assert bytes(conn.audio) == b"early audio.later audio"


def test_a_transcript_counts_as_ready_for_nobody(make_gateway, upstream):
    def talk(conn):
        conn.accept()
        conn.take_start()
        conn.send_text('{"type":"debug"}')
        conn.wait_for_close()

    gateway = make_gateway(upstream, sessions={"ready_timeout": "700ms"})
    upstream.stream = talk
    with gateway.client().upgrade() as client:
        client.send_json(START)
        expect_ending(client, gateway, "upstream_timeout")


def test_a_session_without_audio_is_ended(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"idle_timeout": "1s"})
    with gateway.session() as client:
        client.send_audio(bytes(640))
        record = expect_ending(client, gateway, "idle_timeout")
        assert record["ended_by"] == "gateway"
        assert upstream.next_stream().ended.wait(10)


def test_audio_keeps_a_session_from_idling(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"idle_timeout": "1s"})
    with gateway.session() as client, gateway.session() as silent:
        beside = Collector(silent)
        while not beside.ended.wait(0.02):
            client.send_audio(bytes(640))
            assert client.take_json()["text"] == "heard 640 bytes"
        assert beside.close_code == 1008, "a session that began later has idled for too long"
        client.send_eos()
        assert client.take_ending()[1].code == 1000


def test_a_session_that_lasts_too_long_gets_its_last_words_and_is_ended(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max_duration": "1s"})
    with gateway.session() as client:
        client.send_audio(bytes(640))
        record = expect_ending(client, gateway, "session_too_long")
        assert b'"the last words"' in client.texts[-2], "the last final comes before the error"
        assert record["ended_by"] == "gateway"


def test_an_upstream_that_says_nothing_after_eos_ends_the_session(make_gateway, upstream):
    def forget(conn):
        conn.begin()
        conn.take_until_eos()
        conn.final("one final of two")
        conn.wait_for_close()

    gateway = make_gateway(upstream, sessions={"drain_timeout": "700ms"})
    upstream.stream = forget
    with neighbour(gateway, upstream), gateway.session() as client:
        client.send_eos()
        assert client.take_json()["text"] == "one final of two"
        error, closed = client.take_ending()
        assert (closed.code, closed.reason) == (1014, "upstream_timeout")
        check_error(error, "upstream_timeout")
        check_record(gateway, "upstream_timeout", 1014)


def test_finals_within_the_drain_limit_all_arrive(make_gateway, upstream):
    def think(conn):
        conn.begin()
        conn.take_until_eos()
        for number in range(5):
            conn.ended.wait(0.2)
            conn.final(f"final {number}")
        conn.finish()

    gateway = make_gateway(upstream, sessions={"drain_timeout": "5s"})
    upstream.stream = think
    with gateway.session() as client:
        client.send_eos()
        texts = [client.take_json()["text"] for _ in range(5)]
        assert texts == [f"final {number}" for number in range(5)]
        with pytest.raises(Closed) as closed:
            client.take_message()
        assert closed.value.code == 1000


def test_a_request_head_must_come_in_time(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"request_head_timeout": "700ms"})
    with neighbour(gateway, upstream):
        for beginning in (b"", b"GET /api/v1/transcribe/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
            with gateway.client() as client:
                client.send(beginning)
                rest = client.take_rest(5)
                assert rest == b"" or rest.startswith((b"HTTP/1.1 400", b"HTTP/1.1 408")), rest


def test_a_head_that_drips_in_is_cut_off_all_the_same(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"request_head_timeout": "700ms"})
    with gateway.client() as client:
        client.send(b"GET / HTTP/1.1\r\n")
        for dripped in range(300):
            if client.is_ended(timeout=0.1):
                break
            with contextlib.suppress(Ended):
                client.send(b"X")
        assert 2 < dripped < 299, "a byte now and then keeps the connection"
