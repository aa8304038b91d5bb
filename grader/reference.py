"""The reference: the solutions of a source notebook, run in this process."""

import ast
import contextlib
import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import vocabulary
from grader.errors import AssignmentError
from grader.exercises import line_of
from grader.own_modules import stand_beside
from grader.reordering import Compiler, plainly

_DRAWS = re.compile(r"\b(nnlib\.plots|matplotlib)\b")


def reference_namespace(
    notebook: NotebookNode, compiled: Compiler = plainly, path: Path | str = "the notebook"
) -> dict[str, Any]:
    """Run a source notebook's solutions and what they need here, in the folder of ``path``: it is our own code.

    ``AssignmentError`` names ``path``, cell and line where that fails.
    """
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and vocabulary.grade_id(cell) and not vocabulary.is_graded(cell)
    ]
    sources = _without_pictures([cell.source for cell in cells])
    if any(_DRAWS.search(source) for source in sources):
        import matplotlib

        matplotlib.use("agg")  # here alone: in the environment it would take the pictures from notebooks executed later
    scope: dict[str, Any] = {"__name__": "reference"}
    with contextlib.ExitStack() as stack:
        if isinstance(path, Path):
            stand_beside(path.parent)
            stack.enter_context(contextlib.chdir(path.parent))
        for cell, source in zip(cells, sources, strict=True):
            grade_id = vocabulary.grade_id(cell)
            name = f"<solution of {grade_id}>"
            try:
                exec(compiled(source, name), scope)
            except (Exception, SystemExit) as error:  # an exit would end the command as if all were well
                place = f"cell {grade_id}" + (f", line {line}" if (line := line_of(error, name)) else "")
                raise AssignmentError(
                    f"{path}: {place}: {type(error).__name__}: {str(error).rstrip('.')}. Mend the cell."
                ) from error
    return scope


def _without_pictures(sources: list[str]) -> list[str]:
    """Take out imports of what draws where no solution uses it: to load it takes as long as all the rest together."""
    try:
        trees = [ast.parse(source) for source in sources]
    except (SyntaxError, ValueError):  # running it says where; or a magic, which is run as it is
        return sources
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found = []
    for source, tree in zip(sources, trees, strict=True):
        lines = source.split("\n")
        for node in tree.body:
            if not isinstance(node, ast.ImportFrom):
                continue
            names = [
                alias
                for alias in node.names
                if (alias.asname or alias.name) in used or not _DRAWS.match(f"{node.module}.{alias.name}")
            ]
            own = "\n".join(lines[node.lineno - 1 : node.end_lineno]).strip()
            if names != node.names and own == ast.get_source_segment(source, node):
                left = ast.unparse(ast.ImportFrom(node.module, names, node.level)) if names else ""
                lines[node.lineno - 1 : node.end_lineno] = [left] + [""] * own.count("\n")
        found.append("\n".join(lines))
    return found
