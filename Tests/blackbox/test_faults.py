"""The table of the README's reliability section, row by row: what fails while a token is fetched, and while a stream
is opened. Whatever happens, the client is told, and the session beside it does not notice."""

import pathlib
import re

import pytest
from support.client import START
from support.endings import expect_ending, neighbour
from support.faults import bad_certificate, black_hole, drip, flood, resetting_port
from support.frames import CLOSE, TEXT, close_payload, encode
from support.programs import ROOT
from support.upstream import FakeUpstream, echo, mint, token_for, unused_port

DEADLINES = {"connect_timeout": "2s", "ready_timeout": "2s"}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HALF = OK + b'Content-Length: 100\r\n\r\n{"token":'
DATE = "Wed, 01 Jan 2070 00:00:00 GMT"


def reply(status, body="{}", headers=()):
    return lambda conn: conn.reply(status, body, headers)


def cut(data):
    """Sends this much and resets."""
    return lambda conn: (conn.send(data), conn.abandon())


def big(conn):
    conn.send(OK + b"Content-Length: 10485760\r\n\r\n")
    flood(conn, 10 << 20)


def token_as_html(conn):
    conn.reply(200, '{"token":"%s"}' % token_for(1), [("Content-Type", "text/html")])


#: Row of the table: the script of the token endpoint, how the session ends, how often the endpoint was asked.
MINTING = {
    "reset after the request": (cut(b""), "token_unavailable", 3),
    "reset inside the answer": (cut(HALF), "token_unavailable", 3),
    "one byte a second": (lambda conn: drip(conn, HALF), "token_unavailable", 1),
    "401": (reply(401), "token_unavailable", 1),
    "403": (reply(403), "token_unavailable", 1),
    "429 with seconds": (reply(429, headers=[("Retry-After", "9")]), "token_unavailable", 1),
    "429 with a date": (reply(429, headers=[("Retry-After", DATE)]), "token_unavailable", 1),
    "500": (reply(500), "token_unavailable", 3),
    "wrong content type": (
        reply(200, "<html>sorry</html>", [("Content-Type", "text/html")]),
        "token_unavailable",
        1,
    ),
    "truncated body": (lambda conn: (conn.send(HALF), conn.hang_up()), "token_unavailable", 3),
    "10 MiB body": (big, "token_unavailable", 1),
    "bad answer": (lambda conn: (conn.send(b"\x16\x03 no HTTP\r\n\r\n"), conn.hang_up()), "token_unavailable", 3),
}


def accepted_then(*frames):
    def script(conn):
        conn.begin()
        conn.send(b"".join(frames))
        conn.wait_for_end()

    return script


SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"

#: Row of the table: the script of the stream endpoint, how the session ends.
DIALLING = {
    "reset after the request": (cut(b""), "upstream_unreachable"),
    "reset inside the answer": (cut(SWITCHING), "upstream_unreachable"),
    "one byte a second": (lambda conn: drip(conn, SWITCHING), "upstream_timeout"),
    "401": (reply(401), "upstream_unreachable"),
    "403": (reply(403), "upstream_unreachable"),
    "429 with seconds": (reply(429, headers=[("Retry-After", "9")]), "upstream_unreachable"),
    "429 with a date": (reply(429, headers=[("Retry-After", DATE)]), "upstream_unreachable"),
    "500": (reply(500), "upstream_unreachable"),
    "wrong content type": (
        reply(200, "<html>sorry</html>", [("Content-Type", "text/html")]),
        "upstream_unreachable",
    ),
    "truncated body": (lambda conn: (conn.send(SWITCHING), conn.hang_up()), "upstream_unreachable"),
    "10 MiB body": (big, "upstream_unreachable"),
    "bad answer": (
        lambda conn: (conn.accept({"Sec-WebSocket-Accept": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}), conn.wait_for_end()),
        "upstream_protocol",
    ),
    "masked frames": (accepted_then(encode(TEXT, b"{}", mask=b"abcd")), "upstream_protocol"),
}

#: Rows whose tests stand by themselves below.
OTHERS = {
    *("refused", "black hole", "reset on connecting"),
    *("certificate expired", "certificate for another host", "certificate self-signed", "data after close"),
}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def started(gateway):
    client = gateway.client().upgrade()
    client.send_json(START)
    return client


def details(gateway):
    """What the log says of sessions without an upstream, and of the upstream itself."""
    return " ".join(str(line.get("detail", "")) + line["message"] for line in gateway.objects(gateway.stderr))


@pytest.mark.parametrize(("script", "code", "asked"), MINTING.values(), ids=MINTING.keys())
def test_while_a_token_is_fetched(make_gateway, upstream, script, code, asked):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    with neighbour(gateway, upstream):
        before = len(upstream.mints)
        upstream.mint = script
        with started(gateway) as client:
            expect_ending(client, gateway, code)
        # libcurl repeats by itself a request whose kept connection turns out to be dead.
        assert len(upstream.mints) - before in (asked, asked + (script is MINTING["reset after the request"][0]))
        assert upstream.accepted.empty(), "a stream was opened without a token"
    upstream.mint = mint


@pytest.mark.parametrize(("script", "code"), DIALLING.values(), ids=DIALLING.keys())
def test_while_a_stream_is_opened(make_gateway, upstream, script, code):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    with neighbour(gateway, upstream):
        upstream.stream = script
        with started(gateway) as client:
            expect_ending(client, gateway, code)
        tokens = [conn.token for conn in upstream.streams]
        assert len(tokens) == len(set(tokens)) == 2, "a token was used again"


def elsewhere(upstream, leg, port, scheme=""):
    """The upstream with one of its endpoints at another port."""

    class Mixed:
        token_url = upstream.token_url
        stream_url = upstream.stream_url

    if leg == "token":
        Mixed.token_url = f"http{scheme}://localhost:{port}/api/v1/transcribe/streaming-token"
    else:
        Mixed.stream_url = f"ws{scheme}://localhost:{port}/api/v1/transcribe/stream"
    return Mixed


LEGS = {"token": "token_unavailable", "stream": "upstream_unreachable"}


@pytest.mark.parametrize("leg", LEGS)
def test_refused(make_gateway, upstream, leg):
    bound, port = unused_port()
    with bound:
        gateway = make_gateway(elsewhere(upstream, leg, port), sessions=DEADLINES)
        with started(gateway) as client:
            expect_ending(client, gateway, LEGS[leg])


@pytest.mark.parametrize(("leg", "code"), [("token", "token_unavailable"), ("stream", "upstream_timeout")])
def test_black_hole(make_gateway, upstream, leg, code):
    with black_hole() as port:
        gateway = make_gateway(elsewhere(upstream, leg, port), sessions=DEADLINES)
        with started(gateway) as client:
            expect_ending(client, gateway, code)


@pytest.mark.parametrize("leg", LEGS)
def test_reset_on_connecting(make_gateway, upstream, leg):
    with resetting_port() as port:
        gateway = make_gateway(elsewhere(upstream, leg, port), sessions=DEADLINES)
        with started(gateway) as client:
            expect_ending(client, gateway, LEGS[leg])


#: What the log says: which check failed.
WORDS = {"expired": "expired", "wrong host": "another name|localhost", "self-signed": "self-signed|issuer"}


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("leg", LEGS)
def test_certificate(make_gateway, upstream, tmp_path, leg, kind):
    context, trusted = bad_certificate(kind, tmp_path)
    with FakeUpstream(stream=echo, tls=context) as secure:
        gateway = make_gateway(
            elsewhere(upstream, leg, secure.port, "s"), upstream={"ca_file": trusted}, sessions=DEADLINES
        )
        with started(gateway) as client:
            expect_ending(client, gateway, LEGS[leg])
        assert not secure.mints and not secure.streams
    assert re.search(WORDS[kind], details(gateway)), details(gateway)


def test_data_after_close(make_gateway, upstream):
    """The close passes through; what comes behind it is nobody's."""
    gateway = make_gateway(upstream, sessions=DEADLINES)
    late = encode(TEXT, b'{"text":"too late"}')
    upstream.stream = accepted_then(encode(CLOSE, close_payload(4001, "the end")), late, late)
    with gateway.session() as client:
        closed = client.take_close()
        assert (closed.code, closed.reason) == (4001, "the end")
        assert not any(b"too late" in text for text in client.texts)


def test_a_token_is_used_whatever_its_content_type_says(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    upstream.mint = token_as_html
    with gateway.session():
        pass


def test_the_table_of_the_readme_has_these_rows_and_no_others():
    text = pathlib.Path(ROOT, "README.md").read_text(encoding="utf-8")
    section = text.split("## Reliability")[1].split("\n## ")[0]
    rows = {match[1] for match in re.finditer(r"^\| ([^|]+?) \|", section, re.M)} - {"what fails", "---"}
    assert rows == set(MINTING) | set(DIALLING) | OTHERS
