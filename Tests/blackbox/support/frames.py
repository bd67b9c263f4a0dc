"""WebSocket frames (RFC 6455 §5.2), written and read with every freedom to be wrong."""

import os
import struct
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


@dataclass(frozen=True)
class Frame:
    """A frame as it was received."""

    fin: bool
    rsv: int
    opcode: int
    masked: bool
    payload: bytes

    @property
    def close_code(self):
        """The code of a close frame; None when it carries none."""
        return struct.unpack(">H", self.payload[:2])[0] if len(self.payload) >= 2 else None

    @property
    def close_reason(self):
        return self.payload[2:].decode()


def xor(payload, key):
    """Masks or unmasks (RFC 6455 §5.3)."""
    if not payload:
        return b""
    size = len(payload)
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")


def encode(opcode, payload=b"", *, fin=True, rsv=0, mask=None, length=None, length_bytes=None):
    """The bytes of a frame.

    `mask` is None for none, True for a random key, or the key. `length` declares another length than the payload has;
    `length_bytes` forces 0, 2 or 8 bytes of extended length, minimal or not.
    """
    declared = len(payload) if length is None else length
    if length_bytes is None:
        length_bytes = 0 if declared < 126 else 2 if declared < 1 << 16 else 8
    masked = 0x80 if mask is not None else 0
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if length_bytes == 0:
        head += bytes([masked | declared])
    elif length_bytes == 2:
        head += bytes([masked | 126]) + struct.pack(">H", declared)
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", declared)
    if mask is None:
        return head + payload
    key = os.urandom(4) if mask is True else mask
    return head + key + xor(payload, key)


def close_payload(code=None, reason=""):
    """What a close frame carries; nothing when `code` is None."""
    return b"" if code is None else struct.pack(">H", code) + (reason.encode() if isinstance(reason, str) else reason)
