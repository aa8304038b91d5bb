"""A first net that learns without a single derivative: every weight is nudged and the effect is measured.

Assignment 01 opens with it, before students have written a layer or a gradient, and plugs their activations in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from nnlib._validate import Array, require_int

Labels = Callable[[Array], Array]
NUDGE = 1e-4  # of a weight: small enough for its effect to be proportional, large enough for round-off
TRIES = 8  # shorter and shorter steps before one that does not help is given up


def learn_by_nudging(
    bend: Callable[[Array], Array],
    X: Array,
    y: Array,
    *,
    hidden: Sequence[int] = (12, 12),
    steps: int = 40,
    seed: int = 0,
) -> list[Labels]:
    """Train a small net on points of two classes, and keep what it looked like after every step.

    Each step nudges every weight by itself, notes how all answers change, and moves all weights so that the answers
    come closest to -1 and 1 (least squares after Levenberg and Marquardt). So it needs the activation alone, no
    derivative, and one pass through the net per weight: with thousands of weights that is hopeless.

    Parameters
    ----------
    bend
        The activation after each hidden layer: maps an array of any shape to one of the same shape.
    X
        Points ``(N, D)``.
    y
        Labels ``(N,)``, 0 or 1.
    hidden
        Units of each hidden layer.
    steps
        How many steps to take.
    seed
        Of the starting weights.

    Returns
    -------
    list
        ``steps + 1`` functions that map points ``(M, D)`` to labels ``(M,)``: the net before training, after one
        step, and so on.

    Raises
    ------
    ValueError
        If ``bend`` changes the shape of what it is given.
    """
    require_int("steps", steps, at_least=0)
    X, target = np.asarray(X, dtype=float), 2.0 * np.asarray(y) - 1.0
    shapes = [shape for fans in pairwise([X.shape[1], *hidden, 1]) for shape in (fans, fans[1:])]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])

    def answers(theta: Array, points: Array) -> Array:
        parts = [part.reshape(shape) for part, shape in zip(np.split(theta, ends[:-1]), shapes, strict=True)]
        signal = points @ parts[0] + parts[1]
        for weights, biases in zip(parts[2::2], parts[3::2], strict=True):
            bent = np.asarray(bend(signal))
            if bent.shape != signal.shape:
                raise ValueError(f"An activation returns the shape it is given, {signal.shape}; got {bent.shape}.")
            signal = bent @ weights + biases
        return signal[:, 0]

    rng = np.random.default_rng(seed)
    start = [rng.normal(size=shape) * (np.sqrt(1.5 / shape[0]) if len(shape) == 2 else 0.5) for shape in shapes]
    theta, caution = np.concatenate([part.ravel() for part in start]), 1.0
    error = answers(theta, X) - target
    film = [theta]
    for _ in range(steps):
        nudged = (answers(theta + NUDGE * one, X) - target for one in np.eye(theta.size))
        effect = np.stack([(new - error) / NUDGE for new in nudged], axis=1)
        uphill, curvature = effect.T @ error, effect.T @ effect
        for _ in range(TRIES):
            step = np.linalg.solve(curvature + caution * np.eye(theta.size), uphill)
            trial = answers(theta - step, X) - target
            if np.sum(trial**2) < np.sum(error**2):
                theta, error, caution = theta - step, trial, caution / 3
                break
            caution *= 4
        film.append(theta)

    def labels(weights: Array) -> Labels:
        return lambda points: (answers(weights, np.asarray(points, dtype=float)) > 0).astype(int)

    return [labels(weights) for weights in film]
