"""Round-off as another machine makes it: numbers a few ulps away.

Together with :mod:`grader.reordering` it shows what would depend on the processor, on the build of the linear
algebra library or on the number of its threads, without having another machine at hand.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib._validate import Array

_STEPS = np.array([-4, -3, -2, -1, 1, 2, 3, 4])  # ulps; a function's result differs by one or two between machines
_FACTORS = 1 + _STEPS * np.finfo(np.float64).eps
_SIGNLESS, _HALF, _TOP = np.uint64(2**63 - 1), np.uint64(32), np.uint64(61)
_GOLDEN, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)  # splitmix64's


class Roundoff:
    """One machine's round-off; ``seed`` chooses the machine.

    A nudge depends on nothing but the number's size: equal numbers stay equal, opposite ones opposite and zero zero,
    as they do on every machine. Two kinds stay as they are. A whole number that stands alone is a setting, such as a
    probability of 1; and an ulp of single precision is a change of the data, larger than what a test of double
    precision allows.
    """

    def __init__(self, seed: int) -> None:
        self._salt = np.uint64(seed * int(_GOLDEN) % 2**64)

    def nudged(self, value: Any) -> Any:
        """Copy plain data with every float64 a few ulps away; of a function, one whose results are such copies."""
        return _Nudges(self._away).of(value)

    def answering(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Nudge what ``function`` returns."""
        return _Nudges(self._away).answering(function)

    def fed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Nudge what ``function`` is given, results of functions that it is given included.

        What it writes into its arguments reaches the caller's, and a number that it hands on comes back as it came:
        a test may ask which rows of the data were drawn.
        """

        @functools.wraps(function, updated=())
        def call(*args: Any, **kwargs: Any) -> Any:
            nudges, given = _Nudges(self._away), (*args, *kwargs.values())
            own = nudges.of(given)
            try:
                result = function(*own[: len(args)], **dict(zip(kwargs, own[len(args) :], strict=True)))
            finally:
                nudges.write_back()
            return nudges.undone(result)

        return call

    def _away(self, x: Array) -> Array:
        mixed = ((x.reshape(-1).view(np.uint64) & _SIGNLESS) ^ self._salt) * _MIX
        mixed = (mixed ^ (mixed >> _HALF)) * _GOLDEN
        return np.multiply(x, _FACTORS[mixed >> _TOP].reshape(x.shape), out=np.empty_like(x))  # in x's memory layout


_SINGLE = 2.0**29  # times as far apart as doubles are singles


class _Nudges:
    """The nudges of one call, which can be undone."""

    def __init__(self, away: Callable[[Array], Array]) -> None:
        self._away = away
        self._twins: dict[int, tuple[Any, Any]] = {}  # by the nudged one's id: it, and the one that it stands for
        self._made: list[tuple[Array, Array]] = []  # numbers as they were and as they are

    def of(self, value: Any) -> Any:
        nudged = self._of(value)
        if nudged is not value:
            self._twins[id(nudged)] = nudged, value
        return nudged

    def _of(self, value: Any) -> Any:
        kind = type(value)
        if isinstance(value, np.ndarray):
            away = self._away(value) if value.dtype == np.float64 else value.copy(order="K")
            if value.dtype == np.float64:
                self._made.append((value.copy(), away.copy()))
            return away
        if kind in (float, np.float64):
            return value if value == np.round(value) else kind(self._of(np.array(value)))
        if kind in (list, tuple):
            return kind(map(self.of, value))
        if kind is dict:
            return {key: self.of(item) for key, item in value.items()}
        return self.answering(value) if callable(value) and kind is not type else value

    def answering(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function, updated=())
        def call(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            if type(result) in (float, np.float64) and any(getattr(arg, "dtype", None) == np.float32 for arg in args):
                nearby = float(
                    self._away(np.array(result, dtype=float))
                )  # computed in float32 on the way, it is so good
                return type(result)(result + (nearby - result) * _SINGLE)
            return self.of(result)

        return call

    @functools.cached_property
    def _originals(self) -> tuple[Array, Array]:
        """The nudged numbers in order, and what each was."""
        was, now = (np.concatenate([np.zeros(1), *map(np.ravel, side)]) for side in zip(*self._made, strict=True))
        now, first = np.unique(now, return_index=True)
        return now, was[first]

    def undone(self, value: Any) -> Any:
        """Make the numbers that were only handed on what they were, in place where ``value`` can be written."""
        kind = type(value)
        if isinstance(value, np.ndarray):
            if value.dtype == np.float64 and value.size and value.flags.writeable and self._made:
                now, was = self._originals
                at = np.minimum(np.searchsorted(now, value), len(now) - 1)
                came = now[at] == value
                value[came] = was[at[came]]
            return value
        if kind in (float, np.float64):
            return kind(self.undone(np.array(value)))
        if kind in (list, tuple):
            if set(map(type, value)) == {float}:  # at once: there may be a million
                return kind(self.undone(np.array(value)).tolist())
            return kind(map(self.undone, value))
        return {key: self.undone(item) for key, item in value.items()} if kind is dict else value

    def write_back(self) -> None:
        """Let the caller's arrays, lists and dicts become what those that stood for them were made."""
        for nudged, theirs in list(self._twins.values()):
            if isinstance(theirs, np.ndarray):
                was = self._away(theirs) if theirs.dtype == np.float64 else theirs
                written = (nudged != was) & ((nudged == nudged) | (was == was))
                if written.any():
                    theirs[written] = self.undone(nudged.copy())[written]
            elif type(theirs) is list:
                theirs[:] = map(self._theirs, nudged)
            elif type(theirs) is dict:
                items = {key: self._theirs(item) for key, item in nudged.items()}
                theirs.clear()
                theirs.update(items)

    def _theirs(self, item: Any) -> Any:
        """What the caller should find where ``item`` is: what it stands for, if it does for something."""
        return self._twins[id(item)][1] if id(item) in self._twins else self.undone(item)
