"""A tick or a cross in colour before what a check says, where somebody looks at it: in a notebook or a terminal.

Frontends render a terminal's colours in what a cell prints, so the words are the same text everywhere and stay on the
stream that tells failed checks from passed ones. The sign stands on a ground of its own and reads on light and dark.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from nnlib.checks.progress import is_students

_TICK, _CROSS = "\x1b[1;30;42m ✓ \x1b[0m ", "\x1b[1;30;41m ✗ \x1b[0m "


def badge(passed: bool, stream: TextIO, folder: Path) -> str:
    """Return the sign to print on ``stream`` before a verdict; empty where no colours are wanted or shown.

    That is where NO_COLOR is set, in a file, on a dumb terminal, where an author works or work is graded, and under
    nbgrader's Validate, whose window shows text without colours.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("NBGRADER_VALIDATING"):
        return ""
    if not (is_students(folder) or _is_terminal(stream)):
        return ""
    try:
        "✓✗".encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return ""
    return _TICK if passed else _CROSS


def _is_terminal(stream: TextIO) -> bool:
    return os.environ.get("TERM", "dumb") != "dumb" and stream.isatty()
