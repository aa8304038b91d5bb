"""Checks of arguments that many public functions share: rule, what came, how to mend it."""

from numbers import Integral, Real
from typing import Any

import numpy as np


def require_rng(rng: object) -> None:
    """Refuse anything that is not a ``numpy.random.Generator``; a bare seed is the usual slip."""
    if not isinstance(rng, np.random.Generator):
        msg = f"rng must be a numpy.random.Generator, got {type(rng).__name__}."
        msg += " Make one with np.random.default_rng(seed)."
        raise ValueError(msg)


def require_int(name: str, value: Any, *, at_least: int) -> None:
    """Refuse what is not a whole number of at least ``at_least``."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be an integer of at least {at_least}, got {value!r}.")


def require_real(
    name: str,
    value: Any,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
) -> None:
    """Refuse what is not a finite number in the range."""
    rules = [
        f"at least {at_least:g}" if at_least is not None else "",
        f"above {above:g}" if above is not None else "",
        f"at most {at_most:g}" if at_most is not None else "",
    ]
    wanted = " and ".join(rule for rule in rules if rule)
    ok = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value))
    ok = ok and (at_least is None or value >= at_least)
    ok = ok and (above is None or value > above)
    ok = ok and (at_most is None or value <= at_most)
    if not ok:
        raise ValueError(f"{name} must be a finite number{' ' + wanted if wanted else ''}, got {value!r}.")
