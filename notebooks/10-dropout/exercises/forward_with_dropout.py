"""forward_with_dropout: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

from .common import (
    DRAWING_AT_TEST_TIME,
    SIZES,
    TRAIN_UPSIDE_DOWN,
    WHOLE_EXAMPLES,
    check_no_line_is_constant,
    check_share,
    draws,
    explain,
    margin,
    net,
    parameters,
    run_net,
    signed,
)

HINTS = (
    "Draw the net: dropout, affine, ReLU, three times. Which of these nine boxes is not there?",
    "A loop over three layers: what comes in is dropped with that layer's own probability. How many things do "
    "dropout_forward and affine_forward return? What of each layer will backward ask for?",
    "One unit per layer, weights 1, biases 0, x = [1], keep_probs (0.5, 1, 1): if the input is kept it becomes 2, "
    "and so do both hidden units and the score; if it is dropped all are 0. With train=False the score is 1. With "
    "a last bias of -5 it is -4: is that what you return?",
)


def test_forward_with_dropout_at_test_time_is_the_plain_net(student, rng):
    """With train=False the scores are those of the net without dropout, whatever the keep probabilities are."""
    for sizes in SIZES:
        x, params = signed(rng, 170, sizes[0]), parameters(rng, sizes)
        scores, _ = run_net(student, x, params, (0.8, 0.5, 0.6), rng, train=False)
        assert_close(scores, net(x, params, (1, 1, 1))[0], what="the scores at test time")


def test_forward_with_dropout_keeping_all_is_the_plain_net(student, rng):
    """With three keep probabilities of 1 the scores are those of the net without dropout."""
    for sizes in SIZES:
        x, params = signed(rng, 5, sizes[0]), parameters(rng, sizes)
        scores, _ = run_net(student, x, params, (1.0, 1.0, 1.0), rng)
        assert_close(scores, net(x, params, (1, 1, 1))[0], what="the scores with nothing dropped")


def test_forward_with_dropout_is_explained_by_masks(student, rng):
    """Of all masks on the inputs of the three layers, some give exactly these scores."""
    for sizes in SIZES:
        x, params = signed(rng, 6, sizes[0]), parameters(rng, sizes)
        for keep_probs in ((0.8, 0.6, 0.7), (0.7, 0.8, 0.4)):
            scores, _ = run_net(student, x, params, keep_probs, rng)
            explain(scores, x, params, keep_probs)


def test_forward_with_dropout_with_one_layer_at_a_time(student, rng):
    """With two keep probabilities of 1, only the input of the remaining layer loses units.

    A right answer drops none of the 100 and more units that matter less than once in 1e20 gradings.
    """
    x, params = signed(rng, 120, 3), parameters(rng, (3, 4, 3, 2))
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.6
        scores, _ = run_net(student, x, params, tuple(keep_probs), rng)
        explain(scores, x, params, keep_probs)
        missing = np.allclose(scores, net(x, params, (1, 1, 1))[0])
        require(not missing, f"Nothing was dropped with keep_probs {keep_probs}.")


def _see_through(student, n, width, keep_probs, rng):
    """Run a net that shows its masks in its scores; returns who was kept by layer, NaN where it cannot be seen."""
    x = np.ones((n, width))
    params = {f"W{i}": np.eye(width) for i in (1, 2, 3)}
    params |= {"b1": np.full(width, 10.0), "b2": np.full(width, 100.0), "b3": np.full(width, 1000.0)}
    scores, _ = run_net(student, x, params, keep_probs, rng)
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
        check_share(layer[~np.isnan(layer)], keep, f"the share of {name} units kept")


def test_forward_with_dropout_draws_each_layers_own_mask(student, rng):
    """Which units one layer keeps tells nothing about the next, though both are of one width.

    A right answer fails less than once in 1e7 gradings (Bernstein's bound, three shares).
    """
    kept = _see_through(student, 300, 40, (0.6, 0.6, 0.6), rng)
    check_share(kept[2], 0.6, "the share of second hidden units kept")
    for layer, name in zip(kept[:2], ("an input", "a first hidden"), strict=True):
        seen = layer[~np.isnan(layer)]
        require(seen.size > 0, "No unit was kept.")
        together = f"Whether {name} unit is kept goes with whether the next layer keeps its own: draw for each layer."
        require(abs(seen.mean() - 0.6) < margin(seen.size, 0.6), together)


def test_forward_with_dropout_draws_for_each_example_and_unit(student, rng):
    """In each layer every unit of every example is kept or dropped on its own.

    A line of at least 45 entries is all kept or all dropped less than once in 1e7 gradings.
    """
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.5
        kept = _see_through(student, 100, 45, keep_probs, rng)[i]
        check_share(kept, 0.5)
        check_no_line_is_constant(kept)


def test_forward_with_dropout_draws_fresh_masks_from_rng(student, rng):
    """Every call has other masks; generators in the same state give the same, in other states others.

    A right answer fails less than once in 1e20 gradings.
    """
    x, params = signed(rng, 20, 6), parameters(rng, (6, 9, 8, 4))
    seeds = [np.random.default_rng(s) for s in (5, 5, 6)]
    runs = [run_net(student, x, params, (0.8, 0.5, 0.6), s)[0] for s in seeds]
    later = run_net(student, x, params, (0.8, 0.5, 0.6), seeds[0])[0]
    require(np.array_equal(runs[0], runs[1]), "Generators in the same state gave different scores.")
    require(not np.allclose(runs[0], runs[2]), "Generators in different states gave the same scores: draw from rng.")
    require(not np.allclose(runs[0], later), "Two calls had the same masks: draw anew in each call.")


@easy
def test_forward_with_dropout_at_test_time_draws_nothing(student, rng):
    """With train=False the generator stays where it is; while training it moves on."""
    x, params = signed(rng, 4, 3), parameters(rng, (3, 4, 3, 2))
    before = rng.bit_generator.state
    run_net(student, x, params, (0.8, 0.5, 0.5), rng)
    require(rng.bit_generator.state != before, "A call while training must draw from rng.")
    before = rng.bit_generator.state
    run_net(student, x, params, (0.8, 0.5, 0.5), rng, train=False)
    require(rng.bit_generator.state == before, "With train=False nothing may be drawn from rng.")


def _mask(shape, keep_prob, rng, train):
    return (rng.random(shape) < keep_prob) / keep_prob if train else np.ones(shape)


@variant
def written_out(x, params, keep_probs, rng, train=True):
    p1, p2, p3 = keep_probs
    d1 = x * _mask(x.shape, p1, rng, train)
    z1 = d1 @ params["W1"] + params["b1"]
    d2 = np.maximum(z1, 0) * _mask(z1.shape, p2, rng, train)
    z2 = d2 @ params["W2"] + params["b2"]
    d3 = np.maximum(z2, 0) * _mask(z2.shape, p3, rng, train)
    return d3 @ params["W3"] + params["b3"], (params, d1, d2, d3)


@variant
def dropping_before_relu(x, params, keep_probs, rng, train=True):
    """A mask of zeros and positive numbers may stand on either side of a ReLU."""
    cache = {"d1": x * _mask(x.shape, keep_probs[0], rng, train)}
    for i in (1, 2):
        z = cache[f"d{i}"] @ params[f"W{i}"] + params[f"b{i}"]
        cache[f"d{i + 1}"] = np.maximum(z * _mask(z.shape, keep_probs[i], rng, train), 0)
    return cache["d3"] @ params["W3"] + params["b3"], cache


@variant
def with_masks_drawn_first(x, params, keep_probs, rng, train=True):
    shapes = [(len(x), params[f"W{i}"].shape[0]) for i in (1, 2, 3)]
    masks = [_mask(shape, keep, rng, train) for shape, keep in zip(shapes, keep_probs, strict=True)]
    a, inputs = x, []
    for i in range(3):
        inputs.append(a * masks[i])
        a = np.einsum("nd,dk->nk", inputs[-1], params[f"W{i + 1}"]) + params[f"b{i + 1}"]
        if i < 2:
            a = a * (a > 0)
    return a, [masks, inputs, dict(params)]


@variant
def drawing_by_binomial_only_where_needed(x, params, keep_probs, rng, train=True):
    a, cache = x, []
    for i, keep in zip((1, 2, 3), keep_probs, strict=True):
        if train and keep < 1:
            a = a * rng.binomial(1, keep, size=a.shape) / keep
        cache.append(a)
        a = a @ params[f"W{i}"] + params[f"b{i}"]
        if i != 3:
            a = np.where(a > 0, a, 0.0)
    return a, cache


START = "a, cache = x, []"
CALL = "dropped, mask = dropout_forward(a, keep_prob, rng, train)"


def drawn(edits=None, *, mask="({draw}) / p if train else np.ones(x.shape)", shape="x.shape", share="p"):
    """Forms of a mistake, one for each way in which the student's own dropout_forward may draw."""
    return [
        {START: f"def dropout_forward(x, p, rng, train):\n        mask = {mask.format(draw=draw)}\n"
                f"        return x * mask, mask\n\n    {START}"} | (edits or {})
        for draw in draws(shape, share)
    ]


def called(keep_prob="keep_prob", train="train"):
    """Forms with other arguments of dropout_forward."""
    return drawn({CALL: f"dropped, mask = dropout_forward(a, {keep_prob}, rng, {train})"})


OWN_PROBABILITY = "Each layer has its own. Set one of them below 1 and see which layers lose units."
WHICH_ACTIVATIONS = "Which function follows the first and the second layer?"
MISTAKES = [
    mistake("Dropout stands behind each layer: the scores are dropped, and the input is not.",
            "Which three arrays do the keep probabilities belong to? The scores are not among them.",
            *drawn({CALL: "dropped = a",
                    "a = relu(z)": "a, mask = dropout_forward(relu(z) if i < 3 else z, keep_prob, rng, train)",
                    "cache.append((mask, ": "cache.append((",
                    "return z": "return a"})),
    mistake("The scores are dropped as well.",
            "Is any of your scores exactly 0? A dropped score is a wrong answer, not a missing unit.",
            *drawn({"return z": "z, _ = dropout_forward(z, keep_prob, rng, train)\n    return z"})),
    mistake("The keep probabilities are used in reverse order.",
            "The first one belongs to the input. Set one of them below 1 and see which layer loses units.",
            *called("keep_probs[3 - i]")),
    *(mistake(f"The {which} keep probability is used for every layer.", OWN_PROBABILITY, *called(keep_prob))
      for which, keep_prob in (("first", "keep_probs[0]"), ("last", "keep_probs[2]"))),
    mistake("The keep probabilities belong to the wrong layers: the input gets a hidden layer's.",
            "The first one belongs to the input. Does Python's counting from 0 meet a loop that counts from 1?",
            *called("keep_probs[i % 3]"),
            *called("keep_probs[i - 2]")),
    mistake("Half of the units are kept in every layer; keep_probs is not used.",
            "Look for a 0.5 in your function. Which argument belongs there?",
            *called("0.5")),
    mistake("The input is never dropped, though its keep probability is below 1.",
            "There are three keep probabilities. What does the first one do in your function?",
            *called(train="train and i > 1"),
            *drawn({"affine_forward(dropped,": "affine_forward(dropped if i > 1 else a,"})),
    mistake("The second layer gets the activations as they were before dropout, not what was dropped.",
            "Which of your variables holds what dropout_forward gave? Is each of them used in the next line?",
            *drawn({"affine_forward(dropped,": "affine_forward(dropped if i != 2 else a,"})),
    mistake("Nothing is dropped in the last hidden layer.",
            "There are three keep probabilities. What does the third one do in your function?",
            *called(train="train and i < 3")),
    mistake("Nothing is ever dropped.",
            "Are the scores with keep_probs of 0.5 those without dropout? Where does your function use keep_probs?",
            {CALL: "dropped, mask = a, np.ones(a.shape)"}),
    mistake("Units are kept with probability 1 - keep_prob.",
            "With keep_probs of 0.9, nine of ten units must come through.",
            *drawn(share="(1 - p)")),
    mistake("What is kept is not scaled.",
            "Average the scores of many calls and compare with those at test time.",
            *drawn(mask="({draw}) * 1.0 if train else np.ones(x.shape)")),
    mistake("What is kept is divided by keep_prob twice.",
            "Does dropout_forward scale already?",
            *drawn(mask="({draw}) / p**2 if train else np.ones(x.shape)")),
    mistake("This is the classic form: nothing is scaled while training, and everything at test time.",
            "The inverted form is asked for: dropout_forward, not classic_dropout_forward.",
            *drawn(mask="({draw}) * 1.0 if train else np.full(x.shape, p)")),
    mistake("The activations are scaled by keep_prob at test time, though they were scaled while training already.",
            "Inverted or classic: one factor, not both.",
            *drawn(mask="({draw}) / p if train else np.full(x.shape, p)")),
    mistake("Units are dropped at test time too: train is not passed on.",
            "Predict twice with train=False. Who has to be told about train?",
            *called(train="True")),
    mistake("Masks are drawn at test time too, though they are not used: the next training masks will be others.",
            DRAWING_AT_TEST_TIME[1],
            *drawn(mask="({draw}) / p\n        mask = mask if train else np.ones(x.shape)")),
    mistake(*TRAIN_UPSIDE_DOWN, *called(train="not train")),
    mistake("All examples of the batch have the same masks.",
            "Give the net a batch of equal examples: should their scores be equal?",
            *drawn(shape="x.shape[1:]")),
    mistake(*WHOLE_EXAMPLES, *drawn(shape="(len(x), 1)")),
    mistake("Layers of one width share their random numbers.",
            "Does each layer draw for itself? With equal keep probabilities, are two layers' masks ever different?",
            {START: f"{START}\n    numbers = {{}}",
             CALL: "if train and a.shape not in numbers:\n            numbers[a.shape] = rng.random(a.shape)\n"
                   "        mask = (numbers[a.shape] < keep_prob) / keep_prob if train else np.ones(a.shape)\n"
                   "        dropped = a * mask"},
            *drawn({CALL: "dropped, mask = dropout_forward(a, keep_prob, np.random.default_rng(seed), train)",
                    "i, keep_prob in": "i, (keep_prob, seed) in",
                    "enumerate(keep_probs,": "enumerate(zip(keep_probs, [rng.integers(2**31) if train else 0] * 3),"})),
    mistake("Every layer draws from a generator made inside, so that all calls have the same masks.",
            "Call your function twice. Pass rng on to each layer.",
            {"keep_prob, rng": "keep_prob, np.random.default_rng(0)"}),
    mistake("The weights are dropped, not the units.",
            "Dropout multiplies activations, (N, units), by a mask. What is the shape of what you multiply?",
            *drawn({"dropped, mask = dropout_forward(a,": 'weights, mask = dropout_forward(params[f"W{i}"],',
                    'affine_forward(dropped, params[f"W{i}"]': "affine_forward(a, weights"})),
    mistake("The scores go through a ReLU.",
            "May a score be negative? No activation follows the last layer.",
            *drawn({"return z": "return a"})),
    mistake("There is no ReLU between the layers.",
            "What do three affine layers in a row compute without anything between them?",
            *drawn({"relu(z)": "z"})),
    *(mistake(f"There is no ReLU after the {which} layer.",
              "Which two of the three layers are followed by an activation?",
              *drawn({"relu(z)": f"relu(z) if i != {i} else z"}))
      for i, which in ((1, "first"), (2, "second"))),
    mistake("The activation is a sigmoid; this net has ReLUs.", WHICH_ACTIVATIONS,
            *drawn({"relu(z)": "1 / (1 + np.exp(-z))"})),
    mistake("The activation is a tanh; this net has ReLUs.", WHICH_ACTIVATIONS,
            *drawn({"relu(z)": "np.tanh(z)"})),
    mistake("Probabilities are returned, not scores.",
            "softmax_cross_entropy takes scores and applies softmax itself.",
            *drawn({"return z": "return softmax(z)"})),
    mistake("Only the scores are returned; the cache is missing.",
            "What will backward_with_dropout need? f_forward returns a pair.",
            *drawn({"return z, cache": "return z"})),
    mistake("The biases are left out.",
            "What are the scores for an input of zeros?",
            *drawn({'params[f"b{i}"]': '0 * params[f"b{i}"]'})),
    mistake("The caller's x is overwritten by the dropped one.",
            "Does x *= mask make a new array?",
            *drawn({CALL: f"{CALL}\n        if i == 1:\n            x *= mask"})),
]
