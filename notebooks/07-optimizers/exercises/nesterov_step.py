"""nesterov_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

from .common import _compare, _follow, _from_a_state, _leaves_inputs_alone, _own, _two_parameters


def _slopes(rng, shape, count=6):
    """Gradient functions that change from step to step, as batches make them, each curved and off centre."""
    functions = []
    for _ in range(count):
        curvature, centre = rng.uniform(0.5, 3.0, size=shape), rng.normal(size=shape)

        def slope(point, curvature=curvature, centre=centre):
            return curvature * (point - centre)

        functions.append(slope)
    return functions


def _look_ahead(student, rng, settings, shape=(3,), count=6, rates=None):
    w, slopes = np.asarray(rng.normal(size=shape)), _slopes(rng, shape, count)
    expected, _ = _follow(_own(reference.nesterov_step), w.copy(), slopes, settings, rates=rates)
    got, _ = _follow(student.nesterov_step, w, slopes, settings, rates=rates)
    _compare(got, expected)


def _centred(gradient):
    """A gradient function with this gradient at zero."""

    def slope(point):
        return 0.8 * point + gradient

    return slope


def test_nesterov_step_over_several_steps(student, rng):
    """Six steps with changing gradient functions from an empty state go where looking ahead leads."""
    for settings in [(0.1, 0.9), (0.2, 0.3), (0.05, 0.75)]:
        _look_ahead(student, rng, settings)


def test_nesterov_step_asks_at_the_point_ahead(student, rng):
    """The gradient is measured at w + rho * v, where the velocity leads."""
    curvature = np.array([1.0, 4.0])
    asked = [[], [], [], []]

    def slope_of(number):
        def slope(point):
            asked[number].append(np.array(point, dtype=float))
            return curvature * point

        return slope

    w, v = np.array([1.0, -1.0]), np.zeros(2)
    path, _ = _follow(student.nesterov_step, w.copy(), [slope_of(number) for number in range(4)], (0.1, 0.7))
    for number, got in enumerate(path):
        expected = w + 0.7 * v
        require(asked[number], "dw must be called: it is a function that returns the gradient at a point.")
        where = min(asked[number], key=lambda point: np.abs(point - expected).max() if point.shape == (2,) else np.inf)
        assert_close(where, expected, what=f"the point at which step {number + 1} asks for the gradient")
        v = 0.7 * v - 0.1 * curvature * expected
        w = w + v
        assert_close(got, w, what=f"the weights after step {number + 1}")


def test_nesterov_step_first_step(student):
    """Without a velocity there is nothing to look ahead to: the first step is that of plain descent."""
    slopes = [lambda p: p**3, lambda p: p - 0.5, lambda p: 2 - p]
    path, _ = _follow(student.nesterov_step, np.array([1.0, -2.0]), slopes, (0.2, 0.8))
    assert_close(path[0], np.array([0.8, -0.4]), what="the weights after the first step")


def test_nesterov_step_on_a_slope(student):
    """On a plane, where all points have one gradient, it is classic momentum."""
    slope = np.array([2.0, -1.0])
    got, _ = _follow(student.nesterov_step, np.zeros(2), [lambda p: 0 * p + slope] * 8, (0.1, 0.6))
    expected, _ = _follow(_own(reference.classic_momentum_step), np.zeros(2), [slope] * 8, (0.1, 0.6))
    _compare(got, expected)


def test_nesterov_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    for shape in [(), (1,), (150,), (3, 3), (2, 5), (2, 3, 2)]:
        _look_ahead(student, rng, (0.1, 0.8), shape, count=4)


def test_nesterov_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "nesterov_step", rng, (0.1, 0.8), wrap=_centred)


def test_nesterov_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "nesterov_step", rng, (0.1, 0.85), wrap=_centred)


@easy
def test_nesterov_step_leaves_inputs_alone(student, rng):
    """w and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "nesterov_step", rng, (0.1, 0.8), wrap=_centred)


def test_nesterov_step_when_the_rate_changes(student, rng):
    """The rate of a step scales that step's gradient; the velocity that it finds already holds earlier rates."""
    _look_ahead(student, rng, (0.1, 0.8), count=5, rates=[0.1, 0.02, 0.3, 0.3, 0.05])


def test_nesterov_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    w, slopes = rng.normal(size=(2, 3)), _slopes(rng, (2, 3))
    expected, _ = _follow(_own(reference.nesterov_step), w.copy(), slopes, (0.1, 0.9))
    got, _ = _follow(student.nesterov_step, w, slopes, (0.1,))
    _compare(got, expected)


@variant
def nesterov_in_small_steps(w, dw, state, lr, rho=0.9):
    velocity = state.get("velocity", np.zeros_like(w))
    ahead = w + rho * velocity
    gradient = dw(ahead)
    new = rho * velocity - lr * gradient
    return w + new, {"velocity": new, "last gradient": gradient}


@variant
def nesterov_from_ahead(w, dw, state, lr, rho=0.9):
    ahead = w + rho * state["step"] if "step" in state else w.copy()
    new = ahead - lr * np.asarray(dw(ahead))
    return [new, {"step": new - w}]


@variant
def nesterov_that_remembers_the_last_point(w, dw, state, lr, rho=0.9):
    ahead = w + rho * (w - state.get("last", w))
    return ahead - lr * dw(ahead), {"last": np.array(w)}


@variant
def nesterov_for_arrays_too(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros(np.shape(w)))
    g = dw(w + rho * v) if callable(dw) else dw
    v = rho * v - lr * g
    return w + v, dict(state, v=v)


def nesterov_without_looking_ahead(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw(w)
    return w + v, {"v": v}


def nesterov_stepping_from_ahead(w, dw, state, lr, rho=0.9):
    old = state.get("v", 0.0)
    ahead = w + rho * old
    v = rho * old - lr * dw(ahead)
    return ahead + v, {"v": v}


def nesterov_without_memory(w, dw, state, lr, rho=0.9):
    v = -lr * dw(w)
    return w + v, {"v": v}


def nesterov_with_a_gradient_array(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw
    return w + v, {"v": v}


def nesterov_in_the_libraries_form(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw(w)
    return w + rho * v - lr * dw(w), {"v": v}


def nesterov_changes_an_array_in_the_state(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros_like(w))
    gradient = dw(w + rho * v)
    v *= rho
    v -= lr * gradient
    return w + v, {"v": v}


def nesterov_changes_everything(w, dw, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    gradient = dw(w + rho * v)
    v *= rho
    v -= lr * gradient
    w += v
    return w, state


def nesterov_that_drops_the_velocity(w, dw, state, lr, rho=0.9):
    v = -lr * dw(w + rho * state.get("v", 0.0))
    return w + v, {"v": v}


MISTAKES = [
    mistake("The gradient is measured at w, not at the point looked ahead to: this is plain momentum.",
            "At which point does the formula take the gradient? What do you pass to dw?",
            by=nesterov_without_looking_ahead),
    mistake("It looks back instead of ahead: the velocity is subtracted from w.",
            "v is the step itself here, with its sign. To which point will it take you?",
            {"+ rho": "- rho"}),
    mistake("It looks ahead by the whole velocity, without ρ.",
            "How much of the old velocity is left in the next step?",
            {"+ rho *": "+"}),
    mistake("The step starts from the point looked ahead to, so ρ · v is counted twice.",
            "Looking is not moving: from where does the formula take its step?",
            by=nesterov_stepping_from_ahead),
    mistake("The gradient is added to the velocity instead of subtracted, so the weights climb.",
            "v is the step itself. Should it point along the gradient or against it?",
            {"-": "+"}),
    mistake("Two conventions are mixed: v collects gradients, as in the classic form, but is used as a step to look ahead.",
            "In Nesterov's formula v is the step itself, rate and minus sign included. Is yours?",
            {"- lr *": "+", "+ v": "- lr * v"}),
    mistake("The velocity has the opposite sign in the two lines: it is subtracted from w, but looked ahead with plus.",
            "If the step is w − v, where does the velocity lead?",
            {"-": "+", "+ v": "- v"}),
    mistake("The velocity is created anew in every step, or never reaches the state that is returned, so this is plain descent.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            by=nesterov_without_memory),
    mistake("dw is used as if it were an array; here it is a function that returns the gradient at a point.",
            "You have to say where you want the gradient: call dw with that point.",
            by=nesterov_with_a_gradient_array),
    mistake("This is the libraries' form, which returns the point looked ahead to instead of w.",
            "That form asks for the gradient at the w it is given. Here w is where you are: look ahead from it.",
            by=nesterov_in_the_libraries_form),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "+= writes into the array of the caller. Which expression makes a new array?",
            {"return w + v": "w += v\n    return w"}),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            {"v = rho": 'state["v"] = rho', 'v, {"v": v}': 'state["v"], state'}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "The velocity holds the rate already. What is the step from w?",
            {"v,": "lr * v,"}),
    mistake("0.9 is used whatever rho is passed.",
            "Does your result change with rho?",
            {"= rho": "= 0.9", "+ rho": "+ 0.9"}),
    mistake("The old velocity goes into the new one without ρ.",
            "ρ stands in the formula twice. Where is yours?",
            {"= rho *": "="}),
    mistake("The gradient is scaled by 1 − ρ, as in the average form of momentum.",
            "Compare the first step with the text's example: is the gradient scaled by anything but the rate?",
            {"* dw": "* (1 - rho) * dw"}),
    mistake("The change is returned, not the changed weights.",
            "v is the step. From where is it taken?",
            {"w + v": "v"}),
    mistake("The rate is applied outside the velocity, but the velocity is used as a step to look ahead.",
            "By how much will the old velocity move w? Look ahead by that and no more.",
            {"lr *": "", "v,": "lr * v,"}),
    mistake("ρ multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does ρ belong to?",
            {"v -": "(v -", "v)": "v))"}),
    mistake("An array in the state that was passed in is changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            by=nesterov_changes_an_array_in_the_state),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            by=nesterov_changes_everything),
    mistake("The velocity is kept without the rate, so a new rate also scales what earlier steps have left in it.",
            "In this form v is the step itself. With which rate did the gradients of earlier steps go into it?",
            {"- lr * dw(w +": "+ dw(w - lr *", "+ v": "- lr * v"}),
    mistake("The velocity is right, but it is subtracted from w: the minus sign is in v already.",
            "v is the step itself here. Which sign stands in the second formula?",
            {"+ v": "- v"}),
    mistake("The old velocity is used to look ahead but is missing in the new one.",
            "Which two terms make up the new v?",
            by=nesterov_that_drops_the_velocity),
    mistake("The look ahead is scaled by the rate, which is in v already.",
            "By how much is momentum going to move the weights: ρ · v, or less?",
            {"+ rho": "+ lr * rho"}),
    mistake("It looks ahead by a whole step, the gradient at w included; the point ahead is w + ρ · v.",
            "At how many points does the formula ask for a gradient?",
            {"v)": "v - lr * dw(w))"}),
]
