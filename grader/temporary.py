"""Temporary files and folders that do not outlive their process by long, however it ended.

Who makes one holds a lock on it, which the kernel drops when that process is gone. Whoever makes the next one in the
same place removes those that nobody holds. Process ids would not tell: they come again, and containers have their own.
"""

import contextlib
import fcntl
import os
import tempfile
import weakref
from pathlib import Path

from grader.sandbox.zygote import empty_folder
from grader.stopping import not_now

SUFFIX = ".grader-tmp"  # of these and of nothing else

_swept: set[Path] = set()  # places in which this process has looked


class TemporaryFolder:
    """A folder that is gone after ``cleanup``, at the latest when this process ends.

    Parameters
    ----------
    inside
        Where it is made; by default where Python's ``tempfile`` makes them.
    """

    def __init__(self, prefix: str = "grader-", inside: Path | None = None) -> None:
        place = inside or Path(tempfile.gettempdir())
        _sweep(place)
        with not_now():
            while True:
                self.path = Path(tempfile.mkdtemp(SUFFIX, prefix, place))
                if (lock := hold(self.path)) is not None:
                    break
            self._finalizer = weakref.finalize(self, _end, self.path, lock)

    def cleanup(self) -> None:
        """Remove it, with all that is in it."""
        with not_now():
            self._finalizer()

    @property
    def name(self) -> str:
        """Its path as text."""
        return str(self.path)

    def __enter__(self) -> str:
        return self.name

    def __exit__(self, *_: object) -> None:
        self.cleanup()


def temporary_file(prefix: str, inside: Path) -> tuple[int, Path]:
    """Make an empty file in the folder ``inside``; return its descriptor, which holds it until it is closed."""
    _sweep(inside)
    while True:
        descriptor, name = tempfile.mkstemp(SUFFIX, prefix, inside)
        if _is_held(descriptor, Path(name)):
            return descriptor, Path(name)
        os.close(descriptor)


def hold(path: Path) -> int | None:
    """Lock ``path`` and return the descriptor that holds it; None where somebody removed it just before."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    if _is_held(descriptor, path):
        return descriptor
    os.close(descriptor)
    return None


def _is_held(descriptor: int, path: Path) -> bool:
    with contextlib.suppress(OSError):  # a disk without locks, on which nobody is able to sweep either
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits for one who is removing it
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _sweep(place: Path) -> None:
    """Remove what dead processes of this user left in ``place``, once per process."""
    if place in _swept:
        return
    _swept.add(place)
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX):
                with contextlib.suppress(OSError):
                    _remove_if_free(Path(entry.path))


def _remove_if_free(path: Path) -> None:
    if path.lstat().st_uid != os.geteuid():
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(path)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir():
            empty_folder(path)  # a student's tree may be deeper than a path is long
            path.rmdir()
        else:
            path.unlink()


def _end(path: Path, lock: int) -> None:
    _remove(path)
    os.close(lock)
