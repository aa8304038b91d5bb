"""What one submission may use, in the units of ``assignment.toml``, and how a student's code is shut in."""

from enum import StrEnum
from typing import ClassVar

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
    Isolation.strict: frozenset({"landlock", "seccomp", "namespaces"}),
    Isolation.sandbox: frozenset({"landlock", "seccomp"}),
    Isolation.process: frozenset[str](),
}
