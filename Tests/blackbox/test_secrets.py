"""Recognisable secrets go through a session, and are hunted in everything that the gateway emits."""

import base64
import contextlib
import json
import sqlite3

import pytest
from support.client import STREAM
from support.peer import Closed, Ended
from support.programs import run
from support.settings import ORIGIN
from support.upstream import mint
from support.waiting import eventually

KEY = "fennec-key-Xq7VbT2nK9"
QUERY = "query-mark-Lw3RzD8mJ5"
TRANSCRIPT = "transcript-mark-Hs6YpC4vN1"
AUDIO = "audio-mark-Gf9UkE7bM2"
CONTEXT = "context-mark-Bt5QxA3cW8"
HEADER = "header-mark-Jn2ZoS6dP4"
TOKEN = "token-mark-Rv8IyF1gL7"


def rows(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as ledger:
        return ledger.execute(sql).fetchall()


def speak(conn):
    conn.begin()
    conn.take_until_eos()
    conn.send_json({"type": "error", "message": TRANSCRIPT})
    conn.final(TRANSCRIPT)
    conn.finish(4000, TRANSCRIPT)


def speak_on(conn):
    conn.begin()
    conn.final(TRANSCRIPT)
    try:
        conn.take_until_eos(timeout=60)
    except (Closed, Ended):
        pass


def break_off(conn):
    conn.begin()
    conn.final(TRANSCRIPT)
    conn.send(b"\xf1\x05" + TRANSCRIPT.encode()[:5])
    conn.wait_for_end()


def refuse(conn):
    conn.reply(403, TRANSCRIPT, [("X-Because", conn.token)])


def refuse_to_mint(conn):
    conn.reply(401, json.dumps({"detail": f"the key {conn.request.header('x-api-key')} is bad"}))


class Hunt:
    """One gateway at its most talkative, the secrets that went in, and all that came out."""

    def __init__(self, gateway, upstream, directory):
        self.gateway = gateway
        self.directory = directory
        self.ledger = directory / "usage.sqlite"
        self.upstream = upstream
        self.tickets = []
        self.answers = []

    def session(self):
        with self.gateway.client() as client:
            self.tickets.append(client.ticket([("X-API-Key", HEADER)]))
        headers = [("Authorization", f"Bearer {HEADER}"), ("Cookie", HEADER), ("X-API-Key", HEADER)]
        target = f"{STREAM}?streaming_token={self.tickets[-1]}&note={QUERY}"
        with self.gateway.client().upgrade(target=target, headers=headers) as client:
            client.send_json({"type": "start", "sample_rate": 16000, "channels": 1, "context": CONTEXT})
            client.send_audio(AUDIO.encode() * 10)
            client.send_eos()
            client.take_ending()

    def violations(self):
        """Sessions and requests that end in an error which may want to quote what it dislikes."""
        for wrong in (f'{{"type":"{CONTEXT}"}}', CONTEXT, f'{{"type":"start","vad":"{CONTEXT}"}}'):
            with self.gateway.client().upgrade() as client:
                client.send_text(wrong)
                self.answers.append(json.dumps(client.take_ending()[0]))
        requests = [
            ("GET", f"{STREAM}?streaming_token={QUERY}", self.handshake()),
            ("GET", f"/nowhere?streaming_token={QUERY}", []),
            ("DELETE", f"{STREAM}?api_key={QUERY}", []),
            ("GET", f"{STREAM}?{QUERY}", [("X-API-Key", HEADER)]),
            ("GET", STREAM, [("Origin", f"https://{HEADER}.example"), *self.handshake()]),
        ]
        for method, target, headers in requests:
            with self.gateway.client() as client:
                answer = client.request(method, target, headers)
                assert answer.status >= 400
                self.answers.append(repr(answer.headers) + answer.body.decode())

    @contextlib.contextmanager
    def live_session(self):
        """A session that has said and heard everything and goes on."""
        self.upstream.stream = speak_on
        with self.gateway.client() as client:
            self.tickets.append(client.ticket([("X-API-Key", HEADER)]))
        target = f"{STREAM}?streaming_token={self.tickets[-1]}&note={QUERY}"
        with self.gateway.client().upgrade(target=target) as client:
            client.send_json({"type": "start", "sample_rate": 16000, "channels": 1, "context": CONTEXT})
            client.send_audio(AUDIO.encode() * 10)
            eventually(lambda: TRANSCRIPT in client.take_text(), "the transcript comes")
            kept = "SELECT count(*) FROM sessions WHERE state = 'open' AND audio_bytes > 0"
            eventually(lambda: rows(self.ledger, kept) == [(1,)], "the ledger knows of it")
            yield

    def accounts(self):
        """What is on disk, and what the command line makes of it."""
        places = {file.name: file.read_bytes().decode("latin-1") for file in self.directory.iterdir()}
        for by in ("client", "policy", "origin", "day"):
            for form in ("table", "csv", "json"):
                done = run("usage", "report", "--ledger", self.ledger, "--by", by, "--format", form)
                places[f"usage report {by} {form}"] = done.stdout + done.stderr
        exported = run("usage", "export", "--ledger", self.ledger)
        assert exported.stdout.count("\n") >= 7
        places["usage export"] = exported.stdout + exported.stderr
        return places

    @staticmethod
    def handshake():
        return [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Version", "13"),
        ]

    def emitted(self):
        """Everything that came out, by place."""
        pid = self.gateway.pid
        paths = ["/metrics", "/livez", "/readyz?verbose", "/config", "/sessions", "/usage?by=client", "/usage?by=origin"]
        with self.live_session():
            places = {path: self.gateway.admin(path)[1] for path in paths}
            places |= self.accounts()
        for name in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{name}", "rb") as file:
                places[name] = file.read().decode(errors="replace")
        self.gateway.terminate()
        places |= {f"{place} at the end": text for place, text in self.accounts().items()}
        places["stdout"] = "\n".join(self.gateway.stdout)
        places["stderr"] = "\n".join(self.gateway.stderr)
        places["answers"] = "\n".join(self.answers)
        return places


def spellings(secret):
    """A secret as it stands, and as it would be hidden by an encoding."""
    return {secret, base64.b64encode(secret.encode()).decode().rstrip("=")[:-2], secret.encode().hex()}


@pytest.fixture
def hunt(make_upstream, make_gateway, tmp_path):
    upstream = make_upstream(stream=speak)
    upstream.token_marker = TOKEN
    directory = tmp_path / "usage"
    directory.mkdir()
    usage = {"ledger": str(directory / "usage.sqlite"), "jsonl": str(directory / "usage.jsonl")}
    gateway = make_gateway(upstream, key=KEY, log={"level": "trace", "format": "json"}, usage=usage)
    return Hunt(gateway, upstream, directory)


@pytest.mark.timeout(120)
def test_no_secret_is_found_in_anything_that_the_gateway_emits(hunt):
    hunt.session()
    for script in (break_off, refuse):
        hunt.upstream.stream = script
        hunt.session()
    hunt.upstream.mint = refuse_to_mint
    hunt.session()
    hunt.upstream.mint = mint
    hunt.violations()
    assert hunt.upstream.streams[0].audio == AUDIO.encode() * 10, "the hunted session really happened"
    secrets = [KEY, QUERY, TRANSCRIPT, AUDIO, CONTEXT, HEADER, TOKEN, *hunt.tickets]
    for token in hunt.upstream.tokens:
        secrets += [token, *token.split(".")[1:]]
    places = hunt.emitted()
    assert places["stderr"].count('"session ended"') >= 7
    assert {"usage.sqlite", "usage.sqlite-wal", "usage.jsonl"} <= places.keys() and places["usage.sqlite-wal"]
    assert places["usage.jsonl at the end"].count("\n") == places["stderr"].count('"session ended"')
    found = [
        f"{secret[:16]}… in {place}"
        for secret in secrets
        for spelling in spellings(secret)
        for place, text in places.items()
        if spelling in text
    ]
    assert not found, found


def test_an_origin_is_not_echoed_to_those_it_does_not_belong_to(hunt):
    with hunt.gateway.client() as client:
        answer = client.request("GET", "/nowhere", [("Origin", ORIGIN.replace("app", HEADER))])
        assert HEADER not in repr(answer.headers) + answer.body.decode()
