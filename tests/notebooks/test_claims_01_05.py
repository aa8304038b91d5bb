"""What notebooks 01 and 05 say of their networks holds for other starts than the ones that they show."""

from itertools import pairwise

import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment


def functions(name, *wanted):
    """Cells of a notebook that define these functions, run beside the solutions."""
    assignment = Assignment.find(name)
    scope = {**vars(nnlib), **assignment.reference, "np": np, "pairwise": pairwise}
    for cell in assignment.source.cells:
        if cell.cell_type == "code" and any(f"def {each}(" in cell.source for each in wanted):
            text = cell.source
            ends = [text.index(line) for line in ("\nfor hidden", "\nfor name", "\nX_spirals") if line in text]
            exec(text[: min(ends, default=len(text))], scope)
    return [scope[each] for each in wanted]


def test_leaky_relus_let_a_trickle_through_and_do_not_die():
    """Over five seeds no leaky ReLU is without a slope, while some ReLUs die."""
    (train,) = functions("01-activations", "train")
    for seed in range(5):
        _, saturated, dead = train(nnlib.leaky_relu, nnlib.leaky_relu_backward, epochs=5, seed=seed)
        assert max(saturated) == max(dead) == 0
    _, _, dead = train(nnlib.relu, nnlib.relu_backward, epochs=5)
    assert dead[-1] > 0.02


def test_the_stretchs_number_can_be_beaten_from_other_starts():
    """With a start six times LeCun's the sigmoid net gets below 0.3 in 20 epochs, and half of the ReLUs die at 0.7."""
    (train,) = functions("01-activations", "train")
    for seed in (5, 1, 2):
        assert train(nnlib.sigmoid, nnlib.sigmoid_backward, lr=0.5, spread=6, seed=seed)[0][-1] < 0.25
        assert train(nnlib.relu, nnlib.relu_backward, lr=0.03, epochs=5, seed=seed)[2][-1] < 0.05
        with np.errstate(all="ignore"):
            assert train(nnlib.relu, nnlib.relu_backward, lr=0.7, epochs=5, seed=seed)[2][-1] > 0.5


def test_the_sigmoids_first_gradient_is_a_hundredth_of_tanhs_and_examples_become_alike():
    """From five starts: both causes that the notebook names for a sigmoid net that does not learn."""
    (at_the_start,) = functions("01-activations", "at_the_start")
    for seed in range(5):
        differ, gradient = at_the_start(nnlib.sigmoid, nnlib.sigmoid_backward, seed=seed)
        _, others = at_the_start(np.tanh, nnlib.tanh_backward, seed=seed)
        assert gradient < 0.04 * others
        assert differ[-1] < 0.15 * differ[0]


def test_a_random_first_layer_is_enough_below_one_hidden_layer_and_not_below_two():
    """Over five starts: output units part by their errors, units of a second hidden layer stay alike."""
    (left_alike,) = functions("05-initialization", "left_alike")
    for seed in range(5):
        low, apart = left_alike([20], seed)
        high, alike = left_alike([20, 20], seed)
        assert low < 0.5 < 1 < high
        assert apart > 0.5
        assert alike < 1e-3


@pytest.mark.parametrize(
    ("std", "least", "most"), [(0.01, 0.4, 0.9), (0.1, 0.6, 0.9), (0.25, 0.95, 1.0), (5.0, 0.95, 1.0)]
)
def test_a_net_on_spirals_learns_from_a_start_that_is_not_too_small(std, least, most):
    """From 0.25 and from 5 it learns in 300 steps, over five starts, and from 0.01 it does not."""
    (fitted,) = functions("05-initialization", "fitted")
    X, y = nnlib.make_spirals(150, 2, 0.1, np.random.default_rng(0))
    for seed in range(5):
        predict = fitted(lambda *fans: nnlib.init_normal(*fans[:2], std, fans[2]), X, y, seed=seed)
        assert least <= np.mean(predict(X) == y) <= most
