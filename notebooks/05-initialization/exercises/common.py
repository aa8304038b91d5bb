"""What the exercises of 05-initialization share.

Hidden tests of 05-initialization.

Draws are judged by what every correct way to draw has in common. Tolerances are six standard errors or more, so
that a test compares a few numbers with a false alarm of 2e-9 each: a right answer fails a test less than once in a
million gradings. Docstrings of the checks say what their own chance is.
Functions passed to the student are evaluated here, so a test can see what they were called with.
"""

import numpy as np

from nnlib.checks import assert_close, assert_shape, require, roughly

# Wide, narrow, and never equal; one with so few inputs that a bias counted among them shows. No scale is 0.01.
FANS = ((210, 130), (130, 210), (30, 600), (600, 30), (3, 6000))


def _weights(value, fan_in, fan_out):
    require(isinstance(value, np.ndarray), "The result must be an array.")
    assert_shape(value, (fan_in, fan_out), what="the array (fan_in, fan_out) of weights")
    require(value.dtype.kind == "f" and np.isfinite(value).all(), "The weights must be finite real numbers.")
    return value.astype(float)


def _check_scale(draw, std, rng):
    """Compare standard deviations of draws of several shapes: 6 standard errors, 5 shapes, false alarm 1e-8."""
    for fan_in, fan_out in FANS:
        w = _weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        _check_std(w, std(fan_in, fan_out), 6 / np.sqrt(2 * w.size), f"fan_in = {fan_in} and fan_out = {fan_out}")


def _check_std(w, expected, rtol, where):
    """Say how many times too large or small a spread is; a ratio is more telling than the numbers."""
    ratio = w.std() / expected
    words = f"The standard deviation of the weights for {where} is {roughly(ratio)} times what it should be."
    require(abs(ratio - 1) <= rtol, words)


def _check_mean(draw, std, rng):
    """Compare means of draws of several shapes with zero: 6 standard errors, 5 shapes, false alarm 1e-8."""
    for fan_in, fan_out in FANS:
        w = _weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        assert_close(w.mean(), 0.0, atol=6 * std(fan_in, fan_out) / np.sqrt(w.size), what="the mean of the weights")


def _check_normal(draw, rng):
    """Compare the shares within 1/2, 1, 2 and 3 standard deviations with those of a normal distribution.

    Shares of 100,800 weights are compared within 6 standard errors, five of them: false alarm below 1e-7, the few
    weights beyond 3 standard deviations included, whose number is not quite normal.
    """
    w = _weights(draw(420, 240, rng), 420, 240)
    require(w.std() > 0, "All weights are equal.")
    w = (w - w.mean()) / w.std()
    for edge, share in ((0.5, 0.382925), (1, 0.682689), (2, 0.954500), (3, 0.997300)):
        error = 6 * np.sqrt(share * (1 - share) / w.size)
        what = f"the share of weights within {edge} standard deviations"
        assert_close(np.mean(np.abs(w) < edge), share, rtol=0, atol=error, what=what)
    what = "the share of weights above the mean"
    assert_close(np.mean(w > 0), 0.5, rtol=0, atol=3 / np.sqrt(w.size), what=what)


def _check_uniform(draw, bound, rng):
    """Every weight lies within the bound, the bound is reached, and all parts of the range are equally full.

    With 18,000 weights or more the last hundredth stays empty with a chance of exp(-90); the shares of eight parts
    are compared within 6 standard errors, 40 of them: false alarm 1e-7.
    """
    for fan_in, fan_out in FANS:
        w = _weights(draw(fan_in, fan_out, rng), fan_in, fan_out)
        edge = bound(fan_in, fan_out)
        require(np.abs(w).max() <= edge * (1 + 1e-6), "A weight lies outside the bound.")
        require(
            w.max() > 0.99 * edge and w.min() < -0.99 * edge,
            "The weights do not fill the range to its bounds.",
        )
        counts = np.histogram(w, bins=8, range=(-edge * 1.000001, edge * 1.000001))[0] / w.size
        what = "the shares of weights in eight equal parts of the range"
        assert_close(counts, np.full(8, 1 / 8), rtol=0, atol=6 * np.sqrt(0.125 * 0.875 / w.size), what=what)


def _check_shape(draw, rng):
    for fan_in, fan_out in ((3, 5), (5, 3), (1, 7), (7, 1), (4, 4)):
        _weights(draw(fan_in, fan_out, rng), fan_in, fan_out)


def _check_rng(draw):
    """One state of the generator, one draw; the next draw is another. Two draws of 600 floats never agree by chance."""
    first = _weights(draw(30, 20, np.random.default_rng(7)), 30, 20)
    again = _weights(draw(30, 20, np.random.default_rng(7)), 30, 20)
    require(
        np.array_equal(first, again),
        "Two generators in the same state must give the same weights: draw from rng.",
    )
    other = _weights(draw(30, 20, np.random.default_rng(8)), 30, 20)
    require(not np.array_equal(first, other), "Another generator must give other weights: draw from rng.")
    rng = np.random.default_rng(7)
    one = _weights(draw(30, 20, rng), 30, 20)
    two = _weights(draw(30, 20, rng), 30, 20)
    require(not np.array_equal(one, two), "Two layers must not get the same weights: draw from rng.")


def _check_independence(draw, rng):
    """No two weights are copies of each other, no two rows or columns go together, and luck shows in small layers.

    20,000 correlations are compared within 7 standard errors of their 80 or 120 numbers: false alarm below 1e-7.
    """
    w = _weights(draw(120, 80, rng), 120, 80)
    require(np.unique(w).size > 0.99 * w.size, "Many weights are copies of each other.")
    for rows in (w, w.T):
        together = np.corrcoef(rows)
        np.fill_diagonal(together, 0.0)
        apart = np.abs(together).max() < min(7 / np.sqrt(rows.shape[1]), 0.75)
        require(apart, "Some rows or columns of the weights go together.")
    small = [_weights(draw(2, 3, rng), 2, 3) for _ in range(4)]
    for measure, words in ((np.std, "standard deviation"), (lambda w: np.abs(w).max(), "largest weight")):
        values = [measure(w) for w in small]
        require(np.ptp(values) > 1e-4 * max(values), f"Layers of six weights all have the same {words}.")


def _xavier(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


def _he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)
