"""build_network: what it must do, other right ways, and what goes wrong."""

import itertools
import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant
from nnlib import orthogonal, xavier_uniform
from nnlib.checks import assert_close, require

from .common import built

HINTS = (
    "One loop over the layers makes a W and a b in each round. Which two of the sizes does layer i join?",
    "Which rule of notebook 05 fits your activation, and does it give a variance or a deviation? For [7, 5, 3], which "
    "names and shapes should the dict have?",
    "sizes [8, 6, 4]: W1 (8, 6), b1 (6,), W2 (6, 4), b2 (4,); four entries. A deviation of 1 / sqrt(8) = 0.35 would do "
    "for W1, 1 / sqrt(6) = 0.41 for W2. Print value.std() of what you make.",
)

SIZES = ([5, 4, 3], [7, 3], [4, 4, 4, 4], [64, 30, 20, 10])


@easy
def test_build_network_has_the_names_and_shapes(student, rng):
    """Every layer has its W of (fan_in, fan_out) and its b of (fan_out,), by the names of the text, and no more."""
    for sizes in SIZES:
        built(student, sizes, rng)


@easy
def test_build_network_starts_with_zero_biases(student, rng):
    """All biases are zero."""
    for sizes in SIZES:
        for name, value in built(student, sizes, rng).items():
            if name.startswith("b"):
                assert_close(value, np.zeros(value.shape), what=name)


def test_build_network_makes_units_different(student, rng):
    """No two units of a layer start with the same weights, so that they can learn different things."""
    for sizes in ([6, 8, 5], [9, 4, 6, 3]):
        for name, value in built(student, sizes, rng).items():
            if name.startswith("W"):
                columns = {tuple(column) for column in value.T.tolist()}
                require(len(columns) == value.shape[1], f"Units of {name} start with the same weights.")
                require(len(np.unique(value)) > value.size / 2, f"Most of {name} has the same value.")


def test_build_network_draws_with_mean_zero(student, rng):
    """Weights are as often negative as positive.

    The mean lies within seven of its deviations; a right answer fails less than once in 1e11 matrices.
    """
    for name, value in built(student, [200, 100, 80, 60], rng).items():
        if name.startswith("W"):
            near = abs(value.mean()) < 7 * value.std() / np.sqrt(value.size)
            require(near, f"The mean of {name} is not zero.")


def test_build_network_keeps_signals_alive(student, rng):
    """A hidden layer's weights have a deviation between half and twice 1/sqrt(fan_in); the last may have a smaller one.

    Each is estimated from 18,000 weights or more, to half a percent; He's is 1.41, LeCun's 1, and Xavier's 0.58 at
    least, 25 deviations away from the bound.
    """
    sizes = [900, 60, 300, 10]
    params = built(student, sizes, rng)
    for i in range(1, len(sizes)):
        ratio = params[f"W{i}"].std() * np.sqrt(sizes[i - 1])
        require(ratio <= 2, f"The weights of W{i} are spread too widely for fan_in = {sizes[i - 1]}.")
        least = 0.5 if i < len(sizes) - 1 else 1e-6
        require(ratio >= least, f"The weights of W{i} are spread too little for fan_in = {sizes[i - 1]}.")


def test_build_network_draws_each_layer_anew(student, rng):
    """Layers of the same shape have different weights."""
    params = built(student, [6, 6, 6, 6], rng)
    for one, other in itertools.combinations(("W1", "W2", "W3"), 2):
        require(not np.allclose(params[one], params[other]), f"{one} and {other} start with the same weights.")
        corr = abs(np.corrcoef(params[one].ravel(), params[other].ravel())[0, 1])
        require(corr < 0.999, f"{one} and {other} are the same but for their scale.")


def test_build_network_draws_from_rng(student):
    """Generators in the same state give the same network, others another, and a second call another again."""
    same, again, other = (built(student, [8, 6, 4], np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert_close(again, same, what="the network from a generator in the same state")
    require(not np.allclose(same["W1"], other["W1"]), "Generators in different states gave the same weights.")
    generator = np.random.default_rng(5)
    first, second = (built(student, [8, 6, 4], generator) for _ in range(2))
    require(not np.allclose(first["W1"], second["W1"]), "Two calls gave the same weights: draw from rng each time.")


@variant
def with_xavier(sizes, rng):
    params = {}
    for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        params |= {f"W{i}": xavier_uniform(fan_in, fan_out, rng), f"b{i}": np.zeros((fan_out,))}
    return params


@variant
def with_a_small_last_layer(sizes, rng):
    count = len(sizes) - 1
    weights = {f"W{i + 1}": rng.normal(0, math.sqrt(1 / sizes[i]), (sizes[i], sizes[i + 1])) for i in range(count)}
    weights[f"W{count}"] = 0.01 * weights[f"W{count}"]
    return weights | {f"b{i + 1}": np.zeros(sizes[i + 1]) for i in range(count)}


@variant
def with_orthogonal_matrices(sizes, rng):
    params = {}
    for i in reversed(range(1, len(sizes))):
        params[f"b{i}"] = np.zeros(sizes[i], dtype=np.float32)
        params[f"W{i}"] = 1.4 * orthogonal(sizes[i - 1], sizes[i], rng)
    return params


@variant
def with_uniform_numbers(sizes, rng):
    def draw(fan_in, fan_out):
        bound = (6 / fan_in) ** 0.5
        return (2 * rng.random((fan_in, fan_out)) - 1) * bound

    layers = range(1, len(sizes))
    return {f"W{i}": draw(*sizes[i - 1 : i + 1]) for i in layers} | {f"b{i}": 0.0 * np.ones(sizes[i]) for i in layers}


WEIGHTS = "he_normal(sizes[i - 1], sizes[i], rng)"
NORMAL = "rng.standard_normal((sizes[i - 1], sizes[i]))"
BIASES = "np.zeros(sizes[i])"
MISTAKES = [
    mistake("All weights are zero, so all units of a layer compute and learn the same.",
            "What gradient does the second unit get, if it has the same weights as the first? See notebook 05.",
            {WEIGHTS: "np.zeros((sizes[i - 1], sizes[i]))"}),
    mistake("All weights of a layer have the same value, so its units can never become different.",
            "The size is right, but symmetry must be broken: where do the random numbers come in?",
            {WEIGHTS: "np.full((sizes[i - 1], sizes[i]), np.sqrt(2 / sizes[i - 1]))"}),
    mistake("Weights are drawn with deviation 0.01 whatever the layer's size, so signals fade from layer to layer.",
            "The deviation must depend on fan_in. Which rule of notebook 05 suits your activation?",
            {WEIGHTS: f"0.01 * {NORMAL}"}),
    mistake("Weights are drawn with deviation 1, so scores are huge at the start.",
            "A sum over fan_in inputs has fan_in times the variance of one. What keeps it at 1?",
            {WEIGHTS: NORMAL}),
    mistake("The variance 2 / fan_in is used as the standard deviation.",
            "The generator wants a deviation. How does one get from a variance to it?",
            {WEIGHTS: f"2 / sizes[i - 1] * {NORMAL}"}),
    mistake("The spread goes by fan_out, the units of the layer, instead of fan_in, its inputs.",
            "How many terms does the sum that makes up one unit's score have?",
            {WEIGHTS: f"np.sqrt(2 / sizes[i]) * {NORMAL}"}),
    mistake("The spread of every layer goes by the net's inputs, sizes[0]; each layer has a fan_in of its own.",
            "How many numbers does a unit of the second layer sum up?",
            {WEIGHTS: f"np.sqrt(2 / sizes[0]) * {NORMAL}"}),
    mistake("Weights are drawn between 0 and something, so all of them are positive.",
            "rng.random draws from 0 to 1. Weights need mean zero.",
            *({WEIGHTS: f"np.sqrt({six} / sizes[i - 1]) * rng.random((sizes[i - 1], sizes[i]))"} for six in (2, 6)),
            {WEIGHTS: "rng.random((sizes[i - 1], sizes[i]))"}),
    mistake("The weights are (fan_out, fan_in), the transpose of what the course uses.",
            "Examples are rows and the product is X @ W: how many rows must W have?",
            {WEIGHTS: f"{WEIGHTS}.T"}),
    mistake("The biases are drawn at random too.",
            "The weights break the symmetry already. What do biases start at?",
            {BIASES: "0.1 * rng.standard_normal(sizes[i])"}),
    mistake("The biases are (1, fan_out) instead of (fan_out,).",
            "House convention: a bias has one axis. Broadcasting does the rest.",
            {BIASES: "np.zeros((1, sizes[i]))"}),
    mistake("The generator is made anew for each layer, so layers of one shape have the same weights.",
            "Draw all layers from the one rng, one after the other.",
            {"params = {}": "params, seed = {}, rng.integers(2**31)",
             WEIGHTS: "he_normal(sizes[i - 1], sizes[i], np.random.default_rng(seed))"}),
    mistake("The names count from 0: W0, b0, ...",
            "The first layer is W1, b1. How far does the loop run, and what is i for the first layer?",
            {"W{i}": "W{i - 1}", "b{i}": "b{i - 1}"}),
    mistake("The output layer is missing.",
            "For sizes [64, 20, 10] there are two weight matrices. Count what your loop makes.",
            {"range(1, len(sizes))": "range(1, len(sizes) - 1)"}),
    slip("own_generator", {"params = {}": "params, rng = {}, np.random.default_rng(0)"}),
    mistake("The weights of the last layer are zero, so that no gradient passes through it at the first step.",
            "How much may the last layer's weights be smaller, by the text? What do the layers below get through zeros?",
            {WEIGHTS: f"{WEIGHTS} * (i < len(sizes) - 1)"}),
]
