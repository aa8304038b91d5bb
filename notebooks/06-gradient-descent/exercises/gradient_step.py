"""gradient_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    "Each array moves against its own gradient. How do you find it, if the two dicts list their names in "
    "different orders?",
    "Does your line make a new array, or change the one it got? w -= something and w = w - something differ "
    "in just that.",
    "w = 4, gradient 10, rate 0.25: the new w is 4 - 2.5 = 1.5. With gradient -10 it is 6.5. The old w is "
    "still 4 afterwards.",
)


def _copied(arrays):
    return {name: value.copy() for name, value in arrays.items()}


def _step(student, params, grads, lr):
    expected = {name: params[name] - lr * grads[name] for name in params}
    got = student.gradient_step(_copied(params), _copied(grads), lr)
    assert_close(got, expected, what="the new parameters")


def _drawn(rng, shapes):
    """Parameters and gradients of given shapes."""
    return tuple({name: np.array(rng.normal(size=shape)) for name, shape in shapes.items()} for _ in range(2))


TWO_LAYERS = {"W1": (4, 3), "b1": (3,), "W2": (3, 2), "b2": (2,)}


def test_gradient_step_moves_against_the_gradient(student, rng):
    """Every parameter moves by the rate times its own gradient, downhill."""
    for lr in (0.1, 0.37, 2.0):
        _step(student, *_drawn(rng, TWO_LAYERS), lr)


def test_gradient_step_of_weights_and_biases(student, rng):
    """W and b of one layer are updated."""
    _step(student, *_drawn(rng, {"W": (3, 2), "b": (2,)}), 0.2)


def test_gradient_step_goes_by_name(student, rng):
    """The order of the gradients does not matter, their names do, also where all shapes are equal."""
    params, grads = _drawn(rng, {"c": (2, 2), "a": (2, 2), "b": (2, 2)})
    _step(student, params, dict(reversed(grads.items())), 0.5)


def test_gradient_step_takes_any_name_and_shape(student, rng):
    """Parameters of three axes, of none, and of names never heard of are updated too."""
    _step(student, *_drawn(rng, {"gamma": (), "kernel": (150, 3, 2), "scale of layer 7": (1,)}), 0.3)


def test_gradient_step_with_tiny_and_huge_gradients(student, rng):
    """Gradients are taken at their size: neither scaled to length 1 nor cut."""
    params, grads = _drawn(rng, TWO_LAYERS)
    for scale in (1e-3, 1e4):
        _step(student, params, {name: scale * dw for name, dw in grads.items()}, 0.2)


def test_gradient_step_twice(student, rng):
    """Two steps in a row move by the sum of both."""
    params, grads = _drawn(rng, TWO_LAYERS)
    once = student.gradient_step(_copied(params), _copied(grads), 0.25)
    twice = student.gradient_step(once, _copied(grads), 0.5)
    expected = {name: params[name] - 0.75 * grads[name] for name in params}
    assert_close(twice, expected, what="the parameters after two steps")


def test_gradient_step_stays_where_nothing_pulls(student, rng):
    """With a rate of zero, or a gradient of zeros, the parameters stay; otherwise they move."""
    params, grads = _drawn(rng, TWO_LAYERS)
    _step(student, params, grads, 0.3)
    _step(student, params, grads, 0.0)
    _step(student, params, {name: 0.0 * dw for name, dw in grads.items()}, 0.3)


@variant
def in_a_loop(params, grads, lr):
    new = {}
    for name in grads:
        new[name] = params[name] - lr * grads[name]
    return new


@variant
def on_copies(params, grads, lr):
    new = {name: np.array(value) for name, value in params.items()}
    for name, value in new.items():
        value -= lr * grads[name]
    return new


@variant
def in_reverse_order(params, grads, lr):
    return {name: np.add(params[name], np.multiply(-lr, grads[name])) for name in sorted(params, reverse=True)}


STEP = "value - lr * grads[name]"
RETURN = f"return {{name: {STEP} for name, value in params.items()}}"
MISTAKES = [
    slip("uphill", {"value - lr": "value + lr"}),
    mistake("The rate is left out.",
            "What should happen with lr = 0?",
            {"lr * ": ""}),
    mistake("The gradient is divided by the rate instead of multiplied by it.",
            "A smaller rate must make a smaller step. Does it?",
            {"lr * grads[name]": "grads[name] / lr"}),
    mistake("The parameters are changed in place; the dict that came in is no longer what it was.",
            "-= writes into the caller's array, params[name] = ... into the caller's dict. What makes a new one?",
            {RETURN: "for name in params:\n        params[name] -= lr * grads[name]\n    return params"}),
    mistake("The parameters are changed in place, and nothing is returned.",
            "Make a new dict with new arrays, and return it.",
            {RETURN: "for name in params:\n        params[name] = params[name] - lr * grads[name]"}),
    mistake("The gradients are changed in place: grads is no longer what it was.",
            "*= writes into the caller's array. Which expression makes a new one?",
            {"lr * grads[name]": "np.multiply(grads[name], lr, out=grads[name])"}),
    mistake("Gradients are matched by their position, not by name.",
            "The two dicts need not be in the same order. How do you look up the gradient of 'W'?",
            {"grads[name]": "grad",
             "name, value in params.items()": "(name, value), grad in zip(params.items(), grads.values())"}),
    mistake("Only the change is returned, not the changed parameters.",
            "What is left to do after computing lr times the gradient?",
            {"value - lr": "-lr"}),
    mistake("Each gradient is scaled to length 1 first, so its size no longer counts.",
            "The formula has the gradient itself. How long must the step be where the gradient is ten times longer?",
            {"grads[name]": "grads[name] / (np.linalg.norm(grads[name]) + 1e-12)"}),
    mistake("Only the sign of the gradient is used, so its size no longer counts.",
            "How long must the step be where the gradient is ten times longer?",
            {"grads[name]": "np.sign(grads[name])"}),
    mistake("Only the parameters called W are updated; the biases stay.",
            "Every name in params has a gradient. Do all of them move?",
            {STEP: f"{STEP} if name.startswith('W') else value"}),
    mistake("The rate is applied twice.",
            "Try lr = 0.1 by hand: by how much should a gradient of 1 move a parameter?",
            {"lr *": "lr * lr *"}),
    mistake("The rate multiplies the parameters as well.",
            "Which part of w - α·gradient does α belong to? Mind the brackets.",
            {STEP: "lr * (value - grads[name])"}, {STEP: "value - lr * (value + grads[name])"}),
    mistake("The brackets are misplaced: the rate is subtracted from the parameter, and the result multiplied.",
            "In w - α·gradient the product comes first.",
            {STEP: "(value - lr) * grads[name]"}),
    mistake("Only W and b are known by name; others are not found, left out or not moved.",
            "Which names may come? Does yours move one called 'scale' too?",
            {"params.items()": "[('W', params['W']), ('b', params['b'])]"},
            {"params.items()": "params.items() if name in ('W', 'b')"},
            {STEP: f"{STEP} if name in ('W', 'b') else value"}),
    mistake("The gradients are looked up under names with a d in front, which grads does not have.",
            "Print grads.keys(): what is the gradient of 'W' called?",
            {"grads[name]": "grads['d' + name]"}),
    mistake("Only the first parameter is updated: the return stands inside the loop.",
            "How far is the return indented?",
            {RETURN: f"for name, value in params.items():\n        return {{**params, name: {STEP}}}"}),
    mistake("The new arrays are returned without their names, in a list; a dict is asked for.",
            "Whoever calls this wants to write new['W'].",
            {RETURN: "return [params[name] - lr * grads[name] for name in params]"}),
    mistake("The gradient is averaged over its first axis, though it has the shape of its parameter already.",
            "Which entry of dW belongs to W[0, 1]? The mean over the batch was taken before.",
            {"grads[name]": "np.mean(grads[name], axis=0)"}),
    mistake("Parameters and gradients have changed places.",
            "Which of the two is moved, and which is multiplied by the rate?",
            {STEP: "grads[name] - lr * value"}),
    mistake("The rate is a fixed number; the argument lr is not used.",
            "What should happen with lr = 0?",
            {"lr *": "0.1 *"}),
    mistake("A parameter without axes comes back as an array of one number: its shape has changed.",
            "What are np.shape(2.0) and np.shape([2.0])?",
            {STEP: f"np.atleast_1d({STEP})"}),
]
