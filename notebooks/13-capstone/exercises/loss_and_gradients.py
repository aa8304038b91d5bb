"""loss_and_gradients: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, slip, variant
from nnlib import affine_backward, affine_forward, relu, relu_backward, softmax_cross_entropy
from nnlib.checks import assert_close, require

from .common import cost_of, draw, gradients_by_hand, loss_and_grads, predicted

HINTS = (
    "Run forward first and keep for each layer what going back needs: the cache of the affine function and the input of "
    "the activation. Then go through the layers in reverse.",
    "Where does the factor 1/n come in: is it in what softmax_cross_entropy returns already? Which of your three "
    "results of affine_backward goes on to the layer before?",
    "With three layers you should make six gradients, in the order W3, b3, W2, b2, W1, b1. Check one entry: raise "
    "W1[0, 0] by 1e-5 and see whether the loss changes by 1e-5 times its gradient.",
)


def test_loss_and_gradients_of_softmax_regression(student, rng):
    """Without a hidden layer, loss and gradients are those of softmax regression, and weights of zeros cost nothing."""
    params, y = draw([4, 3], rng), rng.integers(3, size=6)
    small, large = (
        loss_and_grads(student, params | {"W1": factor * params["W1"]}, np.zeros((6, 4)), y)[0] for factor in (1, 3)
    )
    require(np.isclose(small, large, rtol=1e-9), "W1 makes a difference to the loss although all inputs are 0.")
    for n, sizes in [(5, [4, 3]), (3, [3, 3]), (1, [2, 5]), (170, [4, 3])]:
        params, X, y = draw(sizes, rng), rng.normal(size=(n, sizes[0])), rng.integers(sizes[1], size=n)
        loss, grads = loss_and_grads(student, params, X, y)
        expected, dscores = reference.softmax_cross_entropy(X @ params["W1"] + params["b1"], y)
        assert_close(loss, expected, what="the loss")
        assert_close(grads, {"W1": X.T @ dscores, "b1": dscores.sum(axis=0)}, what="the gradients")


def test_loss_and_gradients_has_the_loss_of_the_predictions(student, rng):
    """The loss is the mean cross-entropy of what predict_probabilities says, with nothing added, and goes by the labels."""
    for n, sizes in [(7, [5, 6, 3]), (4, [4, 5, 4, 4]), (1, [3, 9, 2]), (170, [4, 5, 3])]:
        params, X, y = draw(sizes, rng), rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
        loss, _ = loss_and_grads(student, params, X, y)
        assert_close(loss, cost_of(student, params, X, y), what="the loss")
        other, _ = loss_and_grads(student, params, X, (y + 1) % sizes[-1])
        require(other != loss, "Other labels have the same loss.")


def _against_differences(student, params, X, y, rng):
    """Hold each parameter's gradient against central differences of the loss along random directions."""
    _, grads = loss_and_grads(student, params, X, y)
    h, slopes = 1e-5, []
    for name, gradient in grads.items():
        for _ in range(3):
            along = rng.normal(size=gradient.shape)
            up, down = (
                loss_and_grads(student, params | {name: params[name] + sign * h * along}, X, y)[0] for sign in (1, -1)
            )
            slopes.append((up - down) / (2 * h))
            what = f"the gradient of {name} along a direction, held against differences of the loss"
            assert_close(float((gradient * along).sum()), slopes[-1], rtol=1e-4, atol=1e-7, what=what)
    require(any(slopes), "The loss does not depend on the parameters.")


def test_loss_and_gradients_with_one_hidden_layer(student, rng):
    """With one hidden layer every gradient agrees with central differences of the loss."""
    X, y = rng.normal(size=(6, 4)), rng.integers(3, size=6)
    _against_differences(student, draw([4, 5, 3], rng), X, y, rng)


def test_loss_and_gradients_with_several_hidden_layers(student, rng):
    """With two and three hidden layers, also of equal sizes, every gradient agrees with central differences."""
    for sizes in ([4, 4, 4, 4], [3, 6, 5, 4, 2]):
        X, y = rng.normal(size=(5, sizes[0])), rng.integers(sizes[-1], size=5)
        _against_differences(student, draw(sizes, rng), X, y, rng)


def test_loss_and_gradients_are_means(student, rng):
    """Twice the same examples give the same loss and gradients, and the last bias's gradient is the mean error."""
    params, X, y = draw([4, 6, 3], rng), rng.normal(size=(100, 4)), rng.integers(3, size=100)
    loss, grads = loss_and_grads(student, params, X, y)
    twice, doubled = loss_and_grads(student, params, np.tile(X, (2, 1)), np.tile(y, 2))
    assert_close(twice, loss, what="the loss of the examples, each twice")
    assert_close(doubled, grads, what="the gradients of the examples, each twice")
    error = predicted(student, params, X) - np.eye(3)[y]
    assert_close(grads["b2"], error.mean(axis=0), what="the gradient of b2")


def test_loss_and_gradients_with_large_scores(student, rng):
    """Scores of thousands give a finite loss and the gradients of a network that is very sure."""
    params, X = draw([4, 3], rng), 3e3 * rng.normal(size=(6, 4))
    y = rng.integers(3, size=6)
    expected, dscores = reference.softmax_cross_entropy(X @ params["W1"] + params["b1"], y)
    loss, grads = loss_and_grads(student, params, X, y)
    assert_close(loss, expected, what="the loss")
    assert_close(grads["W1"], X.T @ dscores, what="the gradient of W1")


@easy
def test_loss_and_gradients_is_no_matter_of_chance(student, rng):
    """Called twice with three arguments it says the same twice: no dropout here, and no state between calls."""
    params, X, y = draw([4, 20, 3], rng), rng.normal(size=(5, 4)), rng.integers(3, size=5)
    loss, grads = loss_and_grads(student, params, X, y)
    loss_and_grads(student, draw([4, 20, 3], rng), X, y)
    again, grads_again = loss_and_grads(student, params, X, y)
    assert_close(again, loss, what="the loss at a second call")
    assert_close(grads_again, grads, what="the gradients at a second call")
    require(loss > 0 and np.abs(grads["W1"]).max() > 0, "Nothing was computed.")


@variant
def by_hand(params, X, y):
    return gradients_by_hand(params, X, y)


@variant
def one_example_after_another(params, X, y):
    total, grads = 0.0, {name: np.zeros_like(value) for name, value in params.items()}
    for x, label in zip(X, y, strict=True):
        loss, own = gradients_by_hand(params, x[np.newaxis], np.array([label]))
        total += loss
        for name, value in own.items():
            grads[name] += value / len(y)
    return [total / len(y), grads]


@variant
def with_functions_of_nnlib(params, X, y, lam=0.0):
    layers, a, passed = range(1, len(params) // 2 + 1), X, []
    for i in layers:
        a = relu(a) if i > 1 else a
        a, cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        passed.append((a, cache))
    loss, delta = softmax_cross_entropy(a, y)
    grads = {}
    for i in reversed(layers):
        z, cache = passed[i - 1]
        delta = relu_backward(delta, z) if i < layers[-1] else delta
        delta, dw, db = affine_backward(delta, cache)
        grads |= {f"W{i}": dw + lam * params[f"W{i}"], f"b{i}": db}
    return np.float64(loss), grads


DZ = "relu_backward(dropout_backward(da, mask), z)"
LAST = "affine_backward(dscores, cache)"
RETURN = "return loss, grads"
PENALISED = """for i in range(1, last + 1):
        loss += {lam} / 2 * (params[f"W{{i}}"] ** 2).sum()
        grads[f"W{{i}}"] += {lam} * params[f"W{{i}}"]
    return loss, grads"""
CROSS_ENTROPY = "loss, dscores = softmax_cross_entropy(scores, y)"
BY_ONE_HOT = """log = scores - scores.max(axis=1, keepdims=True)
    log = log - np.log(np.exp(log).sum(axis=1, keepdims=True))
    truth = np.eye({classes})[y]
    loss, dscores = -(truth * log).sum() / len(y), (np.exp(log) - truth) / len(y)"""
MISTAKES = [
    mistake("Loss and gradients are sums over the batch, not means.",
            "The house's losses are means: with every example twice, nothing may change.",
            {RETURN: "return len(y) * loss, {name: len(y) * value for name, value in grads.items()}"}),
    mistake("The loss is a sum over the batch, although the gradients are those of the mean.",
            "The house's losses are means: with every example twice, nothing may change.",
            {RETURN: "return len(y) * loss, grads"}),
    mistake("The loss is divided by the number of classes as well: it is a mean over the whole one-hot table.",
            "How many entries has the table (n, C), and by which number does the formula divide?",
            {RETURN: "return loss / scores.shape[1], grads"},
            {LAST: "affine_backward(dscores / scores.shape[1], cache)", RETURN: "return loss / scores.shape[1], grads"}),
    mistake("The number of classes is taken from the labels of the batch, in which the last class may be missing.",
            "Which shape tells how many classes the network has, whatever y holds?",
            {CROSS_ENTROPY: BY_ONE_HOT.format(classes="y.max() + 1")},
            {CROSS_ENTROPY: BY_ONE_HOT.format(classes="len(set(y.tolist()))")}),
    mistake("The loss is a mean but the gradients are sums: they miss the 1/n.",
            "Check against central differences with a batch of more than one example.",
            {LAST: "affine_backward(len(y) * dscores, cache)"}),
    mistake("The gradients point the wrong way: truth minus prediction instead of prediction minus truth.",
            "If a step against the gradient raises the loss, look at the sign of the very first term.",
            {LAST: "affine_backward(-dscores, cache)"}),
    mistake("The activation's derivative is missing on the way back.",
            "A ReLU that is off passes no gradient. Which factor of the formula does that?",
            {DZ: "dropout_backward(da, mask)"}),
    mistake("ReLU's derivative looks at the sign of the gradient instead of the sign of z.",
            "Which units were on is decided on the way forward.",
            {DZ: "np.maximum(dropout_backward(da, mask), 0)"}),
    mistake("The gradients of W are made with the values before the activation instead of those after it.",
            "What was W multiplied with on the way forward: the z of the layer before, or what the activation made of it?",
            {"delta, dw, db = affine_backward(delta, cache)":
             "before = passed[i - 2][0] if i > 1 else X\n        dw = before.T @ delta\n"
             "        delta, _, db = affine_backward(delta, cache)"}, of=with_functions_of_nnlib),
    mistake("A penalty on the weights is part of the loss or of its gradients.",
            "The plain loss is asked for with three arguments. Add your penalty in train, or with an optional argument.",
            *({RETURN: PENALISED.format(lam=lam)} for lam in (1e-4, 1e-3, 0.01, 0.1))),
    mistake("The gradients are divided by n once more, although dz has been divided by it already.",
            "The 1/n comes in once, with the loss. With every example twice, nothing may change.",
            {RETURN: "return loss, {name: grad / len(y) for name, grad in grads.items()}"}),
    mistake("The gradients of the biases are means over the batch, although dz has been divided by n already.",
            "The 1/n comes in once, with the loss. What does b add to, and how often?",
            {RETURN: 'return loss, {name: grad / len(y) if name[0] == "b" else grad for name, grad in grads.items()}'}),
    mistake("The gradients of the biases are summed over units instead of over examples, or not at all.",
            "A bias's gradient has the bias's shape: one number per unit, summed over the rows.",
            {RETURN: 'return loss, grads | {f"b{last}": dscores}'}),
    mistake("The whole loss is returned right, but only the last layer gets a gradient; the others stay zero.",
            "Go on backwards: what flows into the layer before through W's transpose?",
            {"grads = {}": "grads = {name: np.zeros(value.shape) for name, value in params.items()}",
             "range(last - 1, 0, -1)": "()"}),
    mistake("Dropout is on although only three arguments came, so loss and gradients are not those of the network.",
            "Make it an optional argument that is off by default; gradients cannot be checked with it on.",
            {"keep_prob=1.0": "keep_prob=0.8", "last =": "rng = np.random.default_rng(len(y))\n    last ="}),
    mistake("The logarithm is taken of probabilities, which have become 0 where scores are thousands apart.",
            "What is log(softmax(s)) before you put numbers in? Take the logarithm on paper first.",
            {RETURN: "return -np.log(softmax(scores)[np.arange(len(y)), y]).mean(), grads"}),
    slip("only_the_first", {RETURN: "return loss"}, what="the loss"),
    mistake("A small number is added inside the logarithm, or probabilities are cut, so the loss is not the loss.",
            "Compute the logarithm from the shifted scores; it cannot overflow and needs no crutch.",
            *({RETURN: f"return -np.log(softmax(scores)[np.arange(len(y)), y] + {least}).mean(), grads"}
              for least in (1e-3, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15))),
    mistake("The loss is read off an array in which the 1 of each label has been subtracted already.",
            "Which numbers does the array hold at that line? Take the loss before you go on to write into it.",
            {RETURN: "return -len(y) * dscores[np.arange(len(y)), y].mean(), grads"}),
]
