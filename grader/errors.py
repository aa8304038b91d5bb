"""The base of every error that a user can cause: its text is one clear line, and the exit code is 1."""

import difflib
from collections.abc import Iterable


class GraderError(ValueError):
    """The rule, what came, and how to fix it, in one line; the command line prints it without a traceback."""


class AssignmentError(GraderError):
    """The author's files are at fault; the text names file and place."""


def did_you_mean(name: str, known: Iterable[str], all: bool = True) -> str:
    """Name what ``name`` may be a slip of, as a sentence with a space before it; else, with ``all``, what there is."""
    known = sorted(known)
    if near := difflib.get_close_matches(name, known, n=1):
        return f" Did you mean {near[0]}?"
    return f" Choose from: {', '.join(known)}." if known and all else ""
