"""The example configurations of the servers in front, each as Debian has it, and what they log."""

import shutil
import socket
import ssl
import subprocess
import threading

import pytest
import trustme
from support.client import STREAM, TOKEN, RawClient
from support.manager import listening_socket
from support.programs import ROOT, Program
from support.upstream import echo
from support.waiting import eventually

EXAMPLES = ROOT / "deploy/examples"
NAME = "gateway.example.com"


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture
def front_address():
    """Where the server in front listens; none of them takes port 0, and nobody else uses this address."""
    with listening_socket("127.0.0.79") as probe:
        return probe.getsockname()


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def certificate(authority, tmp_path):
    """A file with certificate and key."""
    issued = authority.issue_cert(NAME)
    path = tmp_path / "front.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(str(path))
    return path


@pytest.fixture
def trusting(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def start_front(tmp_path):
    """Starts a server; it ends with the test."""
    made = []

    def start(*arguments, **options):
        made.append(Program(arguments, cwd=tmp_path, **options))
        return made[-1]

    yield start
    for server in made:
        server.destroy()


def behind(source):
    """The listener that the examples ask for."""
    listener = {"name": "public", "address": "127.0.0.1:0", "hosts": [NAME]}
    return {
        "listeners": [{**listener, "client_address": source, "trusted_proxies": ["loopback"]}],
        "access": [{"name": "front", "match": {"address": ["127.0.0.80"]}}],
    }


def at(address):
    return "{}:{}".format(*address)


def edit(text, *changes):
    """The example for this test: every change must find its place."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, str(new))
    return text


def visit(address, trusting):
    """A client at an address of its own, which the gateway must see."""
    context = trusting() if callable(trusting) else trusting

    def connect():
        try:
            client = RawClient(address, tls=context, server_name=NAME, source="127.0.0.80")
        except (ConnectionRefusedError, ConnectionResetError, ssl.SSLError):
            return None
        client.host = f"{NAME}:{address[1]}"
        return client

    return eventually(connect, f"somebody serves {address}")


def whole_session(address, trusting):
    """Gets a ticket, streams with it, and returns it."""
    with visit(address, trusting) as client:
        ticket = client.ticket()
    with visit(address, trusting) as client:
        client.open_session(target=f"{STREAM}?streaming_token={ticket}")
        client.send_audio(bytes(3200))
        assert client.take_json()["text"] == "heard 3200 bytes"
        client.send_eos()
        assert client.take_json()["text"] == "the last words"
        assert client.take_close().code == 1000
    return ticket


def failing_request(address, trusting, ticket):
    """What is logged as an error: nobody answers behind the server."""
    with visit(address, trusting) as client:
        headers = [("X-API-Key", ticket), ("Sec-WebSocket-Protocol", f"fennec.v1, bearer.{ticket}")]
        answer = client.try_upgrade(target=f"{STREAM}?streaming_token={ticket}", headers=headers)
        assert answer.status in (502, 503, 504)


def check_logs(read, *tickets):
    """Paths are logged, queries and tickets are not."""
    logged = eventually(lambda: (text := read()).count(STREAM) >= 2 and text, read)
    assert TOKEN in logged
    for ticket in tickets:
        assert ticket not in logged
    assert "streaming_token" not in logged


def test_nginx(make_gateway, upstream, start_front, front_address, certificate, trusting, tmp_path):
    gateway = make_gateway(upstream, **behind("x-forwarded-for"))
    logs = tmp_path / "logs"
    logs.mkdir()
    site = edit(
        (EXAMPLES / "nginx.conf").read_text(),
        ("server 127.0.0.1:8080", f"server {at(gateway.address)}"),
        ("listen 443 ssl", f"listen {at(front_address)} ssl"),
        ("/etc/nginx/tls/gateway.example.com.pem", certificate),
        ("/etc/nginx/tls/gateway.example.com.key", certificate),
        ("/var/log/nginx", logs),
    )
    (tmp_path / "site.conf").write_text(site)
    main = f"daemon off; pid {tmp_path}/pid; error_log {logs}/main.log; events {{}}\n"
    main += f"http {{ access_log off; client_body_temp_path {tmp_path}/body; include {tmp_path}/site.conf; }}\n"
    (tmp_path / "nginx.conf").write_text(main)
    nginx = start_front(shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", tmp_path / "nginx.conf", "-p", tmp_path)
    ticket = whole_session(front_address, trusting)
    assert gateway.ended_session("upstream_closed")["address"] == "127.0.0.80"
    assert gateway.terminate() == 0
    failing_request(front_address, trusting, ticket + "x")
    assert nginx.terminate() == 0
    check_logs(lambda: "".join(file.read_text() for file in logs.iterdir()) + nginx.output, ticket)


def test_caddy_with_certificates_of_its_own(make_gateway, upstream, start_front, front_address, tmp_path):
    gateway = make_gateway(upstream, **behind("x-forwarded-for"))
    host, port = front_address
    text = edit(
        (EXAMPLES / "Caddyfile").read_text(),
        ("reverse_proxy 127.0.0.1:8080", f"reverse_proxy {at(gateway.address)}"),
        ("\ngateway.example.com {", f"\ngateway.example.com:{port} {{\n\tbind {host}"),
        ("/var/log/caddy", tmp_path),
        ("\tskip_install_trust\n", "\tskip_install_trust\n\tadmin off\n\tauto_https disable_redirects\n"),
    )
    (tmp_path / "Caddyfile").write_text(text)
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    caddy = start_front(
        shutil.which("caddy"), "run", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile", env=home
    )
    root = tmp_path / "caddy/pki/authorities/local/root.crt"

    def trusting():
        eventually(root.exists, lambda: f"Caddy has an authority: {caddy.output}")
        return ssl.create_default_context(cafile=str(root))

    ticket = whole_session(front_address, trusting)
    assert gateway.ended_session("upstream_closed")["address"] == "127.0.0.80"
    assert gateway.terminate() == 0
    failing_request(front_address, trusting, ticket + "x")
    assert caddy.terminate() == 0
    check_logs(lambda: (tmp_path / "fennec-gateway.log").read_text() + caddy.output, ticket)


class Syslog:
    """Collects what is logged to /dev/log."""

    def __init__(self, path):
        self.text = ""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        while True:
            try:
                self.text += self._socket.recv(8192).decode() + "\n"
            except OSError:
                return

    def close(self):
        self._socket.close()


def test_haproxy_before_two_gateways_that_share_their_tickets(
    make_gateway, upstream, start_front, front_address, certificate, trusting, tmp_path
):
    states = [tmp_path / "one", tmp_path / "two"]
    for state in states:
        state.mkdir(mode=0o700)
    gateways = [make_gateway(upstream, **behind("proxy"), state_directory=str(states[0]))]
    shutil.copy(states[0] / "ticket-secrets", states[1] / "ticket-secrets")
    gateways.append(make_gateway(upstream, **behind("proxy"), state_directory=str(states[1])))
    text = (EXAMPLES / "haproxy.cfg").read_text()
    for gateway, port, admin in zip(gateways, (8080, 8081), (9780, 9781)):
        (_, admin_port) = gateway.listeners["admin"]
        text = edit(text, (f"127.0.0.1:{port} port {admin}", f"{at(gateway.address)} port {admin_port}"))
    text = edit(
        text,
        ("bind :443", f"bind {at(front_address)}"),
        ("/etc/haproxy/tls/gateway.example.com.pem", certificate),
        ("log /dev/log", f"log {tmp_path}/log"),
    )
    (tmp_path / "haproxy.cfg").write_text(text)
    log = Syslog(tmp_path / "log")
    haproxy = start_front(
        shutil.which("haproxy", path="/usr/sbin:/usr/bin"), "-db", "-f", tmp_path / "haproxy.cfg"
    )
    # Tickets spread over both by their hash, so each is met by one that did not make it.
    tickets = [whole_session(front_address, trusting) for _ in range(16)]
    for gateway in gateways:
        records = gateway.session_log_lines()
        assert records and {record["address"] for record in records} == {"127.0.0.80"}
    with visit(front_address, trusting) as client:
        answer = client.try_upgrade(target=f"{STREAM}?streaming_token={tickets[0]}")
        assert answer.problem()["code"] == "credential_invalid", "a ticket opens one stream, not one on each"
    for gateway in gateways:
        assert gateway.terminate() == 0
    failing_request(front_address, trusting, tickets[0])
    haproxy.terminate()
    check_logs(lambda: log.text + haproxy.output, *tickets)
    log.close()


def test_the_haproxy_example_is_right_as_it_stands(tmp_path, certificate):
    text = (EXAMPLES / "haproxy.cfg").read_text()
    (tmp_path / "haproxy.cfg").write_text(edit(text, ("/etc/haproxy/tls/gateway.example.com.pem", certificate)))
    command = [shutil.which("haproxy", path="/usr/sbin:/usr/bin"), "-c", "-q", "-f", tmp_path / "haproxy.cfg"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
