"""nnlib.initializers: variances, bounds, and the lecture's ten-layer experiment."""

import functools

import numpy as np
import pytest

import nnlib

FAN_IN, FAN_OUT = 400, 600
VARIANCES = {
    nnlib.xavier_normal: 2 / (FAN_IN + FAN_OUT),
    nnlib.xavier_uniform: 2 / (FAN_IN + FAN_OUT),
    nnlib.he_normal: 2 / FAN_IN,
    nnlib.he_uniform: 2 / FAN_IN,
    nnlib.lecun_normal: 1 / FAN_IN,
}


def std_init(std):
    return lambda fan_in, fan_out, rng: nnlib.init_normal(fan_in, fan_out, std, rng)


@pytest.mark.parametrize("init", VARIANCES)
def test_variance_is_the_papers(init, rng):
    """240,000 draws have mean 0 and the stated variance within 1%."""
    w = init(FAN_IN, FAN_OUT, rng)
    assert w.shape == (FAN_IN, FAN_OUT)
    assert w.var() == pytest.approx(VARIANCES[init], rel=0.01)
    assert abs(w.mean()) < 4 * np.sqrt(VARIANCES[init] / w.size)


@pytest.mark.parametrize(
    ("init", "bound"),
    [
        (nnlib.xavier_uniform, np.sqrt(6 / 1000)),
        (nnlib.he_uniform, np.sqrt(6 / 400)),
        (lambda fan_in, fan_out, rng: nnlib.init_uniform(fan_in, fan_out, 0.7, rng), 0.7),
    ],
)
def test_uniform_inits_fill_their_range(init, bound, rng):
    """The uniform forms reach their bound and never pass it."""
    w = init(FAN_IN, FAN_OUT, rng)
    assert np.abs(w).max() <= bound
    assert np.abs(w).max() > 0.999 * bound
    assert w.var() == pytest.approx(bound**2 / 3, rel=0.01)


def test_normal_takes_a_standard_deviation(rng):
    """std is a standard deviation, not a variance; zeros are zeros."""
    assert nnlib.init_normal(FAN_IN, FAN_OUT, 0.01, rng).std() == pytest.approx(0.01, rel=0.01)
    assert not nnlib.init_zeros(3, 2).any()


@pytest.mark.parametrize(("fan_in", "fan_out"), [(7, 4), (4, 7), (5, 5)])
def test_orthogonal_keeps_lengths(fan_in, fan_out, rng):
    """The shorter side is orthonormal times the gain, whichever way the matrix lies."""
    w = nnlib.orthogonal(fan_in, fan_out, rng, gain=2.0)
    small = w.T @ w if fan_in >= fan_out else w @ w.T
    assert w.shape == (fan_in, fan_out)
    assert np.allclose(small, 4 * np.eye(len(small)))


TANH_TABLE = [
    (std_init(0.01), [0.214, 0.048, 0.011, 0.002, 0.0005], 0.03),
    (std_init(1.0), [0.982] * 10, 0.002),
    (nnlib.lecun_normal, [0.628, 0.486, 0.407, 0.357, 0.321, 0.293, 0.272, 0.254, 0.238, 0.226], 0.03),
]


@pytest.mark.parametrize(("init", "stds", "rel"), TANH_TABLE, ids=["std 0.01", "std 1", "1/fan_in"])
def test_ten_tanh_layers_of_the_lecture(init, stds, rel, rng):
    """Signals die with std 0.01, saturate with std 1 and fade slowly with variance 1/fan_in."""
    means, measured = nnlib.activation_stats([500] * 11, init, np.tanh, rng)
    assert measured[: len(stds)] == pytest.approx(stds, rel=rel, abs=5e-4)  # printed with three decimals
    assert np.abs(means).max() < 0.02


def test_relu_halves_the_variance_and_he_makes_up_for_it(rng):
    """The second moment of ReLU layers halves with 1/fan_in and stays with 2/fan_in."""

    def second_moments(init):
        means, stds = nnlib.activation_stats([500] * 11, init, nnlib.relu, rng)
        return means**2 + stds**2

    lecun, he = second_moments(nnlib.lecun_normal), second_moments(nnlib.he_normal)
    assert (lecun[-1] / lecun[0]) ** (1 / 9) == pytest.approx(0.5, rel=0.06)
    assert (he[-1] / he[0]) ** (1 / 9) == pytest.approx(1.0, rel=0.06)


def test_variance_of_a_score(rng):
    """Var(s) = n Var(w) Var(x) for independent weights and inputs."""
    n = 300
    w, x = nnlib.init_normal(n, 2000, 0.3, rng), 2 * rng.standard_normal((200, n))
    assert (x @ w).var() == pytest.approx(n * 0.3**2 * 2**2, rel=0.05)


def test_a_chain_of_matrices_explodes_or_vanishes():
    """Nine factors 1.5 I multiply a signal by 1.5^9, and 0.5 I by 0.5^9."""
    for scale in (1.5, 0.5):
        chain = functools.reduce(np.matmul, [scale * np.eye(2)] * 9)
        assert np.allclose(chain, scale**9 * np.eye(2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: nnlib.he_normal(0, 3, rng), "fan_in must be an integer of at least 1, got 0"),
        (lambda rng: nnlib.init_zeros(3, 2.0), "fan_out must be an integer"),
        (lambda rng: nnlib.xavier_normal(3, 2, 7), "rng must be a numpy.random.Generator, got int"),
        (lambda rng: nnlib.init_normal(3, 2, -0.1, rng), "std must be a finite number at least 0, got -0.1"),
        (lambda rng: nnlib.activation_stats([5], nnlib.he_normal, np.tanh, rng), "at least one layer"),
    ],
)
def test_errors_say_rule_and_got(call, words, rng):
    """Wrong sizes, generators and deviations are named."""
    with pytest.raises(ValueError, match=words):
        call(rng)
