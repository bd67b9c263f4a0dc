"""The tests' own peers, held against each other and against an independent WebSocket library."""

import json
import ssl
import struct

import pytest
import trustme
import websockets.sync.client
from support.client import STREAM, TOKEN, RawClient
from support.frames import BINARY, CONTINUATION, PING, PONG, TEXT, encode, xor
from support.peer import Ended
from support.upstream import FakeUpstream, echo
from websockets.exceptions import ConnectionClosedOK, InvalidStatus


def connect(upstream, **options):
    return RawClient((upstream.host, upstream.port), **options)


def test_masking_is_its_own_inverse():
    for size in (0, 1, 3, 4, 5, 1000):
        payload = bytes(range(256)) * 4
        assert xor(xor(payload[:size], b"\x01\x02\xfe\xff"), b"\x01\x02\xfe\xff") == payload[:size]
    assert xor(b"Hello", bytes.fromhex("37fa213d")) == bytes.fromhex("7f9f4d5158")


def test_frames_are_encoded_as_the_examples_of_the_rfc():
    assert encode(TEXT, b"Hello") == bytes.fromhex("810548656c6c6f")
    assert encode(TEXT, b"Hello", mask=bytes.fromhex("37fa213d")) == bytes.fromhex("818537fa213d7f9f4d5158")
    assert encode(BINARY, bytes(256))[:4] == bytes.fromhex("827e0100")
    assert encode(BINARY, bytes(65536))[:10] == bytes.fromhex("827f0000000000010000")


def test_a_raw_client_has_a_session_with_the_scripted_upstream(upstream):
    with connect(upstream) as client:
        token = client.ticket([("X-API-Key", "key")])
        client.open_session(target=f"{STREAM}?streaming_token={token}")
        client.send_frame(BINARY, b"ab", fin=False)
        client.send_frame(PING, b"are you there")
        client.send_frame(CONTINUATION, b"cdef")
        client.send_eos()
        assert client.take_frame().opcode == PONG
        assert client.take_json()["text"] == "heard 6 bytes"
        error, closed = client.take_ending()
    assert error is None and closed.code == 1000
    conn = upstream.next_stream()
    assert conn.ended.wait(5)
    assert (conn.token, bytes(conn.audio), conn.audio_messages) == (token, b"abcdef", 1)
    assert conn.close.code == 1000
    assert upstream.mints[0].header("x-api-key") == "key"


def test_a_library_client_has_a_session_with_the_scripted_upstream(upstream):
    with websockets.sync.client.connect(upstream.stream_url + "?streaming_token=x") as client:
        client.send(json.dumps({"type": "start"}))
        assert json.loads(client.recv())["type"] == "ready"
        for size in (1, 125, 126, 65535, 65536, 200_000):
            client.send(bytes(size))
        client.send([b"in", b"frag", b"ments"])
        client.send('{"type":"eos"}')
        assert json.loads(client.recv())["text"].startswith("heard")
        with pytest.raises(ConnectionClosedOK):
            client.recv()
    conn = upstream.next_stream()
    assert conn.ended.wait(5)
    assert conn.audio.endswith(bytes(200_000) + b"infragments") and conn.audio_messages == 7


def test_an_answer_that_is_not_101_reaches_a_library_client(make_upstream):
    upstream = make_upstream(stream=lambda conn: conn.reply(429, "slow down", [("Retry-After", "3")]))
    with pytest.raises(InvalidStatus) as refused:
        websockets.sync.client.connect(upstream.stream_url)
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "3"


def test_an_upstream_with_tls_is_reached_by_name():
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with FakeUpstream(stream=echo, tls=server) as upstream:
        with connect(upstream, tls=trusting) as client:
            client.open_session()
            client.send_audio(b"1234")
            assert client.take_json()["text"] == "heard 4 bytes"
        with pytest.raises(ssl.SSLError):
            connect(upstream, tls=ssl.create_default_context())


def test_a_reset_is_told_from_an_end(make_upstream):
    upstream = make_upstream(stream=lambda conn: conn.abandon())
    with connect(upstream) as client:
        client.send(client.head("GET", STREAM, client.upgrade_headers()))
        assert client.expect_end().reset
    upstream.stream = lambda conn: conn.hang_up()
    with connect(upstream) as client:
        client.send(client.head("GET", STREAM, client.upgrade_headers()))
        assert not client.expect_end().reset


def test_a_script_that_fails_is_reported():
    def fail(conn):
        raise ValueError("as asked")

    with FakeUpstream(stream=fail) as upstream:
        with connect(upstream) as client:
            client.send(client.head("GET", STREAM, client.upgrade_headers()))
            client.expect_end()
        assert upstream.next_stream().ended.wait(5)
        with pytest.raises(ValueError, match="as asked"):
            upstream.check()


def test_close_codes_and_broken_frames_go_over_the_wire_as_written(make_upstream):
    def misbehave(conn):
        conn.begin()
        conn.send_frame(TEXT, b"{}", mask=True, rsv=4)
        conn.send_frame(BINARY, b"x", length_bytes=8)
        conn.finish(4321, "why not")

    upstream = make_upstream(stream=misbehave)
    with connect(upstream) as client:
        client.open_session()
        odd = client.take_frame()
        assert (odd.masked, odd.rsv, odd.payload) == (True, 4, b"{}")
        assert client.take(3) == struct.pack(">BBB", 0x82, 127, 0)
        assert client.take(8)[-1:] == b"x"
        closed = client.take_close()
    assert (closed.code, closed.reason) == (4321, "why not")


def test_minting_and_asking_again_on_a_kept_alive_connection_works(upstream):
    with connect(upstream) as client:
        first, second = client.ticket(), client.ticket()
        assert first != second and upstream.tokens == [first, second]
        assert client.request("GET", "/elsewhere").status == 404
        with pytest.raises(Ended):
            client.take(1)
    assert [request.path for request in upstream.others] == ["/elsewhere"]
    assert [request.path for request in upstream.mints] == [TOKEN, TOKEN]
