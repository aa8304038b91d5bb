"""batchnorm_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import in_place, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _forward, _layer, _near


def _gradients(student, dout, cache):
    return _three(student.batchnorm_backward(dout.copy(), cache))


def _three(result):
    three = isinstance(result, list | tuple) and len(result) == 3
    require(three, "batchnorm_backward must return three things, dx, dgamma and dbeta.")
    return result


def _both(student, x, gamma, beta, dout, eps=1e-5):
    """The gradients that should come, and those that came."""
    _, cache = reference.batchnorm_forward(x, gamma, beta, {}, eps=eps)
    expected = reference.batchnorm_backward(dout, cache)
    _, cache = _forward(student, x, gamma, beta, {}, eps=eps)
    return expected, _gradients(student, dout, cache)


def _require_gradients(student, x, gamma, beta, dout, eps=1e-5, rtol=1e-5):
    expected, got = _both(student, x, gamma, beta, dout, eps)
    for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
        _near(mine, right, name, rtol)


def test_batchnorm_backward_of_x(student, rng):
    """dx is right for a random upstream gradient, all three roads included."""
    for n, k in [(6, 3), (3, 5), (170, 2)]:
        x, gamma, beta = _layer(rng, n, k)
        expected, got = _both(student, x, gamma, beta, rng.normal(size=(n, k)), 1e-2)
        _near(got[0], expected[0], "dx")


def test_batchnorm_backward_of_gamma(student, rng):
    """dgamma collects dout times the normalised input over the batch."""
    for n, k in [(170, 3), (3, 5)]:
        x, gamma, beta = _layer(rng, n, k)
        expected, got = _both(student, x, gamma, beta, rng.normal(size=(n, k)), 1e-2)
        _near(got[1], expected[1], "dgamma")


def test_batchnorm_backward_of_beta(student, rng):
    """dbeta collects dout over the batch."""
    for n, k in [(170, 3), (3, 5)]:
        x, gamma, beta = _layer(rng, n, k)
        expected, got = _both(student, x, gamma, beta, rng.normal(size=(n, k)), 1e-2)
        _near(got[2], expected[2], "dbeta")


def test_batchnorm_backward_with_as_many_examples_as_features(student, rng):
    """Where N equals K the sums still run over the batch."""
    for n in (3, 4):
        _require_gradients(student, *_layer(rng, n, n), rng.normal(size=(n, n)), 1e-2)


def test_batchnorm_backward_meets_central_differences(student, rng):
    """The gradients are those of batchnorm_forward as it is, by central differences in x, gamma and beta."""
    x, gamma, beta = _layer(rng, 4, 3)
    dout = rng.normal(size=(4, 3))
    _, cache = _forward(student, x, gamma, beta, {}, eps=1e-2)
    got = _gradients(student, dout, cache)

    def loss(x, gamma, beta):
        return float((_forward(student, x, gamma, beta, {}, eps=1e-2)[0] * dout).sum())

    numeric = (
        reference.numerical_gradient(lambda value: loss(value, gamma, beta), x),
        reference.numerical_gradient(lambda value: loss(x, value, beta), gamma),
        reference.numerical_gradient(lambda value: loss(x, gamma, value), beta),
    )
    usable = all(np.isfinite(right).all() and right.any() for right in numeric)
    require(usable, "The output of batchnorm_forward is not finite, or does not depend on x, gamma and beta.")
    for name, right, mine in zip(("dx", "dgamma", "dbeta"), numeric, got, strict=True):
        assert_close(mine, right, rtol=1e-4, atol=1e-6, what=f"{name} against central differences")


def test_batchnorm_backward_of_tiny_variances(student, rng):
    """Where eps is larger than the variance the gradients are still right."""
    for scale, eps in [(1e-3, 1e-5), (0.05, 1e-2)]:
        _require_gradients(student, *_layer(rng, 5, 3, loc=0.2, scale=scale), rng.normal(size=(5, 3)), eps)


def test_batchnorm_backward_of_small_noise_around_a_large_number(student, rng):
    """Deviations of a tenth around a thousand have gradients like any others."""
    _require_gradients(student, *_layer(rng, 7, 3, loc=1e3, scale=0.1), rng.normal(size=(7, 3)), rtol=1e-4)


def test_batchnorm_backward_of_a_constant_feature(student, rng):
    """A feature that is constant over the batch has finite gradients, the right ones."""
    x, gamma, beta = _layer(rng, 5, 3)
    x[:, 2] = -4.0
    _require_gradients(student, x, gamma, beta, rng.normal(size=(5, 3)), 1e-2)


def test_batchnorm_backward_of_one_example(student, rng):
    """A batch of one has dx = 0, dgamma = 0 and dbeta = dout."""
    x, gamma, beta = _layer(rng, 1, 4)
    dout = rng.normal(size=(1, 4))
    _, got = _both(student, x, gamma, beta, dout, 1e-2)
    for name, right, mine in zip(("dx", "dgamma", "dbeta"), (0 * dout, 0 * gamma, dout[0]), got, strict=True):
        _near(mine, right, name)


def test_batchnorm_backward_adds_up_to_zero_over_the_batch(student, rng):
    """dx sums to zero over the batch, so that a bias in front has no gradient, and it is not zero itself."""
    w, b = rng.normal(size=(5, 4)), rng.normal(size=4)
    inputs, dout = rng.normal(size=(6, 5)), rng.normal(size=(6, 4))
    scores, affine_cache = reference.affine_forward(inputs, w, b)
    _, gamma, beta = _layer(rng, 6, 4)
    _, cache = _forward(student, scores, gamma, beta, {})
    dx, _, _ = _gradients(student, dout, cache)
    require(isinstance(dx, np.ndarray) and dx.shape == dout.shape, "dx must have the shape of dout.")
    _, dw, db = reference.affine_backward(dx, affine_cache)
    require(np.isfinite(dw).all() and np.abs(dw).max() > 1e-2, "The weights in front must have a gradient.")
    assert_close(db, np.zeros(4), atol=1e-9, what="the gradient of a bias in front of batch norm")


def test_batchnorm_backward_of_any_size_of_dout(student, rng):
    """The gradients grow with dout, in proportion."""
    x, gamma, beta = _layer(rng, 5, 3)
    dout = rng.normal(size=(5, 3))
    for size in (1e-4, 1e3):
        expected, got = _both(student, x, gamma, beta, size * dout, 1e-2)
        for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
            _near(mine / size if isinstance(mine, np.ndarray) else mine, right / size, f"{name} by the size of dout")


@in_place
def test_batchnorm_backward_leaves_dout_and_cache_alone(student, rng):
    """dout stays as it came, and the same call made twice gives the same."""
    x, gamma, beta = _layer(rng, 5, 3)
    dout = rng.normal(size=(5, 3))
    before = dout.copy()
    expected = reference.batchnorm_backward(before, reference.batchnorm_forward(x, gamma, beta, {}, eps=1e-2)[1])
    _, cache = _forward(student, x, gamma, beta, {}, eps=1e-2)
    for times in ("first", "second"):
        got = _three(student.batchnorm_backward(dout, cache))
        assert_unchanged(dout, before, what="dout")
        for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
            _near(mine, right, f"{name} of the {times} call with the same cache")


def test_batchnorm_backward_of_two_layers_in_turn(student, rng):
    """Each cache stands for its own forward pass, whatever was computed since."""
    layers, caches = [_layer(rng, 5, 3), _layer(rng, 4, 6)], []
    for x, gamma, beta in layers:
        caches.append(_forward(student, x, gamma, beta, {}, eps=1e-2)[1])
    for (x, gamma, beta), cache in zip(layers, caches, strict=True):
        dout = rng.normal(size=x.shape)
        expected = reference.batchnorm_backward(dout, reference.batchnorm_forward(x, gamma, beta, {}, eps=1e-2)[1])
        got = _gradients(student, dout, cache)
        for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
            _near(mine, right, name)


def test_batchnorm_backward_in_float32(student, rng):
    """float32 works, to its own precision."""
    x, gamma, beta = (value.astype(np.float32) for value in _layer(rng, 6, 3, loc=1.0))
    _require_gradients(student, x, gamma, beta, rng.normal(size=(6, 3)).astype(np.float32), 1e-2)


@variant
def backward_by_the_long_chain(dout, cache):
    x_hat, inv_std, gamma = cache
    n = dout.shape[0]
    centred = x_hat / inv_std
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * centred * -0.5 * inv_std**3, axis=0)
    dmean = np.sum(-dx_hat * inv_std, axis=0) + dvar * np.mean(-2.0 * centred, axis=0)
    dx = dx_hat * inv_std + dvar * 2.0 * centred / n + dmean / n
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


@variant
def backward_through_the_jacobian(dout, cache):
    x_hat, inv_std, gamma = cache
    n = len(dout)
    dx = np.empty(dout.shape)
    for k in range(dout.shape[1]):
        jacobian = gamma[k] * inv_std[k] * (np.eye(n) - 1 / n - np.outer(x_hat[:, k], x_hat[:, k]) / n)
        dx[:, k] = jacobian.T @ dout[:, k]
    return dx, np.einsum("nk,nk->k", dout, x_hat), np.ones(n) @ dout


@variant
def backward_by_means(dout, cache):
    x_hat, inv_std, gamma = cache
    h = dout * gamma
    dx = inv_std * (h - h.mean(axis=0) - x_hat * np.mean(h * x_hat, axis=0))
    return [dx, (dout * x_hat).sum(0), dout.sum(0)]


@variant
def backward_by_the_compact_formula(dout, cache):
    x_hat, inv_std, gamma = cache
    n, _ = dout.shape
    dgamma, dbeta = np.sum(x_hat * dout, 0), np.sum(dout, 0)
    dx = (1.0 / n) * gamma * inv_std * (n * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


@variant
def backward_by_projections(dout, cache):
    x_hat, inv_std, gamma = cache
    rest = dout - dout.mean(axis=0, keepdims=True)
    rest = rest - x_hat * (rest * x_hat).mean(axis=0, keepdims=True)
    return rest * (gamma * inv_std), np.diag(dout.T @ x_hat).copy(), dout.sum(axis=0)


@variant
def backward_number_by_number(dout, cache):
    x_hat, inv_std, gamma = cache
    n, k = dout.shape
    dx, dgamma, dbeta = np.zeros((n, k)), np.zeros(k), np.zeros(k)
    for j in range(k):
        for i in range(n):
            dbeta[j] += dout[i, j]
            dgamma[j] += dout[i, j] * x_hat[i, j]
        for i in range(n):
            dx[i, j] = gamma[j] * inv_std[j] * (dout[i, j] - dbeta[j] / n - x_hat[i, j] * dgamma[j] / n)
    return dx, dgamma, dbeta


def _right(dout, cache):
    x_hat, inv_std, gamma = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_on_the_straight_road(dout, cache):
    _, inv_std, gamma = cache
    return dout * gamma * inv_std, *_right(dout, cache)[1:]


def backward_without_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - x_hat * dgamma / len(dout)), dgamma, dbeta


def backward_without_the_variance(dout, cache):
    _, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta / len(dout)), dgamma, dbeta


def backward_without_gamma(dout, cache):
    x_hat, inv_std, _ = cache
    return _right(dout, (x_hat, inv_std, np.ones_like(inv_std)))


def backward_with_gamma_twice(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return cache[2] * dx, dgamma, dbeta


def backward_without_the_deviation(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, np.ones_like(inv_std), gamma))


def backward_times_the_deviation(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, 1 / inv_std, gamma))


def backward_divides_by_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, inv_std**2, gamma))


def backward_swaps_dgamma_and_dbeta(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dbeta, dgamma


def backward_averages_the_parameters(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


def backward_does_not_sum_the_parameters(dout, cache):
    return _right(dout, cache)[0], dout * cache[0], dout


def backward_sums_along_the_features(dout, cache):
    return _right(dout, cache)[0], (dout * cache[0]).sum(axis=1), dout.sum(axis=1)


def backward_keeps_an_axis(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma[np.newaxis], dbeta[np.newaxis]


def backward_sums_everything(dout, cache):
    return _right(dout, cache)[0], (dout * cache[0]).sum(), dout.sum()


def backward_forgets_x_hat_in_dgamma(dout, cache):
    dx, _, dbeta = _right(dout, cache)
    return dx, dbeta.copy(), dbeta


def backward_scales_dgamma_by_gamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, cache[2] * dgamma, dbeta


def backward_takes_centred_inputs_for_dgamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / cache[1], dbeta


def backward_forgets_the_share_of_one_example(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


def backward_loses_the_two_of_the_square(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma / 2) / len(dout)), dgamma, dbeta


def backward_loses_the_half_of_the_root(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + 2 * x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_flips_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta - x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_flips_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (-dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_with_a_power_too_few(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma / inv_std**2) / len(dout)), dgamma, dbeta


def backward_divides_by_n_minus_one(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / (len(dout) - 1)), dgamma, dbeta


def backward_divides_everything_by_n(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx / len(dout), dgamma, dbeta


def backward_takes_means_over_features(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    along = (dout.mean(axis=1, keepdims=True), (dout * x_hat).mean(axis=1, keepdims=True))
    return gamma * inv_std * (dout - along[0] - x_hat * along[1]), dgamma, dbeta


def backward_in_another_order(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dgamma, dbeta, dx


def backward_scales_dout_in_place(dout, cache):
    x_hat, inv_std, gamma = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dout *= gamma
    dx = inv_std * (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0))
    return dx, dgamma, dbeta


def backward_stops_at_x_hat(dout, cache):
    return dout * cache[2], *_right(dout, cache)[1:]


def backward_without_gamma_straight_on(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return inv_std * (dout - gamma * (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_without_gamma_on_the_side_roads(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return inv_std * (gamma * dout - (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_takes_the_mean_unscaled(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (inv_std * dout - (dbeta + inv_std * x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_turns_dx_round(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return -dx, dgamma, dbeta


def backward_averages_dbeta(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma, dbeta / len(dout)


def backward_scales_dbeta_by_gamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma, cache[2] * dbeta


def backward_crosses_the_side_roads(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dgamma + x_hat * dbeta) / len(dout)), dgamma, dbeta


def backward_averages_dgamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / len(dout), dbeta


def backward_averages_everything(dout, cache):
    return tuple(gradient / len(dout) for gradient in _right(dout, cache))


def backward_divides_by_the_features(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / dout.shape[1]), dgamma, dbeta


def backward_divides_by_the_entries(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / dout.size), dgamma, dbeta


def backward_forgets_n_in_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma / len(dout)), dgamma, dbeta


def backward_forgets_n_in_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta / len(dout) - x_hat * dgamma), dgamma, dbeta


def backward_divides_the_straight_road_by_n(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma) / len(dout), dgamma, dbeta


def backward_does_not_collect_for_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dout + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_does_not_collect_for_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dout * x_hat) / len(dout)), dgamma, dbeta


def backward_collects_along_the_features(dout, cache):
    x_hat, inv_std, gamma = cache
    straight = dout * gamma * inv_std
    mean, var = straight.sum(axis=1, keepdims=True), (straight * x_hat * inv_std).sum(axis=1, keepdims=True)
    return straight - (mean + x_hat / inv_std * var) / len(dout), *_right(dout, cache)[1:]


def backward_with_one_power_too_few(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (inv_std * (dout - dbeta / len(dout)) - x_hat * dgamma / len(dout)), dgamma, dbeta


def backward_takes_the_straight_road_unscaled(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (dout - inv_std * (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


def backward_moves_the_variance_alike(dout, cache):
    _, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + dgamma) / len(dout)), dgamma, dbeta


def backward_divides_by_gamma(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, inv_std, 1 / gamma))


def backward_returns_dout(dout, cache):
    return dout.copy(), *_right(dout, cache)[1:]


def backward_returns_zeros(dout, cache):
    return np.zeros_like(dout), *_right(dout, cache)[1:]


def backward_returns_dx_alone(dout, cache):
    return _right(dout, cache)[0]


def backward_returns_a_dict(dout, cache):
    return dict(zip(("dx", "dgamma", "dbeta"), _right(dout, cache), strict=True))


def backward_returns_nothing(dout, cache):
    return None


def backward_writes_into_the_cache(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    x_hat *= dgamma / len(dout)
    return gamma * inv_std * (dout - dbeta / len(dout) - x_hat), dgamma, dbeta


MISTAKES = [
    mistake("Mean and variance are treated as constants: dx takes the straight road only.",
            "If one x moves, the mean and the variance move, and with them the outputs of all others.",
            by=backward_on_the_straight_road),
    mistake("The road through the mean is missing in dx.",
            "Does your dx add up to zero over the batch?",
            by=backward_without_the_mean),
    mistake("The road through the variance is missing in dx.",
            "Two examples and one feature: dx must be zero whatever dout is. Is it?",
            by=backward_without_the_variance),
    mistake("gamma is missing in dx.",
            "The first step back goes from out to x_hat. By which factor does out grow with x_hat?",
            by=backward_without_gamma),
    mistake("gamma comes in twice in dx.",
            "From out to x_hat gamma is a factor once. In which two of your lines does it stand?",
            by=backward_with_gamma_twice),
    mistake("dx is not divided by the standard deviation.",
            "All three roads hold a factor 1/s. Where is yours?",
            by=backward_without_the_deviation),
    mistake("dx is multiplied by the standard deviation where it must be divided by it.",
            "If the inputs are spread wider, does moving one of them matter more or less?",
            by=backward_times_the_deviation),
    mistake("dx is divided by the variance instead of the standard deviation.",
            "Which power of s stands in the derivative of x_hat by x?",
            by=backward_divides_by_the_variance),
    mistake("dgamma and dbeta have changed places.",
            "out = gamma · x_hat + beta: which of the two gradients has x_hat in it?",
            by=backward_swaps_dgamma_and_dbeta),
    mistake("dgamma and dbeta are averaged over the batch instead of summed.",
            "If the loss is a mean, its 1/N is in dout already. What remains to be done with the examples?",
            by=backward_averages_the_parameters),
    mistake("dgamma and dbeta are not summed over the batch and have the shape of dout.",
            "A gradient has the shape of what it belongs to. How many gammas are there?",
            by=backward_does_not_sum_the_parameters),
    mistake("dgamma and dbeta are summed along the features, which fits, wrongly, only where N equals K.",
            "gamma has one entry a feature. Which axis has to go?",
            by=backward_sums_along_the_features),
    mistake("dgamma and dbeta keep an axis of length 1.",
            "gamma is (K,), so its gradient is (K,) too. What does keepdims do?",
            by=backward_keeps_an_axis),
    mistake("dgamma and dbeta are one number each, summed over everything.",
            "sum() without an axis adds up all features as well. How many gammas are there?",
            by=backward_sums_everything),
    mistake("dgamma collects dout alone, without the normalised input.",
            "How much does out change when gamma changes a little and x_hat is large?",
            by=backward_forgets_x_hat_in_dgamma),
    mistake("dgamma has a factor gamma too many.",
            "The derivative of gamma · x_hat by gamma holds no gamma.",
            by=backward_scales_dgamma_by_gamma),
    mistake("dgamma uses the centred input, not the normalised one.",
            "gamma multiplies x_hat. Is what you multiply dout with already divided by the deviation?",
            by=backward_takes_centred_inputs_for_dgamma),
    mistake("The sums of the roads through mean and variance are not divided by N.",
            "By how much does the mean move when one of N numbers moves by 1?",
            by=backward_forgets_the_share_of_one_example),
    mistake("The road through the variance is half as wide as it should be: a factor 2 got lost.",
            "What is the derivative of (x − mean)² ?",
            by=backward_loses_the_two_of_the_square),
    mistake("The road through the variance is twice as wide as it should be: the ½ of the root got lost.",
            "What is the derivative of the power −½?",
            by=backward_loses_the_half_of_the_root),
    mistake("The road through the variance is added with the wrong sign.",
            "A larger variance makes x_hat smaller: the derivative of the power −½ is negative.",
            by=backward_flips_the_variance),
    mistake("The road through the mean is added with the wrong sign.",
            "A larger mean makes every x_hat smaller.",
            by=backward_flips_the_mean),
    mistake("The power of s in the road through the variance is wrong: −½ where the table has −3 (of s).",
            "Differentiate (var + eps) to the power −½ by var, and count the power that is left.",
            by=backward_with_a_power_too_few),
    mistake("The roads through mean and variance divide by N − 1; the forward pass divides by N.",
            "Which number did the mean and the variance of the forward pass divide by?",
            by=backward_divides_by_n_minus_one),
    mistake("dx is divided by N as a whole, though dout holds the 1/N of the loss already.",
            "Two of the three roads have a 1/N of their own. And the straight one?",
            by=backward_divides_everything_by_n),
    mistake("The mean over the batch is taken along the wrong axis in dx.",
            "The examples of one feature stand in a column. Along which axis do you sum?",
            by=backward_takes_means_over_features),
    mistake("The gradients are returned in another order than dx, dgamma, dbeta.",
            "The order is that of the arguments of batchnorm_forward.",
            by=backward_in_another_order),
    mistake("dout is changed: the caller's array is multiplied by gamma as well.",
            "`dout *= ...` writes into the array that the caller still needs.",
            by=backward_scales_dout_in_place),
    mistake("The gradient of x_hat is returned as dx: the way from x_hat to x is missing.",
            "dout times gamma is the gradient of the normalised input. How do you get from there to x?",
            by=backward_stops_at_x_hat),
    mistake("gamma is missing on the straight road only.",
            "dout times gamma is what arrives at x_hat, and all three roads start there.",
            by=backward_without_gamma_straight_on),
    mistake("gamma is missing on the roads through mean and variance.",
            "dout times gamma is what arrives at x_hat, and all three roads start there.",
            by=backward_without_gamma_on_the_side_roads),
    mistake("The road through the mean lacks its factor 1/s.",
            "Look at the table: what does it say for the way from the mean to each x_hat?",
            by=backward_takes_the_mean_unscaled),
    mistake("dx has the wrong sign.",
            "Larger dout at a large x: should that x move with it or against it? Compare with central differences.",
            by=backward_turns_dx_round),
    mistake("dbeta is averaged over the batch; dgamma is summed.",
            "beta and gamma are both shared by all examples. Why should they differ?",
            by=backward_averages_dbeta),
    mistake("dbeta has a factor gamma too many.",
            "By how much does out change when beta changes by 1?",
            by=backward_scales_dbeta_by_gamma),
    mistake("In dx the sums that belong to mean and variance have changed places.",
            "Which of the two sums holds x_hat already, and which of them is multiplied by x_hat again?",
            by=backward_crosses_the_side_roads),
    mistake("dgamma is averaged over the batch; dbeta is summed.",
            "dout holds the 1/N of the loss already. What do both parameters collect?",
            by=backward_averages_dgamma),
    mistake("All three gradients are divided by N, though dout holds the 1/N of the loss already.",
            "For a loss that is a mean, where is its 1/N?",
            by=backward_averages_everything),
    mistake("N is the number of features here; it must be that of the examples.",
            "Which axis of dout runs over the batch?",
            by=backward_divides_by_the_features),
    mistake("N is the number of all entries here; it must be that of the examples.",
            "What does dout.size count, and what len(dout)?",
            by=backward_divides_by_the_entries),
    mistake("The road through the mean is not divided by N.",
            "By how much does the mean move when one of N examples moves by 1?",
            by=backward_forgets_n_in_the_mean),
    mistake("The road through the variance is not divided by N.",
            "Look at the table: from x to the variance.",
            by=backward_forgets_n_in_the_variance),
    mistake("The straight road is divided by N as well, like the two others.",
            "In the short formula, which of the three terms in the bracket has a factor N?",
            by=backward_divides_the_straight_road_by_n),
    mistake("The road through the mean is not summed over the batch: each example goes back along its own share only.",
            "One mean serves all examples. What does its gradient collect?",
            by=backward_does_not_collect_for_the_mean),
    mistake("The road through the variance is not summed over the batch: each example goes back along its own share only.",
            "One variance serves all examples. What does its gradient collect?",
            by=backward_does_not_collect_for_the_variance),
    mistake("Mean and variance collect along the features (axis 1), not over the batch.",
            "One mean belongs to one feature. Over which axis do its examples lie?",
            by=backward_collects_along_the_features),
    mistake("The power of s in the road through the variance is wrong: −2 where the table has −3.",
            "Differentiate the power −½ of the variance: which power is left, and of s?",
            by=backward_with_one_power_too_few),
    mistake("The straight road lacks its factor 1/s.",
            "Look at the first line of the table.",
            by=backward_takes_the_straight_road_unscaled),
    mistake("The road through the variance lacks its last factor: how x moves the variance.",
            "Look at the table, from x to the variance: does every example move it by the same amount?",
            by=backward_moves_the_variance_alike),
    mistake("dx is divided by gamma where it must be multiplied by it.",
            "out = gamma * x_hat + beta. What is the derivative with respect to x_hat?",
            by=backward_divides_by_gamma),
    mistake("dout itself is returned for dx.",
            "Which way leads from out back to x?",
            by=backward_returns_dout),
    mistake("dx is zero everywhere.",
            "The sum of dx over the batch is zero; is dx itself?",
            by=backward_returns_zeros),
    mistake("dx alone is returned; gamma and beta have gradients, too.",
            "How many gradients does the exercise ask for?",
            by=backward_returns_dx_alone),
    mistake("A dict is returned; three gradients are asked for, in the order dx, dgamma, dbeta.",
            "What can be written on the left of dx, dgamma, dbeta = ...?",
            by=backward_returns_a_dict),
    mistake("Nothing is returned.",
            "Does your function end with return?",
            by=backward_returns_nothing),
    mistake("The normalised input in the cache is overwritten, so that the same call made again gives something else.",
            "Do you write *= or -= on an array that came out of the cache?",
            by=backward_writes_into_the_cache),
]
