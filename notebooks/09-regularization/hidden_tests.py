"""Hidden tests of 09-regularization: no exercise draws at random, and every bound is exact up to rounding.

Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import numpy as np

import nnlib as reference
from nnlib.checks import assert_close, assert_unchanged, require

SHAPES = [(3, 4), (4, 4), (4,), (2, 3, 2), (4, 1), (1, 5), (150, 2)]  # square, without columns, like a bias, and tall


def _weights(rng, shapes=SHAPES, scale=1.0):
    return [scale * rng.normal(size=shape) for shape in shapes]


def _copied(weights):
    return [w.copy() for w in weights]


def _leaves_alone(function, expected, rng, *strength):
    """Compare the weights with what they were, and the result with the reference."""
    weights = _weights(rng, [(3, 2), (4,)])
    before = _copied(weights)
    got = function(weights, *strength)
    assert_unchanged(weights, before, what="weights")
    assert_close(got, expected(before, *strength), what="the result")


def _penalty(function, expected, weights, *strength):
    """Compare a penalty with the reference."""
    assert_close(function(_copied(weights), *strength), expected(weights, *strength), what="the penalty")


def _gradients(function, expected, weights, *strength):
    """Compare the gradients of a penalty with the reference."""
    got = function(_copied(weights), *strength)
    require(isinstance(got, list | tuple), "The result must be a list of arrays, one for each array in weights.")
    require(len(got) == len(weights), f"There must be {len(weights)} gradients here.")
    assert_close(list(got), expected(weights, *strength), what="the gradients")


def _slopes(penalty, weights):
    """Central differences of a penalty in every weight."""
    slopes = []
    for number, w in enumerate(weights):
        rest = weights[:number], weights[number + 1 :]
        slopes.append(reference.numerical_gradient(lambda v, rest=rest: penalty([*rest[0], v, *rest[1]]), w))
    return slopes


# ---------------------------------------------------------------- diagnose


def _verdicts(student, cases):
    for errors, verdict in cases:
        assert_close(student.diagnose(*errors), verdict, what="the verdict")


def test_diagnose_the_four_verdicts(student):
    """Bias is training error above Bayes error, variance dev error above training error."""
    _verdicts(
        student,
        [
            ((0.01, 0.11), "high variance"),
            ((0.15, 0.16), "high bias"),
            ((0.15, 0.30), "high bias and high variance"),
            ((0.005, 0.01), "neither"),
            ((0.035, 0.145), "high variance"),
            ((0.23, 0.25), "high bias"),
            ((0.11, 0.21), "high bias and high variance"),
            ((0.02, 0.03), "neither"),
        ],
    )


def test_diagnose_measures_bias_from_the_bayes_error(student):
    """A training error is judged by the Bayes error, not by zero."""
    _verdicts(
        student,
        [
            ((0.17, 0.18, 0.17), "neither"),
            ((0.25, 0.26, 0.1), "high bias"),
            ((0.22, 0.35, 0.2), "high variance"),
            ((0.22, 0.24, 0.1), "high bias"),
        ],
    )


def test_diagnose_measures_variance_from_the_training_error(student):
    """A dev error is judged by the training error, whatever the Bayes error is."""
    _verdicts(
        student,
        [
            ((0.4, 0.42), "high bias"),
            ((0.13, 0.22, 0.1), "high variance"),
            ((0.04, 0.08), "neither"),
            ((0.04, 0.08, 0.03), "neither"),
            ((0.4, 0.5), "high bias and high variance"),
            ((0.3, 0.45, 0.2), "high bias and high variance"),
        ],
    )


def test_diagnose_uses_five_points(student):
    """Gaps of four points are fine, gaps of six are not, however small or large the errors are."""
    _verdicts(
        student,
        [
            ((0.04, 0.04), "neither"),
            ((0.06, 0.06), "high bias"),
            ((0.5, 0.54, 0.46), "neither"),
            ((0.5, 0.56, 0.46), "high variance"),
            ((0.5, 0.54, 0.44), "high bias"),
            ((0.0, 0.04), "neither"),
            ((0.01, 0.07), "high variance"),
        ],
    )


def test_diagnose_lets_exactly_five_points_pass(student):
    """A gap of exactly five points is not high yet, one just above is."""
    _verdicts(
        student,
        [
            ((0.08, 0.08), "high bias"),
            ((0.01, 0.09), "high variance"),
            ((0.05, 0.05), "neither"),
            ((0.0, 0.05), "neither"),
            ((0.0501, 0.06), "high bias"),
            ((0.0, 0.0501), "high variance"),
        ],
    )


def test_diagnose_takes_gaps_the_lucky_way_for_fine(student):
    """A dev error below the training error is no variance, a training error below the Bayes error no bias."""
    _verdicts(
        student,
        [
            ((0.2, 0.1), "high bias"),
            ((0.01, 0.02, 0.12), "neither"),
            ((0.1, 0.02, 0.2), "neither"),
            ((0.1, 0.3, 0.2), "high variance"),
        ],
    )


# ---------------------------------------------------------------- l2_penalty


def test_l2_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the squares of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [shape]), lam, m)


def test_l2_penalty_adds_up_all_layers(student, rng):
    """Every array counts, also where their shapes differ, and where they are all the same."""
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng), 0.9, 11)
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(3, 3)] * 4), 1.7, 3)


def test_l2_penalty_counts_every_array_in_the_list(student, rng):
    """An array of one axis is a weight like any other: whoever calls leaves the biases out."""
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(6,), (2, 2)]), 1.3, 5)
    _penalty(student.l2_penalty, reference.l2_penalty, _weights(rng, [(5,)]), 1.3, 4)


def test_l2_penalty_does_not_depend_on_how_weights_are_grouped(student, rng):
    """The same weights in one matrix or in several cost the same: a sum, no mean and no root."""
    w = rng.normal(size=(4, 3))
    together, apart = student.l2_penalty([w.copy()], 0.8, 9), student.l2_penalty([w[:1].copy(), w[1:].copy()], 0.8, 9)
    assert_close(together, reference.l2_penalty([w], 0.8, 9), what="the penalty of a matrix")
    assert_close(apart, reference.l2_penalty([w], 0.8, 9), what="the penalty of the same matrix cut in two")


def test_l2_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without either weights or lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.l2_penalty, reference.l2_penalty, weights, lam, m)
    _penalty(student.l2_penalty, reference.l2_penalty, [np.zeros((2, 3)), rng.normal(size=4)], 2.0, 3)


def test_l2_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its square, whatever its sign and size."""
    weights = [-np.abs(w) for w in _weights(rng, scale=1e3)]
    _penalty(student.l2_penalty, reference.l2_penalty, weights, 0.6, 8)


def test_l2_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l2_penalty, reference.l2_penalty, rng, 0.9, 11)


# ---------------------------------------------------------------- l2_gradient


def test_l2_gradient_is_the_slope_of_the_penalty(student, rng):
    """The gradients meet central differences of the penalty."""
    weights = _weights(rng)
    slopes = _slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.sum(w * w)) for w in v), weights)
    assert_close(student.l2_gradient(_copied(weights), 0.9, 7), slopes, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l2_gradient_of_each_array(student, rng):
    """One gradient for each array, in its order and shape."""
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng), 2.5, 6)
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng, [(3, 3)] * 3), 0.4, 13)
    _gradients(student.l2_gradient, reference.l2_gradient, _weights(rng, [(5,)]), 1.9, 2)


def test_l2_gradient_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero for lam = 0."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _gradients(student.l2_gradient, reference.l2_gradient, weights, lam, m)


def test_l2_gradient_of_zero_tiny_and_large_weights(student, rng):
    """The pull is proportional to the weight, down to zero and up to a thousand."""
    w = rng.normal(size=(3, 4))
    for scale in (1e-4, 1e3):
        _gradients(student.l2_gradient, reference.l2_gradient, [scale * w, rng.normal(size=(4, 2))], 3.0, 4)
    _gradients(student.l2_gradient, reference.l2_gradient, [np.zeros((2, 2)), w], 3.0, 4)


def test_l2_gradient_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l2_gradient, reference.l2_gradient, rng, 0.9, 11)


# ---------------------------------------------------------------- weight_decay_step


def _decay(student, w, dw, *strength):
    got = student.weight_decay_step(w.copy(), dw.copy(), *strength)
    assert_close(got, reference.weight_decay_step(w, dw, *strength), what="the new weights")
    return got


def test_weight_decay_step_is_the_step_on_the_penalised_cost(student, rng):
    """The same as a step against the gradient of the loss plus that of the penalty."""
    w, dw = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = w - 0.3 * (dw + 2.0 / 5 * w)
    assert_close(student.weight_decay_step(w, dw, 0.3, 2.0, 5), expected, what="the new weights")


def test_weight_decay_step_for_many_strengths(student, rng):
    """Rate, lam and m each play their own part."""
    w, dw = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    for strength in [
        (0.1, 0.7, 10),
        (0.5, 0.7, 10),
        (0.1, 5.0, 10),
        (0.1, 0.7, 3),
        (2.0, 0.3, 1),
        (0.01, 40.0, 200),
        (2.0, 3.0, 4),
    ]:
        _decay(student, w, dw, *strength)


def test_weight_decay_step_without_gradient_only_shrinks(student, rng):
    """Where the loss does not pull, every weight is multiplied by 1 - lr * lam / m."""
    w = 10 * rng.normal(size=(3, 5))
    got = student.weight_decay_step(w.copy(), np.zeros((3, 5)), 0.2, 3.0, 4)
    assert_close(got, 0.85 * w, what="the shrunk weights")
    _decay(student, w, np.zeros((3, 5)), 0.05, 3.0, 12)


def test_weight_decay_step_without_lam_is_the_usual_step(student, rng):
    """With lam = 0 nothing decays."""
    w, dw = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    _decay(student, w, dw, 0.4, 1.5, 7)
    got = student.weight_decay_step(w.copy(), dw.copy(), 0.4, 0.0, 7)
    assert_close(got, w - 0.4 * dw, what="the new weights")


def test_weight_decay_step_of_any_shape(student, rng):
    """Vectors, single numbers and arrays of three axes decay as matrices do."""
    for shape in [(6,), (1,), (2, 3, 2), (), (150, 2)]:
        _decay(student, np.array(rng.normal(size=shape)), np.array(rng.normal(size=shape)), 0.3, 2.0, 9)


def test_weight_decay_step_five_times_in_a_row(student, rng):
    """Five steps with changing gradients, each from what the last one returned."""
    w = rng.normal(size=(3, 2))
    for _ in range(5):
        w = np.asarray(_decay(student, w, rng.normal(size=(3, 2)), 0.25, 3.0, 7))


def test_weight_decay_step_leaves_its_inputs_alone(student, rng):
    """Neither w nor dw changes."""
    w, dw = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    before = w.copy(), dw.copy()
    got = student.weight_decay_step(w, dw, 0.3, 2.0, 5)
    assert_unchanged(w, before[0], what="w")
    assert_unchanged(dw, before[1], what="dw")
    assert_close(got, reference.weight_decay_step(*before, 0.3, 2.0, 5), what="the new weights")


# ---------------------------------------------------------------- network_step


def _network(rng, shapes):
    return tuple({name: np.array(rng.normal(size=shape)) for name, shape in shapes.items()} for _ in range(2))


def _copied_by_name(arrays):
    return {name: value.copy() for name, value in arrays.items()}


TWO_LAYERS = {"W1": (4, 3), "b1": (3,), "W2": (3, 3), "b2": (3,)}


def _step(student, params, grads, lr, lam, m):
    """Compare a step with the rule, name by name."""
    expected = {
        name: value - lr * grads[name] - (lr * lam / m * value if name.startswith("W") else 0.0)
        for name, value in params.items()
    }
    got = student.network_step(_copied_by_name(params), _copied_by_name(grads), lr, lam, m)
    assert_close(got, expected, what="the new parameters")
    return got


def test_network_step_decays_weights_but_not_biases(student, rng):
    """Weights shrink besides stepping; biases take the usual step and nothing else."""
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 2.0, 5)
    _step(student, *_network(rng, TWO_LAYERS), 0.05, 30.0, 20)


def test_network_step_leaves_large_biases_where_they_are(student, rng):
    """Without gradient a bias of any size stays, while the weights decay."""
    params, _ = _network(rng, TWO_LAYERS)
    params["b1"], params["b2"] = 290 + params["b1"], -1e3 + params["b2"]
    _step(student, params, {name: np.zeros_like(value) for name, value in params.items()}, 0.5, 4.0, 10)


def test_network_step_decays_every_layer(student, rng):
    """All weights decay, in the first layer, in the last and between."""
    shapes = {"W1": (2, 5), "b1": (5,), "W2": (5, 5), "b2": (5,), "W3": (5, 4), "b3": (4,), "W10": (4, 1), "b10": (1,)}
    _step(student, *_network(rng, shapes), 0.2, 3.0, 8)


def test_network_step_goes_by_the_capital_w(student, rng):
    """gamma, beta and all other names do not decay, whatever their shape; names that begin with W do, vectors too."""
    shapes = {"gamma": (3,), "beta": (3,), "W_out": (4,), "b_out": (1, 3), "scale": (2, 2), "W": (2, 3), "W1": (3, 2)}
    _step(student, *_network(rng, shapes), 0.4, 1.5, 3)
    _step(
        student, *_network(rng, {"W1": (2, 3), "b_W": (3,), "scaleW": (2, 2), "width": (2,), "w": (3, 2)}), 0.4, 1.5, 3
    )


def test_network_step_goes_by_name(student, rng):
    """The gradients may come in another order than the parameters, also where all shapes are equal."""
    shapes = {"b2": (2, 2), "W1": (2, 2), "b1": (2, 2), "W2": (2, 2)}
    params, grads = _network(rng, shapes)
    _step(student, params, {name: grads[name] for name in sorted(grads)}, 0.6, 2.0, 7)


def test_network_step_without_lam_is_the_usual_step(student, rng):
    """With lam = 0 all parameters take the usual step."""
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 1.5, 5)
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 0.0, 5)


def test_network_step_five_times_in_a_row(student, rng):
    """Five steps with changing gradients, each from what the last one returned."""
    params, _ = _network(rng, TWO_LAYERS)
    for _ in range(5):
        _, grads = _network(rng, TWO_LAYERS)
        got = _step(student, params, grads, 0.2, 3.0, 6)
        params = {name: np.asarray(value) for name, value in got.items()}


def test_network_step_leaves_its_inputs_alone(student, rng):
    """Neither params nor grads, nor an array in them, changes."""
    params, grads = _network(rng, TWO_LAYERS)
    before = _copied_by_name(params), _copied_by_name(grads)
    got = student.network_step(params, grads, 0.3, 2.0, 5)
    assert_unchanged(params, before[0], what="params")
    assert_unchanged(grads, before[1], what="grads")
    for name, value in before[0].items():
        factor = 0.88 if name.startswith("W") else 1.0
        require(isinstance(got, dict) and name in got, "The result must be a dict with the names of params.")
        assert_close(got[name], factor * value - 0.3 * before[1][name], what=f"the new {name}")


# ---------------------------------------------------------------- l1_penalty


def test_l1_penalty_of_one_matrix(student, rng):
    """One matrix: lam/(2m) times the sum of the sizes of its entries."""
    for shape, lam, m in [((4, 3), 0.3, 7), ((5, 5), 2.0, 1), ((1, 6), 10.0, 1000)]:
        _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [shape]), lam, m)


def test_l1_penalty_adds_up_all_layers(student, rng):
    """Every array counts, also where their shapes differ, where they are all the same, and where they have one axis."""
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng), 0.9, 11)
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [(3, 3)] * 4), 1.7, 3)
    _penalty(student.l1_penalty, reference.l1_penalty, _weights(rng, [(6,), (2, 2)]), 1.3, 5)


def test_l1_penalty_does_not_depend_on_how_weights_are_grouped(student, rng):
    """The same weights in one matrix or in several cost the same: a sum, no mean and no largest column."""
    w = rng.normal(size=(4, 3))
    together, apart = student.l1_penalty([w.copy()], 0.8, 9), student.l1_penalty([w[:1].copy(), w[1:].copy()], 0.8, 9)
    assert_close(together, reference.l1_penalty([w], 0.8, 9), what="the penalty of a matrix")
    assert_close(apart, reference.l1_penalty([w], 0.8, 9), what="the penalty of the same matrix cut in two")


def test_l1_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without either weights or lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.l1_penalty, reference.l1_penalty, weights, lam, m)
    _penalty(student.l1_penalty, reference.l1_penalty, [np.zeros((2, 3)), rng.normal(size=4)], 2.0, 3)


def test_l1_penalty_of_large_and_negative_weights(student, rng):
    """A weight costs its size, whatever its sign: opposite weights do not cancel."""
    _penalty(student.l1_penalty, reference.l1_penalty, [-np.abs(w) for w in _weights(rng, scale=1e3)], 0.6, 8)
    w = rng.normal(size=(3, 3))
    _penalty(student.l1_penalty, reference.l1_penalty, [w, -w], 0.6, 8)


def test_l1_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l1_penalty, reference.l1_penalty, rng, 0.9, 11)


# ---------------------------------------------------------------- l1_gradient


def test_l1_gradient_is_the_slope_of_the_penalty(student, rng):
    """Away from zero the gradients meet central differences of the penalty."""
    weights = [w + np.copysign(0.1, w) for w in _weights(rng)]
    slopes = _slopes(lambda v: 0.9 / (2 * 7) * sum(float(np.abs(w).sum()) for w in v), weights)
    assert_close(student.l1_gradient(_copied(weights), 0.9, 7), slopes, rtol=1e-4, atol=1e-7, what="the gradients")


def test_l1_gradient_of_each_array(student, rng):
    """One gradient for each array, in its order and shape."""
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng), 2.5, 6)
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng, [(3, 3)] * 3), 0.4, 13)
    _gradients(student.l1_gradient, reference.l1_gradient, _weights(rng, [(5,)]), 1.9, 2)


def test_l1_gradient_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero for lam = 0."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _gradients(student.l1_gradient, reference.l1_gradient, weights, lam, m)


def test_l1_gradient_is_zero_at_zero(student, rng):
    """A weight of exactly zero is not pushed, while its neighbours are."""
    w = rng.normal(size=(4, 4))
    w[1], w[:, 2] = 0.0, 0.0
    _gradients(student.l1_gradient, reference.l1_gradient, [w, np.zeros(3), rng.normal(size=(2, 2))], 1.2, 5)


def test_l1_gradient_pulls_tiny_and_large_weights_alike(student, rng):
    """A weight of 1e-10 is pulled as hard as one of a thousand."""
    signs = np.sign(rng.normal(size=(3, 4)))
    _gradients(student.l1_gradient, reference.l1_gradient, [1e-10 * signs, 1e3 * signs.T, 0.5 * signs], 3.0, 4)


def test_l1_gradient_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.l1_gradient, reference.l1_gradient, rng, 0.9, 11)


# ---------------------------------------------------------------- elastic_net_penalty


def test_elastic_net_penalty_is_both_penalties(student, rng):
    """beta times the squares plus the sizes, times lam/(2m)."""
    for lam, beta, m in [(0.9, 0.3, 11), (2.0, 5.0, 4), (0.4, 0.7, 1)]:
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, _weights(rng), lam, beta, m)


def test_elastic_net_penalty_without_beta_is_l1(student, rng):
    """With beta = 0 only the sizes count."""
    weights = _weights(rng)
    _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 1.1, 3.0, 6)
    got = student.elastic_net_penalty(_copied(weights), 1.1, 0.0, 6)
    assert_close(got, reference.l1_penalty(weights, 1.1, 6), what="the penalty for beta = 0")


def test_elastic_net_penalty_with_beta_one_is_the_sum(student, rng):
    """With beta = 1 it is the L2 and the L1 penalty added up, neither at half weight."""
    weights = _weights(rng)
    _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 0.8, 0.6, 9)
    both = reference.l2_penalty(weights, 0.8, 9) + reference.l1_penalty(weights, 0.8, 9)
    assert_close(student.elastic_net_penalty(_copied(weights), 0.8, 1.0, 9), both, what="the penalty for beta = 1")


def test_elastic_net_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, lam, 1.7, m)


def test_elastic_net_penalty_of_negative_and_large_weights(student, rng):
    """The squares and the sizes of all arrays count, whatever the signs."""
    for scale in (1e-3, 1e3):
        weights = [-np.abs(w) for w in _weights(rng, scale=scale)]
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 0.6, 0.4, 8)


def test_elastic_net_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.elastic_net_penalty, reference.elastic_net_penalty, rng, 0.9, 0.3, 11)


# ---------------------------------------------------------------- early_stopping


def _stops(student, cases):
    for losses, patience, expected in cases:
        _compare_stop(student.early_stopping(np.array(losses, dtype=float), patience), expected)


def _compare_stop(got, expected):
    is_pair = isinstance(got, list | tuple | np.ndarray) and np.shape(got) == (2,)
    require(is_pair, "The result must be the pair (best_epoch, stop_epoch).")
    for name, value, right in zip(("best_epoch", "stop_epoch"), got, expected, strict=True):
        assert_close(value, right, rtol=0, what=name)


# Together these tell all known mistakes apart, so that a mistake in the type alone is not taken for one of them.
HISTORIES = [
    ([0.9, 0.5, 0.6, 0.7, 0.1], 2, (1, 3)),
    ([2.5, 2.5, 1.0], 3, (2, 2)),
    ([2.5, 2.0, 2.0, 3.0, 1.0], 2, (1, 3)),
    ([4.0, 5.0, 4.5, 4.25, 1.0], 3, (0, 3)),
    ([4.0, 3.0, 3.5, 2.0, 2.5, 1.0, 2.0], 2, (5, 6)),
    ([3.0, 2.0, 2.5], 5, (1, 2)),
    ([0.5, 0.4999, 0.6, 0.4998, 0.7], 2, (3, 4)),
]


def test_early_stopping_after_patience_runs_out(student):
    """Training stops at the last of `patience` epochs in a row without a new lowest loss."""
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 3.1, 3.3], 3, (2, 5)),
            ([1, 2, 3, 4], 1, (0, 1)),
            ([2, 1, 1.5, 1.2, 1.1], 2, (1, 3)),
            ([*np.linspace(5, 1, 150), 2, 3, 4, 0.5], 3, (149, 152)),
            ([9, 8, 7, 6, 7, 8, 9, 10, 11], 4, (3, 7)),
        ],
    )


def test_early_stopping_never_looks_past_the_stop(student):
    """A lower loss after the stop plays no part."""
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 3.1, 1], 3, (2, 5)),
            ([3, 4, 0, 0, 0], 1, (0, 1)),
            ([0.9, 0.8, 0.85, 0.9, 0.3, 0.2, 0.1, 0.0], 2, (1, 3)),
        ],
    )


def test_early_stopping_starts_counting_again(student):
    """A new lowest loss sets the count back to zero: bad epochs count in a row, not in all."""
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 2, 4, 4], 3, (5, 7)),
            ([9, 10, 8, 9, 7, 8, 6, 7, 8, 9], 2, (6, 8)),
            ([6, 7, 7, 5, 6, 6, 4, 5, 5, 5], 3, (6, 9)),
        ],
    )


def test_early_stopping_compares_with_the_best(student):
    """An epoch better than the one before it is no improvement while it is above the lowest loss."""
    _stops(
        student,
        [
            ([1, 3, 2.5, 2, 1.5, 1.2], 3, (0, 3)),
            ([4, 2, 5, 4.5, 4, 3.5, 3, 2.5], 4, (1, 5)),
            ([1.0, 1.2, 1.1, 1.3, 1.15], 3, (0, 3)),
        ],
    )


def test_early_stopping_takes_no_tie_for_an_improvement(student):
    """A loss equal to the lowest counts as an epoch without improvement, and the earliest one is the best."""
    _stops(
        student,
        [
            ([3, 3, 3, 3], 2, (0, 2)),
            ([5, 4, 4, 4, 4, 1], 3, (1, 4)),
            ([2, 1, 3, 1, 0.5], 2, (1, 3)),
            ([2, 1, 1], 4, (1, 2)),
        ],
    )


def test_early_stopping_takes_any_improvement(student):
    """However little a loss is below the lowest, it is an improvement; however high the losses are, too."""
    _stops(
        student,
        [
            ([0.5, 0.50002, 0.49999, 0.50001, 0.49998, 0.6, 0.7], 2, (4, 6)),
            ([700, 600, 650, 599.99, 599.98, 640, 650, 660], 3, (4, 7)),
            ([5e-10, 4e-10, 3e-10, 2e-10, 6e-10, 7e-10], 2, (3, 5)),
            ([0.5, 0.5 - 1e-9, 0.5 - 2e-9, 0.5 - 3e-9, 0.7], 2, (3, 4)),
        ],
    )


def test_early_stopping_at_the_end_of_training(student):
    """If patience never runs out, the last epoch is where training ended."""
    _stops(
        student,
        [
            ([4, 3, 2, 1], 1, (3, 3)),
            ([4, 3, 2, 2.5, 2.2], 5, (2, 4)),
            ([0.7], 1, (0, 0)),
            ([0.7], 9, (0, 0)),
            ([5, 6, 4, 6], 2, (2, 3)),
            ([3, 2, 5, 6, 7], 3, (1, 4)),
        ],
    )


def test_early_stopping_takes_lists(student):
    """A list of losses gives what an array gives."""
    results = [student.early_stopping(list(losses), patience) for losses, patience, _ in HISTORIES]
    for got, (_, _, expected) in zip(results, HISTORIES, strict=True):
        _compare_stop(got, expected)


def test_early_stopping_leaves_the_losses_alone(student):
    """A list or an array of losses stays as it came."""
    results = []
    for losses, patience, _ in HISTORIES:
        for given in (list(losses), np.array(losses)):
            before = given.copy()
            results.append(student.early_stopping(given, patience))
            assert_unchanged(given, before, what="dev_losses")
    for number, got in enumerate(results):
        _compare_stop(got, HISTORIES[number // 2][2])


def test_early_stopping_gives_ints(student):
    """Both epochs are ints, with which a list can be indexed."""
    results = [student.early_stopping(np.array(losses), patience) for losses, patience, _ in HISTORIES]
    for got, (_, _, expected) in zip(results, HISTORIES, strict=True):
        _compare_stop(got, expected)
        whole = [isinstance(v, int | np.integer) and not isinstance(v, bool | np.bool_) for v in got]
        require(all(whole), "best_epoch and stop_epoch must be ints.")


def test_early_stopping_of_many_histories(student, rng):
    """Best and stopping epoch are right for forty histories with falls, rises and ties."""
    for _ in range(40):
        losses = np.round(rng.integers(3, 9) - np.cumsum(rng.normal(0.1, 0.6, size=rng.integers(2, 15))), 0) + 0.5
        patience = int(rng.integers(1, 5))
        _compare_stop(student.early_stopping(losses.copy(), patience), reference.early_stopping(losses, patience))
