"""Run hidden tests one by one while writing them: ``pytest notebooks/02-… --submission=FILE.ipynb``.

Without ``--submission`` the assignment's own notebook, solutions included, is what is tested.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.engine import Engine
from grader.hidden import Sandboxed, Student
from grader.reading import read_notebook
from grader.release import build_student_edition, released_notebook
from grader.repair import repair
from grader.sandbox.session import Session
from grader.seeds import seed_of


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[tuple[Assignment, Session]]:
    """The submission's process, its cells run."""
    assignment = Assignment(Path(request.path).parent)
    released = released_notebook(assignment)
    path = Path(request.config.getoption("--submission") or assignment.notebook_path)
    notebook, _ = read_notebook(path.read_bytes(), path.name)
    repair(notebook, released, path.name)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released, Path(edition)) as engine,
        engine.run(notebook) as session,
    ):
        yield assignment, session


@pytest.fixture
def student(request: pytest.FixtureRequest, submission: tuple[Assignment, Session]) -> Student:
    """The student's functions, as they were after the graded cell this test counts for."""
    assignment, session = submission
    test = next(test for test in assignment.hidden_tests if test.name == request.node.name)
    return Student(Sandboxed(session, assignment.settings.limits.call_seconds, test.grade_id))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """The same numbers for a test at every run."""
    return np.random.default_rng(seed_of(request.node.name))
