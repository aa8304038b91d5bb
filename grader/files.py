"""Files and folders that are either the old one or the new one, never half of it."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write ``content`` under a temporary name beside ``path``, then rename; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let ``folder`` hold just ``files``, by relative path."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", dir=folder.parent))
    try:
        (aside / "fresh").mkdir()
        for name, data in files.items():
            (aside / "fresh" / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / "fresh" / name).write_bytes(data)
        swap_in(aside / "fresh", folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def swap_in(fresh: Path, folder: Path) -> None:
    """Put the folder ``fresh`` in the place of ``folder``, on the same disk; what was there is gone afterwards."""
    before = fresh.with_name(f"{fresh.name}-before")
    if folder.is_dir():
        folder.rename(before)
    try:
        fresh.rename(folder)
    except BaseException:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
