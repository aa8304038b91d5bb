"""Fixtures of the grader's tests: a tiny assignment, a warm process and an engine kept for the whole run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest

from grader.assignment import Assignment
from grader.cli import run as run_cli
from grader.course import Course
from grader.engine import Engine
from grader.freezing import refreshed
from grader.release import release
from grader.released import released_notebook
from grader.results import CellResult, GradeResult
from grader.sandbox.limits import Limits
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess, WarmStart
from grader.student_edition import build_student_edition

from . import tiny
from .attacking import SECRET, without_namespaces
from .exchange import Room
from .gradebooks import InFolder, PostgresServer

Hand = Callable[..., bytes]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what has the mark ``gradebooks`` once with each kind of gradebook that the mark names."""
    if (mark := metafunc.definition.get_closest_marker("gradebooks")) and "gradebooks" in metafunc.fixturenames:
        metafunc.parametrize("gradebooks", mark.args, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def surroundings() -> Iterator[None]:
    """Give every test the folder and the variables that the one before it was given, whatever that one did to them."""
    folder, variables = Path.cwd(), dict(os.environ)
    yield
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)


@pytest.fixture(scope="session")
def zygote() -> Iterator[WarmProcess]:
    """A warm process without any nnlib of the student's, and a copy of another where commands make it one."""
    with ExitStack() as stack:
        start = stack.enter_context(WarmStart()) if sys.platform == "linux" else None
        yield stack.enter_context(WarmProcess(None, start=start))


@pytest.fixture
def session(zygote) -> Iterator[Session]:
    """A fresh child of the warm process."""
    with Session(zygote) as opened:
        yield opened


@pytest.fixture(scope="session")
def assignment(tmp_path_factory) -> Assignment:
    """The tiny assignment, its public cases frozen, shared: read it, do not write."""
    made = Assignment(tiny.write(tmp_path_factory.mktemp("source") / "tiny"))
    refreshed(made)
    return made


@pytest.fixture
def released(assignment):
    """The notebook students receive, a copy of one's own."""
    return released_notebook(assignment)


@pytest.fixture(scope="session")
def engine(assignment) -> Iterator[Engine]:
    """An engine of the tiny assignment."""
    with build_student_edition(assignment) as edition, Engine(assignment, released_notebook(assignment), edition) as it:
        yield it


@pytest.fixture
def hand_in(released) -> Hand:
    """Make a submission's bytes: right answers unless told otherwise; None keeps the stub of the release."""

    def make(edit=lambda notebook: None, **answers: str | None) -> bytes:
        notebook = nbformat.from_dict(released)
        for grade_id, source in ({"double": tiny.DOUBLE, "center": tiny.CENTER, "why": tiny.WHY} | answers).items():
            if source is not None:
                tiny.cell_of(notebook, grade_id).source = source
        edit(notebook)
        return nbformat.writes(notebook).encode()

    return make


@pytest.fixture
def grade(engine, hand_in):
    """Grade answers and return the result."""

    def run(edit=lambda notebook: None, files=None, **answers: str | None) -> GradeResult:
        return engine.grade(hand_in(edit, **answers), "ada", files)

    return run


@pytest.fixture
def cells(grade) -> Callable[..., dict[str, CellResult]]:
    """Grade answers and return the verdicts by grade_id."""
    return lambda *args, **answers: {cell.grade_id: cell for cell in grade(*args, **answers).cells}


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run a command in this process; return exit code, stdout and stderr."""

    def call(*args):
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            run_cli()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return call


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started for the tests."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def gradebooks(request) -> InFolder | PostgresServer:
    """Where gradebooks are: SQLite's files, unless the mark ``gradebooks`` says ``postgres``."""
    return request.getfixturevalue("postgres") if getattr(request, "param", "") == "postgres" else InFolder()


@pytest.fixture(scope="session")
def course_template(tmp_path_factory, gradebooks) -> Path:
    """A course folder with the tiny assignment as its own source, released once."""
    root = tmp_path_factory.mktemp("template") / "course"
    tiny.write(root / "source" / "tiny")
    Course.init(root)
    gradebooks.settle(root)
    release("tiny", Course(root))
    return root


@pytest.fixture
def course(course_template, gradebooks, tmp_path) -> Course:
    """A course folder of one's own, the tiny assignment released in it."""
    return gradebooks.copied(course_template, tmp_path / "course")


@pytest.fixture
def room(course, tmp_path) -> Room:
    """A teacher and a student with an exchange between them; the course's release is not there yet."""
    shutil.rmtree(course.root / "release")
    return Room(course, tmp_path)


@pytest.fixture
def submit(course, hand_in) -> Callable[..., Path]:
    """Hand in a notebook into the course: ready bytes, or answers as for ``hand_in``."""

    def put(student: str, data: bytes | None = None, **answers: str | None) -> Path:
        folder = course.path("submitted", student, "tiny")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tiny.ipynb").write_bytes(hand_in(**answers) if data is None else data)
        return folder

    return put


@pytest.fixture
def scores_in(course):
    """Read the gradebook with nbgrader's own API: (auto, manual, needs a person) by student and cell."""

    def read() -> dict[str, dict[str, tuple[float | None, float | None, bool]]]:
        from nbgrader.api import Gradebook

        with Gradebook(course.db_url, course.course_id) as gradebook:
            return {
                submission.student.id: {
                    grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions("tiny")
            }

    return read


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with a secret, in a folder that everybody may read."""
    tmp_path.chmod(0o755)
    path = tmp_path / "gradebook.db"
    path.write_text(SECRET + "\n", encoding="utf-8")
    return path


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user that an attack may try to harm."""
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        yield process
        process.kill()


@pytest.fixture(scope="session")
def small_without_namespaces() -> Iterator[WarmProcess]:
    """A warm process with small limits where the system refuses namespaces: the working folder lies on a real disk."""
    with without_namespaces(Limits(memory_mb=200, folder_mb=8)) as zygote:
        yield zygote
