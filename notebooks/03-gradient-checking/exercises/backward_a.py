"""backward_a: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import require

from .common import _check_backward, _check_backward_leaves_alone, _labels, _named, _random_params


def _loss_a(params, X, y, lam):
    m = len(y)
    scores = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    scores = scores - scores.real.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    penalty = lam / (2 * m) * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return -log_probs[np.arange(m), y].mean() + penalty


def test_backward_a_names_the_wrong_gradients(student):
    """All parameters of network A whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_a")
    require("W1" in named, "A parameter of network A whose gradient is wrong is not named.")
    require(named == {"W1"}, "A parameter of network A is named whose gradient was right.")


def test_backward_a_is_the_gradient(student, rng):
    """The mended gradient of network A is the gradient of its loss."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(150, 4)), _labels(rng, 150, 3), 2.0)


def test_backward_a_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [3, 3, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(3, 3)), np.array([2, 0, 2]), 1.5)


def test_backward_a_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [4, 6, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(1, 4)), np.array([1]), 0.7)


def test_backward_a_with_every_strength_of_the_penalty(student, rng):
    """The penalty counts as much as lam says: not at all, a little, or for nearly everything."""
    params = _random_params(rng, [3, 4, 2])
    X, y = rng.normal(size=(8, 3)), _labels(rng, 8, 2)
    for lam in (0.0, 0.1, 50.0):
        _check_backward(student.backward_a, _loss_a, params, X, y, lam)


def test_backward_a_where_scores_are_large(student, rng):
    """Scores in the thousands overflow nothing, whatever their batch mates."""
    params = _random_params(rng, [4, 5, 3])
    params["W2"] = params["W2"] * 3000
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(9, 4)), _labels(rng, 9, 3), 1.0)


def test_backward_a_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(6, 4)), _labels(rng, 6, 3), 1e7, rtol=1e-8)


@easy
def test_backward_a_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward_leaves_alone(student.backward_a, params, rng.normal(size=(6, 4)), _labels(rng, 6, 3), 2.0)


@variant
def a_one_example_at_a_time(params, X, y, lam):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    m = len(y)
    for x, label in zip(X, y, strict=True):
        h = np.tanh(x @ params["W1"] + params["b1"])
        s = h @ params["W2"] + params["b2"]
        p = np.exp(s - s.max())
        p /= p.sum()
        p[label] -= 1
        dz = params["W2"] @ p * (1 - h * h)
        grads["W2"] += np.outer(h, p) / m
        grads["b2"] += p / m
        grads["W1"] += np.outer(x, dz) / m
        grads["b1"] += dz / m
    for name in ("W1", "W2"):
        grads[name] += lam * params[name] / m
    return grads


@variant
def a_with_einsum_in_backward_order(params, X, y, lam):
    z = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    h = np.tanh(z)
    s = np.einsum("nh,hc->nc", h, params["W2"]) + params["b2"]
    s = s - np.max(s, axis=1)[:, None]
    log_p = s - np.log(np.sum(np.exp(s), axis=1))[:, None]
    ds = (np.exp(log_p) - np.eye(s.shape[1])[y]) / X.shape[0]
    dz = np.einsum("nc,hc->nh", ds, params["W2"]) / np.cosh(z) ** 2
    return {
        "b2": np.einsum("nc->c", ds),
        "W2": np.einsum("nh,nc->hc", h, ds) + lam * params["W2"] / X.shape[0],
        "b1": np.einsum("nh->h", dz),
        "W1": np.einsum("nd,nh->dh", X, dz) + lam * params["W1"] / X.shape[0],
    }


@variant
def a_with_the_mean_taken_last(params, X, y, lam):
    h = np.tanh(X.dot(params["W1"]) + params["b1"])
    s = h.dot(params["W2"]) + params["b2"]
    e = np.exp(s - s.max())  # one shift for the whole batch is enough while scores stay within a few hundred
    e = e if np.all(e.sum(axis=1) > 0) else np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    onehot = np.zeros(p.shape)
    onehot[range(len(y)), y] = 1
    d = p - onehot
    dz = d.dot(params["W2"].T) * (1 + h) * (1 - h)
    return {
        "W1": (X.T.dot(dz) + lam * params["W1"]) / len(y),
        "b1": dz.mean(axis=0),
        "W2": (h.T.dot(d) + lam * params["W2"]) / len(y),
        "b2": d.mean(axis=0),
    }


def a_unchanged(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_half_of_the_penalty(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam / (2 * m) * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_penalty_not_divided(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_penalises_biases(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    grads = {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": hidden.T @ dscores, "b2": dscores.sum(axis=0)}
    return {name: grads[name] + lam / m * params[name] for name in grads}


def a_adds_the_penalty_itself(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam / (2 * m) * np.sum(params["W1"] ** 2)
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_subtracts_the_penalty(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 - lam / m * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_drops_the_penalty_everywhere(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": hidden.T @ dscores, "b2": dscores.sum(axis=0)}


def a_central_differences(params, X, y, lam):
    def loss(p):
        scores = np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        scores = scores - scores.max(axis=1, keepdims=True)
        log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        penalty = lam / (2 * len(y)) * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        return -log_probs[np.arange(len(y)), y].mean() + penalty

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _a(params, X, y, lam, slope=lambda hidden: 1 - hidden**2, share=len):
    """Network A with the derivative of tanh and the share of an example to choose."""
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(len(y)), y] -= 1
    dscores /= share(y)
    dz1 = (dscores @ params["W2"].T) * slope(hidden)
    dW1 = X.T @ dz1 + lam / len(y) * params["W1"]
    dW2 = hidden.T @ dscores + lam / len(y) * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


def a_twice_the_penalty(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "W1": grads["W1"] + lam / len(y) * params["W1"]}


def a_squares_in_the_gradient(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "W1": grads["W1"] + lam / len(y) * (params["W1"] ** 2 - params["W1"])}


def a_penalises_the_first_bias(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "b1": grads["b1"] + lam / len(y) * params["b1"]}


def a_square_missing(params, X, y, lam):
    return _a(params, X, y, lam, slope=lambda hidden: 1 - hidden)


def a_averages_the_bias_again(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "b1": grads["b1"] / len(y)}


def a_sum_for_mean(params, X, y, lam):
    return _a(params, X, y, lam, share=lambda y: 1)


def a_takes_the_step_too(params, X, y, lam):
    grads = _a(params, X, y, lam)
    for name in params:
        params[name] -= 0.1 * grads[name]
    return grads


def a_returns_the_mended_one_only(params, X, y, lam):
    return {"W1": _a(params, X, y, lam)["W1"]}


def a_returns_a_tuple(params, X, y, lam):
    return tuple(_a(params, X, y, lam).values())


MISTAKES = [
    mistake("This is the faulty backward pass as it was: a term is still missing.",
            "The loss has a penalty on both weight matrices. Follow its derivative for each of them.",
            by=a_unchanged),
    mistake("The penalty's gradient has kept the ½ that the derivative of a square cancels.",
            "Differentiate lam/(2m) · w² with respect to w.",
            by=a_half_of_the_penalty),
    mistake("The penalty's gradient for W1 is not divided by the number of examples.",
            "The penalty in the loss has a 1/m. What became of it?",
            by=a_penalty_not_divided),
    mistake("The biases are penalised as well, but the loss does not penalise them.",
            "Which parameters appear in the penalty of loss_a? Only those get its derivative.",
            by=a_penalises_biases),
    mistake("The penalty itself, one number, is added to the gradient instead of its derivative.",
            "The derivative of a sum of squares with respect to a matrix is a matrix. What is yours?",
            by=a_adds_the_penalty_itself),
    mistake("The penalty's derivative is subtracted from W1's gradient: that is the update, not the gradient.",
            "Larger weights make the loss larger. Which sign must the derivative of the penalty have?",
            by=a_subtracts_the_penalty),
    mistake("The penalty was taken out of W2's gradient so that both layers agree, but the loss still has it.",
            "The gradient must follow the loss. Read the penalty in loss_a: which matrices are in it?",
            by=a_drops_the_penalty_everywhere),
    mistake("The gradient is measured with central differences instead of computed by backpropagation.",
            "That is the check, not the thing checked: slow, and inexact where the loss is large. Which line is wrong?",
            by=a_central_differences),
    mistake("The penalty's gradient for W1 is twice too large.",
            "Differentiate lam/(2m) · w² with respect to w: the 2 of the square meets the ½.",
            by=a_twice_the_penalty),
    mistake("The weights in the penalty's gradient are still squared.",
            "What is the derivative of w²?",
            by=a_squares_in_the_gradient),
    mistake("The bias b1 is penalised as well, but the loss does not penalise it.",
            "The gradient must follow the loss. Which parameters stand in its penalty?",
            by=a_penalises_the_first_bias),
    mistake("The derivative of tanh is written 1 - h instead of 1 - h².",
            "That line was right in the faulty version. Which gradients did the check complain about?",
            by=a_square_missing),
    mistake("The bias gradient is averaged over the examples a second time.",
            "dscores holds the 1/m already. That line was right in the faulty version.",
            by=a_averages_the_bias_again),
    mistake("The mean over the examples is missing: gradients are summed.",
            "The loss is a mean over m examples. Which line of the faulty version divides by m?",
            by=a_sum_for_mean),
    mistake("The parameters are updated inside the backward pass, so the caller's network has changed.",
            "A backward pass returns gradients. Who takes the step?",
            by=a_takes_the_step_too),
    mistake("Only the gradient that was mended is returned.",
            "The dict has four names: a network needs all of its gradients.",
            by=a_returns_the_mended_one_only),
    mistake("The gradients are returned without their names.",
            "The text asks for a dict, as the faulty version returns it.",
            by=a_returns_a_tuple),
]
