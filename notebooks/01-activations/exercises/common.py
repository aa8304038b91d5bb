"""What the exercises of 01-activations share.

Hidden tests of 01-activations.

Derivatives are compared with formulas written a second time below, away from kinks unless a claim is about one.
The fixtures let usual slips show: as many examples as units (a wrong axis broadcasts silently), square weights
(a transposed matrix fits), biases that are not zero, a random upstream gradient of both signs, integers, and
batches of 170, which a function that is right for small ones only gets wrong.
What should come out is computed before the call, and one test an exercise looks at what became of its inputs.
"""

import numpy as np

from grader.authoring import leaves_alone
from nnlib.checks import assert_close, assert_unchanged, require


def _parts(result, count, name, what):
    """Take a result of several parts apart."""
    require(isinstance(result, list | tuple) and len(result) == count, f"{name} must return {what}.")
    return result


def _copies(cache):
    """Copy the arrays of a cache, whatever else it holds."""
    parts = cache if isinstance(cache, list | tuple) else [cache]
    return [part.copy() for part in parts if isinstance(part, np.ndarray)]


def _leaves_dout_and_cache_alone(call, dout, cache):
    """Compare dout and the arrays of a cache with copies made before the call; returns what the call returned."""
    kept, cached = dout.copy(), _copies(cache)
    result = call(dout, cache)
    assert_unchanged(dout, kept, what="dout")
    for after, value in zip(_copies(cache), cached, strict=True):
        assert_unchanged(after, value, what="an array in the cache")
    return result


def _away_from_zero(rng, shape, scale=3.0):
    """Draw numbers of both signs that keep away from the kink."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, scale, size=shape)


SHAPES = ((7,), (3, 4), (4, 4), (2, 3, 2), (170, 3))


def _affine(student, x, w, b):
    return _parts(student.affine_forward(x, w, b), 2, "affine_forward", "two things, out and cache")


def _check_forward(call, expected, z, what):
    """Compare f(z) with what was computed before the call."""
    assert_close(call(z), expected, rtol=1e-6, what=what)


def _check_backward(call, expected, da, z, what="dz"):
    """Compare dz with what was computed before the call."""
    assert_close(call(da, z), expected, rtol=1e-6, what=what)


def _leaves_z_alone(call, expected, z, what):
    """Compare f(z), and z with a copy of itself."""
    assert_close(leaves_alone(call, ["z"], z), expected, rtol=1e-6, what=what)


def _leaves_da_and_z_alone(call, expected, da, z):
    """Compare dz, and the inputs with copies of themselves."""
    assert_close(leaves_alone(call, ["da", "z"], da, z), expected, rtol=1e-6, what="dz")


def _logistic(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


def _maxout(student, x, w, b):
    return _parts(student.maxout_forward(x, w, b), 2, "maxout_forward", "two things, out and cache")


def _pieces(x, w, b):
    return np.einsum("nd,idk->ink", x, w) + b[:, np.newaxis, :]
