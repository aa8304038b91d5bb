"""A room with a teacher, a student, and nbgrader's exchange between them, for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

from grader.course import Course

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
