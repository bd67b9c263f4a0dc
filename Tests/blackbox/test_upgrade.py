"""HTTP and the handshake: what is let in, what is refused, and how."""

import json

import pytest
from support.client import START, STREAM, TOKEN
from support.endings import neighbour
from support.frames import BINARY, TEXT
from support.peer import Ended
from support.upstream import echo
from support.waiting import eventually


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def handshake(client, method="GET", target=STREAM, replacing=None, extra=(), body=b"", **options):
    """The bytes of a handshake with something changed."""
    return client.head(method, target, client.upgrade_headers(replacing, extra), **options) + body


def altered(**options):
    return lambda client: handshake(client, **options)


def field(name, value):
    return altered(replacing={name: value})


def raw_line(line):
    """A correct handshake with one more line, as it stands."""
    return lambda client: handshake(client)[:-2] + line + b"\r\n\r\n"


SHORT_KEY = "c2hvcnQ="
BAD_HANDSHAKES = {
    "POST": (altered(method="POST"), 405, "method_not_allowed"),
    "HEAD": (altered(method="HEAD"), 405, "method_not_allowed"),
    "HTTP/1.0": (altered(version="HTTP/1.0"), 400, "bad_request"),
    "HTTP/2.0": (altered(version="HTTP/2.0"), 400, "bad_request"),
    "no Host": (altered(host=None), 400, "bad_request"),
    "an empty Host": (altered(host=""), 400, "bad_request"),
    "two Hosts": (altered(extra=[("Host", "127.0.0.1")]), 400, "bad_request"),
    "a Host with a user": (altered(host="someone@127.0.0.1"), 400, "bad_request"),
    "a body": (altered(extra=[("Content-Length", "5")], body=b"hello"), 400, "bad_request"),
    "a chunked body": (
        altered(extra=[("Transfer-Encoding", "chunked")], body=b"1\r\nx\r\n0\r\n\r\n"),
        400,
        "bad_request",
    ),
    "two lengths": (
        altered(extra=[("Content-Length", "0"), ("Content-Length", "5")], body=b"hello"),
        400,
        "bad_request",
    ),
    "a length and chunks": (
        altered(extra=[("Content-Length", "5"), ("Transfer-Encoding", "chunked")], body=b"0\r\n\r\n"),
        400,
        "bad_request",
    ),
    "no key": (field("Sec-WebSocket-Key", None), 400, "bad_request"),
    "an empty key": (field("Sec-WebSocket-Key", ""), 400, "bad_request"),
    "a short key": (field("Sec-WebSocket-Key", SHORT_KEY), 400, "bad_request"),
    "a key of 17 bytes": (field("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZjA="), 400, "bad_request"),
    "a key that is not base64": (field("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!=="), 400, "bad_request"),
    "two keys": (altered(extra=[("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]), 400, "bad_request"),
    "version 8": (field("Sec-WebSocket-Version", "8"), 426, "websocket_version"),
    "version 013": (field("Sec-WebSocket-Version", "013"), 426, "websocket_version"),
    "a subprotocol twice": (altered(extra=[("Sec-WebSocket-Protocol", "a, b, a")]), 400, "bad_request"),
    "a subprotocol that is no token": (altered(extra=[("Sec-WebSocket-Protocol", "a b")]), 400, "bad_request"),
    "a malformed extension": (altered(extra=[("Sec-WebSocket-Extensions", "permessage-deflate;")]), 400, "bad_request"),
    "no Upgrade in Connection": (field("Connection", "keep-alive"), 400, "bad_request"),
    "another Upgrade": (field("Upgrade", "h2c"), 400, "bad_request"),
    "a space before the colon": (raw_line(b"X-Odd : 1"), 400, "bad_request"),
    "a folded line": (raw_line(b"X-Odd: 1\r\n folded"), 400, "bad_request"),
    "a line without a colon": (raw_line(b"X-Odd"), 400, "bad_request"),
    "a NUL in a value": (raw_line(b"X-Odd: a\x00b"), 400, "bad_request"),
    "a head above 16 KiB": (altered(extra=[("X-Long", "y" * (17 << 10))]), 431, "bad_request"),
    "many fields above 16 KiB": (altered(extra=[(f"X-{n}", "y" * 90) for n in range(200)]), 431, "bad_request"),
    "a target without a slash": (altered(target="api"), 400, "bad_request"),
    "another path": (altered(target="/api/v1/elsewhere"), 404, "not_found"),
    "the path, percent-encoded": (altered(target="/api/v1/transcribe/%73tream"), 404, "not_found"),
    "the path with a slash behind": (altered(target=STREAM + "/"), 404, "not_found"),
    "the token's path": (altered(target=TOKEN), 405, "method_not_allowed"),
    "a strange Host": (altered(host="evil.example"), 403, "host_refused"),
    "a strange address as Host": (altered(host="192.0.2.1"), 403, "host_refused"),
    "a strange origin": (altered(extra=[("Origin", "https://evil.example")]), 403, "origin_refused"),
    "a null origin": (altered(extra=[("Origin", "null")]), 403, "origin_refused"),
    "its own address as origin": (altered(extra=[("Origin", "http://127.0.0.1")]), 403, "origin_refused"),
    "the origin over http": (altered(extra=[("Origin", "http://app.example.com")]), 403, "origin_refused"),
    "the origin with another port": (
        altered(extra=[("Origin", "https://app.example.com:8443")]),
        403,
        "origin_refused",
    ),
    "a prefix of the origin": (altered(extra=[("Origin", "https://app.example.co")]), 403, "origin_refused"),
    "an unknown ticket": (altered(target=f"{STREAM}?streaming_token=guess"), 401, "credential_invalid"),
    "a bearer without fennec.v1": (altered(extra=[("Sec-WebSocket-Protocol", "bearer.abc")]), 400, "bad_request"),
}


@pytest.mark.parametrize(("request_of", "status", "code"), BAD_HANDSHAKES.values(), ids=BAD_HANDSHAKES.keys())
def test_a_wrong_handshake_is_refused_and_the_connection_closed(gateway, upstream, request_of, status, code):
    with neighbour(gateway, upstream), gateway.client() as client:
        request = request_of(client)
        client.send(request)
        answer = client.response(method="HEAD" if request.startswith(b"HEAD") else "GET")
        assert answer.status == status, (answer.status, answer.body)
        if not request.startswith(b"HEAD"):
            assert answer.problem()["code"] == code
        assert answer.header("connection") == "close"
        assert client.is_ended()
        if status == 426:
            assert answer.header("sec-websocket-version") == "13"
        if status == 405:
            assert answer.header("allow")
        if status == 401:
            assert answer.header("set-cookie") is None
        assert gateway.metrics().sum("fennec_gateway_refusals_total", code=code) == 1
    assert len(upstream.streams) == 1, "a refused request reached the upstream"


GOOD_HANDSHAKES = {
    "as browsers send it": field("Connection", "keep-alive, Upgrade"),
    "in other case": altered(replacing={"Upgrade": "WebSocket", "Connection": "upgrade"}),
    "as one of several protocols": field("Upgrade", "h2c, websocket"),
    "to localhost": altered(host="localhost"),
    "to the address without a port": altered(host="127.0.0.1"),
    "from the named origin": altered(extra=[("Origin", "https://app.example.com")]),
    "with a foreign key": altered(extra=[("X-API-Key", "something")]),
    "with a long head": altered(extra=[("X-Long", "y" * (15 << 10))]),
    "with a query": altered(target=STREAM + "?detect_thoughts=true"),
    "with an empty body": altered(extra=[("Content-Length", "0")]),
}


@pytest.mark.parametrize("request_of", GOOD_HANDSHAKES.values(), ids=GOOD_HANDSHAKES.keys())
def test_a_right_handshake_opens_a_session(gateway, request_of):
    with gateway.client() as client:
        client.send(request_of(client))
        assert client.response().status == 101
        client.send_json(START)
        assert client.take_json()["type"] == "ready"


def test_a_handshake_without_a_version_is_refused(gateway):
    with gateway.client() as client:
        answer = client.try_upgrade(replacing={"Sec-WebSocket-Version": None})
        assert (answer.status, answer.problem()["code"]) in [(400, "bad_request"), (426, "websocket_version")]
        assert client.is_ended()


def test_a_plain_get_of_the_stream_is_refused(gateway):
    with gateway.client() as client:
        answer = client.request("GET", STREAM)
        assert (answer.status, answer.problem()["code"]) in [(400, "bad_request"), (426, "websocket_version")]


def test_compression_is_never_accepted(gateway):
    for offer in ("permessage-deflate", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"):
        with gateway.client() as client:
            client.upgrade(headers=[("Sec-WebSocket-Extensions", offer)])  # checks that no extension is answered


def test_a_host_of_the_listeners_own_is_let_in(make_gateway, upstream):
    gateway = make_gateway(
        upstream, listeners=[{"name": "public", "address": "127.0.0.1:0", "hosts": ["gateway.example.com"]}]
    )
    for host in ("gateway.example.com", "GATEWAY.example.com", "gateway.example.com:8080"):
        with gateway.client() as client:
            assert client.try_upgrade(host=host).status == 101
    with gateway.client() as client:
        assert client.try_upgrade(host="other.example.com").problem()["code"] == "host_refused"


def test_an_address_that_no_rule_names_is_refused(make_gateway, upstream):
    gateway = make_gateway(upstream, access=[{"name": "lan", "match": {"address": ["10.0.0.0/8"]}}])
    with gateway.client() as client:
        answer = client.try_upgrade()
        assert (answer.status, answer.problem()["code"]) == (403, "address_refused")
    with gateway.client() as client:
        assert client.request("POST", TOKEN, body=b"{}").problem()["code"] == "address_refused"


def test_an_origin_and_an_address_must_both_hold(make_gateway, upstream):
    rule = {"name": "both", "match": {"origin": ["https://app.example.com"], "address": ["10.0.0.0/8"]}}
    gateway = make_gateway(upstream, access=[rule])
    with gateway.client() as client:
        assert client.try_upgrade(headers=[("Origin", "https://app.example.com")]).status == 403


def test_an_upgrade_may_follow_other_requests_on_the_same_connection(gateway):
    with gateway.client() as client:
        assert client.request("GET", "/nowhere").status == 404
        ticket = client.ticket([("X-API-Key", "dummy")])
        client.open_session(target=f"{STREAM}?streaming_token={ticket}")
        client.send_audio(b"1234")
        assert client.take_json()["text"] == "heard 4 bytes"


def test_an_upgrade_in_one_packet_with_what_was_before_and_comes_after_works(gateway, upstream):
    with gateway.client() as client:
        client.send(
            client.head("GET", "/nowhere")
            + handshake(client)
            + client.frame(TEXT, json.dumps(START).encode())
            + client.frame(BINARY, b"abcdef")
            + client.frame(TEXT, b'{"type":"eos"}')
        )
        assert client.response().status == 404
        assert client.response().status == 101
        assert client.take_json()["type"] == "ready"
        assert client.take_close().code == 1000
    assert bytes(upstream.next_stream().audio) == b"abcdef"


def test_an_upgrade_sent_byte_by_byte_works(gateway):
    with gateway.client() as client:
        for byte in handshake(client) + client.frame(TEXT, json.dumps(START).encode()):
            client.send(bytes([byte]))
        assert client.response().status == 101
        assert client.take_json()["type"] == "ready"


def test_requests_behind_a_refused_upgrade_are_not_answered(gateway):
    with gateway.client() as client:
        client.send(handshake(client, target="/nowhere") + client.head("POST", TOKEN, [("Content-Length", "0")]))
        assert client.response().status == 404
        assert client.take_rest() == b""


def test_garbage_is_answered_with_400_or_hung_up_on(gateway, upstream):
    with neighbour(gateway, upstream), gateway.client() as client:
        client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        rest = client.take_rest()
        assert rest == b"" or rest.startswith(b"HTTP/1.1 400 "), rest


def test_only_fennec_v1_is_echoed_as_subprotocol(gateway):
    with gateway.client() as client:
        answer = client.try_upgrade(headers=[("Sec-WebSocket-Protocol", "chat, fennec.v1")])
        assert (answer.status, answer.header("sec-websocket-protocol")) == (101, "fennec.v1")
    with gateway.client() as client:
        answer = client.try_upgrade(headers=[("Sec-WebSocket-Protocol", "chat")])
        assert (answer.status, answer.header("sec-websocket-protocol")) == (101, None)


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/transcribe", "//", "/api/v1/transcribe/../transcribe/stream"])
def test_an_unknown_path_is_not_found(gateway, path):
    with gateway.client() as client:
        answer = client.request("GET", path)
        assert (answer.status, answer.problem()["code"]) == (404, "not_found")
        assert client.request("GET", path).status == 404, "the connection goes on"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_wrong_method_is_not_allowed(gateway, method):
    with gateway.client() as client:
        answer = client.request(method, TOKEN)
        assert (answer.status, answer.problem()["code"]) == (405, "method_not_allowed")
        assert "POST" in answer.header("allow")


def test_a_full_gateway_says_when_to_come_back(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max": 1})
    with gateway.session() as client:
        with gateway.client() as second:
            answer = second.try_upgrade()
            assert (answer.status, answer.problem()["code"]) == (503, "full")
            assert int(answer.header("retry-after")) > 0
        client.send_eos()
        client.take_ending()

    def gets_in():
        with gateway.client() as third:
            return third.try_upgrade().status == 101

    eventually(gets_in, "the place is free again")
