"""Guess what went wrong from two arrays alone: the generic readings behind :mod:`nnlib.checks`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from nnlib._validate import Array
from nnlib.checks.voice import amount, may_name, times

ROUNDED = "It is the right result, rounded"
_MOST_DIGITS = 8
_HALF_A_DIGIT = 1e-3  # of the last digit kept; a tie may be rounded either way, which costs the name and no more
_MAX_NAMED = 4  # more row numbers than this are noise in a sentence


class Reader:
    """Compare a wrong result with what a usual slip would have made of the right one.

    Parameters
    ----------
    got, expected
        Finite float64 arrays of one shape, at least one entry apart.
    rtol, atol
        Tolerances of "equal".
    sizes
        Names and lengths of dimensions that a factor may equal, e.g. ``{"N": 7, "C": 4}``.
    """

    def __init__(self, got: Array, expected: Array, rtol: float, atol: float, sizes: Mapping[str, int]) -> None:
        self.got, self.expected, self.rtol, self.atol = got, expected, rtol, atol
        self.sizes = sizes
        # With one distinct value any factor or offset fits, and fitting proves nothing.
        self.telling = np.unique(expected).size > 1 and np.unique(np.abs(expected[expected != 0])).size > 1

    def read(self) -> str | None:
        """Return the first reading that fits, as a sentence, or None."""
        tries = [self._rounded, self._transposed, self._sign, self._factor, self._addend]
        tries += [self._nonlinear, self._order, self._part]
        return next((sentence for attempt in tries if (sentence := attempt())), None)

    def _equals(self, candidate: Array) -> bool:
        return bool(np.all(np.abs(self.got - candidate) <= self.atol + self.rtol * np.abs(candidate)))

    def _rounded(self) -> str | None:
        """Rounding to so few digits gives exactly this, which nothing else does where digits are left.

        Whole numbers are not taken for rounded ones: they may be decisions, made of the right probabilities.
        """
        if np.array_equal(self.got, np.round(self.got)):
            return None
        for digits in range(1, _MOST_DIGITS + 1):
            if np.array_equal(self.got, np.round(self.got, digits)):
                right = np.round(self.expected, digits)
                near = np.all(np.abs(self.got - right) <= _HALF_A_DIGIT * 10.0**-digits)
                return f"{ROUNDED} to {digits} digit{'s' * (digits > 1)}." if near else None
        return None

    def _transposed(self) -> str | None:
        n = self.got.shape
        if len(n) == 2 and n[0] == n[1] > 1 and self._equals(self.expected.T):
            return "It is transposed."
        return None

    def _sign(self) -> str | None:
        if self._equals(-self.expected):
            return "The sign is flipped."
        if not self.got.any():
            return "It is 0 everywhere." if self.got.ndim else None
        if self.telling and self._equals(np.abs(self.expected)):
            return "The sign is lost: these are absolute values."
        return None

    def _factor(self) -> str | None:
        largest = np.unravel_index(np.argmax(np.abs(self.expected)), self.expected.shape)
        if self.expected[largest] == 0:
            return None
        factor = float(self.got[largest] / self.expected[largest])
        if factor == 0 or not math.isfinite(factor) or not self._equals(self.expected * factor):
            return None
        flipped = " and its sign is flipped" if factor < 0 else ""
        for known, too_large, too_small in self._known_factors():
            if math.isclose(abs(factor), known, rel_tol=max(self.rtol, 1e-6)):
                return f"It is {known:.6g} times too large{flipped}{too_large}"
            if math.isclose(abs(factor), 1 / known, rel_tol=max(self.rtol, 1e-6)):
                return f"It is {known:.6g} times too small{flipped}{too_small}"
        if not self.telling:
            return None
        if abs(factor) > 1:
            return f"It is {times(abs(factor))} too large{flipped}."
        return f"It is {times(1 / abs(factor))} too small{flipped}."

    def _known_factors(self) -> Iterator[tuple[float, str, str]]:
        """Yield factors that usual slips leave, each with what to ask if the result is too large or small."""
        names: dict[int, list[str]] = {}
        for name, size in (self.sizes or self._axes()).items():
            names.setdefault(int(size), []).append(str(name))
        lengths = [size for size in names if size > 1]
        for size in lengths:
            label = " or ".join(names[size])
            half = " (or is ½ missing)" if size == 2 else ""
            yield size, f": was a mean over {label} meant{half}?", f": divided by {label} once too often?"
        for i, a in enumerate(lengths):
            for b in lengths[i:]:
                label = f"{names[a][0]} times {names[b][-1]}"
                yield a * b, f" ({label}): was a mean meant?", f" ({label}): averaged over too much?"
        yield 2, ": is a factor ½ missing?", ": is a factor 2 missing?"
        yield math.log(2), *(": base 2 and natural logarithm mixed up?",) * 2

    def _axes(self) -> dict[str, int]:
        labels = ("the rows", "the columns") if self.got.ndim == 2 else ("the entries",) * self.got.ndim
        return dict(zip(labels, self.got.shape, strict=True))

    def _addend(self) -> str | None:
        offset = float((self.got - self.expected).flat[0])
        if offset == 0 or not self._equals(self.expected + offset):
            return None
        if not self.telling and not math.isclose(abs(offset), 1, rel_tol=max(self.rtol, 1e-6)):
            return None
        everywhere = " everywhere" if self.got.ndim else ""
        return f"It is {amount(abs(offset))} too {'large' if offset > 0 else 'small'}{everywhere}."

    def _nonlinear(self) -> str | None:
        if not self.telling and self.expected.size > 1:
            return None
        if self._equals(self.expected**2):
            return "It is the square of what was expected: is a root missing?"
        if self.expected.min() >= 0 and self._equals(np.sqrt(self.expected)):
            return "It is the root of what was expected: variance and standard deviation mixed up?"
        return None

    def _order(self) -> str | None:
        axes = ("rows", "columns") if self.got.ndim == 2 else ("entries",) * self.got.ndim
        for axis, name in enumerate(axes):
            if self._equals(np.flip(self.expected, axis)):
                return f"The {name} are in reverse order."
        for axis, name in enumerate(axes):
            for shift in (1, -1):
                if self._equals(np.roll(self.expected, shift, axis)):
                    return f"The {name} are shifted by one."
        if self.got.ndim == 2:
            for axis, name in enumerate(axes):
                if self._permuted(axis):
                    return f"The {name} are right but in another order."
        if self.got.size > 1 and self.telling and self.got.size <= 1 << 16:
            a, b = np.sort(self.got, axis=None), np.sort(self.expected, axis=None)
            if bool(np.all(np.abs(a - b) <= self.atol + self.rtol * np.abs(b))):
                return "The numbers are right but in other places: rows and columns mixed up?"
        return None

    def _permuted(self, axis: int) -> bool:
        got, expected = np.moveaxis(self.got, axis, 0), np.moveaxis(self.expected, axis, 0)
        if len(got) > 256:
            return False
        left = list(range(len(expected)))
        slack = self.atol + self.rtol * np.abs(expected)
        for row in got:
            match = next((j for j in left if np.all(np.abs(row - expected[j]) <= slack[j])), None)
            if match is None:
                return False
            left.remove(match)
        return True

    def _part(self) -> str | None:
        if self.got.ndim != 2:
            return None
        wrong = np.abs(self.got - self.expected) > self.atol + self.rtol * np.abs(self.expected)
        for name, lines in (("row", wrong.any(axis=1)), ("column", wrong.any(axis=0))):
            bad = np.flatnonzero(lines)
            if bad.size < lines.size and bad.size <= _MAX_NAMED and may_name(lines.size):
                plural = ("", "is") if bad.size == 1 else ("s", "are")
                return f"Only {name}{plural[0]} {', '.join(map(str, bad))} {plural[1]} wrong."
        return None
