"""A listener that speaks TLS: the same as without, whatever strangers do before there is a request."""

import asyncio
import os
import socket
import ssl

import pytest
import trustme
import websockets.asyncio.client
import websockets.sync.client
from support.client import STREAM
from support.endings import expect_ending
from support.peer import Collector, Ended, Peer
from support.programs import run
from support.settings import settings, to_yaml
from support.upstream import echo
from support.waiting import eventually

VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def files(authority, directory, *names):
    """A certificate for these names: the listener's `tls` section."""
    certificate = authority.issue_cert(*names)
    paths = {"certificate": str(directory / "cert.pem"), "key": str(directory / "key.pem")}
    certificate.cert_chain_pems[0].write_to_path(paths["certificate"])
    certificate.private_key_pem.write_to_path(paths["key"])
    return paths


@pytest.fixture
def make_secure(make_gateway, upstream, authority, tmp_path):
    def make(**changes):
        listener = {"name": "public", "address": "127.0.0.1:0"}
        listener["tls"] = files(authority, tmp_path, "localhost", "127.0.0.1")
        return make_gateway(upstream, listeners=[listener], **changes)

    return make


@pytest.fixture
def gateway(make_secure):
    return make_secure()


@pytest.fixture
def trusting(authority):
    """A client's context that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def only(context, version):
    context.minimum_version = context.maximum_version = version
    return context


def exchange(client):
    """A session's audio goes through, its transcript comes back, and it ends as it should."""
    client.send_audio(bytes(70_000))
    assert client.take_json()["text"] == "heard 70000 bytes"
    client.send_eos()
    assert client.take_close().code == 1000


def greeting(context):
    """The first bytes of a client's handshake."""
    hidden, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(hidden, out, server_hostname="localhost").do_handshake()
    return out.read()


def stranger(gateway):
    """A TCP connection on which no TLS is spoken yet."""
    return Peer(socket.create_connection(gateway.address, timeout=10))


def open_files(gateway):
    return len(os.listdir(f"/proc/{gateway.pid}/fd"))


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS.keys())
def test_a_session_is_relayed_over_either_version(gateway, trusting, version):
    with gateway.client(tls=only(trusting, version)) as client:
        assert client.socket.version() == version.name.replace("_", ".")
        exchange(client.open_session())
    record = gateway.ended_session("upstream_closed")
    assert record["audio_bytes"] == 70_000


def test_an_independent_client_is_served(gateway, trusting):
    url = "wss://localhost:{}{}".format(gateway.address[1], STREAM)
    with websockets.sync.client.connect(url, ssl=trusting, server_hostname="localhost") as client:
        client.send('{"type":"start","sample_rate":16000,"channels":1}')
        assert client.recv(10) == '{"type":"ready"}'
        client.send(bytes(640))
        assert '"heard 640 bytes"' in client.recv(10)


def test_requests_before_the_upgrade_are_answered_on_the_same_connection(gateway, trusting):
    with gateway.client(tls=trusting) as client:
        ticket = client.ticket()
        assert client.request("GET", "/nowhere").status == 404
        exchange(client.open_session(target=f"{STREAM}?streaming_token={ticket}"))


def test_http_is_the_one_protocol_offered(gateway, trusting):
    trusting.set_alpn_protocols(["h2", "http/1.1"])
    with gateway.client(tls=trusting) as client:
        assert client.socket.selected_alpn_protocol() == "http/1.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_an_outdated_version_is_refused(gateway, trusting):
    trusting.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        gateway.client(tls=only(trusting, ssl.TLSVersion.TLSv1_1))
    assert gateway.alive()


def test_plain_http_gets_no_answer_but_the_end(gateway, trusting):
    with gateway.client(tls=trusting).open_session() as beside:
        with gateway.client() as plain:
            plain.send(plain.head("GET", STREAM, plain.upgrade_headers()))
            try:
                assert b"HTTP/" not in plain.take_rest()
            except Ended:
                pass  # by a reset
        exchange(beside)


def test_a_client_that_trusts_somebody_else_leaves(gateway, trusting):
    with pytest.raises(ssl.SSLCertVerificationError):
        gateway.client(tls=ssl.create_default_context())
    with gateway.client(tls=trusting) as client:
        exchange(client.open_session())


BEGINNINGS = {"nothing": lambda hello: b"", "half of it": lambda hello: hello[: len(hello) // 2], "all of it": bytes}


@pytest.mark.parametrize("part", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_a_handshake_left_hanging_is_ended_in_time(make_secure, trusting, part):
    gateway = make_secure(sessions={"request_head_timeout": "700ms"})
    with gateway.client(tls=trusting).open_session() as beside, stranger(gateway) as client:
        client.send(part(greeting(trusting)))
        try:
            assert b"HTTP/" not in client.take_rest()
        except Ended:
            pass  # by a reset
        exchange(beside)


def test_a_handshake_that_drips_in_is_cut_off_all_the_same(make_secure, trusting):
    gateway = make_secure(sessions={"request_head_timeout": "700ms"})
    with stranger(gateway) as client:
        for byte in greeting(trusting):
            try:
                client.send(bytes([byte]))
                client.take_rest(0.05)
            except TimeoutError:
                continue
            except Ended:
                pass
            break
        else:
            raise AssertionError("a byte now and then keeps the connection")


@pytest.mark.parametrize("leave", [Peer.abandon, Peer.hang_up], ids=["a reset", "an end of stream"])
@pytest.mark.parametrize("part", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_clients_that_vanish_during_the_handshake_leave_nothing_behind(gateway, trusting, part, leave):
    with gateway.client(tls=trusting).open_session() as beside:
        before = open_files(gateway)
        hello = part(greeting(trusting))
        for _ in range(20):
            client = stranger(gateway)
            client.send(hello)
            leave(client)
        eventually(lambda: open_files(gateway) <= before, "the connections are closed")
        exchange(beside)


def test_a_client_that_vanishes_without_a_word_of_tls_is_lost(gateway, trusting, upstream):
    client = gateway.client(tls=trusting).open_session()
    os.close(client.socket.detach())
    assert gateway.ended_session("client_lost")["ended_by"] == "client"
    assert upstream.next_stream().ended.wait(10), "the upstream is left open"


def test_a_violation_is_told_over_tls(gateway, trusting):
    with gateway.client(tls=trusting).upgrade() as client:
        client.send_audio(b"before start")
        expect_ending(client, gateway, "start_expected")


def test_the_restart_is_told_over_tls(make_secure, trusting, upstream):
    gateway = make_secure()
    with gateway.client(tls=trusting).open_session() as client:
        client.send_audio(bytes(640))
        assert client.take_json()["text"] == "heard 640 bytes"
        reader = Collector(client)
        gateway.process.terminate()
        assert reader.ended.wait(10)
        assert reader.close_code == 1012
        assert '"the last words"' in reader.texts[-2]
    assert gateway.wait() == 0


def test_much_audio_and_many_transcripts_cross_at_once(gateway, trusting, upstream):
    async def talk():
        # Of the two ends of a TLS connection Python wants only one thread to know.
        async with websockets.asyncio.client.connect(
            f"wss://localhost:{gateway.address[1]}{STREAM}", ssl=trusting, compression=None
        ) as client:
            await client.send('{"type":"start","sample_rate":16000,"channels":1}')

            async def speak():
                for _ in range(400):
                    await client.send(bytes(32_000))
                await client.send('{"type":"eos"}')

            speaking = asyncio.create_task(speak())
            texts = [text async for text in client]
            await speaking
            return texts, client.close_code

    (ready, *finals, last), code = asyncio.run(talk())
    assert (ready, code) == ('{"type":"ready"}', 1000)
    assert len(finals) == 400 and all('"heard 32000 bytes"' in text for text in finals)
    assert '"the last words"' in last
    assert len(upstream.next_stream().audio) == 400 * 32_000


@pytest.mark.parametrize("wrong", ["certificate", "key"])
def test_files_that_do_not_belong_together_are_named_at_the_start(authority, upstream, tmp_path, wrong):
    other = tmp_path / "other"
    other.mkdir()
    tls = {**files(authority, tmp_path, "localhost"), wrong: files(authority, other, "localhost")[wrong]}
    listener = {"name": "public", "address": "127.0.0.1:0", "tls": tls}
    path = tmp_path / "gateway.yaml"
    path.write_text(to_yaml(settings(tmp_path, upstream.token_url, upstream.stream_url, listeners=[listener])))
    done = run("serve", "--config", path)
    assert done.returncode == 1, done
    assert "public" in done.stderr and "certificate or key" in done.stderr, done
