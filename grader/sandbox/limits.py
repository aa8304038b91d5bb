"""What one submission may use, in the units of ``assignment.toml``, and how a student's code is shut in."""

import resource
import sys
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one submission, each with its unit."""

    cell_seconds: float = 20.0
    call_seconds: float = 5.0
    submission_seconds: float = 300.0
    memory_mb: int = 1024
    output_kb: int = 1024
    folder_mb: int = 64

    open_files: ClassVar[int] = 256

    @property
    def memory_bytes(self) -> int:
        """Memory beyond what the warm process takes."""
        return self.memory_mb * 2**20

    @property
    def folder_bytes(self) -> int:
        """Size of all files in the working folder."""
        return self.folder_mb * 2**20

    @property
    def cpu_seconds(self) -> int:
        """Processor time after which the kernel ends the process, should the grader's own clock not have done so."""
        return int(self.submission_seconds) + 60

    @property
    def cpu_seconds_here(self) -> int:
        """The same, where the system's own limit is lower."""
        return min(self.cpu_seconds, _most(resource.RLIMIT_CPU))


class Imports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What students' code may import besides the standard library, NumPy, matplotlib, IPython and the course's own.

    ``packages`` are names as pip has them, or "all" for everything that is installed; ``warm`` are names as Python has
    them, imported once in the warm process instead of by each student's.
    """

    packages: list[str] | Literal["all"] = []
    warm: list[str] = []

    @property
    def asked(self) -> tuple[str, ...] | None:
        """The packages declared; None for all."""
        return None if self.packages == "all" else tuple(self.packages)


def set_limit(what: int, value: int) -> None:
    """Set a resource limit of this process for good; where the system's is lower, that one holds."""
    value = min(value, _most(what))
    resource.setrlimit(what, (value, value))


def cut_short_by_the_system(limits: Limits) -> list[str]:
    """Say, one line for each, what the system lets a process have less of than these limits."""
    wanted = [
        ("processor time", "s", "-t", resource.RLIMIT_CPU, int(limits.submission_seconds)),
        ("memory", "bytes", "-v", resource.RLIMIT_AS, limits.memory_bytes),
        ("a file", "bytes", "-f", resource.RLIMIT_FSIZE, limits.folder_bytes),
        ("open files", "files", "-n", resource.RLIMIT_NOFILE, limits.open_files),
    ]
    return [
        f"This system limits {name} to {_most(what):,} {unit} per process (ulimit {flag}), and a submission may need "
        f"{most:,}: work that does is cut short. Raise the limit and grade again."
        for name, unit, flag, what, most in wanted
        if _most(what) < most
    ]


def _most(what: int) -> int:
    """The hard limit of this process."""
    hard = resource.getrlimit(what)[1]
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


class Isolation(StrEnum):
    """How far a student's code is shut in; ``process`` takes what the system offers and is for trusted code."""

    strict = "strict"
    sandbox = "sandbox"
    process = "process"

    @property
    def needs(self) -> frozenset[str]:
        """The means that the system must offer."""
        return _NEEDS[self]


_NEEDS = {
    Isolation.strict: frozenset({"landlock", "seccomp", "privileges", "namespaces", "root"}),
    Isolation.sandbox: frozenset({"landlock", "seccomp", "privileges"}),
    Isolation.process: frozenset[str](),
}
