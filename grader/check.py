"""Grade one notebook file without a gradebook."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.course import SETTINGS as COURSE
from grader.engine import Engine
from grader.errors import AssignmentError
from grader.grading import grade_submission
from grader.guard import bounded
from grader.intake.submission import Submission, read_submission
from grader.nursery import warm_start
from grader.reading import Refused, read_notebook
from grader.released import hidden_texts, released_notebook, whole_notebook
from grader.results import GradeResult
from grader.sandbox.limits import Isolation, cut_short_by_the_system
from grader.sandbox.warm import WarmProcesses
from grader.student_edition import build_student_edition


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
    with ExitStack() as stack:
        edition = stack.enter_context(build_student_edition(assignment))
        engines, expected = [], []
        parts = _asked_for(path, assignment)
        settings = assignment.settings
        warm = stack.enter_context(
            WarmProcesses(Path(edition), settings.limits, isolation, settings.sandbox, assignment.folder, warm_start())
        )
        for part in parts:
            whole = whole_notebook(part)
            released = released_notebook(part, whole)
            hidden = hidden_texts(whole, released)
            engines.append(Engine(part, released, Path(edition), isolation, hidden, warm))
            expected.append(engines[-1].expected)
        if path.is_dir():
            return grade_submission(engines, read_submission("", path, *expected))
        with bounded(path.name, "reading"):
            read_notebook(data := _read(path), path.name)  # what is no notebook is refused by its own name
        submission = Submission("", {expected[0].notebook: data})
        if _is_handed_in(path, assignment):
            submission.files = read_submission("", path.resolve().parent, *expected).files
        return grade_submission(engines, submission)


def _asked_for(path: Path, assignment: Assignment) -> list[Assignment]:
    """The notebooks of an assignment that are to be graded: all of a folder, the one that a file is."""
    parts = assignment.parts
    if path.is_dir() or len(parts) == 1:
        return parts
    if found := [part for part in parts if part.notebook_name == path.stem]:
        return found
    names = ", ".join(part.notebook_file for part in parts)
    raise AssignmentError(f"{path.name} is no notebook of {assignment.name}; rename it to one of: {names}.")


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
        if any(part.notebook_name == path.stem for part in assignment.parts):
            return assignment
    with bounded(path.name, "reading"):
        notebook, _ = read_notebook(data, path.name)
    ids = vocabulary.by_grade_id(notebook).keys()

    def shared(assignment: Assignment) -> int:
        return sum(len(ids & part.graded_cells.keys()) for part in assignment.parts)

    best = max(assignments, key=shared, default=None)
    if best is None or not shared(best):
        known = ", ".join(assignment.name for assignment in assignments)
        raise AssignmentError(
            f"{path.name}: neither name nor cells tell which assignment it is; add --assignment, one of: {known}."
        )
    return best


def _is_handed_in(path: Path, assignment: Assignment) -> bool:
    """Whether the file is in a submission's folder, which has the assignment's name; no other's files are taken."""
    folder = path.resolve().parent
    return folder.name == assignment.name and folder != assignment.folder.resolve()
