"""rmsprop_step: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import (
    ADAPTIVE,
    ARRAY_IN_THE_STATE,
    SHARES_SWAPPED,
    another_default,
    either_epsilon,
    fixed,
    follow,
    no_memory,
    of_dividing,
    steps_agree,
)

HINTS = (
    "AdaGrad's sum only grows. What did exercise 1 offer for a mean that forgets?",
    'The average is one of squared gradients, starting from 0. Everything else is as in AdaGrad: what is '
    'divided by the root of what?',
    'With beta 0.5, lr 1, w = 10 and gradients 4, then 0: the average is 0.5·16 = 8, the step 4/√8 = 1.41, so '
    'w = 8.59. Then the average is 4 and the step 0.',
)


def test_rmsprop_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the averaged squares."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75, 1e-8)]:
        steps_agree(student, "rmsprop_step", rng, settings)


def test_rmsprop_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    either_epsilon(student, "rmsprop_step", with_eps_under_the_root, rng, (0.1, 0.8, 1e-2))


def test_rmsprop_step_first_step(student):
    """The average starts at zero and is not corrected: the first step is lr / sqrt(1 - beta) at any scale."""
    for gradient in (2.7, -500.0):
        gradients = [np.array([size * gradient]) for size in (1.0, -0.4, 1.9)]
        path, _ = follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.75))
        assert_close(path[0], np.array([-np.sign(gradient) * 0.2]), what="the weight after the first step from 0")


def test_rmsprop_step_forgets(student):
    """Under a constant gradient the steps settle at lr, also after gradients that were a thousand times larger."""
    gradients = [np.array([2000.0])] * 3 + [np.array([2.0])] * 200
    path, _ = follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.8))
    assert_close(path[-1] - path[-2], np.array([-0.1]), rtol=1e-4, what="the late step")


def test_rmsprop_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    steps_agree(student, "rmsprop_step", rng, (0.1,), (2, 3))


TESTS = family("rmsprop_step", ADAPTIVE, "rmsprop_step", (0.1, 0.85))


@variant
def with_eps_under_the_root(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", np.zeros_like(w)) + (1 - beta) * np.square(dw)
    return w - lr * dw / np.sqrt(s + eps), {"s": s}


@variant
def on_copies(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = np.array(state.get("mean square", np.zeros(w.shape)))
    s += (1 - beta) * (dw**2 - s)
    return (w - lr * dw * (np.sqrt(s) + eps) ** -1, {"mean square": s})


@variant
def entry_by_entry(w, dw, state, lr, beta=0.9, eps=1e-8):
    old = state.get("s", [0.0] * w.size)
    s = [beta * a + (1 - beta) * float(g) ** 2 for a, g in zip(old, dw.flat, strict=True)]
    step = [lr * float(g) / (math.sqrt(a) + eps) for a, g in zip(s, dw.flat, strict=True)]
    return w - np.array(step).reshape(w.shape), {"s": s}


@variant
def with_none_at_first(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s")
    s = (1 - beta) * dw**2 if s is None else beta * s + (1 - beta) * dw**2
    return np.asarray(w - lr * np.divide(dw, np.sqrt(s) + eps)), {"s": s, "eps": eps}


OLD = 'state.get("s", 0.0)'
MIXED = f"beta * {OLD} + (1 - beta) * dw**2"
MISTAKES = [
    mistake("The squares are summed and never forgotten: this is AdaGrad, and its steps fade.",
            "What share of the old s is left in the new one?",
            {MIXED: f"{OLD} + dw**2"}),
    mistake("β and 1 − β are swapped: s hardly remembers anything.",
            SHARES_SWAPPED.format("square"),
            {MIXED: f"(1 - beta) * {OLD} + beta * dw**2"}),
    mistake("The factor 1 − β is missing, so s is a fading sum and the steps are too short.",
            "Under a constant gradient the step should settle at lr. Where does yours settle?",
            {"(1 - beta) * dw": "dw"}),
    mistake("The root is missing: gradients that are ten times larger give steps a tenth as long.",
            "The R in RMS stands for root. Where is yours?",
            {"np.sqrt(s)": "s"}),
    mistake("The average is squared, not the gradients: gradients of opposite sign cancel.",
            "Mean of the squares, not square of the mean: which do you keep from step to step?",
            {"dw**2": "dw", "np.sqrt(s)": "np.abs(s)"}),
    mistake("The gradients are averaged without being squared, and the root of a negative average is nan.",
            "What is averaged in s: dw or its square?",
            {"dw**2": "dw"}),
    mistake("Sizes are averaged instead of squares.",
            "Root of the mean of the squares: where are the squares?",
            {"dw**2": "np.abs(dw)", "np.sqrt(s)": "s"}),
    no_memory("average", {OLD: "0.0"}, {'"s": s': '"s": np.zeros_like(w)'}),
    mistake("The average is corrected for its start, which this exercise does not ask for; Adam will.",
            "Compare the first step with the text's example: is it lr, or more than three times as much?",
            {"s = beta": 't = state.get("t", 0) + 1\n    s = beta', "np.sqrt(s)": "np.sqrt(s / (1 - beta**t))",
             '"s": s': '"s": s, "t": t'}),
    mistake("The average starts as the first square instead of from zero.",
            "s is zero before the first step. What is it after mixing the first square in?",
            {OLD: 'state.get("s", dw**2)'}),
    mistake("The share 1 − β is squared together with the gradient.",
            "Brackets: what does the square belong to?",
            {"(1 - beta) * dw**2": "((1 - beta) * dw) ** 2"}),
    mistake("This is momentum: the step follows an average of gradients and divides by nothing.",
            "What does RMSProp do with its average: follow it, or divide by its root?",
            {"dw**2": "dw", "dw / (np.sqrt(s) + eps)": "s"}),
    mistake("The step follows an average of the gradients; here it follows the gradient itself.",
            "What stands above the root in the formula? (Adam will do what you did.)",
            {"s = beta": 'm = beta * state.get("m", 0.0) + (1 - beta) * dw\n    s = beta', "lr * dw": "lr * m",
             '"s": s': '"s": s, "m": m'}),
    another_default("beta", "0.9", "0.99", "0.999"),
    fixed("beta", "0.9", {MIXED: f"0.9 * {OLD} + 0.1 * dw**2"}),
    mistake(*ARRAY_IN_THE_STATE,
            {f"s = beta * {OLD}": 's = state.get("s", np.zeros_like(w))\n    s[...] = beta * s'}),
    *of_dividing("s", "average"),
]
