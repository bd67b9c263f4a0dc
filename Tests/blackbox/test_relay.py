"""What goes in comes out: audio and transcripts, byte for byte, in order, in bounded memory."""

import json
import random
import threading

import pytest
from support.client import START
from support.frames import BINARY, CONTINUATION, PING, TEXT
from support.peer import Collector
from support.upstream import READY, echo
from support.waiting import eventually, settled

TEN_MINUTES = 10 * 60 * 16000 * 2
MEGABYTE = 1 << 20


def noise(count, seed=1):
    return random.Random(seed).randbytes(count)


def messages(audio, seed=2, largest=8000):
    """Cuts audio into messages of random, also odd, sizes."""
    chance, at = random.Random(seed), 0
    while at < len(audio):
        size = chance.randint(1, largest)
        yield audio[at : at + size]
        at += size


def fragmented(client, message, chance):
    """The frames of one message, cut at random, with a ping here and there."""
    cuts = sorted(chance.sample(range(len(message) + 1), min(chance.randint(0, 3), len(message))))
    parts = [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)])]
    for index, part in enumerate(parts):
        yield client.frame(BINARY if index == 0 else CONTINUATION, part, fin=index == len(parts) - 1)
        if chance.random() < 0.02:
            yield client.frame(PING, part[:125])


def send_in_chunks(client, frames, size=1 << 16):
    """Sends frames in packets that respect none of their boundaries."""
    buffer = bytearray()
    for frame in frames:
        buffer += frame
        while len(buffer) >= size:
            client.send(bytes(buffer[:size]))
            del buffer[:size]
    client.send(bytes(buffer))


def finish(client, reader=None):
    client.send_eos()
    if reader:
        assert reader.ended.wait(60)
        assert reader.close_code == 1000
    else:
        assert client.take_close(60).code == 1000


def received(upstream):
    conn = upstream.next_stream()
    assert conn.ended.wait(60)
    return conn


@pytest.mark.timeout(300)
def test_ten_minutes_of_fragmented_audio_arrive_byte_for_byte(gateway, upstream):
    audio, chance = noise(TEN_MINUTES), random.Random(3)
    with gateway.session() as client:
        reader = Collector(client)
        send_in_chunks(client, (f for m in messages(audio) for f in fragmented(client, m, chance)))
        finish(client, reader)
        pongs = [frame for frame in client.frames if frame.opcode == 10]
    conn = received(upstream)
    assert bytes(conn.audio) == audio
    assert conn.audio_messages == sum(1 for _ in messages(audio))
    assert all(frame.masked for frame in conn.frames)
    assert len(pongs) > 10, "pings were answered in between"
    record = gateway.ended_session("upstream_closed")
    assert (record["audio_bytes"], record["audio_seconds"]) == (TEN_MINUTES, 600)


@pytest.mark.parametrize("size", [1, 2, 125, 126, 127, 640, 1024, 3200, 65535, 65536, MEGABYTE])
def test_messages_of_every_length_keep_their_bounds(gateway, upstream, size):
    with gateway.session() as client:
        for seed in range(3):
            client.send_audio(noise(size, seed))
        finish(client)
    conn = received(upstream)
    assert bytes(conn.audio) == b"".join(noise(size, seed) for seed in range(3))
    assert conn.audio_messages == 3


def test_a_session_sent_byte_by_byte_arrives(gateway, upstream):
    with gateway.session() as client:
        frames = client.frame(BINARY, b"abcdef", fin=False) + client.frame(PING, b"?") + client.frame(0, noise(300))
        for byte in frames + client.frame(TEXT, b'{"type":"eos"}'):
            client.send(bytes([byte]))
        assert client.take_close().code == 1000
    assert bytes(received(upstream).audio) == b"abcdef" + noise(300)


def test_empty_messages_and_fragments_do_no_harm(gateway, upstream):
    with gateway.session() as client:
        client.send_audio(b"")
        client.send(client.frame(BINARY, b"", fin=False) + client.frame(0, b"", fin=False) + client.frame(0, b"ab"))
        finish(client)
    assert bytes(received(upstream).audio) == b"ab"


@pytest.mark.parametrize("together", [True, False], ids=["in one packet", "in packets of their own"])
def test_audio_before_ready_is_held_and_arrives_first(gateway, upstream, together):
    released = threading.Event()

    def late(conn):
        conn.accept()
        conn.take_start()
        assert released.wait(20)
        assert not conn.audio, "audio came before ready"
        conn.send_text(READY)
        conn.take_until_eos()
        conn.finish()

    upstream.stream = late
    audio = noise(200_000)
    with gateway.client().upgrade() as client:
        frames = [client.frame(TEXT, json.dumps(START).encode())]
        frames += [client.frame(BINARY, message) for message in messages(audio)]
        if together:
            client.send(b"".join(frames))
        else:
            for frame in frames:
                client.send(frame)
        conn = upstream.next_stream()
        eventually(lambda: conn.start, "start reaches the upstream")
        released.set()
        assert client.take_json()["type"] == "ready"
        finish(client)
    assert bytes(received_by(conn).audio) == audio


def received_by(conn):
    assert conn.ended.wait(60)
    return conn


def test_a_whole_session_in_one_packet_is_played_to_its_end(gateway, upstream):
    with gateway.client().upgrade() as client:
        client.send(
            client.frame(TEXT, json.dumps(START).encode())
            + client.frame(BINARY, noise(6400))
            + client.frame(TEXT, b'{"type":"eos"}')
        )
        assert client.take_json()["type"] == "ready"
        assert client.take_json()["text"] == "heard 6400 bytes"
        assert client.take_close().code == 1000
    assert bytes(received(upstream).audio) == noise(6400)


def test_an_upstream_that_opens_two_seconds_late_loses_nothing(gateway, upstream):
    def late(conn):
        conn.ended.wait(2)  # the latency under test
        echo(conn)

    upstream.stream = late
    audio = noise(400_000)
    with gateway.client().upgrade() as client:
        client.send_json(START)
        reader = Collector(client)
        for message in messages(audio):
            client.send_audio(message)
        finish(client, reader)
    assert bytes(received(upstream).audio) == audio


EARLY_BOUNDS = {"bytes": {"bytes": "256KiB"}, "seconds of audio": {"seconds": 2, "bytes": "64MiB"}}


@pytest.mark.parametrize("bounds", EARLY_BOUNDS.values(), ids=EARLY_BOUNDS.keys())
def test_early_audio_above_its_bound_waits_in_the_clients_socket(make_gateway, upstream, bounds):
    released = threading.Event()

    def late(conn):
        conn.accept()
        conn.take_start()
        released.wait(30)
        conn.send_text(READY)
        conn.take_until_eos(timeout=60)
        conn.finish()

    upstream.stream = late
    gateway = make_gateway(upstream, sessions={"ready_timeout": "30s", "early_audio": bounds})
    audio = noise(40 * MEGABYTE)
    with gateway.client().upgrade() as client:
        client.send_json(START)
        flat_while_pushing(gateway, client, audio, released)
    assert bytes(received(upstream).audio) == audio


def test_a_slow_upstream_holds_the_client_back_and_memory_flat(make_gateway, upstream):
    released = threading.Event()

    def slow(conn):
        conn.begin()
        released.wait(30)
        conn.take_until_eos(timeout=60)
        conn.finish()

    upstream.stream = slow
    gateway = make_gateway(upstream)
    audio = noise(40 * MEGABYTE)
    with gateway.session() as client:
        flat_while_pushing(gateway, client, audio, released)
    assert bytes(received(upstream).audio) == audio


def flat_while_pushing(gateway, client, audio, released):
    """Pushes more than all buffers hold; the pushing must come to a halt, and the gateway must not grow meanwhile."""
    before = gateway.resident_bytes()
    sent = [0]

    def push():
        for at in range(0, len(audio), 32_000):
            client.send_audio(audio[at : at + 32_000])
            sent[0] = at + 32_000
        client.send_eos()

    pushing = threading.Thread(target=push, daemon=True)
    pushing.start()
    stuck = settled(lambda: sent[0])
    grown = gateway.resident_bytes() - before
    assert stuck < len(audio), "nothing held the client back"
    released.set()
    assert client.take_close(60).code == 1000
    pushing.join(10)
    peak = gateway.resident_bytes() - before
    print(f"stuck after {stuck >> 10} KiB; resident memory grew by {grown >> 10} KiB, at the end {peak >> 10} KiB")
    assert max(grown, peak) < 8 * MEGABYTE


def test_a_slow_client_holds_the_upstream_back_and_memory_flat(make_gateway, upstream):
    sent = [0]

    def flood(conn):
        conn.begin()
        for number in range(4000):
            conn.final(f"{number} " + "x" * 10_000)
            sent[0] = number
        conn.finish()

    upstream.stream = flood
    gateway = make_gateway(upstream)
    before = gateway.resident_bytes()
    with gateway.session() as client:
        stuck = settled(lambda: sent[0])
        assert 0 < stuck < 3999, "nothing held the upstream back"
        assert gateway.resident_bytes() - before < 8 * MEGABYTE
        for number in range(4000):
            assert client.take_json()["text"].startswith(f"{number} ")
        assert client.take_close().code == 1000


TRANSCRIPTS = [
    '{"text":"plain","is_final":true}',
    '{ "is_final" : true ,\t"text" : "spaces  kept" }\n',
    '{"text":"ümläut 語 \U0001f98a","is_final":false}',
    r'{"text":"\u00fcml\u00e4ut \ud83e\udd8a \/ ","is_final":true}',
    '{"text":"twice","text":"the last"}',
    '{"type":"complete_thought","text":"a thought","confidence":0.1234567890123456789}',
    '{"type":"partial","text":""}',
    '{"type":"something-new","deep":[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]}',
    "not JSON at all",
    "",
    '{"text":"' + "long " * 60_000 + '"}',
]


def test_transcripts_come_back_byte_for_byte(gateway, upstream):
    def recite(conn):
        conn.begin()
        conn.take_until_eos()
        for text in TRANSCRIPTS:
            conn.send_text(text)
        conn.send_audio(b"\x00\xff binary, too")
        conn.finish()

    upstream.stream = recite
    with gateway.session() as client:
        client.send_eos()
        assert [client.take_text() for _ in TRANSCRIPTS] == TRANSCRIPTS
        assert client.take_message() == (BINARY, b"\x00\xff binary, too")
        assert client.take_close().code == 1000


def test_the_upstreams_fragments_are_relayed_as_they_come(gateway, upstream):
    whole = '{"text":"ümläut","is_final":true}'.encode()
    parts = [whole[:10], whole[10:11], b"", whole[11:]]  # cut inside the first ü

    def fragment(conn):
        conn.begin()
        conn.take_until_eos()
        for index, part in enumerate(parts):
            conn.send_frame(CONTINUATION if index else TEXT, part, fin=index == 3)
            conn.send_frame(PING, b"between")
        conn.finish()

    upstream.stream = fragment
    with gateway.session() as client:
        client.send_eos()
        frames = [client.take_frame() for _ in parts]
        assert client.take_close().code == 1000
    data = [(frame.opcode, frame.fin, frame.payload) for frame in frames if frame.opcode < 8]
    assert data == [(0 if i else TEXT, i == 3, part) for i, part in enumerate(parts)]
    assert not any(frame.masked or frame.rsv for frame in frames)


def test_messages_keep_their_place_among_the_audio(gateway, upstream):
    order = []

    def note(conn):
        conn.begin()
        conn.take_until_eos(order.append)
        conn.finish()

    upstream.stream = note
    with gateway.session(start={**START, "detect_thoughts": True}) as client:
        client.send_audio(b"1")
        client.send_json({"type": "ai_context", "text": "hello"})
        client.send_audio(b"2")
        client.send_json({"type": "thought_packet", "user_text": "u", "ai_text": "a"})
        client.send_audio(b"3")
        finish(client)
    received(upstream)
    assert order[::2] == [b"1", b"2", b"3"]
    assert [json.loads(text) for text in order[1::2]] == [
        {"type": "ai_context", "text": "hello"},
        {"type": "thought_packet", "user_text": "u", "ai_text": "a"},
    ]


def test_a_frame_that_never_became_whole_is_dropped(gateway, upstream):
    client = gateway.session()
    client.send(client.frame(BINARY, b"whole.") + client.frame(BINARY, b"this never ends", length=100))
    conn = upstream.next_stream()
    eventually(lambda: conn.audio, "the whole frame arrives")
    client.abandon()
    assert conn.ended.wait(10)
    assert bytes(conn.audio) == b"whole."


def test_a_fragmented_start_and_eos_are_understood(gateway, upstream):
    start = json.dumps(START).encode()
    with gateway.client().upgrade() as client:
        client.send(client.frame(TEXT, start[:5], fin=False) + client.frame(PING) + client.frame(0, start[5:]))
        assert client.take_json()["type"] == "ready"
        client.send_audio(b"ab")
        client.send(client.frame(TEXT, b'{"type":', fin=False) + client.frame(0, b'"eos"}'))
        assert client.take_close().code == 1000
    assert bytes(received(upstream).audio) == b"ab"
