"""Clients that leave while the service is being dialled: the dial ends with them, and is held against nobody."""

import threading

import pytest
import trustme
from support.client import STREAM
from support.faults import black_hole, server_context
from support.lookups import LookUps
from support.sockets import ESTABLISHED, SYN_SENT, connections_to
from support.upstream import FakeUpstream, echo
from support.waiting import eventually, settled

# Nothing that these tests wait for comes from this deadline.
PATIENT = {"connect_timeout": "120s"}
CROWD = 12


class Endpoints:
    def __init__(self, token_url, stream_url):
        self.token_url, self.stream_url = token_url, stream_url


def silence(conn):
    conn.wait_for_end(100)


def early(gateway):
    return gateway.metrics().sum("fennec_gateway_early_connections")


def check_unharmed(gateway):
    eventually(lambda: early(gateway) == 0, "all early places are free")
    assert gateway.metrics().sum("fennec_gateway_dial_circuit_open") == 0
    assert not [line for line in gateway.objects(gateway.stderr) if line.get("message") == "no upstream"]


def test_a_handshake_under_way_ends_with_its_client(make_gateway, make_upstream):
    """More come and go than may wait at a time, and than open the circuit when they fail."""
    upstream = make_upstream(stream=silence)
    gateway = make_gateway(upstream, sessions=PATIENT, upstream={"early_connections": 2})
    for _ in range(CROWD):
        client = gateway.client().upgrade()
        conn = upstream.next_stream()
        client.abandon()
        assert conn.ended.wait(10)
    check_unharmed(gateway)
    upstream.stream = echo
    with gateway.session():
        pass


def test_a_tcp_connect_under_way_ends_with_its_client(make_gateway, upstream):
    with black_hole() as port:
        gateway = make_gateway(Endpoints(upstream.token_url, f"ws://127.0.0.1:{port}{STREAM}"), sessions=PATIENT)
        others = connections_to(port, SYN_SENT)
        client = gateway.client().upgrade()
        eventually(lambda: connections_to(port, SYN_SENT) == others + 1, "the service is dialled")
        client.abandon()
        eventually(lambda: connections_to(port, SYN_SENT) == others, "the dial is given up")
        check_unharmed(gateway)


@pytest.mark.parametrize("part", ["TLS handshake", "WebSocket handshake"])
def test_a_secure_connection_under_way_ends_with_its_client(make_gateway, upstream, tmp_path, part):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))
    reached, over = threading.Event(), threading.Event()

    def wait():
        reached.set()
        over.wait(100)

    # What waits reads nothing: no goodbye of TLS is answered.
    scripts = {"before_tls": wait} if part == "TLS handshake" else {"stream": lambda conn: wait()}
    context = server_context(authority.issue_cert("localhost"))
    with FakeUpstream(tls=context, **scripts) as secure:
        gateway = make_gateway(
            Endpoints(upstream.token_url, secure.stream_url),
            sessions=PATIENT,
            upstream={"ca_file": str(tmp_path / "trusted.pem")},
        )
        client = gateway.client().upgrade()
        assert reached.wait(10)
        assert connections_to(secure.port, ESTABLISHED) == 1
        client.abandon()
        eventually(lambda: connections_to(secure.port, ESTABLISHED) == 0, "the connection is given up", timeout=4)
        check_unharmed(gateway)
        over.set()


def test_a_name_that_is_looked_up_is_not_connected_to_for_a_client_that_left(make_gateway, upstream, tmp_path):
    lookups = LookUps(tmp_path)
    upstream.stream = echo
    urls = Endpoints(upstream.token_url, upstream.stream_url.replace("127.0.0.1", "localhost"))
    gateway = make_gateway(urls, lookups.environment, sessions=PATIENT)
    lookups.hold()
    client = gateway.client().upgrade()
    eventually(lambda: lookups.asked, "the name is looked up")
    client.abandon()
    check_unharmed(gateway)
    lookups.release()
    with gateway.session():
        pass
    assert settled(lambda: len(upstream.streams)) == 1


def test_a_probe_that_is_given_up_leaves_its_place_to_the_next_session(make_gateway, make_upstream):
    upstream = make_upstream(stream=lambda conn: conn.reply(503))
    gateway = make_gateway(upstream, sessions=PATIENT)

    def opened():
        with gateway.client() as client:
            answer = client.try_upgrade()
            return answer.status == 503 or (client.take_ending() and None)

    eventually(opened, "the circuit opens")
    tried = len(upstream.streams)
    upstream.stream = silence

    def probe():
        client = gateway.client()
        if client.try_upgrade().status == 101:
            return client
        return client.hang_up()

    client = eventually(probe, "a probe is out", timeout=20)
    conn = eventually(lambda: upstream.streams[tried:], "the probe is at the service")[0]
    assert gateway.client().try_upgrade().status == 503
    client.abandon()
    assert conn.ended.wait(10)
    upstream.stream = echo
    with gateway.session():
        pass
    assert gateway.metrics().sum("fennec_gateway_dial_circuit_open") == 0
