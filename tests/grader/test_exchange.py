"""nbgrader's exchange carries a whole release to a student, and all of the student's work and the feedback back."""

import os
import subprocess
from pathlib import Path

import nbformat
import pytest

from grader.batch import autograde
from grader.feedback import feedback

from . import tiny


@pytest.mark.parametrize("by", ["commands", "buttons"])
def test_from_release_to_fetched_feedback(room, by):
    """Release, fetch, submit with a module of one's own, collect, grade, and fetch the feedback page."""
    student = room.top / "student" / "tiny"
    if by == "commands":
        room.nbgrader("teacher", "generate_assignment", "tiny")
        room.nbgrader("teacher", "release_assignment", "tiny")
    else:
        room.press("generate_assignment")
        room.press("release_assignment")
    room.nbgrader("student", "fetch_assignment", "tiny")
    released = room.course.path("release", ".", "tiny")
    assert files_in(student) == files_in(released)
    assert {"nnlib/__init__.py", "public_cases.py"} <= files_in(student)
    assert not {"exercises/double.py", "exercises/center.py", "tiny.py", "assignment.toml"} & files_in(student)

    notebook = nbformat.read(student / "tiny.ipynb", as_version=4)
    tiny.cell_of(notebook, "double").source = "from two import TWO\ndef double(x):\n    return TWO * x"
    tiny.cell_of(notebook, "center").source = tiny.CENTER
    nbformat.write(notebook, student / "tiny.ipynb")
    (student / "two.py").write_text("TWO = 2\n")
    room.nbgrader("student", "submit", "tiny")

    user = os.environ.get("USER") or subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    if by == "commands":
        room.nbgrader("teacher", "collect", "tiny")
        assert [result.score for result in autograde("tiny", room.course, jobs=1).results] == [5.0]
        assert feedback("tiny", room.course, jobs=1) == {}
        room.nbgrader("teacher", "release_feedback", "tiny")
    else:
        room.press("collect")
        room.nbgrader("teacher", "autograde", "tiny")
        room.press("generate_feedback")
        room.press("release_feedback")
    assert (room.course.path("submitted", user, "tiny") / "two.py").exists()
    room.nbgrader("student", "fetch_feedback", "tiny")
    (page,) = (student / "feedback").rglob("*.html")
    assert "<b>2</b> of 2" in page.read_text(encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    """List a folder's files by path."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
