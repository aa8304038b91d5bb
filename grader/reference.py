"""The reference: the solutions of a source notebook, run in this process."""

import contextlib
import sys
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import vocabulary
from grader.reordering import Compiler, plainly


def stand_beside(folder: Path) -> None:
    """Let modules beside an assignment's notebook be imported here, and no more those of another assignment."""
    global _beside
    if _beside is not None and _beside != folder:
        sys.path.remove(str(_beside))
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(_beside):
                del sys.modules[name]
    if _beside != folder:
        sys.path.append(str(folder))
        _beside = folder


_beside: Path | None = None  # the folder that modules are looked for in, last of all


def reference_namespace(
    notebook: NotebookNode, compiled: Compiler = plainly, folder: Path | None = None
) -> dict[str, Any]:
    """Run a source notebook's solutions and what they need here, in its folder: it is our own code."""
    import matplotlib

    matplotlib.use("agg")  # here alone: in the environment it would take the pictures from notebooks executed later
    scope: dict[str, Any] = {"__name__": "reference"}
    with contextlib.chdir(folder) if folder else contextlib.nullcontext():
        if folder:
            stand_beside(folder)
        for cell in notebook.cells:
            grade_id = vocabulary.grade_id(cell)
            if cell.cell_type == "code" and grade_id and not vocabulary.is_graded(cell):
                exec(compiled(cell.source, f"<solution of {grade_id}>"), scope)
    return scope
