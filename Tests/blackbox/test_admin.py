"""The admin surface: its token, its unix socket, and the commands that ask it."""

import grp
import json
import os
import signal
import stat

import pytest
from support.programs import run
from support.settings import key_file
from support.upstream import echo

TOKEN = "0123456789abcdef0123456789abcdef"
ROUTES = [
    ("GET", "/metrics"),
    ("GET", "/readyz?verbose"),
    ("GET", "/livez?x"),
    ("GET", "/sessions"),
    ("GET", "/usage"),
    ("GET", "/log-level"),
    ("PUT", "/log-level"),
    ("DELETE", "/sessions/0123456789abcdef"),
    ("POST", "/sessions/drain"),
    ("GET", "/nowhere"),
]


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "admin-token"
    path.touch(mode=0o640)
    path.write_text(TOKEN + "\n")
    return path


@pytest.fixture
def guarded(make_gateway, upstream, token_file):
    """A gateway whose admin surface asks for a token."""
    return make_gateway(upstream, admin={"address": "127.0.0.1:0", "token": {"file": str(token_file)}})


def bearer(token, scheme="Bearer"):
    return {"Authorization": f"{scheme} {token}"}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_asks_for_the_token(guarded, method, path):
    status, body = guarded.admin(path, method)
    assert (status, json.loads(body)["code"]) == (401, "credential_required")
    assert guarded.admin(path, method, bearer(TOKEN, "bearer"))[0] not in (401, 403, 429)


def test_whether_it_lives_and_is_ready_is_told_without(guarded):
    assert guarded.admin("/livez") == (200, "ok\n")
    assert guarded.admin("/readyz") == (200, "ok\n")


def test_wrong_tokens_are_refused_and_then_slowed_down_and_the_right_one_never(guarded):
    assert TOKEN not in guarded.output
    for wrong in (TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "", "x"):
        assert guarded.admin("/sessions", headers=bearer(wrong))[0] == 401, wrong
    assert guarded.admin("/sessions", headers=bearer(TOKEN, "Basic"))[0] == 401
    statuses = [guarded.admin("/sessions", headers=bearer("guess"))[0] for _ in range(20)]
    assert 429 in statuses
    assert guarded.admin("/sessions", headers=bearer(TOKEN))[0] == 200
    assert guarded.admin("/sessions", headers={**bearer(TOKEN), "Origin": "https://evil.example"})[0] == 403


def sessions(*arguments):
    done = run("sessions", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_carries_the_token(guarded, token_file, tmp_path):
    admin = ("--admin", "{}:{}".format(*guarded.listeners["admin"]))
    status, _, errors = sessions("list", *admin)
    assert status == 1 and "--token-file" in errors
    assert sessions("list", *admin, "--token-file", token_file)[0] == 0
    # The configuration names both; the port is the kernel's choice here, so that is said besides.
    assert sessions("list", *admin, "--config", guarded.config)[0] == 0
    with guarded.session() as client:
        (listed,) = json.loads(sessions("list", "--json", *admin, "--token-file", token_file)[1])["sessions"]
        assert sessions("kill", listed["id"], *admin, "--config", guarded.config)[0] == 0
        assert client.take_ending()[0]["code"] == "killed"
    other = tmp_path / "other"
    other.write_text("another-token-of-the-kind\n")
    status, _, errors = sessions("list", *admin, "--token-file", other)
    assert status == 1 and "another admin token" in errors and "another-token-of" not in errors


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("short", 0o600, "at least 16"),
        (TOKEN, 0o644, "open to every user"),
        (f"{TOKEN}\n{TOKEN}", 0o600, "one line"),
    ],
)
def test_a_token_that_cannot_be_one_keeps_the_gateway_from_starting(
    make_gateway, upstream, tmp_path, text, mode, words
):
    path = tmp_path / "token"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(AssertionError, match=words) as failure:
        make_gateway(upstream, admin={"address": "127.0.0.1:0", "token": {"file": str(path)}})
    assert TOKEN not in str(failure.value)


def permissions(path):
    """(mode, group) of a socket."""
    status = os.stat(path)
    assert stat.S_ISSOCK(status.st_mode)
    return stat.S_IMODE(status.st_mode), grp.getgrgid(status.st_gid).gr_name


def test_a_unix_socket_is_its_owners_alone_or_has_the_mode_and_group_that_are_asked_for(
    make_gateway, upstream, tmp_path
):
    path = str(tmp_path / "admin.sock")
    gateway = make_gateway(upstream, admin={"address": f"unix:{path}"})
    assert permissions(path)[0] == 0o600
    assert gateway.admin("/readyz") == (200, "ok\n")
    assert gateway.admin("/sessions", headers={"Origin": "http://localhost"})[0] == 403
    with gateway.session():
        status, output, _ = sessions("list", "--config", gateway.config)
        assert status == 0 and "streaming" in output
        assert sessions("list", "--admin", f"unix:{path}")[0] == 0
    assert gateway.terminate() == 0
    assert not os.path.exists(path)
    group = grp.getgrgid(os.getgid() if os.getuid() else 1).gr_name
    gateway = make_gateway(
        upstream, admin={"address": f"unix:{path}", "socket_mode": "0660", "socket_group": group}
    )
    assert permissions(path) == (0o660, group)
    assert gateway.admin("/readyz")[0] == 200


def test_a_socket_that_a_killed_gateway_has_left_makes_room_and_one_in_use_does_not(make_gateway, upstream, tmp_path):
    path = str(tmp_path / "admin.sock")
    gateway = make_gateway(upstream, admin={"address": f"unix:{path}"})
    with pytest.raises(AssertionError, match="another program listens"):
        make_gateway(upstream, admin={"address": f"unix:{path}"})
    gateway.process.send_signal(signal.SIGKILL)
    gateway.wait()
    gateway.process.returncode = 0
    assert os.path.exists(path)
    assert make_gateway(upstream, admin={"address": f"unix:{path}"}).admin("/livez")[0] == 200


@pytest.mark.parametrize(
    ("admin", "words"),
    [
        ({"address": "unix:/nowhere/at/all/admin.sock"}, "RuntimeDirectory"),
        ({"address": "unix:{directory}/admin.sock", "socket_group": "no-such-group"}, "no group no-such-group"),
        ({"address": "unix:{directory}/file"}, "no socket"),
    ],
)
def test_sockets_that_cannot_be_are_refused_in_words(make_gateway, upstream, tmp_path, admin, words):
    (tmp_path / "file").write_text("precious")
    admin = {key: value.replace("{directory}", str(tmp_path)) for key, value in admin.items()}
    with pytest.raises(AssertionError, match=words):
        make_gateway(upstream, admin=admin)
    assert (tmp_path / "file").read_text() == "precious"


def test_the_command_line_says_when_the_surface_is_off(tmp_path):
    config = tmp_path / "off.yaml"
    config.write_text(
        f"""
listeners: [{{ name: public, address: "127.0.0.1:0" }}]
admin: off
upstream: {{ api_key: {{ file: {key_file(tmp_path)} }} }}
access: [{{ name: local, match: {{ address: loopback }} }}]
"""
    )
    status, _, errors = sessions("list", "--config", config)
    assert status == 1 and "switches the admin surface off" in errors
