"""Hidden tests of 11-batch-normalization.

Right answers are compared with nnlib or with facts that hold for every right answer; no layout of the cache is
assumed, and the tests of the backward pass take the caches that the student's own forward pass made.
Running averages are followed over several batches, from the empty dict and from given averages.
Functions are given copies, but for the tests that look at what became of their inputs.
"""

import numpy as np

import nnlib as reference
from grader.authoring import easy, in_place
from nnlib.checks import assert_close, assert_unchanged, require


def _near(got, expected, what, rtol=1e-5):
    """Compare arrays whose small entries are what is left of large ones that cancel."""
    size = float(np.abs(expected).max(initial=0.0))
    assert_close(got, expected, rtol=rtol, atol=max(1e-8, 1e-7 * size), what=what)


def _averages(running, what="running"):
    """The two averages as they stand in a dict."""
    require(isinstance(running, dict), f"{what} must be a dict.")
    lacking = [name for name in ("mean", "var") if name not in running]
    require(not lacking, f'{what} must hold "mean" and "var" after a batch.')
    require(len(running) == 2, f'{what} must hold "mean" and "var" and nothing else.')
    return running["mean"], running["var"]


def _require_averages(running, mean, var, what="running"):
    got_mean, got_var = _averages(running, what)
    assert_close(got_mean, mean, what=f'{what}["mean"]')
    assert_close(got_var, var, what=f'{what}["var"]')


def _follow(mean, var, batches, momentum):
    """The averages after each of the batches' (mean, var)."""
    for batch_mean, batch_var in batches:
        mean = momentum * mean + (1 - momentum) * batch_mean
        var = momentum * var + (1 - momentum) * batch_var
    return mean, var


def _statistics(rng, size, count=4):
    return [(rng.normal(loc=2.0, scale=3.0, size=size), rng.uniform(0.3, 6.0, size=size)) for _ in range(count)]


# ---------------------------------------------------------------- update_running


@in_place
def test_update_running_from_the_empty_dict(student, rng):
    """From the empty dict the averages start at mean 0 and variance 1, and follow four different batches."""
    batches, running = _statistics(rng, 5), {}
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.8)
        _require_averages(running, *_follow(np.zeros(5), np.ones(5), batches[:done], 0.8))


@in_place
def test_update_running_from_given_averages(student, rng):
    """Averages that are there already are carried on over four batches."""
    start, *batches = _statistics(rng, 3, count=5)
    running = {"mean": start[0].copy(), "var": start[1].copy()}
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.7)
        _require_averages(running, *_follow(*start, batches[:done], 0.7))


def test_update_running_returns_the_averages(student, rng):
    """The new averages are also what is returned, one step from given ones."""
    start, batch = _statistics(rng, 4, count=2)
    got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), 0.9)
    _require_averages(got, *_follow(*start, [batch], 0.9), what="the result")


@in_place
def test_update_running_changes_the_callers_dict(student, rng):
    """The dict that came holds the same new averages as the one returned, empty or not."""
    start, batch = _statistics(rng, 3, count=2)
    for running in ({}, {"mean": start[0].copy(), "var": start[1].copy()}):
        before = (np.zeros(3), np.ones(3)) if not running else start
        returned = student.update_running(running, *(value.copy() for value in batch), 0.6)
        _require_averages(running, *_follow(*before, [batch], 0.6))
        _require_averages(returned, *_follow(*before, [batch], 0.6), what="the result")


def test_update_running_keeps_the_share_that_momentum_says(student, rng):
    """Momentum is the share of the old averages, for shares small and large."""
    for momentum in (0.05, 0.5, 0.99):
        start, batch = _statistics(rng, 4, count=2)
        got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), momentum)
        _require_averages(got, *_follow(*start, [batch], momentum), what="the result")


def test_update_running_without_memory(student, rng):
    """With momentum 0 the averages are those of the last batch."""
    start, batch = _statistics(rng, 4, count=2)
    got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), 0.0)
    _require_averages(got, *batch, what="the result")


@in_place
def test_update_running_arrives_where_the_batches_are(student, rng):
    """Sixty batches with the same statistics bring the averages there."""
    ((mean, var),), running = _statistics(rng, 3, count=1), {}
    for _ in range(60):
        student.update_running(running, mean.copy(), var.copy(), 0.6)
    _require_averages(running, mean, var)


@in_place
def test_update_running_keeps_two_dicts_apart(student, rng):
    """Two layers with a dict each do not share their averages."""
    batches = _statistics(rng, 4, count=8)
    first, second = {}, {}
    for one, other in zip(batches[::2], batches[1::2], strict=True):
        student.update_running(first, *(value.copy() for value in one), 0.75)
        student.update_running(second, *(value.copy() for value in other), 0.75)
    _require_averages(first, *_follow(np.zeros(4), np.ones(4), batches[::2], 0.75))
    _require_averages(second, *_follow(np.zeros(4), np.ones(4), batches[1::2], 0.75))


def test_update_running_leaves_the_batch_statistics_alone(student, rng):
    """The mean and the variance of the batch stay as they came."""
    start, (mean, var) = _statistics(rng, 5, count=2)
    for running in ({}, {"mean": start[0].copy(), "var": start[1].copy()}):
        before = (np.zeros(5), np.ones(5)) if not running else start
        given = mean.copy(), var.copy()
        got = student.update_running(running, *given, 0.85)
        assert_unchanged(given[0], mean, what="mean")
        assert_unchanged(given[1], var, what="var")
        _require_averages(got, *_follow(*before, [(mean, var)], 0.85), what="the result")


# ---------------------------------------------------------------- batchnorm_forward


def _layer(rng, n, k, loc=3.0, scale=2.0):
    """Inputs with a gamma that is not 1 and a beta that is not 0."""
    return rng.normal(loc=loc, scale=scale, size=(n, k)), rng.uniform(0.4, 2.5, size=k), rng.normal(size=k)


def _given(rng, k):
    return {"mean": rng.normal(loc=2.0, size=k), "var": rng.uniform(0.2, 5.0, size=k)}


def _copy(running):
    return {name: value.copy() for name, value in running.items()}


def _forward(student, *args, **kwargs):
    """The output and the cache, of a call with copies of x, gamma and beta."""
    return _pair(student.batchnorm_forward(*(value.copy() for value in args[:3]), *args[3:], **kwargs))


def _pair(result):
    pair = isinstance(result, list | tuple) and len(result) == 2
    require(pair, "batchnorm_forward must return two things, out and cache.")
    require(isinstance(result[0], np.ndarray), "batchnorm_forward must return out, an array, first.")
    return result


def _expected(x, gamma, beta, running=None, **kwargs):
    return reference.batchnorm_forward(x, gamma, beta, _copy(running or {}), **kwargs)[0]


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


# ---------------------------------------------------------------- batchnorm_backward


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


# ---------------------------------------------------------------- fold_batchnorm


def _folding(rng, d, k):
    """w, b, gamma, beta, mean, var with nothing at 0 or 1."""
    w, b = rng.normal(size=(d, k)), rng.normal(loc=0.5, size=k)
    return (
        w,
        b,
        rng.uniform(1.3, 3.0, size=k),
        rng.normal(size=k),
        rng.normal(loc=-1.0, size=k),
        rng.uniform(2, 5, size=k),
    )


def _folded(student, *args):
    return _both_parts(student.fold_batchnorm(*(np.copy(value) for value in args[:-1]), args[-1]))


def _both_parts(result):
    pair = isinstance(result, list | tuple) and len(result) == 2
    require(pair, "fold_batchnorm must return two things, w and b.")
    return result


def _require_folded(student, *args):
    expected = reference.fold_batchnorm(*args)
    for name, right, mine in zip(("w", "b"), expected, _folded(student, *args), strict=True):
        _near(mine, right, f"the new {name}")


def test_fold_batchnorm_with_more_inputs_than_units_and_fewer(student, rng):
    """The new weights and biases are right, one scale a unit."""
    for d, k in [(5, 3), (2, 6), (1, 1), (150, 2)]:
        _require_folded(student, *_folding(rng, d, k), 1e-2)


def test_fold_batchnorm_of_a_square_layer(student, rng):
    """Where D equals K the scale still belongs to the units, the columns of w."""
    for d in (3, 4):
        _require_folded(student, *_folding(rng, d, d), 1e-2)


def test_fold_batchnorm_gives_what_both_layers_give(student, rng):
    """x @ w + b is what the affine layer and batch norm give at test time."""
    for d, k in [(4, 3), (3, 3)]:
        w, b, gamma, beta, mean, var = _folding(rng, d, k)
        x = rng.normal(size=(6, d))
        new_w, new_b = _folded(student, w, b, gamma, beta, mean, var, 1e-1)
        require(np.shape(new_w) == (d, k) and np.shape(new_b) == (k,), "w must stay (D, K) and b (K,).")
        running = {"mean": mean, "var": var}
        expected = _expected(x @ w + b, gamma, beta, running, train=False, eps=1e-1)
        _near(x @ np.asarray(new_w) + np.asarray(new_b), expected, "the output of the folded layer")


def test_fold_batchnorm_weights(student, rng):
    """The new weights are those of the definition, column by column."""
    for gamma in (np.array([0.5, 4.0, -2.0]), np.array([1.0, 1.0, 1.0])):
        w, b, _, beta, mean, var = _folding(rng, 4, 3)
        got, _ = _folded(student, w, b, gamma, beta, mean, var, 1e-3)
        _near(got, reference.fold_batchnorm(w, b, gamma, beta, mean, var, 1e-3)[0], "the new w")


def test_fold_batchnorm_biases(student, rng):
    """The new biases hold the old ones, the mean and beta, each with its right sign and scale."""
    for unit in range(3):
        w, _, gamma, _, _, var = _folding(rng, 4, 3)
        b, beta, mean = (np.full(3, 5.0) if which == unit else np.zeros(3) for which in range(3))
        _, got = _folded(student, w, b, gamma, beta, mean, var, 1e-3)
        expected = reference.fold_batchnorm(w, b, gamma, beta, mean, var, 1e-3)[1]
        _near(got, expected, f"the new b where only {('b', 'beta', 'mean')[unit]} is not zero")


def test_fold_batchnorm_adds_eps_to_the_variance(student, rng):
    """eps counts, inside the root, and all the more where the variance is small."""
    for eps in (1e-5, 1e-2, 0.3):
        w, b, gamma, beta, mean, _ = _folding(rng, 3, 4)
        _require_folded(student, w, b, gamma, beta, mean, np.array([0.0, 1e-4, 1e-2, 1.0]), eps)


def test_fold_batchnorm_of_the_identity_changes_nothing(student, rng):
    """With gamma = sqrt(var + eps) and beta = mean the layer stays as it is."""
    w, b, _, _, mean, var = _folding(rng, 4, 3)
    new_w, new_b = _folded(student, w, b, np.sqrt(var + 1e-2), mean.copy(), mean, var, 1e-2)
    _near(new_w, w, "the new w")
    _near(new_b, b, "the new b")


def test_fold_batchnorm_of_a_unit_that_is_switched_off(student, rng):
    """A unit with gamma = 0 puts out its beta whatever comes in."""
    w, b, gamma, beta, mean, var = _folding(rng, 4, 3)
    gamma[1] = 0.0
    _require_folded(student, w, b, gamma, beta, mean, var, 1e-2)


def test_fold_batchnorm_leaves_its_inputs_alone(student, rng):
    """All six arrays stay as they came."""
    given = _folding(rng, 5, 3)
    before = tuple(value.copy() for value in given)
    got = _both_parts(student.fold_batchnorm(*given, 1e-2))
    for name, after, value in zip(("w", "b", "gamma", "beta", "mean", "var"), given, before, strict=True):
        assert_unchanged(after, value, what=name)
    for name, right, mine in zip(("w", "b"), reference.fold_batchnorm(*before, 1e-2), got, strict=True):
        _near(mine, right, f"the new {name}")


def test_fold_batchnorm_in_float32(student, rng):
    """float32 works, to its own precision."""
    _require_folded(student, *(value.astype(np.float32) for value in _folding(rng, 4, 3)), 1e-2)
