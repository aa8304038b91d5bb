"""nbgrader's Validate, button and command, on a release of the course: what students hear before they submit."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbgrader.validator import Validator

from grader.assignment import Assignment
from grader.course import Course
from grader.release import release

NAME = "02-softmax-and-losses"
EXERCISES = 8
WRITTEN = 3
NOISE = "\n".join(
    [
        "    import logging, sys, warnings",
        "    logging.times = getattr(logging, 'times', 0) + 1",
        "    if logging.times < 200:  # a training makes ten thousand calls, and a cell has half a minute",
        "        print('looking around', file=sys.stderr)",
        "        warnings.simplefilter('always')",
        "        warnings.warn('careful', stacklevel=1)",
        "        logging.warning('logged')",
    ]
)


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """The folder that students unpack."""
    return release(NAME, Course.init(tmp_path_factory.mktemp("validate") / "course")).folder


@pytest.fixture
def hand_in(released, tmp_path) -> Callable[[Callable[[str, str], str]], Path]:
    """Answer every exercise with what a function makes of its grade_id and the solution's code."""
    source = Assignment.find(NAME).source
    solutions = {
        cell.metadata.nbgrader.grade_id: "\n".join(line for line in cell.source.split("\n") if "SOLUTION" not in line)
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }

    def write(answer: Callable[[str, str], str]) -> Path:
        shutil.copytree(released, tmp_path / NAME)
        path = tmp_path / NAME / "softmax-and-losses.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution"):
                written = "An answer in my own words."
                grade_id = about.grade_id
                cell.source = written if cell.cell_type == "markdown" else answer(grade_id, solutions[grade_id])
        nbformat.write(notebook, path)
        return path

    return write


def validate(path: Path, cwd: Path) -> str:
    """Run ``nbgrader validate`` and return what it prints."""
    binary = Path(sys.executable).with_name("nbgrader")
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(path.parents[1])}
    environment["MPLCONFIGDIR"] = matplotlib.get_cachedir()  # a new home would have it look for fonts for a minute
    ran = subprocess.run(
        [binary, "validate", os.path.relpath(path, cwd)], cwd=cwd, capture_output=True, text=True, env=environment
    )
    assert ran.stdout, ran.stderr
    return " ".join(ran.stdout.split())


def noisy(code: str) -> str:
    """Let a function write to stderr in three ways before it does what it should."""
    head, _, body = code.partition("\n")
    return f"{head}\n{NOISE}\n{body}"


def test_right_functions_pass_whatever_they_write_to_stderr(hand_in):
    """A function that prints to stderr, warns and logs is no failed one, in the command and from another folder."""
    path = hand_in(lambda _, code: noisy(code))
    assert validate(path, path.parents[1]) == "Success! Your notebook passes all the tests."


def test_wrong_functions_fail_by_name(hand_in):
    """Every check that fails is a failed cell, and its words are what the student reads."""
    path = hand_in(lambda grade_id, _: f"def {grade_id}(*args, **kwargs):\n    return 0.0\n")
    said = validate(path, path.parent)
    assert f"VALIDATION FAILED ON {EXERCISES} CELL(S)" in said
    assert said.count("cases fail.") == EXERCISES
    assert "Traceback" not in said


def test_one_wrong_function_is_the_one_that_fails(hand_in):
    """The button's code path names the one cell that fails; those that pass are not among them."""
    path = hand_in(lambda grade_id, code: code if grade_id != "mse" else "def mse(pred, target):\n    return 0.0\n")
    (failed,) = Validator().validate(str(path))["failed"]
    assert failed["source"] == "check(mse)"
    assert failed["raw_error"].startswith("mse: ")


def test_an_untouched_release_fails_everywhere(released):
    """Stubs and unanswered questions are told as such."""
    failed = Validator().validate(str(released / "softmax-and-losses.ipynb"))["failed"]
    assert len(failed) == EXERCISES + WRITTEN
    assert sum("is not written yet" in cell["raw_error"] for cell in failed) == EXERCISES
