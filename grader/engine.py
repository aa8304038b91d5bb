"""Grade one submission: repair it, run its cells in the sandbox, run the hidden tests here, score, diagnose."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from nbformat import NotebookNode

from grader import vocabulary
from grader.assignment import Assignment
from grader.attempts import Stubs
from grader.blank import blank_cells
from grader.budget import Budget
from grader.cells import NOT_RUN, PASSED_OVER, notebook_output, run_cells
from grader.diagnosis import Replays
from grader.guard import bounded, memory_bounded
from grader.intake.beside import usable_files
from grader.intake.expected import Expected
from grader.intake.names import listed
from grader.judging import Judge, Judged
from grader.needed import Names, names_of, not_needed, read_names, reads_otherwise
from grader.pages import as_html, as_text, told_in_a_cell
from grader.profiling import Stage, stage, taken
from grader.reading import read_notebook, write_notebook
from grader.repair import repair
from grader.results import CellResult, GradeResult, short_lines
from grader.sandbox.limits import Isolation
from grader.sandbox.messages import Output
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcesses
from grader.seeds import digest_of

BLANK = "blank, but there is text beside it or it was moved, so a person must look"


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
    whole
        By id, the texts of locked cells of which ``released`` shows a part; see ``hidden_texts``.
    warm
        Where students' processes come from; a new one of its own by default.
    """

    def __init__(
        self,
        assignment: Assignment,
        released: NotebookNode,
        student_path: Path | None,
        isolation: Isolation = Isolation.sandbox,
        whole: Mapping[str, str] | None = None,
        warm: WarmProcesses | None = None,
    ) -> None:
        self.assignment = assignment
        self.released = released
        self._whole = whole or {}
        self._replays = Replays(assignment)
        # What the course shows in cells the student did not touch took most of the grading time: pictures there are
        # not rendered, and cells that define nothing an exercise uses are not run.
        code = [cell for cell in released.cells if cell.cell_type == "code"]
        self._course_cells = {cell.source for cell in code if vocabulary.is_the_courses(cell)}
        self._names = {cell.source: names_of(cell.source) for cell in code}
        self._stubs = Stubs(released)
        self._asked = assignment.names_asked
        self.expected = Expected.of(assignment, released, student_path)
        settings = assignment.settings
        self.warm = warm or WarmProcesses(student_path, settings.limits, isolation, settings.sandbox, assignment.folder)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.warm.close()

    def grade(
        self, data: bytes, student: str = "", files: Mapping[str, bytes] | None = None, notes: Iterable[str] = ()
    ) -> GradeResult:
        """Grade one submitted notebook, given as bytes, with the files handed in beside it.

        Raises ``Refused`` where it is no submission of this assignment, and ``Lost`` where the warm process is gone.

        Parameters
        ----------
        notes
            What to report besides the repairs, such as which of several files counts.
        """
        budget = Budget(self.assignment.settings.limits)
        name = self.assignment.notebook_file
        taken()  # of one that was refused, perhaps
        with stage(Stage.reading), bounded(name, "reading"):
            notebook, repairs = read_notebook(data, name)
            mended = repair(notebook, self.released, name)
            names = self._read_names(notebook)
            passed_over = self._stubs.answered_elsewhere(notebook, names)
            kept, left_out = usable_files(files or {}, self.assignment.guarded_files, self.expected.files)
            unneeded = self._unneeded(notebook, names, kept)
        self.warm.renew()
        aside = dict.fromkeys(passed_over, PASSED_OVER)
        graded = self._grade_cells(notebook, names, kept, budget, aside | dict.fromkeys(unneeded, NOT_RUN))
        if any(graded.missed & names[place].defined for place in unneeded):
            graded = self._grade_cells(notebook, names, kept, budget, aside)
        with stage(Stage.writing), bounded(name, "writing"):
            _write_verdicts(notebook, graded.cells, self.assignment.hints)
            blank, elsewhere = blank_cells(
                notebook, self.released, mended.touched, passed_over.keys(), mended.overwritten
            )
            told = [*notes, *repairs, *mended.lines, *left_out, *_told_of(passed_over), *graded.told]
            told = short_lines([*told, f"{', '.join(elsewhere)}: {BLANK}"] if elsewhere else told)
            if told:
                notebook.cells.insert(0, told_in_a_cell(told))
            written = write_notebook(notebook)
        result = GradeResult(self.assignment.name, student, graded.cells, told, budget.spent, blank=blank)
        result.notebooks, result.spent, result.syntax = {name: written}, taken(), graded.syntax
        return result

    def _grade_cells(
        self,
        notebook: NotebookNode,
        names: Mapping[int, Names],
        files: Mapping[str, bytes],
        budget: Budget,
        leave_out: Mapping[int, str],
    ) -> Judged:
        """Run cells and tests."""
        beside = {**self.assignment.course_files, **files}
        submission = digest_of(notebook, files)
        with Session(self.warm.process, beside, budget.until) as session, memory_bounded():
            ran = run_cells(session, notebook, budget, self._course_cells, leave_out, self._whole)
            judge = Judge(self._replays, self._stubs, session, notebook, names, ran, budget, submission)
            judged = judge.judge()
            if session.unwritten:
                judged.told.append(f"no room beside the notebook for: {listed(session.unwritten)}")
            return judged

    def _read_names(self, notebook: NotebookNode) -> dict[int, Names]:
        """Read the names off the code cells, by place; none where that would take longer than running everything."""
        code = {place: cell.source for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
        known = {place: self._names[source] for place, source in code.items() if source in self._names}
        own = {place: source for place, source in code.items() if place not in known}
        read = read_names(own)
        return known | read if len(read) == len(own) else {}

    def _unneeded(self, notebook: NotebookNode, names: Mapping[int, Names], files: Mapping[str, bytes]) -> set[int]:
        """Places of the course's own cells that define nothing the others, as the student left them, use."""
        if self.assignment.decided_in_cells:  # their tests may look at anything
            return set()
        own = [notebook.cells[place].source for place in names]
        if reads_otherwise([source for source in own if source not in self._names], files):
            return set()
        course = {
            place
            for place in names
            if vocabulary.is_the_courses(notebook.cells[place]) and notebook.cells[place].source in self._course_cells
        }
        return not_needed(names, course, self._asked)

    def run(self, notebook: NotebookNode) -> Session:
        """Run a repaired notebook's cells and return its session, for running hidden tests one by one."""
        session = Session(self.warm.process, self.assignment.course_files)
        run_cells(session, notebook, Budget(self.assignment.settings.limits), self._course_cells, {})
        return session


def _told_of(passed_over: Mapping[int, frozenset[str]]) -> list[str]:
    if not passed_over:
        return []
    functions = ", ".join(sorted(set().union(*passed_over.values())))
    return [f"{functions}: the cell provided is as it was released; the answer in another cell counts"]


def _write_verdicts(notebook: NotebookNode, results: list[CellResult], hints: Mapping[str, list[str]]) -> None:
    """Put each graded cell's verdict under it, with the exercise's hints, as an output that any viewer shows."""
    by_id = {result.grade_id: result for result in results}
    for cell in notebook.cells:
        result = by_id.get(vocabulary.grade_id(cell))
        if result is not None and result.status != "manual" and cell.cell_type == "code":
            steps = hints.get(vocabulary.exercise_of(result.grade_id), [])
            verdict = Output("display_data", data={"text/plain": as_text(result), "text/html": as_html(result, steps)})
            cell.outputs = [*cell.get("outputs", []), notebook_output(verdict, 0)]
