"""batchnorm_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import in_place, mistake, slips, variant
from nnlib.checks import assert_close, require

from .common import begun, forward, layer, near

HINTS = (
    "Begin with dbeta and dgamma: each is one number per feature that all N examples share. What does it collect, "
    "and over which axis?",
    "For dx, go backwards step by step: dout to x_hat (which factor?), x_hat to the variance (one sum), x_hat to the "
    "mean (one sum), and both on to x. Which of your lines is a sum over the batch?",
    "x = (0, 4), gamma = 3, eps = 5: mean 2, variance 4, s = 3, x_hat = (-2/3, 2/3). For dout = (1, 0): dbeta = 1, "
    "dgamma = -2/3, straight road (1, 0), mean takes (1/2, 1/2) away, variance (2/9, -2/9): dx = (5/18, -5/18).",
)


def _gradients(student, dout, cache):
    result = student.batchnorm_backward(dout, cache)
    three = isinstance(result, list | tuple) and len(result) == 3
    require(three, "batchnorm_backward must return three things, dx, dgamma and dbeta.")
    return result


def _both(student, x, gamma, beta, dout, eps=1e-5):
    """The gradients that should come, and those that came."""
    _, cache = reference.batchnorm_forward(x, gamma, beta, {}, eps=eps)
    expected = reference.batchnorm_backward(dout, cache)
    _, cache = forward(student, x, gamma, beta, begun(x), eps=eps)
    return expected, _gradients(student, dout, cache)


def _compare(got, expected, where="", rtol=1e-5):
    for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
        near(mine, right, name + where, rtol)


def _require_gradients(student, x, gamma, beta, dout, eps=1e-5, rtol=1e-5):
    expected, got = _both(student, x, gamma, beta, dout, eps)
    _compare(got, expected, rtol=rtol)


def _check_one(student, rng, sizes, which):
    for n, k in sizes:
        x, gamma, beta = layer(rng, n, k)
        expected, got = _both(student, x, gamma, beta, rng.normal(size=(n, k)), 1e-2)
        near(got[which], expected[which], ("dx", "dgamma", "dbeta")[which])


def test_batchnorm_backward_of_x(student, rng):
    """dx is right for a random upstream gradient, all three roads included."""
    _check_one(student, rng, [(6, 3), (3, 5), (170, 2)], 0)


def test_batchnorm_backward_of_gamma(student, rng):
    """dgamma collects dout times the normalised input over the batch."""
    _check_one(student, rng, [(170, 3), (3, 5)], 1)


def test_batchnorm_backward_of_beta(student, rng):
    """dbeta collects dout over the batch."""
    _check_one(student, rng, [(170, 3), (3, 5)], 2)


def test_batchnorm_backward_with_as_many_examples_as_features(student, rng):
    """Where N equals K the sums still run over the batch."""
    for n in (3, 4):
        _require_gradients(student, *layer(rng, n, n), rng.normal(size=(n, n)), 1e-2)


def test_batchnorm_backward_meets_central_differences(student, rng):
    """The gradients are those of batchnorm_forward as it is, by central differences in x, gamma and beta."""
    x, gamma, beta = layer(rng, 4, 3)
    dout = rng.normal(size=(4, 3))
    _, cache = forward(student, x, gamma, beta, begun(x), eps=1e-2)
    got = _gradients(student, dout, cache)

    def loss(x, gamma, beta):
        return float((forward(student, x, gamma, beta, begun(x), eps=1e-2)[0] * dout).sum())

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
        _require_gradients(student, *layer(rng, 5, 3, loc=0.2, scale=scale), rng.normal(size=(5, 3)), eps)


def test_batchnorm_backward_of_small_noise_around_a_large_number(student, rng):
    """Deviations of a tenth around a thousand have gradients like any others."""
    _require_gradients(student, *layer(rng, 7, 3, loc=1e3, scale=0.1), rng.normal(size=(7, 3)), rtol=1e-4)


def test_batchnorm_backward_of_a_constant_feature(student, rng):
    """A feature that is constant over the batch has finite gradients, the right ones."""
    x, gamma, beta = layer(rng, 5, 3)
    x[:, 2] = -4.0
    _require_gradients(student, x, gamma, beta, rng.normal(size=(5, 3)), 1e-2)


def test_batchnorm_backward_of_one_example(student, rng):
    """A batch of one has dx = 0, dgamma = 0 and dbeta = dout."""
    x, gamma, beta = layer(rng, 1, 4)
    dout = rng.normal(size=(1, 4))
    _, got = _both(student, x, gamma, beta, dout, 1e-2)
    _compare(got, (0 * dout, 0 * gamma, dout[0]))


def test_batchnorm_backward_adds_up_to_zero_over_the_batch(student, rng):
    """dx sums to zero over the batch, so that a bias in front has no gradient, and it is not zero itself."""
    w, b = rng.normal(size=(5, 4)), rng.normal(size=4)
    inputs, dout = rng.normal(size=(6, 5)), rng.normal(size=(6, 4))
    scores, affine_cache = reference.affine_forward(inputs, w, b)
    _, gamma, beta = layer(rng, 6, 4)
    _, cache = forward(student, scores, gamma, beta, begun(scores))
    dx, _, _ = _gradients(student, dout, cache)
    require(isinstance(dx, np.ndarray) and dx.shape == dout.shape, "dx must have the shape of dout.")
    _, dw, db = reference.affine_backward(dx, affine_cache)
    require(np.isfinite(dw).all() and np.abs(dw).max() > 1e-2, "The weights in front must have a gradient.")
    assert_close(db, np.zeros(4), atol=1e-9, what="the gradient of a bias in front of batch norm")


def test_batchnorm_backward_of_any_size_of_dout(student, rng):
    """The gradients grow with dout, in proportion."""
    x, gamma, beta = layer(rng, 5, 3)
    dout = rng.normal(size=(5, 3))
    for size in (1e-4, 1e3):
        expected, got = _both(student, x, gamma, beta, size * dout, 1e-2)
        for name, right, mine in zip(("dx", "dgamma", "dbeta"), expected, got, strict=True):
            near(mine / size if isinstance(mine, np.ndarray) else mine, right / size, f"{name} by the size of dout")


@in_place
def test_batchnorm_backward_leaves_dout_and_cache_alone(student, rng):
    """dout stays as it came, and the same call made twice gives the same."""
    x, gamma, beta = layer(rng, 5, 3)
    dout = rng.normal(size=(5, 3))
    expected = reference.batchnorm_backward(dout, reference.batchnorm_forward(x, gamma, beta, {}, eps=1e-2)[1])
    _, cache = forward(student, x, gamma, beta, begun(x), eps=1e-2)
    for times in ("first", "second"):
        _compare(_gradients(student, dout, cache), expected, f" of the {times} call with the same cache")


def test_batchnorm_backward_of_two_layers_in_turn(student, rng):
    """Each cache stands for its own forward pass, whatever was computed since."""
    layers, caches = [layer(rng, 5, 3), layer(rng, 4, 6)], []
    for x, gamma, beta in layers:
        caches.append(forward(student, x, gamma, beta, begun(x), eps=1e-2)[1])
    for (x, gamma, beta), cache in zip(layers, caches, strict=True):
        dout = rng.normal(size=x.shape)
        expected = reference.batchnorm_backward(dout, reference.batchnorm_forward(x, gamma, beta, {}, eps=1e-2)[1])
        _compare(_gradients(student, dout, cache), expected)


def test_batchnorm_backward_in_float32(student, rng):
    """float32 works, to its own precision."""
    x, gamma, beta = (value.astype(np.float32) for value in layer(rng, 6, 3, loc=1.0))
    _require_gradients(student, x, gamma, beta, rng.normal(size=(6, 3)).astype(np.float32), 1e-2)


@variant
def by_the_long_chain(dout, cache):
    x_hat, inv_std, gamma = cache
    n = dout.shape[0]
    centred = x_hat / inv_std
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * centred * -0.5 * inv_std**3, axis=0)
    dmean = np.sum(-dx_hat * inv_std, axis=0) + dvar * np.mean(-2.0 * centred, axis=0)
    dx = dx_hat * inv_std + dvar * 2.0 * centred / n + dmean / n
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


@variant
def through_the_jacobian(dout, cache):
    x_hat, inv_std, gamma = cache
    n = len(dout)
    dx = np.empty(dout.shape)
    for k in range(dout.shape[1]):
        jacobian = gamma[k] * inv_std[k] * (np.eye(n) - 1 / n - np.outer(x_hat[:, k], x_hat[:, k]) / n)
        dx[:, k] = jacobian.T @ dout[:, k]
    return dx, np.einsum("nk,nk->k", dout, x_hat), np.ones(n) @ dout


@variant
def by_means(dout, cache):
    x_hat, inv_std, gamma = cache
    h = dout * gamma
    dx = inv_std * (h - h.mean(axis=0) - x_hat * np.mean(h * x_hat, axis=0))
    return [dx, (dout * x_hat).sum(0), dout.sum(0)]


@variant
def by_the_compact_formula(dout, cache):
    x_hat, inv_std, gamma = cache
    n, _ = dout.shape
    dgamma, dbeta = np.sum(x_hat * dout, 0), np.sum(dout, 0)
    dx = (1.0 / n) * gamma * inv_std * (n * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


@variant
def by_projections(dout, cache):
    x_hat, inv_std, gamma = cache
    rest = dout - dout.mean(axis=0, keepdims=True)
    rest = rest - x_hat * (rest * x_hat).mean(axis=0, keepdims=True)
    return rest * (gamma * inv_std), np.diag(dout.T @ x_hat).copy(), dout.sum(axis=0)


@variant
def number_by_number(dout, cache):
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


ROADS = "(dbeta + x_hat * dgamma) / len(dout)"  # through mean and variance
DX = f"gamma * inv_std * (dout - {ROADS})"
RETURN = "return dx, dgamma, dbeta"


def returned(dx="dx", dgamma="dgamma", dbeta="dbeta"):
    """An edit that returns something else."""
    return {RETURN: f"return {dx}, {dgamma}, {dbeta}"}


MISTAKES = [
    mistake("Mean and variance are treated as constants: dx takes the straight road only.",
            "If one x moves, the mean and the variance move, and with them the outputs of all others.",
            {DX: "gamma * inv_std * dout"}),
    mistake("The road through the mean is missing in dx.",
            "Does your dx add up to zero over the batch?", {ROADS: "x_hat * dgamma / len(dout)"}),
    mistake("The road through the variance is missing in dx.",
            "Two examples and one feature: dx must be zero whatever dout is. Is it?", {ROADS: "dbeta / len(dout)"}),
    mistake("gamma is missing in dx.",
            "The first step back goes from out to x_hat. By which factor does out grow with x_hat?",
            {"gamma * inv_std": "inv_std"}),
    mistake("gamma comes in twice in dx.",
            "From out to x_hat gamma is a factor once. In which two of your lines does it stand?",
            {"gamma * inv_std": "gamma**2 * inv_std"}),
    mistake("dx is divided by gamma where it must be multiplied by it.",
            "out = gamma * x_hat + beta. What is the derivative with respect to x_hat?",
            {"gamma * inv_std": "inv_std / gamma"}),
    mistake("gamma is missing on the straight road only.",
            "dout times gamma is what arrives at x_hat, and all three roads start there.",
            {DX: f"inv_std * (dout - gamma * {ROADS})"}),
    mistake("gamma is missing on the roads through mean and variance.",
            "dout times gamma is what arrives at x_hat, and all three roads start there.",
            {DX: f"inv_std * (gamma * dout - {ROADS})"}),
    mistake("dx is not divided by the standard deviation.",
            "All three roads hold a factor 1/s. Where is yours?", {"gamma * inv_std": "gamma"}),
    mistake("dx is multiplied by the standard deviation where it must be divided by it.",
            "If the inputs are spread wider, does moving one of them matter more or less?",
            {"gamma * inv_std": "gamma / inv_std"}),
    mistake("dx is divided by the variance instead of the standard deviation.",
            "Which power of s stands in the derivative of x_hat by x?", {"gamma * inv_std": "gamma * inv_std**2"}),
    mistake("The straight road lacks its factor 1/s.",
            "Look at the first line of the table.", {DX: f"gamma * (dout - inv_std * {ROADS})"}),
    mistake("The road through the mean lacks its factor 1/s.",
            "Look at the table: what does it say for the way from the mean to each x_hat?",
            {DX: "gamma * (inv_std * dout - (dbeta + inv_std * x_hat * dgamma) / len(dout))"}),
    mistake("The power of s in the road through the variance is wrong: −2 where the table has −3.",
            "Differentiate the power −½ of the variance: which power is left, and of s?",
            {DX: "gamma * (inv_std * (dout - dbeta / len(dout)) - x_hat * dgamma / len(dout))"}),
    mistake("The power of s in the road through the variance is wrong: −½ where the table has −3 (of s).",
            "Differentiate (var + eps) to the power −½ by var, and count the power that is left.",
            {"x_hat * dgamma)": "x_hat * dgamma / inv_std**2)"}),
    mistake("The power of s in the road through the variance is wrong: −1½ where the table has −3.",
            "The variance comes to the power −1½ there. To which power does s, its root?",
            {"inv_std**3": "inv_std**1.5"}, of=by_the_long_chain),
    mistake("In the road through the variance x_hat stands where x − mean belongs.",
            "In two places of the table stands x − μ. By which factor is that larger than x_hat?",
            {"x_hat * dgamma)": "x_hat * dgamma * inv_std)"},
            {"x_hat * dgamma)": "x_hat * dgamma * inv_std**2)"}),
    mistake("The road through the variance is half as wide as it should be: a factor 2 got lost.",
            "What is the derivative of (x − mean)² ?", {"x_hat * dgamma)": "x_hat * dgamma / 2)"}),
    mistake("The road through the variance is twice as wide as it should be: the ½ of the root got lost.",
            "What is the derivative of the power −½?", {"x_hat * dgamma)": "2 * x_hat * dgamma)"}),
    mistake("The road through the variance is added with the wrong sign.",
            "A larger variance makes x_hat smaller: the derivative of the power −½ is negative.",
            {"dbeta + x_hat": "dbeta - x_hat"}),
    mistake("The road through the mean is added with the wrong sign.",
            "A larger mean makes every x_hat smaller.", {"dbeta + x_hat": "-dbeta + x_hat"}),
    mistake("The road through the variance lacks its last factor: how x moves the variance.",
            "Look at the table, from x to the variance: does every example move it by the same amount?",
            {"x_hat * dgamma)": "dgamma)"}),
    mistake("In dx the sums that belong to mean and variance have changed places.",
            "Which of the two sums holds x_hat already, and which of them is multiplied by x_hat again?",
            {"dbeta + x_hat * dgamma": "dgamma + x_hat * dbeta"}),
    mistake("The road through the mean is not summed over the batch: each example goes along its own share only.",
            "One mean serves all examples. What does its gradient collect?", {"dbeta + x_hat": "dout + x_hat"}),
    mistake("The road through the variance is not summed over the batch: each example goes along its own share only.",
            "One variance serves all examples. What does its gradient collect?",
            {"x_hat * dgamma)": "x_hat * dout * x_hat)"}),
    mistake("Mean and variance collect along the features (axis 1), not over the batch.",
            "One mean belongs to one feature. Over which axis do its examples lie?",
            {ROADS: "dout.mean(axis=1, keepdims=True) - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)"},
            {f"dx = {DX}": "straight = dout * gamma * inv_std\n"
                           "    dvar = (straight * x_hat * inv_std).sum(axis=1, keepdims=True)\n"
                           "    dmean = straight.sum(axis=1, keepdims=True)\n"
                           "    dx = straight - (dmean + x_hat / inv_std * dvar) / len(dout)"}),
    mistake("The sums of the roads through mean and variance are not divided by N.",
            "By how much does the mean move when one of N numbers moves by 1?", {ROADS: "(dbeta + x_hat * dgamma)"}),
    mistake("The road through the mean is not divided by N.",
            "By how much does the mean move when one of N examples moves by 1?",
            {ROADS: "dbeta - x_hat * dgamma / len(dout)"}),
    mistake("The road through the variance is not divided by N.",
            "Look at the table: from x to the variance.", {ROADS: "dbeta / len(dout) - x_hat * dgamma"}),
    mistake("The straight road is divided by N as well, like the two others.",
            "In the short formula, which of the three terms in the bracket has a factor N?",
            {DX: "gamma * inv_std * (dout - dbeta - x_hat * dgamma) / len(dout)"}),
    mistake("The roads through mean and variance divide by N − 1; the forward pass divides by N.",
            "Which number did the mean and the variance of the forward pass divide by?",
            {"len(dout)": "(len(dout) - 1)"}),
    mistake("N is the number of features here, or of all entries; it must be that of the examples.",
            "Which axis of dout runs over the batch? What does dout.size count, and what len(dout)?",
            {"len(dout)": "dout.shape[1]"}, {"len(dout)": "dout.size"}),
    mistake("dx is divided by N as a whole, though dout holds the 1/N of the loss already.",
            "Two of the three roads have a 1/N of their own. And the straight one?", returned("dx / len(dout)")),
    mistake("All three gradients are divided by N, though dout holds the 1/N of the loss already.",
            "For a loss that is a mean, where is its 1/N?",
            returned("dx / len(dout)", "dgamma / len(dout)", "dbeta / len(dout)")),
    mistake("dgamma and dbeta are averaged over the batch instead of summed.",
            "If the loss is a mean, its 1/N is in dout already. What remains to be done with the examples?",
            returned(dgamma="dgamma / len(dout)", dbeta="dbeta / len(dout)")),
    mistake("One of dgamma and dbeta is averaged over the batch, the other summed.",
            "beta and gamma are both shared by all examples. Why should they differ?",
            returned(dgamma="dgamma / len(dout)"), returned(dbeta="dbeta / len(dout)")),
    mistake("dgamma and dbeta are not summed over the batch and have the shape of dout.",
            "A gradient has the shape of what it belongs to. How many gammas are there?",
            returned(dgamma="dout * x_hat", dbeta="dout")),
    mistake("dgamma and dbeta are summed along the features, which fits, wrongly, only where N equals K.",
            "gamma has one entry per feature. Which axis has to go?",
            returned(dgamma="(dout * x_hat).sum(axis=1)", dbeta="dout.sum(axis=1)")),
    mistake("dgamma and dbeta keep an axis of length 1.",
            "gamma is (K,), so its gradient is (K,) too. What does keepdims do?",
            returned(dgamma="dgamma[np.newaxis]", dbeta="dbeta[np.newaxis]")),
    mistake("dgamma and dbeta are one number each, summed over everything.",
            "sum() without an axis adds up all features as well. How many gammas are there?",
            returned(dgamma="dgamma.sum()", dbeta="dbeta.sum()")),
    mistake("dgamma collects dout alone, without the normalised input.",
            "How much does out change when gamma changes a little and x_hat is large?", returned(dgamma="dbeta")),
    mistake("dgamma has a factor gamma too many.",
            "The derivative of gamma · x_hat by gamma holds no gamma.", returned(dgamma="gamma * dgamma")),
    mistake("dgamma uses the centred input, not the normalised one.",
            "gamma multiplies x_hat. Is what you multiply dout by already divided by the deviation?",
            returned(dgamma="dgamma / inv_std")),
    mistake("dbeta has a factor gamma too many.",
            "By how much does out change when beta changes by 1?", returned(dbeta="gamma * dbeta")),
    mistake("dgamma and dbeta have changed places.",
            "out = gamma · x_hat + beta: which of the two gradients has x_hat in it?",
            returned(dgamma="dbeta", dbeta="dgamma")),
    mistake("The gradients are returned in another order than dx, dgamma, dbeta.",
            "The order is that of the arguments of batchnorm_forward.", returned("dgamma", "dbeta", "dx")),
    mistake("dx has the wrong sign.",
            "Larger dout at a large x: should that x move with it or against it? Compare with central differences.",
            returned("-dx")),
    mistake("The gradient of x_hat is returned as dx: the way from x_hat to x is missing.",
            "dout times gamma is the gradient of the normalised input. How do you get from there to x?",
            {DX: "gamma * dout"}),
    mistake("dout itself is returned for dx.",
            "Which way leads from out back to x?", {DX: "dout.copy()"}),
    mistake("dx is zero everywhere.",
            "The sum of dx over the batch is zero; is dx itself?", {DX: "np.zeros_like(dout)"}),
    mistake("dx alone is returned; gamma and beta have gradients, too.",
            "How many gradients does the exercise ask for?",
            after=lambda gradients: gradients[0]),
    mistake("A dict is returned; three gradients are asked for, in the order dx, dgamma, dbeta.",
            "What can be written on the left of dx, dgamma, dbeta = ...?",
            after=lambda gradients: dict(zip(("dx", "dgamma", "dbeta"), gradients, strict=True))),
    mistake("dout is changed: the caller's array is multiplied by gamma as well.",
            "`dout *= ...` writes into the array that the caller still needs.",
            {f"dx = {DX}": "dout *= gamma\n"
                           "    dx = inv_std * (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0))"}),
    mistake("An array in the cache is overwritten, so that the same call made again gives something else.",
            "Do you write *= or -= on an array that came out of the cache?",
            {f"dx = {DX}": "x_hat *= dgamma / len(dout)\n"
                           "    dx = gamma * inv_std * (dout - dbeta / len(dout) - x_hat)"},
            {f"dx = {DX}": f"gamma *= inv_std\n    dx = gamma * (dout - {ROADS})"},
            {f"dx = {DX}": f"inv_std *= gamma\n    dx = inv_std * (dout - {ROADS})"}),
    *slips("nothing_returned"),
    mistake("The last factor of the short formula, 1 / N, is left out: dx is N times too large.",
            "Compare dx for a batch and for the same batch twice. Which factor belongs in front of N · dout?",
            {DX: "gamma * inv_std * (len(dout) * dout - dbeta - x_hat * dgamma)"}),
]
