"""What the exercises of 03-gradient-checking share.

Hidden tests of 03-gradient-checking.

Functions passed to the student are evaluated here, so a test can see where they were called.
The three networks are judged by complex-step derivatives of losses written a second time below:
these are exact to rounding, so that central differences handed in as a backward pass do not pass for one.
What should come out is computed before the call, and one test an exercise looks at what became of its inputs.
"""

from itertools import pairwise

import numpy as np

from nnlib.checks import assert_close, assert_unchanged, require


class Recorder:
    """A function that remembers copies of the points at which it was called."""

    def __init__(self, f):
        self.f = f
        self.points = []

    def __call__(self, x):
        self.points.append(np.array(x))
        return self.f(x)

    def numbers(self):
        """The points of a function of one number."""
        plain = [point for point in self.points if point.size == 1 and point.dtype.kind in "iuf"]
        require(self.points, "f was never called.")
        require(len(plain) == len(self.points), "f was called with something else than one number.")
        return [float(point.reshape(())) for point in plain]


def _number(value, what):
    """Insist on one real number, so that a test can compute with it."""
    plain = isinstance(value, int | float | np.integer | np.floating | np.ndarray) and not isinstance(value, bool)
    require(plain and np.size(value) == 1 and np.asarray(value).dtype.kind in "iuf", f"{what} must be one number.")
    return float(np.asarray(value).reshape(()))


def _many_shapes(rng):
    """Parameters of all shapes, whose names are not in alphabetical order."""
    return {
        "W2": rng.normal(size=(3, 2)),
        "b2": rng.normal(size=2),
        "scale": np.array(rng.normal()),
        "W1": rng.normal(size=(2, 30, 3)),
        "a": rng.normal(size=(1,)),
        "row": rng.normal(size=(1, 3)),
        "K": rng.normal(size=(3, 3)),
    }


def _in_order(params):
    return np.concatenate([np.ravel(value) for value in params.values()])


def _copied(params):
    return {name: np.copy(value) for name, value in params.items()}


def _relu(z):
    return np.where(z.real > 0, z, 0)


def _exact(loss, params, *data):
    """Gradient by complex steps: no subtraction, hence exact to rounding."""
    grads = {}
    for name, value in params.items():
        grads[name] = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = value.astype(complex)
            moved[index] += 1e-30j
            grads[name][index] = loss({**params, name: moved}, *data).imag / 1e-30
    return grads


def _random_params(rng, sizes, scale=0.8):
    params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.normal(size=(fan_in, fan_out))
        params[f"b{layer}"] = scale * rng.normal(size=fan_out)
    return params


def _check_backward(backward, loss, params, *data, rtol=1e-7):
    """Compare with the exact gradient."""
    expected = _exact(loss, params, *data)
    got = backward(_copied(params), *(np.copy(value) if np.ndim(value) else value for value in data))
    require(isinstance(got, dict), "The backward pass must return a dict of gradients.")
    for name in expected:
        require(name in got, f"The gradient of {name} is missing.")
        size = np.abs(expected[name]).max()
        assert_close(got[name], expected[name], rtol=rtol, atol=rtol * size + 1e-12, what=f"the gradient of {name}")


def _check_backward_leaves_alone(backward, params, X, y, *strength):
    """Compare the arguments with copies of themselves."""
    before = _copied(params), X.copy(), y.copy()
    got = backward(params, X, y, *strength)
    for name, after, value in zip(("params", "X", "the labels or targets"), (params, X, y), before, strict=True):
        assert_unchanged(after, value, what=name)
    require(isinstance(got, dict) and set(before[0]) <= set(got), "The backward pass must return a dict of gradients.")
    require(any(np.any(value) for value in got.values()), "All gradients are zero.")


def _named(student, variable):
    """The names a student gave, as a set; a single string and dW1 for W1 are understood."""
    value = student.value(variable)
    names = [value] if isinstance(value, str) else value
    require(isinstance(names, list | tuple | set), f"{variable} must be a list of names.")
    require(all(isinstance(name, str) for name in names), f"{variable} must hold strings.")
    return {name.strip().removeprefix("d") for name in names}


def _labels(rng, m, classes):
    y = np.arange(m) % classes
    rng.shuffle(y)
    return y
