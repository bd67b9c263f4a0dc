"""One token for each upstream connection, and the key in one place only."""

import threading

import pytest
from support.client import STREAM
from support.settings import ORIGIN
from support.upstream import echo

KEY = "the-key-of-the-operator"
#: All that a stream request may carry.
STREAM_HEADERS = {"host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def whole_session(gateway, **options):
    with gateway.session(**options) as client:
        client.send_audio(bytes(640))
        client.send_eos()
        assert client.take_ending()[1].code == 1000


def test_every_upstream_connection_has_a_token_of_its_own(gateway, upstream):
    threads = [threading.Thread(target=whole_session, args=(gateway,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    whole_session(gateway)
    used = [conn.token for conn in upstream.streams]
    assert len(used) == 21 and len(set(used)) == 21
    assert set(used) <= set(upstream.tokens)
    assert len(upstream.tokens) == 21, "tokens were minted that nobody used"


def test_the_token_of_a_failed_connection_is_not_used_again(gateway, upstream):
    upstream.stream = lambda conn: conn.reply(503)
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        client.take_ending()
    upstream.stream = echo
    whole_session(gateway)
    used = [conn.token for conn in upstream.streams]
    assert len(used) >= 2 and len(set(used)) == len(used)


def test_the_key_stands_in_one_header_of_the_token_request(gateway, upstream):
    whole_session(gateway)
    (request,) = upstream.mints
    assert request.method == "POST" and request.version == "HTTP/1.1"
    assert request.all("x-api-key") == [KEY]
    assert request.raw.count(KEY.encode()) == 1
    assert KEY.encode() not in request.body and not request.query
    assert not {"authorization", "cookie", "origin"} & set(request.header_names)
    (conn,) = upstream.streams
    assert KEY.encode() not in conn.request.raw


def test_nothing_of_the_client_reaches_the_stream_request(gateway, upstream):
    headers = [
        ("Origin", ORIGIN),
        ("Cookie", "session=of-the-browser"),
        ("Authorization", "Bearer of-the-client"),
        ("X-API-Key", "of-the-client"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("User-Agent", "of-the-client"),
        ("Accept-Language", "fi"),
        ("X-Anything", "of-the-client"),
        ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
    ]
    target = STREAM + "?detect_thoughts=true&gateway_events=1&note=of-the-client"
    whole_session(gateway, target=target, headers=headers)
    (conn,) = upstream.streams
    request = conn.request
    assert set(request.header_names) <= STREAM_HEADERS | {"user-agent"}, request.header_names
    assert len(request.header_names) == len(set(request.header_names))
    assert list(request.query) == ["streaming_token"] and request.path == STREAM
    for word in (b"of-the", b"192.0.2.7", ORIGIN.encode(), b"fi\r\n", b"detect_thoughts", b"gateway_events"):
        assert word not in request.raw, word
    assert request.header("host") == f"127.0.0.1:{upstream.port}"


def test_nothing_of_the_client_reaches_the_token_request(gateway, upstream):
    whole_session(gateway, headers=[("User-Agent", "of-the-client"), ("Cookie", "of-the-client")])
    assert b"of-the-client" not in upstream.mints[0].raw


def test_a_client_ticket_is_never_an_upstream_token(gateway, upstream):
    with gateway.client() as client:
        ticket = client.ticket([("X-API-Key", "dummy")])
    whole_session(gateway, target=f"{STREAM}?streaming_token={ticket}")
    assert ticket not in upstream.tokens
    assert ticket.encode() not in upstream.streams[0].request.raw + upstream.mints[0].raw


def test_start_is_encoded_afresh(gateway, upstream):
    start = {
        "type": "start",
        "sample_rate": 16000,
        "channels": 1,
        "single_utterance": False,
        "context": "names: Zoë",
        "vad": {"threshold": 0.45, "min_silence_ms": 800, "force_decode_ms": 0, "debug": False},
        "gateway": {"events": True},
    }
    with gateway.session(start=start):
        conn = upstream.next_stream()
        del start["gateway"]
        assert conn.start == start
        assert list(conn.start) == sorted(conn.start), "written with sorted keys"
