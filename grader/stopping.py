"""Ctrl+C, SIGTERM and a closed terminal end a command alike: what it holds is let go, and a line says so."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

GO_ON = "What was graded is written; run the same command to continue."
STOPPED = f"Stopped. {GO_ON}"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_blocks = 0  # of ``not_now`` around the main thread
_put_off: list[int] = []  # the signal that came meanwhile


class Stopped(BaseException):
    """A signal asked this command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number  # as a shell has it


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Let these signals raise ``Stopped`` in the block, unless they are ignored or somebody else's already.

    A second one ends the process at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    free = (signal.SIG_DFL, signal.default_int_handler)
    before = {number: found for number in _SIGNALS if (found := signal.getsignal(number)) in free}
    for number in before:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def not_now() -> Iterator[None]:
    """Let a first signal wait for the end of the block: something is half made, or half put away, in there."""
    global _blocks
    if threading.current_thread() is not threading.main_thread():  # no other hears of signals
        yield
        return
    _blocks += 1
    try:
        yield
    finally:
        _blocks -= 1
        if _put_off and not _blocks:
            raise Stopped(_put_off.pop())


@contextlib.contextmanager
def ctrl_c_later() -> Iterator[None]:
    """Keep Ctrl+C back in the block, and from workers started in it until they call ``end_with_parent``."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def signals_kept() -> Callable[..., None]:
    """Make a function that, called in an event loop, puts today's handlers back in the place of the loop's own."""
    import asyncio

    ours = {number: signal.getsignal(number) for number in _SIGNALS}

    def put_back(**_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            for number, handler in ours.items():
                asyncio.get_running_loop().remove_signal_handler(number)
                signal.signal(number, handler)

    return put_back


def _stop(number: int, _: FrameType | None) -> None:
    for each in _SIGNALS:
        if signal.getsignal(each) is _stop:
            signal.signal(each, signal.SIG_DFL)
    if _blocks:
        _put_off.append(number)
    else:
        raise Stopped(number)
