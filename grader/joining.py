"""Let an existing nbgrader course grade in the sandbox: say what was found, ask, and wire."""

import sys
from collections.abc import Iterator, Sized
from typing import Any

import typer
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from grader.course import SETTINGS, WIRED_FROM, WIRED_TO, Course, CourseError
from grader.screen import out, plain

# Settings on nbgrader's way of grading that the engine does not go by. What none of these names holds as in nbgrader:
# folders, markers, header and footer, late policy, permissions, …
REPLACED = {
    "Autograde": {
        *("sanitize_preprocessors", "autograde_preprocessors", "preprocessors"),
        *("exporter_class", "pre_convert_hook", "post_convert_hook"),
    },
    "BaseConverter": {"exporter_class", "pre_convert_hook", "post_convert_hook"},
    "CourseDirectory": {"ignore", "include", "max_dir_size", "max_file_size", "notebook_id"},
}
REPLACED_WHOLLY = {
    *("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "Execute", "IgnorePattern"),
    *("ClearMetadataPreprocessor", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata"),
    *("NbGraderPreprocessor", "ClearOutputPreprocessor", "ExecutePreprocessor", "Preprocessor", "NbConvertBase"),
    *("NotebookClient", "KernelManager", "AsyncKernelManager", "KernelSpecManager"),
}
BUT = {
    "Execute": {"timeout"},
    "ExecutePreprocessor": {"timeout"},
    "AssignLatePenalties": {"plugin_class"},
}
BY_NBGRADERS_COMMAND = {  # ``grader autograde`` has options instead
    "Autograde": {"create_student", "force"},
    "BaseConverter": {"force"},
    "CourseDirectory": {"student_id", "student_id_exclude"},
}
STEPS = {
    "Autograde": ("sanitize_preprocessors", "autograde_preprocessors", "preprocessors"),
    "GenerateAssignment": ("preprocessors",),
}
_KNOWN_STEPS = ("nbgrader.", "nbconvert.", "grader.")


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
    if line := settings_note(course):
        lines.append(line)
    return lines


def settings_note(course: Course) -> str:
    """Name the settings that grading does not go by, in a line; empty where there is none."""
    unused = unused_settings(course)
    return f"Settings that have no effect where the engine grades: {', '.join(unused)}." if unused else ""


def unused_settings(course: Course) -> list[str]:
    """List the course's settings that the engine does not go by, own steps of a conversion by their names."""
    return [said for section in sorted(course.config) for said in _unused_in(section, course.config[section])]


def _unused_in(section: str, values: Config) -> Iterator[str]:
    for name in values:
        setting = f"{section}.{name}"
        own = _own_steps(values[name]) if name in STEPS.get(section, ()) else []
        if own:
            yield f"{setting} ({', '.join(own)})"
        elif name in REPLACED.get(section, ()) or (section in REPLACED_WHOLLY and name not in BUT.get(section, ())):
            yield setting
        elif name in BY_NBGRADERS_COMMAND.get(section, ()):
            yield f"{setting} (nbgrader's own command goes by it)"


def _own_steps(steps: Any) -> list[str]:
    """Name the steps that are neither nbgrader's nor ours."""
    listed = steps.get_value([]) if isinstance(steps, LazyConfigValue) else steps  # such as c.X.steps.append(...)
    names = [step if isinstance(step, str) else f"{step.__module__}.{step.__qualname__}" for step in listed]
    return [name for name in names if not name.startswith(_KNOWN_STEPS)]


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
