"""momentum_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import (
    ARRAY_IN_THE_STATE,
    FIRST_FORGOTTEN,
    RATE_AGAIN,
    RATE_INSIDE,
    WITH_MEMORY,
    another_default,
    fixed,
    follow,
    no_memory,
    of_every_step,
    step_lengths,
    steps_agree,
)

HINTS = (
    'The step does not follow the gradient but its average. Where is that average kept between two calls?',
    'At the first call the state is empty: what is the average then? Which two things does the function hand '
    'back?',
    'With beta 0.5, lr 0.1, w = 1 and gradients 4, then 0: the average is 0.5·0 + 0.5·4 = 2, so w = 1 − 0.1·2 '
    '= 0.8. Then it is 0.5·2 + 0.5·0 = 1, and w = 0.7: it rolls on though the gradient is 0.',
)


def test_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the average of the gradients leads."""
    for settings in [(0.17, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        steps_agree(student, "momentum_step", rng, settings)


def test_momentum_step_first_step(student):
    """The velocity starts at zero, so the first step is lr * (1 - beta) * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = follow(student.momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([1.0 - 0.24, -2.0 - 0.03]), what="the weights after the first step")


def test_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr times the gradient."""
    path, _ = follow(student.momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]), rtol=1e-4, what="the late step")


def test_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step beta times the last."""
    steps = step_lengths(student.momentum_step, [np.array([3.0]), *[np.zeros(1)] * 4], (1.0, 0.6))
    assert_close(steps, -1.2 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_momentum_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    steps_agree(student, "momentum_step", rng, (0.3,), (2, 3))


TESTS = family("momentum_step", WITH_MEMORY, "momentum_step", (0.1, 0.85))


@variant
def on_copies(w, dw, state, lr, beta=0.9):
    v = state["velocity"].copy() if state else np.zeros(w.shape)
    v *= beta
    v += (1 - beta) * dw
    w = w.copy()
    w -= lr * v
    return w, {"velocity": v}


@variant
def as_a_list_pair(w, dw, state, lr, beta=0.9):
    v = state.get("memory", [np.zeros_like(w)])[0]
    v = v + (1 - beta) * (dw - v)
    return [np.subtract(w, lr * v), {"memory": [v]}]


@variant
def that_keeps_all_gradients(w, dw, state, lr, beta=0.9):
    history = [*state.get("gradients", []), dw.copy()]
    v = sum((1 - beta) * beta**age * g for age, g in enumerate(reversed(history)))
    return w - lr * v, {"gradients": history}


@variant
def in_float32(w, dw, state, lr, beta=0.9):
    v = (beta * state.get("v", 0) + (1 - beta) * dw).astype(np.float32)
    return np.asarray(w - lr * v, dtype=np.float32), {**state, "v": v, "steps": state.get("steps", 0) + 1}


@variant
def from_a_classic_sum(w, dw, state, lr, beta=0.9):
    v = beta * state.get("sum", 0.0) + dw
    return w - lr * (1 - beta) * v, {"sum": v}


OLD = 'state.get("v", 0.0)'
MISTAKES = [
    mistake("β and 1 − β are swapped: the velocity hardly remembers anything.",
            "With β = 0.9, which should count more: the velocity so far or the new gradient?",
            {f"beta * {OLD} + (1 - beta)": f"(1 - beta) * {OLD} + beta"}),
    mistake("The factor 1 − β is missing: this is the classic form, whose steps are 1/(1 − β) times as long.",
            "This exercise asks for the *average* of the gradients. What do the shares of an average add up to?",
            {"(1 - beta) * dw": "dw"}),
    no_memory("velocity", {OLD: "0.0"}),
    mistake("The average is corrected for its start, which this exercise does not ask for.",
            "Compare the first step with the text's example: is it lr · dw or lr · (1 − β) · dw?",
            {"v = beta": 't = state.get("t", 0) + 1\n    v = beta',
             'lr * v, {"v": v}': 'lr * v / (1 - beta**t), {"v": v, "t": t}'}),
    mistake("The velocity starts as the first gradient instead of from zero.",
            "v is zero before the first step. What is it after mixing the first gradient in?",
            {OLD: 'state.get("v", dw)'}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "By how much does a rate of 0.1 scale your step altogether?",
            {"* dw": "* lr * dw"}),
    mistake(*RATE_INSIDE, {"* dw": "* lr * dw", "lr * v": "v"}),
    slip("uphill", {"w - lr": "w + lr"}),
    *of_every_step("lr * v", "v"),
    mistake(*ARRAY_IN_THE_STATE,
            {f"v = beta * {OLD}": 'v = state.get("v", np.zeros_like(w))\n    v[...] = beta * v'}),
    mistake("The step uses the velocity from before the new gradient was mixed in.",
            "In which order do the two lines of the formula stand?",
            {"lr * v": f"lr * {OLD}"}),
    mistake("The velocity is computed but the step uses the bare gradient.",
            "What does your v do to w?",
            {"lr * v": "lr * dw"}),
    another_default("beta", "0.9", "0.99", "0.95", "0.5"),
    mistake(*FIRST_FORGOTTEN, {'"v": v': '"v": v if state else np.zeros_like(w)'}),
    mistake(*RATE_AGAIN, {'"v": v': '"v": lr * v'}),
    fixed("beta", "0.9", {f"beta * {OLD} + (1 - beta)": f"0.9 * {OLD} + 0.1"}),
    mistake("β multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does β belong to?",
            {f"{OLD} + (1 - beta) * dw": f"({OLD} + (1 - beta) * dw)"}),
    mistake("The rate is left out: the weights move by the whole velocity.",
            "Where does lr occur in your function?",
            {"lr * v": "v"}),
    mistake("The last gradient is kept instead of the velocity, so only two gradients are ever mixed.",
            "What does the next step need: the gradient, or the average so far?",
            {'{"v": v}': '{"v": dw.copy()}'}),
    mistake("The gradients are squared: that is RMSProp's average, and it has no direction.",
            "Can your velocity ever be negative?",
            {"* dw": "* dw**2"}),
    mistake("The weights are mixed with the gradient; it is the last velocity that belongs there.",
            "What does β multiply in the formula: w or v?",
            {OLD: "w"}),
]
