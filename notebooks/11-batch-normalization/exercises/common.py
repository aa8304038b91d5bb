"""What the exercises of 11-batch-normalization share.

Hidden tests of 11-batch-normalization.

Right answers are compared with nnlib or with facts that hold for every right answer; no layout of the cache is
assumed, and the tests of the backward pass take the caches that the student's own forward pass made.
Running averages are followed over several batches, from the empty dict and from given averages.
Functions are given copies, but for the tests that look at what became of their inputs.
"""

import numpy as np

import nnlib as reference
from nnlib.checks import assert_close, require


def _near(got, expected, what, rtol=1e-5):
    """Compare arrays whose small entries are what is left of large ones that cancel."""
    size = float(np.abs(expected).max(initial=0.0))
    assert_close(got, expected, rtol=rtol, atol=max(1e-8, 1e-7 * size), what=what)


def _averages(running, what="running"):
    """The two averages as they stand in a dict."""
    require(isinstance(running, dict), f"{what} must be a dict.")
    lacking = [name for name in ("mean", "var") if name not in running]
    require(not lacking, f'{what} must hold "mean" and "var" after a batch.')
    require(len(running) == 2, f'{what} must hold "mean" and "var" and nothing else.')
    return running["mean"], running["var"]


def _require_averages(running, mean, var, what="running"):
    got_mean, got_var = _averages(running, what)
    assert_close(got_mean, mean, what=f'{what}["mean"]')
    assert_close(got_var, var, what=f'{what}["var"]')


def _follow(mean, var, batches, momentum):
    """The averages after each of the batches' (mean, var)."""
    for batch_mean, batch_var in batches:
        mean = momentum * mean + (1 - momentum) * batch_mean
        var = momentum * var + (1 - momentum) * batch_var
    return mean, var


def _layer(rng, n, k, loc=3.0, scale=2.0):
    """Inputs with a gamma that is not 1 and a beta that is not 0."""
    return rng.normal(loc=loc, scale=scale, size=(n, k)), rng.uniform(0.4, 2.5, size=k), rng.normal(size=k)


def _copy(running):
    return {name: value.copy() for name, value in running.items()}


def _forward(student, *args, **kwargs):
    """The output and the cache, of a call with copies of x, gamma and beta."""
    return _pair(student.batchnorm_forward(*(value.copy() for value in args[:3]), *args[3:], **kwargs))


def _pair(result):
    pair = isinstance(result, list | tuple) and len(result) == 2
    require(pair, "batchnorm_forward must return two things, out and cache.")
    require(isinstance(result[0], np.ndarray), "batchnorm_forward must return out, an array, first.")
    return result


def _expected(x, gamma, beta, running=None, **kwargs):
    return reference.batchnorm_forward(x, gamma, beta, _copy(running or {}), **kwargs)[0]


def _average(running, mean, var, momentum):
    """The right update, for mistakes made elsewhere."""
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * var
    return running
