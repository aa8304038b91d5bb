"""init_normal: what it must do, other right ways, and what goes wrong."""

import copy

import numpy as np

from grader.authoring import easy, mistake, variant

from .common import _check_independence, _check_mean, _check_normal, _check_rng, _check_scale, _check_shape


def _normal(student, std):
    return lambda fan_in, fan_out, rng: student.init_normal(fan_in, fan_out, std, rng)


def test_init_normal_has_the_standard_deviation_it_is_given(student, rng):
    """The standard deviation is std, whatever the layer's size.

    A right answer fails with a chance below 3e-8.
    """
    for std in (0.01, 0.3, 2.0):
        _check_scale(_normal(student, std), lambda fan_in, fan_out, std=std: std, rng)


@easy
def test_init_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    for std in (0.01, 2.0):
        _check_mean(_normal(student, std), lambda fan_in, fan_out, std=std: std, rng)


def test_init_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(_normal(student, 0.1), rng)


@easy
def test_init_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(_normal(student, 0.1), rng)


def test_init_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(_normal(student, 0.5))


def test_init_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(_normal(student, 0.5), rng)


@variant
def normal_with_scale(fan_in, fan_out, std, rng):
    return rng.normal(0.0, std, size=(fan_in, fan_out))


@variant
def normal_float32(fan_in, fan_out, std, rng):
    return (std * rng.standard_normal((fan_in, fan_out))).astype(np.float32)


@variant
def normal_row_by_row(fan_in, fan_out, std, rng):
    return np.stack([rng.normal(scale=std, size=fan_out) for _ in range(fan_in)])


@variant
def normal_transposed_draw(fan_in, fan_out, std, rng):
    return rng.normal(scale=std, size=(fan_out, fan_in)).T


@variant
def normal_box_muller(fan_in, fan_out, std, rng):
    u, v = 1 - rng.random((fan_in, fan_out)), rng.random((fan_in, fan_out))
    return std * np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)


def normal_drawn_again_beyond_two(fan_in, fan_out, std, rng):
    w = rng.normal(0.0, std, (fan_in, fan_out))
    while (far := np.abs(w) > 2 * std).any():
        w[far] = rng.normal(0.0, std, far.sum())
    return w


def normal_standardised(fan_in, fan_out, std, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * std


def normal_copies_the_generator(fan_in, fan_out, std, rng):
    return copy.deepcopy(rng).normal(0.0, std, (fan_in, fan_out))


MISTAKES = [
    mistake("The numbers are uniform between 0 and 1, not normal.",
            "rng.random and rng.standard_normal differ by more than their name. Look at a histogram.",
            {"standard_normal": "random"}),
    mistake("std is treated as a variance: its root is taken.",
            "The argument is a standard deviation already. What does np.std of your weights say?",
            {"std *": "np.sqrt(std) *"}),
    mistake("std is squared, as if a variance were wanted as scale.",
            "What multiplies a standard normal number to give it the standard deviation std?",
            {"*": "**2 *"}),
    mistake("std is passed as the mean: rng.normal takes the mean first.",
            "Look at the order of rng.normal's arguments.",
            {"0.0, std, size=": "std, 1.0,"}, of=normal_with_scale),
    mistake("std is not used.",
            "Call your function with std 0.01 and 1 and compare.",
            {"std *": ""}),
    mistake("The shape is (fan_out, fan_in).",
            "x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
            {"((fan_in, fan_out": "((fan_out, fan_in"}),
    mistake("A generator is made inside, so that every layer gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"* rng": "* np.random.default_rng(0)"}),
    mistake("One column is drawn and repeated, so that all units are equal.",
            "How many independent numbers does a layer need?",
            {"return": "return np.repeat(", "fan_out))": "1)), fan_out, axis=1)"}),
    mistake("All weights are positive.",
            "What is the mean of your weights? It should be 0.",
            {"return": "return np.abs(", "))": ")))"}),
    mistake("Numbers beyond two standard deviations are cut off.",
            "The text asks for a normal distribution as it is.",
            {"return": "return np.clip(", "))": ")), -2 * std, 2 * std)"}),
    mistake("The weights are divided by the root of fan_in; here std alone decides.",
            "Should the standard deviation of your weights depend on the layer's size?",
            {"))": ")) / np.sqrt(fan_in)"}),
    mistake("One number is drawn for the whole layer, so that all units are equal.",
            "How many independent numbers does a layer need?",
            {"std * rng.standard_normal": "np.full", "))": "), rng.normal(0.0, std))"}),
    mistake("One row is drawn and repeated: all inputs of a unit have the same weight.",
            "How many independent numbers does a layer need?",
            {"return": "return np.tile(", "size=(fan_in, fan_out": "fan_out), (fan_in, 1"}, of=normal_with_scale),
    mistake("The numbers are uniform; their spread is right, their distribution is not.",
            "Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
            {"std * rng.standard_normal": "np.sqrt(3) * std * (2 * rng.random", "))": ")) - 1)"}),
    mistake("The numbers are uniform between minus and plus the standard deviation.",
            "Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
            {"rng.standard_normal": "(2 * rng.random", "))": ")) - 1)"}),
    mistake("Standard normal numbers are divided by the standard deviation instead of multiplied with it.",
            "What multiplies a standard normal number to give it the spread you want?",
            {"std *": "", "))": ")) / std"}),
    mistake("Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
            "The text asks for a normal distribution as it is.",
            by=normal_drawn_again_beyond_two),
    mistake("The biases are returned as well.",
            "Only weights are asked for. How many things should come back?",
            {"size=": "", "))": ")), np.zeros(fan_out)"}, of=normal_with_scale),
    mistake("A list is returned; the weights must be an array.",
            "A layer computes x @ w. What must w be?",
            {"size=": "", "))": ")).tolist()"}, of=normal_with_scale),
    mistake("The standard deviation is 0.01, whatever was asked for.",
            "Measure np.std of your weights for several layers. What should it be?",
            {"std, size=": "0.01,"}, of=normal_with_scale),
    mistake("The weights are all zero.",
            "What breaks the symmetry of the units? Draw from rng.",
            {"std * rng.standard_normal": "np.zeros"}),
    mistake("The weights are forced to have exactly this spread and mean; a draw has them only about.",
            "Draw ten layers of four weights: should all have the same np.std?",
            by=normal_standardised),
    mistake("A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"rng.": "np.random.default_rng(42).", "size=": ""}, of=normal_with_scale),
    mistake("The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
            "Call your function twice with one rng: do two layers differ?",
            by=normal_copies_the_generator),
    mistake("The weights come in pairs of opposite sign; every weight should be a draw of its own.",
            "How many independent numbers does a layer need?",
            {"return": "half =",
             "size=(fan_in, fan_out))":
                 "(fan_in, (fan_out + 1) // 2))\n    return np.hstack([half, -half])[:, :fan_out]"}, of=normal_with_scale),
    mistake("Each weight is a product of a number for its row and one for its column.",
            "How many independent numbers does a layer need? Yours come from fan_in + fan_out.",
            {"rng.standard_normal((fan_in,": "np.outer(rng.normal(size=fan_in), rng.normal(size="}),
    mistake("The arguments come in another order: std is taken for rng and rng for std.",
            "The signature is (fan_in, fan_out, std, rng). A call by position fills them in that order.",
            {"* rng.standard_normal(": ".normal(0.0, rng,"}),
    mistake("The weights are plus or minus std, and nothing between.",
            "Draw a histogram: a bell or two spikes?",
            {"normal(0.0, std": "choice([-std, std]"}, of=normal_with_scale),
]
