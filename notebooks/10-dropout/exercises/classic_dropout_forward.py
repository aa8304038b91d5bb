"""classic_dropout_forward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _back_test,
    _both_modes,
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
    _pair,
    _share,
    _with_every_draw,
)


def _plain(keep_prob, train=True):
    return 1.0 if train else keep_prob


def _classic(student, x, keep_prob, rng):
    return _out(student.classic_dropout_forward(x.copy(), keep_prob, rng), x, "classic_dropout_forward")


@easy
def test_classic_dropout_forward_does_not_scale_while_training(student, rng):
    """While training, every entry becomes exactly 0 or stays as it is."""
    for keep_prob in (0.3, 0.6, 0.8):
        x = _input(rng, 20, 15)
        _kept(_classic(student, x, keep_prob, rng), x, 1.0)


def test_classic_dropout_forward_keeps_the_share_asked_for(student, rng):
    """The share of units kept is keep_prob within binomial error.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, four shares).
    """
    for keep_prob in (0.15, 0.4, 0.75, 0.9):
        x = _input(rng, 200, 100)
        _share(_classic(student, x, keep_prob, rng) != 0, keep_prob, f"the share kept for keep_prob = {keep_prob}")


def test_classic_dropout_forward_scales_at_test_time(student, rng):
    """With train=False every entry is multiplied by keep_prob."""
    for keep_prob in (0.2, 0.6, 0.9, 1.0):
        x = _input(rng, 170, 6)
        result = student.classic_dropout_forward(x.copy(), keep_prob, rng, train=False)
        out = _out(result, x, "classic_dropout_forward")
        assert_close(out, keep_prob * x, what="the output at test time")


@easy
def test_classic_dropout_forward_has_the_mean_of_its_test_time(student, rng):
    """Averaged over many masks, the training output is the test-time output.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound, 24 means).
    """
    values = _input(rng, 8)
    for keep_prob in (0.25, 0.5, 0.85):
        mean = _classic(student, np.tile(values, (4000, 1)), keep_prob, rng).mean(axis=0)
        test = student.classic_dropout_forward(values.copy(), keep_prob, rng, train=False)
        off = _margin(4000, keep_prob) * np.abs(values).max()
        assert_close(mean, _pair(test, "classic_dropout_forward")[0], rtol=0, atol=off, what="the mean training output")


def test_classic_dropout_forward_decides_for_each_entry(student, rng):
    """Every unit of every example is kept or dropped on its own.

    A right answer fails less than once in 1e6 gradings (Bernstein's bound for the shares, Chernoff's for the spread,
    eight standard errors for the correlations; 40 equal counts less than once in 1e20).
    """
    x = _input(rng, 300, 300)
    _each_unit_on_its_own(_kept(_classic(student, x, 0.6, rng), x, 1.0), 0.6)
    _check_counts_vary(student.classic_dropout_forward, _plain, rng)


def test_classic_dropout_forward_takes_any_shape(student, rng):
    """Vectors and batches of images are dropped entry by entry.

    A line of at least 40 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for shape in ((9,), (1, 1), (2, 3, 4, 5)):
        x = _input(rng, *shape)
        _kept(_classic(student, x, 0.7, rng), x, 1.0)
    x = _input(rng, 45, 40, 50)
    _no_line_is_constant(_kept(_classic(student, x, 0.5, rng), x, 1.0))


def test_classic_dropout_forward_draws_a_fresh_mask_from_rng(student):
    """Calls drop different units, and the generator alone decides which.

    A right answer fails less than once in 1e100 gradings.
    """
    _check_fresh(student.classic_dropout_forward, _plain)
    _check_rng(student.classic_dropout_forward, _plain)


@easy
def test_classic_dropout_forward_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    _check_draws_nothing_at_test_time(student.classic_dropout_forward, rng)


@easy
def test_classic_dropout_forward_leaves_its_input_alone(student, rng):
    """x stays as it was, while training and at test time."""
    _check_leaves_its_input(student.classic_dropout_forward, _plain, rng)


@easy
def test_classic_dropout_forward_has_a_cache_for_backward(student, rng):
    """With its cache, dropout_backward sends the gradient through the units kept, without a scale."""
    _both_modes(student, rng)
    _both_modes(student, rng, "classic_dropout_forward")
    for keep_prob in (0.4, 0.8):
        x, dout = _input(rng, 9, 8), _input(rng, 9, 8)
        out, cache = _pair(student.classic_dropout_forward(x, keep_prob, rng), "classic_dropout_forward")
        assert_close(_back_test(student, dout, cache), dout * (out != 0), what="dx")


def test_classic_dropout_forward_has_a_cache_at_test_time(student, rng):
    """At test time too the cache gives the gradient of the output: keep_prob times dout."""
    _both_modes(student, rng)
    _both_modes(student, rng, "classic_dropout_forward")
    for keep_prob in (0.4, 0.8):
        x, dout = _input(rng, 5, 6), _input(rng, 5, 6)
        result = student.classic_dropout_forward(x, keep_prob, rng, train=False)
        cache = _pair(result, "classic_dropout_forward")[1]
        assert_close(_back_test(student, dout, cache), keep_prob * dout, what="dx at test time")


@variant
def classic_by_binomial(x, keep_prob, rng, train=True):
    mask = rng.binomial(1, keep_prob, x.shape) if train else keep_prob
    return x * mask, mask


@variant
def classic_by_choice(x, keep_prob, rng, train=True):
    if train:
        mask = rng.choice(2, size=x.shape, p=[1 - keep_prob, keep_prob]).astype(float)
        return mask * x, mask
    return keep_prob * x, np.full_like(x, keep_prob)


@variant
def classic_by_where(x, keep_prob, rng, train=True):
    if not train:
        return np.multiply(x, keep_prob), np.array(keep_prob)
    dropped = rng.uniform(size=x.shape) >= keep_prob
    out = x.copy()
    out[dropped] = 0.0
    return out, np.where(dropped, 0.0, 1.0)


@variant
def classic_in_a_loop(x, keep_prob, rng, train=True):
    mask = np.array([float(rng.random() < keep_prob) if train else keep_prob for _ in range(x.size)])
    mask = mask.reshape(x.shape)
    return x * mask, mask


@_with_every_draw(
    of="classic_dropout_forward",
    says="The output is right, but the cache is empty.",
    hint="How will backward know which units were dropped?",
)
def classic_with_an_empty_cache(x, keep_prob, rng, train=True):
    return x * (rng.random(x.shape) < keep_prob if train else keep_prob), None


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


def classic_with_a_shuffled_mask(x, keep_prob, rng, train=True):
    mask = np.zeros(x.size)
    mask[: round(keep_prob * x.size)] = 1.0
    mask = rng.permutation(mask).reshape(x.shape) if train else np.full(x.shape, keep_prob)
    return x * mask, mask


MISTAKES = [
    mistake("The output is right, but the cache is empty.",
            "How will backward know which units were dropped?",
            by=classic_with_an_empty_cache),
    # TODO classic_with_an_empty_cache_by_binomial: The output is right, but the cache is empty.
    # TODO classic_with_an_empty_cache_from_above: The output is right, but the cache is empty.
    mistake("The output is right, but with its cache backward scales the gradient by 1 / keep_prob, which forward did not.",
            "The gradient of x * mask is the mask. What does your dropout_backward make of this cache?",
            {", mask": ", mask / keep_prob"}),
    # TODO classic_with_the_inverted_cache_by_binomial: The output is right, but with its cache backward scales the gradient by 1 / keep_prob, which forward did not.
    # TODO classic_with_the_inverted_cache_from_above: The output is right, but with its cache backward scales the gradient by 1 / keep_prob, which forward did not.
    mistake("The output at test time is right, but its cache lacks the factor keep_prob.",
            "At test time the output is keep_prob * x. What is its gradient?",
            {"full": "ones", ", keep_prob)": ")", "mask,": "mask * (1.0 if train else keep_prob),"}),
    # TODO classic_with_a_cache_of_ones_by_binomial: The output at test time is right, but its cache lacks the factor keep_prob.
    # TODO classic_with_a_cache_of_ones_from_above: The output at test time is right, but its cache lacks the factor keep_prob.
    mistake("What is kept is scaled while training as well, as in inverted dropout.",
            "In the classic form the one factor stands at test time. What are the two means now?",
            by=classic_scales_while_training_too),
    # TODO classic_scales_while_training_too_by_binomial: What is kept is scaled while training as well, as in inverted dropout.
    # TODO classic_scales_while_training_too_from_above: What is kept is scaled while training as well, as in inverted dropout.
    mistake("The output is not scaled at test time, so it is larger than anything seen while training.",
            "Compare the mean of the training output with the output at test time.",
            by=classic_without_scale_at_test_time),
    # TODO classic_without_scale_at_test_time_by_binomial: The output is not scaled at test time, so it is larger than anything seen while training.
    # TODO classic_without_scale_at_test_time_from_above: The output is not scaled at test time, so it is larger than anything seen while training.
    mistake("This is inverted dropout again: scaled while training, nothing done at test time.",
            "Where does the factor stand in the classic form?",
            by=classic_is_the_inverted_form),
    # TODO classic_is_the_inverted_form_by_binomial: This is inverted dropout again: scaled while training, nothing done at test time.
    # TODO classic_is_the_inverted_form_from_above: This is inverted dropout again: scaled while training, nothing done at test time.
    mistake("The output is divided by keep_prob at test time instead of multiplied.",
            "With units missing the training mean was smaller than x. Must the test-time output grow or shrink?",
            by=classic_divides_at_test_time),
    # TODO classic_divides_at_test_time_by_binomial: The output is divided by keep_prob at test time instead of multiplied.
    # TODO classic_divides_at_test_time_from_above: The output is divided by keep_prob at test time instead of multiplied.
    mistake("The output at test time is multiplied by the probability of dropping.",
            "If nearly everything was kept while training, should the factor be near 1 or near 0?",
            by=classic_scales_by_drop_probability),
    # TODO classic_scales_by_drop_probability_by_binomial: The output at test time is multiplied by the probability of dropping.
    # TODO classic_scales_by_drop_probability_from_above: The output at test time is multiplied by the probability of dropping.
    mistake("Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.",
            "A uniform number is below 0.9 in 9 of 10 cases. With keep_prob = 0.9, what share of your output is 0?",
            by=classic_keeps_what_should_go),
    # TODO classic_keeps_what_should_go_by_binomial: Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.
    # TODO classic_keeps_what_should_go_from_above: Keeping and dropping are swapped: the share kept is 1 - keep_prob, or the comparison is the wrong way round.
    mistake("Units are dropped at test time too.",
            "Predict twice for the same x with train=False. Should the answers differ?",
            by=classic_drops_at_test_time),
    # TODO classic_drops_at_test_time_by_binomial: Units are dropped at test time too.
    # TODO classic_drops_at_test_time_from_above: Units are dropped at test time too.
    mistake("What is kept is multiplied by keep_prob while training.",
            "In the classic form nothing at all is scaled while training.",
            by=classic_shrinks_while_training),
    # TODO classic_shrinks_while_training_by_binomial: What is kept is multiplied by keep_prob while training.
    # TODO classic_shrinks_while_training_from_above: What is kept is multiplied by keep_prob while training.
    mistake("train is read the wrong way round.",
            "Which of the two branches runs when train is True?",
            by=classic_with_train_upside_down),
    # TODO classic_with_train_upside_down_by_binomial: train is read the wrong way round.
    # TODO classic_with_train_upside_down_from_above: train is read the wrong way round.
    mistake("One mask is drawn for all examples of the batch.",
            "Print the mask of a batch of ones: do two examples lose the same units? Which shape must be drawn?",
            by=classic_with_one_mask_for_all),
    # TODO classic_with_one_mask_for_all_by_binomial: One mask is drawn for all examples of the batch.
    # TODO classic_with_one_mask_for_all_from_above: One mask is drawn for all examples of the batch.
    mistake("Whole examples are dropped: one number is drawn for each row.",
            "It is units that are dropped, and each on its own. Which shape must be drawn?",
            by=classic_dropping_whole_rows),
    # TODO classic_dropping_whole_rows_by_binomial: Whole examples are dropped: one number is drawn for each row.
    # TODO classic_dropping_whole_rows_from_above: Whole examples are dropped: one number is drawn for each row.
    mistake("Half of the units are kept, whatever keep_prob says.",
            "Where does keep_prob enter your mask? Try 0.9 and 0.1 and count the zeros.",
            by=classic_always_keeps_half),
    # TODO classic_always_keeps_half_by_binomial: Half of the units are kept, whatever keep_prob says.
    mistake("Every call has the same mask, as from a generator that is made or set anew inside.",
            "Call your function twice with the same x. Draw from the generator you are given.",
            {"rng.": "np.random.default_rng(0)."}),
    mistake("The caller's x is overwritten.",
            "x *= mask writes into the array that was passed in. Make a new one.",
            {"return x * mask": "x *= mask\n    return x"}),
    # TODO classic_overwrites_its_input_by_binomial: The caller's x is overwritten.
    # TODO classic_overwrites_its_input_from_above: The caller's x is overwritten.
    mistake("Only the output is returned; the cache is missing.",
            "How will backward know which units were dropped? f_forward returns a pair.",
            by=classic_without_cache),
    # TODO classic_without_cache_by_binomial: Only the output is returned; the cache is missing.
    # TODO classic_without_cache_from_above: Only the output is returned; the cache is missing.
    mistake("A mask is drawn at test time too, though it is not used: the next training mask will be another one.",
            "What is the state of rng before and after a look at the dev set? Draw only where train is True.",
            by=classic_draws_at_test_time),
    # TODO classic_draws_at_test_time_by_binomial: A mask is drawn at test time too, though it is not used: the next training mask will be another one.
    # TODO classic_draws_at_test_time_from_above: A mask is drawn at test time too, though it is not used: the next training mask will be another one.
    mistake("Nothing is dropped while training.",
            "How many of 1,000 ones with keep_prob = 0.5 come out as 0?",
            by=classic_drops_nothing),
    mistake("The output at test time is multiplied by keep_prob twice.",
            "Compare the mean of the training output with the output at test time.",
            by=classic_scales_twice),
    # TODO classic_scales_twice_by_binomial: The output at test time is multiplied by keep_prob twice.
    # TODO classic_scales_twice_from_above: The output at test time is multiplied by keep_prob twice.
    mistake("The output at test time is multiplied by the root of keep_prob.",
            "Compare the mean of the training output with the output at test time.",
            by=classic_scales_by_the_root),
    # TODO classic_scales_by_the_root_by_binomial: The output at test time is multiplied by the root of keep_prob.
    # TODO classic_scales_by_the_root_from_above: The output at test time is multiplied by the root of keep_prob.
    mistake("The output at test time is halved, whatever keep_prob says.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            by=classic_halves_at_test_time),
    # TODO classic_halves_at_test_time_by_binomial: The output at test time is halved, whatever keep_prob says.
    # TODO classic_halves_at_test_time_from_above: The output at test time is halved, whatever keep_prob says.
    mistake("The output is right, but while training its cache makes backward scale the gradient by 1 / keep_prob.",
            "The gradient of x * mask is the mask. What does your dropout_backward make of this cache?",
            by=classic_with_the_inverted_cache_while_training),
    # TODO classic_with_the_inverted_cache_while_training_by_binomial: The output is right, but while training its cache makes backward scale the gradient by 1 / keep_prob.
    # TODO classic_with_the_inverted_cache_while_training_from_above: The output is right, but while training its cache makes backward scale the gradient by 1 / keep_prob.
    mistake("The caller's x is overwritten at test time.",
            "x *= keep_prob writes into the array that was passed in. Make a new one.",
            by=classic_overwrites_its_input_at_test_time),
    # TODO classic_overwrites_its_input_at_test_time_by_binomial: The caller's x is overwritten at test time.
    # TODO classic_overwrites_its_input_at_test_time_from_above: The caller's x is overwritten at test time.
    mistake("Always the same number of units is kept, so that they are not independent.",
            "If three of four units are to be kept, exactly three each time, does one unit tell about the others?",
            by=classic_with_a_shuffled_mask),
]
