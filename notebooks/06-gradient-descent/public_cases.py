"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import numpy as np

from nnlib.checks import tolerance


def _rows(n):
    """Row i is (2i, 2i + 1) and its label is i, so that every row tells which example it is."""
    return np.arange(2.0 * n).reshape(n, 2), np.arange(n)


def _recognisable():
    """Six examples, each with a feature of its own and a larger one than the last: their costs tell them apart."""
    return np.diag([6.0, 8.0, 10.0, 12.0, 14.0, 16.0]), np.array([0, 1, 0, 1, 0, 1])


def _read_visits(train):
    """Read off the costs when each example was met: it costs ln 2 at first, and less the larger its feature later."""
    X, y = _recognisable()
    before = X.copy()
    costs, again, other = (np.asarray(train(X, y, np.random.default_rng(seed)), dtype=float) for seed in (5, 5, 7))
    told = {"number of costs": costs.size, "X stays as it was": bool(np.array_equal(X, before))}
    if costs.size != 18:
        return told | {
            "costs that are ln 2, as before anything is learnt": int((np.abs(costs - np.log(2)) < 0.1).sum())
        }
    epochs = costs.reshape(3, 6)
    orders = [np.argsort(np.argsort(-epoch)) for epoch in epochs[1:]]
    return told | {
        "examples met for the first time in the first epoch": int((epochs[0] > 0.6).sum()),
        "examples met again in the second": int((epochs[1] < 0.6).sum()),
        "always in the order of the data": all(bool(np.array_equal(order, np.arange(6))) for order in orders),
        "every epoch in the same order": bool(np.array_equal(*orders)),
        "the same again from a generator in the same state": bool(np.array_equal(costs, again)),
        "the same from a generator in another state": bool(np.array_equal(costs, other)),
    }


def ten_in_fours(steps_per_epoch):
    """10 examples in batches of 4"""
    return steps_per_epoch(10, 4)


def twelve_in_fours(steps_per_epoch):
    """12 examples in batches of 4"""
    return steps_per_epoch(12, 4)


def eleven_in_fives_for_range(steps_per_epoch):
    """a loop over the steps of 11 examples in batches of 5"""
    return len(range(steps_per_epoch(11, 5)))


def eleven_in_fours(steps_per_epoch):
    """11 examples in batches of 4"""
    return steps_per_epoch(11, 4)


def three_in_eights(steps_per_epoch):
    """3 examples in batches of 8"""
    return steps_per_epoch(3, 8)


def eleven_rows_in_fours(random_minibatches):
    """11 examples in batches of 4"""
    X, y = _rows(11)
    batches = list(random_minibatches(X, y, 4, np.random.default_rng(0)))
    rows = np.concatenate([rows for rows, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    return {
        "sizes of the batches": [len(labels) for _, labels in batches],
        "labels of all batches, sorted": np.sort(labels),
        "first column minus twice the label": rows[:, 0] - 2 * labels,
        "X afterwards": X,
        "y afterwards": y,
    }


def twelve_rows_in_fours(random_minibatches):
    """12 examples in batches of 4, two epochs"""
    X, y = _rows(12)
    rng = np.random.default_rng(1)
    epochs = [list(random_minibatches(X, y, 4, rng)) for _ in range(2)]
    epochs += [list(random_minibatches(X, y, 4, np.random.default_rng(seed))) for seed in (1, 2)]
    orders = [np.concatenate([labels for _, labels in epoch]) for epoch in epochs]
    return {
        "sizes of the batches": [len(labels) for _, labels in epochs[0]],
        "examples in order of the data": bool(np.array_equal(orders[0], y)),
        "both epochs in one order": bool(np.array_equal(*orders[:2])),
        "blocks of neighbours stay together": all(np.ptp(labels) == 3 for _, labels in epochs[0]),
        "neighbours still follow each other": int((np.diff(orders[0]) == 1).sum()) > 8,
        "the same again from a generator in the same state": bool(np.array_equal(orders[0], orders[2])),
        "the same from a generator in another state": bool(np.array_equal(orders[0], orders[3])),
    }


def images_of_bytes(random_minibatches):
    """5 images of 2 × 3 bytes in batches of 3"""
    X = np.arange(30).reshape(5, 2, 3).astype(np.uint8)
    batches = list(random_minibatches(X, np.arange(5), 3, np.random.default_rng(3)))
    return {
        "shapes of the batches": [np.shape(rows) for rows, _ in batches],
        "shapes of the labels": [np.shape(labels) for _, labels in batches],
        "dtype of the images": str(batches[0][0].dtype),
        "labels are whole numbers": batches[0][1].dtype.kind == "i",
    }


def seven_in_fives(random_minibatches):
    """7 examples in batches of 5"""
    return {
        "sizes of the batches": [
            len(labels) for _, labels in random_minibatches(*_rows(7), 5, np.random.default_rng(0))
        ]
    }


def one_step(gradient_step):
    """W and b, with the gradients in the other order and rate 0.1"""
    params = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0, 4.0])}
    grads = {"b": np.array([10.0, 0.0]), "W": np.array([[0.5, -1.0]])}
    new = gradient_step(params, grads, 0.1)
    return {"new parameters": new, "params afterwards": params, "grads afterwards": grads}


def a_number_and_a_matrix(gradient_step):
    """parameters of other names and shapes, with rate 0.5"""
    params = {"scale": np.array(2.0), "W1": np.array([[1.0], [-1.0]])}
    return gradient_step(params, {"scale": np.array(-1.0), "W1": np.array([[4.0], [0.5]])}, 0.5)


def two_examples(batch_gradient_descent):
    """x = 1 of class 0 and x = -1 of class 1, rate 1, three steps"""
    X, y = np.array([[1.0], [-1.0]]), np.array([0, 1])
    return {"costs": batch_gradient_descent(X, y, 1.0, 3), "X afterwards": X}


def three_classes(batch_gradient_descent):
    """four examples of three classes, two features, rate 0.5, four steps"""
    X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5], [-1.0, 1.0]])
    return batch_gradient_descent(X, np.array([0, 2, 1, 2]), 0.5, 4)


def seventy_alike(batch_gradient_descent):
    """seventy copies of one example, rate 0.5, two steps"""
    return {"costs": batch_gradient_descent(np.tile([1.0, -2.0], (70, 1)), np.ones(70, dtype=int), 0.5, 2)}


def a_class_without_examples(batch_gradient_descent):
    """labels 0 and 2, but no 1; rate 0.5, four steps"""
    return batch_gradient_descent(np.array([[1.0], [2.0], [-1.0]]), np.array([0, 2, 2]), 0.5, 4)


def no_epochs(batch_gradient_descent):
    """no epochs at all"""
    return len(batch_gradient_descent(np.array([[1.0], [-1.0]]), np.array([0, 1]), 0.5, 0))


def far_too_fast(batch_gradient_descent):
    """four examples and a rate far too large, 20, four steps"""
    X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5], [-1.0, 1.0]])
    return {"costs": batch_gradient_descent(X, np.array([0, 1, 1, 0]), 20.0, 4)}


def twins_one_by_one(stochastic_gradient_descent):
    """two mirrored examples, whose costs are the same in either order, rate 1"""
    X, y = np.array([[1.0], [-1.0]]), np.array([0, 1])
    costs = stochastic_gradient_descent(X, y, 1.0, 1, np.random.default_rng(1))
    return {"costs": costs, "X afterwards": X}


def visits(stochastic_gradient_descent):
    """six examples that share no feature, three epochs"""
    return _read_visits(lambda X, y, rng: stochastic_gradient_descent(X, y, 0.01, 3, rng))


def three_alike(stochastic_gradient_descent):
    """three copies of an example of class 1, rate 0.2, two epochs"""
    X, y = np.tile([1.0, -0.5], (3, 1)), np.array([1, 1, 1])
    return {"costs": stochastic_gradient_descent(X, y, 0.2, 2, np.random.default_rng(2))}


def visits_in_batches_of_one(minibatch_gradient_descent):
    """six examples that share no feature in batches of 1, three epochs"""
    return _read_visits(lambda X, y, rng: minibatch_gradient_descent(X, y, 0.01, 3, 1, rng))


def five_alike_in_twos(minibatch_gradient_descent):
    """five copies of one example in batches of 2, rate 0.5, two epochs"""
    X, y = np.tile([1.0, -2.0], (5, 1)), np.array([1, 1, 1, 1, 1])
    costs = minibatch_gradient_descent(X, y, 0.5, 2, 2, np.random.default_rng(3))
    return {"costs": costs, "X afterwards": X}


def all_at_once(minibatch_gradient_descent):
    """four examples of three classes in batches of 8, rate 0.5, three epochs"""
    X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5], [-1.0, 1.0]])
    return minibatch_gradient_descent(X, np.array([0, 2, 1, 2]), 0.5, 3, 8, np.random.default_rng(4))


# ---------------------------------------------------------------- train_net


def _gradients(params, X, y):
    """Cost of the net and its gradients, by central differences."""

    def cost(changed):
        scores = np.maximum(X @ changed["W1"] + changed["b1"], 0) @ changed["W2"] + changed["b2"]
        shifted = scores - scores.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])

    grads, h = {}, 1e-6
    for name, w in params.items():
        grads[name] = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            there, back = (dict(params, **{name: w.copy()}) for _ in range(2))
            there[name][place] += h
            back[name][place] -= h
            grads[name][place] = (cost(there) - cost(back)) / (2 * h)
    return cost(params), grads


def _two_clouds():
    X = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.5], [-1.0, 1.0], [2.0, -2.0], [-2.0, -0.5]])
    return X, np.array([0, 1, 2, 0, 1, 2])


def shapes_and_steps(train_net):
    """six examples of three classes, four hidden units, batches of 4, three epochs"""
    X, y = _two_clouds()
    params, costs = train_net(X, y, 4, 0.1, 3, 4, np.random.default_rng(0))
    return {
        "shapes": {name: np.shape(params[name]) for name in sorted(params)},
        "number of costs": np.size(costs),
        "X afterwards": X,
    }


def labels_0_and_3(train_net):
    """labels 0 and 3, nothing between"""
    params, _ = train_net(np.eye(2), np.array([0, 3]), 3, 0.1, 1, 2, np.random.default_rng(0))
    return {"shape of W2": np.shape(params["W2"])}


@tolerance(rtol=0.05)
def the_start(train_net):
    """a rate of 0: 60 features, 150 hidden units, 90 classes"""
    X, y = np.ones((90, 60)), np.arange(90)
    params, _ = train_net(X, y, 150, 0.0, 1, 90, np.random.default_rng(1))
    return {
        "spread of W1, over He's": float(np.std(params["W1"])) / np.sqrt(2 / 60),
        "spread of W2, over He's": float(np.std(params["W2"])) / np.sqrt(2 / 150),
        "biases are 0": [not np.any(params["b1"]), not np.any(params["b2"])],
    }


def one_step_of_all(train_net):
    """one step with all six examples, rate 0.5, against the gradient at the start"""
    X, y = _two_clouds()
    start, _ = train_net(X, y, 5, 0.0, 1, 6, np.random.default_rng(2))
    after, costs = train_net(X, y, 5, 0.5, 1, 6, np.random.default_rng(2))
    cost, grads = _gradients(start, X, y)
    told = {"the noted cost, over that of the start": round(float(costs[0]) / cost, 4)}
    for name, grad in grads.items():
        step = (after[name] - start[name]) / -0.5
        told[f"step of {name} along its gradient, 1 if right"] = round(float((step * grad).sum() / (grad**2).sum()), 4)
        told[f"the rest of the step of {name}"] = bool(np.abs(step - grad).max() > 1e-4)
    return told


def two_steps_of_all(train_net):
    """two epochs with all six examples: does the second cost belong to the moved parameters?"""
    X, y = _two_clouds()
    between, _ = train_net(X, y, 5, 0.5, 1, 6, np.random.default_rng(2))
    after, costs = train_net(X, y, 5, 0.5, 2, 6, np.random.default_rng(2))
    cost, grads = _gradients(between, X, y)
    return {
        "second cost over the right one": round(float(costs[1]) / cost, 4),
        "second step of W2 along its gradient, 1 if right": round(
            float(((between["W2"] - after["W2"]) * grads["W2"]).sum() / (0.5 * (grads["W2"] ** 2).sum())), 4
        ),
    }


def visits_of_the_net(train_net):
    """a rate of 0 and batches of 1: which example is met when, in three epochs"""
    X, y = _two_clouds()
    start, costs = train_net(X, y, 5, 0.0, 3, 1, np.random.default_rng(4))
    _, again = train_net(X, y, 5, 0.0, 3, 1, np.random.default_rng(4))
    elsewhere, other = train_net(X, y, 5, 0.0, 3, 1, np.random.default_rng(5))
    if np.size(costs) != 18:
        return {"number of costs": np.size(costs)}
    alone = np.array([_gradients(start, X[[i]], y[[i]])[0] for i in range(6)])
    epochs = np.reshape(np.asarray(costs, dtype=float), (3, 6))
    return {
        "number of costs": np.size(costs),
        "every example once per epoch": [bool(np.allclose(np.sort(epoch), np.sort(alone))) for epoch in epochs],
        "in the order of the data": bool(np.allclose(epochs[0], alone)),
        "every epoch in the same order": bool(np.allclose(epochs[0], epochs[1]) and np.allclose(epochs[1], epochs[2])),
        "the same again from a generator in the same state": bool(np.allclose(costs, again)),
        "the same from a generator in another state": bool(np.allclose(costs, other)),
        "W1 and W2 start the same, from another state": [
            bool(np.allclose(start[name], elsewhere[name])) for name in ("W1", "W2")
        ],
        "the order of the costs alone, from another state": bool(
            np.array_equal(np.argsort(costs[:6]), np.argsort(other[:6]))
        ),
    }


def six_alike_in_fours(train_net):
    """six copies of one example in batches of 4: the short batch takes a whole step"""
    X, y = np.tile([1.0, -0.5], (6, 1)), np.ones(6, dtype=int)
    start, _ = train_net(X, y, 3, 0.0, 1, 4, np.random.default_rng(6))
    after, costs = train_net(X, y, 3, 0.4, 1, 4, np.random.default_rng(6))
    params, ratios = {name: np.array(w, dtype=float) for name, w in start.items()}, []
    for noted in costs:
        cost, grads = _gradients(params, X[:1], y[:1])
        ratios.append(round(float(noted) / cost, 4))
        params = {name: params[name] - 0.4 * grads[name] for name in params}
    return {
        "noted costs over the right ones": ratios,
        "W2 is where two steps lead": bool(np.allclose(after["W2"], params["W2"], atol=1e-5)),
    }
