"""Bring a submitted notebook back to the released one's shape, keeping every word the student wrote.

The released notebook decides what the graded and locked cells are. The submission decides the order of cells and
everything between them. Each change is one line for the report.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from grader import vocabulary
from grader.errors import GraderError

MAX_BYTES = 128 * 2**20
MAX_CELL = 16 * 2**20  # characters of one cell's text: a message to the sandbox carries no more than a few times that
PICTURES = ("image/png", "image/jpeg", "image/gif")
CELL_TYPES = ("code", "markdown", "raw")


class Refused(GraderError):
    """The file is not a submission of this assignment; the text is one clear line."""


def read_notebook(data: bytes, name: str) -> tuple[NotebookNode, list[str]]:
    """Read a notebook of any format version; ``Refused`` where it is none.

    Returns the notebook in format 4 and what was changed to get there.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"{name}: a notebook may have {MAX_BYTES >> 20} MB, got {len(data) / 2**20:.0f} MB.")
    try:
        raw = _without_half_characters(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        what = "is empty" if not data.strip() else f"is not a notebook ({type(error).__name__}: {str(error)[:80]})"
        raise Refused(f"{name}: the file {what}; ask for the .ipynb file that JupyterLab saves.") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Refused(f"{name}: the file is JSON but not a notebook; ask for the .ipynb file that JupyterLab saves.")
    repairs = []
    if raw["nbformat"] != 4:
        try:
            raw = nbformat.convert(nbformat.reader.reads(json.dumps(raw)), 4)  # the reader joins lists of lines
        except Exception as error:  # converters of old formats fail in many ways on odd files
            raise Refused(
                f"{name}: format {raw['nbformat']} could not be brought to format 4 ({type(error).__name__}); "
                "open and save it in JupyterLab."
            ) from None
        repairs.append("an old notebook format was brought up to date")
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise Refused(f"{name}: the notebook has no list of cells; open and save it in JupyterLab.")
    notebook = new_notebook()
    for number, cell in enumerate(cells, 1):
        kept = _plain_cell(cell)
        if kept is None:
            repairs.append("something that is not a cell was left out")
            continue
        if len(kept.source) > MAX_CELL:
            raise Refused(
                f"{name}: cell {number} has {len(kept.source) >> 20} MB of text, at most {MAX_CELL >> 20} can be run; "
                "put data into a file beside the notebook."
            )
        notebook.cells.append(kept)
    spec = raw.get("metadata", {}).get("kernelspec") if isinstance(raw.get("metadata"), dict) else None
    language = spec.get("language", "python") if isinstance(spec, dict) else None
    if language != "python":
        repairs.append(
            "the kernel was missing and is Python again"
            if language is None
            else f"the kernel {str(language)[:20]!r} was replaced by Python"
        )
    return notebook, repairs


def _without_half_characters(text: str) -> Any:
    """Read JSON; halves of surrogate pairs, which no file and no message can carry, become question marks."""
    raw = json.loads(text)
    if re.search(r"\\u[dD][89a-fA-F]", text):
        raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
    return raw


def make_cell(cell_type: str, source: str) -> NotebookNode:
    """Make an empty cell; nbformat's own makers validate each, which took a third of the grading time."""
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return nbformat.from_dict({"cell_type": cell_type, "id": "", "metadata": {}, "source": source, **extra})


def _plain_cell(cell: Any) -> NotebookNode | None:
    """Keep a cell's type, text, attachments and nbgrader id; drop outputs, tags and all other metadata."""
    if not isinstance(cell, Mapping) or cell.get("cell_type") not in CELL_TYPES:
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    made = make_cell(cell["cell_type"], str(source))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    if isinstance(grade_id, str):
        made.metadata["nbgrader"] = NotebookNode(grade_id=grade_id)
    attachments = cell.get("attachments")
    if made.cell_type == "markdown" and isinstance(attachments, Mapping):
        made["attachments"] = nbformat.from_dict(_plain_attachments(attachments))
    if made.cell_type == "markdown":  # nbconvert gives up on a page that names a picture which is not there
        kept_names = made.get("attachments", {})
        made.source = re.sub(
            r"attachment:([^\s)\"'>\]]*)",
            lambda found: found[0] if found[1] in kept_names else f"missing-{found[0]}",
            made.source,
        )
    return made


def _plain_attachments(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Keep pictures in base64; anything else could become part of the feedback page."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items():
        for mime, data in bundle.items() if isinstance(bundle, Mapping) else ():
            if mime in PICTURES and isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data):
                kept.setdefault(name, {})[mime] = data
    return kept


def repair(submitted: NotebookNode, released: NotebookNode, name: str = "the notebook") -> list[str]:
    """Mend ``submitted`` in place after ``released``; return what was mended, a line each."""
    originals = vocabulary.by_grade_id(released)
    present = vocabulary.by_grade_id(submitted).keys()
    # Other notebooks have cells of the course's, such as imports, too.
    asked = {grade_id for grade_id, cell in originals.items() if not vocabulary.is_the_courses(cell)}
    if asked and not present & asked:
        others = f" Its cells are called {', '.join(name[:60] for name in sorted(present)[:3])} …" if present else ""
        raise Refused(f"{name}: none of this assignment's cells is in it; is it another assignment's notebook?{others}")
    repairs: list[str] = []
    _resolve_duplicates(submitted, originals, repairs)
    _restore(submitted, originals, repairs)
    _put_back(submitted, released, repairs)
    for number, cell in enumerate(submitted.cells):
        cell.id = vocabulary.grade_id(cell) or f"cell-{number}"
        cell.id = re.sub(r"[^\w-]", "-", cell.id, flags=re.ASCII)[:60] or f"cell-{number}"
    seen: set[str] = set()
    for number, cell in enumerate(submitted.cells):
        if cell.id in seen:
            cell.id = f"{cell.id[:50]}-{number}"
        seen.add(cell.id)
    submitted.metadata = vocabulary.python_metadata()
    return repairs


def _resolve_duplicates(submitted: NotebookNode, originals: dict[str, NotebookNode], repairs: list[str]) -> None:
    """Let one cell keep each id: of copies, the first that the student changed; the others stay as plain cells."""
    by_id: dict[str, list[NotebookNode]] = {}
    copies: set[int] = set()
    for cell in submitted.cells:
        if grade_id := vocabulary.grade_id(cell):
            by_id.setdefault(grade_id, []).append(cell)
    for grade_id, cells in by_id.items():
        original = originals.get(grade_id)
        if original is None:
            for cell in cells:
                del cell.metadata["nbgrader"]
            continue
        if len(cells) == 1:
            continue
        changed = [cell for cell in cells if cell.source.strip() != original.source.strip()]
        locked = vocabulary.is_locked(original)
        keeper = cells[0] if locked or not changed else changed[0]
        for cell in cells:
            if cell is not keeper:
                del cell.metadata["nbgrader"]
                if cell.source.strip() == original.source.strip():
                    copies.add(id(cell))
        repairs.append(f"cell {grade_id!r} was there {len(cells)} times; one keeps the name")
    submitted.cells = [cell for cell in submitted.cells if id(cell) not in copies]


def _restore(submitted: NotebookNode, originals: dict[str, NotebookNode], repairs: list[str]) -> None:
    """Give graded and locked cells the metadata, type and, where locked, the text they were released with."""
    for position, cell in enumerate(submitted.cells):
        grade_id = vocabulary.grade_id(cell)
        if not grade_id:
            continue
        original = originals[grade_id]
        source = cell.source
        if vocabulary.is_locked(original) and source.strip() != original.source.strip():
            repairs.append(f"locked cell {grade_id!r} was changed; restored")
            source = original.source
        if cell.cell_type != original.cell_type:
            repairs.append(f"cell {grade_id!r} was turned into {cell.cell_type}; it is {original.cell_type} again")
            mended = make_cell(original.cell_type, source)
            submitted.cells[position] = mended
            cell = mended
        cell.source = source
        cell.metadata = nbformat.from_dict(dict(original.metadata))


def _put_back(submitted: NotebookNode, released: NotebookNode, repairs: list[str]) -> None:
    """Insert missing cells after the released cell they followed.

    A missing code cell for a solution stays away: its stub would overwrite what the student wrote elsewhere.
    """
    last = -1
    for original in released.cells:
        grade_id = vocabulary.grade_id(original)
        if not grade_id:
            continue
        at = [position for position, cell in enumerate(submitted.cells) if vocabulary.grade_id(cell) == grade_id]
        if at:
            last = at[0]
        elif vocabulary.is_solution(original) and not vocabulary.is_graded(original):
            repairs.append(f"solution cell {grade_id!r} is missing")
        else:
            back = nbformat.from_dict(dict(original))
            submitted.cells.insert(last + 1, back)
            last += 1
            repairs.append(f"cell {grade_id!r} was deleted; put back")
