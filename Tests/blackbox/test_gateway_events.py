"""`gateway.policy`: who gets it, when, and what stands in it."""

import json

import pytest
from support.client import START, STREAM
from support.frames import BINARY, CONTINUATION, TEXT
from support.upstream import READY, answer_pings_forever, echo

ASKS = f"{STREAM}?gateway_events=1"
COLOURED = {**START, "colour": "red"}


def texts(client, count):
    """The next messages of a session, by what they are."""
    return [client.take_json() for _ in range(count)]


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def test_an_event_tells_of_settings_and_adjustments_right_after_ready(gateway):
    with gateway.client().upgrade(target=ASKS) as client:
        client.send_json(COLOURED)
        ready, event = texts(client, 2)
        assert ready == {"type": "ready"}
        (adjustment,) = event.pop("adjustments")
        assert event == {
            "type": "gateway.policy",
            "policy": "default",
            "verdict": "changed",
            "settings": {"sample_rate": 16000, "channels": 1},
        }
        assert (adjustment["field"], adjustment["reason"]) == ("colour", "unknown")
        client.send_audio(bytes(2))
        assert client.take_json()["text"] == "heard 2 bytes"


def test_asking_in_start_does_as_well_and_goes_no_further(gateway, upstream):
    with gateway.client().upgrade() as client:
        client.send_json({**START, "gateway": {"events": True}})
        assert [message["type"] for message in texts(client, 2)] == ["ready", "gateway.policy"]
    assert upstream.next_stream().start == START


@pytest.mark.parametrize("target", [STREAM, f"{STREAM}?gateway_events=0", f"{STREAM}?gateway_events=true"])
@pytest.mark.parametrize("gateway_member", [{}, {"gateway": {}}, {"gateway": {"events": False}}])
def test_who_does_not_ask_gets_none(gateway, target, gateway_member):
    with gateway.client().open_session({**COLOURED, **gateway_member}, target=target) as client:
        client.send_audio(bytes(4))
        assert client.take_json()["text"] == "heard 4 bytes"
        client.send_eos()
        client.take_ending()
        assert len(client.texts) == 3


def test_nothing_comes_before_ready_or_between_ready_and_the_event(gateway, upstream):
    def chatty(conn):
        conn.accept()
        conn.take_start()
        early = conn.frame(TEXT, b'{"type":"debug"}')
        late = conn.frame(TEXT, b'{"text":"at once","is_final":true}')
        # One packet: what follows ready must still come behind the event.
        conn.send(early + conn.frame(TEXT, READY.encode()) + late * 3)
        answer_pings_forever(conn)

    upstream.stream = chatty
    with gateway.client().upgrade(target=ASKS) as client:
        client.send_json(START)
        kinds = [message.get("type", "transcript") for message in texts(client, 6)]
        assert kinds == ["debug", "ready", "gateway.policy", *["transcript"] * 3]


def test_a_ready_in_fragments_is_whole_before_the_event(gateway, upstream):
    def fragmenting(conn):
        conn.accept()
        conn.take_start()
        conn.send_frame(TEXT, b'{"type"', fin=False)
        conn.send_frame(CONTINUATION, b':"ready"', fin=False)
        conn.send_frame(CONTINUATION, b"}")
        answer_pings_forever(conn)

    upstream.stream = fragmenting
    with gateway.client().upgrade(target=ASKS) as client:
        client.send_json(START)
        assert [message["type"] for message in texts(client, 2)] == ["ready", "gateway.policy"]


def test_a_made_up_ready_comes_before_the_event(make_gateway, upstream):
    def silent(conn):
        conn.accept()
        conn.take_start()
        answer_pings_forever(conn)

    upstream.stream = silent
    gateway = make_gateway(upstream, sessions={"ready_timeout": "200ms", "missing_ready": "proceed"})
    with gateway.client().upgrade(target=ASKS) as client:
        client.send_json(START)
        assert [message["type"] for message in texts(client, 2)] == ["ready", "gateway.policy"]


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_made_up_ready_waits_for_the_end_of_an_open_message(make_gateway, upstream, opcode):
    def stuck(conn):
        conn.accept()
        conn.take_start()
        conn.send_frame(opcode, b'{"type":', fin=False)
        # The audio is let go when ready is made up; then the message may end.
        conn.take_message()
        conn.send(conn.frame(CONTINUATION, b'"debug"}') + conn.frame(TEXT, b'{"text":"a word"}'))
        answer_pings_forever(conn)

    upstream.stream = stuck
    gateway = make_gateway(upstream, sessions={"ready_timeout": "200ms", "missing_ready": "proceed"})
    with gateway.client().upgrade(target=ASKS) as client:
        client.send_json(START)
        client.send_audio(bytes(2))
        messages = [json.loads(client.take_message()[1]) for _ in range(4)]
        kinds = [message.get("type", "transcript") for message in messages]
        assert kinds in (
            ["debug", "ready", "gateway.policy", "transcript"],
            # Binary frames of one read travel together.
            *([["debug", "transcript", "ready", "gateway.policy"]] if opcode == BINARY else []),
        )
