"""dropout_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

from .common import (
    _check_counts_vary,
    _check_draws_nothing_at_test_time,
    _check_fresh,
    _check_leaves_its_input,
    _check_rng,
    _each_unit_on_its_own,
    _in_every_form,
    _input,
    _kept,
    _margin,
    _no_line_is_constant,
    _out,
    _share,
    _with_every_draw,
)


def _inverted(keep_prob, train=True):
    return 1 / keep_prob if train else 1.0


def _dropped(student, x, keep_prob, rng):
    return _out(student.dropout_forward(x.copy(), keep_prob, rng), x, "dropout_forward")


@easy
def test_dropout_forward_scales_what_it_keeps(student, rng):
    """While training, every entry becomes exactly 0 or x / keep_prob."""
    for keep_prob in (0.3, 0.6, 0.8, 0.95):
        x = _input(rng, 20, 15)
        _kept(_dropped(student, x, keep_prob, rng), x, 1 / keep_prob)


def test_dropout_forward_keeps_the_share_asked_for(student, rng):
    """The share of units kept is keep_prob within binomial error.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, four shares).
    """
    for keep_prob in (0.15, 0.4, 0.75, 0.9):
        x = _input(rng, 200, 100)
        _share(_dropped(student, x, keep_prob, rng) != 0, keep_prob, f"the share kept for keep_prob = {keep_prob}")


@easy
def test_dropout_forward_keeps_the_mean(student, rng):
    """Averaged over many masks, every unit's output is its input.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = _input(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        x = np.tile(values, (4000, 1))
        mean = _dropped(student, x, keep_prob, rng).mean(axis=0)
        off = _margin(4000, keep_prob) / keep_prob
        assert_close(mean / values, np.ones(8), rtol=0, atol=off, what="the mean output, as a share of the input")


def test_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations).
    """
    x = _input(rng, 300, 300)
    _each_unit_on_its_own(_kept(_dropped(student, x, 0.6, rng), x, 1 / 0.6), 0.6)


def test_dropout_forward_fixes_no_number(student, rng):
    """The number of units kept differs from call to call.

    A right answer keeps the same number of 20 units in 40 calls less than once in 1e20 gradings.
    """
    _check_counts_vary(student.dropout_forward, _inverted, rng)


def test_dropout_forward_takes_any_shape(student, rng):
    """Vectors, batches of images and single numbers are dropped entry by entry.

    A line of at least 40 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for shape in ((9,), (1, 1), (3, 4, 5), (2, 3, 4, 5)):
        x = _input(rng, *shape)
        _kept(_dropped(student, x, 0.7, rng), x, 1 / 0.7)
    x = _input(rng, 45, 40, 50)
    _no_line_is_constant(_kept(_dropped(student, x, 0.5, rng), x, 2.0))


def test_dropout_forward_draws_a_fresh_mask(student):
    """Two calls drop different units.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_fresh(student.dropout_forward, _inverted)


def test_dropout_forward_draws_from_rng(student):
    """Generators in the same state give the same mask, in other states another.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_rng(student.dropout_forward, _inverted)


@easy
def test_dropout_forward_at_test_time_is_the_identity(student, rng):
    """With train=False the output is the input, whatever keep_prob is."""
    for keep_prob in (0.2, 0.5, 0.8, 1.0):
        x = _input(rng, 170, 6)
        result = student.dropout_forward(x.copy(), keep_prob, rng, train=False)
        assert_close(_out(result, x, "dropout_forward"), x, what="the output at test time")


@easy
def test_dropout_forward_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    _check_draws_nothing_at_test_time(student.dropout_forward, rng)


def test_dropout_forward_keeping_all(student, rng):
    """With keep_prob 1 nothing is dropped and nothing scaled; with less, something is."""
    for keep_prob in (1.0, 1):
        x = _input(rng, 40, 30)
        assert_close(_dropped(student, x, keep_prob, rng), x, what="the output with keep_prob 1")
    x = _input(rng, 40, 30)
    require(not _kept(_dropped(student, x, 0.9, rng), x, 1 / 0.9).all(), "With keep_prob 0.9 nothing was dropped.")


@easy
def test_dropout_forward_leaves_its_input_alone(student, rng):
    """x stays as it was, while training and at test time."""
    _check_leaves_its_input(student.dropout_forward, _inverted, rng)


def test_dropout_forward_of_single_precision_zeros_and_extremes(student, rng):
    """float32 numbers, zeros and very large or small ones are treated like all others."""
    x = _input(rng, 30, 20).astype(np.float32)
    kept = _kept(_dropped(student, x, 0.8, rng), x.astype(float), 1.25)
    require(kept.any() and not kept.all(), "Some units must be kept and some dropped.")
    x = np.tile([0.0, 1e30, -1e-30, 3.0], (25, 1))
    _kept(_dropped(student, x, 0.8, rng)[:, 1:] / x[:, 1:], np.ones((25, 3)), 1.25)


@variant
def inverted_by_binomial(x, keep_prob, rng, train=True):
    if not train:
        return x.copy(), (None, keep_prob)
    mask = rng.binomial(1, keep_prob, size=x.shape)
    return x * mask / keep_prob, (mask, keep_prob)


@variant
def inverted_by_choice(x, keep_prob, rng, train=True):
    if not train:
        return x, {"mask": np.ones_like(x)}
    mask = rng.choice([1 / keep_prob, 0.0], size=x.shape, p=[keep_prob, 1 - keep_prob])
    return mask * x, {"mask": mask}


@variant
def inverted_by_uniform_and_where(x, keep_prob, rng, train=True):
    if train and keep_prob < 1:
        dropped = rng.uniform(0, 1, x.shape) >= keep_prob
        return np.where(dropped, 0.0, x / keep_prob), (dropped, keep_prob)
    return x, None


@variant
def inverted_in_place_on_a_copy(x, keep_prob, rng, train=True):
    out = np.array(x, copy=True)
    cache = [train, keep_prob]
    if train:
        mask = rng.random(x.shape, dtype=np.float32) < keep_prob
        out[~mask] = 0
        out /= keep_prob
        cache.append(mask)
    return out, cache


@variant
def inverted_in_a_loop(x, keep_prob, rng, train=True):
    if not train:
        return x + 0.0, None
    mask = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if rng.random() < keep_prob:
            mask[index] = 1 / keep_prob
    return np.multiply(x, mask), mask


@variant
def inverted_in_single_precision(x, keep_prob, rng, train=True):
    keep = rng.random(x.shape) > 1 - keep_prob if train else np.ones(x.shape, dtype=bool)
    mask = keep.astype(np.float32) / np.float32(keep_prob if train else 1)
    return (x * mask).astype(x.dtype), mask


@variant
def inverted_with_the_state_kept(x, keep_prob, rng, train=True):
    """Remember the generator's state instead of the mask; backward would draw the same again."""
    state = rng.bit_generator.state
    if train:
        return x * (rng.random(x.shape) < keep_prob) / keep_prob, (str(state), x.shape, keep_prob)
    return x, None


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


def inverted_with_a_fixed_number(x, keep_prob, rng, train=True):
    if not train:
        return x * 1.0, np.ones(x.shape)
    mask = np.zeros(x.size)
    mask[rng.permutation(x.size)[: round(keep_prob * x.size)]] = 1 / keep_prob
    mask = mask.reshape(x.shape)
    return x * mask, mask


@_with_every_draw(
    of="dropout_forward",
    says="Only the output is returned; the cache is missing.",
    hint="How will backward know which units were dropped? f_forward returns a pair.",
)
def inverted_without_cache(x, keep_prob, rng, train=True):
    return x * (rng.random(x.shape) < keep_prob) / keep_prob if train else x * 1.0


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


def inverted_with_a_shuffled_mask(x, keep_prob, rng, train=True):
    mask = np.zeros(x.size)
    mask[: round(keep_prob * x.size)] = 1 / keep_prob
    mask = rng.permutation(mask).reshape(x.shape) if train else np.ones(x.shape)
    return x * mask, mask


def inverted_with_a_choice_without_replacement(x, keep_prob, rng, train=True):
    if not train:
        return x * 1.0, np.ones(x.shape)
    mask = np.zeros(x.size)
    mask[rng.choice(x.size, round(keep_prob * x.size), replace=False)] = 1 / keep_prob
    mask = mask.reshape(x.shape)
    return x * mask, mask


def inverted_with_a_fixed_number_a_row(x, keep_prob, rng, train=True):
    mask = np.zeros(x.shape)
    mask[..., : round(keep_prob * x.shape[-1])] = 1 / keep_prob
    mask = rng.permuted(mask, axis=-1) if train else np.ones(x.shape)
    return x * mask, mask


MISTAKES = [
    mistake("keep_prob is taken for the probability of dropping, and the scale is that of dropping too.",
            "With keep_prob = 0.9, what share of your output is 0? It should be a tenth.",
            by=inverted_takes_keep_for_drop),
    # TODO inverted_takes_keep_for_drop_by_binomial: keep_prob is taken for the probability of dropping, and the scale is that of dropping too.
    # TODO inverted_takes_keep_for_drop_from_above: keep_prob is taken for the probability of dropping, and the scale is that of dropping too.
    mistake("Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.",
            "A uniform number is below 0.9 in 9 of 10 cases. With keep_prob = 0.9, what share of your output is 0?",
            by=inverted_keeps_what_should_go),
    # TODO inverted_keeps_what_should_go_by_binomial: Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.
    # TODO inverted_keeps_what_should_go_from_above: Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.
    mistake("What is kept is not scaled, so the mean of the output is too small.",
            "Average your output over many masks and compare with x. Which factor is missing?",
            by=inverted_without_scale),
    # TODO inverted_without_scale_by_binomial: What is kept is not scaled, so the mean of the output is too small.
    # TODO inverted_without_scale_from_above: What is kept is not scaled, so the mean of the output is too small.
    mistake("This is the classic form: nothing is scaled while training, and everything at test time.",
            "In the inverted form, which of the two outputs carries the factor, and which is left alone?",
            by=inverted_is_the_classic_form),
    # TODO inverted_is_the_classic_form_by_binomial: This is the classic form: nothing is scaled while training, and everything at test time.
    # TODO inverted_is_the_classic_form_from_above: This is the classic form: nothing is scaled while training, and everything at test time.
    mistake("What is kept is divided by the probability of dropping.",
            "If nearly everything is kept, should the factor be near 1 or very large?",
            by=inverted_scaled_by_drop_probability),
    # TODO inverted_scaled_by_drop_probability_by_binomial: What is kept is divided by the probability of dropping.
    # TODO inverted_scaled_by_drop_probability_from_above: What is kept is divided by the probability of dropping.
    mistake("What is kept is multiplied by keep_prob instead of divided by it.",
            "Dropping has made the mean smaller. Must the rest grow or shrink to make up for it?",
            by=inverted_multiplies_by_keep_prob),
    # TODO inverted_multiplies_by_keep_prob_by_binomial: What is kept is multiplied by keep_prob instead of divided by it.
    # TODO inverted_multiplies_by_keep_prob_from_above: What is kept is multiplied by keep_prob instead of divided by it.
    mistake("The output is scaled by keep_prob at test time as well.",
            "The training output has the mean of x already. What is left to do at test time?",
            by=inverted_scales_at_test_time_too),
    # TODO inverted_scales_at_test_time_too_by_binomial: The output is scaled by keep_prob at test time as well.
    # TODO inverted_scales_at_test_time_too_from_above: The output is scaled by keep_prob at test time as well.
    mistake("The output is divided by keep_prob at test time as well.",
            "Nothing is dropped at test time, so what would the factor make up for?",
            by=inverted_divides_at_test_time_too),
    # TODO inverted_divides_at_test_time_too_by_binomial: The output is divided by keep_prob at test time as well.
    # TODO inverted_divides_at_test_time_too_from_above: The output is divided by keep_prob at test time as well.
    mistake("Units are dropped at test time too: train is not looked at.",
            "Predict twice for the same x with train=False. Should the answers differ?",
            by=inverted_drops_at_test_time),
    # TODO inverted_drops_at_test_time_by_binomial: Units are dropped at test time too: train is not looked at.
    # TODO inverted_drops_at_test_time_from_above: Units are dropped at test time too: train is not looked at.
    mistake("train is read the wrong way round: units are dropped at test time and none while training.",
            "Which of the two branches runs when train is True?",
            by=inverted_with_train_upside_down),
    # TODO inverted_with_train_upside_down_by_binomial: train is read the wrong way round: units are dropped at test time and none while training.
    mistake("One mask is drawn for all examples of the batch.",
            "Print the mask of a batch of ones: do two examples lose the same units? Which shape must be drawn?",
            by=inverted_with_one_mask_for_all),
    # TODO inverted_with_one_mask_for_all_by_binomial: One mask is drawn for all examples of the batch.
    # TODO inverted_with_one_mask_for_all_from_above: One mask is drawn for all examples of the batch.
    mistake("Whole examples are dropped: one number is drawn for each row.",
            "It is units that are dropped, and each on its own. Which shape must be drawn?",
            by=inverted_dropping_whole_rows),
    # TODO inverted_dropping_whole_rows_by_binomial: Whole examples are dropped: one number is drawn for each row.
    # TODO inverted_dropping_whole_rows_from_above: Whole examples are dropped: one number is drawn for each row.
    mistake("A single number decides for the whole array.",
            "How many numbers does your function draw for an x of 4 entries?",
            by=inverted_all_or_nothing),
    # TODO inverted_all_or_nothing_by_binomial: A single number decides for the whole array.
    # TODO inverted_all_or_nothing_from_above: A single number decides for the whole array.
    mistake("Half of the units are kept, whatever keep_prob says.",
            "Where does keep_prob enter your mask? Try 0.9 and 0.1 and count the zeros.",
            by=inverted_always_keeps_half),
    # TODO inverted_always_keeps_half_by_binomial: Half of the units are kept, whatever keep_prob says.
    mistake("What is kept is scaled by the share that happened to be kept, not by keep_prob.",
            "The factor is a fixed number, 1 / keep_prob; the chance of the draw does not enter it.",
            by=inverted_scaled_by_the_share_drawn),
    # TODO inverted_scaled_by_the_share_drawn_by_binomial: What is kept is scaled by the share that happened to be kept, not by keep_prob.
    # TODO inverted_scaled_by_the_share_drawn_from_above: What is kept is scaled by the share that happened to be kept, not by keep_prob.
    mistake("What is kept is scaled twice: the mask holds 1 / keep_prob, and the result is divided once more.",
            "What values does your mask hold, and what happens to the product afterwards?",
            by=inverted_scaled_twice),
    # TODO inverted_scaled_twice_by_binomial: What is kept is scaled twice: the mask holds 1 / keep_prob, and the result is divided once more.
    # TODO inverted_scaled_twice_from_above: What is kept is scaled twice: the mask holds 1 / keep_prob, and the result is divided once more.
    mistake("Normal numbers are compared with keep_prob, which they fall below far too often.",
            "Which of the generator's methods draws evenly between 0 and 1?",
            {"random(": "standard_normal("}),
    mistake("The random numbers themselves are the mask; they were never compared with keep_prob.",
            "A unit is either kept or dropped. Which values may the mask hold?",
            {"= (": "=", ") < keep_prob": ""}),
    mistake("Always the same number of units is kept, so that they are not independent.",
            "If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
            by=inverted_with_a_fixed_number),
    mistake("Every call has the same mask, as from a generator that is made or set anew inside.",
            "Call your function twice with the same x. Draw from the generator you are given.",
            {"(rng": "(np.random.default_rng(0)"}),
    mistake("Every call has the same mask, as from a generator that is made or set anew inside.",
            "Call your function twice with the same x. Draw from rng, not from np.random, and set no seed.",
            {"rng.random(": "np.random.RandomState(1).rand(*"}),
    mistake("The caller's x is overwritten.",
            "x *= mask writes into the array that was passed in. Make a new one.",
            {"return x * mask": "x *= mask\n    return x"}),
    # TODO inverted_overwrites_its_input_by_binomial: The caller's x is overwritten.
    # TODO inverted_overwrites_its_input_from_above: The caller's x is overwritten.
    mistake("Only the output is returned; the cache is missing.",
            "How will backward know which units were dropped? f_forward returns a pair.",
            by=inverted_without_cache),
    # TODO inverted_without_cache_by_binomial: Only the output is returned; the cache is missing.
    # TODO inverted_without_cache_from_above: Only the output is returned; the cache is missing.
    mistake("With keep_prob 1 a unit is dropped all the same, or the result is not finite.",
            "What should keep_prob = 1 do? Look for a division by 1 - keep_prob.",
            {"/ keep_prob": "* (1 - keep_prob)"}),
    # TODO inverted_with_sizes_swapped_by_binomial: With keep_prob 1 a unit is dropped all the same, or the result is not finite.
    # TODO inverted_with_sizes_swapped_from_above: With keep_prob 1 a unit is dropped all the same, or the result is not finite.
    mistake("Nothing is dropped, neither while training nor at test time.",
            "How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
            by=inverted_drops_nothing),
    mistake("keep_prob is not used: half of the units are kept, and the factor is 2.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            by=inverted_with_a_half_for_keep_prob),
    # TODO inverted_with_a_half_for_keep_prob_by_binomial: keep_prob is not used: half of the units are kept, and the factor is 2.
    mistake("The factor is 1 over the root of keep_prob: this keeps the size of the squares, not the mean.",
            "Average your output over many masks and compare with x.",
            by=inverted_scaled_by_the_root),
    # TODO inverted_scaled_by_the_root_by_binomial: The factor is 1 over the root of keep_prob: this keeps the size of the squares, not the mean.
    # TODO inverted_scaled_by_the_root_from_above: The factor is 1 over the root of keep_prob: this keeps the size of the squares, not the mean.
    mistake("Units that should be dropped go on as they are; they must become 0.",
            "Which values may the output of an input of 1 have with keep_prob = 0.8?",
            by=inverted_lets_the_dropped_through),
    # TODO inverted_lets_the_dropped_through_by_binomial: Units that should be dropped go on as they are; they must become 0.
    # TODO inverted_lets_the_dropped_through_from_above: Units that should be dropped go on as they are; they must become 0.
    mistake("A mask is drawn at test time too, though it is not used: the next training mask will be another one.",
            "What is the state of rng before and after a look at the dev set? Draw only where train is True.",
            by=inverted_draws_at_test_time),
    # TODO inverted_draws_at_test_time_by_binomial: A mask is drawn at test time too, though it is not used: the next training mask will be another one.
    # TODO inverted_draws_at_test_time_from_above: A mask is drawn at test time too, though it is not used: the next training mask will be another one.
    mistake("At test time everything becomes 0.",
            "With train=False the output equals x.",
            by=inverted_is_zero_at_test_time),
    # TODO inverted_is_zero_at_test_time_by_binomial: At test time everything becomes 0.
    # TODO inverted_is_zero_at_test_time_from_above: At test time everything becomes 0.
    mistake("The mask stands where the output belongs.",
            "Which of your two arrays holds the activations, and which of the two comes first?",
            by=inverted_returns_the_mask),
    # TODO inverted_returns_the_mask_by_binomial: The mask stands where the output belongs.
    # TODO inverted_returns_the_mask_from_above: The mask stands where the output belongs.
    mistake("The caller's x is overwritten where units are dropped.",
            "out = x makes no copy: out[...] = 0 writes into the array that was passed in.",
            by=inverted_writes_zeros_into_its_input),
    # TODO inverted_writes_zeros_into_its_input_by_binomial: The caller's x is overwritten where units are dropped.
    # TODO inverted_writes_zeros_into_its_input_from_above: The caller's x is overwritten where units are dropped.
    mistake("Only x with rows and columns is taken; it may have any shape.",
            "Which attribute of x can be handed to the generator as it is, whatever the number of axes?",
            by=inverted_takes_two_axes),
    # TODO inverted_takes_two_axes_by_binomial: Only x with rows and columns is taken; it may have any shape.
    # TODO inverted_takes_two_axes_from_above: Only x with rows and columns is taken; it may have any shape.
    mistake("Always the same number of units is kept, so that they are not independent.",
            "If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
            by=inverted_with_a_shuffled_mask),
    mistake("Always the same number of units is kept, so that they are not independent.",
            "If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
            by=inverted_with_a_choice_without_replacement),
    mistake("Every example keeps the same number of units, so that they are not independent.",
            "If four of five units are to be kept, exactly four each time, does one unit tell about the others?",
            by=inverted_with_a_fixed_number_a_row),
    mistake("The activations are multiplied by normal noise around 1; dropout keeps a unit or makes it 0.",
            "Which values may the output of an input of 1 have with keep_prob = 0.8?",
            {"mask = (rng.random(": "spread = np.sqrt((1 - keep_prob) / keep_prob)\n    mask = rng.normal(1, spread,",
             "< keep_prob) / keep_prob": ""}),
]
