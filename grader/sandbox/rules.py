"""nnlib's rules for calling a student's function, in the student's process too.

There ``nnlib`` is the student's edition, or none, and a student can change it; so the one file is loaded by its place.
"""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

__all__ = [
    "DTYPES",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_ITEMS",
    "NAMES",
    "NotPlain",
    "contents",
    "describe",
    "is_own",
    "quietly",
    "rebuilt",
    "settled",
]

if TYPE_CHECKING:
    from nnlib.checks.calls import (
        DTYPES,
        MAX_BYTES,
        MAX_DEPTH,
        MAX_ITEMS,
        NAMES,
        NotPlain,
        contents,
        describe,
        is_own,
        quietly,
        rebuilt,
        settled,
    )
else:
    _spec = importlib.util.spec_from_file_location(
        "grader.sandbox.calls", Path(__file__).resolve().parents[2] / "nnlib" / "checks" / "calls.py"
    )
    calls = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(calls)
    globals().update({name: getattr(calls, name) for name in __all__})
