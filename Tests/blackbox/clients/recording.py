"""What the clients share: the recording in pieces, and how they report."""

import argparse
import json
import wave


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--base-url", required=True, help="of the HTTP API, ending in /api/v1")
    parser.add_argument("--ws-url", required=True)
    parser.add_argument("--api-key", default="any-dummy-key")
    parser.add_argument("--recording", required=True)
    parser.add_argument("--message-bytes", type=int, required=True, help="size of an audio message")
    parser.add_argument("--vad", type=json.loads, default={}, help="the vad object, as JSON")
    return parser.parse_args()


def samples(path):
    """The PCM of a WAV file."""
    with wave.open(path) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (16000, 1, 2)
        return recording.readframes(recording.getnframes())


def pieces(audio, size):
    return (audio[at : at + size] for at in range(0, len(audio), size))


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)
