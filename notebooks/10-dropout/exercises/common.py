"""What the exercises of 10-dropout share.

Hidden tests of 10-dropout.

Masks are judged by what every correct way to draw has in common, never by a seed, and caches are never looked into:
which units a call kept is read off its output.
Shares are compared within Bernstein's bound, which is no approximation; where chance could fail a right answer, the
test says how seldom: always below once in a million gradings.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

from itertools import product

import numpy as np

from nnlib.checks import assert_close, assert_unchanged, require


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


def _both_modes(student, rng, name="dropout_forward"):
    """Run forward and backward while training and at test time, without a verdict.

    A mistake is known by the calls that it repeats: with these among them, a wrong backward is not taken for a
    forward that is wrong only in the other mode, nor a wrong forward for such a backward.
    """
    for train in (True, False):
        x = _input(rng, 6, 5)
        _, cache = _pair(getattr(student, name)(x, 0.7, rng, train), name)
        student.dropout_backward(x, cache)


def _back_test(student, dout, cache):
    return student.dropout_backward(dout.copy(), cache)


def _net_test(rng, sizes):
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


def _from_below(rng, shape, share):
    return rng.random(shape) < share


def _by_binomial(rng, shape, share):
    return rng.binomial(1, share, size=shape) == 1


def _from_above(rng, shape, share):
    return rng.random(shape) > 1 - share


_DRAWS = {"": _from_below, "_by_binomial": _by_binomial, "_from_above": _from_above}


class _Numbers:
    """What a source draws: compared with a share, it is true in that share of the places."""

    def __init__(self, draw, rng, shape):
        self.draw, self.rng, self.shape = draw, rng, shape

    def __lt__(self, share):
        return self.draw(self.rng, self.shape, share)


class _Source:
    """A generator in front of which ``random(shape) < share`` is drawn in another way."""

    def __init__(self, draw, rng):
        self.draw, self.rng = draw, rng

    def random(self, shape):
        return _Numbers(self.draw, self.rng, shape)


def _with_every_draw(*, of, says, hint, but=()):
    """Declare a mistake that draws by ``rng.random(shape) < share`` once for each way to draw, ``but`` those given."""

    def declare(idea):
        for form, draw in _DRAWS.items():
            if form in but:
                continue

            def function(x, *args, draw=draw, **kwargs):
                *rest, rng, train = args if isinstance(args[-1], bool) else (*args, kwargs.get("train", True))
                return idea(x, *rest, _Source(draw, rng), train)

            function.__name__ = idea.__name__ + form
            globals()[function.__name__] = misconception(of=of, says=says, hint=hint)(function)
        return globals()[idea.__name__]  # what the name stands for after the definition

    return declare


def _in_every_form(*, of, says, hint, but=()):
    """Declare a mistake for each way to draw ``but`` those given, where another one gives the same.

    It returns ``kept``, the factor of what is kept, and the output if that is not ``x * kept * factor``.
    """

    def declare(idea):
        for form, draw in _DRAWS.items():
            if form in but:
                continue

            def function(x, keep_prob, rng, train=True, draw=draw):
                kept, scale, *special = idea(x, keep_prob, lambda shape, share: draw(rng, shape, share), train)
                return (special[0] if special else x * kept * scale), kept * scale

            function.__name__ = idea.__name__ + form
            globals()[function.__name__] = misconception(of=of, says=says, hint=hint)(function)
        return globals()[idea.__name__]  # what the name stands for after the definition

    return declare
