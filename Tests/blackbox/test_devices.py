"""Devices: the command line, their sessions, and how they end."""

import json

import pytest
from support.client import STREAM, TOKEN
from support.devices import Devices
from support.programs import RECORDING, TRANSCRIPTS, Sdk
from support.upstream import echo
from support.waiting import eventually

ACCESS = [{"name": "kiosks", "match": {"device": "kiosk-*"}}]


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture
def devices(tmp_path):
    return Devices(tmp_path / "state")


@pytest.fixture
def gateway(make_gateway, upstream, devices):
    return make_gateway(upstream, access=ACCESS, state_directory=str(devices.directory))


def key(token):
    return [("X-API-Key", token)]


def known(gateway, token):
    """Waits until the gateway has taken note of a token."""

    def look():
        with gateway.client() as client:
            return client.request("POST", TOKEN, key(token)).status == 200

    # Every look is a failed attempt, and those are limited.
    eventually(look, "the device is known", timeout=3, interval=0.2)


def test_a_device_is_added_used_listed_and_taken_away(gateway, devices):
    token = devices.add("kiosk-1")
    known(gateway, token)
    with gateway.client().open_session(headers=key(token)) as client:
        client.send_audio(bytes(3200))
        client.take_json()
        devices.do("revoke", "kiosk-1")
        error, closed = client.take_ending(timeout=2)
        assert (error["code"], closed.code) == ("credential_revoked", 1008)
    record = gateway.ended_session("credential_revoked")
    assert record["client"] == "kiosk-1"
    with gateway.client() as client:
        assert client.try_upgrade(STREAM, key(token)).problem()["code"] == "credential_invalid"
    gateway.terminate()
    listed = json.loads(devices.do("list", "--json"))
    assert (listed["name"], listed["state"], listed["sessions"]) == ("kiosk-1", "revoked", 1)
    assert listed["last_seen"] and listed["audio_ms"] == 100
    assert token[4:] not in devices.do("list", "--json")


def test_rotation_ends_sessions_with_the_old_token_and_their_tickets(gateway, devices):
    old = devices.add("kiosk-1")
    known(gateway, old)
    with gateway.client() as client:
        ticket = client.request("POST", TOKEN, key(old)).json()["token"]
    with gateway.client().open_session(headers=key(old)) as client:
        new = devices.do("rotate", "kiosk-1")
        error, _ = client.take_ending(timeout=2)
        assert error["code"] == "credential_revoked"
    with gateway.client() as client:
        assert client.try_upgrade(f"{STREAM}?streaming_token={ticket}").status == 401
    with gateway.client().open_session(headers=key(new)):
        pass


def test_an_expired_token_ends_its_session_after_the_finals(gateway, devices):
    token = devices.add("kiosk-1", "--expires", "3s")
    known(gateway, token)
    with gateway.client().open_session(headers=key(token)) as client:
        error, closed = client.take_ending(timeout=8)
        assert (error["code"], closed.code) == ("credential_expired", 1008)


def test_the_sdk_is_a_device(make_gateway, make_simulator, devices):
    simulator = make_simulator("--transcripts", TRANSCRIPTS)
    gateway = make_gateway(simulator, access=ACCESS, state_directory=str(devices.directory))
    token = devices.add("kiosk-sdk")
    known(gateway, token)
    arguments = [
        *("--base-url", gateway.base_url, "--ws-url", gateway.stream_url, "--recording", RECORDING),
        *("--message-bytes", 3200, "--vad", "{}"),
    ]
    status, events, errors = Sdk.run("sdk_client.py", *arguments, "--api-key", token)
    assert status == 0, errors
    assert [event for event in events if event["event"] == "final"], events
    assert not [event for event in events if event["event"] == "error"], events
    assert gateway.ended_session("upstream_closed")["client"] == "kiosk-sdk"
    status, events, _ = Sdk.run("sdk_client.py", *arguments, "--api-key", "fgd_" + "x" * 43)
    assert status != 0 and not [event for event in events if event["event"] == "final"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("add", "kiosk-1"), 1, "exists"),
        (("revoke", "kiosk-2"), 1, "did you mean kiosk-1?"),
        (("rotate", "nobody"), 1, "there is no device nobody"),
        (("add", "a b"), 64, "name"),
        (("add", "kiosk-3", "--expires", "soon"), 64, "duration"),
    ],
)
def test_what_cannot_be_done(devices, arguments, status, words):
    devices.directory.mkdir()
    devices.add("kiosk-1")
    found, _, errors = devices.run(*arguments)
    assert found == status and words in errors


def test_a_policy_that_does_not_exist_is_refused(gateway, devices):
    status, _, errors = devices.run("add", "kiosk-1", "--policy", "nowhere", "--config", gateway.config)
    assert status == 1 and "no policy nowhere" in errors


def test_rules_for_devices_need_a_directory(make_gateway, upstream):
    with pytest.raises(AssertionError, match="set state_directory"):
        make_gateway(upstream, access=ACCESS)


def test_two_gateways_do_not_share_a_directory(make_gateway, upstream, gateway, devices):
    with pytest.raises(AssertionError, match="in use"):
        make_gateway(upstream, access=ACCESS, state_directory=str(devices.directory))
