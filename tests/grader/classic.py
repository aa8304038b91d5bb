"""Grade one class twice, by stock nbgrader and by ``grader autograde``, and lay the two gradebooks side by side.

Assignments here have their tests inside the cells. nbgrader makes the release; then the course is copied, and each
side grades its own copy in a process of its own, with a gradebook of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from . import tiny

PACKAGE = Path(nbgrader.__file__).parent
APPS = PACKAGE / "tests" / "apps" / "files"
PREPROCESSORS = PACKAGE / "tests" / "preprocessors" / "files"
GUIDE = PACKAGE / "docs" / "source" / "user_guide"
PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

Content = bytes | str | Path | NotebookNode
Files = Mapping[str, Content]

# Many commands in one process, which saves loading nbgrader for each; what they print and how they end comes back.
STOCK = """
import json, sys
from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp
ends = []
for command in json.loads(sys.argv[1]):
    app = NbGraderApp.instance()
    try:
        app.initialize(command)
        app.start()
        ends.append(0)
    except NoStart:  # so its start ends where it gave the word to another command
        ends.append(0)
    except SystemExit as end:
        ends.append(end.code or 0)
    if app.subapp:
        type(app.subapp).clear_instance()
    NbGraderApp.clear_instance()
print("\\nENDS", json.dumps(ends))
"""
OURS = """
import json, sys
from grader.cli import run
ends = []
for command in json.loads(sys.argv[1]):
    sys.argv = ["grader", *command]
    try:
        run()
    except SystemExit as end:
        ends.append(end.code or 0)
print("\\nENDS", json.dumps(ends))
"""


@dataclass(frozen=True)
class Grade:
    """What a gradebook says of one cell of one student."""

    auto: float | None = None
    manual: float | None = None
    points: float | None = None
    by_person: bool = False
    comment: str | None = None


Book = dict[tuple[str, str, str, str], Grade]  # by assignment, student, notebook and cell


@dataclass
class Graded:
    """What one side did: its gradebook, how each command ended, and what was printed."""

    root: Path
    book: Book
    ends: list[int]
    said: str

    def of(self, assignment: str, student: str) -> dict[str, Grade]:
        """A student's cells of one assignment, by id, or by notebook and id where it has several notebooks."""
        cells = {key[2:]: grade for key, grade in self.book.items() if key[:2] == (assignment, student)}
        several = len({notebook for notebook, _ in cells}) > 1
        return {f"{notebook}/{cell}" if several else cell: grade for (notebook, cell), grade in cells.items()}

    def score(self, assignment: str, student: str, notebook: str = "") -> float:
        """What nbgrader adds up: a person's points where there are any, else its own."""
        return sum(
            (grade.auto or 0.0) if grade.manual is None else grade.manual
            for key, grade in self.book.items()
            if key[:2] == (assignment, student) and notebook in ("", key[2])
        )


@dataclass
class ClassicCourse:
    """A course folder as nbgrader's own users have it."""

    root: Path
    config: str = ""
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)
        (self.root / "nbgrader_config.py").write_text(f"c = get_config()\n{self.config}", encoding="utf-8")

    def source(self, name: str, files: Files) -> None:
        """Write an assignment's source."""
        self.names.append(name)
        write(self.root / "source" / name, files)

    def release(self) -> None:
        """Let nbgrader make the students' versions."""
        ends, said = run_all(STOCK, [["generate_assignment", name] for name in self.names], self.root)
        assert not any(ends), said

    def released(self, name: str, notebook: str) -> NotebookNode:
        """The notebook that students get."""
        return nbformat.read(self.root / "release" / name / f"{notebook}.ipynb", as_version=4)

    def submit(self, student: str, name: str, files: Files) -> None:
        """Hand in; what was handed in before is replaced."""
        folder = self.root / "submitted" / student / name
        shutil.rmtree(folder, ignore_errors=True)
        write(folder, files)

    def answer(self, student: str, name: str, notebook: str = "", **answers: str) -> None:
        """Hand in the release with ``answers`` in the place of its cells' text, by id."""
        folder = self.root / "release" / name
        files: dict[str, Content] = {
            str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()
        }
        for path in folder.glob("*.ipynb"):
            if not notebook or path.stem == notebook:
                files[path.name] = filled(nbformat.read(path, as_version=4), answers)
        self.submit(student, name, files)

    def grade_twice(self, ours: str = "ours") -> tuple[Graded, Graded]:
        """Grade a copy by each side: stock nbgrader's, then ours."""
        return self.grade("stock"), self.grade(ours)

    def grade(self, side: str) -> Graded:
        """Grade a copy of the course, once by ``stock`` or by ``ours``."""
        root = self.root.with_name(f"{self.root.name}-{side}")
        if not root.exists():
            shutil.copytree(self.root, root)
        else:  # a second time: what was handed in since
            shutil.rmtree(root / "submitted")
            shutil.copytree(self.root / "submitted", root / "submitted")
        if side == "stock":
            ends, said = run_all(STOCK, [["autograde", name, "--force"] for name in self.names], root)
        else:
            ends, said = run_all(
                OURS, [["autograde", name, "--course", str(root), "--jobs", "1"] for name in self.names], root
            )
        return Graded(root, read_book(root, self.names), ends, said)


def run_all(script: str, commands: list[list[str]], folder: Path) -> tuple[list[int], str]:
    """Run commands in one process in ``folder``; return how each ended, and what was printed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # a grader's, perhaps
    environment = {**kept, "PATH": path, "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(commands)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said, _, ends = done.stdout.rpartition("\nENDS ")
    assert ends, done.stdout[-3000:]
    return json.loads(ends), said


def read_book(root: Path, names: Iterable[str]) -> Book:
    """Read a gradebook with nbgrader's own API."""
    book: Book = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for name in {assignment.name for assignment in gradebook.assignments} & set(names):
            for submission in gradebook.assignment_submissions(name):
                for notebook in submission.notebooks:
                    comments = {comment.name: comment.auto_comment for comment in notebook.comments}
                    grades: dict[str, dict[str, Any]] = {cell: {} for cell in comments}
                    for grade in notebook.grades:
                        grades[grade.name] = {
                            "auto": grade.auto_score,
                            "manual": grade.manual_score,
                            "points": grade.max_score,
                            "by_person": bool(grade.needs_manual_grade),
                        }
                    for cell, about in grades.items():
                        key = (name, submission.student.id, notebook.name, cell)
                        book[key] = Grade(**about, comment=comments.get(cell))
    return book


def differences(stock: Graded, ours: Graded, *names: str) -> dict[str, tuple[Grade | None, Grade | None]]:
    """Every cell that the two say something else of: nbgrader's grade and ours."""
    keys = sorted(key for key in {*stock.book, *ours.book} if not names or key[0] in names)
    pairs = {"/".join(key): (stock.book.get(key), ours.book.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def write(folder: Path, files: Files) -> None:
    """Write files of any kind into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, NotebookNode):
            nbformat.write(content, path)
        elif isinstance(content, Path):
            shutil.copyfile(content, path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)


def filled(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Put answers into the cells of these ids; an id that is not there is none of this notebook's."""
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return notebook


def make(*cells: NotebookNode) -> NotebookNode:
    """Make a Python notebook of these cells."""
    return new_notebook(cells=list(cells), metadata=PYTHON)


def code(text: str, grade_id: str = "", **flags: object) -> NotebookNode:
    """Make a code cell, of nbgrader's where it has an id."""
    return new_code_cell(text, metadata=tiny.about(grade_id, **flags) if grade_id else {})


def words(text: str, grade_id: str = "", **flags: object) -> NotebookNode:
    """Make a markdown cell, of nbgrader's where it has an id."""
    return new_markdown_cell(text, metadata=tiny.about(grade_id, **flags) if grade_id else {})


def asserts(text: str, grade_id: str, points: float = 1) -> NotebookNode:
    """Make a graded cell of tests."""
    return code(text, grade_id, grade=True, locked=True, points=points)
