"""Grade one notebook file without a gradebook."""

from collections.abc import Callable
from pathlib import Path

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.course import SETTINGS as COURSE
from grader.engine import Engine
from grader.errors import AssignmentError
from grader.grading import grade_submission
from grader.guard import bounded
from grader.intake.expected import Expected
from grader.intake.submission import Submission, read_submission
from grader.reading import Refused, read_notebook
from grader.release import build_student_edition, released_notebook
from grader.results import GradeResult
from grader.sandbox.limits import Isolation, cut_short_by_the_system


def check_file(
    path: Path,
    assignment_name: str | None = None,
    isolation: Isolation = Isolation.sandbox,
    sources: tuple[Path, ...] = (),
    say: Callable[[str], object] = lambda line: None,
) -> GradeResult:
    """Grade the notebook, or the submission's folder, at ``path``.

    Raises ``Refused`` or ``AssignmentError`` where it cannot be graded, and ``NotGraded`` where we failed.

    Parameters
    ----------
    assignment_name
        Found from the file where None.
    sources
        Folders in which assignments are looked for; the project's by default.
    say
        Called with each line for the user.
    """
    assignment = _find(path, assignment_name, sources)
    assignment.require_tests()
    for line in cut_short_by_the_system(assignment.settings.limits):
        say(line)
    released = released_notebook(assignment)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released, Path(edition), isolation=isolation) as engine,
    ):
        expected = Expected.of(assignment, released, edition)
        if path.is_dir():
            return grade_submission(engine, read_submission("", path, expected))
        submission = Submission("", _read(path))
        if _is_handed_in(path, assignment):
            submission.files = read_submission("", path.resolve().parent, expected).files
        return grade_submission(engine, submission)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None


def _find(path: Path, name: str | None, sources: tuple[Path, ...]) -> Assignment:
    if name is None and path.is_dir():
        name = path.resolve().name
    try:
        return Assignment.find(name, *sources) if name else guess_assignment(path, _read(path), *sources)
    except AssignmentError as error:
        if sources or not (Path() / COURSE).is_file():
            raise
        # A course's settings are a program, and those in this folder may be the submission's: they are not run unasked.
        raise AssignmentError(f"{error} To look in the course in this folder as well, add: --course .") from None


def guess_assignment(path: Path, data: bytes, *sources: Path) -> Assignment:
    """Tell the assignment from the file's name, else from the ids of its cells."""
    assignments = [Assignment.find(name, *sources) for name in list_assignments(*sources)]
    for assignment in assignments:
        if assignment.notebook_name == path.stem:
            return assignment
    with bounded(path.name, "reading"):
        notebook, _ = read_notebook(data, path.name)
    ids = vocabulary.by_grade_id(notebook).keys()
    best = max(assignments, key=lambda assignment: len(ids & set(assignment.graded_cells)), default=None)
    if best is None or not ids & set(best.graded_cells):
        known = ", ".join(assignment.name for assignment in assignments)
        raise AssignmentError(
            f"{path.name}: neither name nor cells tell which assignment it is; add --assignment, one of: {known}."
        )
    return best


def _is_handed_in(path: Path, assignment: Assignment) -> bool:
    """Whether the file is in a submission's folder, which has the assignment's name; no other's files are taken."""
    folder = path.resolve().parent
    return folder.name == assignment.name and folder != assignment.folder.resolve()
