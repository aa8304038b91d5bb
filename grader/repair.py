"""Bring a submitted notebook back to the released one's shape, keeping every word the student wrote.

The released notebook decides what the graded and locked cells are. The submission decides the order of cells and
everything between them. What was repaired is reported, one line for each kind of repair.
"""

import ast
import re
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from grader import vocabulary
from grader.needed import MOST_PARSED, names_of, read_names
from grader.reading import Refused, make_cell

MOST_NAMED = 6  # cells that one line names
_ONE, _SEVERAL = {"was": "was", "is": "is"}, {"was": "were", "is": "are"}


class Mended(NamedTuple):
    """What was repaired: lines for the report, and ids of cells.

    The text of those ``touched`` may have ended up elsewhere; into those ``overwritten``, locked texts, was written.
    """

    lines: list[str]
    touched: frozenset[str]
    overwritten: frozenset[str]


class _Told(dict[str, list[str]]):
    """Ids of repaired cells by the sentence that tells of them, with places for what depends on how many they are."""

    def add(self, sentence: str, grade_id: str) -> None:
        self.setdefault(sentence, []).append(grade_id)

    def lines(self) -> list[str]:
        return [
            sentence.format_map({"cells": _named(ids)} | (_ONE if len(ids) == 1 else _SEVERAL))
            for sentence, ids in self.items()
        ]


def _named(ids: list[str]) -> str:
    names = ", ".join(repr(name[:60]) for name in ids[:MOST_NAMED])
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{'cells' if len(ids) > 1 else 'cell'} {names}{more}"


def repair(submitted: NotebookNode, released: NotebookNode, name: str = "the notebook") -> Mended:
    """Repair ``submitted`` in place after ``released``; return what was repaired.

    Raises ``Refused`` where nothing of it is this assignment's.
    """
    originals = vocabulary.by_grade_id(released)
    told = _Told()
    _find_again(submitted, released, told)
    present = vocabulary.by_grade_id(submitted).keys()
    # Other notebooks have cells of the course's, such as imports, too.
    asked = {grade_id for grade_id, cell in originals.items() if not vocabulary.is_the_courses(cell)}
    if asked and not present & asked:
        others = f" Its cells are called {', '.join(name[:60] for name in sorted(present)[:3])} …" if present else ""
        raise Refused(f"{name}: none of this assignment's cells is in it; is it another assignment's notebook?{others}")
    touched = _resolve_duplicates(submitted, originals, told)
    retyped, overwritten = _restore(submitted, originals, told)
    touched |= retyped
    touched |= _put_back(submitted, released, told)
    _give_ids(submitted)
    submitted.metadata = vocabulary.python_metadata()
    return Mended(told.lines(), frozenset(touched), frozenset(overwritten))


def _find_again(submitted: NotebookNode, released: NotebookNode, told: _Told) -> None:
    """Name cells that lost nbgrader's metadata: by their text, the function they define, or the question before."""
    present = vocabulary.by_grade_id(submitted).keys()
    lost = [cell for cell in released.cells if vocabulary.grade_id(cell) and vocabulary.grade_id(cell) not in present]
    nameless = [cell for cell in submitted.cells if not vocabulary.grade_id(cell)]
    before = {id(cell): previous for previous, cell in zip(released.cells, released.cells[1:], strict=False)}
    texts = {cell.source.strip() for cell in released.cells}
    code = {place: cell.source for place, cell in enumerate(nameless) if cell.cell_type == "code" and lost}
    defining = [(nameless[place], names.defined) for place, names in read_names(code).items() if names.readable]
    for original in lost:
        asked = vocabulary.is_solution(original)
        found = None if asked else _with_text(nameless, original)
        if asked and original.cell_type == "code":
            written = names_of(original.source).defined
            found = next((cell for cell, names in defining if names & written and _is_in(nameless, cell)), None)
        elif asked and id(original) in before:
            question = _with_text(submitted.cells, before[id(original)])
            at = next((place for place, cell in enumerate(submitted.cells) if cell is question), len(submitted.cells))
            after = submitted.cells[at + 1 : at + 2]
            found = next((cell for cell in after if _is_in(nameless, cell) and cell.source.strip() not in texts), None)
        if found is None and asked:
            found = _with_text(nameless, original)
        if found is not None:
            nameless = [cell for cell in nameless if cell is not found]
            found.metadata["nbgrader"] = NotebookNode(grade_id=vocabulary.grade_id(original))
            told.add(
                "{cells} had lost nbgrader's metadata and {was} found again by the text", vocabulary.grade_id(original)
            )


def _is_in(cells: list[NotebookNode], cell: NotebookNode) -> bool:
    return any(one is cell for one in cells)  # another one may have the same text


def _with_text(cells: list[NotebookNode], original: NotebookNode) -> NotebookNode | None:
    return next((cell for cell in cells if cell.source.strip() == original.source.strip()), None)


def _resolve_duplicates(submitted: NotebookNode, originals: dict[str, NotebookNode], told: _Told) -> set[str]:
    """Let one cell keep each id: of copies, the first that the student changed; the others stay as plain cells."""
    by_id: dict[str, list[NotebookNode]] = {}
    dropped: set[int] = set()
    for cell in submitted.cells:
        if grade_id := vocabulary.grade_id(cell):
            by_id.setdefault(grade_id, []).append(cell)
    copied = set()
    for grade_id, cells in by_id.items():
        original = originals.get(grade_id)
        if original is None:
            for cell in cells:
                del cell.metadata["nbgrader"]
            continue
        if len(cells) == 1:
            continue
        copied.add(grade_id)
        changed = [cell for cell in cells if cell.source.strip() != original.source.strip()]
        locked = vocabulary.is_locked(original)
        keeper = cells[0] if locked or not changed else changed[0]
        for cell in cells:
            if cell is not keeper:
                del cell.metadata["nbgrader"]
                if cell.source.strip() == original.source.strip():
                    dropped.add(id(cell))
        if len(changed) < 2:
            kept = "what was copied as released is left out"
        elif vocabulary.is_solution(original) and original.cell_type == "code":
            kept = "all are run, and the last answer counts"
        else:
            kept = "one keeps the name, and the others stay where they stand"
        told.add(f"{{cells}} {{was}} there {len(cells)} times: {kept}", grade_id)
    submitted.cells = [cell for cell in submitted.cells if id(cell) not in dropped]
    return copied


def _restore(submitted: NotebookNode, originals: dict[str, NotebookNode], told: _Told) -> tuple[set[str], set[str]]:
    """Give graded and locked cells the metadata, type and, where locked, the text they were released with.

    What a student wrote into a locked cell is kept whole, as a plain cell. Code stands above: there it runs as it did
    at home, before the course's own lines have the last word. Text stands below, where an answer to it belongs.
    """
    cells: list[NotebookNode] = []
    retyped: set[str] = set()
    overwritten: set[str] = set()
    for cell in submitted.cells:
        grade_id = vocabulary.grade_id(cell)
        if not grade_id:
            cells.append(cell)
            continue
        original = originals[grade_id]
        mended, kept = cell, []
        if cell.cell_type != original.cell_type:
            retyped.add(grade_id)
            told.add(f"{{cells}} {{was}} turned into {cell.cell_type} and back into {original.cell_type}", grade_id)
            mended = make_cell(original.cell_type, cell.source)
        if vocabulary.is_locked(original) and not _is_alike(cell.source, original.source):
            if _has_new_lines(cell.source, original.source):
                told.add(
                    "locked {cells} {was} changed; restored, and what was written there is kept in a cell of its own",
                    grade_id,
                )
                del cell.metadata["nbgrader"]
                kept = [cell]
                overwritten.update({grade_id} if original.cell_type == "markdown" else ())
                mended = make_cell(original.cell_type, "")
            else:
                told.add("locked {cells} {was} changed; restored", grade_id)
        if vocabulary.is_locked(original):
            mended.source = original.source
        mended.metadata = nbformat.from_dict(dict(original.metadata))
        cells += [*kept, mended] if original.cell_type == "code" else [mended, *kept]
    submitted.cells = cells
    return retyped, overwritten


def _is_alike(source: str, original: str) -> bool:
    """Whether a text is the original but for blanks, or for a formatter's work."""
    if len(source) > MOST_PARSED:
        return False
    if source.split() == original.split():
        return True
    try:
        same = ast.dump(ast.parse(source)) == ast.dump(ast.parse(original))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return same and re.findall(r"#.*", source) == re.findall(r"#.*", original)


def _has_new_lines(source: str, original: str) -> bool:
    """Whether a text has words that the original has not; what was only taken away is no loss."""
    known = {line.strip() for line in original.split("\n")}
    return any(line.strip() not in known for line in source.split("\n") if line.strip())


def _put_back(submitted: NotebookNode, released: NotebookNode, told: _Told) -> set[str]:
    """Insert missing cells after the released cell they followed, and after what the student wrote below that.

    A missing code cell for a solution stays away: its stub would overwrite what the student wrote elsewhere.
    """
    last = -1
    back = set()
    ids = [vocabulary.grade_id(cell) for cell in submitted.cells]
    texts = {cell.source.strip() for cell in released.cells}
    for original in released.cells:
        grade_id = vocabulary.grade_id(original)
        if not grade_id:
            continue
        if grade_id in ids:
            last = ids.index(grade_id)
        elif vocabulary.is_exercise(original):
            told.add("solution {cells} {is} missing", grade_id)
        else:
            while last + 1 < len(submitted.cells) and _is_own(submitted.cells[last + 1], texts):
                last += 1
            submitted.cells.insert(last + 1, nbformat.from_dict(dict(original)))
            ids.insert(last + 1, grade_id)
            last += 1
            back.add(grade_id)
            told.add("{cells} {was} deleted; put back", grade_id)
    return back


def _is_own(cell: NotebookNode, texts: set[str]) -> bool:
    return not vocabulary.grade_id(cell) and cell.source.strip() not in texts


def _give_ids(submitted: NotebookNode) -> None:
    """Give every cell an id that nbformat accepts, after its name where it has one."""
    seen: set[str] = set()
    for number, cell in enumerate(submitted.cells):
        name = vocabulary.grade_id(cell) or f"cell-{number}"
        cell.id = re.sub(r"[^\w-]", "-", name, flags=re.ASCII)[:60] or f"cell-{number}"
        if cell.id in seen:
            cell.id = f"{cell.id[:50]}-{number}"
        seen.add(cell.id)
