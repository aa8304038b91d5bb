"""How a function of a student's is called, alike at the student's desk and in grading.

The process that runs a submission loads this file by itself, without the rest of nnlib, so nothing of nnlib is
imported here.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

import numpy as np


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let warnings and floating-point errors be reported and never raised, whatever a notebook has set."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
