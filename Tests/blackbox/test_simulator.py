"""The stand-in for the service: what its flags promise."""

import contextlib
import threading

from support.client import RawClient
from support.peer import Ended
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
