"""The trusted end: one submission's process, its cells, its calls, its time limits and its deaths."""

import contextlib
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.errors import GraderError
from grader.sandbox import environment, wire
from grader.sandbox.confine import Limits
from grader.sandbox.wire import Asked, Channel, ChannelError, Function, Handle, Raised, Returned
from grader.sandbox.zygote import Config, empty_folder

GRACE_SECONDS = 1.0  # between asking a cell to stop and ending its process
PATIENCE = 3  # times a limit that a process on a busy machine may take
ANSWER_SECONDS = 60.0  # for the warm process to answer, which takes milliseconds
LOOK_SECONDS = 0.2  # between two looks at a process that is at work
MAX_RESTARTS = 5
MAX_THREADS = 256
MAX_FILES = 1000  # in a folder on a real disk, where each takes time to remove
_BOOT = (
    "import sys; sys.path[:] = sys.argv[2:]; sys.argv[2:] = []\n"
    "from grader.sandbox import zygote; zygote.main()"
)  # fmt: skip


class IsolationError(GraderError):
    """This system cannot confine a student's code as asked."""


class StudentError(Exception):
    """The student's function raised; the text is the student's and must not be shown unfiltered."""

    def __init__(self, type_name: str, message: str, line: int) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.line = line


class TimedOut(Exception):
    """A cell or a call did not end in its time."""


class Lost(Exception):
    """The warm process itself is gone: our fault, never the student's, and no verdict."""


class Died(Exception):
    """The student's process ended: an exit, a crash, or a limit."""


class Zygote:
    """A warm process and the children it forks, one at a time.

    Parameters
    ----------
    student_path
        Folder with the student's edition of nnlib.
    isolation
        ``strict`` needs Landlock, seccomp and namespaces; ``sandbox`` needs Landlock and seccomp;
        ``process`` takes what there is and is for trusted code.
    """

    def __init__(self, student_path: Path | None, limits: Limits | None = None, isolation: str = "sandbox") -> None:
        self._ended = False
        self._folder = Path(tempfile.mkdtemp(prefix="grader-"))
        work = self._folder / "work"
        work.mkdir(mode=0o700)
        self._log = (self._folder / "log").open("w+b")
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, str(theirs.fileno()), root, *environment.import_path()],
            pass_fds=[theirs.fileno()],
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        theirs.close()
        self._control = ours
        self._lines = ours.makefile("rb")
        student = [str(student_path)] if student_path else []
        config = Config(
            work=str(work),
            import_path=[*student, *environment.import_path()],
            readable=[*student, *environment.readable()],
            limits=limits or Limits(),
        )
        ours.settimeout(ANSWER_SECONDS)
        try:
            ours.sendall(msgspec.json.encode(config) + b"\n")
            facts = self._hear()
            self.have, self.missing = set(facts["have"]), dict(facts["missing"])
            self.limits = config.limits
            self.work = None if "namespaces" in self.have else work  # the folder of a child, if it is on a real disk
            needs = {
                "strict": {"landlock", "seccomp", "namespaces"},
                "sandbox": {"landlock", "seccomp"},
                "process": set(),
            }
            if lacking := needs[isolation] - self.have:
                reasons = "; ".join(f"{name}: {self.missing[name]}" for name in sorted(lacking))
                raise IsolationError(
                    f"Isolation '{isolation}' needs {', '.join(sorted(needs[isolation]))}, which this system does not "
                    f"offer ({reasons}). Use --isolation process only for code you trust."
                )
        except BaseException:
            self.close()
            raise

    def _environment(self) -> dict[str, str]:
        """Build the child's environment from nothing, so that no token of the TA's shell is in it."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nnlib-grader"
        cache.mkdir(parents=True, exist_ok=True)
        single = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")}
        return {
            **single,  # fork after a BLAS has started threads hangs
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(self._folder),
            "IPYTHONDIR": str(self._folder / "ipython"),
            "MPLCONFIGDIR": str(cache),  # the font list takes seconds to build
            "PYTHONDONTWRITEBYTECODE": "1",
            "MALLOC_ARENA_MAX": "2",  # each arena would take 64 MiB of the address space
        } | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}

    def fork(self) -> tuple[int, socket.socket]:
        """Fork a child; return its process id and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            with contextlib.suppress(OSError):  # what it said last is heard below
                socket.send_fds(self._control, [b'{"do": "fork"}'], [theirs.fileno()])
            return int(self._hear()["pid"]), ours

    def reap(self, pid: int) -> dict[str, Any]:
        """Kill child ``pid`` if it still runs and return how it ended."""
        with contextlib.suppress(ProcessLookupError):  # the warm process is gone, and its children with it
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):  # what it said last is heard below
            self._control.sendall(json.dumps({"do": "reap", "pid": pid}).encode())
        return self._hear()

    @property
    def ended(self) -> bool:
        """Whether the warm process can fork no more."""
        return self._ended or self._process.poll() is not None

    def _hear(self) -> dict[str, Any]:
        try:
            line = self._lines.readline()
        except OSError as error:
            self._ended = True
            raise Lost(f"the sandbox's warm process does not answer ({error})") from None
        if not line:
            self._ended = True
            self._log.seek(0)
            raise Lost("the sandbox's warm process ended: " + self._log.read()[-2000:].decode(errors="replace"))
        facts: dict[str, Any] = json.loads(line)
        return facts

    def close(self) -> None:
        """End the warm process and remove its folder."""
        self._lines.close()
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
        with contextlib.suppress(OSError):
            empty_folder(self._folder / "work")  # the folder may be deeper than the next line can go
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Session:
    """One submission at work: run its cells, call its functions, survive its deaths.

    When a cell or a call ends the process, a new one replays the cells that ran well, so that a death costs the
    cell that caused it and nothing else. After ``until``, on the monotonic clock, no new one is made.
    """

    def __init__(self, zygote: Zygote, files: dict[str, bytes] | None = None, until: float = math.inf) -> None:
        self._until = until
        self._zygote = zygote
        self._files = files or {}
        self._replay: list[tuple[str, float, str]] = []
        self._restarts = 0
        self._pid = 0
        self._channel: Channel
        self._functions: list[Callable[..., Any]] = []
        self._failure: BaseException | None = None
        self._gave_up = 0.0

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    # -- life and death ------------------------------------------------------------------------------------------

    def _alive(self) -> Channel:
        if self._pid:
            return self._channel
        if self._restarts > MAX_RESTARTS:
            raise Died(f"the process ended {MAX_RESTARTS + 1} times; the rest was not run")
        self._restarts += 1
        self._pid, sock = self._zygote.fork()
        self._channel = Channel(sock, wire.Reply)
        proc = Path(f"/proc/{self._pid}/stat")
        self._stat = os.open(proc, os.O_RDONLY) if proc.exists() else -1
        try:
            self._exchange(None, wire.Ready, 30.0)
            if self._files:
                self._exchange(wire.Setup(self._files), wire.Ready, 30.0)
            for source, seconds, pin in list(self._replay):
                if time.monotonic() > self._until:
                    raise TimedOut("the submission's time is over")
                self._exchange(wire.Run(source, 0, pin, draw=False), wire.Ran, 2 * seconds)
        except (Died, TimedOut) as error:
            self._restarts = MAX_RESTARTS + 1
            raise Died(f"the cells before it could not be run again: {error}") from None
        return self._channel

    def close(self) -> None:
        """End the process."""
        self._end()

    def _end(self) -> str:
        if not self._pid:
            return "it was not running"
        self._channel.socket.close()
        if self._stat >= 0:
            os.close(self._stat)
        pid, self._pid = self._pid, 0
        ended = self._zygote.reap(pid)["status"]
        return _how_it_ended(ended)

    # -- requests ------------------------------------------------------------------------------------------------

    def run(self, source: str, seconds: float, output_bytes: int, pin: str = "", draw: bool = True) -> wire.Ran:
        """Run one cell; ``TimedOut`` or ``Died`` where it did not end by itself.

        With ``pin`` the student's names keep the values they have after this cell for calls ``at`` that pin,
        whatever later cells assign to them. Without ``draw`` its figures are made but not rendered.
        """
        self._alive()
        ran: wire.Ran = self._exchange(wire.Run(source, output_bytes, pin, draw), wire.Ran, seconds)
        if ran.error == "KeyboardInterrupt" and self._interrupted:
            raise TimedOut(f"did not end in {seconds:g} s")
        self._replay.append((source, seconds, pin))
        return ran

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float, at: str = "") -> Any:
        """Call the student's function ``name`` as if it were local.

        Arguments that the function changed are changed afterwards. Functions among the arguments run here.
        Raises ``StudentError`` with what the function raised.
        """
        self._alive()
        self._functions.clear()
        self._failure = None
        request = wire.Call(
            name,
            [wire.encode(value, self._opaque) for value in args],
            {key: wire.encode(value, self._opaque) for key, value in kwargs.items()},
            at,
        )
        reply = self._exchange(request, (Returned, Raised), seconds)
        if self._failure is not None:
            raise self._failure
        result = self._result(reply, name, seconds)
        for key, value in reply.changed:
            original = args[key] if isinstance(key, int) and 0 <= key < len(args) else kwargs.get(str(key))
            _apply(original, wire.decode(value, _keep))
        return result

    def value(self, name: str, seconds: float, at: str = "") -> Any:
        """Return the value of the student's variable ``name``."""
        self._alive()
        return self._result(self._exchange(wire.Get(name, at), (Returned, Raised), seconds), name, seconds)

    def _result(self, reply: Any, name: str, seconds: float) -> Any:
        if isinstance(reply, Raised):
            if reply.type_name == "KeyboardInterrupt" and self._interrupted:
                raise TimedOut(f"{name} did not end in {seconds:g} s")
            raise StudentError(reply.type_name, reply.message, reply.line)
        try:
            return wire.decode(reply.value, _keep)
        except ChannelError as error:
            raise StudentError("NotPlain", str(error), 0) from None

    def _exchange(self, request: Any, expected: Any, seconds: float) -> Any:
        """Send a request and wait for its reply, answering the student's calls to functions of the test."""
        self._interrupted, asked = False, False
        self._began = time.monotonic(), _cpu_seconds(self._stat)
        self._next_look = self._began[0] + LOOK_SECONDS
        deadline = self._began[0] + seconds
        try:
            if request is not None:
                self._send(request, seconds)
            while True:
                reply = self._receive(deadline, seconds)
                if not isinstance(reply, Asked):
                    break
                asked = True
                self._send(self._answer(reply), seconds)
            if not isinstance(reply, expected):
                raise ChannelError("a reply to another question")
            if asked and self._interrupted:  # it may have been between a question and its answer: start afresh
                raise TimeoutError
        except TimeoutError:
            self._end()
            raise TimedOut(f"did not end in {seconds:g} s and had to be killed") from None
        except ChannelError as error:
            ended = self._end()
            if self._interrupted:
                raise TimedOut(f"did not end in {seconds:g} s and had to be killed") from None
            raise Died(ended if "gone" in str(error) else f"{ended} after {error}") from None
        return reply

    def _send(self, message: Any, seconds: float) -> None:
        self._channel.socket.settimeout(max(seconds, 1.0))
        self._channel.send(message)

    def _receive(self, deadline: float, seconds: float) -> Any:
        """Wait for one message; past the deadline interrupt the student's code, then give up.

        Time the process spent waiting for a processor is not held against it, up to ``PATIENCE`` times the limit.
        """
        while True:
            until = self._gave_up + GRACE_SECONDS if self._interrupted else deadline
            try:
                return self._channel.receive(min(until, self._next_look))
            except TimeoutError:
                now = time.monotonic()
                if now >= self._next_look:
                    self._look()
                    self._next_look = time.monotonic() + LOOK_SECONDS
                if now < until:
                    continue
                if self._interrupted:
                    raise
                latest = self._began[0] + PATIENCE * seconds
                waited = seconds - (_cpu_seconds(self._stat) - self._began[1])
                if waited > 0.1 * seconds and deadline < latest:
                    deadline = min(now + waited, latest)
                    continue
                self._interrupted, self._gave_up = True, now
                os.kill(self._pid, signal.SIGINT)

    def _look(self) -> None:
        """Look after what the process's own limits cannot bound: its threads and, without a tmpfs, its folder."""
        if (threads := _threads(self._stat)) > MAX_THREADS:
            raise ChannelError(f"it had {threads} threads")
        if self._zygote.work is not None and not _fits(self._zygote.work, self._zygote.limits.folder_bytes):
            raise ChannelError("it filled its folder")

    # -- functions of the test that the student's function calls ---------------------------------------------------

    def _opaque(self, value: Any) -> Function | Handle:
        if isinstance(value, Handle):
            return value
        if callable(value):
            self._functions.append(value)
            return Function(len(self._functions) - 1)
        raise TypeError(f"A test passed a {type(value).__name__}, which cannot travel to the student's process.")

    def _answer(self, asked: Asked) -> wire.Answer:
        if not 0 <= asked.function < len(self._functions):
            raise ChannelError("a call of a function that was not passed")
        try:
            args = [wire.decode(value, _keep) for value in asked.args]
            kwargs = {key: wire.decode(value, _keep) for key, value in asked.kwargs.items()}
            value = self._functions[asked.function](*args, **kwargs)
            return wire.Answer(wire.encode(value, self._opaque))
        except ChannelError:
            raise
        except Exception as error:
            if isinstance(error, AssertionError):
                self._failure = error  # the student's code must not swallow a verdict
            return wire.Answer(None, type(error).__name__, str(error))


def isolation_offered() -> str:
    """Return the strongest isolation this system offers short of ``strict``: ``sandbox`` or ``process``."""
    try:
        Zygote(None).close()
    except IsolationError:
        return "process"
    return "sandbox"


def _keep(value: Function | Handle) -> Handle:
    if isinstance(value, Function):
        return Handle(-1, "function")
    return value


def _apply(original: Any, after: Any) -> None:
    """Make ``original`` what the student's function made of it, in place, as a local call would have."""
    if isinstance(original, np.ndarray) and isinstance(after, np.ndarray):
        if original.shape == after.shape and original.flags.writeable:
            original[...] = after.astype(original.dtype, copy=False)
    elif isinstance(original, np.random.Generator) and isinstance(after, np.random.Generator):
        original.bit_generator.state = after.bit_generator.state
    elif isinstance(original, dict) and isinstance(after, dict):
        for key in [key for key in original if key not in after]:
            del original[key]
        for key, value in after.items():
            original[key] = _merged(original.get(key), value)
    elif isinstance(original, list) and isinstance(after, list):
        original[:] = [_merged(original[i] if i < len(original) else None, value) for i, value in enumerate(after)]
    elif isinstance(original, tuple) and isinstance(after, tuple):
        for before, value in zip(original, after, strict=False):
            _apply(before, value)


def _merged(before: Any, after: Any) -> Any:
    """Keep an inner array's identity where it only changed its numbers."""
    if (
        isinstance(before, np.ndarray)
        and isinstance(after, np.ndarray)
        and before.shape == after.shape
        and before.dtype == after.dtype
    ):
        _apply(before, after)
        return before
    return after


def _stat_fields(stat: int) -> list[str]:
    """Read the open ``/proc/PID/stat`` from its third field on; the second is a name that the process chose."""
    try:
        text = os.pread(stat, 1024, 0).decode(errors="replace")
    except OSError:  # there is no /proc, or the process is gone
        return ["0"] * 50
    return text.rpartition(")")[2].split()


def _cpu_seconds(stat: int) -> float:
    """Return the processor time of the process whose open ``/proc/PID/stat`` is ``stat``; 0 where there is none."""
    fields = _stat_fields(stat)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _threads(stat: int) -> int:
    return int(_stat_fields(stat)[17])


def _fits(folder: Path, most_bytes: int) -> bool:
    """Whether a folder's files are within ``most_bytes`` and few enough to count while they change."""
    size = count = 0
    todo = [str(folder)]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if size > most_bytes or count > MAX_FILES:
                        return False
        except FileNotFoundError:
            continue
        except OSError:  # a path too long to follow
            return False
    return True


def _how_it_ended(status: int) -> str:
    reasons = {
        -signal.SIGKILL: "the process was killed",
        -signal.SIGSEGV: "the process crashed (segmentation fault; endless recursion ends like this)",
        -signal.SIGABRT: "the process aborted",
        -signal.SIGXCPU: "the process used up its computing time",
        -signal.SIGXFSZ: "the process wrote too large a file",
    }
    return reasons.get(status, f"the process ended with code {status}")
