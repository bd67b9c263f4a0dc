"""RFC 6455, frame by frame, against `gateway-bench echo-server` and `echo-client`: the gateway's own frame layer in
both of its roles.

The table follows the groups of the usual conformance suites: 1 framing, 2 pings, 3 reserved bits, 4 opcodes,
5 fragmentation, 6 UTF-8, 7 closing, 10 sizes. A row says what the peer sends and what must come back: `Echo`es,
`Pong`s, and how the connection ends.
"""

import contextlib
import itertools
import socket
from typing import NamedTuple

import pytest
from support.client import RawClient
from support.frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload
from support.peer import Ended
from support.programs import EchoClient, EchoServer
from support.upstream import UpstreamConnection


class Echo(NamedTuple):
    opcode: int
    payload: bytes


class Pong(NamedTuple):
    payload: bytes


class Case(NamedTuple):
    """Frames (opcode, payload, options) to send, what is heard, and the code that the leg closes with.

    `code` None: the leg goes on, and the peer's own close with 1000 is answered.
    """

    frames: list
    heard: list
    code: int | None = None


def text(payload, **options):
    return (TEXT, payload if isinstance(payload, bytes) else payload.encode(), options)


def binary(payload, **options):
    return (BINARY, payload, options)


def more(payload, **options):
    return (CONTINUATION, payload if isinstance(payload, bytes) else payload.encode(), options)


def ping(payload=b"", **options):
    return (PING, payload, options)


OPEN = {"fin": False}
AGAINST_THE_ROLE = {"masked": "against the role"}
SIZES = [0, 1, 125, 126, 127, 128, 65535, 65536]


def framing():
    for size in SIZES:
        yield f"1 text of {size}", Case([text("*" * size)], [Echo(TEXT, b"*" * size)])
        yield f"1 binary of {size}", Case([binary(b"\xfe" * size)], [Echo(BINARY, b"\xfe" * size)])
    yield "1 masked against the role", Case([text("hello", **AGAINST_THE_ROLE)], [], 1002)
    yield "1 a length of 16 bits too long", Case([binary(b"ab", length_bytes=2)], [], 1002)
    yield "1 a length of 64 bits too long", Case([binary(b"ab", length_bytes=8)], [], 1002)
    yield "1 a length with the highest bit", Case([binary(b"", length=1 << 63)], [], 1002)


def pings():
    for payload in (b"", b"hello", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", b"\xfe" * 125):
        yield f"2 ping of {len(payload)}", Case([ping(payload)], [Pong(payload)])
    yield "2 ping of 126", Case([ping(bytes(126))], [], 1002)
    yield "2 ping of 126 in the short form of length", Case([ping(bytes(126), length_bytes=2)], [], 1002)
    yield "2 pongs that nobody asked for", Case([(PONG, b"", {}), (PONG, b"x" * 125, {}), ping(b"a")], [Pong(b"a")])
    yield "2 pong of 126", Case([(PONG, bytes(126), {})], [], 1002)
    yield "2 ten pings", Case([ping(b"%d" % n) for n in range(10)], [Pong(b"%d" % n) for n in range(10)])
    yield "2 fragmented ping", Case([ping(b"a", **OPEN)], [], 1002)


def reserved_bits():
    for rsv, (opcode, payload) in itertools.product(
        range(1, 8), [(TEXT, b"hello"), (BINARY, b"hello"), (PING, b""), (CLOSE, close_payload(1000))]
    ):
        yield f"3 bits {rsv} on opcode {opcode}", Case([(opcode, payload, {"rsv": rsv})], [], 1002)
    yield "3 after a good message", Case([text("a"), text("b", rsv=4), ping()], [Echo(TEXT, b"a")], 1002)
    yield "3 on a continuation", Case([text("a", **OPEN), more("b", rsv=2)], [], 1002)


def opcodes():
    for opcode, payload in itertools.product([3, 4, 5, 6, 7, 11, 12, 13, 14, 15], [b"", b"hello"]):
        yield f"4 opcode {opcode} with {len(payload)} bytes", Case([(opcode, payload, {})], [], 1002)
    yield "4 after a good message", Case([text("a"), (5, b"", {}), ping()], [Echo(TEXT, b"a")], 1002)
    yield "4 between fragments", Case([text("a", **OPEN), (11, b"", {}), more("b")], [], 1002)


def fragmentation():
    ab = Echo(TEXT, b"ab")
    yield "5 two fragments", Case([text("a", **OPEN), more("b")], [ab])
    yield "5 three fragments of binary", Case(
        [binary(b"a", **OPEN), more(b"", **OPEN), more(b"b")], [Echo(BINARY, b"ab")]
    )
    yield "5 a ping in between", Case([text("a", **OPEN), ping(b"p"), more("b")], [Pong(b"p"), ab])
    yield "5 a pong in between", Case([text("a", **OPEN), (PONG, b"p", {}), more("b")], [ab])
    yield "5 many pings in between", Case(
        [text("a", **OPEN), ping(b"1"), more("", **OPEN), ping(b"2"), more("b")], [Pong(b"1"), Pong(b"2"), ab]
    )
    yield "5 two messages in turn", Case([text("a", **OPEN), more("b"), text("a", **OPEN), more("b")], [ab, ab])
    yield "5 empty fragments", Case([text("", **OPEN), more("", **OPEN), more("")], [Echo(TEXT, b"")])
    yield "5 continuation of nothing", Case([more("a")], [], 1002)
    yield "5 open continuation of nothing", Case([more("a", **OPEN)], [], 1002)
    yield "5 continuation after the end", Case([text("a", **OPEN), more("b"), more("c")], [ab], 1002)
    yield "5 text inside a text", Case([text("a", **OPEN), text("b")], [], 1002)
    yield "5 binary inside a text", Case([text("a", **OPEN), binary(b"b")], [], 1002)
    yield "5 open text inside a binary", Case([binary(b"a", **OPEN), text("b", **OPEN)], [], 1002)
    yield "5 fragmented close", Case([(CLOSE, close_payload(1000), OPEN)], [], 1002)
    yield "5 fragmented pong", Case([(PONG, b"", OPEN)], [], 1002)


VALID_UTF8 = [
    "κόσμε".encode(),
    "Hello-µ@ßöäüàá-UTF-8!!".encode(),
    *[chr(point).encode() for point in (0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF)],
    *[chr(point).encode() for point in (0x10000, 0x10FFFF)],
    "\ufeff\ufffe".encode(),
]
INVALID_UTF8 = {
    "a lone continuation": b"\x80",
    "the last continuation": b"\xbf",
    "two continuations": b"\x80\xbf",
    "overlong of two": b"\xc0\xaf",
    "overlong of two, highest": b"\xc1\xbf",
    "overlong of three": b"\xe0\x80\xaf",
    "overlong of three, highest": b"\xe0\x9f\xbf",
    "overlong of four": b"\xf0\x80\x80\xaf",
    "overlong of four, highest": b"\xf0\x8f\xbf\xbf",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "above the last code point": b"\xf4\x90\x80\x80",
    "F5": b"\xf5\x80\x80\x80",
    "FE": b"\xfe",
    "FF": b"\xff",
    "the first surrogate": b"\xed\xa0\x80",
    "the last surrogate": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "two of three": b"\xe2\x82",
    "three of four": b"\xf0\x9f\xa6",
    "a start without its rest": b"\xce\x20",
    "a surrogate after good text": "κόσμε".encode() + b"\xed\xa0\x80" + b"edited",
}


def utf8():
    for number, valid in enumerate(VALID_UTF8):
        yield f"6 valid {number}", Case([text(valid)], [Echo(TEXT, valid)])
        parts = [text(b"", **OPEN), *[more(bytes([byte]), **OPEN) for byte in valid], more(b"")]
        yield f"6 valid {number} in fragments of one byte", Case(parts, [Echo(TEXT, valid)])
    for name, invalid in INVALID_UTF8.items():
        yield f"6 {name}", Case([text(invalid)], [], 1007)
        parts = [text(invalid[:1], **OPEN), *[more(bytes([byte]), **OPEN) for byte in invalid[1:]], more(b"")]
        yield f"6 {name} in fragments of one byte", Case(parts, [], 1007)
    yield "6 the same bytes as binary", Case([binary(b"\xff\xfe\x80")], [Echo(BINARY, b"\xff\xfe\x80")])
    yield "6 invalid, the message still open", Case([text("κόσμε".encode() + b"\xf4\x90", **OPEN)], [], 1007)


CLOSABLE = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
UNCLOSABLE = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]


def closing():
    for code in CLOSABLE:
        yield f"7 close with {code}", Case([(CLOSE, close_payload(code), {})], [], code)
    for code in UNCLOSABLE:
        yield f"7 close with {code}", Case([(CLOSE, close_payload(code), {})], [], 1002)
        yield f"7 close with {code} and a reason", Case([(CLOSE, close_payload(code, "because"), {})], [], 1002)
    yield "7 close with a reason", Case([(CLOSE, close_payload(1000, "because"), {})], [], 1000)
    yield "7 close with the longest reason", Case([(CLOSE, close_payload(1000, "*" * 123), {})], [], 1000)
    yield "7 close of 126 bytes", Case([(CLOSE, close_payload(1000, "*" * 124), {})], [], 1002)
    yield "7 close of one byte", Case([(CLOSE, b"\x03", {})], [], 1002)
    yield "7 close with invalid UTF-8", Case([(CLOSE, close_payload(1000, b"\xce\xba\xed\xa0\x80"), {})], [], 1007)
    yield "7 a message after the close", Case([(CLOSE, close_payload(1000), {}), text("late")], [], 1000)
    yield "7 a ping after the close", Case([(CLOSE, close_payload(1000), {}), ping()], [], 1000)
    yield "7 a close after the close", Case([(CLOSE, close_payload(1000), {}), (CLOSE, b"", {})], [], 1000)
    yield "7 a close inside a message", Case([text("a", **OPEN), (CLOSE, close_payload(1000), {})], [], 1000)
    yield "7 a message before the close", Case([text("a"), (CLOSE, close_payload(1000), {})], [Echo(TEXT, b"a")], 1000)


def sizes():
    body = bytes(range(256)) * 256
    cut = [body[at : at + 1300] for at in range(0, len(body), 1300)]
    frames = [binary(cut[0], **OPEN), *[more(part, **OPEN) for part in cut[1:-1]], more(cut[-1])]
    yield "10 64 KiB in frames of 1300", Case(frames, [Echo(BINARY, body)])
    yield "10 a megabyte", Case([binary(body * 16)], [Echo(BINARY, body * 16)])
    numbers = [b"%d" % n for n in range(1000)]
    yield "10 a thousand small ones", Case([binary(n) for n in numbers], [Echo(BINARY, n) for n in numbers])


GROUPS = (framing, pings, reserved_bits, opcodes, fragmentation, utf8, closing, sizes)
CASES = dict(itertools.chain.from_iterable(group() for group in GROUPS))


@pytest.fixture(scope="module")
def server():
    server = EchoServer()
    yield server
    assert server.alive(), f"the echo server died:\n{server.output}"
    server.destroy()


@contextlib.contextmanager
def peer_of_the_client():
    """A server's end, with `echo-client` at the other; the program must end by itself, content with the handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = EchoClient("ws://127.0.0.1:{}/echo".format(listener.getsockname()[1]))
        try:
            listener.settimeout(10)
            with UpstreamConnection(listener.accept()[0], upstream=None) as peer:
                assert peer.take_request().target == "/echo"
                peer.accept()
                yield peer
            assert client.wait() == 0, client.output
            assert client.stdout[-1].startswith("ended: "), client.output
        finally:
            client.destroy()


@pytest.fixture(params=["server", "client"])
def peer(request):
    """The other end of the leg that is tried: a client before the server, a server before the client."""
    if request.param == "client":
        with peer_of_the_client() as peer:
            yield peer
    else:
        with RawClient(request.getfixturevalue("server").address) as client:
            yield client.upgrade(target="/")


def frame_bytes(peer, opcode, payload, masked=None, **options):
    """A frame as the peer has to send it, unless it is `masked` against its role."""
    if masked:
        options["mask"] = None if peer.masks else True
    return peer.frame(opcode, payload, **options)


class Ear:
    """What comes back from the leg, as it comes."""

    def __init__(self, peer):
        self.peer = peer
        self.heard = []
        self._opcode, self._parts = None, []

    def hear(self):
        """Takes one frame; its code in a list when it is a close frame."""
        frame = self.peer.take_frame()
        assert frame.masked != self.peer.masks and not frame.rsv, frame
        if frame.opcode == CLOSE:
            return [frame.close_code]
        if frame.opcode == PONG:
            self.heard.append(Pong(frame.payload))
            return None
        self._opcode = frame.opcode or self._opcode
        self._parts.append(frame.payload)
        if frame.fin:
            self.heard.append(Echo(self._opcode, b"".join(self._parts)))
            self._parts = []
        return None

    def hear_out(self):
        """Everything up to the close frame, and its code."""
        while True:
            if code := self.hear():
                return self.heard, code[0]


def listen(peer):
    return Ear(peer).hear_out()


def end(peer, code):
    """Answers the close; a server's leg then ends the connection, a client's waits for that (RFC 6455 §7.1.1)."""
    with contextlib.suppress(Ended, OSError):
        peer.send_close(code)
        if not peer.masks:
            peer.socket.shutdown(socket.SHUT_WR)
    try:
        peer.take_rest(5)
    except Ended:
        pass  # by a reset, since it was sent more than it took
    except TimeoutError as error:
        raise AssertionError("the connection must end") from error


def play(peer, case, send):
    ear = Ear(peer)
    try:
        send(b"".join(frame_bytes(peer, opcode, payload, **options) for opcode, payload, options in case.frames))
    except Ended:
        pass  # it was cut off while still sending; what it heard tells why
    if case.code is None:
        while len(ear.heard) < len(case.heard):
            assert not (code := ear.hear()), f"closed with {code} after {ear.heard}"
        peer.send_close(1000)
    heard, code = ear.hear_out()
    assert heard == case.heard
    assert code == (case.code or 1000)
    end(peer, code)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_conforms(peer, case):
    play(peer, case, peer.send)


SMALL = {name: case for name, case in CASES.items() if sum(len(payload) for _, payload, _ in case.frames) < 2000}


@pytest.mark.parametrize("case", SMALL.values(), ids=SMALL.keys())
def test_conforms_byte_by_byte(peer, case):
    def drip(data):
        for at in range(len(data)):
            peer.send(data[at : at + 1])

    play(peer, case, drip)


def test_a_close_without_a_code_is_answered(peer):
    peer.send_close()
    heard, code = listen(peer)
    assert heard == [] and code in (None, 1000)
    end(peer, code)


def test_invalid_utf8_is_refused_before_its_frame_is_complete(peer):
    frame = peer.frame(TEXT, "κόσμε".encode() + b"\xf4\x90\x80\x80" + b"the rest never comes")
    peer.send(frame[:-18])
    heard, code = listen(peer)
    assert (heard, code) == ([], 1007)


def test_a_ping_is_answered_while_a_message_is_open(peer):
    peer.send_frame(TEXT, b"a", fin=False)
    peer.send_frame(PING, b"now")
    frame = peer.take_frame()
    assert (frame.opcode, frame.payload) == (PONG, b"now")


def test_nothing_is_echoed_after_a_violation(peer):
    peer.send(peer.frame(TEXT, b"a") + peer.frame(3) + peer.frame(TEXT, b"b"))
    assert listen(peer) == ([Echo(TEXT, b"a")], 1002)


def test_a_mask_of_zeros_is_a_mask(server):
    with RawClient(server.address).upgrade(target="/") as client:
        play(client, Case([text("hello", mask=bytes(4))], [Echo(TEXT, b"hello")]), client.send)


def test_a_client_that_leaves_without_a_close_does_no_harm(server):
    for _ in range(5):
        client = RawClient(server.address).upgrade(target="/")
        client.send(client.frame(BINARY, b"half", length=100))
        client.abandon()
    with RawClient(server.address).upgrade(target="/") as client:
        client.send_text("still there")
        assert client.take_text() == "still there"
