"""Losses and their gradients (lectures 001, 002 and 003).

Every loss is a mean over the batch, a Python float; every gradient already carries that mean.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nnlib._validate import (
    Array,
    as_float,
    require_filled,
    require_labels,
    require_ndim,
    require_probabilities,
    require_same_shape,
)
from nnlib.activations import sigmoid


def softmax(scores: npt.ArrayLike) -> Array:
    """Turn each row of scores into probabilities.

    Parameters
    ----------
    scores
        Logits ``(N, C)``, any finite size; also ``(C,)`` for one example.

    Returns
    -------
    Array
        Shaped as ``scores``, rows in [0, 1] that sum to 1.
    """
    scores = as_float(scores)
    if scores.ndim == 0 or scores.size == 0:
        raise ValueError(f"scores must have shape (N, C) with no empty axis, got {scores.shape}.")
    exp: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))  # exp of large scores overflows
    exp /= exp.sum(axis=-1, keepdims=True)
    return exp


def one_hot(y: npt.ArrayLike, num_classes: int) -> Array:
    """Write each label of ``y`` ``(N,)`` as a row of zeros with a single 1: ``(N, num_classes)``, float64."""
    labels = require_labels(y, None, num_classes)
    encoded = np.zeros((labels.size, num_classes))
    encoded[np.arange(labels.size), labels] = 1
    return encoded


def cross_entropy(probs: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Average the cost ``-log`` of the probability that each example gives its true class.

    Parameters
    ----------
    probs
        ``(N, C)`` in [0, 1].
    y
        Labels ``(N,)``.

    Returns
    -------
    float
        In nats, 0 or more; infinite where a true class has probability 0.
    """
    probs = as_float(probs)
    require_ndim("probs", probs, 2, "(N, C)")
    labels = require_labels(y, probs.shape[0], probs.shape[1])
    require_probabilities("probs", probs, "For scores call softmax first.")
    with np.errstate(divide="ignore"):  # -log(0) = inf is the true cost
        costs = -np.log(probs[np.arange(labels.size), labels])
    return float(costs.mean())


def softmax_cross_entropy(scores: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, Array]:
    """Return the cross-entropy of ``softmax(scores)`` and its gradient, finite for any finite scores.

    Parameters
    ----------
    scores
        Logits ``(N, C)``.
    y
        Labels ``(N,)``.

    Returns
    -------
    tuple
        The mean loss in nats and ``dscores`` ``(N, C)``, ``(softmax(scores) - one_hot(y)) / N``.
    """
    scores = as_float(scores)
    require_ndim("scores", scores, 2, "(N, C)")
    n = scores.shape[0]
    labels = require_labels(y, n, scores.shape[1])
    rows = np.arange(n)
    shifted = scores - np.maximum.reduce(scores, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.add.reduce(exp, axis=1, keepdims=True)
    # log(sum) - shifted instead of -log(probs): a probability that rounds to 0 keeps its finite cost
    loss = float(np.add.reduce(np.log(total[:, 0]) - shifted[rows, labels])) / n
    total *= n
    exp /= total
    exp[rows, labels] -= 1 / n
    return loss, exp


def hinge_loss(scores: npt.ArrayLike, y: npt.ArrayLike, margin: float = 1.0) -> tuple[float, Array]:
    """Charge every wrong class that comes within ``margin`` of the true one; Weston & Watkins (1999).

    Parameters
    ----------
    scores
        ``(N, C)``.
    y
        Labels ``(N,)``.
    margin
        The wanted distance, in units of the scores.

    Returns
    -------
    tuple
        The mean over examples of ``sum_{j != y} max(0, s_j - s_y + margin)``, and ``dscores`` ``(N, C)``.
    """
    scores = as_float(scores)
    require_ndim("scores", scores, 2, "(N, C)")
    n = scores.shape[0]
    labels = require_labels(y, n, scores.shape[1])
    rows = np.arange(n)
    violations = np.maximum(scores - scores[rows, labels][:, np.newaxis] + float(margin), 0)
    violations[rows, labels] = 0  # the true class does not compete with itself
    dscores = (violations > 0).astype(scores.dtype)
    dscores[rows, labels] = -dscores.sum(axis=1)
    dscores /= n
    return float(violations.sum() / n), dscores


def _errors(pred: npt.ArrayLike, target: npt.ArrayLike) -> Array:
    pred, target = as_float(pred), as_float(target)
    require_same_shape("pred", pred, "target", target)
    require_filled(pred)
    return (pred - target).astype(pred.dtype)


def mse(pred: npt.ArrayLike, target: npt.ArrayLike) -> tuple[float, Array]:
    """Return the mean of the squared errors over all entries and its gradient, shaped as ``pred``."""
    error = _errors(pred, target)
    return float(np.mean(error**2)), error * (2 / error.size)


def mae(pred: npt.ArrayLike, target: npt.ArrayLike) -> tuple[float, Array]:
    """Return the mean of the absolute errors over all entries and its gradient (0 at an exact hit)."""
    error = _errors(pred, target)
    return float(np.mean(np.abs(error))), np.sign(error) / error.size


def binary_cross_entropy(logits: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, Array]:
    """Return the loss of logistic regression and its gradient, finite for any finite logits.

    Parameters
    ----------
    logits
        Scores of class 1, any shape, usually ``(N,)`` or ``(N, 1)``.
    y
        Labels shaped as ``logits``, 0 or 1 (or probabilities between).

    Returns
    -------
    tuple
        The mean loss in nats and ``dlogits``, ``(sigmoid(logits) - y) / N``.
    """
    logits, y = as_float(logits), as_float(y)
    require_same_shape("y", y, "logits", logits)
    require_filled(logits)
    require_probabilities("y", y, "Map labels -1, 1 to 0, 1.")
    y = y.astype(logits.dtype)
    # max(z, 0) - z*y + log(1 + exp(-|z|)) is the loss with its overflowing terms cancelled
    losses = np.maximum(logits, 0) - logits * y + np.log1p(np.exp(-np.abs(logits)))
    return float(losses.mean()), (sigmoid(logits) - y) / logits.size
