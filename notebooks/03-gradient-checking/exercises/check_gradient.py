"""check_gradient: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

from .common import COARSE_DEFAULT, ONE_LENGTH, VERDICT, copied, number

HINTS = (
    "Which of your functions turn a dict into a vector and back? numerical_gradient wants a function of a "
    "vector.",
    "The dict that grad returns may list its names in another order. How do you make sure that W is compared "
    "with W?",
    "x lists u, v and grad returns v, u with v: 5 and u: 1. The vector to compare is 1, 5. If the differences "
    "give 1, 5.5, the error is 0.5 over 5.10 + 5.59.",
)


def _bowl(p):
    """A loss in which every parameter meets every other; W and V have the same shape on purpose."""
    hidden = np.tanh(p["W"]) * p["scale"] + p["V"] ** 3
    return float(np.sum(hidden * hidden) / 2 + np.sum(p["b"]) ** 3 / 6 * p["a"][0])


def _bowl_gradient(p):
    """Gradient of the bowl in the order in which a backward pass would meet the parameters."""
    hidden = np.tanh(p["W"]) * p["scale"] + p["V"] ** 3
    total = np.sum(p["b"])
    return {
        "a": np.array([total**3 / 6]),
        "b": np.full(p["b"].shape, total**2 / 2 * p["a"][0]),
        "V": hidden * 3 * p["V"] ** 2,
        "scale": np.array(np.sum(hidden * np.tanh(p["W"]))),
        "W": hidden * p["scale"] * (1 - np.tanh(p["W"]) ** 2),
    }


def _bowl_point(rng):
    point = {
        "W": rng.normal(size=(2, 3)),
        "V": rng.normal(size=(2, 3)),
        "scale": np.array(1.3),
        "b": rng.normal(size=4),
        "a": np.array([0.8]),
    }
    point["b"] += 1.0
    return point


def _expected_error(wrong, right):
    """The relative error that a check should find, up to rounding of the differences."""
    names = list(right)
    return reference.relative_error(
        np.concatenate([np.ravel(wrong[name]) for name in names]),
        np.concatenate([np.ravel(right[name]) for name in names]),
    )


def _require_small(got):
    error = number(got, "The result of check_gradient")
    require(0 <= error < 1e-7, "A correct gradient must have an error between 0 and 1e-7.")


def _check_bowl(student, rng, spoil):
    point = _bowl_point(rng)

    def grad(p):
        grads = _bowl_gradient(p)
        spoil(grads)
        return grads

    expected = _expected_error(grad(point), _bowl_gradient(point))
    assert_close(student.check_gradient(_bowl, grad, point), expected, rtol=1e-4, what="the error of a wrong gradient")


def _finds_a_wrong_gradient(student):
    """A function that always answers 0 passes every gradient, and so has checked none."""
    point = {"w": np.array([1.0, -2.0])}
    got = student.check_gradient(lambda p: float(np.sum(p["w"] ** 2)), lambda p: {"w": -2 * p["w"]}, point)
    require(np.all(np.asarray(got) > 0.5), "check_gradient finds no error in a gradient with the wrong sign.")
    got = student.check_gradient(lambda p: float(np.sum(p["w"] ** 2)), lambda p: {"w": 2.2 * p["w"]}, point)
    require(np.all(np.asarray(got) < 0.5), "check_gradient finds the error of a wrong sign in one that is 10 % off.")


def test_check_gradient_passes_a_right_gradient(student, rng):
    """A correct gradient of parameters of many shapes has an error below 1e-7, and a wrong one has not."""
    _finds_a_wrong_gradient(student)
    _require_small(student.check_gradient(_bowl, _bowl_gradient, _bowl_point(rng)))


def test_check_gradient_matches_gradients_by_name(student, rng):
    """The order of the gradient's names does not matter."""
    _finds_a_wrong_gradient(student)
    point = _bowl_point(rng)
    for order in (sorted, lambda names: sorted(names, reverse=True)):

        def grad(p, order=order):
            grads = _bowl_gradient(p)
            return {name: grads[name] for name in order(grads)}

        _require_small(student.check_gradient(_bowl, grad, point))


def test_check_gradient_measures_one_wrong_entry(student, rng):
    """One wrong entry shows with its share of the whole gradient's length."""

    def spoil(grads):
        grads["V"][1, 2] += 0.5

    _check_bowl(student, rng, spoil)


def test_check_gradient_measures_a_wrong_bias(student, rng):
    """A mistake in a small parameter is weighed against the whole gradient, not against itself alone."""

    def spoil(grads):
        grads["b"] = grads["b"] * 1.1

    _check_bowl(student, rng, spoil)


def test_check_gradient_of_a_number_that_is_wrong(student, rng):
    """Parameters of shape () are checked too."""

    def spoil(grads):
        grads["scale"] = grads["scale"] * 3

    _check_bowl(student, rng, spoil)


def test_check_gradient_of_a_flipped_sign_is_one(student, rng):
    """Going uphill instead of downhill has the largest error there is."""
    _finds_a_wrong_gradient(student)
    got = student.check_gradient(
        _bowl, lambda p: {name: -value for name, value in _bowl_gradient(p).items()}, _bowl_point(rng)
    )
    assert_close(got, 1.0, rtol=1e-6, what="the error of the negative gradient")


def test_check_gradient_of_a_flat_loss_is_zero(student):
    """A loss without slope and a gradient of zeros agree."""
    _finds_a_wrong_gradient(student)
    point = {"w": np.array([1.0, 2.0]), "s": np.array(3.0)}
    got = student.check_gradient(lambda p: 4.0, lambda p: {"w": np.zeros(2), "s": np.array(0.0)}, point)
    assert_close(got, 0.0, what="the error at a flat loss")


def test_check_gradient_takes_the_step_it_is_given(student):
    """With a large h the truncation error of central differences shows: 3w² against 3w² + h²."""
    point = {"w": np.array([1.0, 2.0])}

    def cubes(p):
        return float(np.sum(p["w"] ** 3))

    for h in (0.1, 0.01):
        got = student.check_gradient(cubes, lambda p: {"w": 3 * p["w"] ** 2}, copied(point), h)
        expected = reference.relative_error(3 * point["w"] ** 2, 3 * point["w"] ** 2 + h**2)
        assert_close(got, expected, rtol=1e-4, what=f"the error with h = {h}")


@easy
def test_check_gradient_takes_a_step_of_1e_5_unless_told(student):
    """Without h every entry is moved by 1e-5 to each side."""
    point = {"w": np.array([1.0, -2.0]), "s": np.array(0.5)}
    seen = []

    def loss(p):
        seen.append(np.array([p["w"][0] - 1.0, p["w"][1] + 2.0, float(np.reshape(p["s"], ())) - 0.5]))
        return float(np.sum(p["w"] ** 2) * np.sum(p["s"]))

    got = student.check_gradient(loss, lambda p: {"w": 2 * p["w"] * p["s"], "s": np.sum(p["w"] ** 2)}, point)
    _require_small(got)
    for step in (1e-5, -1e-5):
        reached = (np.abs(np.array(seen) - step) < 1e-8).any(axis=0)
        require(reached.all(), "Not every entry was moved by 1e-5 to each side.")


def test_check_gradient_gives_the_loss_a_dict_like_x(student, rng):
    """The loss and the gradient are called with dicts of the names and shapes of x."""
    _finds_a_wrong_gradient(student)
    point = _bowl_point(rng)
    shapes = {name: value.shape for name, value in point.items()}
    seen = []

    def loss(p):
        seen.append({name: np.shape(value) for name, value in p.items()})
        return _bowl(p)

    def grad(p):
        seen.append({name: np.shape(value) for name, value in p.items()})
        return _bowl_gradient(p)

    got = student.check_gradient(loss, grad, point)
    require(all(shape == shapes for shape in seen), "f or grad was called with other names or shapes than those of x.")
    _require_small(got)


@easy
def test_check_gradient_takes_the_gradient_at_x(student, rng):
    """The analytic gradient is taken at x itself."""
    point = _bowl_point(rng)
    before = copied(point)
    places = []

    def grad(p):
        places.append({name: np.array(value) for name, value in p.items()})
        return _bowl_gradient(p)

    got = student.check_gradient(_bowl, grad, point)
    require(places, "grad was never called.")
    for place in places:
        for name, value in before.items():
            assert_close(place[name], value, rtol=1e-12, atol=0.0, what=f"{name}, as grad received it,")
    _require_small(got)


@variant
def entry_by_entry(f, grad, x, h=1e-5):
    grads = grad(x)
    top = left = right = 0.0
    for name in x:
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric = (f({**x, name: up}) - f({**x, name: down})) / (2 * h)
            analytic = grads[name][index]
            top += (analytic - numeric) ** 2
            left, right = left + analytic**2, right + numeric**2
    bottom = math.sqrt(left) + math.sqrt(right)
    return math.sqrt(top) / bottom if bottom else 0.0


@variant
def in_place_and_back(f, grad, x, h=1e-5):
    work = {name: np.array(value, dtype=float) for name, value in x.items()}
    grads = {name: np.asarray(value) for name, value in grad(work).items()}
    numeric = {name: np.zeros(value.shape) for name, value in work.items()}
    for name, value in work.items():
        for index in np.ndindex(value.shape):
            kept = value[index]
            value[index] = kept + h
            above = f(work)
            value[index] = kept - h
            numeric[name][index] = (above - f(work)) / (2 * h)
            value[index] = kept
    a = np.concatenate([grads[name].ravel() for name in sorted(work)])
    b = np.concatenate([numeric[name].ravel() for name in sorted(work)])
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / scale if scale > 0 else 0


@variant
def gradient_after_the_differences(f, grad, x, h=1e-5):
    names, shapes = list(x), [np.shape(value) for value in x.values()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    theta = np.concatenate([np.ravel(value) for value in x.values()]).astype(float)

    def as_dict(vector):
        pieces = np.split(vector, np.cumsum(sizes)[:-1])
        return {n: p.reshape(s) for n, p, s in zip(names, pieces, shapes, strict=True)}

    numeric = np.array([(f(as_dict(theta + e)) - f(as_dict(theta - e))) / (2 * h) for e in h * np.eye(theta.size)])
    grads = grad(as_dict(theta))
    analytic = np.concatenate([np.ravel(grads[name]) for name in names])
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / scale) if scale else 0.0


IN_ORDER = "{name: grads[name] for name in x}"
NUMERIC = "numerical_gradient(lambda theta: f(unflatten(theta, x)), flatten(x), h)"
ERROR = "relative_error(analytic, numeric)"
DISTANCE = "np.linalg.norm(analytic - numeric)"


def _by_parameter(combined):
    """Return an edit: an error for each parameter, and what is made of them."""
    errors = "[relative_error(grads[name], unflatten(numeric, x)[name]) for name in x]"
    return {f"return {ERROR}": f"errors = {errors}\n    return {combined}"}


MISTAKES = [
    mistake("The gradients are joined in their own order, so they are compared with the wrong parameters.",
            "grad(x) may list W2 before W1. In which order is the numerical gradient?",
            {IN_ORDER: "grads"}),
    mistake("The gradient's names are reversed, as if they always came from last to first.",
            "They may come in any order. What tells you which gradient belongs to which parameter?",
            {IN_ORDER: "dict(reversed(grads.items()))"}),
    mistake("The gradient's names are sorted, but those of the numerical gradient are in the order of x.",
            "Both sides need one and the same order. Which dict sets it?",
            {"for name in x}": "for name in sorted(x)}"}),
    mistake("The vector is cut up in the order of the gradient's names, so the loss gets numbers in the wrong places.",
            "theta was joined in the order of x. Which dict must be the pattern on the way back?",
            {"unflatten(theta, x)": "unflatten(theta, grads)"}),
    mistake("The error is taken for each parameter by itself, and the worst, the mean or the sum is returned.",
            "Here all parameters form one vector: flatten first, then compare once.",
            _by_parameter("max(errors)"), _by_parameter("sum(errors) / len(errors)"), _by_parameter("sum(errors)")),
    mistake("Only the first parameter is checked.",
            "A return inside the loop ends it. How many parameters does your comparison see?",
            {"analytic = flatten":
             "for name in x:\n"
             "        return relative_error(grads[name], numerical_gradient(lambda v: f({**x, name: v}), x[name], h))\n"
             "    analytic = flatten"}),
    mistake("Only the last parameter is checked: each error replaces the one before.",
            "How many parameters does the number that you return tell about? Flatten first, then compare once.",
            _by_parameter("errors[-1]")),
    mistake("Only the weights are checked, by their names.",
            "A bug often sits in one array alone, and it may be a bias. Which names may x have?",
            {f"return {ERROR}":
             "numeric = unflatten(numeric, x)\n"
             "    names = [name for name in x if name.startswith('W')] or list(x)\n"
             "    analytic, numeric = (flatten({name: g[name] for name in names}) for g in (grads, numeric))\n"
             f"    return {ERROR}"}),
    mistake("The gradient is compared with itself, so nothing is ever found.",
            "One side comes from grad, the other from values of f alone. Which line calls f?",
            {ERROR: "relative_error(analytic, analytic)"}),
    mistake("Every parameter is measured as if it were the last: a lambda looks its name up only when it is called.",
            "In lambda v: f({**x, k: v}) the k is read at the call. How do you bind it when the lambda is made?",
            {f"numeric = {NUMERIC}":
             "losses = {name: lambda value: f({**x, name: value}) for name in x}\n"
             "    numeric = flatten({name: numerical_gradient(losses[name], x[name], h) for name in x})"}),
    mistake("f is called with the flat vector, but it takes a dict of parameters.",
            "f looks parameters up by name. What turns theta back into a dict?",
            {"f(unflatten(theta, x))": "f(theta)"}),
    mistake("grad is called with the flat vector, but it takes a dict of parameters.",
            "What does grad(x) take, according to the text? The vector is for the differences alone.",
            {"grads = grad(x)": "grads = grad(flatten(x))"}),
    mistake("The numerical gradient is one-sided, so that a correct gradient has an error near 1e-6.",
            "Which of your difference formulas has the error h²?",
            {NUMERIC: "np.array([(f(unflatten(flatten(x) + e, x)) - f(x)) / h for e in h * np.eye(flatten(x).size)])"}),
    mistake("The step h that was passed in does not reach the numerical gradient.",
            "Call it with h = 0.1 on a sum of cubes: the truncation error must show. Where is h handed on?",
            {"flatten(x), h)": "flatten(x))"}),
    mistake(*COARSE_DEFAULT, {"h=1e-5": "h=1e-2"}),
    mistake("It returns the absolute distance between the two gradients.",
            "You have written a function for the comparison already; which one has no unit?",
            {ERROR: DISTANCE}),
    mistake(*ONE_LENGTH,
            {ERROR: f"{DISTANCE} / np.linalg.norm(analytic) if np.any(analytic) else 0.0"},
            {ERROR: f"{DISTANCE} / np.linalg.norm(numeric)"}),
    mistake(*VERDICT, after=lambda error: bool(error < 1e-7)),
    mistake("More than the error is returned.",
            "The result is one number. Keep the gradients to yourself, or print them.",
            {ERROR: f"{ERROR}, analytic, numeric"}),
]
