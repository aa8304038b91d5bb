"""Run hidden tests one by one while writing them: ``pytest notebooks/02-… --submission=FILE.ipynb``.

Without ``--submission`` the assignment's own notebook, solutions included, is what is tested.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.engine import Engine
from grader.exercises import COMMON, FOLDER
from grader.hidden import Sandboxed, Student
from grader.reading import read_notebook
from grader.released import released_notebook
from grader.repair import repair
from grader.sandbox.session import Session
from grader.seeds import seed_of
from grader.student_edition import build_student_edition


class ExerciseFile(pytest.Module):
    """The hidden tests of one exercise, those made of tables as well; the assignment loads its files, not pytest."""

    def _getobj(self) -> ModuleType:
        assignment = Assignment(self.path.parent.parent)
        (exercise,) = [each for each in assignment.exercises if each.path == self.path]
        vars(exercise.module).update(exercise.tests)
        return exercise.module


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect the files of ``exercises/`` that belong to one exercise."""
    if file_path.parent.name != FOLDER or file_path.suffix != ".py" or file_path.stem == COMMON:
        return None
    return ExerciseFile.from_parent(parent, path=file_path)


class Submission:
    """A submission's process, its cells run; one is kept, since the tests of an assignment come one after another."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._folder: Path | None = None
        self._opened = ExitStack()

    def of(self, folder: Path) -> tuple[Assignment, Session]:
        """Open the submission to the assignment in ``folder``."""
        if folder != self._folder:
            self.close()
            self._folder, self._made = folder, self._open(Assignment(folder))
        return self._made

    def _open(self, assignment: Assignment) -> tuple[Assignment, Session]:
        released = released_notebook(assignment)
        path = Path(self._file or assignment.notebook_path)
        notebook, _ = read_notebook(path.read_bytes(), path.name)
        repair(notebook, released, path.name)
        edition = self._opened.enter_context(build_student_edition(assignment))
        engine = self._opened.enter_context(Engine(assignment, released, Path(edition)))
        return assignment, self._opened.enter_context(engine.run(notebook))

    def close(self) -> None:
        """End the process."""
        self._opened.close()
        self._folder = None


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """The submission named on the command line, or each assignment's own notebook."""
    with closing(Submission(request.config.getoption("--submission"))) as made:
        yield made


@pytest.fixture
def student(request: pytest.FixtureRequest, submission: Submission) -> Student:
    """The student's functions, as they were after the graded cell this test counts for."""
    assignment, session = submission.of(Path(request.path).parent.parent)
    test = next(test for test in assignment.hidden_tests if test.name == request.node.name)
    return Student(Sandboxed(session, assignment.settings.limits.call_seconds, test.grade_id))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """The same numbers for a test at every run."""
    return np.random.default_rng(seed_of(request.node.name))
