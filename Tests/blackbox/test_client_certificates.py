"""Clients that show certificates, and certificates of listeners that change while the gateway runs."""

import datetime
import os
import signal
import ssl
import subprocess

import pytest
import trustme
from support.client import STREAM
from support.devices import Devices
from support.peer import Ended
from support.settings import to_yaml
from support.upstream import echo
from support.waiting import eventually

NOT_AFTER = "fennec_gateway_tls_certificate_not_after_seconds"


def openssl(directory, *arguments):
    subprocess.run(["openssl", *map(str, arguments)], cwd=directory, check=True, capture_output=True)


class Authority:
    """Issues certificates with the openssl command."""

    def __init__(self, directory, name):
        self.directory, self.name, self.issued = directory, name, 0
        self.certificate = directory / f"{name}.pem"
        openssl(
            directory, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem",
        )  # fmt: skip

    def issue(self, subject="/O=x", names="", usage="clientAuth", days=30):
        """(certificate, key) paths."""
        self.issued += 1
        stem = f"{self.name}-{self.issued}"
        openssl(
            self.directory, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", subject, "-keyout", f"{stem}.key", "-out", f"{stem}.csr",
        )  # fmt: skip
        extensions = [f"extendedKeyUsage={usage}"] + ([f"subjectAltName={names}"] if names else [])
        (self.directory / f"{stem}.ext").write_text("\n".join(extensions))
        openssl(
            self.directory, "x509", "-req", "-in", f"{stem}.csr", "-CA", f"{self.name}.pem", "-CAkey",
            f"{self.name}.key", "-CAcreateserial", "-days", days, "-extfile", f"{stem}.ext", "-out", f"{stem}.pem",
        )  # fmt: skip
        return self.directory / f"{stem}.pem", self.directory / f"{stem}.key"


class World:
    """A gateway with a listener that requires certificates, one that takes them, and one that asks for none."""

    def __init__(self, make_gateway, upstream, directory):
        self.directory = directory
        self.fleet, self.strangers = Authority(directory, "fleet"), Authority(directory, "strangers")
        self.server = trustme.CA()
        self.write(self.server.issue_cert("localhost", "127.0.0.1"))
        tls = {"certificate": str(directory / "cert.pem"), "key": str(directory / "key.pem")}
        client = {"client_ca": str(self.fleet.certificate)}
        listeners = [
            {"name": "public", "address": "127.0.0.1:0", "tls": {**tls, **client}},
            {"name": "optional", "address": "127.0.0.1:0", "tls": {**tls, **client, "client_certificates": "optional"}},
            {"name": "plain", "address": "127.0.0.1:0", "tls": tls},
            {"name": "http", "address": "127.0.0.1:0"},
        ]
        access = [
            {"name": "dns", "match": {"client_certificate": {"dns": ["*.kiosks.example", "desk.example"]}}},
            {"name": "uri", "match": {"client_certificate": {"uri": "spiffe://example/kiosk/*"}}},
            {"name": "email", "match": {"client_certificate": {"email": "*@example.com"}}},
            {"name": "subject", "match": {"client_certificate": {"common_name": "Kiosk *"}, "address": "loopback"}},
            {"name": "both", "match": {"client_certificate": {"common_name": "backend"}, "device": "backend"}},
            {"name": "plain", "match": {"listener": "plain"}},
        ]
        self.state = directory / "state"
        self.state.mkdir()
        self.gateway = make_gateway(upstream, listeners=listeners, access=access, state_directory=str(self.state))

    def write(self, certificate, key=None):
        certificate.cert_chain_pems[0].write_to_path(str(self.directory / "cert.pem"))
        (key or certificate).private_key_pem.write_to_path(str(self.directory / "key.pem"))

    def context(self, shown=None, version=None):
        context = ssl.create_default_context()
        self.server.configure_trust(context)
        if shown:
            context.load_cert_chain(*shown)
        if version:
            context.minimum_version = context.maximum_version = version
        return context

    def stream(self, listener="public", shown=None, headers=(), version=None):
        """(status, code) of a handshake."""
        with self.client(listener, self.context(shown, version)) as client:
            answer = client.try_upgrade(STREAM, headers)
            return answer.status, answer.problem()["code"] if answer.status != 101 else None

    def client(self, listener, context):
        from support.client import RawClient

        return RawClient(self.gateway.listeners[listener], tls=context)

    def expect_no_tls(self, listener="public", shown=None, version=None):
        """The handshake fails; with TLS 1.3 a client hears of it with its first answer."""
        with pytest.raises((ssl.SSLError, Ended, ConnectionResetError)):
            self.stream(listener, shown, version=version)

    def faults(self, code):
        return self.gateway.metrics().sum("fennec_gateway_connection_faults_total", code=code)

    def ends(self, listener="public"):
        return self.gateway.metrics().sum(NOT_AFTER, listener=listener)

    def served(self, listener="public"):
        """When the certificate that new connections see ends."""
        with self.client(listener, self.context(self.fleet.issue())) as client:
            return ssl.cert_time_to_seconds(client.socket.getpeercert()["notAfter"])


@pytest.fixture
def world(make_gateway, make_upstream, tmp_path):
    return World(make_gateway, make_upstream(stream=echo), tmp_path)


NAMES = [
    ("/CN=x", "DNS:a.kiosks.example", "dns"),
    ("/CN=x", "DNS:other.example,DNS:A.Kiosks.Example", "dns"),
    ("/CN=x", "DNS:desk.example", "dns"),
    ("/CN=x", "DNS:a.kiosks.example.evil.example", None),
    ("/CN=a.kiosks.example", "", None),
    ("/CN=x", "URI:spiffe://example/kiosk/7", "uri"),
    ("/CN=x", "URI:spiffe://example/other/7", None),
    ("/CN=x", "DNS:spiffe", None),
    ("/CN=x", "email:ops@example.com", "email"),
    ("/emailAddress=ops@example.com", "", None),
    ("/CN=Kiosk 7", "", "subject"),
    ("/CN=kiosk 7", "", None),
    ("/CN=Kiosk 7/CN=x", "", None),
    ("/O=Kiosk 7", "", None),
    ("/CN=x", "IP:127.0.0.1", None),
]


def test_rules_look_at_the_names_in_certificates(world):
    for subject, names, rule in NAMES:
        shown = world.fleet.issue(subject, names)
        for listener in ["public", "optional"]:
            expected = (101, None) if rule else (403, "address_refused")
            assert world.stream(listener, shown) == expected, (subject, names, listener)
        # A certificate that nobody asks for is not looked at.
        assert world.stream("plain", shown) == (101, None)
    ended = [line["rule"] for line in world.gateway.objects(world.gateway.stderr) if "rule" in line]
    assert {rule for _, _, rule in NAMES if rule} <= set(ended), ended


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def test_who_may_connect_at_all(world, version):
    good = world.fleet.issue("/CN=Kiosk 1")
    assert world.stream("public", good, version=version) == (101, None)
    assert world.stream("optional", good, version=version) == (101, None)
    world.expect_no_tls("public", None, version)
    assert world.stream("optional", None, version=version) == (401, "credential_required")
    bad = [
        world.strangers.issue("/CN=Kiosk 1"),
        world.fleet.issue("/CN=Kiosk 1", usage="serverAuth"),
        expired(world, "/CN=Kiosk 1"),
    ]
    for shown in bad:
        # One that is no good counts for less than none.
        world.expect_no_tls("public", shown, version)
        world.expect_no_tls("optional", shown, version)
        assert world.stream("plain", shown, version=version) == (101, None)
    eventually(lambda: world.faults("client_certificate_refused") == 7, "they are counted")
    lines = world.gateway.objects(world.gateway.stderr)
    (first, *_) = [line for line in lines if line.get("code") == "client_certificate_refused"]
    assert (first["level"], first["listener"], first["address"]) == ("warning", "public", "127.0.0.1")


def expired(world, subject):
    """A certificate of the fleet that ended yesterday."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    shown = world.fleet.issue(subject)
    issuer_key = serialization.load_pem_private_key((world.directory / "fleet.key").read_bytes(), None)
    issuer = x509.load_pem_x509_certificate(world.fleet.certificate.read_bytes())
    old = x509.load_pem_x509_certificate(shown[0].read_bytes())
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder(subject_name=old.subject, issuer_name=issuer.subject, public_key=old.public_key())
        .serial_number(4711)
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now - datetime.timedelta(days=1))
        .sign(issuer_key, hashes.SHA256())
    )
    shown[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return shown


def test_the_401_names_the_certificate(world):
    with world.client("optional", world.context()) as client:
        assert "client certificate" in client.try_upgrade(STREAM).problem()["detail"]


def test_a_rule_may_want_a_device_too(world):
    devices = Devices(world.state)
    token = devices.add("backend")
    shown = world.fleet.issue("/CN=backend")
    headers = [("X-API-Key", token)]
    eventually(lambda: world.stream("public", shown, headers) == (101, None), "the device is known", interval=0.2)
    assert world.stream("public", shown) == (401, "credential_required")
    assert world.stream("optional", None, headers) == (401, "credential_required")
    assert world.stream("public", world.fleet.issue("/CN=x"), headers) == (403, "address_refused")


def test_a_resumed_connection_keeps_its_certificate(world):
    context = world.context(world.fleet.issue("/CN=Kiosk 1"), ssl.TLSVersion.TLSv1_2)
    with world.client("public", context) as client:
        assert client.request("GET", "/gateway/policy").status == 200
        session = client.socket.session
    import socket

    sock = socket.create_connection(world.gateway.listeners["public"], 10)
    with context.wrap_socket(sock, server_hostname="localhost", session=session) as again:
        again.sendall(b"GET /gateway/policy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert again.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_the_holder_is_named_in_the_record(world):
    with world.client("public", world.context(world.fleet.issue("/CN=Kiosk 7"))) as client:
        client.open_session()
        client.send_eos()
        client.take_close()
    assert world.gateway.ended_session("upstream_closed")["client"] == "Kiosk 7"


def test_the_metric_tells_when_each_certificate_ends(world):
    assert world.ends("public") == world.ends("plain") == world.served()
    names = {labels["listener"] for name, labels, _ in world.gateway.metrics().samples if name == NOT_AFTER}
    assert names == {"public", "optional", "plain"}


def test_a_changed_certificate_is_taken_without_being_told(world):
    with world.client("plain", world.context()) as kept:
        assert kept.request("GET", "/gateway/policy").status == 200
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=77)
        later = later.replace(microsecond=0)
        world.write(world.server.issue_cert("localhost", "127.0.0.1", not_after=later))
        eventually(lambda: world.ends() == later.timestamp(), "the certificate is taken")
        eventually(lambda: world.served("plain") == later.timestamp(), "all listeners take it")
        assert kept.request("GET", "/gateway/policy").status == 200
    assert "certificate taken" in world.gateway.output


def test_files_that_are_moved_into_place_are_noticed(world):
    later = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=78)
    made = world.server.issue_cert("localhost", "127.0.0.1", not_after=later)
    for name, pem in [("cert", made.cert_chain_pems[0]), ("key", made.private_key_pem)]:
        pem.write_to_path(str(world.directory / f"{name}.new"))
        os.rename(world.directory / f"{name}.new", world.directory / f"{name}.pem")
    eventually(lambda: world.ends() == later.timestamp(), "the certificate is taken")


BAD = {
    "no certificate": lambda world: (world.directory / "cert.pem").write_text("nonsense\n"),
    "an empty file": lambda world: (world.directory / "cert.pem").write_text(""),
    "another key": lambda world: world.write(world.server.issue_cert("localhost"), key=world.server.issue_cert("a.b")),
    "nothing at all": lambda world: (world.directory / "key.pem").unlink(),
    "no authority": lambda world: world.fleet.certificate.write_text("nonsense\n"),
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD.keys())
def test_a_bad_certificate_is_not_taken_and_the_one_before_stays(world, spoil):
    shown, before = world.fleet.issue("/CN=Kiosk 1"), world.ends()
    authority = world.fleet.certificate.read_bytes()
    spoil(world)
    eventually(lambda: "changed certificate not taken" in world.gateway.output, "the log says so")
    assert world.stream("public", shown) == (101, None)
    assert world.ends() == before
    # A reload finds the same, and changes nothing.
    world.gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: "nothing was changed" in world.gateway.output, "the reload is refused")
    assert world.stream("public", shown) == (101, None)
    world.fleet.certificate.write_bytes(authority)
    later = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=79)
    world.write(world.server.issue_cert("localhost", "127.0.0.1", not_after=later))
    eventually(lambda: world.ends() == later.timestamp(), "a good one is taken")
    refusals = [line for line in world.gateway.objects(world.gateway.stderr) if "not taken" in line.get("message", "")]
    assert len(refusals) <= 6, "each spoilt listener says so once or twice"


def test_another_authority_is_taken(world):
    other, ours = world.strangers.issue("/CN=Kiosk 1"), world.fleet.issue("/CN=Kiosk 1")
    world.fleet.certificate.write_bytes(world.strangers.certificate.read_bytes())

    def is_taken():
        try:
            return world.stream("public", other) == (101, None)
        except (ssl.SSLError, Ended):
            return False

    eventually(is_taken, "the other authority is believed", interval=0.2)
    world.expect_no_tls("public", ours)


def test_a_reload_takes_other_files(world):
    later = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=80)
    made = world.server.issue_cert("localhost", "127.0.0.1", not_after=later)
    made.cert_chain_pems[0].write_to_path(str(world.directory / "other-cert.pem"))
    made.private_key_pem.write_to_path(str(world.directory / "other-key.pem"))
    for listener in world.gateway.settings["listeners"][:3]:
        listener["tls"]["certificate"] = str(world.directory / "other-cert.pem")
        listener["tls"]["key"] = str(world.directory / "other-key.pem")
    world.gateway.settings["listeners"][0]["tls"]["client_certificates"] = "optional"
    world.gateway.config.write_text(to_yaml(world.gateway.settings))
    world.gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: world.ends() == later.timestamp(), "the other certificate is taken")
    assert world.stream("public") == (401, "credential_required")
