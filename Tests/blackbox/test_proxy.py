"""Both legs to the vendor through an HTTP proxy."""

import base64
import subprocess

import pytest
import trustme
from support.endings import expect_ending
from support.faults import server_context
from support.programs import program
from support.proxy import ConnectProxy
from support.settings import settings, to_yaml
from support.upstream import echo

KEY = b"the-key-of-the-operator"


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def upstream(make_upstream, authority):
    """Only what is TLS goes through a proxy."""
    return make_upstream(stream=echo, tls=server_context(authority.issue_cert("localhost")))


@pytest.fixture
def make_trusting(make_gateway, authority, tmp_path):
    """Makes gateways that trust the upstream."""
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))

    def make(before, environment=None, upstream=None, **changes):
        trusting = {"ca_file": str(tmp_path / "trusted.pem"), **(upstream or {})}
        return make_gateway(before, environment, upstream=trusting, **changes)

    return make


@pytest.fixture
def proxy():
    with ConnectProxy() as made:
        yield made


class Endpoints:
    """An upstream by other URLs."""

    def __init__(self, token_url, stream_url):
        self.token_url, self.stream_url = token_url, stream_url


def target(upstream):
    return f"localhost:{upstream.port}"


def check_session(gateway, proxy, upstream):
    with gateway.session() as client:
        client.send_audio(b"1234")
        assert client.take_json()["text"] == "heard 4 bytes"
        client.send_eos()
        assert client.take_ending()[1].code == 1000
    assert proxy.targets == [target(upstream)] * 2, "a tunnel for the token, a tunnel for the stream"
    # What goes through the tunnels is not the proxy's business.
    assert not any(KEY in request or upstream.tokens[0].encode() in request for request in proxy.requests)


def test_a_proxy_of_the_configuration_carries_both_legs(make_trusting, upstream, proxy):
    check_session(make_trusting(upstream, upstream={"proxy": proxy.url}), proxy, upstream)


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_carries_both_legs(make_trusting, upstream, proxy, name):
    check_session(make_trusting(upstream, {name: proxy.url}), proxy, upstream)


def test_credentials_of_the_environment_reach_the_proxy_alone(make_trusting, upstream, proxy):
    url = proxy.url.replace("http://", "http://gate:wo%3Ard@")
    gateway = make_trusting(upstream, {"https_proxy": url})
    check_session(gateway, proxy, upstream)
    expected = base64.b64encode(b"gate:wo:rd")
    assert all(b"Proxy-Authorization: Basic " + expected in request for request in proxy.requests)
    assert not any(b"roxy" in request.raw for request in [*upstream.mints, upstream.streams[0].request])
    assert "wo:rd" not in gateway.output and expected.decode() not in gateway.output


@pytest.mark.parametrize("exempt", ["localhost", ".localhost", "*"])
def test_no_proxy_exempts_both_legs(make_trusting, upstream, proxy, exempt):
    gateway = make_trusting(upstream, {"https_proxy": proxy.url, "no_proxy": exempt})
    with gateway.session():
        pass
    assert not proxy.requests


def test_a_proxy_that_is_switched_off_is_not_looked_for(make_trusting, upstream, proxy):
    gateway = make_trusting(upstream, {"https_proxy": proxy.url}, upstream={"proxy": "off"})
    with gateway.session():
        pass
    assert not proxy.requests


REFUSALS = {
    "403": b"HTTP/1.1 403 No\r\n\r\n",
    "407": b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n",
    "502": b"HTTP/1.1 502 Bad\r\n\r\n",
    "garbage": b"SSH-2.0-nonsense\r\n\r\n",
    "bytes behind the answer": b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n!",
    "an endless answer": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
    "nothing": b"",
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_proxy_that_makes_no_tunnel_for_a_stream_ends_the_session(make_trusting, upstream, proxy, answer):
    """The token comes over a connection that stands already: only the stream's tunnel is new."""
    gateway = make_trusting(upstream, {"https_proxy": proxy.url}, sessions={"connect_timeout": "2s"})
    with gateway.session():
        pass
    proxy.answer = answer
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        expect_ending(client, gateway, "upstream_unreachable")


def test_a_proxy_that_makes_no_tunnel_for_a_token_ends_the_session(make_trusting, upstream, proxy):
    gateway = make_trusting(upstream, {"https_proxy": proxy.url}, sessions={"connect_timeout": "2s"})
    proxy.answer = b"HTTP/1.1 403 No\r\n\r\n"
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        expect_ending(client, gateway, "token_unavailable")


def failed_start(tmp_path, token_url, stream_url, environment=None, **upstream):
    """What a start that fails says."""
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, token_url, stream_url, upstream=upstream)))
    done = subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", config],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env=environment or {},
    )
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_a_proxy_that_streams_cannot_go_through_ends_the_start(tmp_path, upstream):
    words = failed_start(
        tmp_path, upstream.token_url, upstream.stream_url, {"https_proxy": "socks5://secret-name:1"}
    )
    assert "https_proxy" in words and "secret-name" not in words


@pytest.mark.parametrize("source", ["configuration", "environment"])
def test_an_address_that_a_proxy_stands_before_ends_the_start(tmp_path, upstream, proxy, source):
    """Its certificate would be held against the proxy's address."""
    urls = upstream.token_url, upstream.stream_url.replace("localhost", "127.0.0.1")
    if source == "configuration":
        words = failed_start(tmp_path, *urls, proxy=proxy.url)
    else:
        words = failed_start(tmp_path, *urls, {"https_proxy": proxy.url})
    assert "upstream.stream_url" in words and "NO_PROXY" in words


@pytest.mark.parametrize("names", [["127.0.0.1", "localhost"], ["localhost"]], ids=["own", "other"])
def test_a_token_endpoint_s_address_is_verified_through_a_proxy(
    make_trusting, make_upstream, authority, proxy, names
):
    upstream = make_upstream(stream=echo, tls=server_context(authority.issue_cert(*names)))
    urls = Endpoints(upstream.token_url.replace("localhost", "127.0.0.1"), upstream.stream_url)
    gateway = make_trusting(urls, upstream={"proxy": proxy.url}, sessions={"connect_timeout": "5s"})
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        if "127.0.0.1" in names:
            assert client.take_json()["type"] == "ready"
        else:
            expect_ending(client, gateway, "token_unavailable")
    assert f"127.0.0.1:{upstream.port}" in proxy.targets


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("source", ["configuration", "environment"])
def test_what_is_plain_stays_on_this_machine(make_gateway, make_upstream, proxy, source, host):
    """The key would travel through the proxy in clear text."""
    plain = make_upstream(stream=echo)
    urls = Endpoints(*(url.replace("127.0.0.1", host) for url in (plain.token_url, plain.stream_url)))
    if source == "configuration":
        gateway = make_gateway(urls, upstream={"proxy": proxy.url})
    else:
        gateway = make_gateway(urls, {name: proxy.url for name in ("http_proxy", "https_proxy", "all_proxy")})
    with gateway.session():
        pass
    assert not proxy.requests
    assert len(plain.mints) == len(plain.streams) == 1
