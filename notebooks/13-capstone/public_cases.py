"""What `check(...)` tries in the notebook: small cases to look at while you work.

What goes on inside your network is your choice, so many cases look at what every right network has in common.
"""

import numpy as np

from nnlib.checks import success, tolerance


def _rng(seed):
    return np.random.default_rng(seed)


def _network(*sizes, seed=0):
    """Parameters with biases that are not zero."""
    rng, params = _rng(seed), {}
    for i, shape in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):  # noqa: RUF007 # plain to read
        params[f"W{i}"] = rng.normal(size=shape) * np.sqrt(2 / shape[0])
        params[f"b{i}"] = rng.normal(size=shape[1]) / 2
    return params


def _copy(params):
    return {key: array.copy() for key, array in params.items()}


def _same(one, other):
    return bool(all(np.array_equal(one[name], other[name]) for name in one))


def _clouds(n, seed=0):
    """Three clouds of points in four dimensions."""
    rng, y = _rng(seed), np.arange(n) % 3
    return 2 * np.eye(3, 4)[y] + rng.normal(size=(n, 4)), y


# ---------------------------------------------------------------- build_network


def names_and_shapes(build_network):
    """sizes [5, 4, 3]"""
    params = build_network([5, 4, 3], _rng(0))
    return {"names": sorted(params), "shapes": {name: np.shape(params[name]) for name in sorted(params)}}


def biases_at_the_start(build_network):
    """the biases for sizes [6, 3, 2]"""
    params = build_network([6, 3, 2], _rng(1))
    return {"b1": np.asarray(params["b1"]), "b2": np.asarray(params["b2"])}


def spread_of_the_weights(build_network):
    """the weights for sizes [400, 100, 50], and for [9, 40, 10]"""
    first = np.asarray(build_network([400, 100, 50], _rng(2))["W1"]) * 20  # deviation 1 for 1/sqrt(fan_in)
    small = np.asarray(build_network([9, 40, 10], _rng(2))["W1"]) * 3
    return {
        "the last weights are all 0": not np.any(build_network([9, 40, 10], _rng(2))["W2"]),
        "W1 is spread too little": bool(first.std() < 0.5),
        "W1 is spread too widely": bool(first.std() > 2),
        "W1 has mean zero": bool(abs(first.mean()) < 0.1 * first.std()),
        "two units of W1 are alike": bool(np.array_equal(first[:, 0], first[:, 1])),
        "W1 of nine inputs is spread too little": bool(small.std() < 0.5),
        "W1 of nine inputs is spread too widely": bool(small.std() > 2),
    }


def same_and_other_generators(build_network):
    """generators in the same state and in another"""
    one, same, other = (build_network([4, 4, 4], _rng(seed)) for seed in (3, 3, 4))
    return {
        "same state, same weights": _same(one, same),
        "other state, same weights": _same(one, other),
        "W1 and W2 are the same": bool(np.array_equal(one["W1"], one["W2"])),
    }


# ---------------------------------------------------------------- predict_probabilities


def without_a_hidden_layer(predict_probabilities):
    """two examples, no hidden layer"""
    params = {"W1": np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), "b1": np.array([0.5, 0.0, 1.0])}
    return predict_probabilities(params, np.array([[1.0, -1.0], [0.5, 2.0]]))


def scores_of_thousands(predict_probabilities):
    """scores of thousands"""
    params = {"W1": np.array([[1000.0, 0.0], [0.0, 1000.0]]), "b1": np.array([0.0, 999.0])}
    return predict_probabilities(params, np.array([[1.0, 0.0], [-5.0, -5.998]]))


def a_bend(predict_probabilities):
    """inputs at equal distances on a line: whether the scores lie on a line, too"""
    params, X, start = _network(4, 12, 3), _rng(5).normal(size=(6, 4)), _rng(6).normal(size=4)

    def scores(params, X):
        log = np.log(np.asarray(predict_probabilities(params, X)))
        return log[:, 1:] - log[:, :1]

    bent = [
        scores(params, start + X) - 2 * scores(params, start + 2 * X) + scores(params, start + 3 * X)
        for start in (0.0, start)
    ]
    without = params | {"b1": np.zeros(12)}
    return {
        "bent on a line through 0": not np.allclose(bent[0], 0, atol=1e-9),
        "bent on another line": not np.allclose(bent[1], 0, atol=1e-9),
        "b1 makes a difference": not np.allclose(scores(params, X), scores(without, X)),
    }


def last_bias(predict_probabilities):
    """the last bias raised by ln 2 for the first class, with two hidden layers"""
    params, X = _network(4, 6, 5, 3), _rng(5).normal(size=(4, 4))
    raised = _copy(params)
    raised["b3"][0] += np.log(2)
    one, two = np.asarray(predict_probabilities(params, X)), np.asarray(predict_probabilities(raised, X))
    return {
        "sums of the rows": one.sum(axis=1),
        "odds of the first class against the second, after over before": (two[:, 0] / two[:, 1])
        / (one[:, 0] / one[:, 1]),
        "chance plays a part": not np.array_equal(one, np.asarray(predict_probabilities(params, X))),
    }


def eleven_layers(predict_probabilities):
    """eleven layers, no two neighbours of one width"""
    params = _network(3, 4, 5, 6, 7, 6, 5, 4, 3, 4, 5, 2)
    return {"sums of the rows": np.asarray(predict_probabilities(params, _rng(7).normal(size=(2, 3)))).sum(axis=1)}


def batch_mates_and_inputs(predict_probabilities):
    """an example alone and among others"""
    params, X = _network(3, 5, 2), _rng(6).normal(size=(4, 3))
    before, X_before = _copy(params), X.copy()
    together = np.asarray(predict_probabilities(params, X))
    alone = np.asarray(predict_probabilities(params, X[1:2]))
    return {
        "same answer": bool(np.allclose(together[1:2], alone)),
        "params and X stay": _same(params, before) and bool(np.array_equal(X, X_before)),
    }


# ---------------------------------------------------------------- loss_and_gradients


def softmax_regression(loss_and_gradients):
    """three examples, no hidden layer"""
    params = {"W1": np.array([[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]]), "b1": np.array([0.5, 0.0])}
    X, y = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, 1.0], [2.0, 0.5, -1.0]]), np.array([1, 0, 0])
    loss, grads = loss_and_gradients(params, X, y)
    of_zeros = [loss_and_gradients(params | {"W1": factor * params["W1"]}, 0 * X, y)[0] for factor in (1, 2)]
    counts = not np.isclose(*of_zeros, rtol=1e-9)
    return {"W1 counts where all inputs are 0": counts, "loss": loss, "W1": grads["W1"], "b1": grads["b1"]}


def loss_of_far_scores(loss_and_gradients):
    """the loss where scores are thousands apart, no hidden layer"""
    params = {"W1": np.array([[3000.0, 0.0], [0.0, 1000.0]]), "b1": np.zeros(2)}
    return {"loss": loss_and_gradients(params, np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1, 1]))[0]}


def loss_of_the_predictions(loss_and_gradients, predict_probabilities):
    """the loss with two hidden layers, held against your predict_probabilities; no label is the last of the classes"""
    params, X, y = _network(4, 5, 6, 3, seed=1), _rng(7).normal(size=(6, 4)), np.array([0, 0, 1, 1, 0, 1])
    loss, _ = loss_and_gradients(params, X, y)
    probs = np.asarray(predict_probabilities(params, X))
    return {"loss over mean cost of the predictions": loss / -np.log(probs[np.arange(6), y]).mean()}


@tolerance(rtol=1e-4)
def against_differences(loss_and_gradients):
    """the gradients with two hidden layers, held against central differences of your loss"""
    params, X, y = _network(4, 5, 6, 3, seed=2), _rng(8).normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    before = _copy(params)
    _, grads = loss_and_gradients(params, X, y)
    agree = {}
    for name in before:
        along = _rng(9).normal(size=before[name].shape)
        up, down = (loss_and_gradients(before | {name: before[name] + h * along}, X, y)[0] for h in (1e-5, -1e-5))
        agree[name] = float(np.sum(grads[name] * along)) / ((up - down) / 2e-5 or 1.0)
    return {"along some direction, gradient over slope": agree, "params stay": _same(params, before)}


# ---------------------------------------------------------------- train


def form_of_what_comes_back(train):
    """three epochs on 30 examples of three classes"""
    X, y = _clouds(30)
    params = _network(4, 6, 3)
    before, X_before = _copy(params), X.copy()
    trained, history = train(params, X, y, *_clouds(9, seed=1), _rng(10), epochs=3)
    lengths = {len(history[name]) for name in ("train_loss", "dev_loss", "train_accuracy", "dev_accuracy", "update_ratio")}
    return {
        "shapes": {name: np.shape(trained[name]) for name in sorted(trained)},
        "all lists equally long, 1 to 3 entries": len(lengths) == 1 and lengths <= {1, 2, 3},
        "W1 has moved": not np.array_equal(trained["W1"], before["W1"]),
        "params and X stay": _same(params, before) and bool(np.array_equal(X, X_before)),
    }


def lists_of_many_steps(train):
    """two epochs on 1,500 examples"""
    X, y = _clouds(1500)
    _, history = train(_network(4, 6, 3), X, y, *_clouds(9, seed=1), _rng(10), epochs=2)
    lists = ("train_loss", "dev_loss", "train_accuracy", "dev_accuracy", "update_ratio")
    return {f"{name} has an entry per epoch": len(history[name]) <= 2 for name in lists}


@success
def falling_loss(train, predict_probabilities):
    """a hundred epochs on 60 examples"""
    (X, y), dev, params = _clouds(60), _clouds(30, seed=1), _network(4, 8, 3)
    start = float(-np.log(np.asarray(predict_probabilities(_copy(params), X))[np.arange(60), y]).mean())
    _, history = train(params, X, y, *dev, _rng(11), epochs=100)
    return {"train_loss falls by a fifth": bool(np.min(history["train_loss"]) < 0.8 * start)}


def your_own_sizes(train, SIZES):
    """two epochs on 20 images of 64 pixels, with a network of your SIZES"""
    params, X, y = _network(*SIZES), _rng(18).random((20, 64)), np.arange(20) % 10
    trained, _ = train(params, X, y, X, y, _rng(18), epochs=2)
    same = {name: np.shape(trained[name]) for name in trained} == {name: np.shape(params[name]) for name in params}
    return {"SIZES begins with 64 and ends with 10": [SIZES[0], SIZES[-1]] == [64, 10], "shapes stay": same}


def _measured(predict_probabilities, trained, train_set, dev_set):
    """The losses and accuracies that history is to hold for these parameters."""
    told = {}
    for part, (X, y) in {"train": train_set, "dev": dev_set}.items():
        probs = np.asarray(predict_probabilities(trained, X))
        told[f"{part}_loss"] = -np.log(probs[np.arange(len(y)), y]).mean()
        told[f"{part}_accuracy"] = np.mean(probs.argmax(axis=1) == y)
    return told


def history_of_one_epoch(train, predict_probabilities):
    """a single epoch: history held against your predict_probabilities"""
    sets = _clouds(80, seed=2), _clouds(31, seed=3)
    trained, history = train(_network(4, 7, 3), *sets[0], *sets[1], _rng(12), epochs=1)
    told = _measured(predict_probabilities, trained, *sets)
    return {name: bool(np.isclose(history[name][0], value, rtol=1e-5)) for name, value in told.items()}


def history_of_four_epochs(train, predict_probabilities):
    """four epochs: whether history has an entry for the parameters that come back"""
    sets = _clouds(80, seed=2), _clouds(31, seed=3)
    trained, history = train(_network(4, 7, 3), *sets[0], *sets[1], _rng(12), epochs=4)
    told = _measured(predict_probabilities, trained, *sets)
    fits = [np.isclose(history[name], value, rtol=1e-5) for name, value in told.items()]
    return {"they are those of the end of an epoch": bool(np.all(fits, axis=0).any())}


def _factors(before, after, noted):
    """What W1 may have been divided by in the end: 1, or what folding standardised inputs back divides all of it by."""
    middle = np.sum(before * after) / np.sum(after**2)
    sine, length = (np.linalg.norm(value) / np.linalg.norm(before) for value in (middle * after - before, after))
    rest = max(noted**2 - sine**2, 0.0) ** 0.5 / length
    return [1.0, middle - rest, middle + rest] if noted < 2 * sine + 0.01 else [1.0]


def update_ratio_of_one_step(train):
    """one example of ones and one epoch, which is one step, with small weights and with larger ones"""
    x, moved, runs = np.ones((1, 4)), [], []
    for size in (0.1, 1.0):
        params = _network(4, 20, 2)
        params["W1"] *= size
        trained, history = train(_copy(params), x, np.array([1]), x, np.array([0]), _rng(13), epochs=1)
        moved.append(not _same(trained, params))
        runs.append((params["W1"], np.asarray(trained["W1"]), float(history["update_ratio"][0])))
    noted = np.array([ratio for _, _, ratio in runs])
    true, *folded = (
        np.array([np.linalg.norm(factor * after - before) / np.linalg.norm(before) for before, after, _ in runs])
        for factor in _factors(*runs[0])
    )
    fits = any(np.allclose(noted, changes, rtol=1e-3, atol=2e-7) for changes in (true, *folded))
    over_the_new = np.array([np.linalg.norm(after - before) / np.linalg.norm(after) for before, after, _ in runs])
    late = not fits and bool(np.allclose(noted, over_the_new, rtol=1e-4))
    ratios = np.ones(2) if fits or late else noted / true if true.all() else true
    return {
        "the parameters have moved": all(moved),
        "the change is divided by the W1 after the step": late,
        "noted ratio over true ratio": ratios,
    }


def last_of_many_steps(train):
    """a single epoch on 1,200 copies of an example, held against some on a single copy"""
    params, x, moved = _network(4, 8, 3), np.array([[1.0, -0.5, 0.5, 2.0]]), []
    for copies in (1, 1, 1, 1, 1, 1200):
        X, y = np.tile(x, (copies, 1)), np.ones(copies, dtype=int)
        trained, history = train(_copy(params), X, y, x, np.ones(1, dtype=int), _rng(len(moved)), epochs=1)
        moved.append(np.linalg.norm(trained["W1"] - params["W1"]) / np.linalg.norm(params["W1"]))
    in_many_steps = moved[-1] > 3 * max(moved[:-1])
    of_all = bool(in_many_steps and np.isclose(history["update_ratio"][0], moved[-1], rtol=1e-6))
    return {"the update ratio is that of all steps together": of_all}


def two_generators(train):
    """an epoch on 1,500 examples with generators in two states"""
    (X, y), params = _clouds(1500, seed=8), _network(4, 5, 3)
    one, two = (train(_copy(params), X, y, X[:9], y[:9], _rng(seed), epochs=1)[0] for seed in (16, 17))
    return {"both give the same parameters": _same(one, two)}


def other_dev_set(train):
    """a single epoch with one dev set, with other labels, with another dev set, and with the same again"""
    (X, y), params = _clouds(40, seed=4), _network(4, 6, 3)
    dev, other = _clouds(12, seed=5), (np.full((7, 4), 5.0), np.zeros(7, dtype=int))
    sets = dev, (dev[0], (dev[1] + 1) % 3), other, dev
    one, *others = (train(_copy(params), X, y, *part, _rng(14), epochs=1)[0] for part in sets)
    names = "same with other labels", "same with another dev set", "same again"
    return {name: _same(one, two) for name, two in zip(names, others, strict=True)}


def examples_left_out(train):
    """a single epoch on 67 examples, again and again, each time with another of the labels changed"""
    (X, y), params = _clouds(67, seed=7), _network(4, 5, 3)
    usual, _ = train(_copy(params), X, y, X, y, _rng(15), epochs=1)
    left_out = 0
    for i in range(67):
        labels = y.copy()
        labels[i] = (y[i] + 1) % 3
        left_out += _same(usual, train(_copy(params), X, labels, X, y, _rng(15), epochs=1)[0])
    share = "none" if left_out == 0 else "some" if left_out < 0.3 * 67 else "a third or more"
    return {"labels that make no difference": share}


# ---------------------------------------------------------------- ensemble_average


def three_members(ensemble_average):
    """three members, two examples, two classes"""
    members = [np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([[0.1, 0.9], [0.6, 0.4]]), np.array([[0.8, 0.2], [0.1, 0.9]])]
    return np.asarray(ensemble_average(members))


def members_as_one_array(ensemble_average):
    """four members as one array (4, 1, 3), which stays as it was"""
    members = np.array([[[0.7, 0.2, 0.1]], [[0.1, 0.2, 0.7]], [[0.3, 0.3, 0.4]], [[1.0, 0.0, 0.0]]])
    return {"the average": np.asarray(ensemble_average(members)), "the members afterwards": members}


def three_of_each(ensemble_average):
    """three members, three examples, three classes"""
    first = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.2, 0.6, 0.2]])
    second = np.array([[0.2, 0.4, 0.4], [0.3, 0.6, 0.1], [0.9, 0.05, 0.05]])
    third = np.array([[0.6, 0.3, 0.1], [0.0, 0.5, 0.5], [0.1, 0.1, 0.8]])
    return np.asarray(ensemble_average([first, second, third]))


# ---------------------------------------------------------------- snapshot_ensemble


def _regression():
    return {"W1": np.array([[0.5, 0.0], [0.0, 1.0]]), "b1": np.zeros(2)}


def one_batch_an_epoch(snapshot_ensemble):
    """two cycles of three steps on four examples in one batch, no hidden layer"""
    X, y = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0], [1.0, 1.0]]), np.array([0, 0, 1, 1])
    params = _regression()
    got = snapshot_ensemble(params, X, y, _rng(15), cycles=2, epochs_per_cycle=3, lr_max=0.8, lr_min=0.1, batch_size=4)
    return {"W1 of the snapshots": [snapshot["W1"] for snapshot in got], "W1 that was passed in": params["W1"]}


def short_batches_of_equal_examples(snapshot_ensemble):
    """five equal examples in batches of two, two cycles of two epochs, no hidden layer"""
    X, y = np.tile([[1.0, -0.5]], (5, 1)), np.ones(5, dtype=int)
    options = {"cycles": 2, "epochs_per_cycle": 2, "lr_max": 0.4, "lr_min": 0.0, "batch_size": 2}
    got = snapshot_ensemble(_regression(), X, y, _rng(16), **options)
    return {"b1 of the snapshots": [snapshot["b1"] for snapshot in got]}


def two_examples_one_by_one(snapshot_ensemble, loss_and_gradients):
    """24 epochs on two examples, one by one at the same rate: which of them came first each time"""
    x, before, orders = np.array([[1.0, 0.5]]), _regression(), []
    options = {"cycles": 24, "epochs_per_cycle": 1, "lr_max": 0.5, "lr_min": 0.5, "batch_size": 1}
    got = snapshot_ensemble(_copy(before), np.tile(x, (2, 1)), np.array([0, 1]), _rng(19), **options)
    for after in got:
        for first in (0, 1):
            params = before
            for label in (first, 1 - first):
                _, grads = loss_and_gradients(params, x, np.array([label]))
                params = {name: params[name] - 0.5 * grads[name] for name in params}
            if np.allclose(params["W1"], after["W1"]):
                orders.append(first)
        before = after
    return {"both came, in every epoch": len(orders) == len(got), "now one came first, now the other": len(set(orders)) == 2}


def copies_and_chance(snapshot_ensemble):
    """three cycles on twelve examples with a hidden layer"""
    X, y = _clouds(12, seed=6)
    params = _network(4, 5, 3)
    options = {"cycles": 3, "epochs_per_cycle": 2, "lr_max": 0.3, "lr_min": 0.0, "batch_size": 5}
    one, same, other = (snapshot_ensemble(_copy(params), X, y, _rng(seed), **options) for seed in (17, 17, 18))
    return {
        "how many": len(one),
        "two snapshots are the same": _same(one[0], one[1]) or _same(one[1], one[2]) or _same(one[0], one[2]),
        "same state, same snapshots": _same(one[-1], same[-1]),
        "other state, same snapshots": _same(one[-1], other[-1]),
    }
