"""Sockets that a service manager passes on: by name, from the first connection, across restarts."""

import signal
import socket
import subprocess
import threading
import time

import pytest
from support.client import RawClient
from support.manager import listening_socket, passing
from support.peer import Ended
from support.programs import Program, program
from support.settings import settings, to_yaml
from support.upstream import echo
from support.waiting import eventually


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def refused(tmp_path, before, sockets, **changes):
    """Starts a gateway with sockets that it must refuse: (exit status, what it said)."""
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, before.token_url, before.stream_url, **changes)))
    how = passing(sockets)
    done = subprocess.run(
        [*map(str, how.pop("prefix")), program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", str(config)],
        **how,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return done.returncode, done.stderr


# By name


def test_inherited_sockets_override_the_addresses_of_their_listeners(make_gateway, upstream, tmp_path):
    path = str(tmp_path / "admin.sock")
    with listening_socket() as one, listening_socket("127.0.0.78") as two, socket.socket(socket.AF_UNIX) as admin:
        admin.bind(path)
        admin.listen()
        gateway = make_gateway(
            upstream,
            ready=False,
            start=passing([("public", one), ("admin", admin), ("public", two)]),
            # Where nobody could listen.
            listeners=[{"name": "public", "address": "192.0.2.1:80"}],
            admin={"address": "unix:/nowhere/admin.sock"},
        )
        for sock in (one, two):
            with RawClient(sock.getsockname()) as client:
                client.open_session()
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(path)
            asking.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert asking.recv(100).startswith(b"HTTP/1.1 200 ")
        heard = [line["address"] for line in gateway.objects(gateway.stderr) if line["message"] == "listening"]
        assert len(heard) == 3 and f"unix:{path}" in heard
        assert gateway.terminate() == 0


def test_listeners_without_an_inherited_socket_have_their_own(make_gateway, upstream):
    with listening_socket() as public:
        gateway = make_gateway(
            upstream,
            start=passing([("public", public)]),
            listeners=[{"name": "public", "address": "127.0.0.1:0"}, {"name": "other", "address": "127.0.0.1:0"}],
        )
        assert gateway.address == public.getsockname()
        for address in gateway.listeners["public"], gateway.listeners["other"]:
            with RawClient(address) as client:
                client.open_session()


def no_socket_of_ours(tmp_path):
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def deaf(tmp_path):
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def local(tmp_path):
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(tmp_path / "public.sock"))
    made.listen()
    return made


def everywhere(tmp_path):
    return socket.create_server(("0.0.0.0", 0))


def loopback(tmp_path):
    return listening_socket()


@pytest.mark.parametrize(
    "name, make, words, changes",
    [
        ("publik", loopback, ["'publik'", "did you mean public?", "public, admin"], {}),
        ("unknown", loopback, ["'unknown'", "--fdname="], {}),
        ("public", no_socket_of_ours, ["no stream socket that listens"], {}),
        ("public", deaf, ["no stream socket that listens"], {}),
        ("public", local, ["unix socket"], {}),
        ("admin", everywhere, ["admin surface to the network", "0.0.0.0"], {}),
        ("admin", loopback, ["switched off"], {"admin": "off"}),
    ],
)
def test_sockets_that_cannot_be_used_exit_with_78_and_say_why(tmp_path, upstream, name, make, words, changes):
    with make(tmp_path) as sock:
        status, said = refused(tmp_path, upstream, [(name, sock)], **changes)
    assert status == 78
    for word in words:
        assert word in said


def test_a_listener_cannot_have_the_name_of_the_admin_surface(tmp_path, upstream):
    with listening_socket() as sock:
        listeners = [{"name": "admin", "address": "127.0.0.1:0"}]
        status, said = refused(tmp_path, upstream, [("admin", sock)], listeners=listeners)
    assert status == 78 and "the admin surface's name" in said


# From the first connection


def connect(address):
    """The first connection that is taken there."""

    def attempt():
        try:
            return RawClient(address, timeout=30)
        except ConnectionRefusedError:
            return None

    return eventually(attempt, f"somebody listens on {address}")


def test_systemd_socket_activate_starts_it_on_the_first_connection_and_nothing_is_lost(tmp_path, upstream):
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, upstream.token_url, upstream.stream_url)))
    # It takes no port 0; this address is used by nobody else, and the port was free a moment ago.
    with listening_socket("127.0.0.77") as probe:
        address = probe.getsockname()
    activation = ["systemd-socket-activate", "--listen={}:{}".format(*address), "--fdname=public"]
    gateway = Program([*activation, program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", config])
    try:
        with connect(address) as first:
            # Sent before there is a gateway: the request waits in the socket.
            first.open_session()
            with RawClient(address) as second:
                second.open_session()
            first.send_audio(bytes(320))
            assert first.take_json()["text"] == "heard 320 bytes"
            first.send_eos()
            assert first.take_json()["text"] == "the last words"
            assert first.take_close().code == 1000
        assert gateway.terminate() == 0
    finally:
        gateway.destroy()


# Across restarts


class Crowd:
    """Clients that come one after another, each with a whole session, until told to stop."""

    def __init__(self, address, size=4):
        self.address = address
        self.served, self.failures, self.longest = 0, [], 0.0
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._come, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def _come(self):
        while not self._leaving.is_set():
            begun = time.monotonic()
            try:
                with RawClient(self.address, timeout=30) as client:
                    client.open_session()
                    client.send_audio(bytes(320))
                    client.send_eos()
                    closed = client.take_close()
                    assert closed.code == 1000, closed
            except (AssertionError, Ended, OSError) as error:
                with self._lock:
                    self.failures.append(repr(error))
            with self._lock:
                self.served += 1
                self.longest = max(self.longest, time.monotonic() - begun)

    def leave(self):
        self._leaving.set()
        for thread in self._threads:
            thread.join(30)


@pytest.mark.timeout(120)
def test_restarts_under_an_inherited_socket_refuse_nobody(make_gateway, upstream):
    with listening_socket() as public:
        gateway = make_gateway(upstream, start=passing([("public", public)]), sessions={"drain_max": "5s"})
        crowd = Crowd(public.getsockname())
        for _ in range(5):
            before = crowd.served
            eventually(lambda: crowd.served > before + 20, lambda: f"they are served: {crowd.failures}", 30)
            assert gateway.terminate(30) == 0
            gateway = make_gateway(upstream, start=passing([("public", public)]), sessions={"drain_max": "5s"})
        crowd.leave()
    assert crowd.failures == []


@pytest.mark.timeout(60)
def test_who_comes_while_sessions_end_waits_that_long_and_no_longer(make_gateway, upstream):
    with listening_socket() as public:
        start = passing([("public", public)])
        gateway = make_gateway(upstream, start=start, sessions={"drain_max": "5s"})
        with gateway.session() as old:
            gateway.process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            eventually(lambda: gateway.admin("/readyz")[0] == 503, "it stops")
            with RawClient(public.getsockname(), timeout=30) as new:
                new.send(new.head("GET", headers=new.upgrade_headers()))
                # The old session is undisturbed, for five seconds as is the default.
                old.send_audio(bytes(640))
                assert old.take_json()["text"] == "heard 640 bytes"
                error, closed = old.take_ending(20)
                drained = time.monotonic() - begun
                assert (closed.code, error["code"]) == (1012, "restart")
                assert gateway.wait(20) == 0
                make_gateway(upstream, start=start)
                assert new.response(20).status == 101
                waited = time.monotonic() - begun
    assert drained >= 5, "sessions go on for drain_max"
    # The rest is the start of the second gateway, on a machine that may be busy.
    assert waited < drained + 20
