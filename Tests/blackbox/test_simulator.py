"""The stand-in for the service: what its flags promise."""

import contextlib
import threading

import pytest
from support.client import RawClient
from support.peer import Ended
from support.programs import RECORDING, run
from support.waiting import settled

MEGABYTE = 1 << 20


def open_stream(simulator):
    """A client at the stand-in itself, whose session is ready."""
    with RawClient(simulator.address) as minting:
        token = minting.request("POST", "/api/v1/transcribe/streaming-token", [("X-API-Key", "any")]).json()["token"]
    return RawClient(simulator.address).open_session(target=f"/api/v1/transcribe/stream?streaming_token={token}")


def test_a_slow_reader_holds_its_client_back(make_simulator):
    simulator = make_simulator("--fault", "open:slow-reader=1000")
    sent = [0]
    with open_stream(simulator) as client:

        def push():
            with contextlib.suppress(Ended, OSError):  # the test ends while this waits
                for _ in range(16):
                    client.send_audio(bytes(MEGABYTE))
                    sent[0] += 1

        pushing = threading.Thread(target=push, daemon=True)
        pushing.start()
        assert settled(lambda: sent[0]) < 16, "nothing held the client back"


def test_a_reader_without_a_fault_holds_nobody_back(make_simulator):
    with open_stream(make_simulator()) as client:
        for _ in range(16):
            client.send_audio(bytes(MEGABYTE))
        client.send_eos()
        assert client.take_close(30).code == 1000


def final_of(simulator):
    """The text of the one final for a second of noise."""
    with open_stream(simulator) as client:
        client.send_audio(bytes(range(256)) * 125)
        client.send_eos()
        return client.take_json()["text"]


def test_a_recogniser_gives_the_texts(make_simulator, tmp_path):
    program = tmp_path / "recogniser"
    program.write_text('#!/bin/sh\necho "$1, $(head -c 4 "$2")"\n')
    program.chmod(0o755)
    assert final_of(make_simulator("--recognizer-command", f"{program} heard")) == "heard, RIFF"


def test_a_recogniser_that_fails_is_named_and_its_utterance_described(make_simulator):
    simulator = make_simulator("--recognizer-command", "false")
    assert final_of(simulator).startswith("utterance 1, ")
    simulator.expect(lambda: simulator.stderr, "a warning")
    assert simulator.stderr == ["warning: false ended with status 1; utterance 1 is described instead"]


UNUSABLE = {
    "a recogniser that is not there": ("--recognizer-command", "no-such-recogniser -x"),
    "a recogniser that is no program": ("--recognizer-command", str(RECORDING)),
    "transcripts that are not there": ("--transcripts", "/nowhere/texts.json"),
    "transcripts that are none": ("--transcripts", str(RECORDING)),
    "a key that is not there": ("--api-key-file", "/nowhere/key"),
    "a directory that cannot be made": ("--record", "/nowhere/at/all"),
}


@pytest.mark.parametrize(("option", "value"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_it_cannot_use_is_named_before_it_listens(option, value):
    done = run("simulate", "--listen", "127.0.0.1:0", option, value)
    assert (done.returncode, done.stdout) == (1, "")
    assert value.split()[0] in done.stderr, done
