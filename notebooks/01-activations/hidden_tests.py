"""Hidden tests of 01-activations.

Derivatives are compared with formulas written a second time below, away from kinks unless a claim is about one.
The fixtures let usual slips show: as many examples as units (a wrong axis broadcasts silently), square weights
(a transposed matrix fits), biases that are not zero, a random upstream gradient of both signs, integers, and
batches of 170, which a function that is right for small ones only gets wrong.
What should come out is computed before the call, and one test an exercise looks at what became of its inputs.
"""

import numpy as np

import nnlib as reference
from grader.authoring import easy, leaves_alone
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


# ---------------------------------------------------------------- affine


def _affine(student, x, w, b):
    return _parts(student.affine_forward(x, w, b), 2, "affine_forward", "two things, out and cache")


def _check_affine_forward(student, x, w, b):
    expected = x @ w + b
    assert_close(_affine(student, x, w, b)[0], expected, what="out")


def test_affine_forward_adds_the_bias_to_weighted_sums(student, rng):
    """Each output is the weighted sum of the inputs plus the unit's bias."""
    _check_affine_forward(student, rng.normal(size=(170, 3)), rng.normal(size=(3, 4)), rng.normal(size=4))


def test_affine_forward_with_square_weights(student, rng):
    """With as many inputs as units the weights are still used the right way round."""
    _check_affine_forward(student, rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), rng.normal(size=3))


def test_affine_forward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units each bias still belongs to a unit."""
    _check_affine_forward(student, rng.normal(size=(4, 2)), rng.normal(size=(2, 4)), rng.normal(size=4))


def test_affine_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_affine_forward(student, rng.normal(size=(1, 3)), rng.normal(size=(3, 2)), rng.normal(size=2))


def test_affine_forward_with_negative_scores(student):
    """Nothing is cut off: the layer itself is linear."""
    out = _affine(student, np.array([[1.0], [-2.0]]), np.array([[-3.0]]), np.array([0.5]))[0]
    assert_close(out, np.array([[-2.5], [6.5]]), what="out")


def test_affine_forward_leaves_its_inputs_alone(student, rng):
    """None of the inputs is changed."""
    x, w, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    expected = x @ w + b
    result = leaves_alone(lambda *given: _affine(student, *given), "xwb", x, w, b)
    assert_close(result[0], expected, what="out")


def test_affine_forward_keeps_its_arguments_in_the_cache(student, rng):
    """The cache is the tuple (x, w, b), as the text says: this is what backward gets."""
    given = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    out, cache = _affine(student, *(array.copy() for array in given))
    assert_close(out, given[0] @ given[1] + given[2], what="out")
    what = "affine_forward must return a cache of three things, x, w and b, in this order."
    require(isinstance(cache, list | tuple) and len(cache) == 3, what)
    require(all(np.shape(kept) == array.shape for kept, array in zip(cache, given, strict=True)), what)
    for name, kept, array in zip("xwb", cache, given, strict=True):
        assert_close(kept, array, what=f"{name} in the cache")


def _check_affine_backward(student, rng, n, d, k, call=None):
    call = call or student.affine_backward
    x, w, b, dout = (
        rng.normal(size=(n, d)),
        rng.normal(size=(d, k)),
        rng.normal(size=k),
        rng.normal(size=(n, k)),
    )
    cache = _affine(student, x.copy(), w.copy(), b.copy())[1]
    result = call(dout.copy(), cache)
    dx, dw, db = _parts(result, 3, "affine_backward", "three things, dx, dw and db")
    return (dx, dout @ w.T), (dw, x.T @ dout), (db, dout.sum(axis=0))


def test_affine_backward_to_the_inputs(student, rng):
    """dx collects, for every input, what all units say."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[0]
    assert_close(got, expected, what="dx")


def test_affine_backward_to_the_weights(student, rng):
    """dw adds up over the examples, without averaging."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[1]
    assert_close(got, expected, what="dw", sizes={"N": 170})


def test_affine_backward_to_the_biases(student, rng):
    """db has the shape of b and adds up over the examples, without averaging."""
    got, expected = _check_affine_backward(student, rng, 170, 3, 4)[2]
    assert_close(got, expected, what="db", sizes={"N": 170})


def test_affine_backward_where_all_sizes_are_equal(student, rng):
    """With as many examples as inputs and units, nothing is transposed or summed along the wrong axis."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 3, 3, 3), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 1, 4, 2), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_of_one_unit(student, rng):
    """A layer with one unit keeps its axis: db is (1,) and dw is (D, 1)."""
    for name, (got, expected) in zip(("dx", "dw", "db"), _check_affine_backward(student, rng, 4, 3, 1), strict=True):
        assert_close(got, expected, what=name)


def test_affine_backward_leaves_its_inputs_alone(student, rng):
    """Neither dout nor an array in the cache is changed."""

    def call(dout, cache):
        return _leaves_dout_and_cache_alone(student.affine_backward, dout, cache)

    for name, (got, expected) in zip(
        ("dx", "dw", "db"), _check_affine_backward(student, rng, 4, 3, 2, call), strict=True
    ):
        assert_close(got, expected, what=name)


# ---------------------------------------------------------------- entry by entry


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


def test_sigmoid_of_arrays_of_any_shape(student, rng):
    """Every entry is 1 / (1 + exp(-z))."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.sigmoid, _logistic(z), z, "sigmoid")


def test_sigmoid_is_one_half_at_zero(student):
    """At zero the sigmoid is exactly in the middle."""
    assert_close(student.sigmoid(np.zeros((2, 2))), np.full((2, 2), 0.5), rtol=1e-9, atol=0.0, what="sigmoid at 0")


def test_sigmoid_at_a_thousand(student):
    """Large numbers of either sign give 1 and 0, never nan."""
    z = np.array([1000.0, -1000.0, 750.0, -750.0])
    _check_forward(student.sigmoid, np.array([1.0, 0.0, 1.0, 0.0]), z, "sigmoid of huge numbers")


def test_sigmoid_keeps_apart_what_is_nearly_zero(student):
    """Far out on the negative side the values go on falling, and nothing is clipped."""
    z = np.array([-12.0, -25.0, -40.0])
    # (1 + tanh(z / 2)) / 2 is right, too, and rounds by 1e-16.
    expected = np.exp(z)
    assert_close(student.sigmoid(z), expected, rtol=1e-4, atol=1e-15, what="sigmoid of -12, -25 and -40")


def test_sigmoid_of_integers(student):
    """Integers give fractions."""
    z = np.array([-3, 0, 1, 5])
    _check_forward(student.sigmoid, _logistic(z), z, "sigmoid of integers")


def test_sigmoid_of_opposite_numbers_adds_up_to_one(student, rng):
    """σ(-z) = 1 - σ(z)."""
    z = 4 * rng.normal(size=9)
    assert_close(student.sigmoid(-z), 1 - _logistic(z), what="sigmoid of -z")


def test_sigmoid_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, 800.0]])
    _leaves_z_alone(student.sigmoid, _logistic(z), z, "sigmoid")


def test_sigmoid_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times the slope at z."""
    for shape in SHAPES:
        z, da = 2 * rng.normal(size=shape), rng.normal(size=shape)
        _check_backward(student.sigmoid_backward, da * _logistic(z) * _logistic(-z), da, z)


def test_sigmoid_backward_is_a_quarter_at_zero(student):
    """The steepest slope is 0.25, at zero."""
    da = np.array([1.0, -2.5, 0.7])
    assert_close(student.sigmoid_backward(da.copy(), np.zeros(3)), da / 4, what="dz at 0")


def test_sigmoid_backward_far_out(student):
    """A saturated unit passes next to nothing, on both sides, and never nan."""
    z = np.array([12.0, -12.0, 30.0, -30.0, 1000.0, -1000.0])
    da = np.array([2.0, -3.0, 1.0, 1.0, 5.0, 5.0])
    assert_close(student.sigmoid_backward(da.copy(), z.copy()), da * _logistic(z) * _logistic(-z), what="dz far out")


def test_sigmoid_backward_scales_with_da(student, rng):
    """Twice the incoming gradient gives twice the gradient, and a negative one a negative one."""
    z, da = rng.normal(size=5), rng.normal(size=5)
    got = student.sigmoid_backward(-20 * da, z.copy())
    assert_close(got, -20 * da * _logistic(z) * _logistic(-z), what="dz")


def test_sigmoid_backward_is_even(student):
    """The slope is the same on both sides of zero."""
    z = np.array([-0.5, 0.5, -3.0, 3.0])
    assert_close(student.sigmoid_backward(np.ones(4), z.copy()), _logistic(z) * _logistic(-z), what="the slopes")


def test_sigmoid_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([2.0, -3.0, 0.5]), np.array([-2, 0, 1])
    assert_close(student.sigmoid_backward(da.copy(), z.copy()), da * _logistic(z) * _logistic(-z), what="dz for integer z")


def test_sigmoid_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.sigmoid_backward, da * _logistic(z) * _logistic(-z), da, z)


def test_tanh_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times the slope at z."""
    for shape in SHAPES:
        z, da = rng.normal(size=shape), rng.normal(size=shape)
        _check_backward(student.tanh_backward, da / np.cosh(z) ** 2, da, z)


@easy
def test_tanh_backward_is_one_at_zero(student):
    """At zero the gradient passes as it is."""
    assert_close(student.tanh_backward(np.array([2.0, -3.0]), np.zeros(2)), np.array([2.0, -3.0]), what="dz at 0")


def test_tanh_backward_far_out(student):
    """A saturated unit passes nothing, on both sides."""
    z = np.array([8.0, -8.0, 1000.0, -1000.0])
    assert_close(student.tanh_backward(np.ones(4), z), np.array([4.501e-7] * 2 + [0.0] * 2), what="dz far out")


def test_tanh_backward_where_the_slope_differs_most_from_a_parabola(student):
    """Around |z| = 1 to 3 the slope is 1 - tanh²(z), never negative."""
    z = np.array([-3.0, -1.5, 1.0, 2.0])
    assert_close(student.tanh_backward(np.ones(4), z.copy()), 1 / np.cosh(z) ** 2, what="the slopes")


def test_tanh_backward_scales_with_da(student, rng):
    """Twice the incoming gradient gives twice the gradient."""
    z, da = rng.normal(size=5), rng.normal(size=5)
    assert_close(student.tanh_backward(-20 * da, z.copy()), -20 * da / np.cosh(z) ** 2, what="dz")


def test_tanh_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([2.0, -3.0, 0.5]), np.array([-2, 0, 1])
    assert_close(student.tanh_backward(da.copy(), z.copy()), da / np.cosh(z) ** 2, what="dz for integer z")


def test_tanh_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.tanh_backward, da / np.cosh(z) ** 2, da, z)


def test_relu_of_arrays_of_any_shape(student, rng):
    """Negative entries become zero, the others stay."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.relu, np.where(z > 0, z, 0.0), z, "ReLU")


def test_relu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, -3.0]])
    _leaves_z_alone(student.relu, np.array([[0.0, 2.0, 0.0]]), z, "ReLU")


def test_relu_of_integers(student):
    """Integers work as well."""
    assert_close(student.relu(np.array([-2, 0, 7])), np.array([0.0, 0.0, 7.0]), what="ReLU of integers")


def test_relu_does_not_saturate(student):
    """Large positive numbers stay what they are."""
    z = np.array([6.5, 1e3, 1e6, -1e6])
    assert_close(student.relu(z), np.array([6.5, 1e3, 1e6, 0.0]), what="ReLU of large numbers")


@easy
def test_relu_of_negative_numbers_only(student):
    """A unit that is negative everywhere is silent."""
    assert_close(student.relu(np.array([[-1.0, -0.5], [-2.0, -9.0]])), np.zeros((2, 2)), what="ReLU")


def test_relu_backward_of_arrays_of_any_shape(student, rng):
    """The gradient passes where z is positive."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.relu_backward, np.where(z > 0, da, 0.0), da, z)


def test_relu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -5.0, 5.0, -5.0])
    assert_close(student.relu_backward(da, z), np.array([-1.0, 0.0, 3.0, 0.0]), what="dz")


@easy
def test_relu_backward_at_zero(student):
    """At z = 0 nothing passes, as the text says."""
    assert_close(student.relu_backward(np.array([3.0, -4.0]), np.zeros(2)), np.zeros(2), what="dz at z = 0")


def test_relu_backward_close_to_zero(student):
    """However close to zero, the sign of z decides."""
    da, z = np.array([3.0, 3.0]), np.array([1e-9, -1e-9])
    assert_close(student.relu_backward(da, z), np.array([3.0, 0.0]), what="dz near z = 0")


@easy
def test_relu_backward_does_not_depend_on_the_size_of_z(student):
    """A large z passes the gradient just as a small one does."""
    da, z = np.array([1.5, 1.5, 1.5]), np.array([0.01, 1.0, 1e4])
    assert_close(student.relu_backward(da, z), np.array([1.5, 1.5, 1.5]), what="dz")


def test_relu_backward_of_integers(student):
    """Where z holds integers the gradient keeps its fractions."""
    da, z = np.array([0.5, -0.25, 1.5, 0.75]), np.array([-2, 0, 1, 3])
    assert_close(student.relu_backward(da, z), np.array([0.0, 0.0, 1.5, 0.75]), what="dz for integer z")


def test_relu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.relu_backward, np.where(z > 0, da, 0.0), da, z)


def test_leaky_relu_of_arrays_of_any_shape(student, rng):
    """Negative entries are scaled by 0.01, the others stay."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.leaky_relu, np.where(z > 0, z, 0.01 * z), z, "leaky ReLU")


def test_leaky_relu_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument, and the positive side does not know it."""
    z = _away_from_zero(rng, (3, 4))
    for slope in (0.0, 0.2, 0.9):
        assert_close(student.leaky_relu(z.copy(), slope), np.where(z > 0, z, slope * z), what=f"leaky ReLU with {slope}")


def test_leaky_relu_of_integers(student):
    """Integers give fractions on the negative side."""
    got = student.leaky_relu(np.array([-3, 0, 4]), 0.1)
    assert_close(got, np.array([-0.3, 0.0, 4.0]), what="leaky ReLU of integers")


def test_leaky_relu_goes_on_for_ever(student):
    """Neither side levels off."""
    assert_close(student.leaky_relu(np.array([-1e5, 1e5])), np.array([-1e3, 1e5]), what="leaky ReLU of large numbers")


def test_leaky_relu_close_to_zero(student):
    """However close to zero, the sign of z decides."""
    got = student.leaky_relu(np.array([0.001, -0.001]), 0.5)
    assert_close(got, np.array([0.001, -0.0005]), what="leaky ReLU near 0")


def test_leaky_relu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    _leaves_z_alone(student.leaky_relu, np.array([[-0.01, 2.0]]), np.array([[-1.0, 2.0]]), "leaky ReLU")


def test_leaky_relu_backward_of_arrays_of_any_shape(student, rng):
    """The gradient passes where z is positive and is scaled by 0.01 elsewhere."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.leaky_relu_backward, np.where(z > 0, da, 0.01 * da), da, z)


def test_leaky_relu_backward_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument."""
    z, da = _away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
    for slope in (0.0, 0.2, 0.9):
        got = student.leaky_relu_backward(da.copy(), z.copy(), slope)
        assert_close(got, np.where(z > 0, da, slope * da), what=f"dz with slope {slope}")


def test_leaky_relu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -5.0, 5.0, -5.0])
    got = student.leaky_relu_backward(da, z, 0.5)
    assert_close(got, np.array([-1.0, -1.0, 3.0, 2.0]), what="dz")


def test_leaky_relu_backward_at_zero(student):
    """At z = 0 the slope of the left side counts, as the text says."""
    got = student.leaky_relu_backward(np.array([3.0, -4.0]), np.zeros(2), 0.5)
    assert_close(got, np.array([1.5, -2.0]), what="dz at z = 0")


def test_leaky_relu_backward_does_not_depend_on_the_size_of_z(student):
    """The gradient is scaled by the slope, not by z."""
    da, z = np.full(4, 2.0), np.array([-0.1, -50.0, 0.1, 50.0])
    got = student.leaky_relu_backward(da, z, 0.1)
    assert_close(got, np.array([0.2, 0.2, 2.0, 2.0]), what="dz")


def test_leaky_relu_backward_of_integers(student):
    """Where z holds integers the gradient keeps its fractions."""
    da, z = np.array([0.5, -3.0, 1.5, 0.75]), np.array([-2, -1, 1, 3])
    got = student.leaky_relu_backward(da, z, 0.1)
    assert_close(got, np.array([0.05, -0.3, 1.5, 0.75]), what="dz for integer z")


def test_leaky_relu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.leaky_relu_backward, np.where(z > 0, da, 0.01 * da), da, z)


def _elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def _elu_slope(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def test_elu_of_arrays_of_any_shape(student, rng):
    """Negative entries become exp(z) - 1, the others stay."""
    for shape in SHAPES:
        z = 2 * rng.normal(size=shape)
        _check_forward(student.elu, _elu(z), z, "ELU")


def test_elu_takes_the_alpha_it_is_given(student, rng):
    """Alpha scales the whole negative side and leaves the positive side alone."""
    z = _away_from_zero(rng, (3, 4))
    for alpha in (0.2, 1.7, 3.0):
        assert_close(student.elu(z.copy(), alpha), _elu(z, alpha), what=f"ELU with alpha = {alpha}")


def test_elu_of_large_numbers(student):
    """Large positive numbers stay, large negative ones approach -alpha, and nothing is nan."""
    got = student.elu(np.array([1000.0, -1000.0, 800.0, -40.0]), 2.0)
    assert_close(got, np.array([1000.0, -2.0, 800.0, -2.0]), what="ELU of large numbers")


@easy
def test_elu_at_zero(student):
    """The two sides meet at zero."""
    assert_close(student.elu(np.array([0.0, 1e-6, -1e-6])), np.array([0.0, 1e-6, -1e-6]), atol=1e-11, what="ELU at 0")


def test_elu_of_integers(student):
    """Integers give fractions on the negative side."""
    z = np.array([-3, -1, 0, 4])
    assert_close(student.elu(z.copy()), _elu(z), what="ELU of integers")


def test_elu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, -0.3]])
    _leaves_z_alone(student.elu, _elu(z), z, "ELU")


def test_elu_backward_of_arrays_of_any_shape(student, rng):
    """dz is da times 1 on the positive side and exp(z) on the negative side."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.elu_backward, da * _elu_slope(z), da, z)


def test_elu_backward_takes_the_alpha_it_is_given(student, rng):
    """On the negative side the slope is alpha times exp(z)."""
    z, da = _away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
    for alpha in (0.2, 1.7, 3.0):
        assert_close(student.elu_backward(da.copy(), z.copy(), alpha), da * _elu_slope(z, alpha), what=f"dz with alpha = {alpha}")


def test_elu_backward_far_out(student):
    """Far out the slope is 1 on the right and 0 on the left, never nan."""
    got = student.elu_backward(np.array([2.0, 2.0, -3.0, -3.0]), np.array([1000.0, -1000.0, 800.0, -40.0]))
    assert_close(got, np.array([2.0, 0.0, -3.0, 0.0]), what="dz far out")


def test_elu_backward_at_zero(student):
    """At z = 0 the slope of the left side, alpha, counts, as the text says."""
    got = student.elu_backward(np.array([3.0, -4.0]), np.zeros(2), 0.5)
    assert_close(got, np.array([1.5, -2.0]), what="dz at z = 0")


def test_elu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -0.5, 5.0, -0.5])
    assert_close(student.elu_backward(da.copy(), z.copy()), da * _elu_slope(z), what="dz")


def test_elu_backward_of_integers(student):
    """Where z holds integers the gradient is still a fraction."""
    da, z = np.array([0.5, -3.0, 1.5, 0.75]), np.array([-2, -1, 1, 3])
    assert_close(student.elu_backward(da.copy(), z.copy()), da * _elu_slope(z), what="dz for integer z")


def test_elu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.elu_backward, da * _elu_slope(z), da, z)


# ---------------------------------------------------------------- prelu


def _check_prelu(student, da, z, alpha):
    kept = da.copy(), z.copy(), np.copy(alpha)
    result = student.prelu_backward(da, z, alpha)
    dz, dalpha = _parts(result, 2, "prelu_backward", "two things, dz and dalpha")
    da, z, alpha = kept
    each = np.where(z > 0, 0.0, da * z)
    assert_close(dz, np.where(z > 0, da, alpha * da), rtol=1e-6, what="dz")
    assert_close(dalpha, each.sum() if alpha.ndim == 0 else each.sum(axis=0), rtol=1e-6, what="dalpha")


def test_prelu_backward_with_one_slope_for_all(student, rng):
    """A shared slope collects from all examples and units and gets one number."""
    _check_prelu(student, rng.normal(size=(170, 3)), _away_from_zero(rng, (170, 3)), 0.25)


def test_prelu_backward_with_one_slope_for_each_unit(student, rng):
    """Each unit's slope collects from all examples of that unit only."""
    _check_prelu(student, rng.normal(size=(170, 3)), _away_from_zero(rng, (170, 3)), np.array([0.1, 0.25, 0.7]))


def test_prelu_backward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units the sum still runs over the examples."""
    _check_prelu(student, rng.normal(size=(4, 4)), _away_from_zero(rng, (4, 4)), np.array([0.1, 0.2, 0.3, 0.4]))


def test_prelu_backward_where_z_is_positive_everywhere(student, rng):
    """Where no entry is negative the slope acts on nothing and gets no gradient."""
    z, da = np.abs(_away_from_zero(rng, (3, 2))), rng.normal(size=(3, 2))
    _check_prelu(student, da.copy(), z.copy(), 0.5)
    _check_prelu(student, da, z, np.array([0.5, 0.2]))


def test_prelu_backward_where_z_is_negative_everywhere(student, rng):
    """Where all entries are negative the whole gradient is scaled by the slope."""
    z, da = -np.abs(_away_from_zero(rng, (3, 2))), rng.normal(size=(3, 2))
    _check_prelu(student, da.copy(), z.copy(), 0.5)
    _check_prelu(student, da, z, np.array([0.5, 0.2]))


def test_prelu_backward_of_one_example_and_one_unit(student):
    """With one unit alpha and dalpha keep shape (1,); with one example nothing is lost."""
    _check_prelu(student, np.array([[2.0], [-3.0]]), np.array([[-1.5], [-0.7]]), np.array([0.3]))
    _check_prelu(student, np.array([[2.0, -3.0]]), np.array([[-1.5, 0.5]]), np.array([0.3, 0.1]))


def test_prelu_backward_at_zero(student):
    """At z = 0 the slope of the left side counts, as the text says."""
    _check_prelu(student, np.array([[3.0, -4.0]]), np.zeros((1, 2)), 0.5)


def test_prelu_backward_leaves_its_inputs_alone(student, rng):
    """Neither da, z nor alpha is changed."""
    da, z, alpha = rng.normal(size=(3, 2)), _away_from_zero(rng, (3, 2)), np.array([0.1, 0.2])
    leaves_alone(lambda *given: _check_prelu(student, *given), ("da", "z", "alpha"), da, z, alpha)


# ---------------------------------------------------------------- maxout


def _maxout(student, x, w, b):
    return _parts(student.maxout_forward(x, w, b), 2, "maxout_forward", "two things, out and cache")


def _pieces(x, w, b):
    return np.einsum("nd,idk->ink", x, w) + b[:, np.newaxis, :]


def _check_maxout_forward(student, rng, n, d, pieces, units):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units))
    expected = _pieces(x, w, b).max(axis=0)
    assert_close(_maxout(student, x, w, b)[0], expected, what="out")


def test_maxout_forward_keeps_the_largest_piece(student, rng):
    """For every example and unit the largest of the pieces comes out."""
    _check_maxout_forward(student, rng, 170, 3, 4, 2)


def test_maxout_forward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, the maximum is still taken over the pieces."""
    _check_maxout_forward(student, rng, 3, 3, 3, 3)


def test_maxout_forward_with_one_piece(student, rng):
    """A single piece is an affine layer, negative numbers included."""
    _check_maxout_forward(student, rng, 4, 2, 1, 3)


def test_maxout_forward_of_one_example(student, rng):
    """A batch of one gives one row."""
    _check_maxout_forward(student, rng, 1, 3, 2, 2)


def test_maxout_forward_with_biases_that_decide(student):
    """Each piece has its own bias, and the bias takes part in the comparison."""
    x, w = np.array([[1.0], [-1.0]]), np.array([[[1.0, 0.0]], [[-1.0, 0.0]]])
    b = np.array([[0.0, -5.0], [3.0, 2.0]])
    assert_close(_maxout(student, x, w, b)[0], np.array([[2.0, 2.0], [4.0, 2.0]]), what="out")


def test_maxout_forward_is_a_relu_with_a_piece_of_zeros(student, rng):
    """With one piece zero, maxout is a ReLU."""
    x, w = rng.normal(size=(6, 3)), np.zeros((2, 3, 2))
    w[1] = rng.normal(size=(3, 2))
    expected = np.maximum(x @ w[1], 0)
    assert_close(_maxout(student, x, w, np.zeros((2, 2)))[0], expected, what="out")


def test_maxout_forward_leaves_its_inputs_alone(student, rng):
    """None of the inputs is changed."""
    x, w, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2))
    expected = _pieces(x, w, b).max(axis=0)
    result = leaves_alone(lambda *given: _maxout(student, *given), "xwb", x, w, b)
    assert_close(result[0], expected, what="out")


def test_maxout_forward_keeps_all_pieces_in_the_cache(student, rng):
    """The cache is the tuple (x, w, pieces) with pieces (k, N, K), as the text says: this is what backward gets."""
    x, w, b = rng.normal(size=(2, 4)), rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 5))
    out, cache = _maxout(student, x.copy(), w.copy(), b.copy())
    given = x, w, _pieces(x, w, b)
    assert_close(out, given[2].max(axis=0), what="out")
    what = "maxout_forward must return a cache of three things, x, w and the pieces (k, N, K), in this order."
    require(isinstance(cache, list | tuple) and len(cache) == 3, what)
    require(all(np.shape(kept) == array.shape for kept, array in zip(cache, given, strict=True)), what)
    for name, kept, array in zip(("x", "w", "pieces"), cache, given, strict=True):
        assert_close(np.asarray(kept), array, what=f"{name} in the cache")


def _maxout_gradients(dout, x, w, b):
    winner = _pieces(x, w, b).argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, k in np.ndindex(winner.shape):
        i = winner[n, k]
        dx[n] += dout[n, k] * w[i, :, k]
        dw[i, :, k] += dout[n, k] * x[n]
        db[i, k] += dout[n, k]
    return dx, dw, db


def _check_maxout_backward(student, dout, x, w, b, call=None):
    expected = _maxout_gradients(dout, x, w, b)
    cache = _maxout(student, x.copy(), w.copy(), b.copy())[1]
    result = (call or student.maxout_backward)(dout, cache)
    result = _parts(result, 3, "maxout_backward", "three things, dx, dw and db")
    for name, got, value in zip(("dx", "dw", "db"), result, expected, strict=True):
        assert_close(got, value, what=name)


def _random_maxout(rng, n, d, pieces, units):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(pieces, d, units)), rng.normal(size=(pieces, units))
    return rng.normal(size=(n, units)), x, w, b


def test_maxout_backward_goes_to_the_winner(student, rng):
    """Only the piece that won receives the gradient of its example and unit."""
    _check_maxout_backward(student, *_random_maxout(rng, 170, 3, 4, 2))


def test_maxout_backward_where_all_sizes_are_equal(student, rng):
    """With as many pieces as examples, inputs and units, nothing is mixed up."""
    _check_maxout_backward(student, *_random_maxout(rng, 3, 3, 3, 3))


def test_maxout_backward_with_one_piece(student, rng):
    """A single piece gets everything, as an affine layer does."""
    _check_maxout_backward(student, *_random_maxout(rng, 4, 2, 1, 3))


def test_maxout_backward_of_one_example(student, rng):
    """A batch of one gives gradients of the same shapes."""
    _check_maxout_backward(student, *_random_maxout(rng, 1, 3, 2, 2))


def test_maxout_backward_gives_a_tie_to_the_first(student, rng):
    """Where pieces tie, the first of them gets the gradient, and it is not counted twice."""
    dout, x, w, b = _random_maxout(rng, 5, 2, 3, 2)
    w[2], b[2] = w[1], b[1]
    _check_maxout_backward(student, dout, x, w, b)


def test_maxout_backward_leaves_losers_without_gradient(student, rng):
    """A piece that never wins gets zeros."""
    dout, x, w, b = _random_maxout(rng, 5, 2, 3, 2)
    b[0] -= 100
    _check_maxout_backward(student, dout, x, w, b)


def test_maxout_backward_leaves_its_inputs_alone(student, rng):
    """Neither dout nor an array in the cache is changed."""

    def call(dout, cache):
        return _leaves_dout_and_cache_alone(student.maxout_backward, dout, cache)

    _check_maxout_backward(student, *_random_maxout(rng, 4, 3, 2, 2), call)


def test_maxout_backward_agrees_with_central_differences(student, rng):
    """The gradients are those of the loss sum(out * dout), in inputs, weights and biases."""
    dout, x, w, b = _random_maxout(rng, 4, 3, 3, 2)
    cache = _maxout(student, x.copy(), w.copy(), b.copy())[1]
    result = _parts(student.maxout_backward(dout.copy(), cache), 3, "maxout_backward", "three things, dx, dw and db")
    losses = (
        lambda v: np.sum(dout * _pieces(v, w, b).max(axis=0)),
        lambda v: np.sum(dout * _pieces(x, v, b).max(axis=0)),
        lambda v: np.sum(dout * _pieces(x, w, v).max(axis=0)),
    )
    for name, got, loss, at in zip(("dx", "dw", "db"), result, losses, (x, w, b), strict=True):
        assert_close(got, reference.numerical_gradient(loss, at), atol=1e-6, what=name)
