"""Grade one notebook file without a course."""

from pathlib import Path

from grader.assignment import Assignment, AssignmentError, list_assignments
from grader.engine import Engine
from grader.release import build_student_edition, released_notebook
from grader.repair import Refused, read_notebook
from grader.results import GradeResult


def check_file(path: Path, assignment_name: str | None = None, isolation: str = "sandbox") -> GradeResult:
    """Grade the notebook at ``path``; ``Refused`` or ``AssignmentError`` where it cannot be."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    assignment = Assignment.find(assignment_name) if assignment_name else guess_assignment(path, data)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released_notebook(assignment), Path(edition), isolation=isolation) as engine,
    ):
        result = engine.grade(data, files=_files_beside(path, assignment))
    if result.problem:
        raise Refused(result.problem)
    return result


def guess_assignment(path: Path, data: bytes) -> Assignment:
    """Tell the assignment from the file's name, else from the ids of its cells."""
    assignments = [Assignment.find(name) for name in list_assignments()]
    for assignment in assignments:
        if assignment.notebook_name == path.stem:
            return assignment
    notebook, _ = read_notebook(data, path.name)
    ids = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata}
    best = max(assignments, key=lambda assignment: len(ids & set(assignment.graded_cells)), default=None)
    if best is None or not ids & set(best.graded_cells):
        known = ", ".join(assignment.name for assignment in assignments)
        raise AssignmentError(
            f"{path.name}: neither name nor cells tell the assignment; add --assignment, one of: {known}."
        )
    return best


def _files_beside(path: Path, assignment: Assignment) -> dict[str, bytes]:
    """Take the student's own files from a submission's folder, which has the assignment's name; from no other."""
    folder = path.resolve().parent
    if folder.name != assignment.name or folder == assignment.folder.resolve():
        return {}
    from grader.submission import read_submission

    return read_submission("", folder, path.name).files
