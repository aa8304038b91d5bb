"""What the exercises of 09-regularization share.

No exercise draws at random, and every bound is exact up to rounding.
"""

import nnlib as reference
from grader.authoring import mistake
from nnlib.checks import assert_close, require

SHAPES = [(3, 4), (4, 4), (4,), (2, 3, 2), (4, 1), (1, 5), (150, 2)]  # square, without columns, like a bias, and tall


def some_weights(rng, shapes=SHAPES, scale=1.0):
    return [scale * rng.normal(size=shape) for shape in shapes]


def copied(weights):
    return [w.copy() for w in weights]


def agrees(student, name, weights, *strength):
    """Compare a penalty, or the gradients of one, with nnlib's."""
    got = getattr(student, name)(copied(weights), *strength)
    expected = getattr(reference, name)(weights, *strength)
    if not isinstance(expected, list):
        assert_close(got, expected, what="the penalty")
        return
    require(isinstance(got, list | tuple), "The result must be a list of arrays, one for each array in weights.")
    require(len(got) == len(weights), f"There must be {len(weights)} gradients here.")
    assert_close(list(got), expected, what="the gradients")


def slopes(penalty, weights):
    """Central differences of a penalty in every weight."""
    found = []
    for number, w in enumerate(weights):
        rest = weights[:number], weights[number + 1 :]
        found.append(reference.numerical_gradient(lambda v, rest=rest: penalty([*rest[0], v, *rest[1]]), w))
    return found


# ---------------------------------------------------------------- hidden tests of tables; their row is the name


def follows_lam_and_m(student, rng, name, *beta):
    """Proportional to lam, inversely to m, and zero without either weights or lam."""
    weights = some_weights(rng)
    for lam, m in [(0.01, 5), (100.0, 5), (0.5, 1), (0.5, 10_000), (0.0, 3)]:
        agrees(student, name, weights, lam, *beta, m)
    agrees(student, name, [0 * weights[0], weights[2]], 2.0, *beta, 3)


def adds_up_all_layers(student, rng, name):
    """Every array counts, also where their shapes differ, where they are all the same, and where they have one axis."""
    agrees(student, name, some_weights(rng), 0.9, 11)
    agrees(student, name, some_weights(rng, [(3, 3)] * 4), 1.7, 3)
    agrees(student, name, some_weights(rng, [(6,), (2, 2)]), 1.3, 5)


def does_not_depend_on_how_weights_are_grouped(student, rng, name):
    """The same weights in one matrix or in several cost the same: a sum, no mean, no root and no largest column."""
    w = rng.normal(size=(4, 3))
    results = [getattr(student, name)(group, 0.8, 9) for group in ([w.copy()], [w[:1].copy(), w[1:].copy()])]
    expected = getattr(reference, name)([w], 0.8, 9)
    assert_close(results[0], expected, what="the penalty of a matrix")
    assert_close(results[1], expected, what="the penalty of the same matrix cut in two")


def of_each_array(student, rng, name):
    """One gradient for each array, in its order and shape."""
    agrees(student, name, some_weights(rng), 2.5, 6)
    agrees(student, name, some_weights(rng, [(3, 3)] * 3), 0.4, 13)
    agrees(student, name, some_weights(rng, [(5,)]), 1.9, 2)


PENALTY = [adds_up_all_layers, does_not_depend_on_how_weights_are_grouped, follows_lam_and_m]
GRADIENTS = [of_each_array, follows_lam_and_m]


# ---------------------------------------------------------------- mistakes

WEIGHTS_CHANGED = (
    "The caller's weights are changed.",
    "Which operation writes into its operand, and which makes a new array?",
)
LEFT_TO_RIGHT = (
    "lam / 2 * m multiplies by m: Python reads from left to right.",
    "What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
)
VECTORS_LEFT_OUT = (
    "Arrays of one axis are left out.",
    "Whoever calls the function decides what is a weight. Does every array in the list count?",
)
MEAN_OVER_WEIGHTS = (
    "The penalty is averaged over the weights instead of summed.",
    "Should a network with twice as many weights of the same size pay the same?",
)
ONE_PER_ARRAY = (
    "There is a penalty for each array, in a list; their sum is asked for.",
    "One number is asked for. What should become of the numbers in your list?",
)
ONE_ARRAY_OF_ALL = (
    "The list is turned into one array, which fails where the matrices differ in shape.",
    "Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
)
LAST_ALONE = (
    "Only the last array counts: the total is overwritten in the loop.",
    "What becomes of the first layer's sum when the second one's is computed?",
)


def of_a_penalty(cost):
    """What goes wrong in ``lam / (2 * m) * sum(np.sum(cost) for w in weights)``."""
    total = f"sum(np.sum({cost}) for w in weights)"
    return [
        mistake("The sum is not divided by m.",
                "Where has m gone? The penalty must count less, the more data there is.",
                {"(2 * m)": "2"}),
        mistake(*LEFT_TO_RIGHT, {"(2 * m)": "2 * m"}),
        mistake("lam is left out.",
                "What must the penalty be for lam = 0?",
                {"lam / (2 * m)": "1 / (2 * m)"}),
        mistake(*MEAN_OVER_WEIGHTS, {"np.sum": "np.mean"}),
        mistake("The penalty is averaged over the layers.",
                "The formula sums over the layers. Is there a count of layers in it?",
                {total: f"{total} / len(weights)"}),
        mistake(*LAST_ALONE, {total: f"[np.sum({cost}) for w in weights][-1]"}),
        mistake("Only the first array counts.",
                "How many arrays are in the list, and how many does your function look at?",
                {total: f"[np.sum({cost}) for w in weights][0]"}),
        mistake(*ONE_ARRAY_OF_ALL, {total: f"np.sum({cost.replace('w', 'np.array(weights)')})"}),
        mistake(*VECTORS_LEFT_OUT, {"in weights": "in weights if w.ndim > 1"}),
        mistake(*ONE_PER_ARRAY,
                {f"lam / (2 * m) * {total}": f"[lam / (2 * m) * np.sum({cost}) for w in weights]"}),
        mistake("The last array is left out.",
                "Up to which index does your loop run? Try a list with a single array.",
                {"in weights": "in weights[:-1]"}),
        mistake("The first array is left out.",
                "At which index does a list begin?",
                {"in weights": "in weights[1:]"}),
    ]


def of_gradients(factor, slope, without_m):
    """What goes wrong in ``[factor * slope for w in weights]``."""
    gradients = f"[{factor} * {slope} for w in weights]"
    return [
        mistake("lam is left out.",
                "What must the gradient be for lam = 0?",
                {factor: factor.replace("lam", "1")}),
        mistake("The division by m is left out.",
                "The penalty is divided by m. Can its gradient be without it?",
                {factor: without_m}),
        mistake("The sign is turned round: this points downhill.",
                "A gradient points to where the penalty grows. The step brings the minus.",
                {factor: f"-{factor}"}),
        mistake("Each gradient is summed up to a number.",
                "A gradient has the shape of what it differentiates.",
                {f"{slope} for": f"np.sum({slope}) for"}),
        mistake("The gradients are joined into one long vector.",
                "One array for each array in the list, in its shape: how will W1 find its own gradient?",
                {gradients: f"np.concatenate([({factor} * {slope}).ravel() for w in weights])"}),
        mistake(*ONE_ARRAY_OF_ALL,
                {gradients: f"list({factor} * {slope.replace('w', 'np.array(weights)')})"}),
        mistake("The gradient of the first array alone is returned.",
                "How many arrays came in, and how many go out?",
                {gradients: f"{gradients}[0]"},
                {gradients: f"{gradients}[:1]"}),
        mistake("A bare array is returned, the gradient of the last one.",
                "What happens to the gradient of the first array in your loop?",
                {gradients: f"{gradients}[-1]"}),
        mistake("Arrays of one axis get no gradient.",
                "Whoever calls the function decides what is a weight. Does every array in the list get its gradient?",
                {f"{slope} for": f"{slope} if w.ndim > 1 else np.zeros_like(w) for"},
                {"in weights]": "in weights if w.ndim > 1]"}),
    ]
