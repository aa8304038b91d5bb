"""Read a submitted notebook, whatever wrote it, and keep of it what grading needs: text, attached pictures, ids.

And write it again as Jupyter does.
"""

import codecs
import json
import re
import string
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

import msgspec
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbformat.v4.rwbase import split_lines, strip_transient

from grader.errors import GraderError

MAX_BYTES = 128 * 2**20
MAX_CELL = 16 * 2**20  # bytes of one cell's text: a message to the sandbox carries no more than a few times that
MOST_VALUES = 20_000_000  # in a file, which takes up to a hundred bytes of memory for each
MOST_CELLS = 5000
PICTURE, BASE64 = re.compile(r"image/[a-z0-9.+-]{1,40}"), re.compile(r"[A-Za-z0-9+/=\s]*")
MOST_PICTURES = 100  # of one cell
MOST_LINKS = 1000  # to pictures, in one cell
LONGEST_NAME = 255  # of a picture
MOST_NAMED = 5  # things left out that one line names
LINK_SAFE = ":/?#@!$&()*+,;=%"  # what a renderer of Markdown leaves as it is in a link
LINK_ENDS = frozenset(string.whitespace + ")>]\"'")
NO_CELL = "something that is not a cell was left out"
CELL_TYPES = ("code", "markdown", "raw")


class Refused(GraderError):
    """The file is not a submission of this assignment; the text is one clear line."""


def write_notebook(notebook: NotebookNode) -> bytes:
    """Return the bytes that ``nbformat.writes`` gives, in a quarter of its time; ``notebook`` is used up by it."""
    plain = split_lines(strip_transient(notebook))
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1)


def read_notebook(data: bytes, name: str) -> tuple[NotebookNode, list[str]]:
    """Read a notebook of any format version; ``Refused`` where it is none.

    Returns the notebook in format 4 and what was changed to get there.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"{name}: a notebook may have at most {MAX_BYTES >> 20} MB, got {len(data) / 2**20:.0f} MB.")
    repairs = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as a shell of Windows writes what a program says
        data = data.decode("utf-16", "replace").encode()
        repairs.append("the file was in UTF-16, and is read in UTF-8, as notebooks are")
    try:
        raw = _without_half_characters(load_json(data), data)
    except (ValueError, RecursionError) as error:
        what = "is empty" if not data.strip() else f"is not a notebook ({type(error).__name__}: {str(error)[:80]})"
        raise Refused(f"{name}: the file {what}; ask for the .ipynb file that JupyterLab saves.") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Refused(f"{name}: the file is JSON but not a notebook; ask for the .ipynb file that JupyterLab saves.")
    if raw["nbformat"] != 4:
        version = str(raw["nbformat"])[:20]  # which may have thousands of digits
        try:
            raw = nbformat.convert(nbformat.reader.reads(json.dumps(raw)), 4)  # the reader joins lists of lines
        except Exception as error:  # converters of old formats fail in many ways on odd files
            raise Refused(
                f"{name}: format {version} could not be brought to format 4 ({type(error).__name__}); "
                "open and save it in JupyterLab."
            ) from None
        repairs.append("an old notebook format was brought up to date")
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise Refused(f"{name}: the notebook has no list of cells; open and save it in JupyterLab.")
    if len(cells) > MOST_CELLS:
        raise Refused(f"{name}: at most {MOST_CELLS:,} cells are allowed, got {len(cells):,}; take the empty ones out.")
    notebook = new_notebook()
    odd = 0
    attached: list[str] = []
    for number, cell in enumerate(cells, 1):
        kept = _plain_cell(cell, attached)
        if kept is None:
            odd += 1
            continue
        if len(kept.source) > MAX_CELL // 4 and (size := len(kept.source.encode())) > MAX_CELL:
            raise Refused(
                f"{name}: cell {number} has {size >> 20} MB of text, at most {MAX_CELL >> 20} can be run; "
                "put data into a file beside the notebook."
            )
        notebook.cells.append(kept)
    if odd:
        repairs.append(f"{odd:,} things that are not cells were left out" if odd > 1 else NO_CELL)
    if attached:
        names = ", ".join(repr(name[:60]) for name in attached[:MOST_NAMED])
        more = f" and {len(attached) - MOST_NAMED:,} more" if len(attached) > MOST_NAMED else ""
        repairs.append(f"what is attached as {names}{more} is not a picture that a page can show; it was left out")
    spec = raw.get("metadata", {}).get("kernelspec") if isinstance(raw.get("metadata"), dict) else None
    language = spec.get("language", "python") if isinstance(spec, dict) else None
    if language != "python":
        repairs.append(
            "the kernel was missing and was set to Python"
            if language is None
            else f"the kernel {str(language)[:20]!r} was replaced by Python"
        )
    return notebook, repairs


def load_json(data: bytes) -> Any:
    """Read JSON of a bounded number of values; ``ValueError`` or ``RecursionError`` where it is none or too much."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:  # before there is an object for each
        raise ValueError(f"more than {MOST_VALUES:,} values")
    return json.loads(data.decode("utf-8-sig"))


def _without_half_characters(raw: Any, data: bytes) -> Any:
    """Turn halves of surrogate pairs, which no file and no message can carry, into question marks."""
    if re.search(rb"\\u[dD][89a-fA-F]", data):
        return json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
    return raw


def make_cell(cell_type: str, source: str) -> NotebookNode:
    """Make an empty cell; nbformat's own makers validate each, which took a third of the grading time."""
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return nbformat.from_dict({"cell_type": cell_type, "id": "", "metadata": {}, "source": source, **extra})


def with_line_feeds(source: str) -> str:
    """A text with the ends of lines that Python has: another system's are no change by the student."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _plain_cell(cell: Any, attached: list[str]) -> NotebookNode | None:
    """Keep a cell's type, text, pictures and nbgrader id; drop outputs, tags and all other metadata.

    Names of what is attached and is not a picture are added to ``attached``.
    """
    if not isinstance(cell, Mapping) or cell.get("cell_type") not in CELL_TYPES:
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    made = make_cell(cell["cell_type"], with_line_feeds(str(source)))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    if isinstance(grade_id, str):
        made.metadata["nbgrader"] = NotebookNode(grade_id=grade_id)
    if made.cell_type == "markdown":
        attachments = cell.get("attachments")
        pictures = _pictures(attachments, attached) if isinstance(attachments, Mapping) else {}
        made.source = _without_dead_links(made.source, pictures)
        if isinstance(attachments, Mapping):
            # A renderer looks a picture up by what it makes of the link, in which a blank is %20.
            names = {spelt: name for name in pictures for spelt in (quote(name), quote(name, safe=LINK_SAFE), name)}
            made["attachments"] = nbformat.from_dict({spelt: pictures[name] for spelt, name in names.items()})
    return made


def _pictures(attachments: Mapping[str, Any], left_out: list[str]) -> dict[str, dict[str, str]]:
    """Keep pictures in base64; anything else could become part of the feedback page."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items():
        for mime, data in bundle.items() if isinstance(bundle, Mapping) else ():
            is_picture = isinstance(data, str) and PICTURE.fullmatch(mime) and re.fullmatch(BASE64, data)
            if is_picture and len(name) <= LONGEST_NAME and len(kept) < MOST_PICTURES:
                kept.setdefault(name, {})[mime] = data
        if name not in kept:
            left_out.append(name)
    return kept


def _without_dead_links(source: str, pictures: Collection[str]) -> str:
    """Name links to pictures that are not there differently: nbconvert gives up on a page with one."""
    there = {spelt for name in pictures for spelt in (quote(name, safe=LINK_SAFE), quote(name), name)}
    few = source.count("attachment:") <= MOST_LINKS

    def mended(found: re.Match[str]) -> str:
        return found[0] if few and _leads_to(there, source, found.end()) else f"missing-{found[0]}"

    return re.sub("attachment:", mended, source)


def _leads_to(there: Collection[str], source: str, start: int) -> bool:
    """Whether the link at ``start`` is one of ``there``, its punctuation with backslashes, as Markdown has it, or not.

    A blank may be a part of the link or its end, so every place where it may end is tried, in one walk.
    """
    lengths = {len(spelt) for spelt in there}
    meant: list[str] = []
    at = start
    while len(meant) <= max(lengths, default=-1):
        if at == len(source) or source[at] in LINK_ENDS:
            if at - start in lengths and source[start:at] in there:
                return True
            if len(meant) in lengths and "".join(meant) in there:
                return True
        if at == len(source):
            return False
        escapes = source[at] == "\\" and source[at + 1 : at + 2] in string.punctuation and at + 1 < len(source)
        meant.append(source[at + escapes])
        at += 1 + escapes
    return False
