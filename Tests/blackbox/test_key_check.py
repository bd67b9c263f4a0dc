"""`key check`: one line that says whether the key mints, and never the key."""

import json

import pytest
from support.programs import run
from support.settings import key_file, settings, to_yaml

KEY = "the-key-of-the-operator"


def check(tmp_path, before, **changes):
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, before.token_url, before.stream_url, **changes)))
    done = run("key", "check", "--config", config)
    assert KEY not in done.stdout + done.stderr
    return done


def test_a_key_that_mints_is_said_to_work(tmp_path, upstream):
    done = check(tmp_path, upstream)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{tmp_path}/api-key: works, a token came within ") and done.stdout.count("\n") == 1
    (mint,) = upstream.mints
    assert mint.header("x-api-key") == KEY
    assert not any(token in done.stdout for token in upstream.tokens)


@pytest.mark.parametrize(
    "answer, words",
    [
        ((401, "{}"), "the API key was refused (HTTP 401)"),
        ((429, "{}"), "too many tokens"),
        ((503, "{}"), "the token endpoint failed (HTTP 503)"),
        ((200, "{}"), "has no token"),
        ((200, "<html>"), "not JSON"),
    ],
)
def test_a_key_that_does_not_mint_is_said_not_to_work_and_why(tmp_path, upstream, answer, words):
    upstream.mint = lambda conn: conn.reply(*answer)
    done = check(tmp_path, upstream)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{tmp_path}/api-key: does not work, ") and words in done.stdout
    assert done.stdout.count("\n") == 1


def test_every_key_has_a_line_of_its_own(tmp_path, upstream):
    second = tmp_path / "second"
    second.mkdir()
    keys = [{"file": str(key_file(tmp_path))}, {"file": str(key_file(second, "another-key"))}]

    def mint(conn):
        good = conn.request.header("x-api-key") == KEY
        conn.reply(200 if good else 403, json.dumps({"token": conn.upstream.new_token()}))

    upstream.mint = mint
    done = check(tmp_path, upstream, upstream={"api_key": None, "api_keys": keys})
    assert done.returncode == 1
    first, other = done.stdout.splitlines()
    assert ": works" in first and ": does not work" in other and "another-key" not in done.stdout


def test_a_credential_is_looked_for_where_systemd_finds_it(tmp_path, upstream, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "fennec-api-key").write_text(KEY + "\n")
    done = check(tmp_path, upstream, upstream={"api_key": {"credential": "fennec-api-key"}})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("the systemd credential fennec-api-key: works")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    done = check(tmp_path, upstream, upstream={"api_key": {"credential": "no-such-credential"}})
    assert done.returncode == 78
    assert "/etc/credstore/no-such-credential" in done.stderr
