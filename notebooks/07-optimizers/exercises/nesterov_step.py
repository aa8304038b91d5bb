"""nesterov_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close, require

from .common import (
    ARRAY_IN_THE_STATE,
    EVERY_STEP,
    FIRST_FORGOTTEN,
    RATES,
    agrees,
    another_default,
    compare,
    fixed,
    follow,
    no_memory,
    of_every_step,
    right,
)

HINTS = (
    'dw is a function here. At which point do you call it: where you are, or where the velocity is about to '
    'take you?',
    'First look ahead by the share rho of the old velocity, then ask for the slope there, then make the new '
    'velocity from both. What moves w in the end?',
    'On the cost w² (slope 2w) with rho 0.5, lr 0.1, w = 1 and an old velocity of −0.4: look at 1 + '
    '0.5·(−0.4) = 0.8, slope 1.6. New velocity: −0.2 − 0.16 = −0.36, so w = 0.64.',
)


def _slopes(rng, shape, count=6):
    """Gradient functions that change from step to step, as batches make them, each curved and off centre."""
    functions = []
    for _ in range(count):
        curvature, centre = rng.uniform(0.5, 3.0, size=shape), rng.normal(size=shape)

        def slope(point, curvature=curvature, centre=centre):
            return curvature * (point - centre)

        functions.append(slope)
    return functions


def _centred(gradient):
    """A gradient function with this gradient at zero."""

    def slope(point):
        return 0.8 * point + gradient

    return slope


def test_nesterov_step_over_several_steps(student, rng):
    """Six steps with changing gradient functions from an empty state go where looking ahead leads."""
    for settings in [(0.1, 0.9), (0.2, 0.3), (0.05, 0.75)]:
        agrees(student, "nesterov_step", rng.normal(size=3), _slopes(rng, 3), settings)


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
    path, _ = follow(student.nesterov_step, w.copy(), [slope_of(number) for number in range(4)], (0.1, 0.7))
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
    path, _ = follow(student.nesterov_step, np.array([1.0, -2.0]), slopes, (0.2, 0.8))
    assert_close(path[0], np.array([0.8, -0.4]), what="the weights after the first step")


def test_nesterov_step_on_a_slope(student):
    """On a plane, where all points have one gradient, it is classic momentum."""
    slope = np.array([2.0, -1.0])
    got, _ = follow(student.nesterov_step, np.zeros(2), [lambda p: 0 * p + slope] * 8, (0.1, 0.6))
    expected, _ = follow(right("classic_momentum_step"), np.zeros(2), [slope] * 8, (0.1, 0.6))
    compare(got, expected)


def test_nesterov_step_when_the_rate_changes(student, rng):
    """The rate of a step scales that step's gradient; the velocity that it finds already holds earlier rates."""
    agrees(student, "nesterov_step", rng.normal(size=3), _slopes(rng, 3, 5), (0.1, 0.8), RATES)


def test_nesterov_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    agrees(student, "nesterov_step", rng.normal(size=(2, 3)), _slopes(rng, (2, 3)), (0.1,))


TESTS = family("nesterov_step", EVERY_STEP, "nesterov_step", (0.1, 0.85), _centred)


@variant
def in_small_steps(w, dw, state, lr, rho=0.9):
    velocity = state.get("velocity", np.zeros_like(w))
    ahead = w + rho * velocity
    gradient = dw(ahead)
    new = rho * velocity - lr * gradient
    return w + new, {"velocity": new, "last gradient": gradient}


@variant
def from_ahead(w, dw, state, lr, rho=0.9):
    ahead = w + rho * state["step"] if "step" in state else w.copy()
    new = ahead - lr * np.asarray(dw(ahead))
    return [new, {"step": new - w}]


@variant
def that_remembers_the_last_point(w, dw, state, lr, rho=0.9):
    ahead = w + rho * (w - state.get("last", w))
    return ahead - lr * dw(ahead), {"last": np.array(w)}


@variant
def for_arrays_too(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros(np.shape(w)))
    g = dw(w + rho * v) if callable(dw) else dw
    v = rho * v - lr * g
    return w + v, dict(state, v=v)


GRADIENT = "dw(w + rho * v)"
VELOCITY = f"rho * v - lr * {GRADIENT}"
MISTAKES = [
    mistake("The gradient is measured at w, not at the point looked ahead to: this is plain momentum.",
            "At which point does the formula take the gradient? What do you pass to dw?",
            {GRADIENT: "dw(w)"}),
    mistake("It looks back instead of ahead: the velocity has one sign where it moves w and the other where it looks.",
            "If the step is w + v, to which point will v take you? And if it is w − v?",
            {GRADIENT: "dw(w - rho * v)"},
            {"- lr": "+ lr", "w + v": "w - v"}),
    mistake("It looks ahead by the whole velocity, without ρ.",
            "How much of the old velocity is left in the next step?",
            {GRADIENT: "dw(w + v)"}),
    mistake("The step starts from the point looked ahead to, so ρ · v is counted twice.",
            "Looking is not moving: from where does the formula take its step?",
            {f"v = {VELOCITY}": "w = w + rho * v\n    v = rho * v - lr * dw(w)"}),
    mistake("The gradient is added to the velocity instead of subtracted, so the weights climb.",
            "v is the step itself. Should it point along the gradient or against it?",
            {"- lr": "+ lr"}),
    mistake("Two conventions are mixed: v collects gradients, as in the classic form, "
            "but is used as a step to look ahead.",
            "In Nesterov's formula v is the step itself, rate and minus sign included. Is yours?",
            {"- lr * dw": "+ dw", "w + v": "w - lr * v"}),
    no_memory("velocity", {'state.get("v", 0.0)': "0.0"}),
    mistake("dw is used as if it were an array; here it is a function that returns the gradient at a point.",
            "You have to say where you want the gradient: call dw with that point.",
            {GRADIENT: "dw"}),
    mistake("This is the libraries' form, which returns the point looked ahead to instead of w.",
            "That form asks for the gradient at the w it is given. Here w is where you are: look ahead from it.",
            {GRADIENT: "dw(w)", "w + v": "w + rho * v - lr * dw(w)"}),
    *of_every_step("v", "v", sign="+"),
    mistake(*ARRAY_IN_THE_STATE, {"0.0": "np.zeros_like(w)", "v = rho": "v[...] = rho"}),
    mistake("The rate is applied twice, in the velocity and in the step.",
            "The velocity holds the rate already. What is the step from w?",
            {"w + v": "w + lr * v"}),
    another_default("rho", "0.9", "0.99", "0.95", "0.5"),
    mistake(*FIRST_FORGOTTEN, {'"v": v': '"v": v if state else np.zeros_like(w)'}),
    fixed("rho", "0.9", {VELOCITY: VELOCITY.replace("rho", "0.9")}),
    mistake("The old velocity goes into the new one without ρ.",
            "ρ stands in the formula twice. Where is yours?",
            {"rho * v -": "v -"}),
    mistake("The gradient is scaled by 1 − ρ, as in the average form of momentum.",
            "Compare the first step with the text's example: is the gradient scaled by anything but the rate?",
            {"lr * dw": "lr * (1 - rho) * dw"}),
    mistake("The rate is applied outside the velocity, but the velocity is used as a step to look ahead.",
            "By how much will the old velocity move w? Look ahead by that and no more.",
            {"- lr * dw": "- dw", "w + v": "w + lr * v"}),
    mistake("ρ multiplies the new gradient as well: brackets are misplaced.",
            "Which of the two terms does ρ belong to?",
            {VELOCITY: f"rho * (v - lr * {GRADIENT})"}),
    mistake("The velocity is kept without the rate, so a new rate also scales what earlier steps have left in it.",
            "In this form v is the step itself. With which rate did the gradients of earlier steps go into it?",
            {VELOCITY: "rho * v + dw(w - lr * rho * v)", "w + v": "w - lr * v"}),
    mistake("The velocity is right, but it is subtracted from w: the minus sign is in v already.",
            "v is the step itself here. Which sign stands in the second formula?",
            {"w + v": "w - v"}),
    mistake("The old velocity is used to look ahead but is missing in the new one.",
            "Which two terms make up the new v?",
            {VELOCITY: f"-lr * {GRADIENT}"}),
    mistake("The look ahead is scaled by the rate, which is in v already.",
            "By how much is momentum going to move the weights: ρ · v, or less?",
            {GRADIENT: "dw(w + lr * rho * v)"}),
    mistake("It looks ahead by a whole step, the gradient at w included; the point ahead is w + ρ · v.",
            "At how many points does the formula ask for a gradient?",
            {GRADIENT: "dw(w + rho * v - lr * dw(w))"}),
]
