"""How sessions end when there is no token to be had."""

import json

import pytest
from support.client import START
from support.endings import check_error, check_record, expect_ending, neighbour
from support.upstream import FakeUpstream, echo, mint, unused_port

DEADLINES = {"connect_timeout": "1s"}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def answering(status, body="{}", headers=()):
    return lambda conn: conn.reply(status, body, headers)


def no_http(conn):
    conn.send(b"\x00\xff this is no HTTP\r\n\r\n")


REFUSALS = {
    **{f"status {code}": answering(code, '{"detail":"no"}') for code in (400, 401, 403, 404, 500, 503)},
    "status 429": answering(429, "{}", [("Retry-After", "7")]),
    "a token with a bad status": answering(500, '{"token":"a.b.c"}'),
    "no JSON": answering(200, "<html>maintenance</html>"),
    "bytes that are no text": answering(200, b"\xff\xfe\x00"),
    "an array": answering(200, '["token"]'),
    "no token": answering(200, '{"expires_in":60}'),
    "an empty token": answering(200, '{"token":""}'),
    "a token that is no text": answering(200, '{"token":7}'),
    "a token that breaks out of its request": answering(200, json.dumps({"token": "a\r\nX-Evil: 1"})),
    "garbage": no_http,
    "an end of the connection": lambda conn: conn.hang_up(),
    "a reset": lambda conn: conn.abandon(),
    "an answer that breaks off": lambda conn: (
        conn.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"token":"a.b.c"'),
        conn.hang_up(),
    ),
}


def fail_to_start(gateway):
    client = gateway.client().upgrade()
    client.send_json(START)
    client.send_audio(bytes(640))
    return client


@pytest.mark.parametrize("refuse", REFUSALS.values(), ids=REFUSALS.keys())
def test_without_a_token_the_session_ends(make_gateway, upstream, refuse):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    with neighbour(gateway, upstream):
        upstream.mint = refuse
        with fail_to_start(gateway) as client:
            expect_ending(client, gateway, "token_unavailable")
        assert upstream.accepted.empty(), "a stream was opened without a token"


def test_a_token_endpoint_that_says_nothing_ends_the_session(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    with neighbour(gateway, upstream):
        upstream.mint = lambda conn: conn.wait_for_end()
        with fail_to_start(gateway) as client:
            error, closed = client.take_ending()
            assert closed.reason in ("token_unavailable", "upstream_timeout")
            check_error(error, closed.reason)
            check_record(gateway, closed.reason, closed.code)


def test_a_token_endpoint_that_refuses_tcp_ends_the_session(make_gateway, upstream):
    bound, port = unused_port()

    class Elsewhere:
        token_url = f"http://127.0.0.1:{port}/api/v1/transcribe/streaming-token"
        stream_url = upstream.stream_url

    with bound:
        gateway = make_gateway(Elsewhere, sessions=DEADLINES)
        with fail_to_start(gateway) as client:
            expect_ending(client, gateway, "token_unavailable")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_never_follows_a_redirect(make_gateway, upstream, status):
    with FakeUpstream() as elsewhere:
        gateway = make_gateway(upstream, sessions=DEADLINES)
        upstream.mint = answering(status, "", [("Location", elsewhere.token_url)])
        with fail_to_start(gateway) as client:
            expect_ending(client, gateway, "token_unavailable")
        assert not elsewhere.mints and not elsewhere.others


def test_minting_works_again_after_a_failure(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions=DEADLINES)
    upstream.mint = answering(500)
    with fail_to_start(gateway) as client:
        expect_ending(client, gateway, "token_unavailable")
    upstream.mint = mint
    with gateway.session() as client:
        client.send_audio(b"ab")
        assert client.take_json()["text"] == "heard 2 bytes"
