"""has_exploded: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    'There are two ways to be lost. Which one does a comparison with nan never find?',
    'Ask each cost two things: is it a finite number, and is it more than factor times the first? What is the '
    'answer for no costs at all?',
    'With factor 2: 5, 9, 1 is fine, since 9 is not above 10; 5, 11, 1 is lost for ever; 5, nan, 1 as well; '
    'and so is a first cost of inf.',
)


def _exploded(student, cases):
    verdicts = [student.has_exploded(costs.copy(), *factor) for costs, _, *factor in cases]
    for (costs, expected, *_), got in zip(cases, verdicts, strict=True):
        word = "has exploded" if expected else "has not exploded"
        assert_close(got, expected, what=f"the verdict on a history of {len(costs)} costs that {word}")


@easy
def test_has_exploded_sees_a_jump(student):
    """More than three times the first cost is an explosion, wherever it comes."""
    _exploded(
        student,
        [
            ([1.0, 3.5], True),
            ([0.8, 0.7, 9.0, 0.6], True),
            ([2.3, 2.2, 2.1, 2.0, 7.5], True),
            ([0.5, 1.6, 0.4], True),
            ([40.0, 100.0, 130.0, 50.0], True),
            ([1.0] * 150 + [3.5] + [1.0] * 49, True),
        ],
    )


@easy
def test_has_exploded_lets_ordinary_runs_go_on(student):
    """Falling, jittering and badly begun runs that stay within three times the first cost have not exploded."""
    _exploded(
        student,
        [
            ([2.3, 1.1, 0.4, 0.2], False),
            ([1.0, 2.9, 0.1, 2.8, 1.2], False),
            ([4.0, 0.1, 3.9, 0.05, 11.0], False),
            ([50.0, 120.0, 3.0], False),
            ([0.7], False),
            ([1.0, *[2.9] * 199], False),
        ],
    )


def test_has_exploded_at_exactly_the_factor(student):
    """Exactly three times the first cost is not more than three times."""
    _exploded(
        student,
        [
            ([1.5, 4.5, 1.0], False),
            ([4.0, 12.0], False),
            ([1.5, 4.5, 4.5001], True),
            ([2.0, 5.0], False, 2.5),
            ([2.0, 5.01], True, 2.5),
        ],
    )


def test_has_exploded_compares_with_the_first_cost(student):
    """Neither the cost before nor the lowest or the mean is what counts, however small the costs are."""
    _exploded(
        student,
        [
            ([1.0, 2.0, 2.9, 4.0], True),
            ([5.0, 0.2, 4.0, 0.3, 6.0], False),
            ([1.0, 2.5, 2.8, 2.9, 3.2, 2.7], True),
            ([6.0, 1.0, 1.0, 1.0, 17.0], False),
            ([2e-10, 5e-10, 1e-10], False),
            ([2e-10, 7e-10, 1e-10], True),
        ],
    )


def test_has_exploded_takes_another_factor(student):
    """The factor can be chosen, by place and by name."""
    by_name = [student.has_exploded([1.0, 1.6], factor=1.5), student.has_exploded([1.0, 3.5], factor=10.0)]
    costs = [2.0, 3.0, 9.0, 1.0]
    _exploded(student, [(costs, True, 1.2), (costs, True, 4.0), (costs, False, 5.0)])
    assert_close(by_name[0], True, what="the verdict with factor=1.5")
    assert_close(by_name[1], False, what="the verdict with factor=10")


@easy
def test_has_exploded_sees_nan(student):
    """A nan is an explosion, in the middle of the run and at its end."""
    nan = math.nan
    _exploded(student, [([2.0, 1.5, nan, 1.0], True), ([2.0, 1.0, nan], True), ([2.0, 1.0, nan, nan, nan], True)])


@easy
def test_has_exploded_sees_infinity(student):
    """An infinite cost is an explosion, in the middle of the run and at its end, of either sign."""
    inf = math.inf
    _exploded(student, [([3.0, inf, 1.5], True), ([2.0, 1.0, inf], True), ([2.0, -inf, 1.0], True)])


@easy
def test_has_exploded_looks_at_the_first_cost_too(student):
    """A run that begins with nan or infinity is lost, though nothing is larger than three times that."""
    nan, inf = math.nan, math.inf
    _exploded(student, [([nan, 1.0, 0.5], True), ([inf, 2.0, 1.0], True), ([nan, nan], True)])


def test_has_exploded_with_a_single_cost(student):
    """One cost is enough to tell whether it is finite."""
    _exploded(student, [([0.25], False), ([math.nan], True), ([math.inf], True)])


def test_has_exploded_with_no_costs(student):
    """Before the first cost nothing has exploded, and after a first one that is finite neither."""
    _exploded(student, [([], False), ([3.0], False), ([3.0, 9.5], True)])


def test_has_exploded_takes_arrays_and_whole_numbers(student):
    """An array of costs and costs that are ints work as a list of floats does."""
    _exploded(
        student,
        [
            (np.array([1.2, 0.9, 4.0, 1.0]), True),
            (np.array([1.2, 0.9, 3.5, 1.0]), False),
            (np.array([2, 5, 6]), False),
            ([2, 5, 7], True),
            (np.array([0.5, np.nan]), True),
        ],
    )


@variant
def on_arrays(costs, factor=3.0):
    costs = np.asarray(costs, dtype=float)
    if costs.size == 0:
        return False
    return bool(not np.isfinite(costs).all() or (costs > factor * costs[0]).any())


@variant
def unless_all_is_well(costs, factor=3.0):
    if len(costs) == 0:
        return False
    limit = factor * costs[0]
    if not np.isfinite(limit):
        return True
    # nan is not <= anything, so the comparison itself finds it; -inf needs its own.
    return not np.all([-np.inf < cost <= limit for cost in costs])


@variant
def with_a_numpy_bool(costs, factor=3.0):
    c = np.array(list(costs) or [0.0])
    return np.isnan(c).any() | np.isinf(c).any() | (c.max() > factor * c[0])


@variant
def in_a_loop(costs, factor=3.0):
    first = None
    for cost in costs:
        if first is None:
            first = cost
        if math.isnan(cost) or math.isinf(cost):
            return True
        if cost / first > factor and cost > factor * first:
            return True
    return False


FINITE = "not math.isfinite(cost)"
LARGE = "cost > factor * costs[0]"
EACH = "for cost in costs"
ANY = f"return any({FINITE} or {LARGE} {EACH})"
MISTAKES = [
    mistake("Exactly factor times the first cost counts as an explosion already.",
            "The rule says more than. What should the history 2.0, 6.0 give?",
            {LARGE: "cost >= factor * costs[0]"}),
    mistake("Only the last cost is looked at, so a jump in the middle of the history goes unseen.",
            "What do you return for 2.0, 6.1, 1.0, and for 2.0, nan, 1.0?",
            {EACH: "for cost in costs[-1:]"}, {EACH: "for cost in [*costs[:1], *costs[-1:]]"}),
    mistake("All costs are tested for nan, but only the last one for its size.",
            "What do you return for 2.0, 6.1, 1.0?",
            {LARGE: "costs[-1] > factor * costs[0]"}),
    mistake("Only the last cost is tested for nan and infinity.",
            "What do you return for 2.0, nan, 1.0?",
            {FINITE: "not math.isfinite(costs[-1])"}),
    mistake("Each cost is compared with the one before it instead of with the first.",
            "A cost that doubles at every step never triples at one. Which cost is the yardstick?",
            {LARGE: "cost > factor * before", EACH: "for before, cost in zip([*costs[:1], *costs], costs)"},
            {ANY: "return any(not math.isfinite(a) or not math.isfinite(b) or b > factor * a "
                  "for a, b in zip(costs, costs[1:]))"}),
    mistake("Costs are compared with the lowest so far instead of with the first.",
            "A run that has come down to 0.1 may well jitter to 0.5. Which cost is the yardstick?",
            {LARGE: "cost > factor * min(costs[: i + 1])", EACH: "for i, cost in enumerate(costs)"}),
    mistake("nan is not noticed: it was skipped, or compared, and a comparison with nan is always False.",
            "What is nan > 6, and what is nan <= 6? Ask for what is not finite on purpose.",
            {FINITE: "math.isinf(cost)"}),
    mistake("Only the size is tested; nan, and an infinite first cost, are not noticed.",
            "Two parts make up the rule. Which costs are not finite, and does > find them?",
            {f"{FINITE} or ": ""}),
    mistake("Only nan counts as not finite; infinity at the start, where nothing is larger, is not noticed.",
            "inf > 3 * inf is False. Which NumPy function is True for ordinary numbers only?",
            {FINITE: "math.isnan(cost)"}),
    mistake("Only costs that are not finite count; a cost that is merely far too large does not.",
            "What should 2.0, 600.0 give? Long before inf the run is lost.",
            {f" or {LARGE}": ""}),
    slip("fixed", {LARGE: "cost > 3.0 * costs[0]"}, what="factor"),
    mistake("Costs are compared with the factor itself, not with the factor times the first cost.",
            "A first cost of 40 is no explosion. What is the limit relative to?",
            {LARGE: "cost > factor"}),
    mistake("The factor is added to the first cost instead of multiplied with it.",
            "Three times the first cost: what is the limit for a first cost of 0.5?",
            {LARGE: "cost > factor + costs[0]"}),
    mistake("All costs must be too large for your function to return True; one is enough.",
            "all or any? The first cost is never above three times itself, and all of no costs are too large.",
            {"any(": "all("}, {"any(": "len(costs) > 0 and all("}),
    mistake("An empty history raises an error: there is no first cost to look at.",
            "What do you do with costs[0] when there are no costs yet?",
            {"return any": "first = costs[0]\n    return any", LARGE: "cost > factor * first"}),
    mistake("An empty history counts as an explosion.",
            "Before the first cost nothing can have exploded.",
            {"return any": "return len(costs) == 0 or any"}),
    mistake("This returns one verdict for each cost instead of one for the history.",
            "True or False for the whole run: how do you get from an array of booleans to one?",
            {"any(": "len(costs) > 0 and np.array([", "in costs)": "in costs])"}),
    mistake("The verdict is the wrong way round: True stands for a healthy run.",
            "What does the name of the function ask?",
            {"return any": "return not any"}),
    mistake("The largest cost is compared with factor times the smallest.",
            "A good run ends far below where it began. Which cost is the yardstick?",
            {LARGE: "cost > factor * min(costs)"}),
    mistake("The first cost itself is not looked at: a run that begins with nan or infinity passes for healthy.",
            "Your loop starts at the second cost. What do you return for nan, 1.0?",
            {EACH: "for cost in costs[1:]"}),
    mistake("A history of a single cost counts as healthy whatever that cost is.",
            "What do you return when the only cost so far is nan?",
            {"return any": "return len(costs) > 1 and any"}),
    mistake("-inf is not noticed.",
            "Three values are not finite. Which function tests for all of them?",
            {FINITE: "math.isnan(cost) or cost == math.inf"}),
    mistake("The answer is given after the first cost: a return stands in the loop that should come after it.",
            "When may you say False: after one healthy cost, or after all of them?",
            {ANY: f"{EACH}:\n        return {FINITE} or {LARGE}\n    return False"}),
    mistake("The list of costs that was passed is sorted itself.",
            "costs.sort() changes the caller's history. What do you need the order for?",
            {"return any": "first = costs[0] if len(costs) else 0.0\n    costs.sort()\n    return any",
             LARGE: "cost > factor * first"}),
    mistake("An array of costs raises an error: NumPy does not say whether a whole array is true.",
            "costs may be an array, and `not costs` works for lists only. How else can you tell that it is empty?",
            {"return any": "return bool(costs) and any"}),
    mistake("The two parts of the rule are joined by and: a cost must be both too large and not finite.",
            "Is 6.1 after 2.0 lost although it is finite? Each part is enough by itself.",
            {f"{FINITE} or": f"{FINITE} and"}),
    mistake("nan and inf are looked for with ==, and nan equals nothing, not even itself.",
            "What is math.nan == math.nan? Which function tests for it?",
            {FINITE: "cost == math.nan or cost == math.inf"}),
    mistake("The test for finite numbers is the wrong way round: every ordinary cost counts as an explosion.",
            "What does isfinite return for 2.0?",
            {FINITE: "math.isfinite(cost)"}),
    mistake("Costs are compared with factor times their mean instead of the first.",
            "Which cost is the yardstick? A jump pulls the mean up with it.",
            {LARGE: "cost > factor * np.mean(costs)"}),
    mistake("The comparison points the wrong way, or the factor is on the wrong side: a healthy run counts as lost.",
            "Which of 0.5 and 60 has exploded after a first cost of 2?",
            {LARGE: "cost < factor * costs[0]"}),
    mistake("Python's max is asked for the largest cost, and with a nan in the list its answer depends on the order.",
            "What is max([2.0, math.nan, 1.0]), and what is max([math.nan, 2.0])? Look for nan before.",
            {"costs).all()": "max(costs))", "(costs > factor * costs[0]).any()": "max(costs) > factor * costs[0]"},
            of=on_arrays),
    mistake("nanmax leaves nan out, which is what you are to find.",
            "Which function tells you that a nan is there, instead of passing over it?",
            {"costs).all()": "np.nanmax(costs))", "(costs >": "(np.nanmax(costs) >"},
            of=on_arrays),
    mistake("Only the first 64 costs are looked at.",
            "What does your function say of a run that jumps at step 150?",
            {EACH: "for cost in costs[:64]"}),
]
