"""dropout_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import in_place, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _back_test, _both_modes, _input, _kept, _out, _pair, _share


def _factor(student, x, keep_prob, rng):
    """Run the student's forward; returns by what each entry was multiplied, and the cache."""
    result = student.dropout_forward(x.copy(), keep_prob, rng)
    out = _out(result, x, "dropout_forward")
    require(bool(out.any()), "dropout_forward kept no unit at all.")  # once in 1e13 calls of a right one
    return np.where(out != 0, 1 / keep_prob, 0.0), result[1]


def test_dropout_backward_uses_the_mask_of_forward(student, rng):
    """Where forward dropped, the gradient is 0; where it kept, it is dout / keep_prob."""
    _both_modes(student, rng)
    for keep_prob, shape in ((0.3, (170, 9)), (0.8, (9, 12)), (0.6, (10, 10))):
        factor, cache = _factor(student, _input(rng, *shape), keep_prob, rng)
        dout = _input(rng, *shape)
        assert_close(_back_test(student, dout, cache), dout * factor, what="dx")


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
            assert_close(_back_test(student, dout, cache), dout * np.array(pattern) / keep_prob, what="dx")


def test_dropout_backward_takes_any_shape(student, rng):
    """Vectors, one example and images have their gradient too."""
    _both_modes(student, rng)
    for shape in ((30,), (1, 25), (25, 1), (3, 4, 5)):
        factor, cache = _factor(student, _input(rng, *shape), 0.7, rng)
        dout = _input(rng, *shape)
        assert_close(_back_test(student, dout, cache), dout * factor, what="dx")


def test_dropout_backward_belongs_to_its_own_call(student, rng):
    """Each gradient goes through the mask of the call whose cache it is given, in whatever order."""
    _both_modes(student, rng)
    first, first_cache = _factor(student, _input(rng, 8, 6), 0.4, rng)
    second, second_cache = _factor(student, _input(rng, 8, 6), 0.8, rng)
    dout = _input(rng, 8, 6)
    dx = _back_test(student, dout, first_cache)
    latest = isinstance(dx, np.ndarray) and dx.shape == dout.shape and np.allclose(dx, dout * second)
    require(not latest, "The mask of the latest forward call was used, not that of the call whose cache was given.")
    assert_close(dx, dout * first, what="dx of the first call")
    assert_close(_back_test(student, dout, second_cache), dout * second, what="dx of the second call")


def test_dropout_backward_where_the_input_was_zero(student, rng):
    """A unit whose value happens to be 0 was kept or dropped like any other.

    A right answer fails less than once in 1e8 gradings (Bernstein's bound).
    """
    _both_modes(student, rng)
    cache = _pair(student.dropout_forward(np.zeros((60, 50)), 0.7, rng), "dropout_forward")[1]
    dout = _input(rng, 60, 50)
    dx = _back_test(student, dout, cache)
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
    dx = _back_test(student, dout, run(x)[1])
    assert_close(np.sum(dx * direction), slope, rtol=1e-6, what="the slope along a random direction")


def test_dropout_backward_at_test_time_and_keeping_all(student, rng):
    """Where nothing was dropped, the gradient goes through as it is."""
    _both_modes(student, rng)
    for keep_prob, train in ((0.5, False), (0.2, False), (1.0, True)):
        x, dout = _input(rng, 6, 5), _input(rng, 6, 5)
        result = _pair(student.dropout_forward(x.copy(), keep_prob, rng, train), "dropout_forward")
        assert_close(_back_test(student, dout, result[1]), dout, what="dx")


@in_place
def test_dropout_backward_can_be_repeated(student, rng):
    """The same cache gives the same gradient again, and twice the gradient twice the result."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 9, 11), 0.75, rng)
    dout = _input(rng, 9, 11)
    for times, which in ((1, "first"), (1, "second"), (2, "third")):
        dx = _back_test(student, times * dout, cache)
        assert_close(dx, times * dout * factor, what=f"dx of the {which} call with one cache")


def test_dropout_backward_does_not_depend_on_the_batch(student, rng):
    """Zeros in dout stay zero, and nothing is averaged over the examples."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 50, 3), 0.8, rng)
    dout = _input(rng, 50, 3)
    dout[::2] = 0.0
    assert_close(_back_test(student, dout, cache), dout * factor, what="dx")


def test_dropout_backward_leaves_dout_alone(student, rng):
    """dout stays as it was."""
    _both_modes(student, rng)
    factor, cache = _factor(student, _input(rng, 7, 6), 0.7, rng)
    dout = _input(rng, 7, 6)
    before = dout.copy()
    dx = student.dropout_backward(dout, cache)
    assert_unchanged(dout, before, what="dout")
    assert_close(dx, before * factor, what="dx")


@variant
def backward_by_where(dout, cache):
    return np.where(cache > 0, dout * cache.max(initial=1.0), 0.0)


@variant
def backward_on_a_copy(dout, cache):
    dx = dout.copy()
    dx *= cache
    return dx


@variant
def backward_with_einsum(dout, cache):
    return np.einsum("...,...->...", cache, dout)


@variant
def backward_in_a_loop(dout, cache):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(*dout.shape):
        dx[index] = dout[index] * cache[index]
    return dx


def _read(cache):
    """Which units were kept, and by what they were multiplied."""
    return (cache != 0).astype(float), cache.max(initial=0) or 1.0


def gradient_without_scale(dout, cache):
    kept, _ = _read(cache)
    return dout * kept


def gradient_times_keep_prob(dout, cache):
    kept, scale = _read(cache)
    return dout * kept / scale


def gradient_scaled_without_mask(dout, cache):
    _, scale = _read(cache)
    return dout * scale


def gradient_to_the_dropped(dout, cache):
    kept, scale = _read(cache)
    return dout * (1 - kept) * scale


def gradient_scaled_twice(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale * scale


def gradient_scaled_by_drop_probability(dout, cache):
    kept, scale = _read(cache)
    return dout * kept / (1 - 1 / scale) if scale > 1 else dout * kept


def gradient_through_a_new_mask(dout, cache):
    _, scale = _read(cache)
    return dout * (np.random.default_rng(0).random(dout.shape) < 1 / scale) * scale


def gradient_through_the_first_mask(dout, cache):
    kept, scale = _read(cache)
    return dout * kept[:1] * scale


def gradient_averaged(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale / len(dout)


def gradient_scaled_by_the_share_drawn(dout, cache):
    kept, _ = _read(cache)
    return dout * kept / max(kept.mean(), 1e-300)


def gradient_overwrites_dout(dout, cache):
    kept, scale = _read(cache)
    dout *= kept * scale
    return dout


def gradient_without_negatives(dout, cache):
    kept, scale = _read(cache)
    return np.maximum(dout, 0) * kept * scale


def gradient_and_cache(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale, cache


def gradient_to_the_dropped_without_scale(dout, cache):
    kept, _ = _read(cache)
    return dout * (1 - kept)


MISTAKES = [
    mistake("The mask is applied, but not the factor 1 / keep_prob.",
            "Forward computes x * mask / keep_prob. What is the derivative of that?",
            by=gradient_without_scale),
    mistake("The gradient is multiplied by keep_prob instead of divided by it.",
            "Forward divides by keep_prob. Does the derivative of x / p multiply by p?",
            by=gradient_times_keep_prob),
    mistake("The gradient goes straight through, also to units that were dropped.",
            "A dropped unit sent nothing forward. What is its share in the loss?",
            {"* cache": "* 1.0"}),
    mistake("The gradient is scaled, but also reaches units that were dropped.",
            "A dropped unit sent nothing forward. What is its share in the loss?",
            by=gradient_scaled_without_mask),
    mistake("The mask is upside down: the gradient reaches the units that were dropped, not those that were kept.",
            "Through which units did this example's signal go forward?",
            by=gradient_to_the_dropped),
    mistake("The factor 1 / keep_prob is applied twice.",
            "Does the mask in your cache hold ones or 1 / keep_prob?",
            by=gradient_scaled_twice),
    mistake("The gradient is divided by the probability of dropping.",
            "Which factor did forward use?",
            by=gradient_scaled_by_drop_probability),
    mistake("A new mask is drawn in backward.",
            "The gradient belongs to the network that ran forward. Which units did that one have?",
            by=gradient_through_a_new_mask),
    mistake("The mask of the first example is used for all.",
            "Each example has a mask of its own. What shape has the one you multiply by?",
            by=gradient_through_the_first_mask),
    mistake("The gradient is averaged over the batch.",
            "dout is the gradient of a mean already. What does dropout add to that?",
            by=gradient_averaged),
    mistake("The gradient is scaled by the share that happened to be kept, not by keep_prob.",
            "Forward's factor is the fixed number 1 / keep_prob.",
            by=gradient_scaled_by_the_share_drawn),
    mistake("The caller's dout is overwritten.",
            "dout *= mask writes into the array that was passed in. Make a new one.",
            by=gradient_overwrites_dout),
    mistake("The sign of the gradient is lost or cut off, as if a ReLU stood here.",
            "May a gradient be negative? Which entries does dropout set to 0?",
            by=gradient_without_negatives),
    mistake("The cache comes back along with the gradient.",
            "x is the only input with a gradient. How many things should come back?",
            by=gradient_and_cache),
    mistake("The mask is upside down, and the factor 1 / keep_prob is missing.",
            "Through which units did this example's signal go forward, and with which factor?",
            by=gradient_to_the_dropped_without_scale),
    mistake("The gradients of all examples are summed up; dx has the shape of x.",
            "Does an example's activation belong to other examples? Which shape has x?",
            {"dout * cache": "(dout * cache).sum(axis=0)"}),
    mistake("The mask itself is returned; the chain rule multiplies it by dout.",
            "The mask is the derivative of out with respect to x. What is missing to that of the loss?",
            {"dout * cache": "cache.astype(float)"}),
    mistake("The sign of the gradient is flipped.",
            "Forward multiplies by a positive factor. Where does the minus come from?",
            {"return": "return -"}),
    mistake("Nothing is returned.",
            "Does your function end with return?",
            {"dout * cache": "None"}),
    mistake("The caller's dout is overwritten where units were dropped.",
            "dout[...] = 0 writes into the array that was passed in. Make a new one.",
            {"return": "dout[cache == 0] = 0\n    return"}),
    mistake("The cache is overwritten, so that the same call made again gives another gradient.",
            "Does cache *= dout make a new array?",
            {"return dout *": "cache *= dout\n    return"}),
    mistake("Where nothing was dropped, the gradient is 0; it must go through as it is.",
            "At test time out equals x. What is the derivative?",
            {"* cache": "* cache * (1.0 if np.unique(cache).size > 1 or cache.max() != 1 else 0.0)"}),
]
