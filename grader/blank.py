"""Where a student wrote nothing: neither in the cell provided nor beside it."""

from collections.abc import Iterable, Iterator, Set

from nbformat import NotebookNode

from grader import vocabulary


def blank_cells(
    notebook: NotebookNode,
    released: NotebookNode,
    touched: Set[str],
    passed_over: Set[int],
    overwritten: Set[str] = frozenset(),
) -> tuple[list[str], list[str]]:
    """Ids of the cells for students in which nothing was written, and of those that only look so.

    Parameters
    ----------
    notebook
        As it was repaired.
    touched
        Ids of cells that were deleted, copied or retyped: their text may stand anywhere.
    passed_over
        Places of cells whose answer stands in another.
    overwritten
        Ids of locked cells into which something was written: next to a blank cell, that may be its answer.
    """
    texts = {cell.source.strip() for cell in released.cells}
    asked = {vocabulary.grade_id(cell): cell.source.strip() for cell in released.cells if vocabulary.is_solution(cell)}
    blank: list[str] = []
    elsewhere: list[str] = []
    for place, cell in enumerate(notebook.cells):
        grade_id = vocabulary.grade_id(cell)
        if asked.get(grade_id) != cell.source.strip() or place in passed_over:
            continue
        moved = grade_id in touched or cell.get("attachments") or any(_own_words(notebook, place, texts))
        moved = moved or bool(_next_to(notebook, place) & overwritten)
        (elsewhere if vocabulary.is_manual(cell) and moved else blank).append(grade_id)
    return blank, elsewhere


def _next_to(notebook: NotebookNode, place: int) -> set[str]:
    """Ids of the nearest cells of the release before and after a place."""
    beside = (reversed(notebook.cells[:place]), notebook.cells[place + 1 :])
    named = (next(filter(None, map(vocabulary.grade_id, cells)), "") for cells in beside)
    return set(named) - {""}


def _own_words(notebook: NotebookNode, place: int, texts: Set[str]) -> Iterator[str]:
    """What stands beside a cell that the release does not have, as far as the next cell of the release."""
    for beside in (reversed(notebook.cells[:place]), notebook.cells[place + 1 :]):
        yield from _until_released(beside, texts)


def _until_released(cells: Iterable[NotebookNode], texts: Set[str]) -> Iterator[str]:
    for cell in cells:
        source = cell.source.strip()
        if vocabulary.grade_id(cell) or source in texts:
            return
        if source or cell.get("attachments"):
            yield source
