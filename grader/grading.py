"""The one way for every submission, whatever door it came by: ``grade_submission``."""

from grader.engine import Engine
from grader.errors import GraderError
from grader.intake.submission import Submission
from grader.reading import Refused
from grader.results import GradeResult
from grader.sandbox.warm import Lost


class NotGraded(GraderError):
    """Grading failed through no fault of the student: no verdict, no points, no zero; the next run tries again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)  # the argument itself: exceptions are made again from it in another process
        self.reason = reason

    def __str__(self) -> str:
        return f"not graded, through no fault of the student: {self.reason}. Run again."


def grade_submission(engine: Engine, submission: Submission) -> GradeResult:
    """Grade what was handed in, a second time where the warm process was lost.

    Raises
    ------
    Refused
        It is no submission of this assignment; the text says why.
    NotGraded
        Something of ours failed.
    """
    try:
        try:
            result = engine.grade(submission.notebook, submission.student, submission.files, submission.notes)
        except Lost:  # the engine starts another warm process
            result = engine.grade(submission.notebook, submission.student, submission.files, submission.notes)
    except Refused:
        raise
    except Exception as error:
        raise as_problem(error) from error
    return result


def as_problem(error: BaseException) -> GraderError:
    """Turn what ended the grading of one submission into why there is no verdict: that ends nobody else's."""
    return error if isinstance(error, Refused) else NotGraded(f"{type(error).__name__}: {error}")
