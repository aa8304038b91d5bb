"""The end of the channel that shares a process with the student's code, so nothing it says is believed."""

import builtins
import contextlib
import functools
import os
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

from grader.sandbox.callbacks import stand_in
from grader.sandbox.channel import MAX_FRAME, Channel, ChannelError
from grader.sandbox.messages import (
    MAX_NAME,
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
    Request,
    Returned,
    Run,
    Setup,
    Value,
    raised_by,
)
from grader.sandbox.plain import apply_change, decode, encode
from grader.sandbox.rules import NotPlain, describe, quietly, rebuilt


class Child:
    """Runs cells and calls functions on request."""

    def __init__(self, shell: Any, channel: Channel) -> None:
        self.shell = shell
        self.channel = channel
        self.handles: list[Any] = []
        self.numbers: dict[int, int] = {}  # of handles, by id of what they stand for, which lives as long
        self.stand_ins: dict[int, FunctionType] = {}  # for functions of the test, by their number
        self.callbacks: dict[int, Callback] = {}  # by id of what stands for them
        self.pinned: dict[str, dict[str, Any]] = {}
        self.at = ""  # the pin whose values the names have
        self.busy = False

    def serve(self) -> None:
        """Answer requests until the grader hangs up."""
        signal.signal(signal.SIGINT, self._interrupted)
        self.channel.send(Ready())
        while True:
            try:
                request = self.channel.receive()
            except ChannelError:
                return
            self.channel.send_frame(self._reply(request))

    def _reply(self, request: Request) -> bytes:
        """Answer one request, whatever comes of it."""
        busy = self.busy
        try:
            self.busy = True
            reply = self.answer(request)
        except KeyboardInterrupt:
            reply = Raised("KeyboardInterrupt")
        except MemoryError:  # the result fits into the limit, its copy on the way to the grader does not
            reply = Raised("MemoryError")
        finally:
            self.busy = busy
        try:
            return self.channel.frame(reply)
        except UnicodeEncodeError:
            return self.channel.frame(Raised("NotPlain", "text that is not valid Unicode"))
        except ValueError:
            return self.channel.frame(Raised("NotPlain", f"more than {MAX_FRAME >> 20} MB"))

    def answer(self, request: Request) -> Reply:
        """Do what one request asks."""
        if isinstance(request, Setup):
            return Ready([name for name, data in request.files.items() if not _is_written(Path(name), data)])
        if isinstance(request, Run):
            ran: Ran = self.shell.run(request.source, request.output_bytes, request.draw)
            if request.pin:
                self.pinned[request.pin] = dict(self.shell.user_ns)
            return ran
        if isinstance(request, Get):
            with self._as_at(request.at) as names, quietly():
                if request.name not in names:
                    return _not_there(request.name)
                return self._returned(names[request.name])
        if isinstance(request, Call):
            return self._call(request)
        return Raised("TypeError", "an answer that nobody asked for")

    @contextlib.contextmanager
    def _as_at(self, pin: str) -> Iterator[dict[str, Any]]:
        """Give the student's names the values they had after the cell of ``pin``, in the block; yield the names.

        What the block assigns to them is kept for the next call at that pin; afterwards they have their later values
        again. Names that came after the pin are there as they are now. Nothing happens without a pin, or in a call
        at the same pin from within another.
        """
        names, then = self.shell.user_ns, self.pinned.get(pin)
        if then is None or pin == self.at:
            yield names
            return
        outer, self.at = self.at, pin
        now = {name: names.get(name, _GONE) for name in then}
        try:
            _assign(names, then)
            yield names
        finally:
            busy, self.busy = self.busy, False  # an interrupt must not come in between
            for name in now:
                then[name] = names.get(name, _GONE)
            _assign(names, now)
            self.at, self.busy = outer, busy

    @contextlib.contextmanager
    def _standing_in(self, stand_ins: Mapping[str, Callback], names: dict[str, Any]) -> Iterator[None]:
        """Put functions of the grader's in the place of the student's of these names, in the block."""
        own = {name: names.get(name, _GONE) for name in stand_ins}
        try:
            _assign(names, {name: self._receive(function) for name, function in stand_ins.items()})
            yield
        finally:
            busy, self.busy = self.busy, False  # an interrupt must not come in between
            _assign(names, own)
            self.busy = busy

    def _call(self, request: Call) -> Reply:
        with self._as_at(request.at) as names, self._standing_in(request.stand_ins, names), quietly():
            if request.function is not None:
                return self._returned_by(self._receive(request.function), request)
            if request.name not in names:
                return _not_there(request.name)
            return self._returned_by(names[request.name], request)

    def _returned_by(self, function: Any, request: Call) -> Reply:
        try:
            args = [self._decode(value) for value in request.args]
            kwargs = {name: self._decode(value) for name, value in request.kwargs.items()}
        except (IndexError, KeyError):
            return Raised("RuntimeError", "an object of a process that has ended")
        self.shell.recorder.start(0)  # what a function prints while it is tested goes nowhere
        try:
            result = function(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return raised_by(error)
        returned = self._returned(result)  # first: a generator draws its random numbers while it is read
        if not isinstance(returned, Returned):
            return returned
        given: list[tuple[str, int | str, Value, Any]] = [
            *((str(i + 1), i, before, args[i]) for i, before in enumerate(request.args)),
            *((name, name, before, kwargs[name]) for name, before in request.kwargs.items()),
        ]
        for told, key, before, value in given:
            after = self._returned(value, read=False)
            if isinstance(after, Raised):
                after.argument = told[:MAX_NAME]
                return after
            if after.value != before:
                returned.changed.append((key, after.value))
        return returned

    def _returned(self, value: Any, read: bool = True) -> Returned | Raised:
        """Encode a value; what it runs of the student's, such as a generator, may raise."""
        try:
            return Returned(self._send(value, read))
        except (KeyboardInterrupt, MemoryError):
            raise
        except NotPlain as error:
            return Raised("NotPlain", str(error))
        except BaseException as error:
            return raised_by(error)

    def _send(self, value: Any, read: bool = True) -> Value:
        return encode(value, self._opaque, self._own, read)

    def _decode(self, value: Value) -> Any:
        return decode(value, self._receive, self._rebuilt)

    def _own(self, value: Any) -> int:
        """Number an object that stays here."""
        if (number := self.numbers.get(id(value), -1)) < 0:
            number = self.numbers[id(value)] = len(self.handles)
            self.handles.append(value)
        return number

    def _rebuilt(self, number: int, held: Any) -> Any:
        """Make the student's own container again of what it holds now; the number stands for the new one from here."""
        old = self.handles[number]
        made = rebuilt(old, held)
        self.numbers.pop(id(old), None)
        self.handles[number], self.numbers[id(made)] = made, number
        return made

    def _opaque(self, value: Any) -> Callback | Handle:
        if id(value) in self.callbacks:
            return self.callbacks[id(value)]
        return Handle(self._own(value), type(value).__name__[:80], describe(value)[:MAX_NAME])

    def _receive(self, value: Callback | Handle) -> Any:
        if isinstance(value, Handle):
            return self.stand_ins[-1 - value.id] if value.id < 0 else self.handles[value.id]
        if value.id not in self.stand_ins:
            made = stand_in(
                value, functools.partial(self._ask, value.id), lambda default: decode(default, self._receive)
            )
            self.stand_ins[value.id], self.callbacks[id(made)] = made, value
        return self.stand_ins[value.id]

    def _ask(self, function: int, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the test, which runs at the other end."""
        try:
            sent = [self._send(value) for value in args], {name: self._send(value) for name, value in kwargs.items()}
        except NotPlain as error:  # an error of the function, which passes on what cannot travel
            raise ValueError(str(error)) from None
        self.channel.send(Asked(function, *sent))
        while not isinstance(answer := self.channel.receive(), Answer):
            self.channel.send_frame(self._reply(answer))  # the function of the test calls one of the student's
        if answer.error is not None:
            kind = getattr(builtins, answer.error, RuntimeError)
            raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError)(answer.message)
        for key, value in answer.changed:
            apply_change(args[key] if isinstance(key, int) else kwargs[key], self._decode(value))
        return self._decode(answer.value)

    def _interrupted(self, *_: Any) -> None:
        if self.busy:
            raise KeyboardInterrupt


def _is_written(path: Path, data: bytes) -> bool:
    """Write a file, unless its name is too long, it is a folder already, or the folder is full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            path.unlink()
        return False
    return True


_GONE = object()  # stands for the value of a name that is not there


def _assign(names: dict[str, Any], values: dict[str, Any]) -> None:
    """Give names their values; of most it is the one they have."""
    for name, value in values.items():
        if value is _GONE:
            names.pop(name, None)
        elif names.get(name, _GONE) is not value:
            names[name] = value


def _not_there(name: str) -> Raised:
    return Raised("NameError", f"name '{name}' is not defined", missing_name=name[:MAX_NAME])


def say_what_failed(sock: socket.socket, error: Exception) -> None:
    """Tell the grader why this process cannot run a student's code."""
    Channel(sock, Request).send(Raised(type(error).__name__, str(error)[:1000]))


def serve(shell: Any, sock: socket.socket) -> None:
    """Serve one submission over ``sock``, then end the process."""
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(Path.cwd())
    Child(shell, Channel(sock, Request)).serve()
