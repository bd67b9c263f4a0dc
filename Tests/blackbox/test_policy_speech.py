"""What policies do to real speech: the utterances that a recording falls into, and the vendor's own messages."""

import json
import re

import pytest
from support.client import START
from support.policies import under
from support.programs import RECORDING, TRANSCRIPTS, Sdk
from support.upstream import echo

#: The vendor's recommended settings: the SDK example, and the two scenarios of its page.
AGGRESSIVE = {
    **{"threshold": 0.5, "min_silence_ms": 100, "speech_pad_ms": 200, "final_silence_s": 0.1, "start_trigger_ms": 36},
    **{"min_voiced_ms": 48, "min_chars": 1, "min_words": 1, "amp_extend": 1200, "force_decode_ms": 0, "debug": False},
}
DICTATION = {
    **{"threshold": 0.45, "min_silence_ms": 800, "speech_pad_ms": 200, "start_trigger_ms": 36},
    **{"min_voiced_ms": 100, "min_chars": 2, "min_words": 1, "force_decode_ms": 60_000},
}
NOISY = {
    **{"threshold": 0.65, "min_silence_ms": 400, "speech_pad_ms": 150, "start_trigger_ms": 100},
    **{"min_voiced_ms": 250, "min_chars": 1, "min_words": 1, "amp_extend": 0, "force_decode_ms": 0},
}
PRESETS = {"aggressive": AGGRESSIVE, "dictation": DICTATION, "noisy": NOISY}
UTTERANCE = re.compile(r"utterance \d+, ([\d.]+) s long, starting at ([\d.]+) s")


@pytest.fixture
def simulator(make_simulator):
    return make_simulator()


def listen(client, **start):
    """The recording's utterances under these settings: (length, beginning) in seconds."""
    audio = RECORDING.read_bytes()[44:]
    with client.open_session({**START, **start}) as client:
        for offset in range(0, len(audio), 32_000):
            client.send_audio(audio[offset : offset + 32_000])
        client.send_eos()
        assert client.take_ending(30)[1].code == 1000
        messages = [json.loads(text) for text in client.texts]
    finals = [message["text"] for message in messages if "text" in message and message.get("is_final", True)]
    return [tuple(map(float, UTTERANCE.match(text).groups())) for text in finals]


def listen_directly(make_gateway, simulator, **start):
    """The same under no limits at all."""
    return listen(make_gateway(simulator).client(timeout=30), **start)


def spoken(utterances):
    return sum(length for length, _ in utterances)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_a_silent_client_gets(make_gateway, simulator, name):
    gateway = make_gateway(simulator, **under(name))
    heard = listen(gateway.client(timeout=30))
    assert heard == listen_directly(make_gateway, simulator, vad=PRESETS[name])


def test_the_presets_cut_the_recording_as_the_vendor_says(make_gateway, simulator):
    gateway = make_gateway(simulator, **under("dictation", "noisy", "aggressive"))
    target = "/api/v1/transcribe/stream?policy="

    def heard(name):
        audio = RECORDING.read_bytes()[44:]
        with gateway.client(timeout=30).open_session(target=target + name) as client:
            client.send_audio(audio)
            client.send_eos()
            client.take_ending(30)
            texts = [json.loads(text).get("text", "") for text in client.texts]
        return [tuple(map(float, match.groups())) for match in map(UTTERANCE.match, texts) if match]

    dictation, noisy, aggressive = map(heard, ("dictation", "noisy", "aggressive"))
    assert len(dictation) == len(noisy) == 3, "one for each sentence"
    assert len(aggressive) > 3, "sentences fall apart at their short pauses"
    assert spoken(noisy) < spoken(dictation), "what is faint counts as noise"


def limited(make_gateway, simulator, **vad):
    return make_gateway(simulator, **under("limited", policies={"limited": {"vad": vad}})).client(timeout=30)


def test_a_clamped_min_silence_keeps_sentences_together(make_gateway, simulator):
    asked = {"min_silence_ms": 100}
    free = listen_directly(make_gateway, simulator, vad=asked)
    clamped = listen(limited(make_gateway, simulator, min_silence_ms={"min": 800}), vad=asked)
    assert len(free) > 3 and len(clamped) == 3
    assert clamped == listen_directly(make_gateway, simulator, vad={"min_silence_ms": 800})


def test_a_force_decode_of_never_becomes_the_longest_allowed(make_gateway, simulator):
    asked = {"min_silence_ms": 800, "force_decode_ms": 0}
    free = listen_directly(make_gateway, simulator, vad=asked)
    clamped = listen(limited(make_gateway, simulator, force_decode_ms={"max": 2000}), vad=asked)
    assert max(length for length, _ in free) > 4
    assert len(clamped) > len(free) and max(length for length, _ in clamped) < 2.5


def test_a_clamped_threshold_hears_what_the_client_would_have_missed(make_gateway, simulator):
    asked = {"min_silence_ms": 800, "threshold": 1.0}
    assert listen_directly(make_gateway, simulator, vad=asked) == []
    clamped = listen(limited(make_gateway, simulator, threshold={"max": 0.6}), vad=asked)
    assert len(clamped) == 3
    # And the other way: what is too faint for the least sensitive setting is left out.
    asked = {"min_silence_ms": 800, "threshold": 0.01}
    raised = listen(limited(make_gateway, simulator, threshold={"min": 0.6}), vad=asked)
    assert spoken(raised) < spoken(listen_directly(make_gateway, simulator, vad=asked))


@pytest.mark.parametrize("name", PRESETS)
def test_the_vendors_own_messages_pass_field_for_field(make_gateway, make_upstream, name):
    upstream = make_upstream(stream=echo)
    generous = {"vad": {"threshold": {"min": 0, "max": 1}, "min_silence_ms": {"min": 50}}, "on_violation": "reject"}
    gateway = make_gateway(upstream, **under("generous", policies={"generous": generous}))
    start = {**START, "single_utterance": False, "vad": PRESETS[name]}
    with gateway.session(start=start):
        assert upstream.next_stream().start == start


@pytest.mark.parametrize("query", ["", "?gateway_events=1"])
def test_the_sdk_hears_the_same_under_a_policy_that_adjusts_it(make_gateway, make_simulator, query):
    simulator = make_simulator("--transcripts", TRANSCRIPTS)
    gateway = make_gateway(simulator, **under("dictation"))
    status, events, errors = Sdk.run(
        "sdk_client.py",
        *("--base-url", gateway.base_url),
        *("--ws-url", gateway.stream_url + query),
        *("--recording", RECORDING),
        *("--message-bytes", 3200),
        *("--vad", "{}"),
    )
    assert (status, errors) == (0, "")
    expected = [utterance["text"] for utterance in json.loads(TRANSCRIPTS.read_text())["utterances"]]
    assert [event["text"] for event in events if event["event"] == "final"] == expected
    others = [event["event"] for event in events if event["event"] not in ("final", "partial")]
    assert others == ["open", "close", "sent"]
    record = gateway.ended_session("upstream_closed")
    assert (record["policy"], record["verdict"]) == ("dictation", "changed")
