"""Length-prefixed frames over a socket between the grader and the process that runs a student's code."""

import socket
import struct
import time
from typing import Any

import msgspec

MAX_FRAME = 64 * 2**20
MAX_PARTS = 5_000_000  # of a message: numbers, strings, lists; a result of a million NumPy numbers has so many
_LENGTH = struct.Struct("<I")


class ChannelError(Exception):
    """The other end sent what the schema does not allow."""


class Gone(ChannelError):
    """There is no other end any more."""


class Channel:
    """Length-prefixed msgpack frames over a socket."""

    def __init__(self, sock: socket.socket, incoming: Any, limit: int = MAX_FRAME) -> None:
        self.socket = sock
        self._decoder = msgspec.msgpack.Decoder(incoming)
        self._encoder = msgspec.msgpack.Encoder()
        self._limit = limit
        self._part, self._have, self._in_body = bytearray(_LENGTH.size), 0, False

    def send(self, message: Any) -> None:
        """Send one message; ``ChannelError`` when the other end is gone."""
        self.send_frame(self.frame(message))

    def frame(self, message: Any) -> bytes:
        """Encode one message; ``ValueError`` when it is larger than a frame may be."""
        body = self._encoder.encode(message)
        if len(body) > self._limit:
            raise ValueError(f"A message may have {self._limit} bytes, got {len(body)}.")
        return _LENGTH.pack(len(body)) + body

    def send_frame(self, frame: bytes) -> None:
        try:
            self.socket.sendall(frame)
        except TimeoutError:
            raise
        except OSError as error:
            raise Gone(f"the other end is gone ({error})") from None

    def receive(self, deadline: float | None = None) -> Any:
        """Wait for one message of the schema, until ``deadline`` on the monotonic clock: then ``TimeoutError``.

        However slowly the bytes drip, the deadline holds; the next call goes on in the middle of the message.
        """
        while True:
            self._fill(deadline)
            complete, self._have = self._part, 0
            if self._in_body:
                break
            (length,) = _LENGTH.unpack(complete)
            if length > self._limit:
                raise ChannelError(f"a message of {length} bytes")
            self._part, self._in_body = bytearray(length), True
        self._part, self._in_body = bytearray(_LENGTH.size), False
        if len(complete) > MAX_PARTS and not _has_at_most(MAX_PARTS, complete):
            raise ChannelError(f"a message of more than {MAX_PARTS:,} parts")
        try:
            return self._decoder.decode(complete)
        except MemoryError:
            raise ChannelError("a message too large for the memory") from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # The decoder's words would quote the message, and students read why their process ended.
            raise ChannelError("a message outside the schema") from None

    def _fill(self, deadline: float | None) -> None:
        """Read until the part of a message that is awaited is complete."""
        view = memoryview(self._part)[self._have :]
        while view:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self.socket.settimeout(left)
            try:
                count = self.socket.recv_into(view)
            except TimeoutError:
                raise
            except OSError as error:
                raise Gone(f"the other end is gone ({error})") from None
            if not count:
                raise Gone("the other end is gone")
            self._have += count
            view = view[count:]


def _has_at_most(parts: int, data: bytearray) -> bool:
    """Count what stands in a message, before there is an object for each: these would take seconds and gigabytes."""
    at = 0
    for _ in range(parts):
        if at >= len(data):
            return True
        code = data[at]
        if code < 0xC4 or code >= 0xE0:  # of one byte, but for short strings, whose length is in the code
            at += 1 + (code & 31 if 0xA0 <= code < 0xC0 else 0)
            continue
        size = _SIZES[code - 0xC4]
        at += 1 + size
        if code in _SIZED:
            at += int.from_bytes(data[at - size : at], "big")
    return at >= len(data)


# msgpack's codes from 0xC4 on: how many bytes follow each, and where these are the length of more.
_SIZES = (1, 2, 4, 2, 3, 5, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 1, 2, 4, 2, 4, 2, 4)
_SIZED = frozenset([0xC4, 0xC5, 0xC6, 0xD9, 0xDA, 0xDB])
