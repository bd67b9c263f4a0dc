"""The configurations in `config/`: they load, and their policies do what their comments say."""

import json

import pytest
from support.programs import ROOT, run

COOKBOOK = ROOT / "config/cookbook.yaml"


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_every_example_is_right_and_gives_no_warning(path):
    done = run("check-config", path)
    assert (done.returncode, done.stderr) == (0, ""), done


@pytest.mark.parametrize(
    ("path", "policies"),
    [
        ("cookbook", ["base", "dictation", "dictation-noisy", "kiosk", "call-centre", "voice-agent"]),
        ("presets", ["dictation", "noisy", "aggressive"]),
        ("fennec-gateway", ["dictation", "default"]),
    ],
)
def test_every_policy_is_listed_shown_and_explained(path, policies):
    config = ROOT / f"config/{path}.yaml"
    listed = json.loads(run("policy", "list", "--config", config, "--json").stdout)["policies"]
    assert [policy["policy"] for policy in listed] == policies
    for policy in policies:
        assert run("policy", "show", policy, "--config", config).returncode == 0
        done = run("policy", "explain", "--config", config, "--policy", policy, stdin='{"type":"start"}')
        assert done.returncode in (0, 1), done


def explain(policy, start):
    """(exit status, the reasons by field, what goes upstream, the gateway's words)."""
    message = json.dumps({"type": "start", **start})
    done = run("policy", "explain", "--config", COOKBOOK, "--policy", policy, "--json", stdin=message)
    decision = json.loads(done.stdout)
    asked = {field["field"]: field.get("reason") for field in decision["fields"] if "asked" in field}
    return done.returncode, asked, decision.get("upstream"), decision.get("error", {}).get("message")


def test_a_writer_who_asks_for_too_much_gets_the_nearest():
    status, reasons, upstream, _ = explain(
        "dictation",
        {
            "sample_rate": 16000,
            "context": "Zoë, " * 200,
            "detect_thoughts": True,
            "vad": {"threshold": 0.1, "min_silence_ms": 5000, "force_decode_ms": 0, "debug": True},
        },
    )
    assert status == 1
    assert reasons == {
        "sample_rate": None,
        "context": "max",
        "detect_thoughts": "denied",
        "vad.threshold": "min",
        "vad.min_silence_ms": "max",
        "vad.force_decode_ms": "max",
        "vad.debug": "fixed",
    }
    assert upstream["context"] == ("Zoë, " * 200)[:500]
    assert upstream["detect_thoughts"] is False
    expected = {"threshold": 0.3, "min_silence_ms": 3000, "force_decode_ms": 120_000, "debug": False}
    assert {name: upstream["vad"][name] for name in expected} == expected


def test_a_noisy_room_has_its_own_defaults_in_the_same_limits():
    _, _, silent, _ = explain("dictation-noisy", {})
    assert (silent["vad"]["threshold"], silent["vad"]["force_decode_ms"]) == (0.65, 60_000)
    _, reasons, upstream, _ = explain("dictation-noisy", {"vad": {"threshold": 0.95}})
    assert (reasons, upstream["vad"]["threshold"]) == ({"vad.threshold": "max"}, 0.8)


def test_a_kiosk_listens_once_and_hears_little():
    status, reasons, upstream, _ = explain(
        "kiosk",
        {
            "single_utterance": False,
            "context": "say yes",
            "vad": {"threshold": 0.3, "amp_extend": 1200, "min_voiced_ms": 48, "force_decode_ms": 0},
        },
    )
    assert (status, upstream["single_utterance"], "context" in upstream) == (1, True, False)
    assert reasons == {
        "single_utterance": "fixed",
        "context": "denied",
        "vad.threshold": "min",
        "vad.amp_extend": "fixed",
        "vad.min_voiced_ms": "min",
        "vad.force_decode_ms": "max",
    }
    expected = {"threshold": 0.55, "amp_extend": 0, "min_voiced_ms": 150, "force_decode_ms": 15_000}
    assert {name: upstream["vad"][name] for name in expected} == expected


def test_a_kiosk_that_sends_another_format_is_refused():
    status, _, _, words = explain("kiosk", {"sample_rate": 44100})
    assert (status, words) == (2, "sample_rate must be 16000 (hertz), not 44100.")


def test_a_call_centre_hears_of_its_mistakes_and_keeps_its_slider():
    status, _, _, words = explain("call-centre", {"colour": 1, "vad": {"threshold": 0.1, "min_silence_ms": 9000}})
    assert status == 2
    assert words == "vad.threshold must be from 0.5 to 0.8, not 0.1. colour must be left out, not a number."
    status, reasons, upstream, _ = explain("call-centre", {"vad": {"min_silence_ms": 9000}})
    assert (status, reasons, upstream["vad"]["min_silence_ms"]) == (1, {"vad.min_silence_ms": "max"}, 1500)


def test_a_voice_agent_gets_thoughts_and_answers_soon():
    status, reasons, upstream, _ = explain(
        "voice-agent", {"end_thought_eagerness": "high", "vad": {"min_silence_ms": 20, "final_silence_s": 2}}
    )
    assert status == 1
    assert reasons == {
        "end_thought_eagerness": "denied",
        "vad.min_silence_ms": "min",
        "vad.final_silence_s": "max",
    }
    assert (upstream["detect_thoughts"], upstream["end_thought_eagerness"]) == (True, "medium")
    assert (upstream["force_complete_time"], upstream["vad"]["events"]) == (3, True)
    assert (upstream["vad"]["min_silence_ms"], upstream["vad"]["final_silence_s"]) == (80, 0.3)
    shown = json.loads(run("policy", "show", "voice-agent", "--config", COOKBOOK, "--json").stdout)
    assert shown["messages"] == {"allow": ["eos", "ai_context", "thought_packet"], "otherwise": "reject"}
