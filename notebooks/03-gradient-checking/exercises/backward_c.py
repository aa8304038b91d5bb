"""backward_c: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant

from .common import MEASURED, SUMMED, check_backward, labels, measured, random_params, relu, require_wrong_ones_named

HINTS = (
    "Which parameters are right, even after training? The fault sits just behind the last right one.",
    "The slope of a function can be written in its input or in its output. Which of the two does each line "
    "hold in its hands?",
    "For the sigmoid the output form is s (1 - s). At z = 2, s = 0.881: s (1 - s) = 0.105, but z (1 - z) = -2."
    " At which z would nobody notice a mix-up?",
)


def _loss_c(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    magnitude = np.where(s.real > 0, s, -s)
    return np.mean(relu(s) + np.log1p(np.exp(-magnitude)) - y * s)


def test_backward_c_names_the_wrong_gradients(student):
    """All parameters of network C whose gradient was wrong are named, and no other."""
    require_wrong_ones_named(student, "C", {"W1", "b1", "W2", "b2"})


def test_backward_c_is_the_gradient(student, rng):
    """The corrected gradient of network C is the gradient of its loss."""
    params = random_params(rng, [2, 6, 5, 1])
    y = labels(rng, 150, 2).astype(float)
    check_backward(student.backward_c, _loss_c, params, rng.normal(size=(150, 2)), y)


def test_backward_c_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = random_params(rng, [4, 4, 4, 1])
    check_backward(student.backward_c, _loss_c, params, rng.normal(size=(4, 4)), np.array([1.0, 0.0, 0.0, 1.0]))


def test_backward_c_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = random_params(rng, [3, 5, 4, 1])
    check_backward(student.backward_c, _loss_c, params, rng.normal(size=(1, 3)), np.array([1.0]))


def test_backward_c_at_large_weights(student, rng):
    """Where tanh bends most, after some training, the gradient is still right."""
    params = random_params(rng, [2, 6, 5, 1], scale=2.0)
    y = labels(rng, 15, 2).astype(float)
    check_backward(student.backward_c, _loss_c, params, rng.normal(size=(15, 2)), y)


def test_backward_c_with_all_labels_equal(student, rng):
    """A batch that holds one class only is no special case."""
    params = random_params(rng, [2, 4, 3, 1])
    for label in (0.0, 1.0):
        check_backward(student.backward_c, _loss_c, params, rng.normal(size=(6, 2)), np.full(6, label))


def test_backward_c_is_backpropagation(student, rng):
    """The gradient is exact also where central differences lose their digits."""
    params = random_params(rng, [2, 6, 5, 1])
    params["b3"] = params["b3"] + 300
    y = labels(rng, 20, 2).astype(float)
    check_backward(student.backward_c, _loss_c, params, rng.normal(size=(20, 2)), y, rtol=1e-10)


@variant
def one_example_at_a_time(params, X, y):
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
def with_cosh(params, X, y):
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
def with_einsum(params, X, y):
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


SLOPE = "(1 - h2**2)"
MISTAKES = [
    mistake("This is the faulty backward pass as it was: one derivative of tanh is taken at the wrong value.",
            "tanh'(z) = 1 - tanh²(z). Compare the two lines that use it: what is squared in each?",
            {"h2**2": "z2**2"}),
    mistake("The other tanh was changed to match the faulty line: now both are wrong.",
            "The check said that one layer was right. Which value does the derivative 1 - tanh²(z) need: z or the "
            "output?",
            {"h2**2": "z2**2", "h1**2": "z1**2"}),
    mistake("The second layer is fixed, but the derivative of the first is now taken at z instead of the output.",
            "The check said that one layer was right. Compare your lines with the faulty version, one by one.",
            {"h1**2": "z1**2"}),
    mistake("The derivative of one layer's tanh is taken at the output of the other layer.",
            "A slope is taken where that layer's own numbers are. Which output belongs to which dz?",
            {SLOPE: "(1 - h1**2)"}, {"(1 - h1**2)": "(1 - h2**2)"}),
    mistake("The derivative is written 1 - h instead of 1 - h².",
            "Draw tanh: at h = -0.9 it is nearly flat. What does 1 - h give there?",
            {SLOPE: "(1 - h2)"}),
    mistake("The derivative is written (1 - h)² instead of 1 - h².",
            "Which is squared, the output or the difference? Test it at h = 1, where tanh is flat, and at h = -1.",
            {SLOPE: "(1 - h2) ** 2"}),
    mistake("The derivative is written 1 + h² instead of 1 - h².",
            "tanh is steepest at 0 and flat far out. Does yours grow or fall with h?",
            {SLOPE: "(1 + h2**2)"}),
    mistake("tanh is applied a second time to what is already its output.",
            "h2 is tanh(z2) already. What does 1 - tanh²(z2) read in terms of h2?",
            {SLOPE: "(1 - np.tanh(h2) ** 2)"}),
    mistake("This is the derivative of the sigmoid, h(1 - h), but the layer is a tanh.",
            "What is the slope of tanh at 0, and what does h(1 - h) give there?",
            {SLOPE: "h2 * (1 - h2)"}),
    mistake("This is the derivative of a ReLU, but the layer is a tanh.",
            "Which function made h2 of z2 in the forward pass?",
            {SLOPE: "(z2 > 0)"}),
    mistake("The derivative of the second tanh was taken out altogether.",
            "Without it the layer is treated as linear. Where is tanh flat, and what must happen to a gradient there?",
            {f" * {SLOPE}": ""}),
    mistake("The derivative of the second tanh is applied twice.",
            "Each tanh of the forward pass has one derivative on the way back. How often does yours occur?",
            {SLOPE: f"{SLOPE} ** 2"}),
    mistake(*MEASURED, {"z1 = X": measured("loss_c", "X", "y") + "\n    z1 = X"}),
    mistake(*SUMMED, {" / len(X)": ""}),
    mistake("The sign of the error is flipped: label minus probability.",
            "That line was right in the faulty version. If the probability is too high, should s rise or fall?",
            {"1 / (1 + np.exp(-s)) - y": "y - 1 / (1 + np.exp(-s))"}),
]
