"""A thousand sessions at once before an upstream that gives few tokens."""

import asyncio
import base64
import json
import os
import resource
import threading
import time

import pytest
from support.client import START, STREAM
from support.frames import TEXT, encode
from support.upstream import mint
from support.waiting import settled

SESSIONS = 1000
PER_SECOND = 50


class Limiter:
    """Gives so many tokens in any second; the rest is answered with 429."""

    def __init__(self):
        self.accepted = []
        self.refused = []
        self._lock = threading.Lock()

    def __call__(self, conn):
        with self._lock:
            now = time.monotonic()
            recent = sum(moment > now - 1 for moment in self.accepted[-PER_SECOND:])
            (self.accepted if recent < PER_SECOND else self.refused).append(now)
        if recent < PER_SECOND:
            mint(conn)
        else:
            conn.reply(429, "{}", [("Retry-After", "1")])


def ready_then_wait(conn):
    conn.begin()
    conn.wait_for_end(60)


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    return first & 0xF, await reader.readexactly(length)


async def session(address):
    """What one client is told: ("ready", None), ("refused", ms) or ("ended", ms)."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if " 503 " in head:
            (retry,) = [line for line in head.splitlines() if line.startswith("retry-after:")]
            return "refused", int(retry.split(":")[1]) * 1000
        assert " 101 " in head, head
        writer.write(encode(TEXT, json.dumps(START).encode(), mask=True))
        opcode, payload = await read_frame(reader)
        message = json.loads(payload)
        assert opcode == TEXT, (opcode, payload)
        if message["type"] == "ready":
            return "ready", None
        assert message["code"] in ("token_unavailable", "circuit_open"), message
        return "ended", message["retry_after_ms"]
    finally:
        writer.close()


async def storm(address):
    """All within a second, every answer with the time that it took."""

    async def one(number):
        await asyncio.sleep(number / SESSIONS)
        begun = time.monotonic()
        answer = await session(address)
        return answer, time.monotonic() - begun

    return await asyncio.gather(*[one(number) for number in range(SESSIONS)])


@pytest.mark.timeout(120)
def test_a_storm_is_served_or_told_when_to_return(make_gateway, make_upstream):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    limiter = Limiter()
    upstream = make_upstream(stream=ready_then_wait, mint=limiter)
    deadline = 10
    gateway = make_gateway(upstream, sessions={"max": 2000, "connect_timeout": f"{deadline}s"})
    answers = asyncio.run(storm(gateway.address))
    kinds = [kind for (kind, _), _ in answers]
    waits = [wait for (_, wait), _ in answers if wait is not None]
    print({kind: kinds.count(kind) for kind in set(kinds)}, "429:", len(limiter.refused), "200:", len(limiter.accepted))
    assert len(kinds) == SESSIONS
    assert kinds.count("ready") > PER_SECOND, "more are served than one second's worth"
    # Nobody is left waiting past the deadline; as much again is for a machine that is busy with a thousand clients.
    assert max(seconds for _, seconds in answers) < 2 * deadline
    # Told when to return: at different times, spread over as long as it takes to serve them.
    assert all(0 < wait <= 60_000 for wait in waits)
    assert max(waits) - min(waits) > 5000
    # What was under way at the first refusal was refused; nothing after it.
    assert len(limiter.refused) <= 64
    seconds = [sum(start <= moment < start + 1 for moment in limiter.accepted) for start in limiter.accepted]
    assert max(seconds) <= PER_SECOND
    settled(lambda: len(gateway.stderr))
    shared = [line["message"] for line in gateway.objects(gateway.stderr) if "session" not in line]
    assert len(shared) <= 10, shared
