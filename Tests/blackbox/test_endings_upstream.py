"""How sessions end through what the upstream's stream does."""

import ssl
import threading

import pytest
import trustme
from support.client import START
from support.endings import check_error, check_record, expect_ending, neighbour
from support.frames import CLOSE, CONTINUATION, PING, TEXT
from support.peer import Ended
from support.upstream import FakeUpstream, answer_pings_forever, echo, faithful, unused_port
from support.waiting import eventually

DEADLINES = {"connect_timeout": "1s", "ready_timeout": "1s"}


def only_started(gateway):
    """A client that sent `start` and hopes for `ready`."""
    client = gateway.client().upgrade()
    client.send_json(START)
    return client


def status(code, **options):
    return lambda conn: conn.reply(code, "refused", **options)


def raw(data):
    def answer(conn):
        conn.send(data)
        conn.wait_for_end()

    return answer


def accepting(**changes):
    replacing = {name.replace("_", "-"): value for name, value in changes.items()}

    def answer(conn):
        conn.accept(replacing)
        conn.wait_for_end()

    return answer


REFUSED_OPENINGS = {
    **{f"status {code}": (status(code), {"upstream_unreachable"}) for code in (400, 401, 403, 404, 429, 500, 503)},
    "a plain 200": (status(200), {"upstream_unreachable", "upstream_protocol"}),
    "a redirect": (
        status(302, headers=[("Location", "http://127.0.0.1:1/")]),
        {"upstream_unreachable", "upstream_protocol"},
    ),
    "garbage": (raw(b"\x00\xff\x16\x03 this is no HTTP\r\n\r\n"), {"upstream_protocol"}),
    "an endless head": (raw(b"HTTP/1.1 101 Go\r\nX: " + b"y" * 70_000), {"upstream_protocol"}),
    "a wrong accept key": (accepting(Sec_WebSocket_Accept="AAAAAAAAAAAAAAAAAAAAAAAAAAA="), {"upstream_protocol"}),
    "no accept key": (accepting(Sec_WebSocket_Accept=None), {"upstream_protocol"}),
    "no Upgrade field": (accepting(Upgrade=None), {"upstream_protocol"}),
    "no Connection field": (accepting(Connection=None), {"upstream_protocol"}),
    "an extension nobody asked for": (
        accepting(Sec_WebSocket_Extensions="permessage-deflate"),
        {"upstream_protocol"},
    ),
    "a subprotocol nobody asked for": (accepting(Sec_WebSocket_Protocol="chat"), {"upstream_protocol"}),
    "silence": (lambda conn: conn.wait_for_end(), {"upstream_timeout"}),
    "half an answer": (raw(b"HTTP/1.1 101 Switching"), {"upstream_timeout"}),
    "an end of the connection": (lambda conn: conn.hang_up(), {"upstream_lost", "upstream_unreachable"}),
    "a reset": (lambda conn: conn.abandon(), {"upstream_lost", "upstream_unreachable"}),
}


@pytest.mark.parametrize(("script", "codes"), REFUSED_OPENINGS.values(), ids=REFUSED_OPENINGS.keys())
def test_an_upstream_that_does_not_open_ends_the_session(make_gateway, upstream, script, codes):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    upstream.stream = script
    with neighbour(gateway, upstream), only_started(gateway) as client:
        error, closed = client.take_ending()
        assert (closed.code, closed.reason in codes) == (1014, True), closed
        check_error(error, closed.reason)
        check_record(gateway, closed.reason, 1014)


@pytest.fixture
def make_gateway_for(make_gateway, upstream):
    """Gateways whose tokens come from the well-behaved upstream and whose streams go elsewhere."""

    class Elsewhere:
        token_url = upstream.token_url

        def __init__(self, stream_url):
            self.stream_url = stream_url

    return lambda stream_url, **changes: make_gateway(Elsewhere(stream_url), sessions=DEADLINES, **changes)


def test_an_upstream_that_refuses_tcp_is_unreachable(make_gateway_for):
    bound, port = unused_port()
    with bound:
        gateway = make_gateway_for(f"ws://127.0.0.1:{port}/api/v1/transcribe/stream")
        with only_started(gateway) as client:
            expect_ending(client, gateway, "upstream_unreachable")


def test_an_upstream_whose_name_does_not_resolve_is_unreachable(make_gateway_for):
    gateway = make_gateway_for("wss://no-such-host.invalid/stream")
    with only_started(gateway) as client:
        error, closed = client.take_ending()
        assert closed.reason in ("upstream_unreachable", "upstream_timeout")
        check_error(error, closed.reason)


def tls_server(authority, name):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def trust(authority, directory):
    path = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return {"ca_file": str(path)}


@pytest.mark.parametrize(
    ("name", "trusted"), [("localhost", False), ("other.example", True)], ids=["untrusted", "wrong name"]
)
def test_an_upstream_with_a_bad_certificate_is_unreachable(make_gateway_for, tmp_path, name, trusted):
    authority, stranger = trustme.CA(), trustme.CA()
    with FakeUpstream(stream=echo, tls=tls_server(authority, name)) as secure:
        gateway = make_gateway_for(secure.stream_url, upstream=trust(authority if trusted else stranger, tmp_path))
        with only_started(gateway) as client:
            expect_ending(client, gateway, "upstream_unreachable")
        assert not secure.streams


def test_an_upstream_with_a_good_certificate_is_relayed_over_tls(make_gateway, tmp_path):
    authority = trustme.CA()
    with FakeUpstream(stream=echo, tls=tls_server(authority, "localhost")) as secure:
        gateway = make_gateway(secure, upstream=trust(authority, tmp_path))
        with gateway.session() as client:
            client.send_audio(b"1234")
            assert client.take_json()["text"] == "heard 4 bytes"
            client.send_eos()
            assert client.take_ending()[1].code == 1000
        for phase in ("dns", "tcp", "tls", "upgrade", "ready"):
            assert gateway.metrics().sum("fennec_gateway_upstream_phase_seconds_count", phase=phase) == 1, phase


def test_plain_text_where_tls_is_expected_ends_the_session(make_gateway_for, upstream):
    gateway = make_gateway_for(upstream.stream_url.replace("ws://", "wss://"))
    with only_started(gateway) as client:
        error, closed = client.take_ending()
        # A plain server may hang up on a TLS greeting, or wait for the end of what it takes for a head.
        assert closed.reason in ("upstream_unreachable", "upstream_timeout")
        check_error(error, closed.reason)


def after_ready(act):
    def script(conn):
        conn.begin()
        act(conn)
        try:
            answer_pings_forever(conn)
        except Ended:
            pass

    return script


def send_frames(*parts):
    return after_ready(
        lambda conn: conn.send(b"".join(conn.frame(opcode, payload, **options) for opcode, payload, options in parts))
    )


BROKEN_STREAMS = {
    "a masked frame": send_frames((TEXT, b"{}", {"mask": True})),
    **{f"reserved bit {bit}": send_frames((TEXT, b"{}", {"rsv": bit})) for bit in (1, 2, 4)},
    **{f"reserved opcode {opcode}": send_frames((opcode, b"", {})) for opcode in (3, 11)},
    "a continuation of nothing": send_frames((CONTINUATION, b"{}", {})),
    "an oversized ping": send_frames((PING, bytes(126), {})),
    "a fragmented ping": send_frames((PING, b"", {"fin": False})),
    "a length not in its shortest form": send_frames((TEXT, b"{}", {"length_bytes": 8})),
    "invalid UTF-8": send_frames((TEXT, b'{"text":"\xff"}', {})),
    "a text above 1 MiB": send_frames((TEXT, b" " * ((1 << 20) + 1), {})),
    "a close of one byte": send_frames((CLOSE, b"\x03", {})),
    "a close with invalid UTF-8": send_frames((CLOSE, b"\x03\xe8\xff", {})),
    **{
        f"the illegal close code {code}": send_frames((CLOSE, code.to_bytes(2, "big"), {}))
        for code in (0, 999, 1004, 1005, 1015, 1016, 2999, 5000, 65535)
    },
}


@pytest.mark.parametrize("script", BROKEN_STREAMS.values(), ids=BROKEN_STREAMS.keys())
def test_an_upstream_that_breaks_the_protocol_ends_the_session(gateway, upstream, script):
    upstream.stream = script
    with neighbour(gateway, upstream), only_started(gateway) as client:
        expect_ending(client, gateway, "upstream_protocol")


BROKEN_MESSAGES = {
    "a message inside a message": send_frames((TEXT, b"{", {"fin": False}), (TEXT, b"{}", {})),
    "invalid UTF-8 across fragments": send_frames((TEXT, b'"\xe2\x82', {"fin": False}), (CONTINUATION, b'"', {})),
    "a reserved opcode inside a message": send_frames((TEXT, b"{", {"fin": False}), (3, b"", {})),
}


@pytest.mark.parametrize("script", BROKEN_MESSAGES.values(), ids=BROKEN_MESSAGES.keys())
def test_a_message_that_breaks_off_half_relayed_ends_the_session(gateway, upstream, script):
    upstream.stream = script
    with neighbour(gateway, upstream), only_started(gateway) as client:
        error, closed = client.take_ending()
        assert (closed.code, closed.reason) == (1014, "upstream_protocol")
        # A message that broke off inside a character cannot be ended for the client, so no error can follow it.
        if error is not None:
            check_error(error, "upstream_protocol")
        for text in client.texts:
            text.decode()
        check_record(gateway, "upstream_protocol", 1014)


LOST_STREAMS = {
    "an end of the connection": after_ready(lambda conn: conn.hang_up()),
    "a reset": after_ready(lambda conn: conn.abandon()),
    "a close without a code": after_ready(lambda conn: conn.send_close()),
    "half a frame, then the end": after_ready(lambda conn: (conn.send(b"\x81\x7e\x01"), conn.hang_up())),
}


@pytest.mark.parametrize("script", LOST_STREAMS.values(), ids=LOST_STREAMS.keys())
def test_an_upstream_that_goes_away_is_lost(gateway, upstream, script):
    upstream.stream = script
    with neighbour(gateway, upstream), only_started(gateway) as client:
        expect_ending(client, gateway, "upstream_lost")


def test_the_close_code_1006_on_the_wire_is_an_upstream_failure(gateway, upstream):
    upstream.stream = after_ready(lambda conn: conn.send_close(1006))
    with neighbour(gateway, upstream), only_started(gateway) as client:
        error, closed = client.take_ending()
        assert closed.reason in ("upstream_lost", "upstream_protocol")
        check_error(error, closed.reason)


PASSING = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4321, 4999]


@pytest.mark.parametrize("code", PASSING)
def test_the_vendors_close_code_and_reason_pass_through(gateway, upstream, code):
    upstream.stream = after_ready(lambda conn: conn.send_close(code, "the vendor's own words"))
    with neighbour(gateway, upstream), gateway.session() as client:
        error, closed = client.take_ending()
        assert (error, closed.code, closed.reason) == (None, code, "the vendor's own words")
        check_record(gateway, "upstream_closed", code, ended_by="upstream")


@pytest.mark.parametrize("code", [1000, 1008, 4001])
def test_a_close_before_ready_passes_through(gateway, upstream, code):
    def script(conn):
        conn.accept()
        conn.take_start()
        conn.finish(code, "not today")

    upstream.stream = script
    with neighbour(gateway, upstream), only_started(gateway) as client:
        error, closed = client.take_ending()
        assert (error, closed.code, closed.reason) == (None, code, "not today")
        check_record(gateway, "upstream_closed", code, ended_by="upstream")


def only_first(script):
    """The first stream goes by the script, those after it answer faithfully."""
    scripts = iter([script])
    return lambda conn: next(scripts, faithful)(conn)


def test_an_upstream_that_ends_before_start_is_dialled_again(gateway, upstream):
    upstream.stream = only_first(lambda conn: (conn.accept(), conn.finish(1011, "not yet")))
    with gateway.client().upgrade() as client:
        first = upstream.next_stream()
        assert first.ended.wait(10)
        client.send_json(START)
        assert client.take_json() == {"type": "ready"}
        assert upstream.next_stream().token != first.token
        client.send_eos()
        assert client.take_ending()[1].code == 1000


BEFORE_START = {
    "an error and a close": lambda conn: (conn.accept(), conn.send_json({"type": "error"}), conn.finish(1008, "late")),
    "a message that is left open": lambda conn: (
        *(conn.accept(), conn.send_frame(TEXT, b'{"type"', fin=False), conn.hang_up()),
    ),
}


@pytest.mark.parametrize("script", BEFORE_START.values(), ids=BEFORE_START.keys())
def test_nothing_that_an_upstream_says_before_start_reaches_the_client(gateway, upstream, script):
    upstream.stream = only_first(script)
    with gateway.client().upgrade() as client:
        upstream.next_stream()
        waiting = "fennec_gateway_early_connections"
        eventually(lambda: gateway.metrics().sum(waiting) == 0, "the gateway has seen the end of the first stream")
        client.send_json(START)
        assert client.take_json() == {"type": "ready"}
        client.send_eos()
        assert client.take_ending()[1].code == 1000
        assert not [text for text in client.texts if b"error" in text]


HALF_CHARACTERS = {
    "in one frame": ((TEXT, b'{"text":"caf\xc3', {}),),
    "before an empty fragment": ((TEXT, b'{"text":"caf\xc3', {"fin": False}), (CONTINUATION, b"", {})),
}


@pytest.mark.parametrize("parts", HALF_CHARACTERS.values(), ids=HALF_CHARACTERS.keys())
def test_a_text_that_ends_inside_a_character_never_ends_at_the_client(gateway, upstream, parts):
    upstream.stream = send_frames(*parts)
    with only_started(gateway) as client:
        assert client.take_json() == {"type": "ready"}
        frames = []
        while not frames or frames[-1].opcode != CLOSE:
            frames.append(client.take_frame())
        assert frames[-1].payload[:2] == (1014).to_bytes(2, "big")
        whole = [frame for frame in frames if frame.fin and frame.opcode in (TEXT, CONTINUATION)]
        for frame in whole:
            frame.payload.decode()


def test_no_code_after_eos_becomes_1000(gateway, upstream):
    def script(conn):
        conn.begin()
        conn.take_until_eos()
        conn.final("the end")
        conn.finish(None)

    upstream.stream = script
    with neighbour(gateway, upstream), gateway.session() as client:
        client.send_eos()
        assert client.take_json()["text"] == "the end"
        error, closed = client.take_ending()
        assert (error, closed.code) == (None, 1000)


def test_the_vendors_error_message_is_relayed_as_it_came(gateway, upstream):
    words = '{"type":"error",  "message":"no such model", "code":7}'
    upstream.stream = after_ready(lambda conn: (conn.send_text(words), conn.send_close(1011, "vendor")))
    with neighbour(gateway, upstream), gateway.session() as client:
        assert client.take_text() == words
        assert client.take_close().code == 1011


def test_an_upstream_that_stops_reading_is_ended(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"write_timeout": "1s"})
    released = threading.Event()

    def stop_reading(conn):
        conn.begin()
        released.wait(30)

    def push(client):
        try:
            while True:
                client.send_audio(bytes(64 << 10))
        except (Ended, OSError):
            pass

    upstream.stream = stop_reading
    with neighbour(gateway, upstream), gateway.session() as client:
        pushing = threading.Thread(target=push, args=(client,), daemon=True)
        pushing.start()
        expect_ending(client, gateway, "upstream_stalled", timeout=20)
        released.set()


def test_an_upstream_that_does_not_answer_pings_is_lost(make_gateway, upstream):
    def deaf(conn):
        conn.begin()
        conn.wait_for_end()

    gateway = make_gateway(upstream, sessions={"ping_interval": "400ms"})
    upstream.stream = deaf
    with neighbour(gateway, upstream), gateway.session() as client:
        expect_ending(client, gateway, "upstream_lost")


def test_an_upstream_that_ignores_the_close_does_not_hold_the_session(make_gateway, upstream):
    def ignore(conn):
        conn.begin()
        conn.wait_for_end()

    gateway = make_gateway(upstream, sessions={"close_timeout": "500ms"})
    upstream.stream = ignore
    with neighbour(gateway, upstream), gateway.session() as client:
        client.send_close(1000)
        client.take_close(answer=False)
        check_record(gateway, "client_closed", 1000, ended_by="client")
        assert upstream.next_stream().ended.wait(10)
