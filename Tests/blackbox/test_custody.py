"""The API key: where it may come from, and where in the process it may stand."""

import functools
import os
import pathlib
import resource
import ssl
import subprocess
import tempfile
import threading

import pytest
import trustme
from support.client import START
from support.faults import server_context
from support.memory import mappings, places
from support.programs import Gateway, program
from support.settings import key_file, settings, to_yaml
from support.upstream import FakeUpstream, echo
from support.waiting import eventually

KEY = "fennec-key-Zr4WmQ8sK1xTnV6yBd3H"
#: Halves as well: a torn copy is a copy.
NEEDLES = [KEY.encode(), KEY.encode()[:15], KEY.encode()[-15:]]
#: A user who is not root, and so has neither CAP_IPC_LOCK nor a reader's right to everything.
NOBODY = 65534

as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root: the daemon is not dumpable")


def tls_upstream(directory, **options):
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    path = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return FakeUpstream(stream=echo, tls=context, **options), {"ca_file": str(path)}


def open_and_close(gateway, count):
    """Sessions of which each costs a token."""
    for _ in range(count):
        with gateway.session():
            pass


def in_threads(task, count):
    threads = [threading.Thread(target=task, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


@as_root
@pytest.mark.timeout(240)
def test_after_1000_mints_the_key_stands_in_the_secure_heap_alone(make_gateway, tmp_path):
    upstream, trust = tls_upstream(tmp_path)
    with upstream:
        gateway = make_gateway(upstream, key=KEY, upstream=trust)
        in_threads(lambda: open_and_close(gateway, 125), 8)
        assert len(upstream.mints) >= 1000
        assert {request.header("x-api-key") for request in upstream.mints} == {KEY}
        # The moment of a mint is excepted: let the last ones be over.
        eventually(lambda: gateway.metrics().sum("fennec_gateway_sessions_active") == 0, "all sessions are over")
        inside, outside = places(gateway.pid, NEEDLES)
        assert not outside, outside
        assert sum(count for needle, count, _ in inside if needle == NEEDLES[0]) == 1, inside


@as_root
@pytest.mark.timeout(120)
def test_after_a_rotation_no_trace_of_the_old_key_is_left(make_gateway, tmp_path):
    upstream, trust = tls_upstream(tmp_path)
    with upstream:
        gateway = make_gateway(upstream, key=KEY, upstream=trust)
        with gateway.session() as running:
            open_and_close(gateway, 20)
            newer = KEY[::-1]
            key_file(gateway.directory, newer)
            assert gateway.hang_up() == "success"
            running.send_audio(b"1234")
            assert running.take_json()["text"] == "heard 4 bytes"
        open_and_close(gateway, 20)
        assert upstream.mints[-1].header("x-api-key") == newer
        eventually(lambda: gateway.metrics().sum("fennec_gateway_sessions_active") == 0, "all sessions are over")
        inside, outside = places(gateway.pid, NEEDLES)
        assert not inside and not outside, "the old key is gone"
        inside, outside = places(gateway.pid, [newer.encode(), newer.encode()[:15], newer.encode()[-15:]])
        assert inside and not outside


@as_root
def test_refused_mints_leave_no_copy_of_the_key_either(make_gateway, upstream):
    gateway = make_gateway(upstream, key=KEY, sessions={"connect_timeout": "1s"})
    for script in (
        lambda conn: conn.reply(401, KEY),
        lambda conn: conn.abandon(),
        lambda conn: conn.wait_for_end(),
        lambda conn: conn.send(b"\x00" * 100),
    ):
        upstream.mint = script
        with gateway.client().upgrade() as client:
            client.take_ending()
    eventually(lambda: gateway.metrics().sum("fennec_gateway_sessions_active") == 0, "all sessions are over")
    inside, outside = places(gateway.pid, NEEDLES)
    assert inside and not outside, outside


@as_root
def test_the_scan_would_find_a_key_elsewhere(make_gateway, upstream):
    """What the scan can find is shown with something that the daemon does keep in ordinary memory."""
    gateway = make_gateway(upstream)
    _, outside = places(gateway.pid, [str(gateway.config).encode()])
    assert outside


@as_root
def test_the_secure_heap_is_one_mebibyte_locked_guarded_and_left_out_of_dumps(gateway):
    found = mappings(gateway.pid)
    (index,) = [index for index, mapping in enumerate(found) if mapping.is_secure_heap]
    heap = found[index]
    assert heap.end - heap.start == 1 << 20
    below, above = found[index - 1], found[index + 1]
    assert (below.end, below.mode[:3], above.start, above.mode[:3]) == (heap.start, "---", heap.end, "---")


@pytest.fixture
def others_directory():
    """A directory in which a user who is not root finds a configuration and a key."""
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        directory.chmod(0o711)
        yield directory


def not_root(directory, upstream):
    """The settings, and the options of a process, of a gateway that does not run as root."""
    value = settings(directory, upstream.token_url, upstream.stream_url, key=KEY)
    os.chown(directory / "api-key", NOBODY, NOBODY)
    return value, {"user": NOBODY, "group": NOBODY, "extra_groups": []}


@as_root
def test_the_process_is_not_dumpable_and_leaves_no_core(others_directory, upstream):
    value, options = not_root(others_directory, upstream)
    gateway = Gateway(others_directory, value, **options)
    try:
        status = pathlib.Path(f"/proc/{gateway.pid}/status").read_text(encoding="ascii")
        assert status.split("Uid:")[1].split()[0] == str(NOBODY)
        # proc(5): what is in /proc/PID belongs to root when the process is not dumpable, to its own user otherwise.
        assert os.stat(f"/proc/{gateway.pid}/mem").st_uid == 0
        limits = pathlib.Path(f"/proc/{gateway.pid}/limits").read_text(encoding="ascii")
        (core,) = [line.split() for line in limits.splitlines() if line.startswith("Max core file size")]
        assert core[4:6] == ["0", "0"]
    finally:
        gateway.destroy()


def refused_start(directory, value, **options):
    """Starts a gateway that must end by itself with 78; returns what it said."""
    config = directory / "gateway.yaml"
    config.write_text(to_yaml(value))
    done = subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", config],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        **options,
    )
    assert done.returncode == 78, (done.returncode, done.stderr)
    assert KEY not in done.stderr + done.stdout
    return done.stderr


@as_root
def test_without_locked_memory_the_gateway_does_not_start(others_directory, upstream):
    value, options = not_root(others_directory, upstream)
    lock_nothing = functools.partial(resource.setrlimit, resource.RLIMIT_MEMLOCK, (0, 0))
    assert "LimitMEMLOCK" in refused_start(others_directory, value, preexec_fn=lock_nothing, **options)


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601])
def test_a_key_file_that_is_open_to_others_is_an_error(tmp_path, upstream, mode):
    value = settings(tmp_path, upstream.token_url, upstream.stream_url, key=KEY)
    os.chmod(tmp_path / "api-key", mode)
    assert "chmod 0600" in refused_start(tmp_path, value)


def test_a_credential_of_systemd_is_the_key(make_gateway, upstream, tmp_path):
    (tmp_path / "fennec-api-key").write_text(KEY + "\n")
    gateway = make_gateway(
        upstream,
        {"CREDENTIALS_DIRECTORY": str(tmp_path)},
        upstream={"api_key": {"credential": "fennec-api-key"}},
    )
    open_and_close(gateway, 1)
    assert upstream.mints[0].header("x-api-key") == KEY


@pytest.mark.timeout(120)
def test_64_tls_handshakes_at_once_find_room_in_the_secure_heap(make_gateway, tmp_path):
    """The server lets no handshake begin before all 64 connections are there."""
    everyone = threading.Barrier(64)
    upstream, trust = tls_upstream(tmp_path, before_tls=lambda: everyone.wait(60))
    with upstream:
        upstream.stream = lambda conn: conn.wait_for_end()

        class Elsewhere:
            token_url = upstream.token_url
            stream_url = "ws://127.0.0.1:1/unused"

        gateway = make_gateway(Elsewhere, key=KEY, upstream=trust, sessions={"connect_timeout": "60s"})
        clients = [gateway.client().upgrade() for _ in range(64)]
        eventually(lambda: len(upstream.mints) == 64, lambda: f"64 mints, got {len(upstream.mints)}", timeout=60)
        assert not upstream.tls_failures
        eventually(lambda: gateway.metrics().sum("fennec_gateway_mints_total", outcome="ok") == 64, "all succeed")
        for client in clients:
            client.hang_up()


@as_root
def test_a_ca_file_is_all_that_is_trusted_with_the_key(make_gateway, tmp_path):
    own, public = trustme.CA(), trustme.CA()
    own.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    system = tmp_path / "certs"
    system.mkdir()
    public.cert_pem.write_to_path(str(system / "public.pem"))
    subprocess.run(["openssl", "rehash", str(system)], check=True)
    trustme.CA().cert_pem.write_to_path(str(system / "ca-certificates.crt"))
    # The system's trust is another one for the gateway alone.
    prefix = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/ssl/certs && exec "$@"', system]
    mints = []
    for trust in ({}, {"ca_file": str(tmp_path / "own.pem")}):
        with FakeUpstream(stream=echo, tls=server_context(public.issue_cert("localhost"))) as upstream:
            gateway = make_gateway(
                upstream, ready=False, start={"prefix": prefix}, upstream={**trust, "token_pool": {"ceiling": 0}}
            )
            with gateway.client().upgrade() as client:
                client.send_json(START)
                client.take_json()
            mints.append(len(upstream.mints))
    assert mints == [1, 0]
