"""weight_decay_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged


def _decay(student, w, dw, *strength):
    got = student.weight_decay_step(w.copy(), dw.copy(), *strength)
    assert_close(got, reference.weight_decay_step(w, dw, *strength), what="the new weights")
    return got


def test_weight_decay_step_is_the_step_on_the_penalised_cost(student, rng):
    """The same as a step against the gradient of the loss plus that of the penalty."""
    w, dw = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = w - 0.3 * (dw + 2.0 / 5 * w)
    assert_close(student.weight_decay_step(w, dw, 0.3, 2.0, 5), expected, what="the new weights")


def test_weight_decay_step_for_many_strengths(student, rng):
    """Rate, lam and m each play their own part."""
    w, dw = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    for strength in [
        (0.1, 0.7, 10),
        (0.5, 0.7, 10),
        (0.1, 5.0, 10),
        (0.1, 0.7, 3),
        (2.0, 0.3, 1),
        (0.01, 40.0, 200),
        (2.0, 3.0, 4),
    ]:
        _decay(student, w, dw, *strength)


def test_weight_decay_step_without_gradient_only_shrinks(student, rng):
    """Where the loss does not pull, every weight is multiplied by 1 - lr * lam / m."""
    w = 10 * rng.normal(size=(3, 5))
    got = student.weight_decay_step(w.copy(), np.zeros((3, 5)), 0.2, 3.0, 4)
    assert_close(got, 0.85 * w, what="the shrunk weights")
    _decay(student, w, np.zeros((3, 5)), 0.05, 3.0, 12)


def test_weight_decay_step_without_lam_is_the_usual_step(student, rng):
    """With lam = 0 nothing decays."""
    w, dw = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    _decay(student, w, dw, 0.4, 1.5, 7)
    got = student.weight_decay_step(w.copy(), dw.copy(), 0.4, 0.0, 7)
    assert_close(got, w - 0.4 * dw, what="the new weights")


def test_weight_decay_step_of_any_shape(student, rng):
    """Vectors, single numbers and arrays of three axes decay as matrices do."""
    for shape in [(6,), (1,), (2, 3, 2), (), (150, 2)]:
        _decay(student, np.array(rng.normal(size=shape)), np.array(rng.normal(size=shape)), 0.3, 2.0, 9)


def test_weight_decay_step_five_times_in_a_row(student, rng):
    """Five steps with changing gradients, each from what the last one returned."""
    w = rng.normal(size=(3, 2))
    for _ in range(5):
        w = np.asarray(_decay(student, w, rng.normal(size=(3, 2)), 0.25, 3.0, 7))


def test_weight_decay_step_leaves_its_inputs_alone(student, rng):
    """Neither w nor dw changes."""
    w, dw = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    before = w.copy(), dw.copy()
    got = student.weight_decay_step(w, dw, 0.3, 2.0, 5)
    assert_unchanged(w, before[0], what="w")
    assert_unchanged(dw, before[1], what="dw")
    assert_close(got, reference.weight_decay_step(*before, 0.3, 2.0, 5), what="the new weights")


@variant
def decay_the_long_way(w, dw, lr, lam, m):
    return w - lr * (dw + lam / m * w)


@variant
def decay_on_a_copy(w, dw, lr, lam, m):
    new = np.array(w, dtype=float)
    new *= 1 - lr * lam / m
    new -= lr * dw
    return new


@variant
def decay_in_three_parts(w, dw, lr, lam, m):
    return np.subtract(w, lr * dw) - (lr * lam / m) * w


@variant
def decay_entry_by_entry(w, dw, lr, lam, m):
    new = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * dw[index] - lr * w[index] * lam / m
    return new


def decay_in_place(w, dw, lr, lam, m):
    w *= 1 - lr * lam / m
    w -= lr * dw
    return w


def decay_of_matrices_alone(w, dw, lr, lam, m):
    return (1 - lr * lam / m if w.ndim > 1 else 1) * w - lr * dw


MISTAKES = [
    mistake("The factor is 1 - lr*lam: m is missing.",
            "Work the example through by hand: what is the factor for m = 10?",
            {"/ m": ""}),
    mistake("The factor is 1 - lam/m: the rate is missing.",
            "The penalty's gradient is part of the step, which is multiplied by the rate. All of it?",
            {"lr * lam": "lam"}),
    mistake("The factor is 1 - lr*lam/(2m): the half of the penalty has no place in its gradient.",
            "Differentiate the penalty: what becomes of the 2?",
            {"/ m": "/ (2 * m)"}),
    mistake("The factor is 1 - 2*lr*lam/m: twice the decay.",
            "Differentiate the penalty, the half included.",
            {"1 -": "1 - 2 *"}),
    mistake("The weights grow: the factor is above 1.",
            "Which way does a penalty on large weights push them?",
            {"1 -": "1 +"}),
    mistake("The gradient is added: the step climbs.",
            "The gradient points to where the loss grows.",
            {"w -": "w +"}),
    mistake("The rate is left out of the usual step.",
            "What should happen to the weights with lr = 0?",
            {"lr * dw": "dw"}),
    mistake("The step comes first and the result is shrunk: the gradient decays, too.",
            "To which of the two terms does the factor belong? Multiply your brackets out.",
            {") *": ") * (", "* dw": "* dw)"}),
    mistake("The gradient is shrunk instead of the weights.",
            "Which of w and dw is the penalty about?",
            {"dw + lam / m * w)": "1 - lr * lam / m) * dw"}, of=decay_the_long_way),
    mistake("Nothing decays: this is the usual step.",
            "Where do lam and m occur in your step?",
            {"(1 - lr * lam / m) *": ""}),
    mistake("The weights shrink, but the step against the gradient is missing.",
            "The penalty is only half of the cost. Where is dw?",
            {"- lr * dw": ""}),
    mistake("All weights move by the same amount: that is the pull of L1.",
            "How much does L2 take from a weight of 10, and how much from one of 1?",
            {"(1": "w", ") * w": "* np.sign(w)"}),
    mistake("A fixed amount is subtracted, whatever the weight is.",
            "The shrinking is a factor. What does it multiply?",
            {"(1": "w", ") * w": ""}),
    mistake("The penalty itself is subtracted from the gradient's place, not the penalty's gradient.",
            "What enters a step is the slope of the penalty, entry by entry.",
            {"m * w)": "(2 * m) * np.sum(w**2))"}, of=decay_the_long_way),
    mistake("The weights are changed in place.",
            "-= and *= write into the caller's array. Which expression makes a new one?",
            by=decay_in_place),
    mistake("The gradient that came in is changed: the penalty's part is added to it in place.",
            "+= writes into the caller's array. Which expression makes a new one?",
            {"return (1 - lr * lam / m) *": "dw += lam / m * w\n    return"}),
    mistake("Only the change is returned, not the new weights.",
            "What is left to do with the change?",
            {"w -": "-"}, of=decay_the_long_way),
    mistake("The rate is multiplied in twice for the decay.",
            "Write the step with both gradients in one bracket and multiply out.",
            {"1 -": "1 - lr *"}),
    mistake("The gradient is divided by m as well, though it is the gradient of a mean already.",
            "What does dw hold? Read again what the exercise says of it.",
            {"* dw": "* dw / m"}),
    mistake("The update is returned, with the sign as it is subtracted, not the new weights.",
            "Which array should the caller go on with?",
            {"w -": ""}, of=decay_the_long_way),
    mistake("The factor is kept from going below zero; the formula has no such limit.",
            "What does the formula give for lr*lam/m = 1.5? (It is a sign that the rate is too high, but it is the step.)",
            {"(1": "max(0.0, 1"}),
    mistake("The factor is 1 - lr*lam*m: m multiplies where it should divide.",
            "Should more data make the penalty stronger or weaker?",
            {"/": "*"}),
    mistake("The factor is 1 - lam: both the rate and m are missing.",
            "Multiply the step out: what stands before w?",
            {"lr * lam / m": "lam"}),
    mistake("lr and lam are taken in each other's place.",
            "Compare the order of the arguments with your formula: which multiplies dw?",
            {"w - lr": "w - lam"}),
    mistake("The weights decay twice: by the factor and by the penalty's gradient as well.",
            "The factor 1 - lr*lam/m and the gradient lam/m * w are two ways to write the same.",
            {"return": "w = (1 - lr * lam / m) * w\n    return"}, of=decay_the_long_way),
    mistake("Arrays of one axis do not decay, as if they were biases.",
            "Whoever calls the function has left the biases out already. May weights have one axis?",
            by=decay_of_matrices_alone),
]
