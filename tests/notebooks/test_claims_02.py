"""What notebook 02 says of one run holds for others."""

import numpy as np
import pytest

import nnlib

SEEDS = range(5)


@pytest.fixture(scope="module")
def digits():
    """All digits, in an order of its own for each seed."""
    X, y = nnlib.load_digits()
    return [(X[order], y[order]) for order in (np.random.default_rng(seed).permutation(len(X)) for seed in SEEDS)]


def reader(X, y, epochs, seed):
    """The notebook's net after so many epochs on the first hundred digits."""
    rng = np.random.default_rng(seed)
    net = nnlib.build_network([64, 64, 10], rng)
    nnlib.fit(net, X[:100], y[:100], rng=rng, epochs=epochs, batch_size=100, optimizer=nnlib.Adam(0.01))
    return net


def test_training_on_makes_a_net_surer_and_hardly_better(digits):
    """From 100 to 300 epochs certainty rises by more than accuracy, and ends above it."""
    for seed, (X, y) in zip(SEEDS, digits, strict=True):
        found = []
        for epochs in (100, 300):
            beliefs = reader(X, y, epochs, seed).predict_proba(X[100:])
            found.append((np.mean(beliefs.argmax(axis=1) == y[100:]), beliefs.max(axis=1).mean()))
        (right, sure), (right_later, sure_later) = found
        assert sure_later - sure > 0.01
        assert abs(right_later - right) < 0.01
        assert sure_later > right_later + 0.01


def test_it_is_wrong_where_it_is_surest(digits):
    """Among the digits it is over 99% sure of, more than 40% of all, are some that it gets wrong."""
    for seed, (X, y) in zip(SEEDS, digits, strict=True):
        beliefs = reader(X, y, 100, seed).predict_proba(X[100:])
        sure = beliefs.max(axis=1) > 0.99
        assert sure.mean() > 0.4
        assert (beliefs.argmax(axis=1) != y[100:])[sure].any()


def test_it_is_wrong_more_often_than_its_probabilities_promise(digits):
    """In the opening, whatever the net starts from: three times as many wrong as it expects, and more."""
    X, y = digits[0]
    for seed in SEEDS:
        beliefs = reader(X, y, 100, seed).predict_proba(X[100:])
        sure = beliefs.max(axis=1) > 0.99
        wrong = np.sum((beliefs.argmax(axis=1) != y[100:])[sure])
        assert wrong > 3 * np.sum(1 - beliefs[sure].max(axis=1))


def test_one_temperature_makes_the_surest_net_cheaper(digits):
    """A temperature above 1, chosen on 300 digits, lowers the loss on the others."""
    for seed, (X, y) in zip(SEEDS, digits, strict=True):
        scores, answers = reader(X, y, 300, seed).forward(X[100:]), y[100:]
        temperatures = np.linspace(0.5, 4, 36)
        costs = [nnlib.softmax_cross_entropy(scores[:300] / T, answers[:300])[0] for T in temperatures]
        best = temperatures[np.argmin(costs)]
        assert best > 1
        plain, cooled = (nnlib.softmax_cross_entropy(scores[300:] / T, answers[300:])[0] for T in (1, best))
        assert cooled < plain - 0.01


def test_a_penalty_stops_what_parted_groups_let_grow():
    """Logistic regression on two groups: without a penalty the weights still grow after 1,000 steps, with one not."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X = np.concatenate([rng.normal(size=(20, 2)) + 2.5, rng.normal(size=(20, 2)) - 2.5])
        y = np.repeat([1, 0], 20)
        grown = []
        for lam in (0.0, 1.0):
            w, lengths = np.zeros(2), []
            for step in range(1, 4001):
                w -= X.T @ nnlib.binary_cross_entropy(X @ w, y)[1] + lam / len(y) * w
                if step in (1000, 4000):
                    lengths.append(np.linalg.norm(w))
            grown.append(lengths[1] / lengths[0])
        assert grown[0] > 1.05
        assert abs(grown[1] - 1) < 1e-6


def test_a_penalty_shortens_the_weights_of_a_hinge_loss(digits):
    """The stronger the penalty, the shorter the weights and the larger the loss; too strong costs accuracy."""
    for X, y in digits:
        lengths, losses, right = [], [], []
        for lam in (0.0, 0.01, 0.1, 1.0):
            W, b = 0.0001 * np.random.default_rng(0).normal(size=(64, 10)), np.zeros(10)
            for _ in range(500):
                loss, dscores = nnlib.hinge_loss(X[:100] @ W + b, y[:100])
                W -= 0.1 * (X[:100].T @ dscores + lam * W)
                b -= 0.1 * dscores.sum(axis=0)
            lengths.append(np.linalg.norm(W))
            losses.append(loss)
            right.append(np.mean((X[100:] @ W + b).argmax(axis=1) == y[100:]))
        assert (np.diff(lengths) < 0).all()
        assert losses[3] > losses[2] > losses[0]
        assert right[3] < right[0] - 0.05
