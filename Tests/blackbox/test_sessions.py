"""The sessions of a running gateway, seen and ended by operators."""

import http.client
import json
import subprocess

import pytest
from support.programs import program
from support.settings import ORIGIN
from support.upstream import echo
from support.waiting import eventually


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def ask(gateway, method, path, headers=()):
    """(status, body) of the admin listener."""
    connection = http.client.HTTPConnection(*gateway.listeners["admin"], timeout=10)
    try:
        connection.request(method, path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def sessions(gateway, query=""):
    status, body = ask(gateway, "GET", "/sessions" + query)
    assert status == 200, body
    return json.loads(body)["sessions"]


JSON = {"Content-Type": "application/json"}


def test_sessions_are_listed_by_client(gateway):
    assert sessions(gateway) == []
    with gateway.session(headers=[("Origin", ORIGIN)]) as client, gateway.session():
        client.send_audio(bytes(3200))
        client.take_json()
        assert len(sessions(gateway)) == 2
        (mine,) = sessions(gateway, f"?client={ORIGIN}")
        assert (mine["client"], mine["rule"], mine["policy"]) == (ORIGIN, "web", "default")
        assert (mine["state"], mine["audio_ms"], mine["bytes_up"]) == ("streaming", 100, 3200)
        assert (mine["client_leg"], mine["upstream_leg"]) == ("open", "open")
    eventually(lambda: sessions(gateway) == [], "sessions that are over are not listed")


def test_a_session_is_killed(gateway):
    with gateway.session() as client:
        (session,) = sessions(gateway)
        assert ask(gateway, "DELETE", f"/sessions/{session['id']}")[0] == 204
        error, closed = client.take_ending()
        assert (error["code"], closed.code) == ("killed", 1008)
    assert ask(gateway, "DELETE", "/sessions/0123456789abcdef")[0] == 404


def test_the_sessions_of_one_client_are_drained(gateway):
    with gateway.session(headers=[("Origin", ORIGIN)]) as page, gateway.session() as other:
        status, body = ask(gateway, "POST", f"/sessions/drain?client={ORIGIN}", JSON)
        assert status == 200 and len(json.loads(body)["draining"]) == 1
        error, closed = page.take_ending()
        assert (error["code"], closed.code) == ("restart", 1012)
        other.send_audio(bytes(640))
        assert other.take_json()["text"] == "heard 640 bytes"
        with gateway.session():
            pass


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/sessions", {"Origin": "http://127.0.0.1"}, 403),
        ("GET", "/sessions", {"Origin": "null"}, 403),
        ("GET", "/sessions", {"Host": "evil.example"}, 403),
        ("GET", "/sessions", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/sessions", {"Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/sessions", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("POST", "/sessions/drain", {}, 400),
        ("POST", "/sessions/drain", {"Content-Type": "text/plain"}, 400),
        ("POST", "/sessions/drain", {**JSON, "Origin": "https://evil.example"}, 403),
        ("DELETE", "/sessions/0123456789abcdef", {"Origin": "https://evil.example"}, 403),
        ("POST", "/sessions", JSON, 405),
        ("GET", "/sessions/drain", {}, 405),
        ("DELETE", "/sessions", {}, 405),
    ],
)
def test_other_sites_and_simple_requests_are_refused(gateway, method, path, headers, status):
    assert ask(gateway, method, path, headers)[0] == status


def command(gateway, *arguments):
    """(exit status, output, error output) of `fennec-gateway sessions …`."""
    admin = "{}:{}".format(*gateway.listeners["admin"])
    done = subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), "sessions", *arguments, "--admin", admin],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_lists_and_kills(gateway):
    with gateway.session() as client:
        status, output, _ = command(gateway, "list")
        assert status == 0
        head, row = (line.split() for line in output.splitlines())
        assert head[:5] == ["id", "client", "rule", "policy", "state"] and row[2:5] == ["local", "default", "streaming"]
        (listed,) = json.loads(command(gateway, "list", "--json")[1])["sessions"]
        assert listed["id"] == row[0]
        assert command(gateway, "kill", row[0])[0] == 0
        assert client.take_ending()[0]["code"] == "killed"
    status, _, errors = command(gateway, "kill", "0123456789abcdef")
    assert status == 1 and "there is no session" in errors
    assert command(gateway, "kill", "x")[0] == 64


def test_the_command_line_says_when_nobody_listens(gateway):
    gateway.terminate()
    status, _, errors = command(gateway, "list")
    assert status == 1 and "cannot be reached" in errors
