"""The reference: the solutions of a source notebook, run in this process."""

from typing import Any

from nbformat import NotebookNode

from grader import vocabulary
from grader.reordering import Compiler, plainly


def reference_namespace(notebook: NotebookNode, compiled: Compiler = plainly) -> dict[str, Any]:
    """Run a source notebook's solutions and what they need here: it is our own code."""
    import matplotlib

    matplotlib.use("agg")  # here alone: in the environment it would take the pictures from notebooks executed later
    scope: dict[str, Any] = {"__name__": "reference"}
    for cell in notebook.cells:
        grade_id = vocabulary.grade_id(cell)
        if cell.cell_type == "code" and grade_id and not vocabulary.is_graded(cell):
            exec(compiled(cell.source, f"<solution of {grade_id}>"), scope)
    return scope
