"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import numpy as np


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


def a_class_without_examples(batch_gradient_descent):
    """labels 0 and 2, but no 1; rate 0.5, two steps"""
    return batch_gradient_descent(np.array([[1.0], [2.0], [-1.0]]), np.array([0, 2, 2]), 0.5, 2)


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
