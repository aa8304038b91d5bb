"""What notebook 06 says of noise, batches and rates holds for five starts, not for one."""

import numpy as np

from nnlib import gradient_step, load_digits, random_minibatches, relu, softmax_cross_entropy

X, Y = load_digits()


def trained(X, y, hidden, lr, epochs, batch_size, rng, start=None):
    """A net of two layers; returns its parameters, and cost and accuracy of each epoch."""
    classes = int(y.max()) + 1
    sizes = ((X.shape[1], hidden), (hidden, classes))
    first, second = (rng.normal(size=size) * (start or np.sqrt(2 / size[0])) for size in sizes)
    params = {"W1": first, "b1": np.zeros(hidden), "W2": second, "b2": np.zeros(classes)}
    costs, accuracies = [], []
    for _ in range(epochs):
        own = []
        for x, t in random_minibatches(X, y, batch_size, rng):
            z = x @ params["W1"] + params["b1"]
            cost, ds = softmax_cross_entropy(relu(z) @ params["W2"] + params["b2"], t)
            dz = (ds @ params["W2"].T) * (z > 0)
            grads = {"W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": relu(z).T @ ds, "b2": ds.sum(axis=0)}
            params = gradient_step(params, grads, lr)
            own.append(cost)
        costs.append(np.mean(own))
        accuracies.append(accuracy(params, X, y))
    return params, costs, accuracies


def accuracy(params, X, y):
    scores = relu(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    return np.mean(scores.argmax(axis=1) == y)


def test_the_cost_stays_where_it_is_while_the_accuracy_doubles():
    """Rate 0.1 from tiny weights, ten epochs, mean of five starts: the cost falls by 2% at most."""
    runs = [trained(X[:500], Y[:500], 20, 0.1, 10, 50, np.random.default_rng(seed), 0.01)[1:] for seed in range(5)]
    costs, accuracies = (np.mean([run[part] for run in runs], axis=0) for part in (0, 1))
    assert costs[-1] > 0.98 * np.log(10)
    assert accuracies[-1] > 2 * accuracies[0]


def test_at_rate_2_every_start_ends_where_it_began():
    """Five starts: some are below 2.15 in between, all end within 0.1 of ln 10."""
    costs = [trained(X[:500], Y[:500], 20, 2.0, 10, 50, np.random.default_rng(seed), 0.01)[1] for seed in range(5)]
    assert min(min(run) for run in costs) < 2.15
    assert max(abs(run[-1] - np.log(10)) for run in costs) < 0.1


def test_at_rate_half_the_cost_waits_two_epochs_and_then_falls_in_each():
    """Five starts from tiny weights: above 2.25 for two epochs, then lower every time, to below 0.7."""
    for seed in range(5):
        costs = trained(X[:500], Y[:500], 20, 0.5, 10, 50, np.random.default_rng(seed), 0.01)[1]
        assert min(costs[:2]) > 2.25
        assert (np.diff(costs[1:]) < 0).all()
        assert costs[-1] < 0.7


def test_the_batch_size_does_not_change_what_is_learnt_of_the_digits():
    """Five starts, batches of 4 and of 300: the means on new digits are within two points of each other."""
    part = np.random.default_rng(0).permutation(len(X))
    few, others = part[:300], part[300:]
    means = []
    for batch_size, epochs, rate in [(4, 20, 0.2), (300, 400, 1.0)]:
        nets = [
            trained(X[few], Y[few], 32, rate, epochs, batch_size, np.random.default_rng(seed))[0] for seed in range(5)
        ]
        assert min(accuracy(net, X[few], Y[few]) for net in nets) > 0.98
        means.append(np.mean([accuracy(net, X[others], Y[others]) for net in nets]))
    assert abs(means[0] - means[1]) < 0.02
