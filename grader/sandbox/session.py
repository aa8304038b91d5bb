"""The trusted end: one submission's process, its cells, its calls, its time limits and its deaths."""

import itertools
import math
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.guard import Overran
from grader.profiling import Stage, stage
from grader.sandbox.callbacks import callback
from grader.sandbox.channel import Channel, ChannelError, Gone
from grader.sandbox.failures import Died, StudentError, TimedOut
from grader.sandbox.messages import (
    Answer,
    Asked,
    Call,
    Callback,
    Get,
    Handle,
    Raised,
    Ran,
    Ready,
    Reply,
    Returned,
    Run,
    Setup,
)
from grader.sandbox.patience import Patience
from grader.sandbox.plain import apply_change, changes, decode, encode
from grader.sandbox.proc import Process, fits, how_it_ended
from grader.sandbox.telling import Telling
from grader.sandbox.warm import Lost, WarmProcess
from grader.sandbox.zygote import START_SECONDS

Function = Callable[..., Any]

GRACE_SECONDS = 0.5  # for a process that hung up to end by itself
MAX_RESTARTS = 5
MAX_THREADS = 256
MAX_FUNCTIONS = 256  # of the tests, that can be called at one time
MAX_DEPTH = 4  # of calls by the test's functions that the student's functions called


@dataclass(frozen=True)
class _Child:
    """A process of the session and the channel to it."""

    process: Process
    channel: Channel


class Session:
    """One submission at work: run its cells, call its functions, survive its deaths.

    When a cell or a call ends the process, a new one replays the cells that ran well, so that a death costs the
    cell that caused it and nothing else. After ``until``, on the monotonic clock, no new one is made.
    """

    def __init__(self, warm: WarmProcess, files: dict[str, bytes] | None = None, until: float = math.inf) -> None:
        self._until = until
        self._warm = warm
        self._files = files or {}
        self.unwritten: list[str] = []  # of the files: they did not fit in the folder, or their names did not
        self._replay: list[tuple[str, float, str]] = []
        self._restarts = 0
        self._child: _Child | None = None
        self._functions: dict[int, Function] = {}  # of the tests, by number; a student may have kept some
        self._numbers = itertools.count()
        self._telling = Telling(self._texts)
        self._depth = 0  # of calls within calls
        self._stand_ins: set[int] = set()  # of them, by number: these may change their arguments
        self._failure: BaseException | None = None
        self._seconds = 0.0  # that the running call may take

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- life and death ------------------------------------------------------------------------------------------

    def _alive(self) -> _Child:
        """Return the process; where there is none, a new one that has run the cells that ran well."""
        if self._child is not None:
            return self._child
        if self._restarts > MAX_RESTARTS:
            raise Died(f"the process ended {MAX_RESTARTS + 1} times; the rest was not run")
        with stage(Stage.starting):
            return self._new_child()

    def _new_child(self) -> _Child:
        self._restarts += 1
        pid, sock = self._warm.fork()
        self._child = child = _Child(Process(pid), Channel(sock, Reply))
        try:
            self._start(child, None)
            if self._files:
                self.unwritten = self._start(child, Setup(self._files))
            for source, seconds, pin in list(self._replay):
                if time.monotonic() > self._until:
                    raise TimedOut("the submission's time is over")
                self._exchange(Run(source, 0, pin, draw=False), Ran, self._patience(child, 2 * seconds))
        except (Died, TimedOut) as error:
            self._restarts = MAX_RESTARTS + 1
            raise Died(f"the cells before it could not be run again: {error}") from None
        return child

    def _start(self, child: _Child, request: Setup | None) -> list[str]:
        """Wait for the process to be ready; what fails before the first cell of the student's is our fault."""
        try:
            reply = self._exchange(request, (Ready, Raised), self._patience(child, START_SECONDS))
        except (Died, TimedOut) as error:
            raise Lost(f"a process for the student's code did not start: {error}") from None
        if isinstance(reply, Raised):
            self.close()
            raise Lost(f"a process for the student's code did not start: {reply.type_name}: {reply.message}")
        return [name for name in reply.unwritten if name in self._files]

    def close(self, grace: float = 0.0) -> str:
        """End the process, if there is one, and say how it ended.

        Raises ``Lost`` where it was killed from outside, within ``grace`` seconds: by the system for want of memory,
        say. With process ids of its own a process cannot do that to itself.
        """
        if self._child is None:
            return "it was not running"
        child, self._child = self._child, None
        child.channel.socket.close()
        child.process.close()
        with stage(Stage.starting):
            end = self._warm.reap(child.process.pid, grace)
        by_a_limit = end["cpu"] > self._warm.limits.cpu_seconds_here - 1
        if end["status"] == -signal.SIGKILL and not (end["killed"] or by_a_limit) and grace and self._warm.work is None:
            raise Lost("the student's process was killed from outside, for want of memory perhaps")
        return how_it_ended(end["status"])

    def _patience(self, child: _Child, seconds: float) -> Patience:
        return Patience(seconds, child.process, lambda: self._look(child.process))

    def _look(self, process: Process) -> None:
        """Look after what the process's own limits cannot bound: its threads and, without a tmpfs, its folder."""
        if (threads := process.threads()) > MAX_THREADS:
            raise ChannelError(f"it had {threads} threads")
        if self._warm.work is not None and not fits(self._warm.work, self._warm.limits.folder_bytes):
            raise ChannelError("it filled its folder")

    # -- requests ------------------------------------------------------------------------------------------------

    def run(self, source: str, seconds: float, output_bytes: int, pin: str = "", draw: bool = True) -> Ran:
        """Run one cell; ``TimedOut`` or ``Died`` where it did not end by itself.

        With ``pin`` the student's names keep the values they have after this cell for calls ``at`` that pin,
        whatever later cells assign to them. Without ``draw`` its figures are made but not rendered.
        """
        patience = self._patience(self._alive(), seconds)
        ran: Ran = self._exchange(Run(source, output_bytes, pin, draw), Ran, patience)
        if ran.error == "KeyboardInterrupt" and patience.interrupted:
            raise TimedOut(f"did not end in {seconds:g} s")
        self._replay.append((source, seconds, pin))
        self._telling.forget()
        return ran

    def call(
        self,
        name: str | Handle,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        seconds: float,
        at: str = "",
        stand_ins: Mapping[str, Function] | None = None,
    ) -> Any:
        """Call the student's function ``name``, or the one behind a handle, as if it were local.

        Arguments that the function changed are changed afterwards. Functions among the arguments run here, and so do
        ``stand_ins``, which the student's code finds in the place of its own functions.
        Raises ``StudentError`` with what the function raised.
        """
        child = self._alive()
        if not self._depth:
            self._failure = None
        if self._depth > MAX_DEPTH:
            raise StudentError("RecursionError", "maximum recursion depth exceeded", 0)
        places = {key: self._callback(function) for key, function in (stand_ins or {}).items()}
        self._stand_ins.update(place.id for place in places.values())
        handle = name if isinstance(name, Handle) else None
        told = name if isinstance(name, str) else "the function"
        request = Call(
            told,
            [encode(value, self._opaque) for value in args],
            {key: encode(value, self._opaque) for key, value in kwargs.items()},
            at,
            places,
            handle,
        )
        patience = self._patience(child, seconds)
        self._seconds = seconds
        self._depth += 1
        try:
            reply = self._exchange(request, (Returned, Raised), patience)
        finally:
            self._depth -= 1
        if self._failure is not None:
            raise self._failure
        result = self._result(reply, told, patience)
        for key, value in reply.changed:
            original = args[key] if isinstance(key, int) and 0 <= key < len(args) else kwargs.get(str(key))
            apply_change(original, decode(value, self._keep))
        return result

    def value(self, name: str, seconds: float, at: str = "") -> Any:
        """Return the value of the student's variable ``name``."""
        patience = self._patience(self._alive(), seconds)
        return self._result(self._exchange(Get(name, at), (Returned, Raised), patience), name, patience)

    def _exchange(self, request: Any, expected: Any, patience: Patience) -> Any:
        """Send a request and wait for its reply, answering the student's calls to functions of the test."""
        assert self._child is not None
        channel = self._child.channel
        asked = False
        try:
            if request is not None:
                _send(channel, request, patience)
            while isinstance(reply := _receive(channel, patience), Asked):
                asked = True
                _send(channel, self._answer(reply), patience)
            if not isinstance(reply, expected):
                raise ChannelError("a reply to another question")
            if asked and patience.interrupted:  # it may have been between a question and its answer: start afresh
                raise TimeoutError
        except TimeoutError:
            self.close()
            raise _killed(patience) from None
        except (TimedOut, Died, Lost, Overran):  # of a call within: the process waits for an answer that will not come
            self.close()
            raise
        except ChannelError as error:
            ended = self.close(GRACE_SECONDS if isinstance(error, Gone) else 0.0)
            if patience.interrupted:
                raise _killed(patience) from None
            raise Died(ended if isinstance(error, Gone) else f"{ended} after {error}") from None
        return reply

    # -- functions of the test that the student's function calls ---------------------------------------------------

    def _opaque(self, value: Any) -> Callback | Handle:
        if isinstance(value, Handle):
            return value
        if isinstance(value, _Passed):
            return value.handle
        if callable(value):
            return self._callback(value)
        raise TypeError(f"A test passed a {type(value).__name__}, which cannot travel to the student's process.")

    def _callback(self, function: Function) -> Callback:
        number = next((n for n, kept in self._functions.items() if kept is function), None)
        if number is None:
            number = next(self._numbers)
            self._functions[number] = function
            self._functions.pop(number - MAX_FUNCTIONS, None)
        return callback(number, function)

    def _result(self, reply: Any, name: str, patience: Patience) -> Any:
        if isinstance(reply, Raised):
            if reply.type_name == "KeyboardInterrupt" and patience.interrupted:
                raise TimedOut(f"{name} did not end in {patience.seconds:g} s")
            raise StudentError.of(reply)
        try:
            return decode(reply.value, self._keep)
        except ChannelError as error:
            raise StudentError("NotPlain", str(error), 0) from None

    def _keep(self, value: Callback | Handle) -> Handle:
        if isinstance(value, Callback):  # of the test, back from the student: a later call can pass it on
            return Handle(-1 - value.id, "function", "an object of type function")
        return self._telling.checked(value)

    def _pass(self, value: Callback | Handle) -> Any:
        """What a function that stands in for the student's gets: it may call what it is given."""
        if isinstance(value, Callback):
            return self._functions.get(value.id, self._keep(value))
        return _Passed(self, value, self._seconds)

    def _texts(self) -> list[bytes]:
        return [*(source.encode(errors="replace") for source, _, _ in self._replay), *self._files.values()]

    def _answer(self, asked: Asked) -> Answer:
        if asked.function not in self._functions:
            raise ChannelError("a call of a function that was not passed")
        try:
            keep = self._pass if asked.function in self._stand_ins else self._keep
            args = [decode(value, keep) for value in asked.args]
            kwargs = {key: decode(value, keep) for key, value in asked.kwargs.items()}
            answer = Answer(encode(self._functions[asked.function](*args, **kwargs), self._opaque))
            if asked.function in self._stand_ins:
                answer.changed = changes(asked.args, asked.kwargs, args, kwargs, self._opaque)
            return answer
        except (ChannelError, TimedOut, Died, Lost, Overran):
            raise
        except StudentError as error:
            return Answer(None, error.type_name, error.message)
        except Exception as error:
            if isinstance(error, AssertionError):
                self._failure = error  # the student's code must not swallow a verdict
            return Answer(None, type(error).__name__, str(error))


class _Passed:
    """Something of the student's that a function standing in was given: to be called, or handed back."""

    def __init__(self, session: Session, handle: Handle, seconds: float) -> None:
        self.handle = handle
        self._session, self._seconds = session, seconds

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self.handle, args, kwargs, self._seconds)


def _send(channel: Channel, message: Any, patience: Patience) -> None:
    channel.socket.settimeout(max(patience.seconds, 1.0))
    channel.send(message)


def _receive(channel: Channel, patience: Patience) -> Any:
    """Wait for one message as long as patience lasts."""
    while True:
        try:
            return channel.receive(patience.wakes)
        except TimeoutError:
            patience.wake()


def _killed(patience: Patience) -> TimedOut:
    return TimedOut(f"did not end in {patience.seconds:g} s and had to be killed")
