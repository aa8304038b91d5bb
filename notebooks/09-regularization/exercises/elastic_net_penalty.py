"""elastic_net_penalty: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import (
    LAST_ALONE,
    LEFT_TO_RIGHT,
    MEAN_OVER_WEIGHTS,
    ONE_PER_ARRAY,
    VECTORS_LEFT_OUT,
    agrees,
    copied,
    follows_lam_and_m,
    some_weights,
)

HINTS = (
    "Which of the two sums has beta before it? What must be left for beta = 0?",
    "You have two functions whose results you can add. Do they bring the factor lam/(2m) along?",
    "Weights [[1, -2]] and [4], lam = 6, m = 3, beta = 10: squares 21, sizes 7, factor 1, so 10 * 21 + 7 = 217.",
)


def test_elastic_net_penalty_is_both_penalties(student, rng):
    """beta times the squares plus the sizes, times lam/(2m)."""
    for lam, beta, m in [(0.9, 0.3, 11), (2.0, 5.0, 4), (0.4, 0.7, 1)]:
        agrees(student, "elastic_net_penalty", some_weights(rng), lam, beta, m)


def test_elastic_net_penalty_without_beta_is_l1(student, rng):
    """With beta = 0 only the sizes count."""
    weights = some_weights(rng)
    agrees(student, "elastic_net_penalty", weights, 1.1, 3.0, 6)
    got = student.elastic_net_penalty(copied(weights), 1.1, 0.0, 6)
    assert_close(got, reference.l1_penalty(weights, 1.1, 6), what="the penalty for beta = 0")


def test_elastic_net_penalty_with_beta_one_is_the_sum(student, rng):
    """With beta = 1 it is the L2 and the L1 penalty added up, neither at half weight."""
    weights = some_weights(rng)
    agrees(student, "elastic_net_penalty", weights, 0.8, 0.6, 9)
    both = reference.l2_penalty(weights, 0.8, 9) + reference.l1_penalty(weights, 0.8, 9)
    assert_close(student.elastic_net_penalty(copied(weights), 0.8, 1.0, 9), both, what="the penalty for beta = 1")


def test_elastic_net_penalty_of_negative_and_large_weights(student, rng):
    """The squares and the sizes of all arrays count, whatever the signs."""
    for scale in (1e-3, 1e3):
        weights = [-np.abs(w) for w in some_weights(rng, scale=scale)]
        agrees(student, "elastic_net_penalty", weights, 0.6, 0.4, 8)


TESTS = family("elastic_net_penalty", [follows_lam_and_m], "elastic_net_penalty", 1.7)


@variant
def in_one_sum(weights, lam, beta, m):
    return lam / (2 * m) * sum(np.sum(beta * w**2 + np.abs(w)) for w in weights)


@variant
def of_one_long_vector(weights, lam, beta, m):
    theta = np.concatenate([w.ravel() for w in weights])
    return float(lam * (beta * theta @ theta + np.abs(theta).sum()) / 2 / m)


@variant
def in_loops(weights, lam, beta, m):
    squares = sizes = 0.0
    for w in weights:
        for entry in w.flat:
            squares += entry**2
            sizes += abs(entry)
    return (lam * beta * squares + lam * sizes) / (2 * m)


L2, L1 = "l2_penalty(weights, lam, m)", "l1_penalty(weights, lam, m)"
SQUARES, SIZES = "l2_penalty(weights, 2, 1)", "l1_penalty(weights, 2, 1)"  # the sums without a factor
NET = f"beta * {L2} + {L1}"
MISTAKES = [
    mistake("beta multiplies the sizes instead of the squares.",
            "Which of the two terms has beta before it?",
            {NET: f"{L2} + beta * {L1}"}),
    mistake("The factor is lam/m: the 2 below is missing.",
            "Both threads have the factor of L2 here. What is it?",
            {NET: f"2 * ({NET})"}),
    mistake("beta multiplies both terms.",
            "Multiply your brackets out: which term should be without beta?",
            {NET: f"beta * ({L2} + {L1})"}),
    mistake("beta is not used.",
            "What must be left for beta = 0?",
            {NET: f"{L2} + {L1}"}),
    mistake("beta mixes the two, beta against 1 - beta; here L1 always counts fully.",
            "What does the formula give for beta = 1? Other libraries have other conventions.",
            {NET: f"beta * {L2} + (1 - beta) * {L1}"}),
    mistake("beta mixes the two the other way round, as a share of L1.",
            "What does the formula give for beta = 0? Other libraries have other conventions.",
            {NET: f"(1 - beta) * {L2} + beta * {L1}"}),
    mistake("Only the L2 part is there.",
            "A net has two threads: where are the sizes?",
            {NET: f"beta * {L2}"}),
    mistake("Only the L1 part is there.",
            "A net has two threads: where are the squares?",
            {NET: L1}),
    mistake("beta is squared along with the weights.",
            "To what does the square apply in the formula?",
            {NET: f"beta**2 * {L2} + {L1}"}),
    mistake("The L1 part has lam/m: the 2 below stands under both.",
            "Which factor stands before the bracket, and for which terms?",
            {NET: f"beta * {L2} + 2 * {L1}"}),
    mistake("The L2 part has lam/m: the 2 below stands under both.",
            "Which factor stands before the bracket, and for which terms?",
            {NET: f"beta * 2 * {L2} + {L1}"}),
    mistake("The sum is not divided by m.",
            "Where has m gone?",
            {"(2 * m)": "2"}, of=in_one_sum),
    mistake(*LEFT_TO_RIGHT, {"(2 * m)": "2 * m"}, of=in_one_sum),
    mistake("lam multiplies the squares only; the sizes go without.",
            "What must the penalty be for lam = 0?",
            {NET: f"beta * {L2} + l1_penalty(weights, 1, m)"}),
    mistake("lam is multiplied in twice: it is in the parts already.",
            "Your two penalties bring their lam. What does a third factor do?",
            {NET: f"lam * ({NET})"}),
    mistake("The two parts are multiplied instead of added.",
            "What stands between the two terms of the bracket? What would the penalty be if beta were 0?",
            {NET: f"beta * {L2} * {L1}"},
            {NET: f"beta * {L2} * {SIZES}"}),
    mistake("beta is taken for lam of the squares: lam multiplies the sizes only.",
            "lam stands before the bracket. What does a doubled lam do to each term?",
            {NET: f"l2_penalty(weights, beta, m) + {L1}"}),
    mistake(*LAST_ALONE, {NET: NET.replace("weights", "weights[-1:]")}),
    mistake("The sizes lack their absolute value, so that negative weights are subtracted.",
            "What does a weight of -3 contribute to L1?",
            {"np.abs(w)": "w"}, of=in_one_sum),
    mistake(*VECTORS_LEFT_OUT, {"in weights": "in weights if w.ndim > 1"}, of=in_one_sum),
    mistake("lam/(2m) is multiplied in twice: the two penalties have it already.",
            "What do your l1_penalty and l2_penalty return: the plain sums, or the sums times a factor?",
            {NET: f"lam / (2 * m) * ({NET})"}),
    mistake(*ONE_PER_ARRAY, {NET: f"[{NET.replace('weights', '[w]')} for w in weights]"}),
    mistake("The L2 part is the length of the weights, not its square: a root too many.",
            "np.linalg.norm takes a root at the end. What undoes it?",
            {"np.sum(beta * w**2 + np.abs(w))": "beta * np.linalg.norm(w) + np.sum(np.abs(w))"}, of=in_one_sum),
    mistake(*MEAN_OVER_WEIGHTS, {"np.sum": "np.mean"}, of=in_one_sum),
    mistake("The factor lam/(2m) stands before the sizes only.",
            "What does the bracket in the formula hold together?",
            {NET: f"beta * {SQUARES} + {L1}"}),
    mistake("The factor lam/(2m) stands before the squares only.",
            "What does the bracket in the formula hold together?",
            {NET: f"beta * {L2} + {SIZES}"}),
    mistake("lam and beta are taken in each other's place.",
            "Which of the two stands before the whole sum?",
            {"lam, beta, m)": "beta, lam, m)"}),
    mistake("beta and m are taken in each other's place.",
            "Compare the order of the arguments with the signature.",
            {"lam, beta, m)": "lam, m, beta)"}),
]
