"""The system calls that a student's code may not make, as programs for the kernel's seccomp.

What is denied serves to reach other processes, files and the network, or to leave a sign that the next student's
process could read: a lock, a flag of a file, a page in the cache, a count that all processes of a user share.
"""

import errno
import itertools
import os
import struct
import tempfile
from collections.abc import Collection, Mapping

FORBIDDEN = {  # system calls by theme
    "other processes": """
        fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
        kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
        setns unshare setrlimit setpriority sched_setscheduler sched_setattr sched_setparam ioprio_set ioprio_get
        capget capset migrate_pages move_pages""",
    # A pair of sockets can hold descriptors in flight, of which a user may have so many; pipes and sockets take their
    # numbers, and pipes their pages, from what all processes share. What waits can be woken by an eventfd.
    "network, and what is counted over all": """
        socket connect bind listen accept accept4 socketpair pipe pipe2 sendmsg sendmmsg""",
    "files it may not change": """
        chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat mknod mknodat
        setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr
        mount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen fsmount fsconfig fspick
        mount_setattr statmount listmount quotactl quotactl_fd acct
        landlock_create_ruleset landlock_add_rule landlock_restrict_self
        name_to_handle_at open_by_handle_at fanotify_init inotify_init inotify_init1 flock sync syncfs""",
    "what others hold": "statfs fstatfs ustat mincore cachestat fadvise64 readahead sysinfo",
    "memory outside its limit": """
        memfd_create memfd_secret userfaultfd mlock mlock2 mlockall mq_open mq_unlink timer_create
        shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semtimedop semctl""",
    "the kernel": """
        bpf perf_event_open keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register io_setup
        kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff syslog personality
        settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt seccomp
        setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups vhangup set_tid_address
        futex_waitv futex_wake futex_wait futex_requeue""",
}
NEWER = {  # numbers, the same on every architecture, of calls that an older libseccomp cannot name
    "quotactl_fd": 443, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
    "mount_setattr": 442, "memfd_secret": 447, "process_mrelease": 448, "futex_waitv": 449, "cachestat": 451,
    "fchmodat2": 452, "futex_wake": 454, "futex_wait": 455, "futex_requeue": 456, "statmount": 457, "listmount": 458,
    "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469,
}  # fmt: skip
FIRST_UNKNOWN = 470  # calls that Linux got after this list was made answer as on a kernel without them
OF_ITSELF = (  # calls about a process or thread, which may ask about itself alone: 0
    "getpgid", "getsid", "sched_getscheduler", "sched_getparam", "sched_getattr", "sched_rr_get_interval",
    "sched_getaffinity", "sched_setaffinity", "get_robust_list", "prlimit64",
)  # fmt: skip
ONLY: dict[str, tuple[int, Collection[int]]] = {  # calls with many uses: number of the argument, what it may be
    "fcntl": (1, (0, 1, 2, 3, 4, 1030)),  # duplicates and the two flags; no owners of signals, leases, hints
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # is it a terminal, how wide, what waits; blocking
    "prctl": (0, (15, 16, 0x53564D41)),  # names of a thread and of memory
}
# Locks are said to be had, and are not made: nobody else has the files of the working folder open, and databases ask.
PRETENDED: dict[str, Collection[int]] = {"fcntl": (6, 7)}
SHARED_FUTEX = (1, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13)  # all that tell or wake; a thread's end is waited for by others
OUT_OF_THE_CACHE = (20, 21)  # advice by which pages of a library leave memory, for the next one to notice
FIRST_QUEUED = 32  # signals from this on are queued, and a user may have so many
_CLONE_FILES, _CLONE_THREAD = 0x400, 0x10000
_MAP_HUGETLB, _CLOSE_RANGE_UNSHARE = 0x40000, 2
_OWN_PID = 0x7A3C51E9  # stands for the child's pid in the filter, which is compiled before the fork
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000


class Filters:
    """Programs that deny, compiled once for all children. ``OSError`` or ``ImportError`` where they cannot be made."""

    def __init__(self) -> None:
        self._only = _only(ONLY)
        self._denied = _denied()
        if self._denied.count(struct.pack("<I", _OWN_PID)) < 1:
            raise OSError("the filter does not compare the process id")

    def programs(self) -> tuple[bytes, ...]:
        """List the programs of this process, to be loaded in this order."""
        own = self._denied.replace(struct.pack("<I", _OWN_PID), struct.pack("<I", os.getpid()))
        return _unknown(), own, self._only  # the last one ends the loading


def _denied() -> bytes:
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    denied = seccomp.ERRNO(errno.EPERM)
    for name in itertools.chain(*map(str.split, FORBIDDEN.values())):
        if (number := _number(name)) >= 0:
            rules.add_rule(denied, number)
    for flag in (_CLONE_THREAD, _CLONE_FILES):  # a thread; one table of files, as long as its limit says, for all
        rules.add_rule(denied, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, 0))
    rules.add_rule(denied, "close_range", seccomp.Arg(2, seccomp.MASKED_EQ, _CLOSE_RANGE_UNSHARE, _CLOSE_RANGE_UNSHARE))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # threads then fall back to clone, whose flags are visible
    rules.add_rule(denied, "prlimit64", seccomp.Arg(2, seccomp.NE, 0))
    rules.add_rule(denied, "tgkill", seccomp.Arg(0, seccomp.NE, _OWN_PID))
    rules.add_rule(denied, "tgkill", seccomp.Arg(2, seccomp.GE, FIRST_QUEUED))
    rules.add_rule(denied, "mmap", seccomp.Arg(3, seccomp.MASKED_EQ, _MAP_HUGETLB, _MAP_HUGETLB))  # all share them
    for advice in OUT_OF_THE_CACHE:
        rules.add_rule(denied, "madvise", seccomp.Arg(2, seccomp.EQ, advice))
    for name in OF_ITSELF:
        rules.add_rule(denied, name, seccomp.Arg(0, seccomp.NE, 0))
    for position in (0, 1):
        rules.add_rule(denied, "getpriority", seccomp.Arg(position, seccomp.NE, 0))
    for name in ("clock_gettime", "clock_getres", "clock_nanosleep"):  # negative: the clock of some process
        rules.add_rule(denied, name, seccomp.Arg(0, seccomp.MASKED_EQ, 1 << 31, 1 << 31))
    rules.add_rule(denied, "preadv2", seccomp.Arg(5, seccomp.NE, 0))  # whether a page is in the cache
    for operation in SHARED_FUTEX:  # at an address in a library all students' processes have, they would meet
        rules.add_rule(denied, "futex", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFF, operation))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _number(name: str) -> int:
    """Number a call; negative where this architecture has none of this name."""
    import pyseccomp as seccomp

    number: int = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    return number if number >= 0 else NEWER.get(name, number)


def _unknown() -> bytes:
    """Assemble a filter that answers ENOSYS to every call numbered ``FIRST_UNKNOWN`` or above."""
    return b"".join(
        [_step(_LOAD, 0), _step(_AT_LEAST, FIRST_UNKNOWN, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
        + [_step(_RETURN, _ALLOW)]
    )


def _only(calls: Mapping[str, tuple[int, Collection[int]]]) -> bytes:
    """Assemble a filter that refuses calls but for a few values of an argument; it is 32 bits wide in the kernel."""
    parts = [_step(_LOAD, 0)]
    for name, (position, values) in calls.items():
        low_half = 16 + 8 * position + (4 if struct.pack("=H", 1) == b"\0\1" else 0)
        answers = dict.fromkeys(values, _ALLOW) | dict.fromkeys(PRETENDED.get(name, ()), _REFUSE)  # with error 0: done
        parts += [_step(_EQUALS, _number(name), 0, 2 * len(answers) + 2), _step(_LOAD, low_half)]
        for value, answer in answers.items():
            parts += [_step(_EQUALS, value, 0, 1), _step(_RETURN, answer)]
        parts.append(_step(_RETURN, _REFUSE | errno.EPERM))
    return b"".join([*parts, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
