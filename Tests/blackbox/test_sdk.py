"""The vendor's SDK, and clients after the vendor's examples: through the gateway as without it."""

import json

import pytest
from support.programs import RECORDING, TRANSCRIPTS, Sdk
from support.upstream import faithful

#: 20, 32, 100 and 1000 ms of 16 kHz PCM, then sizes that no sample respects.
MESSAGE_BYTES = [640, 1024, 3200, 32_000, 333, 4097]
VAD = {"threshold": 0.5, "min_silence_ms": 600, "speech_pad_ms": 200}
AGGRESSIVE = {
    **{"threshold": 0.5, "min_silence_ms": 100, "speech_pad_ms": 200, "final_silence_s": 0.1, "start_trigger_ms": 36},
    **{"min_voiced_ms": 48, "min_chars": 1, "min_words": 1, "amp_extend": 1200, "force_decode_ms": 0, "debug": False},
}


def run(script, target, size, vad=None):
    return Sdk.run(
        script,
        *("--base-url", target.base_url),
        *("--ws-url", target.stream_url),
        *("--recording", RECORDING),
        *("--message-bytes", size),
        *("--vad", json.dumps(vad or VAD)),
    )


def texts(events, *kinds):
    return [(event["event"], event["text"]) for event in events if event["event"] in kinds]


class Target:
    """The scripted upstream, as a client is pointed at it."""

    def __init__(self, upstream):
        self.base_url = upstream.token_url.removesuffix("/transcribe/streaming-token")
        self.stream_url = upstream.stream_url


@pytest.fixture
def simulator(make_simulator):
    return make_simulator("--transcripts", TRANSCRIPTS)


@pytest.mark.parametrize("vad", [VAD, AGGRESSIVE], ids=["calm", "aggressive"])
@pytest.mark.parametrize("size", MESSAGE_BYTES)
def test_the_sdk_hears_the_same_through_the_gateway(make_gateway, simulator, size, vad):
    gateway = make_gateway(simulator)
    direct_status, direct, direct_errors = run("sdk_client.py", simulator, size, vad)
    status, through, errors = run("sdk_client.py", gateway, size, vad)
    assert (direct_status, direct_errors) == (0, ""), "without the gateway, for comparison"
    assert (status, errors) == (0, "")
    finals = texts(through, "final")
    assert finals and finals == texts(direct, "final")
    assert texts(through, "partial") == texts(direct, "partial")
    assert [event["event"] for event in through if event["event"] not in ("final", "partial")] == [
        "open",
        "close",
        "sent",
    ]
    record = gateway.ended_session("upstream_closed")
    assert record["audio_bytes"] == RECORDING.stat().st_size - 44
    assert record["utterances"] == len(finals)


def test_the_sdk_hears_the_sentences_of_the_recording(make_gateway, simulator):
    gateway = make_gateway(simulator)
    _, events, errors = run("sdk_client.py", gateway, 1024, {**VAD, "min_silence_ms": 1000})
    expected = [utterance["text"] for utterance in json.loads(TRANSCRIPTS.read_text())["utterances"]]
    assert [text for _, text in texts(events, "final")] == expected, errors


@pytest.mark.parametrize("size", MESSAGE_BYTES)
@pytest.mark.parametrize("script", ["python_client.py", "node_like_client.py"])
def test_no_byte_is_lost_of_clients_that_do_not_wait_for_ready(gateway, upstream, script, size):
    def late(conn):
        conn.ended.wait(0.3)  # so that audio does come before the upstream is there
        faithful(conn)

    upstream.stream = late
    status, events, errors = run(script, gateway, size)
    assert (status, errors) == (0, "")
    (sent,) = [event["bytes"] for event in events if event["event"] == "sent"]
    assert sent > 500_000
    conn = upstream.next_stream()
    assert conn.ended.wait(10)
    audio = RECORDING.read_bytes()[44:]
    assert bytes(conn.audio) == audio[:sent]
    assert conn.eos_count == 1


def test_the_python_example_hears_the_same_through_the_gateway(make_gateway, simulator):
    gateway = make_gateway(simulator)
    _, direct, _ = run("python_client.py", simulator, 3200)
    status, through, errors = run("python_client.py", gateway, 3200)
    assert (status, errors) == (0, "")
    assert texts(through, "final", "partial") == texts(direct, "final", "partial")
    assert texts(through, "final")
    assert through[-1] == {"event": "close", "code": 1000}


@pytest.mark.parametrize("script", ["sdk_client.py", "python_client.py", "node_like_client.py"])
def test_the_clients_work_with_the_scripted_upstream_alone(upstream, script):
    status, events, errors = run(script, Target(upstream), 3200)
    assert (status, errors) == (0, "")
    (sent,) = [event["bytes"] for event in events if event["event"] == "sent"]
    conn = upstream.next_stream()
    assert conn.ended.wait(10)
    assert bytes(conn.audio) == RECORDING.read_bytes()[44:][:sent]
    if script != "node_like_client.py":  # that one closes before the last words
        assert texts(events, "final") == [("final", f"heard {sent} bytes")]
