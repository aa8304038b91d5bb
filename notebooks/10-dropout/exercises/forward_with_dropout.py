"""forward_with_dropout: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib import affine_forward, relu
from nnlib.checks import assert_close, assert_unchanged, require

from .common import (
    SIZES,
    _explain,
    _input,
    _net_test,
    _no_line_is_constant,
    _run,
    _run_student,
    _scores,
    _share,
    _with_every_draw,
)


def test_forward_with_dropout_at_test_time_is_the_plain_net(student, rng):
    """With train=False the scores are those of the net without dropout, whatever the keep probabilities are."""
    for sizes in SIZES:
        x, params = _input(rng, 170, sizes[0]), _net_test(rng, sizes)
        result = _run_student(student, x, params, (0.8, 0.5, 0.6), rng, train=False)
        expected, _ = _run(x, params, (1, 1, 1))
        assert_close(_scores(result, (170, sizes[3])), expected, what="the scores at test time")


def test_forward_with_dropout_keeping_all_is_the_plain_net(student, rng):
    """With three keep probabilities of 1 the scores are those of the net without dropout."""
    for sizes in SIZES:
        x, params = _input(rng, 5, sizes[0]), _net_test(rng, sizes)
        expected, _ = _run(x, params, (1, 1, 1))
        scores = _scores(_run_student(student, x, params, (1.0, 1.0, 1.0), rng), (5, sizes[3]))
        assert_close(scores, expected, what="the scores with nothing dropped")


def test_forward_with_dropout_is_explained_by_masks(student, rng):
    """Of all masks on the inputs of the three layers, some give exactly these scores."""
    for sizes in SIZES:
        x, params = _input(rng, 6, sizes[0]), _net_test(rng, sizes)
        for keep_probs in ((0.8, 0.6, 0.7), (0.7, 0.8, 0.4)):
            result = _run_student(student, x, params, keep_probs, rng)
            _explain(_scores(result, (6, sizes[3])), x, params, keep_probs)


def test_forward_with_dropout_with_one_layer_at_a_time(student, rng):
    """With two keep probabilities of 1 only the third layer's input loses units.

    A right answer drops none of the 100 and more units that matter less than once in 1e20 gradings.
    """
    x, params = _input(rng, 120, 3), _net_test(rng, (3, 4, 3, 2))
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.6
        scores = _scores(_run_student(student, x, params, tuple(keep_probs), rng), (120, 2))
        _explain(scores, x, params, keep_probs)
        missing = np.allclose(scores, _run(x, params, (1, 1, 1))[0])
        require(not missing, f"Nothing was dropped with keep_probs {keep_probs}.")


def _see_through(student, n, width, keep_probs, rng):
    """Run a net that shows its masks in its scores; returns who was kept by layer, NaN where it cannot be seen."""
    x = np.ones((n, width))
    params = {f"W{i}": np.eye(width) for i in (1, 2, 3)}
    params |= {"b1": np.full(width, 10.0), "b2": np.full(width, 100.0), "b3": np.full(width, 1000.0)}
    scores = _scores(_run_student(student, x, params, keep_probs, rng), (n, width))
    kept = []
    value = scores - 1000.0
    for keep, bias in zip(reversed(keep_probs), (100.0, 10.0, 1.0), strict=True):
        kept.insert(0, np.where(np.isnan(value), np.nan, np.abs(value) > 1e-2))
        value = np.where(kept[0] == 1, value * keep - bias, np.nan)
        if bias == 1.0:
            require(np.abs(np.nan_to_num(value)).max() < 1e-2, "The scores have another size than any masks give.")
    return kept


def test_forward_with_dropout_keeps_each_layers_share(student, rng):
    """The first keep probability is for the input, the second and third for the hidden layers.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, three shares).
    """
    keep_probs = (0.9, 0.5, 0.7)
    kept = _see_through(student, 300, 40, keep_probs, rng)
    for layer, keep, name in zip(kept, keep_probs, ("input", "first hidden", "second hidden"), strict=True):
        _share(layer[~np.isnan(layer)], keep, f"the share of {name} units kept")


def test_forward_with_dropout_draws_each_layers_own_mask(student, rng):
    """Which units one layer keeps tells nothing about the next, though both are of one width.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, three shares).
    """
    kept = _see_through(student, 300, 40, (0.6, 0.6, 0.6), rng)
    for layer, name in zip(kept, ("input", "first hidden", "second hidden"), strict=True):
        _share(layer[~np.isnan(layer)], 0.6, f"the share of {name} units kept where the next layer keeps its own")


def test_forward_with_dropout_draws_for_each_example_and_unit(student, rng):
    """In each layer every unit of every example is kept or dropped on its own.

    A line of at least 45 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.5
        kept = _see_through(student, 100, 45, keep_probs, rng)[i]
        _share(kept, 0.5)
        _no_line_is_constant(kept)


def test_forward_with_dropout_draws_fresh_masks_from_rng(student, rng):
    """Every call has other masks; generators in the same state give the same, in other states others.

    A right answer fails less than once in 1e20 gradings.
    """
    x, params = _input(rng, 20, 6), _net_test(rng, (6, 9, 8, 4))
    seeds = [np.random.default_rng(s) for s in (5, 5, 6)]
    runs = [_scores(_run_student(student, x, params, (0.8, 0.5, 0.6), s), (20, 4)) for s in seeds]
    later = _scores(_run_student(student, x, params, (0.8, 0.5, 0.6), seeds[0]), (20, 4))
    require(np.array_equal(runs[0], runs[1]), "Generators in the same state gave different scores.")
    require(not np.allclose(runs[0], runs[2]), "Generators in different states gave the same scores: draw from rng.")
    require(not np.allclose(runs[0], later), "Two calls had the same masks: draw anew in each call.")


@easy
def test_forward_with_dropout_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    x, params = _input(rng, 4, 3), _net_test(rng, (3, 4, 3, 2))
    before = rng.bit_generator.state
    _run_student(student, x, params, (0.8, 0.5, 0.5), rng)
    require(rng.bit_generator.state != before, "A call while training must draw from rng.")
    before = rng.bit_generator.state
    _run_student(student, x, params, (0.8, 0.5, 0.5), rng, train=False)
    require(rng.bit_generator.state == before, "With train=False nothing may be drawn from rng.")


def test_forward_with_dropout_leaves_its_arguments_alone(student, rng):
    """Neither x nor a parameter nor keep_probs is changed, while training and at test time."""
    for train in (True, False):
        x, params, keep_probs = _input(rng, 6, 3), _net_test(rng, (3, 4, 3, 2)), [0.7, 0.6, 0.8]
        before, kept = x.copy(), {name: value.copy() for name, value in params.items()}
        scores = _scores(student.forward_with_dropout(x, params, keep_probs, rng, train), (6, 2))
        assert_unchanged(x, before, what="x")
        for name, value in kept.items():
            assert_unchanged(params[name], value, what=f"params[{name!r}]")
        assert_unchanged(keep_probs, [0.7, 0.6, 0.8], what="keep_probs")
        _explain(scores, before, kept, (0.7, 0.6, 0.8) if train else (1, 1, 1))


def _mask_right(shape, keep_prob, rng, train):
    return (rng.random(shape) < keep_prob) / keep_prob if train else np.ones(shape)


@variant
def net_written_out(x, params, keep_probs, rng, train=True):
    p1, p2, p3 = keep_probs
    d1 = x * _mask_right(x.shape, p1, rng, train)
    z1 = d1 @ params["W1"] + params["b1"]
    d2 = np.maximum(z1, 0) * _mask_right(z1.shape, p2, rng, train)
    z2 = d2 @ params["W2"] + params["b2"]
    d3 = np.maximum(z2, 0) * _mask_right(z2.shape, p3, rng, train)
    return d3 @ params["W3"] + params["b3"], (params, d1, d2, d3)


@variant
def net_dropping_before_relu(x, params, keep_probs, rng, train=True):
    """A mask of zeros and positive numbers may stand on either side of a ReLU."""
    cache = {"d1": x * _mask_right(x.shape, keep_probs[0], rng, train)}
    for i in (1, 2):
        z = cache[f"d{i}"] @ params[f"W{i}"] + params[f"b{i}"]
        cache[f"d{i + 1}"] = np.maximum(z * _mask_right(z.shape, keep_probs[i], rng, train), 0)
    return cache["d3"] @ params["W3"] + params["b3"], cache


@variant
def net_with_masks_drawn_first(x, params, keep_probs, rng, train=True):
    shapes = [(len(x), params[f"W{i}"].shape[0]) for i in (1, 2, 3)]
    masks = [_mask_right(shape, keep, rng, train) for shape, keep in zip(shapes, keep_probs, strict=True)]
    a, inputs = x, []
    for i in range(3):
        inputs.append(a * masks[i])
        a = np.einsum("nd,dk->nk", inputs[-1], params[f"W{i + 1}"]) + params[f"b{i + 1}"]
        if i < 2:
            a = a * (a > 0)
    return a, [masks, inputs, dict(params)]


@variant
def net_drawing_by_binomial_only_where_needed(x, params, keep_probs, rng, train=True):
    a, cache = x, []
    for i, keep in zip((1, 2, 3), keep_probs, strict=True):
        if train and keep < 1:
            a = a * rng.binomial(1, keep, size=a.shape) / keep
        cache.append(a)
        a = a @ params[f"W{i}"] + params[f"b{i}"]
        if i != 3:
            a = np.where(a > 0, a, 0.0)
    return a, cache


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


MISTAKES = [
    mistake("Dropout stands behind each layer: the scores are dropped, and the input is not.",
            "Which three arrays do the keep probabilities belong to? The scores are not among them.",
            by=net_drops_behind_each_layer),
    # TODO net_drops_behind_each_layer_by_binomial: Dropout stands behind each layer: the scores are dropped, and the input is not.
    # TODO net_drops_behind_each_layer_from_above: Dropout stands behind each layer: the scores are dropped, and the input is not.
    mistake("The scores are dropped as well.",
            "Is any of your scores exactly 0? A dropped score is a wrong answer, not a missing unit.",
            by=net_drops_the_scores_too),
    # TODO net_drops_the_scores_too_by_binomial: The scores are dropped as well.
    # TODO net_drops_the_scores_too_from_above: The scores are dropped as well.
    mistake("The keep probabilities are used in reverse order.",
            "The first one belongs to the input. Set one of them below 1 and see which layer loses units.",
            by=net_with_probabilities_reversed),
    # TODO net_with_probabilities_reversed_by_binomial: The keep probabilities are used in reverse order.
    # TODO net_with_probabilities_reversed_from_above: The keep probabilities are used in reverse order.
    mistake("The first keep probability is used for every layer.",
            "Each layer has its own. Set one of them below 1 and see which layers lose units.",
            by=net_with_one_probability),
    # TODO net_with_one_probability_by_binomial: The first keep probability is used for every layer.
    # TODO net_with_one_probability_from_above: The first keep probability is used for every layer.
    mistake("The keep probabilities belong to the wrong layers: the input gets the hidden layer's.",
            "The first one belongs to the input. Does Python's counting from 0 meet a loop that counts from 1?",
            by=net_with_probabilities_shifted),
    # TODO net_with_probabilities_shifted_by_binomial: The keep probabilities belong to the wrong layers: the input gets the hidden layer's.
    # TODO net_with_probabilities_shifted_from_above: The keep probabilities belong to the wrong layers: the input gets the hidden layer's.
    mistake("The input is never dropped, though its keep probability is below 1.",
            "There are three keep probabilities. What does the first one do in your function?",
            by=net_without_dropout_on_the_input),
    # TODO net_without_dropout_on_the_input_by_binomial: The input is never dropped, though its keep probability is below 1.
    # TODO net_without_dropout_on_the_input_from_above: The input is never dropped, though its keep probability is below 1.
    mistake("Nothing is dropped in the last hidden layer.",
            "There are three keep probabilities. What does the third one do in your function?",
            by=net_without_dropout_before_the_last),
    # TODO net_without_dropout_before_the_last_by_binomial: Nothing is dropped in the last hidden layer.
    # TODO net_without_dropout_before_the_last_from_above: Nothing is dropped in the last hidden layer.
    mistake("What is kept is not scaled.",
            "Average the scores of many calls and compare with those at test time.",
            by=net_without_scale),
    # TODO net_without_scale_by_binomial: What is kept is not scaled.
    # TODO net_without_scale_from_above: What is kept is not scaled.
    mistake("Units are kept with probability 1 - keep_prob.",
            "With keep_probs of 0.9, nine of ten units must come through.",
            by=net_keeping_what_should_go),
    # TODO net_keeping_what_should_go_by_binomial: Units are kept with probability 1 - keep_prob.
    # TODO net_keeping_what_should_go_from_above: Units are kept with probability 1 - keep_prob.
    mistake("Units are dropped at test time too: train is not passed on.",
            "Predict twice with train=False. Who has to be told about train?",
            by=net_dropping_at_test_time),
    # TODO net_dropping_at_test_time_by_binomial: Units are dropped at test time too: train is not passed on.
    # TODO net_dropping_at_test_time_from_above: Units are dropped at test time too: train is not passed on.
    mistake("The activations are scaled by keep_prob at test time, though they were scaled while training already.",
            "Inverted or classic: one factor, not both.",
            by=net_scaling_at_test_time_too),
    # TODO net_scaling_at_test_time_too_by_binomial: The activations are scaled by keep_prob at test time, though they were scaled while training already.
    # TODO net_scaling_at_test_time_too_from_above: The activations are scaled by keep_prob at test time, though they were scaled while training already.
    mistake("All examples of the batch have the same masks.",
            "Give the net a batch of equal examples: should their scores be equal?",
            by=net_with_one_mask_for_all),
    # TODO net_with_one_mask_for_all_by_binomial: All examples of the batch have the same masks.
    # TODO net_with_one_mask_for_all_from_above: All examples of the batch have the same masks.
    mistake("Every layer draws from a generator made inside, so that all calls have the same masks.",
            "Call your function twice. Pass rng on to each layer.",
            by=net_with_its_own_seed),
    mistake("This is the classic form: nothing is scaled while training, and everything at test time.",
            "The inverted form is asked for: dropout_forward, not classic_dropout_forward.",
            by=net_in_the_classic_form),
    # TODO net_in_the_classic_form_by_binomial: This is the classic form: nothing is scaled while training, and everything at test time.
    # TODO net_in_the_classic_form_from_above: This is the classic form: nothing is scaled while training, and everything at test time.
    mistake("Whole examples are dropped in a layer: one number is drawn for each row.",
            "It is units that are dropped, and each on its own. Which shape must be drawn?",
            by=net_dropping_whole_examples),
    # TODO net_dropping_whole_examples_by_binomial: Whole examples are dropped in a layer: one number is drawn for each row.
    # TODO net_dropping_whole_examples_from_above: Whole examples are dropped in a layer: one number is drawn for each row.
    mistake("Layers of one width share their random numbers.",
            "Does each layer draw for itself? With equal keep probabilities, are two layers' masks ever different?",
            by=net_with_masks_shared_by_layers),
    mistake("The weights are dropped, not the units.",
            "Dropout multiplies activations, (N, units), by a mask. Which shape has what you multiply?",
            by=net_dropping_weights),
    # TODO net_dropping_weights_by_binomial: The weights are dropped, not the units.
    # TODO net_dropping_weights_from_above: The weights are dropped, not the units.
    mistake("The scores go through a ReLU.",
            "May a score be negative? No activation follows the last layer.",
            by=net_with_relu_on_the_scores),
    # TODO net_with_relu_on_the_scores_by_binomial: The scores go through a ReLU.
    # TODO net_with_relu_on_the_scores_from_above: The scores go through a ReLU.
    mistake("There is no ReLU between the layers.",
            "What do three affine layers in a row compute without anything between them?",
            by=net_without_relu),
    # TODO net_without_relu_by_binomial: There is no ReLU between the layers.
    # TODO net_without_relu_from_above: There is no ReLU between the layers.
    mistake("Probabilities are returned, not scores.",
            "softmax_cross_entropy takes scores and applies softmax itself.",
            by=net_with_probabilities),
    # TODO net_with_probabilities_by_binomial: Probabilities are returned, not scores.
    # TODO net_with_probabilities_from_above: Probabilities are returned, not scores.
    mistake("Only the scores are returned; the cache is missing.",
            "What will backward_with_dropout need? f_forward returns a pair.",
            by=net_without_cache),
    # TODO net_without_cache_by_binomial: Only the scores are returned; the cache is missing.
    # TODO net_without_cache_from_above: Only the scores are returned; the cache is missing.
    mistake("The biases are left out.",
            "What are the scores for an input of zeros?",
            by=net_without_biases),
    # TODO net_without_biases_by_binomial: The biases are left out.
    # TODO net_without_biases_from_above: The biases are left out.
    mistake("The caller's x is overwritten by the dropped one.",
            "Does x *= mask make a new array?",
            by=net_overwriting_its_input),
    # TODO net_overwriting_its_input_by_binomial: The caller's x is overwritten by the dropped one.
    # TODO net_overwriting_its_input_from_above: The caller's x is overwritten by the dropped one.
    mistake("train is read the wrong way round: units are dropped at test time and none while training.",
            "Which of the two branches runs when train is True?",
            by=net_with_train_upside_down),
    # TODO net_with_train_upside_down_by_binomial: train is read the wrong way round: units are dropped at test time and none while training.
    # TODO net_with_train_upside_down_from_above: train is read the wrong way round: units are dropped at test time and none while training.
    mistake("Nothing is ever dropped.",
            "Are the scores with keep_probs of 0.5 those without dropout? Where does your function use keep_probs?",
            by=net_dropping_nothing),
    mistake("Half of the units are kept in every layer; keep_probs is not used.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            by=net_with_a_half_for_keep_probs),
    # TODO net_with_a_half_for_keep_probs_by_binomial: Half of the units are kept in every layer; keep_probs is not used.
    mistake("The last keep probability is used for every layer.",
            "Each layer has its own. Set one of them below 1 and see which layers lose units.",
            by=net_with_the_last_probability),
    # TODO net_with_the_last_probability_by_binomial: The last keep probability is used for every layer.
    # TODO net_with_the_last_probability_from_above: The last keep probability is used for every layer.
    mistake("What is kept is divided by keep_prob twice.",
            "Does dropout_forward scale already?",
            by=net_scaling_twice),
    # TODO net_scaling_twice_by_binomial: What is kept is divided by keep_prob twice.
    # TODO net_scaling_twice_from_above: What is kept is divided by keep_prob twice.
    mistake("There is no ReLU after the second layer.",
            "Which two of the three layers are followed by an activation?",
            by=net_without_the_second_relu),
    # TODO net_without_the_second_relu_by_binomial: There is no ReLU after the second layer.
    # TODO net_without_the_second_relu_from_above: There is no ReLU after the second layer.
    mistake("There is no ReLU after the first layer.",
            "Which two of the three layers are followed by an activation?",
            by=net_without_the_first_relu),
    # TODO net_without_the_first_relu_by_binomial: There is no ReLU after the first layer.
    # TODO net_without_the_first_relu_from_above: There is no ReLU after the first layer.
    mistake("The activation is a sigmoid; this net has ReLUs.",
            "Which function follows the first and the second layer?",
            by=net_with_sigmoids),
    # TODO net_with_sigmoids_by_binomial: The activation is a sigmoid; this net has ReLUs.
    # TODO net_with_sigmoids_from_above: The activation is a sigmoid; this net has ReLUs.
    mistake("The activation is a tanh; this net has ReLUs.",
            "Which function follows the first and the second layer?",
            by=net_with_tanh),
    # TODO net_with_tanh_by_binomial: The activation is a tanh; this net has ReLUs.
    # TODO net_with_tanh_from_above: The activation is a tanh; this net has ReLUs.
    mistake("Masks are drawn at test time too, though they are not used: the next training masks will be others.",
            "What is the state of rng before and after a look at the dev set? Draw only where train is True.",
            by=net_drawing_at_test_time),
    # TODO net_drawing_at_test_time_by_binomial: Masks are drawn at test time too, though they are not used: the next training masks will be others.
    # TODO net_drawing_at_test_time_from_above: Masks are drawn at test time too, though they are not used: the next training masks will be others.
]
