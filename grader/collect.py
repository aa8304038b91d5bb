"""Put a class's work, as a platform hands it out, where grading looks for it: submitted/STUDENT/ASSIGNMENT."""

import csv
import json
import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.connection import open_gradebook
from grader.course import Course, CourseError
from grader.files import replace_folder
from grader.intake.archives import Closed
from grader.intake.download import HandedIn, read_download
from grader.intake.names import listed
from grader.intake.roster import Roster, squeezed
from grader.intake.submission import moment_of
from grader.turns import turn
from grader.watch import Watch

_SAFE_ID = re.compile(r"[^\W_][\w.@+-]{0,127}")
TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Collected:
    """What became of one submission: new, replaced, unchanged, kept (what is there stays) or unmatched."""

    name: str  # of the student, as the platform writes it
    student: str
    what: str
    why: str = ""

    @property
    def line(self) -> str:
        """What there is to say about it."""
        return f"{self.name}{f' ({self.student})' if self.student not in ('', self.name) else ''}: {self.why}"

    def to_json(self) -> str:
        """Write the object that ``--json`` prints."""
        return json.dumps({"name": self.name, "student": self.student, "what": self.what, "why": self.why})


@dataclass
class Collection:
    """What one run of ``collect`` did."""

    collected: list[Collected] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # of the roster, without work in submitted/ now

    def count(self, what: str) -> int:
        """How many submissions went that way."""
        return sum(one.what == what for one in self.collected)


def collect(
    name: str,
    course: Course,
    place: Path,
    names: Path | None = None,
    dry_run: bool = False,
    force: bool = False,
    watch: Watch | None = None,
) -> Collection:
    """Read the download at ``place`` and put each student's work into the course.

    Parameters
    ----------
    names
        A CSV file of names as the platform writes them and students' ids, for those that do not match.
    dry_run
        Say what would happen, and write nothing.
    force
        Replace other work that is there, whatever its time.
    """
    assignment = course.assignment(name).name
    watch = watch or Watch()
    with open_gradebook(course.db_url, course.course_id) as gradebook:
        roster = Roster.of(gradebook.students)
    by_name = _read_names(names, roster) if names else {}
    result = Collection()
    with ExitStack() as stack:
        handed_in, result.told = read_download(place, assignment, stack)
        if not handed_in:
            raise CourseError(
                f"{place} holds no work of a student's: neither Moodle, Canvas, Blackboard, Brightspace, Gradescope "
                "nor nbgrader's exchange writes such names, and there is no folder or archive for each student."
            )
        if not roster.ids:
            result.told.append(
                "The roster is empty, so the platform's names stand for the students. To import one: "
                "nbgrader db student import FILE.csv"
            )
        chosen, others = _latest(handed_in, roster, by_name)
        result.collected += others
        watch.start(len(chosen))
        for student, one in sorted(chosen.items()):
            with turn(course.root):
                result.collected.append(
                    _put(one, student, course.path("submitted", student, assignment), dry_run, force)
                )
            watch.step()
    there = {student for student, _ in course.submissions(assignment)} | (set(chosen) if dry_run else set())
    result.missing = sorted(roster.ids - there)
    return result


def _latest(
    handed_in: Iterable[HandedIn], roster: Roster, by_name: dict[str, str]
) -> tuple[dict[str, HandedIn], list[Collected]]:
    """Choose each student's last work, and say of the others why not."""
    chosen: dict[str, HandedIn] = {}
    others: list[Collected] = []
    for one in sorted(handed_in, key=lambda one: (one.time is not None, one.time and one.time.timestamp(), one.name)):
        student = by_name.get(one.name) or next((by_name[key] for key in one.keys if key in by_name), "")
        student = student or (roster.find(*one.keys) if roster.ids else _own_id(one))
        if not student:
            others.append(Collected(one.name, "", "unmatched", _why_nobody(one, roster)))
        else:
            if student in chosen:
                others.append(
                    Collected(chosen[student].name, student, "kept", "a later one of the same student counts")
                )
            chosen[student] = one
    return chosen, others


def _why_nobody(one: HandedIn, roster: Roster) -> str:
    """Why it is not known whose work it is, and what to do."""
    if meant := roster.meant(*one.keys):
        return f"more than one may be meant: {listed(sorted(meant), 5)}; say whose it is with --map"
    near = f"; the nearest is {near}" if (near := roster.nearest(one.name)) else ""
    return f"nobody in the roster has this name or id{near}; add the student to it, or say whose it is with --map"


def _own_id(one: HandedIn) -> str:
    """A student's id where there is no roster: the platform's, else the name in letters and digits."""
    return next((key for key in one.keys if _SAFE_ID.fullmatch(key)), "") or squeezed(one.name)[:128]


def _put(one: HandedIn, student: str, folder: Path, dry_run: bool, force: bool) -> Collected:
    """Write one student's work, unless what is there is the same or later."""
    try:
        files = {path: read() for path, read in one.files.items()}
    except (OSError, Closed) as error:
        return Collected(one.name, student, "kept", f"a file of it cannot be read ({error}); nothing was changed")
    if one.time is not None:
        files.setdefault(TIMESTAMP, f"{one.time:%Y-%m-%d %H:%M:%S} UTC\n".encode())
    late = "marked as late, and the platform gives no time: a late penalty needs timestamp.txt" if one.is_late else ""
    what = "new"
    if folder.is_dir():
        before = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        if before.keys() == files.keys() and all(path.read_bytes() == files[name] for name, path in before.items()):
            return Collected(one.name, student, "unchanged", late)
        then, now = _time_of(folder), moment_of(files.get(TIMESTAMP, b""))
        if not force and (now is None or (then is not None and then > now)):
            why = (
                "other work is there already" if now is None else f"later work, of {then:%Y-%m-%d %H:%M} UTC, is there"
            )
            return Collected(one.name, student, "kept", f"{why} and stays; --force replaces it")
        what = "replaced"
    if not dry_run:
        replace_folder(folder, files)
    return Collected(one.name, student, what, late)


def _time_of(folder: Path) -> datetime | None:
    try:
        return moment_of((folder / TIMESTAMP).read_bytes())
    except OSError:
        return None


def _read_names(path: Path, roster: Roster) -> dict[str, str]:
    """Read ``name,student`` lines; ``CourseError`` with the line's number where one is not so."""
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None
    known: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if not row or (number == 1 and row[:2] == ["name", "student"]):
            continue
        if len(row) < 2 or not _SAFE_ID.fullmatch(row[1].strip()):
            raise CourseError(f"{path}, line {number}: a line is NAME,STUDENT, got {','.join(row)[:80]!r}.")
        if roster.ids and row[1].strip() not in roster.ids:
            raise CourseError(f"{path}, line {number}: {row[1].strip()[:80]} is not in the roster.")
        known[row[0].strip()] = row[1].strip()
    return known
