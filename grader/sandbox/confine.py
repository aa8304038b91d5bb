"""Take a process's rights away, for good: files, network, other processes, memory.

Landlock grants a list of paths and denies every other; seccomp denies system calls by name; rlimits bound what
is left; a user namespace, where the system allows one, adds a network with nothing in it and a private tmpfs.
None of it needs a privilege. ``prepare`` runs once in the warm process, ``confine`` in each child.
"""

import ctypes
import errno
import itertools
import os
import resource
import signal
import socket
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.sandbox.limits import Limits

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
_CLONE_THREAD = 0x10000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_SET_PDEATHSIG = 22, 38, 4, 1
_OWN_PID = 0x7A3C51E9  # stands for the child's pid in the filter, which is compiled before the fork


FORBIDDEN = {  # system calls by theme
    "other processes": """
        fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
        kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
        setns unshare setrlimit setpriority sched_setscheduler sched_setattr sched_setparam ioprio_set
        migrate_pages move_pages""",
    "network": "socket connect bind listen accept accept4",
    "files it may not change": """
        chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat mknod mknodat
        setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr
        mount umount2 pivot_root chroot open_tree move_mount fsopen fsmount fsconfig fspick mount_setattr quotactl acct
        name_to_handle_at open_by_handle_at fanotify_init inotify_init inotify_init1 flock sync syncfs""",
    "memory outside its limit": """
        memfd_create memfd_secret userfaultfd mlock mlock2 mlockall mq_open mq_unlink
        shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semtimedop semctl""",
    "the kernel": """
        bpf perf_event_open keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register io_setup
        kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff syslog personality
        settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt seccomp
        setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups vhangup""",
}


NEWER = {  # numbers, the same on every architecture, of calls that an older libseccomp cannot name
    "process_mrelease": 448, "memfd_secret": 447, "quotactl_fd": 443, "mount_setattr": 442, "fchmodat2": 452,
    "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469, "statmount": 457,
    "listmount": 458,
}  # fmt: skip
FORBIDDEN_USES = [  # of calls that are needed otherwise: name, number of the argument, its forbidden value
    ("prctl", 0, _PR_SET_PDEATHSIG),  # a child must die with the grader
    ("prctl", 0, _PR_SET_DUMPABLE),
    *(("fcntl", 1, command) for command in (8, 10, 15, 1024, 1026)),  # signals to whoever is named owner; leases
    *(("ioctl", 1, command) for command in (0x8901, 0x8902, 0x5412, 0x541C)),  # the same, and typing into terminals
]
FIRST_UNKNOWN = 470  # calls that Linux got after this list was made answer as on a kernel without them


@dataclass
class Prepared:
    """What a child needs to confine itself, made once."""

    work: Path
    limits: Limits
    ruleset: Any = None
    program: bytes = b""
    have: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def prepare(work: Path, readable: list[str], limits: Limits) -> Prepared:
    """Make the rules for children that work in folder ``work`` and may read ``readable``.

    What this system does not offer is left out and named in ``missing``; the grader decides whether it goes on.
    Must run while the process has one thread: a user namespace cannot be entered otherwise.
    """
    made = Prepared(work, limits)
    for name, step in [("namespaces", _namespaces), ("landlock", _landlock), ("seccomp", _seccomp)]:
        try:
            step(made, readable)
            made.have.append(name)
        except Exception as error:  # an import, a missing library, an old kernel: all mean the same here
            made.missing[name] = f"{type(error).__name__}: {error}"
    return made


def _namespaces(made: Prepared, _: list[str]) -> None:
    uid, gid = os.getuid(), os.getgid()
    _call(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _call(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "mount --make-private")
    options = f"size={made.limits.folder_bytes},nr_inodes=4096,mode=700".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _call(_libc.mount(b"tmpfs", os.fsencode(made.work), b"tmpfs", flags, options), "mount tmpfs")


def _landlock(made: Prepared, readable: list[str]) -> None:
    from landlockpy import AccessFS, Ruleset, Scope

    if not hasattr(AccessFS, "READ_FILE"):
        raise OSError("landlockpy without file rights")
    ruleset = Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET)
    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    for name in readable:
        path = Path(name)
        if path.exists():
            ruleset.allow_path(path, read if path.is_dir() else AccessFS.READ_FILE)
    for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
        ruleset.allow_path(
            device, AccessFS.READ_FILE | (AccessFS.WRITE_FILE if device == "/dev/null" else AccessFS.NONE)
        )
    own = read | AccessFS.WRITE_FILE | AccessFS.REMOVE_DIR | AccessFS.REMOVE_FILE | AccessFS.MAKE_DIR
    ruleset.allow_path(made.work, own | AccessFS.MAKE_REG | AccessFS.TRUNCATE)
    made.ruleset = ruleset


def _seccomp(made: Prepared, _: list[str]) -> None:
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    denied = seccomp.ERRNO(errno.EPERM)
    for name in itertools.chain(NEWER, *map(str.split, FORBIDDEN.values())):
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
        if number < 0:  # not on this architecture, or newer than the library
            number = NEWER.get(name, number)
        if number >= 0:
            rules.add_rule(denied, number)
    rules.add_rule(denied, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # threads then fall back to clone, whose flags are visible
    rules.add_rule(denied, "prlimit64", seccomp.Arg(2, seccomp.NE, 0))
    rules.add_rule(denied, "tgkill", seccomp.Arg(0, seccomp.NE, _OWN_PID))
    rules.add_rule(denied, "sched_setaffinity", seccomp.Arg(0, seccomp.NE, 0))
    # asyncio needs a pair of streams; a datagram socket, paired or not, can send to any named socket of the machine
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):  # the kernel takes raw for datagram here
        rules.add_rule(denied, "socketpair", seccomp.Arg(1, seccomp.MASKED_EQ, 0xF, kind))
    for name, position, value in FORBIDDEN_USES:  # the kernel reads the low half of these arguments, so does the rule
        rules.add_rule(denied, name, seccomp.Arg(position, seccomp.MASKED_EQ, 0xFFFFFFFF, value))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        made.program = file.read()
    if made.program.count(struct.pack("<I", _OWN_PID)) < 1:
        raise OSError("the filter does not compare the process id")


def confine(made: Prepared) -> None:
    """Confine this process. After it returns nothing here can be undone."""
    limits = made.limits
    os.setsid()
    for what, value in [
        (resource.RLIMIT_AS, _address_space() + limits.memory_bytes),
        # Without a tmpfs the grader measures the folder; files without a name escape it and are bounded here.
        (resource.RLIMIT_FSIZE, limits.folder_bytes // (1 if "namespaces" in made.have else 8)),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (value, value))
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _call(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _drop_capabilities()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if made.ruleset is not None:
        made.ruleset.restrict()
    if made.program:
        _load(_deny_unknown_calls())
        _load(made.program.replace(struct.pack("<I", _OWN_PID), struct.pack("<I", os.getpid())))


def end_with(parent: int) -> None:
    """Let the kernel kill this process when the thread of ``parent`` that started it is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _deny_unknown_calls() -> bytes:
    """Assemble a filter that answers ENOSYS to every call numbered ``FIRST_UNKNOWN`` or above."""
    load_number = struct.pack("=HBBI", 0x20, 0, 0, 0)
    skip_if_known = struct.pack("=HBBI", 0x35, 0, 1, FIRST_UNKNOWN)
    refuse = struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | errno.ENOSYS)
    allow = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
    return load_number + skip_if_known + refuse + allow


def _load(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    _call(_libc.prctl(_PR_SET_SECCOMP, 2, header, 0, 0), "seccomp")


def _address_space() -> int:
    """Bytes of address space this process has already; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _drop_capabilities() -> None:
    header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))  # version 3, this process
    _call(_libc.capset(header, ctypes.create_string_buffer(24)), "capset")


def _call(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
