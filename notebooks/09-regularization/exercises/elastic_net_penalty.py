"""elastic_net_penalty: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import _copied, _leaves_alone, _penalty, _weights


def test_elastic_net_penalty_is_both_penalties(student, rng):
    """beta times the squares plus the sizes, times lam/(2m)."""
    for lam, beta, m in [(0.9, 0.3, 11), (2.0, 5.0, 4), (0.4, 0.7, 1)]:
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, _weights(rng), lam, beta, m)


def test_elastic_net_penalty_without_beta_is_l1(student, rng):
    """With beta = 0 only the sizes count."""
    weights = _weights(rng)
    _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 1.1, 3.0, 6)
    got = student.elastic_net_penalty(_copied(weights), 1.1, 0.0, 6)
    assert_close(got, reference.l1_penalty(weights, 1.1, 6), what="the penalty for beta = 0")


def test_elastic_net_penalty_with_beta_one_is_the_sum(student, rng):
    """With beta = 1 it is the L2 and the L1 penalty added up, neither at half weight."""
    weights = _weights(rng)
    _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 0.8, 0.6, 9)
    both = reference.l2_penalty(weights, 0.8, 9) + reference.l1_penalty(weights, 0.8, 9)
    assert_close(student.elastic_net_penalty(_copied(weights), 0.8, 1.0, 9), both, what="the penalty for beta = 1")


def test_elastic_net_penalty_follows_lam_and_m(student, rng):
    """Proportional to lam, inversely to m, and zero without lam."""
    weights = _weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, lam, 1.7, m)


def test_elastic_net_penalty_of_negative_and_large_weights(student, rng):
    """The squares and the sizes of all arrays count, whatever the signs."""
    for scale in (1e-3, 1e3):
        weights = [-np.abs(w) for w in _weights(rng, scale=scale)]
        _penalty(student.elastic_net_penalty, reference.elastic_net_penalty, weights, 0.6, 0.4, 8)


def test_elastic_net_penalty_leaves_the_weights_alone(student, rng):
    """Neither the list of weights nor an array in it changes."""
    _leaves_alone(student.elastic_net_penalty, reference.elastic_net_penalty, rng, 0.9, 0.3, 11)


@variant
def elastic_net_in_one_sum(weights, lam, beta, m):
    return lam / (2 * m) * sum(np.sum(beta * w**2 + np.abs(w)) for w in weights)


@variant
def elastic_net_of_one_long_vector(weights, lam, beta, m):
    theta = np.concatenate([w.ravel() for w in weights])
    return float(lam * (beta * theta @ theta + np.abs(theta).sum()) / 2 / m)


@variant
def elastic_net_in_loops(weights, lam, beta, m):
    squares = sizes = 0.0
    for w in weights:
        for entry in w.flat:
            squares += entry**2
            sizes += abs(entry)
    return (lam * beta * squares + lam * sizes) / (2 * m)


def elastic_beta_on_the_sizes(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (sum(float(np.sum(w**2)) for w in weights) + beta * sum(float(np.sum(np.abs(w))) for w in weights))
    )


def elastic_beta_on_both(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * beta
        * (sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


def elastic_without_beta(weights, lam, beta, m):
    return lam / (2 * m) * (sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


def elastic_as_a_mixture(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (
            beta * sum(float(np.sum(w**2)) for w in weights)
            + (1 - beta) * sum(float(np.sum(np.abs(w))) for w in weights)
        )
    )


def elastic_as_a_share_of_l1(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (
            (1 - beta) * sum(float(np.sum(w**2)) for w in weights)
            + beta * sum(float(np.sum(np.abs(w))) for w in weights)
        )
    )


def elastic_l1_alone(weights, lam, beta, m):
    return lam / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights)


def elastic_squares_beta(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (beta**2 * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


def elastic_l1_without_the_half(weights, lam, beta, m):
    return lam / (2 * m) * beta * sum(float(np.sum(w**2)) for w in weights) + lam / m * sum(
        float(np.sum(np.abs(w))) for w in weights
    )


def elastic_without_the_half(weights, lam, beta, m):
    return lam / m * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


def elastic_without_m(weights, lam, beta, m):
    return lam / 2 * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


def elastic_l1_without_lam(weights, lam, beta, m):
    return (lam * beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights)) / (
        2 * m
    )


def elastic_with_lam_twice(weights, lam, beta, m):
    return (
        lam
        * lam
        / (2 * m)
        * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


def elastic_multiplied(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * beta
        * sum(float(np.sum(w**2)) for w in weights)
        * sum(float(np.sum(np.abs(w))) for w in weights)
    )


def elastic_beta_for_lam(weights, lam, beta, m):
    return (beta * sum(float(np.sum(w**2)) for w in weights) + lam * sum(float(np.sum(np.abs(w))) for w in weights)) / (
        2 * m
    )


def elastic_of_the_last_layer(weights, lam, beta, m):
    for w in weights:
        total = beta * float(np.sum(w**2)) + float(np.sum(np.abs(w)))
    return lam / (2 * m) * total


def elastic_without_sizes(weights, lam, beta, m):
    return lam / (2 * m) * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(w)) for w in weights))


def elastic_l2_without_the_half(weights, lam, beta, m):
    return lam / m * beta * sum(float(np.sum(w**2)) for w in weights) + lam / (2 * m) * sum(
        float(np.sum(np.abs(w))) for w in weights
    )


def elastic_net_skips_vectors(weights, lam, beta, m):
    return lam / (2 * m) * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights if w.ndim > 1)


def elastic_net_with_the_factor_twice(weights, lam, beta, m):
    return (lam / (2 * m)) ** 2 * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights)


def elastic_net_for_each_layer(weights, lam, beta, m):
    return [lam / (2 * m) * float((beta * w**2 + np.abs(w)).sum()) for w in weights]


def elastic_net_with_a_root(weights, lam, beta, m):
    return lam / (2 * m) * sum(beta * float(np.sqrt((w**2).sum())) + float(np.abs(w).sum()) for w in weights)


def elastic_net_as_a_product(weights, lam, beta, m):
    squares, sizes = (lam / (2 * m) * sum(float(f(w).sum()) for w in weights) for f in (np.square, np.abs))
    return beta * squares * sizes


def elastic_net_with_the_factor_on_the_sizes(weights, lam, beta, m):
    return sum(beta * float((w**2).sum()) + lam / (2 * m) * float(np.abs(w).sum()) for w in weights)


def elastic_net_with_the_factor_on_the_squares(weights, lam, beta, m):
    return sum(lam / (2 * m) * beta * float((w**2).sum()) + float(np.abs(w).sum()) for w in weights)


def elastic_net_with_beta_and_m_swapped(weights, lam, beta, m):
    beta, m = m, beta
    return lam / (2 * m) * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights)


MISTAKES = [
    mistake("beta multiplies the sizes instead of the squares.",
            "Which of the two terms has beta before it?",
            by=elastic_beta_on_the_sizes),
    mistake("beta multiplies both terms.",
            "Multiply your brackets out: which term should be without beta?",
            by=elastic_beta_on_both),
    mistake("beta is not used.",
            "What must be left for beta = 0?",
            by=elastic_without_beta),
    mistake("beta mixes the two, beta against 1 - beta; here L1 always counts fully.",
            "What does the formula give for beta = 1? Other libraries have other conventions.",
            by=elastic_as_a_mixture),
    mistake("beta mixes the two the other way round, as a share of L1.",
            "What does the formula give for beta = 0? Other libraries have other conventions.",
            by=elastic_as_a_share_of_l1),
    mistake("Only the L2 part is there.",
            "A net has two threads: where are the sizes?",
            {"* sum": "* beta * sum(float", "beta * w**2 + np.abs(w": "w**2"}, of=elastic_net_in_one_sum),
    mistake("Only the L1 part is there.",
            "A net has two threads: where are the squares?",
            by=elastic_l1_alone),
    mistake("beta is squared along with the weights.",
            "To what does the square apply in the formula?",
            by=elastic_squares_beta),
    mistake("The L1 part has lam/m: the 2 below stands under both.",
            "Which factor stands before the bracket, and for which terms?",
            by=elastic_l1_without_the_half),
    mistake("The factor is lam/m: the 2 below is missing.",
            "Work the example through by hand. By which factor are you off?",
            by=elastic_without_the_half),
    mistake("The sum is not divided by m.",
            "Where has m gone?",
            by=elastic_without_m),
    mistake("lam multiplies the squares only; the sizes go without.",
            "What must the penalty be for lam = 0?",
            by=elastic_l1_without_lam),
    mistake("lam is multiplied in twice: it is in the parts already.",
            "Your two penalties bring their lam. What does a third factor do?",
            by=elastic_with_lam_twice),
    mistake("The two parts are multiplied instead of added.",
            "What would the penalty be if beta were 0?",
            by=elastic_multiplied),
    mistake("beta is taken for lam of the squares: lam multiplies the sizes only.",
            "lam stands before the bracket. What does a doubled lam do to each term?",
            by=elastic_beta_for_lam),
    mistake("Only the last array counts: the total is overwritten in the loop.",
            "What becomes of the first layer's sum when the second one's is computed?",
            by=elastic_of_the_last_layer),
    mistake("The sizes lack their absolute value, so that negative weights are subtracted.",
            "What does a weight of -3 contribute to L1?",
            by=elastic_without_sizes),
    mistake("The L2 part has lam/m: the 2 below stands under both.",
            "Which factor stands before the bracket, and for which terms?",
            by=elastic_l2_without_the_half),
    mistake("Arrays of one axis are left out.",
            "Whatever is in the list is a weight, of whatever shape.",
            by=elastic_net_skips_vectors),
    mistake("lam/(2m) is multiplied in twice: the two penalties have it already.",
            "What do your l1_penalty and l2_penalty return: the plain sums, or the sums times a factor?",
            by=elastic_net_with_the_factor_twice),
    mistake("There is a penalty for each array, in a list; their sum is asked for.",
            "One number is asked for. What should become of the numbers in your list?",
            by=elastic_net_for_each_layer),
    mistake("The L2 part is the length of the weights, not its square: a root too many.",
            "np.linalg.norm takes a root at the end. What undoes it?",
            by=elastic_net_with_a_root),
    mistake("The penalty is averaged over the weights instead of summed.",
            "Should a layer of a thousand weights cost as much as one of ten?",
            {"np.sum": "float(", "for": ".mean()) for"}, of=elastic_net_in_one_sum),
    mistake("The two penalties are multiplied instead of added.",
            "What stands between the two terms of the bracket?",
            by=elastic_net_as_a_product),
    mistake("lam / 2 * m multiplies by m: Python reads from left to right.",
            "Try 1 / 2 * 10. Where do brackets belong?",
            {"(2 * m) * sum(np.sum": "2 * m * sum(float(", "for": ".sum()) for"}, of=elastic_net_in_one_sum),
    mistake("The factor lam/(2m) stands before the sizes only.",
            "What does the bracket in the formula hold together?",
            by=elastic_net_with_the_factor_on_the_sizes),
    mistake("The factor lam/(2m) stands before the squares only.",
            "What does the bracket in the formula hold together?",
            by=elastic_net_with_the_factor_on_the_squares),
    mistake("lam and beta are taken in each other's place.",
            "Which of the two stands before the whole sum?",
            {"* l2_penalty(weights, lam, m) + l1_penalty(weights, lam, m":
                 "/ (2 * m) * sum(float((lam * w**2 + np.abs(w)).sum()) for w in weights"}),
    mistake("beta and m are taken in each other's place.",
            "Compare the order of the arguments with the signature.",
            by=elastic_net_with_beta_and_m_swapped),
]
