"""network_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require


def _network(rng, shapes):
    return tuple({name: np.array(rng.normal(size=shape)) for name, shape in shapes.items()} for _ in range(2))


def _copied_by_name(arrays):
    return {name: value.copy() for name, value in arrays.items()}


TWO_LAYERS = {"W1": (4, 3), "b1": (3,), "W2": (3, 3), "b2": (3,)}


def _step(student, params, grads, lr, lam, m):
    """Compare a step with the rule, name by name."""
    expected = {
        name: value - lr * grads[name] - (lr * lam / m * value if name.startswith("W") else 0.0)
        for name, value in params.items()
    }
    got = student.network_step(_copied_by_name(params), _copied_by_name(grads), lr, lam, m)
    assert_close(got, expected, what="the new parameters")
    return got


def test_network_step_decays_weights_but_not_biases(student, rng):
    """Weights shrink besides stepping; biases take the usual step and nothing else."""
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 2.0, 5)
    _step(student, *_network(rng, TWO_LAYERS), 0.05, 30.0, 20)


def test_network_step_leaves_large_biases_where_they_are(student, rng):
    """Without gradient a bias of any size stays, while the weights decay."""
    params, _ = _network(rng, TWO_LAYERS)
    params["b1"], params["b2"] = 290 + params["b1"], -1e3 + params["b2"]
    _step(student, params, {name: np.zeros_like(value) for name, value in params.items()}, 0.5, 4.0, 10)


def test_network_step_decays_every_layer(student, rng):
    """All weights decay, in the first layer, in the last and between."""
    shapes = {"W1": (2, 5), "b1": (5,), "W2": (5, 5), "b2": (5,), "W3": (5, 4), "b3": (4,), "W10": (4, 1), "b10": (1,)}
    _step(student, *_network(rng, shapes), 0.2, 3.0, 8)


def test_network_step_goes_by_the_capital_w(student, rng):
    """gamma, beta and all other names do not decay, whatever their shape; names that begin with W do, vectors too."""
    shapes = {"gamma": (3,), "beta": (3,), "W_out": (4,), "b_out": (1, 3), "scale": (2, 2), "W": (2, 3), "W1": (3, 2)}
    _step(student, *_network(rng, shapes), 0.4, 1.5, 3)
    _step(
        student, *_network(rng, {"W1": (2, 3), "b_W": (3,), "scaleW": (2, 2), "width": (2,), "w": (3, 2)}), 0.4, 1.5, 3
    )


def test_network_step_goes_by_name(student, rng):
    """The gradients may come in another order than the parameters, also where all shapes are equal."""
    shapes = {"b2": (2, 2), "W1": (2, 2), "b1": (2, 2), "W2": (2, 2)}
    params, grads = _network(rng, shapes)
    _step(student, params, {name: grads[name] for name in sorted(grads)}, 0.6, 2.0, 7)


def test_network_step_without_lam_is_the_usual_step(student, rng):
    """With lam = 0 all parameters take the usual step."""
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 1.5, 5)
    _step(student, *_network(rng, TWO_LAYERS), 0.3, 0.0, 5)


def test_network_step_five_times_in_a_row(student, rng):
    """Five steps with changing gradients, each from what the last one returned."""
    params, _ = _network(rng, TWO_LAYERS)
    for _ in range(5):
        _, grads = _network(rng, TWO_LAYERS)
        got = _step(student, params, grads, 0.2, 3.0, 6)
        params = {name: np.asarray(value) for name, value in got.items()}


def test_network_step_leaves_its_inputs_alone(student, rng):
    """Neither params nor grads, nor an array in them, changes."""
    params, grads = _network(rng, TWO_LAYERS)
    before = _copied_by_name(params), _copied_by_name(grads)
    got = student.network_step(params, grads, 0.3, 2.0, 5)
    assert_unchanged(params, before[0], what="params")
    assert_unchanged(grads, before[1], what="grads")
    for name, value in before[0].items():
        factor = 0.88 if name.startswith("W") else 1.0
        require(isinstance(got, dict) and name in got, "The result must be a dict with the names of params.")
        assert_close(got[name], factor * value - 0.3 * before[1][name], what=f"the new {name}")


@variant
def network_by_factor(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m if k[0] == "W" else 1) * v - lr * grads[k] for k, v in params.items()}


@variant
def network_in_the_order_of_the_gradients(params, grads, lr, lam, m):
    new = {}
    for k in grads:
        g = grads[k]
        if k.startswith("W"):
            g = g + lam / m * params[k]
        new[k] = params[k] - lr * g
    return new


@variant
def network_on_copies(params, grads, lr, lam, m):
    new = {k: np.array(v) for k, v in params.items()}
    for k, v in new.items():
        if k[:1] == "W":
            v *= 1 - lr * lam / m
        v -= lr * grads[k]
    return new


def decays_biases_too(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] - lr * grads[k] for k in params}


def decays_nothing(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] for k in params}


def decays_by_number_of_axes(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if params[k].ndim > 1 else 0) for k in params}


def decays_all_but_b(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (0 if k.startswith("b") else lr * lam / m * params[k]) for k in params}


def decays_biases_instead(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (0 if k.startswith("W") else lr * lam / m * params[k]) for k in params}


def loses_the_biases(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] - lr * grads[k] for k in params if k.startswith("W")}


def decays_the_first_layer(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k == "W1" else 0) for k in params}


def decays_numbered_layers(params, grads, lr, lam, m):
    return {
        k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k[:1] == "W" and k[1:].isdigit() else 0)
        for k in params
    }


def pairs_gradients_by_position(params, grads, lr, lam, m):
    return {
        k: v - lr * g - (lr * lam / m * v if k.startswith("W") else 0)
        for (k, v), g in zip(params.items(), grads.values(), strict=True)
    }


def steps_in_place(params, grads, lr, lam, m):
    for k in params:
        if k.startswith("W"):
            params[k] *= 1 - lr * lam / m
        params[k] -= lr * grads[k]
    return params


def network_decay_without_m(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam * params[k] if k.startswith("W") else 0) for k in params}


def network_decay_by_half(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / (2 * m) * params[k] if k.startswith("W") else 0) for k in params}


def weights_only_decay(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] if k.startswith("W") else params[k] - lr * grads[k] for k in params}


def network_decay_after_the_step(params, grads, lr, lam, m):
    return {k: (params[k] - lr * grads[k]) * (1 - lr * lam / m if k.startswith("W") else 1) for k in params}


def decays_all_but_the_last_layer(params, grads, lr, lam, m):
    last = [k for k in params if k.startswith("W")][-1]
    decayed = [k for k in params if k.startswith("W") and k != last]
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k in decayed else 0) for k in params}


def counts_layers_up(params, grads, lr, lam, m):
    new = {}
    for layer in range(1, len(params) // 2 + 1):
        w, b = f"W{layer}", f"b{layer}"
        new[w] = (1 - lr * lam / m) * params[w] - lr * grads[w]
        new[b] = params[b] - lr * grads[b]
    return new


def updates_and_returns_nothing(params, grads, lr, lam, m):
    for name in params:
        params[name] = params[name] * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]


def returns_values_without_names(params, grads, lr, lam, m):
    return [value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name] for name, value in params.items()]


def adds_the_penalty(params, grads, lr, lam, m):
    penalty = lam / (2 * m) * sum(float((value**2).sum()) for name, value in params.items() if name[0] == "W")
    return {name: value - lr * (grads[name] + (penalty if name[0] == "W" else 0)) for name, value in params.items()}


def leaves_gamma_behind(params, grads, lr, lam, m):
    new = dict(params)
    for name, value in params.items():
        if name[0] in "Wb":
            new[name] = value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]
    return new


def leaves_other_names_behind(params, grads, lr, lam, m):
    new = dict(params)
    for name, value in params.items():
        if name[0] in "Wb" and name != "beta":
            new[name] = value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]
    return new


def writes_into_the_gradients(params, grads, lr, lam, m):
    for name in grads:
        if name.startswith("W"):
            grads[name] = grads[name] + lam / m * params[name]
    return {name: value - lr * grads[name] for name, value in params.items()}


def decays_two_names(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name in ("W1", "W2") else 1) - lr * grads[name]
        for name, value in params.items()
    }


def decays_three_names(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name in ("W1", "W2", "W3") else 1) - lr * grads[name]
        for name, value in params.items()
    }


MISTAKES = [
    mistake("Everything decays, the biases too.",
            "Which names are weights? What happens to a bias of 290 in your step if its gradient is zero?",
            by=decays_biases_too),
    mistake("Nothing decays: lam is not used.",
            "Which parameters are penalised, and by what?",
            by=decays_nothing),
    mistake("What has two axes is taken for a weight, and what has one for a bias.",
            "The name decides. Which shape may a bias or a weight have?",
            by=decays_by_number_of_axes),
    mistake("All that does not begin with b decays, so gamma decays as well.",
            "Which parameters are penalised is said by one letter. Ask for it, not for another.",
            by=decays_all_but_b),
    mistake("The biases decay, and the weights do not.",
            "Which of the two does the penalty sum over?",
            by=decays_biases_instead),
    mistake("The biases are not updated at all.",
            "No decay does not mean no step.",
            {'if k[0] == "W" else 1) * v': ") * params[k]",
             "for k, v in params.items()": 'if k.startswith("W") else params[k].copy() for k in params'}, of=network_by_factor),
    mistake("The biases are missing from the result.",
            "The new dict has the same names as the old one.",
            by=loses_the_biases),
    mistake("Only W1 decays.",
            "Is the first layer the only one with weights?",
            by=decays_the_first_layer),
    mistake("Only names of the form W and one digit decay, or exactly the name W1, W2 and so on.",
            "W_out begins with a capital W, too.",
            by=decays_numbered_layers),
    mistake("The gradients are taken by their position, not by name.",
            "The two dicts need not be in the same order. How do you look up the gradient of 'W1'?",
            by=pairs_gradients_by_position),
    mistake("What came in is changed: the new values are written into the caller's dict or arrays.",
            "Look for +=, -=, *= and params[...] = in your function. What do they write into? Put the results into a dict of your own.",
            by=steps_in_place),
    mistake("The decay lacks the division by m.",
            "Use the step of the last exercise: all of its arguments are at hand.",
            by=network_decay_without_m),
    mistake("The decay has lam/(2m) instead of lam/m.",
            "Use the step of the last exercise: differentiate the penalty, and the 2 is gone.",
            by=network_decay_by_half),
    mistake("The weights shrink, but do not follow their gradient.",
            "Both halves of the step belong to a weight: the decay and the usual step.",
            by=weights_only_decay),
    mistake("The step comes first and the result is shrunk.",
            "To which term does the factor belong? Use the step of the last exercise.",
            by=network_decay_after_the_step),
    mistake("The weights of the last layer do not decay.",
            "Is the last layer less of a layer?",
            by=decays_all_but_the_last_layer),
    mistake("The names W1, b1, W2, b2 and so on are taken for granted.",
            "Go through the names that params has. What if there is a gamma among them?",
            by=counts_layers_up),
    mistake("The caller's dict is updated and nothing is returned.",
            "Make a new dict, and end with return.",
            by=updates_and_returns_nothing),
    mistake("The new values come as a list, without their names.",
            "With which kind of brackets, and with what before the colon, does a comprehension make a dict?",
            by=returns_values_without_names),
    mistake("The weights decay twice: the penalty's gradient is added, and the step decays them as well.",
            "What does weight_decay_step do with the gradient that it is given?",
            {"if": ") * v - lr * (grads[k] + lam / m * v)\n        if", "1) *": ""}, of=network_by_factor),
    mistake("The gradients are added: the step climbs.",
            "In which direction does the gradient point?",
            {"(1": "v * (1", "* v -": "+"}, of=network_by_factor),
    mistake("The penalty itself, one number, is added to the gradients, not the penalty's gradient.",
            "What is the gradient of the penalty for one matrix, and which shape does it have?",
            by=adds_the_penalty),
    mistake("Only names with W and b are updated; gamma stays where it is.",
            "Which step do parameters take that are neither weights nor biases?",
            by=leaves_gamma_behind),
    mistake("Only names with W and b are updated; gamma and beta stay where they are.",
            "Which step do parameters take that are neither weights nor biases?",
            by=leaves_other_names_behind),
    mistake("The penalty's gradient is added into the caller's grads.",
            "Compare grads before and after. Where do you write?",
            by=writes_into_the_gradients),
    mistake("The weights are listed by name, W1 and W2; other names with W do not decay.",
            "Which question to a name has the answer yes for W1, W10, W and W_out?",
            by=decays_two_names),
    mistake("The weights are listed by name, W1 to W3; other names with W do not decay.",
            "Which question to a name has the answer yes for W1, W10, W and W_out?",
            by=decays_three_names),
    mistake("Names that begin with a small w decay as well.",
            "What does the rule say about capitals?",
            {"(1": "v * (1", '== "W" else 1) * v': 'in "wW" else 1)'}, of=network_by_factor),
    mistake("A W anywhere in a name makes a weight; it must stand at the beginning.",
            "Is b_W a weight by the rule of the exercise?",
            {"(1": "v * (1", 'k[0] == "W" else 1) * v': '"W" in k else 1)'}, of=network_by_factor),
]
