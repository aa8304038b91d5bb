"""classic_dropout_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, variant
from nnlib.checks import assert_close, require

from .common import (
    DRAW,
    FORWARD,
    FORWARD_MISTAKES,
    check_counts_vary,
    check_each_unit_on_its_own,
    check_fresh,
    check_rng,
    drawn,
    margin,
    pair,
    run,
    run_both_modes,
    signed,
    units_kept,
)

HINTS = (
    "Which of your two branches, training or test time, carries the factor in this form?",
    "The output is x times something in both modes. What is that something while training, and what at test time? "
    "And what does your dropout_backward do with a cache?",
    "x = [6, 2, 4] with keep_prob 0.5: while training [6, 0, 4] if the second is dropped; at test time [3, 1, 2]. "
    "With dout = [1, 1, 1] your dropout_backward must then give [1, 0, 1] and [0.5, 0.5, 0.5].",
)

NAME = "classic_dropout_forward"


def plain(keep_prob):
    """By what a kept unit is multiplied while training."""
    return 1.0


TESTS = family(NAME, FORWARD, NAME, plain)


@easy
def test_classic_dropout_forward_does_not_scale_while_training(student, rng):
    """While training, every entry becomes exactly 0 or stays as it is."""
    for keep_prob in (0.3, 0.6, 0.8):
        x = signed(rng, 20, 15)
        kept = units_kept(run(student, NAME, x, keep_prob, rng)[0], x, 1.0)
        require(kept.any(), "Not one of 300 units was kept.")


def test_classic_dropout_forward_scales_at_test_time(student, rng):
    """With train=False every entry is multiplied by keep_prob."""
    for keep_prob in (0.2, 0.6, 0.9, 1.0):
        x = signed(rng, 170, 6)
        out, _ = run(student, NAME, x, keep_prob, rng, train=False)
        assert_close(out, keep_prob * x, what="the output at test time")


@easy
def test_classic_dropout_forward_has_the_mean_of_its_test_time(student, rng):
    """Averaged over many masks, the training output is the test-time output.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = signed(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        mean = run(student, NAME, np.tile(values, (4000, 1)), keep_prob, rng)[0].mean(axis=0)
        test, _ = run(student, NAME, values, keep_prob, rng, train=False)
        off = margin(4000, keep_prob) * np.abs(values).max()
        require(np.any(test), "The output at test time is all zero.")
        assert_close(mean, test, rtol=0, atol=off, what="the mean training output")


def test_classic_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations; 40 equal counts less than once in 1e20).
    """
    x = signed(rng, 300, 300)
    check_each_unit_on_its_own(units_kept(run(student, NAME, x, 0.6, rng)[0], x, 1.0), 0.6)
    check_counts_vary(student, NAME, plain, rng)


def test_classic_dropout_forward_draws_a_fresh_mask_from_rng(student):
    """Calls drop different units, and the generator alone decides which.

    A right answer fails less than once in 1e100 gradings.
    """
    check_fresh(student, NAME, plain)
    check_rng(student, NAME, plain)


@easy
def test_classic_dropout_forward_has_a_cache_for_backward(student, rng):
    """With its cache, dropout_backward sends the gradient through the units kept, without a scale."""
    run_both_modes(student, rng)
    run_both_modes(student, rng, NAME)
    # Where all are kept, only a cache of what was dropped is wrong; with an input of ones, one that holds the output
    # instead of the mask is right: each fails one call later, which tells them apart.
    for keep_prob, x in ((1.0, np.ones((9, 8))), (0.4, np.ones((9, 8))), (0.4, signed(rng, 9, 8)), (0.8, signed(rng, 9, 8))):
        dout = signed(rng, 9, 8)
        out, cache = pair(student.classic_dropout_forward(x, keep_prob, rng), NAME)
        assert_close(student.dropout_backward(dout, cache), dout * (out != 0), what="dx")


def test_classic_dropout_forward_has_a_cache_at_test_time(student, rng):
    """At test time too the cache gives the gradient of the output: keep_prob times dout."""
    run_both_modes(student, rng)
    run_both_modes(student, rng, NAME)
    for keep_prob in (0.4, 0.8):
        x, dout = signed(rng, 5, 6), signed(rng, 5, 6)
        _, cache = pair(student.classic_dropout_forward(x, keep_prob, rng, train=False), NAME)
        assert_close(student.dropout_backward(dout, cache), keep_prob * dout, what="dx at test time")


@variant
def by_binomial(x, keep_prob, rng, train=True):
    mask = rng.binomial(1, keep_prob, x.shape) if train else keep_prob
    return x * mask, mask


@variant
def by_choice(x, keep_prob, rng, train=True):
    if train:
        mask = rng.choice(2, size=x.shape, p=[1 - keep_prob, keep_prob]).astype(float)
        return mask * x, mask
    return keep_prob * x, np.full_like(x, keep_prob)


@variant
def by_where(x, keep_prob, rng, train=True):
    if not train:
        return np.multiply(x, keep_prob), np.array(keep_prob)
    dropped = rng.uniform(size=x.shape) >= keep_prob
    out = x.copy()
    out[dropped] = 0.0
    return out, np.where(dropped, 0.0, 1.0)


@variant
def in_a_loop(x, keep_prob, rng, train=True):
    mask = np.array([float(rng.random() < keep_prob) if train else keep_prob for _ in range(x.size)])
    mask = mask.reshape(x.shape)
    return x * mask, mask


AT_TEST_TIME = "np.full(x.shape, keep_prob)"
SCALED = "({draw}) / keep_prob"
COMPARE_MEANS = "Compare the mean of the training output with the output at test time."
MISTAKES = [
    mistake("The output is right, but the cache is empty.",
            "How will backward know which units were dropped?",
            *drawn({"x * mask, mask": "x * mask, None"})),
    mistake("The output is right, but with its cache backward scales by 1 / keep_prob, which forward did not.",
            "The gradient of x * mask is the mask. What does your dropout_backward make of this cache?",
            *drawn({"x * mask, mask": "x * mask, mask / keep_prob"}),
            *drawn({"x * mask, mask": "x * mask, mask / keep_prob if train else mask"})),
    mistake("The output is right, but the cache holds it, the thinned activations, where backward needs the mask.",
            "Give backward a dout of ones: which numbers come back, and is an activation among them?",
            *drawn({"x * mask, mask": "x * mask, x * mask"}),
            *drawn({"x * mask, mask": "x * mask, x * mask if train else mask"})),
    mistake("The output is right, but the cache marks the units that were dropped, where backward needs those that were kept.",
            "Through which units does a gradient go back: those that took part, or those that did not?",
            *drawn({"x * mask, mask": "x * mask, 1 - mask if train else mask"})),
    mistake("The output at test time is right, but its cache lacks the factor keep_prob.",
            "At test time the output is keep_prob * x. What is its gradient?",
            *drawn({"x * mask, mask": "x * mask, mask if train else np.ones(x.shape)"})),
    mistake("What is kept is scaled while training as well, as in inverted dropout.",
            "In the classic form the one factor stands at test time. What are the two means now?",
            *drawn(mask=SCALED)),
    mistake("The output is not scaled at test time, so it is larger than anything seen while training.",
            COMPARE_MEANS,
            *drawn({AT_TEST_TIME: "np.ones(x.shape)"})),
    mistake("This is inverted dropout again: scaled while training, nothing done at test time.",
            "Where does the factor stand in the classic form?",
            *drawn({AT_TEST_TIME: "np.ones(x.shape)"}, mask=SCALED)),
    mistake("The output is divided by keep_prob at test time instead of multiplied.",
            "With units missing the training mean was smaller than x. Must the test-time output grow or shrink?",
            *drawn({AT_TEST_TIME: "np.full(x.shape, 1 / keep_prob)"})),
    mistake("The output at test time is multiplied by the probability of dropping.",
            "If nearly everything was kept while training, should the factor be near 1 or near 0?",
            *drawn({AT_TEST_TIME: "np.full(x.shape, 1 - keep_prob)"})),
    mistake("The output at test time is multiplied by keep_prob twice.",
            COMPARE_MEANS,
            *drawn({AT_TEST_TIME: "np.full(x.shape, keep_prob**2)"})),
    mistake("The output at test time is multiplied by the root of keep_prob.",
            COMPARE_MEANS,
            *drawn({AT_TEST_TIME: "np.full(x.shape, np.sqrt(keep_prob))"})),
    mistake("The output at test time is halved, whatever keep_prob says.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            *drawn({AT_TEST_TIME: "np.full(x.shape, 0.5)"})),
    mistake("The caller's x is overwritten at test time.",
            "x *= keep_prob writes into the array that was passed in. Make a new one.",
            *drawn({"return x": "if not train:\n        x *= keep_prob\n        return x, mask\n    return x"})),
    mistake("Units are dropped at test time too.",
            "Predict twice for the same x with train=False. Should the answers differ?",
            *drawn({f" if train else {AT_TEST_TIME}": "\n    mask = mask if train else mask * keep_prob"})),
    mistake("What is kept is multiplied by keep_prob while training.",
            "In the classic form nothing at all is scaled while training.",
            *drawn(mask="({draw}) * keep_prob")),
    mistake("Nothing is dropped while training.",
            "How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
            {DRAW: "np.ones(x.shape)"}),
    *FORWARD_MISTAKES,
]
