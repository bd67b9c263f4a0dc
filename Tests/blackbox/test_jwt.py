"""JWTs of the operator's own identity provider: every way in which one can be wrong, and what a good one gives."""

import base64
import json
import signal
import time

import pytest
import trustme
from support.client import STREAM, TOKEN, RawClient
from support.settings import to_yaml
from support.tokens import ISSUER, Key, KeyServer, encode, jwt, with_hmac
from support.upstream import echo
from support.waiting import eventually

OTHER = "https://other.example.com"
ACCESS = [
    {"name": "admins", "match": {"jwt": {"claims": {"realm.roles": ["admin", "root"]}}}, "policies": ["noisy"]},
    {"name": "other", "match": {"jwt": {"issuer": OTHER}, "address": "loopback"}},
    {"name": "users", "match": {"jwt": {"issuer": ISSUER, "audience": "fennec-gateway"}}, "limits": "wide"},
]
LIMITS = {
    "wide": {"per_client": {"concurrent_streams": 5}},
    "narrow": {"per_client": {"concurrent_streams": 1}},
}


class World:
    """A gateway that believes two issuers: one with a file of keys, one that serves them."""

    def __init__(self, make_gateway, upstream, directory, refresh="10m", **changes):
        self.rsa, self.ec, self.ed = Key("rsa-1"), Key("ec-1", "ES256"), Key("ed-1", "EdDSA")
        self.stranger, self.fetched = Key("rsa-1"), Key("web-1")
        self.file = directory / "jwks.json"
        self.write(self.rsa, self.ec, self.ed)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(directory / "ca.pem"))
        self.server = KeyServer(authority.issue_cert("localhost"))
        self.server.keys = [self.fetched.jwk]
        issuers = [
            {
                "issuer": ISSUER, "audience": ["fennec-gateway", "second"], "keys": {"file": str(self.file)},
                "algorithms": ["RS256", "ES256", "EdDSA"], "policy": "fennec_policy", "limits": "fennec_limits",
                "end_sessions": True,
            },
            {
                "issuer": OTHER, "audience": "fennec-gateway",
                "keys": {"url": self.server.url, "ca_file": str(directory / "ca.pem"), "refresh": refresh},
            },
        ]  # fmt: skip
        state = directory / "state"
        state.mkdir()
        policies = {"default": {}, "noisy": {"preset": "noisy"}, "bound": {"audio": {"sample_rate": 16000}}}
        self.gateway = make_gateway(
            upstream, jwt=issuers, access=ACCESS, limits=LIMITS, policies=policies, state_directory=str(state), **changes
        )

    def write(self, *keys):
        self.file.write_text(json.dumps({"keys": [key.jwk for key in keys]}))

    def stream(self, token, place="Authorization", query=""):
        """(status, code) of a handshake."""
        headers = {
            "Authorization": [("Authorization", f"Bearer {token}")],
            "X-API-Key": [("X-API-Key", token)],
            "subprotocol": [("Sec-WebSocket-Protocol", f"fennec.v1, bearer.{token}")],
            "encoded subprotocol": [("Sec-WebSocket-Protocol", f"fennec.v1, bearer.{encode(token.encode())}")],
            "query": [],
        }[place]
        if place == "query":
            query = f"?streaming_token={token}"
        with self.gateway.client() as client:
            answer = client.try_upgrade(STREAM + query, headers)
            return answer.status, answer.problem()["code"] if answer.status != 101 else None

    def patiently(self, token, expected, **options):
        """Failures are limited by address, and all of these come from one: then that is the answer for a while."""

        def look():
            found = self.stream(token, **options)
            return found if found != (429, "too_many_failures") else None

        assert eventually(look, "the limit on failures has passed", timeout=60, interval=0.5) == expected


@pytest.fixture
def make_world(make_gateway, make_upstream, tmp_path):
    made = []

    def make(**changes):
        made.append(World(make_gateway, make_upstream(stream=echo), tmp_path, **changes))
        return made[-1]

    yield make
    for world in made:
        world.server.close()


@pytest.fixture
def world(make_world):
    return make_world()


PLACES = ["Authorization", "X-API-Key", "subprotocol", "encoded subprotocol"]


def test_a_good_one_is_good_in_every_place_but_the_url(world):
    for place in PLACES:
        for key in [world.rsa, world.ec, world.ed]:
            assert world.stream(jwt(key), place) == (101, None), (place, key.algorithm)
    assert world.stream(jwt(world.rsa), "query") == (400, "bad_request")
    with world.gateway.client() as client:
        token = jwt(world.rsa)
        answer = client.try_upgrade(STREAM, [("Authorization", f"Bearer {token}"), ("X-API-Key", token)])
        assert answer.status == 400
    assert world.stream("", "Authorization") == (401, "credential_required")


def bad_tokens(world):
    """Every way in which a token can be wrong, and what is said to it."""
    now = int(time.time())
    invalid, expired = (401, "credential_invalid"), (401, "credential_expired")
    head, body, signature = jwt(world.rsa).split(".")
    other_body = encode(json.loads(base64.urlsafe_b64decode(body + "==")) | {"sub": "somebody-else"})
    yield "expired", jwt(world.rsa, exp=now - 61), expired
    yield "within the leeway", jwt(world.rsa, exp=now - 30), (101, None)
    yield "no exp", jwt(world.rsa, exp=None), invalid
    yield "exp as a text", jwt(world.rsa, exp=str(now + 600)), invalid
    yield "not yet good", jwt(world.rsa, nbf=now + 120), invalid
    yield "nearly good", jwt(world.rsa, nbf=now + 30), (101, None)
    yield "another audience", jwt(world.rsa, aud="somebody"), invalid
    yield "no audience", jwt(world.rsa, aud=None), invalid
    yield "two audiences", jwt(world.rsa, aud=["x", "fennec-gateway"]), (101, None)
    yield "another issuer", jwt(world.rsa, iss="https://evil.example"), invalid
    yield "no issuer", jwt(world.rsa, iss=None), invalid
    yield "an issuer whose key it is not", jwt(world.rsa, iss=OTHER), invalid
    yield "no subject", jwt(world.rsa, sub=None), invalid
    yield "no algorithm and no signature", jwt(world.rsa, {"alg": "none"}, lambda _: b""), invalid
    yield "no algorithm in other letters", jwt(world.rsa, {"alg": "None"}, lambda _: b""), invalid
    yield "no algorithm, no kid", jwt(world.rsa, {"alg": "none", "kid": None}, lambda _: b""), invalid
    yield "the signature left out", f"{head}.{body}.", invalid
    yield "HS256 with the public key in PEM", jwt(world.rsa, {"alg": "HS256"}, with_hmac(world.rsa.pem)), invalid
    modulus = base64.urlsafe_b64decode(world.rsa.jwk["n"] + "==")
    yield "HS256 with the modulus", jwt(world.rsa, {"alg": "HS256"}, with_hmac(modulus)), invalid
    yield "HS256 under the name RS256", jwt(world.rsa, sign=with_hmac(world.rsa.pem)), invalid
    yield "an unknown kid", jwt(world.rsa, {"kid": "rsa-2"}), invalid
    yield "no kid, and one key of this algorithm", jwt(world.rsa, {"kid": None}), (101, None)
    yield "the kid of a key of another kind", jwt(world.rsa, {"kid": "ec-1"}), invalid
    yield "the algorithm of another key", jwt(world.rsa, {"alg": "ES256"}), invalid
    yield "an algorithm that is not allowed", jwt(world.rsa, {"alg": "RS512"}), invalid
    yield "another's key under the same kid", jwt(world.stranger), invalid
    yield "a key of its own in the header", jwt(world.stranger, {"jwk": world.stranger.jwk}), invalid
    yield "an address of keys in the header", jwt(world.stranger, {"jku": world.server.url}), invalid
    yield "an extension that nobody knows", jwt(world.rsa, {"crit": ["x"], "x": 1}), invalid
    yield "other claims under the signature", f"{head}.{other_body}.{signature}", invalid
    yield "a signature with a bit changed", jwt(world.rsa, sign=lambda data: world.rsa.sign(data)[:-1] + b"x"), invalid
    yield "an ECDSA signature of zeros", jwt(world.ec, sign=lambda _: bytes(64)), invalid
    yield "an ECDSA signature in DER", jwt(world.ec, sign=lambda data: b"0E\x02\x20" + world.ec.sign(data)), invalid
    yield "claims that are no JSON", jwt(world.rsa, body=b"nonsense"), invalid
    yield "a name twice", jwt(world.rsa, body=f'{{"iss":"{ISSUER}","aud":"fennec-gateway","sub":"a","sub":"b","exp":{now + 99}}}'.encode()), invalid
    yield "a byte too many", jwt(world.rsa) + "=", invalid
    yield "too long", jwt(world.rsa, filler="x" * 9000), invalid
    yield "four parts", jwt(world.rsa) + ".x", (401, "credential_required")
    yield "somebody's key", "sk_live_somebodys_key", (401, "credential_required")


def test_every_other_one_is_refused(world):
    eventually(lambda: world.server.requests, "the other issuer's keys are fetched")
    for name, token, expected in bad_tokens(world):
        try:
            world.patiently(token, expected)
        except AssertionError as error:
            raise AssertionError(name) from error
    # A failed one never falls through to a rule that asks for none.
    assert not any(part in world.gateway.output for part in [jwt(world.rsa).split(".")[1][:40], "somebodys"])


def test_claims_choose_rule_policy_and_limits(world):
    def records():
        return [line for line in world.gateway.objects(world.gateway.stderr) if line.get("message") == "session ended"]

    def ended(token, query=""):
        before = len(records())
        with world.gateway.client() as client:
            client.upgrade(STREAM + query, [("Authorization", f"Bearer {token}")])
            client.send_json({"type": "start"})
            client.take_json()
            client.send_eos()
            client.take_close()
        session = eventually(lambda: records()[before:], "the session is accounted for")[0]
        return session["rule"], session["policy"], session["client"]

    assert ended(jwt(world.rsa)) == ("users", "default", "user-7")
    assert ended(jwt(world.rsa, realm={"roles": ["x", "admin"]})) == ("admins", "default", "user-7")
    assert ended(jwt(world.rsa, realm={"roles": "root"}), "?policy=noisy") == ("admins", "noisy", "user-7")
    assert ended(jwt(world.rsa, fennec_policy="bound", sub="u 8")) == ("users", "bound", "u 8")
    assert world.stream(jwt(world.rsa, fennec_policy="bound"), query="?policy=noisy") == (403, "policy_refused")
    assert world.stream(jwt(world.rsa, fennec_policy="none-such")) == (403, "policy_refused")
    assert world.stream(jwt(world.rsa, fennec_limits="none-such")) == (403, "policy_refused")
    assert world.stream(jwt(world.rsa, fennec_policy=7)) == (401, "credential_invalid")


def test_limits_count_by_who_the_token_says_it_is(world):
    narrow = {"fennec_limits": "narrow"}

    def open_one(token):
        return world.gateway.client().open_session(headers=[("Authorization", f"Bearer {token}")])

    with open_one(jwt(world.rsa, **narrow)):
        assert world.stream(jwt(world.ec, **narrow)) == (429, "too_many_sessions")
        with open_one(jwt(world.rsa, sub="user-8", **narrow)), open_one(jwt(world.rsa)):
            pass


def test_a_ticket_carries_what_the_token_gave(world):
    token = jwt(world.rsa, fennec_policy="bound", fennec_limits="narrow")
    with world.gateway.client() as client:
        answer = client.request("POST", TOKEN, [("X-API-Key", token)])
        assert answer.status == 200, answer.body
        ticket = answer.json()["token"]
        assert ticket.startswith("fgt_")
        client.open_session(target=f"{STREAM}?streaming_token={ticket}")
        assert world.stream(token) == (429, "too_many_sessions")
        client.send_eos()
        client.take_close()
    session = world.gateway.ended_session("upstream_closed")
    assert (session["rule"], session["policy"], session["client"]) == ("users", "bound", "user-7")
    # It lasts no longer than the token.
    with world.gateway.client() as client:
        answer = client.request("POST", TOKEN, [("X-API-Key", jwt(world.rsa, exp=int(time.time()) - 50))])
        assert 0 < answer.json()["expires_in"] <= 10


def test_a_session_ends_with_its_token_after_a_warning(world):
    token = jwt(world.rsa, exp=int(time.time()) + 3)
    with world.gateway.client() as client:
        client.open_session(target=STREAM + "?gateway_events=1", headers=[("Authorization", f"Bearer {token}")])
        client.send_audio(bytes(640))
        messages, closed = [], client.take_close()
        messages = [json.loads(text) for text in client.texts]
        assert (closed.code, closed.reason) == (1008, "credential_expired")
    (warning,) = [message for message in messages if message["type"] == "gateway.warning"]
    assert warning["warning"] == "credential_expires" and warning["expires_at"].endswith("Z")
    (error,) = [message for message in messages if message.get("origin") == "gateway"]
    assert error["code"] == "credential_expired"
    texts = [message.get("text") for message in messages]
    assert "the last words" in texts, "the last finals come first"


def test_a_session_without_that_goes_on(world):
    eventually(lambda: world.server.requests, "the keys are fetched")
    token = jwt(world.fetched, iss=OTHER, exp=int(time.time()) + 2)
    eventually(lambda: world.stream(token) == (101, None), "the keys are known", interval=0.2)
    with world.gateway.client().open_session(headers=[("Authorization", f"Bearer {token}")]) as client:
        expires = time.monotonic() + 3
        eventually(lambda: time.monotonic() > expires, "the token has expired", interval=0.1)
        client.send_audio(bytes(640))
        assert client.take_json()["text"] == "heard 640 bytes"


def test_keys_are_fetched_and_a_new_one_is_found_when_it_is_used(world):
    eventually(lambda: world.stream(jwt(world.fetched, iss=OTHER)) == (101, None), "the keys are fetched", interval=0.2)
    fresh = Key("web-2")
    world.server.keys.append(fresh.jwk)
    eventually(
        lambda: world.stream(jwt(fresh, iss=OTHER)) == (101, None), "the new key is found", timeout=40, interval=1
    )
    assert world.server.requests <= 4, "nobody can have them fetched at will"
    assert world.stream(jwt(world.fetched, iss=OTHER)) == (101, None)


def test_keys_are_kept_while_they_cannot_be_fetched(make_world):
    world = make_world(refresh="10s")
    eventually(lambda: world.stream(jwt(world.fetched, iss=OTHER)) == (101, None), "the keys are fetched", interval=0.2)
    for answer in [(500, b""), (200, b"nonsense"), (200, b'{"keys":[]}'), (200, b" " * (300 << 10))]:
        world.server.answer, before = answer, world.server.requests
        eventually(lambda: world.server.requests > before, "they are fetched again", timeout=30)
        assert world.stream(jwt(world.fetched, iss=OTHER)) == (101, None)
    eventually(lambda: "larger than" in world.gateway.output, "the log says why", timeout=20)
    assert world.gateway.output.count("are kept") <= 6


def test_without_any_keys_a_client_is_told_to_come_back(make_world):
    world = make_world()
    world.server.answer = (503, b"")
    stranger = jwt(world.fetched, iss=OTHER)
    for listener in world.gateway.settings["jwt"]:
        if listener["issuer"] == OTHER:
            listener["audience"] = ["another", "fennec-gateway"]
    world.gateway.config.write_text(to_yaml(world.gateway.settings))
    world.gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: "configuration reloaded" in world.gateway.output, "the issuer is another now")
    assert world.stream(stranger) == (503, "upstream_unavailable")
    assert world.stream(jwt(world.rsa)) == (101, None)
    world.server.answer = None
    eventually(lambda: world.stream(stranger) == (101, None), "the keys are fetched at last", interval=0.5, timeout=30)


def test_a_changed_file_of_keys_is_taken_and_a_bad_one_is_not(world):
    assert world.stream(jwt(world.rsa)) == (101, None)
    world.file.write_text("nonsense")
    eventually(lambda: "are kept" in world.gateway.output, "the log says so")
    assert world.stream(jwt(world.rsa)) == (101, None)
    fresh = Key("rsa-9")
    world.write(fresh)
    eventually(lambda: world.stream(jwt(fresh)) == (101, None), "the new key is taken", interval=0.5)
    assert world.stream(jwt(world.rsa)) == (401, "credential_invalid")


def test_a_jwt_is_no_credential_where_there_are_no_issuers(gateway):
    with RawClient(gateway.address) as client:
        assert client.try_upgrade(STREAM, [("Authorization", f"Bearer {jwt(Key('a'))}")]).status == 101
