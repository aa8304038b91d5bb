"""What notebook 13 says in words holds with other seeds than those of its cells."""

import numpy as np

from grader.assignment import Assignment
from grader.reference import reference_namespace
from nnlib import load_digits, random_minibatches, random_shift


def test_moving_the_digits_by_a_pixel_does_not_help_beside_noise_and_dropout():
    """On centred dev digits the shifted training ends lower, by a point or more on average."""
    notebook = reference_namespace(Assignment.find("13-capstone").source)
    X, y = load_digits(part="course")
    order = np.random.default_rng(13).permutation(len(X))
    train, dev = (X[order[:1000]], y[order[:1000]]), (X[order[1000:]], y[order[1000:]])

    def shifted(X, y, batch_size, rng):
        for images, labels in random_minibatches(X, y, batch_size, rng):
            yield random_shift(images.reshape(-1, 8, 8), 1, rng).reshape(-1, 64), labels

    best = {}
    for name, batches in {"as they are": random_minibatches, "shifted": shifted}.items():
        functions = notebook["train"].__globals__
        functions["random_minibatches"] = batches
        accuracies = []
        for seed in range(3):
            rng = np.random.default_rng(seed)
            start = notebook["build_network"]([64, 64, 64, 10], rng)
            _, history = notebook["train"](start, *train, *dev, rng, epochs=20)
            accuracies.append(history["dev_accuracy"][-1])
        best[name] = np.mean(accuracies)
    assert best["as they are"] > 0.96
    assert best["shifted"] < best["as they are"] - 0.01
