"""batchnorm_forward: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, in_place, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _average, _averages, _copy, _expected, _follow, _forward, _layer, _near, _pair, _require_averages


def _given(rng, k):
    return {"mean": rng.normal(loc=2.0, size=k), "var": rng.uniform(0.2, 5.0, size=k)}


def _require_out(student, x, gamma, beta, running=None, rtol=1e-5, **kwargs):
    expected = _expected(x, gamma, beta, running, **kwargs)
    out, _ = _forward(student, x, gamma, beta, _copy(running or {}), **kwargs)
    _near(out, expected, "out", rtol)


def test_batchnorm_forward_in_training(student, rng):
    """Every feature is normalised with its own mean and deviation over the batch, then scaled and shifted."""
    for n, k in [(7, 3), (3, 6), (2, 2), (170, 3)]:
        _require_out(student, *_layer(rng, n, k))


def test_batchnorm_forward_with_as_many_examples_as_features(student, rng):
    """Where N equals K the statistics still run over the batch, and gamma and beta over the features."""
    for n in (3, 5):
        _require_out(student, *_layer(rng, n, n), eps=1e-2)


def test_batchnorm_forward_gives_mean_beta_and_deviation_gamma(student, rng):
    """The output has mean beta and, over N, standard deviation gamma, whatever came in."""
    for loc, scale in [(0.0, 1.0), (-40.0, 7.0)]:
        x, gamma, beta = _layer(rng, 5, 4, loc, scale)
        out, _ = _forward(student, x, gamma, beta, {}, eps=1e-12)
        require(out.shape == x.shape, "out must have the shape of x.")
        assert_close(out.mean(axis=0), beta, what="the means of the output")
        assert_close(out.std(axis=0), gamma, what="the standard deviations of the output, over N")


def test_batchnorm_forward_adds_eps_to_the_variance(student, rng):
    """eps is added inside the root and taken at the size it is given; with small variances it counts."""
    for eps, scale in [(1e-2, 0.1), (0.5, 1.0), (1e-3, 0.01)]:
        _require_out(student, *_layer(rng, 6, 3, loc=0.5, scale=scale), eps=eps)


def test_batchnorm_forward_uses_the_biased_variance(student, rng):
    """Two and three examples tell the variance over N from the one over N - 1."""
    for n in (2, 3):
        _require_out(student, *_layer(rng, n, 4), eps=1e-3)


@easy
def test_batchnorm_forward_can_be_the_identity(student, rng):
    """With gamma = sqrt(var + eps) and beta = mean the output is the input."""
    for n, k in [(6, 3), (4, 4)]:
        x, _, _ = _layer(rng, n, k)
        out, _ = _forward(student, x, np.sqrt(x.var(axis=0) + 1e-2), x.mean(axis=0), {}, eps=1e-2)
        _near(out, x, "the output that should be the input")


def test_batchnorm_forward_keeps_features_apart(student, rng):
    """What one feature holds does not matter to the others."""
    x, gamma, beta = _layer(rng, 5, 4)
    other = x.copy()
    other[:, 2] = 50 * rng.normal(size=5)
    out, _ = _forward(student, other, gamma, beta, {})
    kept = [0, 1, 3]
    _near(out[:, kept], _expected(x, gamma, beta)[:, kept], "the features that were not touched")
    _near(out[:, 2], _expected(other, gamma, beta)[:, 2], "the feature that was")


def test_batchnorm_forward_of_small_noise_around_a_large_number(student, rng):
    """Deviations of a tenth around a thousand are normalised like any others."""
    _require_out(student, *_layer(rng, 8, 3, loc=1e3, scale=0.1), rtol=1e-4)


def test_batchnorm_forward_of_a_constant_feature(student, rng):
    """A feature that is constant over the batch comes out as its beta, and the others as always."""
    x, gamma, beta = _layer(rng, 6, 3)
    x[:, 1] = 12.0
    _require_out(student, x, gamma, beta)


def test_batchnorm_forward_of_one_example_in_training(student, rng):
    """A batch of one is its own mean, so beta comes out."""
    x, gamma, beta = _layer(rng, 1, 4)
    out, _ = _forward(student, x, gamma, beta, {})
    _near(out, beta[np.newaxis], "the output for a batch of one in training")


def test_batchnorm_forward_in_training_does_not_use_the_averages(student, rng):
    """In training the output is the same whatever running holds."""
    x, gamma, beta = _layer(rng, 6, 3)
    for running in ({}, _given(rng, 3), {"mean": np.full(3, 90.0), "var": np.full(3, 1e4)}):
        out, _ = _forward(student, x, gamma, beta, _copy(running))
        _near(out, _expected(x, gamma, beta), "out in training")


def test_batchnorm_forward_at_test_time(student, rng):
    """Test time normalises with the averages of running, eps included, whatever the batch holds."""
    for n, k in [(5, 3), (4, 4), (2, 6), (170, 3)]:
        _require_out(student, *_layer(rng, n, k), running=_given(rng, k), train=False)
        _require_out(student, *_layer(rng, n, k), running=_given(rng, k), train=False, eps=1e-1)


def test_batchnorm_forward_of_one_example_at_test_time(student, rng):
    """One example works at test time and depends on what it is."""
    running = _given(rng, 4)
    for _ in range(2):
        _require_out(student, *_layer(rng, 1, 4), running=running, train=False)


def test_batchnorm_forward_at_test_time_ignores_batch_mates(student, rng):
    """An example gets the same output alone, in company, and in other company."""
    x, gamma, beta = _layer(rng, 5, 3)
    running = _given(rng, 3)
    expected = _expected(x, gamma, beta, running, train=False)
    others = np.vstack([x[:1], 30 * rng.normal(size=(6, 3))])
    for batch in (x, x[:1], others):
        out, _ = _forward(student, batch, gamma, beta, _copy(running), train=False)
        _near(out[0], expected[0], "the output of the first example")


def test_batchnorm_forward_at_test_time_before_any_batch(student, rng):
    """With an empty running the mean is 0 and the variance 1."""
    _require_out(student, *_layer(rng, 4, 3), running={}, train=False, eps=1e-2)


@in_place
def test_batchnorm_forward_at_test_time_leaves_the_averages(student, rng):
    """A test pass does not move the running averages."""
    running = _given(rng, 3)
    before = _copy(running)
    for _ in range(2):
        x, gamma, beta = _layer(rng, 5, 3)
        expected = _expected(x, gamma, beta, before, train=False)
        out, _ = _forward(student, x, gamma, beta, running, train=False)
        _averages(running)
        for name, value in before.items():
            assert_unchanged(running[name], value, what=f"running[{name!r}] at test time")
        _near(out, expected, "out")


@in_place
def test_batchnorm_forward_moves_empty_averages(student, rng):
    """Four training batches of changing sizes move the averages from 0 and 1, by the biased variance."""
    running, mean, var = {}, np.zeros(3), np.ones(3)
    for n in (6, 170, 2, 5):
        x, gamma, beta = _layer(rng, n, 3, loc=n, scale=4.0 / n)
        _forward(student, x.copy(), gamma, beta, running, momentum=0.8, eps=1e-2)
        mean, var = _follow(mean, var, [(x.mean(axis=0), x.var(axis=0))], 0.8)
        _require_averages(running, mean, var)


@in_place
def test_batchnorm_forward_moves_given_averages(student, rng):
    """Four training batches carry given averages on, with the momentum that is asked for and with 0.9 by itself."""
    for options, momentum in [({"momentum": 0.6}, 0.6), ({}, 0.9)]:
        running = _given(rng, 4)
        mean, var = running["mean"].copy(), running["var"].copy()
        for n in (4, 7, 3, 4):
            x, gamma, beta = _layer(rng, n, 4, loc=-n)
            _forward(student, x.copy(), gamma, beta, running, eps=0.5, **options)
            mean, var = _follow(mean, var, [(x.mean(axis=0), x.var(axis=0))], momentum)
        _require_averages(running, mean, var)


@in_place
def test_batchnorm_forward_trains_and_is_tested(student, rng):
    """After four training batches a test pass uses what they left, and training goes on from there."""
    running, mean, var = {}, np.zeros(3), np.ones(3)
    for _ in range(2):
        for n in (5, 4, 8, 5):
            x, gamma, beta = _layer(rng, n, 3)
            _forward(student, x.copy(), gamma, beta, running, momentum=0.5)
            mean, var = _follow(mean, var, [(x.mean(axis=0), x.var(axis=0))], 0.5)
        x, gamma, beta = _layer(rng, 2, 3)
        out, _ = _forward(student, x, gamma, beta, running, train=False)
        _near(out, (x - mean) / np.sqrt(var + 1e-5) * gamma + beta, "out at test time, after training")


def test_batchnorm_forward_leaves_its_inputs_alone(student, rng):
    """x, gamma and beta stay as they came, in training and at test time."""
    for train in (True, False):
        x, gamma, beta = _layer(rng, 5, 3)
        running = _given(rng, 3)
        before = x.copy(), gamma.copy(), beta.copy()
        out, _ = _pair(student.batchnorm_forward(x, gamma, beta, _copy(running), train))
        for name, after, value in zip(("x", "gamma", "beta"), (x, gamma, beta), before, strict=True):
            assert_unchanged(after, value, what=name)
        _near(out, _expected(*before, running, train=train), "out")


def test_batchnorm_forward_in_float32(student, rng):
    """float32 input works in both modes, to its own precision."""
    x, gamma, beta = (value.astype(np.float32) for value in _layer(rng, 6, 3, loc=1.0))
    running = {name: value.astype(np.float32) for name, value in _given(rng, 3).items()}
    for train in (True, False):
        _require_out(student, x, gamma, beta, running, train=train)


def _move(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", np.zeros_like(mean)) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", np.ones_like(var)) + (1 - momentum) * var


@variant
def forward_with_var_of_numpy(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.mean(x, 0), np.var(x, 0)
        _move(running, mean, var, momentum)
    else:
        mean, var = running.get("mean", np.zeros(x.shape[1])), running.get("var", np.ones(x.shape[1]))
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return np.multiply(x_hat, gamma) + beta, (x_hat, 1 / std, gamma)


@variant
def forward_by_mean_of_squares(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean = x.mean(axis=0, keepdims=True)
        var = np.maximum((x**2).mean(axis=0, keepdims=True) - mean**2, 0)
        _move(running, mean[0], var[0], momentum)
    else:
        mean, var = running.get("mean", 0), running.get("var", 1)
    inv_std = (var + eps) ** -0.5
    x_hat = (x - mean) * inv_std
    return x_hat * gamma + beta, (x_hat, inv_std, gamma)


@variant
def forward_feature_by_feature(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    n, k = x.shape
    mean, var, x_hat, inv_std = np.zeros(k), np.ones(k), np.zeros((n, k)), np.zeros(k)
    for j in range(k):
        if train:
            mean[j] = sum(x[i, j] for i in range(n)) / n
            var[j] = sum((x[i, j] - mean[j]) ** 2 for i in range(n)) / n
        elif running:
            mean[j], var[j] = running["mean"][j], running["var"][j]
        inv_std[j] = 1 / math.sqrt(var[j] + eps)
        for i in range(n):
            x_hat[i, j] = (x[i, j] - mean[j]) * inv_std[j]
    if train:
        _move(running, mean, var, momentum)
    return np.array([[gamma[j] * x_hat[i, j] + beta[j] for j in range(k)] for i in range(n)]), (x_hat, inv_std, gamma)


@variant
def forward_in_place_on_copies(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out = np.array(x, dtype=float)
    if train:
        mean = out.mean(axis=0)
        out -= mean
        var = np.einsum("nk,nk->k", out, out) / len(out)
        _move(running, mean, var, momentum)
    else:
        out -= running.get("mean", 0.0)
        var = running.get("var", np.ones(x.shape[1]))
    inv_std = 1 / np.sqrt(eps + var)
    out *= inv_std
    x_hat = out.copy()
    out *= gamma
    out += beta
    return [out, [x_hat, inv_std, gamma]]


@variant
def forward_as_one_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.average(x, axis=0), np.std(x, axis=0) ** 2
        _move(running, mean, var, momentum)
    elif not running:
        mean, var = np.zeros(x.shape[1]), np.ones(x.shape[1])
    else:
        mean, var = running["mean"], running["var"]
    scale = gamma / np.sqrt(var + eps)
    inv_std = 1 / np.sqrt(var + eps)
    return x * scale + (beta - mean * scale), ((x - mean) * inv_std, inv_std, gamma)


def _normalise(x, gamma, beta, mean, var, eps):
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)


def _statistics(x, running, train, momentum):
    """The right mean and variance, with the right update."""
    if not train:
        return running.get("mean", 0.0), running.get("var", 1.0)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, var, momentum)
    return mean, var


def forward_normalises_each_example(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_takes_the_other_axis(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=1), x.var(axis=1)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_normalises_everything_at_once(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(), x.var()
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_divides_by_n_minus_one(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_divides_by_the_variance(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    x_hat = (x - mean) / (var + eps)
    return gamma * x_hat + beta, (x_hat, 1 / (var + eps), gamma)


def forward_adds_eps_to_the_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    inv_std = 1 / (np.sqrt(var) + eps)
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)


def forward_without_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 0.0)


def forward_with_an_eps_of_its_own(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 1e-5)


def forward_without_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache[0], cache


def forward_without_beta(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, 0.0, *_statistics(x, running, train, momentum), eps)


def forward_without_gamma(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache[0] + beta, cache


def forward_swaps_gamma_and_beta(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, beta, gamma, *_statistics(x, running, train, momentum), eps)


def forward_shifts_before_scaling(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return gamma * (cache[0] + beta), cache


def forward_scales_the_examples(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return gamma[:, np.newaxis] * cache[0] + beta[:, np.newaxis], cache


def forward_tests_with_the_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = x.mean(axis=0), x.var(axis=0)
    if train:
        _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_with_modes_swapped(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, not train, momentum), eps)


def forward_trains_with_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, *_statistics(x, running, False, momentum), eps)


def forward_squares_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), (x**2).mean(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_sums_the_squares(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, 0.0 * mean, var, eps)


def forward_takes_the_average_for_a_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, mean, var if train else (var + eps) ** 2, eps if train else 0.0)


def forward_tests_without_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps if train else 0.0)


def forward_tests_without_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else cache[0]), cache


def forward_needs_averages_at_test_time(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return _normalise(x, gamma, beta, running["mean"], running["var"], eps)


def forward_without_a_cache(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)[0]


def forward_centres_the_input_in_place(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    x -= mean
    return _normalise(x, gamma, beta, 0.0, var, eps)


def forward_never_moves_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, dict(running), train, momentum), eps)


def forward_moves_the_averages_at_test_time(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    if not train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_gives_momentum_to_the_new(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 1 - momentum), eps)


def forward_averages_the_unbiased_variance(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, var * len(x) / max(len(x) - 1, 1), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_averages_the_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, np.sqrt(var), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_averages_eps_too(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0) + eps
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, 0.0)


def forward_keeps_the_last_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 0.0), eps)


def forward_with_a_momentum_of_its_own(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 0.9), eps)


def forward_hands_over_variance_for_mean(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, var, mean, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_moves_the_averages_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    if train:
        _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_normalises_along_the_features(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True), eps)


def forward_moves_the_averages_before_a_test(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


def forward_adds_eps_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 2 * eps)


def forward_tests_with_eps_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps if train else 2 * eps)


def forward_adds_eps_to_the_variance_at_once(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0) + eps
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_tests_as_the_identity(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else x.copy()), cache


def forward_tests_without_normalising(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else gamma * x + beta), cache


def forward_tests_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, mean if train else np.zeros_like(gamma), var, eps)


def forward_tests_with_the_mean_of_the_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, x.mean(axis=0), var, eps)


def forward_turns_the_deviations_round(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, -gamma, beta, *_statistics(x, running, train, momentum), eps)


def forward_takes_the_root_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    _average(running, mean, deviation, momentum)
    return _normalise(x, gamma, beta, mean, deviation, eps)


def forward_takes_mean_sizes(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean = x.mean(axis=0)
    var = np.abs(x - mean).mean(axis=0) ** 2
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_takes_the_median(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = np.median(x, axis=0), x.var(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_lets_one_example_through(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if len(x) == 1 and train:
        _statistics(x, running, train, momentum)
        return gamma * x + beta, (x, np.ones_like(gamma), gamma)
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


def forward_tests_one_example(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train and len(x) > 1, momentum), eps)


def forward_keeps_an_axis_in_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_averages_the_output(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    out, cache = _normalise(x, gamma, beta, x.mean(axis=0), x.var(axis=0), eps)
    _average(running, out.mean(axis=0), out.var(axis=0), momentum)
    return out, cache


def forward_averages_the_mean_alone(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, running.get("var", np.ones_like(var)), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


def forward_begins_with_the_first_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum if running or not train else 0.0), eps)


def forward_with_another_default_of_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-3):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


def forward_with_another_default_of_momentum(x, gamma, beta, running, train=True, momentum=0.1, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


def forward_returns_the_cache_first(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache, out


def forward_returns_running_too(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return *_normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps), running


MISTAKES = [
    mistake("The statistics are taken over the features of each example (axis 1), not over the batch.",
            "One mean a feature: which axis of (N, K) has to go to leave (K,)?",
            by=forward_normalises_each_example),
    mistake("The statistics run along axis 1, which only fits, and then wrongly, where N equals K.",
            "One mean a feature: which axis of (N, K) has to go to leave (K,)?",
            by=forward_takes_the_other_axis),
    mistake("One mean and one variance are taken over the whole array instead of one a feature.",
            "x.mean() without an axis is a single number. How many means does a batch of K features have?",
            by=forward_normalises_everything_at_once),
    mistake("The normaliser uses the variance over N − 1; batch norm uses the biased one, over N.",
            "Normalise two examples by hand. What do you divide by? Look at ddof.",
            by=forward_divides_by_n_minus_one),
    mistake("The deviation from the mean is divided by the variance instead of its root.",
            "In which unit is x, in which the variance? The quotient must have none.",
            by=forward_divides_by_the_variance),
    mistake("eps is added after the root is taken, to the standard deviation.",
            "The text puts eps inside the root. At variance 0 and eps 1e-2, what do you divide by?",
            by=forward_adds_eps_to_the_deviation),
    mistake("eps is left out, so that a constant feature divides zero by zero.",
            "Try a feature that is the same for every example of the batch.",
            by=forward_without_eps),
    mistake("eps is always 1e-5, whatever is asked for.",
            "Which of your numbers should be the argument?",
            by=forward_with_an_eps_of_its_own),
    mistake("The normalised values are returned: gamma and beta are not applied.",
            "Which means and deviations should the output have, and which has it?",
            by=forward_without_scale_and_shift),
    mistake("beta is not added.",
            "Which mean should the output of a feature have?",
            by=forward_without_beta),
    mistake("gamma is not applied.",
            "Which standard deviation should the output of a feature have?",
            by=forward_without_gamma),
    mistake("gamma and beta have changed places.",
            "One of the two is the deviation of the output, the other its mean. Which is which?",
            by=forward_swaps_gamma_and_beta),
    mistake("beta is added before gamma multiplies, so the mean of the output is gamma times beta.",
            "First scale, then shift: the order matters.",
            by=forward_shifts_before_scaling),
    mistake("gamma and beta line up with the examples instead of the features.",
            "(K,) broadcasts along the features by itself. What did the extra axis do?",
            by=forward_scales_the_examples),
    mistake("At test time the statistics of the batch at hand are used, not the running averages.",
            "What does your function give for a single example with train=False?",
            by=forward_tests_with_the_batch),
    mistake("Training and test time have changed places.",
            "Which of the two has the batch to measure, and which only what was remembered?",
            by=forward_with_modes_swapped),
    mistake("In training the running averages, just updated, normalise the batch; it must be the batch's own statistics.",
            "Check the mean of your output in training: it should be beta.",
            by=forward_trains_with_the_averages),
    mistake("The variance is the mean of the squares, with the mean not taken out first.",
            "What is the variance of a feature that is 10 for every example?",
            by=forward_squares_without_centring),
    mistake("The squared deviations are added up but not divided by N.",
            "Does your variance grow when every example is given twice?",
            by=forward_sums_the_squares),
    mistake("The mean is not subtracted.",
            "Check the mean of your output: it should be beta, whatever comes in.",
            by=forward_without_centring),
    mistake("At test time the running variance is used as if it were the standard deviation.",
            "What does running['var'] hold, and what is missing before you divide?",
            by=forward_takes_the_average_for_a_deviation),
    mistake("At test time eps is left out.",
            "The same formula holds in both modes; only where mean and variance come from differs.",
            by=forward_tests_without_eps),
    mistake("At test time gamma and beta are left out.",
            "gamma and beta are learnt parameters. Does a test pass use those of other layers?",
            by=forward_tests_without_scale_and_shift),
    mistake("A test pass with an empty running raises a KeyError; empty stands for mean 0 and variance 1.",
            "What does running['mean'] do before the first batch? Look at dict.get.",
            by=forward_needs_averages_at_test_time),
    mistake("Only the output is returned; the cache is missing.",
            "batchnorm_backward needs to remember something. What does the text say is returned?",
            by=forward_without_a_cache),
    mistake("The input x is changed: the caller's array is centred as well.",
            "`x -= ...` writes into the array that the caller still needs.",
            by=forward_centres_the_input_in_place),
    mistake("The running averages are never moved.",
            "Look into running before and after a training pass. Who calls update_running?",
            by=forward_never_moves_the_averages),
    mistake("The running averages are moved at test time too.",
            "Test data must leave no trace. In which of the two modes is update_running called?",
            by=forward_moves_the_averages_at_test_time),
    mistake("The averages move with momentum as the share of the new batch; here it is the share of the old average.",
            "With momentum 0.9, how much of the old average is left after a batch?",
            by=forward_gives_momentum_to_the_new),
    mistake("The average is taken of the unbiased variance, as in PyTorch; this course averages the biased one.",
            "One and the same variance normalises the batch and goes into the average here.",
            by=forward_averages_the_unbiased_variance),
    mistake("The standard deviation goes into the running average, not the variance.",
            "What does update_running expect, and what do you hand over?",
            by=forward_averages_the_deviation),
    mistake("eps goes into the running variance as well, and is then added a second time at test time.",
            "What is averaged is the batch's variance. When is eps added, and how often?",
            by=forward_averages_eps_too),
    mistake("The averages are replaced by the last batch's statistics.",
            "What should momentum do to the old averages?",
            by=forward_keeps_the_last_batch),
    mistake("The momentum that is asked for is not handed on: it is always 0.9.",
            "Follow the argument momentum through your function. Where does it arrive?",
            by=forward_with_a_momentum_of_its_own),
    mistake("Mean and variance are handed to update_running in each other's place.",
            "Compare the order of your arguments with the signature of update_running.",
            by=forward_hands_over_variance_for_mean),
    mistake("The averages are moved twice for one batch.",
            "Count the calls of update_running in one training pass.",
            by=forward_moves_the_averages_twice),
    mistake("The output is normalised along axis 1, over the features of each example; the averages are those of the batch.",
            "One mean and one variance for each feature: over which axis do the examples lie?",
            by=forward_normalises_along_the_features),
    mistake("At test time the averages are moved first and then used.",
            "Test data must leave no trace. In which of the two modes is update_running called?",
            by=forward_moves_the_averages_before_a_test),
    mistake("eps is added twice.",
            "Follow eps through your function: in how many places is it added?",
            by=forward_adds_eps_twice),
    mistake("At test time eps is added twice.",
            "The average holds the plain variance. In how many places is eps added at test time?",
            by=forward_tests_with_eps_twice),
    mistake("eps is added twice in training, and once more to what is averaged.",
            "The plain variance of the batch is averaged. Where do you add eps to it?",
            by=forward_adds_eps_to_the_variance_at_once),
    mistake("At test time nothing is normalised: x comes out as it is.",
            "What does the layer after this one expect, having been trained on normalised outputs?",
            by=forward_tests_as_the_identity),
    mistake("At test time only gamma and beta are applied; nothing is normalised.",
            "What are the running averages for?",
            by=forward_tests_without_normalising),
    mistake("At test time the running mean is not subtracted.",
            "Both averages have their place at test time.",
            by=forward_tests_without_centring),
    mistake("At test time the mean of the batch at hand is subtracted, not the running one.",
            "Should an answer depend on who else asks?",
            by=forward_tests_with_the_mean_of_the_batch),
    mistake("The deviation has the wrong sign: mean − x instead of x − mean.",
            "Should a value above the mean come out positive or negative?",
            by=forward_turns_the_deviations_round),
    mistake("The standard deviation stands where the variance belongs, and a root is taken of it.",
            "np.std and np.var: which one goes under the root?",
            by=forward_takes_the_root_twice),
    mistake("The mean of the sizes of the deviations stands for the standard deviation.",
            "The variance is the mean of the squared deviations.",
            by=forward_takes_mean_sizes),
    mistake("The median is subtracted, not the mean.",
            "Which of the two is named in the formula?",
            by=forward_takes_the_median),
    mistake("A batch of one is not normalised in training; it gives beta there.",
            "What is the deviation of a single value from its own mean?",
            by=forward_lets_one_example_through),
    mistake("A batch of one is treated as at test time, also in training.",
            "In training the statistics are those of the batch, however small it is.",
            by=forward_tests_one_example),
    mistake("The averages have the shape (1, K); they must be (K,).",
            "What does keepdims=True leave behind?",
            by=forward_keeps_an_axis_in_the_averages),
    mistake("The averages are those of the output, not of the input.",
            "What has to be subtracted at test time: the mean of x, or that of what came out?",
            by=forward_averages_the_output),
    mistake("Only the mean is averaged; the running variance stays where it was.",
            "Print running before and after a training pass. Which of its entries moves?",
            by=forward_averages_the_mean_alone),
    mistake("The averages begin with the first batch's statistics, not with a step from mean 0 and variance 1.",
            "Let your update_running do it: what does an empty dict stand for?",
            by=forward_begins_with_the_first_batch),
    mistake("eps is 1e-3 by default; the signature here has 1e-5.",
            "Compare your def line with the one that was given.",
            by=forward_with_another_default_of_eps),
    mistake("momentum is 0.1 by default; the signature here has 0.9.",
            "Compare your def line with the one that was given.",
            by=forward_with_another_default_of_momentum),
    mistake("The cache is returned before the output.",
            "f_forward returns (out, cache), in this order.",
            by=forward_returns_the_cache_first),
    mistake("Three things are returned; two are asked for, out and cache.",
            "running is changed in place. Does it have to be returned?",
            by=forward_returns_running_too),
]
