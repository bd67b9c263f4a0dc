"""A client that can send any bytes."""

import base64
import hashlib
import json
import os
import socket
from dataclasses import dataclass

from .peer import Peer

STREAM = "/api/v1/transcribe/stream"
TOKEN = "/api/v1/transcribe/streaming-token"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
START = {"type": "start", "sample_rate": 16000, "channels": 1}


def accept_key(key):
    """What the server answers to `Sec-WebSocket-Key` (RFC 6455 §4.2.2)."""
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def read_object(text):
    """A JSON object; an empty one when the text is none, as upstreams may say anything."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


@dataclass
class Response:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: list
    body: bytes

    def all(self, name):
        return [value for header, value in self.headers if header == name]

    def header(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} stands {len(values)} times in the answer"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The problem document (RFC 9457), checked for its form."""
        assert self.header("content-type") == "application/problem+json", self.headers
        problem = self.json()
        assert problem["status"] == self.status, problem
        assert problem["title"] and problem["code"], problem
        return problem


class RawClient(Peer):
    """A TCP connection to a listener, HTTP first, WebSocket when upgraded."""

    masks = True

    def __init__(self, address, timeout=10.0, tls=None, server_name="localhost", source=None, preamble=b""):
        """`address` is (host, port); `tls` an `ssl.SSLContext`; `source` the address to come from; `preamble` goes
        out before anything else."""
        host, port = address
        sock = socket.create_connection((host, port), timeout, (source, 0) if source else None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(preamble)
        if tls is not None:
            sock = tls.wrap_socket(sock, server_hostname=server_name)
        super().__init__(sock, timeout)
        self.host = f"{host}:{port}"
        self.key = None

    # Requests

    def head(self, method="GET", target=STREAM, headers=(), version="HTTP/1.1", host=True):
        """A request head; `host` is True for the address, None for no such field, or its value."""
        lines = [f"{method} {target} {version}"]
        if host is not None:
            lines.append(f"Host: {self.host if host is True else host}")
        lines += [f"{name}: {value}" for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def upgrade_headers(self, replacing=None, extra=()):
        """The fields of a correct handshake; `replacing` maps names to other values, or None to leave one out."""
        self.key = base64.b64encode(os.urandom(16)).decode()
        fields = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": self.key,
            "Sec-WebSocket-Version": "13",
        }
        fields.update(replacing or {})
        return [(name, value) for name, value in fields.items() if value is not None] + list(extra)

    def response(self, timeout=None, method="GET"):
        """Reads one answer with its body."""
        lines = self.take_until(b"\r\n\r\n", timeout)[:-4].decode("latin-1").split("\r\n")
        version, status, *_ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        answer = Response(int(status), [(name.lower(), value) for name, value in headers], b"")
        if answer.status >= 200 and answer.status not in (204, 304) and method != "HEAD":
            answer.body = self._body(answer, timeout)
        return answer

    def _body(self, answer, timeout):
        length = answer.header("content-length")
        if length is not None:
            return self.take(int(length), timeout)
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            return self._chunks(timeout)
        return self.take_rest(timeout)

    def _chunks(self, timeout):
        body = b""
        while size := int(self.take_until(b"\r\n", timeout).split(b";")[0], 16):
            body += self.take(size, timeout)
            self.take(2, timeout)
        self.take_until(b"\r\n", timeout)
        return body

    def request(self, method, target, headers=(), body=None, **options):
        """Sends one request and reads its answer; the connection may go on."""
        headers = list(headers)
        if body is not None:
            headers.append(("Content-Length", str(len(body))))
        self.send(self.head(method, target, headers, **options) + (body or b""))
        return self.response(method=method)

    def ticket(self, headers=()):
        """A gateway ticket."""
        answer = self.request("POST", TOKEN, headers, b"{}")
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json()["token"]

    # The WebSocket

    def try_upgrade(self, target=STREAM, headers=(), replacing=None, **options):
        """Sends a handshake and returns the answer, whatever it is."""
        self.send(self.head("GET", target, self.upgrade_headers(replacing, headers), **options))
        return self.response()

    def upgrade(self, target=STREAM, headers=(), **options):
        """Opens the WebSocket; the answer must be right in every field."""
        answer = self.try_upgrade(target, headers, **options)
        assert answer.status == 101, (answer.status, answer.body)
        assert answer.header("upgrade").lower() == "websocket"
        assert answer.header("connection").lower() == "upgrade"
        assert answer.header("sec-websocket-accept") == accept_key(self.key)
        assert answer.header("sec-websocket-extensions") is None
        return self

    def open_session(self, start=START, **options):
        """Upgrades, sends `start` and waits for `ready`."""
        self.upgrade(**options)
        self.send_json(start)
        ready = self.take_json()
        assert ready["type"] == "ready", ready
        return self

    def send_eos(self):
        self.send_text('{"type":"eos"}')

    def take_ending(self, timeout=None):
        """Reads on to the end of a session: (the gateway's error message or None, the `Closed`)."""
        seen = len(self.texts)
        closed = self.take_close(timeout)
        errors = [message for message in map(read_object, self.texts[seen:]) if message.get("origin") == "gateway"]
        assert len(errors) <= 1, errors
        return (errors[0] if errors else None), closed

    def is_ended(self, timeout=5):
        """Whether the connection ends in this time, whatever comes before."""
        try:
            self.take_rest(timeout)
        except TimeoutError:
            return False
        except OSError:
            return True
        return True
