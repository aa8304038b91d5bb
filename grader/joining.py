"""Let an existing nbgrader course grade in the sandbox: say what was found, ask, and wire."""

import sys
from collections.abc import Sized

import typer

from grader.course import SETTINGS, WIRED_FROM, WIRED_TO, Course, CourseError
from grader.screen import out, plain

# What the engine does in its own way: settings of these have no effect where it grades.
REPLACED = {
    "Autograde": {"preprocessors", "sanitize_preprocessors", "autograde_preprocessors"},
    "Execute": set[str](),  # whatever is set
    "ExecutePreprocessor": set[str](),
    "DeduplicateIds": set[str](),
    "IgnorePattern": set[str](),
    "LimitOutput": set[str](),
    "OverwriteCells": set[str](),
    "SaveAutoGrades": set[str](),
}


def invite(course: Course, yes: bool) -> None:
    """Say what a course holds and wire the engine into it, where ``yes`` or the user says so."""
    for line in found_in(course):
        out.print(plain(line), soft_wrap=True)
    settings = course.root / SETTINGS
    if not yes:
        question = (
            "Let nbgrader's commands and buttons grade in the sandbox here? "
            f"A few lines are added at the end of {settings}; your settings are kept."
        )
        if not sys.stdin.isatty():
            raise CourseError(f"{settings} was not changed. To wire the engine: grader init {course.root} --yes")
        if not typer.confirm(question):
            out.print("Nothing was changed.")
            return
    course.wire()
    if not course.is_wired:
        raise CourseError(f"{settings} was changed, but its settings do not take effect; see its last lines.")
    out.print(
        plain(
            f"Wired: nbgrader autograde and formgrader's button now grade as grader autograde does. "
            f"To take it back, delete the lines from `{WIRED_FROM}` to `{WIRED_TO}` in {settings}."
        ),
        soft_wrap=True,
    )


def found_in(course: Course) -> list[str]:
    """Describe an existing course in a few lines."""
    own = course.own_assignments()
    classic = [name for name in own if course.assignment(name).is_classic]
    students = [path for path in course.submitted.glob("*/") if not path.name.startswith(".")]
    lines = [
        f"{course.root} is an nbgrader course: {_count(own, 'assignment')} in {course.own_source.name}/"
        f"{' (' + ', '.join(own) + ')' if own else ''}, work of {_count(students, 'student')}, "
        f"settings in {SETTINGS}."
    ]
    if classic:
        lines.append(
            f"{', '.join(classic)}: tests inside the cells, graded in the sandbox with nbgrader's scores; "
            "docs/coming-from-nbgrader.md says where they differ."
        )
    if unused := unused_settings(course):
        lines.append(f"Settings that have no effect where the engine grades: {', '.join(unused)}.")
    return lines


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def unused_settings(course: Course) -> list[str]:
    """List the course's settings of steps that the engine replaces."""
    config = course.config
    return [
        f"{section}.{name}"
        for section, names in REPLACED.items()
        if section in config
        for name in config[section]
        if not names or name in names
    ]
