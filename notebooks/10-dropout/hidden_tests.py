"""Hidden tests of 10-dropout.

Masks are judged by what every correct way to draw has in common, never by a seed, and caches are never looked into:
which units a call kept is read off its output.
Shares are compared within Bernstein's bound, which is no approximation; where chance could fail a right answer, the
test says how seldom: always below once in a million gradings.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

from itertools import product

import numpy as np

from grader.authoring import easy, in_place
from nnlib.checks import assert_close, assert_unchanged, require

# ---------------------------------------------------------------- what the tests have in common


def _pair(result, name):
    fits = isinstance(result, list | tuple) and len(result) == 2
    require(fits, f"{name} must return two things, the output and the cache.")
    return result


def _out(result, x, name):
    """Return the output of a forward call, after a look at its shape and kind."""
    out = _pair(result, name)[0]
    require(isinstance(out, np.ndarray) and out.shape == x.shape, "The output must be an array of the shape of x.")
    require(out.dtype.kind == "f" and np.isfinite(out).all(), "The output must hold finite real numbers.")
    return out


def _input(rng, *shape):
    """Numbers of both signs, none of them near zero."""
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def _kept(out, x, scale):
    """Return which units were kept; every entry must be 0 or ``scale`` times the input's."""
    kept = out != 0
    assert_close(out, np.where(kept, x * scale, 0.0), what="the output where units were kept")
    return kept


def _margin(n, p, families=1):
    """How far the share of n draws may lie from p; a right one does not once in 1e8 gradings (Bernstein)."""
    log = np.log(2 * families / 1e-8)
    return (log / 3 + np.sqrt(log**2 / 9 + 2 * log * n * p * (1 - p))) / n


def _share(kept, p, what="the share of units kept"):
    kept = np.asarray(kept)
    require(kept.size > 0, "No unit was kept.")
    assert_close(kept.mean(), p, rtol=0, atol=_margin(kept.size, p), what=what)


def _each_unit_on_its_own(kept, p):
    """Neither rows nor columns of a large mask are alike, copies, opposites, or of a fixed number."""
    require(not (kept == kept[:1]).all(), "Every example has the same mask: draw one entry for each entry of x.")
    for axis, name in ((0, "column"), (1, "row")):
        n, lines = kept.shape[axis], kept.shape[1 - axis]
        off = np.abs(kept.mean(axis=axis) - p).max()
        require(off < _margin(n, p, lines), f"In some {name} of the output far too many or too few units were kept.")
        counts = kept.sum(axis=axis)
        spread = np.mean((counts - n * p) ** 2) / (n * p * (1 - p))
        even = f"The number of units kept in a {name} hardly varies: each unit must be drawn on its own."
        require(spread > 0.5, even)
        require(spread < 1.6, f"The number of units kept in a {name} varies too much: units go together.")
        together = np.corrcoef(kept.astype(float), rowvar=axis == 1)
        np.fill_diagonal(together, 0.0)
        require(np.abs(together).max() < 8 / np.sqrt(n), f"Some {name}s are kept and dropped together.")


def _no_line_is_constant(kept):
    for axis in range(kept.ndim):
        share = kept.mean(axis=axis)
        constant = (share == 0) | (share == 1)
        require(not constant.any(), "Along some axis units are only kept or dropped all together.")


def _check_fresh(call, scale):
    rng = np.random.default_rng(21)
    x = np.ones((30, 20))
    first, second = (_kept(_out(call(x.copy(), 0.6, rng), x, "It"), x, scale(0.6)) for _ in range(2))
    require((first != second).any(), "Two calls had the same mask: draw anew from rng in each call.")


def _check_rng(call, scale):
    x = np.ones((30, 20))
    kept = [_kept(_out(call(x.copy(), 0.6, np.random.default_rng(s)), x, "It"), x, scale(0.6)) for s in (5, 5, 6)]
    require((kept[0] == kept[1]).all(), "Two generators in the same state gave different masks: draw from rng only.")
    require((kept[0] != kept[2]).any(), "Generators in different states gave the same mask: draw from rng.")


def _check_counts_vary(call, scale, rng):
    """The number kept in a small array is not always the same."""
    x, counts = np.ones((4, 5)), set()
    for _ in range(40):
        counts.add(int(_kept(_out(call(x.copy(), 0.6, rng), x, "It"), x, scale(0.6)).sum()))
    require(len(counts) > 1, "Every call kept the same number of units: each unit must be drawn on its own.")


def _check_draws_nothing_at_test_time(call, rng):
    before = rng.bit_generator.state
    call(np.ones((6, 5)), 0.5, rng)
    require(rng.bit_generator.state != before, "A call while training must draw from rng.")
    before = rng.bit_generator.state
    call(np.ones((6, 5)), 0.5, rng, train=False)
    require(rng.bit_generator.state == before, "With train=False nothing may be drawn from rng.")


def _check_leaves_its_input(call, scale, rng):
    for train in (True, False):
        x = _input(rng, 12, 7)
        before = x.copy()
        out = _out(call(x, 0.7, rng, train), before, "It")
        assert_unchanged(x, before, what="x")
        _kept(out, before, scale(0.7, train))


# ---------------------------------------------------------------- dropout_forward


def _inverted(keep_prob, train=True):
    return 1 / keep_prob if train else 1.0


def _dropped(student, x, keep_prob, rng):
    return _out(student.dropout_forward(x.copy(), keep_prob, rng), x, "dropout_forward")


@easy
def test_dropout_forward_scales_what_it_keeps(student, rng):
    """While training, every entry becomes exactly 0 or x / keep_prob."""
    for keep_prob in (0.3, 0.6, 0.8, 0.95):
        x = _input(rng, 20, 15)
        _kept(_dropped(student, x, keep_prob, rng), x, 1 / keep_prob)


def test_dropout_forward_keeps_the_share_asked_for(student, rng):
    """The share of units kept is keep_prob within binomial error.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, four shares).
    """
    for keep_prob in (0.15, 0.4, 0.75, 0.9):
        x = _input(rng, 200, 100)
        _share(_dropped(student, x, keep_prob, rng) != 0, keep_prob, f"the share kept for keep_prob = {keep_prob}")


@easy
def test_dropout_forward_keeps_the_mean(student, rng):
    """Averaged over many masks, every unit's output is its input.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = _input(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        x = np.tile(values, (4000, 1))
        mean = _dropped(student, x, keep_prob, rng).mean(axis=0)
        off = _margin(4000, keep_prob) / keep_prob
        assert_close(mean / values, np.ones(8), rtol=0, atol=off, what="the mean output, as a share of the input")


def test_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations).
    """
    x = _input(rng, 300, 300)
    _each_unit_on_its_own(_kept(_dropped(student, x, 0.6, rng), x, 1 / 0.6), 0.6)


def test_dropout_forward_fixes_no_number(student, rng):
    """The number of units kept differs from call to call.

    A right answer keeps the same number of 20 units in 40 calls less than once in 1e20 gradings.
    """
    _check_counts_vary(student.dropout_forward, _inverted, rng)


def test_dropout_forward_takes_any_shape(student, rng):
    """Vectors, batches of images and single numbers are dropped entry by entry.

    A line of at least 40 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for shape in ((9,), (1, 1), (3, 4, 5), (2, 3, 4, 5)):
        x = _input(rng, *shape)
        _kept(_dropped(student, x, 0.7, rng), x, 1 / 0.7)
    x = _input(rng, 45, 40, 50)
    _no_line_is_constant(_kept(_dropped(student, x, 0.5, rng), x, 2.0))


def test_dropout_forward_draws_a_fresh_mask(student):
    """Two calls drop different units.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_fresh(student.dropout_forward, _inverted)


def test_dropout_forward_draws_from_rng(student):
    """Generators in the same state give the same mask, in other states another.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_rng(student.dropout_forward, _inverted)


@easy
def test_dropout_forward_at_test_time_is_the_identity(student, rng):
    """With train=False the output is the input, whatever keep_prob is."""
    for keep_prob in (0.2, 0.5, 0.8, 1.0):
        x = _input(rng, 170, 6)
        result = student.dropout_forward(x.copy(), keep_prob, rng, train=False)
        assert_close(_out(result, x, "dropout_forward"), x, what="the output at test time")


@easy
def test_dropout_forward_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    _check_draws_nothing_at_test_time(student.dropout_forward, rng)


def test_dropout_forward_keeping_all(student, rng):
    """With keep_prob 1 nothing is dropped and nothing scaled; with less, something is."""
    for keep_prob in (1.0, 1):
        x = _input(rng, 40, 30)
        assert_close(_dropped(student, x, keep_prob, rng), x, what="the output with keep_prob 1")
    x = _input(rng, 40, 30)
    require(not _kept(_dropped(student, x, 0.9, rng), x, 1 / 0.9).all(), "With keep_prob 0.9 nothing was dropped.")


@easy
def test_dropout_forward_leaves_its_input_alone(student, rng):
    """x stays as it was, while training and at test time."""
    _check_leaves_its_input(student.dropout_forward, _inverted, rng)


def test_dropout_forward_of_single_precision_zeros_and_extremes(student, rng):
    """float32 numbers, zeros and very large or small ones are treated like all others."""
    x = _input(rng, 30, 20).astype(np.float32)
    kept = _kept(_dropped(student, x, 0.8, rng), x.astype(float), 1.25)
    require(kept.any() and not kept.all(), "Some units must be kept and some dropped.")
    x = np.tile([0.0, 1e30, -1e-30, 3.0], (25, 1))
    _kept(_dropped(student, x, 0.8, rng)[:, 1:] / x[:, 1:], np.ones((25, 3)), 1.25)


# ---------------------------------------------------------------- dropout_backward


def _both_modes(student, rng, name="dropout_forward"):
    """Run forward and backward while training and at test time, without a verdict.

    A mistake is known by the calls that it repeats: with these among them, a wrong backward is not taken for a
    forward that is wrong only in the other mode, nor a wrong forward for such a backward.
    """
    for train in (True, False):
        x = _input(rng, 6, 5)
        _, cache = _pair(getattr(student, name)(x, 0.7, rng, train), name)
        student.dropout_backward(x, cache)


def _factor(student, x, keep_prob, rng):
    """Run the student's forward; returns by what each entry was multiplied, and the cache."""
    result = student.dropout_forward(x.copy(), keep_prob, rng)
    out = _out(result, x, "dropout_forward")
    require(bool(out.any()), "dropout_forward kept no unit at all.")  # once in 1e13 calls of a right one
    return np.where(out != 0, 1 / keep_prob, 0.0), result[1]


def _back(student, dout, cache):
    return student.dropout_backward(dout.copy(), cache)


def test_dropout_backward_uses_the_mask_of_forward(student, rng):
    """Where forward dropped, the gradient is 0; where it kept, it is dout / keep_prob."""
    _both_modes(student, rng)
    for keep_prob, shape in ((0.3, (170, 9)), (0.8, (9, 12)), (0.6, (10, 10))):
        factor, cache = _factor(student, _input(rng, *shape), keep_prob, rng)
        dout = _input(rng, *shape)
        assert_close(_back(student, dout, cache), dout * factor, what="dx")


def _until_kept(student, x, keep_prob, pattern, rng):
    """Run the student's forward until exactly the units of the pattern are kept; returns the cache."""
    for _ in range(2000):
        out, cache = _pair(student.dropout_forward(x.copy(), keep_prob, rng), "dropout_forward")
        if np.array_equal(np.asarray(out) != 0, np.array(pattern, dtype=bool)):
            return cache
    return require(False, "In 2000 calls dropout_forward never kept the units that this test is about, and no others.")


def test_dropout_backward_through_masks_chosen_beforehand(student, rng):
    """Through given units and no others, the gradient is dout / keep_prob, however the mask was drawn.

    A right answer fails less than once in 1e12 gradings: each pattern comes up in more than one of 70 calls.
    """
    for keep_prob, pattern in (
        (0.75, [[1, 0, 1], [0, 1, 1]]),
        (0.4, [[0, 1], [1, 0], [0, 0]]),
        (0.6, [[1, 0], [1, 1]]),
    ):
        x, dout = (
            _input(np.random.default_rng(1), *np.shape(pattern)),
            _input(np.random.default_rng(2), *np.shape(pattern)),
        )
        cache = _until_kept(student, x, keep_prob, pattern, rng)
        for _ in range(2):
            assert_close(_back(student, dout, cache), dout * np.array(pattern) / keep_prob, what="dx")


def test_dropout_backward_takes_any_shape(student, rng):
    """Vectors, one example and images have their gradient too."""
    _both_modes(student, rng)
    for shape in ((30,), (1, 25), (25, 1), (3, 4, 5)):
        factor, cache = _factor(student, _input(rng, *shape), 0.7, rng)
        dout = _input(rng, *shape)
        assert_close(_back(student, dout, cache), dout * factor, what="dx")


def test_dropout_backward_belongs_to_its_own_call(student, rng):
    """Each gradient goes through the mask of the call whose cache it is given, in whatever order."""
    _both_modes(student, rng)
    first, first_cache = _factor(student, _input(rng, 8, 6), 0.4, rng)
    second, second_cache = _factor(student, _input(rng, 8, 6), 0.8, rng)
    dout = _input(rng, 8, 6)
    dx = _back(student, dout, first_cache)
    latest = isinstance(dx, np.ndarray) and dx.shape == dout.shape and np.allclose(dx, dout * second)
    require(not latest, "The mask of the latest forward call was used, not that of the call whose cache was given.")
    assert_close(dx, dout * first, what="dx of the first call")
    assert_close(_back(student, dout, second_cache), dout * second, what="dx of the second call")


def test_dropout_backward_where_the_input_was_zero(student, rng):
    """A unit whose value happens to be 0 was kept or dropped like any other.

    A right answer fails less than once in 1e8 gradings (Bernstein's bound).
    """
    _both_modes(student, rng)
    cache = _pair(student.dropout_forward(np.zeros((60, 50)), 0.7, rng), "dropout_forward")[1]
    dout = _input(rng, 60, 50)
    dx = _back(student, dout, cache)
    require(isinstance(dx, np.ndarray) and dx.shape == dout.shape, "dx must be an array of the shape of dout.")
    read_off = "Where x is 0 no gradient came through at all: which units were kept cannot be read off the output."
    require(bool((dx != 0).any()), read_off)
    _share(_kept(dx, dout, 1 / 0.7), 0.7, "the share of gradients that came through")


def test_dropout_backward_meets_a_central_difference(student, rng):
    """With the mask held fixed, the gradient is that of the forward pass."""
    _both_modes(student, rng)
    x, direction, dout = (_input(rng, 7, 8) for _ in range(3))

    def run(x):
        return _pair(student.dropout_forward(x.copy(), 0.6, np.random.default_rng(3)), "dropout_forward")

    up, down = run(x + 0.01 * direction)[0], run(x - 0.01 * direction)[0]
    slope = np.sum(dout * (up - down)) / 0.02
    require(np.isfinite(slope) and slope != 0, "The output of dropout_forward does not depend on x.")
    dx = _back(student, dout, run(x)[1])
    assert_close(np.sum(dx * direction), slope, rtol=1e-6, what="the slope along a random direction")


def test_dropout_backward_at_test_time_and_keeping_all(student, rng):
    """Where nothing was dropped, the gradient goes through as it is."""
    _both_modes(student, rng)
    for keep_prob, train in ((0.5, False), (0.2, False), (1.0, True)):
        x, dout = _input(rng, 6, 5), _input(rng, 6, 5)
        result = _pair(student.dropout_forward(x.copy(), keep_prob, rng, train), "dropout_forward")
        assert_close(_back(student, dout, result[1]), dout, what="dx")


@in_place
def test_dropout_backward_can_be_repeated(student, rng):
    """The same cache gives the same gradient again, and twice the gradient twice the result."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 9, 11), 0.75, rng)
    dout = _input(rng, 9, 11)
    for times, which in ((1, "first"), (1, "second"), (2, "third")):
        dx = _back(student, times * dout, cache)
        assert_close(dx, times * dout * factor, what=f"dx of the {which} call with one cache")


def test_dropout_backward_does_not_depend_on_the_batch(student, rng):
    """Zeros in dout stay zero, and nothing is averaged over the examples."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 50, 3), 0.8, rng)
    dout = _input(rng, 50, 3)
    dout[::2] = 0.0
    assert_close(_back(student, dout, cache), dout * factor, what="dx")


def test_dropout_backward_leaves_dout_alone(student, rng):
    """dout stays as it was."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 7, 6), 0.7, rng)
    dout = _input(rng, 7, 6)
    before = dout.copy()
    dx = student.dropout_backward(dout, cache)
    assert_unchanged(dout, before, what="dout")
    assert_close(dx, before * factor, what="dx")


# ---------------------------------------------------------------- classic_dropout_forward


def _plain(keep_prob, train=True):
    return 1.0 if train else keep_prob


def _classic(student, x, keep_prob, rng):
    return _out(student.classic_dropout_forward(x.copy(), keep_prob, rng), x, "classic_dropout_forward")


@easy
def test_classic_dropout_forward_does_not_scale_while_training(student, rng):
    """While training, every entry becomes exactly 0 or stays as it is."""
    for keep_prob in (0.3, 0.6, 0.8):
        x = _input(rng, 20, 15)
        _kept(_classic(student, x, keep_prob, rng), x, 1.0)


def test_classic_dropout_forward_keeps_the_share_asked_for(student, rng):
    """The share of units kept is keep_prob within binomial error.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, four shares).
    """
    for keep_prob in (0.15, 0.4, 0.75, 0.9):
        x = _input(rng, 200, 100)
        _share(_classic(student, x, keep_prob, rng) != 0, keep_prob, f"the share kept for keep_prob = {keep_prob}")


def test_classic_dropout_forward_scales_at_test_time(student, rng):
    """With train=False every entry is multiplied by keep_prob."""
    for keep_prob in (0.2, 0.6, 0.9, 1.0):
        x = _input(rng, 170, 6)
        result = student.classic_dropout_forward(x.copy(), keep_prob, rng, train=False)
        out = _out(result, x, "classic_dropout_forward")
        assert_close(out, keep_prob * x, what="the output at test time")


@easy
def test_classic_dropout_forward_has_the_mean_of_its_test_time(student, rng):
    """Averaged over many masks, the training output is the test-time output.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = _input(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        mean = _classic(student, np.tile(values, (4000, 1)), keep_prob, rng).mean(axis=0)
        test = student.classic_dropout_forward(values.copy(), keep_prob, rng, train=False)
        off = _margin(4000, keep_prob) * np.abs(values).max()
        assert_close(mean, _pair(test, "classic_dropout_forward")[0], rtol=0, atol=off, what="the mean training output")


def test_classic_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations; 40 equal counts less than once in 1e20).
    """
    x = _input(rng, 300, 300)
    _each_unit_on_its_own(_kept(_classic(student, x, 0.6, rng), x, 1.0), 0.6)
    _check_counts_vary(student.classic_dropout_forward, _plain, rng)


def test_classic_dropout_forward_takes_any_shape(student, rng):
    """Vectors and batches of images are dropped entry by entry.

    A line of at least 40 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for shape in ((9,), (1, 1), (2, 3, 4, 5)):
        x = _input(rng, *shape)
        _kept(_classic(student, x, 0.7, rng), x, 1.0)
    x = _input(rng, 45, 40, 50)
    _no_line_is_constant(_kept(_classic(student, x, 0.5, rng), x, 1.0))


def test_classic_dropout_forward_draws_a_fresh_mask_from_rng(student):
    """Calls drop different units, and the generator alone decides which.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_fresh(student.classic_dropout_forward, _plain)
    _check_rng(student.classic_dropout_forward, _plain)


@easy
def test_classic_dropout_forward_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    _check_draws_nothing_at_test_time(student.classic_dropout_forward, rng)


@easy
def test_classic_dropout_forward_leaves_its_input_alone(student, rng):
    """x stays as it was, while training and at test time."""
    _check_leaves_its_input(student.classic_dropout_forward, _plain, rng)


@easy
def test_classic_dropout_forward_has_a_cache_for_backward(student, rng):
    """With its cache, dropout_backward sends the gradient through the units kept, without a scale."""
    _both_modes(student, rng)
    _both_modes(student, rng, "classic_dropout_forward")
    for keep_prob in (0.4, 0.8):
        x, dout = _input(rng, 9, 8), _input(rng, 9, 8)
        out, cache = _pair(student.classic_dropout_forward(x, keep_prob, rng), "classic_dropout_forward")
        assert_close(_back(student, dout, cache), dout * (out != 0), what="dx")


def test_classic_dropout_forward_has_a_cache_at_test_time(student, rng):
    """At test time too the cache gives the gradient of the output: keep_prob times dout."""
    _both_modes(student, rng)
    _both_modes(student, rng, "classic_dropout_forward")
    for keep_prob in (0.4, 0.8):
        x, dout = _input(rng, 5, 6), _input(rng, 5, 6)
        result = student.classic_dropout_forward(x, keep_prob, rng, train=False)
        cache = _pair(result, "classic_dropout_forward")[1]
        assert_close(_back(student, dout, cache), keep_prob * dout, what="dx at test time")


# ---------------------------------------------------------------- forward_with_dropout


def _net(rng, sizes):
    """Weights and biases of a three-layer net, no bias near zero."""
    params = {}
    for i in (1, 2, 3):
        params[f"W{i}"] = rng.normal(size=(sizes[i - 1], sizes[i]))
        params[f"b{i}"] = _input(rng, sizes[i])
    return params


def _run(x, params, factors):
    """Scores of the net with the inputs of its layers multiplied by ``factors``, and what backward needs."""
    a, steps = x, []
    for i, factor in enumerate(factors, start=1):
        dropped = a * factor
        z = dropped @ params[f"W{i}"] + params[f"b{i}"]
        steps.append((dropped, factor, z))
        a = np.maximum(z, 0)
    return z, steps


def _gradients(dscores, params, steps):
    dz, grads = dscores, {}
    for i in (3, 2, 1):
        dropped, factor, _ = steps[i - 1]
        grads[f"W{i}"], grads[f"b{i}"] = dropped.T @ dz, dz.sum(axis=0)
        if i > 1:
            dz = (dz @ params[f"W{i}"].T) * factor * (steps[i - 2][2] > 0)
    return grads


def _explain(scores, x, params, keep_probs):
    """Find, of all masks that there are, those that give these scores; returns the factors by layer."""
    widths = [params[f"W{i}"].shape[0] for i in (1, 2, 3)]
    choices = [
        [0, 1] if keep < 1 else [1] for width, keep in zip(widths, keep_probs, strict=True) for _ in range(width)
    ]
    bits = np.array(list(product(*choices)), dtype=float)
    cuts = np.split(bits, np.cumsum(widths)[:-1], axis=1)
    factors = [cut / keep for cut, keep in zip(cuts, keep_probs, strict=True)]
    found = []
    for row, wanted in zip(x, scores, strict=True):
        candidates, _ = _run(np.tile(row, (len(bits), 1)), params, factors)
        off = np.abs(candidates - wanted).max(axis=1)
        best = int(off.argmin())
        require(
            off[best] <= 1e-5 * max(1.0, np.abs(wanted).max()),
            "No masks give these scores. Each layer's input is dropped with its own keep probability and scaled; "
            "the scores themselves are neither dropped nor scaled.",
        )
        found.append([factor[best] for factor in factors])
    return [np.array(layer) for layer in zip(*found, strict=True)]


def _copied(params):
    return {name: value.copy() for name, value in params.items()}


def _run_student(student, x, params, keep_probs, rng, **mode):
    return student.forward_with_dropout(x.copy(), _copied(params), type(keep_probs)(keep_probs), rng, **mode)


def _scores(result, shape):
    scores = _pair(result, "forward_with_dropout")[0]
    fits = isinstance(scores, np.ndarray) and scores.shape == shape and scores.dtype.kind == "f"
    require(fits, f"The scores must be an array of shape {shape}.")
    require(np.isfinite(scores).all(), "The scores must be finite.")
    return scores


SIZES = ((3, 4, 3, 2), (2, 3, 4, 3), (3, 3, 3, 3))


def test_forward_with_dropout_at_test_time_is_the_plain_net(student, rng):
    """With train=False the scores are those of the net without dropout, whatever the keep probabilities are."""
    for sizes in SIZES:
        x, params = _input(rng, 170, sizes[0]), _net(rng, sizes)
        result = _run_student(student, x, params, (0.8, 0.5, 0.6), rng, train=False)
        expected, _ = _run(x, params, (1, 1, 1))
        assert_close(_scores(result, (170, sizes[3])), expected, what="the scores at test time")


def test_forward_with_dropout_keeping_all_is_the_plain_net(student, rng):
    """With three keep probabilities of 1 the scores are those of the net without dropout."""
    for sizes in SIZES:
        x, params = _input(rng, 5, sizes[0]), _net(rng, sizes)
        expected, _ = _run(x, params, (1, 1, 1))
        scores = _scores(_run_student(student, x, params, (1.0, 1.0, 1.0), rng), (5, sizes[3]))
        assert_close(scores, expected, what="the scores with nothing dropped")


def test_forward_with_dropout_is_explained_by_masks(student, rng):
    """Of all masks on the inputs of the three layers, some give exactly these scores."""
    for sizes in SIZES:
        x, params = _input(rng, 6, sizes[0]), _net(rng, sizes)
        for keep_probs in ((0.8, 0.6, 0.7), (0.7, 0.8, 0.4)):
            result = _run_student(student, x, params, keep_probs, rng)
            _explain(_scores(result, (6, sizes[3])), x, params, keep_probs)


def test_forward_with_dropout_with_one_layer_at_a_time(student, rng):
    """With two keep probabilities of 1 only the third layer's input loses units.

    A right answer drops none of the 100 and more units that matter less than once in 1e20 gradings.
    """
    x, params = _input(rng, 120, 3), _net(rng, (3, 4, 3, 2))
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.6
        scores = _scores(_run_student(student, x, params, tuple(keep_probs), rng), (120, 2))
        _explain(scores, x, params, keep_probs)
        missing = np.allclose(scores, _run(x, params, (1, 1, 1))[0])
        require(not missing, f"Nothing was dropped with keep_probs {keep_probs}.")


def _see_through(student, n, width, keep_probs, rng):
    """Run a net that shows its masks in its scores; returns who was kept by layer, NaN where it cannot be seen."""
    x = np.ones((n, width))
    params = {f"W{i}": np.eye(width) for i in (1, 2, 3)}
    params |= {"b1": np.full(width, 10.0), "b2": np.full(width, 100.0), "b3": np.full(width, 1000.0)}
    scores = _scores(_run_student(student, x, params, keep_probs, rng), (n, width))
    kept = []
    value = scores - 1000.0
    for keep, bias in zip(reversed(keep_probs), (100.0, 10.0, 1.0), strict=True):
        kept.insert(0, np.where(np.isnan(value), np.nan, np.abs(value) > 1e-2))
        value = np.where(kept[0] == 1, value * keep - bias, np.nan)
        if bias == 1.0:
            require(np.abs(np.nan_to_num(value)).max() < 1e-2, "The scores have another size than any masks give.")
    return kept


def test_forward_with_dropout_keeps_each_layers_share(student, rng):
    """The first keep probability is for the input, the second and third for the hidden layers.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, three shares).
    """
    keep_probs = (0.9, 0.5, 0.7)
    kept = _see_through(student, 300, 40, keep_probs, rng)
    for layer, keep, name in zip(kept, keep_probs, ("input", "first hidden", "second hidden"), strict=True):
        _share(layer[~np.isnan(layer)], keep, f"the share of {name} units kept")


def test_forward_with_dropout_draws_each_layers_own_mask(student, rng):
    """Which units one layer keeps tells nothing about the next, though both are of one width.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, three shares).
    """
    kept = _see_through(student, 300, 40, (0.6, 0.6, 0.6), rng)
    for layer, name in zip(kept, ("input", "first hidden", "second hidden"), strict=True):
        _share(layer[~np.isnan(layer)], 0.6, f"the share of {name} units kept where the next layer keeps its own")


def test_forward_with_dropout_draws_for_each_example_and_unit(student, rng):
    """In each layer every unit of every example is kept or dropped on its own.

    A line of at least 45 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.5
        kept = _see_through(student, 100, 45, keep_probs, rng)[i]
        _share(kept, 0.5)
        _no_line_is_constant(kept)


def test_forward_with_dropout_draws_fresh_masks_from_rng(student, rng):
    """Every call has other masks; generators in the same state give the same, in other states others.

    A right answer fails less than once in 1e20 gradings.
    """
    x, params = _input(rng, 20, 6), _net(rng, (6, 9, 8, 4))
    seeds = [np.random.default_rng(s) for s in (5, 5, 6)]
    runs = [_scores(_run_student(student, x, params, (0.8, 0.5, 0.6), s), (20, 4)) for s in seeds]
    later = _scores(_run_student(student, x, params, (0.8, 0.5, 0.6), seeds[0]), (20, 4))
    require(np.array_equal(runs[0], runs[1]), "Generators in the same state gave different scores.")
    require(not np.allclose(runs[0], runs[2]), "Generators in different states gave the same scores: draw from rng.")
    require(not np.allclose(runs[0], later), "Two calls had the same masks: draw anew in each call.")


@easy
def test_forward_with_dropout_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    x, params = _input(rng, 4, 3), _net(rng, (3, 4, 3, 2))
    before = rng.bit_generator.state
    _run_student(student, x, params, (0.8, 0.5, 0.5), rng)
    require(rng.bit_generator.state != before, "A call while training must draw from rng.")
    before = rng.bit_generator.state
    _run_student(student, x, params, (0.8, 0.5, 0.5), rng, train=False)
    require(rng.bit_generator.state == before, "With train=False nothing may be drawn from rng.")


def test_forward_with_dropout_leaves_its_arguments_alone(student, rng):
    """Neither x nor a parameter nor keep_probs is changed, while training and at test time."""
    for train in (True, False):
        x, params, keep_probs = _input(rng, 6, 3), _net(rng, (3, 4, 3, 2)), [0.7, 0.6, 0.8]
        before, kept = x.copy(), {name: value.copy() for name, value in params.items()}
        scores = _scores(student.forward_with_dropout(x, params, keep_probs, rng, train), (6, 2))
        assert_unchanged(x, before, what="x")
        for name, value in kept.items():
            assert_unchanged(params[name], value, what=f"params[{name!r}]")
        assert_unchanged(keep_probs, [0.7, 0.6, 0.8], what="keep_probs")
        _explain(scores, before, kept, (0.7, 0.6, 0.8) if train else (1, 1, 1))


# ---------------------------------------------------------------- backward_with_dropout


def _check_gradients(student, x, params, keep_probs, rng, train=True):
    """Compare the gradients with those of the masks that explain the scores; returns what can be asked again."""
    shape = (len(x), params["W3"].shape[1])
    result = _run_student(student, x, params, keep_probs, rng, train=train)
    scores = _scores(result, shape)
    factors = _explain(scores, x, params, keep_probs if train else (1, 1, 1))
    dscores = _input(rng, *shape)
    expected = _gradients(dscores, params, _run(x, params, factors)[1])
    _compare(student, dscores, result[1], expected)
    return dscores, result[1], expected


def _forward_in_both_modes(student, rng):
    """Run forward while training and at test time, without a verdict: see _both_modes."""
    for train in (True, False):
        student.forward_with_dropout(_input(rng, 4, 3), _net(rng, (3, 4, 3, 2)), (0.8, 0.5, 0.6), rng, train)


def _compare(student, dscores, cache, expected):
    got = student.backward_with_dropout(dscores.copy(), cache)
    assert_close(got, expected, rtol=1e-5, what="the gradients")


def test_backward_with_dropout_uses_the_masks_of_forward(student, rng):
    """All six gradients are those of the thinned nets that the forward call ran."""
    _forward_in_both_modes(student, rng)
    for sizes in SIZES:
        for keep_probs in ((0.8, 0.6, 0.7), (0.7, 0.8, 0.4)):
            _check_gradients(student, _input(rng, 6, sizes[0]), _net(rng, sizes), keep_probs, rng)


def test_backward_with_dropout_through_masks_chosen_beforehand(student, rng):
    """With given units dropped and no others, all six gradients are right, however the masks were drawn.

    A right answer fails less than once in 1e9 gradings: each choice of masks comes up in more than one of 90 calls.
    """
    fixed = np.random.default_rng(8)
    for keep_probs, kept in (
        ((0.6, 1.0, 1.0), ([[1, 0], [1, 1]], [[1, 1]], [[1, 1]])),
        ((1.0, 0.7, 1.0), ([[1, 1]], [[1, 1], [0, 1]], [[1, 1]])),
        ((1.0, 1.0, 0.4), ([[1, 1]], [[1, 1]], [[0, 1], [1, 0]])),
        ((0.8, 0.7, 0.6), ([[1, 1]], [[0, 1]], [[1, 0]])),
    ):
        rows = max(map(len, kept))
        x = fixed.uniform(0.5, 2.0, (rows, 2))
        # Positive but for one weight, so that all scores differ and some unit of the first layer is off.
        params = {
            f"{kind}{i}": fixed.uniform(0.5, 2.0, (2, 2) if kind == "W" else 2) for i in (1, 2, 3) for kind in "Wb"
        }
        params["W1"][:, 1] *= np.array([-1.0, 1.0])
        factors = [np.tile(mask, (rows // len(mask), 1)) / keep for mask, keep in zip(kept, keep_probs, strict=True)]
        wanted, steps = _run(x, params, factors)
        for _ in range(2000):
            result = _run_student(student, x, params, keep_probs, rng)
            if np.allclose(_scores(result, (rows, 2)), wanted, rtol=1e-6):
                break
        else:
            require(
                False, "In 2000 calls forward_with_dropout never gave the scores of the masks that this test is about."
            )
        dscores = _input(fixed, rows, 2)
        for _ in range(2):
            _compare(student, dscores, result[1], _gradients(dscores, params, steps))


def test_backward_with_dropout_with_one_layer_at_a_time(student, rng):
    """Dropout in a single layer reaches all gradients before it, and none is scaled twice."""
    _forward_in_both_modes(student, rng)
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.6
        _check_gradients(student, _input(rng, 8, 3), _net(rng, (3, 4, 3, 2)), keep_probs, rng)


def test_backward_with_dropout_off(student, rng):
    """At test time, and with keep probabilities of 1, the gradients are those of the plain net."""
    _forward_in_both_modes(student, rng)
    for sizes in SIZES:
        _check_gradients(student, _input(rng, 170, sizes[0]), _net(rng, sizes), (0.8, 0.5, 0.6), rng, train=False)
        _check_gradients(student, _input(rng, 5, sizes[0]), _net(rng, sizes), (1.0, 1.0, 1.0), rng)


def test_backward_with_dropout_of_one_example(student, rng):
    """A batch of a single example has gradients of the same shapes."""
    _forward_in_both_modes(student, rng)
    for _ in range(4):
        _check_gradients(student, _input(rng, 1, 3), _net(rng, (3, 4, 3, 2)), (0.9, 0.6, 0.7), rng)


@in_place
def test_backward_with_dropout_belongs_to_its_own_call(student, rng):
    """Each cache gives the gradients of its own forward call, in whatever order, and again when asked again."""
    _forward_in_both_modes(student, rng)
    params = _net(rng, (3, 4, 3, 2))
    calls = [_check_gradients(student, _input(rng, 4, 3), params, keeps, rng) for keeps in ((0.8, 0.6, 0.7),) * 3]
    for dscores, cache, expected in (calls[1], calls[0], calls[0]):
        _compare(student, dscores, cache, expected)


def test_backward_with_dropout_adds_over_the_examples(student, rng):
    """Gradients are sums over the batch of what dscores says; nothing is averaged once more."""
    _forward_in_both_modes(student, rng)
    dscores, cache, expected = _check_gradients(
        student, _input(rng, 9, 2), _net(rng, (2, 3, 4, 3)), (0.8, 0.6, 0.7), rng
    )
    _compare(student, 3 * dscores, cache, {name: 3 * value for name, value in expected.items()})
    alone = dscores * (np.arange(9)[:, np.newaxis] == 4)
    got = student.backward_with_dropout(alone.copy(), cache)
    assert_close(got["b3"], alone[4], what="the gradient of b3 for one example")


def test_backward_with_dropout_leaves_dscores_alone(student, rng):
    """dscores stays as it was."""
    _forward_in_both_modes(student, rng)
    x, params = _input(rng, 5, 3), _net(rng, (3, 4, 3, 2))
    result = _run_student(student, x, params, (0.8, 0.5, 0.6), rng, train=False)
    _scores(result, (5, 2))
    dscores = _input(rng, 5, 2)
    before = dscores.copy()
    got = student.backward_with_dropout(dscores, result[1])
    assert_unchanged(dscores, before, what="dscores")
    assert_close(got, _gradients(before, params, _run(x, params, (1, 1, 1))[1]), what="the gradients")


def test_backward_with_dropout_meets_central_differences(student, rng):
    """With the masks held fixed, each gradient is the slope of the forward pass.

    The biases keep every hidden unit far on or far off, so that no step meets a kink.
    """
    _forward_in_both_modes(student, rng)
    sizes, keep_probs = (5, 6, 7, 4), (0.9, 0.7, 0.8)
    params = {f"W{i}": rng.uniform(-1, 1, (sizes[i - 1], sizes[i])) for i in (1, 2, 3)}
    params["b1"], params["b2"], params["b3"] = (np.tile([size, -size], 4) for size in (20.0, 500.0, 1.0))
    params |= {f"b{i}": params[f"b{i}"][: sizes[i]] for i in (1, 2, 3)}
    x, dscores = _input(rng, 10, 5), _input(rng, 10, 4)

    def run(params):
        result = _run_student(student, x, params, keep_probs, np.random.default_rng(4))
        return _scores(result, (10, 4)), result[1]

    grads = student.backward_with_dropout(dscores.copy(), run(params)[1])
    require(isinstance(grads, dict) and grads.keys() == params.keys(), "The gradients must be a dict W1, b1, ..., b3.")
    for name, value in params.items():
        step = 0.1 * _input(rng, *value.shape)
        up, down = run({**params, name: value + step})[0], run({**params, name: value - step})[0]
        slope = np.sum(dscores * (up - down)) / 2
        require(slope != 0, f"The scores do not depend on {name}.")
        require(np.shape(grads[name]) == value.shape, f"The gradient of {name} must have the shape of {name}.")
        what = f"the slope along a random direction of {name}"
        assert_close(np.sum(grads[name] * step), slope, rtol=1e-6, atol=1e-6, what=what)
