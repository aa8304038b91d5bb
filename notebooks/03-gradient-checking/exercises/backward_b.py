"""backward_b: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import require

from .common import _check_backward, _check_backward_leaves_alone, _named, _random_params, _relu


def _loss_b(params, X, T):
    h1 = _relu(X @ params["W1"] + params["b1"])
    h2 = _relu(h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    return np.sum((out - T) ** 2) / (2 * len(X))


def test_backward_b_names_the_wrong_gradients(student):
    """All parameters of network B whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_b")
    require({"W1", "b1"} <= named, "A parameter of network B whose gradient is wrong is not named.")
    require(named == {"W1", "b1"}, "A parameter of network B is named whose gradient was right.")


def test_backward_b_is_the_gradient(student, rng):
    """The mended gradient of network B is the gradient of its loss."""
    params = _random_params(rng, [3, 6, 6, 2])
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(150, 3)), rng.normal(size=(150, 2)))


def test_backward_b_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [4, 4, 4, 4])
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(4, 4)), rng.normal(size=(4, 4)))


def test_backward_b_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [3, 9, 9, 1])
    params["b1"] = params["b1"] + 1
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(1, 3)), rng.normal(size=(1, 1)))


def test_backward_b_where_the_second_layer_is_dead(student, rng):
    """With the second layer silent the first learns through the shortcut alone."""
    params = _random_params(rng, [3, 5, 5, 2])
    params["b2"] = params["b2"] - 50
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_where_all_units_are_active(student, rng):
    """With every unit active both ways through the network count in full."""
    params = _random_params(rng, [3, 5, 5, 2])
    params["b1"], params["b2"] = params["b1"] + 40, params["b2"] + 400
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = _random_params(rng, [3, 6, 6, 2])
    X, T = rng.normal(size=(10, 3)), 1e7 * rng.normal(size=(10, 2))
    _check_backward(student.backward_b, _loss_b, params, X, T, rtol=1e-9)


@easy
def test_backward_b_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [3, 5, 5, 2])
    _check_backward_leaves_alone(student.backward_b, params, rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))


@variant
def b_one_example_at_a_time(params, X, T):
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
def b_accumulates_into_a_copy(params, X, T):
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
def b_as_two_paths(params, X, T):
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


def b_unchanged(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_shortcut_only(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = dsum * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_adds_after_the_mask(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = dsum + (dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_averages_the_branches(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dsum + dz2 @ params["W2"].T) / 2 * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_adds_into_a_shared_array(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dh1 = dh2 = dout @ params["W3"].T
    dh1 += (dh2 * (z2 > 0)) @ params["W2"].T
    dz2 = dh2 * (z2 > 0)
    dz1 = dh1 * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_masks_with_the_wrong_layer(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dsum + dz2 @ params["W2"].T) * (z2 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_masks_by_the_gradient(params, X, T):
    h1 = np.maximum(0, X @ params["W1"] + params["b1"])
    h2 = np.maximum(0, h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (dsum > 0)
    dh1 = dsum + dz2 @ params["W2"].T
    dz1 = dh1 * (dh1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_central_differences(params, X, T):
    def loss(p):
        h1 = np.maximum(0, X @ p["W1"] + p["b1"])
        h2 = np.maximum(0, h1 @ p["W2"] + p["b2"])
        return np.sum(((h1 + h2) @ p["W3"] + p["b3"] - T) ** 2) / (2 * len(X))

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _b(params, X, T, arriving, share=len):
    """Network B with what arrives at h1, from its two ways, and the share of an example to choose."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    dout = ((h1 + h2) @ params["W3"] + params["b3"] - T) / share(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = arriving(dsum, dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


def b_multiplies_the_branches(params, X, T):
    return _b(params, X, T, lambda short, through: short * through)


def b_subtracts_a_branch(params, X, T):
    return _b(params, X, T, lambda short, through: short - through)


def b_doubles_one_branch(params, X, T):
    return _b(params, X, T, lambda short, through: 2 * through)


def b_skips_the_second_mask(params, X, T):
    return _b(params, X, T, lambda short, through: short + short @ params["W2"].T)


def b_without_a_transpose(params, X, T):
    z2 = np.maximum(0, X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    return _b(params, X, T, lambda short, through: short + (short * (z2 > 0)) @ params["W2"])


def b_sum_for_mean(params, X, T):
    return _b(params, X, T, lambda short, through: short + through, share=lambda X: 1)


def b_divides_by_all_targets(params, X, T):
    return _b(params, X, T, lambda short, through: short + through, share=lambda X: T.size)


def b_output_sees_one_layer(params, X, T):
    grads = _b(params, X, T, lambda short, through: short + through)
    h1 = np.maximum(0, X @ params["W1"] + params["b1"])
    h2 = np.maximum(0, h1 @ params["W2"] + params["b2"])
    return {**grads, "W3": h2.T @ ((h1 + h2) @ params["W3"] + params["b3"] - T) / len(X)}


MISTAKES = [
    mistake("The shortcut's gradient is overwritten, so that it never reaches the first layer.",
            "h1 is used twice in the forward pass. How many gradients arrive at it, and what happens to the first?",
            by=b_unchanged),
    mistake("Only the shortcut's gradient reaches the first layer; the way through the second layer is lost.",
            "h1 is used in two places of the forward pass. Which of them is missing now?",
            by=b_shortcut_only),
    mistake("The shortcut's gradient is added after the ReLU of the first layer, so it passes through dead units.",
            "The shortcut starts at h1, behind the ReLU. On the way back, is it met before or after the mask (z1 > 0)?",
            by=b_adds_after_the_mask),
    mistake("The two gradients that meet at h1 are averaged instead of added.",
            "The chain rule for a value that is used twice: do its effects on the loss add up, or share?",
            by=b_averages_the_branches),
    mistake("The sum is written into an array with two names, so the second layer's gradient changes too.",
            "dh1 = dh2 = … makes two names for one array. What does += do to it, and is it used again afterwards?",
            by=b_adds_into_a_shared_array),
    mistake("The first layer's gradient is masked with the second layer's ReLU.",
            "Each ReLU blocks the units that were silent in its own layer. Which z belongs to the first?",
            by=b_masks_with_the_wrong_layer),
    mistake("The ReLU masks look at the incoming gradient instead of the input of the ReLU.",
            "A ReLU blocks where its own input was negative, whatever the sign of the gradient that arrives.",
            by=b_masks_by_the_gradient),
    mistake("The gradient is measured with central differences instead of computed by backpropagation.",
            "That is the check, not the thing checked: slow, and inexact where the loss is large. Which line is wrong?",
            by=b_central_differences),
    mistake("The two gradients that meet at h1 are multiplied instead of added.",
            "A value that is used twice has two effects on the loss. How do two effects combine?",
            by=b_multiplies_the_branches),
    mistake("One of the two gradients that meet at h1 is subtracted.",
            "Both ways lead to the same loss, and h1 is added in both. Which sign has each?",
            by=b_subtracts_a_branch),
    mistake("The way through the second layer is counted twice, and the shortcut not at all.",
            "Which two places of the forward pass use h1? Each sends its own gradient back.",
            by=b_doubles_one_branch),
    mistake("What comes back through the second layer has not passed its ReLU.",
            "The second layer's mask makes dz2 of dh2. Which of them goes through W2?",
            by=b_skips_the_second_mask),
    mistake("W2 is not transposed on the way back.",
            "Forward is h1 @ W2. Try layers of different widths: which shape fits on the way back?",
            by=b_without_a_transpose),
    mistake("The mean over the examples is missing: gradients are summed.",
            "The loss has 1/(2m). Which line of the faulty version divides by m?",
            by=b_sum_for_mean),
    mistake("The gradient is divided by the number of all target values instead of examples.",
            "The loss has 1/(2m), with m rows, however many columns.",
            by=b_divides_by_all_targets),
    mistake("W3's gradient sees one of the two layers only.",
            "W3 multiplies h1 + h2. That line was right in the faulty version.",
            by=b_output_sees_one_layer),
]
