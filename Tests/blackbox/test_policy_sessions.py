"""Policies in running sessions: which one applies, and what it makes of a `start` and of the messages behind it."""

import pytest
from support.client import STREAM, TOKEN


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
