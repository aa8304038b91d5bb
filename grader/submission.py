"""Read what a student handed in: a folder with a notebook and perhaps files beside it."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.repair import MAX_BYTES

MAX_FILES_BYTES = 32 * 2**20
MAX_FILES = 1000
_SKIPPED = {".ipynb_checkpoints", "__pycache__", ".git"}


@dataclass
class Submission:
    """One student's folder in memory; ``problem`` says why there is nothing to grade."""

    student: str
    notebook: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    submitted: datetime | None = None
    problem: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of everything that was handed in."""
        seen = hashlib.sha256(self.notebook)
        for name, data in sorted(self.files.items()):
            seen.update(name.encode() + hashlib.sha256(data).digest())
        return seen.hexdigest()


def read_submission(student: str, folder: Path, notebook: str) -> Submission:
    """Read the submission in ``folder``; links are not followed, so that they cannot point at a neighbour's work.

    Parameters
    ----------
    student
        The student's id, as nbgrader knows it.
    folder
        ``submitted/STUDENT/ASSIGNMENT``.
    notebook
        The expected file name.
    """
    readable = student.encode("utf-8", "backslashreplace").decode()
    found = Submission(readable)
    try:
        if readable != student:
            found.problem = "the folder's name is not UTF-8; rename it to the student's id."
        elif folder.is_symlink() or folder.parent.is_symlink():
            found.problem = "the folder is a link, perhaps to another student's; put the files themselves there."
        else:
            _read(found, folder, notebook)
    except (OSError, RecursionError) as error:  # no right to read, a name or a tree of folders without end
        reason = error.strerror if isinstance(error, OSError) else "folders are nested too deep"
        found.notebook, found.files = b"", {}
        found.problem = f"what was handed in cannot be read: {reason}."
    return found


def _read(found: Submission, folder: Path, notebook: str) -> None:
    wanted = folder / notebook
    others = [
        path
        for path in sorted(folder.glob("*.ipynb"))
        if path != wanted and path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]
    if not wanted.is_file() or wanted.is_symlink():
        if len(others) != 1:
            what = "nothing was handed in" if not any(folder.iterdir()) else f"{len(others)} notebooks of other names"
            found.problem = f"{notebook} is missing: {what}. Ask for the notebook under its own name."
            return
        wanted = others.pop()
        found.notes.append(f"the notebook was handed in as {wanted.name!r}")
    if wanted.stat().st_size > MAX_BYTES:
        found.problem = (
            f"{wanted.name}: a notebook may have {MAX_BYTES >> 20} MB, got {wanted.stat().st_size >> 20} MB."
        )
        return
    found.notebook = wanted.read_bytes()
    left = MAX_FILES_BYTES
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_symlink():
            found.notes.append(f"link {str(inside)[:60]!r} was left out")
        elif _is_broken(inside.as_posix()):
            found.notes.append(f"file {str(inside)[:60]!r} has a name that is not UTF-8 and was left out")
        elif path.is_file() and path != wanted and not _SKIPPED & set(inside.parts):
            if inside.name == "timestamp.txt":
                found.submitted = _timestamp(path)
            elif path.suffix != ".ipynb":
                if len(found.files) >= MAX_FILES:
                    note = f"only the first {MAX_FILES} files beside the notebook were used"
                    found.notes += [note] if note not in found.notes else []
                    continue
                if path.stat().st_size > left:
                    found.notes.append(f"file {str(inside)[:60]!r} is too large and was left out")
                    continue
                left -= path.stat().st_size
                found.files[inside.as_posix()] = path.read_bytes()


def _is_broken(name: str) -> bool:
    return name != name.encode("utf-8", "replace").decode()


def _timestamp(path: Path) -> datetime | None:
    """Read the time nbgrader's exchange noted, such as ``2026-11-21 10:00:00 UTC``."""
    from nbgrader.utils import parse_utc

    try:
        with path.open(encoding="utf-8") as file:
            moment: datetime = parse_utc(file.read(100).strip())
        return moment.replace(tzinfo=UTC)
    except Exception:  # the file is the student's to write, and the parser is not made for that
        return None
