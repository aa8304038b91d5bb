"""Wrong implementations that students hand in for 13-capstone, each with what a good TA says.

Every function stands alone. The networks have ReLU units, as most students' have, so that the diagnosis, which
repeats the recorded calls, can recognise a wrong prediction, gradient or snapshot by its numbers.
"""

import numpy as np

from grader.authoring import misconception
from nnlib import (
    adam_step,
    affine_backward,
    affine_forward,
    cosine_restarts,
    cross_entropy,
    dropout_backward,
    dropout_forward,
    he_normal,
    random_minibatches,
    relu,
    relu_backward,
    softmax,
    softmax_cross_entropy,
    steps_per_epoch,
)

# ---------------------------------------------------------------- build_network


def _build(sizes, weights, biases=np.zeros):
    params = {}
    for i in range(1, len(sizes)):
        params[f"W{i}"] = weights(sizes[i - 1], sizes[i])
        params[f"b{i}"] = biases(sizes[i])
    return params


@misconception(
    of="build_network",
    says="All weights are zero, so all units of a layer compute and learn the same.",
    hint="What gradient does the second unit get, if it has the same weights as the first? See notebook 05.",
)
def weights_start_at_zero(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: np.zeros((fan_in, fan_out)))


@misconception(
    of="build_network",
    says="All weights of a layer have the same value, so its units can never become different.",
    hint="The size is right, but symmetry must be broken: where do the random numbers come in?",
)
def weights_start_at_a_constant(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: np.full((fan_in, fan_out), np.sqrt(2 / fan_in)))


@misconception(
    of="build_network",
    says="Weights are drawn with deviation 0.01 whatever the layer's size, so signals fade from layer to layer.",
    hint="The deviation must depend on fan_in. Which rule of notebook 05 suits your activation?",
)
def weights_start_tiny(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: 0.01 * rng.standard_normal((fan_in, fan_out)))


@misconception(
    of="build_network",
    says="Weights are drawn with deviation 1, so scores are huge at the start.",
    hint="A sum over fan_in inputs has fan_in times the variance of one. What keeps it at 1?",
)
def weights_start_huge(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: rng.standard_normal((fan_in, fan_out)))


@misconception(
    of="build_network",
    says="The variance 2 / fan_in is used as the standard deviation.",
    hint="The generator wants a deviation. How does one get from a variance to it?",
)
def variance_taken_for_deviation(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: 2 / fan_in * rng.standard_normal((fan_in, fan_out)))


@misconception(
    of="build_network",
    says="The spread goes by fan_out, the units of the layer, instead of fan_in, its inputs.",
    hint="How many terms does the sum that makes up one unit's score have?",
)
def spread_by_outputs(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: np.sqrt(2 / fan_out) * rng.standard_normal((fan_in, fan_out)))


@misconception(
    of="build_network",
    says="Weights are drawn between 0 and something, so all of them are positive.",
    hint="rng.random draws from 0 to 1. Weights need mean zero.",
)
def weights_all_positive(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: rng.random((fan_in, fan_out)) * np.sqrt(6 / fan_in))


@misconception(
    of="build_network",
    says="The weights are (fan_out, fan_in), the transpose of what the course uses.",
    hint="Examples are rows and the product is X @ W: how many rows must W have?",
)
def weights_transposed(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng).T)


@misconception(
    of="build_network",
    says="The biases are drawn at random too.",
    hint="The weights break the symmetry already. What do biases start at?",
)
def biases_drawn_too(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng), lambda n: 0.1 * rng.standard_normal(n))


@misconception(
    of="build_network",
    says="The biases are (1, fan_out) instead of (fan_out,).",
    hint="House convention: a bias has one axis. Broadcasting does the rest.",
)
def biases_with_two_axes(sizes, rng):
    return _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng), lambda n: np.zeros((1, n)))


@misconception(
    of="build_network",
    says="A generator of your own with a fixed seed draws the weights, so every network is the same.",
    hint="Draw from the rng that comes in: a second call must give another network.",
)
def seed_of_its_own(sizes, rng):
    own = np.random.default_rng(0)
    return _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, own))


@misconception(
    of="build_network",
    says="The generator is made anew for each layer, so layers of one shape have the same weights.",
    hint="Draw all layers from the one rng, one after the other.",
)
def same_draw_for_each_layer(sizes, rng):
    seed = int(rng.integers(2**31))
    return _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, np.random.default_rng(seed)))


@misconception(
    of="build_network",
    says="The names count from 0: W0, b0, ...",
    hint="The first layer is W1, b1. How far does the loop run, and what is i for the first layer?",
)
def names_from_zero(sizes, rng):
    params = _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng))
    return {f"{name[0]}{int(name[1:]) - 1}": value for name, value in params.items()}


@misconception(
    of="build_network",
    says="The output layer is missing.",
    hint="For sizes [64, 20, 10] there are two weight matrices. Count what your loop makes.",
)
def last_layer_left_out(sizes, rng):
    return _build(sizes[:-1], lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng))


# ---------------------------------------------------------------- predict_probabilities


def _scores(params, X, activation=relu, biases=True):
    last, a = len(params) // 2, X
    for i in range(1, last + 1):
        a = a @ params[f"W{i}"] + (params[f"b{i}"] if biases else 0)
        a = activation(a) if i < last else a
    return a


@misconception(
    of="predict_probabilities",
    says="These are the scores; softmax is missing.",
    hint="Do the rows sum to 1?",
)
def returns_scores(params, X):
    return _scores(params, X)


@misconception(
    of="predict_probabilities",
    says="These are classes, not probabilities.",
    hint="The argmax comes later, where somebody wants a decision. What shape is asked for?",
)
def returns_classes(params, X):
    return _scores(params, X).argmax(axis=1)


@misconception(
    of="predict_probabilities",
    says="The activation also comes after the last layer, so negative scores are cut off.",
    hint="How does a network with ReLU after the last layer say that a class is very unlikely?",
)
def activation_on_the_last_layer(params, X):
    return softmax(relu(_scores(params, X)))


@misconception(
    of="predict_probabilities",
    says="No hidden layer has an activation, so the whole network is one linear map.",
    hint="What does z = (x W1) W2 gain over z = x W with W = W1 W2?",
)
def no_activation_at_all(params, X):
    return softmax(_scores(params, X, activation=lambda z: z))


@misconception(
    of="predict_probabilities",
    says="Only the first hidden layer has an activation.",
    hint="Try a network with two hidden layers: where does the loop apply g?",
)
def activation_on_the_first_layer_alone(params, X):
    last, a = len(params) // 2, X
    for i in range(1, last + 1):
        a = a @ params[f"W{i}"] + params[f"b{i}"]
        a = relu(a) if i == 1 < last else a
    return softmax(a)


@misconception(
    of="predict_probabilities",
    says="Softmax normalises over the examples instead of over the classes.",
    hint="Which axis holds the classes of one example? The rows must sum to 1.",
)
def softmax_down_the_columns(params, X):
    scores = _scores(params, X)
    exp = np.exp(scores - scores.max(axis=0))
    return exp / exp.sum(axis=0)


@misconception(
    of="predict_probabilities",
    says="Softmax normalises over the whole batch, so all probabilities together sum to 1.",
    hint="The sum needs an axis, and keepdims.",
)
def softmax_over_everything(params, X):
    scores = _scores(params, X)
    exp = np.exp(scores - scores.max())
    return exp / exp.sum()


@misconception(
    of="predict_probabilities",
    says="Large scores overflow: exp of a thousand is infinite, and inf / inf is nan.",
    hint="Subtract each row's largest score first, as in notebook 02.",
)
def softmax_without_a_shift(params, X):
    exp = np.exp(_scores(params, X))
    return exp / exp.sum(axis=1, keepdims=True)


@misconception(
    of="predict_probabilities",
    says="The last layer has a sigmoid for each class instead of softmax, so the rows do not sum to 1.",
    hint="The ten classes exclude each other. Which function divides one probability among them?",
)
def sigmoids_for_softmax(params, X):
    return 1 / (1 + np.exp(-_scores(params, X)))


@misconception(
    of="predict_probabilities",
    says="The biases are left out.",
    hint="An affine layer is x W + b. Your tests with zero biases cannot notice.",
)
def biases_left_out(params, X):
    return softmax(_scores(params, X, biases=False))


@misconception(
    of="predict_probabilities",
    says="The inputs are standardised with the mean and deviation of the batch, so an answer depends on its neighbours.",
    hint="Classify one image alone: what is its mean over the batch? Use the training set's statistics, folded into W1 and b1.",
)
def standardises_by_the_batch(params, X):
    return softmax(_scores(params, (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)))


@misconception(
    of="predict_probabilities",
    says="Dropout is still on, so the answer changes from call to call.",
    hint="Inverted dropout is the identity at test time.",
)
def dropout_when_predicting(params, X):
    rng = np.random.default_rng(len(X))
    return softmax(_scores(params, X, activation=lambda z: dropout_forward(relu(z), 0.8, rng)[0]))


@misconception(
    of="predict_probabilities",
    says="The layers are taken in the order of the dict instead of by their names.",
    hint="A dict may come in any order. W1 is the first layer because of its name.",
)
def layers_in_the_dicts_order(params, X):
    weights = [value for name, value in params.items() if name.startswith("W")]
    biases = [value for name, value in params.items() if name.startswith("b")]
    a = X
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        a = relu(a @ w + b)
    return softmax(a @ weights[-1] + biases[-1])


@misconception(
    of="predict_probabilities",
    says="The names are sorted as words, so W10 comes before W2.",
    hint="Build the names from the number of the layer instead of sorting them.",
)
def layers_in_alphabetical_order(params, X):
    weights = [params[name] for name in sorted(params) if name.startswith("W")]
    biases = [params[name] for name in sorted(params) if name.startswith("b")]
    a = X
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        a = relu(a @ w + b)
    return softmax(a @ weights[-1] + biases[-1])


@misconception(
    of="predict_probabilities",
    says="Only the last layer has its bias; those of the hidden layers are left out.",
    hint="Biases start at zero, so a fresh network cannot tell. Try one whose b1 is not zero.",
)
def hidden_biases_left_out(params, X):
    last = f"b{len(params) // 2}"
    return softmax(_scores({n: v if n[0] == "W" or n == last else np.zeros(v.shape) for n, v in params.items()}, X))


@misconception(
    of="predict_probabilities",
    says="The network has two layers, whatever params holds.",
    hint="Count the layers of params, and loop. There may be no hidden layer, or four.",
)
def always_two_layers(params, X):
    return softmax(relu(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"])


# ---------------------------------------------------------------- loss_and_gradients


def _gradients(params, X, y, keep_prob=1.0, rng=None, slope=relu_backward):
    last = len(params) // 2
    a, passed = X, []
    for i in range(1, last + 1):
        z, cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        a, mask = dropout_forward(relu(z), keep_prob, rng) if i < last else (z, None)
        passed.append((cache, z, mask))
    loss, dz = softmax_cross_entropy(z, y)
    grads = {}
    for i in range(last, 0, -1):
        cache, z, mask = passed[i - 1]
        if i < last:
            dz = slope(dropout_backward(dz, mask), z)
        dz, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, cache)
    return loss, {name: grads[name] for name in params}


@misconception(
    of="loss_and_gradients",
    says="Loss and gradients are sums over the batch, not means.",
    hint="The house's losses are means: with every example twice, nothing may change.",
)
def summed_over_the_batch(params, X, y):
    loss, grads = _gradients(params, X, y)
    return len(y) * loss, {name: len(y) * value for name, value in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="The loss is a mean but the gradients are sums: they miss the 1/n.",
    hint="Check against central differences with a batch of more than one example.",
)
def gradients_not_divided(params, X, y):
    loss, grads = _gradients(params, X, y)
    return loss, {name: len(y) * value for name, value in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="The gradients point the wrong way: truth minus prediction instead of prediction minus truth.",
    hint="If a step against the gradient raises the loss, look at the sign of the very first term.",
)
def gradients_of_the_wrong_sign(params, X, y):
    loss, grads = _gradients(params, X, y)
    return loss, {name: -value for name, value in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="The activation's derivative is missing on the way back.",
    hint="A ReLU that is off passes no gradient. Which factor of the formula does that?",
)
def activation_forgotten_on_the_way_back(params, X, y):
    return _gradients(params, X, y, slope=lambda da, z: da)


@misconception(
    of="loss_and_gradients",
    says="ReLU's derivative looks at the sign of the gradient instead of the sign of z.",
    hint="Which units were on is decided on the way forward.",
)
def relu_by_the_gradients_sign(params, X, y):
    return _gradients(params, X, y, slope=lambda da, z: np.where(da > 0, da, 0))


@misconception(
    of="loss_and_gradients",
    says="A penalty on the weights is part of the loss or of its gradients.",
    hint="The plain loss is asked for with three arguments. Add your penalty in train, or with an optional argument.",
)
def penalty_included(params, X, y):
    loss, grads = _gradients(params, X, y)
    weights = [name for name in params if name.startswith("W")]
    loss += 0.01 / 2 * sum(float((params[name] ** 2).sum()) for name in weights)
    return loss, {name: value + 0.01 * params[name] * (name in weights) for name, value in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="The gradients of the biases are means over the batch, although dz has been divided by n already.",
    hint="The 1/n comes in once, with the loss. What does b add to, and how often?",
)
def bias_gradients_averaged_again(params, X, y):
    loss, grads = _gradients(params, X, y)
    return loss, {name: value / len(y) if name.startswith("b") else value for name, value in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="The gradients of the biases are summed over units instead of over examples, or not at all.",
    hint="A bias's gradient has the bias's shape: one number a unit, summed over the rows.",
)
def bias_gradients_left_unsummed(params, X, y):
    last = len(params) // 2
    loss, grads = _gradients(params, X, y)
    error = (softmax(_scores(params, X)) - np.eye(len(params[f"b{last}"]))[y]) / len(y)
    return loss, grads | {f"b{last}": error}


@misconception(
    of="loss_and_gradients",
    says="The whole loss is returned right, but only the last layer gets a gradient; the others stay zero.",
    hint="Go on backwards: what flows into the layer before through W's transpose?",
)
def only_the_last_layer_learns(params, X, y):
    last = len(params) // 2
    loss, grads = _gradients(params, X, y)
    return loss, {n: v if n in (f"W{last}", f"b{last}") else np.zeros(v.shape) for n, v in grads.items()}


@misconception(
    of="loss_and_gradients",
    says="Dropout is on although only three arguments came, so loss and gradients are not those of the network.",
    hint="Make it an optional argument that is off by default; gradients cannot be checked with it on.",
)
def dropout_without_being_asked(params, X, y):
    return _gradients(params, X, y, 0.8, np.random.default_rng(len(y)))


@misconception(
    of="loss_and_gradients",
    says="A small number is added inside the logarithm, or probabilities are cut, so the loss is not the loss.",
    hint="Compute the logarithm from the shifted scores; it cannot overflow and needs no crutch.",
)
def logarithm_with_a_crutch(params, X, y):
    _, grads = _gradients(params, X, y)
    probs = softmax(_scores(params, X))
    return float(-np.log(probs[np.arange(len(y)), y] + 1e-3).mean()), grads


# ---------------------------------------------------------------- train
# The default for epochs is tiny: nobody's training on the digits repeats ours, and the diagnosis would pay for it.


def _note(history, params, part, X, y, keep_prob=1.0, rng=None):
    a, last = X, len(params) // 2
    for i in range(1, last):
        a, _ = dropout_forward(relu(a @ params[f"W{i}"] + params[f"b{i}"]), keep_prob, rng)
    probs = softmax(a @ params[f"W{last}"] + params[f"b{last}"])
    history[f"{part}_loss"].append(cross_entropy(probs, y))
    history[f"{part}_accuracy"].append(float(np.mean(probs.argmax(axis=1) == y)))


def _history():
    return {name: [] for name in ("train_loss", "dev_loss", "train_accuracy", "dev_accuracy", "update_ratio")}


def _epoch(params, states, batches, lr, rng, keep_prob=0.75, sign=1.0):
    """Take a step for each batch; return the new parameters and the last step's ratio."""
    before = params["W1"]
    for X_batch, y_batch in batches:
        _, grads = _gradients(params, X_batch, y_batch, keep_prob, rng)
        before, params = params["W1"], dict(params)
        for name, gradient in grads.items():
            params[name], states[name] = adam_step(params[name], sign * gradient, states.get(name, {}), lr)
    return params, float(np.linalg.norm(params["W1"] - before) / np.linalg.norm(before))


def _rate(epoch, epochs):
    return cosine_restarts(0.004, 0.0, epoch, epochs)


def _usual(params, X, y, X_dev, y_dev, rng, epochs, batches=None, **options):
    """Train as the solution does, with other batches or options."""
    batches = batches or (lambda: random_minibatches(X, y, 64, rng))
    params, states, history = dict(params), {}, _history()
    for epoch in range(epochs):
        params, ratio = _epoch(params, states, batches(), _rate(epoch, epochs), rng, **options)
        _note(history, params, "train", X, y)
        _note(history, params, "dev", X_dev, y_dev)
        history["update_ratio"].append(ratio)
    return params, history


@misconception(
    of="train",
    says="The dev set is put together with the training set and trained on, so it can no longer judge.",
    hint="With epochs=1 the parameters must not depend on the dev set at all. What may it decide?",
)
def trains_on_the_dev_set(params, X, y, X_dev, y_dev, rng, epochs=2):
    both = np.concatenate([X, X_dev]), np.concatenate([y, y_dev])
    return _usual(params, X, y, X_dev, y_dev, rng, epochs, lambda: random_minibatches(*both, 64, rng))


@misconception(
    of="train",
    says="The inputs are scaled by numbers taken from training and dev set together.",
    hint="The dev set stands for images that nobody has yet: statistics come from the training set.",
)
def scales_by_both_sets(params, X, y, X_dev, y_dev, rng, epochs=2):
    centre = np.concatenate([X, X_dev]).mean(axis=0)
    trained, history = _usual(params, X - centre, y, X_dev - centre, y_dev, rng, epochs)
    return trained | {"b1": trained["b1"] - centre @ trained["W1"]}, history


@misconception(
    of="train",
    says="Steps go along the gradient instead of against it: the loss rises.",
    hint="Which sign does a step downhill have?",
)
def climbs_the_loss(params, X, y, X_dev, y_dev, rng, epochs=2):
    return _usual(params, X, y, X_dev, y_dev, rng, epochs, sign=-1.0)


@misconception(
    of="train",
    says="X is shuffled without y, so the digits learn each other's labels.",
    hint="One permutation for both. Does the training accuracy rise above chance?",
)
def shuffles_examples_without_labels(params, X, y, X_dev, y_dev, rng, epochs=2):
    def batches():
        return random_minibatches(rng.permutation(X), y, 64, rng)

    return _usual(params, X, y, X_dev, y_dev, rng, epochs, batches)


@misconception(
    of="train",
    says="The network that comes in is thrown away and another one built.",
    hint="With one example and one epoch, the new W1 must be one step away from the W1 that came.",
)
def ignores_the_parameters_that_came(params, X, y, X_dev, y_dev, rng, epochs=2):
    sizes = [len(params["W1"]), *(len(params[f"b{i}"]) for i in range(1, len(params) // 2 + 1))]
    fresh = _build(sizes, lambda fan_in, fan_out: he_normal(fan_in, fan_out, rng))
    return _usual(fresh, X, y, X_dev, y_dev, rng, epochs)


@misconception(
    of="train",
    says="The training loss in history contains the penalty on the weights.",
    hint="Minimise what you like, but note the plain cross-entropy: curves of different penalties must compare.",
)
def notes_the_loss_with_its_penalty(params, X, y, X_dev, y_dev, rng, epochs=2):
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    penalty = 0.001 * sum(float((value**2).sum()) for name, value in trained.items() if name.startswith("W"))
    return trained, history | {"train_loss": [loss + penalty for loss in history["train_loss"]]}


@misconception(
    of="train",
    says="Nothing is shuffled: every epoch takes the same batches in the order of the data.",
    hint="Draw a fresh order from rng in each epoch.",
)
def never_shuffles(params, X, y, X_dev, y_dev, rng, epochs=2):
    def batches():
        return [(X[i : i + 64], y[i : i + 64]) for i in range(0, len(X), 64)]

    return _usual(params, X, y, X_dev, y_dev, rng, epochs, batches, keep_prob=1.0)


@misconception(
    of="train",
    says="The short last batch is dropped, so some examples are left out of every epoch, or small data are never used.",
    hint="How many steps does an epoch of 70 examples have in batches of 64?",
)
def forgets_the_short_batch(params, X, y, X_dev, y_dev, rng, epochs=2):
    def batches():
        return [batch for batch in random_minibatches(X, y, 64, rng) if len(batch[1]) == 64]

    return _usual(params, X, y, X_dev, y_dev, rng, epochs, batches)


@misconception(
    of="train",
    says="Each batch is drawn with replacement, so an epoch leaves about a third of the examples out.",
    hint="An epoch uses every example once: one permutation, cut into pieces.",
)
def draws_batches_with_replacement(params, X, y, X_dev, y_dev, rng, epochs=2):
    def batches():
        for _ in range(steps_per_epoch(len(X), 64)):
            chosen = rng.integers(len(X), size=min(64, len(X)))
            yield X[chosen], y[chosen]

    return _usual(params, X, y, X_dev, y_dev, rng, epochs, batches)


@misconception(
    of="train",
    says="The parameters that came are changed in place.",
    hint="Somebody may want to start from them again. Copy the dict and its arrays, or make new ones.",
)
def trains_in_place(params, X, y, X_dev, y_dev, rng, epochs=2):
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    for name, value in trained.items():
        params[name][...] = value
    return params, history


@misconception(
    of="train",
    says="The losses are measured before the epoch's steps, so each entry belongs to the parameters of the epoch before.",
    hint="After one epoch, what does history say, and what does predict_probabilities say with what you return?",
)
def measures_before_the_epoch(params, X, y, X_dev, y_dev, rng, epochs=2):
    params, states, history = dict(params), {}, _history()
    for epoch in range(epochs):
        _note(history, params, "train", X, y)
        _note(history, params, "dev", X_dev, y_dev)
        params, ratio = _epoch(params, states, random_minibatches(X, y, 64, rng), _rate(epoch, epochs), rng)
        history["update_ratio"].append(ratio)
    return params, history


@misconception(
    of="train",
    says="The training loss is that of the last batch instead of all of X.",
    hint="A batch is a small, noisy sample. Measure all of X at the end of the epoch.",
)
def notes_the_last_batch(params, X, y, X_dev, y_dev, rng, epochs=2):
    params, states, history = dict(params), {}, _history()
    for epoch in range(epochs):
        batches = list(random_minibatches(X, y, 64, rng))
        params, ratio = _epoch(params, states, batches, _rate(epoch, epochs), rng)
        _note(history, params, "train", *batches[-1])
        _note(history, params, "dev", X_dev, y_dev)
        history["update_ratio"].append(ratio)
    return params, history


@misconception(
    of="train",
    says="The training loss is measured with dropout on, so it is not what predict_probabilities gives.",
    hint="Judge the network as it will be used: without dropout.",
)
def measures_with_dropout(params, X, y, X_dev, y_dev, rng, epochs=2):
    params, states, history = dict(params), {}, _history()
    for epoch in range(epochs):
        params, ratio = _epoch(params, states, random_minibatches(X, y, 64, rng), _rate(epoch, epochs), rng)
        _note(history, params, "train", X, y, 0.75, rng)
        _note(history, params, "dev", X_dev, y_dev)
        history["update_ratio"].append(ratio)
    return params, history


@misconception(
    of="train",
    says="The lists of the dev set hold the numbers of the training set.",
    hint="Which data do you pass when you measure the second time?",
)
def notes_the_training_set_twice(params, X, y, X_dev, y_dev, rng, epochs=2):
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    return trained, history | {"dev_loss": history["train_loss"], "dev_accuracy": history["train_accuracy"]}


@misconception(
    of="train",
    says="Accuracies are in percent; a share of 0 to 1 is asked for.",
    hint="What is the mean of an array of True and False?",
)
def notes_percent(params, X, y, X_dev, y_dev, rng, epochs=2):
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    for name in ("train_accuracy", "dev_accuracy"):
        history[name] = [100 * value for value in history[name]]
    return trained, history


@misconception(
    of="train",
    says="The update ratio is the size of the gradient over that of the weights, not of the change.",
    hint="The optimizer stands between gradient and change. What is W1 after the step minus W1 before?",
)
def compares_the_gradient_with_the_weights(params, X, y, X_dev, y_dev, rng, epochs=2):
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    _, grads = _gradients(params, X, y)
    ratio = float(np.linalg.norm(grads["W1"]) / np.linalg.norm(params["W1"]))
    return trained, history | {"update_ratio": [ratio] * len(history["update_ratio"])}


@misconception(
    of="train",
    says="The update ratio is not divided by the size of the weights.",
    hint="A step of 0.1 is small for weights of size 100 and huge for weights of size 0.01.",
)
def notes_the_size_of_the_change(params, X, y, X_dev, y_dev, rng, epochs=2):
    size = float(np.linalg.norm(params["W1"]))
    trained, history = _usual(params, X, y, X_dev, y_dev, rng, epochs)
    return trained, history | {"update_ratio": [size * ratio for ratio in history["update_ratio"]]}


@misconception(
    of="train",
    says="Only the parameters come back, without history.",
    hint="A pair is asked for. Without curves you fly blind.",
)
def returns_the_parameters_alone(params, X, y, X_dev, y_dev, rng, epochs=2):
    return _usual(params, X, y, X_dev, y_dev, rng, epochs)[0]


@misconception(
    of="train",
    says="The optimizer's state is made anew at every step, so it remembers nothing.",
    hint="Where is the state created: before the loop over the batches, or inside? Adam without memory steps by the sign.",
)
def state_made_anew_in_each_step(params, X, y, X_dev, y_dev, rng, epochs=2):
    params, history = dict(params), _history()
    for epoch in range(epochs):
        for batch in random_minibatches(X, y, 64, rng):
            params, ratio = _epoch(params, {}, [batch], 0.1 * (epoch + 1), rng)
        _note(history, params, "train", X, y)
        _note(history, params, "dev", X_dev, y_dev)
        history["update_ratio"].append(ratio)
    return params, history


@misconception(
    of="train",
    says="The learning rate is far too small: after all epochs the network has hardly moved.",
    hint="Look at the update ratio. About 1e-3 is healthy; yours is far below.",
)
def hardly_moves(params, X, y, X_dev, y_dev, rng, epochs=2):
    params, states, history = dict(params), {}, _history()
    for _ in range(epochs):
        params, ratio = _epoch(params, states, random_minibatches(X, y, 64, rng), 1e-6, rng)
        _note(history, params, "train", X, y)
        _note(history, params, "dev", X_dev, y_dev)
        history["update_ratio"].append(ratio)
    return params, history


# ---------------------------------------------------------------- ensemble_average


@misconception(
    of="ensemble_average",
    says="This is the geometric mean: one member that is sure a class is wrong rules it out, and rows do not sum to 1.",
    hint="Average the probabilities themselves, not their logarithms.",
)
def geometric_mean(probs):
    with np.errstate(divide="ignore"):
        return np.exp(np.mean(np.log(np.asarray(probs)), axis=0))


@misconception(
    of="ensemble_average",
    says="The logarithms are averaged, which is the scores, and turned into probabilities again.",
    hint="One member that says 0.0 would forbid a class for all. What does the arithmetic mean of 0.9 and 0.1 give?",
)
def mean_of_the_scores(probs):
    with np.errstate(divide="ignore"):
        log = np.mean(np.log(np.asarray(probs)), axis=0)
    power = np.exp(log)
    return power / power.sum(axis=1, keepdims=True)


@misconception(
    of="ensemble_average",
    says="The probabilities are added but not divided by the number of members.",
    hint="What must each row sum to?",
)
def sum_of_the_members(probs):
    return np.sum(probs, axis=0)


@misconception(
    of="ensemble_average",
    says="The members vote with their classes: how sure they are is thrown away.",
    hint="0.51 and 0.99 count the same in a vote. Average the probabilities before anybody decides.",
)
def majority_vote(probs):
    probs = np.asarray(probs)
    return np.mean(np.eye(probs.shape[2])[probs.argmax(axis=2)], axis=0)


@misconception(
    of="ensemble_average",
    says="The mean is taken over the examples instead of over the members.",
    hint="The members are the first axis. What shape must come out?",
)
def mean_over_the_examples(probs):
    return np.mean(probs, axis=1)


@misconception(
    of="ensemble_average",
    says="The mean is taken over the classes, where it is always 1/C.",
    hint="The members are the first axis. What shape must come out?",
)
def mean_over_the_classes(probs):
    return np.mean(probs, axis=2)


@misconception(
    of="ensemble_average",
    says="The mean is taken over everything and is a single number.",
    hint="The mean needs an axis.",
)
def mean_over_everything(probs):
    return np.mean(probs)


@misconception(
    of="ensemble_average",
    says="The largest probability of each class is taken instead of the average.",
    hint="The most confident member is not always right. What do the rows sum to?",
)
def most_confident_member(probs):
    return np.max(probs, axis=0)


@misconception(
    of="ensemble_average",
    says="This is the median of the members, not their mean.",
    hint="Jensen's inequality holds for the mean. Do the rows of medians sum to 1?",
)
def median_of_the_members(probs):
    return np.median(probs, axis=0)


@misconception(
    of="ensemble_average",
    says="The probabilities are multiplied and normalised, as if the members were independent evidence.",
    hint="Networks trained on the same data repeat each other: a product makes them far too sure.",
)
def product_of_the_members(probs):
    product = np.prod(probs, axis=0)
    return product / product.sum(axis=1, keepdims=True)


@misconception(
    of="ensemble_average",
    says="Softmax is applied to the average, although it consists of probabilities already.",
    hint="What do the rows of the average sum to before you do anything to them?",
)
def softmax_of_the_average(probs):
    return softmax(np.mean(probs, axis=0))


@misconception(
    of="ensemble_average",
    says="The average is built two at a time, so the last member counts for half.",
    hint="((p1 + p2)/2 + p3)/2 is not (p1 + p2 + p3)/3. How much does p1 count in each?",
)
def half_of_the_last(probs):
    average = np.array(probs[0], dtype=float)
    for member in probs[1:]:
        average = (average + member) / 2
    return average


@misconception(
    of="ensemble_average",
    says="The ensemble's classes come back, not its probabilities.",
    hint="The argmax comes later. What shape is asked for?",
)
def classes_of_the_average(probs):
    return np.mean(probs, axis=0).argmax(axis=1)


@misconception(
    of="ensemble_average",
    says="The sum is collected in the first member's own array, which is changed by it.",
    hint="total = probs[0] is no copy, and += writes into it.",
)
def adds_into_the_first_member(probs):
    total = probs[0]
    for member in probs[1:]:
        total += member
    total /= len(probs)
    return total


# ---------------------------------------------------------------- snapshot_ensemble


def _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size, rate, keep):
    """Train by plain steps with ``rate(step, epoch)`` and let ``keep`` see each step's parameters."""
    step, params = 0, dict(params)
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            lr = rate(step, epoch)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        keep(epoch, params)


@misconception(
    of="snapshot_ensemble",
    says="All snapshots are the same arrays, overwritten by the training that goes on: the ensemble is one network.",
    hint="A list holds references. What must be made of the parameters when a snapshot is taken?",
)
def snapshots_of_one_array(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period = epochs_per_cycle * steps_per_epoch(len(X), batch_size)
    params, snapshots, step = {name: value.copy() for name, value in params.items()}, [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            for name, gradient in grads.items():
                params[name] -= cosine_restarts(lr_max, lr_min, step, period) * gradient
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The snapshot is taken at the start of each cycle, when the rate has just jumped up.",
    hint="Where is the network settled: before the jump or after it?",
)
def snapshots_before_the_cycle(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period = epochs_per_cycle * steps_per_epoch(len(X), batch_size)
    seen = [params]
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda epoch, now: seen.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return [{name: value.copy() for name, value in snapshot.items()} for snapshot in seen[:-1]]


@misconception(
    of="snapshot_ensemble",
    says="A snapshot is taken after every epoch instead of after every cycle.",
    hint="How many networks should come back? Most of yours were caught on the way.",
)
def snapshots_after_every_epoch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda _, now: snapshots.append(now))  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The rate falls once over the whole training and never restarts.",
    hint="The period is one cycle's steps. What throws the network out of its valley?",
)
def rate_never_restarts(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    total, snapshots = cycles * epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, total),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The rate changes once an epoch instead of at every step.",
    hint="With three batches an epoch and two epochs a cycle there are six different rates.",
)
def rate_by_the_epoch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    snapshots = []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda _, epoch: cosine_restarts(lr_max, lr_min, epoch, epochs_per_cycle),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The period is counted with whole batches only, so the rate restarts before the cycle is over.",
    hint="The short last batch is a step too. steps_per_epoch rounds up.",
)
def period_without_the_short_batch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * max(len(X) // batch_size, 1), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="Steps are counted from 1, so the full rate is used only at a restart that comes a step early.",
    hint="Step 0 is the first of all: which rate does it have?",
)
def steps_counted_from_one(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step + 1, period),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The rate stays at lr_max all the time.",
    hint="Plot the rate of every step. Where is the cosine?",
)
def constant_rate(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    snapshots = []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size, lambda *_: lr_max,
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The rate falls along a straight line instead of half a cosine.",
    hint="nnlib.cosine_restarts knows the shape. Compare its rates with the example in the text.",
)
def rate_along_a_line(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: lr_max - (lr_max - lr_min) * (step % period) / period,
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="Every cycle starts again from the first parameters instead of going on from where it is.",
    hint="One training, whose rate restarts: what is it that restarts, and what is not?",
)
def every_cycle_from_the_start(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    for _ in range(cycles):
        last = []
        _cycles(params, X, y, rng, 1, epochs_per_cycle, batch_size,
                lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
                lambda _, now, last=last: last.append(now))  # fmt: skip
        snapshots.append(last[-1])
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The order of the examples is drawn once and used in every epoch.",
    hint="Where is the permutation drawn: before the loop over the epochs, or in it?",
)
def one_order_for_all_epochs(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    batches = list(random_minibatches(X, y, batch_size, rng))
    period, snapshots, step = epochs_per_cycle * len(batches), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in batches:
            _, grads = _gradients(params, X_batch, y_batch)
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="Nothing is shuffled: every epoch takes the batches in the order of the data.",
    hint="Draw a fresh order from rng in each epoch, with random_minibatches.",
)
def snapshots_without_shuffling(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    starts = range(0, len(X), batch_size)
    period, snapshots, step = epochs_per_cycle * len(starts), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for start in starts:
            _, grads = _gradients(params, X[start : start + batch_size], y[start : start + batch_size])
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The steps have momentum, though plain gradient steps are asked for.",
    hint="One gradient_step a batch and nothing carried over, so that the result can be checked.",
)
def snapshots_with_momentum(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots, step = epochs_per_cycle * steps_per_epoch(len(X), batch_size), [], 0
    velocity = {name: np.zeros(value.shape) for name, value in params.items()}
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            velocity = {name: 0.9 * velocity[name] + grads[name] for name in grads}
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * velocity[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="The parameters that came are changed by the training.",
    hint="-= writes into the array it finds. Copy first, or use gradient_step.",
)
def trains_the_starting_parameters(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots, step = epochs_per_cycle * steps_per_epoch(len(X), batch_size), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            for name, gradient in grads.items():
                params[name] -= cosine_restarts(lr_max, lr_min, step, period) * gradient
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append({name: value.copy() for name, value in params.items()})
    return snapshots


@misconception(
    of="snapshot_ensemble",
    says="Only the last network comes back.",
    hint="A list of all snapshots is asked for: one a cycle.",
)
def last_network_alone(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, seen = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda _, now: seen.append(now))  # fmt: skip
    return seen[-1]
