"""What notebooks 01 and 05 say of their networks holds for other starts than the ones that they show."""

from itertools import pairwise

import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment
from nnlib.first_net import learn_by_nudging


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
    """With a start six times LeCun's the sigmoid net gets below 0.3; ReLUs die from a rate between 0.3 and 0.7 on."""
    (train,) = functions("01-activations", "train")
    for seed in (5, 1, 2):
        assert train(nnlib.sigmoid, nnlib.sigmoid_backward, lr=0.5, spread=6, seed=seed)[0][-1] < 0.25
        assert train(nnlib.relu, nnlib.relu_backward, lr=0.03, epochs=5, seed=seed)[2][-1] < 0.05
        with np.errstate(all="ignore"):
            assert train(nnlib.relu, nnlib.relu_backward, lr=0.3, epochs=5, seed=seed)[2][-1] < 0.5
            losses, _, dead = train(nnlib.relu, nnlib.relu_backward, lr=0.7, epochs=5, seed=seed)
            assert dead[-1] > 0.5 or not np.isfinite(losses[-1])


def test_relus_of_a_trained_net_are_off_for_two_thirds_and_few_of_them_are_dead():
    """Over four starts: half at the start, a little more at the end, where the loss is low all the same."""
    (train,) = functions("01-activations", "train")
    for seed in (5, 1, 2, 3):
        losses, saturated, dead = train(nnlib.relu, nnlib.relu_backward, seed=seed)
        assert losses[-1] < 0.1
        assert saturated[0] < 0.56 < saturated[-1] < 0.72
        assert dead[-1] < 0.2


def test_the_sigmoids_first_gradient_is_a_hundredth_of_tanhs_and_examples_become_alike():
    """From five starts: both causes that the notebook names for a sigmoid net that does not learn."""
    (at_the_start,) = functions("01-activations", "at_the_start")
    for seed in range(5):
        differ, gradient = at_the_start(nnlib.sigmoid, nnlib.sigmoid_backward, seed=seed)
        _, others = at_the_start(np.tanh, nnlib.tanh_backward, seed=seed)
        assert gradient < 0.04 * others
        assert differ[-1] < 0.15 * differ[0]


SPIRALS = nnlib.make_spirals(150, 2, 0.1, np.random.default_rng(0))


def shares(bend, units, steps, seeds):
    """The share of points that the net of the first page gets right, by seed."""
    X, y = SPIRALS
    nets = (learn_by_nudging(bend, X, y, hidden=(units, units), steps=steps, seed=seed)[-1] for seed in seeds)
    return [float(np.mean(net(X) == y)) for net in nets]


def test_the_first_net_learns_from_every_start_and_not_without_a_bend():
    """Over six starts 99% of the points are right after nine steps, with either bend; without one three of four are."""
    for bend in (np.tanh, np.abs):
        assert min(shares(bend, 12, 9, range(6))) > 0.99
        assert min(shares(bend, 12, 3, range(6))) < 1
    assert shares(lambda z: z, 12, 10, range(6)) == pytest.approx([0.76] * 6, abs=0.01)


def test_how_few_units_follow_the_spirals():
    """Over six starts: three tanh, two from half; |z| three from half, four from most, six from all; ReLUs not."""
    assert shares(np.tanh, 3, 40, range(6)) == [1.0] * 6
    assert 2 <= sum(share == 1 for share in shares(np.tanh, 2, 40, range(6))) <= 4
    assert 4 <= sum(share > 0.98 for share in shares(np.abs, 3, 40, range(12))) <= 10
    assert 4 <= sum(share == 1 for share in shares(np.abs, 4, 40, range(6))) <= 5
    assert shares(np.abs, 6, 40, range(6)) == [1.0] * 6
    assert 3 <= sum(share == 1 for share in shares(nnlib.relu, 8, 40, range(6))) <= 5


def test_tanh_is_at_least_as_quick_as_relu_on_small_digits_and_the_sigmoid_never_arrives():
    """Over five seeds, epochs to a loss of 0.3 from a start of sqrt(2) and at a rate of 0.2."""
    train, epochs_to = functions("01-activations", "train", "epochs_to")
    assert train is epochs_to.__globals__["train"]
    for seed in range(5):
        tanh = epochs_to(0.3, np.tanh, nnlib.tanh_backward, seed)
        assert tanh <= epochs_to(0.3, nnlib.relu, nnlib.relu_backward, seed) < 10
        assert epochs_to(0.3, nnlib.sigmoid, nnlib.sigmoid_backward, seed) > 20


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


def stds(arrays):
    return np.array([array.std() for array in arrays])


def test_gradients_of_weights_are_level_over_the_layers_and_far_apart_between_starts():
    """Over five draws: the factors that 05 names for the way back and for Glorot's weight gradients."""
    travel, old_uniform = functions("05-initialization", "travel", "old_uniform")
    for seed in range(5):
        found = {}
        for name, init in (
            ("0.01", lambda *fans: nnlib.init_normal(*fans[:2], 0.01, fans[2])),
            ("1", lambda *fans: nnlib.init_normal(*fans[:2], 1.0, fans[2])),
            ("old", old_uniform),
            ("Xavier", nnlib.xavier_normal),
        ):
            _, arriving, of_weights = travel(init, seed=seed)
            found[name] = stds(arriving), stds(of_weights)
        assert found["0.01"][0][1:] / found["0.01"][0][:-1] == pytest.approx(np.full(5, 7.1), rel=0.05)
        assert found["Xavier"][0][0] == pytest.approx(0.5, abs=0.05)
        assert found["old"][0][0] < 0.07
        for name in ("0.01", "old", "Xavier"):
            assert np.ptp(found[name][1]) < 0.25 * found[name][1].mean()
        assert found["1"][1][0] > 100 * found["1"][1][-1]
        assert found["1"][0][:-1] / found["1"][0][1:] == pytest.approx(np.full(5, 2.8), rel=0.1)
        xavier, old, small = (found[name][1].mean() for name in ("Xavier", "old", "0.01"))
        assert xavier / old == pytest.approx(6.6, rel=0.1)
        assert small / old == pytest.approx(1 / 840, rel=0.1)


def test_large_weights_more_than_make_up_for_slopes_next_to_zero():
    """Over five draws, from std 1: nine outputs of ten near an end, a mean slope of 0.06, Xavier's last layer wide."""
    (travel,) = functions("05-initialization", "travel")
    for seed in range(5):
        outputs = np.array(travel(lambda *fans: nnlib.init_normal(*fans[:2], 1.0, fans[2]), seed=seed)[0])
        assert np.mean(np.abs(outputs) > 0.95) == pytest.approx(0.9, abs=0.02)
        assert np.mean(1 - outputs**2) == pytest.approx(0.06, abs=0.005)
        assert travel(nnlib.xavier_normal, seed=seed)[0][-1].std() == pytest.approx(0.29, abs=0.02)


def test_a_deep_tanh_net_learns_badly_from_std_1_and_is_not_dead():
    """Over three starts, fifteen epochs: its loss falls to less than a quarter, and is over five times Xavier's."""
    (train,) = functions("05-initialization", "train")
    settings = {"lr": 0.1, "hidden": (50,) * 5, "f": np.tanh, "f_backward": nnlib.tanh_backward}
    for seed in range(3):
        large = train(lambda *fans: nnlib.init_normal(*fans[:2], 1.0, fans[2]), seed=seed, **settings)[0]
        assert 0.4 < large[-1] < 0.25 * large[0]
        assert large[-1] > 5 * train(nnlib.xavier_normal, seed=seed, **settings)[0][-1]


@pytest.mark.parametrize(("std", "least", "most"), [(0.03, 0, 0.8), (0.045, 0.9, 0.97), (0.055, 0.98, 1.01)])
def test_ten_layers_of_tanh_hold_a_level_from_a_little_above_the_root(std, least, most):
    """What the tenth of 500 wide layers keeps of the ninth's deviation, from three draws."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        _, found = nnlib.activation_stats(
            [500] * 11, lambda *fans: nnlib.init_normal(*fans[:2], std, fans[2]), np.tanh, rng, 300
        )
        assert least < found[-1] / found[-2] < most


def test_training_mends_a_start_that_is_too_small_but_late():
    """Over five starts: after 4 epochs the old start has hardly begun, after 15 Xavier is five times lower."""
    train, old_uniform = functions("05-initialization", "train", "old_uniform")
    settings = {"lr": 0.1, "hidden": (50,) * 5, "f": np.tanh, "f_backward": nnlib.tanh_backward}
    for seed in range(5):
        old, hidden_old = train(old_uniform, seed=seed, **settings)
        new, hidden_new = train(nnlib.xavier_uniform, seed=seed, **settings)
        assert old[4] > 1.9
        assert new[4] < 0.5
        assert old[-1] > 5 * new[-1]
        assert stds(hidden_old[0])[-1] < 0.05
        assert min(stds(hidden_new[0])) > 0.25
        assert min(*stds(hidden_old[-1]), *stds(hidden_new[-1])) > 0.35
