"""What the grader can see of a student's process from outside, and of how it ended."""

import os
import signal
import time
from pathlib import Path

MAX_FILES = 1000  # in a folder on a real disk, where each takes time to remove


class Process:
    """A running process by its id, seen through ``/proc`` where there is one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._clock = ~pid << 3 | 2  # Linux's name for the clock of a process's processor time
        stat = Path(f"/proc/{pid}/stat")
        self._stat = os.open(stat, os.O_RDONLY) if stat.exists() else -1

    def cpu_seconds(self) -> float:
        """Return the processor time it has used; 0 where the system does not say."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # another system than Linux, or the process is gone
            return 0.0

    def threads(self) -> int:
        """Return the number of its threads; 0 where the system does not say."""
        return int(self._fields()[17])

    def interrupt(self) -> None:
        """Ask the student's code to stop."""
        os.kill(self.pid, signal.SIGINT)

    def close(self) -> None:
        """Look at it no more."""
        if self._stat >= 0:
            os.close(self._stat)

    def _fields(self) -> list[str]:
        """Read the fields of its status from the third on; the second is a name that the process chose."""
        try:
            text = os.pread(self._stat, 1024, 0).decode(errors="replace")
        except OSError:  # there is no /proc, or the process is gone
            return ["0"] * 50
        return text.rpartition(")")[2].split()


def fits(folder: Path, most_bytes: int) -> bool:
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


def how_it_ended(status: int) -> str:
    """Say how a process ended, from its exit code or, negative, the signal that ended it."""
    reasons = {
        -signal.SIGKILL: "the process was killed",
        # With process ids of its own, a process that aborts ends by this signal, too.
        -signal.SIGSEGV: "the process crashed (a segmentation fault or an abort; endless recursion ends like this)",
        -signal.SIGABRT: "the process aborted",
        -signal.SIGXCPU: "the process used up its computing time",
        -signal.SIGXFSZ: "the process wrote too large a file",
    }
    return reasons.get(status, f"the process ended with code {status}")
