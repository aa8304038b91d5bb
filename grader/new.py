"""Start an assignment, or an exercise of one, that ``grader verify`` passes as it is: ``grader new NN-topic``.

In a clone of the project an assignment is a script, from which its notebook is made; in a course it is the notebook
alone, which is edited in JupyterLab.
"""

import builtins
import keyword
import re
from pathlib import Path

import nbformat

from grader.assignment import SETTINGS, Assignment, find_notebooks_folder
from grader.course import Course
from grader.errors import GraderError
from grader.exercises import COMMON, FOLDER
from grader.files import write_atomically
from grader.freezing import refreshed
from grader.sync import notebook_from_text, script_of, write
from nnlib.checks.cases import CASES

TEMPLATES = Path(__file__).parent / "templates" / "assignment"
NAME = re.compile(r"\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*")
TAKEN = {*keyword.kwlist, *dir(builtins), COMMON, "np", "check", "reference", "student", "rng", "x"}


class NewError(GraderError):
    """The name cannot be given; the text is one clear line."""


def source_folder(course: Course | None) -> Path:
    """Where a new assignment goes: the course's source, or ``notebooks/`` of the clone that one stands in."""
    if course is not None:
        return course.own_source
    notebooks = find_notebooks_folder()
    if Path.cwd().is_relative_to(notebooks.parent) and notebooks.parent.name != "course":
        return notebooks
    raise NewError(
        "An assignment belongs in a course, and this folder is none. Go into one or name it with --course; "
        "make one with: grader init DIR"
    )


def new(name: str, exercise: str | None, source: Path) -> tuple[Path, list[Path]]:
    """Make the assignment ``name`` under ``source``, or add ``exercise`` to it; return its folder and what to edit."""
    folder = source / name
    if folder.is_dir():
        if exercise is None:
            raise NewError(f"{folder} exists. Take another name, or add an exercise: grader new {name} --exercise NAME")
        return folder, _add(Assignment(folder), _sound(exercise))
    if not NAME.fullmatch(name):
        raise NewError(f"An assignment's name is two digits and a topic, such as 14-nearest-neighbours, got {name!r}.")
    number, topic = name.split("-", 1)
    if other := next(source.glob(f"{number}-*/"), None):
        raise NewError(
            f"{other} has the number {number}. Take another, or add to it: grader new {other.name} --exercise NAME"
        )
    exercise = _sound(exercise or topic.replace("-", "_"))
    title = topic.replace("-", " ").capitalize()
    words = {"TITLE": title, "HEADING": f"{number} · {title}"}
    text = "".join(
        _filled(part, exercise, **words) for part in ("head.py.in", "exercise_cells.py.in", "question.py.in")
    )
    write_atomically(folder / SETTINGS, _filled("assignment.toml.in", exercise, **words))
    beside = _write_beside(folder, exercise)
    return folder, [_write_notebook(folder / f"{topic}.py", text, is_script=source == find_notebooks_folder()), *beside]


def _add(assignment: Assignment, exercise: str) -> list[Path]:
    """Add an exercise at the end of the notebook; return what to edit."""
    if exercise in assignment.solutions or (assignment.folder / FOLDER / f"{exercise}.py").exists():
        raise NewError(f"{assignment.folder} has an exercise {exercise}. Take another name.")
    cells, script = _filled("exercise_cells.py.in", exercise), script_of(assignment.folder)
    if script is not None:
        beside = _write_beside(assignment.folder, exercise)
        return [_write_notebook(script, script.read_text(encoding="utf-8").rstrip("\n") + "\n" + cells, True), *beside]
    notebook, path = assignment.source, assignment.notebook_path
    notebook.cells += notebook_from_text(cells, path).cells
    beside = _write_beside(assignment.folder, exercise)
    write_atomically(path, nbformat.writes(notebook) + "\n")
    refreshed(Assignment(assignment.folder))
    return [path, *beside]


def _write_beside(folder: Path, exercise: str) -> list[Path]:
    """Write the exercise's file and its public case; return both."""
    cases = folder / CASES
    text = cases.read_text(encoding="utf-8") if cases.exists() else _filled("public_cases_head.py.in", exercise)
    write_atomically(cases, text.rstrip("\n") + "\n" + _filled("public_case.py.in", exercise))
    write_atomically(folder / FOLDER / f"{exercise}.py", _filled("exercise.py.in", exercise))
    return [folder / FOLDER / f"{exercise}.py", cases]


def _write_notebook(script: Path, text: str, is_script: bool) -> Path:
    """Write the script and its executed notebook, or the notebook alone; return what is edited."""
    if is_script:
        write_atomically(script, text)
        write(script)
        return script
    path = script.with_suffix(".ipynb")
    write_atomically(path, nbformat.writes(notebook_from_text(text, path)) + "\n")
    refreshed(Assignment(script.parent))
    return path


def _filled(template: str, exercise: str, **words: str) -> str:
    """Read a template with the exercise's name, and the other words, in their places."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for word, value in {"EXERCISE": exercise, **words}.items():
        text = text.replace(word, value)
    return text


def _sound(exercise: str) -> str:
    """Return the name, or say why no function can have it."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", exercise) or exercise in TAKEN:
        raise NewError(
            f"An exercise is named as its function is, in small letters, such as row_shares; {exercise!r} is no such "
            "name or is taken. Name it with --exercise."
        )
    return exercise
