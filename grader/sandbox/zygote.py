"""The warm process: loads what a notebook needs once, then forks a child for each submission in milliseconds.

Started by ``warm.WarmProcess`` as a fresh interpreter with an empty environment, so that nothing of the grader is
in its memory; or a copy of such an interpreter, which ``warm.WarmStart`` started before there was anything to grade.
One request on the control socket is one line of JSON; a fork request carries the child's socket.
"""

import contextlib
import gc
import importlib
import itertools
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import msgspec

from grader.sandbox import confine
from grader.sandbox.limits import Limits
from grader.sandbox.system import call_process

START_SECONDS = 30.0  # for a child to be ready
CONFINING = ("landlockpy", "pyseccomp")  # what ``confine`` tries


class Config(msgspec.Struct):
    """What the worker tells its warm process at the start."""

    work: str
    import_path: list[str]
    readable: list[str]
    limits: Limits
    packages: list[str] = []  # those declared, for people
    warm: list[str] = []  # modules to import before the first child
    cases: str = ""  # folder of the public cases that the notebook's checks will read


@cache
def drawing_shell() -> Any:
    """Load NumPy, matplotlib and IPython, and draw one figure; the same for every assignment."""
    from grader.sandbox import child  # noqa: F401  # loaded once, here, not in every child
    from grader.sandbox.shell import Shell

    shell = Shell.instance()
    shell.run("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np", 2**20)
    shell.run("plt.plot([0, 1]); plt.title('warm'); plt.show()", 2**20)  # fonts are found once, here
    return shell


def warm(config: Config) -> tuple[Any, str]:
    """Load what this assignment's notebooks use, and return the shell that children inherit.

    With it comes what is wrong with a module that was to be warm, or an empty string.
    """
    sys.path[:] = config.import_path
    shell = drawing_shell()
    shell.home_dir = config.work  # where %cd alone goes
    library = ["nnlib"] if shell.run("import nnlib, nnlib.checks.instant, nnlib.plots", 2**20).error is None else []
    if library and config.cases:
        shell.run(f"import pathlib; nnlib.checks.instant.read_ahead(pathlib.Path({config.cases!r}))", 2**20)
    failed = ""
    for name in config.warm:
        if shell.run(f"import {name}", 2**20).error is not None:
            failed = f"import {name}, which [sandbox] warm asks for, fails with {shell.last_error!r:.300}"
    shell.reset(new_session=True)
    sys.path[:] = [config.work, *config.import_path]
    installed = {module.name for module in pkgutil.iter_modules(config.import_path)}
    sys.meta_path.insert(0, ReadableOnly(installed, ["NumPy", "matplotlib", *library, *config.packages]))
    return shell, failed


class ReadableOnly:
    """Says of modules that a student may not read what there is instead; ``installed`` are all on the machine."""

    def __init__(self, installed: set[str], there: list[str]) -> None:
        self._installed, self._there = installed, ", ".join(there)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Leave every module that can be read, or is not there, to the usual finders."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None:
            hidden = name in self._installed
        else:
            hidden = bool(spec.has_location and spec.origin) and not _can_be_read(str(spec.origin))
        if hidden:
            hint = f"assignments run with {self._there} and the standard library"
            raise ModuleNotFoundError(f"No module named {name!r}: {hint}.", name=name)


def _can_be_read(path: str) -> bool:
    try:
        Path(path).open("rb").close()
    except PermissionError:
        return False
    return True


def serve(control: socket.socket) -> None:
    """Answer the worker until it goes away."""
    call_process("grader-warm")
    parent = os.getppid()
    lines = control.makefile("rb")
    config = msgspec.json.decode(lines.readline(), type=Config)
    isolation = confine.prepare(Path(config.work), config.readable, config.import_path, config.limits)
    confine.end_with(parent)  # not earlier: a new user namespace takes it back
    os.chdir(config.work)
    shell, failed = warm(config)
    confine.enter_root(isolation)
    gc.collect()
    gc.freeze()  # children then share these pages instead of copying them
    _say(control, have=isolation.have, missing=isolation.missing, failed=failed or _try_a_child(shell, isolation))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        if not message:
            os._exit(0)
        request = json.loads(message)
        if request["do"] == "fork":
            pid = _fork(isolation)
            if pid == 0:
                _become_child(shell, isolation, socket.socket(fileno=descriptors[0]))
            for descriptor in descriptors:
                os.close(descriptor)
            _say(control, pid=pid)
        elif request["do"] == "reap":
            _say(control, **_reap(request["pid"], request["grace"]))


def _fork(isolation: confine.Prepared) -> int:
    """Fork a child that finds an empty folder."""
    if "namespaces" in isolation.have:
        confine.renew_folder(isolation)
    else:
        empty_folder(isolation.work)
    return confine.fork(isolation)


def _reap(pid: int, grace: float) -> dict[str, Any]:
    """Wait for a child's end, kill it if it has not come after ``grace`` seconds, and say how it ended."""
    until = time.monotonic() + grace
    killed = found = 0
    while not found:
        if not killed and time.monotonic() >= until:
            os.kill(pid, signal.SIGKILL)
            killed = 1
        found, status, usage = os.wait4(pid, 0 if killed else os.WNOHANG)
        if not found:
            time.sleep(0.002)
    ended = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return {"status": ended, "killed": bool(killed), "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss}


def _try_a_child(shell: Any, isolation: confine.Prepared) -> str:
    """Start a child that does nothing; say why it did not start, if it did not, so that no student's has to."""
    from grader.sandbox.channel import Channel, ChannelError
    from grader.sandbox.messages import Raised, Reply

    ours, theirs = socket.socketpair()
    try:
        pid = _fork(isolation)
    except OSError as error:
        return str(error)
    if pid == 0:
        _become_child(shell, isolation, theirs)
    theirs.close()
    with ours:
        try:
            reply = Channel(ours, Reply).receive(time.monotonic() + START_SECONDS)
            failed = f"{reply.type_name}: {reply.message}" if isinstance(reply, Raised) else ""
        except (ChannelError, TimeoutError) as error:
            failed = str(error) or f"it was not ready after {START_SECONDS:g} s"
    _reap(pid, 0.0)
    return failed


def _become_child(shell: Any, isolation: confine.Prepared, channel: socket.socket) -> None:
    code = 1
    try:
        from grader.sandbox import child

        call_process("grader-student")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.chdir(isolation.work)
        try:
            confine.confine(isolation)
        except Exception as error:
            child.say_what_failed(channel, error)
            raise
        # Of what the warm process holds open, its socket to the grader above all, nothing may reach a student.
        os.closerange(3, channel.fileno())
        os.closerange(channel.fileno() + 1, 2**16)
        child.serve(shell, channel)
        code = 0
    finally:
        os._exit(code)


def empty_folder(folder: Path) -> None:
    """Remove what a child left in its working folder, however deep its tree of folders is.

    Folders inside a folder are moved up before it is removed: no path gets long and nothing recurses.
    """
    fresh = itertools.count()
    while entries := _entries(folder):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()
                continue
            Path(entry.path).chmod(0o700)
            for inner in _entries(entry.path):
                if inner.is_dir(follow_symlinks=False):
                    Path(inner.path).rename(_unused(folder, fresh))
                else:
                    Path(inner.path).unlink()
            Path(entry.path).rmdir()


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return list(found)


def _unused(folder: Path, fresh: Iterator[int]) -> Path:
    return next(path for number in fresh if not (path := folder / f"left-{number}").exists())


def _say(control: socket.socket, **facts: Any) -> None:
    control.sendall(json.dumps(facts).encode() + b"\n")


def serve_copies(requests: socket.socket) -> None:
    """Load what is the same for every assignment; then become a warm process, once for each request.

    A request carries the new process's control socket, on which its id comes first, and the file for what it says.
    """
    call_process("grader-ahead")
    confine.end_with(os.getppid())
    drawing_shell()
    for name in CONFINING:
        with contextlib.suppress(Exception):  # whoever asks for it next says what is missing
            importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for copies
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 64, 2)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control, log = descriptors
            requests.close()
            for standard in (1, 2):
                os.dup2(log, standard)
            os.close(log)
            connection = socket.socket(fileno=control)
            _say(connection, pid=os.getpid())
            serve(connection)
        for descriptor in descriptors:
            os.close(descriptor)


def main() -> None:
    """Serve on the socket named by the first argument: as a warm process, or making some."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the grader
    given = socket.socket(fileno=int(sys.argv[1]))
    serve_copies(given) if given.type == socket.SOCK_SEQPACKET else serve(given)
