"""Hidden tests of 08-learning-rates-and-clipping.

Schedules are compared at single epochs, with whole numbers and fractions, out of order and where counting begins.
Gradients come in shapes of one to three axes, square ones among them, of norms above and below 1 on both sides of
the threshold, so that a squared norm, a row's own norm or a norm of another kind cannot pass for the right one.
Nothing here is left to chance: the generator only fills arrays.
A test makes all its calls before it compares the first, so that a diagnosis has them all to go by.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs; results are
compared at their own scale, so that tiny ones count as well.
"""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, weight
from nnlib.checks import assert_close, assert_unchanged, require

# ---------------------------------------------------------------- has_exploded


def _exploded(student, cases):
    verdicts = [student.has_exploded(costs.copy(), *factor) for costs, _, *factor in cases]
    for (costs, expected, *_), got in zip(cases, verdicts, strict=True):
        word = "has exploded" if expected else "has not exploded"
        assert_close(got, expected, what=f"the verdict on a history of {len(costs)} costs that {word}")


@easy
def test_has_exploded_sees_a_jump(student):
    """More than three times the first cost is an explosion, wherever it comes."""
    _exploded(
        student,
        [
            ([1.0, 3.5], True),
            ([0.8, 0.7, 9.0, 0.6], True),
            ([2.3, 2.2, 2.1, 2.0, 7.5], True),
            ([0.5, 1.6, 0.4], True),
            ([40.0, 100.0, 130.0, 50.0], True),
            ([1.0] * 150 + [3.5] + [1.0] * 49, True),
        ],
    )


@easy
def test_has_exploded_lets_ordinary_runs_go_on(student):
    """Falling, jittering and badly begun runs that stay within three times the first cost have not exploded."""
    _exploded(
        student,
        [
            ([2.3, 1.1, 0.4, 0.2], False),
            ([1.0, 2.9, 0.1, 2.8, 1.2], False),
            ([4.0, 0.1, 3.9, 0.05, 11.0], False),
            ([50.0, 120.0, 3.0], False),
            ([0.7], False),
            ([1.0, *[2.9] * 199], False),
        ],
    )


def test_has_exploded_at_exactly_the_factor(student):
    """Exactly three times the first cost is not more than three times."""
    _exploded(
        student,
        [
            ([1.5, 4.5, 1.0], False),
            ([4.0, 12.0], False),
            ([1.5, 4.5, 4.5001], True),
            ([2.0, 5.0], False, 2.5),
            ([2.0, 5.01], True, 2.5),
        ],
    )


def test_has_exploded_compares_with_the_first_cost(student):
    """Neither the cost before nor the lowest or the mean is what counts, however small the costs are."""
    _exploded(
        student,
        [
            ([1.0, 2.0, 2.9, 4.0], True),
            ([5.0, 0.2, 4.0, 0.3, 6.0], False),
            ([1.0, 2.5, 2.8, 2.9, 3.2, 2.7], True),
            ([6.0, 1.0, 1.0, 1.0, 17.0], False),
            ([2e-10, 5e-10, 1e-10], False),
            ([2e-10, 7e-10, 1e-10], True),
        ],
    )


def test_has_exploded_takes_another_factor(student):
    """The factor can be chosen, by place and by name."""
    by_name = [student.has_exploded([1.0, 1.6], factor=1.5), student.has_exploded([1.0, 3.5], factor=10.0)]
    costs = [2.0, 3.0, 9.0, 1.0]
    _exploded(student, [(costs, True, 1.2), (costs, True, 4.0), (costs, False, 5.0)])
    assert_close(by_name[0], True, what="the verdict with factor=1.5")
    assert_close(by_name[1], False, what="the verdict with factor=10")


@easy
def test_has_exploded_sees_nan(student):
    """A nan is an explosion, in the middle of the run and at its end."""
    nan = math.nan
    _exploded(student, [([2.0, 1.5, nan, 1.0], True), ([2.0, 1.0, nan], True), ([2.0, 1.0, nan, nan, nan], True)])


@easy
def test_has_exploded_sees_infinity(student):
    """An infinite cost is an explosion, in the middle of the run and at its end, of either sign."""
    inf = math.inf
    _exploded(student, [([3.0, inf, 1.5], True), ([2.0, 1.0, inf], True), ([2.0, -inf, 1.0], True)])


@easy
def test_has_exploded_looks_at_the_first_cost_too(student):
    """A run that begins with nan or infinity is lost, though nothing is larger than three times that."""
    nan, inf = math.nan, math.inf
    _exploded(student, [([nan, 1.0, 0.5], True), ([inf, 2.0, 1.0], True), ([nan, nan], True)])


def test_has_exploded_with_a_single_cost(student):
    """One cost is enough to tell whether it is finite."""
    _exploded(student, [([0.25], False), ([math.nan], True), ([math.inf], True)])


def test_has_exploded_with_no_costs(student):
    """Before the first cost nothing has exploded, and after a first one that is finite neither."""
    _exploded(student, [([], False), ([3.0], False), ([3.0, 9.5], True)])


def test_has_exploded_takes_arrays_and_whole_numbers(student):
    """An array of costs and costs that are ints work as a list of floats does."""
    _exploded(
        student,
        [
            (np.array([1.2, 0.9, 4.0, 1.0]), True),
            (np.array([1.2, 0.9, 3.5, 1.0]), False),
            (np.array([2, 5, 6]), False),
            ([2, 5, 7], True),
            (np.array([0.5, np.nan]), True),
        ],
    )


@easy
def test_has_exploded_leaves_the_costs_alone(student):
    """A list or an array of costs stays as it came."""
    verdicts = []
    for costs in ([0.9, 1.5, 4.0, 1.0], np.array([1.2, 0.9, math.inf, 1.0])):
        before = costs.copy()
        verdicts.append(student.has_exploded(costs))
        assert_unchanged(costs, before, what="costs")
    for got in verdicts:
        assert_close(got, True, what="the verdict on a history that has exploded")


# ---------------------------------------------------------------- schedules


def _rates(student, name, cases):
    """Compare a schedule with the reference on tuples of arguments, in the order given."""
    rates = [getattr(student, name)(*arguments) for arguments in cases]
    for got, arguments in zip(rates, cases, strict=True):
        expected = getattr(reference, name)(*arguments)
        assert_close(got, expected, rtol=1e-6, atol=0.0, what=f"the rate of {name}")


def test_inverse_time_decay_of_several_epochs(student):
    """The starting rate is divided by 1 + rate * epoch."""
    _rates(student, "inverse_time_decay", [(0.3, 1, 0.5), (0.3, 2, 0.5), (0.3, 7, 0.5), (0.05, 40, 0.1), (1.5, 3, 2.0)])


@easy
def test_inverse_time_decay_starts_with_the_full_rate(student):
    """At epoch 0 the rate is lr0 itself."""
    _rates(student, "inverse_time_decay", [(0.3, 0, 0.5), (0.02, 0, 4.0)])


def test_inverse_time_decay_of_whole_numbers(student):
    """Whole numbers are divided without cutting off the fraction."""
    _rates(student, "inverse_time_decay", [(1, 3, 1), (2, 2, 3), (1, 1, 2), (3, 1, 1)])


def test_inverse_time_decay_between_epochs(student):
    """A fraction of an epoch counts as a fraction."""
    _rates(student, "inverse_time_decay", [(0.4, 2.5, 0.8), (0.4, 0.25, 1.0), (0.4, 2.75, 0.8)])


def test_inverse_time_decay_without_decay(student):
    """With a rate of 0 it stays lr0, and with a small one it has hardly fallen."""
    _rates(student, "inverse_time_decay", [(0.3, 9, 0.0), (0.3, 9, 0.01), (0.7, 100, 0)])


def test_inverse_time_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    _rates(student, "inverse_time_decay", [(0.6, e, 0.3) for e in (5, 1, 8, 1, 0, 5)])


def test_exponential_decay_of_several_epochs(student):
    """The starting rate is multiplied by the base once an epoch."""
    _rates(student, "exponential_decay", [(0.3, 1, 0.9), (0.3, 2, 0.9), (0.3, 6, 0.9), (0.05, 20, 0.7), (2.0, 3, 0.6)])


@easy
def test_exponential_decay_starts_with_the_full_rate(student):
    """At epoch 0 the rate is lr0 itself."""
    _rates(student, "exponential_decay", [(0.3, 0, 0.9), (0.02, 0, 0.5)])


def test_exponential_decay_with_other_bases(student):
    """The base is the one that is passed, 1 included, which leaves the rate as it is."""
    _rates(student, "exponential_decay", [(0.4, 5, 0.99), (0.4, 5, 0.5), (0.4, 5, 0.1), (0.4, 5, 1.0), (3, 4, 1)])


def test_exponential_decay_between_epochs(student):
    """A fraction of an epoch counts as a fraction."""
    _rates(student, "exponential_decay", [(0.4, 2.5, 0.8), (0.4, 0.5, 0.81), (0.4, 1.75, 0.8)])


def test_exponential_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    _rates(student, "exponential_decay", [(0.6, e, 0.85) for e in (4, 1, 9, 1, 0, 4)])


def test_sqrt_decay_of_several_epochs(student):
    """The starting rate times k is divided by the root of the epoch."""
    _rates(student, "sqrt_decay", [(0.3, 4, 1.0), (0.3, 2, 1.0), (0.3, 7, 0.5), (0.05, 50, 2.0), (1.5, 3, 0.8)])


def test_sqrt_decay_counts_from_one(student):
    """At epoch 1 the rate is k * lr0, for a k below, at and above 1."""
    _rates(student, "sqrt_decay", [(0.3, 1, 1.0), (0.3, 1, 0.5), (0.3, 1, 3.0)])


def test_sqrt_decay_with_a_large_k(student):
    """A k above 1 is a factor like any other: the rate may be above lr0 at first."""
    _rates(student, "sqrt_decay", [(0.2, 2, 4.0), (0.2, 9, 4.0), (0.2, 100, 4.0)])


def test_sqrt_decay_of_whole_numbers_and_fractions(student):
    """Neither whole numbers nor epochs between two whole ones are rounded."""
    _rates(student, "sqrt_decay", [(1, 9, 1), (2, 8, 1), (1, 3, 2), (0.4, 2.25, 1.0), (0.4, 1.5, 0.7)])


def test_sqrt_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    _rates(student, "sqrt_decay", [(0.6, e, 0.9) for e in (5, 2, 8, 2, 1, 5)])


def test_staircase_decay_holds_and_drops(student):
    """The rate holds for `every` epochs and then drops at once."""
    _rates(student, "staircase_decay", [(0.9, e, 0.3, 4) for e in range(13)])


def test_staircase_decay_drops_again_and_again(student):
    """Every further `every` epochs it drops once more."""
    _rates(student, "staircase_decay", [(0.5, e, 0.1, 10) for e in (0, 9, 10, 11, 19, 20, 39, 40)])


def test_staircase_decay_at_every_epoch(student):
    """With every = 1 it drops at each epoch."""
    _rates(student, "staircase_decay", [(0.7, e, 0.8, 1) for e in (0, 1, 2, 5)])


@easy
def test_staircase_decay_before_the_first_drop(student):
    """As long as fewer than `every` epochs are done nothing changes, from epoch 0 on."""
    _rates(student, "staircase_decay", [(0.25, e, 0.5, 6) for e in (0, 1, 5)])


def test_staircase_decay_with_other_drops(student):
    """The rate is multiplied by drop, also where that is close to 1, or 1, or the rate is a whole number."""
    _rates(student, "staircase_decay", [(0.4, 7, 0.9, 3), (0.4, 7, 1, 3), (2, 7, 0.25, 2), (1, 6, 0.75, 5)])


def test_staircase_decay_remembers_nothing(student):
    """Epochs in any order, and the same one twice, give what the formula says."""
    _rates(student, "staircase_decay", [(0.6, e, 0.4, 3) for e in (7, 1, 12, 1, 0, 6)])


def test_cosine_restarts_over_a_period(student):
    """Within a period the rate follows half a cosine."""
    _rates(student, "cosine_restarts", [(0.9, 0.1, s, 8) for s in range(8)])


def test_cosine_restarts_jumps_back(student):
    """After each period of the same length it starts again at the top."""
    _rates(student, "cosine_restarts", [(0.4, 0.05, s, 5) for s in (4, 5, 6, 9, 10, 14, 15, 23, 50)])


@easy
def test_cosine_restarts_begins_at_the_top(student):
    """At step 0 the rate is lr_max."""
    _rates(student, "cosine_restarts", [(0.4, 0.05, 0, 5), (0.02, 0.001, 0, 100)])


def test_cosine_restarts_down_to_zero(student):
    """With a lowest rate of 0 too, from whole numbers and with a period of whole thousands."""
    _rates(student, "cosine_restarts", [(1, 0, 3, 7), (1, 0, 9, 7), (2, 0, 750, 1000), (2, 1, 1250, 1000)])


def test_cosine_restarts_with_short_periods(student):
    """A period of 1 stays at the top, and one of 2 takes turns between the top and half-way."""
    _rates(student, "cosine_restarts", [(0.6, 0.2, s, period) for period in (1, 2) for s in range(4)])


def test_cosine_restarts_with_nothing_between(student):
    """Where both rates are the same it is constant; where they are close it stays between them."""
    steps = [(0.3, s) for s in (0, 2, 7)] + [(0.29, s) for s in (1, 3, 11)]
    _rates(student, "cosine_restarts", [(0.3, low, s, 6) for low, s in steps])


def test_cosine_restarts_remembers_nothing(student):
    """Steps in any order, and the same one twice, give what the formula says."""
    _rates(student, "cosine_restarts", [(0.7, 0.1, s, 6) for s in (8, 1, 15, 1, 0, 8)])


# ---------------------------------------------------------------- clip_by_value


def _by_value(student, *cases):
    results = [student.clip_by_value(g.copy(), low, high) for g, low, high in cases]
    for (g, low, high), got in zip(cases, results, strict=True):
        assert_close(got, np.clip(g.astype(float), low, high), atol=0.0, what="the clipped gradient")


def test_clip_by_value_limits_every_entry(student, rng):
    """Entries beyond a limit become the limit, the others stay, in any shape."""
    shapes = [(7,), (4, 4), (3, 5), (2, 3, 4), (200,)]
    _by_value(student, *((3 * rng.normal(size=shape), -1.5, 1.5) for shape in shapes))


def test_clip_by_value_with_other_limits_on_each_side(student, rng):
    """low and high are limits of their own."""
    limits = [(-0.5, 2.0), (-3.0, 0.25), (0.5, 1.0), (-2.0, -1.0), (0.0, 1.0)]
    _by_value(student, *((4 * rng.normal(size=(5, 5)), low, high) for low, high in limits))


def test_clip_by_value_leaves_what_is_between(student, rng):
    """What lies within the limits is returned as it is, tiny entries, zeros and the limits themselves included."""
    _by_value(
        student,
        (rng.uniform(-1, 1, size=(4, 3)), -1.0, 1.0),
        (np.array([0.0, 1e-9, -1e-9, 0.5, -2.0, 3.0]), -2.0, 3.0),
        (np.zeros((2, 2)), -0.1, 0.1),
        (np.array([3e-10, -2e-10, 9e-10, -7e-10]), -5e-10, 5e-10),
    )


def test_clip_by_value_cuts_one_side_only(student):
    """Where entries lie beyond one limit only, the others stay."""
    _by_value(
        student,
        (np.array([9.0, 0.5, -0.5, 8.0]), -1.0, 1.0),
        (np.array([-9.0, 0.5, -0.5, -8.0]), -1.0, 1.0),
    )


def test_clip_by_value_with_huge_entries(student):
    """Huge and infinite entries become the limits."""
    _by_value(student, (np.array([1e30, -1e30, 0.25, np.inf, -np.inf]), -5.0, 4.0))


def test_clip_by_value_of_whole_numbers(student):
    """An array of ints is clipped to limits with fractions."""
    _by_value(
        student,
        (np.array([[7, -7], [2, -1]]), -2.5, 3.5),
        (np.array([4, 0, -3]), -0.5, 0.5),
    )


def test_clip_by_value_keeps_nan_in_sight(student):
    """A nan stays nan, and its neighbours are clipped as always."""
    _by_value(student, (np.array([0.5, np.nan, -7.0, 6.0]), -1.0, 1.0))


def test_clip_by_value_of_single_precision(student, rng):
    """float32 gradients are clipped too."""
    g = 3 * rng.normal(size=(4, 6))
    _by_value(student, (g.astype(np.float32), -1.25, 0.75))


def test_clip_by_value_leaves_its_input_alone(student):
    """The result is a new array, and g stays as it came."""
    g = np.array([[7.0, -0.5], [-6.0, 2.0]])
    before = g.copy()
    got = student.clip_by_value(g, -1.5, 3.0)
    assert_unchanged(g, before, what="g")
    assert_close(got, np.clip(before, -1.5, 3.0), what="the clipped gradient")


# ---------------------------------------------------------------- clip_by_norm


def _norm(*arrays):
    return math.sqrt(sum(float(np.sum(np.square(np.asarray(g, dtype=float)))) for g in arrays))


def _near(got, expected, size, what):
    """Compare at the scale of the result's norm."""
    assert_close(got, expected, atol=1e-8 * size, what=what)


def _by_norm(student, *cases):
    results = [student.clip_by_norm(g.copy(), threshold) for g, threshold in cases]
    for (g, threshold), got in zip(cases, results, strict=True):
        factor = threshold / max(_norm(g), threshold)
        _near(got, factor * g.astype(float), min(_norm(g), threshold), "the clipped gradient")


def _of_norm(rng, shape, norm):
    g = rng.normal(size=shape)
    return g * (norm / _norm(g))


@weight(2)
def test_clip_by_norm_shortens_to_the_threshold(student, rng):
    """A gradient that is too long keeps its direction and gets the threshold's length, in any shape."""
    shapes, pairs = [(6,), (4, 4), (3, 5), (50, 4), (2, 3, 4)], [(20.0, 2.5), (8.0, 7.5), (300.0, 0.5)]
    _by_norm(student, *((_of_norm(rng, shape, norm), threshold) for shape in shapes for norm, threshold in pairs))


@easy
def test_clip_by_norm_leaves_short_gradients(student, rng):
    """Below the threshold nothing changes, whether the norm is above or below 1."""
    shapes, pairs = [(6,), (4, 4), (2, 3, 4)], [(3.0, 4.0), (3.0, 100.0), (0.2, 0.5), (1e-6, 1.0), (9.0, 9.1)]
    _by_norm(student, *((_of_norm(rng, shape, norm), threshold) for shape in shapes for norm, threshold in pairs))


def test_clip_by_norm_is_about_the_norm_and_not_its_square(student, rng):
    """The threshold is compared with the root of the sum of squares, also where the square is on its other side."""
    pairs = [(3.0, 5.0), (1.5, 2.0), (0.8, 0.7), (0.5, 0.3)]
    _by_norm(student, *((_of_norm(rng, (3, 3), norm), threshold) for norm, threshold in pairs))


def test_clip_by_norm_at_exactly_the_threshold(student):
    """A norm that equals the threshold changes nothing; slightly above, it is scaled."""
    _by_norm(
        student,
        (np.array([6.0, -8.0]), 10.0),
        (np.array([[2.0, -1.0], [2.0, 4.0]]), 5.0),
        (np.array([6.0, -8.0]), 9.9),
    )


def test_clip_by_norm_of_zeros(student):
    """A gradient of zeros stays zeros; there is no 0/0."""
    _by_norm(
        student,
        (np.zeros(4), 1.0),
        (np.zeros((2, 3)), 0.01),
        (np.array([5.0, 0.0, 0.0]), 2.0),
    )


def test_clip_by_norm_of_tiny_gradients(student, rng):
    """Norms of 1e-9 and less are norms like any other, above the threshold and below it."""
    pairs = [(2e-9, 5e-10), (3e-10, 1e-10), (2e-10, 1.0)]
    _by_norm(student, *((_of_norm(rng, (3, 3), norm), threshold) for norm, threshold in pairs))


def test_clip_by_norm_takes_one_norm_of_the_whole(student):
    """Rows, columns and single entries have no norm of their own here."""
    _by_norm(
        student,
        (np.array([[30.0, 40.0], [0.3, 0.4]]), 5.0),
        (np.array([[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 3.0]]), 4.0),
        (np.ones((4, 4)), 3.0),
    )


def test_clip_by_norm_of_one_long_entry(student):
    """All entries shrink by the same factor, small ones too, and signs stay."""
    _by_norm(
        student,
        (np.array([100.0, -1.0, 0.5, 0.0]), 10.0),
        (np.array([-100.0, 1.0, -0.5, 2.0]), 10.0),
    )


def test_clip_by_norm_of_whole_numbers(student):
    """An array of ints is scaled without cutting off fractions."""
    _by_norm(
        student,
        (np.array([30, -40]), 5.5),
        (np.array([[1, 2], [2, -4]]), 2.0),
        (np.array([3, 4]), 7),
    )


def test_clip_by_norm_keeps_faults_in_sight(student):
    """A gradient that holds nan or infinity does not come back as a healthy one."""
    bad = [np.array([1.0, np.nan, 2.0]), np.array([[np.inf, 1.0], [2.0, 3.0]]), np.array([-np.inf, 0.0])]
    results = [student.clip_by_norm(g.copy(), 1.0) for g in bad]
    for g, got in zip(bad, results, strict=True):
        require(np.shape(got) == g.shape, "The result must have the shape of g.")
        require(not np.isfinite(got).all(), "A nan or infinity in g has vanished: the fault must stay visible.")
    _by_norm(student, (np.array([6.0, 8.0]), 5.0))


def test_clip_by_norm_of_single_precision(student, rng):
    """float32 gradients are clipped too."""
    _by_norm(student, (_of_norm(rng, (5, 5), 12.0).astype(np.float32), 3.0))


def test_clip_by_norm_leaves_its_input_alone(student):
    """The result is a new array, and g stays as it came."""
    g = np.array([[6.0, 0.0], [0.0, -8.0]])
    before = g.copy()
    got = student.clip_by_norm(g, 2.0)
    assert_unchanged(g, before, what="g")
    assert_close(got, 0.2 * before, what="the clipped gradient")


# ---------------------------------------------------------------- clip_by_global_norm


def _copied(grads):
    if isinstance(grads, dict):
        return {name: g.copy() for name, g in grads.items()}
    return type(grads)(g.copy() for g in grads)


def _values(grads):
    return list(grads.values()) if isinstance(grads, dict) else list(grads)


def _by_global_norm(student, *cases):
    results = [student.clip_by_global_norm(_copied(grads), threshold) for grads, threshold in cases]
    for (grads, threshold), got in zip(cases, results, strict=True):
        norm = _norm(*_values(grads))
        scaled = [threshold / max(norm, threshold) * g.astype(float) for g in _values(grads)]
        expected = dict(zip(grads, scaled, strict=True)) if isinstance(grads, dict) else scaled
        _near(got, expected, min(norm, threshold), "the clipped gradients")


def _network(rng, norms, shapes=((40, 3), (3,), (3, 3), (2, 2, 2))):
    return [_of_norm(rng, shape, norm) for shape, norm in zip(shapes, norms, strict=False)]


@weight(2)
def test_clip_by_global_norm_scales_all_by_one_factor(student, rng):
    """Every array shrinks by the same factor, so that all together get the threshold's length."""
    pairs = [((9.0, 2.0, 6.0, 1.0), 5.5), ((100.0, 30.0, 20.0, 7.0), 1.0), ((2.0, 2.0, 2.0, 2.0), 3.9)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


@weight(2)
def test_clip_by_global_norm_shrinks_short_arrays_too(student, rng):
    """An array whose own norm is below the threshold is scaled with the others."""
    _by_global_norm(
        student,
        (_network(rng, (50.0, 0.1, 0.5)), 2.0),
        (_network(rng, (0.01, 8.0)), 4.0),
    )


@weight(2)
def test_clip_by_global_norm_of_many_short_arrays(student, rng):
    """Arrays that are all shorter than the threshold are too long together, and are scaled."""
    _by_global_norm(
        student,
        (_network(rng, (3.0, 3.0, 3.0, 3.0)), 4.0),
        (_network(rng, (0.4, 0.3)), 0.45),
    )


@easy
def test_clip_by_global_norm_leaves_short_gradients(student, rng):
    """Up to the threshold nothing changes, though the sum of the norms or of the squares is above it."""
    pairs = [((3.0, 4.0), 6.0), ((2.0, 3.0, 1.0, 2.0), 5.0), ((0.1, 0.2), 1.0), ((0.5, 0.5), 0.8)]
    cases = [(_network(rng, norms), threshold) for norms, threshold in pairs]
    _by_global_norm(student, *cases, ([np.array([2.0, -1.0]), np.array([[2.0], [4.0]])], 5.0))


def test_clip_by_global_norm_takes_the_root_of_the_sum_of_squares(student, rng):
    """The global norm is neither a sum, a mean nor a maximum of the norms, and not squared, also below 1."""
    pairs = [((0.6, 0.5, 0.2, 0.1), 0.7), ((0.3, 0.4), 0.2), ((12.0, 5.0), 12.5)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


def test_clip_by_global_norm_of_a_dict(student, rng):
    """Gradients by name come back by name, scaled or not."""
    cases = []
    for threshold in (0.5, 50.0):
        w1, b1, w2, b2 = _network(rng, (6.0, 0.3, 2.0, 0.7))
        cases.append(({"W2": w2, "b2": b2, "W1": w1, "b1": b1}, threshold))
    _by_global_norm(student, *cases, ({"gamma": np.array([3.0, -4.0])}, 1.0))


def test_clip_by_global_norm_of_lists_and_tuples(student, rng):
    """A list and a tuple come back in their order, also with one array in them."""
    _by_global_norm(
        student,
        (tuple(_network(rng, (6.0, 0.3, 2.0))), 1.5),
        ([np.array([[6.0, -8.0]])], 2.0),
        ((np.array([6.0, -8.0]),), 20.0),
    )


def test_clip_by_global_norm_of_arrays_of_one_shape(student, rng):
    """Arrays that look alike are not taken for rows of one."""
    alike = _network(rng, (1.0, 7.0, 2.0), ((3,),) * 3)
    square = _network(rng, (9.0, 1.0, 4.0), ((3, 3),) * 3)
    _by_global_norm(student, (square, 2.0), (dict(zip("abc", alike, strict=True)), 2.0))


def test_clip_by_global_norm_of_zeros(student):
    """Zeros stay zeros, everywhere or in one array only; there is no 0/0."""
    _by_global_norm(
        student,
        ([np.zeros((2, 2)), np.zeros(3)], 1.0),
        ({"W": np.zeros((2, 2)), "b": np.array([3.0, 4.0])}, 1.0),
    )


def test_clip_by_global_norm_of_tiny_gradients(student, rng):
    """Norms of 1e-9 and less are norms like any other, above the threshold and below it."""
    pairs = [((3e-9, 1e-9), 2e-9), ((2e-10, 1e-10), 1e-10), ((2e-10, 1e-10), 1.0)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


def test_clip_by_global_norm_of_whole_numbers(student):
    """Arrays of ints are scaled without cutting off fractions."""
    _by_global_norm(
        student,
        ([np.array([3, -4]), np.array([[12]])], 6.0),
        ({"W": np.array([[3, 4]]), "b": np.array([1.5])}, 2),
    )


def test_clip_by_global_norm_keeps_faults_in_sight(student):
    """Gradients that hold nan or infinity do not come back as healthy ones."""
    bad = [{"W": np.array([[1.0, fault]]), "b": np.array([2.0])} for fault in (np.nan, np.inf)]
    results = [student.clip_by_global_norm(_copied(grads), 1.0) for grads in bad]
    for got in results:
        require(isinstance(got, dict) and set(got) == {"W", "b"}, "A dict must come back with the same names.")
        healthy = all(np.isfinite(g).all() for g in got.values())
        require(not healthy, "A nan or infinity in grads has vanished: the fault must stay visible.")
    _by_global_norm(student, ({"W": np.array([[6.0, 0.0]]), "b": np.array([8.0])}, 5.0))


def test_clip_by_global_norm_of_single_precision(student, rng):
    """float32 gradients are clipped too, beside float64 ones."""
    w, b, v = _network(rng, (6.0, 2.0, 3.0))
    _by_global_norm(student, ([w.astype(np.float32), b.astype(np.float32), v], 3.5))


def test_clip_by_global_norm_leaves_its_inputs_alone(student):
    """Neither the dict or list nor an array in it changes."""
    cases = [{"W": np.array([[6.0, 0.0]]), "b": np.array([8.0])}, [np.array([6.0, 0.0]), np.array([[-8.0]])]]
    before, results = [_copied(grads) for grads in cases], []
    for grads, was in zip(cases, before, strict=True):
        results.append(student.clip_by_global_norm(grads, 5.0))
        assert_unchanged(grads, was, what="grads")
    for was, got in zip(before, results, strict=True):
        expected = {name: 0.5 * g for name, g in was.items()} if isinstance(was, dict) else [0.5 * g for g in was]
        assert_close(got, expected, what="the clipped gradients")
