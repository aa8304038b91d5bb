"""adagrad_step: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _compare,
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


def _adagrad_inside(w, dw, state, lr, eps=1e-8):
    cache = state.get("cache", 0) + dw**2
    return w - lr * dw / np.sqrt(cache + eps), {"cache": cache}


def test_adagrad_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the summed squares."""
    for settings in [(0.1,), (1.5,), (0.02, 1e-8)]:
        _steps(student, "adagrad_step", rng, settings)


def test_adagrad_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    _either_epsilon(student, "adagrad_step", _adagrad_inside, rng, (0.1, 1e-2))


def test_adagrad_step_fades(student):
    """Under a constant gradient the steps shrink as 1/sqrt(t), and their size does not depend on the gradient's."""
    for gradient in (-40.0, 0.5):
        path, _ = _follow(student.adagrad_step, np.zeros(1), [np.array([gradient])] * 30, (0.1,))
        steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
        expected = -np.sign(gradient) * 0.1 / np.sqrt(np.arange(1, 31))
        assert_close(steps, expected, what=f"the steps under a constant gradient of {gradient}")


def test_adagrad_step_treats_entries_apart(student, rng):
    """Every entry has a sum of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.adagrad_step, w, gradients, (0.1,))
    expected, _ = _follow(_own(reference.adagrad_step), w.copy(), gradients, (0.1,))
    _compare(path, expected)


def test_adagrad_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "adagrad_step", (0.1,))


def test_adagrad_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "adagrad_step", rng, (0.3,))


@easy
def test_adagrad_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the step."""
    _rate_may_change(student, "adagrad_step", rng, (0.1,))


@variant
def adagrad_with_eps_under_the_root(w, dw, state, lr, eps=1e-8):
    cache = state.get("cache", np.zeros_like(w)) + np.square(dw)
    return w - lr * dw / np.sqrt(cache + eps), {"cache": cache}


@variant
def adagrad_entry_by_entry(w, dw, state, lr, eps=1e-8):
    old = state.get("sums", [0.0] * w.size)
    sums = [a + float(g) ** 2 for a, g in zip(old, dw.ravel(), strict=True)]
    step = [lr * float(g) / (math.sqrt(c) + eps) for c, g in zip(sums, dw.ravel(), strict=True)]
    return w - np.reshape(step, w.shape), {"sums": sums}


@variant
def adagrad_with_the_root_kept(w, dw, state, lr, eps=1e-8):
    root = np.hypot(state.get("root", 0.0), dw)
    return w - lr / (root + eps) * dw, {"root": root}


@variant
def adagrad_on_copies(w, dw, state, lr, eps=1e-8):
    new = {name: value.copy() for name, value in state.items()}
    new.setdefault("G", np.zeros(w.shape))
    new["G"] += dw * dw
    w = w + 0.0
    w -= lr * dw / (new["G"] ** 0.5 + eps)
    return w, new


def adagrad_by_the_count(w, dw, state, lr, eps=1e-8):
    t = state.get("t", 0) + 1
    return w - lr / np.sqrt(t) * dw, {"t": t}


MISTAKES = [
    mistake("The sum of squares is made to fade; this is RMSProp, the next exercise.",
            "AdaGrad forgets nothing. What happens to the old sum in its formula?",
            {"c =": "c = 0.9 *", "+ dw": "+ 0.1 * dw"}),
    mistake("The root is missing: gradients that are ten times larger give steps a tenth as long.",
            "At the first step c is dw². What must the divisor be for the step to be lr?",
            {"np.sqrt(c)": "c"}),
    mistake("The gradients are added up without being squared, so they cancel, and the root of a negative sum is nan.",
            "What is summed in c: dw or its square?",
            {"**2": ""}),
    mistake("Sizes are summed instead of squares.",
            "Gradients 3 and 4: should the second step be divided by 7 or by 5?",
            {"dw**2": "np.abs(dw)", "np.sqrt(c)": "c"}),
    mistake("The sum is squared, not the gradients: gradients of opposite sign cancel.",
            "Sum of squares, not square of the sum: which do you keep from step to step?",
            {"**2": "", "(c": "(c**2"}),
    mistake("The sum is created anew in every step, or never reaches the state that is returned, so every step has the full length.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            {'state.get("c", 0.0': "np.zeros_like(w"}),
    mistake("One sum over all entries is kept, so all weights share one rate.",
            "What shape has c? The idea of AdaGrad is a rate for each weight.",
            {"dw**2": "np.sum(dw**2)"}),
    mistake("The step is divided by the sum from before, which is zero at first.",
            "In which order do the two lines of the formula stand?",
            {"0.0) + dw**2": "np.zeros_like(w))", "}": "+ dw**2}"}),
    mistake("The sum is divided by the number of steps: a mean does not make the steps fade.",
            "Under a constant gradient, how long should the fourth step be, compared with the first?",
            {"c =": 't, c = state.get("t", 0) + 1,', "(c": "(c / t", "}": ', "t": t}'}),
    mistake("Without eps a weight that has never had a gradient becomes nan: 0/0.",
            "What is dw/√c where all gradients so far were zero?",
            {"(np": "np", ") + eps": ""}),
    mistake("1e-8 is used whatever eps is passed.",
            "Does your result change with eps?",
            {"eps)": "1e-8)"}),
    mistake("eps is added to the quotient instead of to its denominator: brackets are misplaced.",
            "eps is there against division by zero. Does yours stand in the divisor?",
            {"dw / (": "(dw /"}),
    mistake("The rate is divided by the root, but the gradient is left out of the step.",
            "Your step has the same sign for all gradients. What says where down is?",
            {"* dw": ""}),
    mistake("The step is multiplied by the root instead of divided by it.",
            "Weights with large gradients should take smaller steps. Do they?",
            {"/": "*"}),
    mistake("The weights move along the gradient, which is uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            {"w -": "w +"}),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "-= writes into the array of the caller. Which expression makes a new array?",
            {"return w -": "w -=", "),": ")\n    return w,"}),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            {"c =": 'state["c"] =', "(c": '(state["c"]', '{"c": c}': "state"}),
    mistake("The change is returned, not the changed weights.",
            "What is left to do after computing the step?",
            {"w -": "-"}),
    mistake("The root is kept in the state, so the next square is added to a root.",
            "Which of the two goes on to the next step: the sum of squares or its root?",
            {"c =": "c = np.sqrt(", "2": "2)", "np.sqrt(c)": "c"}),
    mistake("eps is added to the sum that is kept, so it piles up from step to step.",
            "How often should eps be in the divisor after a hundred steps?",
            {"2": "2 + eps", "(np": "np", ") + eps": ""}),
    mistake("An array in the state that was passed in is changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            {"0.0) +": "np.zeros_like(w))\n    c +="}),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            {'get("c", 0.0) +': 'setdefault("c", np.zeros_like(w))\n    c +=',
             "return w -": "w -=",
             ', {"c": c}': "\n    return w, state"}),
    mistake("The rate is mixed into the sum and cancels: the steps do not depend on it any more.",
            "Double the rate. Do your steps double?",
            {"+ dw": "+ (lr * dw)"}),
    mistake("The rate is divided by the root of the number of steps, not of each weight's own squares.",
            "Two weights with gradients of 1 and 1000: should they move alike?",
            by=adagrad_by_the_count),
]
