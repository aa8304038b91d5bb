"""The one way for every submission, whatever door it came by: ``grade_submission``."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from grader import vocabulary
from grader.assignment import Assignment
from grader.engine import Engine
from grader.errors import GraderError
from grader.intake.submission import Submission
from grader.reading import Refused
from grader.results import CellResult, GradeResult, in_notebook, short_lines
from grader.sandbox.warm import Lost


class NotGraded(GraderError):
    """Grading failed through no fault of the student: no verdict, no points, no zero; the next run tries again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)  # the argument itself: exceptions are made again from it in another process
        self.reason = reason

    def __str__(self) -> str:
        return f"not graded, through no fault of the student: {self.reason}. Run again."


def grade_submission(engines: Sequence[Engine], submission: Submission) -> GradeResult:
    """Grade what was handed in, a second time where the warm process was lost.

    Parameters
    ----------
    engines
        One for each of the assignment's notebooks.

    Raises
    ------
    Refused
        It is no submission of this assignment; the text says why.
    NotGraded
        Something of ours failed.
    """
    try:
        results = [_graded(engine, submission) for engine in engines]
    except Refused:
        raise
    except Exception as error:
        raise as_problem(error) from error
    names = [engine.assignment.notebook_name for engine in engines]
    return results[0] if len(results) == 1 else _joined(dict(zip(names, results, strict=True)))


def _graded(engine: Engine, submission: Submission) -> GradeResult:
    """Grade one notebook, or say that it is not among those handed in."""
    name = engine.assignment.notebook_file
    data = submission.notebooks.get(name)
    if data is None:
        return _not_handed_in(engine.assignment, submission.student)
    try:
        return engine.grade(data, submission.student, submission.files, submission.notes)
    except Lost:  # the engine starts another warm process
        return engine.grade(data, submission.student, submission.files, submission.notes)


def _not_handed_in(assignment: Assignment, student: str) -> GradeResult:
    """Give a notebook that is missing beside others no points, as nbgrader does."""
    reason = f"{assignment.notebook_file} was not handed in."
    cells = [
        CellResult(grade_id, 0.0, float(vocabulary.about(cell).points), "manual" if by_hand else "missing", reason)
        for grade_id, cell in assignment.graded_cells.items()
        for by_hand in [vocabulary.is_manual(cell)]
    ]
    asked = [cell for cell in assignment.source.cells if vocabulary.is_solution(cell) or vocabulary.is_task(cell)]
    blank = [vocabulary.grade_id(cell) for cell in asked]
    return GradeResult(assignment.name, student, cells, [reason.rstrip(".")], 0.0, blank=blank)


def _joined(results: dict[str, GradeResult]) -> GradeResult:
    """Make one result of those of several notebooks, given by their names; what is said of all is said once."""
    joined = GradeResult("", "", [], [], 0.0)
    for name, result in results.items():
        joined.assignment, joined.student = result.assignment, result.student
        joined.cells += [replace(cell, grade_id=in_notebook(name, cell.grade_id)) for cell in result.cells]
        joined.blank += [in_notebook(name, grade_id) for grade_id in result.blank]
        joined.repairs += [line for line in result.repairs if line not in joined.repairs]
        joined.syntax += result.syntax
        joined.seconds += result.seconds
        joined.spent = dict(Counter(joined.spent) + Counter(result.spent))
        joined.notebooks |= result.notebooks
    joined.repairs = short_lines(joined.repairs)
    return joined


def as_problem(error: BaseException) -> GraderError:
    """Turn what ended the grading of one submission into why there is no verdict: that ends nobody else's."""
    return error if isinstance(error, Refused) else NotGraded(f"{type(error).__name__}: {error}")
