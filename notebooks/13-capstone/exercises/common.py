"""What the exercises of this assignment share.

What a network looks like inside and how it is trained is the student's choice, so nothing here compares with one
network of ours: the tests hold a student's functions against each other, against exact properties, and against
digits that the student's edition of nnlib does not hold. Functions are given copies.
Where chance could fail a right answer, the test says how seldom.
"""

import numpy as np

from nnlib.checks import assert_shape, require


def _shapes(sizes):
    shapes = {}
    for i in range(1, len(sizes)):
        shapes |= {f"W{i}": (sizes[i - 1], sizes[i]), f"b{i}": (sizes[i],)}
    return shapes


def sizes_of(params):
    """Tell the sizes of a network: inputs, units of each hidden layer, classes."""
    return [len(params["W1"]), *(params[f"b{i}"].size for i in range(1, len(params) // 2 + 1))]


def draw(sizes, rng):
    """Draw parameters to try functions with: He's weights, and biases that are not zero."""
    return {
        name: rng.normal(size=shape) * (np.sqrt(2 / shape[0]) if len(shape) == 2 else 0.5)
        for name, shape in _shapes(sizes).items()
    }


def clouds(rng, n, d, classes, apart=3.0):
    """Draw examples in clouds that overlap a little, one cloud per class."""
    y = np.arange(n) % classes
    rng.shuffle(y)
    centres = apart * np.linalg.qr(rng.normal(size=(d, d)))[0][:classes]
    return rng.normal(size=(n, d)) + centres[y], y


def copied(params):
    """Copy parameters, arrays and all."""
    return {name: np.array(value) for name, value in params.items()}


def checked_network(result, sizes, what):
    """Check that ``result`` is a network's parameters and return them as float64."""
    require(isinstance(result, dict), f"{what} must be a dict of arrays by name.")
    shapes = _shapes(sizes)
    require(set(result) == set(shapes), f"{what} must have exactly the names {', '.join(shapes)}.")
    for name, shape in shapes.items():
        value = result[name]
        require(isinstance(value, np.ndarray) and value.dtype.kind == "f", f"{name} must be an array of floats.")
        assert_shape(value, shape, what=f"{name} for sizes {list(sizes)}")
        require(np.isfinite(value).all(), f"{name} holds nan or infinity.")
    return {name: result[name].astype(float) for name in shapes}


def built(student, sizes, rng):
    """Let the student build a network."""
    return checked_network(student.build_network(list(sizes), rng), sizes, "What build_network returns")


def predicted(student, params, X):
    """Let the student predict, and check that these are probabilities by their form."""
    probs = np.asarray(student.predict_probabilities(copied(params), X.copy()))
    assert_shape(probs, (len(X), sizes_of(params)[-1]), what="the array (N, C) of probabilities")
    require(probs.dtype.kind == "f" and np.isfinite(probs).all(), "The probabilities must be finite floats.")
    return probs.astype(float)


def cost_of(student, params, X, y):
    """Compute the mean cross-entropy of what the student predicts."""
    probs = predicted(student, params, X)[np.arange(len(y)), y]
    require((probs > 0).all(), "The probabilities must be above 0.")
    return float(-np.log(probs).mean())


def loss_and_grads(student, params, X, y):
    """Let the student compute loss and gradients, and check their form."""
    result = student.loss_and_gradients(copied(params), X.copy(), y.copy())
    fits = isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[1], dict)
    require(fits, "loss_and_gradients must return a pair (loss, grads), and grads must be a dict.")
    loss, grads = result
    require(np.ndim(loss) == 0 and np.isfinite(np.asarray(loss, dtype=float)), "The loss must be one finite number.")
    require(set(grads) == set(params), "grads must have the names of params.")
    for name, value in params.items():
        assert_shape(np.asarray(grads[name]), value.shape, what=f"the gradient of {name}")
    return float(loss), {name: np.asarray(grads[name], dtype=float) for name in params}


def gradients_by_hand(params, X, y):
    """Compute loss and gradients without any function of nnlib, for variants."""
    depth, activations, scores = len(params) // 2, [X], []
    for i in range(1, depth + 1):
        scores.append(activations[-1] @ params[f"W{i}"] + params[f"b{i}"])
        activations.append(np.maximum(scores[-1], 0))
    shifted = scores[-1] - scores[-1].max(axis=1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, grads = len(y), {}
    delta = np.exp(log)
    delta[np.arange(n), y] -= 1
    delta /= n
    for i in range(depth, 0, -1):
        grads[f"b{i}"] = delta.sum(axis=0)
        grads[f"W{i}"] = activations[i - 1].T @ delta
        if i > 1:
            delta = delta @ params[f"W{i}"].T * (scores[i - 2] > 0)
    return -log[np.arange(n), y].mean(), grads
