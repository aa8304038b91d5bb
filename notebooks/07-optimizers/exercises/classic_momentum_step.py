"""classic_momentum_step: what it must do, other right ways, and what goes wrong."""

import copy

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
    'Compare with the form of exercise 3: which factor is missing here, and what does that do to the size of '
    'the velocity?',
    'The velocity keeps a share rho of itself and takes the whole gradient. The rate comes in only where w '
    'moves.',
    'With rho 0.5, lr 0.1, w = 1 and gradients 4, 4: the velocity is 4, so w = 1 − 0.4 = 0.6; then it is '
    '0.5·4 + 4 = 6, and w = 0.6 − 0.6 = 0.',
)


def test_classic_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the fading sum of the gradients leads."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        steps_agree(student, "classic_momentum_step", rng, settings)


def test_classic_momentum_step_first_step(student):
    """The first step is that of plain descent, lr * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = follow(student.classic_momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([-0.2, -2.15]), what="the weights after the first step")


def test_classic_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr / (1 - rho) times the gradient."""
    path, _ = follow(student.classic_momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]) / 0.3, rtol=1e-4, what="the late step")


def test_classic_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step rho times the last."""
    steps = step_lengths(student.classic_momentum_step, [np.array([3.0]), *[np.zeros(1)] * 4], (1.0, 0.6))
    assert_close(steps, -3.0 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_classic_momentum_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    steps_agree(student, "classic_momentum_step", rng, (0.03,), (2, 3))


TESTS = family("classic_momentum_step", WITH_MEMORY, "classic_momentum_step", (0.1, 0.85))


@variant
def on_copies(w, dw, state, lr, rho=0.9):
    new = copy.deepcopy(state)
    if "v" not in new:
        new["v"] = np.zeros_like(w)
    new["v"] = rho * new["v"] + dw
    return w - lr * new["v"], new


@variant
def entry_by_entry(w, dw, state, lr, rho=0.9):
    old = state.get("flat", [0.0] * w.size)
    flat = [rho * a + float(b) for a, b in zip(old, dw.ravel(), strict=True)]
    return w - lr * np.array(flat).reshape(w.shape), {"flat": flat}


@variant
def with_a_negative_velocity(w, dw, state, lr, rho=0.9):
    try:
        v = rho * state["velocity"] - dw
    except KeyError:
        v = -dw
    return w + lr * v, {"velocity": v}


@variant
def from_the_first_gradient(w, dw, state, lr, rho=0.9):
    v = rho * state["v"] + dw if state else np.array(dw)
    return (np.add(w, -lr * v), {"v": v, "shape": w.shape})


OLD = 'state.get("v", 0.0)'
MISTAKES = [
    mistake("The factor 1 − ρ is put in: this is the average form of the exercise before.",
            "How large is the first velocity here, compared with the gradient?",
            {"+ dw": "+ (1 - rho) * dw"}),
    mistake("ρ scales the gradient instead of the old velocity, which then never fades.",
            "Which of the two should friction slow down?",
            {f"rho * {OLD} + dw": f"{OLD} + rho * dw"}),
    mistake("There is no friction: old gradients count for ever.",
            "Where does ρ stand in your formula?",
            {f"rho * {OLD}": OLD}),
    no_memory("velocity", {OLD: "0.0"}, {'"v": v': '"v": np.zeros_like(w)'}, {"lr * v": "lr * dw"}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "By how much does a rate of 0.1 scale your first step?",
            {"+ dw": "+ lr * dw"}),
    mistake(*RATE_INSIDE,
            {"+ dw": "- lr * dw", "w - lr * v": "w + v"},
            {"+ dw": "+ lr * dw", "lr * v": "v"}),
    slip("uphill", {"w - lr": "w + lr"}),
    mistake("The signs of two conventions are mixed: the velocity counts against the gradient.",
            "If the step subtracts lr · v, which sign must dw have in v?",
            {"+ dw": "- dw"}),
    *of_every_step("lr * v", "v"),
    mistake(*ARRAY_IN_THE_STATE,
            {f"v = rho * {OLD}": 'v = state.get("v", np.zeros_like(w))\n    v[...] = rho * v'}),
    slip("writes_into_input", {f"v = rho * {OLD} + dw": f"dw += rho * {OLD}\n    v = dw.copy()"}, what="dw"),
    mistake("The step uses the velocity from before the new gradient was added.",
            "In which order do the two lines of the formula stand?",
            {"lr * v": f"lr * {OLD}"}),
    mistake("The step adds the gradient a second time, as the libraries' Nesterov does.",
            "The step is lr · v and nothing else. Is dw not in v already?",
            {"lr * v": "lr * (dw + rho * v)"}),
    another_default("rho", "0.9", "0.99", "0.95", "0.5"),
    mistake(*FIRST_FORGOTTEN, {'"v": v': '"v": v if state else np.zeros_like(w)'}),
    mistake(*RATE_AGAIN, {'"v": v': '"v": lr * v'}),
    fixed("rho", "0.9", {f"rho * {OLD}": f"0.9 * {OLD}"}),
    mistake("ρ multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does ρ belong to?",
            {f"{OLD} + dw": f"({OLD} + dw)"}),
    mistake("The old velocity is scaled by 1 − ρ instead of ρ.",
            "With ρ = 0.9, how much of the old velocity should be left?",
            {f"rho * {OLD}": f"(1 - rho) * {OLD}"}),
    mistake("The velocity starts as the first gradient and then has it added once more.",
            "v is zero before the first step. What is it after adding the first gradient?",
            {OLD: 'state.get("v", dw)'}),
    mistake("The sum is corrected like an average; this form has no correction.",
            "The first step is that of plain descent. Is yours?",
            {"v = rho": 't = state.get("t", 0) + 1\n    v = rho',
             'lr * v, {"v": v}': 'lr * v / (1 - rho**t), {"v": v, "t": t}'}),
]
