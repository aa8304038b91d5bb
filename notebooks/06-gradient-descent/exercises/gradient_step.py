"""gradient_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged


def _copied(arrays):
    return {name: value.copy() for name, value in arrays.items()}


def _step_test(student, params, grads, lr):
    expected = {name: params[name] - lr * grads[name] for name in params}
    got = student.gradient_step(_copied(params), _copied(grads), lr)
    assert_close(got, expected, what="the new parameters")


def _layers(rng, sizes=(4, 3, 2)):
    shapes = {}
    for i in range(1, len(sizes)):
        shapes |= {f"W{i}": sizes[i - 1 : i + 1], f"b{i}": sizes[i : i + 1]}
    return tuple({name: rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(2))


def test_gradient_step_moves_against_the_gradient(student, rng):
    """Every parameter moves by the rate times its own gradient, downhill."""
    for lr in (0.1, 0.37, 2.0):
        _step_test(student, *_layers(rng), lr)


def test_gradient_step_of_weights_and_biases(student, rng):
    """W and b of one layer are updated."""
    shapes = {"W": (3, 2), "b": (2,)}
    _step_test(student, *({name: rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(2)), 0.2)


def test_gradient_step_goes_by_name(student, rng):
    """The order of the gradients does not matter, their names do, also where all shapes are equal."""
    names = ["c", "a", "b"]
    params = {name: rng.normal(size=(2, 2)) for name in names}
    _step_test(student, params, {name: rng.normal(size=(2, 2)) for name in reversed(names)}, 0.5)


def test_gradient_step_takes_any_name_and_shape(student, rng):
    """Parameters of three axes, of none, and of names never heard of are updated too."""
    shapes = {"gamma": (), "kernel": (150, 3, 2), "scale of layer 7": (1,)}
    _step_test(student, *({name: np.array(rng.normal(size=s)) for name, s in shapes.items()} for _ in range(2)), 0.3)


def test_gradient_step_with_tiny_and_huge_gradients(student, rng):
    """Gradients are taken at their size: neither scaled to length 1 nor cut."""
    params, grads = _layers(rng)
    for scale in (1e-3, 1e4):
        _step_test(student, params, {name: scale * dw for name, dw in grads.items()}, 0.2)


def test_gradient_step_twice(student, rng):
    """Two steps in a row move by the sum of both."""
    params, grads = _layers(rng)
    once = student.gradient_step(_copied(params), _copied(grads), 0.25)
    twice = student.gradient_step(once, _copied(grads), 0.5)
    expected = {name: params[name] - 0.75 * grads[name] for name in params}
    assert_close(twice, expected, what="the parameters after two steps")


def test_gradient_step_stays_where_nothing_pulls(student, rng):
    """With a rate of zero, or a gradient of zeros, the parameters stay; otherwise they move."""
    params, grads = _layers(rng)
    _step_test(student, params, grads, 0.3)
    _step_test(student, params, grads, 0.0)
    _step_test(student, params, {name: 0.0 * dw for name, dw in grads.items()}, 0.3)


def test_gradient_step_leaves_its_inputs_alone(student, rng):
    """Neither params nor grads, nor an array in them, changes."""
    params, grads = _layers(rng)
    before = _copied(params), _copied(grads)
    got = student.gradient_step(params, grads, 0.3)
    assert_unchanged(params, before[0], what="params")
    assert_unchanged(grads, before[1], what="grads")
    expected = {name: before[0][name] - 0.3 * before[1][name] for name in before[0]}
    assert_close(got, expected, what="the new parameters")


@variant
def steps_in_a_loop(params, grads, lr):
    new = {}
    for name in grads:
        new[name] = params[name] - lr * grads[name]
    return new


@variant
def steps_on_copies(params, grads, lr):
    new = {name: np.array(value) for name, value in params.items()}
    for name, value in new.items():
        value -= lr * grads[name]
    return new


@variant
def steps_in_reverse_order(params, grads, lr):
    return {name: np.add(params[name], np.multiply(-lr, grads[name])) for name in sorted(params, reverse=True)}


def climbs(params, grads, lr):
    return {k: params[k] + lr * grads[k] for k in params}


def forgets_the_rate(params, grads, lr):
    return {k: params[k] - grads[k] for k in params}


def divides_by_the_rate(params, grads, lr):
    return {k: params[k] - grads[k] / lr for k in params}


def changes_in_place(params, grads, lr):
    for k in params:
        params[k] -= lr * grads[k]
    return params


def goes_by_position(params, grads, lr):
    return {k: w - lr * dw for (k, w), dw in zip(params.items(), grads.values(), strict=True)}


def returns_the_change(params, grads, lr):
    return {k: -lr * grads[k] for k in params}


def normalises_the_gradient(params, grads, lr):
    return {k: params[k] - lr * grads[k] / (np.linalg.norm(grads[k]) + 1e-12) for k in params}


def updates_only_weights(params, grads, lr):
    return {k: params[k] - lr * grads[k] if k.startswith("W") else params[k].copy() for k in params}


def applies_the_rate_twice(params, grads, lr):
    return {k: params[k] - lr * lr * grads[k] for k in params}


def brackets_misplaced(params, grads, lr):
    return {k: lr * (params[k] - grads[k]) for k in params}


def knows_only_w_and_b(params, grads, lr):
    return {"W": params["W"] - lr * grads["W"], "b": params["b"] - lr * grads["b"]}


def looks_for_d_names(params, grads, lr):
    return {k: params[k] - lr * grads["d" + k] for k in params}


def updates_only_the_first(params, grads, lr):
    new = dict(params)
    for k in params:
        new[k] = params[k] - lr * grads[k]
        return new
    return new


def returns_a_list(params, grads, lr):
    return [params[k] - lr * grads[k] for k in params]


def averages_the_gradient(params, grads, lr):
    return {k: params[k] - lr * np.mean(grads[k], axis=0) for k in params}


def goes_by_the_sign(params, grads, lr):
    return {k: params[k] - lr * np.sign(grads[k]) for k in params}


def changes_the_gradients(params, grads, lr):
    new = {}
    for k in params:
        grads[k] *= lr
        new[k] = params[k] - grads[k]
    return new


def swaps_the_two(params, grads, lr):
    return {k: grads[k] - lr * params[k] for k in params}


def subtracts_the_rate(params, grads, lr):
    return {k: (params[k] - lr) * grads[k] for k in params}


def fixes_the_rate(params, grads, lr):
    return {k: params[k] - 0.1 * grads[k] for k in params}


def shrinks_the_parameters(params, grads, lr):
    return {k: params[k] - lr * (params[k] + grads[k]) for k in params}


def changes_in_place_and_returns_nothing(params, grads, lr):
    for k in params:
        params[k] = params[k] - lr * grads[k]


MISTAKES = [
    mistake("The parameters move along the gradient, which is uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            by=climbs),
    mistake("The rate is left out.",
            "What should happen with lr = 0?",
            by=forgets_the_rate),
    mistake("The gradient is divided by the rate instead of multiplied by it.",
            "A smaller rate must make a smaller step. Does it?",
            by=divides_by_the_rate),
    mistake("The parameters are changed in place; the dict that came in is no longer what it was.",
            "-= writes into the caller's array, params[name] = ... into the caller's dict. What makes a new one?",
            by=changes_in_place),
    mistake("Gradients are matched by their position, not by name.",
            "The two dicts need not be in the same order. How do you look up the gradient of 'W'?",
            by=goes_by_position),
    mistake("Only the change is returned, not the changed parameters.",
            "What is left to do after computing lr times the gradient?",
            by=returns_the_change),
    mistake("Each gradient is scaled to length 1 first, so its size no longer counts.",
            "The formula has the gradient itself. How long must the step be where the gradient is ten times longer?",
            by=normalises_the_gradient),
    mistake("Only the parameters called W are updated; the biases stay.",
            "Every name in params has a gradient. Do all of them move?",
            by=updates_only_weights),
    mistake("The rate is applied twice.",
            "Try lr = 0.1 by hand: by how much should a gradient of 1 move a parameter?",
            by=applies_the_rate_twice),
    mistake("The rate multiplies the parameters as well.",
            "Which part of w - α·gradient does α belong to? Mind the brackets.",
            by=brackets_misplaced),
    mistake("Only W and b are known by name; other names are not found, or left out.",
            "Loop over the names that params has, whatever they are.",
            by=knows_only_w_and_b),
    mistake("The gradients are looked up under names with a d in front, which grads does not have.",
            "Print grads.keys(): what is the gradient of 'W' called?",
            by=looks_for_d_names),
    mistake("Only the first parameter is updated: the return stands inside the loop.",
            "How far is the return indented?",
            by=updates_only_the_first),
    mistake("The new arrays are returned without their names, in a list; a dict is asked for.",
            "Who calls this wants to write new['W'].",
            by=returns_a_list),
    mistake("The gradient is averaged over its first axis, though it has the shape of its parameter already.",
            "Which entry of dW belongs to W[0, 1]? The mean over the batch was taken before.",
            by=averages_the_gradient),
    mistake("Only the sign of the gradient is used, so its size no longer counts.",
            "How long must the step be where the gradient is ten times longer?",
            by=goes_by_the_sign),
    mistake("The gradients are changed in place: grads is no longer what it was.",
            "*= writes into the caller's array. Which expression makes a new one?",
            by=changes_the_gradients),
    mistake("Parameters and gradients have changed places.",
            "Which of the two is moved, and which is multiplied by the rate?",
            by=swaps_the_two),
    mistake("The brackets are misplaced: the rate is subtracted from the parameter, and the result multiplied.",
            "In w - α·gradient the product comes first.",
            by=subtracts_the_rate),
    mistake("The rate is a fixed number; the argument lr is not used.",
            "What should happen with lr = 0?",
            by=fixes_the_rate),
    mistake("A parameter without axes comes back as an array of one number: its shape has changed.",
            "What are np.shape(2.0) and np.shape([2.0])?",
            {": value": ": np.atleast_1d(params[name]", "for name, value in params.items()": ") for name in params"}),
    mistake("The rate multiplies the parameters as well.",
            "Which part of w - α·gradient does α belong to? Mind the brackets.",
            by=shrinks_the_parameters),
    mistake("The parameters are changed in place, and nothing is returned.",
            "Make a new dict with new arrays, and return it.",
            by=changes_in_place_and_returns_nothing),
]
