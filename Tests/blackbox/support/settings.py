"""Configurations, written as YAML."""

import json
import os
import re

ORIGIN = "https://app.example.com"


def key_file(directory, key="the-key-of-the-operator"):
    """A file that holds an API key, as the gateway wants it: readable by its owner alone."""
    path = directory / "api-key"
    path.touch(mode=0o600)
    path.write_text(key + "\n")
    os.chmod(path, 0o600)
    return path


def settings(directory, token_url, stream_url, key="the-key-of-the-operator", **changes):
    """The usual configuration of a test: one listener, loopback and one origin admitted, logs as JSON.

    Every keyword replaces a whole section; of `sessions` the defaults are the program's own, but that a stop does not
    let sessions go on.
    `upstream` is merged, and None takes one of its keys out.
    """
    value = {
        "listeners": [{"name": "public", "address": "127.0.0.1:0"}],
        "admin": {"address": "127.0.0.1:0"},
        "upstream": {
            "token_url": token_url,
            "stream_url": stream_url,
            "api_key": {"file": str(key_file(directory, key))},
            # Tests script the token endpoint: a token is asked for when it is needed, not before.
            "token_pool": {"ceiling": 0},
        },
        "access": [
            {"name": "web", "match": {"origin": [ORIGIN]}},
            {"name": "local", "match": {"address": ["loopback"]}},
        ],
        "log": {"level": "info", "format": "json"},
        "sessions": {"drain_max": "0s", **changes.pop("sessions", {})},
    }
    value["upstream"].update(changes.pop("upstream", {}))
    value["upstream"] = {name: item for name, item in value["upstream"].items() if item is not None}
    value.update(changes)
    return value


def to_yaml(value, indent=0):
    """Block YAML of plain values. Durations, sizes and names stand plain, every other text quoted."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            if isinstance(item, (dict, list)) and item:
                lines.append(f"{pad}{key}:\n{to_yaml(item, indent + 1)}")
            else:
                lines.append(f"{pad}{key}: {to_yaml(item)}\n")
        return "".join(lines)
    if isinstance(value, list) and value:
        lines = []
        for item in value:
            text = to_yaml(item, indent + 1)
            lines.append(f"{pad}- {text.lstrip(' ')}" if isinstance(item, (dict, list)) else f"{pad}- {text}\n")
        return "".join(lines)
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]+", value):
        return value
    return json.dumps(value)
