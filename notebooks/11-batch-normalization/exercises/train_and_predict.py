"""train_and_predict: what it must do, other right ways, and what goes wrong.

How the net looks and is trained is the student's choice, so nothing is compared with a net of ours: the answers are
held against rules, against each other, and against labels of points that the net has not seen.
"""

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib import (
    adam_step,
    batchnorm_backward,
    batchnorm_forward,
    he_normal,
    make_spirals,
    random_minibatches,
    softmax,
    softmax_cross_entropy,
)
from nnlib.checks import assert_close, assert_shape, require, success

HINTS = (
    "Write the forward pass of one batch first, with an argument train, and look at the shapes it gives. Which of its "
    "four layers behave in another way at test time?",
    "Keep what each layer's forward function returns as cache, and go back through the caches in reverse: output "
    "layer, then for each hidden layer dropout, ReLU, batch norm, affine. How many gradients must a net with two "
    "hidden layers have? (Ten.)",
    "With sizes 5-8-6-4 there are W of (5, 8), (8, 6), (6, 4), their b, and gamma and beta of (8,) and (6,): ten "
    "arrays to update at each step, and two dicts of averages that no gradient touches. If the answer for a point "
    "changes with its company, one of the layers is still in training mode.",
)
NEEDED = 0.9  # of new points of three spiral arms; the net of the notebook gets 98%
TRIES = 3


def _predicted(student, X, y, X_new, rng, **options):
    """Train on copies and check that probabilities come back."""
    probs = student.train_and_predict(X.copy(), y.copy(), X_new.copy(), rng, **options)
    require(isinstance(probs, np.ndarray) and probs.dtype.kind == "f", "The result must be an array of probabilities.")
    assert_shape(probs, (len(X_new), int(y.max()) + 1), what="the array (M, C) of probabilities")
    require(np.isfinite(probs).all(), "The probabilities must be finite.")
    return probs.astype(float)


def _clouds(rng, n, d, classes):
    """Examples in clouds that overlap, one cloud per class; every class comes."""
    y = np.arange(n) % classes
    return rng.normal(size=(n, d)) + 1.5 * np.linalg.qr(rng.normal(size=(max(d, classes),) * 2))[0][y, :d], y


def _require_spirals(student, rng, size=1.0, **options):
    """Nine in ten of new points of three arms are right, in one of three trainings with other points and numbers."""
    for _ in range(TRIES):
        X, y = make_spirals(100, 3, 0.2, rng)
        X_new, y_new = make_spirals(100, 3, 0.2, rng)
        probs = _predicted(student, size * X, y, size * X_new, rng, **options)
        if np.mean(probs.argmax(axis=1) == y_new) >= NEEDED:
            return
    require(False, "Fewer than 90% of the new points are right, three times in a row.")


@easy
def test_train_and_predict_returns_probabilities(student, rng):
    """For any numbers of features, classes and points, rows of probabilities that sum to 1 come back."""
    for n, d, classes, m in [(40, 2, 3, 7), (33, 5, 2, 1), (50, 3, 4, 60)]:
        X, y = _clouds(rng, n, d, classes)
        probs = _predicted(student, X, y, rng.normal(size=(m, d)), rng, epochs=2)
        require((probs >= 0).all(), "A probability is below 0.")
        assert_close(probs.sum(axis=1), np.ones(m), rtol=1e-6, what="the sums of the rows")


@easy
def test_train_and_predict_of_a_class_without_examples(student, rng):
    """Where no example has the label 1 but some have 2, there are three classes all the same."""
    X, y = _clouds(rng, 40, 3, 2)
    _predicted(student, X, 2 * y, rng.normal(size=(5, 3)), rng, epochs=2)


@success
@weight(3)
def test_train_and_predict_learns_spirals(student, rng):
    """With the defaults, nine in ten new points of three spiral arms are right."""
    _require_spirals(student, rng)


@success
@weight(2)
def test_train_and_predict_does_not_care_for_units(student, rng):
    """With features 300 times as large it learns as well, as batch norm divides the size out again."""
    _require_spirals(student, rng, size=300.0)


@success
def test_train_and_predict_learns_without_dropout(student, rng):
    """With keep_prob=1.0 every unit stays, and the spirals are learnt too."""
    _require_spirals(student, rng, keep_prob=1.0)


@weight(3)
def test_train_and_predict_answers_alone_as_in_company(student, rng):
    """A point gets the same answer alone, in company, and thirty times over: averages, and no dropout, at test time."""
    X, y = _clouds(rng, 60, 4, 3)
    points = rng.normal(size=(5, 4))
    many = np.repeat(points[:1], 30, axis=0)

    def answers(shown, keep_prob=0.6):
        return _predicted(student, X, y, shown, np.random.default_rng(7), epochs=3, keep_prob=keep_prob)

    def same(some, others, rtol=1e-6):
        return np.allclose(some, others, rtol=rtol, atol=1e-9)

    alone, among = answers(points[:1]), answers(points)
    require(np.ptp(among, axis=0).max() > 1e-6, "All points get the same answer.")
    in_company = [among, answers(np.vstack([points[:1], 50 + 9 * points])), answers(many)]
    # What follows only tells wrong answers apart, each in words of its own.
    if not same(in_company[-1], in_company[-1][:1]):
        dropped = same(answers(points, 1.0)[:1], answers(points[:1], 1.0))
        require(not dropped, "Equal points get different answers, unless keep_prob is 1.")
        require(False, "Equal points get different answers, and without dropout a point gets another in company.")
    if not all(same(answer[:1], alone) for answer in in_company):
        stretched = same(answers(points * [1, 10, 3, 30] + 5), among, rtol=1e-3)
        require(not stretched, "Points get the same answers when their features are stretched and shifted.")
        require(False, "A point gets another answer in company.")


def _training_cost(student, X, y, rng, **options):
    """Train and say how improbable the training points are then."""
    probs = _predicted(student, X, y, X, rng, **options)[np.arange(len(y)), y]
    return -np.log(np.maximum(probs, 1e-12)).mean()


def test_train_and_predict_uses_keep_prob(student, rng):
    """keep_prob is the share kept: another one trains another net, a low one fits the training points worse."""
    X, y = _clouds(rng, 60, 4, 3)
    points = rng.normal(size=(6, 4))

    def kept(keep_prob):
        return _predicted(student, X, y, points, np.random.default_rng(8), epochs=3, keep_prob=keep_prob)

    some = kept(0.6)
    require(not np.allclose(some, kept(0.3), rtol=1e-6), "keep_prob makes no difference.")
    for _ in range(TRIES):  # with a rate of 2 a right one fails once in 2,000 times, with lower rates far less
        spirals = make_spirals(60, 3, 0.1, rng)
        most, few = (_training_cost(student, *spirals, rng, epochs=40, keep_prob=keep) for keep in (0.9, 0.3))
        if most < few:
            break
    else:
        require(False, "With a low keep_prob the training points are fitted better than with a high one.")
    require(not np.allclose(some, kept(1.0), rtol=1e-6), "keep_prob makes no difference.")


def test_train_and_predict_trains_for_as_many_epochs(student, rng):
    """Forty epochs make the training points far more probable than one does."""
    X, y = make_spirals(60, 3, 0.1, rng)
    costs = [_training_cost(student, X, y, rng, epochs=epochs, keep_prob=1.0) for epochs in (1, 40)]
    require(costs[1] < 0.7 * costs[0], "Forty epochs make the training points hardly more probable than one epoch.")


@weight(2)
def test_train_and_predict_uses_every_example(student, rng):
    """Any example's label, changed, changes the answers after one epoch: nobody is left out, short batch or not."""
    points = rng.normal(size=(3, 4))

    def share_used(n, step=1):
        X, y = _clouds(rng, n, 4, 3)

        def answer(y):
            return _predicted(student, X, y, points, np.random.default_rng(9), epochs=1, keep_prob=1.0)

        usual, used = answer(y), []
        for i in range(3, n, step):  # the first three have one label each, so that the classes stay three
            other = y.copy()
            other[i] = (y[i] + 1) % 3
            used.append(not np.array_equal(answer(other), usual))
        return np.mean(used)

    if share_used(37) < 1:
        require(share_used(150, 5) > 0.5, "For most examples the label makes no difference.")
        require(False, "There is an example whose label makes no difference.")


def test_train_and_predict_draws_from_rng(student, rng):
    """Generators in the same state train the same net, others another, and a second call another again."""
    X, y = _clouds(rng, 70, 4, 3)
    points = rng.normal(size=(6, 4))
    one, same, other = (
        _predicted(student, X, y, points, np.random.default_rng(seed), epochs=2) for seed in (10, 10, 11)
    )
    assert_close(same, one, what="the answers with a generator in the same state")
    require(not np.allclose(one, other, rtol=1e-6), "Generators in different states gave the same net.")
    generator = np.random.default_rng(12)
    first, second = (_predicted(student, X, y, points, generator, epochs=2) for _ in range(2))
    require(not np.allclose(first, second, rtol=1e-6), "Two calls with one generator gave the same net.")


def _one_layer(X, y, X_new, rng, epochs, keep_prob, units, lr):
    """One hidden layer by hand, with Adam."""
    classes = 1 + max(y.tolist())
    params = {
        "W": he_normal(X.shape[1], units, rng),
        "g": np.ones(units),
        "s": np.zeros(units),
        "V": he_normal(units, classes, rng),
        "c": np.zeros(classes),
    }
    running, states = {}, {name: {} for name in params}
    for epoch in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, 25, rng):
            z, cache = batchnorm_forward(X_batch @ params["W"], params["g"], params["s"], running)
            mask = (rng.random(z.shape) < keep_prob) / keep_prob
            h = np.maximum(z, 0) * mask
            _, d = softmax_cross_entropy(h @ params["V"] + params["c"], y_batch)
            dz = d @ params["V"].T * mask * (z > 0)
            dz, dg, ds = batchnorm_backward(dz, cache)
            grads = {"V": h.T @ d, "c": d.sum(axis=0), "W": X_batch.T @ dz, "g": dg, "s": ds}
            for name, gradient in grads.items():
                # Adam's steps know no units: its W moves by the rate alone, so the rate has those of W.
                size = np.abs(params[name]).mean() if name == "W" else 1.0
                step = adam_step(params[name], gradient, states[name], lr * size * (1 - epoch / epochs))
                params[name], states[name] = step
    z, _ = batchnorm_forward(X_new @ params["W"], params["g"], params["s"], running, train=False)
    return softmax(np.maximum(z, 0) @ params["V"] + params["c"])


@variant
def with_one_wide_layer_and_adam(X, y, X_new, rng, epochs=120, keep_prob=0.95):
    return _one_layer(X, y, X_new, rng, epochs, keep_prob, 96, 0.05)


class _Layer:
    """Affine, batch norm by hand, ReLU, dropout; with momentum."""

    def __init__(self, fan_in, fan_out, rng):
        self.values = [np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out)), np.ones(fan_out), np.zeros(fan_out)]
        self.speed = [0.0, 0.0, 0.0]
        self.mean, self.var = np.zeros(fan_out), np.ones(fan_out)

    def train(self, x, keep_prob, rng):
        z = x @ self.values[0]
        mean, var = z.mean(axis=0), z.var(axis=0)
        self.mean, self.var = 0.8 * self.mean + 0.2 * mean, 0.8 * self.var + 0.2 * var
        self.inv = 1 / np.sqrt(var + 1e-5)
        self.x, self.hat = x, (z - mean) * self.inv
        out = self.values[1] * self.hat + self.values[2]
        self.pass_on = (out > 0) * (rng.random(out.shape) < keep_prob) / keep_prob
        return out * self.pass_on

    def use(self, x):
        hat = (x @ self.values[0] - self.mean) / np.sqrt(self.var + 1e-5)
        return np.maximum(self.values[1] * hat + self.values[2], 0)

    def back(self, d, lr):
        d = d * self.pass_on
        dgamma, dbeta = (d * self.hat).sum(axis=0), d.sum(axis=0)
        dz = self.values[1] * self.inv * (d - (dbeta + self.hat * dgamma) / len(d))
        dx, grads = dz @ self.values[0].T, (self.x.T @ dz, dgamma, dbeta)
        for i, gradient in enumerate(grads):
            self.speed[i] = 0.9 * self.speed[i] - lr * gradient
            self.values[i] = self.values[i] + self.speed[i]
        return dx


@variant
def with_layers_as_objects_and_momentum(X, y, X_new, rng, epochs=60, keep_prob=0.9):
    classes = int(np.max(y)) + 1
    layers = [_Layer(X.shape[1], 40, rng), _Layer(40, 40, rng)]
    v = 0.1 * rng.standard_normal((40, classes))
    for epoch in range(epochs):
        lr = 0.05 * (1 - epoch / epochs)
        order = rng.permutation(len(X))
        for start in range(0, len(X), 40):
            chosen = order[start : start + 40]
            h = X[chosen]
            for layer in layers:
                h = layer.train(h, keep_prob, rng)
            d = softmax(h @ v)
            d[np.arange(len(chosen)), y[chosen]] -= 1
            d /= len(chosen)
            v, d = v - 5 * lr * h.T @ d, d @ v.T
            for layer in reversed(layers):
                d = layer.back(d, lr)
    for layer in layers:
        X_new = layer.use(X_new)
    return softmax(X_new @ v)


@variant
def standardised_first(X, y, X_new, rng, epochs=100, keep_prob=0.9):
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-12
    return _one_layer((X - mean) / std, y, (X_new - mean) / std, rng, epochs, keep_prob, 64, 0.08)


BN = 'z, bn = batchnorm_forward(z, params[f"gamma{i}"], params[f"beta{i}"], running[i], train)'
BN_BACK = 'dz, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dz, bn)'
DROP = "dropout_forward(relu(z), keep_prob, rng, train)"
STEP = "params |= gradient_step("
EPOCHS = "for epoch in range(epochs):"
BATCHES = "for X_batch, y_batch in random_minibatches(X, y, 32, rng):"
LAST = "forward(X_new, train=False)"
MISTAKES = [
    mistake("The answers are given in training mode: statistics of the new points, and dropout.",
            "What should the argument train be when X_new goes through the net?",
            {LAST: "forward(X_new, train=True)"}),
    mistake("Batch norm uses the statistics of the new points, so an answer depends on its company.",
            "Which statistics does your batch norm use for X_new? Training has kept some.",
            {"running[i], train)": "running[i], True)"}),
    mistake("Dropout is still on when the new points are answered.",
            "Give the same point twice: why do the two answers differ?",
            {DROP: "dropout_forward(relu(z), keep_prob, rng, True)"}),
    mistake("There is no batch norm.",
            "Make all features 300 times as large. Which layer should not notice?",
            {BN: "bn = None", BN_BACK: 'grads[f"gamma{i}"], grads[f"beta{i}"] = np.zeros(32), np.zeros(32)'}),
    mistake("keep_prob is not used: whatever it is, the same net comes out.",
            "Does anything change if you call it with keep_prob=0.3?",
            {DROP: "dropout_forward(relu(z), 1.0, rng, train)"}),
    mistake("keep_prob is taken as the share of units to drop.",
            "With keep_prob=1.0, how many units should be left?",
            {DROP: "dropout_forward(relu(z), max(1 - keep_prob, 1e-3), rng, train)"},
            {DROP: "dropout_forward(relu(z), 1 - keep_prob, rng, train)"}),
    mistake("One epoch is trained, however many are asked for.",
            "Is the return, or the loop, where it should be? Try epochs=1 and epochs=60.",
            {EPOCHS: "for epoch in range(1):"}),
    mistake("The number of epochs is fixed; the argument is not used.",
            "Does training for 1 epoch give another net than training for 60?",
            {EPOCHS: "epochs = 60\n    " + EPOCHS}),
    mistake("Only the first batch of each epoch is used.",
            "What stands after the update: break, return? When are all examples through?",
            {BATCHES: "for X_batch, y_batch in list(random_minibatches(X, y, 32, rng))[:1]:"}),
    mistake("An epoch leaves examples out: the short last batch is dropped, or batches are drawn with replacement.",
            "With 37 examples and batches of 32, which examples does an epoch use, and how often?",
            {BATCHES: "for X_batch, y_batch in [b for b in random_minibatches(X, y, 32, rng) if len(b[1]) == 32]:"},
            {BATCHES: "for X_batch, y_batch in [(X[rows], y[rows]) for rows in "
                      "rng.integers(len(X), size=(-(-len(X) // 32), 32))]:"}),
    mistake("One epoch too few is trained: with epochs=1 nothing is.",
            "Which numbers does range(1, epochs) give when epochs is 1?",
            {EPOCHS: "for epoch in range(1, epochs):"}),
    mistake("The layers share one dict of averages, so each is tested with the statistics of them all mixed.",
            "How many dicts does a net with two hidden layers need?",
            {"[{} for _ in sizes[1:-1]]": "[{}] * 2"}),
    mistake("The step goes uphill: gradients are added.",
            "Does the loss of a batch fall from step to step? Which sign has the step?",
            {"grads}, grads, lr)": "grads}, grads, -lr)"}),
    mistake("Scores are returned, not probabilities.",
            "Do the rows of your result sum to 1?", {"softmax(scores)": "scores"}),
    mistake("Labels are returned, not probabilities.",
            "What shape has the result, and what shape is asked for?",
            after=lambda probs: probs.argmax(axis=1)),
    mistake("The net always has three classes.",
            "Where does C come from, for other data?", {"int(y.max()) + 1": "3"}),
    mistake("The labels that occur are counted; a class is there also where no example has it.",
            "The labels 0, 2, 2, 0: how many classes does the text say there are, and how many do you get?",
            {"int(y.max()) + 1": "len(np.unique(y))"}),
    mistake("X_new is standardised with its own mean and deviation, so an answer depends on its company.",
            "What is a single point when its own mean is taken away? Which numbers must training hand on to use?",
            {"params, running = {}": "X, X_new = ((part - part.mean(axis=0)) / (part.std(axis=0) + 1e-8)\n"
                                     "                for part in (X, X_new))\n    params, running = {}"}),
    mistake("The net always has two features.",
            "Where does D come from, for other data?", {"X.shape[1]": "2"}),
    mistake("The answers are for the training points, not for X_new.",
            "How many rows has the result?", {LAST: "forward(X, train=False)"}),
    slip("own_generator", {"params, running = {}": "rng = np.random.default_rng(0)\n    params, running = {}"}),
]
