"""Grade one submission: repair it, run its cells in the sandbox, run the hidden tests here, score, diagnose."""

import ast
import contextlib
import html
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.assignment import Assignment, HiddenTest
from grader.diagnosis import Replays, diagnose
from grader.guard import Clock, Overran, memory_bounded
from grader.hidden import TestRun, run_test
from grader.needed import MOST_PARSED, asked_of_student, names_of, not_needed
from grader.repair import Refused, read_notebook, repair, usable_files
from grader.results import CellResult, GradeResult, TestResult
from grader.sandbox import confine, wire
from grader.sandbox.session import Died, Session, TimedOut, Zygote

CELL_OUTPUTS = 10  # times the limit of a cell's text that its outputs may take, pictures included
NOTEBOOK_OUTPUTS = 40  # times that limit that all outputs of a notebook may take
MOST_OUTPUTS = 1000  # of one cell
MOST_READ = 50_000  # characters of a solution in which other exercises are looked for
MOST_TIMEOUTS = 2  # of one cell's tests; after these its other tests are not run


class Sandboxed:
    """The student's functions in their process, as they were after one graded cell."""

    def __init__(self, session: Session, seconds: float, at: str) -> None:
        self._session, self._seconds, self._at = session, seconds, at

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the student's."""
        return self._session.call(name, args, kwargs, self._seconds, self._at)

    def value(self, name: str) -> Any:
        """Read a variable of the student's."""
        return self._session.value(name, self._seconds, self._at)


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
        See ``Zygote``.
    """

    def __init__(
        self,
        assignment: Assignment,
        released: NotebookNode,
        student_path: Path | None,
        isolation: str = "sandbox",
    ) -> None:
        self.assignment = assignment
        self.released = released
        self._replays = Replays(assignment)
        # What the course shows in cells the student did not touch took most of the grading time: pictures there are
        # not rendered, and cells that define nothing an exercise uses are not run.
        code = [cell for cell in released.cells if cell.cell_type == "code"]
        self._course_cells = {cell.source for cell in code if _is_the_courses(cell)}
        self._names = {cell.source: names_of(cell.source) for cell in code}
        self._asked = asked_of_student(assignment.hidden_tests_source)
        self._student_path, self._isolation = student_path, isolation
        self.zygote = self._warm()

    def _warm(self) -> Zygote:
        limits = self.assignment.settings.limits
        return Zygote(
            self._student_path,
            confine.Limits(
                memory_bytes=limits.memory_mb * 2**20,
                folder_bytes=limits.folder_mb * 2**20,
                cpu_seconds=int(limits.submission_seconds) + 60,
            ),
            self._isolation,
        )

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.zygote.close()

    def grade(self, data: bytes, student: str = "", files: Mapping[str, bytes] | None = None) -> GradeResult:
        """Grade one submitted notebook, given as bytes, with the files handed in beside it."""
        started = time.monotonic()
        name = f"{self.assignment.notebook_name}.ipynb"
        try:
            notebook, repairs = read_notebook(data, name)
            repairs += repair(notebook, self.released, name)
        except Refused as error:
            return GradeResult(self.assignment.name, student, [], [], time.monotonic() - started, problem=str(error))
        kept, left_out = usable_files(files or {}, set(self.assignment.course_files))
        if self.zygote.ended:  # whatever ended it, it is not the next student's fault
            self.zygote.close()
            self.zygote = self._warm()
        unneeded = self._unneeded(notebook)
        cells = self._grade_cells(notebook, kept, started, unneeded)
        if self._misses(notebook, cells, unneeded):
            cells = self._grade_cells(notebook, kept, started, set())
        _write_results(notebook, {cell.grade_id: cell for cell in cells})
        seconds = time.monotonic() - started
        return GradeResult(
            self.assignment.name, student, cells, repairs + left_out, seconds,
            notebook=nbformat.writes(notebook).encode(),
        )  # fmt: skip

    def _grade_cells(
        self, notebook: NotebookNode, files: Mapping[str, bytes], started: float, leave_out: set[int]
    ) -> list[CellResult]:
        until = started + self.assignment.settings.limits.submission_seconds
        with Session(self.zygote, {**self.assignment.course_files, **files}, until) as session, memory_bounded():
            troubles = self._run_cells(session, notebook, started, leave_out)
            return self._run_tests(session, notebook, troubles, started)

    def _unneeded(self, notebook: NotebookNode) -> set[int]:
        """Places of the course's own cells that define nothing the others, as the student left them, use."""
        code = {place: cell for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
        if sum(len(cell.source) for cell in code.values() if cell.source not in self._names) > MOST_PARSED:
            return set()  # reading it would take longer than running everything
        names = {place: self._names.get(cell.source) or names_of(cell.source) for place, cell in code.items()}
        course = {place for place, cell in code.items() if _is_the_courses(cell) and cell.source in self._course_cells}
        return not_needed(names, course, self._asked)

    def _misses(self, notebook: NotebookNode, cells: list[CellResult], left_out: set[int]) -> bool:
        """Whether something failed for want of a name that a cell which was left out would have defined."""
        told = [test.message for cell in cells for test in cell.tests]
        for cell in notebook.cells:
            told += [output.evalue[:200] for output in cell.get("outputs", []) if output.get("ename") == "NameError"]
        missing = {
            name for text in told for name in re.findall(r"name '(\w+)' is not defined|^(\w+) is not defined", text)
        }
        names = {name for pair in missing for name in pair if name}
        return any(names & self._names[notebook.cells[place].source].defined for place in left_out)

    def run(self, notebook: NotebookNode) -> Session:
        """Run a repaired notebook's cells and return its session, for running hidden tests one by one."""
        session = Session(self.zygote, self.assignment.course_files)
        self._run_cells(session, notebook, time.monotonic(), set())
        return session

    def _run_cells(
        self, session: Session, notebook: NotebookNode, started: float, leave_out: set[int]
    ) -> dict[str, tuple[str, str]]:
        """Run the code cells in order; return how cells with a grade_id ended that did not end by themselves."""
        limits = self.assignment.settings.limits
        troubles: dict[str, tuple[str, str]] = {}
        count = 0
        room = limits.output_kb * 1024 * NOTEBOOK_OUTPUTS
        for place, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            count += 1
            about = cell.metadata.get("nbgrader", {})
            grade_id = about.get("grade_id", "")
            if place in leave_out:
                note = "Not run while grading: this cell is the course's own, and no score depends on it.\n"
                cell.outputs = [_notebook_output(wire.Output("stream", "stdout", note), 0)]
                continue
            seconds = min(limits.cell_seconds, limits.submission_seconds - (time.monotonic() - started))
            try:
                if seconds <= 0:
                    raise TimedOut(f"was not run: the notebook took over {limits.submission_seconds:g} s")
                pin = grade_id if about.get("grade") else ""
                own = not about.get("locked") and cell.source not in self._course_cells
                ran = session.run(cell.source, seconds, limits.output_kb * 1024, pin, draw=own)
                outputs, used = _within(ran.outputs, min(room, limits.output_kb * 1024 * CELL_OUTPUTS))
                room -= used
                cell.outputs = [_notebook_output(output, count) for output in outputs]
                cell.execution_count = count
            except (TimedOut, Died) as error:
                kind = "timeout" if isinstance(error, TimedOut) else "died"
                troubles[grade_id] = (kind, str(error))
                text = f"This cell {error}." if kind == "timeout" else f"While this cell ran, {error}."
                cell.outputs = [_error_output(type(error).__name__, str(error), [text])]
        return troubles

    def _run_tests(
        self, session: Session, notebook: NotebookNode, troubles: dict[str, tuple[str, str]], started: float
    ) -> list[CellResult]:
        by_id = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        results = []
        for cell in self.released.cells:
            about = cell.metadata.get("nbgrader", {})
            if not about.get("grade"):
                continue
            grade_id, points = about.grade_id, float(about.points)
            if about.get("solution"):
                results.append(CellResult(grade_id, 0.0, points, "manual", "a person grades this"))
                continue
            tests = self.assignment.tests_of(grade_id)
            hung = troubles.get(grade_id, ("", ""))[0] == "timeout"  # its visible checks did not end either
            runs = self._run_cell_tests(session, tests, grade_id, source, started, 1 if hung else MOST_TIMEOUTS)
            results.append(self._score(grade_id, points, runs, troubles, by_id))
        _point_at_helpers(results, by_id)
        return results

    def _run_cell_tests(
        self, session: Session, tests: list[HiddenTest], grade_id: str, source: str, started: float, most_timeouts: int
    ) -> list[TestRun]:
        limits = self.assignment.settings.limits
        runs: list[TestRun] = []
        timeouts = 0
        for test in tests:
            if timeouts >= most_timeouts:
                runs.append(TestRun(test, False, "Not run: other calls of this function did not end.", "timeout"))
                continue
            if time.monotonic() - started > limits.submission_seconds:
                reason = f"Not run: the submission took over {limits.submission_seconds:g} s."
                runs.append(TestRun(test, False, reason, "timeout"))
                continue
            with Clock() as clock:
                run = run_test(test, Sandboxed(session, limits.call_seconds, grade_id), source)
            if clock.overran:
                session.close()  # the alarm may have come in the middle of a message
            timeouts += run.cause == "timeout"
            runs.append(run)
        return runs

    def _score(
        self,
        grade_id: str,
        points: float,
        runs: list[TestRun],
        troubles: dict[str, tuple[str, str]],
        by_id: Mapping[str, NotebookNode],
    ) -> CellResult:
        total = sum(run.test.weight for run in runs)
        share = sum(run.test.weight for run in runs if run.passed) / total if total else 0.0
        if grade_id in self.assignment.settings.all_or_nothing and share < 1:
            share = 0.0
        failed = [run for run in runs if not run.passed]
        causes = [run.cause for run in failed]
        reason = ""
        if not runs:
            status, reason = "failed", "no hidden test is written for this cell"
        elif not failed:
            status = "passed"
        elif any(run.passed for run in runs):
            status = "partial"
        elif "timeout" in causes or "died" in causes:
            status = "timeout" if "timeout" in causes else "died"
            reason = next(run.message for run in failed if run.cause == status)
        elif all(cause == "missing" for cause in causes):
            status, reason = "missing", failed[0].message
            solution = grade_id.removeprefix("test_")
            outputs = by_id.get(solution, NotebookNode()).get("outputs", [])
            stopped = [output.ename for output in outputs if "ename" in output]
            if stopped:
                reason = f"The cell of {solution} stopped with {stopped[0]}, so {solution} is not defined."
            if solution in troubles:  # the cell that should have defined it did not end
                status, how = troubles[solution]
                reason = (
                    f"The cell of {solution} {how}." if status == "timeout" else f"In the cell of {solution} {how}."
                )
        else:
            status = "failed"
        diagnosis = []
        with contextlib.suppress(Overran), Clock():
            diagnosis = diagnose(runs, self._replays) if failed else []
        tests = [TestResult(run.test.name, run.passed, run.message, run.test.claim) for run in runs]
        return CellResult(grade_id, points * share, points, status, reason, tests, diagnosis)


def _is_the_courses(cell: NotebookNode) -> bool:
    """Whether a cell as it was released is neither an exercise nor graded."""
    about = cell.metadata.get("nbgrader", {})
    return not about.get("grade") and not about.get("solution")


def _point_at_helpers(results: list[CellResult], by_id: Mapping[str, NotebookNode]) -> None:
    """Where an exercise uses another that loses points, say so instead of naming mistakes that may not be its own."""
    losing = {cell.grade_id.removeprefix("test_") for cell in results if cell.status not in ("passed", "manual")}
    for cell in results:
        exercise = cell.grade_id.removeprefix("test_")
        if exercise not in losing or cell.status == "missing" or exercise not in by_id:
            continue
        if len(by_id[exercise].source) > MOST_READ:
            continue
        try:
            tree = ast.parse(by_id[exercise].source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        helpers = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & losing - {exercise})
        if helpers:
            cell.diagnosis = []
            cell.reason = f"{exercise} uses your {' and '.join(helpers)}, with mistakes of its own: mend that first."


def _within(outputs: list[wire.Output], room: int) -> tuple[list[wire.Output], int]:
    """Keep the first outputs that fit into ``room`` characters; return them with what they take.

    The student's process bounds them, too, but nothing it does is certain.
    """
    kept: list[wire.Output] = []
    used = 0
    for output in outputs:
        size = sum(map(len, [output.name, output.text, *output.traceback, *output.data.values()]))
        if used + size > room or len(kept) >= MOST_OUTPUTS:
            kept.append(wire.Output("stream", "stderr", "[more output was not kept]\n"))
            break
        used += size
        kept.append(output)
    return kept, used


def _notebook_output(output: wire.Output, count: int) -> NotebookNode:
    if output.kind == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return nbformat.from_dict({"output_type": "stream", "name": name, "text": output.text})
    if output.kind == "error":
        return _error_output(output.name, output.text, output.traceback)
    data = {mime: output.data[mime] for mime in wire.KEPT_MIME if mime in output.data}
    shown = {"data": data, "metadata": {}}
    if output.kind == "execute_result":
        return nbformat.from_dict({"output_type": "execute_result", "execution_count": count, **shown})
    return nbformat.from_dict({"output_type": "display_data", **shown})


def _error_output(name: str, text: str, traceback: list[str]) -> NotebookNode:
    return nbformat.from_dict({"output_type": "error", "ename": name, "evalue": text, "traceback": traceback})


def _write_results(notebook: NotebookNode, results: dict[str, CellResult]) -> None:
    """Put each graded cell's verdict under it, as an output that any viewer of notebooks shows."""
    for cell in notebook.cells:
        result = results.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if result is not None and result.status != "manual" and cell.cell_type == "code":
            verdict = wire.Output("display_data", data={"text/plain": as_text(result), "text/html": as_html(result)})
            cell.outputs = [*cell.get("outputs", []), _notebook_output(verdict, 0)]


def as_text(result: CellResult) -> str:
    """Write a cell's verdict as plain text."""
    lines = [f"{result.grade_id}: {result.score:g} of {result.points:g} points ({result.status})"]
    lines += [result.reason] if result.reason else []
    for found in result.diagnosis:
        lines += [f"What happened: {found.says}", f"Hint: {found.hint}"]
    for test in sorted(result.tests, key=lambda test: test.passed):
        lines.append(f"{'passed' if test.passed else 'FAILED'}  {test.claim or test.name}")
        lines += [f"        {test.message}"] if test.message and test.message != result.reason else []
    return "\n".join(lines)


def as_html(result: CellResult) -> str:
    """Write a cell's verdict as HTML that stands alone and needs no script."""
    color = {"passed": "#1b7837", "partial": "#b35806"}.get(result.status, "#b2182b")
    rows = [
        f'<div style="border-left:4px solid {color};padding:.4em .8em;margin:.4em 0">',
        f"<b>{result.score:g} of {result.points:g} points</b> ({result.status})",
    ]
    if result.reason:
        rows.append(f"<div>{html.escape(result.reason)}</div>")
    for found in result.diagnosis:
        rows.append(f"<p><b>{html.escape(found.says)}</b><br>Hint: {html.escape(found.hint)}</p>")
    rows.append('<ul style="list-style:none;padding-left:0;margin:.3em 0">')
    for test in sorted(result.tests, key=lambda test: test.passed):
        mark = '<span style="color:#1b7837">✓</span>' if test.passed else '<span style="color:#b2182b">✗</span>'
        told = "" if test.message == result.reason else html.escape(test.message)  # not the same under each test
        message = f'<br><span style="padding-left:1.4em">{told}</span>' if told else ""
        rows.append(f"<li>{mark} {html.escape(test.claim or test.name)}{message}</li>")
    rows.append("</ul></div>")
    return "\n".join(rows)
