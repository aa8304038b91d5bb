"""Frames over a socket: what is too long, broken off or outside the schema is refused."""

import socket

import msgspec
import pytest

from grader.sandbox.channel import Channel, ChannelError, Gone
from grader.sandbox.messages import Reply, Returned


@pytest.fixture
def pair():
    """Two ends of a channel, with a small limit, so that nothing hangs."""
    a, b = socket.socketpair()
    with a, b:
        a.settimeout(2)
        b.settimeout(2)
        yield Channel(a, Reply, limit=1000), b


def test_frames_over_the_limit_are_refused(pair):
    """The length is judged before anything is read, and a message of our own that is too long is not sent."""
    channel, other = pair
    other.sendall((10**9).to_bytes(4, "little"))
    with pytest.raises(ChannelError, match="1000000000 bytes"):
        channel.receive()
    with pytest.raises(ValueError, match="1000 bytes"):
        channel.send(Returned("x" * 2000))


@pytest.mark.parametrize(
    "body",
    [b"", b"\xc1", b"\x81\xa4type\xa3bad", msgspec.msgpack.encode({"type": "returned"}), b"\x93" * 900],
    ids=["empty", "never used", "unknown type", "field missing", "deeply nested"],
)
def test_messages_outside_the_schema_are_refused(pair, body):
    """Bytes that are no message are a ChannelError."""
    channel, other = pair
    other.sendall(len(body).to_bytes(4, "little") + body)
    with pytest.raises(ChannelError, match="schema"):
        channel.receive()


def test_hanging_up_in_the_middle_is_noticed(pair):
    """A message that breaks off is the other end being gone."""
    channel, other = pair
    other.sendall((100).to_bytes(4, "little") + b"half")
    other.shutdown(socket.SHUT_WR)
    with pytest.raises(Gone):
        channel.receive()
