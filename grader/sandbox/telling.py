"""What a message may say of an object that stays in the student's process: nothing that the process made up."""

import re
from collections.abc import Callable, Iterable

import msgspec

from grader.sandbox.messages import Handle
from nnlib.checks.calls import SOMETHING
from nnlib.checks.plain import stands_for

MAX_WORDS = 100  # looked for in a student's text
MOST_SEARCHED = 2**20  # bytes of that text
# A type's name may be told only where it is no secret message.
_TOLD = re.compile(
    r"an array of (?:objects|dates|time spans|records) of shape \((?:\d{1,4}(?:, \d{1,4}){0,3},?)?\)"
    r"|a date|a time span|an object of type (?P<name>[A-Za-z_][A-Za-z0-9_]{0,23})"
)
_TYPES = frozenset(
    ["function", "builtin_function_or_method", "method", "type", "module", "ufunc", "object", "generator", "map", "zip"]
    + [
        "filter",
        "Generator",
        "RandomState",
        "SimpleNamespace",
        "partial",
        "ellipsis",
        "Figure",
        "Axes",
        "void",
        "record",
    ]
)
stands_for(Handle, lambda handle: handle.told or SOMETHING)


class Telling:
    """Looks at what a process says of its objects; ``texts`` returns all that the student wrote."""

    def __init__(self, texts: Callable[[], Iterable[bytes]]) -> None:
        self._texts = texts
        self._joined: bytes | None = None
        self._words: dict[str, bool] = {}  # names of types, and whether the student's text has them

    def forget(self) -> None:
        """Look again for every word: there is more text."""
        self._words.clear()
        self._joined = None

    def checked(self, handle: Handle) -> Handle:
        """Return the handle, with nothing to be told where that could carry something of a test."""
        match = _TOLD.fullmatch(handle.told)
        known = match and (match["name"] is None or match["name"] in _TYPES or self._holds(match["name"]))
        return handle if known else msgspec.structs.replace(handle, told=SOMETHING)

    def _holds(self, name: str) -> bool:
        if name not in self._words:
            if len(self._words) > MAX_WORDS:
                return False
            word = re.compile(rb"\b%s\b" % name.encode())
            self._words[name] = word.search(self._text()) is not None
        return self._words[name]

    def _text(self) -> bytes:
        if self._joined is None:
            self._joined = b"\n".join(self._texts())[:MOST_SEARCHED]
        return self._joined
