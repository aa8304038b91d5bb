"""The reference: the solutions of a source notebook, run in this process."""

import contextlib
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import vocabulary
from grader.errors import AssignmentError
from grader.exercises import line_of
from grader.own_modules import stand_beside
from grader.reordering import Compiler, plainly


def reference_namespace(
    notebook: NotebookNode, compiled: Compiler = plainly, path: Path | str = "the notebook"
) -> dict[str, Any]:
    """Run a source notebook's solutions and what they need here, in the folder of ``path``: it is our own code.

    ``AssignmentError`` names ``path``, cell and line where that fails.
    """
    import matplotlib

    matplotlib.use("agg")  # here alone: in the environment it would take the pictures from notebooks executed later
    scope: dict[str, Any] = {"__name__": "reference"}
    with contextlib.ExitStack() as stack:
        if isinstance(path, Path):
            stand_beside(path.parent)
            stack.enter_context(contextlib.chdir(path.parent))
        for cell in notebook.cells:
            grade_id = vocabulary.grade_id(cell)
            if cell.cell_type == "code" and grade_id and not vocabulary.is_graded(cell):
                name = f"<solution of {grade_id}>"
                try:
                    exec(compiled(cell.source, name), scope)
                except (Exception, SystemExit) as error:  # an exit would end the command as if all were well
                    place = f"cell {grade_id}" + (f", line {line}" if (line := line_of(error, name)) else "")
                    raise AssignmentError(
                        f"{path}: {place}: {type(error).__name__}: {str(error).rstrip('.')}. Mend the cell."
                    ) from error
    return scope
