"""Choose the notebook that counts among all that was handed in."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from grader.intake.archives import Closed
from grader.intake.expected import Expected, plain
from grader.intake.names import loose_stem
from grader.intake.tree import File
from grader.reading import MAX_BYTES, load_json

MAX_LOOKED_AT = 50  # notebooks that are compared
LONGEST_ENDING = 9  # a longer one is not near enough to ipynb
_PAGES = (".html", ".htm", ".pdf", ".py", ".md", ".png", ".jpg", ".tex", ".log")


@dataclass(frozen=True)
class Choice:
    """The notebook that counts and those that do not."""

    taken: File | None
    others: list[File]
    is_unclear: bool = False  # several notebooks, and none has a cell of this assignment
    untouched: frozenset[File] = frozenset()


@dataclass(frozen=True)
class _Look:
    """How a notebook compares with the released one."""

    is_notebook: bool
    is_ours: bool = False
    answers: int = 0  # cells to be answered that differ from the release
    more: int = 0  # other cells that the release does not have


def choose(files: list[File], expected: Expected) -> Choice:
    """Choose among notebooks: one that differs from the release, then the expected name, then the most answers."""
    named = dict.fromkeys(filter(_is_named_notebook, files))  # of 20,000 files a list would take minutes to search
    found = list(named) + [file for file in files if file not in named and _may_be_notebook(file)]
    if [file.name for file in found] == [expected.notebook]:
        return Choice(found[0], [])  # the usual submission; nothing has to be read twice
    found.sort(key=lambda file: (file.name != expected.notebook, file.shown.count("/"), file.shown))
    looks: dict[File, _Look] = {}
    left = MAX_BYTES
    for file in found[:MAX_LOOKED_AT]:
        looks[file] = _look(file, expected) if file.size <= left else _Look(False)
        left -= file.size
    found = [file for file in found if file in named or looks.get(file, _Look(False)).is_ours]
    if not found:
        return Choice(None, [])
    ours = [file for file in found if looks.get(file, _Look(False)).is_ours]
    if not ours and len(found) > 1:
        likely = [file for file in found if loose_stem(file.name) == loose_stem(expected.notebook)]
        if not likely:
            return Choice(None, found, is_unclear=True)
        return Choice(likely[0], [file for file in found if file != likely[0]])

    def rank(file: File) -> tuple[int, bool, int, int]:
        look = looks[file]
        return (2 if look.answers else 1 if look.more else 0, file.name == expected.notebook, look.answers, look.more)

    taken = max(ours, key=rank) if ours else found[0]  # of equals the first: nearest to the top
    untouched = frozenset(file for file in ours if rank(file)[0] == 0)
    return Choice(taken, [file for file in found if file != taken], untouched=untouched)


def _is_named_notebook(file: File) -> bool:
    name = file.name.casefold()
    return ".ipynb" in name[1:] and not name.startswith(".") and not name.endswith((*_PAGES, ".zip", ".tgz", ".gz"))


def _may_be_notebook(file: File) -> bool:
    """Tell by ending and first bytes whether it is a notebook under a name that no longer says so."""
    _, dot, ending = file.name.casefold().rpartition(".")
    is_near = len(ending) <= LONGEST_ENDING and SequenceMatcher(None, ending, "ipynb").ratio() >= 0.7
    if file.name.startswith(".") or (dot and ending not in ("json", "txt") and not is_near):
        return False
    try:
        head = file.read(400).lstrip(b"\xef\xbb\xbf \r\n\t")
    except (OSError, Closed):
        return False
    return head.startswith(b"{") and (b'"cells"' in head or b'"nbformat"' in head or b'"metadata"' in head)


def _look(file: File, expected: Expected) -> _Look:
    try:
        raw = load_json(file.read(file.size + 1))
        cells = [(_id_of(cell), _text_of(cell)) for cell in raw["cells"] if isinstance(cell, dict)]
    except (OSError, Closed, ValueError, RecursionError, KeyError, TypeError):
        return _Look(False)
    asked = [text != expected.answers[grade_id] for grade_id, text in cells if grade_id in expected.answers]
    others = [text for grade_id, text in cells if grade_id not in expected.answers]
    more = sum(bool(text) and text not in expected.texts for text in others)
    return _Look(True, bool(asked) or not expected.answers, sum(asked), more)


def _id_of(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return str(about.get("grade_id", "")) if isinstance(about, dict) else ""


def _text_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return plain("".join(map(str, source)) if isinstance(source, list) else str(source))
