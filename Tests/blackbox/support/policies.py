"""Policies as tests configure them."""

from .settings import ORIGIN

LIMITS = {
    "audio": {"sample_rate": [16000], "channels": [1]},
    "detect_thoughts": "deny",
    "vad": {
        "threshold": {"min": 0.3, "max": 0.8},
        "min_silence_ms": {"min": 200, "max": 2000, "default": 800},
        "force_decode_ms": {"min": 1000, "max": 60_000},
        "debug": False,
    },
}
POLICIES = {
    "strict": {**LIMITS, "on_violation": "reject"},
    "gentle": {**LIMITS, "on_violation": "clamp"},
    "watchful": {**LIMITS, "on_violation": "observe"},
    "terse": {"messages": {"allow": ["eos"], "otherwise": "reject"}},
    "deaf": {"messages": {"allow": ["ai_context"], "otherwise": "drop"}},
    "short": {"context": {"max_characters": 5}},
    "dictation": {"preset": "dictation"},
    "noisy": {"preset": "noisy"},
    "aggressive": {"preset": "aggressive"},
}


def under(first, *others, policies=None):
    """Sections of a configuration: whoever is let in is under the first policy and may ask for the others."""
    named = {"policy": first, "policies": list(others)} if others else {"policy": first}
    return {
        "policies": {name: (policies or POLICIES)[name] for name in (first, *others)},
        "access": [
            {"name": "web", "match": {"origin": [ORIGIN]}, **named},
            {"name": "local", "match": {"address": ["loopback"]}, **named},
        ],
    }
