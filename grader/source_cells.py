"""Check the cells of a source notebook: what their metadata say, and that solutions can be taken out of them."""

import ast
import math
import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator, ValidationError

from grader import vocabulary
from grader.errors import AssignmentError, did_you_mean
from grader.markers import check_markers

SCHEMA = MetadataValidator.schema_version
_ID = re.compile(r"[A-Za-z0-9_-]+")  # nbgrader's own rule


def cell_name(number: int, cell: NotebookNode) -> str:
    """Call a cell by its grade_id, or by its number in the notebook, from 1."""
    return f"cell {vocabulary.grade_id(cell) or number}"


def require_cells(notebook: NotebookNode, path: Path) -> None:
    """Raise ``AssignmentError`` for the first cell that nbgrader could not release as it was meant."""
    if told := next(faults_of_cells(notebook, path), None):
        raise AssignmentError(told)
    check_markers(notebook, path)


def faults_of_cells(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """Say what is wrong with cells' nbgrader metadata, a line for each."""
    validator, seen = MetadataValidator(), dict[str, int]()
    for number, cell in enumerate(notebook.cells, 1):
        if "nbgrader" not in cell.metadata:
            continue
        if not isinstance(cell.metadata["nbgrader"], dict):
            yield f"{path}: cell {number}: its nbgrader metadata are no table; set them anew in JupyterLab."
            continue
        place = f"{path}: {cell_name(number, cell)}"
        about = vocabulary.about(cell)
        told = _of_schema(about, path) or _of_id(about, seen) or _of_points(about)
        if told:
            yield f"{place}: {told}"
        else:
            try:
                validator.validate_cell(cell)
            except ValidationError as error:
                what = next((f"{name} = {about[name]!r}: " for name in list(error.absolute_path)[:1]), "")
                yield f"{place}: {what}{_first_line(error)}. Set it in JupyterLab, with nbgrader's Create Assignment."
        seen[vocabulary.grade_id(cell)] = number


def _of_schema(about: Any, path: Path) -> str:
    version = about.get("schema_version", 0)
    if version == SCHEMA:
        return ""
    if isinstance(version, int) and version < SCHEMA:
        return (
            f"its nbgrader metadata are of an older form (schema_version {version}, not {SCHEMA}); "
            f"run: nbgrader update {path.parent}"
        )
    return (
        f"its nbgrader metadata have the schema_version {version!r}, and this nbgrader knows {SCHEMA}; a newer one may "
        "have written them: pip install --upgrade nbgrader"
    )


def _of_id(about: Any, seen: dict[str, int]) -> str:
    if not any(about.get(flag) for flag in ("grade", "solution", "locked", "task")):
        return ""
    name = str(about.get("grade_id", ""))
    if not _ID.fullmatch(name):
        return f"a grade_id has letters, digits, _ and -, got {name!r}; give it another."
    return f"cell number {seen[name]} has the same grade_id; give one of them another." if name in seen else ""


def _of_points(about: Any) -> str:
    if not (about.get("grade") or about.get("task")):
        return ""
    points = about.get("points")
    if points is None:
        return 'a graded cell needs points, and this one has none; set "points": 1, say.'
    sound = isinstance(points, int | float) and not isinstance(points, bool) and math.isfinite(points) and points >= 0
    return "" if sound else f'points are a number of 0 or more, got {points!r}; set "points": 4, say, without quotes.'


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).strip().split("\n")[0].rstrip(".")


def faults_of_exercises(notebook: NotebookNode, path: Path, in_cells: Set[str] = frozenset()) -> Iterator[str]:
    """Say which exercises and graded cells do not find each other, a line for each.

    The cells ``in_cells`` hold tests of their own and need no exercise.
    """
    numbered = list(enumerate(notebook.cells, 1))
    solutions = {
        vocabulary.grade_id(cell): (number, cell)
        for number, cell in numbered
        if cell.cell_type == "code" and vocabulary.is_exercise(cell)
    }
    graded = {
        vocabulary.grade_id(cell): number
        for number, cell in numbered
        if vocabulary.is_graded(cell) and not vocabulary.is_manual(cell) and cell.cell_type == "code"
    }
    wanted = {vocabulary.graded_cell_of(exercise) for exercise in solutions}
    for grade_id in graded.keys() - wanted - in_cells:
        yield (
            f"{path}: cell {grade_id}: it has points, and no exercise is called {vocabulary.exercise_of(grade_id)}; "
            f"the graded cell of an exercise is called test_ and its name."
            + did_you_mean(grade_id, wanted - graded.keys())
        )
    for exercise, (number, cell) in solutions.items():
        if vocabulary.graded_cell_of(exercise) not in graded:
            continue
        try:
            defined = {node.name for node in ast.parse(cell.source).body if isinstance(node, _DEFINITIONS)}
        except SyntaxError as error:
            yield f"{path}: cell {exercise}, line {error.lineno}: {error.msg}; mend the solution."
            continue
        if exercise not in defined:
            yield (
                f"{path}: cell {exercise} (number {number}): its grade_id is the name of the function that it defines, "
                f"and it defines {', '.join(sorted(defined)) or 'none'}; rename one of them."
            )


_DEFINITIONS = ast.FunctionDef | ast.ClassDef


def checked_names(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode, int, str]]:
    """Yield cell number, cell, line and name of each ``check(NAME)``."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code" or "check" not in cell.source:
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # magics, or a fault that running the cell tells
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Name):
                        yield number, cell, node.lineno, argument.id
