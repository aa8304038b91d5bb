"""backward_b: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant

from .common import MEASURED, SUMMED, check_backward, measured, random_params, relu, require_wrong_ones_named

HINTS = (
    "How many ways lead from h1 to the loss?",
    "When a value is used in two places, what happens to the two gradients that come back?",
    "y = a², z = y + 3y²: y is used twice. At a = 1 the slopes that reach y are 1 and 6, 7 together, so dz/da "
    "= 7 · 2 = 14.",
)


def _loss_b(params, X, T):
    h1 = relu(X @ params["W1"] + params["b1"])
    h2 = relu(h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    return np.sum((out - T) ** 2) / (2 * len(X))


def test_backward_b_names_the_wrong_gradients(student):
    """All parameters of network B whose gradient was wrong are named, and no other."""
    require_wrong_ones_named(student, "B", {"W1", "b1"})


def test_backward_b_is_the_gradient(student, rng):
    """The corrected gradient of network B is the gradient of its loss."""
    params = random_params(rng, [3, 6, 6, 2])
    check_backward(student.backward_b, _loss_b, params, rng.normal(size=(150, 3)), rng.normal(size=(150, 2)))


def test_backward_b_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = random_params(rng, [4, 4, 4, 4])
    check_backward(student.backward_b, _loss_b, params, rng.normal(size=(4, 4)), rng.normal(size=(4, 4)))


def test_backward_b_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = random_params(rng, [3, 9, 9, 1])
    params["b1"] = params["b1"] + 1
    check_backward(student.backward_b, _loss_b, params, rng.normal(size=(1, 3)), rng.normal(size=(1, 1)))


def test_backward_b_where_the_second_layer_is_dead(student, rng):
    """With the second layer silent the first learns through the shortcut alone."""
    params = random_params(rng, [3, 5, 5, 2])
    params["b2"] = params["b2"] - 50
    check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_where_all_units_are_active(student, rng):
    """With every unit active both ways through the network count in full."""
    params = random_params(rng, [3, 5, 5, 2])
    params["b1"], params["b2"] = params["b1"] + 40, params["b2"] + 400
    check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = random_params(rng, [3, 6, 6, 2])
    X, T = rng.normal(size=(10, 3)), 1e7 * rng.normal(size=(10, 2))
    check_backward(student.backward_b, _loss_b, params, X, T, rtol=1e-9)


@variant
def one_example_at_a_time(params, X, T):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for x, t in zip(X, T, strict=True):
        z1 = x @ params["W1"] + params["b1"]
        h1 = z1 * (z1 > 0)
        z2 = h1 @ params["W2"] + params["b2"]
        h2 = z2 * (z2 > 0)
        d = ((h1 + h2) @ params["W3"] + params["b3"] - t) / len(X)
        back = params["W3"] @ d
        d2 = np.where(z2 > 0, back, 0)
        d1 = np.where(z1 > 0, back + params["W2"] @ d2, 0)
        for name, value in (("W3", np.outer(h1 + h2, d)), ("b3", d), ("W2", np.outer(h1, d2)), ("b2", d2),
                            ("W1", np.outer(x, d1)), ("b1", d1)):  # fmt: skip
            grads[name] += value
    return grads


@variant
def accumulates_into_a_copy(params, X, T):
    a1 = X @ params["W1"] + params["b1"]
    r1 = np.where(a1 > 0, a1, 0.0)
    a2 = r1 @ params["W2"] + params["b2"]
    r2 = np.where(a2 > 0, a2, 0.0)
    total = r1 + r2
    g = (total @ params["W3"] + params["b3"] - T) / X.shape[0]
    grads = {"W3": total.T @ g, "b3": np.sum(g, axis=0)}
    g = g @ params["W3"].T
    into_h1 = g.copy()
    g = g.copy()
    g[a2 <= 0] = 0
    grads["W2"], grads["b2"] = r1.T @ g, np.sum(g, axis=0)
    into_h1 += g @ params["W2"].T
    into_h1[a1 <= 0] = 0
    grads["W1"], grads["b1"] = X.T @ into_h1, np.sum(into_h1, axis=0)
    return grads


@variant
def as_two_paths(params, X, T):
    m = len(X)
    z1 = X @ params["W1"] + params["b1"]
    on1 = (z1 > 0).astype(float)
    h1 = z1 * on1
    z2 = h1 @ params["W2"] + params["b2"]
    on2 = (z2 > 0).astype(float)
    h2 = z2 * on2
    d = (h1 @ params["W3"] + h2 @ params["W3"] + params["b3"] - T) / m
    back = np.einsum("nk,hk->nh", d, params["W3"])
    short = back * on1
    d2 = back * on2
    long = np.einsum("nh,gh->ng", d2, params["W2"]) * on1
    return {
        "W1": X.T @ short + X.T @ long,
        "b1": short.sum(0) + long.sum(0),
        "W2": h1.T @ d2,
        "b2": d2.sum(0),
        "W3": h1.T @ d + h2.T @ d,
        "b3": d.sum(0),
    }


ARRIVING = 'dsum + dz2 @ params["W2"].T'
MISTAKES = [
    mistake("The shortcut's gradient is overwritten, so that it never reaches the first layer.",
            "h1 is used twice in the forward pass. How many gradients arrive at it, and what happens to the first?",
            {"dsum + dz2": "dz2"}),
    mistake("Only the shortcut's gradient reaches the first layer; the way through the second layer is lost.",
            "h1 is used in two places of the forward pass. Which of them is missing now?",
            {ARRIVING: "dsum"}),
    mistake("The shortcut's gradient is added after the ReLU of the first layer, so it passes through dead units.",
            "The shortcut starts at h1, behind the ReLU. On the way back, is it met before or after the mask (z1 > 0)?",
            {"dsum + dz2": "dz2", "dh1 * (z1 > 0)": "dsum + dh1 * (z1 > 0)"}),
    mistake("The shortcut's gradient has gone through the ReLU of the second layer, which the shortcut goes round.",
            "Which mask meets what comes back past the second layer? If dh1 = dh2 = …, how many arrays are there?",
            {"dsum + dz2": "dz2 + dz2"}),
    mistake("The two gradients that meet at h1 are averaged instead of added.",
            "The chain rule for a value that is used twice: do its effects on the loss add up, or share?",
            {ARRIVING: f"({ARRIVING}) / 2"}),
    mistake("The two gradients that meet at h1 are multiplied instead of added.",
            "A value that is used twice has two effects on the loss. How do two effects combine?",
            {ARRIVING: 'dsum * (dz2 @ params["W2"].T)'}),
    mistake("One of the two gradients that meet at h1 is subtracted.",
            "Both ways lead to the same loss, and h1 is added in both. What is the sign of each?",
            {"dsum + dz2": "dsum - dz2"}),
    mistake("The way through the second layer is counted twice, and the shortcut not at all.",
            "Which two places of the forward pass use h1? Each sends its own gradient back.",
            {"dsum + dz2": "2 * dz2"}),
    mistake("The sum is written into an array with two names, so the second layer's gradient changes too.",
            "dh1 = dh2 = … makes two names for one array. What does += do to it, and is it used again afterwards?",
            {"dsum = dout": "dh1 = dsum = dout",
             "dz2 = dsum": 'dh1 += (dsum * (z2 > 0)) @ params["W2"].T\n    dz2 = dsum',
             f"dh1 = {ARRIVING}": "dh1 = dsum"}),
    mistake("The first layer's gradient is masked with the second layer's ReLU.",
            "Each ReLU blocks the units that were silent in its own layer. Which z belongs to the first?",
            {"(z1 > 0)": "(z2 > 0)"}),
    mistake("The ReLU masks look at the incoming gradient instead of the input of the ReLU.",
            "A ReLU blocks where its own input was negative, whatever the sign of the gradient that arrives.",
            {"(z2 > 0)": "(dsum > 0)", "(z1 > 0)": "(dh1 > 0)"}),
    mistake("What comes back through the second layer has not passed its ReLU.",
            "The second layer's mask makes dz2 of dh2. Which of them goes through W2?",
            {"dsum + dz2": "dsum + dsum"}),
    mistake("W2 is not transposed on the way back.",
            "Forward is h1 @ W2. Try layers of different widths: which shape fits on the way back?",
            {'params["W2"].T': 'params["W2"]'}),
    mistake(*MEASURED, {"z1 = X": measured("loss_b", "X", "T") + "\n    z1 = X"}),
    mistake(*SUMMED, {" / len(X)": ""}),
    mistake("The gradient is divided by the number of all target values instead of examples.",
            "The loss has 1/(2m), with m rows, however many columns.",
            {"len(X)": "T.size"}),
    mistake("W3's gradient sees only one of the two layers.",
            "W3 multiplies h1 + h2. That line was right in the faulty version.",
            {"dW3 = (h1 + h2).T": "dW3 = h2.T"}),
]
