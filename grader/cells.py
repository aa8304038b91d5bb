"""Run a repaired notebook's cells in the sandbox and keep what they showed, within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from grader import vocabulary
from grader.budget import Budget, CellEnd
from grader.in_cells import without_hidden
from grader.profiling import Stage, stage
from grader.sandbox.failures import Died, TimedOut
from grader.sandbox.messages import KEPT_MIME, MAX_NAME, Output, Ran
from grader.sandbox.session import Session

CELL_OUTPUTS = 10  # times the limit of a cell's text that its outputs may take, pictures included
NOTEBOOK_OUTPUTS = 40  # times that limit that all outputs of a notebook may take
MOST_OUTPUTS = 1000  # of one cell
NOT_RUN = "Not run while grading: this cell is the course's own, and no score depends on it.\n"
PASSED_OVER = "Not run while grading: another cell holds the answer, and this one is as it was released.\n"


@dataclass
class NotebookRun:
    """How running a notebook went, besides the outputs."""

    ends: dict[str, CellEnd] = field(default_factory=dict)  # by grade_id, of cells that did not end by themselves
    missed: set[str] = field(default_factory=set)  # names that cells found undefined
    graded: dict[str, Ran] = field(default_factory=dict)  # what running graded cells gave, by grade_id


def run_cells(
    session: Session,
    notebook: NotebookNode,
    budget: Budget,
    course_cells: set[str],
    leave_out: Mapping[int, str],
    whole: Mapping[str, str] | None = None,
) -> NotebookRun:
    """Run the code cells in order and write their outputs into ``notebook``.

    Parameters
    ----------
    course_cells
        Texts of the course's own cells: pictures of these are made but not rendered.
    leave_out
        Places of cells that are not run, with what stands there instead of their outputs.
    whole
        By grade_id, the texts of cells of which the notebook shows a part: hidden tests are among them.
    """
    whole = whole or {}
    limits = budget.limits
    run = NotebookRun()
    count = 0
    room = limits.output_kb * 1024 * NOTEBOOK_OUTPUTS
    for place, cell in enumerate(notebook.cells):
        grade_id = vocabulary.grade_id(cell)
        source = whole.get(grade_id, cell.source)
        if cell.cell_type != "code" or not source.strip():
            continue
        count += 1
        if place in leave_out:
            cell.outputs = [notebook_output(Output("stream", "stdout", leave_out[place]), 0)]
            continue
        seconds = budget.cell_seconds
        try:
            if seconds <= 0:
                raise TimedOut(f"was not run: the notebook took over {limits.submission_seconds:g} s")
            pin = grade_id if vocabulary.is_graded(cell) else ""
            own = not vocabulary.about(cell).get("locked") and cell.source not in course_cells
            with stage(Stage.checks if pin else Stage.answers if own else Stage.course):
                ran = session.run(source, seconds, limits.output_kb * 1024, pin, draw=own)
            run.missed.add(ran.missing_name)
            if grade_id in whole:
                ran = without_hidden(ran, whole[grade_id], cell.source)
            if pin:
                run.graded[grade_id] = ran
            outputs, used = _within(ran.outputs, min(room, limits.output_kb * 1024 * CELL_OUTPUTS))
            room -= used
            cell.outputs = [notebook_output(output, count) for output in outputs]
            cell.execution_count = count
        except (TimedOut, Died) as error:
            end = CellEnd("timeout" if isinstance(error, TimedOut) else "died", str(error))
            run.ends[grade_id] = end
            text = f"This cell {error}." if end.kind == "timeout" else f"While this cell ran, {error}."
            cell.outputs = [_error_output(type(error).__name__, str(error), [text])]
    return run


def notebook_output(output: Output, count: int) -> NotebookNode:
    """Turn what the sandbox sent into an output of a notebook."""
    if output.kind == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return nbformat.from_dict({"output_type": "stream", "name": name, "text": output.text})
    if output.kind == "error":
        return _error_output(output.name, output.text, output.traceback)
    data = {mime: output.data[mime] for mime in KEPT_MIME if mime in output.data}
    shown = {"data": data, "metadata": {}}
    if output.kind == "execute_result":
        return nbformat.from_dict({"output_type": "execute_result", "execution_count": count, **shown})
    return nbformat.from_dict({"output_type": "display_data", **shown})


def _error_output(name: str, text: str, traceback: list[str]) -> NotebookNode:
    kept = name[:MAX_NAME]  # it ends up in the reason of a verdict
    return nbformat.from_dict({"output_type": "error", "ename": kept, "evalue": text, "traceback": traceback})


def _within(outputs: list[Output], room: int) -> tuple[list[Output], int]:
    """Keep the first outputs that fit into ``room`` characters; return them with what they take.

    The student's process bounds them, too, but nothing it does is certain.
    """
    kept: list[Output] = []
    used = 0
    for output in outputs:
        size = sum(map(len, [output.name, output.text, *output.traceback, *output.data.values()]))
        if used + size > room or len(kept) >= MOST_OUTPUTS:
            kept.append(Output("stream", "stderr", "[more output was not kept]\n"))
            break
        used += size
        kept.append(output)
    return kept, used
