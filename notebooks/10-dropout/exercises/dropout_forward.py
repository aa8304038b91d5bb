"""dropout_forward: what it must do, other right ways, and what goes wrong."""

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
    run,
    signed,
    units_kept,
)

HINTS = (
    "How many random numbers does an x of 3 rows and 4 columns need? Which two values may the mask hold?",
    "rng.random(shape) draws evenly between 0 and 1. In what share of cases is such a number below 0.9? And what "
    "must the output be, and what must not happen, with train=False?",
    "x = [6, 2, 4] with keep_prob 0.5, and numbers [0.3, 0.9, 0.1] drawn: the first and third lie below 0.5 and "
    "are kept, so the mask is [2, 0, 2] and out is [12, 0, 8]. On average over many draws that is [6, 2, 4] "
    "again. What will backward have to know of this call?",
)

NAME = "dropout_forward"


def inverted(keep_prob):
    """By what a kept unit is multiplied while training."""
    return 1 / keep_prob


TESTS = family(NAME, FORWARD, NAME, inverted)


def test_dropout_forward_scales_what_it_keeps(student, rng):
    """While training, every entry becomes exactly 0 or x / keep_prob."""
    for keep_prob in (0.3, 0.6, 0.8, 0.95):
        x = signed(rng, 20, 15)
        kept = units_kept(run(student, NAME, x, keep_prob, rng)[0], x, 1 / keep_prob)
        require(kept.any(), "Not one of 300 units was kept.")


@easy
def test_dropout_forward_keeps_the_mean(student, rng):
    """Averaged over many masks, every unit's output is its input.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = signed(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        mean = run(student, NAME, np.tile(values, (4000, 1)), keep_prob, rng)[0].mean(axis=0)
        off = margin(4000, keep_prob) / keep_prob
        assert_close(mean / values, np.ones(8), rtol=0, atol=off, what="the mean output, as a share of the input")


def test_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations).
    """
    x = signed(rng, 300, 300)
    check_each_unit_on_its_own(units_kept(run(student, NAME, x, 0.6, rng)[0], x, 1 / 0.6), 0.6)


def test_dropout_forward_fixes_no_number(student, rng):
    """The number of units kept differs from call to call.

    A right answer keeps the same number of 20 units in 40 calls less than once in 1e20 gradings.
    """
    check_counts_vary(student, NAME, inverted, rng)


def test_dropout_forward_draws_a_fresh_mask(student):
    """Two calls drop different units.

    A right answer fails less than once in 1e100 gradings.
    """
    check_fresh(student, NAME, inverted)


def test_dropout_forward_draws_from_rng(student):
    """Generators in the same state give the same mask, in other states another.

    A right answer fails less than once in 1e100 gradings.
    """
    check_rng(student, NAME, inverted)


@easy
def test_dropout_forward_at_test_time_is_the_identity(student, rng):
    """With train=False the output is the input, whatever keep_prob is."""
    for keep_prob in (0.2, 0.5, 0.8, 1.0):
        x = signed(rng, 170, 6)
        assert_close(run(student, NAME, x, keep_prob, rng, train=False)[0], x, what="the output at test time")


def test_dropout_forward_keeping_all(student, rng):
    """With keep_prob 1 nothing is dropped and nothing scaled; with less, something is."""
    for keep_prob in (1.0, 1):
        x = signed(rng, 40, 30)
        assert_close(run(student, NAME, x, keep_prob, rng)[0], x, what="the output with keep_prob 1")
    x = signed(rng, 40, 30)
    kept = units_kept(run(student, NAME, x, 0.9, rng)[0], x, 1 / 0.9)
    require(not kept.all(), "With keep_prob 0.9 nothing was dropped.")


def test_dropout_forward_of_single_precision_zeros_and_extremes(student, rng):
    """float32 numbers, zeros and very large or small ones are treated like all others."""
    x = signed(rng, 30, 20).astype(np.float32)
    kept = units_kept(run(student, NAME, x, 0.8, rng)[0], x.astype(float), 1.25)
    require(kept.any() and not kept.all(), "Some units must be kept and some dropped.")
    x = np.tile([0.0, 1e30, -1e-30, 3.0], (25, 1))
    units_kept(run(student, NAME, x, 0.8, rng)[0][:, 1:] / x[:, 1:], np.ones((25, 3)), 1.25)


@variant
def by_binomial(x, keep_prob, rng, train=True):
    if not train:
        return x.copy(), (None, keep_prob)
    mask = rng.binomial(1, keep_prob, size=x.shape)
    return x * mask / keep_prob, (mask, keep_prob)


@variant
def by_choice(x, keep_prob, rng, train=True):
    if not train:
        return x, {"mask": np.ones_like(x)}
    mask = rng.choice([1 / keep_prob, 0.0], size=x.shape, p=[keep_prob, 1 - keep_prob])
    return mask * x, {"mask": mask}


@variant
def by_uniform_and_where(x, keep_prob, rng, train=True):
    if train and keep_prob < 1:
        dropped = rng.uniform(0, 1, x.shape) >= keep_prob
        return np.where(dropped, 0.0, x / keep_prob), (dropped, keep_prob)
    return x, None


@variant
def in_place_on_a_copy(x, keep_prob, rng, train=True):
    out = np.array(x, copy=True)
    cache = [train, keep_prob]
    if train:
        mask = rng.random(x.shape, dtype=np.float32) < keep_prob
        out[~mask] = 0
        out /= keep_prob
        cache.append(mask)
    return out, cache


@variant
def in_a_loop(x, keep_prob, rng, train=True):
    if not train:
        return x + 0.0, None
    mask = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if rng.random() < keep_prob:
            mask[index] = 1 / keep_prob
    return np.multiply(x, mask), mask


@variant
def in_single_precision(x, keep_prob, rng, train=True):
    keep = rng.random(x.shape) > 1 - keep_prob if train else np.ones(x.shape, dtype=bool)
    mask = keep.astype(np.float32) / np.float32(keep_prob if train else 1)
    return (x * mask).astype(x.dtype), mask


@variant
def with_the_state_kept(x, keep_prob, rng, train=True):
    """Remember the generator's state instead of the mask; backward would draw the same again."""
    state = rng.bit_generator.state
    if train:
        return x * (rng.random(x.shape) < keep_prob) / keep_prob, (str(state), x.shape, keep_prob)
    return x, None


AT_TEST_TIME = "np.ones(x.shape)"
DROP_PROBABILITY = "max(1 - keep_prob, 1e-300)"  # keep_prob may be 1
MISTAKES = [
    mistake("keep_prob is taken for the probability of dropping, and the scale is that of dropping too.",
            "With keep_prob = 0.9, what share of your output is 0? It should be a tenth.",
            *drawn({"/ keep_prob": f"/ {DROP_PROBABILITY}"}, share="(1 - keep_prob)")),
    mistake("What is kept is not scaled, so the mean of the output is too small.",
            "Average your output over many masks and compare with x. Which factor is missing?",
            *drawn({" / keep_prob": ""})),
    mistake("This is the classic form: nothing is scaled while training, and everything at test time.",
            "In the inverted form, which of the two outputs carries the factor, and which is left alone?",
            *drawn({" / keep_prob": "", AT_TEST_TIME: "np.full(x.shape, keep_prob)"})),
    mistake("What is kept is divided by the probability of dropping.",
            "If nearly everything is kept, should the factor be near 1 or very large?",
            *drawn({"/ keep_prob": f"/ {DROP_PROBABILITY}"})),
    mistake("What is kept is multiplied by keep_prob instead of divided by it.",
            "Dropping has made the mean smaller. Must the rest grow or shrink to make up for it?",
            *drawn({"/ keep_prob": "* keep_prob"})),
    mistake("What is kept is multiplied by the probability of dropping: with keep_prob = 1 nothing is left.",
            "What should keep_prob = 1 do? Look for a 1 - keep_prob.",
            *drawn({"/ keep_prob": "* (1 - keep_prob)"})),
    mistake("The output is scaled by keep_prob at test time as well.",
            "The training output has the mean of x already. What is left to do at test time?",
            *drawn({AT_TEST_TIME: "np.full(x.shape, keep_prob)"})),
    mistake("The output is divided by keep_prob at test time as well.",
            "Nothing is dropped at test time, so what would the factor make up for?",
            *drawn({AT_TEST_TIME: "np.full(x.shape, 1 / keep_prob)"})),
    mistake("Units are dropped at test time too: train is not looked at.",
            "Predict twice for the same x with train=False. Should the answers differ?",
            *drawn({f" if train else {AT_TEST_TIME}": ""})),
    mistake("At test time everything becomes 0.",
            "With train=False the output equals x.",
            *drawn({AT_TEST_TIME: "np.zeros(x.shape)"})),
    *FORWARD_MISTAKES,
    mistake("A single number decides for the whole array.",
            "How many numbers does your function draw for an x of 4 entries?",
            *drawn(shape="(1,) * x.ndim")),
    mistake("What is kept is scaled by the share that happened to be kept, not by keep_prob.",
            "The factor is a fixed number, 1 / keep_prob; the chance of the draw does not enter it.",
            *drawn({"return x": "mask = mask / max(mask.mean(), 1e-300)\n    return x"})),
    mistake("What is kept is scaled twice: the mask holds 1 / keep_prob, and the result is divided once more.",
            "What values does your mask hold, and what happens to the product afterwards?",
            *drawn({"x * mask": "x * mask / (keep_prob if train else 1)"})),
    mistake("keep_prob is not used: half of the units are kept, and the factor is 2.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            *drawn({"/ keep_prob": "* 2"}, share="0.5")),
    mistake("The factor is 1 over the root of keep_prob: this keeps the size of the squares, not the mean.",
            "Average your output over many masks and compare with x.",
            *drawn({"/ keep_prob": "/ np.sqrt(keep_prob)"})),
    mistake("Nothing is dropped, neither while training nor at test time.",
            "How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
            {f"({DRAW}) / keep_prob if train else ": ""}),
    mistake("Units that should be dropped go on as they are; they must become 0.",
            "Which values may the output of an input of 1 have with keep_prob = 0.8?",
            *drawn({"x * mask": "np.where(mask == 0, x, x * mask)"})),
    mistake("The mask stands where the output belongs.",
            "Which of your two arrays holds the activations, and which of the two comes first?",
            *drawn({"x * mask, mask": "mask, mask"})),
    mistake("Only x with rows and columns is taken; it may have any shape.",
            "Which attribute of x can be handed to the generator as it is, whatever the number of axes?",
            *drawn({"mask = (": "rows, columns = x.shape\n    mask = ("}, shape="(rows, columns)")),
    mistake("Normal numbers are compared with keep_prob, which they fall below far too often.",
            "Which of the generator's methods draws evenly between 0 and 1?",
            {"random(": "standard_normal("}),
    mistake("The random numbers themselves are the mask; they were never compared with keep_prob.",
            "A unit is either kept or dropped. Which values may the mask hold?",
            {f"({DRAW})": "rng.random(x.shape)"}),
    mistake("The activations are multiplied by normal noise around 1; dropout keeps a unit or makes it 0.",
            "Which values may the output of an input of 1 have with keep_prob = 0.8?",
            {f"({DRAW}) / keep_prob": "rng.normal(1, np.sqrt((1 - keep_prob) / keep_prob), x.shape)"}),
]
