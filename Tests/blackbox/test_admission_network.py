"""Credentials in clear text between machines: what is neither loopback nor behind a trusted proxy."""

import socket

import pytest
from support.client import STREAM, TOKEN, RawClient
from support.devices import Devices
from support.upstream import echo
from support.waiting import eventually


def own_address():
    """An address of this machine that is not loopback; who connects to it comes from it. `None` without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("198.51.100.1", 9))
        except OSError:
            return None
        address = sock.getsockname()[0]
    return None if address.startswith("127.") else address


ADDRESS = own_address()
pytestmark = pytest.mark.skipif(ADDRESS is None, reason="this machine has no address but loopback")
ORIGIN = "https://app.example.com"


class World:
    """A gateway that listens on an address of the network, in three ways."""

    def __init__(self, make_gateway, upstream, directory):
        self.devices = Devices(directory)
        self.gateway = make_gateway(
            upstream,
            listeners=[
                {"name": "public", "address": f"{ADDRESS}:0"},
                {"name": "careless", "address": f"{ADDRESS}:0", "plaintext_credentials": "allow"},
                {
                    **{"name": "proxied", "address": f"{ADDRESS}:0"},
                    **{"client_address": "x-forwarded-for", "trusted_proxies": [ADDRESS]},
                },
                {"name": "here", "address": "127.0.0.1:0"},
            ],
            access=[
                {"name": "kiosks", "match": {"device": "kiosk-*"}},
                {"name": "web", "match": {"origin": [ORIGIN]}},
            ],
            state_directory=str(directory),
        )
        self.token = self.devices.add("kiosk-1")
        eventually(lambda: self.ask("here", self.key) == 200, "the device is known", interval=0.2)

    @property
    def key(self):
        return [("X-API-Key", self.token)]

    def client(self, listener):
        return RawClient(self.gateway.listeners[listener])

    def ask(self, listener, headers):
        """The status of the token route, which is judged as a stream is."""
        with self.client(listener) as client:
            return client.request("POST", TOKEN, headers).status


@pytest.fixture
def world(make_gateway, make_upstream, tmp_path):
    return World(make_gateway, make_upstream(stream=echo), tmp_path / "state")


def test_credentials_in_clear_text_are_refused_between_machines(world):
    for target, headers in [(STREAM, world.key), (f"{STREAM}?streaming_token=fgt_x", [])]:
        with world.client("public") as client:
            answer = client.try_upgrade(target, headers)
            assert (answer.status, answer.problem()["code"]) == (400, "bad_request")
            assert "clear text" in answer.problem()["detail"] and "plaintext_credentials" in answer.problem()["detail"]
    assert world.ask("public", world.key) == 400
    # A trail of proxies that nobody trusts does not help, nor does the word of one that they used https.
    for name in ("X-Forwarded-For", "X-Real-IP", "Via", "X-Forwarded-Proto"):
        assert world.ask("public", [*world.key, (name, "127.0.0.1")]) == 400
    # Whether a token would have been good is not told.
    assert world.ask("public", [("X-API-Key", "fgd_" + "x" * 43)]) == 400


def test_who_needs_no_credential_needs_no_secrecy(world):
    assert world.ask("public", [("Origin", ORIGIN)]) == 200


@pytest.mark.parametrize("listener", ["careless", "here"])
def test_they_are_taken_where_that_is_allowed_and_on_loopback(world, listener):
    assert world.ask(listener, world.key) == 200


def test_they_are_taken_from_a_trusted_proxy(world):
    assert world.ask("proxied", [*world.key, ("X-Forwarded-For", "203.0.113.9")]) == 200


def test_a_messenger_on_loopback_whom_nobody_trusts_is_not_loopback(world):
    assert world.ask("here", [*world.key, ("X-Forwarded-For", "203.0.113.9")]) == 400
