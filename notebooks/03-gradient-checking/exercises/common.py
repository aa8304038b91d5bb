"""What the exercises of 03-gradient-checking share.

Functions passed to the student are evaluated here, so a test can see where they were called.
The three networks are judged by complex-step derivatives of losses written a second time below:
these are exact to rounding, so that central differences handed in as a backward pass do not pass for one.
What should come out is computed before the call.
"""

from itertools import pairwise

import numpy as np

from nnlib.checks import assert_close, require


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
        require(len(plain) == len(self.points), "f was called with something other than one number.")
        return [float(point.reshape(())) for point in plain]


def number(value, what):
    """Insist on one real number, so that a test can compute with it."""
    plain = isinstance(value, int | float | np.integer | np.floating | np.ndarray) and not isinstance(value, bool)
    require(plain and np.size(value) == 1 and np.asarray(value).dtype.kind in "iuf", f"{what} must be one number.")
    return float(np.asarray(value).reshape(()))


def many_shapes(rng):
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


def in_order(params):
    return np.concatenate([np.ravel(value) for value in params.values()])


def copied(params):
    return {name: np.copy(value) for name, value in params.items()}


def relu(z):
    return np.where(z.real > 0, z, 0)


def exact(loss, params, *data):
    """Gradient by complex steps: no subtraction, hence exact to rounding."""
    grads = {}
    for name, value in params.items():
        grads[name] = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = value.astype(complex)
            moved[index] += 1e-30j
            grads[name][index] = loss({**params, name: moved}, *data).imag / 1e-30
    return grads


def random_params(rng, sizes, scale=0.8):
    params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.normal(size=(fan_in, fan_out))
        params[f"b{layer}"] = scale * rng.normal(size=fan_out)
    return params


def check_backward(backward, loss, params, *data, rtol=1e-7):
    """Compare with the exact gradient."""
    expected = exact(loss, params, *data)
    got = backward(copied(params), *(np.copy(value) if np.ndim(value) else value for value in data))
    require(isinstance(got, dict), "The backward pass must return a dict of gradients.")
    for name in expected:
        require(name in got, f"The gradient of {name} is missing.")
        size = np.abs(expected[name]).max()
        assert_close(got[name], expected[name], rtol=rtol, atol=rtol * size + 1e-12, what=f"the gradient of {name}")


def require_wrong_ones_named(student, network, wrong):
    """Require the names of the gradients that were wrong; a single string and dW1 for W1 are understood."""
    variable = f"faulty_parameters_{network.lower()}"
    value = student.value(variable)
    names = [value] if isinstance(value, str) else value
    require(isinstance(names, list | tuple | set), f"{variable} must be a list of names.")
    require(all(isinstance(name, str) for name in names), f"{variable} must hold strings.")
    given = {name.strip().removeprefix("d") for name in names}
    require(wrong <= given, f"A parameter of network {network} whose gradient is wrong is not named.")
    require(given == wrong, f"A parameter of network {network} is named whose gradient was right.")


def labels(rng, m, classes):
    y = np.arange(m) % classes
    rng.shuffle(y)
    return y


# What goes wrong in several exercises.

OWN_STEP = (
    "The step that was passed in is not used; a step of its own is.",
    "Call your function on a cube, or a sum of cubes, with h = 0.1 and h = 0.01. Should the answers be the same?",
)
OVER_H = (
    "The difference is divided by h, but the two points are 2h apart.",
    "What comes out is twice too large. How far is it from x - h to x + h?",
)
PRECEDENCE = (
    "The result is divided by 2 and then multiplied by h: a/2*h is not a/(2h).",
    "Python works from left to right among / and *. Where do brackets belong?",
)
POSITIVE = (
    "The slope is made positive.",
    "What is the slope of f(t) = -t? What is the sign of yours?",
)
COARSE_DEFAULT = (
    "The default step is 1e-2, which leaves a truncation error that looks like a bug.",
    "Look at the signature in the notebook: which h does it ask for when none is given?",
)
VERDICT = (
    "A verdict, True or False, is returned instead of the error.",
    "How wrong a gradient is says what kind of mistake to look for. Return the number.",
)
ONE_LENGTH = (
    "The error is divided by the length of one gradient alone.",
    "Exchange the two: a fair measure gives the same number. What stands in the denominator of the formula?",
)
MEASURED = (
    "The gradient is measured with central differences instead of computed by backpropagation.",
    "That is the check, not the thing checked: slow, and inexact where the loss is large. Which line is wrong?",
)
SUMMED = (
    "The mean over the examples is missing: gradients are summed.",
    "The loss divides by the number of examples. Which line of the faulty version does so?",
)


def measured(loss, *data):
    """Return code that measures the gradients of a loss."""
    call = ", ".join(("{**params, name: value}", *data))
    return f"return {{name: numerical_gradient(lambda value: {loss}({call}), params[name]) for name in params}}"
