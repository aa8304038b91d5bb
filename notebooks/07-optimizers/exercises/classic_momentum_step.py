"""classic_momentum_step: what it must do, other right ways, and what goes wrong."""

import copy

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _defaults,
    _follow,
    _from_a_state,
    _leaves_inputs_alone,
    _rate_may_change,
    _shapes,
    _steps,
    _two_parameters,
)


def test_classic_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the fading sum of the gradients leads."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        _steps(student, "classic_momentum_step", rng, settings)


def test_classic_momentum_step_first_step(student):
    """The first step is that of plain descent, lr * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = _follow(student.classic_momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([-0.2, -2.15]), what="the weights after the first step")


def test_classic_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr / (1 - rho) times the gradient."""
    path, _ = _follow(student.classic_momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]) / 0.3, rtol=1e-4, what="the late step")


def test_classic_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step rho times the last."""
    gradients = [np.array([3.0]), *[np.zeros(1)] * 4]
    path, _ = _follow(student.classic_momentum_step, np.zeros(1), gradients, (1.0, 0.6))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, -3.0 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_classic_momentum_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "classic_momentum_step", rng, (0.1, 0.85))


@easy
def test_classic_momentum_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    _defaults(student, "classic_momentum_step", rng, 0.03)


@variant
def classic_on_copies(w, dw, state, lr, rho=0.9):
    new = copy.deepcopy(state)
    if "v" not in new:
        new["v"] = np.zeros_like(w)
    new["v"] = rho * new["v"] + dw
    return w - lr * new["v"], new


@variant
def classic_entry_by_entry(w, dw, state, lr, rho=0.9):
    old = state.get("flat", [0.0] * w.size)
    flat = [rho * a + float(b) for a, b in zip(old, dw.ravel(), strict=True)]
    return w - lr * np.array(flat).reshape(w.shape), {"flat": flat}


@variant
def classic_with_a_negative_velocity(w, dw, state, lr, rho=0.9):
    try:
        v = rho * state["velocity"] - dw
    except KeyError:
        v = -dw
    return w + lr * v, {"velocity": v}


@variant
def classic_from_the_first_gradient(w, dw, state, lr, rho=0.9):
    v = rho * state["v"] + dw if state else np.array(dw)
    return (np.add(w, -lr * v), {"v": v, "shape": w.shape})


def classic_with_the_rate_inside(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw
    return w + v, {"v": v}


def classic_with_the_rate_inside_and_subtracted(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + lr * dw
    return w - v, {"v": v}


def classic_changes_an_array_in_the_state(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros_like(w))
    v *= rho
    v += dw
    return w - lr * v, {"v": v}


def classic_changes_everything(w, dw, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    v *= rho
    v += dw
    w -= lr * v
    return w, state


def classic_changes_the_gradient(w, dw, state, lr, rho=0.9):
    dw += rho * state.get("v", 0.0)
    return w - lr * dw, {"v": dw.copy()}


MISTAKES = [
    mistake("The factor 1 − ρ is put in: this is the average form of the exercise before.",
            "How large is the first velocity here, compared with the gradient?",
            {"+": "+ (1 - rho) *"}),
    mistake("ρ scales the gradient instead of the old velocity, which then never fades.",
            "Which of the two should friction slow down?",
            {"rho *": "", "+": "+ rho *"}),
    mistake("There is no friction: old gradients count for ever.",
            "Where does ρ stand in your formula?",
            {"rho *": ""}),
    mistake("The velocity is created anew in every step, or never reaches the state that is returned, so this is plain descent.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            {'state.get("v", 0.0': "np.zeros_like(w"}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "By how much does a rate of 0.1 scale your first step?",
            {"+": "+ lr *"}),
    mistake("The rate is mixed into the velocity, so a changed rate does not reach the gradients already in it.",
            "Suppose the rate drops to zero for one step. Should the weights still move?",
            by=classic_with_the_rate_inside),
    mistake("The weights move along the velocity, which is uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            {"-": "+"}),
    mistake("The signs of two conventions are mixed: the velocity counts against the gradient.",
            "If the step subtracts lr · v, which sign must dw have in v?",
            {"+": "-"}),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "-= writes into the array of the caller. Which expression makes a new array?",
            {"return w - lr * v": "w -= lr * v\n    return w"}),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            {"v =": 'state["v"] =', 'v, {"v": v}': 'state["v"], state'}),
    mistake("The step uses the velocity from before the new gradient was added.",
            "In which order do the two lines of the formula stand?",
            {"rho *": "", "0.0) + dw": "np.zeros_like(w))", "v}": "rho * v + dw}"}),
    mistake("The step adds the gradient a second time, as the libraries' Nesterov does.",
            "The step is lr · v and nothing else. Is dw not in v already?",
            {"v,": "(dw + rho * v),"}),
    mistake("0.9 is used whatever rho is passed.",
            "Does your result change with rho?",
            {"= rho": "= 0.9"}),
    mistake("ρ multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does ρ belong to?",
            {"rho *": "rho * (", "+ dw": "+ dw)"}),
    mistake("The change is returned, not the changed weights.",
            "What is left to do after computing lr · v?",
            {"w -": "-"}),
    mistake("The rate is mixed into the velocity, so a changed rate does not reach what it was built from.",
            "Suppose the rate drops to zero for one step. Should the weights still move?",
            by=classic_with_the_rate_inside_and_subtracted),
    mistake("The old velocity is scaled by 1 − ρ instead of ρ.",
            "With ρ = 0.9, how much of the old velocity should be left?",
            {"= rho": "= (1 - rho)"}),
    mistake("The velocity starts as the first gradient and then has it added once more.",
            "v is zero before the first step. What is it after adding the first gradient?",
            {"0.0": "dw"}),
    mistake("An array in the state that was passed in is changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            by=classic_changes_an_array_in_the_state),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            by=classic_changes_everything),
    mistake("The velocity is written into the gradient that was passed in.",
            "Who else may still need dw? Which expression makes a new array?",
            by=classic_changes_the_gradient),
    mistake("The sum is corrected like an average; this form has no correction.",
            "The first step is that of plain descent. Is yours?",
            {"v =": 't, v = state.get("t", 0) + 1,', "v,": "v / (1 - rho**t),", "}": ', "t": t}'}),
]
