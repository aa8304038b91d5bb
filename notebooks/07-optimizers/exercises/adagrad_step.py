"""adagrad_step: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import ADAPTIVE, ARRAY_IN_THE_STATE, either_epsilon, no_memory, of_dividing, step_lengths, steps_agree

HINTS = (
    "What is summed since the first step, and does it keep the gradient's sign?",
    'Every weight has a sum of its own, so the sum has the shape of w. By what of it is the gradient divided?',
    'With lr 1, w = 10 and gradients 6, then 8: the sum is 36, the step 6/6 = 1, so w = 9. Then the sum is 36 '
    '+ 64 = 100, the step 8/10 = 0.8, so w = 8.2.',
)


def test_adagrad_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the summed squares."""
    for settings in [(0.1,), (1.5,), (0.02, 1e-8)]:
        steps_agree(student, "adagrad_step", rng, settings)


def test_adagrad_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    either_epsilon(student, "adagrad_step", with_eps_under_the_root, rng, (0.1, 1e-2))


def test_adagrad_step_fades(student):
    """Under a constant gradient the steps shrink as 1/sqrt(t), and their size does not depend on the gradient's."""
    for gradient in (-40.0, 0.5):
        steps = step_lengths(student.adagrad_step, [np.array([gradient])] * 30, (0.1,))
        expected = -np.sign(gradient) * 0.1 / np.sqrt(np.arange(1, 31))
        assert_close(steps, expected, what=f"the steps under a constant gradient of {gradient}")


TESTS = family("adagrad_step", ADAPTIVE, "adagrad_step", (0.3,))


@variant
def with_eps_under_the_root(w, dw, state, lr, eps=1e-8):
    cache = state.get("cache", np.zeros_like(w)) + np.square(dw)
    return w - lr * dw / np.sqrt(cache + eps), {"cache": cache}


@variant
def entry_by_entry(w, dw, state, lr, eps=1e-8):
    old = state.get("sums", [0.0] * w.size)
    sums = [a + float(g) ** 2 for a, g in zip(old, dw.ravel(), strict=True)]
    step = [lr * float(g) / (math.sqrt(c) + eps) for c, g in zip(sums, dw.ravel(), strict=True)]
    return w - np.reshape(step, w.shape), {"sums": sums}


@variant
def with_the_root_kept(w, dw, state, lr, eps=1e-8):
    root = np.hypot(state.get("root", 0.0), dw)
    return w - lr / (root + eps) * dw, {"root": root}


@variant
def on_copies(w, dw, state, lr, eps=1e-8):
    new = {name: value.copy() for name, value in state.items()}
    new.setdefault("G", np.zeros(w.shape))
    new["G"] += dw * dw
    w = w + 0.0
    w -= lr * dw / (new["G"] ** 0.5 + eps)
    return w, new


OLD = 'state.get("c", 0.0)'
MISTAKES = [
    mistake("The sum of squares is made to fade; this is RMSProp, the next exercise.",
            "AdaGrad forgets nothing. What happens to the old sum in its formula?",
            {f"{OLD} +": f"0.9 * {OLD} + 0.1 *"}),
    mistake("The root is missing: gradients that are ten times larger give steps a tenth as long.",
            "At the first step c is dw². What must the divisor be for the step to be lr?",
            {"np.sqrt(c)": "c"}),
    mistake("The gradients are added up without being squared, so they cancel, and the root of a negative sum is nan.",
            "What is summed in c: dw or its square?",
            {"dw**2": "dw"}),
    mistake("Sizes are summed instead of squares.",
            "Gradients 3 and 4: should the second step be divided by 7 or by 5?",
            {"dw**2": "np.abs(dw)", "np.sqrt(c)": "c"}, {"dw**2": "np.abs(dw)"}),
    mistake("The sum is squared, not the gradients: gradients of opposite sign cancel.",
            "Sum of squares, not square of the sum: which do you keep from step to step?",
            {"dw**2": "dw", "np.sqrt(c)": "np.abs(c)"}),
    no_memory("sum", {OLD: "0.0"}, {'"c": c': '"c": np.zeros_like(w)'}),
    mistake("The sum is divided by the number of steps: a mean does not make the steps fade.",
            "Under a constant gradient, how long should the fourth step be, compared with the first?",
            {"c = state": 't = state.get("t", 0) + 1\n    c = state',
             "np.sqrt(c)": "np.sqrt(c / t)", '"c": c': '"c": c, "t": t'}),
    mistake("The step is multiplied by the root instead of divided by it.",
            "Weights with large gradients should take smaller steps. Do they?",
            {"dw / (": "dw * ("}),
    mistake(*ARRAY_IN_THE_STATE, {f"c = {OLD}": 'c = state.get("c", np.zeros_like(w))\n    c[...] = c'}),
    *of_dividing("c", "sum"),
]
