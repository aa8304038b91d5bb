"""Wrong implementations that students hand in for 10-dropout, each with what a good TA says.

A mistake is recognised by its numbers, and while training these depend on how the mask is drawn. Mistakes of the
forward functions therefore come in several forms: drawn with ``rng.random`` from below or from above (as
``rng.choice`` does it), or with ``rng.binomial``. Caches are those of the solution: what a student's holds plays no part.
"""

import numpy as np

from grader.authoring import misconception
from nnlib import affine_backward, affine_forward, relu, relu_backward

# ---------------------------------------------------------------- forms of the forward functions


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


# ---------------------------------------------------------------- dropout_forward


@_in_every_form(
    of="dropout_forward",
    says="keep_prob is taken for the probability of dropping, and the scale is that of dropping too.",
    hint="With keep_prob = 0.9, what share of your output is 0? It should be a tenth.",
)
def inverted_takes_keep_for_drop(x, keep_prob, draw, train):
    return (draw(x.shape, 1 - keep_prob), 1 / max(1 - keep_prob, 1e-300)) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.",
    hint="A uniform number is below 0.9 in 9 of 10 cases. With keep_prob = 0.9, what share of your output is 0?",
)
def inverted_keeps_what_should_go(x, keep_prob, draw, train):
    return (draw(x.shape, 1 - keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="What is kept is not scaled, so the mean of the output is too small.",
    hint="Average your output over many masks and compare with x. Which factor is missing?",
)
def inverted_without_scale(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob) if train else np.ones(x.shape)), 1.0


@_in_every_form(
    of="dropout_forward",
    says="This is the classic form: nothing is scaled while training, and everything at test time.",
    hint="In the inverted form, which of the two outputs carries the factor, and which is left alone?",
)
def inverted_is_the_classic_form(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob) if train else np.ones(x.shape)), 1.0 if train else keep_prob


@_in_every_form(
    of="dropout_forward",
    says="What is kept is divided by the probability of dropping.",
    hint="If nearly everything is kept, should the factor be near 1 or very large?",
)
def inverted_scaled_by_drop_probability(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / max(1 - keep_prob, 1e-300)) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="What is kept is multiplied by keep_prob instead of divided by it.",
    hint="Dropping has made the mean smaller. Must the rest grow or shrink to make up for it?",
)
def inverted_multiplies_by_keep_prob(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="The output is scaled by keep_prob at test time as well.",
    hint="The training output has the mean of x already. What is left to do at test time?",
)
def inverted_scales_at_test_time_too(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), keep_prob)


@_in_every_form(
    of="dropout_forward",
    says="The output is divided by keep_prob at test time as well.",
    hint="Nothing is dropped at test time, so what would the factor make up for?",
)
def inverted_divides_at_test_time_too(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), 1 / keep_prob)


@_in_every_form(
    of="dropout_forward",
    says="Units are dropped at test time too: train is not looked at.",
    hint="Predict twice for the same x with train=False. Should the answers differ?",
)
def inverted_drops_at_test_time(x, keep_prob, draw, train):
    return draw(x.shape, keep_prob), 1 / keep_prob


@_in_every_form(
    of="dropout_forward",
    says="train is read the wrong way round: units are dropped at test time and none while training.",
    hint="Which of the two branches runs when train is True?",
    but=("_from_above",),
)
def inverted_with_train_upside_down(x, keep_prob, draw, train):
    return (np.ones(x.shape), 1.0) if train else (draw(x.shape, keep_prob), 1 / keep_prob)


@_in_every_form(
    of="dropout_forward",
    says="One mask is drawn for all examples of the batch.",
    hint="Print the mask of a batch of ones: do two examples lose the same units? Which shape must be drawn?",
)
def inverted_with_one_mask_for_all(x, keep_prob, draw, train):
    kept = draw(x.shape[1:] if x.ndim > 1 else (1,), keep_prob) if train else np.ones(x.shape)
    return kept, (1 / keep_prob if train else 1.0)


@_in_every_form(
    of="dropout_forward",
    says="Whole examples are dropped: one number is drawn for each row.",
    hint="It is units that are dropped, and each on its own. Which shape must be drawn?",
)
def inverted_dropping_whole_rows(x, keep_prob, draw, train):
    kept = draw((len(x),) + (1,) * (x.ndim - 1), keep_prob) if train else np.ones(x.shape)
    return kept, (1 / keep_prob if train else 1.0)


@_in_every_form(
    of="dropout_forward",
    says="A single number decides for the whole array.",
    hint="How many numbers does your function draw for an x of 4 entries?",
)
def inverted_all_or_nothing(x, keep_prob, draw, train):
    return (draw((1,) * x.ndim, keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="Half of the units are kept, whatever keep_prob says.",
    hint="Where does keep_prob enter your mask? Try 0.9 and 0.1 and count the zeros.",
    but=("_from_above",),
)
def inverted_always_keeps_half(x, keep_prob, draw, train):
    return (draw(x.shape, 0.5), 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="What is kept is scaled by the share that happened to be kept, not by keep_prob.",
    hint="The factor is a fixed number, 1 / keep_prob; the chance of the draw does not enter it.",
)
def inverted_scaled_by_the_share_drawn(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob) if train else np.ones(x.shape)
    return kept, 1 / max(np.mean(kept), 1e-300)


@_in_every_form(
    of="dropout_forward",
    says="What is kept is scaled twice: the mask holds 1 / keep_prob, and the result is divided once more.",
    hint="What values does your mask hold, and what happens to the product afterwards?",
)
def inverted_scaled_twice(x, keep_prob, draw, train):
    if not train:
        return np.ones(x.shape), 1.0
    kept = draw(x.shape, keep_prob)
    return kept, 1 / keep_prob, x * kept / keep_prob / keep_prob


@misconception(
    of="dropout_forward",
    says="Normal numbers are compared with keep_prob, which they fall below far too often.",
    hint="Which of the generator's methods draws evenly between 0 and 1?",
)
def inverted_with_normal_numbers(x, keep_prob, rng, train=True):
    mask = (rng.standard_normal(x.shape) < keep_prob) / keep_prob if train else np.ones(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="The random numbers themselves are the mask; they were never compared with keep_prob.",
    hint="A unit is either kept or dropped. Which values may the mask hold?",
)
def inverted_with_noise_for_a_mask(x, keep_prob, rng, train=True):
    mask = rng.random(x.shape) / keep_prob if train else np.ones(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="Always the same number of units is kept, so that they are not independent.",
    hint="If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
)
def inverted_with_a_fixed_number(x, keep_prob, rng, train=True):
    if not train:
        return x * 1.0, np.ones(x.shape)
    mask = np.zeros(x.size)
    mask[rng.permutation(x.size)[: round(keep_prob * x.size)]] = 1 / keep_prob
    mask = mask.reshape(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="Every call has the same mask, as from a generator that is made or set anew inside.",
    hint="Call your function twice with the same x. Draw from the generator you are given.",
)
def inverted_with_its_own_seed(x, keep_prob, rng, train=True):
    mask = (np.random.default_rng(0).random(x.shape) < keep_prob) / keep_prob if train else np.ones(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="Every call has the same mask, as from a generator that is made or set anew inside.",
    hint="Call your function twice with the same x. Draw from rng, not from np.random, and set no seed.",
)
def inverted_with_the_global_seed(x, keep_prob, rng, train=True):
    mask = (np.random.RandomState(1).rand(*x.shape) < keep_prob) / keep_prob if train else np.ones(x.shape)
    return x * mask, mask


@_with_every_draw(
    of="dropout_forward",
    says="The caller's x is overwritten.",
    hint="x *= mask writes into the array that was passed in. Make a new one.",
)
def inverted_overwrites_its_input(x, keep_prob, rng, train=True):
    mask = (rng.random(x.shape) < keep_prob) / keep_prob if train else np.ones(x.shape)
    x *= mask
    return x, mask


@_with_every_draw(
    of="dropout_forward",
    says="Only the output is returned; the cache is missing.",
    hint="How will backward know which units were dropped? f_forward returns a pair.",
)
def inverted_without_cache(x, keep_prob, rng, train=True):
    return x * (rng.random(x.shape) < keep_prob) / keep_prob if train else x * 1.0


@_with_every_draw(
    of="dropout_forward",
    says="With keep_prob 1 a unit is dropped all the same, or the result is not finite.",
    hint="What should keep_prob = 1 do? Look for a division by 1 - keep_prob.",
)
def inverted_with_sizes_swapped(x, keep_prob, rng, train=True):
    mask = (rng.random(x.shape) < keep_prob) * (1 - keep_prob) if train else np.ones(x.shape)
    return x * mask, mask


@_in_every_form(
    of="dropout_forward",
    says="Nothing is dropped, neither while training nor at test time.",
    hint="How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
    but=("_by_binomial", "_from_above"),
)
def inverted_drops_nothing(x, keep_prob, draw, train):
    return np.ones(x.shape), 1.0


@_in_every_form(
    of="dropout_forward",
    says="keep_prob is not used: half of the units are kept, and the factor is 2.",
    hint="Look for a 0.5 in your function. Which argument belongs there?",
    but=("_from_above",),
)
def inverted_with_a_half_for_keep_prob(x, keep_prob, draw, train):
    return (draw(x.shape, 0.5), 2.0) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="The factor is 1 over the root of keep_prob: this keeps the size of the squares, not the mean.",
    hint="Average your output over many masks and compare with x.",
)
def inverted_scaled_by_the_root(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / np.sqrt(keep_prob)) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="Units that should be dropped go on as they are; they must become 0.",
    hint="Which values may the output of an input of 1 have with keep_prob = 0.8?",
)
def inverted_lets_the_dropped_through(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob) if train else np.ones(x.shape, dtype=bool)
    return kept, 1.0, np.where(kept, x / keep_prob, x) if train else x * 1.0


@_in_every_form(
    of="dropout_forward",
    says="A mask is drawn at test time too, though it is not used: the next training mask will be another one.",
    hint="What is the state of rng before and after a look at the dev set? Draw only where train is True.",
)
def inverted_draws_at_test_time(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob)
    return (kept, 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="At test time everything becomes 0.",
    hint="With train=False the output equals x.",
)
def inverted_is_zero_at_test_time(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / keep_prob) if train else (np.zeros(x.shape), 1.0)


@_in_every_form(
    of="dropout_forward",
    says="The mask stands where the output belongs.",
    hint="Which of your two arrays holds the activations, and which of the two comes first?",
)
def inverted_returns_the_mask(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob) / keep_prob if train else np.ones(x.shape)
    return kept, 1.0, kept


@_in_every_form(
    of="dropout_forward",
    says="The caller's x is overwritten where units are dropped.",
    hint="out = x makes no copy: out[...] = 0 writes into the array that was passed in.",
)
def inverted_writes_zeros_into_its_input(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob) if train else np.ones(x.shape)
    x[kept == 0] = 0
    return kept, 1.0, x / keep_prob if train else x


@_in_every_form(
    of="dropout_forward",
    says="Only x with rows and columns is taken; it may have any shape.",
    hint="Which attribute of x can be handed to the generator as it is, whatever the number of axes?",
)
def inverted_takes_two_axes(x, keep_prob, draw, train):
    rows, columns = x.shape
    return (draw((rows, columns), keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@misconception(
    of="dropout_forward",
    says="Always the same number of units is kept, so that they are not independent.",
    hint="If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
)
def inverted_with_a_shuffled_mask(x, keep_prob, rng, train=True):
    mask = np.zeros(x.size)
    mask[: round(keep_prob * x.size)] = 1 / keep_prob
    mask = rng.permutation(mask).reshape(x.shape) if train else np.ones(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="Always the same number of units is kept, so that they are not independent.",
    hint="If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
)
def inverted_with_a_choice_without_replacement(x, keep_prob, rng, train=True):
    if not train:
        return x * 1.0, np.ones(x.shape)
    mask = np.zeros(x.size)
    mask[rng.choice(x.size, round(keep_prob * x.size), replace=False)] = 1 / keep_prob
    mask = mask.reshape(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="Every example keeps the same number of units, so that they are not independent.",
    hint="If four of five units are to be kept, exactly four each time, does one unit tell about the others?",
)
def inverted_with_a_fixed_number_a_row(x, keep_prob, rng, train=True):
    mask = np.zeros(x.shape)
    mask[..., : round(keep_prob * x.shape[-1])] = 1 / keep_prob
    mask = rng.permuted(mask, axis=-1) if train else np.ones(x.shape)
    return x * mask, mask


@misconception(
    of="dropout_forward",
    says="The activations are multiplied by normal noise around 1; dropout keeps a unit or makes it 0.",
    hint="Which values may the output of an input of 1 have with keep_prob = 0.8?",
)
def inverted_with_normal_noise(x, keep_prob, rng, train=True):
    spread = np.sqrt((1 - keep_prob) / keep_prob)
    mask = rng.normal(1, spread, x.shape) if train else np.ones(x.shape)
    return x * mask, mask


# ---------------------------------------------------------------- classic_dropout_forward: its cache


@_with_every_draw(
    of="classic_dropout_forward",
    says="The output is right, but the cache is empty.",
    hint="How will backward know which units were dropped?",
)
def classic_with_an_empty_cache(x, keep_prob, rng, train=True):
    return x * (rng.random(x.shape) < keep_prob if train else keep_prob), None


@_with_every_draw(
    of="classic_dropout_forward",
    says="The output is right, but with its cache backward scales the gradient by 1 / keep_prob, which forward did not.",
    hint="The gradient of x * mask is the mask. What does your dropout_backward make of this cache?",
)
def classic_with_the_inverted_cache(x, keep_prob, rng, train=True):
    mask = rng.random(x.shape) < keep_prob if train else np.full(x.shape, keep_prob)
    return x * mask, mask / keep_prob


@_with_every_draw(
    of="classic_dropout_forward",
    says="The output at test time is right, but its cache lacks the factor keep_prob.",
    hint="At test time the output is keep_prob * x. What is its gradient?",
)
def classic_with_a_cache_of_ones(x, keep_prob, rng, train=True):
    mask = rng.random(x.shape) < keep_prob if train else np.ones(x.shape)
    return x * mask * (1.0 if train else keep_prob), mask


# ---------------------------------------------------------------- dropout_backward


def _read(cache):
    """Which units were kept, and by what they were multiplied."""
    return (cache != 0).astype(float), cache.max(initial=0) or 1.0


@misconception(
    of="dropout_backward",
    says="The mask is applied, but not the factor 1 / keep_prob.",
    hint="Forward computes x * mask / keep_prob. What is the derivative of that?",
)
def gradient_without_scale(dout, cache):
    kept, _ = _read(cache)
    return dout * kept


@misconception(
    of="dropout_backward",
    says="The gradient is multiplied by keep_prob instead of divided by it.",
    hint="Forward divides by keep_prob. Does the derivative of x / p multiply by p?",
)
def gradient_times_keep_prob(dout, cache):
    kept, scale = _read(cache)
    return dout * kept / scale


@misconception(
    of="dropout_backward",
    says="The gradient goes straight through, also to units that were dropped.",
    hint="A dropped unit sent nothing forward. What is its share in the loss?",
)
def gradient_straight_through(dout, cache):
    return dout * 1.0


@misconception(
    of="dropout_backward",
    says="The gradient is scaled, but also reaches units that were dropped.",
    hint="A dropped unit sent nothing forward. What is its share in the loss?",
)
def gradient_scaled_without_mask(dout, cache):
    _, scale = _read(cache)
    return dout * scale


@misconception(
    of="dropout_backward",
    says="The mask is upside down: the gradient reaches the units that were dropped, not those that were kept.",
    hint="Through which units did this example's signal go forward?",
)
def gradient_to_the_dropped(dout, cache):
    kept, scale = _read(cache)
    return dout * (1 - kept) * scale


@misconception(
    of="dropout_backward",
    says="The factor 1 / keep_prob is applied twice.",
    hint="Does the mask in your cache hold ones or 1 / keep_prob?",
)
def gradient_scaled_twice(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale * scale


@misconception(
    of="dropout_backward",
    says="The gradient is divided by the probability of dropping.",
    hint="Which factor did forward use?",
)
def gradient_scaled_by_drop_probability(dout, cache):
    kept, scale = _read(cache)
    return dout * kept / (1 - 1 / scale) if scale > 1 else dout * kept


@misconception(
    of="dropout_backward",
    says="A new mask is drawn in backward.",
    hint="The gradient belongs to the network that ran forward. Which units did that one have?",
)
def gradient_through_a_new_mask(dout, cache):
    _, scale = _read(cache)
    return dout * (np.random.default_rng(0).random(dout.shape) < 1 / scale) * scale


@misconception(
    of="dropout_backward",
    says="The mask of the first example is used for all.",
    hint="Each example has a mask of its own. What shape has the one you multiply by?",
)
def gradient_through_the_first_mask(dout, cache):
    kept, scale = _read(cache)
    return dout * kept[:1] * scale


@misconception(
    of="dropout_backward",
    says="The gradient is averaged over the batch.",
    hint="dout is the gradient of a mean already. What does dropout add to that?",
)
def gradient_averaged(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale / len(dout)


@misconception(
    of="dropout_backward",
    says="The gradient is scaled by the share that happened to be kept, not by keep_prob.",
    hint="Forward's factor is the fixed number 1 / keep_prob.",
)
def gradient_scaled_by_the_share_drawn(dout, cache):
    kept, _ = _read(cache)
    return dout * kept / max(kept.mean(), 1e-300)


@misconception(
    of="dropout_backward",
    says="The caller's dout is overwritten.",
    hint="dout *= mask writes into the array that was passed in. Make a new one.",
)
def gradient_overwrites_dout(dout, cache):
    kept, scale = _read(cache)
    dout *= kept * scale
    return dout


@misconception(
    of="dropout_backward",
    says="The sign of the gradient is lost or cut off, as if a ReLU stood here.",
    hint="May a gradient be negative? Which entries does dropout set to 0?",
)
def gradient_without_negatives(dout, cache):
    kept, scale = _read(cache)
    return np.maximum(dout, 0) * kept * scale


@misconception(
    of="dropout_backward",
    says="The cache comes back along with the gradient.",
    hint="x is the only input with a gradient. How many things should come back?",
)
def gradient_and_cache(dout, cache):
    kept, scale = _read(cache)
    return dout * kept * scale, cache


@misconception(
    of="dropout_backward",
    says="The mask is upside down, and the factor 1 / keep_prob is missing.",
    hint="Through which units did this example's signal go forward, and with which factor?",
)
def gradient_to_the_dropped_without_scale(dout, cache):
    kept, _ = _read(cache)
    return dout * (1 - kept)


@misconception(
    of="dropout_backward",
    says="The gradients of all examples are summed up; dx has the shape of x.",
    hint="Does an example's activation belong to other examples? Which shape has x?",
)
def gradient_summed_over_the_batch(dout, cache):
    return (dout * cache).sum(axis=0)


@misconception(
    of="dropout_backward",
    says="The mask itself is returned; the chain rule multiplies it by dout.",
    hint="The mask is the derivative of out with respect to x. What is missing to that of the loss?",
)
def gradient_is_the_mask(dout, cache):
    return cache.astype(float)


@misconception(
    of="dropout_backward",
    says="The sign of the gradient is flipped.",
    hint="Forward multiplies by a positive factor. Where does the minus come from?",
)
def gradient_with_a_minus(dout, cache):
    return -dout * cache


@misconception(
    of="dropout_backward",
    says="Nothing is returned.",
    hint="Does your function end with return?",
)
def gradient_not_returned(dout, cache):
    return None


@misconception(
    of="dropout_backward",
    says="The caller's dout is overwritten where units were dropped.",
    hint="dout[...] = 0 writes into the array that was passed in. Make a new one.",
)
def gradient_writes_zeros_into_dout(dout, cache):
    dout[cache == 0] = 0
    return dout * cache


@misconception(
    of="dropout_backward",
    says="The cache is overwritten, so that the same call made again gives another gradient.",
    hint="Does cache *= dout make a new array?",
)
def gradient_writes_into_the_cache(dout, cache):
    cache *= dout
    return cache


@misconception(
    of="dropout_backward",
    says="Where nothing was dropped, the gradient is 0; it must go through as it is.",
    hint="At test time out equals x. What is the derivative?",
)
def gradient_is_zero_at_test_time(dout, cache):
    return dout * cache * (1.0 if np.unique(cache).size > 1 or cache.max() != 1 else 0.0)


# ---------------------------------------------------------------- classic_dropout_forward


@_in_every_form(
    of="classic_dropout_forward",
    says="What is kept is scaled while training as well, as in inverted dropout.",
    hint="In the classic form the one factor stands at test time. What are the two means now?",
)
def classic_scales_while_training_too(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="The output is not scaled at test time, so it is larger than anything seen while training.",
    hint="Compare the mean of the training output with the output at test time.",
)
def classic_without_scale_at_test_time(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob) if train else np.ones(x.shape)), 1.0


@_in_every_form(
    of="classic_dropout_forward",
    says="This is inverted dropout again: scaled while training, nothing done at test time.",
    hint="Where does the factor stand in the classic form?",
)
def classic_is_the_inverted_form(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1 / keep_prob) if train else (np.ones(x.shape), 1.0)


@_in_every_form(
    of="classic_dropout_forward",
    says="The output is divided by keep_prob at test time instead of multiplied.",
    hint="With units missing the training mean was smaller than x. Must the test-time output grow or shrink?",
)
def classic_divides_at_test_time(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1.0) if train else (np.ones(x.shape), 1 / keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="The output at test time is multiplied by the probability of dropping.",
    hint="If nearly everything was kept while training, should the factor be near 1 or near 0?",
)
def classic_scales_by_drop_probability(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1.0) if train else (np.ones(x.shape), 1 - keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.",
    hint="A uniform number is below 0.9 in 9 of 10 cases. With keep_prob = 0.9, what share of your output is 0?",
)
def classic_keeps_what_should_go(x, keep_prob, draw, train):
    return (draw(x.shape, 1 - keep_prob), 1.0) if train else (np.ones(x.shape), keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="Units are dropped at test time too.",
    hint="Predict twice for the same x with train=False. Should the answers differ?",
)
def classic_drops_at_test_time(x, keep_prob, draw, train):
    return draw(x.shape, keep_prob), 1.0 if train else keep_prob


@_in_every_form(
    of="classic_dropout_forward",
    says="What is kept is multiplied by keep_prob while training.",
    hint="In the classic form nothing at all is scaled while training.",
)
def classic_shrinks_while_training(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob) if train else np.ones(x.shape)), keep_prob


@_in_every_form(
    of="classic_dropout_forward",
    says="train is read the wrong way round.",
    hint="Which of the two branches runs when train is True?",
)
def classic_with_train_upside_down(x, keep_prob, draw, train):
    return (np.ones(x.shape), keep_prob) if train else (draw(x.shape, keep_prob), 1.0)


@_in_every_form(
    of="classic_dropout_forward",
    says="One mask is drawn for all examples of the batch.",
    hint="Print the mask of a batch of ones: do two examples lose the same units? Which shape must be drawn?",
)
def classic_with_one_mask_for_all(x, keep_prob, draw, train):
    kept = draw(x.shape[1:] if x.ndim > 1 else (1,), keep_prob) if train else np.ones(x.shape)
    return kept, 1.0 if train else keep_prob


@_in_every_form(
    of="classic_dropout_forward",
    says="Whole examples are dropped: one number is drawn for each row.",
    hint="It is units that are dropped, and each on its own. Which shape must be drawn?",
)
def classic_dropping_whole_rows(x, keep_prob, draw, train):
    kept = draw((len(x),) + (1,) * (x.ndim - 1), keep_prob) if train else np.ones(x.shape)
    return kept, 1.0 if train else keep_prob


@_in_every_form(
    of="classic_dropout_forward",
    says="Half of the units are kept, whatever keep_prob says.",
    hint="Where does keep_prob enter your mask? Try 0.9 and 0.1 and count the zeros.",
    but=("_from_above",),
)
def classic_always_keeps_half(x, keep_prob, draw, train):
    return (draw(x.shape, 0.5), 1.0) if train else (np.ones(x.shape), keep_prob)


@misconception(
    of="classic_dropout_forward",
    says="Every call has the same mask, as from a generator that is made or set anew inside.",
    hint="Call your function twice with the same x. Draw from the generator you are given.",
)
def classic_with_its_own_seed(x, keep_prob, rng, train=True):
    mask = np.random.default_rng(0).random(x.shape) < keep_prob if train else np.full(x.shape, keep_prob)
    return x * mask, mask


@_with_every_draw(
    of="classic_dropout_forward",
    says="The caller's x is overwritten.",
    hint="x *= mask writes into the array that was passed in. Make a new one.",
)
def classic_overwrites_its_input(x, keep_prob, rng, train=True):
    mask = rng.random(x.shape) < keep_prob if train else np.full(x.shape, keep_prob)
    x *= mask
    return x, mask


@_with_every_draw(
    of="classic_dropout_forward",
    says="Only the output is returned; the cache is missing.",
    hint="How will backward know which units were dropped? f_forward returns a pair.",
)
def classic_without_cache(x, keep_prob, rng, train=True):
    return x * (rng.random(x.shape) < keep_prob if train else keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="A mask is drawn at test time too, though it is not used: the next training mask will be another one.",
    hint="What is the state of rng before and after a look at the dev set? Draw only where train is True.",
)
def classic_draws_at_test_time(x, keep_prob, draw, train):
    kept = draw(x.shape, keep_prob)
    return (kept, 1.0) if train else (np.ones(x.shape), keep_prob)


@_in_every_form(
    of="classic_dropout_forward",
    says="Nothing is dropped while training.",
    hint="How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
    but=("_by_binomial", "_from_above"),
)
def classic_drops_nothing(x, keep_prob, draw, train):
    return np.ones(x.shape), 1.0 if train else keep_prob


@_in_every_form(
    of="classic_dropout_forward",
    says="The output at test time is multiplied by keep_prob twice.",
    hint="Compare the mean of the training output with the output at test time.",
)
def classic_scales_twice(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1.0) if train else (np.ones(x.shape), keep_prob**2)


@_in_every_form(
    of="classic_dropout_forward",
    says="The output at test time is multiplied by the root of keep_prob.",
    hint="Compare the mean of the training output with the output at test time.",
)
def classic_scales_by_the_root(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1.0) if train else (np.ones(x.shape), np.sqrt(keep_prob))


@_in_every_form(
    of="classic_dropout_forward",
    says="The output at test time is halved, whatever keep_prob says.",
    hint="Look for a 0.5 in your function. Which argument belongs there?",
)
def classic_halves_at_test_time(x, keep_prob, draw, train):
    return (draw(x.shape, keep_prob), 1.0) if train else (np.ones(x.shape), 0.5)


@_with_every_draw(
    of="classic_dropout_forward",
    says="The output is right, but while training its cache makes backward scale the gradient by 1 / keep_prob.",
    hint="The gradient of x * mask is the mask. What does your dropout_backward make of this cache?",
)
def classic_with_the_inverted_cache_while_training(x, keep_prob, rng, train=True):
    if not train:
        return keep_prob * x, np.full(x.shape, keep_prob)
    mask = rng.random(x.shape) < keep_prob
    return x * mask, mask / keep_prob


@_with_every_draw(
    of="classic_dropout_forward",
    says="The caller's x is overwritten at test time.",
    hint="x *= keep_prob writes into the array that was passed in. Make a new one.",
)
def classic_overwrites_its_input_at_test_time(x, keep_prob, rng, train=True):
    if not train:
        x *= keep_prob
        return x, np.full(x.shape, keep_prob)
    mask = rng.random(x.shape) < keep_prob
    return x * mask, 1.0 * mask


@misconception(
    of="classic_dropout_forward",
    says="Always the same number of units is kept, so that they are not independent.",
    hint="If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
)
def classic_with_a_shuffled_mask(x, keep_prob, rng, train=True):
    mask = np.zeros(x.size)
    mask[: round(keep_prob * x.size)] = 1.0
    mask = rng.permutation(mask).reshape(x.shape) if train else np.full(x.shape, keep_prob)
    return x * mask, mask


# ---------------------------------------------------------------- forward_with_dropout


def _mask(shape, keep_prob, rng, train=True):
    return (rng.random(shape) < keep_prob) / keep_prob if train else np.ones(shape)


def _net(x, params, masks, *, between=relu, last=None):
    """Run the net with ``masks(i, a)`` on the input of layer i, and keep what the solution keeps."""
    a, cache = x, []
    for i in (1, 2, 3):
        mask = masks(i, a)
        z, affine_cache = affine_forward(a * mask, params[f"W{i}"], params[f"b{i}"])
        cache.append((mask, affine_cache, z))
        a = between(z)
    return (last(z) if last else z), cache


@_with_every_draw(
    of="forward_with_dropout",
    says="Dropout stands behind each layer: the scores are dropped, and the input is not.",
    hint="Which three arrays do the keep probabilities belong to? The scores are not among them.",
)
def net_drops_behind_each_layer(x, params, keep_probs, rng, train=True):
    a, cache = x, []
    for i in (1, 2, 3):
        z, affine_cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        a = relu(z) if i < 3 else z
        mask = _mask(a.shape, keep_probs[i - 1], rng, train)
        cache.append((mask, affine_cache, z))
        a = a * mask
    return a, cache


@_with_every_draw(
    of="forward_with_dropout",
    says="The scores are dropped as well.",
    hint="Is any of your scores exactly 0? A dropped score is a wrong answer, not a missing unit.",
)
def net_drops_the_scores_too(x, params, keep_probs, rng, train=True):
    scores, cache = _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train))
    return scores * _mask(scores.shape, keep_probs[2], rng, train), cache


@_with_every_draw(
    of="forward_with_dropout",
    says="The keep probabilities are used in reverse order.",
    hint="The first one belongs to the input. Set one of them below 1 and see which layer loses units.",
)
def net_with_probabilities_reversed(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[3 - i], rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="The first keep probability is used for every layer.",
    hint="Each layer has its own. Set one of them below 1 and see which layers lose units.",
)
def net_with_one_probability(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[0], rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="The keep probabilities belong to the wrong layers: the input gets the hidden layer's.",
    hint="The first one belongs to the input. Does Python's counting from 0 meet a loop that counts from 1?",
)
def net_with_probabilities_shifted(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i % 3], rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="The input is never dropped, though its keep probability is below 1.",
    hint="There are three keep probabilities. What does the first one do in your function?",
)
def net_without_dropout_on_the_input(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train and i > 1))


@_with_every_draw(
    of="forward_with_dropout",
    says="Nothing is dropped in the last hidden layer.",
    hint="There are three keep probabilities. What does the third one do in your function?",
)
def net_without_dropout_before_the_last(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train and i < 3))


@_with_every_draw(
    of="forward_with_dropout",
    says="What is kept is not scaled.",
    hint="Average the scores of many calls and compare with those at test time.",
)
def net_without_scale(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: (_mask(a.shape, keep_probs[i - 1], rng, train) != 0) * 1.0)


@_with_every_draw(
    of="forward_with_dropout",
    says="Units are kept with probability 1 - keep_prob.",
    hint="With keep_probs of 0.9, nine of ten units must come through.",
)
def net_keeping_what_should_go(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        return (rng.random(a.shape) < 1 - keep_probs[i - 1]) / keep_probs[i - 1] if train else np.ones(a.shape)

    return _net(x, params, masks)


@_with_every_draw(
    of="forward_with_dropout",
    says="Units are dropped at test time too: train is not passed on.",
    hint="Predict twice with train=False. Who has to be told about train?",
)
def net_dropping_at_test_time(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng))


@_with_every_draw(
    of="forward_with_dropout",
    says="The activations are scaled by keep_prob at test time, though they were scaled while training already.",
    hint="Inverted or classic: one factor, not both.",
)
def net_scaling_at_test_time_too(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        return _mask(a.shape, keep_probs[i - 1], rng) if train else np.full(a.shape, keep_probs[i - 1])

    return _net(x, params, masks)


@_with_every_draw(
    of="forward_with_dropout",
    says="All examples of the batch have the same masks.",
    hint="Give the net a batch of equal examples: should their scores be equal?",
)
def net_with_one_mask_for_all(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        return np.tile(_mask(a.shape[1:], keep_probs[i - 1], rng, train), (len(a), 1))

    return _net(x, params, masks)


@misconception(
    of="forward_with_dropout",
    says="Every layer draws from a generator made inside, so that all calls have the same masks.",
    hint="Call your function twice. Pass rng on to each layer.",
)
def net_with_its_own_seed(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], np.random.default_rng(0), train))


@_with_every_draw(
    of="forward_with_dropout",
    says="This is the classic form: nothing is scaled while training, and everything at test time.",
    hint="The inverted form is asked for: dropout_forward, not classic_dropout_forward.",
)
def net_in_the_classic_form(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        return (rng.random(a.shape) < keep_probs[i - 1]) * 1.0 if train else np.full(a.shape, keep_probs[i - 1])

    return _net(x, params, masks)


@_with_every_draw(
    of="forward_with_dropout",
    says="Whole examples are dropped in a layer: one number is drawn for each row.",
    hint="It is units that are dropped, and each on its own. Which shape must be drawn?",
)
def net_dropping_whole_examples(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        return np.tile(_mask((len(a), 1), keep_probs[i - 1], rng, train), (1, a.shape[1]))

    return _net(x, params, masks)


@misconception(
    of="forward_with_dropout",
    says="Layers of one width share their random numbers.",
    hint="Does each layer draw for itself? With equal keep probabilities, are two layers' masks ever different?",
)
def net_with_masks_shared_by_layers(x, params, keep_probs, rng, train=True):
    drawn = {}

    def masks(i, a):
        if not train:
            return np.ones(a.shape)
        if a.shape not in drawn:
            drawn[a.shape] = rng.random(a.shape)
        return (drawn[a.shape] < keep_probs[i - 1]) / keep_probs[i - 1]

    return _net(x, params, masks)


@_with_every_draw(
    of="forward_with_dropout",
    says="The weights are dropped, not the units.",
    hint="Dropout multiplies activations, (N, units), by a mask. Which shape has what you multiply?",
)
def net_dropping_weights(x, params, keep_probs, rng, train=True):
    a, cache = x, []
    for i in (1, 2, 3):
        mask = _mask(params[f"W{i}"].shape, keep_probs[i - 1], rng, train)
        z, affine_cache = affine_forward(a, params[f"W{i}"] * mask, params[f"b{i}"])
        cache.append((mask, affine_cache, z))
        a = relu(z)
    return z, cache


@_with_every_draw(
    of="forward_with_dropout",
    says="The scores go through a ReLU.",
    hint="May a score be negative? No activation follows the last layer.",
)
def net_with_relu_on_the_scores(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), last=relu)


@_with_every_draw(
    of="forward_with_dropout",
    says="There is no ReLU between the layers.",
    hint="What do three affine layers in a row compute without anything between them?",
)
def net_without_relu(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), between=lambda z: z)


@_with_every_draw(
    of="forward_with_dropout",
    says="Probabilities are returned, not scores.",
    hint="softmax_cross_entropy takes scores and applies softmax itself.",
)
def net_with_probabilities(x, params, keep_probs, rng, train=True):
    def probabilities(z):
        exp = np.exp(z - z.max(axis=1, keepdims=True))
        return exp / exp.sum(axis=1, keepdims=True)

    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), last=probabilities)


@_with_every_draw(
    of="forward_with_dropout",
    says="Only the scores are returned; the cache is missing.",
    hint="What will backward_with_dropout need? f_forward returns a pair.",
)
def net_without_cache(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train))[0]


@_with_every_draw(
    of="forward_with_dropout",
    says="The biases are left out.",
    hint="What are the scores for an input of zeros?",
)
def net_without_biases(x, params, keep_probs, rng, train=True):
    bare = {name: value * (0.0 if name.startswith("b") else 1.0) for name, value in params.items()}
    return _net(x, bare, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="The caller's x is overwritten by the dropped one.",
    hint="Does x *= mask make a new array?",
)
def net_overwriting_its_input(x, params, keep_probs, rng, train=True):
    mask = _mask(x.shape, keep_probs[0], rng, train)
    x *= mask
    scores, cache = _net(
        x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train) if i > 1 else mask * 0 + 1
    )
    return scores, [(mask, *cache[0][1:]), *cache[1:]]


@_with_every_draw(
    of="forward_with_dropout",
    says="train is read the wrong way round: units are dropped at test time and none while training.",
    hint="Which of the two branches runs when train is True?",
)
def net_with_train_upside_down(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, not train))


@_with_every_draw(
    of="forward_with_dropout",
    says="Nothing is ever dropped.",
    hint="Are the scores with keep_probs of 0.5 those without dropout? Where does your function use keep_probs?",
    but=("_by_binomial", "_from_above"),
)
def net_dropping_nothing(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: np.ones(a.shape))


@_with_every_draw(
    of="forward_with_dropout",
    says="Half of the units are kept in every layer; keep_probs is not used.",
    hint="Look for a 0.5 in your function. Which argument belongs there?",
    but=("_from_above",),
)
def net_with_a_half_for_keep_probs(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, 0.5, rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="The last keep probability is used for every layer.",
    hint="Each layer has its own. Set one of them below 1 and see which layers lose units.",
)
def net_with_the_last_probability(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[2], rng, train))


@_with_every_draw(
    of="forward_with_dropout",
    says="What is kept is divided by keep_prob twice.",
    hint="Does dropout_forward scale already?",
)
def net_scaling_twice(x, params, keep_probs, rng, train=True):
    return _net(
        x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train) / (keep_probs[i - 1] if train else 1)
    )


@_with_every_draw(
    of="forward_with_dropout",
    says="There is no ReLU after the second layer.",
    hint="Which two of the three layers are followed by an activation?",
)
def net_without_the_second_relu(x, params, keep_probs, rng, train=True):
    seen = []

    def between(z):
        seen.append(z)
        return relu(z) if len(seen) == 1 else z

    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), between=between)


@_with_every_draw(
    of="forward_with_dropout",
    says="There is no ReLU after the first layer.",
    hint="Which two of the three layers are followed by an activation?",
)
def net_without_the_first_relu(x, params, keep_probs, rng, train=True):
    seen = []

    def between(z):
        seen.append(z)
        return z if len(seen) == 1 else relu(z)

    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), between=between)


@_with_every_draw(
    of="forward_with_dropout",
    says="The activation is a sigmoid; this net has ReLUs.",
    hint="Which function follows the first and the second layer?",
)
def net_with_sigmoids(x, params, keep_probs, rng, train=True):
    masks = lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train)  # noqa: E731
    return _net(x, params, masks, between=lambda z: 1 / (1 + np.exp(-z)))


@_with_every_draw(
    of="forward_with_dropout",
    says="The activation is a tanh; this net has ReLUs.",
    hint="Which function follows the first and the second layer?",
)
def net_with_tanh(x, params, keep_probs, rng, train=True):
    return _net(x, params, lambda i, a: _mask(a.shape, keep_probs[i - 1], rng, train), between=np.tanh)


@_with_every_draw(
    of="forward_with_dropout",
    says="Masks are drawn at test time too, though they are not used: the next training masks will be others.",
    hint="What is the state of rng before and after a look at the dev set? Draw only where train is True.",
)
def net_drawing_at_test_time(x, params, keep_probs, rng, train=True):
    def masks(i, a):
        mask = _mask(a.shape, keep_probs[i - 1], rng)
        return mask if train else np.ones(a.shape)

    return _net(x, params, masks)


# ---------------------------------------------------------------- backward_with_dropout


def _back(dscores, cache, through, *, inputs=None, slope=relu_backward):
    """Go back through the solution's cache; ``through(i, da, mask)`` is dropout's part in front of layer i."""
    grads, dz = {}, dscores
    for i in (3, 2, 1):
        mask, affine_cache, _ = cache[i - 1]
        da, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, affine_cache)
        if inputs is not None and i > 1:
            grads[f"W{i}"] = inputs(cache[i - 2][2]).T @ dz
        if i > 1:
            dz = slope(through(i, da, mask), cache[i - 2][2])
    return grads


def _masked(i, da, mask):
    return da * mask


@misconception(
    of="backward_with_dropout",
    says="The masks are left out: the gradient also reaches units that were dropped.",
    hint="Every step of forward has its step in backward. Where is dropout's?",
)
def net_gradient_without_masks(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da)


@misconception(
    of="backward_with_dropout",
    says="The masks are applied without the factor 1 / keep_prob.",
    hint="Compare with central differences, with one keep probability below 1.",
)
def net_gradient_without_scale(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da * (mask != 0))


@misconception(
    of="backward_with_dropout",
    says="The gradient is multiplied by keep_prob where it must be divided.",
    hint="Forward divides by keep_prob. What is the derivative of that?",
)
def net_gradient_times_keep_prob(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da * np.where(mask > 0, 1 / np.maximum(mask, 1e-300), 0))


@misconception(
    of="backward_with_dropout",
    says="The masks are applied twice, so the factor 1 / keep_prob is squared.",
    hint="Do both your dropout_backward and another line multiply by the mask?",
)
def net_gradient_masked_twice(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da * mask * mask)


@misconception(
    of="backward_with_dropout",
    says="The gradient reaches the units that were dropped, not those that were kept.",
    hint="Through which units did the signal go forward?",
)
def net_gradient_to_the_dropped(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da * (mask == 0) * mask.max())


@misconception(
    of="backward_with_dropout",
    says="New masks are drawn in backward.",
    hint="Which units did the forward call have? Your cache must know.",
)
def net_gradient_through_new_masks(dscores, cache):
    rng = np.random.default_rng(0)
    return _back(dscores, cache, lambda i, da, mask: da * (rng.random(da.shape) < 1 / mask.max()) * mask.max())


@misconception(
    of="backward_with_dropout",
    says="Only the last mask is used; further back the gradient goes straight through.",
    hint="How many layers have a mask, and how many of them does your backward pass meet?",
)
def net_gradient_through_the_last_mask_only(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da * mask if i == 3 else da)


@misconception(
    of="backward_with_dropout",
    says="The derivative of ReLU is left out.",
    hint="Every step of forward has its step in backward. Where is ReLU's?",
)
def net_gradient_without_relu(dscores, cache):
    return _back(dscores, cache, _masked, slope=lambda da, z: da)


@misconception(
    of="backward_with_dropout",
    says="ReLU's derivative looks at the gradient instead of at z.",
    hint="Where does ReLU's slope change: where its input is 0, or where the gradient is?",
)
def net_gradient_with_relu_of_the_gradient(dscores, cache):
    return _back(dscores, cache, _masked, slope=lambda da, z: da * (da > 0))


@misconception(
    of="backward_with_dropout",
    says="The weights' gradients use the activations before dropout.",
    hint="What did layer 2 receive: relu(z1), or what dropout left of it?",
)
def net_gradient_with_undropped_inputs(dscores, cache):
    return _back(dscores, cache, _masked, inputs=relu)


@misconception(
    of="backward_with_dropout",
    says="The gradients are averaged over the batch once more.",
    hint="dscores holds the 1 / N of the mean already. What does affine_backward do?",
)
def net_gradient_averaged_again(dscores, cache):
    return {name: value / len(dscores) for name, value in _back(dscores, cache, _masked).items()}


@misconception(
    of="backward_with_dropout",
    says="The biases have no gradients.",
    hint="Six parameters, six gradients.",
)
def net_gradient_without_biases(dscores, cache):
    return {name: value for name, value in _back(dscores, cache, _masked).items() if name.startswith("W")}


@misconception(
    of="backward_with_dropout",
    says="The gradients of the biases are averaged, those of the weights summed.",
    hint="A bias is a weight whose input is 1. How do the examples add up for a weight?",
)
def net_gradient_with_mean_biases(dscores, cache):
    grads = _back(dscores, cache, _masked)
    return {name: value / len(dscores) if name.startswith("b") else value for name, value in grads.items()}


@misconception(
    of="backward_with_dropout",
    says="The gradients come as a list, without their names.",
    hint="Return a dict with the names of params.",
)
def net_gradient_as_a_list(dscores, cache):
    grads = _back(dscores, cache, _masked)
    return [grads[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3")]


@misconception(
    of="backward_with_dropout",
    says="The keys are called dW1, db1 and so on.",
    hint="Return the gradients under the names of their parameters.",
)
def net_gradient_with_other_names(dscores, cache):
    return {f"d{name}": value for name, value in _back(dscores, cache, _masked).items()}


@misconception(
    of="backward_with_dropout",
    says="A ReLU stands in front of the scores' gradient, where forward has none.",
    hint="No activation follows the last layer. What does backward begin with?",
)
def net_gradient_with_relu_on_the_scores(dscores, cache):
    return _back(relu_backward(dscores, cache[2][2]), cache, _masked)


@misconception(
    of="backward_with_dropout",
    says="ReLU's derivative is upside down: the gradient goes through where z is negative.",
    hint="Which units of a ReLU send something forward?",
)
def net_gradient_with_relu_upside_down(dscores, cache):
    return _back(dscores, cache, _masked, slope=lambda da, z: da * (z < 0))


@misconception(
    of="backward_with_dropout",
    says="The gradient is multiplied by ReLU's output instead of by its derivative.",
    hint="What is the slope of ReLU at z = 3?",
)
def net_gradient_times_relu(dscores, cache):
    return _back(dscores, cache, _masked, slope=lambda da, z: da * np.maximum(z, 0))


@misconception(
    of="backward_with_dropout",
    says="relu_backward has its two arguments in each other's place.",
    hint="Compare your call with the signature: which comes first?",
)
def net_gradient_with_relu_arguments_swapped(dscores, cache):
    return _back(dscores, cache, _masked, slope=lambda da, z: z * (da > 0))


@misconception(
    of="backward_with_dropout",
    says="The derivative of the first ReLU is left out.",
    hint="How many ReLUs does the gradient meet on its way from the scores to W1?",
)
def net_gradient_without_the_first_relu(dscores, cache):
    first = cache[0][2]
    return _back(dscores, cache, _masked, slope=lambda da, z: da if z is first else relu_backward(da, z))


@misconception(
    of="backward_with_dropout",
    says="The derivative of the second ReLU is left out.",
    hint="How many ReLUs does the gradient meet on its way from the scores to W2?",
)
def net_gradient_without_the_second_relu(dscores, cache):
    second = cache[1][2]
    return _back(dscores, cache, _masked, slope=lambda da, z: da if z is second else relu_backward(da, z))


@misconception(
    of="backward_with_dropout",
    says="The mask in front of the last layer is left out.",
    hint="How many layers have a mask, and how many of them does your backward pass meet?",
)
def net_gradient_without_the_last_mask(dscores, cache):
    return _back(dscores, cache, lambda i, da, mask: da if i == 3 else da * mask)


@misconception(
    of="backward_with_dropout",
    says="The weights' gradients use the kept activations without their factor 1 / keep_prob.",
    hint="What exactly did the affine layer receive in the forward pass?",
)
def net_gradient_with_unscaled_inputs(dscores, cache):
    grads = _back(dscores, cache, _masked)
    for i in (1, 2, 3):
        scale = cache[i - 1][0].max(initial=0) or 1.0
        grads[f"W{i}"] = grads[f"W{i}"] / scale
    return grads


@misconception(
    of="backward_with_dropout",
    says="The gradients of the biases keep an axis of length 1.",
    hint="Which shape has b1, and which its gradient?",
)
def net_gradient_with_bias_rows(dscores, cache):
    grads = _back(dscores, cache, _masked)
    return {name: value[np.newaxis] if name[0] == "b" else value for name, value in grads.items()}


@misconception(
    of="backward_with_dropout",
    says="The gradients of the biases are summed over everything.",
    hint="Over which of the two axes must be summed, so that a number for each unit is left?",
)
def net_gradient_with_bias_numbers(dscores, cache):
    grads = _back(dscores, cache, _masked)
    return {name: value.sum() if name[0] == "b" else value for name, value in grads.items()}


@misconception(
    of="backward_with_dropout",
    says="The gradients of the weights are transposed.",
    hint="Compare their shapes with those of W1, W2 and W3.",
)
def net_gradient_transposed(dscores, cache):
    return {name: value.T for name, value in _back(dscores, cache, _masked).items()}


@misconception(
    of="backward_with_dropout",
    says="The gradients of weights and biases have each other's name.",
    hint="In which order does affine_backward return its gradients?",
)
def net_gradient_with_names_swapped(dscores, cache):
    swapped = {"W": "b", "b": "W"}
    return {swapped[name[0]] + name[1]: value for name, value in _back(dscores, cache, _masked).items()}


@misconception(
    of="backward_with_dropout",
    says="All gradients have the wrong sign.",
    hint="The gradient points uphill; the minus belongs to the step.",
)
def net_gradient_with_a_minus(dscores, cache):
    return {name: -value for name, value in _back(dscores, cache, _masked).items()}


@misconception(
    of="backward_with_dropout",
    says="Nothing is returned.",
    hint="Does your function end with return?",
)
def net_gradient_not_returned(dscores, cache):
    return None


@misconception(
    of="backward_with_dropout",
    says="The gradient stops at the last layer: those before it get zeros.",
    hint="What is handed from the third layer to the second?",
)
def net_gradient_of_the_last_layer_alone(dscores, cache):
    grads = _back(dscores, cache, _masked)
    return {name: value if name[1] == "3" else np.zeros_like(value) for name, value in grads.items()}


@misconception(
    of="backward_with_dropout",
    says="The caller's dscores is overwritten.",
    hint="dscores *= or /= writes into the array that was passed in. Make a new one.",
)
def net_gradient_overwriting_dscores(dscores, cache):
    grads = _back(dscores.copy(), cache, _masked)
    dscores /= len(dscores)
    return grads


@misconception(
    of="backward_with_dropout",
    says="The entries are taken out of the cache, so that it cannot be used again.",
    hint="list.pop and dict.pop remove what they return. Reading is enough.",
)
def net_gradient_emptying_the_cache(dscores, cache):
    grads = _back(dscores, list(cache), _masked)
    del cache[:]
    return grads


@misconception(
    of="backward_with_dropout",
    says="The derivative of softmax is applied again; dscores holds it already.",
    hint="With respect to what is dscores the gradient of the cost?",
)
def net_gradient_through_softmax_again(dscores, cache):
    scores = cache[2][2]
    return _back(dscores * scores * (1 - scores), cache, _masked)
