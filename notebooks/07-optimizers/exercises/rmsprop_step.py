"""rmsprop_step: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _compare,
    _defaults,
    _either_epsilon,
    _follow,
    _from_a_state,
    _gradients,
    _leaves_inputs_alone,
    _own,
    _rate_may_change,
    _shapes,
    _steps,
    _two_parameters,
    _zero_gradient,
)


def _rmsprop_inside(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0) + (1 - beta) * dw**2
    return w - lr * dw / np.sqrt(s + eps), {"s": s}


def test_rmsprop_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the averaged squares."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75, 1e-8)]:
        _steps(student, "rmsprop_step", rng, settings)


def test_rmsprop_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    _either_epsilon(student, "rmsprop_step", _rmsprop_inside, rng, (0.1, 0.8, 1e-2))


def test_rmsprop_step_first_step(student):
    """The average starts at zero and is not corrected: the first step is lr / sqrt(1 - beta) at any scale."""
    for gradient in (2.7, -500.0):
        gradients = [np.array([size * gradient]) for size in (1.0, -0.4, 1.9)]
        path, _ = _follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.75))
        assert_close(path[0], np.array([-np.sign(gradient) * 0.2]), what="the weight after the first step from 0")


def test_rmsprop_step_forgets(student):
    """Under a constant gradient the steps settle at lr, also after gradients that were a thousand times larger."""
    gradients = [np.array([2000.0])] * 3 + [np.array([2.0])] * 200
    path, _ = _follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.8))
    assert_close(path[-1] - path[-2], np.array([-0.1]), rtol=1e-4, what="the late step")


def test_rmsprop_step_treats_entries_apart(student, rng):
    """Every entry has an average of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.rmsprop_step, w, gradients, (0.1, 0.8))
    expected, _ = _follow(_own(reference.rmsprop_step), w.copy(), gradients, (0.1, 0.8))
    _compare(path, expected)


def test_rmsprop_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "rmsprop_step", (0.1, 0.8))


def test_rmsprop_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "rmsprop_step", rng, (0.1, 0.85))


@easy
def test_rmsprop_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the step."""
    _rate_may_change(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    _defaults(student, "rmsprop_step", rng, 0.1)


@variant
def rmsprop_with_eps_under_the_root(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", np.zeros_like(w)) + (1 - beta) * np.square(dw)
    return w - lr * dw / np.sqrt(s + eps), {"s": s}


@variant
def rmsprop_on_copies(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = np.array(state.get("mean square", np.zeros(w.shape)))
    s += (1 - beta) * (dw**2 - s)
    return (w - lr * dw * (np.sqrt(s) + eps) ** -1, {"mean square": s})


@variant
def rmsprop_entry_by_entry(w, dw, state, lr, beta=0.9, eps=1e-8):
    old = state.get("s", [0.0] * w.size)
    s = [beta * a + (1 - beta) * float(g) ** 2 for a, g in zip(old, dw.flat, strict=True)]
    step = [lr * float(g) / (math.sqrt(a) + eps) for a, g in zip(s, dw.flat, strict=True)]
    return w - np.array(step).reshape(w.shape), {"s": s}


@variant
def rmsprop_with_none_at_first(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s")
    s = (1 - beta) * dw**2 if s is None else beta * s + (1 - beta) * dw**2
    return np.asarray(w - lr * np.divide(dw, np.sqrt(s) + eps)), {"s": s, "eps": eps}


def rmsprop_with_shares_swapped(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = (1 - beta) * state.get("s", 0.0) + beta * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


def rmsprop_changes_an_array_in_the_state(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s", np.zeros_like(w))
    s *= beta
    s += (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


def rmsprop_changes_everything(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.setdefault("s", np.zeros_like(w))
    s *= beta
    s += (1 - beta) * dw**2
    w -= lr * dw / (np.sqrt(s) + eps)
    return w, state


MISTAKES = [
    mistake("The squares are summed and never forgotten: this is AdaGrad, and its steps fade.",
            "What share of the old s is left in the new one?",
            {"beta *": "", "(1 - beta) *": ""}),
    mistake("β and 1 − β are swapped: s hardly remembers anything.",
            "With β = 0.9, which should count more: the average so far or the new square?",
            by=rmsprop_with_shares_swapped),
    mistake("The factor 1 − β is missing, so s is a fading sum and the steps are too short.",
            "Under a constant gradient the step should settle at lr. Where does yours settle?",
            {"(1 - beta) *": ""}),
    mistake("The root is missing: gradients that are ten times larger give steps a tenth as long.",
            "The R in RMS stands for root. Where is yours?",
            {"np.sqrt(s)": "s"}),
    mistake("The average is squared, not the gradients: gradients of opposite sign cancel.",
            "Mean of the squares, not square of the mean: which do you keep from step to step?",
            {"**2": "", "(s": "(s**2"}),
    mistake("The gradients are averaged without being squared, and the root of a negative average is nan.",
            "What is averaged in s: dw or its square?",
            {"**2": ""}),
    mistake("Sizes are averaged instead of squares.",
            "Root of the mean of the squares: where are the squares?",
            {"dw**2": "np.abs(dw)", "np.sqrt(s)": "s"}),
    mistake("The average is created anew in every step, or never reaches the state that is returned, so nothing is remembered.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            {'state.get("s", 0.0': "np.zeros_like(w"}),
    mistake("The average is corrected for its start, which this exercise does not ask for; Adam will.",
            "Compare the first step with the text's example: is it lr, or more than three times as much?",
            {"s =": 't = state.get("t", 0) + 1\n    s =', "(s": "(s / (1 - beta**t)", "}": ', "t": t}'}),
    mistake("The average starts as the first square instead of from zero.",
            "s is zero before the first step. What is it after mixing the first square in?",
            {'.get("s", 0.0)': '["s"]', ") *": ') * dw**2 if "s" in state else'}),
    mistake("One average over all entries is kept, so all weights share one rate.",
            "What shape has s? Each weight has an average of its own.",
            {"dw**2": "np.mean(dw**2)"}),
    mistake("The step is divided by the average from before, which is zero at first.",
            "In which order do the two lines of the formula stand?",
            {"beta *": "", "0.0) + (1 - beta) * dw**2": "np.zeros_like(w))", "s}": "beta * s + (1 - beta) * dw**2}"}),
    mistake("Without eps a weight that has never had a gradient becomes nan: 0/0.",
            "What is dw/√s where all gradients so far were zero?",
            {"(np": "np", ") + eps": ""}),
    mistake("1e-8 is used whatever eps is passed.",
            "Does your result change with eps?",
            {"eps)": "1e-8)"}),
    mistake("0.9 is used whatever beta is passed.",
            "Does your result change with beta?",
            {"= beta": "= 0.9", "(1 - beta)": "0.1"}),
    mistake("eps is added to the quotient instead of to its denominator: brackets are misplaced.",
            "eps is there against division by zero. Does yours stand in the divisor?",
            {"dw / (": "(dw /"}),
    mistake("The rate is divided by the root, but the gradient is left out of the step.",
            "Your step has the same sign for all gradients. What says where down is?",
            {"* dw /": "/"}),
    mistake("The weights move along the gradient, which is uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            {"w -": "w +"}),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "-= writes into the array of the caller. Which expression makes a new array?",
            {"return w -": "w -=", "),": ")\n    return w,"}),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            {"s =": 'state["s"] =', "(s": '(state["s"]', '{"s": s}': "state"}),
    mistake("The change is returned, not the changed weights.",
            "What is left to do after computing the step?",
            {"w -": "-"}),
    mistake("The root is kept in the state, so the next square is mixed with a root.",
            "Which of the two goes on to the next step: the average of squares or its root?",
            {"s =": "s = np.sqrt(", "2": "2)", "np.sqrt(s)": "s"}),
    mistake("The share 1 − β is squared together with the gradient.",
            "Brackets: what does the square belong to?",
            {"(1": "((1", "**": ") **"}),
    mistake("eps is added to the average that is kept, so it piles up from step to step.",
            "How often should eps be in the divisor after a hundred steps?",
            {"2": "2 + eps", "(np": "np", ") + eps": ""}),
    mistake("An array in the state that was passed in is changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            by=rmsprop_changes_an_array_in_the_state),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            by=rmsprop_changes_everything),
    mistake("The rate is mixed into the average and cancels: the steps do not depend on it any more.",
            "Double the rate. Do your steps double?",
            {"dw**": "(lr * dw) **"}),
    mistake("This is momentum: the step follows an average of gradients and divides by nothing.",
            "What does RMSProp do with its average: follow it, or divide by its root?",
            {"**2": "", "dw / (np.sqrt(s) + eps)": "s"}),
    mistake("The step follows an average of the gradients; here it follows the gradient itself.",
            "What stands above the root in the formula? (Adam will do what you did.)",
            {"2": '2\n    m = beta * state.get("m", 0.0) + (1 - beta) * dw', "dw /": "m /", "}": ', "m": m}'}),
]
