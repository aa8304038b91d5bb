"""Learning rates that fall, and one that comes back (lectures 000, 002 and 003).

Warm restarts are those of Loshchilov & Hutter (2017).

Each maps the starting rate and an epoch (0 is the first) or step to the rate to use there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from nnlib._validate import require_real


def _require_time(name: str, value: float) -> None:
    require_real(name, value, at_least=0)


def inverse_time_decay(lr0: float, epoch: float, rate: float) -> float:
    """``lr0 / (1 + rate * epoch)``: 0.2 falls to 0.1, 0.067, 0.05, 0.04 at rate 1."""
    require_real("lr0", lr0, at_least=0)
    _require_time("epoch", epoch)
    require_real("rate", rate, at_least=0)
    return lr0 / (1 + rate * epoch)


def exponential_decay(lr0: float, epoch: float, base: float = 0.95) -> float:
    """``lr0 * base**epoch``, ``base`` in (0, 1]."""
    require_real("lr0", lr0, at_least=0)
    _require_time("epoch", epoch)
    require_real("base", base, above=0, at_most=1)
    return float(lr0 * base**epoch)


def sqrt_decay(lr0: float, epoch: float, k: float) -> float:
    """``lr0 * k / sqrt(epoch)``; here epochs count from 1."""
    require_real("lr0", lr0, at_least=0)
    if not epoch >= 1:
        raise ValueError(f"epoch must be at least 1, got {epoch!r}: the formula divides by its root. Pass epoch + 1.")
    require_real("k", k, above=0)
    return lr0 * k / math.sqrt(epoch)


def staircase_decay(lr0: float, epoch: float, drop: float, every: int) -> float:
    """Multiply ``lr0`` by ``drop``, in (0, 1], once every ``every`` epochs."""
    require_real("lr0", lr0, at_least=0)
    _require_time("epoch", epoch)
    require_real("drop", drop, above=0, at_most=1)
    require_real("every", every, above=0)
    return float(lr0 * drop ** (epoch // every))


def cosine_restarts(lr_max: float, lr_min: float, step: float, period: float) -> float:
    """Fall from ``lr_max`` to ``lr_min`` along half a cosine, and jump back every ``period`` steps."""
    require_real("lr_min", lr_min, at_least=0)
    require_real("lr_max", lr_max, at_least=lr_min)
    _require_time("step", step)
    require_real("period", period, above=0)
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@dataclass(frozen=True)
class Schedule:
    """A learning rate for :func:`fit`; :class:`ByEpoch` and :class:`ByStep` say what it depends on.

    Parameters
    ----------
    rate
        Maps the number of epochs, or of steps, that are done to the rate to use next.
    """

    rate: Callable[[int], float]

    def rate_at(self, *, epoch: int, step: int) -> float:
        """The rate after ``epoch`` epochs and ``step`` steps, both from the start of training."""
        raise NotImplementedError


@dataclass(frozen=True)
class ByEpoch(Schedule):
    """A rate for each epoch: ``ByEpoch(lambda epoch: inverse_time_decay(0.2, epoch, rate=1))``."""

    def rate_at(self, *, epoch: int, step: int) -> float:
        return float(self.rate(epoch))


@dataclass(frozen=True)
class ByStep(Schedule):
    """A rate for each step: ``ByStep(lambda step: cosine_restarts(0.1, 0, step, period=200))``."""

    def rate_at(self, *, epoch: int, step: int) -> float:
        return float(self.rate(step))
