"""Real commands in processes of their own, and what they leave behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from grader.course import Course
from grader.released import released_notebook

from . import tiny

FAR = 120.0  # seconds: far beyond what any step takes


def wait_for(what, seconds=FAR):
    """Wait until ``what()`` is true, and return it."""
    until = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def hear_signals() -> None:
    """Undo what ``nohup`` or a job in the background did to the tests themselves."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Bench:
    """A course with a small class, and commands in it with a temporary folder of their own."""

    def __init__(self, course: Course, folder: Path, students: int) -> None:
        self.course, self.folder = course, folder
        self.temporary = Path(tempfile.mkdtemp(prefix="t", dir=folder.parent))  # a socket's address is a short one
        self.students = [f"s{number:02}" for number in range(students)]
        for number, student in enumerate(self.students):
            self.hand_in(student, double=tiny.DOUBLE if number % 3 else "def double(x):\n    return x * x")

    def hand_in(self, student, files=None, **answers):
        """Hand in answers, right ones unless told otherwise, with files beside them."""
        notebook = released_notebook(self.course.assignment("tiny"))
        for grade_id, source in ({"double": tiny.DOUBLE, "center": tiny.CENTER, "why": tiny.WHY} | answers).items():
            tiny.cell_of(notebook, grade_id).source = source
        folder = self.course.path("submitted", student, "tiny")
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / "tiny.ipynb")
        for name, text in (files or {}).items():
            (folder / name).write_text(text)

    def start(self, *args, before=(), module="grader", environment=None, **options):
        """Start ``grader ARGS`` in a session of its own."""
        return subprocess.Popen(
            [*map(str, before), sys.executable, "-m", module, *map(str, args)],
            env={**os.environ, "TMPDIR": str(self.temporary), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=hear_signals,
            **{"cwd": self.folder, **options},
        )

    def autograde(self, *args, jobs=1, **options):
        """Start ``grader autograde`` with a line of JSON for each student."""
        return self.start("autograde", "tiny", "--course", self.course.root, "--json", "-j", jobs, *args, **options)

    def run(self, *args, **options):
        """Run ``grader ARGS`` to its end; return exit code, stdout and stderr."""
        return ended(self.start(*args, **options))

    def grade(self, *args, **options):
        """Grade the class; return exit code, the students told of, and stderr."""
        code, out, err = ended(self.autograde(*args, **options))
        return code, told(out), err

    def processes(self):
        """Ids of processes that belong to commands of this bench: by their environment, or where they work."""
        return [pid for pid in map(int, (path.name for path in Path("/proc").glob("[0-9]*"))) if self._is_ours(pid)]

    def _is_ours(self, pid):
        mark = os.fsencode(self.temporary)
        try:
            process = Path(f"/proc/{pid}")
            if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
            return mark in process.joinpath("environ").read_bytes() or mark in os.fsencode((process / "cwd").readlink())
        except OSError:
            return False

    def zygotes(self):
        """Ids of warm processes: they have no environment of the user's, and work in the temporary folder."""
        return [pid for pid in self.processes() if name_of(pid) == "grader-warm"]

    def workers(self, of):
        """Ids of the worker processes of a command."""
        return [pid for nursery in children(of) for pid in children(nursery) if name_of(pid) == "grader-worker"]

    def leftovers(self):
        """What commands left: processes, after a moment to end, temporary folders, and half-written things."""
        wait_for(lambda: not self.processes(), 20)
        return self.processes(), sorted(self.temporary.iterdir()), sorted(self.course.root.rglob("*.grader-tmp"))

    def scores(self):
        """The gradebook's scores by student and cell."""
        from nbgrader.api import Gradebook

        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            return {
                submission.student.id: {
                    grade.name: (grade.auto_score, grade.needs_manual_grade)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions("tiny")
            }

    def is_complete(self):
        """Whether everybody has the scores they deserve, a whole notebook and a whole record."""
        deserved = {student: (2.0 if number % 3 else 1.0, 3.0) for number, student in enumerate(self.students)}
        given = {name: (cells["test_double"][0], cells["test_center"][0]) for name, cells in self.scores().items()}
        assert given == deserved
        for student in self.students:
            nbformat.read(self.course.path("autograded", student, "tiny") / "tiny.ipynb", as_version=4)
            json.loads((self.course.root / ".grader" / "tiny" / f"{student}.json").read_text())
        return True


def children(pid):
    """Ids of a process's children."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def name_of(pid):
    """A process's name in lists of processes; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def ended(process):
    """Wait for a command; return exit code, stdout and stderr."""
    out, err = process.communicate(timeout=FAR)
    return process.returncode, out, err


def told(out):
    """Students whose result a command printed, without the last line about the class."""
    return [entry["student"] for line in out.splitlines() if "student" in (entry := json.loads(line))]


def is_one_line(err, *words):
    """Whether a message is a single line that holds the words."""
    lines = [line for line in err.splitlines() if line.strip()]
    return len(lines) == 1 and all(word in lines[0] for word in words)


class Elsewhere:
    """A mount namespace in which a folder lies on a disk of its own; commands are run in it with ``before``."""

    def __init__(self, folder: Path, script: str) -> None:
        self.folder = folder
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        if not (shutil.which("unshare") and shutil.which("nsenter")):
            pytest.skip("needs unshare and nsenter to mount a disk of its own")
        self._keeper = subprocess.Popen(
            ["unshare", *user, "--mount", "sh", "-c", f"{script} && echo ready && exec sleep 600"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "DIR": str(folder)},
        )
        assert self._keeper.stdout is not None
        if (said := self._keeper.stdout.readline().strip()) != "ready":
            self.close()
            pytest.skip(f"this system lets nobody mount a disk: {said}")
        pid = str(self._keeper.pid)
        self.before = ["nsenter", "-t", pid, *(["-U", "--preserve-credentials"] if user else []), "-m", "--"]

    def sh(self, script):
        """Run a shell script there and return what it printed."""
        command = [*self.before, "sh", "-c", script]
        ran = subprocess.run(command, env={**os.environ, "DIR": str(self.folder)}, capture_output=True, text=True)
        return ran.stdout

    def close(self):
        """Let the disk go."""
        self._keeper.send_signal(signal.SIGKILL)
        self._keeper.communicate()
