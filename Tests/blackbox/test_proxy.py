"""Both legs to the vendor through an HTTP proxy."""

import base64
import subprocess

import pytest
from support.endings import expect_ending
from support.programs import program
from support.proxy import ConnectProxy
from support.settings import settings, to_yaml
from support.upstream import echo

KEY = b"the-key-of-the-operator"


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture
def proxy():
    with ConnectProxy() as made:
        yield made


def target(upstream):
    return f"127.0.0.1:{upstream.port}"


def check_session(gateway, proxy, upstream):
    with gateway.session() as client:
        client.send_audio(b"1234")
        assert client.take_json()["text"] == "heard 4 bytes"
        client.send_eos()
        assert client.take_ending()[1].code == 1000
    assert proxy.targets == [target(upstream)] * 2, "a tunnel for the token, a tunnel for the stream"
    # What goes through the tunnels is not the proxy's business.
    assert not any(KEY in request or upstream.tokens[0].encode() in request for request in proxy.requests)


def test_a_proxy_of_the_configuration_carries_both_legs(make_gateway, upstream, proxy):
    check_session(make_gateway(upstream, upstream={"proxy": proxy.url}), proxy, upstream)


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_carries_both_legs(make_gateway, upstream, proxy, name):
    check_session(make_gateway(upstream, {name: proxy.url}), proxy, upstream)


def test_credentials_of_the_environment_reach_the_proxy_alone(make_gateway, upstream, proxy):
    url = proxy.url.replace("http://", "http://gate:wo%3Ard@")
    gateway = make_gateway(upstream, {"http_proxy": url})
    check_session(gateway, proxy, upstream)
    expected = base64.b64encode(b"gate:wo:rd")
    assert all(b"Proxy-Authorization: Basic " + expected in request for request in proxy.requests)
    assert not any(b"roxy" in request.raw for request in [*upstream.mints, upstream.streams[0].request])
    assert "wo:rd" not in gateway.output and expected.decode() not in gateway.output


@pytest.mark.parametrize("exempt", ["127.0.0.1", "127.0.0.0/8", "*"])
def test_no_proxy_exempts_both_legs(make_gateway, upstream, proxy, exempt):
    gateway = make_gateway(upstream, {"http_proxy": proxy.url, "no_proxy": exempt})
    with gateway.session():
        pass
    assert not proxy.requests


def test_a_proxy_that_is_switched_off_is_not_looked_for(make_gateway, upstream, proxy):
    gateway = make_gateway(upstream, {"http_proxy": proxy.url}, upstream={"proxy": "off"})
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
def test_a_proxy_that_makes_no_tunnel_for_a_stream_ends_the_session(make_gateway, upstream, proxy, answer):
    """The token comes over a connection that stands already: only the stream's tunnel is new."""
    gateway = make_gateway(upstream, {"http_proxy": proxy.url}, sessions={"connect_timeout": "2s"})
    with gateway.session():
        pass
    proxy.answer = answer
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        expect_ending(client, gateway, "upstream_unreachable")


def test_a_proxy_that_makes_no_tunnel_for_a_token_ends_the_session(make_gateway, upstream, proxy):
    gateway = make_gateway(upstream, {"http_proxy": proxy.url}, sessions={"connect_timeout": "2s"})
    proxy.answer = b"HTTP/1.1 403 No\r\n\r\n"
    with gateway.client().upgrade() as client:
        client.send_json({"type": "start"})
        expect_ending(client, gateway, "token_unavailable")


def test_a_proxy_that_streams_cannot_go_through_ends_the_start(tmp_path, upstream):
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, upstream.token_url, upstream.stream_url)))
    done = subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", config],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={"http_proxy": "socks5://secret-name:1"},
    )
    assert done.returncode == 1
    assert "http_proxy" in done.stderr and "secret-name" not in done.stderr
