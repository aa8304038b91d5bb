"""What the exercises of 01-activations share.

Derivatives are compared with formulas written a second time below, away from kinks unless a claim is about one.
The fixtures let usual slips show: as many examples as units (a wrong axis broadcasts silently), square weights
(a transposed matrix fits), biases that are not zero, a random upstream gradient of both signs, integers, and
batches of 170, which a function that is right for small ones only gets wrong.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from grader.authoring import mistake, slip
from nnlib.checks import assert_close, require

SHAPES = ((7,), (3, 4), (4, 4), (2, 3, 2), (170, 3))


def away_from_zero(rng, shape, scale=3.0):
    """Draw numbers of both signs that keep away from the kink."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, scale, size=shape)


def logistic(z):
    """Compute the sigmoid a second way."""
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


def logistic_slope(z):
    """Compute the slope of the sigmoid a second way."""
    return logistic(z) * logistic(-z)


def leaky_slope(z, slope=0.01):
    """Compute the slope of leaky ReLU, and of ReLU where ``slope`` is zero."""
    return np.where(z > 0, 1.0, slope)


def elu_value(z, alpha=1.0):
    """Compute ELU a second way."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def elu_slope(z, alpha=1.0):
    """Compute the slope of ELU a second way."""
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


# Tests of activations and of their backward passes


def check_forward(call, value, z, *rest, what, **options):
    """Compare f(z) with what it should be, computed before the call."""
    expected = value(z, *rest)
    assert_close(call(z, *rest), expected, what=what, **options)


def check_backward(call, slope, da, z, *rest, what="dz", **options):
    """Compare dz with da times the slope, computed before the call."""
    expected = da * slope(z, *rest)
    assert_close(call(da, z, *rest), expected, what=what, **options)


class Forward(NamedTuple):
    """An activation in the tables of hidden tests."""

    call: Callable  # the student's function, given the student
    claim: str  # what the formula says
    value: Callable  # f(z, *rest)
    what: str
    rest: tuple = ()  # other arguments, where the usual ones do not show enough

    def check(self, student, rng, z, *rest):
        check_forward(self.call(student), self.value, z, *rest, what=self.what, rtol=1e-6)


class Backward(NamedTuple):
    """An activation's backward pass in the tables of hidden tests."""

    call: Callable
    claim: str
    slope: Callable  # the slope at z, and the other arguments
    rest: tuple = ()

    def check(self, student, rng, z, *rest):
        check_backward(self.call(student), self.slope, rng.normal(size=z.shape), z, *rest, rtol=1e-6)


def of_arrays_of_any_shape(student, rng, row):
    """{0.claim}"""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        row.check(student, rng, z + 0.05 * np.sign(z))  # away from the kink


def of_integers(student, rng, row):
    """Where z holds integers the result still has its fractions."""
    row.check(student, rng, np.array([-3, -2, -1, 0, 1, 4, 5, 7]), *row.rest)


def scales_with_da(student, rng, row):
    """Twice the incoming gradient gives twice the gradient, and a negative one a negative one."""
    z, da = rng.normal(size=5), rng.normal(size=5)
    check_backward(row.call(student), row.slope, -20 * da, z)


def passes_negative_gradients(student, row):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -0.5, 5.0, -5.0])
    check_backward(row.call(student), row.slope, da, z, *row.rest)


def at_zero(student, row):
    """At z = 0 the slope of the left side counts, as the text says."""
    check_backward(row.call(student), row.slope, np.array([3.0, -4.0]), np.zeros(2), *row.rest, what="dz at z = 0")


EITHER_WAY = (of_arrays_of_any_shape, of_integers)
SMOOTH = (*EITHER_WAY, scales_with_da)
BENT = (*EITHER_WAY, passes_negative_gradients, at_zero)


# Mistakes of activations and of their backward passes

RELU_GRADIENT = "The negative side passes nothing: this is ReLU's gradient."
MATRIX_PRODUCT = (
    "@ is the matrix product; a gradient passes an activation entry by entry.",
    "Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
)
CHAIN_RULE = "The chain rule multiplies. By what?"
MEAN = "If the loss is a mean, where is its 1/N already?"
OTHER_SIGNATURE = "Look at the signature in the notebook."
MEETS_INFINITY = "exp(z) overflows for large positive z, and infinity times the 0 of a mask is nan."
ORDER = "The gradients come in another order than the forward arguments."
MISSING_DB = ("db is missing.", "Which three things did the forward function take?")
MISSING_CACHE = (
    "Only the output is returned; the cache is missing.",
    "The forward function returns a pair: what must backward remember?",
)
CACHE_CHANGED = (
    "An array of the cache is changed.",
    "Functions leave their inputs as they were, and the cache is one. Build a new array.",
)


def stored_as_integers(result, *slopes):
    """The ``result`` that is returned, or its ``slopes``, are stored in an array of z's dtype."""
    stored = [(result, "out"), *((each, "da * out") for each in slopes)]
    filled = "out = np.zeros_like(z)\n    out[...] ="
    forms = [{f"return {result}": f"{filled} {what}\n    return {back}"} for what, back in stored]
    return slip("stored_as_integers", *forms, what="z")


def of_every_backward(dz, slope, *into_z):
    """What goes wrong in every activation's backward pass.

    ``dz`` is what the solution returns, ``slope`` the derivative, with ``{z}`` for where it is taken,
    ``into_z`` more edits that write into z.
    """
    at_z, at_da, back = slope.format(z="z"), slope.format(z="da"), f"return {dz}"
    return [
        mistake("The incoming gradient da is not used.", CHAIN_RULE, {dz: at_z}),
        slip("arguments_swapped", {dz: f"z * ({at_da})"}, what="da and z"),
        slip("writes_into_input", {back: f"da *= {at_z}\n    return da"}, what="da"),
        slip("writes_into_input", {back: f"z[...] = {at_z}\n    return da * z"}, *into_z, what="z"),
        mistake("The gradient is divided by the number of examples.", MEAN, after=lambda result: result / len(result)),
        mistake(*MATRIX_PRODUCT, {dz: f"da @ ({at_z})"}),
    ]


def of_a_bend(right="the gradient of the right side is taken"):
    """What goes wrong in the backward pass of an activation with a bend at zero."""
    return [
        mistake("The sign of da decides instead of the sign of z.",
                "Which side was used in the forward pass? Only z knows.",
                {"(z > 0": "(da > 0"}),
        mistake(f"At z = 0 {right}; the text takes the slope of the left side there.",
                "On which side of your comparison is zero?",
                {"(z > 0": "(z >= 0"}),
    ]


# Layers: affine and maxout


def parts(result, count, name, what):
    """Take a result of several parts apart."""
    require(isinstance(result, list | tuple) and len(result) == count, f"{name} must return {what}.")
    return result


def output_and_cache(student, name, x, w, b):
    """Run a layer forward."""
    return parts(getattr(student, name)(x, w, b), 2, name, "two things, out and cache")


def gradients(student, name, dout, x, w, b):
    """Run the layer ``name`` forward, on copies, and backward."""
    _, cache = output_and_cache(student, f"{name}_forward", x.copy(), w.copy(), b.copy())
    back = f"{name}_backward"
    return parts(getattr(student, back)(dout, cache), 3, back, "three things, dx, dw and db")


def check_gradients(got, expected, **options):
    """Compare dx, dw and db."""
    for name, part, value in zip(("dx", "dw", "db"), got, expected, strict=True):
        assert_close(part, value, what=name, **options)


def check_cache(cache, expected, name, what):
    """Compare the three things in a cache; ``what`` says which they are."""
    message = f"{name} must return a cache of three things, {what}, in this order."
    require(isinstance(cache, list | tuple) and len(cache) == 3, message)
    require(all(np.shape(kept) == array.shape for kept, array in zip(cache, expected, strict=True)), message)
    for part, kept, array in zip(("x", "w", "the last thing"), cache, expected, strict=True):
        assert_close(np.asarray(kept), array, what=f"{part} in the cache")


def all_pieces(x, w, b):
    """Compute maxout's pieces a second way."""
    return np.einsum("nd,idk->ink", x, w) + b[:, np.newaxis, :]
