"""Who may connect: every credential in every place and state, and every spelling of hosts, origins and addresses."""

import base64
import json
import time

import pytest
from support.client import STREAM, TOKEN
from support.devices import Devices
from support.settings import ORIGIN
from support.upstream import echo
from support.waiting import eventually

WILD = "https://*.pages.example"
ACCESS = [
    {"name": "kiosks", "match": {"device": ["kiosk-*"], "listener": "public"}},
    {"name": "backend", "match": {"device": "backend", "listener": "public"}, "tickets": {"on_behalf": True}},
    {"name": "web", "match": {"origin": [ORIGIN, WILD], "listener": "public"}},
    {"name": "open", "match": {"address": ["loopback"], "listener": "open"}},
    {"name": "proxied", "match": {"address": ["192.0.2.0/24", "2001:db8::/32"], "listener": ["xff", "forwarded"]}},
]
LISTENERS = [
    {"name": "public", "address": "127.0.0.1:0", "hosts": ["gateway.example", "kiosk.local"]},
    {"name": "open", "address": "127.0.0.1:0"},
    {
        **{"name": "xff", "address": "127.0.0.1:0"},
        **{"client_address": "x-forwarded-for", "trusted_proxies": ["127.0.0.1", "198.51.100.0/24"]},
    },
    {
        **{"name": "forwarded", "address": "127.0.0.1:0"},
        **{"client_address": "forwarded", "trusted_proxies": ["127.0.0.1"]},
    },
]


class World:
    """A gateway with devices and tickets in every state."""

    def __init__(self, gateway, devices):
        self.gateway, self.devices = gateway, devices
        self.tokens = {
            "valid": devices.add("kiosk-1"),
            "revoked": devices.add("kiosk-2"),
            "expired": devices.add("kiosk-3", "--expires", "1s"),
            "replaced": devices.add("kiosk-4"),
            "of another listener": devices.add("kiosk-6"),
            "malformed": "fgd_" + "A" * 43,
            "short": "fgd_x",
        }
        devices.do("revoke", "kiosk-2")
        devices.do("rotate", "kiosk-4")
        self.backend = devices.add("backend")
        self.leaver = devices.add("kiosk-5")
        eventually(lambda: self.get_ticket(self.backend)[0] == 200, "the devices are known", interval=0.2)
        expired = [("X-API-Key", self.tokens["expired"])]
        eventually(lambda: self.stream("open", expired)[0] == 401, "a token expires", interval=0.2)
        # Whose tickets outlive its token.
        self.left = [self.get_ticket(self.leaver)[1]["token"] for _ in PLACES]
        devices.do("revoke", "kiosk-5")
        left = [("X-API-Key", self.leaver)]
        eventually(lambda: self.stream("open", left)[1] == "credential_invalid", "a device is gone", interval=0.2)

    def client(self, listener):
        from support.client import RawClient

        return RawClient(self.gateway.listeners[listener])

    def stream(self, listener="public", headers=(), query="", host=True):
        """(status, code) of a handshake."""
        with self.client(listener) as client:
            answer = client.try_upgrade(STREAM + query, headers, host=host)
            return answer.status, answer.problem()["code"] if answer.status != 101 else None

    def get_ticket(self, token, body=None, headers=(), listener="public"):
        """(status, the answer's JSON)."""
        with self.client(listener) as client:
            sent = [("X-API-Key", token)] if token else []
            answer = client.request("POST", TOKEN, [*sent, *headers], json.dumps(body).encode() if body else b"")
            return answer.status, answer.json()

    def ticket(self, state):
        """A ticket in this state."""
        if state == "of a revoked device":
            return self.left.pop()
        if state == "malformed":
            return "fgt_" + "A" * 120
        if state == "of another gateway's secret":
            return "fgt_" + base64.urlsafe_b64encode(b'{"e":9999999999999,"i":"x","r":"web","c":"x"}' + bytes(32)).decode()
        body = {"client": "user-1"}
        if state == "expired":
            body["expires_in"] = 1
        status, answer = self.get_ticket(self.backend, body)
        assert status == 200, answer
        if state == "replayed":
            assert self.stream(query=f"?streaming_token={answer['token']}")[0] == 101
        if state == "expired":
            expires = time.monotonic() + 1.05
            eventually(lambda: time.monotonic() > expires, "the ticket has expired")
        if state == "changed":
            return answer["token"][:-2] + ("AA" if answer["token"][-2:] != "AA" else "BB")
        return answer["token"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from support.programs import Gateway
    from support.settings import settings
    from support.upstream import FakeUpstream

    directory, state = tmp_path_factory.mktemp("gateway"), tmp_path_factory.mktemp("state")
    with FakeUpstream(echo) as upstream:
        value = settings(directory, upstream.token_url, upstream.stream_url, access=ACCESS, listeners=LISTENERS)
        lifetime = {"ticket_lifetime": "5m"}
        gateway = Gateway(directory, {**value, "state_directory": str(state), "sessions": lifetime})
        try:
            yield World(gateway, Devices(state))
            assert gateway.alive(), gateway.output
        finally:
            gateway.destroy()


def bearer_subprotocol(secret):
    encoded = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    return [("Sec-WebSocket-Protocol", f"fennec.v1, bearer.{encoded}")]


PLACES = {
    "Authorization": lambda secret: ([("Authorization", f"Bearer {secret}")], ""),
    "X-API-Key": lambda secret: ([("X-API-Key", secret)], ""),
    "subprotocol": lambda secret: (bearer_subprotocol(secret), ""),
    "query": lambda secret: ([], f"?streaming_token={secret}"),
}
DEVICE_STATES = {
    "valid": (101, None),
    "revoked": (401, "credential_invalid"),
    "expired": (401, "credential_expired"),
    "replaced": (401, "credential_invalid"),
    "malformed": (401, "credential_invalid"),
    "short": (401, "credential_invalid"),
    "of another listener": (403, "address_refused"),
}
#: On which listener a credential is shown, unless on `public`.
SHOWN_ON = {"of another listener": "xff"}


def patiently(world, attempt, expected):
    """Failures are limited by address, and all of these come from one: then the limit is the answer for a while."""

    def look():
        found = attempt()
        return found if found != (429, "too_many_failures") else None

    assert eventually(look, "the limit on failures has passed", timeout=60, interval=0.5) == expected


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("state", DEVICE_STATES)
def test_device_tokens(world, place, state):
    headers, query = PLACES[place](world.tokens[state])
    expected = (400, "bad_request") if place == "query" else DEVICE_STATES[state]
    patiently(world, lambda: world.stream(SHOWN_ON.get(state, "public"), headers, query), expected)
    if state not in SHOWN_ON:
        # A failed credential never falls through to a rule that would have let the caller in without one.
        patiently(world, lambda: world.stream("open", headers, query), expected)


TICKET_STATES = {
    "valid": (101, None),
    "replayed": (401, "credential_invalid"),
    "expired": (401, "credential_expired"),
    "malformed": (401, "credential_invalid"),
    "changed": (401, "credential_invalid"),
    "of another gateway's secret": (401, "credential_invalid"),
    "of a revoked device": (401, "credential_invalid"),
    "of another listener": (403, "address_refused"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("state", TICKET_STATES)
def test_tickets(world, place, state):
    headers, query = PLACES[place](world.ticket(state))
    patiently(world, lambda: world.stream(SHOWN_ON.get(state, "public"), headers, query), TICKET_STATES[state])


@pytest.mark.parametrize("place", PLACES)
def test_absent_credentials(world, place):
    """An empty place holds none."""
    headers, query = PLACES[place]("")
    assert world.stream("public", headers, query) == (401, "credential_required")
    assert world.stream("open", headers, query) == (101, None)


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ([], "", (401, "credential_required")),
        ([("X-API-Key", "sk_live_somebodys_key")], "", (401, "credential_required")),
        ([("Authorization", "Basic dTpw")], "", (401, "credential_required")),
        ([("Authorization", "Bearer eyJh.eyJz.c2ln")], "", (401, "credential_required")),
        ([], "?api_key=x", (400, "bad_request")),
        ([("Sec-WebSocket-Protocol", "bearer.eA")], "", (400, "bad_request")),
    ],
)
def test_what_is_no_credential(world, headers, query, expected):
    assert world.stream("public", headers, query) == expected
    if expected[0] == 401:
        assert world.stream("open", headers, query) == (101, None)


def test_two_credentials_are_malformed(world):
    token = world.tokens["valid"]
    both = [("X-API-Key", token), ("Authorization", f"Bearer {token}")]
    assert world.stream("public", both) == (400, "bad_request")
    assert world.stream("public", [("X-API-Key", token)], "?streaming_token=fgt_x") == (400, "bad_request")


def test_the_401_says_what_is_wanted(world):
    with world.client("public") as client:
        answer = client.try_upgrade(STREAM)
    assert answer.header("www-authenticate") == "Bearer"
    assert "fgd_ followed by 43" in answer.problem()["detail"]


def test_a_subprotocol_is_echoed_and_never_the_credential(world):
    with world.client("public") as client:
        answer = client.try_upgrade(STREAM, bearer_subprotocol(world.tokens["valid"]))
    assert answer.status == 101
    assert answer.all("sec-websocket-protocol") == ["fennec.v1"]


ORIGINS = [
    (ORIGIN, 101),
    ("https://APP.example.com", 101),
    ("https://a.pages.example", 101),
    ("https://a-b.pages.example", 101),
    ("https://pages.example", 403),
    ("https://a.b.pages.example", 403),
    ("https://.pages.example", 403),
    ("https://*.pages.example", 403),
    ("http://a.pages.example", 403),
    ("https://a.pages.example:443", 403),
    ("https://a.pages.example.", 403),
    ("https://a.pages.example.evil.example", 403),
    ("https://evil.example#.pages.example", 403),
    ("https://-a.pages.example", 403),
    ("null", 403),
    ("", 403),
    ("https://app.example.com:443", 403),
    ("https://app.example.com/", 403),
    ("https://evil.example", 403),
    ("http://127.0.0.1", 403),
]


@pytest.mark.parametrize(("origin", "status"), ORIGINS)
def test_origins(world, origin, status):
    assert world.stream("public", [("Origin", origin)])[0] == status


def test_an_origin_is_never_admitted_by_a_rule_that_names_none(world):
    assert world.stream("open", [("Origin", "https://evil.example")]) == (403, "origin_refused")
    token = [("X-API-Key", world.tokens["valid"]), ("Origin", "https://evil.example")]
    assert world.stream("public", token) == (403, "origin_refused")
    assert world.stream("public", [("Origin", ORIGIN), ("Origin", ORIGIN)]) == (400, "bad_request")


HOSTS = [
    ("localhost", 101),
    ("LOCALHOST:1234", 101),
    ("localhost.", 101),
    ("127.0.0.1", 101),
    ("127.0.0.1:99", 101),
    ("gateway.example", 101),
    ("Gateway.Example.:443", 101),
    ("kiosk.local", 101),
    ("[::ffff:127.0.0.1]", 101),
    ("evil.example", 403),
    ("other.local", 403),
    ("a.gateway.example", 403),
    ("gateway.example.evil.example", 403),
    ("127.0.0.2", 403),
    ("0.0.0.0", 403),
    ("[::1]", 403),
    ("2130706433", 403),
    ("127.1", 403),
    ("localhost..", 403),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_hosts(world, host, status):
    found = world.stream("public", [("Origin", ORIGIN)], host=host)
    assert found == ((101, None) if status == 101 else (403, "host_refused"))


FORWARDED = [
    ("xff", [("X-Forwarded-For", "192.0.2.1")], 101),
    ("xff", [("X-Forwarded-For", "10.0.0.1, 192.0.2.1")], 101),
    ("xff", [("X-Forwarded-For", "192.0.2.1, 198.51.100.7")], 101),
    ("xff", [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "198.51.100.7")], 101),
    ("xff", [("X-Forwarded-For", "192.0.2.1:4711")], 101),
    ("xff", [("X-Forwarded-For", "::ffff:192.0.2.1")], 101),
    ("xff", [("X-Forwarded-For", "[2001:db8::1]:4711")], 101),
    ("xff", [("X-Forwarded-For", "2001:db8::1")], 101),
    ("xff", [("X-Forwarded-For", "192.0.2.1, 10.0.0.1")], 403),
    ("xff", [("X-Forwarded-For", "192.0.2.1, unknown")], 403),
    ("xff", [("X-Forwarded-For", "")], 403),
    ("xff", [("X-Forwarded-For", "127.0.0.1")], 403),
    ("xff", [("Forwarded", "for=192.0.2.1")], 403),
    ("xff", [("X-Real-IP", "192.0.2.1")], 403),
    ("xff", [], 403),
    ("forwarded", [("Forwarded", "for=192.0.2.1")], 101),
    ("forwarded", [("Forwarded", 'for="[2001:db8::1]:4711";proto=https')], 101),
    ("forwarded", [("Forwarded", "for=10.0.0.1, for=192.0.2.1;by=127.0.0.1")], 101),
    ("forwarded", [("Forwarded", 'for="192.0.2.1')], 403),
    ("forwarded", [("Forwarded", "for=_hidden")], 403),
    ("forwarded", [("Forwarded", "for=192.0.2.1"), ("Forwarded", "for=10.0.0.1")], 403),
    ("forwarded", [("X-Forwarded-For", "192.0.2.1")], 403),
    ("open", [], 101),
    ("open", [("X-Forwarded-For", "127.0.0.1")], 403),
    ("open", [("Forwarded", "for=127.0.0.1")], 403),
    ("open", [("X-Real-IP", "127.0.0.1")], 403),
    ("open", [("Via", "1.1 proxy")], 403),
]


@pytest.mark.parametrize(("listener", "headers", "status"), FORWARDED)
def test_forwarded_addresses(world, listener, headers, status):
    found = world.stream(listener, headers)
    assert found[0] == status, found


def test_a_backend_gets_tickets_for_others_and_nobody_else_does(world):
    body = {"client": "user-7", "origin": "https://customer.example", "expires_in": 30}
    status, answer = world.get_ticket(world.backend, body)
    assert (status, answer["expires_in"]) == (200, 30)
    query = f"?streaming_token={answer['token']}"
    assert world.stream("public", [], query) == (403, "origin_refused")
    assert world.stream("public", [("Origin", "https://customer.example")], query) == (101, None)
    status, answer = world.get_ticket(world.tokens["valid"], body)
    assert (status, answer["code"]) == (403, "policy_refused")
    assert world.get_ticket(world.backend, {"expires_in": 0})[0] == 400
    assert world.get_ticket(world.backend, {"policy": "no-such-policy"})[0] == 403


def test_a_ticket_keeps_to_its_rule(world):
    status, answer = world.get_ticket(world.tokens["valid"])
    assert status == 200
    query = f"?streaming_token={answer['token']}"
    assert world.stream("open", [], query) == (403, "address_refused"), "the rule names another listener"
    assert world.stream("public", [], query) == (101, None)


def test_a_ticket_gets_no_ticket(world):
    _, answer = world.get_ticket(world.tokens["valid"])
    with world.client("public") as client:
        assert client.request("POST", f"{TOKEN}?streaming_token={answer['token']}").status == 401


def test_nothing_secret_is_printed(world):
    for token in [*world.tokens.values(), world.backend]:
        assert token not in world.gateway.output
