"""The trusted end's hold on the warm process, which forks a child for each submission."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from grader.errors import GraderError
from grader.sandbox import environment
from grader.sandbox.limits import Imports, Isolation, Limits
from grader.sandbox.zygote import Config
from grader.temporary import TemporaryFolder

ANSWER_SECONDS = 60.0  # for the warm process to answer, which takes milliseconds
_BOOT = (
    "import sys; sys.path[:] = sys.argv[2:]; sys.argv[2:] = []\n"
    "from grader.sandbox import zygote; zygote.main()"
)  # fmt: skip


class IsolationError(GraderError):
    """This system cannot confine a student's code as asked."""


class Lost(Exception):
    """The warm process itself is gone: our fault, never the student's, and no verdict."""


class _Held:
    """What a ``with`` block closes at its end."""

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WarmProcess(_Held):
    """A warm process and the children it forks, one at a time.

    Parameters
    ----------
    student_path
        Folder with the student's edition of nnlib.
    isolation
        What the system must offer, or ``IsolationError`` is raised.
    imports
        What may be imported besides the usual; ``NotInstalled`` where a package is not there.
    cases
        Folder of the assignment's public cases, to be read before the first child.
    start
        What was started ahead, where there is such a thing: this process is then a copy of it.
    """

    def __init__(
        self,
        student_path: Path | None,
        limits: Limits | None = None,
        isolation: Isolation = Isolation.sandbox,
        imports: Imports | None = None,
        cases: Path | None = None,
        start: "WarmStart | None" = None,
    ) -> None:
        imports = imports or Imports()
        path, readable = environment.import_path(imports.asked), environment.readable(imports.asked)
        self._ended = False
        self._temporary = TemporaryFolder()
        self._folder = self._temporary.path
        work = self._folder / "work"
        work.mkdir(mode=0o700)
        self._log = (self._folder / "log").open("w+b")
        self._process = self._copied(start) or self._started()
        student = [str(student_path)] if student_path else []
        config = Config(
            work=str(work),
            import_path=[*student, *path],
            readable=[*student, *readable],
            limits=limits or Limits(),
            packages=list(imports.asked or ()),
            warm=imports.warm,
            cases=str(cases or ""),
        )
        try:
            with contextlib.suppress(OSError):  # what it said last is heard below
                self._control.sendall(msgspec.json.encode(config) + b"\n")
            facts = self._hear()
            self.have, self.missing = set(facts["have"]), dict(facts["missing"])
            self.limits = config.limits
            self.work = None if "namespaces" in self.have else work  # the folder of a child, if it is on a real disk
            if lacking := isolation.needs - self.have:
                reasons = "; ".join(f"{name}: {self.missing.get(name, 'not tried')}" for name in sorted(lacking))
                raise IsolationError(
                    f"Isolation '{isolation}' needs {', '.join(sorted(isolation.needs))}, which this system does not "
                    f"offer ({reasons}). Use --isolation process only for code you trust."
                )
            if facts["failed"]:
                raise IsolationError(f"A process for students' code does not start here: {facts['failed']}.")
        except BaseException:
            self.close()
            raise

    def _connected(self) -> socket.socket:
        """Make a control socket and return its other end."""
        self._control, theirs = socket.socketpair()
        self._control.settimeout(ANSWER_SECONDS)
        self._lines = self._control.makefile("rb")
        return theirs

    def _started(self) -> "_Started":
        with self._connected() as theirs:
            return _Started(theirs, self._folder, self._log)

    def _copied(self, start: "WarmStart | None") -> "_Copied | None":
        """Ask for a copy of what was started ahead; None where there is no such thing, or it is gone."""
        if start is None:
            return None
        with self._connected() as theirs:
            asked = start.copy_to(theirs, self._log)
        if asked:  # and this process holds the other end no more, which would keep an answer possible
            with contextlib.suppress(Lost, OSError):
                return _Copied(int(self._hear()["pid"]))
        self._ended = False
        self._lines.close()
        self._control.close()
        return None

    def fork(self) -> tuple[int, socket.socket]:
        """Fork a child; return its process id and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            with contextlib.suppress(OSError):  # what it said last is heard below
                socket.send_fds(self._control, [b'{"do": "fork"}'], [theirs.fileno()])
            return int(self._hear()["pid"]), ours

    def reap(self, pid: int, grace: float = 0.0) -> dict[str, Any]:
        """Kill child ``pid`` if it still runs, after ``grace`` seconds, and return how it ended."""
        if not grace:
            with contextlib.suppress(ProcessLookupError):  # the warm process is gone, and its children with it
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):  # what it said last is heard below
            self._control.sendall(json.dumps({"do": "reap", "pid": pid, "grace": grace}).encode())
        return self._hear()

    @property
    def ended(self) -> bool:
        """Whether the warm process can fork no more."""
        return self._ended or self._process.ended

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
        self._process.end()
        self._log.close()
        self._temporary.cleanup()


class WarmStart(_Held):
    """A process with what every notebook needs, and nothing of any course: warm processes are copies of it.

    One is enough for all workers of a command, and it loads while the command itself does. It can be handed to workers
    at their start; they end it for nobody.
    """

    def __init__(self) -> None:
        self._temporary = TemporaryFolder()
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, (self._temporary.path / "log").open("w+b") as log:
            self._process = _Started(theirs, self._temporary.path, log)

    def __getstate__(self) -> dict[str, Any]:
        return {"_requests": self._requests}

    def copy_to(self, control: socket.socket, log: IO[bytes]) -> bool:
        """Ask for a copy with this control socket and log; whether there is somebody to ask."""
        try:
            socket.send_fds(self._requests, [b"copy"], [control.fileno(), log.fileno()])
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End it, and with it all its copies."""
        self._requests.close()
        self._process.end()
        self._temporary.cleanup()


class _Started:
    """An interpreter of its own, with an environment made from nothing, so that no token of the TA's shell is in it."""

    def __init__(self, theirs: socket.socket, folder: Path, log: IO[bytes]) -> None:
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, str(theirs.fileno()), root, *environment.import_path()],
            pass_fds=[theirs.fileno()],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self.pid = self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class _Copied:
    """A copy of an interpreter that was started ahead: no child of this process, but it has a handle on it."""

    def __init__(self, pid: int) -> None:
        self._handle = os.pidfd_open(pid)
        self.pid = pid

    @property
    def ended(self) -> bool:
        return bool(select.select([self._handle], [], [], 0)[0])

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        select.select([self._handle], [], [])
        os.close(self._handle)


def _environment(folder: Path) -> dict[str, str]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nnlib-grader"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that is read-only, or none
        cache = folder / "cache"
        cache.mkdir(exist_ok=True)
    single = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")}
    return {
        **single,  # fork after a BLAS has started threads hangs
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLCONFIGDIR": str(cache),  # the font list takes seconds to build
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",  # by which cells tell grading from a student's desk
        "MALLOC_ARENA_MAX": "2",  # each arena would take 64 MiB of the address space
    } | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


class WarmProcesses(_Held):
    """A warm process, and the next one where it ended; parameters are those of ``WarmProcess``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._made_of = args, kwargs
        self.process = WarmProcess(*args, **kwargs)

    def renew(self) -> None:
        """Start another where it ended: whatever did that, it is not the next student's fault."""
        if not self.process.ended:
            return
        self.process.close()
        args, kwargs = self._made_of
        try:
            self.process = WarmProcess(*args, **kwargs)
        except IsolationError as error:  # it could before: this does not concern the whole class
            raise Lost(str(error)) from None

    def close(self) -> None:
        """End it."""
        self.process.close()


def isolation_offered() -> Isolation:
    """Return the strongest isolation this system offers short of ``strict``."""
    try:
        WarmProcess(None).close()
    except IsolationError:
        return Isolation.process
    return Isolation.sandbox
