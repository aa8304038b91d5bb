"""Our own assignments, with their hidden tests moved into the cells, get the same points from nbgrader and from us."""

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

from grader import authoring, slips, vocabulary
from grader.assignment import Assignment
from grader.student_edition import build

from .classic import ClassicCourse, Graded, differences

NAMES = ("02-softmax-and-losses", "07-optimizers", "11-batch-normalization")


@pytest.fixture(scope="session")
def ours_as_classic(tmp_path_factory) -> tuple[Graded, Graded]:
    """Both sides' grades: all solved, every second exercise solved, and blank."""
    folder = tmp_path_factory.mktemp("classic")
    course = ClassicCourse(folder / "ours", "c.Execute.timeout = 60\n")
    for name in NAMES:
        assignment = Assignment.find(name)
        course.source(name, {f"{assignment.notebook_name}.ipynb": with_tests_inside(assignment), **modules()})
        build(course.root / "source" / name, [], name)
    course.release()
    for name in NAMES:
        solved = {
            vocabulary.grade_id(cell): cell.source
            for cell in Assignment.find(name).source.cells
            if vocabulary.is_exercise(cell)
        }
        course.answer("right", name, **solved)
        course.answer("half", name, **dict(list(solved.items())[::2]))
        course.answer("blank", name)
    return course.grade_twice()


def with_tests_inside(assignment):
    """Make the notebook as the benchmark does, without what is of this course alone."""
    path = Path(__file__).parents[1] / "benchmarks" / "grading.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_grading", path)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    notebook = benchmark.with_tests_in_cells(assignment)
    for cell in notebook.cells:
        cell.source = cell.source.replace("grader.authoring", "course_authoring")
        cell.source = re.sub(r"^check\(.*\)$", "# hidden", cell.source, flags=re.MULTILINE)  # wants frozen cases
    return notebook


def modules():
    """What hidden tests import of the grader, as the course's own files."""
    text = inspect.getsource(authoring).replace("grader.slips", "course_slips")
    text = text.replace("from grader.errors import did_you_mean", "did_you_mean = str")
    return {"course_authoring.py": text, "course_slips.py": inspect.getsource(slips)}


@pytest.mark.parametrize("name", NAMES)
def test_our_own_assignments_are_graded_as_nbgrader_grades_them(ours_as_classic, name):
    """Hidden tests as they are, called inside the cells, say the same in both."""
    stock, ours = ours_as_classic
    assert differences(stock, ours, name) == {}
    right, half, blank = (stock.score(name, student) for student in ("right", "half", "blank"))
    assert right > half >= blank == 0  # in one, every second exercise needs those between
