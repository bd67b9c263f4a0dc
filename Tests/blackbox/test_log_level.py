"""The log's level, changed while the gateway runs."""

import urllib.error
import urllib.request

import pytest



def put(gateway, level):
    request = urllib.request.Request(
        "http://{}:{}/log-level".format(*gateway.listeners["admin"]), data=level.encode(), method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_level_can_be_read_and_changed(gateway):
    assert gateway.admin("/log-level") == (200, "info\n")
    assert put(gateway, "error\n") == (200, "error\n")
    assert gateway.admin("/log-level") == (200, "error\n")
    assert gateway.terminate() == 0
    assert not any(line.get("message") == "draining" for line in gateway.objects(gateway.stderr))


@pytest.mark.parametrize("level", ["", "loud", "info debug", "INFO"])
def test_what_is_no_level_changes_nothing(gateway, level):
    status, body = put(gateway, level)
    assert status == 400 and "trace, debug, info" in body
    assert gateway.admin("/log-level") == (200, "info\n")
