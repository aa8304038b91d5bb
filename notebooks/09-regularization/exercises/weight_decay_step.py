"""weight_decay_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    "What would the step be without a penalty? And what does the penalty do to a weight whose own gradient is 0?",
    "Write the step with both gradients, that of the loss and that of the penalty, then collect the terms that "
    "hold w.",
    "w = 2, dw = -1, lr = 0.5, lam = 4, m = 10: the factor is 1 - 0.5 * 4 / 10 = 0.8, so 0.8 * 2 - 0.5 * (-1) = "
    "2.1. Is the loss's gradient shrunk as well?",
)


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
    one_changed = [(0.1, 0.7, 10), (0.5, 0.7, 10), (0.1, 5.0, 10), (0.1, 0.7, 3)]
    for lr, lam, m in [*one_changed, (2.0, 0.3, 1), (0.01, 40.0, 200), (2.0, 3.0, 4)]:
        _decay(student, w, dw, lr, lam, m)


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


@variant
def the_long_way(w, dw, lr, lam, m):
    return w - lr * (dw + lam / m * w)


@variant
def on_a_copy(w, dw, lr, lam, m):
    new = np.array(w, dtype=float)
    new *= 1 - lr * lam / m
    new -= lr * dw
    return new


@variant
def in_three_parts(w, dw, lr, lam, m):
    return np.subtract(w, lr * dw) - (lr * lam / m) * w


@variant
def entry_by_entry(w, dw, lr, lam, m):
    new = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * dw[index] - lr * w[index] * lam / m
    return new


FACTOR = "(1 - lr * lam / m)"
STEP = f"{FACTOR} * w - lr * dw"
MISTAKES = [
    mistake("The factor is 1 - lr*lam: m is missing.",
            "Work the example through by hand: what is the factor for m = 10?",
            {FACTOR: "(1 - lr * lam)"}),
    mistake("The factor is 1 - lam/m: the rate is missing.",
            "The penalty's gradient is part of the step, which is multiplied by the rate. All of it?",
            {FACTOR: "(1 - lam / m)"}, {STEP: "(1 - lam / m) * (w - lr * dw)"}),
    mistake("The factor is 1 - lr*lam/(2m): the half of the penalty has no place in its gradient.",
            "Differentiate the penalty: what becomes of the 2?",
            {FACTOR: "(1 - lr * lam / (2 * m))"}),
    mistake("The factor is 1 - 2*lr*lam/m: twice the decay.",
            "Differentiate the penalty, the half included.",
            {FACTOR: "(1 - 2 * lr * lam / m)"}),
    mistake("The weights grow: the factor is above 1.",
            "Which way does a penalty on large weights push them?",
            {FACTOR: "(1 + lr * lam / m)"}),
    mistake("The factor is 1 - lr*lam*m: m multiplies where it should divide.",
            "Should more data make the penalty stronger or weaker?",
            {FACTOR: "(1 - lr * lam * m)"}),
    mistake("The factor is 1 - lam: both the rate and m are missing.",
            "Multiply the step out: what stands before w?",
            {FACTOR: "(1 - lam)"}),
    mistake("The rate is multiplied in twice for the decay.",
            "Write the step with both gradients in one bracket and multiply out.",
            {FACTOR: "(1 - lr * lr * lam / m)"}),
    mistake("The factor is kept from going below zero; the formula has no such limit.",
            "What does the formula give for lr*lam/m = 1.5? "
            "(It is a sign that the rate is too high, but it is the step.)",
            {FACTOR: "max(0.0, 1 - lr * lam / m)"}),
    slip("uphill", {"- lr * dw": "+ lr * dw"}),
    mistake("The rate is left out of the usual step.",
            "What should happen to the weights with lr = 0?",
            {"lr * dw": "dw"}),
    mistake("The step comes first and the result is shrunk: the gradient decays, too.",
            "To which of the two terms does the factor belong? Multiply your brackets out.",
            {STEP: f"{FACTOR} * (w - lr * dw)"}),
    mistake("The gradient is shrunk instead of the weights.",
            "Which of w and dw is the penalty about?",
            {STEP: f"w - lr * {FACTOR} * dw"}, {STEP: "w - lr * (1 + lam / m) * dw"}),
    mistake("Nothing decays: this is the usual step.",
            "Where do lam and m occur in your step?",
            {f"{FACTOR} * w": "w"}),
    mistake("The weights shrink, but the step against the gradient is missing.",
            "The penalty is only half of the cost. Where is dw?",
            {STEP: f"{FACTOR} * w"}),
    mistake("All weights move by the same amount: that is the pull of L1.",
            "How much does L2 take from a weight of 10, and how much from one of 1?",
            {f"{FACTOR} * w": "w - lr * lam / m * np.sign(w)"}),
    mistake("A fixed amount is subtracted, whatever the weight is.",
            "The shrinking is a factor. What does it multiply?",
            {f"{FACTOR} * w": "w - lr * lam / m"}),
    mistake("The penalty itself is added to the gradient, not the penalty's gradient.",
            "What enters a step is the slope of the penalty, entry by entry.",
            {"lam / m * w": "lam / (2 * m) * np.sum(w**2)"}, of=the_long_way),
    slip("writes_into_input", {f"return {STEP}": f"w *= {FACTOR}\n    w -= lr * dw\n    return w"}, what="w"),
    slip("writes_into_input", {f"return {STEP}": "dw += lam / m * w\n    return w - lr * dw"}, what="dw"),
    mistake("Only the change is returned, not the new weights.",
            "What is left to do with the change?",
            {"w - lr": "-lr"}, of=the_long_way),
    mistake("The update is returned, with the sign as it is subtracted, not the new weights.",
            "Which array should the caller go on with?",
            {"w - lr": "lr"}, of=the_long_way),
    mistake("The gradient is divided by m as well, though it is the gradient of a mean already.",
            "What does dw hold? Read again what the exercise says of it.",
            {"lr * dw": "lr * dw / m"}),
    mistake("lr and lam are taken in each other's place.",
            "Compare the order of the arguments with your formula: which multiplies dw?",
            {"lr * dw": "lam * dw"}),
    mistake("The weights decay twice: by the factor and by the penalty's gradient as well.",
            "The factor 1 - lr*lam/m and the gradient lam/m * w are two ways to write the same.",
            {"return": "w = (1 - lr * lam / m) * w\n    return"}, of=the_long_way),
    mistake("Arrays of one axis do not decay, as if they were biases.",
            "Whoever calls the function has left the biases out already. May weights have one axis?",
            {FACTOR: "(1 - lr * lam / m if w.ndim > 1 else 1)"}),
]
