"""What the exercises of 10-dropout share.

Masks are judged by what every correct way to draw has in common, never by a seed, and caches are never looked into:
which units a call kept is read off its output.
Shares are compared within Bernstein's bound, which is no approximation; where chance could fail a right answer, the
test says how seldom: always below once in a million gradings.
A mistake is recognised by its numbers, and while training these depend on how the mask is drawn: mistakes of the
forward functions have a form for each way.
"""

from itertools import product

import numpy as np

from grader.authoring import easy, mistake, slip
from nnlib.checks import assert_close, require

SIZES = ((3, 4, 3, 2), (2, 3, 4, 3), (3, 3, 3, 3))  # of the nets that tests run

# ---------------------------------------------------------------- what a forward call kept


def pair(result, name):
    """Take apart what the forward function ``name`` returned."""
    fits = isinstance(result, list | tuple) and len(result) == 2
    require(fits, f"{name} must return two things, the output and the cache.")
    return result


def signed(rng, *shape):
    """Numbers of both signs, none of them near zero."""
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def run(student, name, x, keep_prob, rng, **mode):
    """Run a forward function; returns output and cache after a look at the output's shape and kind."""
    out, cache = pair(getattr(student, name)(x.copy(), keep_prob, rng, **mode), name)
    require(isinstance(out, np.ndarray) and out.shape == x.shape, "The output must be an array of the shape of x.")
    require(out.dtype.kind == "f" and np.isfinite(out).all(), "The output must hold finite real numbers.")
    return out, cache


def units_kept(out, x, scale):
    """Return which units were kept; every entry must be 0 or ``scale`` times the input's."""
    kept = out != 0
    assert_close(out, np.where(kept, x * scale, 0.0), what="the output where units were kept")
    return kept


def margin(n, p, families=1):
    """How far the share of n draws may lie from p; a right one does not once in 1e8 gradings (Bernstein)."""
    log = np.log(2 * families / 1e-8)
    return (log / 3 + np.sqrt(log**2 / 9 + 2 * log * n * p * (1 - p))) / n


def check_share(kept, p, what="the share of units kept"):
    """The share kept is p within its margin."""
    kept = np.asarray(kept)
    require(kept.size > 0, "No unit was kept.")
    assert_close(kept.mean(), p, rtol=0, atol=margin(kept.size, p), what=what)


def check_each_unit_on_its_own(kept, p):
    """Neither rows nor columns of a large mask are alike, copies, opposites, or of a fixed number."""
    require(not (kept == kept[:1]).all(), "Every example has the same mask: draw one entry for each entry of x.")
    for axis, name in ((0, "column"), (1, "row")):
        n, lines = kept.shape[axis], kept.shape[1 - axis]
        off = np.abs(kept.mean(axis=axis) - p).max()
        require(off < margin(n, p, lines), f"In some {name} of the output far too many or too few units were kept.")
        counts = kept.sum(axis=axis)
        spread = np.mean((counts - n * p) ** 2) / (n * p * (1 - p))
        even = f"The number of units kept in a {name} hardly varies: each unit must be drawn on its own."
        require(spread > 0.5, even)
        require(spread < 1.6, f"The number of units kept in a {name} varies too much: units go together.")
        together = np.corrcoef(kept.astype(float), rowvar=axis == 1)
        np.fill_diagonal(together, 0.0)
        require(np.abs(together).max() < 8 / np.sqrt(n), f"Some {name}s are kept and dropped together.")


def check_no_line_is_constant(kept):
    """Along no axis are units only kept or dropped together."""
    for axis in range(kept.ndim):
        share = kept.mean(axis=axis)
        constant = (share == 0) | (share == 1)
        require(not constant.any(), "Along some axis units are only kept or dropped all together.")


# ---------------------------------------------------------------- tests of both forward functions


def _kept_of_ones(student, name, scale, shape, rng):
    x = np.ones(shape)
    return units_kept(run(student, name, x, 0.6, rng)[0], x, scale(0.6))


def check_fresh(student, name, scale):
    """Two calls drop different units."""
    rng = np.random.default_rng(21)
    first, second = (_kept_of_ones(student, name, scale, (30, 20), rng) for _ in range(2))
    require((first != second).any(), "Two calls had the same mask: draw anew from rng in each call.")


def check_rng(student, name, scale):
    """The generator alone decides which units are dropped."""
    kept = [_kept_of_ones(student, name, scale, (30, 20), np.random.default_rng(seed)) for seed in (5, 5, 6)]
    require((kept[0] == kept[1]).all(), "Two generators in the same state gave different masks: draw from rng only.")
    require((kept[0] != kept[2]).any(), "Generators in different states gave the same mask: draw from rng.")


def check_counts_vary(student, name, scale, rng):
    """The number kept in a small array is not always the same."""
    counts = {int(_kept_of_ones(student, name, scale, (4, 5), rng).sum()) for _ in range(40)}
    require(len(counts) > 1, "Every call kept the same number of units: each unit must be drawn on its own.")


def keeps_the_share_asked_for(student, rng, name, scale):
    """The share of units kept is keep_prob within binomial error.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, four shares).
    """
    for keep_prob in (0.15, 0.4, 0.75, 0.9):
        out, _ = run(student, name, signed(rng, 200, 100), keep_prob, rng)
        check_share(out != 0, keep_prob, f"the share kept for keep_prob = {keep_prob}")


def takes_any_shape(student, rng, name, scale):
    """Vectors, batches of images and single numbers are dropped entry by entry.

    A line of at least 40 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for shape in ((9,), (1, 1), (3, 4, 5), (2, 3, 4, 5)):
        x = signed(rng, *shape)
        units_kept(run(student, name, x, 0.7, rng)[0], x, scale(0.7))
    x = signed(rng, 45, 40, 50)
    check_no_line_is_constant(units_kept(run(student, name, x, 0.5, rng)[0], x, scale(0.5)))


@easy
def at_test_time_draws_nothing(student, rng, name, scale):
    """With train=False the generator stays where it is; while training it moves on."""
    forward = getattr(student, name)
    before = rng.bit_generator.state
    forward(np.ones((6, 5)), 0.5, rng)
    require(rng.bit_generator.state != before, "A call while training must draw from rng.")
    before = rng.bit_generator.state
    forward(np.ones((6, 5)), 0.5, rng, train=False)
    require(rng.bit_generator.state == before, "With train=False nothing may be drawn from rng.")


FORWARD = [keeps_the_share_asked_for, takes_any_shape, at_test_time_draws_nothing]


def run_both_modes(student, rng, name="dropout_forward"):
    """Run forward and backward while training and at test time, without a verdict.

    A mistake is known by the calls that it repeats: with these among them, a wrong backward is not taken for a
    forward that is wrong only in the other mode, nor a wrong forward for such a backward.
    """
    for train in (True, False):
        x = signed(rng, 6, 5)
        _, cache = pair(getattr(student, name)(x, 0.7, rng, train), name)
        student.dropout_backward(x, cache)


# ---------------------------------------------------------------- nets


def parameters(rng, sizes):
    """Weights and biases of a three-layer net, no bias near zero."""
    params = {}
    for i in (1, 2, 3):
        params[f"W{i}"] = rng.normal(size=(sizes[i - 1], sizes[i]))
        params[f"b{i}"] = signed(rng, sizes[i])
    return params


def net(x, params, factors):
    """Scores of the net with the inputs of its layers multiplied by ``factors``, and what backward needs."""
    a, steps = x, []
    for i, factor in enumerate(factors, start=1):
        dropped = a * factor
        z = dropped @ params[f"W{i}"] + params[f"b{i}"]
        steps.append((dropped, factor, z))
        a = np.maximum(z, 0)
    return z, steps


def run_net(student, x, params, keep_probs, rng, **mode):
    """Run the student's forward_with_dropout; returns scores and cache after a look at the scores' shape and kind."""
    copied = {name: value.copy() for name, value in params.items()}
    result = student.forward_with_dropout(x.copy(), copied, type(keep_probs)(keep_probs), rng, **mode)
    scores, cache = pair(result, "forward_with_dropout")
    shape = (len(x), params["W3"].shape[1])
    fits = isinstance(scores, np.ndarray) and scores.shape == shape and scores.dtype.kind == "f"
    require(fits, f"The scores must be an array of shape {shape}.")
    require(np.isfinite(scores).all(), "The scores must be finite.")
    return scores, cache


def explain(scores, x, params, keep_probs):
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
        candidates, _ = net(np.tile(row, (len(bits), 1)), params, factors)
        off = np.abs(candidates - wanted).max(axis=1)
        best = int(off.argmin())
        require(
            off[best] <= 1e-5 * max(1.0, np.abs(wanted).max()),
            "No masks give these scores. Each layer's input is dropped with its own keep probability and scaled; "
            "the scores themselves are neither dropped nor scaled.",
        )
        found.append([factor[best] for factor in factors])
    return [np.array(layer) for layer in zip(*found, strict=True)]


# ---------------------------------------------------------------- mistakes of both forward functions

DRAW = "rng.random(x.shape) < keep_prob"  # stands in both solutions
WAYS = ("rng.random({shape}) < {share}", "rng.binomial(1, {share}, {shape})", "rng.random({shape}) > 1 - {share}")


def draws(shape="x.shape", share="keep_prob"):
    """The ways to draw a mask that keeps a share."""
    return [way.format(shape=shape, share=share) for way in WAYS]


def drawn(edits=None, *, shape="x.shape", share="keep_prob", mask="{draw}"):
    """Forms of a mistake, one for each way to draw the mask."""
    return [{DRAW: mask.format(draw=draw)} | (edits or {}) for draw in draws(shape, share)]


SWAPPED = "Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round."
TRAIN_UPSIDE_DOWN = (
    "train is read the wrong way round: units are dropped at test time and none while training.",
    "Which of the two branches runs when train is True?",
)
ONE_MASK_FOR_ALL = "One mask is drawn for all examples of the batch."
WHOLE_EXAMPLES = (
    "Whole examples are dropped: one number is drawn for each row.",
    "It is units that are dropped, and each on its own. What shape must be drawn?",
)
DRAWING_AT_TEST_TIME = (
    "A mask is drawn at test time too, though it is not used: the next training mask will be another one.",
    "What is the state of rng before and after a look at the dev set? Draw only where train is True.",
)
NUMBER = "round(keep_prob * x.size)"
FIRST_UNITS = "np.arange(x.shape[-1]) < round(keep_prob * x.shape[-1])"
FORWARD_MISTAKES = [
    mistake(SWAPPED,
            "A uniform number is below 0.9 in 9 of 10 cases. With keep_prob = 0.9, what share of your output is 0?",
            *drawn(share="(1 - keep_prob)")),
    mistake(*TRAIN_UPSIDE_DOWN, *drawn({"if train": "if not train"})),
    mistake(ONE_MASK_FOR_ALL,
            "Print the mask of a batch of ones: do two examples lose the same units? What shape must be drawn?",
            *drawn(shape="x.shape[1:] or (1,)")),
    mistake(*WHOLE_EXAMPLES, *drawn(shape="(len(x),) + (1,) * (x.ndim - 1)")),
    mistake("Half of the units are kept, whatever keep_prob says.",
            "Where does keep_prob enter your mask? Try 0.9 and 0.1 and count the zeros.",
            *drawn(share="0.5")),
    mistake("Always the same number of units is kept, so that they are not independent.",
            "If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
            {DRAW: f"np.isin(np.arange(x.size), rng.permutation(x.size)[:{NUMBER}]).reshape(x.shape)"},
            {DRAW: f"np.isin(np.arange(x.size), rng.choice(x.size, {NUMBER}, replace=False)).reshape(x.shape)"},
            {DRAW: f"rng.permutation(np.arange(x.size) < {NUMBER}).reshape(x.shape)"},
            {DRAW: f"rng.permuted(np.broadcast_to({FIRST_UNITS}, x.shape), axis=-1)"}),
    slip("own_generator", {"rng.random": "np.random.default_rng(0).random"},
         {"rng.random(": "np.random.RandomState(1).rand(*"}),
    mistake("The caller's x is overwritten.",
            "x *= mask writes into the array that was passed in, and so does out[...] = 0 after out = x.",
            *drawn({"return x * mask": "x *= mask\n    return x"}),
            *drawn({"return x": "x[mask == 0] = 0\n    return x"})),
    mistake("Only the output is returned; the cache is missing.",
            "How will backward know which units were dropped? f_forward returns a pair.",
            *drawn({"x * mask, mask": "x * mask"})),
    mistake(*DRAWING_AT_TEST_TIME, *drawn({" if train else": "\n    mask = mask if train else"})),
]
