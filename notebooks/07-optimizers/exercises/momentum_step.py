"""momentum_step: what it must do, other right ways, and what goes wrong."""

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


def test_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the average of the gradients leads."""
    for settings in [(0.17, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        _steps(student, "momentum_step", rng, settings)


def test_momentum_step_first_step(student):
    """The velocity starts at zero, so the first step is lr * (1 - beta) * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = _follow(student.momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([1.0 - 0.24, -2.0 - 0.03]), what="the weights after the first step")


def test_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr times the gradient."""
    path, _ = _follow(student.momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]), rtol=1e-4, what="the late step")


def test_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step beta times the last."""
    gradients = [np.array([3.0]), *[np.zeros(1)] * 4]
    path, _ = _follow(student.momentum_step, np.zeros(1), gradients, (1.0, 0.6))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, -1.2 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_momentum_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "momentum_step", rng, (0.1, 0.85))


@easy
def test_momentum_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    _defaults(student, "momentum_step", rng, 0.3)


@variant
def momentum_on_copies(w, dw, state, lr, beta=0.9):
    v = state["velocity"].copy() if state else np.zeros(w.shape)
    v *= beta
    v += (1 - beta) * dw
    w = w.copy()
    w -= lr * v
    return w, {"velocity": v}


@variant
def momentum_as_a_list_pair(w, dw, state, lr, beta=0.9):
    v = state.get("memory", [np.zeros_like(w)])[0]
    v = v + (1 - beta) * (dw - v)
    return [np.subtract(w, lr * v), {"memory": [v]}]


@variant
def momentum_that_keeps_all_gradients(w, dw, state, lr, beta=0.9):
    history = [*state.get("gradients", []), dw.copy()]
    v = sum((1 - beta) * beta**age * g for age, g in enumerate(reversed(history)))
    return w - lr * v, {"gradients": history}


@variant
def momentum_in_float32(w, dw, state, lr, beta=0.9):
    v = (beta * state.get("v", 0) + (1 - beta) * dw).astype(np.float32)
    return np.asarray(w - lr * v, dtype=np.float32), {**state, "v": v, "steps": state.get("steps", 0) + 1}


@variant
def momentum_from_a_classic_sum(w, dw, state, lr, beta=0.9):
    v = beta * state.get("sum", 0.0) + dw
    return w - lr * (1 - beta) * v, {"sum": v}


def momentum_with_shares_swapped(w, dw, state, lr, beta=0.9):
    v = (1 - beta) * state.get("v", 0.0) + beta * dw
    return w - lr * v, {"v": v}


def momentum_with_the_rate_inside(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * lr * dw
    return w - v, {"v": v}


def momentum_changes_an_array_in_the_state(w, dw, state, lr, beta=0.9):
    v = state.get("v", np.zeros_like(w))
    v *= beta
    v += (1 - beta) * dw
    return w - lr * v, {"v": v}


def momentum_changes_everything(w, dw, state, lr, beta=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    v *= beta
    v += (1 - beta) * dw
    w -= lr * v
    return w, state


MISTAKES = [
    mistake("β and 1 − β are swapped: the velocity hardly remembers anything.",
            "With β = 0.9, which should count more: the velocity so far or the new gradient?",
            by=momentum_with_shares_swapped),
    mistake("The factor 1 − β is missing: this is the classic form, whose steps are 1/(1 − β) times as long.",
            "This exercise asks for the *average* of the gradients. What do the shares of an average add up to?",
            {"(1 - beta) *": ""}),
    mistake("The velocity is created anew in every step, or never reaches the state that is returned, so nothing is remembered.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            {'state.get("v", 0.0': "np.zeros_like(w"}),
    mistake("The average is corrected for its start, which this exercise does not ask for.",
            "Compare the first step with the text's example: is it lr · dw or lr · (1 − β) · dw?",
            {"v =": 't = state.get("t", 0) + 1\n    v =', "v,": "v / (1 - beta**t),", "}": ', "t": t}'}),
    mistake("The velocity starts as the first gradient instead of from zero.",
            "v is zero before the first step. What is it after mixing the first gradient in?",
            {'.get("v", 0.0)': '["v"]', "* dw": '* dw if "v" in state else dw.copy()'}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "By how much does a rate of 0.1 scale your step altogether?",
            {") *": ") * lr *"}),
    mistake("The rate is mixed into the velocity, so a changed rate does not reach the gradients already in it.",
            "Suppose the rate drops to zero for one step. Should the weights still move?",
            by=momentum_with_the_rate_inside),
    mistake("The weights move along the average gradient, which is uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            {"w -": "w +"}),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "-= writes into the array of the caller. Which expression makes a new array?",
            {"return w - lr * v": "w -= lr * v\n    return w"}),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            {"v =": 'state["v"] =', 'v, {"v": v}': 'state["v"], state'}),
    mistake("The step uses the velocity from before the new gradient was mixed in.",
            "In which order do the two lines of the formula stand?",
            {"beta *": "", "0.0) + (1 - beta) * dw": "np.zeros_like(w))", "v}": "beta * v + (1 - beta) * dw}"}),
    mistake("The velocity is computed but the step uses the bare gradient.",
            "What does your v do to w?",
            {"v,": "dw,"}),
    mistake("0.9 is used whatever beta is passed.",
            "Does your result change with beta?",
            {"= beta": "= 0.9", "(1 - beta)": "0.1"}),
    mistake("β multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does β belong to?",
            {"beta *": "beta * (", "* dw": "* dw)"}),
    mistake("The change is returned, not the changed weights.",
            "What is left to do after computing lr · v?",
            {"w -": "-"}),
    mistake("An array in the state that was passed in is changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            by=momentum_changes_an_array_in_the_state),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            by=momentum_changes_everything),
    mistake("The rate is left out: the weights move by the whole velocity.",
            "Where does lr occur in your function?",
            {"lr *": ""}),
    mistake("The last gradient is kept instead of the velocity, so only two gradients are ever mixed.",
            "What does the next step need: the gradient, or the average so far?",
            {"v}": "dw.copy()}"}),
    mistake("The gradients are squared: that is RMSProp's average, and it has no direction.",
            "Can your velocity ever be negative?",
            {"* dw": "* dw**2"}),
    mistake("The weights are mixed with the gradient; it is the last velocity that belongs there.",
            "What does β multiply in the formula: w or v?",
            {'state.get("v", 0.0)': "w"}),
]
