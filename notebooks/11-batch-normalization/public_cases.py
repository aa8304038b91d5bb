"""What ``check(...)`` tries in the notebook; you may read it."""

import numpy as np

from nnlib.checks import success


def first_batch(update_running):
    """the first batch, from the empty dict"""
    running = {}
    returned = update_running(running, np.array([10.0, -4.0]), np.array([5.0, 0.5]), 0.9)
    return {"returned": returned, "running afterwards": running}


def three_batches(update_running):
    """three batches in a row, from averages that exist already"""
    running = {"mean": np.array([1.0, 2.0]), "var": np.array([4.0, 9.0])}
    seen = []
    for mean, var in [([3.0, 0.0], [2.0, 1.0]), ([5.0, -6.0], [8.0, 3.0]), ([1.0, 1.0], [0.5, 4.0])]:
        update_running(running, np.array(mean), np.array(var), 0.75)
        seen.append({name: np.array(value) for name, value in running.items()})
    return {f"running after batch {number}": step for number, step in enumerate(seen, 1)}


def own_statistics_untouched(update_running):
    """the batch's mean and variance afterwards"""
    mean, var = np.array([2.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0])
    returned = update_running({"mean": np.ones(3), "var": np.full(3, 2.0)}, mean, var, 0.5)
    return {"returned": returned, "mean afterwards": mean, "var afterwards": var}


def _batch():
    return np.array([[2.0, 10.0, 0.1], [4.0, 10.0, -0.2], [4.0, 10.0, 0.0], [6.0, 10.0, 0.5]])


_GAMMA, _BETA = np.array([3.0, 2.0, 0.5]), np.array([1.0, -1.0, 4.0])


def training_pass(batchnorm_forward):
    """training on four examples with three features, one of them constant"""
    x, gamma, beta, running = _batch(), _GAMMA.copy(), _BETA.copy(), {}
    out, _ = batchnorm_forward(x, gamma, beta, running)
    return {"out": out, "x afterwards": x, "gamma afterwards": gamma, "beta afterwards": beta}


def averages_after_training(batchnorm_forward):
    """the averages after two training batches"""
    running = {"mean": np.array([1.0, 1.0, 1.0]), "var": np.array([2.0, 2.0, 2.0])}
    for x in (_batch(), 2.0 - _batch()[:3]):
        batchnorm_forward(x, _GAMMA, _BETA, running, momentum=0.75, eps=0.5)
    return {"running afterwards": running}


def pass_in_use(batchnorm_forward):
    """a test pass of two examples"""
    running = {"mean": np.array([3.0, 8.0, 0.0]), "var": np.array([4.0, 1.0, 0.25])}
    out, _ = batchnorm_forward(_batch()[1:3], _GAMMA, _BETA, running, train=False, eps=0.5)
    return {"out": out, "running afterwards": running}


def square_batch(batchnorm_forward):
    """training on as many examples as features, with eps = 0.25"""
    out, _ = batchnorm_forward(_batch()[[0, 1, 3]], _GAMMA, _BETA, {}, eps=0.25)
    return {"out": out}


def untrained_pass(batchnorm_forward):
    """a test pass before any training, with an empty running"""
    running = {}
    out, _ = batchnorm_forward(_batch(), _GAMMA, _BETA, running, train=False, eps=0.1)
    return {"out": out, "running afterwards": running}


def lone_example(batchnorm_forward):
    """training on one example alone, where averages exist already"""
    running = {"mean": np.array([1.0, 1.0, 1.0]), "var": np.array([2.0, 2.0, 2.0])}
    out, _ = batchnorm_forward(_batch()[:1], _GAMMA, _BETA, running, momentum=0.75)
    return {"out": out, "running afterwards": running}


def _gradients(batchnorm_backward, batchnorm_forward, x, dout, gamma, eps):
    _, cache = batchnorm_forward(x, gamma, np.linspace(-1, 2, x.shape[1]), {}, eps=eps)
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def two_examples(batchnorm_backward, batchnorm_forward):
    """two examples of one feature, as by hand but with gamma = 1.5 and eps = 3"""
    x, dout = np.array([[1.0], [3.0]]), np.array([[1.0], [0.0]])
    return _gradients(batchnorm_backward, batchnorm_forward, x, dout, np.array([1.5]), 3.0)


def four_examples(batchnorm_backward, batchnorm_forward):
    """four examples of two features"""
    x = np.array([[1.0, 0.5], [2.0, -0.5], [4.0, 0.25], [9.0, 0.0]])
    dout = np.array([[1.0, -2.0], [0.5, 1.0], [-1.0, 0.0], [2.0, 3.0]])
    before = dout.copy()
    parts = _gradients(batchnorm_backward, batchnorm_forward, x, dout, np.array([0.5, 3.0]), 1e-2)
    return {**parts, "dout afterwards minus before": dout - before}


def square_gradients(batchnorm_backward, batchnorm_forward):
    """as many examples as features, one of them constant"""
    x = np.array([[0.0, 7.0, 1.0], [2.0, 7.0, -1.0], [1.0, 7.0, 3.0]])
    dout = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0], [3.0, 0.5, 1.0]])
    return _gradients(batchnorm_backward, batchnorm_forward, x, dout, np.array([2.0, 0.5, 1.5]), 0.1)


def one_unit(fold_batchnorm):
    """the example by hand, with eps = 5"""
    w, b = fold_batchnorm(np.array([[2.0]]), *(np.array([v]) for v in (1.0, 6.0, -1.0, 3.0, 4.0)), 5.0)
    return {"w": w, "b": b}


def two_inputs_three_units(fold_batchnorm):
    """two inputs and three units"""
    w = np.array([[1.0, 2.0, -1.0], [0.0, 4.0, 3.0]])
    b, gamma, beta = np.array([1.0, -2.0, 0.5]), np.array([2.0, 0.5, -3.0]), np.array([0.0, 1.0, -1.0])
    mean, var = np.array([0.5, 2.0, -1.0]), np.array([4.0, 0.25, 0.01])
    new_w, new_b = fold_batchnorm(w, b, gamma, beta, mean, var, 1e-2)
    return {"w": new_w, "b": new_b, "w afterwards": w, "b afterwards": b}


def a_square_layer(fold_batchnorm):
    """as many inputs as units"""
    w, b = np.array([[1.0, -2.0], [3.0, 0.5]]), np.array([0.0, 1.0])
    new = fold_batchnorm(
        w, b, np.array([2.0, 5.0]), np.array([1.0, 0.0]), np.array([3.0, 1.0]), np.array([9.0, 1.0]), 1e-3
    )
    return {"w": new[0], "b": new[1]}


def _clouds(n, seed, classes=3):
    """Clouds of points in four dimensions."""
    rng, y = np.random.default_rng(seed), np.arange(n) % classes
    return 2 * np.eye(4)[y] + rng.normal(size=(n, 4)), y


def _same(one, other, rtol=1e-6):
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=rtol))


def form_of_the_answers(train_and_predict):
    """two classes, and four, three epochs each"""
    told = {}
    for classes in (2, 4):
        X, y = _clouds(45, 1, classes)
        probs = np.asarray(train_and_predict(X, y, X[:6], np.random.default_rng(2), epochs=3))
        told[f"shape for {classes} classes"] = list(probs.shape)
        told[f"rows sum to 1 for {classes} classes"] = bool(np.allclose(probs.sum(axis=-1), 1))
    return told


def a_label_that_nobody_has(train_and_predict):
    """labels 0 and 2 only, which makes three classes"""
    X, y = _clouds(40, 2, 2)
    probs = np.asarray(train_and_predict(X, 2 * y, X[:5], np.random.default_rng(3), epochs=3))
    return {"shape": list(probs.shape)}


def alone_and_in_company(train_and_predict):
    """the same point alone, with others, with others in other units, and five times"""
    X, y = _clouds(40, 3)
    points = np.random.default_rng(4).normal(size=(4, 4))

    def answers(shown, keep_prob=1.0):
        return np.asarray(train_and_predict(X, y, shown, np.random.default_rng(5), epochs=3, keep_prob=keep_prob))

    among, five = answers(points), answers(np.repeat(points[:1], 5, axis=0), keep_prob=0.5)
    return {
        "the same answer among others": _same(among[:1], answers(points[:1])),
        "five equal points get equal answers": len(five) == 5 and _same(five[1:], five[:-1]),
        "other points get other answers": not _same(among[1], among[2]),
        "points in other units get other answers": not _same(answers(points * [1, 10, 3, 30]), among, rtol=1e-3),
    }


@success
def three_arms(train_and_predict):
    """three spiral arms, once as they are, once with features 300 times as large"""
    angle = np.repeat(np.linspace(0.3, 4.2, 80), 3)
    y = np.tile(np.arange(3), 80)
    X = angle[:, np.newaxis] * np.stack([np.cos(angle + 2.1 * y), np.sin(angle + 2.1 * y)], axis=1) / 4.2
    told = {}
    for size in (1.0, 300.0):
        probs = np.asarray(train_and_predict(size * X, y, size * X, np.random.default_rng(6)))
        told[f"nine in ten right, features times {size:g}"] = bool(np.mean(probs.argmax(axis=-1) == y) >= 0.9)
    return told


def what_changes_the_net(train_and_predict):
    """the same call again, and with another generator, keep_prob, number of epochs, and labels"""
    X, y = _clouds(50, 7)
    points = _clouds(6, 8)[0]

    def answers(seed=9, X=X, y=y, **options):
        return np.asarray(train_and_predict(X, y, points, np.random.default_rng(seed), **{"epochs": 2, **options}))

    def that_count(X, y, chosen):
        before = answers(X=X, y=y, epochs=1, keep_prob=1.0)
        counts = []
        for i in chosen:
            other = y.copy()
            other[i] = (y[i] + 1) % 3
            counts.append(not np.array_equal(answers(X=X, y=other, epochs=1, keep_prob=1.0), before))
        return np.mean(counts)

    usual, of_fifty = answers(), that_count(X, y, range(3, 50))
    return {
        "same again": _same(usual, answers()),
        "another generator, another net": not _same(usual, answers(seed=10)),
        "another keep_prob, another net": not _same(usual, answers(keep_prob=0.4)),
        "more epochs, another net": not _same(usual, answers(epochs=5)),
        "one epoch trains": bool(of_fifty > 0),
        "each of 50 examples counts": bool(of_fifty == 1),
        "most of 150 examples count": bool(that_count(*_clouds(150, 9), range(3, 150, 5)) > 0.5),
    }
