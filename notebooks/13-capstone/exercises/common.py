"""What the exercises of 13-capstone share.

Hidden tests of 13-capstone.

What a network looks like inside and how it is trained is the student's choice, so nothing here compares with one
network of ours: the tests hold a student's functions against each other, against exact properties, and against
digits that the student's edition of nnlib does not hold.
Where chance could fail a right answer, the test says how seldom.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import numpy as np

from grader.authoring import variant
from nnlib import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    relu,
    relu_backward,
    softmax_cross_entropy,
)
from nnlib.checks import assert_shape, require


def _shapes(sizes):
    shapes = {}
    for i in range(1, len(sizes)):
        shapes |= {f"W{i}": (sizes[i - 1], sizes[i]), f"b{i}": (sizes[i],)}
    return shapes


def _draw(sizes, rng):
    """Parameters to try functions with: He's weights, and biases that are not zero."""
    return {
        name: rng.normal(size=shape) * (np.sqrt(2 / shape[0]) if len(shape) == 2 else 0.5)
        for name, shape in _shapes(sizes).items()
    }


def _copy(params):
    return {name: np.array(value) for name, value in params.items()}


def _network(result, sizes, what):
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


def _build_test(student, sizes, rng):
    return _network(student.build_network(list(sizes), rng), sizes, "What build_network returns")


def _probabilities(student, params, X):
    return _checked(student.predict_probabilities(_copy(params), X.copy()), params, X)


def _checked(result, params, X):
    """Probabilities of the right form."""
    probs = np.asarray(result)
    classes = len(params[f"b{len(params) // 2}"])
    assert_shape(probs, (len(X), classes), what="the array (N, C) of probabilities")
    require(probs.dtype.kind == "f" and np.isfinite(probs).all(), "The probabilities must be finite floats.")
    return probs.astype(float)


def _cost(student, params, X, y):
    probs = _probabilities(student, params, X)[np.arange(len(y)), y]
    require((probs > 0).all(), "The probabilities must be above 0.")
    return float(-np.log(probs).mean())


def _pair(student, params, X, y):
    return _loss_and_gradients(student.loss_and_gradients(_copy(params), X.copy(), y.copy()), params)


def _loss_and_gradients(result, params):
    """A loss and gradients of the right form."""
    fits = isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[1], dict)
    require(fits, "loss_and_gradients must return a pair (loss, grads), and grads must be a dict.")
    loss, grads = result
    require(np.ndim(loss) == 0 and np.isfinite(np.asarray(loss, dtype=float)), "The loss must be one finite number.")
    require(set(grads) == set(params), "grads must have the names of params.")
    for name, value in params.items():
        assert_shape(np.asarray(grads[name]), value.shape, what=f"the gradient of {name}")
    return float(loss), {name: np.asarray(grads[name], dtype=float) for name in params}


def _classes(rng, n, d, classes, apart=3.0):
    """Clouds that overlap a little, one a class."""
    y = np.arange(n) % classes
    rng.shuffle(y)
    centres = apart * np.linalg.qr(rng.normal(size=(d, d)))[0][:classes]
    return rng.normal(size=(n, d)) + centres[y], y


@variant
def by_hand(params, X, y):
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


def _build(sizes, weights, biases=np.zeros):
    params = {}
    for i in range(1, len(sizes)):
        params[f"W{i}"] = weights(sizes[i - 1], sizes[i])
        params[f"b{i}"] = biases(sizes[i])
    return params


def _scores(params, X, activation=relu, biases=True):
    last, a = len(params) // 2, X
    for i in range(1, last + 1):
        a = a @ params[f"W{i}"] + (params[f"b{i}"] if biases else 0)
        a = activation(a) if i < last else a
    return a


def _gradients(params, X, y, keep_prob=1.0, rng=None, slope=relu_backward):
    last = len(params) // 2
    a, passed = X, []
    for i in range(1, last + 1):
        z, cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        a, mask = dropout_forward(relu(z), keep_prob, rng) if i < last else (z, None)
        passed.append((cache, z, mask))
    loss, dz = softmax_cross_entropy(z, y)
    grads = {}
    for i in range(last, 0, -1):
        cache, z, mask = passed[i - 1]
        if i < last:
            dz = slope(dropout_backward(dz, mask), z)
        dz, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, cache)
    return loss, {name: grads[name] for name in params}
