"""backward_c: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import require

from .common import _check_backward, _check_backward_leaves_alone, _labels, _named, _random_params, _relu


def _loss_c(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    magnitude = np.where(s.real > 0, s, -s)
    return np.mean(_relu(s) + np.log1p(np.exp(-magnitude)) - y * s)


def test_backward_c_names_the_wrong_gradients(student):
    """All parameters of network C whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_c")
    require({"W1", "b1", "W2", "b2"} <= named, "A parameter of network C whose gradient is wrong is not named.")
    require(named == {"W1", "b1", "W2", "b2"}, "A parameter of network C is named whose gradient was right.")


def test_backward_c_is_the_gradient(student, rng):
    """The mended gradient of network C is the gradient of its loss."""
    params = _random_params(rng, [2, 6, 5, 1])
    y = _labels(rng, 150, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(150, 2)), y)


def test_backward_c_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [4, 4, 4, 1])
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(4, 4)), np.array([1.0, 0.0, 0.0, 1.0]))


def test_backward_c_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [3, 5, 4, 1])
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(1, 3)), np.array([1.0]))


def test_backward_c_at_large_weights(student, rng):
    """Where tanh bends most, after some training, the gradient is still right."""
    params = _random_params(rng, [2, 6, 5, 1], scale=2.0)
    y = _labels(rng, 15, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(15, 2)), y)


def test_backward_c_with_all_labels_equal(student, rng):
    """A batch that holds one class only is no special case."""
    params = _random_params(rng, [2, 4, 3, 1])
    for label in (0.0, 1.0):
        _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(6, 2)), np.full(6, label))


def test_backward_c_is_backpropagation(student, rng):
    """The gradient is exact also where central differences lose their digits."""
    params = _random_params(rng, [2, 6, 5, 1])
    params["b3"] = params["b3"] + 300
    y = _labels(rng, 20, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(20, 2)), y, rtol=1e-10)


@easy
def test_backward_c_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [2, 4, 3, 1])
    y = _labels(rng, 6, 2).astype(float)
    _check_backward_leaves_alone(student.backward_c, params, rng.normal(size=(6, 2)), y)


@variant
def c_one_example_at_a_time(params, X, y):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for x, label in zip(X, y, strict=True):
        h1 = np.tanh(x @ params["W1"] + params["b1"])
        h2 = np.tanh(h1 @ params["W2"] + params["b2"])
        s = (h2 @ params["W3"] + params["b3"])[0]
        d = ((1 + np.tanh(s / 2)) / 2 - label) / len(y)
        d2 = params["W3"][:, 0] * d * (1 - h2**2)
        d1 = params["W2"] @ d2 * (1 - h1**2)
        for name, value in (("W3", h2[:, None] * d), ("b3", np.array([d])), ("W2", np.outer(h1, d2)), ("b2", d2),
                            ("W1", np.outer(x, d1)), ("b1", d1)):  # fmt: skip
            grads[name] = grads[name] + value
    return grads


@variant
def c_with_cosh(params, X, y):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = h2 @ params["W3"] + params["b3"]
    p = np.exp(-np.logaddexp(0, -s))
    ds = (p - y.reshape(-1, 1)) / X.shape[0]
    dz2 = ds * params["W3"].T / np.cosh(z2) ** 2
    dz1 = dz2 @ params["W2"].T / np.cosh(z1) ** 2
    return {
        "b3": ds.sum(axis=0), "W3": h2.T @ ds, "b2": dz2.sum(axis=0), "W2": h1.T @ dz2,
        "b1": dz1.sum(axis=0), "W1": X.T @ dz1,
    }  # fmt: skip


@variant
def c_with_einsum(params, X, y):
    h1 = np.tanh(np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"])
    h2 = np.tanh(np.einsum("ng,gh->nh", h1, params["W2"]) + params["b2"])
    s = np.einsum("nh,hk->nk", h2, params["W3"])[:, 0] + params["b3"][0]
    e = np.exp(-np.abs(s))
    p = np.where(s >= 0, 1, e) / (1 + e)
    d = (p - y) / len(y)
    d2 = np.einsum("n,h->nh", d, params["W3"][:, 0]) * (1 - h2) * (1 + h2)
    d1 = np.einsum("nh,gh->ng", d2, params["W2"]) * (1 - h1) * (1 + h1)
    return {
        "W1": np.einsum("nd,nh->dh", X, d1), "b1": d1.sum(0), "W2": np.einsum("ng,nh->gh", h1, d2), "b2": d2.sum(0),
        "W3": np.einsum("nh,n->h", h2, d)[:, None], "b3": np.atleast_1d(d.sum()),
    }  # fmt: skip


def c_unchanged(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - z2**2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_both_from_z(params, X, y):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - z2**2)
    dz1 = (dz2 @ params["W2"].T) * (1 - z1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_square_missing(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - h2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_square_of_the_difference(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - h2) ** 2
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_tanh_twice(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - np.tanh(h2) ** 2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_derivative_of_sigmoid(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * h2 * (1 - h2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_no_derivative(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = ds @ params["W3"].T
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_central_differences(params, X, y):
    def loss(p):
        h2 = np.tanh(np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
        s = (h2 @ p["W3"] + p["b3"])[:, 0]
        return np.mean(np.logaddexp(0, s) - y * s)

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _c(params, X, y, second=lambda h, z: 1 - h**2, first=lambda h, z: 1 - h**2, share=len):
    """Network C with the derivatives of both tanh layers and the share of an example to choose."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / share(X)
    dz2 = (ds @ params["W3"].T) * second(h2, z2)
    dz1 = (dz2 @ params["W2"].T) * first(h1, z1)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


def c_spoils_the_first_layer(params, X, y):
    return _c(params, X, y, first=lambda h, z: 1 - z**2)


def c_derivative_of_relu(params, X, y):
    return _c(params, X, y, second=lambda h, z: z > 0)


def c_plus_for_minus(params, X, y):
    return _c(params, X, y, second=lambda h, z: 1 + h**2)


def c_derivative_twice(params, X, y):
    return _c(params, X, y, second=lambda h, z: (1 - h**2) ** 2)


def c_sum_for_mean(params, X, y):
    return _c(params, X, y, share=lambda X: 1)


def c_label_minus_probability(params, X, y):
    return _c(params, X, y, share=lambda X: -len(X))


MISTAKES = [
    mistake("This is the faulty backward pass as it was: one derivative of tanh is taken at the wrong value.",
            "tanh'(z) = 1 - tanh²(z). Compare the two lines that use it: what is squared in each?",
            by=c_unchanged),
    mistake("The other tanh was changed to match the faulty line: now both are wrong.",
            "The check said that one layer was right. Which value does the derivative 1 - tanh²(z) need: z or the output?",
            by=c_both_from_z),
    mistake("The derivative is written 1 - h instead of 1 - h².",
            "Draw tanh: at h = -0.9 it is nearly flat. What does 1 - h give there?",
            by=c_square_missing),
    mistake("The derivative is written (1 - h)² instead of 1 - h².",
            "Which is squared, the output or the difference? Test it at h = 1, where tanh is flat, and at h = -1.",
            by=c_square_of_the_difference),
    mistake("tanh is applied a second time to what is already its output.",
            "h2 is tanh(z2) already. What does 1 - tanh²(z2) read in terms of h2?",
            by=c_tanh_twice),
    mistake("This is the derivative of the sigmoid, h(1 - h), but the layer is a tanh.",
            "What is the slope of tanh at 0, and what does h(1 - h) give there?",
            by=c_derivative_of_sigmoid),
    mistake("The derivative of the second tanh was taken out altogether.",
            "Without it the layer is treated as linear. Where is tanh flat, and what must happen to a gradient there?",
            by=c_no_derivative),
    mistake("The gradient is measured with central differences instead of computed by backpropagation.",
            "That is the check, not the thing checked: it is slow, and loses digits. Which line is wrong?",
            by=c_central_differences),
    mistake("The second layer is mended, but the derivative of the first is now taken at z instead of the output.",
            "The check said that one layer was right. Compare your lines with the faulty version, one by one.",
            by=c_spoils_the_first_layer),
    mistake("This is the derivative of a ReLU, but the layer is a tanh.",
            "Which function made h2 of z2 in the forward pass?",
            by=c_derivative_of_relu),
    mistake("The derivative is written 1 + h² instead of 1 - h².",
            "tanh is steepest at 0 and flat far out. Does yours grow or fall with h?",
            by=c_plus_for_minus),
    mistake("The derivative of the second tanh is applied twice.",
            "Each tanh of the forward pass has one derivative on the way back. How often does yours occur?",
            by=c_derivative_twice),
    mistake("The mean over the examples is missing: gradients are summed.",
            "The loss is a mean over m examples. Which line of the faulty version divides by m?",
            by=c_sum_for_mean),
    mistake("The sign of the error is flipped: label minus probability.",
            "That line was right in the faulty version. If the probability is too high, should s rise or fall?",
            by=c_label_minus_probability),
]
