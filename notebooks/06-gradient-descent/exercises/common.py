"""What the exercises of 06-gradient-descent share.

Hidden tests of 06-gradient-descent.

Random exercises are judged by what every correct way to draw has in common, never by a seed.
A cost history is judged by looking for an order of the examples that explains it, step by step, so that every
order is accepted and nothing but an order of all examples is.
Where chance could fail a right answer, the test says how seldom: always below once in a million gradings.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

from itertools import combinations

import numpy as np

import nnlib as reference
from nnlib import affine_backward, affine_forward, softmax_cross_entropy
from nnlib.checks import require


def _problem(rng, n, d, classes):
    """Inputs with labels of which every class occurs where there is room, shuffled."""
    y = np.arange(n) % classes
    rng.shuffle(y)
    return rng.normal(size=(n, d)), y


def _history(result, steps):
    try:
        costs = np.asarray(result)
    except ValueError:  # lists of several lengths
        costs = np.array(None)
    fits = isinstance(result, list | tuple | np.ndarray) and costs.ndim == 1 and costs.dtype.kind in "fiu"
    empty = isinstance(result, list | tuple | np.ndarray) and steps == costs.size == 0
    require(fits or empty, "The result must be the list of costs, one number a step, and nothing else.")
    require(len(costs) == steps, f"There must be {steps} costs here, one a step.")
    require(np.isfinite(costs.astype(float)).all(), "A cost is nan or infinite.")
    return costs.astype(float)


def _gradients_test(w, b, X, y):
    """Cost and gradients of softmax regression on a batch."""
    scores = X @ w + b
    cost, dscores = reference.softmax_cross_entropy(scores, y)
    return cost, X.T @ dscores, dscores.sum(axis=0)


def _explain(costs, X, y, lr, batch_size):
    """Find the batches that explain a history; returns the epochs as lists of batches, or None.

    Each epoch must use every example once. All costs are alike at zero weights, so the first batch is found by
    what follows: this is a search that goes back where it fails.
    """
    n = len(X)

    def search(step, w, b, left, epochs):
        if step == len(costs):
            return epochs
        if not left:
            left, epochs = frozenset(range(n)), [*epochs, []]
        for batch in combinations(sorted(left), min(batch_size, len(left))):
            chosen = list(batch)
            cost, dw, db = _gradients_test(w, b, X[chosen], y[chosen])
            if abs(cost - costs[step]) > 1e-6 * abs(cost) + 1e-9:
                continue
            grown = [*epochs[:-1], [*epochs[-1], batch]]
            found = search(step + 1, w - lr * dw, b - lr * db, left - set(batch), grown)
            if found is not None:
                return found
        return None

    classes = int(y.max()) + 1
    return search(0, np.zeros((X.shape[1], classes)), np.zeros(classes), frozenset(), [])


def _require_explained(costs, X, y, lr, batch_size):
    epochs = _explain(costs, X, y, lr, batch_size)
    require(
        epochs is not None,
        "No order of the examples gives these costs. Each is the mean cost of the step's own batch before the step, "
        "and each epoch uses every example once.",
    )
    return epochs


def _require_ln(cost, classes):
    require(
        abs(cost - np.log(classes)) < 1e-6,
        f"The first cost with {classes} classes must be ln {classes} = {np.log(classes):.6f}, that of zero parameters "
        "before any step.",
    )


def _gradients_right(w, b, X, y):
    cost, dscores = softmax_cross_entropy(X @ w + b, y)
    return cost, X.T @ dscores, dscores.sum(axis=0)


def _descend_right(orders, X, y, lr, size):
    classes = max(y.tolist()) + 1
    w, b, costs = np.zeros((X.shape[1], classes)), np.zeros((1, classes)), []
    for order in orders:
        for start in range(0, len(order), size):
            chosen = np.asarray(order[start : start + size])
            cost, dw, db = _gradients_right(w, b, X[chosen], y[chosen])
            costs.append(cost)
            w, b = w - lr * dw, b - lr * db
    return costs


def _gradients(params, X, y):
    scores, cache = affine_forward(X, params["W"], params["b"])
    cost, dscores = softmax_cross_entropy(scores, y)
    _, dw, db = affine_backward(dscores, cache)
    return float(cost), {"W": dw, "b": db}


def _zeros(X, classes):
    return {"W": np.zeros((X.shape[1], classes)), "b": np.zeros(classes)}


def _step(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params}


def _descend(passes, X, y, lr):
    """Step through the batches of all passes, each a list of arrays of indices."""
    params, costs = _zeros(X, int(y.max()) + 1), []
    for batches in passes:
        for chosen in batches:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def _cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]
