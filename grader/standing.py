"""How students stand in the gradebook: the one place where a final score and the marks of cells are read.

A score is what tests or a person gave, extra credit with it; a final score is their sum with the late penalty off, and
never below 0. Where a person has yet to look, there is no score, and no 0 in its place.
"""

from collections import defaultdict
from typing import NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import and_

from grader.results import Standing, in_notebook


class Mark(NamedTuple):
    """The score of one cell of one submission; None where a person has yet to give it."""

    score: float | None
    extra: float = 0.0  # points that a person gave on top
    by_hand: bool = False
    look_again: bool = False  # a person marked it, and it was graded again since

    @property
    def total(self) -> float | None:
        """The score, extra credit with it."""
        return None if self.score is None else self.score + self.extra


def standings(gradebook: Gradebook, assignment: str = "", student: str = "") -> dict[str, dict[str, Standing]]:
    """How everybody who handed in stands, by assignment and student; or those of one assignment, or student, only."""
    any_grade = SubmittedNotebook.grades.any
    unscored = and_(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
    query = (
        gradebook.db.query(
            Assignment.name,
            SubmittedAssignment.student_id,
            SubmittedAssignment.score,
            SubmittedAssignment.max_score,
            SubmittedAssignment.late_submission_penalty,
            SubmittedAssignment.notebooks.any(any_grade(and_(unscored, Grade.max_score > 0))),
            SubmittedAssignment.notebooks.any(any_grade(~unscored)),
        )
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .order_by(Assignment.name, SubmittedAssignment.student_id)
    )
    if assignment:
        query = query.filter(Assignment.name == assignment)
    if student:
        query = query.filter(SubmittedAssignment.student_id == student)
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    for name, of, reached, points, penalty, waits, scored in query:
        off = penalty or 0.0
        found[name][of] = Standing(max(0.0, reached - off), points, off, bool(waits), bool(scored))
    return dict(found)


def marks(gradebook: Gradebook, assignment: str, student: str = "") -> dict[str, dict[str, Mark]]:
    """The score of every cell, by student and cell; or of one student only.

    Where there are several notebooks, the names of cells are those of ``in_notebook``.
    """
    query = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .select_from(Grade)
        .join(Grade.notebook)
        .join(SubmittedNotebook.assignment)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Grade.cell)
        .filter(SubmittedAssignment.assignment.has(name=assignment))
    )
    if student:
        query = query.filter(SubmittedAssignment.student_id == student)
    several = _several(gradebook, assignment)
    found: dict[str, dict[str, Mark]] = defaultdict(dict)
    for of, notebook, cell, auto, manual, extra, look in query:
        score = auto if manual is None else manual
        name = in_notebook(notebook, cell) if several else cell
        found[of][name] = Mark(score, extra or 0.0, manual is not None, bool(look) and score is not None)
    return dict(found)


def comments(gradebook: Gradebook, assignment: str, student: str) -> dict[str, str]:
    """What people wrote to a student, by cell; see ``marks`` for the cells' names."""
    query = (
        gradebook.db.query(Notebook.name, BaseCell.name, Comment.manual_comment)
        .select_from(Comment)
        .join(Comment.notebook)
        .join(SubmittedNotebook.assignment)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Comment.cell)
        .filter(SubmittedAssignment.assignment.has(name=assignment), SubmittedAssignment.student_id == student)
    )
    several = _several(gradebook, assignment)
    return {in_notebook(notebook, cell) if several else cell: text for notebook, cell, text in query if text}


def _several(gradebook: Gradebook, assignment: str) -> bool:
    """Whether the assignment has several notebooks."""
    return bool(gradebook.db.query(Notebook.id).filter(Notebook.assignment.has(name=assignment)).count() > 1)
