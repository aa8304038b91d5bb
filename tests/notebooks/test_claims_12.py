"""What notebook 12 says in words holds with other seeds than those of its cells."""

import math

import numpy as np
import pytest

from nnlib import (
    Momentum,
    build_network,
    fit,
    l2_penalty,
    load_digits,
    random_search,
    sample_log_uniform,
    train_dev_test_split,
)


@pytest.fixture(scope="module")
def digits():
    """The notebook's training and dev digits."""
    X, y = load_digits()
    return train_dev_test_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(0))[:2]


def test_the_penalty_is_divided_by_the_number_of_training_examples(digits):
    """As notebook 09 defines it: half of lambda times the sum of squares over the 1,078 examples trained on."""
    (X, y), _ = digits
    net = build_network([64, 32, 10], np.random.default_rng(1), init=0.01)
    squares = sum(float((w**2).sum()) for w in net.weights)
    assert len(y) == 1078
    assert math.isclose(l2_penalty(net.weights, 1e4, len(X)), 1e4 * squares / (2 * 1078), rel_tol=1e-5)


def test_about_two_decades_of_rates_learn(digits):
    """Low rates have hardly moved after four epochs, those from 0.1 to 3 have learnt, 30 is too high."""
    train, dev = digits
    for seed in range(20, 25):
        for rate, learns in ((1e-3, False), (0.3, True), (1.0, True), (100.0, False)):
            rng = np.random.default_rng(seed)
            net = build_network([64, 32, 10], rng)
            with np.errstate(all="ignore"):
                fit(net, *train, rng=rng, epochs=4, optimizer=Momentum(rate, 0.9), on_explosion="stop")
                assert (net.evaluate(*dev)[1] > 0.75) == learns


def test_random_points_find_the_peak_that_the_grid_steps_over():
    """With 25 runs the grid scores 0.05 at best; random search beats that with each of fifty seeds."""
    space = {"matters": ("linear", 0.0, 1.0), "does not": ("linear", 0.0, 1.0)}

    def peaked(config):
        return math.exp(-(((config["matters"] - 0.37) / 0.07) ** 2))

    on_grid = max(peaked({"matters": value}) for value in np.linspace(0, 1, 5))
    best = [random_search(peaked, space, 25, np.random.default_rng(seed))[0][1] for seed in range(50)]
    assert on_grid < 0.06
    assert min(best) > on_grid
    assert np.median(best) > 0.8


def test_how_many_dev_images_a_search_needs():
    """Half a point of luck: 12,000 images for a thousand runs, 2,800 for ten; 360 images and forty runs give two."""
    rng = np.random.default_rng(1)

    def luck(runs, images):
        return 100 * (rng.binomial(images, 0.97, size=(500, runs)).max(axis=1).mean() / images - 0.97)

    assert luck(1000, 12_000) == pytest.approx(0.5, abs=0.03)
    assert luck(10, 2_800) == pytest.approx(0.5, abs=0.05)
    assert luck(40, 360) == pytest.approx(1.7, abs=0.1)


def test_over_a_factor_of_ten_a_linear_draw_stays_near_the_top():
    """It puts 89% above a fifth of the upper end, a logarithmic one 70%."""
    rng = np.random.default_rng(2)
    assert np.mean(rng.uniform(0.1, 1.0, 20_000) > 0.2) == pytest.approx(0.89, abs=0.01)
    assert np.mean(sample_log_uniform(0.1, 1.0, 20_000, rng) > 0.2) == pytest.approx(0.70, abs=0.01)
