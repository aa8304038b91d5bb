"""predict_probabilities: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib import softmax
from nnlib.checks import assert_close, require

from .common import draw, predicted

HINTS = (
    "How many layers has the network, told from the names in params alone? After which of them is there no activation?",
    "Go through the layers with one variable that holds the outputs so far. What is it before the first layer? "
    "Which function of nnlib turns scores into probabilities without overflow?",
    "A dict with six entries has three layers: two with an activation behind, and one with softmax. With X of (5, 8) "
    "and sizes [8, 6, 7, 3] the shapes on the way are (5, 6), (5, 7), (5, 3).",
)


def _odds(student, params, X):
    """Log probabilities against the first class's: the scores, but for a constant."""
    probs = predicted(student, params, X)
    require((probs > 0).all(), "The probabilities must be above 0.")
    log = np.log(probs)
    return log - log[:, :1]


def test_predict_probabilities_without_hidden_layer_is_softmax_regression(student, rng):
    """With two sizes only, the probabilities are softmax(X W1 + b1)."""
    for n, sizes in [(5, [4, 3]), (4, [3, 4]), (1, [6, 2]), (170, [4, 3])]:
        params, X = draw(sizes, rng), rng.normal(size=(n, sizes[0]))
        expected = reference.softmax(X @ params["W1"] + params["b1"])
        assert_close(predicted(student, params, X), expected, what="the probabilities")


def test_predict_probabilities_are_probabilities(student, rng):
    """Every row lies in (0, 1) and sums to 1, for any number of layers, classes and examples, and examples differ.

    That all seven units rest for all six examples, so that these are alike, happens less than once in a million.
    """
    probs = predicted(student, draw([5, 7, 3], rng), rng.normal(size=(6, 5)))
    require(np.ptp(probs, axis=0).any(), "All examples have the same probabilities.")
    for n, sizes in [(6, [5, 7, 3]), (4, [5, 4, 4, 4]), (1, [5, 8, 6, 7, 2])]:
        probs = predicted(student, draw(sizes, rng), rng.normal(size=(n, 5)))
        require((probs >= 0).all() and (probs <= 1).all(), "A probability lies outside 0 to 1.")
        assert_close(probs.sum(axis=1), np.ones(n), what="the sum of each row")


def test_predict_probabilities_has_nothing_after_the_last_layer(student, rng):
    """Twice the last layer's weights and biases double the scores, and a larger bias adds to its score: no ReLU there."""
    for sizes in ([4, 6, 3], [4, 5, 5, 5]):
        last = len(sizes) - 1
        params, X = draw(sizes, rng), rng.normal(size=(7, 4))
        odds = _odds(student, params, X)
        doubled = params | {f"W{last}": 2 * params[f"W{last}"], f"b{last}": 2 * params[f"b{last}"]}
        assert_close(_odds(student, doubled, X), 2 * odds, rtol=1e-4, atol=1e-6, what="the doubled scores")
        more = rng.normal(size=sizes[-1])
        lifted = params | {f"b{last}": params[f"b{last}"] + more}
        assert_close(_odds(student, lifted, X), odds + more - more[0], rtol=1e-4, atol=1e-6, what="the lifted scores")


def test_predict_probabilities_bends_in_every_hidden_layer(student, rng):
    """Each hidden layer has an activation: its outputs cannot be rotated and rotated back without being noticed."""
    for sizes in ([4, 5, 3], [4, 5, 6, 3]):
        params, X = draw(sizes, rng), rng.normal(size=(9, 4))
        odds = _odds(student, params, X)
        for i in range(1, len(sizes) - 1):
            turn, _ = np.linalg.qr(rng.normal(size=(sizes[i], sizes[i])))
            turned = params | {f"W{i}": params[f"W{i}"] @ turn, f"b{i}": params[f"b{i}"] @ turn}
            turned[f"W{i + 1}"] = turn.T @ params[f"W{i + 1}"]
            require(not np.allclose(_odds(student, turned, X), odds), f"Layer {i} has no activation.")


def test_predict_probabilities_uses_every_parameter(student, rng):
    """Each weight matrix and each bias has its say, and units may change places."""
    sizes = [4, 6, 5, 3]
    params, X = draw(sizes, rng), rng.normal(size=(30, 4))
    odds = _odds(student, params, X)
    for name, value in params.items():
        moved = params | {name: value + 0.3 * rng.normal(size=value.shape)}
        require(not np.allclose(_odds(student, moved, X), odds), f"{name} has no influence on the probabilities.")
    for i in (1, 2):
        places = rng.permutation(sizes[i])
        swapped = params | {f"W{i}": params[f"W{i}"][:, places], f"b{i}": params[f"b{i}"][places]}
        swapped[f"W{i + 1}"] = params[f"W{i + 1}"][places]
        assert_close(_odds(student, swapped, X), odds, rtol=1e-4, atol=1e-6, what="the scores with swapped units")


@easy
def test_predict_probabilities_adds_the_biases(student, rng):
    """A bias is added to the weighted sum: moving all inputs can be undone by the first layer's biases."""
    for sizes in ([4, 6, 3], [5, 4, 4, 4]):
        params, X = draw(sizes, rng), rng.normal(size=(6, sizes[0]))
        move = rng.normal(size=sizes[0])
        moved = params | {"b1": params["b1"] - move @ params["W1"]}
        expected = predicted(student, params, X)
        assert_close(predicted(student, moved, X + move), expected, what="the probabilities of moved inputs")


def test_predict_probabilities_goes_by_name(student, rng):
    """The order of the dict does not matter, W1 is the first layer wherever it stands."""
    params, X = draw([4, 4, 4, 4], rng), rng.normal(size=(5, 4))
    turned = dict(reversed(params.items()))
    expected = predicted(student, params, X)
    assert_close(predicted(student, turned, X), expected, what="the probabilities from a dict in another order")
    assert_close(expected.sum(axis=1), np.ones(5), what="the sum of each row")
    deep = draw([4, 3, 5, 4, 6, 5, 7, 6, 8, 7, 3], rng)  # W10 comes before W2 in the alphabet
    probs = predicted(student, {name: deep[name] for name in sorted(deep)}, X)
    assert_close(probs.sum(axis=1), np.ones(5), what="the sum of each row after ten layers")


def test_predict_probabilities_with_large_scores(student, rng):
    """Scores of thousands give ones and zeros, not nan."""
    params, X = draw([4, 3], rng), 1e4 * rng.normal(size=(6, 4))
    expected = reference.softmax(X @ params["W1"] + params["b1"])
    assert_close(predicted(student, params, X), expected, what="the probabilities for scores of thousands")


def test_predict_probabilities_sees_each_example_alone(student, rng):
    """An example's answer does not depend on its batch mates, nor on chance."""
    params, X = draw([4, 8, 3], rng), rng.normal(size=(150, 4))
    together = predicted(student, params, X)
    require(np.ptp(together, axis=0).any(), "All examples have the same probabilities.")
    alone = np.concatenate([predicted(student, params, X[i : i + 1]) for i in (0, 1, 70, 149)])
    assert_close(alone, together[[0, 1, 70, 149]], what="the probabilities of the examples one by one")
    assert_close(predicted(student, params, X), together, what="the probabilities at a second call")


@variant
def with_tanh(params, X):
    depth = sum(name.startswith("W") for name in params)
    for i in range(1, depth + 1):
        X = X @ params[f"W{i}"] + params[f"b{i}"]
        if i < depth:
            X = np.tanh(X)
    exp = np.exp(X - X.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


@variant
def one_example_at_a_time(params, X):
    depth, rows = len(params) // 2, []
    for x in X:
        for i in range(1, depth):
            x = np.maximum(params[f"W{i}"].T @ x + params[f"b{i}"], 0)
        scores = params[f"W{depth}"].T @ x + params[f"b{depth}"]
        log = scores - scores.max()
        rows.append(np.exp(log - np.log(np.exp(log).sum())))
    return np.array(rows)


@variant
def with_leaky_units_and_recursion(params, X):
    def layer(i):
        if i == 0:
            return X
        z = np.einsum("nd,dk->nk", layer(i - 1), params[f"W{i}"]) + params[f"b{i}"]
        return z if f"W{i + 1}" not in params else np.where(z > 0, z, 0.05 * z)

    return softmax(layer(len(params) // 2))


SCORES = 'a @ params[f"W{last}"] + params[f"b{last}"]'
PROBS = f"softmax({SCORES})"
BY_PLACE = """a, names = X, [name[1:] for name in {order} if name[0] == "W"]
    params = {{f"{{kind}}{{i}}": params[f"{{kind}}{{name}}"] for i, name in enumerate(names, 1) for kind in "Wb"}}"""
MISTAKES = [
    # the softmax
    mistake("These are the scores; softmax is missing.",
            "Do the rows sum to 1?",
            {PROBS: SCORES}),
    mistake("These are classes, not probabilities.",
            "The argmax comes later, where somebody wants a decision. What shape is asked for?",
            after=lambda probs: probs.argmax(axis=1)),
    mistake("Softmax normalises over the examples instead of over the classes.",
            "Which axis holds the classes of one example? The rows must sum to 1.",
            {PROBS: f"softmax(({SCORES}).T).T"}),
    mistake("Softmax normalises over the whole batch, so all probabilities together sum to 1.",
            "The sum needs an axis, and keepdims.",
            {PROBS: f"softmax(({SCORES}).reshape(1, -1)).reshape(len(X), -1)"}),
    mistake("Large scores overflow: exp of a thousand is infinite, and inf / inf is nan.",
            "Subtract each row's largest score first, as in notebook 02.",
            {f"return {PROBS}": f"exp = np.exp({SCORES})\n    return exp / exp.sum(axis=1, keepdims=True)"}),
    mistake("The largest score of the whole batch is subtracted from every row, so rows far below it become 0/0.",
            "What is left of a row's scores, all thousands below another row's, after your subtraction and exp?",
            {f"return {PROBS}": f"scores = {SCORES}\n    exp = np.exp(scores - scores.max())\n"
                                "    return exp / exp.sum(axis=1, keepdims=True)"}),
    mistake("The scores are clipped against overflow, so large ones that differ become alike.",
            "What does your clipping make of scores of 1000 and 999? What can be taken from both without harm?",
            *({PROBS: f"softmax(np.clip({SCORES}, -{most}, {most}))"} for most in (50, 500))),
    mistake("The last layer has a sigmoid for each class instead of softmax, so the rows do not sum to 1.",
            "The ten classes exclude each other. Which function divides one probability among them?",
            {PROBS: f"1 / (1 + np.exp(-({SCORES})))"}),
    # the layers
    mistake("The activation also comes after the last layer, so negative scores are cut off.",
            "How does a network with ReLU after the last layer say that a class is very unlikely?",
            {PROBS: f"softmax(relu({SCORES}))"}),
    mistake("An activation stands in front of the first layer, too, so that negative inputs are cut off.",
            "What may a feature be, and what does ReLU make of -1?",
            {"a = X": "a = relu(X)"}),
    mistake("No hidden layer has an activation, so the whole network is one linear map.",
            "What does z = (x W1) W2 gain over z = x W with W = W1 W2?",
            {"relu(": "("}),
    mistake("Only the first hidden layer has an activation.",
            "Try a network with two hidden layers: where does the loop apply g?",
            {"relu(": "(relu if i == 1 else np.asarray)("}),
    mistake("The biases are left out.",
            "An affine layer is x W + b. Your tests with zero biases cannot notice.",
            {' + params[f"b{i}"]': "", ' + params[f"b{last}"]': ""}),
    mistake("Only the last layer has its bias; those of the hidden layers are left out.",
            "Biases start at zero, so a fresh network cannot tell. Try one whose b1 is not zero.",
            {' + params[f"b{i}"]': ""}),
    mistake("The biases of the hidden layers are added after the activation instead of before it.",
            "Compute the example by hand: is the 3 of b1 part of what the activation sees?",
            {'relu(a @ params[f"W{i}"] + params[f"b{i}"])': 'relu(a @ params[f"W{i}"]) + params[f"b{i}"]'}),
    mistake("The layers are taken in the order of the dict instead of by their names.",
            "A dict may come in any order. W1 is the first layer because of its name.",
            {"a = X": BY_PLACE.format(order="params")}),
    mistake("The names are sorted as words, so W10 comes before W2.",
            "Build the names from the number of the layer instead of sorting them.",
            {"a = X": BY_PLACE.format(order="sorted(params)")}),
    mistake("The network has two layers, whatever params holds.",
            "Count the layers of params, and loop. There may be no hidden layer, or four.",
            {"len(params) // 2": "2"}),
    # at test time
    mistake("The inputs are standardised with the mean and deviation of the batch, so an answer depends on its neighbours.",
            "Classify one image alone: what is its mean over the batch? Fold the training set's statistics into W1 and b1.",
            {"a = X": "a = (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)"}),
    mistake("Dropout is still on, so the answer changes from call to call.",
            "Inverted dropout is the identity at test time.",
            {"a = X": "a, rng = X, np.random.default_rng(len(X))",
             'relu(a @ params[f"W{i}"] + params[f"b{i}"])':
             'dropout_forward(relu(a @ params[f"W{i}"] + params[f"b{i}"]), 0.8, rng)[0]'}),
]
