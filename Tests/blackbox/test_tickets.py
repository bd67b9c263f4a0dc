"""Tickets and what browsers ask before: the token route and CORS."""

import json
import shutil

import pytest
from support.client import STREAM, TOKEN
from support.devices import Devices
from support.settings import ORIGIN
from support.upstream import echo
from support.waiting import eventually

TIGHT = [{"name": "local", "match": {"address": ["loopback"]}, "limits": "one"}]


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def with_ticket(ticket):
    return f"{STREAM}?streaming_token={ticket}"


def test_a_ticket_opens_one_session_and_no_second(gateway):
    with gateway.client() as client:
        answer = client.request("POST", TOKEN, body=b"{}")
        assert answer.status == 200 and answer.header("content-type").startswith("application/json")
        ticket = answer.json()["token"]
        assert answer.json()["expires_in"] == 60
    with gateway.client().open_session(target=with_ticket(ticket)):
        pass
    with gateway.client() as client:
        answer = client.try_upgrade(target=with_ticket(ticket))
        assert (answer.status, answer.problem()["code"]) == (401, "credential_invalid")


def test_a_ticket_expires(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"ticket_lifetime": "1s", "start_timeout": "1s"})
    with gateway.client() as client:
        answer = client.request("POST", TOKEN)
        assert answer.json()["expires_in"] == 1
        ticket = answer.json()["token"]
    with gateway.client().upgrade() as beside:
        assert beside.take_ending()[1].reason == "start_timeout", "a second has passed since then"
    with gateway.client() as client:
        answer = client.try_upgrade(target=with_ticket(ticket))
        assert answer.status == 401
        assert answer.problem()["code"] in ("credential_expired", "credential_invalid")


def test_tickets_are_long_and_all_different(gateway):
    with gateway.client() as client:
        tickets = [client.ticket() for _ in range(100)]
    assert len(set(tickets)) == 100
    assert all(len(ticket) >= 22 for ticket in tickets), "fewer than 128 bits"
    common = [len(set(letters)) == 1 for letters in zip(*tickets)]
    assert len(tickets[0]) - sum(common) >= 22, "the random part has fewer than 128 bits"


def test_a_ticket_needs_no_body_and_takes_any(gateway):
    with gateway.client() as client:
        for body in (None, b"", b"{}", b'{"anything":1}', b"no json"):
            headers = [("Content-Length", "0")] if body is None else []
            assert client.request("POST", TOKEN, headers, body).status == 200


def test_an_enormous_body_is_refused_or_hung_up_on(gateway):
    with gateway.client() as client:
        client.send(client.head("POST", TOKEN, [("Content-Length", str(1 << 30))]) + bytes(1000))
        assert client.response().status in (400, 413)
        assert client.is_ended()


def test_a_ticket_may_not_be_stored(gateway):
    with gateway.client() as client:
        assert "no-store" in client.request("POST", TOKEN, body=b"{}").header("cache-control")


def test_a_key_that_is_none_of_ours_is_no_credential(gateway):
    with gateway.client() as client:
        assert client.ticket([("X-API-Key", "dummy")])
        assert client.ticket([("X-API-Key", "fk_live_0123456789")])


def test_a_ticket_does_not_stretch_admission(gateway):
    with gateway.client() as client:
        ticket = client.ticket()
        answer = client.try_upgrade(target=with_ticket(ticket), headers=[("Origin", "https://evil.example")])
        assert (answer.status, answer.problem()["code"]) == (403, "origin_refused")


def test_no_ticket_is_given_to_a_strange_origin_or_host(gateway):
    with gateway.client() as client:
        answer = client.request("POST", TOKEN, [("Origin", "https://evil.example")], b"{}")
        assert (answer.status, answer.problem()["code"]) == (403, "origin_refused")
        assert answer.header("access-control-allow-origin") is None
        assert client.request("POST", TOKEN, body=b"{}", host="evil.example").problem()["code"] == "host_refused"


def test_two_tickets_in_one_query_are_refused(gateway):
    with gateway.client() as client:
        target = with_ticket(client.ticket()) + "&streaming_token=" + client.ticket()
        assert client.try_upgrade(target=target).status in (400, 401)


PREFLIGHT = [
    ("Access-Control-Request-Method", "POST"),
    ("Access-Control-Request-Headers", "content-type,x-api-key"),
]


def listed(value):
    return {item.strip().lower() for item in (value or "").split(",")}


def test_a_named_origin_may_ask_for_tickets_from_a_page(gateway):
    with gateway.client() as client:
        answer = client.request("OPTIONS", TOKEN, [("Origin", ORIGIN), *PREFLIGHT])
        assert answer.status in (200, 204)
        assert answer.header("access-control-allow-origin") == ORIGIN
        assert "post" in listed(answer.header("access-control-allow-methods"))
        assert {"content-type", "x-api-key"} <= listed(answer.header("access-control-allow-headers"))
        assert "origin" in listed(answer.header("vary"))
        assert answer.header("access-control-allow-credentials") is None
    with gateway.client() as client:
        answer = client.request("POST", TOKEN, [("Origin", ORIGIN)], b"{}")
        assert answer.status == 200
        assert answer.header("access-control-allow-origin") == ORIGIN
        assert "origin" in listed(answer.header("vary"))


def test_a_page_can_read_why_it_was_refused(make_gateway, upstream):
    rule = {"name": "both", "match": {"origin": [ORIGIN], "address": ["10.0.0.0/8"]}}
    gateway = make_gateway(upstream, access=[rule])
    with gateway.client() as client:
        answer = client.request("POST", TOKEN, [("Origin", ORIGIN)], b"{}")
        assert answer.status == 403
        assert answer.header("access-control-allow-origin") == ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
def test_another_origin_gets_no_leave(gateway, origin):
    with gateway.client() as client:
        answer = client.request("OPTIONS", TOKEN, [("Origin", origin), *PREFLIGHT])
        assert answer.header("access-control-allow-origin") is None
        assert answer.status in (200, 204, 403)


def test_a_session_with_a_ticket_from_a_page_is_let_in(gateway):
    with gateway.client() as client:
        ticket = client.ticket([("Origin", ORIGIN)])
    with gateway.client().open_session(target=with_ticket(ticket), headers=[("Origin", ORIGIN)]) as client:
        client.send_audio(b"ab")
        assert client.take_json()["text"] == "heard 2 bytes"


def test_a_ticket_is_used_up_by_the_101_even_when_the_gateway_is_killed_right_after_it(
    make_gateway, upstream, tmp_path
):
    for _ in range(5):
        gateway = make_gateway(upstream, state_directory=str(tmp_path / "state"))
        with gateway.client() as client:
            used, kept = client.ticket(), client.ticket()
        client = gateway.client()
        assert client.try_upgrade(target=with_ticket(used)).status == 101
        gateway.process.kill()
        gateway.wait()
        gateway.process.returncode = 0
        client.hang_up()
        again = make_gateway(upstream, state_directory=str(tmp_path / "state"))
        with again.client() as client:
            answer = client.try_upgrade(target=with_ticket(used))
            assert (answer.status, answer.problem()["code"]) == (401, "credential_invalid")
        with again.client() as client:
            assert client.try_upgrade(target=with_ticket(kept)).status == 101, "the secret outlives the kill as well"
        again.terminate()


def test_a_ticket_that_was_refused_is_still_good(make_gateway, upstream, tmp_path):
    gateway = make_gateway(upstream, access=TIGHT, limits={"one": {"concurrent_streams": 1}})
    with gateway.client() as client:
        ticket = client.ticket()
    with gateway.session():
        with gateway.client() as client:
            assert client.try_upgrade(target=with_ticket(ticket)).status == 429

    def opens():
        with gateway.client() as client:
            return client.try_upgrade(target=with_ticket(ticket)).status == 101

    eventually(opens, "the place is free")


CUSTOMER = "https://customer.example"


@pytest.fixture
def on_behalf(make_gateway, upstream, tmp_path):
    """(gateway, a function that gets a ticket for a customer's page)."""
    devices = Devices(tmp_path / "state")
    gateway = make_gateway(
        upstream,
        access=[{"name": "backend", "match": {"device": "backend"}, "tickets": {"on_behalf": True}}],
        state_directory=str(devices.directory),
    )
    token = devices.add("backend")

    def ticket(**order):
        with gateway.client() as client:
            body = json.dumps({"client": "user-7", "origin": CUSTOMER, **order}).encode()
            answer = client.request("POST", TOKEN, [("X-API-Key", token)], body)
            return answer.json()["token"] if answer.status == 200 else None

    eventually(ticket, "the device is known", interval=0.2)
    return gateway, ticket


def ask_policy(gateway, ticket, origin=CUSTOMER):
    with gateway.client() as client:
        query = f"?streaming_token={ticket}" if ticket else ""
        return client.request("GET", "/gateway/policy" + query, [("Origin", origin)])


def test_an_origin_that_only_a_ticket_names_may_read_its_answers(on_behalf):
    gateway, ticket = on_behalf
    answer = ask_policy(gateway, ticket())
    assert (answer.status, answer.header("access-control-allow-origin")) == (200, CUSTOMER)
    assert listed(answer.header("access-control-expose-headers")) == {"retry-after", "x-request-id"}
    assert "origin" in listed(answer.header("vary")) and answer.header("access-control-allow-credentials") is None
    used = ticket()
    with gateway.client() as client:
        assert client.try_upgrade(with_ticket(used), [("Origin", CUSTOMER)]).status == 101
    answer = ask_policy(gateway, used)
    assert (answer.status, answer.header("access-control-allow-origin")) == (401, CUSTOMER), "why it is refused, too"


def test_a_ticket_lets_no_other_origin_read_and_no_preflight_pass(on_behalf):
    gateway, ticket = on_behalf
    good = ticket()
    forged = good[:-2] + ("AA" if good[-2:] != "AA" else "BB")
    for text, origin in [(good, "https://evil.example"), (good, "null"), (forged, CUSTOMER), (None, CUSTOMER)]:
        answer = ask_policy(gateway, text, origin)
        assert answer.status in (401, 403) and answer.header("access-control-allow-origin") is None, origin
    with gateway.client() as client:
        answer = client.request("OPTIONS", TOKEN, [("Origin", CUSTOMER), *PREFLIGHT])
        assert answer.status == 403 and answer.header("access-control-allow-origin") is None


def test_each_gateway_that_shares_the_secret_takes_a_ticket_once(make_gateway, upstream, tmp_path):
    first_state, second_state = tmp_path / "first", tmp_path / "second"
    first = make_gateway(upstream, state_directory=str(first_state))
    second_state.mkdir(mode=0o700)
    shutil.copy2(first_state / "ticket-secrets", second_state)
    second = make_gateway(upstream, state_directory=str(second_state))
    stranger = make_gateway(upstream, state_directory=str(tmp_path / "stranger"))
    with first.client() as client:
        ticket = client.ticket()

    def status(gateway):
        with gateway.client() as client:
            return client.try_upgrade(target=with_ticket(ticket)).status

    assert [status(gateway) for gateway in (stranger, second, second, first, first)] == [401, 101, 401, 101, 401]
