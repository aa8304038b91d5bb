"""A student's feedback page: on the first screen what was reached, what is wrong and what to do; their work below it.

It is made from the record of grading, the graded notebook and the gradebook. The course's own text, which every student
has, is left out; whatever a student wrote or changed is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, Student

from grader import vocabulary
from grader.assignment import Assignment
from grader.cells import NOT_RUN, PASSED_OVER
from grader.clean_html import Page, render_markdown
from grader.course import Course
from grader.marking import Question, questions
from grader.results import CellResult, Diagnosis, GradeResult, Standing, TestResult, in_notebook, told
from grader.shown_cell import new_page, shown, shown_outputs
from grader.standing import Mark, comments, marks, standings
from grader.templating import render

ENOUGH = 1e-9  # points that rounding may take


@dataclass(frozen=True)
class Held:
    """What the gradebook holds of one submission; ``standing`` is None where it holds none."""

    name: str  # of the student, where it is known
    marks: Mapping[str, Mark]  # by cell
    comments: Mapping[str, str]  # a person's, by cell
    standing: Standing | None


@dataclass(frozen=True)
class Item:
    """One graded cell as the page shows it."""

    name: str
    anchor: str
    points: float
    mark: Mark
    result: CellResult
    is_question: bool
    asked: str  # the question, as HTML
    cells: Sequence[str]  # what the student wrote for it, as HTML
    comment: str  # a person's, as HTML
    hints: Sequence[str]

    @property
    def kind(self) -> str:
        """good, half, bad; or open, where a person has yet to look."""
        if self.mark.score is None:
            return "open"
        if self.mark.score >= self.points - ENOUGH:
            return "good"
        return "half" if self.mark.score > ENOUGH else "bad"

    @property
    def word(self) -> str:
        """What happened, in a word or two."""
        if self.kind == "open":
            return told("manual")
        if self.mark.by_hand:
            return "graded by a person"
        if self.is_question:
            return "nothing was written"  # which has its 0 at once
        return told(self.result.status)

    @property
    def lost(self) -> float:
        """Points that could still be won."""
        return 0.0 if self.mark.score is None else max(0.0, self.points - self.mark.score)

    @property
    def to_fix(self) -> bool:
        """Whether it is code that tests found something wrong with."""
        return self.lost > ENOUGH and not self.is_question

    @property
    def mistakes(self) -> list[Diagnosis]:
        """The known mistakes that explain what is lost."""
        return self.result.diagnosis if self.kind in ("half", "bad") else []

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence, where no known mistake says it better."""
        if self.mistakes or self.is_question or self.kind not in ("half", "bad"):
            return ""
        if self.result.reason:
            return self.result.reason
        return next((test.message or test.claim for test in self.result.tests if not test.passed), "")

    @property
    def not_run(self) -> bool:
        """Whether there was no code that tests could have called."""
        return self.result.status in ("missing", "syntax")

    @property
    def tests(self) -> list[TestResult]:
        """What the hidden tests claim, the failed ones first."""
        return sorted(self.result.tests, key=lambda test: test.passed)


class FeedbackPages:
    """Makes the pages of one assignment, one student after the other.

    Parameters
    ----------
    gradebook
        Open as long as this is used.
    """

    def __init__(self, course: Course, assignment: Assignment, gradebook: Gradebook) -> None:
        self._course, self._assignment, self._gradebook = course, assignment, gradebook

    @cached_property
    def _courses_texts(self) -> dict[str, set[str]]:
        """By notebook, what the course wrote in cells that are no answers."""
        return {
            part.notebook_name: {cell.source.strip() for cell in part.source.cells if not vocabulary.is_solution(cell)}
            for part in self._assignment.parts
        }

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.name: question for question in questions(self._assignment)}

    def write(self, result: GradeResult, plain: bool = False) -> dict[str, str]:
        """Make the pages of one student, one for each graded notebook, by its name.

        A ``plain`` page shows what the student wrote as it was typed.
        """
        folder = self._course.path("autograded", result.student, self._assignment.name)
        held = self._held(result.student)
        names = [part.notebook_name for part in self._assignment.parts]
        names = [name for name in names if (folder / f"{name}.ipynb").exists()]
        items = {name: self._items(result, held, folder, name, plain) for name in names}
        every = [item for found, _ in items.values() for item in found]
        return {name: self._page(result, held, name, names, every, *items[name]) for name in names}

    def _page(
        self,
        result: GradeResult,
        held: Held,
        name: str,
        names: Sequence[str],
        every: Sequence[Item],
        items: Sequence[Item],
        others: Sequence[str],
    ) -> str:
        waiting = [item for item in every if item.mark.score is None]
        marked = [item for item in every if item.mark.score is not None]
        standing = held.standing or Standing(fsum(item.mark.total or 0.0 for item in marked), 0.0)
        return render(
            "feedback.html",
            title=self._assignment.settings.title,
            assignment=self._assignment.name,
            student=result.student,
            person=held.name,
            notebook=name,
            notebooks=names,
            score=standing.score,
            out_of=fsum(item.points for item in marked),
            waiting=len(waiting),
            waiting_points=fsum(item.points for item in waiting),
            penalty=standing.penalty,
            told=result.repairs,
            items=items,
            others=others,
            next_steps=sorted((item for item in items if item.to_fix), key=lambda item: -item.lost),
            all_right=all(item.lost <= ENOUGH for item in every),
            comments=[item for item in items if item.comment],
            has_check=self._assignment.uses_nnlib and not self._assignment.is_classic,
        )

    def _items(
        self, result: GradeResult, held: Held, folder: Path, notebook: str, plain: bool
    ) -> tuple[list[Item], list[str]]:
        """The graded cells of a notebook, each with what was written before it, and what was written after them all."""
        page = new_page(plain)
        cells = nbformat.from_dict(nbformat.read(folder / f"{notebook}.ipynb", nbformat.NO_CONVERT)).cells
        results = {cell.grade_id: cell for cell in result.cells}
        several = len(self._assignment.parts) > 1
        items: list[Item] = []
        written: list[str] = []
        for cell in cells:
            grade_id = vocabulary.grade_id(cell)
            own = self._is_own(cell, notebook)
            if own and cell.source.strip():
                written.append(shown(_without_notes(cell), page))
            key = in_notebook(notebook, grade_id) if several else grade_id
            found = results.get(key)
            if found is None:
                continue
            mark = held.marks.get(key, Mark(None if found.status == "manual" else found.score))
            name = vocabulary.exercise_of(grade_id)
            comment = held.comments.get(key) or held.comments.get(in_notebook(notebook, name) if several else name)
            if not own and key in self._assignment.decided_in_cells:
                written.append(shown_outputs(_without_verdict(cell), page))
            question = self._questions.get(key)
            item = Item(
                name=name,
                anchor=f"item-{len(items) + 1}",
                points=found.points,
                mark=mark,
                result=found,
                is_question=found.status == "manual",
                asked=_markdown(question.text, new_page()) if question else "",
                cells=[text for text in written if text],
                comment=_markdown(comment, page) if comment else "",
                hints=self._assignment.hints.get(name, []),
            )
            items.append(item)
            written = []
        return items, written

    def _is_own(self, cell: NotebookNode, notebook: str) -> bool:
        """Whether the student wrote the cell, or may have."""
        if vocabulary.is_solution(cell):
            return True
        if vocabulary.is_locked(cell) or cell.get("id") == "before-grading":
            return False
        return cell.source.strip() not in self._courses_texts.get(notebook, set())

    def _held(self, student: str) -> Held:
        name, gradebook = self._assignment.name, self._gradebook
        person = gradebook.db.query(Student.first_name, Student.last_name).filter(Student.id == student).one_or_none()
        return Held(
            " ".join(filter(None, person or ())),
            marks(gradebook, name, student).get(student, {}),
            comments(gradebook, name, student),
            standings(gradebook, name, student).get(name, {}).get(student),
        )


def _markdown(text: str, page: Page) -> str:
    return render_markdown({"resources": {"grader_page": page}}, text)


def _without_notes(cell: NotebookNode) -> NotebookNode:
    """Leave out what grading printed in the place of a cell's output."""
    return _with_outputs(cell, (each for each in cell.get("outputs", []) if each.get("text") != NOT_RUN))


def _without_verdict(cell: NotebookNode) -> NotebookNode:
    """Leave out the verdict, which grading puts last and the page shows in its own way."""
    outputs = [each for each in cell.get("outputs", []) if each.get("text") not in (NOT_RUN, PASSED_OVER)]
    return _with_outputs(cell, outputs[:-1])


def _with_outputs(cell: NotebookNode, outputs: Sequence[NotebookNode] | Iterator[NotebookNode]) -> NotebookNode:
    return cell if cell.cell_type != "code" else nbformat.from_dict({**cell, "outputs": list(outputs)})
