"""train: what it must do, other right ways, and what goes wrong."""

import copy

import numpy as np

from grader.authoring import easy, mistake, variant, weight
from nnlib import adamw_step, classic_momentum_step, rmsprop_step, softmax_cross_entropy
from nnlib.checks import assert_close, require, success
from nnlib.datasets import held_out_digits, load_digits

from .common import built, checked_network, clouds, copied, cost_of, draw, gradients_by_hand, predicted, sizes_of

HINTS = (
    "Write the plainest version first: for each epoch, for each batch, gradients and a step; then measure on all of both "
    "sets. Improve it when it works.",
    "Is what history holds measured after the epoch, on all examples, with predict_probabilities? And do the dicts and "
    "arrays that came in stay as they were?",
    "70 examples in batches of 32 are three steps: 32, 32 and 6. If W1 has norm 5.0 before the last step and that step "
    "moves it by 0.01, the epoch's update ratio is 0.002. Below 97.5%: which of rate, noise, dropout, units did you try?",
)

NEEDED = 0.975  # of the digits that the student does not have
TRIES = 3
LISTS = ("train_loss", "dev_loss", "train_accuracy", "dev_accuracy", "update_ratio")


def _sets(rng, n, of_dev, d, classes, apart=3.0):
    """Draw n examples to train on and others, from the same clouds, for the dev set."""
    X, y = clouds(rng, n + of_dev, d, classes, apart)
    return (X[:n], y[:n]), (X[n:], y[n:])


def _train(student, params, train, dev, rng, **options):
    """Train on copies and check the form of what comes back."""
    train, dev = ([part.copy() for part in pair] for pair in (train, dev))
    result = student.train(copied(params), *train, *dev, rng, **options)
    fits = isinstance(result, tuple | list) and len(result) == 2
    require(fits, "train must return a pair (params, history).")
    trained = checked_network(result[0], sizes_of(params), "The parameters that train returns")
    history = result[1]
    require(isinstance(history, dict) and set(LISTS) <= set(history), f"history must hold {', '.join(LISTS)}.")
    curves = {name: np.asarray(history[name]) for name in LISTS}
    for name, curve in curves.items():
        require(curve.ndim == 1 and curve.dtype.kind in "fiu", f"history[{name!r}] must be a list of numbers.")
    lengths = {len(curve) for curve in curves.values()}
    require(len(lengths) == 1 and min(lengths) > 0, "All lists of history must hold one number per epoch.")
    if "epochs" in options:
        require(max(lengths) <= options["epochs"], "There are more entries in history than epochs.")
    return trained, {name: curve.astype(float) for name, curve in curves.items()}


@easy
def test_train_returns_parameters_and_history(student, rng):
    """Any sizes, classes and data will do; the parameters keep names and shapes, and history has its five lists."""
    for sizes, n in [([5, 8, 3], 20), ([6, 4], 7), ([4, 6, 5, 2], 33)]:
        train, dev = _sets(rng, n, 9, sizes[0], sizes[-1])
        params = draw(sizes, rng)
        trained, history = _train(student, params, train, dev, rng, epochs=3)
        require(not np.allclose(trained["W1"], params["W1"]), "Nothing was trained: W1 is as it was.")
        require(bool(np.any(trained["W1"])), "W1 is 0 everywhere.")
        for name in ("train_accuracy", "dev_accuracy"):
            require(((history[name] >= 0) & (history[name] <= 1)).all(), f"history[{name!r}] must lie in 0 to 1.")


def _at_an_epoch(student, trained, history, train, dev):
    """Require that the returned parameters are those of one of the noted epochs."""
    measured = []
    for X, y in (train, dev):
        right = predicted(student, trained, X).argmax(axis=1) == y
        measured += [cost_of(student, trained, X, y), np.mean(right)]
    names = ("train_loss", "train_accuracy", "dev_loss", "dev_accuracy")
    noted = [history[name] for name in names]
    found = np.ones(len(noted[0]), dtype=bool)
    for what, curve, value in zip(names, noted, measured, strict=True):
        near = np.isclose(curve, value, rtol=1e-4, atol=1e-6)
        require(near.any(), f"No entry of history[{what!r}] fits predict_probabilities with the returned params.")
        found &= near
    require(found.any(), "The entries that fit the returned params belong to different epochs.")


def test_train_notes_what_the_parameters_do(student, rng):
    """The returned parameters have, on all of both sets, the losses and accuracies that history notes for an epoch."""
    sizes = [6, 10, 4]
    train, dev = _sets(rng, 150, 37, 6, 4, apart=2.0)
    trained, history = _train(student, draw(sizes, rng), train, dev, rng, epochs=4)
    _at_an_epoch(student, trained, history, train, dev)


def test_train_notes_at_the_end_of_the_epoch(student, rng):
    """After a single epoch the one entry of each list is what the returned parameters do, not what those before did."""
    sizes = [5, 7, 3]
    train, dev = _sets(rng, 90, 41, 5, 3, apart=1.5)
    params = draw(sizes, rng)
    before = cost_of(student, params, *train)
    trained, history = _train(student, params, train, dev, rng, epochs=1)
    early = np.isclose(history["train_loss"][0], before, rtol=1e-5) and not np.isclose(
        before, cost_of(student, trained, *train), rtol=1e-5
    )
    require(not early, "history['train_loss'] holds what the parameters did before the epoch's steps.")
    _at_an_epoch(student, trained, history, train, dev)


def _moved(one, other):
    return any(not np.array_equal(value, other[name]) for name, value in one.items())


def _ratios(runs, factor):
    """The change of each run's W1 over the W1 that came, if the one that came back had been divided by factor."""
    return np.array([np.linalg.norm(factor * end - start) / np.linalg.norm(start) for start, end, _ in runs])


def _factors(start, end, noted):
    """What the W1 that came back may have been divided by: 1, or what makes the noted ratio right.

    No step goes nearly along W1 itself, so a ratio far above the sine between both W1 is none, whatever the factor.
    """
    middle = (start * end).sum() / (end**2).sum()
    sine, length = (np.linalg.norm(value) / np.linalg.norm(start) for value in (middle * end - start, end))
    if noted > 2 * sine + 0.01:  # the rest is for weight decay, which does go along W1
        return (1.0,)
    rest = max(noted**2 - sine**2, 0.0) ** 0.5 / length
    return 1.0, middle - rest, middle + rest


@easy
def test_train_measures_the_update_ratio(student, rng):
    """With one example an epoch is one step, so the ratio is the change of W1 over the W1 that came.

    Who standardises the inputs and folds that back divides W1 in the end. For an example of ones, and for batch norm
    of a single example, all of W1 is divided by one number, which is the same whatever the weights; no wrong ratio
    fits one such number for weights of three sizes.
    """
    X, runs = np.ones((1, 5)), []
    for size in (0.1, 1.0, 3.0):
        params = draw([5, 30, 2], rng)
        params["W1"] *= size
        trained, history = _train(student, params, (X, np.array([1])), (X, np.array([0])), rng, epochs=1)
        require(_moved(trained, params), "The parameters that came are returned after an epoch.")
        require(bool(np.any(trained["W1"])), "W1 is 0 everywhere.")
        runs.append((params["W1"], trained["W1"], float(history["update_ratio"][0])))
    noted = np.array([ratio for _, _, ratio in runs])
    if any(np.allclose(noted, _ratios(runs, factor), rtol=1e-3, atol=2e-7) for factor in _factors(*runs[0])):
        return
    changes = [np.linalg.norm(end - start) for start, end, _ in runs]
    require(noted.any(), "update_ratio is 0 although W1 has moved.")
    require(not np.allclose(noted, changes, rtol=1e-3), "update_ratio is the change of W1, not divided by W1.")
    after = [change / np.linalg.norm(end) for change, (_, end, _) in zip(changes, runs, strict=True)]
    require(not np.allclose(noted, after, rtol=1e-4), "update_ratio is the change of W1 over the W1 after the step.")
    require(False, "update_ratio is not the change of W1 over the W1 before the step.")


@easy
def test_train_notes_the_last_step_and_not_the_whole_epoch(student, rng):
    """With 1,200 copies of an example, an epoch of many steps moves W1 further than the update ratio of its last says.

    Whoever takes all of them at once makes one step, which goes no further than that on a single copy: for three
    times as far, noise and dropout would have to stop nearly all of W1 in each of five steps.
    """
    x, y, params = rng.normal(size=(1, 5)), np.array([1]), draw([5, 9, 3], rng)
    length, moved = np.linalg.norm(params["W1"]), []
    for copies in (1, 1, 1, 1, 1, 1200):
        train = np.tile(x, (copies, 1)), np.tile(y, copies)
        trained, history = _train(student, params, train, (x, y), rng, epochs=1)
        moved.append(np.linalg.norm(trained["W1"] - params["W1"]) / length)
    of_the_epoch = bool(np.isclose(history["update_ratio"][-1], moved[-1], rtol=1e-6, atol=0.0))
    words = "update_ratio holds the change of W1 over the whole epoch; that of the epoch's last step is asked for."
    require(not of_the_epoch or moved[-1] <= 3 * max(moved[:-1]), words)


@success
def test_train_lowers_the_loss(student, rng):
    """A hundred epochs on 120 digits take the training loss well below where it started."""
    X, y = load_digits(part="course")
    some = rng.permutation(len(X))
    train, dev = (X[some[:120]], y[some[:120]]), (X[some[120:150]], y[some[120:150]])
    params = draw([64, 20, 10], rng)
    start = cost_of(student, params, *train)
    trained, history = _train(student, params, train, dev, rng, epochs=100)
    require(history["train_loss"].min() < 0.8 * start, "history['train_loss'] hardly falls in a hundred epochs.")
    require(cost_of(student, trained, *train) < start, "The returned parameters are no better than the first.")


@easy
def test_train_never_fits_the_dev_set(student, rng):
    """With epochs=1 another dev set gives the same parameters; and a class that only it has is not learnt."""
    train, dev = clouds(rng, 60, 5, 3), clouds(rng, 30, 5, 3)
    params, other = draw([5, 8, 3], rng), (rng.normal(size=(17, 5)) + 9.0, rng.integers(3, size=17))
    relabelled = dev[0], (dev[1] + 1) % 3
    one, _ = _train(student, params, train, dev, np.random.default_rng(6), epochs=1)
    require(bool(np.any(one["W1"])), "W1 is 0 everywhere.")
    for what, others in (("labels", relabelled), ("images", other)):
        two, _ = _train(student, params, train, others, np.random.default_rng(6), epochs=1)
        trained = _moved(one, params) and _moved(two, params)  # else it is the update ratio's test that says so
        for name, value in one.items():
            same = np.allclose(value, two[name])
            require(same or not trained, f"{name} depends on the {what} of the dev set although there is nothing to decide.")
    # Dev images in the midst of the training images but under a class of their own: whoever trains on them sees six
    # times as many of it, whoever does not starts at one third for it and only goes down.
    X, y = clouds(rng, 40, 5, 2)
    strange = X[rng.integers(len(X), size=240)] + 0.1 * rng.normal(size=(240, 5))
    params["W2"], params["b2"] = 0.02 * params["W2"], np.zeros(3)
    trained, _ = _train(student, params, (X, y), (strange, np.full(240, 2)), rng, epochs=30)
    sure = predicted(student, trained, strange)[:, 2].mean()
    require(sure < 0.5, "A class that occurs only in the dev set was learnt: the dev set was trained on.")


def test_train_uses_every_example_in_an_epoch(student, rng):
    """Any example's label, changed, changes the parameters after one epoch: nobody is left out, short batch or not."""
    n = 67  # a prime: every size of batches that is smaller leaves a short one
    X, y = clouds(rng, n, 4, 3)
    params = draw([4, 6, 3], rng)

    def trained(labels, seed):
        return _train(student, params, (X, labels), (X, y), np.random.default_rng(seed), epochs=1)[0]

    def left_out(seed):
        usual, others = trained(y, seed), np.where(np.eye(n, dtype=bool), (y + 1) % 3, y)
        return sum(not _moved(usual, trained(labels, seed)) for labels in others)

    missing = left_out(8)
    if missing:  # how many, says why
        missing += left_out(9) + left_out(10)
        share = "Some examples are" if missing < 0.3 * 3 * n else "A third of the examples or more is"
        require(False, f"{share} left out of an epoch: their labels make no difference to the parameters.")


def test_train_draws_from_rng(student, rng):
    """Generators in the same state train the same network, and others another.

    The order of 300 examples decides; that two orders cut them into the same batches does not happen.
    """
    train, dev = _sets(rng, 300, 20, 5, 3, apart=1.5)
    params = draw([5, 9, 3], rng)
    same, again, other = (
        _train(student, params, train, dev, np.random.default_rng(seed), epochs=2)[0] for seed in (1, 1, 2)
    )
    for name, value in same.items():
        require(np.allclose(value, again[name]), "Generators in the same state gave other parameters: use rng only.")
    alike = all(np.array_equal(value, other[name]) for name, value in same.items())
    require(not alike, "Generators in other states gave the same parameters: shuffle with rng.")


@success
@weight(4)
def test_train_reads_digits_it_has_never_seen(student, rng):
    """Trained on 1,000 digits, your network reads 97.5% of the 599 that were kept back, in one of three trainings.

    The classes get other numbers, so only what was learnt here counts. Over 60 seeds the solution reaches 98.4% with
    a deviation of 0.27 points, 97.8% at worst: a training fails about once in 5,000 times, all three once in 1e11.
    """
    sizes = np.asarray(student.value("SIZES"))
    fits = sizes.ndim == 1 and sizes.dtype.kind in "iu" and len(sizes) >= 2 and (sizes[0], sizes[-1]) == (64, 10)
    require(fits, "SIZES must be a list of whole numbers that begins with 64 and ends with 10.")
    (X, y), (X_test, y_test) = load_digits(part="course"), held_out_digits()
    numbers = rng.permutation(10)
    y, y_test = numbers[y], numbers[y_test]
    best = 0.0
    for _ in range(TRIES):
        order = rng.permutation(len(X))
        train, dev = (X[order[:1000]], y[order[:1000]]), (X[order[1000:]], y[order[1000:]])
        params = built(student, sizes.tolist(), rng)
        trained, _ = _train(student, params, train, dev, rng)
        best = max(best, float(np.mean(predicted(student, trained, X_test).argmax(axis=1) == y_test)))
        if best >= NEEDED:
            return
    require(False, f"At best {best:.0%} of the digits that were kept back are read correctly; {NEEDED:.1%} are asked for.")


def _measure(params, X, y):
    a, depth = X, len(params) // 2
    for i in range(1, depth + 1):
        a = (np.maximum(a, 0) if i > 1 else a) @ params[f"W{i}"] + params[f"b{i}"]
    return softmax_cross_entropy(a, y)[0], np.mean(a.argmax(axis=1) == y)


def _note_right(history, params, X, y, X_dev, y_dev, ratio):
    for part, images, labels in (("train", X, y), ("dev", X_dev, y_dev)):
        loss, right = _measure(params, images, labels)
        history.setdefault(f"{part}_loss", []).append(loss)
        history.setdefault(f"{part}_accuracy", []).append(right)
    history.setdefault("update_ratio", []).append(ratio)


def _ratio(old, new):
    return float(np.sqrt(((new - old) ** 2).sum() / (old**2).sum()))


@variant
def momentum_with_l2_and_early_stopping(params, X, y, X_dev, y_dev, rng, epochs=45):
    params = copy.deepcopy(params)
    velocity, history, best, kept = {name: {} for name in params}, {}, np.inf, params
    for epoch in range(epochs):
        order, lr = rng.permutation(len(X)), 0.1 / (1 + 0.1 * epoch)
        for start in range(0, len(X), 20):
            rows = order[start : start + 20]
            _, grads = gradients_by_hand(params, X[rows], y[rows])
            old, params = params["W1"], dict(params)
            for name in params:
                gradient = grads[name] + (0.2 / len(X) * params[name] if name[0] == "W" else 0)
                params[name], velocity[name] = classic_momentum_step(params[name], gradient, velocity[name], lr, 0.8)
        _note_right(history, params, X, y, X_dev, y_dev, _ratio(old, params["W1"]))
        if history["dev_loss"][-1] < best:
            best, kept = history["dev_loss"][-1], params
        elif epoch > 20 and epoch - int(np.argmin(history["dev_loss"])) > 10:
            break
    return kept, history


@variant
def adamw_with_noise_on_the_inputs(params, X, y, X_dev, y_dev, rng, epochs=60):
    params, states, history = {name: value.copy() for name, value in params.items()}, {}, {}
    for epoch in range(epochs):
        order = np.argsort(rng.random(len(X)))
        for rows in np.array_split(order, max(1, len(X) // 50)):
            noisy = X[rows] + 0.15 * rng.normal(size=X[rows].shape)
            _, grads = gradients_by_hand(params, noisy, y[rows])
            old = params["W1"].copy()
            for name, gradient in grads.items():
                lr = 0.003 if epoch < epochs * 2 / 3 else 0.0008
                new, states[name] = adamw_step(params[name], gradient, states.get(name, {}), lr, weight_decay=0.05)
                params[name][...] = new
        _note_right(history, params, X, y, X_dev, y_dev, _ratio(old, params["W1"]))
    return [params, {name: np.array(values) for name, values in history.items()}]


@variant
def rmsprop_on_centred_inputs_folded_back(params, X, y, X_dev, y_dev, rng, epochs=50):
    centre, states, history = X.mean(axis=0), {}, {}
    inner = dict(params)
    inner["b1"] = params["b1"] + centre @ params["W1"]  # the same network, on inputs without their mean

    def outer():
        return inner | {"b1": inner["b1"] - centre @ inner["W1"]}

    for epoch in range(epochs):
        order = list(rng.permutation(len(X)))
        while order:
            rows, order = order[:32], order[32:]
            masks = [(rng.random((len(rows), X.shape[1])) < 0.9) / 0.9]
            _, grads = gradients_by_hand(inner, (X[rows] - centre) * masks[0], y[rows])
            old, inner = inner["W1"], dict(inner)
            for name in sorted(grads):
                lr = 0.002 * 0.94**epoch
                inner[name], states[name] = rmsprop_step(inner[name], grads[name], states.get(name, {}), lr)
        _note_right(history, outer(), X, y, X_dev, y_dev, _ratio(old, inner["W1"]))
    return outer(), history | {"rates": [0.002 * 0.94**epoch for epoch in range(epochs)]}


QUICK = {"epochs=50": "epochs=2"}  # no need to train long on digits to see that these are wrong
BATCHES = "in random_minibatches(X, y, 64, rng)"
PLAIN = {"X_batch + 0.15 * rng.normal(size=X_batch.shape)": "X_batch", "y_batch, 0.8, rng)": "y_batch)"}
RATE = "cosine_restarts(0.004, 0.0, epoch, epochs)"
ADAM = "params[name], states[name] = adam_step(params[name], gradient, states[name], lr)"
IN_PLACE = ADAM.replace("params[name], states", "params[name][...], states")
PROBS = "predict_probabilities(params, images)"
LOSS = "append(cross_entropy(probs, labels))"
DROPOUT = '0.8 if part == "train" else 1.0'
RATIO = 'update_ratio(before, params["W1"] - before)'
NOTED = f'history["update_ratio"].append({RATIO})'
MISTAKES = [
    # the data
    mistake("The dev set is put together with the training set and trained on, so it can no longer judge.",
            "With epochs=1 the parameters must not depend on the dev set at all. What may it decide?",
            QUICK | {BATCHES: "in random_minibatches(np.vstack([X, X_dev]), np.hstack([y, y_dev]), 64, rng)"}),
    mistake("The inputs are scaled by numbers taken from training and dev set together.",
            "The dev set stands for images that nobody has yet: statistics come from the training set.",
            QUICK | {"params, states =": "centre = np.concatenate([X, X_dev]).mean(axis=0)\n    "
                                         "X, X_dev = X - centre, X_dev - centre\n    params, states =",
                     "return params": 'return params | {"b1": params["b1"] - centre @ params["W1"]}'}),
    mistake("X is shuffled without y, so the digits learn each other's labels.",
            "One permutation for both. Does the training accuracy rise above chance?",
            QUICK | {BATCHES: "in random_minibatches(rng.permutation(X), y, 64, rng)"}),
    mistake("Nothing is shuffled: every epoch takes the same batches in the order of the data.",
            "Draw a fresh order from rng in each epoch.",
            QUICK | PLAIN | {BATCHES: "in [(X[i : i + 64], y[i : i + 64]) for i in range(0, len(X), 64)]"}),
    mistake("The short last batch is dropped, so some examples are left out of every epoch, or small data are never used.",
            "How many steps does an epoch of 70 examples have in batches of 64?",
            QUICK | {BATCHES: "in [batch for batch in random_minibatches(X, y, 64, rng) if len(batch[1]) == 64]",
                     "lr = cosine": 'before = params["W1"]\n        lr = cosine'},
            QUICK | {BATCHES: "in list(random_minibatches(X, y, min(64, len(X)), rng))[: max(len(X) // 64, 1)]"}),
    mistake("Each batch is drawn with replacement, so an epoch leaves about a third of the examples out.",
            "An epoch uses every example once: one permutation, cut into pieces.",
            QUICK | {BATCHES: "in [(X[rows], y[rows]) for rows in "
                              "np.split(rng.integers(len(X), size=len(X)), range(64, len(X), 64))]"}),
    # the steps
    mistake("Steps go along the gradient instead of against it: the loss rises.",
            "What is the sign of a step downhill?",
            QUICK | {ADAM: ADAM.replace("gradient", "-gradient")}),
    mistake("The optimizer's state is made anew at every step, so it remembers nothing.",
            "Where is the state created: before the loop over the batches, or inside? Adam without memory steps by the sign.",
            QUICK | {ADAM: ADAM.replace("gradient, states[name]", "gradient, {}"), RATE: "0.1 * (epoch + 1)"}),
    mistake("The learning rate is far too small: after all epochs the network has hardly moved.",
            "Look at the update ratio. About 1e-3 is healthy; yours is far below.",
            QUICK | {RATE: "1e-6"}),
    mistake("The network that comes in is thrown away and another one built.",
            "With one example and one epoch, the new W1 must be one step away from the W1 that came.",
            QUICK | {"params, states =": 'sizes = [len(params["W1"]), *(len(params[b]) for b in params if b[0] == "b")]\n    '
                                         "params, states =",
                     "dict(params)": "build_network(sizes, rng)"}),
    mistake("The parameters that came are changed in place.",
            "Somebody may want to start from them again. Copy the dict and its arrays, or make new ones.",
            QUICK | {"dict(params)": "params"},
            QUICK | {ADAM: IN_PLACE, 'before = params["W1"]': 'before = params["W1"].copy()'}),
    # what is noted
    mistake("The losses are measured before the epoch's steps, so each entry belongs to the parameters of the epoch before.",
            "After one epoch, what does history say, and what does predict_probabilities say with what you return?",
            QUICK | {"lr = cosine": "first = dict(params)\n        lr = cosine",
                     PROBS: "predict_probabilities(first, images)"}),
    mistake("The training loss is that of batches, the last one or the mean of all on the way, instead of all of X.",
            "Which network saw the first batch, and which one does the epoch end with? What does train_loss ask about?",
            QUICK | {'("train", X, y)': '("train", X_batch, y_batch)'},
            QUICK | {"            _, grads": "            last_loss, grads",
                     LOSS: 'append(last_loss if part == "train" else cross_entropy(probs, labels))'},
            QUICK | {"lr = cosine": "losses = []\n        lr = cosine", "            _, grads": "            loss, grads",
                     'before = params["W1"]': 'losses.append(loss)\n            before = params["W1"]',
                     LOSS: 'append(float(np.mean(losses)) if part == "train" else cross_entropy(probs, labels))'}),
    mistake("The training set is measured with dropout or noise on, which is not what predict_probabilities gives for X.",
            "Which images and which units does the network get that is used later? Which ones did you measure with?",
            QUICK | {LOSS: f"append(loss_and_gradients(params, images, labels, {DROPOUT}, rng)[0])"},
            QUICK | {PROBS: f"predict_probabilities(params, dropout_forward(images, {DROPOUT}, rng)[0])"},
            QUICK | {PROBS: f"predict_probabilities(params, images + ({DROPOUT} < 1) * 0.15 * rng.normal(size=images.shape))"}),
    mistake("The training loss in history contains the penalty on the weights.",
            "Minimise what you like, but note the plain cross-entropy: curves of different penalties must compare.",
            QUICK | {LOSS: 'append(cross_entropy(probs, labels) + 0.001 * np.sum(params["W1"] ** 2) * (part == "train"))'}),
    mistake("The lists of the dev set hold the numbers of the training set.",
            "Which data do you pass when you measure the second time?",
            QUICK | {'("dev", X_dev, y_dev)': '("dev", X, y)'}),
    mistake("Accuracies are in percent; a share of 0 to 1 is asked for.",
            "What is the mean of an array of True and False?",
            QUICK | {"append(float(": "append(100 * float("}),
    mistake("The update ratio is the size of the gradient over that of the weights, not of the change.",
            "The optimizer stands between gradient and change. What is W1 after the step minus W1 before?",
            QUICK | {RATIO: 'update_ratio(before, grads["W1"])'},
            QUICK | PLAIN | {RATIO: 'update_ratio(before, grads["W1"])'}),
    mistake("The W1 before the step is no copy and changes with the step, so the update ratio is 0.",
            "Print W1 before the step, once before it and once after it. Which operation wrote into it?",
            QUICK | {"dict(params)": "{name: value.copy() for name, value in params.items()}", ADAM: IN_PLACE}),
    mistake("The update ratio is not divided by the size of the weights.",
            "A step of 0.1 is small for weights of size 100 and huge for weights of size 0.01.",
            QUICK | {RATIO: 'float(np.linalg.norm(params["W1"] - before))'}),
    mistake("The change is divided by the W1 after the step instead of the one before it.",
            "Which of the two W1 does the text divide by? Keep it before the step.",
            QUICK | {RATIO: 'update_ratio(params["W1"], params["W1"] - before)'}),
    mistake("The update ratio is that of the whole epoch; that of its last step is asked for.",
            "Where do you keep the W1 to compare with: before the loop over the batches, or before each step?",
            QUICK | {'            before = params["W1"]\n': "",
                     "lr = cosine": 'before = params["W1"]\n        lr = cosine'}),
    mistake("The update ratio is noted at every step; one number per epoch is asked for, that of its last step.",
            "How many entries has each of your lists after three epochs of several batches?",
            QUICK | {f"        {NOTED}\n": "", ADAM: f"{ADAM}\n            {NOTED}"}),
    # what comes back
    mistake("The network that came is a candidate for the best one, so it comes back where the dev loss only rises.",
            "What comes back is of the end of an epoch. What should the best dev loss be before there is one?",
            QUICK | {"    for epoch in range(epochs)":
                     "    best, kept = cross_entropy(predict_probabilities(params, X_dev), y_dev), dict(params)\n"
                     "    for epoch in range(epochs)",
                     NOTED: f'{NOTED}\n        if history["dev_loss"][-1] < best:\n'
                            '            best, kept = history["dev_loss"][-1], dict(params)',
                     "return params, history": "return kept, history"}),
    mistake("The dev set is asked after every step, so that what comes back is of a step within an epoch.",
            "How often may the dev set decide? Measure what you return: at which entry does history hold these numbers?",
            QUICK | {"    for epoch in range(epochs)": "    best, kept = np.inf, params\n    for epoch in range(epochs)",
                     ADAM: f"{ADAM}\n            now = cross_entropy(predict_probabilities(params, X_dev), y_dev)\n"
                           "            if now < best:\n                best, kept = now, dict(params)",
                     BATCHES: "in random_minibatches(X, y, 16, rng)", RATE: "0.1",
                     "return params, history": "return kept, history"}),
    mistake("The weights of several epochs are averaged: history has no entry for the network that comes back.",
            "Measure what you return with predict_probabilities. At which epoch does history hold these numbers?",
            QUICK | {"    for epoch in range(epochs)": "    kept = []\n    for epoch in range(epochs)",
                     NOTED: f"{NOTED}\n        kept.append(dict(params))",
                     "return params, history":
                     "return {name: np.mean([each[name] for each in kept[-10:]], axis=0) for name in params}, history"}),
    mistake("The number of layers is taken from SIZES, so networks of another depth do not work.",
            "The network that comes may have more layers than yours, or fewer. What does params itself say?",
            QUICK | {"for name, gradient in grads.items():":
                     "for name in [f'{kind}{i}' for i in range(1, len(SIZES)) for kind in 'Wb']:\n"
                     "                gradient = grads[name]"}),
    mistake("Only the parameters come back, without history.",
            "A pair is asked for. Without curves you fly blind.",
            QUICK | {"return params, history": "return params"}),
]
