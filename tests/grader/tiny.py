"""A throw-away assignment with two exercises and one written question, so that tests need no real notebook."""

import shutil
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.assignment import Assignment
from grader.freezing import frozen_cases
from nnlib.checks.instant import FROZEN

DOUBLE = "def double(x):\n    return 2 * x"
CENTER = "def center(x):\n    return x - x.mean(axis=0)"
WHY = "Because the mean carries no information here; ça va de soi."
SECRET = "secret_ingredient_of_the_reference"  # stands in the reference's solution and nowhere else

HIDDEN_TESTS = '''
import numpy as np
from grader.authoring import weight
from nnlib.checks import assert_close, assert_unchanged, require


def test_double_of_numbers(student, rng):
    """Twice the numbers comes back."""
    x = rng.normal(size=(3, 2))
    assert_close(student.double(x), 2 * x, what="double(x)")


def test_double_leaves_its_input(student, rng):
    """The input stays as it came."""
    x = rng.normal(size=4)
    before = x.copy()
    student.double(x)
    assert_unchanged(x, before, what="x")


@weight(2)
def test_center_removes_the_mean(student, rng):
    """Every column's mean is zero."""
    x = rng.normal(3.0, 1.0, size=(5, 3))
    assert_close(student.center(x), x - x.mean(axis=0), what="center(x)")


def test_center_of_one_row(student):
    """A single row becomes zeros."""
    assert_close(student.center(np.array([[4.0, 5.0]])), np.zeros((1, 2)), what="center(x)")
'''
MISCONCEPTIONS = """
from grader.authoring import misconception


@misconception(of="double", says="The number is squared instead of doubled.", hint="The double of 3 is 6, not 9.")
def squares_instead(x):
    return x * x


@misconception(of="center", says="The mean of each row is taken.", hint="Columns are features.")
def centers_the_rows(x):
    return x - x.mean(axis=1, keepdims=True)
"""
VARIANTS = """
from grader.authoring import variant


@variant(of="double")
def adds_twice(x):
    return x + x
"""
PUBLIC_CASES = '''
import numpy as np


def two_numbers(double):
    """the numbers 2 and 5"""
    return double(np.array([2.0, 5.0]))


def nothing_changes(double):
    """a matrix, looked at again afterwards"""
    x = np.array([[1.0, -3.0]])
    return {"the double": double(x), "x afterwards": x}


def two_by_two(center, double):
    """a matrix of as many rows as columns, doubled first"""
    return center(double(np.array([[1.0, 2.0], [3.0, 8.0]])))
'''
SETTINGS = """
title = "A tiny assignment"
withhold = ["softmax"]

[limits]
cell_seconds = 1.0
call_seconds = 0.5
submission_seconds = 60
"""


def about(grade_id: str, **flags: object) -> dict[str, object]:
    """Make the nbgrader metadata of a cell."""
    return {
        "nbgrader": {
            "schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False, "locked": False,
            "task": False, **flags,
        }
    }  # fmt: skip


def solution(*lines: str) -> str:
    """Stand lines of a function's body between solution markers."""
    return "\n".join(["    ### BEGIN SOLUTION", *(f"    {line}" for line in lines), "    ### END SOLUTION"])


def source_notebook() -> nbformat.NotebookNode:
    """Make the source notebook, solutions included."""
    notebook = new_notebook()
    notebook.cells = [
        new_markdown_cell("# A tiny assignment", id="title"),
        new_code_cell("import numpy as np\nimport nnlib", id="imports", metadata=about("imports", locked=True)),
        new_code_cell(
            "def double(x):\n" + solution(f"{SECRET} = 2 * x", f"return {SECRET}"),
            id="double",
            metadata=about("double", solution=True),
        ),
        new_code_cell(
            "assert double(2) == 4",
            id="test_double",
            metadata=about("test_double", grade=True, locked=True, points=2),
        ),
        new_code_cell("picture = [double(1)]", id="picture"),
        new_code_cell(
            "def center(x):\n" + solution("return x - x.mean(axis=0)"),
            id="center",
            metadata=about("center", solution=True),
        ),
        new_code_cell(
            "print(center(np.array([[1.0], [3.0]])).ravel())",
            id="test_center",
            metadata=about("test_center", grade=True, locked=True, points=3),
        ),
        new_markdown_cell("Why is the mean removed?", id="question", metadata=about("question", locked=True)),
        new_markdown_cell("YOUR ANSWER HERE", id="why", metadata=about("why", grade=True, solution=True, points=4)),
    ]
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    )
    return notebook


def write(folder: Path, notebook: nbformat.NotebookNode | None = None, **files: str) -> Path:
    """Write the assignment into ``folder``; ``files`` replaces a file's text by its name without the ending."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = {"hidden_tests": HIDDEN_TESTS, "misconceptions": MISCONCEPTIONS, "variants": VARIANTS}
    texts |= {"public_cases": PUBLIC_CASES} | files
    settings = texts.pop("assignment", SETTINGS)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(dedent(text), encoding="utf-8")
    (folder / "assignment.toml").write_text(settings, encoding="utf-8")
    (folder / "tiny.py").write_text("# the percent script\n", encoding="utf-8")
    nbformat.write(notebook or source_notebook(), folder / "tiny.ipynb")
    if notebook is None and settings == SETTINGS:
        (folder / FROZEN).write_text(frozen_cases(Assignment(folder)) or "", encoding="utf-8")
    return folder


def cell_of(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    """Find a cell by its nbgrader id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
