"""network_step: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    "Who decides whether a parameter decays: its shape, its place or its name?",
    "One loop over the names. The step without decay is a decaying step with a certain strength: which one?",
    "params {'W1': [2], 'b1': [2], 'gamma': [2]}, all gradients 1, lr = 0.5, lam = 4, m = 10: W1 becomes 0.8 * 2 "
    "- 0.5 = 1.1; b1 and gamma become 2 - 0.5 = 1.5. Do the old dict and its arrays still hold 2 afterwards?",
)


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
    shapes = {"W1": (2, 3), "b_W": (3,), "scaleW": (2, 2), "width": (2,), "w": (3, 2)}
    _step(student, *_network(rng, shapes), 0.4, 1.5, 3)


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


@variant
def by_factor(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m if k[0] == "W" else 1) * v - lr * grads[k] for k, v in params.items()}


@variant
def in_the_order_of_the_gradients(params, grads, lr, lam, m):
    new = {}
    for k in grads:
        g = grads[k]
        if k.startswith("W"):
            g = g + lam / m * params[k]
        new[k] = params[k] - lr * g
    return new


@variant
def on_copies(params, grads, lr, lam, m):
    new = {k: np.array(v) for k, v in params.items()}
    for k, v in new.items():
        if k[:1] == "W":
            v *= 1 - lr * lam / m
        v -= lr * grads[k]
    return new


STRENGTH = 'lam if name.startswith("W") else 0.0'
STEP = "weight_decay_step(value, grads[name], lr, strength, m)"
STORE = f"new[name] = {STEP}"
MISTAKES = [
    mistake("Everything decays, the biases too.",
            "Which names are weights? What happens to a bias of 290 in your step if its gradient is zero?",
            {STRENGTH: "lam"}),
    mistake("Nothing decays: lam is not used.",
            "Which parameters are penalised, and by what?",
            {STRENGTH: "0.0"}),
    mistake("What has two axes is taken for a weight, and what has one for a bias.",
            "The name decides. What shape may a bias or a weight have?",
            {STRENGTH: "lam if value.ndim > 1 else 0.0"}),
    mistake("All that does not begin with b decays, so gamma decays as well.",
            "Which parameters are penalised is said by one letter. Ask for it, not for another.",
            {STRENGTH: '0.0 if name.startswith("b") else lam'}),
    mistake("The biases decay, and the weights do not.",
            "Which of the two does the penalty sum over?",
            {STRENGTH: '0.0 if name.startswith("W") else lam'}),
    mistake("The biases are not updated at all.",
            "No decay does not mean no step.",
            {STEP: f'{STEP} if name.startswith("W") else value.copy()'}),
    mistake("The biases are missing from the result.",
            "The new dict has the same names as the old one.",
            {STORE: f'if name.startswith("W"):\n            {STORE}'}),
    mistake("Only W1 decays.",
            "Is the first layer the only one with weights?",
            {STRENGTH: 'lam if name == "W1" else 0.0'}),
    mistake("Only names of the form W and one digit decay, or exactly the name W1, W2 and so on.",
            "W_out begins with a capital W, too.",
            {STRENGTH: 'lam if name[0] == "W" and name[1:].isdigit() else 0.0'}),
    mistake("The weights are listed by name, such as W1 and W2; other names with W do not decay.",
            "Which question to a name has the answer yes for W1, W10, W and W_out?",
            {STRENGTH: 'lam if name in ("W1", "W2") else 0.0'},
            {STRENGTH: 'lam if name in ("W1", "W2", "W3") else 0.0'}),
    mistake("Names that begin with a small w decay as well.",
            "What does the rule say about capitals?",
            {STRENGTH: 'lam if name[0] in "wW" else 0.0'}),
    mistake("A W anywhere in a name makes a weight; it must stand at the beginning.",
            "Is b_W a weight by the rule of the exercise?",
            {STRENGTH: 'lam if "W" in name else 0.0'},
            {STRENGTH: 'lam if "w" in name.lower() else 0.0'}),
    mistake("The weights of the last layer do not decay.",
            "Is the last layer less of a layer?",
            {f"strength = {STRENGTH}": 'weights = [each for each in params if each.startswith("W")]\n'
                                       "        strength = lam if name in weights[:-1] else 0.0"}),
    mistake("The gradients are taken by their position, not by name.",
            "The two dicts need not be in the same order. How do you look up the gradient of 'W1'?",
            {"name, value in params.items()": "(name, value), grad in zip(params.items(), grads.values(), strict=True)",
             "grads[name]": "grad"}),
    mistake("The names W1, b1, W2, b2 and so on are taken for granted.",
            "Go through the names that params has. What if there is a gamma among them?",
            {"for name, value in params.items():":
                 'for name in (f"{letter}{n + 1}" for n in range(len(params) // 2) for letter in "Wb"):\n'
                 "        value = params[name]"}),
    mistake("Only names with W and b are updated; gamma, and beta as well perhaps, stay where they are.",
            "Which step do parameters take that are neither weights nor biases?",
            {"new = {}": "new = dict(params)", STORE: f'if name[0] in "Wb":\n            {STORE}'},
            {"new = {}": "new = dict(params)", STORE: f'if name[0] in "Wb" and name != "beta":\n            {STORE}'}),
    mistake("What came in is changed: the new values are written into the caller's dict or arrays.",
            "Look for +=, -=, *= and params[...] = in your function. "
            "What do they write into? Put the results into a dict of your own.",
            {"new = {}": "new = params"}),
    mistake("The penalty's gradient is added into the caller's grads.",
            "Compare grads before and after. Where do you write?",
            {STORE: "grads[name] = grads[name] + strength / m * value\n        new[name] = value - lr * grads[name]"}),
    mistake("The caller's dict is updated and nothing is returned.",
            "Make a new dict, and end with return.",
            {"new = {}": "new = params"}, after=lambda new: None),
    mistake("The new values come as a list, without their names.",
            "With which kind of brackets, and with what before the colon, does a comprehension make a dict?",
            after=lambda new: list(new.values())),
    mistake("The decay lacks the division by m.",
            "Use the step of the last exercise: all of its arguments are at hand.",
            {"strength, m)": "strength, 1)"}),
    mistake("The decay has lam/(2m) instead of lam/m.",
            "Use the step of the last exercise: differentiate the penalty, and the 2 is gone.",
            {"strength, m)": "strength, 2 * m)"}),
    mistake("The weights shrink, but do not follow their gradient.",
            "Both halves of the step belong to a weight: the decay and the usual step.",
            {"grads[name]": '0 if name.startswith("W") else grads[name]'}),
    mistake("The step comes first and the result is shrunk.",
            "To which term does the factor belong? Use the step of the last exercise.",
            {STEP: "(value - lr * grads[name]) * (1 - lr * strength / m)"}),
    mistake("The weights decay twice: the penalty's gradient is added, and the step decays them as well.",
            "What does weight_decay_step do with the gradient that it is given?",
            {"grads[name]": "grads[name] + strength / m * value"}),
    slip("uphill", {"grads[name]": "-grads[name]"}),
    mistake("The penalty itself, one number, is added to the gradients, not the penalty's gradient.",
            "What is the gradient of the penalty for one matrix, and what shape does it have?",
            {STEP: "value - lr * (grads[name] + l2_penalty(weights, strength, m))",
             "new = {}": 'new, weights = {}, [value for name, value in params.items() if name.startswith("W")]'}),
]
