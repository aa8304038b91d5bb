"""What `check(...)` tries in the notebook: small cases to look at while you work.

Random weights are measured, not compared number by number: however you draw them, a hundred thousand of them
have the spread and the shape of their distribution.
"""

import numpy as np

from nnlib.checks import tolerance


def _measure(draw):
    """Measure two matrices that one generator draws one after the other."""
    rng = np.random.default_rng(0)
    first, second = draw(rng), draw(rng)
    again, other = draw(np.random.default_rng(0)), draw(np.random.default_rng(1))
    w = np.asarray(first)
    std = np.std(w)
    return {
        "shape": np.array(w.shape),
        "standard deviation, in thousandths": 1e3 * std,
        "mean, in standard deviations": np.mean(w) / std,
        "largest weight, in thousandths": 1e3 * np.abs(w).max(),
        "fourth moment, 3 if normal and 1.8 if uniform": np.mean((w - w.mean()) ** 4) / std**4,
        "an array": isinstance(first, np.ndarray),
        "first and second layer alike": bool(np.array_equal(first, second)),
        "a generator in the same state gives the same weights": bool(np.array_equal(first, again)),
        "another generator gives the same weights": bool(np.array_equal(first, other)),
        "all units alike": bool(w.ndim == 2 and np.array_equal(w[:, 0], w[:, 1])),
        "all rows alike": bool(w.ndim == 2 and np.array_equal(w[0], w[1])),
        "numbers that occur more than once": bool(np.unique(np.abs(w)).size < 0.9 * w.size),
        "two layers of the same sorted weights": bool(np.array_equal(np.sort(w, None), np.sort(second, None))),
    }


def _measure_normal(draw):
    measured = _measure(draw)
    del measured["largest weight, in thousandths"]  # the largest of many normal numbers is a matter of luck
    return measured


def two_by_three(init_zeros):
    """fan_in = 2, fan_out = 3"""
    w = np.asarray(init_zeros(2, 3))
    return {"weights": w, "whole numbers": w.dtype.kind in "iu"}


def two_layers(init_zeros):
    """one matrix changed after another was made"""
    first, second = init_zeros(1, 2), init_zeros(1, 2)
    first += 1
    return second


@tolerance(rtol=0.05, atol=0.03)
def a_quarter(init_normal):
    """400 x 300 weights with std = 0.25"""
    return _measure_normal(lambda rng: init_normal(400, 300, 0.25, rng))


@tolerance(rtol=0.05, atol=0.03)
def three(init_normal):
    """300 x 500 weights with std = 3"""
    return _measure_normal(lambda rng: init_normal(300, 500, 3.0, rng))


def small_layers(init_normal):
    """four layers of 2 x 3 weights, drawn one after the other"""
    rng = np.random.default_rng(0)
    stds = [np.std(init_normal(2, 3, 1.0, rng)) for _ in range(4)]
    return {"all have the same np.std": bool(np.ptp(stds) < 1e-4)}


@tolerance(rtol=0.05, atol=0.03)
def hundred_in(lecun_normal):
    """fan_in = 100, fan_out = 900"""
    return _measure_normal(lambda rng: lecun_normal(100, 900, rng))


@tolerance(rtol=0.05, atol=0.03)
def four_in(lecun_normal):
    """fan_in = 4, fan_out = 30,000"""
    return _measure_normal(lambda rng: lecun_normal(4, 30_000, rng))


@tolerance(rtol=0.05, atol=0.03)
def fifty_in(xavier_normal):
    """fan_in = 50, fan_out = 1,950"""
    return _measure_normal(lambda rng: xavier_normal(50, 1950, rng))


@tolerance(rtol=0.05, atol=0.03)
def many_in(xavier_normal):
    """fan_in = 30,000, fan_out = 5"""
    return _measure_normal(lambda rng: xavier_normal(30_000, 5, rng))


@tolerance(rtol=0.05, atol=0.03)
def two_hundred_in(he_normal):
    """fan_in = 200, fan_out = 600"""
    return _measure_normal(lambda rng: he_normal(200, 600, rng))


@tolerance(rtol=0.05, atol=0.03)
def eight_in(he_normal):
    """fan_in = 8, fan_out = 20,000"""
    return _measure_normal(lambda rng: he_normal(8, 20_000, rng))


@tolerance(rtol=0.02, atol=0.03)
def half_a_leak(leaky_he_normal):
    """fan_in = 100, fan_out = 800, slope = 0.5"""
    return _measure_normal(lambda rng: leaky_he_normal(100, 800, 0.5, rng))


@tolerance(rtol=0.05, atol=0.03)
def nearly_straight(leaky_he_normal):
    """fan_in = 10, fan_out = 9,000, slope = 0.9"""
    return _measure_normal(lambda rng: leaky_he_normal(10, 9000, 0.9, rng))


@tolerance(rtol=0.05, atol=0.02)
def many_and_few(xavier_uniform):
    """fan_in = 6,000, fan_out = 10"""
    return _measure(lambda rng: xavier_uniform(6000, 10, rng))


@tolerance(rtol=0.05, atol=0.02)
def few_in(xavier_uniform):
    """fan_in = 20, fan_out = 5,000"""
    return _measure(lambda rng: xavier_uniform(20, 5000, rng))


@tolerance(rtol=0.05, atol=0.02)
def fifteen_in(he_uniform):
    """fan_in = 15, fan_out = 6,000"""
    return _measure(lambda rng: he_uniform(15, 6000, rng))


@tolerance(rtol=0.05, atol=0.02)
def five_out(he_uniform):
    """fan_in = 12,000, fan_out = 5"""
    return _measure(lambda rng: he_uniform(12_000, 5, rng))


@tolerance(rtol=0.05, atol=0.1)
def doubling(activation_stats):
    """two layers that double their input, without activation"""
    return activation_stats([2, 2, 2], lambda i, o, rng: 2 * np.eye(2), lambda z: z, np.random.default_rng(0), 20_000)


@tolerance(rtol=0.05, atol=0.1)
def shifted(activation_stats):
    """three layers of identity matrices whose activation adds 1"""
    sizes = [3, 3, 3, 3]
    return activation_stats(sizes, lambda i, o, rng: np.eye(3), lambda z: z + 1, np.random.default_rng(0), 20_000)


@tolerance(rtol=0.05, atol=0.1)
def widening(activation_stats):
    """layers of 2, 4 and 8 units, all weights the layer's number over its fan_in"""
    number = iter([1.0, 2.0, 3.0])

    def init(fan_in, fan_out, rng):
        return np.full((fan_in, fan_out), next(number) / fan_in)

    return activation_stats([2, 4, 8], init, np.abs, np.random.default_rng(0), 20_000)


@tolerance(rtol=0.15, atol=0.1)
def units_of_their_own(activation_stats):
    """one layer whose units have means of their own: 0, 3 and 6"""
    lift = np.array([0.0, 3.0, 6.0])
    return activation_stats([3, 3], lambda i, o, rng: np.eye(3), lambda z: z + lift, np.random.default_rng(0), 5000)


def what_it_does(activation_stats):
    """how often init and activation are called for two layers, with how many examples, and what rng gives"""
    seen, calls, sizes = [], [], [3, 2, 2]

    def init(fan_in, fan_out, rng):
        calls.append((fan_in, fan_out))
        return np.eye(fan_in, fan_out)

    def activation(z):
        seen.append(np.array(z))
        return z

    for seed, n in ((1, {}), (1, {"n": 7}), (2, {"n": 7})):
        activation_stats(sizes, init, activation, np.random.default_rng(seed), **n)
    return {
        "calls of init": calls,
        "shapes that activation saw": [list(z.shape) for z in seen],
        "another rng gives the same input": bool(np.array_equal(seen[2], seen[4])),
        "sizes afterwards": sizes,
    }


def layers_of_one_size(activation_stats):
    """two layers of one size whose weights are drawn from rng"""
    drawn = []

    def init(fan_in, fan_out, rng):
        drawn.append(rng.standard_normal((fan_in, fan_out)))
        return drawn[-1]

    activation_stats([3, 3, 3], init, np.tanh, np.random.default_rng(0), 5)
    return {"layers with the same weights": bool(np.array_equal(drawn[0], drawn[-1]))}
