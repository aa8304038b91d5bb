"""nbgrader's exchange carries a whole release to a student, and all of the student's work and the feedback back."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.batch import autograde
from grader.course import Course
from grader.feedback import feedback

from . import tiny

COMMANDS = {"release": "release_assignment", "collect": "collect", "feedback": "release_feedback"}
BUTTONS = """
import json, sys
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI

if __name__ == "__main__":
    app = NbGrader()
    app.initialize([])
    api = NbGraderAPI(app.coursedir, parent=app)
    print(json.dumps(getattr(api, sys.argv[1])("tiny")))
"""


class Room:
    """A teacher's and a student's folder, each with a home of its own, and the exchange between them."""

    def __init__(self, course: Course, top: Path) -> None:
        self.course, self.top = Course(course.root), top
        (top / "exchange").mkdir(mode=0o777)
        (top / "exchange").chmod(0o777)
        (top / "student").mkdir()
        settings = f"c.CourseDirectory.course_id = 'dl101'\nc.Exchange.root = {str(top / 'exchange')!r}\n"
        with (course.root / "nbgrader_config.py").open("a") as file:
            file.write(settings)
        (top / "student" / "nbgrader_config.py").write_text("c = get_config()\n" + settings)
        self.course = Course(course.root)

    def run(self, who: str, *command: str | Path) -> str:
        """Run a command as the teacher or the student; it must succeed."""
        folder = self.course.root if who == "teacher" else self.top / "student"
        environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(self.top / f"home-{who}")}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def nbgrader(self, who: str, *arguments: str) -> str:
        """Run an nbgrader command."""
        return self.run(who, Path(sys.executable).with_name("nbgrader"), *arguments)

    def press(self, method: str) -> None:
        """Do what a button of formgrader does."""
        answer = json.loads(self.run("teacher", sys.executable, "-c", BUTTONS, method).strip().split("\n")[-1])
        assert answer["success"], answer


@pytest.fixture
def room(course, tmp_path, monkeypatch):
    """A course with an exchange, whose release is not there yet."""
    shutil.rmtree(course.root / "release")
    return Room(course, tmp_path)


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
    assert "2 of 2 points" in page.read_text(encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    """List a folder's files by path."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
