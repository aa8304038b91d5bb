"""Hidden tests of 05-initialization.

Draws are judged by what every correct way to draw has in common. Tolerances are six standard errors or more, so
that a test compares a few numbers with a false alarm of 2e-9 each: a right answer fails a test less than once in a
million gradings. Docstrings of the checks say what their own chance is.
Functions passed to the student are evaluated here, so a test can see what they were called with.
"""

from itertools import pairwise

import numpy as np

from grader.authoring import easy
from nnlib.checks import assert_close, assert_shape, assert_unchanged, require, roughly

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


# ---------------------------------------------------------------- init_zeros


def test_init_zeros_are_zero(student):
    """Every weight is zero."""
    for fan_in, fan_out in ((4, 4), (1, 1), (30, 20)):
        assert_close(student.init_zeros(fan_in, fan_out), np.zeros((fan_in, fan_out)), atol=0, what="the weights")


def test_init_zeros_has_a_row_for_each_input(student):
    """The shape is (fan_in, fan_out), whichever is larger."""
    for fan_in, fan_out in ((2, 5), (5, 2), (1, 3), (3, 1)):
        _weights(student.init_zeros(fan_in, fan_out), fan_in, fan_out)


def test_init_zeros_holds_floats(student):
    """The weights can take fractions."""
    w = student.init_zeros(3, 2)
    require(isinstance(w, np.ndarray) and w.dtype.kind == "f", "The weights must be a float array.")
    assert_close(w, np.zeros((3, 2)), atol=0, what="the weights")


# ---------------------------------------------------------------- init_normal


def _normal(student, std):
    return lambda fan_in, fan_out, rng: student.init_normal(fan_in, fan_out, std, rng)


def test_init_normal_has_the_standard_deviation_it_is_given(student, rng):
    """The standard deviation is std, whatever the layer's size.

    A right answer fails with a chance below 3e-8.
    """
    for std in (0.01, 0.3, 2.0):
        _check_scale(_normal(student, std), lambda fan_in, fan_out, std=std: std, rng)


@easy
def test_init_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    for std in (0.01, 2.0):
        _check_mean(_normal(student, std), lambda fan_in, fan_out, std=std: std, rng)


def test_init_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(_normal(student, 0.1), rng)


@easy
def test_init_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(_normal(student, 0.1), rng)


def test_init_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(_normal(student, 0.5))


def test_init_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(_normal(student, 0.5), rng)


# ---------------------------------------------------------------- lecun_normal


def _lecun(fan_in, fan_out):
    return np.sqrt(1 / fan_in)


def test_lecun_normal_has_variance_one_over_fan_in(student, rng):
    """The variance is 1 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.lecun_normal, _lecun, rng)


@easy
def test_lecun_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.lecun_normal, _lecun, rng)


def test_lecun_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(student.lecun_normal, rng)


@easy
def test_lecun_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.lecun_normal, rng)


def test_lecun_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.lecun_normal)


def test_lecun_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.lecun_normal, rng)


def test_lecun_normal_keeps_the_variance_of_a_sum(student, rng):
    """A linear layer of any width gives outputs of variance 1 for inputs of variance 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = _weights(student.lecun_normal(fan_in, fan_out, rng), fan_in, fan_out)
        assert_close(np.var(rng.normal(size=(500, fan_in)) @ w), 1.0, rtol=0.12, what="the variance of x @ w")


# ---------------------------------------------------------------- xavier_normal


def _xavier(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


def test_xavier_normal_has_variance_two_over_both_fans(student, rng):
    """The variance is 2 / (fan_in + fan_out), in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.xavier_normal, _xavier, rng)


@easy
def test_xavier_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.xavier_normal, _xavier, rng)


def test_xavier_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(student.xavier_normal, rng)


@easy
def test_xavier_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.xavier_normal, rng)


def test_xavier_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.xavier_normal)


def test_xavier_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.xavier_normal, rng)


def test_xavier_normal_treats_both_fans_alike(student, rng):
    """A layer and its mirror image have weights of the same size.

    A right answer fails with a chance below 1e-8.
    """
    for fan_in, fan_out in ((25, 900), (900, 25)):  # 6 standard errors of 22,500 weights: false alarm 4e-9
        w = _weights(student.xavier_normal(fan_in, fan_out, rng), fan_in, fan_out)
        _check_std(w, np.sqrt(2 / 925), 0.0283, f"fan_in = {fan_in} and fan_out = {fan_out}")


# ---------------------------------------------------------------- he_normal


def _he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


def test_he_normal_has_variance_two_over_fan_in(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.he_normal, _he, rng)


@easy
def test_he_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.he_normal, _he, rng)


def test_he_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(student.he_normal, rng)


@easy
def test_he_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.he_normal, rng)


def test_he_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.he_normal)


def test_he_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.he_normal, rng)


def test_he_normal_keeps_the_mean_square_through_relu(student, rng):
    """A ReLU layer of any width gives a mean square of 1 for inputs of mean square 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = _weights(student.he_normal(fan_in, fan_out, rng), fan_in, fan_out)
        out = np.maximum(rng.normal(size=(500, fan_in)) @ w, 0)
        assert_close(np.mean(out**2), 1.0, rtol=0.2, what="the mean square behind ReLU")


# ---------------------------------------------------------------- xavier_uniform


def _xavier_bound(fan_in, fan_out):
    return np.sqrt(6 / (fan_in + fan_out))


def test_xavier_uniform_fills_its_range_evenly(student, rng):
    """The weights fill the range from minus to plus sqrt(6 / (fan_in + fan_out)) evenly.

    A right answer fails with a chance below 1e-7.
    """
    _check_uniform(student.xavier_uniform, _xavier_bound, rng)


def test_xavier_uniform_has_the_variance_of_xavier_normal(student, rng):
    """The variance is 2 / (fan_in + fan_out), in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.xavier_uniform, _xavier, rng)


@easy
def test_xavier_uniform_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.xavier_uniform, _xavier, rng)


@easy
def test_xavier_uniform_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.xavier_uniform, rng)


def test_xavier_uniform_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.xavier_uniform)


def test_xavier_uniform_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.xavier_uniform, rng)


# ---------------------------------------------------------------- he_uniform


def _he_bound(fan_in, fan_out):
    return np.sqrt(6 / fan_in)


def test_he_uniform_fills_its_range_evenly(student, rng):
    """The weights fill the range from minus to plus sqrt(6 / fan_in) evenly.

    A right answer fails with a chance below 1e-7.
    """
    _check_uniform(student.he_uniform, _he_bound, rng)


def test_he_uniform_has_the_variance_of_he_normal(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.he_uniform, _he, rng)


@easy
def test_he_uniform_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.he_uniform, _he, rng)


@easy
def test_he_uniform_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.he_uniform, rng)


def test_he_uniform_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.he_uniform)


def test_he_uniform_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.he_uniform, rng)


# ---------------------------------------------------------------- activation_stats


def _stats(result, layers):
    require(isinstance(result, list | tuple) and len(result) == 2, "activation_stats must return means and stds.")
    means, stds = (np.asarray(part) for part in result)
    for part, name in ((means, "means"), (stds, "stds")):
        right = part.shape == (layers,) and part.dtype.kind in "iuf"
        require(right, f"{name} must hold one number for each layer, here {layers}; the input is not a layer.")
    return means.astype(float), stds.astype(float)


def _identity(z):
    return z


class Watch:
    """An activation that remembers what it was given."""

    def __init__(self, f):
        self.f, self.seen = f, []

    def __call__(self, z):
        self.seen.append(np.array(z))
        return self.f(z)


def _fixed_normal(fan_in, fan_out):
    """Random weights that depend on the shape alone, so that every call of a test sees the same ones."""
    return np.random.default_rng([fan_in, fan_out]).normal(size=(fan_in, fan_out))


def _stream(rng):
    """What tells a generator from one of another seed, however many numbers both have drawn."""
    return rng.bit_generator.state["state"]["inc"]


class Scaled:
    """An init that keeps lengths but for a factor, and remembers its arguments; it may not narrow."""

    def __init__(self, factor):
        self.factor, self.calls = factor, []

    def __call__(self, fan_in, fan_out, rng):
        self.calls.append((fan_in, fan_out, isinstance(rng, np.random.Generator)))
        factor = self.factor(fan_in) if callable(self.factor) else self.factor
        size = max(fan_in, fan_out)
        return factor * np.linalg.qr(_fixed_normal(size, size))[0][:fan_in, :fan_out]


def test_activation_stats_grow_with_the_weights(student, rng):
    """Layers that multiply lengths by 1.5 multiply standard deviations by 1.5, again and again.

    A right answer fails with a chance below 1e-8.
    """
    result = student.activation_stats([8] * 6, Scaled(1.5), _identity, rng, 200)
    _, stds = _stats(result, 5)
    assert_close(stds[1:] / stds[:-1], np.full(4, 1.5), rtol=0.02, what="the growth from layer to layer")


def test_activation_stats_start_from_standard_normal_numbers(student, rng):
    """The input has mean 0 and standard deviation 1 and follows a bell curve.

    A right answer fails with a chance below 1e-8.
    """
    watch = Watch(_identity)
    student.activation_stats([20, 20], lambda fan_in, fan_out, rng: np.eye(20), watch, rng, 2000)
    require(watch.seen, "activation was never called.")
    x = watch.seen[0]
    assert_shape(x, (2000, 20), what="the input of the first layer, n examples, one a row,")
    assert_close(x.mean(), 0.0, atol=0.03, what="the mean of the input")
    assert_close(x.std(), 1.0, rtol=0.025, what="the standard deviation of the input")
    assert_close(np.mean(np.abs(x) < 1), 0.6827, rtol=0, atol=0.015, what="the share of inputs within ±1")


def test_activation_stats_take_a_thousand_examples_unless_told(student, rng):
    """Without n there are 1000 examples, and with n there are n."""
    for arguments, n in (((), 1000), ((30,), 30)):
        watch = Watch(np.tanh)
        student.activation_stats([3, 4], Scaled(1.0), watch, rng, *arguments)
        require(watch.seen and watch.seen[0].shape == (n, 4), f"The layer must see {n} examples.")


def test_activation_stats_feed_each_layer_with_the_one_below(student, rng):
    """What activation returned, and not what it was given, goes into the next layer."""
    watch = Watch(lambda z: np.maximum(z, 0))
    student.activation_stats([4, 5, 6, 7], lambda fan_in, fan_out, rng: _fixed_normal(fan_in, fan_out), watch, rng, 50)
    require(len(watch.seen) == 3, "activation must be called once for each layer.")
    for below, above in pairwise(watch.seen):
        w = _fixed_normal(below.shape[1], above.shape[1])
        assert_close(above, np.maximum(below, 0) @ w, what="what goes into a layer's activation")


def test_activation_stats_measure_behind_the_activation(student, rng):
    """Mean and standard deviation are those of the activations, over all examples and units."""
    watch = Watch(lambda z: np.minimum(z, 0.5) - 0.25)
    result = student.activation_stats([6, 5, 4], Scaled(2.0), watch, rng, 60)
    means, stds = _stats(result, 2)
    require(len(watch.seen) == 2, "activation must be called once for each layer.")
    outputs = [watch.f(z) for z in watch.seen]
    assert_close(means, [a.mean() for a in outputs], rtol=1e-4, what="the means")
    assert_close(stds, [a.std() for a in outputs], rtol=5e-3, what="the standard deviations")


def test_activation_stats_ask_for_every_layers_weights_once(student, rng):
    """init is called once for each layer, with its fan_in, its fan_out and the generator."""
    for sizes in ([5, 3, 7, 2], [4, 4, 4]):
        init = Scaled(1.0)
        student.activation_stats(list(sizes), init, np.tanh, rng, 10)
        expected = [(fan_in, fan_out, True) for fan_in, fan_out in pairwise(sizes)]
        require(init.calls == expected, "init must be called once a layer, with (fan_in, fan_out, rng).")


def test_activation_stats_draw_from_rng(student):
    """The input comes from rng, which is also what init is given."""
    inputs, streams = [], []

    def init(fan_in, fan_out, rng):
        require(isinstance(rng, np.random.Generator), "init must be called with (fan_in, fan_out, rng).")
        streams.append(_stream(rng))
        return np.eye(fan_in, fan_out)

    for seed in (21, 21, 22):
        watch, rng = Watch(_identity), np.random.default_rng(seed)
        student.activation_stats([4, 4, 4], init, watch, rng, 5)
        require(watch.seen, "activation was never called.")
        inputs.append(watch.seen[0])
        require(set(streams) == {_stream(rng)}, "init must be given rng itself, not another generator.")
        streams.clear()
    require(np.array_equal(inputs[0], inputs[1]), "The same rng must give the same input: draw from rng.")
    require(not np.array_equal(inputs[0], inputs[2]), "Another rng must give another input: draw from rng.")


def test_activation_stats_leave_the_sizes_alone(student, rng):
    """The list of sizes is as it was."""
    sizes = [5, 4, 3]
    means, stds = _stats(student.activation_stats(sizes, Scaled(1.0), _identity, rng, 50), 2)
    assert_unchanged(sizes, [5, 4, 3], what="sizes")
    require(np.all(np.abs(means) < 1) and np.all(stds > 0), "Layers that keep lengths must have a spread.")


def test_activation_stats_of_layers_of_different_scales(student, rng):
    """Each layer has weights of its own: what the first shrinks the second may enlarge.

    A right answer fails with a chance below 1e-8.
    """
    sizes = [6, 7, 8, 9, 10]
    result = student.activation_stats(sizes, Scaled(lambda fan_in: 4.0 if fan_in % 2 else 0.5), _identity, rng, 200)
    _, stds = _stats(result, 4)
    expected = np.array([4.0, 0.5, 4.0]) * np.sqrt([7 / 8, 8 / 9, 9 / 10])  # lengths stay, and units grow in number
    assert_close(stds[1:] / stds[:-1], expected, rtol=0.05, what="the change from layer to layer")


def test_activation_stats_of_one_layer(student, rng):
    """A single layer gives one mean and one standard deviation."""
    result = student.activation_stats([4, 3], lambda fan_in, fan_out, rng: np.zeros((4, 3)), np.cos, rng, 20)
    means, stds = _stats(result, 1)
    assert_close(means, [1.0], what="the means")
    assert_close(stds, [0.0], what="the standard deviations")


def test_activation_stats_of_ten_tanh_layers(student):
    """Ten tanh layers with variance 1/fan_in lose their signal slowly: 0.63, 0.49, 0.41, 0.36, …

    A right answer fails with a chance below 1e-9.
    """
    sizes = [300 + layer for layer in range(11)]

    def lecun(fan_in, fan_out, rng):
        return _fixed_normal(fan_in, fan_out) / np.sqrt(fan_in)

    result = student.activation_stats(sizes, lecun, np.tanh, np.random.default_rng(12), 200)
    _, stds = _stats(result, 10)
    known = [0.628, 0.486, 0.407, 0.357, 0.321, 0.293, 0.272, 0.254, 0.238, 0.226]
    assert_close(stds, known, rtol=0.08, what="the standard deviations of ten tanh layers")
