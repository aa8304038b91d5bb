"""Take a process's rights away, for good: files, network, other processes, memory.

Landlock grants a list of paths and denies every other; seccomp denies system calls by name; rlimits bound what
is left; namespaces, where the system allows them, add a network with nothing in it, a private tmpfs, a root folder
of its own and, to each child, process ids of its own. None of it needs a privilege.
``prepare`` runs once in the warm process, ``enter_root`` when it has loaded all, ``confine`` in each child.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.sandbox import root
from grader.sandbox.filters import Filters
from grader.sandbox.limits import Limits, set_limit
from grader.sandbox.system import call, die_with_parent, libc

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = (
    0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_CLONE_CHILD_SETTID, _CLONE_CHILD_CLEARTID = 0x1000000, 0x200000
HOST = b"sandbox"  # what a student's process takes for the name of the machine
_CLONE = {"x86_64": 56, "aarch64": 220, "riscv64": 220}  # the number of the call, by architecture
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_MNT_DETACH = 2
_python = ctypes.PyDLL(None, use_errno=True)  # holds the interpreter's lock, which must be nobody else's at a fork
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_GET_TID_ADDRESS = 22, 38, 4, 40


@dataclass
class Prepared:
    """What a child needs to confine itself, made once."""

    work: Path
    readable: list[str]
    listed: list[str]
    limits: Limits
    root: Path | None = None  # laid out, and entered once the warm process has loaded all
    ruleset: Any = None
    filters: Filters | None = None
    size: Callable[[], int] = lambda: 0  # of the address space, in bytes
    have: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def prepare(work: Path, readable: list[str], listed: list[str], limits: Limits) -> Prepared:
    """Make the rules for children that work in ``work``, may read ``readable`` and look for modules in ``listed``.

    What this system does not offer is left out and named in ``missing``; the grader decides whether it goes on.
    Must run while the process has one thread: a user namespace cannot be entered otherwise.
    """
    made = Prepared(work, readable, listed, limits, size=_measured())
    steps = {
        "privileges": _privileges, "namespaces": _namespaces, "root": _root, "landlock": _landlock, "seccomp": _seccomp,
    }  # fmt: skip
    for name, step in steps.items():
        try:
            step(made)
            made.have.append(name)
        except Exception as error:  # an import, a missing library, an old kernel: all mean the same here
            made.missing[name] = f"{type(error).__name__}: {error}"
    return made


def enter_root(made: Prepared) -> None:
    """Let this process see nothing but what children may; it must have loaded all that it needs."""
    if made.root is not None:
        try:
            root.enter(made.root)
        except OSError as error:
            made.have.remove("root")
            made.missing["root"] = str(error)
    os.chdir(made.work)  # again: a tmpfs was mounted over the folder


def _privileges(_: Prepared) -> None:
    """Try in a process that then ends whether privileges can be given up."""
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            _give_up_privileges()
            code = 0
        except OSError as error:
            code = min(error.errno or 255, 255)
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(code, f"no_new_privs or capset: {os.strerror(code) if 0 < code < 255 else 'refused'}")


def _namespaces(made: Prepared) -> None:
    uid, gid = os.getuid(), os.getgid()
    spaces = _CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    call(libc.unshare(spaces), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    call(libc.sethostname(HOST, len(HOST)), "sethostname")
    call(libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "mount --make-private")
    _mount_folder(made)


def _mount_folder(made: Prepared) -> None:
    options = f"size={made.limits.folder_bytes},nr_inodes=4096,mode=700".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    call(libc.mount(b"tmpfs", os.fsencode(made.work), b"tmpfs", flags, options), "mount tmpfs")


def renew_folder(made: Prepared) -> None:
    """Give the next child a folder in which nothing of the last one's is left, not even a count of its files."""
    os.chdir("/")
    call(libc.umount2(os.fsencode(made.work), _MNT_DETACH), "umount")
    _mount_folder(made)
    if made.ruleset is not None:
        _grant_folder(made)


def _root(made: Prepared) -> None:
    if "namespaces" not in made.have:
        raise OSError("it needs namespaces")
    folder = made.work.with_name("root")
    folder.mkdir()
    root.build(folder, made.readable, made.work)
    made.root = folder


def _landlock(made: Prepared) -> None:
    from landlockpy import AccessFS, Ruleset, Scope

    if not hasattr(AccessFS, "READ_FILE"):
        raise OSError("landlockpy without file rights")
    ruleset = Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET)
    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    for name in made.readable:
        path = Path(name)
        if path.exists():
            ruleset.allow_path(path, read if path.is_dir() else AccessFS.READ_FILE)
    for device in root.DEVICES:
        ruleset.allow_path(
            device, AccessFS.READ_FILE | (AccessFS.WRITE_FILE if device == "/dev/null" else AccessFS.NONE)
        )
    if made.root is not None:
        for folder in (made.root / name[1:] for name in made.listed):
            if folder.exists():  # importing modules needs it, and only what is granted is in there
                ruleset.allow_path(folder, AccessFS.READ_DIR)
    made.ruleset = ruleset
    _grant_folder(made)


def _grant_folder(made: Prepared) -> None:
    from landlockpy import AccessFS

    own = AccessFS.READ_FILE | AccessFS.READ_DIR | AccessFS.WRITE_FILE | AccessFS.TRUNCATE
    own |= AccessFS.MAKE_DIR | AccessFS.MAKE_REG | AccessFS.REMOVE_DIR | AccessFS.REMOVE_FILE
    made.ruleset.allow_path(made.work, own)


def _seccomp(made: Prepared) -> None:
    made.filters = Filters()


def fork(made: Prepared) -> int:
    """Fork a child, with process ids of its own where there are namespaces: it then sees no other process.

    ``os.fork`` cannot ask for that, and ``os.unshare`` only once.
    """
    clone = _CLONE.get(os.uname().machine)
    if "namespaces" not in made.have or clone is None:
        return os.fork()
    ids = ctypes.c_void_p()
    libc.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(ids), 0, 0, 0)  # where the C library keeps the id of this thread
    keep = _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID if ids else 0
    ctypes.pythonapi.PyOS_BeforeFork()
    # The place of the id is the fourth argument or the fifth, by architecture; the other is not looked at.
    pid: int = _python.syscall(clone, ctypes.c_long(_CLONE_NEWPID | keep | signal.SIGCHLD), None, None, ids, ids)
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    call(min(pid, 0), "clone")
    return pid


def confine(made: Prepared) -> None:
    """Confine this process. After it returns nothing here can be undone."""
    limits = made.limits
    os.setsid()
    for what, value in [
        (resource.RLIMIT_AS, made.size() + limits.memory_bytes),
        # Without a tmpfs the grader measures the folder; files without a name escape it and are bounded here.
        (resource.RLIMIT_FSIZE, limits.folder_bytes // (1 if "namespaces" in made.have else 8)),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ]:
        set_limit(what, value)
    if sys.platform == "linux":
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    die_with_parent()
    if "privileges" in made.have:
        _give_up_privileges()
    if made.ruleset is not None:
        made.ruleset.restrict()
    for program in made.filters.programs() if made.filters else ():
        _load(program)


def _give_up_privileges() -> None:
    call(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))  # version 3, this process
    call(libc.capset(header, ctypes.create_string_buffer(24)), "capset")


def end_with(parent: int) -> None:
    """Let the kernel kill this process when the thread of ``parent`` that started it is gone."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def _load(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    call(libc.prctl(_PR_SET_SECCOMP, 2, header, 0, 0), "seccomp")


def _measured() -> Callable[[], int]:
    """Return what tells how large this process is; its place in ``/proc`` stays open, beyond a change of root."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return lambda: 0
    return lambda: int(os.pread(file, 100, 0).split()[0]) * resource.getpagesize()
