"""adam_step: what it must do, other right ways, and what goes wrong."""

import copy
import math

import numpy as np

from grader.authoring import family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import (
    ADAPTIVE,
    ARRAY_IN_THE_STATE,
    SHARES_SWAPPED,
    about_eps,
    agrees,
    changing_gradients,
    fixed,
    follow,
    of_every_step,
    one_for_all,
    step_lengths,
    steps_agree,
)

HINTS = (
    'Two averages and a counter: what does each average hold, and what is the counter for?',
    'Both averages start at 0 and are too small at first; exercise 2 says by what to divide. Does the state '
    'keep the corrected ones or the plain ones? From which number does the counter start?',
    'First step with gradient 6, beta1 0.5, beta2 0.75: averages 3 and 9; corrected by 1 − 0.5 and 1 − 0.75 '
    "they are 6 and 36. The step is lr·6/√36 = lr, whatever the gradient's size. The next step divides by 1 − "
    '0.25 and 1 − 0.5625.',
)


def test_adam_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state follow algorithm 1 of the paper."""
    for settings in [(0.1, 0.9, 0.999), (0.3, 0.3, 0.6), (0.05, 0.8, 0.7)]:
        steps_agree(student, "adam_step", rng, settings)


def test_adam_step_has_eps_where_the_paper_has_it(student, rng):
    """With eps = 0.01 its place is seen: beside the root of the corrected average."""
    gradients = [dw * np.array([1.0, 0.1, 0.01, 3.0]) for dw in changing_gradients(rng, (4,))]
    agrees(student, "adam_step", rng.normal(size=4), gradients, (0.1, 0.8, 0.9, 1e-2))


def test_adam_step_first_step_has_the_size_of_the_rate(student):
    """The first step is lr in the gradient's direction, whatever the gradient's scale."""
    w, dw = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1e-3, -0.5, 40.0, -1e6])
    path, _ = follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.02,))
    assert_close(path[0], np.array([0.98, 2.02, 2.98, 4.02]), what="the weights after the first step")


def test_adam_step_corrects_at_every_step(student):
    """Under a constant gradient every step has the size lr, the first and the fiftieth."""
    steps = step_lengths(student.adam_step, [np.array([7.0])] * 50, (0.1, 0.9, 0.99))
    assert_close(steps, np.full(50, -0.1), what="the steps under a constant gradient")


def test_adam_step_rolls_on(student):
    """Where the gradient has become zero the weights go on in its old direction, and less at every step."""
    agrees(student, "adam_step", np.zeros(2), [np.array([3.0, -0.2]), *[np.zeros(2)] * 5], (0.1, 0.8, 0.95))


def test_adam_step_defaults(student, rng):
    """Without further settings they are 0.9, 0.999 and 1e-8."""
    steps_agree(student, "adam_step", rng, (0.1,), (2, 3))


def test_adam_step_default_eps_is_tiny(student):
    """The default eps is 1e-8: it shows for gradients of that size, and no others."""
    w, dw = np.zeros(3), np.array([1e-8, 1e-6, 1e-2])
    path, _ = follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.1,))
    assert_close(path[0], -0.1 * dw / (dw + 1e-8), what="the weights after a first step with tiny gradients")


TESTS = family("adam_step", ADAPTIVE, "adam_step", (0.1, 0.85, 0.95))


@variant
def on_copies(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new = copy.deepcopy(state) if state else {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    new["t"] += 1
    new["m"] = beta1 * new["m"] + (1 - beta1) * dw
    new["v"] = beta2 * new["v"] + (1 - beta2) * np.square(dw)
    m = new["m"] / (1 - np.power(beta1, new["t"]))
    v = new["v"] / (1 - np.power(beta2, new["t"]))
    return np.array(w - lr * m / (eps + v**0.5)), new


@variant
def with_the_correction_in_the_rate(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("all", (0, 0.0, 0.0))
    t, m, v = t + 1, m + (1 - beta1) * (dw - m), v + (1 - beta2) * (dw**2 - v)
    root = math.sqrt(1 - beta2**t)
    return w - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), {"all": (t, m, v)}


@variant
def with_running_powers(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    power1, power2 = state.get("power1", 1.0) * beta1, state.get("power2", 1.0) * beta2
    first = beta1 * state.get("first", np.zeros(w.shape)) + (1 - beta1) * dw
    second = beta2 * state.get("second", np.zeros(w.shape)) + (1 - beta2) * dw * dw
    step = first / (1 - power1) / (np.sqrt(second / (1 - power2)) + eps)
    return [w - lr * step, {"power1": power1, "power2": power2, "first": first, "second": second}]


@variant
def counting_from_one(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("next", 1)
    m = beta1 * state.get("m", 0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0) + (1 - beta2) * dw**2
    w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, {"m": m, "v": v, "next": t + 1}


@variant
def in_float32(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = np.float32(beta1) * state.get("m", 0) + np.float32(1 - beta1) * np.asarray(dw, np.float32)
    v = np.float32(beta2) * state.get("v", 0) + np.float32(1 - beta2) * np.asarray(dw, np.float32) ** 2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return np.asarray(w - lr * step, dtype=np.float32), {"m": m, "v": v, "t": t}


OLD_M, OLD_V = 'state.get("m", 0.0)', 'state.get("v", 0.0)'
M_HAT, V_HAT = "m / (1 - beta1**t)", "v / (1 - beta2**t)"
ROOT = "(np.sqrt(v_hat) + eps)"
STEP = f"lr * m_hat / {ROOT}"
SHORT = "lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)"  # the rate of the paper's short form
COUNT = 'state.get("t", 0) + 1'
MISTAKES = [
    mistake("t is still 0 at the first correction, which divides 0 by 0: it must be advanced before it is used.",
            "How many gradients are in m at the first step? That is its t.",
            {COUNT: 'state.get("t", 0)', '"t": t': '"t": t + 1'}),
    mistake("t is one too large: the first correction uses t = 2.",
            "How many gradients are in m at the first step? That is its t.",
            {M_HAT: "m / (1 - beta1 ** (t + 1))", V_HAT: "v / (1 - beta2 ** (t + 1))"},
            {COUNT: 'state.get("t", 1) + 1'}),
    mistake("t never advances, so every step is corrected as if it were the first.",
            "Which t does the second step find in the state?",
            {COUNT: "1"},
            {'"t": t': '"t": 0'}),
    mistake("Neither average is corrected for its start.",
            "How long should the first step be, and how long is yours?",
            {M_HAT: "m", V_HAT: "v"}),
    mistake("Only the first step is corrected.",
            "Under a constant gradient every step should have the length lr. Has your second one?",
            {M_HAT: "m / (1 - beta1) if t == 1 else m", V_HAT: "v / (1 - beta2) if t == 1 else v"}),
    mistake("Only the average of the gradients is corrected, not that of their squares.",
            "Both averages start from zero. Which of them is still too small?",
            {V_HAT: "v"}),
    mistake("Only the average of the squares is corrected, not that of the gradients.",
            "Both averages start from zero. Which of them is still too small?",
            {M_HAT: "m"}),
    mistake("The corrections have β · t where they should have β to the power of t.",
            "Which operator is the power in Python?",
            {M_HAT: "m / (1 - beta1 * t)", V_HAT: "v / (1 - beta2 * t)"}),
    mistake("The corrections take the power of 1 − β instead of β.",
            "Brackets: which comes first in 1 − βᵗ, the power or the minus?",
            {M_HAT: "m / (1 - beta1) ** t", V_HAT: "v / (1 - beta2) ** t"}),
    mistake("Both corrections use beta1.",
            "Each average is corrected with the share that it was made with.",
            {V_HAT: "v / (1 - beta1**t)"}),
    mistake("beta1 and beta2 are swapped in the corrections.",
            "Each average is corrected with the share that it was made with.",
            {M_HAT: "m / (1 - beta2**t)", V_HAT: "v / (1 - beta1**t)"}),
    mistake("The averages are multiplied by 1 − βᵗ instead of divided by it.",
            "The plain averages are too small at first. Does your correction raise them?",
            {M_HAT: "m * (1 - beta1**t)", V_HAT: "v * (1 - beta2**t)"}),
    mistake("The corrected averages are kept, so they are corrected again at every step.",
            "The correction is for reading. Which m must the next step go on from?",
            {'"m": m, "v": v': '"m": m_hat, "v": v_hat'}),
    mistake("Everything is corrected twice, in the averages and once more in the rate.",
            "The paper's short form puts the correction into the rate *instead of* the averages.",
            {"lr * m_hat": f"{SHORT} * m_hat"}),
    mistake("The root of v is divided by 1 − β₂ᵗ, which belongs under the root.",
            "Correct v first, then take the root. What is the first step otherwise?",
            {"np.sqrt(v_hat)": "np.sqrt(v) / (1 - beta2**t)"}),
    mistake("The root is missing.",
            "At the first step m̂ is dw and v̂ is dw². What must the divisor be for the step to be lr?",
            {"np.sqrt(v_hat)": "v_hat"}),
    mistake("v averages the squares of m, not those of the gradient.",
            "Mean of the squares, not square of the mean: what goes into v?",
            {"dw**2": "m**2"}),
    mistake("v averages the gradients without squaring them, and the root of a negative average is nan.",
            "What goes into v: dw or its square?",
            {"dw**2": "dw"}),
    mistake("beta1 and beta2 are swapped.",
            "Which of the two belongs to the gradients, which to their squares?",
            {"beta1=0.9, beta2=0.999": "beta2=0.9, beta1=0.999"}),
    mistake("β and 1 − β are swapped in the averages: they hardly remember anything.",
            SHARES_SWAPPED.format("gradient"),
            {f"beta1 * {OLD_M} + (1 - beta1)": f"(1 - beta1) * {OLD_M} + beta1",
             f"beta2 * {OLD_V} + (1 - beta2)": f"(1 - beta2) * {OLD_V} + beta2"}),
    mistake("m, v and t are created anew in every step, or never reach the state that is returned: "
            "each step is a first one, of the full length in the gradient's sign.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            {OLD_M: "0.0", OLD_V: "0.0", COUNT: "1"}),
    mistake("The average of the squares is not carried on; only m and t are.",
            "Which of m, v and t does the next step find in the state?",
            {OLD_V: "0.0"}),
    mistake("The average of the gradients is not carried on; only v and t are.",
            "Which of m, v and t does the next step find in the state?",
            {OLD_M: "0.0"}),
    mistake("The averages start as the first gradient and its square, and are corrected on top of it.",
            "m and v are zero before the first step; the correction makes up for that.",
            {OLD_M: 'state.get("m", dw)', OLD_V: 'state.get("v", dw**2)'}),
    mistake("The averages start as the first gradient and its square, and are not corrected.",
            "m and v start at zero. What makes up for that start in the formula?",
            {OLD_M: 'state.get("m", dw)', OLD_V: 'state.get("v", dw**2)', M_HAT: "m", V_HAT: "v",
             COUNT: "0", ', "t": t}': "}"}),
    mistake("eps is under the root; the paper and this exercise have it beside the root.",
            "What is inside the brackets of the square root in the formula?",
            {ROOT: "np.sqrt(v_hat + eps)"}),
    mistake("eps is added before the correction: this is the paper's short form, with another eps.",
            "Algorithm 1 corrects v first and adds eps afterwards.",
            {STEP: f"{SHORT} * m / (np.sqrt(v) + eps)"}),
    *about_eps("m_hat", "np.sqrt(v_hat)"),
    fixed("lr", "0.001", {"lr * m_hat": "0.001 * m_hat"}),
    mistake("0.9 and 0.999 are used whatever betas are passed.",
            "Does your result change with beta1 and beta2?",
            {"t = state": "beta1, beta2 = 0.9, 0.999\n    t = state"}),
    mistake("The step uses the bare gradient where it should use its average: this is RMSProp with a correction.",
            "What does your m do to w?",
            {"lr * m_hat": "lr * dw"}),
    one_for_all("v", "average", "mean"),
    slip("uphill", {"w - lr": "w + lr"}),
    *of_every_step(STEP, "m", "v", "t"),
    mistake(*ARRAY_IN_THE_STATE,
            {f"m = beta1 * {OLD_M}": 'm = state.get("m", np.zeros_like(w))\n    m[...] = beta1 * m',
             f"v = beta2 * {OLD_V}": 'v = state.get("v", np.zeros_like(w))\n    v[...] = beta2 * v'}),
    mistake("t advances twice in a step, so that later corrections are too weak.",
            "How many gradients are in m at the second step? Print your t.",
            {'"t": t': '"t": t + 1'}),
    mistake("m and v are one and the same array: what is written into one shows in the other.",
            "What does m = v = zeros_like(w) make: two arrays, or two names for one?",
            {f"v = beta2 * {OLD_V}": "v = m = beta2 * m"}),
    mistake("The rate is mixed into m, so a changed rate does not reach the gradients already in it.",
            "Suppose the rate drops to zero for one step. Should the weights still move?",
            {"(1 - beta1) * dw": "(1 - beta1) * lr * dw", "lr * m_hat": "m_hat"}),
    mistake("The factors 1 − β are missing: m and v are fading sums, which the corrections do not fit.",
            "How large is m after the first gradient of 3: 0.3 or 3?",
            {"(1 - beta1) * dw": "dw", "(1 - beta2) * dw": "dw"}),
]
