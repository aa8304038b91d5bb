"""backward_a: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant

from .common import MEASURED, SUMMED, check_backward, labels, measured, random_params, require_wrong_ones_named

HINTS = (
    "Which parameters are wrong by errors_by_parameter, and which of them is computed nearest to the loss?",
    "Read the loss term by term. Does every term that depends on a parameter have its share in the gradient of"
    " that parameter?",
    "If a loss is (3 - 2w)² + 5w², its slope has two parts: -4 (3 - 2w) and 10w. Leaving the second out is off"
    " by 10w, at every w but 0.",
)


def _loss_a(params, X, y, lam):
    m = len(y)
    scores = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    scores = scores - scores.real.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    penalty = lam / (2 * m) * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return -log_probs[np.arange(m), y].mean() + penalty


def test_backward_a_names_the_wrong_gradients(student):
    """All parameters of network A whose gradient was wrong are named, and no other."""
    require_wrong_ones_named(student, "A", {"W1"})


def test_backward_a_is_the_gradient(student, rng):
    """The corrected gradient of network A is the gradient of its loss."""
    params = random_params(rng, [4, 5, 3])
    check_backward(student.backward_a, _loss_a, params, rng.normal(size=(150, 4)), labels(rng, 150, 3), 2.0)


def test_backward_a_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = random_params(rng, [3, 3, 3])
    check_backward(student.backward_a, _loss_a, params, rng.normal(size=(3, 3)), np.array([2, 0, 2]), 1.5)


def test_backward_a_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = random_params(rng, [4, 6, 3])
    check_backward(student.backward_a, _loss_a, params, rng.normal(size=(1, 4)), np.array([1]), 0.7)


def test_backward_a_with_every_strength_of_the_penalty(student, rng):
    """The penalty counts as much as lam says: not at all, a little, or for nearly everything."""
    params = random_params(rng, [3, 4, 2])
    X, y = rng.normal(size=(8, 3)), labels(rng, 8, 2)
    for lam in (0.0, 0.1, 50.0):
        check_backward(student.backward_a, _loss_a, params, X, y, lam)


def test_backward_a_where_scores_are_large(student, rng):
    """Scores in the thousands overflow nothing, whatever their batch mates."""
    params = random_params(rng, [4, 5, 3])
    params["W2"] = params["W2"] * 3000
    check_backward(student.backward_a, _loss_a, params, rng.normal(size=(9, 4)), labels(rng, 9, 3), 1.0)


def test_backward_a_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = random_params(rng, [4, 5, 3])
    check_backward(student.backward_a, _loss_a, params, rng.normal(size=(6, 4)), labels(rng, 6, 3), 1e7, rtol=1e-8)


@variant
def one_example_at_a_time(params, X, y, lam):
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
def with_einsum_in_backward_order(params, X, y, lam):
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
def with_the_mean_taken_last(params, X, y, lam):
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


PENALTY = 'lam / m * params["W1"]'
RETURN = 'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}'
MISTAKES = [
    mistake("This is the faulty backward pass as it was: a term is still missing.",
            "The loss has a penalty on both weight matrices. Follow its derivative for each of them.",
            {f" + {PENALTY}": ""}),
    mistake("The penalty's gradient has kept the ½ that the derivative of a square cancels.",
            "Differentiate lam/(2m) · w² with respect to w.",
            {PENALTY: 'lam / (2 * m) * params["W1"]'}),
    mistake("The penalty's gradient for W1 is twice too large.",
            "Differentiate lam/(2m) · w² with respect to w: the 2 of the square meets the ½.",
            {PENALTY: f"2 * {PENALTY}"}),
    mistake("The penalty's gradient for W1 is not divided by the number of examples.",
            "The penalty in the loss has a 1/m. What became of it?",
            {PENALTY: 'lam * params["W1"]'}),
    mistake("The weights in the penalty's gradient are still squared.",
            "What is the derivative of w²?",
            {PENALTY: f"{PENALTY} ** 2"}),
    mistake("The penalty itself, one number, is added to the gradient instead of its derivative.",
            "The derivative of a sum of squares with respect to a matrix is a matrix. What is yours?",
            {PENALTY: 'lam / (2 * m) * np.sum(params["W1"] ** 2)'}),
    mistake("The penalty's derivative is subtracted from W1's gradient: that is the update, not the gradient.",
            "Larger weights make the loss larger. What must be the sign of the penalty's derivative?",
            {f"+ {PENALTY}": f"- {PENALTY}"}),
    mistake("The penalty was taken out of W2's gradient so that both layers agree, but the loss still has it.",
            "The gradient must follow the loss. Read the penalty in loss_a: which matrices are in it?",
            {f" + {PENALTY}": "", ' + lam / m * params["W2"]': ""}),
    mistake("Biases are penalised as well, but the loss does not penalise them.",
            "Which parameters appear in the penalty of loss_a? Only those get its derivative.",
            {"db1 = dz1.sum(axis=0)": 'db1 = dz1.sum(axis=0) + lam / m * params["b1"]'},
            {"db1 = dz1.sum(axis=0)": 'db1 = dz1.sum(axis=0) + lam / m * params["b1"]',
             "db2 = dscores.sum(axis=0)": 'db2 = dscores.sum(axis=0) + lam / m * params["b2"]'}),
    mistake(*MEASURED, {"m = len(y)": measured("loss_a", "X", "y", "lam")}),
    mistake(*SUMMED, {"    dscores /= m\n": ""}),
    mistake("The derivative of tanh is written 1 - h instead of 1 - h².",
            "That line was right in the faulty version. Which gradients did the check complain about?",
            {"1 - hidden**2": "1 - hidden"}),
    mistake("The bias gradient is averaged over the examples a second time.",
            "dscores holds the 1/m already. That line was right in the faulty version.",
            {"dz1.sum(axis=0)": "dz1.sum(axis=0) / m"}),
    mistake("The parameters are updated inside the backward pass, so the caller's network has changed.",
            "A backward pass returns gradients. Who takes the step?",
            {RETURN: RETURN.replace("return", "grads =") + "\n    for name in params:\n"
                     "        params[name] -= 0.1 * grads[name]\n    return grads"}),
    mistake("Only the gradient that was fixed is returned.",
            "The dict has four names: a network needs all of its gradients.",
            after=lambda grads: {"W1": grads["W1"]}),
    mistake("The gradients are returned without their names.",
            "The text asks for a dict, as the faulty version returns it.",
            after=lambda grads: tuple(grads.values())),
]
