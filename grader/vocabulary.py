"""nbgrader's vocabulary: what a cell's metadata say about it, and what is named after what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command line needs these words before it needs notebooks
    from nbformat import NotebookNode

RUN_ON = "raises-exception"  # Jupyter's tag of cells after whose errors it goes on


def about(cell: NotebookNode) -> Any:
    """nbgrader's metadata of a cell; empty where it has none."""
    return cell["metadata"].get("nbgrader", {})  # a cell's attributes take several times as long as its items


def grade_id(cell: NotebookNode) -> str:
    """The cell's id, or an empty string."""
    return str(about(cell).get("grade_id", ""))


def is_graded(cell: NotebookNode) -> bool:
    """Whether the cell has points."""
    return bool(about(cell).get("grade"))


def is_solution(cell: NotebookNode) -> bool:
    """Whether students write in the cell."""
    return bool(about(cell).get("solution"))


def is_task(cell: NotebookNode) -> bool:
    """Whether the cell sets a task that is answered in other cells, and graded by a person."""
    return bool(about(cell).get("task"))


def is_manual(cell: NotebookNode) -> bool:
    """Whether a person grades the cell: it has points, and students write in it."""
    return is_graded(cell) and is_solution(cell)


def is_exercise(cell: NotebookNode) -> bool:
    """Whether students write in the cell, and another, with points, says how they did."""
    return is_solution(cell) and not is_graded(cell)


def is_locked(cell: NotebookNode) -> bool:
    """Whether students were not to change the cell's text: nbgrader's own rule."""
    return not is_solution(cell) and bool(is_graded(cell) or about(cell).get("locked"))


def is_the_courses(cell: NotebookNode) -> bool:
    """Whether a cell of a release is neither an exercise nor graded."""
    return not is_graded(cell) and not is_solution(cell)


def let_run_on(notebook: NotebookNode) -> None:
    """Tag code cells so that Jupyter's Run All goes on after one that fails; not locked ones, which set up the rest."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and (is_graded(cell) or not is_locked(cell)):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), RUN_ON]


def by_grade_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that nbgrader knows, by id."""
    return {name: cell for cell in notebook.cells if (name := grade_id(cell))}


def exercise_of(grade_id: str) -> str:
    """The function that a graded cell asks for: ``softmax`` of ``test_softmax``."""
    return grade_id.removeprefix("test_")


def graded_cell_of(exercise: str) -> str:
    """The id of the graded cell of an exercise: ``test_softmax`` of ``softmax``."""
    return f"test_{exercise}"


def python_metadata() -> NotebookNode:
    """The metadata of a notebook whose kernel is Python."""
    from nbformat import NotebookNode

    return NotebookNode(
        kernelspec=NotebookNode(display_name="Python 3 (ipykernel)", language="python", name="python3"),
        language_info=NotebookNode(name="python"),
    )
