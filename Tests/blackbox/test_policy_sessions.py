"""Policies in running sessions: which one applies, and what it makes of a `start` and of the messages behind it."""

import pytest
from support.client import START, STREAM, TOKEN
from support.endings import expect_ending
from support.policies import under
from support.upstream import echo

CONTEXT = {"type": "ai_context", "text": "hello"}
PACKET = {"type": "thought_packet", "ai_text": "a", "user_text": "b"}
#: Outside of the limits of `support.policies`, field by field, and what clamping makes of it.
WILD = {
    **START,
    "detect_thoughts": True,
    "colour": "red",
    "vad": {"threshold": 0.9, "min_silence_ms": 100.0, "force_decode_ms": 0, "debug": True},
}
TAME = {
    **START,
    "detect_thoughts": False,
    "vad": {"threshold": 0.8, "min_silence_ms": 200, "force_decode_ms": 60_000, "debug": False},
}
WHY = {
    "detect_thoughts": "denied",
    "vad.threshold": "max",
    "vad.min_silence_ms": "min",
    "vad.force_decode_ms": "max",
    "vad.debug": "fixed",
    "unknown": "unknown",
}
SUMMARY = "detect_thoughts:denied vad.threshold:max vad.min_silence_ms:min vad.force_decode_ms:max vad.debug:fixed"


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def counted(gateway, name):
    """The series of a metric by field and reason, what is 0 left out."""
    return {
        labels["field"]: labels["reason"]
        for found, labels, value in gateway.metrics().samples
        if found == f"fennec_gateway_policy_{name}_total" and value
    }


def decisions(gateway):
    return {
        labels["verdict"]: value
        for found, labels, value in gateway.metrics().samples
        if found == "fennec_gateway_policy_decisions_total"
    }


# What a start becomes


def test_under_clamp_the_nearest_allowed_values_go_upstream(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle"))
    with gateway.session(start=WILD) as client:
        assert upstream.next_stream().start == TAME
        client.send_eos()
        client.take_ending()
    assert counted(gateway, "adjustments") == WHY
    assert counted(gateway, "observed") == {}
    assert decisions(gateway) == {"unchanged": 0, "changed": 1, "refused": 0}
    record = gateway.ended_session("upstream_closed")
    assert (record["policy"], record["verdict"], record["adjusted"]) == ("gentle", "changed", 6)
    assert record["adjustments"] == f"{SUMMARY} colour:unknown"


def test_under_observe_everything_goes_upstream_and_is_counted(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("watchful"))
    with gateway.session(start=WILD) as client:
        assert upstream.next_stream().start == WILD
        client.send_eos()
        client.take_ending()
    assert counted(gateway, "observed") == WHY
    assert counted(gateway, "adjustments") == {}
    assert decisions(gateway)["unchanged"] == 1
    record = gateway.ended_session("upstream_closed")
    assert (record["adjusted"], record["observed"]) == (0, 6)
    assert record["adjustments"] == f"{SUMMARY} colour:unknown"


def test_under_reject_nothing_goes_upstream_and_every_field_is_named(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("strict"))
    with gateway.client().upgrade() as client:
        conn = upstream.next_stream()
        client.send_json(WILD)
        error, closed = client.take_ending()
    assert (closed.code, closed.reason, error["code"]) == (1008, "policy_start_refused", "policy_start_refused")
    for words in ("detect_thoughts", "vad.threshold", "0.9", "from 0.3 to 0.8", "vad.min_silence_ms", "vad.debug"):
        assert words in error["message"], error
    assert conn.ended.wait(10) and conn.texts == []
    assert decisions(gateway) == {"unchanged": 0, "changed": 0, "refused": 1}
    record = gateway.ended_session("policy_start_refused")
    assert (record["policy"], record["verdict"], record["close_code"]) == ("strict", "refused", 1008)
    assert SUMMARY in record["adjustments"]


@pytest.mark.parametrize("policy", ["gentle", "strict", "watchful"])
def test_a_start_within_the_limits_goes_upstream_as_it_is(make_gateway, upstream, policy):
    gateway = make_gateway(upstream, **under(policy))
    with gateway.session(start=TAME):
        assert upstream.next_stream().start == TAME
    assert decisions(gateway) == {"unchanged": 1, "changed": 0, "refused": 0}
    assert counted(gateway, "adjustments") == counted(gateway, "observed") == {}


WRONG = ['"16000"', "true", "null", "[]", "{}", "16000.5", "1e999", "9223372036854775808", "-1e40"]


@pytest.mark.parametrize("policy", ["gentle", "watchful"])
@pytest.mark.parametrize("value", WRONG)
def test_a_value_of_the_wrong_type_is_refused_whatever_the_policy(make_gateway, upstream, policy, value):
    gateway = make_gateway(upstream, **under(policy))
    with gateway.client().upgrade() as client:
        client.send_text(f'{{"type":"start","sample_rate":{value}}}')
        error, _ = client.take_ending()
        assert "sample_rate must be an integer" in error["message"]
    gateway.ended_session("policy_start_refused")
    assert sum(decisions(gateway).values()) == 0


def test_no_word_of_a_context_gets_into_log_or_metrics(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("short"))
    with gateway.session(start={**START, "context": "apple secret-of-the-context"}) as client:
        assert upstream.next_stream().start["context"] == "apple"
        client.send_eos()
        client.take_ending()
    assert gateway.ended_session("upstream_closed")["adjustments"] == "context:max"
    assert "apple" not in gateway.output + gateway.metrics().text


# Once for a session


def test_the_policy_decides_once_for_a_session(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle"))
    with gateway.session(start=WILD) as client:
        for _ in range(200):
            client.send_audio(bytes(64))
            client.take_json()
        assert sum(decisions(gateway).values()) == 1
        assert gateway.metrics().sum("fennec_gateway_policy_adjustments_total") == len(WHY)


@pytest.mark.parametrize("second", ['{"type":"start"}', '{"type":"start","channels":"x"}', '{"type":"start","type":1}'])
def test_a_second_start_ends_the_session_and_is_not_decided_on(gateway, upstream, second):
    with gateway.session() as client:
        client.send_text(second)
        expect_ending(client, gateway, "second_start")
    conn = upstream.next_stream()
    assert conn.ended.wait(10) and len(conn.texts) == 1
    assert sum(decisions(gateway).values()) == 1


# The query


@pytest.mark.parametrize(
    ("query", "member", "sent"),
    [
        ("detect_thoughts=true", {}, True),
        ("detect_thoughts=true", {"detect_thoughts": False}, False),
        ("detect_thoughts=false", {}, None),
        ("detect_thoughts=1", {}, None),
        ("detect_thoughts=false", {"detect_thoughts": True}, True),
    ],
)
def test_thoughts_in_the_query_count_where_the_message_is_silent(gateway, upstream, query, member, sent):
    with gateway.client().open_session({**START, **member}, target=f"{STREAM}?{query}"):
        assert upstream.next_stream().start.get("detect_thoughts") == sent


def test_thoughts_in_the_query_are_judged_like_those_in_the_message(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle", "strict"))
    with gateway.client().open_session(target=f"{STREAM}?detect_thoughts=true"):
        assert upstream.next_stream().start["detect_thoughts"] is False
    with gateway.client().upgrade(target=f"{STREAM}?detect_thoughts=true&policy=strict") as client:
        client.send_json(TAME | {"detect_thoughts": True})
        error, _ = client.take_ending()
        assert error["code"] == "policy_start_refused" and "detect_thoughts" in error["message"]


def test_nothing_of_a_query_goes_upstream(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle", "strict"))
    query = "policy=strict&gateway_events=1&detect_thoughts=false&colour=red"
    with gateway.client().open_session(TAME, target=f"{STREAM}?{query}"):
        conn = upstream.next_stream()
        assert list(conn.request.query) == ["streaming_token"]
        assert conn.start == TAME


# Which policy


@pytest.mark.parametrize("path", [STREAM, TOKEN])
def test_a_policy_that_the_rule_does_not_give_out_is_refused(gateway, path):
    with gateway.client() as client:
        method = "GET" if path == STREAM else "POST"
        headers = client.upgrade_headers() if path == STREAM else []
        answer = client.request(method, f"{path}?policy=noisy", headers)
        problem = answer.problem()
        assert (answer.status, problem["code"]) == (403, "policy_refused")
        assert problem["detail"] == "You may ask for default."


@pytest.mark.parametrize("query", ["policy=default&policy=default", "policy=default&policy=noisy"])
def test_two_policies_are_a_bad_request(gateway, query):
    with gateway.client() as client:
        answer = client.try_upgrade(target=f"{STREAM}?{query}")
        assert (answer.status, answer.problem()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(("query", "policy"), [("", "gentle"), ("?policy=gentle", "gentle"), ("?policy=deaf", "deaf")])
def test_another_policy_of_the_rule_may_be_asked_for(make_gateway, upstream, query, policy):
    gateway = make_gateway(upstream, **under("gentle", "deaf"))
    with gateway.client().open_session(target=STREAM + query) as client:
        client.send_eos()
        client.take_ending()
    assert gateway.ended_session("upstream_closed")["policy"] == policy


def test_a_ticket_is_good_for_the_policy_that_it_was_asked_for_with(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle", "deaf"))
    with gateway.client() as client:
        ticket = client.request("POST", f"{TOKEN}?policy=deaf").json()["token"]
    target = f"{STREAM}?streaming_token={ticket}"
    with gateway.client() as client:
        answer = client.try_upgrade(target=f"{target}&policy=gentle")
        assert (answer.status, answer.problem()["detail"]) == (403, "The ticket is for deaf.")
    # The refusal did not use it up.
    with gateway.client().open_session(target=target) as client:
        client.send_eos()
        client.take_ending()
    assert gateway.ended_session("upstream_closed")["policy"] == "deaf"


def test_a_ticket_that_was_asked_for_with_no_policy_leaves_the_choice(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle", "deaf"))
    with gateway.client() as client:
        ticket = client.ticket()
    with gateway.client().open_session(target=f"{STREAM}?streaming_token={ticket}&policy=deaf") as client:
        client.send_eos()
        client.take_ending()
    assert gateway.ended_session("upstream_closed")["policy"] == "deaf"


# Messages behind a start


@pytest.mark.parametrize("message", [CONTEXT, PACKET])
def test_messages_go_upstream_where_the_policy_says_nothing(gateway, upstream, message):
    with gateway.session() as client:
        client.send_json(message)
        assert client.take_json()["text"].startswith("heard ")
        assert len(upstream.next_stream().texts) == 2


@pytest.mark.parametrize("message", [CONTEXT, PACKET, {"type": "ai_context", "text": 1}])
def test_a_known_message_that_is_not_allowed_ends_the_session(make_gateway, upstream, message):
    gateway = make_gateway(upstream, **under("terse"))
    with gateway.session() as client:
        client.send_json(message)
        expect_ending(client, gateway, "policy_message_refused")
    assert len(upstream.next_stream().texts) == 1


def test_an_unknown_message_ends_the_session_where_others_are_refused(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("terse"))
    with gateway.session() as client:
        client.send_json({"type": "colour"})
        expect_ending(client, gateway, "unknown_message")


def test_messages_that_are_dropped_are_counted_and_nothing_else_happens(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("deaf"))
    with gateway.session() as client:
        for message in (PACKET, {"type": "thought_packet"}, {"type": "colour"}, {}, {"type": 1}):
            client.send_json(message)
        client.send_json(CONTEXT)
        assert client.take_json()["text"] == "heard 36 bytes"
        client.send_eos()
        assert client.take_ending()[1].code == 1000
    assert len(upstream.next_stream().texts) == 3  # start, ai_context, eos
    assert gateway.metrics().sum("fennec_gateway_dropped_messages_total") == 5


@pytest.mark.parametrize("text", ["no json", "[]", '{"a":1,"a":2}'])
def test_what_is_no_json_object_is_never_dropped(make_gateway, upstream, text):
    gateway = make_gateway(upstream, **under("deaf"))
    with gateway.session() as client:
        client.send_text(text)
        expect_ending(client, gateway, "not_json")
