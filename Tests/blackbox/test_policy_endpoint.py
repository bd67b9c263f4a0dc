"""`GET /gateway/policy`: what a caller is limited to, and why a stream would be refused."""

import base64

import pytest
from support.client import STREAM, TOKEN
from support.policies import under
from support.settings import ORIGIN
from support.upstream import echo

POLICY = "/gateway/policy"


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture
def gateway(make_gateway, upstream):
    return make_gateway(upstream, **under("gentle", "strict"))


def ask(gateway, query="", headers=(), method="GET", **options):
    with gateway.client() as client:
        return client.request(method, POLICY + query, headers, **options)


def test_it_tells_limits_settings_and_what_may_be_asked_for(gateway):
    answer = ask(gateway)
    assert (answer.status, answer.header("content-type")) == (200, "application/json")
    assert answer.header("cache-control") == "no-store"
    told = answer.json()
    assert told["policy"] == "gentle"
    assert sorted(told["may_ask_for"]) == ["gentle", "strict"]
    assert told["settings"]["vad"] == {"min_silence_ms": 800, "debug": False}
    silence = told["limits"]["fields"]["vad.min_silence_ms"]
    assert (silence["min"], silence["max"], silence["default"]) == (200, 2000, 800)
    assert told["limits"]["on_violation"] == "clamp"
    assert told["schema"]["properties"]["vad"]["properties"]["threshold"]["maximum"] == 0.8


def test_another_policy_is_told_by_name(gateway):
    told = ask(gateway, "?policy=strict").json()
    assert (told["policy"], told["limits"]["on_violation"]) == ("strict", "reject")


def test_the_settings_that_it_tells_pass_unchanged(gateway):
    settings = ask(gateway).json()["settings"]
    with gateway.client().upgrade(target=f"{STREAM}?gateway_events=1") as client:
        client.send_json({"type": "start", **settings})
        assert client.take_json()["type"] == "ready"
        event = client.take_json()
        assert (event["verdict"], event["settings"]) == ("unchanged", settings)


def test_a_ticket_is_not_used_up(gateway):
    with gateway.client() as client:
        ticket = client.ticket()
    query = f"?streaming_token={ticket}"
    for _ in range(3):
        assert ask(gateway, query).status == 200
    with gateway.client().open_session(target=STREAM + query):
        pass
    assert ask(gateway, query).problem()["code"] == "credential_invalid"


def test_a_ticket_of_one_policy_tells_of_that_one_alone(gateway):
    with gateway.client() as client:
        ticket = client.request("POST", f"{TOKEN}?policy=strict").json()["token"]
    told = ask(gateway, f"?streaming_token={ticket}").json()
    assert (told["policy"], told["may_ask_for"]) == ("strict", ["strict"])
    answer = ask(gateway, f"?streaming_token={ticket}&policy=gentle")
    assert (answer.status, answer.problem()["detail"]) == (403, "The ticket is for strict.")


def test_asking_takes_no_place_and_dials_nobody(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max": 1})
    for _ in range(5):
        assert ask(gateway).status == 200
    assert (upstream.mints, upstream.streams) == ([], [])
    with gateway.session():
        assert ask(gateway).problem()["code"] == "full"


def test_head_is_get_without_a_body(gateway):
    whole, head = ask(gateway), ask(gateway, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "cache-control"):
        assert head.header(name) == whole.header(name)


def test_post_is_for_pages_of_the_gateway_itself_whose_browsers_send_no_origin_with_get(gateway):
    page = [("Origin", ORIGIN)]
    assert ask(gateway, headers=page, method="POST").body == ask(gateway, headers=page).body
    assert ask(gateway, headers=[("Origin", "https://evil.example")], method="POST").status == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_for_it(gateway, method):
    answer = ask(gateway, method=method)
    assert (answer.status, answer.problem()["code"]) == (405, "method_not_allowed")
    assert answer.header("allow") == "GET, HEAD, POST, OPTIONS"


def test_a_page_may_ask(gateway):
    preflight = [("Origin", ORIGIN), ("Access-Control-Request-Method", "GET")]
    answer = ask(gateway, headers=preflight, method="OPTIONS")
    assert answer.status == 204
    assert answer.header("access-control-allow-origin") == ORIGIN
    assert answer.header("access-control-allow-methods") == "GET, POST"
    assert "authorization" in answer.header("access-control-allow-headers")
    answer = ask(gateway, headers=[("Origin", ORIGIN)])
    assert (answer.status, answer.header("access-control-allow-origin")) == (200, ORIGIN)
    answer = ask(gateway, "?policy=gone", [("Origin", ORIGIN)])
    assert (answer.status, answer.header("access-control-allow-origin")) == (403, ORIGIN)
    assert "retry-after" in answer.header("access-control-expose-headers").lower()


def test_a_strange_page_may_not_ask(gateway):
    strange = [("Origin", "https://evil.example")]
    assert ask(gateway, headers=strange, method="OPTIONS").status == 403
    answer = ask(gateway, headers=strange)
    assert (answer.status, answer.header("access-control-allow-origin")) == (403, None)


def bearer(ticket):
    return "bearer." + base64.urlsafe_b64encode(ticket.encode()).rstrip(b"=").decode()


SUBPROTOCOL = "Sec-WebSocket-Protocol"
#: What a request carries besides, and the status that it gets: (query, headers, options, status).
SITUATIONS = {
    "nothing": ("", [], {}, 200),
    "a known origin": ("", [("Origin", ORIGIN)], {}, 200),
    "a strange origin": ("", [("Origin", "https://evil.example")], {}, 403),
    "two origins": ("", [("Origin", ORIGIN), ("Origin", ORIGIN)], {}, 400),
    "a strange host": ("", [], {"host": "evil.example"}, 403),
    "a policy of the rule's": ("?policy=strict", [], {}, 200),
    "another policy": ("?policy=noisy", [], {}, 403),
    "a policy that is no text": ("?policy=%FF", [], {}, 403),
    "two policies": ("?policy=strict&policy=strict", [], {}, 400),
    "a key in the query": ("?api_key=x", [], {}, 400),
    "a made-up ticket": ("?streaming_token=fgt_x", [], {}, 401),
    "another's token": ("?streaming_token=eyJhbGciOiJub25lIn0", [], {}, 401),
    "two tickets": ("?streaming_token=fgt_x&streaming_token=fgt_y", [], {}, 400),
    "a ticket as a key": ("", [("X-API-Key", "fgt_x")], {}, 401),
    "a ticket as a bearer": ("", [("Authorization", "Bearer fgt_x")], {}, 401),
    "tickets in two places": ("?streaming_token=fgt_x", [("X-API-Key", "fgt_x")], {}, 400),
    "somebody's key": ("", [("X-API-Key", "fk_live_1")], {}, 200),
    "a bearer that is offered": ("", [(SUBPROTOCOL, f"fennec.v1, {bearer('fgt_x')}")], {}, 401),
    "a bearer that is offered alone": ("", [(SUBPROTOCOL, bearer("fgt_x"))], {}, 400),
}


def pair(gateway, query, headers, options):
    """What a stream gets now, and what the policy endpoint answers."""
    with gateway.client() as client:
        stream = client.try_upgrade(target=STREAM + query, headers=headers, **options)
    return stream, ask(gateway, query, headers, **options)


@pytest.mark.parametrize("name", SITUATIONS)
def test_it_answers_what_a_stream_would_get(gateway, name):
    query, headers, options, status = SITUATIONS[name]
    stream, told = pair(gateway, query, headers, options)
    assert told.status == status
    assert stream.status == (101 if status == 200 else status)
    if status != 200:
        assert told.problem() == stream.problem()
        assert told.header("access-control-allow-origin") == stream.header("access-control-allow-origin")


def check_busy(stream, told, code):
    """Both are told to come back, each at a time of its own."""
    for answer in (stream, told):
        assert (answer.status, answer.problem()["code"]) == (503, code)
        assert 1 <= int(answer.header("retry-after")) <= 5
        assert answer.problem()["retry_after_ms"] == 1000 * int(answer.header("retry-after"))


def test_a_full_gateway_says_so_to_both(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max": 1})
    with gateway.session():
        check_busy(*pair(gateway, "", [], {}), "full")
        # Who may not come at all is told that first.
        stream, told = pair(gateway, "?streaming_token=fgt_x", [], {})
        assert (stream.status, told.status) == (401, 401)


def test_an_expired_ticket_says_so_to_both(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ticket_lifetime": "1s"})
    with gateway.client() as client:
        ticket = client.ticket()
        assert not client.is_ended(timeout=1.2)
    stream, told = pair(gateway, f"?streaming_token={ticket}", [], {})
    assert (told.status, told.problem()["code"]) == (401, "credential_expired")
    assert told.problem() == stream.problem()
