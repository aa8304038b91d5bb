"""ensemble_average: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_shape, require

HINTS = (
    "Which axis do the members lie along, if you think of the list as one array?",
    "Should a member that is sure count for more? What is averaged: probabilities, votes, or logarithms?",
    "Three members say (0.9, 0.1), (0.6, 0.4) and (0.3, 0.7) of an example: the average is (0.6, 0.4).",
)


def _members(rng, m, n, classes):
    return [reference.softmax(2 * rng.normal(size=(n, classes))) for _ in range(m)]


def _average(student, probs, shape):
    own = probs.copy() if isinstance(probs, np.ndarray) else [member.copy() for member in probs]
    got = np.asarray(student.ensemble_average(own))
    assert_shape(got, shape, what="the average")
    return got


def test_ensemble_average_is_the_mean_of_the_probabilities(student, rng):
    """Every entry is the arithmetic mean of the members' entries, for any number of members, also where M = N = C."""
    for m, n, classes in [(3, 5, 4), (3, 3, 3), (2, 4, 4), (7, 1, 3), (3, 170, 4)]:
        probs = _members(rng, m, n, classes)
        expected = reference.ensemble_average(probs)
        assert_close(_average(student, probs, (n, classes)), expected, what="the average")


def test_ensemble_average_takes_a_list_or_an_array(student, rng):
    """A list of M arrays (N, C) and one array (M, N, C) give the same."""
    probs = _members(rng, 4, 6, 3)
    expected = reference.ensemble_average(probs)
    assert_close(_average(student, probs, (6, 3)), expected, what="the average of a list")
    assert_close(_average(student, np.array(probs), (6, 3)), expected, what="the average of an array")


def test_ensemble_average_is_a_probability(student, rng):
    """Every row of the average sums to 1, without being forced to."""
    got = _average(student, _members(rng, 5, 8, 4), (8, 4))
    assert_close(got.sum(axis=1), np.ones(8), what="the sum of each row")
    require((got > 0).all() and (got < 1).all(), "The average of uncertain members must be uncertain.")


def test_ensemble_average_of_one_is_that_one(student, rng):
    """A single member, or the same one several times, is its own average."""
    (member,) = _members(rng, 1, 5, 3)
    assert_close(_average(student, [member], (5, 3)), member, what="the average of one member")
    assert_close(_average(student, [member] * 4, (5, 3)), member, what="the average of four equal members")


def test_ensemble_average_lets_nobody_forbid(student):
    """A member that gives a class no chance at all does not rule it out, and no member's certainty decides alone."""
    probs = [np.array([[0.0, 1.0], [0.2, 0.8]]), np.array([[1.0, 0.0], [0.9, 0.1]]), np.array([[0.6, 0.4], [0.3, 0.7]])]
    expected = np.array([[1.6 / 3, 1.4 / 3], [1.4 / 3, 1.6 / 3]])
    assert_close(_average(student, probs, (2, 2)), expected, what="the average")


def test_ensemble_average_never_costs_more_than_its_members(student, rng):
    """By Jensen's inequality the average's cross-entropy is at most the mean of the members', on any labels."""
    for m, n, classes in [(2, 30, 3), (5, 40, 10), (12, 25, 4)]:
        probs, y = _members(rng, m, n, classes), rng.integers(classes, size=n)
        rows = np.arange(n)
        costs = [-np.log(member[rows, y]).mean() for member in probs]
        given = _average(student, probs, (n, classes))[rows, y]
        require((given > 0).all(), "The average of members that give a class a chance must give it one.")
        cost = -np.log(given).mean()
        require(cost <= np.mean(costs) + 1e-12, "The ensemble costs more than its members do on average.")
        assert_close(cost, reference.cross_entropy(reference.ensemble_average(probs), y), what="the ensemble's cost")


def test_ensemble_average_treats_members_alike(student, rng):
    """The order of the members does not matter."""
    probs = _members(rng, 5, 6, 4)
    expected = _average(student, probs, (6, 4))
    for _ in range(3):
        shuffled = [probs[i] for i in rng.permutation(5)]
        assert_close(_average(student, shuffled, (6, 4)), expected, what="the average in another order")
    assert_close(expected, reference.ensemble_average(probs), what="the average")


@variant
def in_a_loop(probs):
    total = 0.0
    for member in probs:
        total = total + np.asarray(member) / len(probs)
    return total


@variant
def with_einsum(probs):
    stacked = np.stack(list(probs))
    return np.einsum("mnc->nc", stacked) / stacked.shape[0]


@variant
def as_it_comes(probs):
    average = np.array(probs[0], dtype=float)
    for count, member in enumerate(probs[1:], start=2):
        average += (member - average) / count
    return average


@variant
def with_weights(probs):
    return np.average(np.array(probs), axis=0, weights=np.full(len(probs), 1 / len(probs)))


def half_of_the_last(probs):
    average = np.array(probs[0], dtype=float)
    for member in probs[1:]:
        average = (average + member) / 2
    return average


def weighted_by_the_largest(probs):
    stacked = np.stack(list(probs))
    sure = stacked.max(axis=2, keepdims=True)
    return (sure * stacked).sum(axis=0) / sure.sum(axis=0)


def summed_into_the_first(probs):
    total = probs[0]
    for member in probs[1:]:
        total += member
    return total / len(probs)


def added_into_the_first(probs):
    total = probs[0]
    for member in probs[1:]:
        total += member
    total /= len(probs)
    return total


MEAN = "np.mean(probs, axis=0)"
MISTAKES = [
    mistake("This is the geometric mean: one member that is sure a class is wrong rules it out, and rows do not sum to 1.",
            "Average the probabilities themselves, not their logarithms.",
            {MEAN: "np.exp(np.mean(np.log(probs), axis=0))"},
            {MEAN: "np.exp(np.mean(np.log(np.asarray(probs) + 1e-12), axis=0))"}),
    mistake("The logarithms are averaged, which is the scores, and turned into probabilities again.",
            "One member that says 0.0 would forbid a class for all. What does the arithmetic mean of 0.9 and 0.1 give?",
            {MEAN: "softmax(np.mean(np.log(probs), axis=0))"},
            {MEAN: "softmax(np.mean(np.log(np.asarray(probs) + 1e-12), axis=0))"}),
    mistake("The probabilities are multiplied and normalised, as if the members were independent evidence.",
            "Networks trained on the same data repeat each other: a product makes them far too sure.",
            {MEAN: "np.prod(probs, axis=0) / np.prod(probs, axis=0).sum(axis=1, keepdims=True)"}),
    mistake("The probabilities are added but not divided by the number of members.",
            "What must each row sum to?",
            {MEAN: "np.sum(probs, axis=0)"}),
    mistake("The members vote with their classes: how sure they are is thrown away.",
            "0.51 and 0.99 count the same in a vote. Average the probabilities before anybody decides.",
            {MEAN: "np.mean(np.eye(np.shape(probs)[2])[np.argmax(probs, axis=2)], axis=0)"}),
    mistake("The mean is taken over the examples instead of over the members.",
            "The members are the first axis. What shape must come out?",
            {MEAN: "np.mean(probs, axis=1)"}),
    mistake("The mean is taken over the classes, where it is always 1/C.",
            "The members are the first axis. What shape must come out?",
            {MEAN: "np.mean(probs, axis=2)"}),
    mistake("The mean is taken over everything and is a single number.",
            "The mean needs an axis.",
            {MEAN: "np.mean(probs)"}),
    mistake("The largest probability of each class is taken instead of the average.",
            "The most confident member is not always right. What do the rows sum to?",
            {MEAN: "np.max(probs, axis=0)"}),
    mistake("This is the median of the members, not their mean.",
            "Jensen's inequality holds for the mean. Do the rows of medians sum to 1?",
            {MEAN: "np.median(probs, axis=0)"}),
    mistake("Softmax is applied to the average, although it consists of probabilities already.",
            "What do the rows of the average sum to before you do anything to them?",
            {MEAN: f"softmax({MEAN})"}),
    mistake("The average is built two at a time, so the last member counts for half.",
            "((p1 + p2)/2 + p3)/2 is not (p1 + p2 + p3)/3. How much does p1 count in each?",
            by=half_of_the_last),
    mistake("Members that are sure of an example get a larger weight, but every member counts the same.",
            "A sure member's probabilities are far from even already. What does the exercise say of the weights?",
            by=weighted_by_the_largest),
    mistake("The ensemble's classes come back, not its probabilities.",
            "The argmax comes later. What shape is asked for?",
            after=lambda average: np.argmax(average, axis=1)),
    mistake("The sum is collected in the first member's own array, which is changed by it.",
            "total = probs[0] is no copy, and += writes into it.",
            by=(added_into_the_first, summed_into_the_first)),
]
