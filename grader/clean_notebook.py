"""What of a graded notebook reaches a page: the rest could name its parts, or load what lies elsewhere."""

import html
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

from grader.clean_html import PICTURES, Page
from grader.marking_guide import with_guide
from grader.reading import CELL_TYPES

SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
ABOUT_NOTEBOOK = ("kernelspec", "language_info")
ABOUT_PERSON = ("student", "first_name", "last_name", "notebook_path")  # formgrader writes these as they are
SIZES = ("width", "height")
_GRADE_ID = re.compile(r"[\w-]+")
_SIZE = re.compile(r"\d{1,4}")


class CleanNotebook(Preprocessor):
    """Keeps of a notebook what its page shows, before nbgrader's templates write it."""

    plain = Bool(False, help="Whether everything is shown as it was typed.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Take everything out of ``nb`` that a template would write as it is."""
        page = Page.of({"resources": resources})
        if self.plain:
            page.rich = 0
        nb.metadata = nbformat.from_dict({name: nb.metadata[name] for name in ABOUT_NOTEBOOK if name in nb.metadata})
        cells = [clean_cell(cell, page) for cell in nb.cells if cell.get("cell_type") in CELL_TYPES]
        nb.cells = with_guide(cells, resources, self.config)
        for number, cell in enumerate(nb.cells):
            cell.id = f"cell-{number}"
        for name in ABOUT_PERSON:
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(resources[name])
        return nb, resources


def clean_cell(cell: NotebookNode, page: Page) -> NotebookNode:
    """Keep of a cell what a page shows of it."""
    kept: dict[str, Any] = {"cell_type": cell.cell_type, "metadata": {}, "source": _text(cell.get("source"))}
    nbgrader = cell.get("metadata", {}).get("nbgrader")
    if isinstance(nbgrader, Mapping) and _GRADE_ID.fullmatch(str(nbgrader.get("grade_id", ""))):
        kept["metadata"] = {"nbgrader": nbgrader}
    if cell.cell_type == "markdown":
        kept["attachments"] = {
            str(name): {mime: data for mime, data in bundle.items() if mime in PICTURES and isinstance(data, str)}
            for name, bundle in (cell.get("attachments") or {}).items()
            if isinstance(bundle, Mapping)
        }
    if cell.cell_type == "code":
        count = cell.get("execution_count")
        kept["execution_count"] = count if isinstance(count, int) else None
        kept["outputs"] = [out for output in cell.get("outputs", []) if (out := _clean_output(output, page))]
    return nbformat.from_dict(kept)


def _clean_output(output: Mapping[str, Any], page: Page) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": _text(output.get("text"))}
    if kind == "error":
        traceback = "\n".join(map(str, output.get("traceback", [])))
        return {"output_type": kind, "ename": "", "evalue": "", "traceback": [traceback]}  # only this is shown
    if kind not in ("display_data", "execute_result"):
        return None
    data: Mapping[str, Any] = output.get("data") or {}
    mime = next((mime for mime in SHOWN if mime in data and _is_shown(mime, data, page)), None)
    if mime is None:
        return None
    text = _text(data[mime])
    if mime == "text/latex":  # its block has no box
        mime, text = "text/html", html.escape(text)
    about = (output.get("metadata") or {}).get(mime)
    sizes = {name: size for name, size in about.items() if name in SIZES} if isinstance(about, Mapping) else {}
    sizes = {name: size for name, size in sizes.items() if _SIZE.fullmatch(str(size))}
    return {"output_type": kind, "data": {mime: text}, "metadata": {mime: sizes}, "execution_count": None}


def _is_shown(mime: str, data: Mapping[str, Any], page: Page) -> bool:
    if mime == "image/svg+xml":
        return page.room(len(_text(data[mime])))
    return not mime.startswith("image/") or page.picture(_text(data[mime]))


def _text(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
