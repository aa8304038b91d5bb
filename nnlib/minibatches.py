"""Cut a data set into shuffled batches (lectures 000 to 003)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, require_int, require_rng, require_rows


def random_minibatches(
    X: npt.ArrayLike, y: npt.ArrayLike, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Yield one epoch of batches: every example once, in a fresh order.

    Parameters
    ----------
    X
        Examples ``(N, ...)``.
    y
        Labels ``(N, ...)``, shuffled by the same permutation.
    batch_size
        Examples per batch; the last batch holds what is left.
    rng
        Draws the permutation, one per epoch.

    Returns
    -------
    Iterator
        Pairs ``(X_batch, y_batch)``, copied one by one, so an epoch needs no second copy of the data.
    """
    examples, labels = np.asarray(X), np.asarray(y)
    require_rng(rng)
    require_int("batch_size", batch_size, at_least=1)
    require_rows(X=examples, y=labels)
    return _batches(examples, labels, batch_size, rng.permutation(len(examples)))


def _batches(X: Array, y: Array, batch_size: int, order: Array) -> Iterator[tuple[Array, Array]]:
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield X[chosen], y[chosen]


def steps_per_epoch(n: int, batch_size: int) -> int:
    """Number of batches in an epoch of ``n`` examples, the short one included."""
    require_int("n", n, at_least=1)
    require_int("batch_size", batch_size, at_least=1)
    return -(-n // batch_size)
