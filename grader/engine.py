"""Grade one submission: repair it, run its cells in the sandbox, run the hidden tests here, score, diagnose."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader import vocabulary
from grader.assignment import Assignment, HiddenTest
from grader.budget import Budget
from grader.cells import NotebookRun, notebook_output, run_cells
from grader.diagnosis import Replays, diagnose
from grader.guard import Clock, Overran, memory_bounded
from grader.hidden import Sandboxed, TestRun, run_test
from grader.intake.beside import usable_files
from grader.intake.expected import Expected
from grader.needed import MOST_PARSED, asked_of_student, names_of, not_needed, reads_otherwise
from grader.pages import as_html, as_text
from grader.repair import read_notebook, repair
from grader.results import CellResult, GradeResult
from grader.sandbox.limits import Isolation
from grader.sandbox.messages import Output
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess
from grader.scoring import point_at_helpers, score_cell

MOST_TIMEOUTS = 2  # of one cell's tests; after these its other tests are not run


class Engine:
    """Grades submissions of one assignment, one after the other, with one warm process.

    Parameters
    ----------
    assignment
        Whose hidden tests are run.
    released
        The notebook as students received it.
    student_path
        Folder that holds the student's edition of nnlib.
    isolation
        See ``WarmProcess``.
    """

    def __init__(
        self,
        assignment: Assignment,
        released: NotebookNode,
        student_path: Path | None,
        isolation: Isolation = Isolation.sandbox,
    ) -> None:
        self.assignment = assignment
        self.released = released
        self._replays = Replays(assignment)
        # What the course shows in cells the student did not touch took most of the grading time: pictures there are
        # not rendered, and cells that define nothing an exercise uses are not run.
        code = [cell for cell in released.cells if cell.cell_type == "code"]
        self._course_cells = {cell.source for cell in code if vocabulary.is_the_courses(cell)}
        self._names = {cell.source: names_of(cell.source) for cell in code}
        self._asked = asked_of_student(assignment.hidden_tests_source)
        self.expected = Expected.of(assignment, released, student_path)
        self._student_path, self._isolation = student_path, isolation
        self.zygote = self._warm()

    def _warm(self) -> WarmProcess:
        return WarmProcess(self._student_path, self.assignment.settings.limits, self._isolation)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.zygote.close()

    def grade(self, data: bytes, student: str = "", files: Mapping[str, bytes] | None = None) -> GradeResult:
        """Grade one submitted notebook, given as bytes, with the files handed in beside it.

        Raises ``Refused`` where it is no submission of this assignment, and ``Lost`` where the warm process is gone.
        """
        budget = Budget(self.assignment.settings.limits)
        name = self.assignment.notebook_file
        notebook, repairs = read_notebook(data, name)
        repairs += repair(notebook, self.released, name)
        kept, left_out = usable_files(files or {}, set(self.assignment.course_files), self.expected.files)
        if self.zygote.ended:  # whatever ended it, it is not the next student's fault
            self.zygote.close()
            self.zygote = self._warm()
        unneeded = self._unneeded(notebook, kept)
        cells, missed = self._grade_cells(notebook, kept, budget, unneeded)
        if any(missed & self._names[notebook.cells[place].source].defined for place in unneeded):
            cells, _ = self._grade_cells(notebook, kept, budget, set())
        _write_verdicts(notebook, cells)
        return GradeResult(
            self.assignment.name, student, cells, repairs + left_out, budget.spent,
            blank=self._blank(notebook), notebook=nbformat.writes(notebook).encode(),
        )  # fmt: skip

    def _grade_cells(
        self, notebook: NotebookNode, files: Mapping[str, bytes], budget: Budget, leave_out: set[int]
    ) -> tuple[list[CellResult], set[str]]:
        """Run cells and tests; return the verdicts, and the names that something failed for want of."""
        beside = {**self.assignment.course_files, **files}
        with Session(self.zygote, beside, budget.until) as session, memory_bounded():
            ran = run_cells(session, notebook, budget, self._course_cells, leave_out)
            return self._run_tests(session, notebook, ran, budget)

    def _unneeded(self, notebook: NotebookNode, files: Mapping[str, bytes]) -> set[int]:
        """Places of the course's own cells that define nothing the others, as the student left them, use."""
        code = {place: cell for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
        own = [cell.source for cell in code.values() if cell.source not in self._names]
        if sum(map(len, own)) > MOST_PARSED:
            return set()  # reading it would take longer than running everything
        if reads_otherwise(own, files):
            return set()
        names = {place: self._names.get(cell.source) or names_of(cell.source) for place, cell in code.items()}
        course = {
            place
            for place, cell in code.items()
            if vocabulary.is_the_courses(cell) and cell.source in self._course_cells
        }
        return not_needed(names, course, self._asked)

    def run(self, notebook: NotebookNode) -> Session:
        """Run a repaired notebook's cells and return its session, for running hidden tests one by one."""
        session = Session(self.zygote, self.assignment.course_files)
        run_cells(session, notebook, Budget(self.assignment.settings.limits), self._course_cells, set())
        return session

    def _run_tests(
        self, session: Session, notebook: NotebookNode, ran: NotebookRun, budget: Budget
    ) -> tuple[list[CellResult], set[str]]:
        submitted = vocabulary.by_grade_id(notebook)
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        results, missed = [], set(ran.missed)
        for cell in filter(vocabulary.is_graded, self.released.cells):
            grade_id, points = vocabulary.grade_id(cell), float(vocabulary.about(cell).points)
            if vocabulary.is_manual(cell):
                results.append(CellResult(grade_id, 0.0, points, "manual", "a person grades this"))
                continue
            end = ran.ends.get(grade_id)
            hung = end is not None and end.kind == "timeout"  # its visible checks did not end either
            runs = self._run_cell_tests(session, grade_id, source, budget, 1 if hung else MOST_TIMEOUTS)
            missed.update(run.missing_name for run in runs)
            own_cell = submitted.get(vocabulary.exercise_of(grade_id), NotebookNode())
            stopped_with = next((output.ename for output in own_cell.get("outputs", []) if "ename" in output), "")
            all_or_nothing = grade_id in self.assignment.settings.all_or_nothing
            results.append(
                score_cell(grade_id, points, runs, ran.ends, stopped_with, all_or_nothing, self._diagnosed(runs))
            )
        point_at_helpers(results, submitted)
        return results, missed

    def _run_cell_tests(
        self, session: Session, grade_id: str, source: str, budget: Budget, most_timeouts: int
    ) -> list[TestRun]:
        runs: list[TestRun] = []
        timeouts = 0
        for test in self.assignment.tests_of(grade_id):
            if timeouts >= most_timeouts:
                runs.append(_not_run(test, "Not run: other calls of this function did not end."))
                continue
            if budget.is_over:
                runs.append(
                    _not_run(test, f"Not run: the submission took over {budget.limits.submission_seconds:g} s.")
                )
                continue
            with Clock() as clock:
                run = run_test(test, Sandboxed(session, budget.limits.call_seconds, grade_id), source)
            if clock.overran:
                session.close()  # the alarm may have come in the middle of a message
            timeouts += run.cause == "timeout"
            runs.append(run)
        return runs

    def _diagnosed(self, runs: list[TestRun]) -> list[Any]:
        with contextlib.suppress(Overran), Clock():
            return diagnose(runs, self._replays)
        return []

    def _blank(self, notebook: NotebookNode) -> list[str]:
        """Ids of the cells for students in which nothing was written."""
        asked = {
            vocabulary.grade_id(cell): cell.source.strip()
            for cell in self.released.cells
            if vocabulary.is_solution(cell)
        }
        return [
            grade_id
            for grade_id, cell in vocabulary.by_grade_id(notebook).items()
            if asked.get(grade_id) == cell.source.strip()
        ]


def _not_run(test: HiddenTest, reason: str) -> TestRun:
    return TestRun(test, False, reason, "timeout")


def _write_verdicts(notebook: NotebookNode, results: list[CellResult]) -> None:
    """Put each graded cell's verdict under it, as an output that any viewer of notebooks shows."""
    by_id = {result.grade_id: result for result in results}
    for cell in notebook.cells:
        result = by_id.get(vocabulary.grade_id(cell))
        if result is not None and result.status != "manual" and cell.cell_type == "code":
            verdict = Output("display_data", data={"text/plain": as_text(result), "text/html": as_html(result)})
            cell.outputs = [*cell.get("outputs", []), notebook_output(verdict, 0)]
