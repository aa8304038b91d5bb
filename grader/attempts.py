"""Which cell holds a student's answer, where that is not the one provided for it.

An answer may stand above or below the released stub, in a copy, or in a cell below its check. The stub then says
nothing, though it would be run; and of several answers the student means one.
"""

from collections.abc import Mapping

from nbformat import NotebookNode

from grader import vocabulary
from grader.needed import Names, names_of


class Stubs:
    """The cells that a release provides for answers in code, as they were released."""

    def __init__(self, released: NotebookNode) -> None:
        code = [cell for cell in released.cells if cell.cell_type == "code"]
        self._released = {cell.source.strip() for cell in code}
        self._asked = {
            cell.source.strip(): names_of(cell.source).defined for cell in code if vocabulary.is_exercise(cell)
        }

    def answered_elsewhere(self, notebook: NotebookNode, names: Mapping[int, Names]) -> dict[int, frozenset[str]]:
        """Places of untouched stubs whose functions the student wrote in another cell, with what they ask for."""
        written = frozenset().union(*(names[place].defined for place in self.attempts(notebook, names)))
        stubs = {
            place: self._asked[cell.source.strip()]
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code" and cell.source.strip() in self._asked
        }
        return {place: asked for place, asked in stubs.items() if asked & written}

    def attempts(self, notebook: NotebookNode, names: Mapping[int, Names]) -> list[int]:
        """Places of the code cells that are the student's own and can be read."""
        return [
            place
            for place, found in names.items()
            if found.readable and notebook.cells[place].source.strip() not in self._released
        ]

    def is_written_later(self, grade_id: str, notebook: NotebookNode, names: Mapping[int, Names]) -> bool:
        """Whether the student writes an exercise anew below the cell that it is graded at."""
        exercise = vocabulary.exercise_of(grade_id)
        at = next(place for place, cell in enumerate(notebook.cells) if vocabulary.grade_id(cell) == grade_id)
        return any(place > at and exercise in names[place].defined for place in self.attempts(notebook, names))
