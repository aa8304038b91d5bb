"""``extensions.csv`` in the course folder: until when a student may hand in an assignment, for a TA to edit.

Its times become nbgrader's own extensions, so that its commands and pages show the same. A time without a zone is in
UTC, as nbgrader's due dates and its exchange have it; a date alone means the end of that day.
"""

import csv
import difflib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from grader.course import CourseError
from grader.files import write_atomically

FILE = "extensions.csv"
COLUMNS = ["student", "assignment", "until"]


@dataclass(frozen=True)
class Extension:
    """One line of the file; ``until`` is None where an extension is taken back, ``line`` 0 where a line went."""

    student: str
    assignment: str
    until: datetime | None
    line: int


def read_extensions(root: Path) -> list[Extension]:
    """Read the file of the course in ``root``, if there is one; ``CourseError`` with the line that is not as needed."""
    path = root / FILE
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = list(csv.reader(lines, skipinitialspace=True))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None
    found: dict[tuple[str, str], Extension] = {}
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells == COLUMNS) or cells[0].startswith("#"):
            continue
        if len(cells) != len(COLUMNS) or not all(cells[:2]):
            raise CourseError(f"{path}, line {number}: a line is {','.join(COLUMNS)}, got {','.join(row)[:80]!r}.")
        student, assignment, until = cells
        if (student, assignment) in found:
            before = found[student, assignment].line
            raise CourseError(f"{path}, line {number}: {student} and {assignment} are in line {before} already.")
        try:
            moment = _moment(until) if until else None
        except ValueError:
            raise CourseError(
                f"{path}, line {number}: until must be a date or a time such as 2026-12-01 18:00, got {until[:40]!r}."
            ) from None
        found[student, assignment] = Extension(student, assignment, moment, number)
    return list(found.values())


def with_deleted(extensions: list[Extension], root: Path, assignment: str) -> list[Extension]:
    """Add those who once had a line for this assignment and have none now: a deleted line takes an extension back.

    Who ever had one is kept in the course's folder; an extension that was granted otherwise is left alone.
    """
    path = root / ".grader" / assignment / "extended.json"
    try:
        before = set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        before = set()
    now = {one.student for one in extensions if one.assignment == assignment}
    if not now <= before:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(sorted(before | now)))
    return extensions + [Extension(student, assignment, None, 0) for student in sorted(before - now)]


def unknown(extensions: Iterable[Extension], students: Collection[str], assignments: Collection[str]) -> list[str]:
    """Say, a line each, which students and assignments of the file the course does not have."""
    told = []
    for one in extensions:
        for what, name, known in (("student", one.student, students), ("assignment", one.assignment, assignments)):
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.6)
                hint = f" Did you mean {near[0]}?" if near else ""
                told.append(f"{FILE}, line {one.line}: there is no {what} {name}.{hint}")
    return told


def _moment(text: str) -> datetime:
    """Read a time, in UTC and without a zone, as nbgrader keeps its times."""
    moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    if len(text) <= len("2026-12-01"):
        moment = datetime.combine(moment.date(), time(23, 59, 59))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
