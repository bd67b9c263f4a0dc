"""A scripted upstream: the vendor's token endpoint and stream, able to misbehave in any way.

Scripts are plain functions that run in the connection's own thread and say, step by step, what the upstream does.
"""

import base64
import itertools
import json
import queue
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .client import STREAM, TOKEN, accept_key
from .frames import CLOSE, PING, PONG, TEXT
from .peer import Closed, Ended, Peer

READY = '{"type":"ready"}'


@dataclass
class Request:
    """A request as it came in: its very bytes, and what they say."""

    raw: bytes
    method: str
    target: str
    version: str
    headers: list
    body: bytes = b""

    @classmethod
    def parse(cls, raw):
        lines = raw[:-4].decode("latin-1").split("\r\n")
        method, target, version = lines[0].split(" ")
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        return cls(raw, method, target, version, headers)

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def all(self, name):
        return [value for header, value in self.headers if header.lower() == name.lower()]

    def header(self, name):
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    @property
    def header_names(self):
        return sorted(name.lower() for name, _ in self.headers)


class UpstreamConnection(Peer):
    """One connection to the upstream, as its script sees it."""

    def __init__(self, sock, upstream):
        super().__init__(sock, timeout=30)
        self.upstream = upstream
        self.request = None
        self.start = None
        self.start_text = None
        self.close = None  # the `Closed` that the gateway sent
        self.ended = threading.Event()
        self.error = None

    @property
    def token(self):
        values = self.request.query.get("streaming_token", [])
        return values[0] if len(values) == 1 else None

    @property
    def eos_count(self):
        return sum(json.loads(text).get("type") == "eos" for text in self.texts)

    def take_request(self):
        self.request = Request.parse(self.take_until(b"\r\n\r\n"))
        length = self.request.header("content-length")
        if length:
            self.request.body = self.take(int(length))
        elif (self.request.header("transfer-encoding") or "").lower() == "chunked":
            while size := int(self.take_until(b"\r\n").split(b";")[0], 16):
                self.request.body += self.take(size)
                self.take(2)
            self.take_until(b"\r\n")
        return self.request

    def reply(self, status, body=b"", headers=(), reason="Whatever", length=True):
        """Answers over HTTP."""
        body = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        if length:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def accept(self, replacing=None, then=b""):
        """Answers 101; `replacing` changes fields or leaves them out (None); `then` follows in the same packet."""
        fields = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": accept_key(self.request.header("sec-websocket-key") or ""),
        }
        fields.update(replacing or {})
        lines = ["HTTP/1.1 101 Switching Protocols"]
        lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + then)

    def take_start(self, timeout=None):
        """The first message, which must be `start`."""
        self.start_text = self.take_text(timeout)
        self.start = json.loads(self.start_text)
        assert self.start["type"] == "start", self.start
        return self.start

    def begin(self):
        """Accepts, takes `start`, says ready."""
        self.accept()
        self.take_start()
        self.send_text(READY)

    def take_until_eos(self, each=None, timeout=600):
        """Reads messages until `eos`; `each(payload)` is called with every other message."""
        while True:
            opcode, payload = self.take_message(timeout)
            if opcode == TEXT and json.loads(payload).get("type") == "eos":
                return
            if each:
                each(payload)

    def final(self, text):
        self.send_json({"type": "transcript", "text": text, "is_final": True})

    def finish(self, code=1000, reason=""):
        """Closes and waits for the answer."""
        self.send_close(code, reason)
        try:
            self.close = self.take_close(5, answer=False)
        except (Ended, TimeoutError, OSError):
            pass

    def wait_for_close(self, timeout=30):
        """Reads on to the gateway's close frame and answers it."""
        self.close = self.take_close(timeout)
        return self.close

    def wait_for_end(self, timeout=30):
        """Reads and throws away until the connection ends; says nothing."""
        try:
            self.take_rest(timeout)
        except (Ended, OSError):
            pass


def faithful(conn):
    """A well-behaved stream: one final that says how many bytes were heard, then close 1000."""
    conn.begin()
    conn.take_until_eos()
    conn.final(f"heard {len(conn.audio)} bytes")
    conn.finish()


def echo(conn):
    """Answers every audio message with a final at once; `eos` with a last one and close 1000."""
    conn.begin()
    conn.take_until_eos(lambda payload: conn.final(f"heard {len(payload)} bytes"))
    conn.final("the last words")
    conn.finish()


def token_for(number, lifetime=60, marker=""):
    """A JWT-shaped token, different for each number, with an `exp`."""

    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    claims = {"exp": int(time.time()) + lifetime, "jti": f"{marker}{number}-{secrets.token_hex(8)}"}
    return ".".join([part(b'{"alg":"none"}'), part(json.dumps(claims).encode()), part(secrets.token_bytes(32))])


def mint(conn):
    """A well-behaved token endpoint."""
    conn.reply(200, json.dumps({"token": conn.upstream.new_token()}), [("Content-Type", "application/json")])


class FakeUpstream:
    """Listens on loopback until closed. `stream` and `mint` may be changed at any time, for connections to come.

    `tls` is an `ssl.SSLContext`; then both endpoints are TLS, and `before_tls` is called before a handshake. The URLs
    have `name` in the place of the address, by default `localhost` with TLS. Every connection is recorded in `mints` or
    `streams`, complete with its request.
    """

    def __init__(self, stream=faithful, mint=mint, tls=None, host="127.0.0.1", name=None, before_tls=lambda: None):
        self.before_tls = before_tls
        self.stream = stream
        self.mint = mint
        self.tls = tls
        self.mints = []
        self.streams = []
        self.others = []
        self.tokens = []
        self.token_marker = ""
        self.tls_failures = 0
        self.accepted = queue.Queue()  # stream connections, in order, once their request is read
        self._numbers = itertools.count(1)
        self._connections = []
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=256)
        self.host, self.port = self._listener.getsockname()[:2]
        self._name = name or ("localhost" if tls else self.host)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def token_url(self):
        return f"{'https' if self.tls else 'http'}://{self._name}:{self.port}{TOKEN}"

    @property
    def stream_url(self):
        return f"{'wss' if self.tls else 'ws'}://{self._name}:{self.port}{STREAM}"

    def new_token(self):
        with self._lock:
            token = token_for(next(self._numbers), marker=self.token_marker)
            self.tokens.append(token)
            return token

    def next_stream(self, timeout=10):
        """The next stream connection; its script runs all the while."""
        return self.accepted.get(timeout=timeout)

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is not None:
            self.before_tls()
            try:
                sock.settimeout(30)
                sock = self.tls.wrap_socket(sock, server_side=True)
            except OSError:
                self.tls_failures += 1
                sock.close()
                return
        conn = UpstreamConnection(sock, self)
        self._connections.append(conn)
        try:
            self._route(conn)
        except (Ended, Closed, OSError) as end:
            conn.close = conn.close or (end if isinstance(end, Closed) else None)
        except Exception as error:  # a script that fails must not fail silently
            conn.error = error
        finally:
            conn.ended.set()
            conn.hang_up()

    def _route(self, conn):
        try:
            while True:
                request = conn.take_request()
                if request.path != TOKEN:
                    break
                self.mints.append(request)
                self.mint(conn)
        except Ended:
            return
        if request.path != STREAM:
            self.others.append(request)
            conn.reply(404)
            return
        self.streams.append(conn)
        self.accepted.put(conn)
        self.stream(conn)

    def check(self):
        """Raises the first error that a script raised."""
        for conn in self._connections:
            if conn.error:
                raise conn.error

    def close(self):
        # `shutdown` wakes the thread that blocks in `accept`; `close` alone would not.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        for conn in list(self._connections):
            conn.hang_up()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def answer_pings_forever(conn):
    """A script's tail: answers pings until the gateway closes or the connection ends."""
    while True:
        frame = conn.take_frame(timeout=3600)
        if frame.opcode == PING:
            conn.send_frame(PONG, frame.payload)
        elif frame.opcode == CLOSE:
            conn.send_close(frame.close_code)
            return


def unused_port():
    """A loopback port that refuses connections: bound, never listening, for as long as the socket lives."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock, sock.getsockname()[1]
