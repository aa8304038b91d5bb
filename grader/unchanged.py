"""Whether a release would come out as it lies there: nothing it is made from changed, and nobody touched it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import grader
import nnlib
from grader.assignment import Assignment
from grader.course import SETTINGS, Course
from grader.files import write_atomically
from grader.gradebook import GradebookWriter
from grader.released import settings_of
from grader.student_edition import find_nnlib
from nnlib.checks.instant import FROZEN

Points = Mapping[str, Mapping[str, float]]  # the gradebook's, by notebook and cell


def is_unchanged(assignment: Assignment, course: Course, released: Iterable[Path]) -> bool:
    """Whether the paths ``released`` are what the last release wrote, from what is there now."""
    try:
        noted = json.loads(_note(assignment, course).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if noted != {**_state(assignment, course, released), "points": noted.get("points")}:
        return False
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        return gradebook.knows(assignment.name) and noted["points"] == gradebook.released_points(assignment.name)


def note(assignment: Assignment, course: Course, released: Iterable[Path]) -> None:
    """Remember a release that was just written."""
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        points = gradebook.released_points(assignment.name)
    state = {**_state(assignment, course, released), "points": points}
    write_atomically(_note(assignment, course), json.dumps(state, indent=1, sort_keys=True))


def _note(assignment: Assignment, course: Course) -> Path:
    return course.root / ".grader" / assignment.name / "release" / "released.json"


def _state(assignment: Assignment, course: Course, released: Iterable[Path]) -> dict[str, str]:
    config = settings_of(assignment)
    around = [Path(str(named)) for part in ("header", "footer") if (named := config.IncludeHeaderFooter.get(part))]
    packages = [Path(module.__file__ or "").parent for module in (grader, nnlib)]
    made_from = [assignment.folder, course.root / SETTINGS, find_nnlib(), *packages, *around]
    return {"made_from": _digest(made_from, leave_out=FROZEN), "released": _digest(released)}


def _digest(places: Iterable[Path], leave_out: str = "") -> str:
    """Digest all files at these places, but for what Python and, of this name, the freezing of cases write there."""
    seen = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts and path.name != leave_out:
                name = path.relative_to(place.parent).as_posix()
                seen.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()
