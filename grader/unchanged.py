"""Whether a release would come out as it lies there: nothing it is made from changed, and nobody touched it."""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import grader
import nnlib
from grader.assignment import Assignment
from grader.course import Course
from grader.files import write_atomically
from grader.gradebook import GradebookWriter
from grader.released import FILES, settings_of
from grader.sandbox.environment import NotInstalled, distributions
from grader.student_edition import find_nnlib
from nnlib.checks.instant import FROZEN


def is_unchanged(assignment: Assignment, course: Course, released: Iterable[Path]) -> bool:
    """Whether the paths ``released`` are what the last release wrote, from what is there now."""
    try:
        noted = json.loads(_note(assignment, course).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    now = {"made_from": made_from(assignment), "released": _digest(released), "points": noted.get("points")}
    if noted != now:
        return False
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        return gradebook.knows(assignment.name) and noted["points"] == gradebook.released_points(assignment.name)


def note(assignment: Assignment, course: Course, released: Iterable[Path], digest: str) -> None:
    """Remember a release that was just written, made from what had this ``digest`` before."""
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        points = gradebook.released_points(assignment.name)
    state = {"made_from": digest, "released": _digest(released), "points": points}
    write_atomically(_note(assignment, course), json.dumps(state, indent=1, sort_keys=True))


def made_from(assignment: Assignment) -> str:
    """Digest all that a release is made from: source, packages with their data or versions, nbgrader's settings."""
    config, library = settings_of(assignment), find_nnlib()
    around = [Path(str(named)) for section, name, _ in FILES if (named := config[section].get(name))]
    packages = [Path(module.__file__ or "").parent for module in (grader, nnlib)]
    places = [assignment.folder, library, library.parent / "data", *packages, *filter(Path.is_file, around)]
    try:
        packages_used = distributions(assignment.settings.sandbox.asked)  # the requirements name their versions
    except NotInstalled:  # the release itself says what is missing
        packages_used = ()
    versions = sorted(f"{one.metadata['Name']} {one.version}" for one in packages_used)
    told = json.dumps([config, versions, sys.version], sort_keys=True, default=repr)
    return _digest(places, leave_out=FROZEN) + hashlib.sha256(told.encode()).hexdigest()


def _note(assignment: Assignment, course: Course) -> Path:
    return course.root / ".grader" / assignment.name / "release" / "released.json"


def _digest(places: Iterable[Path], leave_out: str = "") -> str:
    """Digest all files at these places, but for what Python and, of this name, the freezing of cases write there."""
    seen = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts and path.name != leave_out:
                name = path.relative_to(place.parent).as_posix()
                seen.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()
