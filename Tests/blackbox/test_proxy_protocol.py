"""A listener behind proxies that speak the PROXY protocol."""

import signal
import socket
import ssl

import pytest
import trustme
from support.client import STREAM, RawClient
from support.peer import Ended
from support.settings import to_yaml
from support.upstream import echo
from support.waiting import eventually

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
CLIENT, OTHER = "192.0.2.1", "203.0.113.9"


def version1(source=CLIENT, destination="127.0.0.1", family="TCP4"):
    return f"PROXY {family} {source} {destination} 49152 443\r\n".encode()


def version2(source=CLIENT, destination="127.0.0.1", extensions=b"", command=1):
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    block = b"".join(socket.inet_pton(family, address) for address in (source, destination))
    block += b"\xc0\x00\x01\xbb" + extensions
    return raw2(0x20 | command, 0x21 if ":" in source else 0x11, block)


def raw2(command, family, block=b""):
    return SIGNATURE + bytes([command, family]) + len(block).to_bytes(2, "big") + block


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusting(authority):
    """A client's context that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def make_world(make_gateway, make_upstream, authority, tmp_path):
    """A gateway with a plain and a TLS listener behind proxies on 127.0.0.0/31, both for 192.0.2.0/24."""

    def make(trusted=("127.0.0.0/31",), **changes):
        certificate = authority.issue_cert("localhost", "127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
        certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
        behind = {"address": "127.0.0.1:0", "client_address": "proxy", "trusted_proxies": list(trusted)}
        tls = {"certificate": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")}
        listeners = [{"name": "public", **behind}, {"name": "tls", "tls": tls, **behind}]
        access = [
            {"name": "clients", "match": {"address": ["192.0.2.0/24", "2001:db8::/32"]}},
            {"name": "near", "match": {"address": ["loopback"]}},
        ]
        return make_gateway(make_upstream(stream=echo), listeners=listeners, access=access, **changes)

    return make


@pytest.fixture
def gateway(make_world):
    return make_world()


def connect(gateway, listener="public", source=None):
    """A connection that nothing was said on."""
    return RawClient(gateway.listeners[listener], source=source)


def behind(gateway, header, listener="public", **options):
    """A client whose connection a proxy has put this header before."""
    return RawClient(gateway.listeners[listener], preamble=header, **options)


def faults(gateway, code):
    return gateway.metrics().sum("fennec_gateway_connection_faults_total", code=code)


def expect_closed(peer):
    """Closed without a word, by an end of stream or a reset."""
    try:
        assert peer.take_rest() == b""
    except Ended:
        pass


HEADERS = {
    "version 1": version1(),
    "version 1, IPv6": version1("2001:db8::1", "::1", "TCP6"),
    "version 2": version2(),
    "version 2, IPv6": version2("2001:db8::1", "::1"),
    "version 2, IPv4 in IPv6": version2("::ffff:192.0.2.1", "::ffff:127.0.0.1"),
    "version 2 with extensions": version2(extensions=b"\x04\x00\x05\0\0\0\0\0" + b"\x02\x00\x03a.b"),
    "version 2 of 536 bytes": version2(extensions=b"\x04\x02\x01" + bytes(505)),
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_the_announced_client_is_the_client(gateway, header):
    is_version6 = b"2001:db8" in header or b"\x20\x01\x0d\xb8" in header
    with behind(gateway, header) as client:
        client.open_session(host="[::1]" if is_version6 else "127.0.0.1")
        client.send_audio(bytes(640))
        assert client.take_json()["text"] == "heard 640 bytes"
        client.send_eos()
        client.take_close()
    record = gateway.ended_session("upstream_closed")
    assert (record["rule"], record["address"]) == ("clients", "2001:db8::1" if is_version6 else CLIENT)


@pytest.mark.parametrize("header", [version1(), version2(extensions=b"\x04\x00\x00")], ids=["version 1", "version 2"])
def test_a_header_may_come_byte_by_byte(gateway, header):
    with connect(gateway) as client:
        for byte in header:
            client.send(bytes([byte]))
        assert client.try_upgrade(STREAM).status == 101


@pytest.mark.parametrize("header", [version1(), version2()], ids=["version 1", "version 2"])
def test_the_request_may_share_its_segment(gateway, header):
    with connect(gateway) as client:
        client.send(header + client.head("GET", "/nowhere") + client.head("GET", "/elsewhere"))
        assert [client.response().status for _ in range(2)] == [404, 404]


REFUSED = {
    "another client": version2(OTHER),
    "loopback, which the proxy is, but not the client": raw2(0x21, 0x00),
    "a unix socket": raw2(0x21, 0x31, b"/run/app.sock".ljust(216, b"\0")),
    "datagrams": raw2(0x21, 0x12, socket.inet_aton(CLIENT) + socket.inet_aton("127.0.0.1") + bytes(4)),
    "unknown": b"PROXY UNKNOWN\r\n",
    "unknown, with words": b"PROXY UNKNOWN 192.0.2.1 127.0.0.1 1 2\r\n",
}


@pytest.mark.parametrize("header", REFUSED.values(), ids=REFUSED.keys())
def test_whoever_is_not_known_by_address_matches_no_rule_of_addresses(gateway, header):
    with behind(gateway, header) as client:
        answer = client.try_upgrade(STREAM)
        assert (answer.status, answer.problem()["code"]) == (403, "address_refused")


@pytest.mark.parametrize(
    "header", [raw2(0x20, 0x00), raw2(0x20, 0x11, bytes(12)), version2(OTHER, command=0)], ids=["bare", "zeros", "full"]
)
def test_a_connection_of_the_proxy_itself_is_judged_by_its_own_address(gateway, header):
    with behind(gateway, header) as client:
        assert client.try_upgrade(STREAM).status == 101


def test_headers_of_http_do_not_speak_for_anybody(gateway):
    with behind(gateway, version2(OTHER)) as client:
        assert client.try_upgrade(STREAM, [("X-Forwarded-For", CLIENT)]).status == 403
    with behind(gateway, version2("127.0.0.1")) as client:
        assert client.try_upgrade(STREAM, [("X-Forwarded-For", "127.0.0.1")]).status == 403
    with behind(gateway, version2("127.0.0.1")) as client:
        assert client.try_upgrade(STREAM).status == 101


def test_host_may_be_the_address_that_the_client_connected_to(gateway):
    with behind(gateway, version2(destination="198.51.100.7")) as client:
        assert client.try_upgrade(STREAM, host="127.0.0.1").problem()["code"] == "host_refused"
    with behind(gateway, version2(destination="198.51.100.7")) as client:
        assert client.try_upgrade(STREAM, host="198.51.100.7").status == 101


@pytest.mark.parametrize("header", [version1(), version2()], ids=["version 1", "version 2"])
def test_the_header_comes_before_tls(gateway, trusting, header):
    with behind(gateway, header, "tls", tls=trusting) as client:
        client.open_session()
        client.send_audio(bytes(640))
        assert client.take_json()["text"] == "heard 640 bytes"


@pytest.mark.parametrize("header", [version1(), version2()], ids=["version 1", "version 2"])
def test_tls_may_share_the_segment_of_the_header(gateway, trusting, header):
    hidden, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        trusting.wrap_bio(hidden, out, server_hostname="localhost").do_handshake()
    with connect(gateway, "tls") as client:
        client.send(header + out.read())
        kind, major, *_ = client.take(5)
        assert (kind, major) == (22, 3), "the server's greeting"


BROKEN = {
    "HTTP at once": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "missing"),
    "TLS at once": (b"\x16\x03\x01\x02\x00\x01", "missing"),
    "version 1 in lower case": (b"proxy tcp4", "missing"),
    "an unknown family": (b"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", "malformed"),
    "version 1 with a bad port": (b"PROXY TCP4 192.0.2.1 127.0.0.1 1 65536\r\n", "malformed"),
    "another version": (raw2(0x31, 0x11, bytes(12)), "malformed"),
    "another command": (raw2(0x22, 0x11, bytes(12)), "malformed"),
    "no room for addresses": (raw2(0x21, 0x21, bytes(12)), "malformed"),
    "an endless line": (b"PROXY UNKNOWN " + b"x" * 200, "too_long"),
    "65535 bytes announced": (SIGNATURE + b"\x21\x11\xff\xff", "too_long"),
    "537 bytes": (version2(extensions=bytes(509)), "too_long"),
}


@pytest.mark.parametrize(("sent", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_header_is_closed_without_a_word(gateway, sent, code):
    with behind(gateway, version2()) as beside:
        beside.open_session()
        with connect(gateway) as stranger:
            stranger.send(sent)
            expect_closed(stranger)
        eventually(lambda: faults(gateway, f"proxy_header_{code}") == 1, "it is counted")
        beside.send_audio(bytes(640))
        assert beside.take_json()["text"] == "heard 640 bytes"
    (line,) = [line for line in gateway.objects(gateway.stderr) if line.get("code") == f"proxy_header_{code}"]
    assert (line["level"], line["listener"], line["address"]) == ("warning", "public", "127.0.0.1")


def test_nobody_but_the_proxies_may_connect(gateway):
    for header in [b"", version2(), version1(), b"GET / HTTP/1.1\r\n\r\n"]:
        with connect(gateway, source="127.0.0.2") as stranger:
            try:
                stranger.send(header)
            except Ended:
                pass
            expect_closed(stranger)
    eventually(lambda: faults(gateway, "proxy_untrusted") == 4, "they are counted")
    with behind(gateway, version2()) as client:
        assert client.try_upgrade(STREAM).status == 101


@pytest.mark.parametrize("sent", [b"", b"PROXY TCP4 ", SIGNATURE], ids=["nothing", "half a line", "half a header"])
def test_a_header_that_does_not_come_is_not_waited_for(make_world, sent):
    gateway = make_world(sessions={"request_head_timeout": "500ms"})
    with connect(gateway) as slow:
        slow.send(sent)
        expect_closed(slow)
    assert faults(gateway, "proxy_header_timeout") == 1


def test_a_header_that_drips_in_is_cut_off_all_the_same(make_world):
    gateway = make_world(sessions={"request_head_timeout": "700ms"})
    with connect(gateway) as slow:
        for byte in b"PROXY UNKNOWN" + b"x" * 90:
            try:
                slow.send(bytes([byte]))
                slow.take_rest(0.05)
            except TimeoutError:
                continue
            except Ended:
                pass
            break
        else:
            raise AssertionError("a byte now and then keeps the connection")
    eventually(lambda: faults(gateway, "proxy_header_timeout") == 1, "it is counted")


def test_a_look_whether_somebody_listens_is_no_fault(gateway):
    with connect(gateway):
        pass
    with connect(gateway) as half:
        half.send(SIGNATURE)
    eventually(lambda: faults(gateway, "proxy_header_malformed") == 1, "who leaves inside a header is counted")
    assert sum(value for name, _, value in gateway.metrics().samples if "connection_faults" in name) == 1


def test_many_faults_are_counted_one_by_one_and_logged_now_and_then(gateway):
    for _ in range(60):
        with connect(gateway) as stranger:
            stranger.send(b"GET / HTTP/1.1\r\n\r\n")
            expect_closed(stranger)
    eventually(lambda: faults(gateway, "proxy_header_missing") == 60, "all are counted")
    lines = [line for line in gateway.objects(gateway.stderr) if line.get("code") == "proxy_header_missing"]
    assert 10 <= len(lines) < 30
    assert "GET /" not in gateway.output


def test_a_reload_changes_who_is_believed(gateway):
    kept = behind(gateway, version2())
    assert kept.request("GET", "/gateway/policy").status == 200
    for listener in gateway.settings["listeners"]:
        listener["trusted_proxies"] = ["127.0.0.2"]
    gateway.config.write_text(to_yaml(gateway.settings))
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: "configuration reloaded" in gateway.output, "the configuration is reloaded")
    with connect(gateway) as stranger:
        expect_closed(stranger)
    with behind(gateway, version2(), source="127.0.0.2") as client:
        assert client.request("GET", "/gateway/policy").status == 200
    with kept:
        assert kept.request("GET", "/gateway/policy").status == 200
