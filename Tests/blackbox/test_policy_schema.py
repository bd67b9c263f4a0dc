"""The published schema and the policy agree: what it accepts passes unchanged, and nothing else does."""

import json
import random

import jsonschema
import pytest
from support.programs import ROOT, run
from support.settings import settings, to_yaml

POLICIES = {
    "sets": {
        "audio": {"sample_rate": [16000, 8000], "channels": 1},
        "single_utterance": {"default": True},
        "detect_thoughts": "require",
        "end_thought_eagerness": ["low", "medium"],
        "force_complete_time": {"min": 0.5, "on_violation": "reject"},
        "context": {"max_characters": 12},
        "unknown_fields": "pass",
        "vad": {
            "threshold": [0.25, 0.5, 0.75],
            "min_silence_ms": "require",
            "final_silence_s": 0.1,
            "force_decode_ms": {"min": 500},
            "amp_extend": {"min": 1, "max": 1},
            "min_words": "deny",
            "events": "deny",
        },
    },
    "watchful": {
        "on_violation": "observe",
        "unknown_fields": "reject",
        "audio": {"sample_rate": [8000]},
        "end_thought_eagerness": "deny",
        "context": {"rule": "require", "default": "names"},
        "vad": {"threshold": {"max": 0.5}, "force_decode_ms": {"max": 60000}, "debug": False},
    },
}
NUMBERS = {
    "sample_rate": [16000, 8000, 16000.0, 44100, 0],
    "channels": [1, 2, 0],
    "force_complete_time": [0, 0.5, 3, 10, 10.5, 0.49999],
    "threshold": [0, 0.25, 0.3, 0.45, 0.5, 0.65, 0.8, 1, 1.01, -0.1],
    "min_silence_ms": [0, 80, 100, 200, 300, 400, 800, 2000, 3000, 3001, -1, 2**63 - 1, 2**63],
    "final_silence_s": [0, 0.1, 0.3, 1.5],
    "amp_extend": [0, 1, 1200],
    "force_decode_ms": [0, 1, 499, 500, 5000, 15000, 60000, 120000, -1],
    "event_hz": [1, 10, 11, 0],
}
TOP = ["sample_rate", "channels", "force_complete_time"]
VAD = [name for name in NUMBERS if name not in TOP] + ["speech_pad_ms", "start_trigger_ms", "min_voiced_ms"]
VAD += ["min_chars", "min_words"]
ABSURD = [None, "1", True, 1.5, -1, [], {}, 1e300]


def value(chance, name):
    """Mostly something that a policy may have an opinion on."""
    if chance.random() < 0.04:
        return chance.choice(ABSURD)
    if name in ("single_utterance", "detect_thoughts", "debug", "events"):
        return chance.random() < 0.3
    if name == "end_thought_eagerness":
        return chance.choice(["low", "medium", "medium", "high", "highest"])
    if name == "context":
        return chance.choice(["", "names", "é" * 12, "x" * 13, "x" * 500, "x" * 501, "😀" * 300])
    return chance.choice(NUMBERS.get(name, [0, 1, 2, 36, 100, 150, 250]))


def change(chance, start):
    """Adds, changes or takes away one member."""
    vad = start.setdefault("vad", {})
    members, names = chance.choice(
        [
            (start, [*TOP, "single_utterance", "detect_thoughts", "end_thought_eagerness", "context"]),
            (vad, [*VAD, "debug", "events"]),
            (vad, [*VAD, "debug", "events"]),
        ]
    )
    action = chance.random()
    if action < 0.75:
        name = chance.choice(names)
        members[name] = value(chance, name)
    elif action < 0.85:
        members.pop(chance.choice(names), None)
    elif action < 0.95:
        members[chance.choice(["colour", "Threshold", "typ", ""])] = chance.choice(ABSURD)
    else:
        start["gateway"] = chance.choice([{}, {"events": True}, {"events": 1}, {"other": 1}, 3])


def explain(config, policy, start):
    message = json.dumps(start)
    done = run("policy", "explain", "--config", config, "--policy", policy, "--json", stdin=message)
    decision = json.loads(done.stdout)
    assert {"unchanged": 0, "changed": 1, "refused": 2}[decision["verdict"]] == done.returncode
    return decision


def is_left_alone(decision):
    return decision["verdict"] == "unchanged" and not any("reason" in field for field in decision["fields"])


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "gateway.yaml"
    path.write_text(to_yaml(settings(tmp_path, "http://127.0.0.1:1/t", "ws://127.0.0.1:1/s", policies=POLICIES)))
    return path


@pytest.mark.parametrize(
    ("policy", "seed"),
    [(policy, seed) for seed, policy in enumerate(["sets", "watchful", "dictation", "kiosk", "voice-agent"])],
)
def test_random_starts_pass_as_the_schema_says(written, policy, seed):
    config = written if policy in POLICIES else ROOT / "config/cookbook.yaml"
    schema = json.loads(run("policy", "schema", policy, "--config", config).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    chance = random.Random(seed)
    # What the policy makes of silence is a good place to start from.
    first = explain(config, policy, {"type": "start", "vad": {"min_silence_ms": 400}})
    base = first["upstream"]
    if policy == "watchful":
        base = {"type": "start", "sample_rate": 8000, "context": "x", "vad": {"debug": False}}
    assert is_left_alone(explain(config, policy, base)) and validator.is_valid(base)
    accepted = 0
    for _ in range(60):
        start = json.loads(json.dumps(base))
        for _ in range(chance.choice([1, 1, 1, 2, 3, 5])):
            change(chance, start)
        decision = explain(config, policy, start)
        valid = validator.is_valid(start)
        assert valid == is_left_alone(decision), (start, decision, [e.message for e in validator.iter_errors(start)])
        accepted += valid
    assert 5 <= accepted <= 55, f"a lopsided sample: {accepted} of 60 accepted"


@pytest.mark.parametrize("policy", ["dictation", "dictation-noisy", "kiosk", "call-centre", "voice-agent", "base"])
def test_what_comes_of_a_decision_satisfies_the_schema(policy):
    config = ROOT / "config/cookbook.yaml"
    validator = jsonschema.Draft202012Validator(
        json.loads(run("policy", "schema", policy, "--config", config).stdout)
    )
    chance = random.Random(policy)
    sent = 0
    for _ in range(25):
        start = {"type": "start"}
        for _ in range(chance.randrange(8)):
            change(chance, start)
        decision = explain(config, policy, start)
        if "upstream" in decision:
            assert validator.is_valid(decision["upstream"]), (start, decision)
            sent += 1
    assert sent > 0
