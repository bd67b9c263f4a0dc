"""Many sessions before a service whose name takes its time to be looked up."""

import pytest
from support.client import START
from support.lookups import LookUps
from support.upstream import echo
from support.waiting import eventually

NAME = "localhost"


class NamedStream:
    """An upstream whose stream goes by a name, and whose tokens do not: libcurl has look-ups of its own."""

    def __init__(self, upstream):
        self.token_url = upstream.token_url
        self.stream_url = upstream.stream_url.replace(upstream.host, NAME)


@pytest.fixture
def lookups(tmp_path):
    return LookUps(tmp_path)


@pytest.fixture
def make_named(make_gateway, make_upstream, lookups):
    def make(**changes):
        upstream = make_upstream(stream=echo)
        return make_gateway(NamedStream(upstream), lookups.environment, **changes), upstream

    return make


def test_a_crowd_shares_one_look_up_however_slow(make_named, lookups):
    crowd = 40
    gateway, upstream = make_named(sessions={"connect_timeout": "60s"}, upstream={"early_connections": crowd})
    lookups.hold()
    clients = [gateway.client(timeout=30).upgrade() for _ in range(crowd)]
    for client in clients:
        client.send_json(START)
    eventually(lambda: len(upstream.mints) == crowd and lookups.asked, "every session has its token")
    assert not upstream.streams
    lookups.release()
    for client in clients:
        assert client.take_json()["type"] == "ready"
    # Whoever came later finds the answer kept.
    with gateway.session():
        pass
    assert lookups.asked == [NAME]
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_upstream_phase_seconds_count", phase="dns") == crowd + 1
    assert metrics.sum("fennec_gateway_dial_circuit_open") == 0
    for client in clients:
        client.hang_up()


@pytest.mark.parametrize("trouble", ["hold", "fail"])
def test_an_old_answer_serves_while_look_ups_are_slow_or_fail(make_named, lookups, trouble):
    gateway, _ = make_named(sessions={"connect_timeout": "60s"})
    with gateway.session():
        pass
    getattr(lookups, trouble)()

    def is_looked_up_anew():
        with gateway.session():
            return len(lookups.asked) > 1

    eventually(is_looked_up_anew, "the answer is no longer fresh", timeout=30)
    # The session that asked anew was served all the same, and so is the next.
    with gateway.session():
        pass
    assert len(lookups.asked) == 2
    assert not [line for line in gateway.objects(gateway.stderr) if line.get("message") == "no upstream"]


def test_an_address_is_looked_up_nowhere(make_gateway, make_upstream, lookups):
    gateway = make_gateway(make_upstream(stream=echo), lookups.environment)
    with gateway.session():
        pass
    assert not lookups.asked
