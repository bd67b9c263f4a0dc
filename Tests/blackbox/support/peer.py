"""One end of a raw connection: bytes, HTTP heads, frames. Blocking, with a deadline on every read."""

import json
import socket
import struct
import threading
import time

from .frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame, close_payload, encode, xor


class Ended(Exception):
    """The connection ended: `reset` says whether with a RST."""

    def __init__(self, reset=False):
        super().__init__("reset" if reset else "end of stream")
        self.reset = reset


class Closed(Exception):
    """The peer sent a close frame where a message was expected."""

    def __init__(self, frame):
        super().__init__(f"closed with {frame.close_code} {frame.payload[2:]!r}")
        self.code = frame.close_code
        self.reason = frame.close_reason


class Peer:
    """A socket with a read buffer. Clients mask, servers do not; either can be told otherwise per frame."""

    masks = False

    def __init__(self, sock, timeout=10.0):
        self.socket = sock
        self.timeout = timeout
        self.received = bytearray()
        self.frames = []  # without payloads of more than 1 KiB
        self.texts = []
        self.audio = bytearray()
        self.audio_messages = 0
        self.pings_answered = 0
        self._binary_is_open = False
        self._sending = threading.Lock()

    # Bytes

    def send(self, data):
        """Sends bytes as they are."""
        try:
            with self._sending:
                self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Ended(reset=True) from error

    def _fill(self, deadline):
        self.socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError as error:
            raise Ended(reset=True) from error
        except TimeoutError as error:
            raise TimeoutError(f"nothing came in {self.timeout} s; so far {bytes(self.received[:200])!r}") from error
        finally:
            self.socket.settimeout(None)
        if not data:
            raise Ended()
        self.received += data

    def _deadline(self, timeout):
        return time.monotonic() + (self.timeout if timeout is None else timeout)

    def take(self, count, timeout=None):
        """Exactly `count` bytes."""
        deadline = self._deadline(timeout)
        while len(self.received) < count:
            self._fill(deadline)
        data = bytes(self.received[:count])
        del self.received[:count]
        return data

    def take_until(self, mark, timeout=None):
        """All bytes up to and with `mark`."""
        deadline = self._deadline(timeout)
        while (end := self.received.find(mark)) < 0:
            self._fill(deadline)
        return self.take(end + len(mark))

    def take_rest(self, timeout=None):
        """All bytes to the end of the connection."""
        deadline = self._deadline(timeout)
        try:
            while True:
                self._fill(deadline)
        except Ended:
            data = bytes(self.received)
            self.received.clear()
            return data

    def expect_end(self, timeout=None):
        """Waits for the end of the connection; returns the `Ended`. Bytes before it are an error."""
        try:
            data = self.take(1, timeout)
        except Ended as ended:
            return ended
        raise AssertionError(f"expected the end of the connection, got {(data + bytes(self.received))[:200]!r}")

    def abandon(self):
        """Ends the connection with a RST and no word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hang_up(self):
        """Ends the connection with a FIN and no close frame."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()

    # Frames

    def frame(self, opcode, payload=b"", **options):
        """The bytes of a frame as this side has to send it; see `encode`."""
        options.setdefault("mask", True if self.masks else None)
        return encode(opcode, payload, **options)

    def send_frame(self, opcode, payload=b"", **options):
        self.send(self.frame(opcode, payload, **options))

    def send_text(self, text):
        self.send_frame(TEXT, text.encode() if isinstance(text, str) else text)

    def send_json(self, value):
        self.send_text(json.dumps(value))

    def send_audio(self, data):
        self.send_frame(BINARY, data)

    def send_close(self, code=None, reason=""):
        self.send_frame(CLOSE, close_payload(code, reason))

    def take_frame(self, timeout=None):
        """The next frame, unmasked; recorded."""
        deadline = self._deadline(timeout)

        def take(count):
            return self.take(count, deadline - time.monotonic())

        first, second = take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", take(8))
        masked = bool(second & 0x80)
        key = take(4) if masked else None
        payload = take(length)
        if masked:
            payload = xor(payload, key)
        frame = Frame(bool(first & 0x80), first >> 4 & 7, first & 0xF, masked, payload)
        self._record(frame)
        return frame

    def _record(self, frame):
        kept = frame if len(frame.payload) <= 1024 else Frame(frame.fin, frame.rsv, frame.opcode, frame.masked, b"")
        self.frames.append(kept)
        if frame.opcode in (TEXT, BINARY):
            self._binary_is_open = frame.opcode == BINARY
        if frame.opcode in (BINARY, CONTINUATION) and self._binary_is_open:
            self.audio += frame.payload
            self.audio_messages += frame.fin

    def take_message(self, timeout=None):
        """The next whole message as (opcode, bytes). Answers pings; raises `Closed` at a close frame."""
        deadline = self._deadline(timeout)
        opcode, parts = None, []
        while True:
            frame = self.take_frame(deadline - time.monotonic())
            if frame.opcode == PING:
                self.pings_answered += 1
                self.send_frame(PONG, frame.payload)
            elif frame.opcode == CLOSE:
                raise Closed(frame)
            elif frame.opcode != PONG:
                opcode = frame.opcode if frame.opcode else opcode
                parts.append(frame.payload)
                if frame.fin:
                    whole = b"".join(parts)
                    if opcode == TEXT:
                        self.texts.append(whole)
                    return opcode, whole

    def take_text(self, timeout=None):
        """The next message, which must be text; audio before it is passed over (and recorded)."""
        deadline = self._deadline(timeout)
        while True:
            opcode, payload = self.take_message(deadline - time.monotonic())
            if opcode == TEXT:
                return payload.decode()

    def take_json(self, timeout=None):
        return json.loads(self.take_text(timeout))

    def take_close(self, timeout=None, answer=True):
        """Reads on to the close frame, passing over messages; answers it and waits for the end of the connection."""
        deadline = self._deadline(timeout)
        try:
            while True:
                self.take_message(deadline - time.monotonic())
        except Closed as closed:
            if answer:
                self._answer_close(closed)
            return closed

    def _answer_close(self, closed):
        try:
            self.send_close(closed.code)
            self.take_rest(5)
        except (Ended, OSError):
            pass


class Collector(threading.Thread):
    """Reads messages of a peer in the background, answering pings, until the end."""

    def __init__(self, peer):
        super().__init__(daemon=True)
        self.peer = peer
        self.texts = []
        self.close_code = None
        self.ended = threading.Event()
        self.start()

    def run(self):
        try:
            while True:
                opcode, payload = self.peer.take_message(timeout=3600)
                if opcode == TEXT:
                    self.texts.append(payload.decode())
        except Closed as closed:
            self.close_code = closed.code
            self.peer._answer_close(closed)
        except (Ended, OSError, ValueError):
            pass
        finally:
            self.ended.set()
