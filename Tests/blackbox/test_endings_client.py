"""How sessions end through what the client does."""

import contextlib
import json
import threading
import time

import pytest
from support.client import START, STREAM
from support.endings import check_record, expect_ending, neighbour
from support.frames import BINARY, CLOSE, CONTINUATION, PING, TEXT
from support.peer import Ended
from support.upstream import echo
from support.waiting import eventually


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def started(gateway):
    return gateway.session()


def only_opened(gateway):
    return gateway.client().upgrade()


def text(payload, **options):
    return lambda client: client.send_frame(TEXT, payload, **options)


def frames(*parts):
    """Several frames, each (opcode, payload, options)."""
    return lambda client: client.send(
        b"".join(client.frame(opcode, payload, **options) for opcode, payload, options in parts)
    )


def start_with(**changes):
    return text(json.dumps({**START, **changes}).encode())


BEFORE_START = {
    "eos before start": (text(b'{"type":"eos"}'), "start_expected"),
    "an unknown message before start": (text(b'{"type":"hello"}'), "start_expected"),
    "an object without a type": (text(b'{"sample_rate":16000}'), "start_expected"),
    "audio before start": (lambda client: client.send_audio(bytes(640)), "start_expected"),
    "a start with a sample rate that is text": (start_with(sample_rate="16000"), "policy_start_refused"),
    "a start with a vad that is a list": (start_with(vad=[]), "policy_start_refused"),
    "a start with a threshold that is text": (start_with(vad={"threshold": "high"}), "policy_start_refused"),
    "a start with a number for a flag": (start_with(single_utterance=1), "policy_start_refused"),
    "a start with a name twice": (
        text(b'{"type":"start","sample_rate":16000,"sample_rate":8000,"channels":1}'),
        "policy_start_refused",
    ),
    "a start with a name twice, once escaped": (
        text(rb'{"type":"start","channels":1,"vad":{"debug":true,"d\u0065bug":false}}'),
        "policy_start_refused",
    ),
    "a start in invalid UTF-8": (text(b'{"type":"start","context":"\xff"}'), "invalid_utf8"),
}

AFTER_START = {
    "a second start": (start_with(), "second_start"),
    "text that is no JSON": (text(b"eos"), "not_json"),
    "a truncated object": (text(b'{"type":"eos"'), "not_json"),
    "a trailing comma": (text(b'{"type":"eos",}'), "not_json"),
    "a byte order mark": (text(b'\xef\xbb\xbf{"type":"eos"}'), "not_json"),
    "a lone surrogate": (text(rb'{"type":"eos","x":"\ud800"}'), "not_json"),
    "a name twice": (text(b'{"type":"eos","type":"eos"}'), "not_json"),
    "an array": (text(b'["eos"]'), "not_json"),
    "a string": (text(b'"eos"'), "not_json"),
    "an empty text": (text(b""), "not_json"),
    "an object 17 deep": (text(b'{"type":"eos","x":' + b"[" * 16 + b"]" * 16 + b"}"), "not_json"),
    "an unknown message": (text(b'{"type":"hello"}'), "unknown_message"),
    "invalid UTF-8": (text(b'{"type":"\xc0\xaf"}'), "invalid_utf8"),
    "UTF-8 cut short": (text(b'{"type":"\xe2\x82'), "invalid_utf8"),
    "a surrogate in UTF-8": (text(b'{"type":"\xed\xa0\x80"}'), "invalid_utf8"),
    "invalid UTF-8 across fragments": (
        frames((TEXT, b'{"x":"\xe2\x82', {"fin": False}), (CONTINUATION, b'"}', {})),
        "invalid_utf8",
    ),
    "70 KiB of text": (text(b'{"type":"' + b"x" * (70 << 10) + b'"}'), "message_too_big"),
    "70 KiB of text in fragments": (
        frames((TEXT, b" " * (35 << 10), {"fin": False}), (CONTINUATION, b" " * (35 << 10), {})),
        "message_too_big",
    ),
    "an announced gigabyte of audio": (
        lambda client: client.send(client.frame(BINARY, b"", length=1 << 30)),
        "message_too_big",
    ),
    "an unmasked frame": (text(b'{"type":"eos"}', mask=None), "protocol_violation"),
    "an unmasked audio frame": (lambda client: client.send_frame(BINARY, b"ab", mask=None), "protocol_violation"),
    "a length of 64 bits with the highest set": (
        lambda client: client.send(client.frame(BINARY, b"", length=1 << 63)),
        "protocol_violation",
    ),
    "a length not in its shortest form": (
        lambda client: client.send_frame(BINARY, b"ab", length_bytes=2),
        "protocol_violation",
    ),
    "an oversized ping": (frames((PING, bytes(126), {})), "protocol_violation"),
    "a fragmented ping": (frames((PING, b"", {"fin": False})), "protocol_violation"),
    "a continuation of nothing": (frames((CONTINUATION, b"ab", {})), "protocol_violation"),
    "a message inside a message": (
        frames((BINARY, b"ab", {"fin": False}), (BINARY, b"cd", {})),
        "protocol_violation",
    ),
    "a close of one byte": (frames((CLOSE, b"\x03", {})), "protocol_violation"),
    "a close with an illegal code": (frames((CLOSE, b"\x03\xed", {})), "protocol_violation"),
    "a close with invalid UTF-8": (frames((CLOSE, b"\x03\xe8\xff", {})), "invalid_utf8"),
    **{
        f"reserved bit {bit}": (frames((BINARY, b"ab", {"rsv": bit})), "protocol_violation")
        for bit in (1, 2, 4)
    },
    **{
        f"reserved opcode {opcode}": (frames((opcode, b"", {})), "protocol_violation")
        for opcode in (3, 7, 11, 15)
    },
}


@pytest.mark.parametrize(("act", "code"), BEFORE_START.values(), ids=BEFORE_START.keys())
def test_a_wrong_first_message_ends_the_session(gateway, upstream, act, code):
    with neighbour(gateway, upstream), only_opened(gateway) as client:
        act(client)
        expect_ending(client, gateway, code)


@pytest.mark.parametrize(("act", "code"), AFTER_START.values(), ids=AFTER_START.keys())
def test_a_wrong_message_ends_the_session(gateway, upstream, act, code):
    with neighbour(gateway, upstream), started(gateway) as client:
        act(client)
        expect_ending(client, gateway, code)
        assert upstream.next_stream().ended.wait(10), "the upstream is left open"


def test_a_first_message_that_is_no_json_ends_the_session(gateway, upstream):
    with neighbour(gateway, upstream), only_opened(gateway) as client:
        client.send_text("start")
        error, closed = client.take_ending()
        assert (closed.code, closed.reason) in [(1003, "not_json"), (1008, "start_expected")]
        assert error["code"] == closed.reason
        check_record(gateway, closed.reason, closed.code)


def test_audio_above_the_bound_ends_the_session(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max_audio_message": "64KiB"})
    with neighbour(gateway, upstream), started(gateway) as client:
        client.send_audio(bytes(64 << 10))
        assert client.take_json()["text"] == "heard 65536 bytes"
        client.send_frame(BINARY, bytes(40 << 10), fin=False)
        client.send_frame(CONTINUATION, bytes((24 << 10) + 1))
        expect_ending(client, gateway, "message_too_big")


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999, None])
def test_a_client_that_closes_early_ends_its_session(gateway, upstream, code):
    with neighbour(gateway, upstream), started(gateway) as client:
        client.send_audio(bytes(640))
        client.send_close(code, "bye" if code else "")
        assert client.take_close(answer=False).code == code
        client.expect_end()
        assert upstream.next_stream().ended.wait(10), "the upstream is left open"
        record = gateway.ended_session("client_closed")
        assert (record["ended_by"], record["audio_bytes"]) == ("client", 640)
        assert record.get("close_code") in ((code,) if code else (None, 1005))


def test_a_client_that_closes_before_start_ends_its_session(gateway, upstream):
    with neighbour(gateway, upstream), only_opened(gateway) as client:
        client.send_close(1000)
        assert client.take_close(answer=False).code == 1000
        assert gateway.ended_session("client_closed")["ended_by"] == "client"


def lose_with_a_reset(client):
    client.abandon()


def lose_with_a_fin(client):
    client.hang_up()


@pytest.mark.parametrize("lose", [lose_with_a_reset, lose_with_a_fin])
@pytest.mark.parametrize("open_client", [started, only_opened])
def test_a_client_whose_connection_ends_is_lost(gateway, upstream, open_client, lose):
    with neighbour(gateway, upstream):
        client = open_client(gateway)
        lose(client)
        record = gateway.ended_session("client_lost")
        assert record["ended_by"] == "client"
        if open_client is started:
            assert upstream.next_stream().ended.wait(10), "the upstream is left open"


def test_a_client_that_vanishes_without_a_word_is_lost(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ping_interval": "400ms"})
    with neighbour(gateway, upstream):
        client = started(gateway)  # and from here on it neither reads nor writes
        assert gateway.ended_session("client_lost")["ended_by"] == "client"
        assert upstream.next_stream().ended.wait(10), "the upstream is left open"
        client.hang_up()


def test_a_client_that_only_answers_pings_is_not_lost(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ping_interval": "200ms"})
    with neighbour(gateway, upstream) as beside:
        while beside.client.pings_answered < 6:
            assert not beside.reader.ended.wait(0.05)


def test_a_client_that_stops_reading_is_ended(make_gateway, upstream):
    def flood(conn):
        conn.begin()
        while True:
            conn.final("x" * 30_000)

    gateway = make_gateway(upstream, sessions={"write_timeout": "1s"})
    upstream.stream = flood
    with neighbour(gateway, upstream), started(gateway):
        check_record(gateway, "client_stalled", 1008)
        assert upstream.next_stream().ended.wait(10), "the upstream is left open"


def test_a_client_that_does_not_answer_the_close_is_cut_off(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"close_timeout": "500ms"})
    with neighbour(gateway, upstream), started(gateway) as client:
        client.send_text("no json")
        assert client.take_close(answer=False).code == 1003
        assert client.is_ended()


def test_what_a_client_sends_after_its_violation_is_not_relayed(gateway, upstream):
    with neighbour(gateway, upstream), started(gateway) as client:
        conn = upstream.next_stream()
        client.send(client.frame(BINARY, b"ab") + client.frame(3) + client.frame(BINARY, b"cd"))
        expect_ending(client, gateway, "protocol_violation")
        assert conn.ended.wait(10)
        assert bytes(conn.audio) == b"ab"


def test_many_sessions_may_end_badly_at_once(gateway, upstream):
    def misbehave(act):
        try:
            client = started(gateway)
            act(client)
            client.take_ending()
        except Ended:
            pass

    acts = [act for act, _ in list(AFTER_START.values())[:20]]
    with neighbour(gateway, upstream):
        threads = [threading.Thread(target=misbehave, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)
        assert gateway.metrics().sum("fennec_gateway_sessions_active") == 1


def test_clients_that_leave_while_they_are_let_in_leave_nothing_behind(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max": 1000, "start_timeout": "1s"})
    for _ in range(10):
        clients = [gateway.client() for _ in range(40)]
        for number, client in enumerate(clients):
            client.send(client.head("GET", STREAM, client.upgrade_headers()))
            # So long that some leave before the gateway reads, some while it answers, and some afterwards.
            deadline = time.monotonic() + number * 2e-5
            while time.monotonic() < deadline:
                pass
            client.abandon()

    def gone():
        return not json.loads(gateway.admin("/sessions")[1])["sessions"]

    eventually(gone, "no session is left", timeout=20)
    assert gateway.metrics().sum("fennec_gateway_sessions_active") == 0
    assert gateway.terminate() == 0


def test_requests_whose_answers_nobody_reads_wait_in_the_clients_socket(make_gateway, upstream):
    gateway = make_gateway(upstream)
    before = gateway.resident_bytes()
    greedy = [gateway.client() for _ in range(8)]
    for client in greedy:
        client.socket.setblocking(False)
    requests = greedy[0].head("GET", "/gateway/policy") * 5000
    for client in greedy:
        with contextlib.suppress(BlockingIOError):
            client.socket.send(requests)
    for _ in range(10):
        with gateway.client() as other:
            assert other.request("GET", "/gateway/policy").status == 200
    assert gateway.resident_bytes() - before < 64 << 20
