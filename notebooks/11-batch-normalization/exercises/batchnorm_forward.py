"""batchnorm_forward: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, in_place, mistake, slip, slips, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import (
    ROOT_MISTAKES,
    averages,
    begun,
    copied,
    expected_out,
    follow,
    forward,
    layer,
    mistakes_of_averaging,
    near,
    require_averages,
)

HINTS = (
    "Write the training pass first. Over which axis of x (N, K) does one feature's mean run, and what shape has it?",
    "The two modes differ in one thing only: where mean and variance come from. Which line moves the running averages, "
    "and in which mode may it not run? Where does eps go: before or after the root?",
    "One feature with x = (1, 5), gamma = 2, beta = 10, eps = 0: mean 3, variance 4 (divided by 2, not by 1), "
    "normalised (-1, 1), out (8, 12). At test time with an average of mean 1 and variance 16: normalised (0, 1), "
    "out (10, 12).",
)

CHANGES = {"running"}


def _given(rng, k):
    return {"mean": rng.normal(loc=2.0, size=k), "var": rng.uniform(0.2, 5.0, size=k)}


def _require_out(student, x, gamma, beta, running=None, rtol=1e-5, **kwargs):
    expected = expected_out(x, gamma, beta, running, **kwargs)
    out, _ = forward(student, x, gamma, beta, copied(begun(x) if running is None else running), **kwargs)
    near(out, expected, "out", rtol)


def test_batchnorm_forward_in_training(student, rng):
    """Every feature is normalised with its own mean and deviation over the batch, then scaled and shifted."""
    for n, k in [(7, 3), (3, 6), (2, 2), (170, 3)]:
        _require_out(student, *layer(rng, n, k))


def test_batchnorm_forward_with_as_many_examples_as_features(student, rng):
    """Where N equals K the statistics still run over the batch, and gamma and beta over the features."""
    for n in (3, 5):
        _require_out(student, *layer(rng, n, n), eps=1e-2)


def test_batchnorm_forward_gives_mean_beta_and_deviation_gamma(student, rng):
    """The output has mean beta and, over N, standard deviation gamma, whatever came in."""
    for loc, scale in [(0.0, 1.0), (-40.0, 7.0)]:
        x, gamma, beta = layer(rng, 5, 4, loc, scale)
        out, _ = forward(student, x, gamma, beta, begun(x), eps=1e-12)
        require(out.shape == x.shape, "out must have the shape of x.")
        assert_close(out.mean(axis=0), beta, what="the means of the output")
        assert_close(out.std(axis=0), gamma, what="the standard deviations of the output, over N")


def test_batchnorm_forward_adds_eps_to_the_variance(student, rng):
    """eps is added inside the root and taken at the size it is given; with small variances it counts."""
    for eps, scale in [(1e-2, 0.1), (0.5, 1.0), (1e-3, 0.01)]:
        _require_out(student, *layer(rng, 6, 3, loc=0.5, scale=scale), eps=eps)


def test_batchnorm_forward_uses_the_biased_variance(student, rng):
    """Two and three examples tell the variance over N from the one over N - 1."""
    for n in (2, 3):
        _require_out(student, *layer(rng, n, 4), eps=1e-3)


@easy
def test_batchnorm_forward_can_be_the_identity(student, rng):
    """With gamma = sqrt(var + eps) and beta = mean the output is the input."""
    for n, k in [(6, 3), (4, 4)]:
        x, _, _ = layer(rng, n, k)
        gamma, beta = np.sqrt(x.var(axis=0) + 1e-2), x.mean(axis=0)
        near(forward(student, x, gamma, beta, begun(x), eps=1e-2)[0], x, "the output that should be the input")


def test_batchnorm_forward_keeps_features_apart(student, rng):
    """What one feature holds does not matter to the others."""
    x, gamma, beta = layer(rng, 5, 4)
    other = x.copy()
    other[:, 2] = 50 * rng.normal(size=5)
    out, _ = forward(student, other, gamma, beta, begun(other))
    near(out[:, [0, 1, 3]], expected_out(x, gamma, beta)[:, [0, 1, 3]], "the features that were not touched")
    near(out[:, 2], expected_out(other, gamma, beta)[:, 2], "the feature that was")


def test_batchnorm_forward_of_small_noise_around_a_large_number(student, rng):
    """Deviations of a tenth around a thousand are normalised like any others."""
    _require_out(student, *layer(rng, 8, 3, loc=1e3, scale=0.1), rtol=1e-4)


def test_batchnorm_forward_of_a_constant_feature(student, rng):
    """A feature that is constant over the batch comes out as its beta, and the others as always."""
    x, gamma, beta = layer(rng, 6, 3)
    x[:, 1] = 12.0
    _require_out(student, x, gamma, beta)


def test_batchnorm_forward_of_one_example_in_training(student, rng):
    """A batch of one is its own mean, so beta comes out."""
    x, gamma, beta = layer(rng, 1, 4)
    near(forward(student, x, gamma, beta, begun(x))[0], beta[np.newaxis], "the output for a batch of one in training")


def test_batchnorm_forward_in_training_does_not_use_the_averages(student, rng):
    """In training the output is the same whatever running holds."""
    x, gamma, beta = layer(rng, 6, 3)
    for running in ({}, _given(rng, 3), {"mean": np.full(3, 90.0), "var": np.full(3, 1e4)}):
        _require_out(student, x, gamma, beta, running)


def test_batchnorm_forward_at_test_time(student, rng):
    """Test time normalises with the averages of running, eps included, whatever the batch holds."""
    for n, k in [(5, 3), (4, 4), (2, 6), (170, 3)]:
        _require_out(student, *layer(rng, n, k), running=_given(rng, k), train=False)
        _require_out(student, *layer(rng, n, k), running=_given(rng, k), train=False, eps=1e-1)


def test_batchnorm_forward_of_one_example_at_test_time(student, rng):
    """One example works at test time and depends on what it is."""
    running = _given(rng, 4)
    for _ in range(2):
        _require_out(student, *layer(rng, 1, 4), running=running, train=False)


def test_batchnorm_forward_at_test_time_ignores_batch_mates(student, rng):
    """An example gets the same output alone, in company, and in other company."""
    x, gamma, beta = layer(rng, 5, 3)
    running = _given(rng, 3)
    expected = expected_out(x, gamma, beta, running, train=False)
    for batch in (x, x[:1], np.vstack([x[:1], 30 * rng.normal(size=(6, 3))])):
        out, _ = forward(student, batch, gamma, beta, copied(running), train=False)
        near(out[0], expected[0], "the output of the first example")


@in_place
def test_batchnorm_forward_at_test_time_before_any_batch(student, rng):
    """With an empty running the mean is 0 and the variance 1, and it is still empty after a test pass."""
    x, gamma, beta = layer(rng, 4, 3)
    running = {}
    out, _ = forward(student, x, gamma, beta, running, train=False, eps=1e-2)
    near(out, expected_out(x, gamma, beta, train=False, eps=1e-2), "out")
    require(not running, "running came empty and must be empty after a test pass.")


@in_place
def test_batchnorm_forward_at_test_time_leaves_the_averages(student, rng):
    """A test pass does not move the running averages."""
    running = _given(rng, 3)
    before = copied(running)
    for _ in range(2):
        x, gamma, beta = layer(rng, 5, 3)
        out, _ = forward(student, x, gamma, beta, running, train=False)
        averages(running)
        for name, value in before.items():
            assert_unchanged(running[name], value, what=f"running[{name!r}] at test time")
        near(out, expected_out(x, gamma, beta, before, train=False), "out")


def _train(student, rng, running, start, sizes, share, **options):
    """Train on batches of some sizes; returns what the averages of the start should have become."""
    for n in sizes:
        x, gamma, beta = layer(rng, n, 3, loc=n, scale=4.0 / n)
        forward(student, x, gamma, beta, running, **options)
        start = follow(*start, [(x.mean(axis=0), x.var(axis=0))], share)
    return start


@in_place
def test_batchnorm_forward_moves_empty_averages(student, rng):
    """Four training batches of changing sizes move the averages from 0 and 1, by the biased variance."""
    running, expected = {}, (np.zeros(3), np.ones(3))
    for n in (6, 170, 2, 5):
        expected = _train(student, rng, running, expected, [n], 0.8, momentum=0.8, eps=1e-2)
        require_averages(running, *expected)


@in_place
def test_batchnorm_forward_moves_given_averages(student, rng):
    """Four training batches carry given averages on, with the momentum that is asked for and with 0.9 by itself."""
    for options, momentum in [({"momentum": 0.6}, 0.6), ({}, 0.9)]:
        running = _given(rng, 3)
        start = running["mean"].copy(), running["var"].copy()
        expected = _train(student, rng, running, start, (4, 7, 3, 4), momentum, eps=0.5, **options)
        require_averages(running, *expected)


@in_place
def test_batchnorm_forward_trains_and_is_tested(student, rng):
    """After four training batches a test pass uses what they left, and training goes on from there."""
    running, (mean, var) = {}, (np.zeros(3), np.ones(3))
    for _ in range(2):
        mean, var = _train(student, rng, running, (mean, var), (5, 4, 8, 5), 0.5, momentum=0.5)
        x, gamma, beta = layer(rng, 2, 3)
        out, _ = forward(student, x, gamma, beta, running, train=False)
        near(out, (x - mean) / np.sqrt(var + 1e-5) * gamma + beta, "out at test time, after training")


def test_batchnorm_forward_in_float32(student, rng):
    """float32 input works in both modes, to its own precision."""
    x, gamma, beta = (value.astype(np.float32) for value in layer(rng, 6, 3, loc=1.0))
    running = {name: value.astype(np.float32) for name, value in _given(rng, 3).items()}
    for train in (True, False):
        _require_out(student, x, gamma, beta, running, train=train)


def _move(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", np.zeros_like(mean)) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", np.ones_like(var)) + (1 - momentum) * var


@variant
def with_var_of_numpy(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.mean(x, 0), np.var(x, 0)
        _move(running, mean, var, momentum)
    else:
        mean, var = running.get("mean", np.zeros(x.shape[1])), running.get("var", np.ones(x.shape[1]))
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return np.multiply(x_hat, gamma) + beta, (x_hat, 1 / std, gamma)


@variant
def by_mean_of_squares(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
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
def feature_by_feature(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
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
def in_place_on_copies(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
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
def as_one_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.average(x, axis=0), np.std(x, axis=0) ** 2
        _move(running, mean, var, momentum)
    elif not running:
        mean, var = np.zeros(x.shape[1]), np.ones(x.shape[1])
    else:
        mean, var = running["mean"], running["var"]
    inv_std = 1 / np.sqrt(var + eps)
    scale = gamma * inv_std
    return x * scale + (beta - mean * scale), ((x - mean) * inv_std, inv_std, gamma)


MEAN = "x.mean(axis=0)"
VAR = "((x - mean) ** 2).mean(axis=0)"
MOVED = "update_running(running, mean, var, momentum=momentum)"
AVERAGES = 'mean, var = running.get("mean", 0.0), running.get("var", 1.0)'
OF_BATCH = "x.mean(axis=0), x.var(axis=0)"
CENTRED = "(x - mean) * inv_std"
OUT = "gamma * x_hat + beta"


def moved(mean="mean", var="var", momentum="momentum"):
    """An edit that hands something else to update_running."""
    return {MOVED: f"update_running(running, {mean}, {var}, momentum={momentum})"}


MISTAKES = [
    mistake("The statistics are taken over the features of each example (axis 1), not over the batch.",
            "One mean per feature: which axis of (N, K) has to go to leave (K,)?",
            {MEAN: "x.mean(axis=1, keepdims=True)", VAR: "x.var(axis=1, keepdims=True)"},
            {MEAN: "x.mean(axis=1)", VAR: "x.var(axis=1)"},  # fits, and then wrongly, where N equals K
            {MOVED: f"{MOVED}\n        mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)"}),
    mistake("One mean and one variance are taken over the whole array instead of one per feature.",
            "x.mean() without an axis is a single number. How many means does a batch of K features have?",
            {MEAN: "x.mean()", VAR: "x.var()"}),
    mistake("The normaliser uses the variance over N − 1; batch norm uses the biased one, over N.",
            "Normalise two examples by hand. What do you divide by? Look at ddof.", {VAR: "x.var(axis=0, ddof=1)"}),
    mistake("The variance is the mean of the squares, with the mean not taken out first.",
            "What is the variance of a feature that is 10 for every example?", {VAR: "(x**2).mean(axis=0)"}),
    mistake("The squared deviations are added up but not divided by N.",
            "Does your variance grow when every example is given twice?", {VAR: "((x - mean) ** 2).sum(axis=0)"}),
    mistake("The standard deviation stands where the variance belongs, and a root is taken of it.",
            "np.std and np.var: which one goes under the root?", {VAR: "x.std(axis=0)"}),
    mistake("The mean is not subtracted.",
            "Check the mean of your output: it should be beta, whatever comes in.", {CENTRED: "x * inv_std"}),
    mistake("The deviation has the wrong sign: mean − x instead of x − mean.",
            "Should a value above the mean come out positive or negative?", {CENTRED: "(mean - x) * inv_std"}),
    *ROOT_MISTAKES,
    mistake("eps is added twice.",
            "The average holds the plain variance. Follow eps through your function: in how many places is it added?",
            {"var + eps": "var + 2 * eps"}, {VAR: f"{VAR} + eps"}, {"var + eps": "var + (eps if train else 2 * eps)"}),
    mistake("The normalised values are returned: gamma and beta are not applied.",
            "Which means and deviations should the output have, and which does it have?", {OUT: "x_hat"}),
    mistake("beta is not added.",
            "Which mean should the output of a feature have?", {OUT: "gamma * x_hat"}),
    mistake("gamma is not applied.",
            "Which standard deviation should the output of a feature have?", {OUT: "x_hat + beta"}),
    mistake("gamma and beta have changed places.",
            "One is the deviation of the output, the other its mean. Which is which?", {OUT: "beta * x_hat + gamma"}),
    mistake("beta is added before gamma multiplies, so the mean of the output is gamma times beta.",
            "First scale, then shift: the order matters.", {OUT: "gamma * (x_hat + beta)"}),
    mistake("gamma and beta line up with the examples instead of the features.",
            "(K,) broadcasts along the features by itself. What did the extra axis do?",
            {OUT: "gamma[:, np.newaxis] * x_hat + beta[:, np.newaxis]"}),
    mistake("In training the running averages, just updated, normalise the batch; its own statistics should.",
            "Check the mean of your output in training: it should be beta.",
            {f"    else:\n        {AVERAGES}": f"    {AVERAGES}"}),
    mistake("Training and test time have changed places.",
            "Which of the two has the batch to measure, and which only what was remembered?",
            {"if train:": "if not train:"}),
    mistake("A batch of one is not normalised in training; it gives beta there.",
            "What is the deviation of a single value from its own mean?",
            {"return gamma": "if len(x) == 1 and train:\n        x_hat = x\n    return gamma"}),
    mistake("A batch of one is treated as at test time, also in training.",
            "In training the statistics are those of the batch, however small it is.",
            {"if train:": "if train and len(x) > 1:"},
            {MOVED: f"{MOVED}\n        if len(x) == 1:\n            {AVERAGES}"},
            {MOVED: f"old = dict(running)\n        {MOVED}\n        if len(x) == 1:\n"
                    '            mean, var = old.get("mean", 0.0), old.get("var", 1.0)'}),
    mistake("At test time the statistics of the batch at hand are used, not the running averages.",
            "What does your function give for a single example at test time?", {AVERAGES: f"mean, var = {OF_BATCH}"}),
    mistake("At test time the mean of the batch at hand is subtracted, not the running one.",
            "Should an answer depend on who else asks?", {'running.get("mean", 0.0)': "x.mean(axis=0)"}),
    mistake("At test time the running mean is not subtracted.",
            "Both averages have their place at test time.", {'running.get("mean", 0.0)': "0.0"}),
    mistake("At test time the running variance is used as if it were the standard deviation.",
            "What does running['var'] hold, and what is missing before you divide?",
            {"1 / np.sqrt(var + eps)": "1 / (np.sqrt(var + eps) if train else var + eps)"}),
    mistake("At test time eps is left out.",
            "The same formula holds in both modes; only where mean and variance come from differs.",
            {"var + eps": "var + (eps if train else 0)"}),
    mistake("At test time gamma and beta are left out.",
            "gamma and beta are learnt parameters. Does a test pass use those of other layers?",
            {OUT: f"({OUT} if train else x_hat)"}),
    mistake("At test time nothing is normalised.",
            "What are the running averages for? The layer after this one was trained on normalised outputs.",
            {OUT: f"({OUT} if train else x.copy())"}, {OUT: f"({OUT} if train else gamma * x + beta)"}),
    mistake("A test pass with an empty running raises a KeyError; empty stands for mean 0 and variance 1.",
            "What does running['mean'] do before the first batch? Look at dict.get.",
            {'.get("mean", 0.0)': '["mean"]', '.get("var", 1.0)': '["var"]'}),
    mistake("A test pass writes the start values into an empty running, which it must leave as it is.",
            "Print an empty running after a test pass. Which of your lines writes into it?",
            {AVERAGES: 'mean, var = running.setdefault("mean", np.zeros(x.shape[1])), '
                       'running.setdefault("var", np.ones(x.shape[1]))'}),
    mistake("The running averages are never moved.",
            "Look into running before and after a training pass. Who calls update_running?", {MOVED: "pass"}),
    mistake("The running averages are moved at test time too.",
            "Test data must leave no trace. In which of the two modes is update_running called?",
            {AVERAGES: f"{AVERAGES}\n        update_running(running, {OF_BATCH}, momentum)"},
            {AVERAGES: f"update_running(running, {OF_BATCH}, momentum)\n        {AVERAGES}"}),
    mistake("The averages are moved twice for one batch.",
            "Count the calls of update_running in one training pass.", {MOVED: f"{MOVED}\n        {MOVED}"}),
    *mistakes_of_averaging(moved),
    mistake("The average is taken of the unbiased variance, as in PyTorch; this course averages the biased one.",
            "One and the same variance normalises the batch and goes into the average here.",
            moved(var="var * len(x) / max(len(x) - 1, 1)")),
    mistake("eps goes into the running variance as well, and is then added a second time at test time.",
            "What is averaged is the batch's variance. When is eps added, and how often?", moved(var="var + eps")),
    mistake("The averages are those of the output, not of the input.",
            "What has to be subtracted at test time: the mean of x, or that of what came out?",
            {MOVED: "out = gamma * (x - mean) / np.sqrt(var + eps) + beta\n"
                    "        update_running(running, out.mean(axis=0), out.var(axis=0), momentum)"}),
    mistake("The averages have the shape (1, K); they must be (K,).",
            "What does keepdims=True leave behind?",
            {MEAN: "x.mean(axis=0, keepdims=True)", VAR: "x.var(axis=0, keepdims=True)"}),
    slip("writes_into_input", {CENTRED: "x * inv_std", "x_hat =": "x -= mean\n    x_hat ="}, what="x"),
    *(mistake(f"By default {name} is {wrong} here; the signature that was given has {right}.",
              "Compare your def line with the one that was given.", {f"{name}={right}": f"{name}={wrong}"})
      for name, right, wrong in (("eps", "1e-5", "1e-3"), ("momentum", "0.9", "0.1"))),
    slip("only_the_first", what="out"),
    mistake("Three things are returned; two are asked for, out and cache.",
            "running is changed in place. Does it have to be returned?",
            {"(x_hat, inv_std, gamma)": "(x_hat, inv_std, gamma), running"}),
    *slips("results_swapped"),
]
