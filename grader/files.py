"""Files and folders that are either the old one or the new one, never half of it."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.stopping import not_now
from grader.temporary import TemporaryFolder, temporary_file

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def write_atomically(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write ``content`` under a temporary name beside ``path``, then rename; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    with not_now():
        descriptor, fresh = temporary_file(f".{path.name[:40]}.", path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                fresh.chmod(mode)
                fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let ``folder`` hold just ``files``, by relative path."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with not_now(), aside_of(folder) as aside:
        fresh = Path(aside) / "fresh"
        fresh.mkdir()
        write_files(fresh, files)
        swap_in(fresh, folder)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by relative path into a folder that nobody else reads yet."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def code_files() -> dict[str, Path]:
    """The modules of this project's two packages, by path; the assignments that an installed one holds are none."""
    import nnlib

    roots = [Path(__file__).parent, Path(nnlib.__file__).parent]
    paths = [(root, path) for root in roots for path in sorted(root.rglob("*.py"))]
    return {
        path.relative_to(root.parent).as_posix(): path
        for root, path in paths
        if path.relative_to(root).parts[0] != "course"
    }


def aside_of(folder: Path) -> TemporaryFolder:
    """Make a temporary folder beside ``folder``, in which its successor is made."""
    return TemporaryFolder(f".{folder.name[:40]}.", folder.parent)


def swap_in(fresh: Path, folder: Path) -> None:
    """Put the folder ``fresh`` in the place of ``folder``, on the same disk; what was there is in its place then."""
    if not folder.is_dir():
        fresh.rename(folder)
        return
    if _exchange(fresh, folder):
        return
    before = fresh.with_name(f"{fresh.name}-before")
    folder.rename(before)
    try:
        fresh.rename(folder)
    except BaseException:
        before.rename(folder)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two paths change places in one step, so that a kill finds both; False where the system cannot."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # an old C library
            rename = ctypes.CDLL(None).renameat2
            paths = os.fsencode(one), os.fsencode(other)
            return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], ctypes.c_uint(_RENAME_EXCHANGE)) == 0)
    return False
