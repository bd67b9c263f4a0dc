"""What the wire contract says of every ending, and how a test checks one."""

import contextlib

from .peer import Collector
from .upstream import echo
from .waiting import eventually

CLOSE_CODES = {
    1002: ["protocol_violation"],
    1003: ["not_json", "unknown_message"],
    1007: ["invalid_utf8"],
    1008: [
        *("start_expected", "start_timeout", "second_start", "policy_start_refused", "policy_message_refused"),
        *("idle_timeout", "session_too_long", "client_stalled"),
    ],
    1009: ["message_too_big"],
    1012: ["restart"],
    1013: ["token_unavailable", "circuit_open", "full"],
    1014: ["upstream_unreachable", "upstream_timeout", "upstream_protocol", "upstream_stalled", "upstream_lost"],
}
CODE_OF = {name: code for code, names in CLOSE_CODES.items() for name in names}


def check_error(error, code):
    """The gateway's error message, complete, with nothing besides."""
    assert error is not None, f"no error message came before the close of {code}"
    retryable = 1011 <= CODE_OF[code] <= 1014
    expected = {"type", "origin", "code", "message", "retryable", "session"} | ({"retry_after_ms"} if retryable else set())
    assert set(error) == expected, error
    assert (error["origin"], error["code"], error["retryable"]) == ("gateway", code, retryable), error
    assert isinstance(error["message"], str) and error["message"], error
    if retryable:
        assert isinstance(error["retry_after_ms"], int) and 0 < error["retry_after_ms"] <= 60_000, error


def check_record(gateway, code, close_code, ended_by=None):
    """The log line and the metric of one ending; returns the line."""
    record = gateway.ended_session(code)
    assert record["close_code"] == close_code, record
    if ended_by:
        assert record["ended_by"] == ended_by, record
    side = record["ended_by"]
    assert side in ("client", "upstream", "gateway"), record
    assert gateway.metrics().sum("fennec_gateway_session_closes_total", side=side, code=code) == 1
    return record


def expect_ending(client, gateway, code, timeout=10):
    """The client is told `code` in an error message, the close code and its reason; log and metrics say the same."""
    error, closed = client.take_ending(timeout)
    assert (closed.code, closed.reason) == (CODE_OF[code], code)
    check_error(error, code)
    record = check_record(gateway, code, CODE_OF[code])
    assert error["session"] == record["session"], "the client can name its session"
    return record


class Neighbour:
    """A session that lives beside the one under test."""

    def __init__(self, gateway):
        self.client = gateway.session()
        self.reader = Collector(self.client)

    def exchange(self):
        """Audio goes through, its transcript comes back."""
        heard = len(self.reader.texts)
        self.client.send_audio(bytes(640))
        eventually(lambda: len(self.reader.texts) > heard, "the neighbour hears its transcript")
        assert '"heard 640 bytes"' in self.reader.texts[-1]

    def finish(self):
        self.client.send_eos()
        assert self.reader.ended.wait(10), "the neighbour's session does not end"
        assert self.reader.close_code == 1000
        assert '"the last words"' in self.reader.texts[-1]


@contextlib.contextmanager
def neighbour(gateway, upstream):
    """A session that must not notice what happens inside the block, from its first to its last message."""
    script, upstream.stream = upstream.stream, echo
    beside = Neighbour(gateway)
    upstream.next_stream()
    upstream.stream = script
    try:
        beside.exchange()
        yield beside
        beside.exchange()
        beside.finish()
    finally:
        beside.client.hang_up()
