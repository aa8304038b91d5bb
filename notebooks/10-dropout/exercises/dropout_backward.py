"""dropout_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import in_place, mistake, slips, variant
from nnlib.checks import assert_close, require

from .common import check_share, pair, run, run_both_modes, signed, units_kept

HINTS = (
    "Write forward as one product, entry by entry. What is its derivative with respect to x?",
    "The unit that was dropped: how much did the loss depend on it? The one that was kept: by how much was it "
    "scaled? Where do you find both, without drawing anything?",
    "If forward multiplied by the mask [2, 0, 2] and dout is [1, 5, -3], then dx is [2, 0, -6]. Is dout still [1, "
    "5, -3] afterwards? And with train=False, which mask gives dout back as it is?",
)


def _factor(student, x, keep_prob, rng):
    """Run the student's forward; returns by what each entry was multiplied, and the cache."""
    out, cache = run(student, "dropout_forward", x, keep_prob, rng)
    require(bool(out.any()), "dropout_forward kept no unit at all.")  # once in 1e13 calls of a right one
    return np.where(out != 0, 1 / keep_prob, 0.0), cache


def test_dropout_backward_uses_the_mask_of_forward(student, rng):
    """Where forward dropped, the gradient is 0; where it kept, it is dout / keep_prob."""
    run_both_modes(student, rng)
    for keep_prob, shape in ((0.3, (170, 9)), (0.8, (9, 12)), (0.6, (10, 10))):
        factor, cache = _factor(student, signed(rng, *shape), keep_prob, rng)
        dout = signed(rng, *shape)
        assert_close(student.dropout_backward(dout, cache), dout * factor, what="dx")


def _until_kept(student, x, keep_prob, pattern, rng):
    """Run the student's forward until exactly the units of the pattern are kept; returns the cache."""
    for _ in range(2000):
        out, cache = pair(student.dropout_forward(x, keep_prob, rng), "dropout_forward")
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
        x, dout = (signed(np.random.default_rng(seed), *np.shape(pattern)) for seed in (1, 2))
        cache = _until_kept(student, x, keep_prob, pattern, rng)
        for _ in range(2):
            assert_close(student.dropout_backward(dout, cache), dout * np.array(pattern) / keep_prob, what="dx")


def test_dropout_backward_takes_any_shape(student, rng):
    """Vectors, one example and images have their gradient too."""
    run_both_modes(student, rng)
    for shape in ((30,), (1, 25), (25, 1), (3, 4, 5)):
        factor, cache = _factor(student, signed(rng, *shape), 0.7, rng)
        dout = signed(rng, *shape)
        assert_close(student.dropout_backward(dout, cache), dout * factor, what="dx")


def test_dropout_backward_belongs_to_its_own_call(student, rng):
    """Each gradient goes through the mask of the call whose cache it is given, in whatever order."""
    run_both_modes(student, rng)
    first, first_cache = _factor(student, signed(rng, 8, 6), 0.4, rng)
    second, second_cache = _factor(student, signed(rng, 8, 6), 0.8, rng)
    dout = signed(rng, 8, 6)
    dx = student.dropout_backward(dout, first_cache)
    latest = isinstance(dx, np.ndarray) and dx.shape == dout.shape and np.allclose(dx, dout * second)
    require(not latest, "The mask of the latest forward call was used, not that of the call whose cache was given.")
    assert_close(dx, dout * first, what="dx of the first call")
    assert_close(student.dropout_backward(dout, second_cache), dout * second, what="dx of the second call")


def test_dropout_backward_where_the_input_was_zero(student, rng):
    """A unit whose value happens to be 0 was kept or dropped like any other.

    A right answer fails less than once in 1e8 gradings (Bernstein's bound).
    """
    run_both_modes(student, rng)
    cache = pair(student.dropout_forward(np.zeros((60, 50)), 0.7, rng), "dropout_forward")[1]
    dout = signed(rng, 60, 50)
    dx = student.dropout_backward(dout, cache)
    require(isinstance(dx, np.ndarray) and dx.shape == dout.shape, "dx must be an array of the shape of dout.")
    read_off = "Where x is 0 no gradient came through at all: which units were kept cannot be read off the output."
    require(bool((dx != 0).any()), read_off)
    check_share(units_kept(dx, dout, 1 / 0.7), 0.7, "the share of gradients that came through")


def test_dropout_backward_meets_a_central_difference(student, rng):
    """With the mask held fixed, the gradient is that of the forward pass."""
    run_both_modes(student, rng)
    x, direction, dout = (signed(rng, 7, 8) for _ in range(3))

    def forward(x):
        return pair(student.dropout_forward(x, 0.6, np.random.default_rng(3)), "dropout_forward")

    up, down = forward(x + 0.01 * direction)[0], forward(x - 0.01 * direction)[0]
    slope = np.sum(dout * (up - down)) / 0.02
    require(np.isfinite(slope) and slope != 0, "The output of dropout_forward does not depend on x.")
    dx = student.dropout_backward(dout, forward(x)[1])
    assert_close(np.sum(dx * direction), slope, rtol=1e-6, what="the slope along a random direction")


def test_dropout_backward_at_test_time_and_keeping_all(student, rng):
    """Where nothing was dropped, the gradient goes through as it is."""
    run_both_modes(student, rng)
    for keep_prob, train in ((0.5, False), (0.2, False), (1.0, True)):
        x, dout = signed(rng, 6, 5), signed(rng, 6, 5)
        _, cache = pair(student.dropout_forward(x, keep_prob, rng, train), "dropout_forward")
        assert_close(student.dropout_backward(dout, cache), dout, what="dx")


@in_place
def test_dropout_backward_can_be_repeated(student, rng):
    """The same cache gives the same gradient again, and twice the gradient twice the result."""
    run_both_modes(student, rng)
    factor, cache = _factor(student, signed(rng, 9, 11), 0.75, rng)
    dout = signed(rng, 9, 11)
    for times, which in ((1, "first"), (1, "second"), (2, "third")):
        dx = student.dropout_backward(times * dout, cache)
        assert_close(dx, times * dout * factor, what=f"dx of the {which} call with one cache")


def test_dropout_backward_does_not_depend_on_the_batch(student, rng):
    """Zeros in dout stay zero, and nothing is averaged over the examples."""
    run_both_modes(student, rng)
    factor, cache = _factor(student, signed(rng, 50, 3), 0.8, rng)
    dout = signed(rng, 50, 3)
    dout[::2] = 0.0
    assert_close(student.dropout_backward(dout, cache), dout * factor, what="dx")


# Variants and mistakes read the solution's cache: the mask, 0 or 1 / keep_prob.


@variant
def by_where(dout, cache):
    return np.where(cache > 0, dout * cache.max(initial=1.0), 0.0)


@variant
def on_a_copy(dout, cache):
    dx = dout.copy()
    dx *= cache
    return dx


@variant
def with_einsum(dout, cache):
    return np.einsum("...,...->...", cache, dout)


@variant
def in_a_loop(dout, cache):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(*dout.shape):
        dx[index] = dout[index] * cache[index]
    return dx


KEPT = "(cache != 0)"
SCALE = "(cache.max() or 1.0)"  # of a cache in which all are dropped it is not known
MISTAKES = [
    mistake("The mask is applied, but not the factor 1 / keep_prob.",
            "Forward computes x * mask / keep_prob. What is the derivative of that?",
            {"* cache": f"* {KEPT}"}),
    mistake("The gradient is multiplied by keep_prob instead of divided by it.",
            "Forward divides by keep_prob. Does the derivative of x / p multiply by p?",
            {"* cache": f"* {KEPT} / {SCALE}"}),
    mistake("The gradient also reaches units that were dropped.",
            "A dropped unit sent nothing forward. What is its share in the loss?",
            {"* cache": "* 1.0"}, {"* cache": f"* {SCALE}"}),
    mistake("The mask is upside down: the gradient reaches the units that were dropped, not those that were kept.",
            "Through which units did this example's signal go forward, and with which factor?",
            {"* cache": f"* (cache == 0) * {SCALE}"}, {"* cache": "* (cache == 0)"}),
    mistake("The factor 1 / keep_prob is applied twice.",
            "Does the mask in your cache hold ones or 1 / keep_prob?",
            {"* cache": "* cache**2"}),
    mistake("The gradient is divided by the probability of dropping.",
            "Which factor did forward use?",
            {"* cache": f"* {KEPT} / (1 - 1 / cache.max() if cache.max() > 1 else 1)"}),
    mistake("A new mask is drawn in backward.",
            "The gradient belongs to the network that ran forward. Which units did that one have?",
            {"dout * cache": f"dropout_forward(dout, 1 / {SCALE}, np.random.default_rng(0))[0]"}),
    mistake("The mask of the first example is used for all.",
            "Each example has a mask of its own. What is the shape of the one you multiply by?",
            {"* cache": "* cache[:1]"}),
    mistake("The gradient is averaged over the batch.",
            "dout is the gradient of a mean already. What does dropout add to that?",
            {"* cache": "* cache / len(dout)"}),
    mistake("The gradient is scaled by the share that happened to be kept, not by keep_prob.",
            "Forward's factor is the fixed number 1 / keep_prob.",
            {"* cache": f"* {KEPT} / max(np.mean({KEPT}), 1e-300)"}),
    mistake("The caller's dout is overwritten.",
            "dout *= mask and dout[...] = 0 write into the array that was passed in. Make a new one.",
            {"return dout * cache": "dout *= cache\n    return dout"},
            {"return dout": "dout[cache == 0] = 0\n    return dout"}),
    mistake("The sign of the gradient is lost or cut off, as if a ReLU stood here.",
            "May a gradient be negative? Which entries does dropout set to 0?",
            {"dout *": "np.maximum(dout, 0) *"}),
    mistake("The cache comes back along with the gradient.",
            "x is the only input with a gradient. How many things should come back?",
            {"* cache": "* cache, cache"}),
    mistake("The gradients of all examples are summed up; dx has the shape of x.",
            "Does an example's activation belong to other examples? What is the shape of x?",
            {"dout * cache": "(dout * cache).sum(axis=0)"}),
    mistake("The mask itself is returned; the chain rule multiplies it by dout.",
            "The mask is the derivative of out with respect to x. What is missing for that of the loss?",
            {"dout * cache": "1.0 * cache"}),
    mistake("The cache is overwritten, so that the same call made again gives another gradient.",
            "Does cache *= dout make a new array?",
            {"return dout * cache": "cache *= dout\n    return cache"}),
    mistake("Where nothing was dropped, the gradient is 0; it must go through as it is.",
            "At test time out equals x. What is the derivative?",
            {"* cache": "* cache * (cache != 1)"}),
    *slips("nothing_returned"),
]
