"""hinge_loss: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import assert_close, require

from .common import check_both, check_direction, check_gradient, check_loss, check_slope, gradient_of, loss_of

HINTS = (
    "For each class, how much is missing to a lead by the margin? What does the true class itself pay?",
    "How many classes of a row are charged, and what does each of them ask of the true score? Which entry of "
    "the gradient counts that?",
    "Scores (1, 2, 2.5), true class 1, margin 1: charges 0, -, 1.5. Loss 1.5, gradient (0, -1, 1). With a "
    "margin of 3 two classes are charged: what changes at the true class?",
)

NAME = "hinge_loss"


def scores_off_the_kink(rng, num_classes, y, margin=1.0):
    """Draw scores whose hinge terms are all at least 0.05 from zero, where every slope is unambiguous."""
    rows = np.arange(len(y))
    scores = 2 * rng.normal(size=(len(y), num_classes))
    while True:
        terms = scores - scores[rows, y][:, np.newaxis] + margin
        terms[rows, y] = 1.0
        near = np.abs(terms).min(axis=1) <= 0.05
        if not near.any():
            return scores
        scores[near] = 2 * rng.normal(size=(near.sum(), num_classes))


def test_hinge_loss_averages_over_a_batch(student, rng):
    """The loss is the mean over examples of what the wrong classes are charged."""
    y = np.array([2, 0, 1, 1, 0])
    check_loss(student, NAME, scores_off_the_kink(rng, 3, y), y, sizes={"N": 5, "C": 3})


def test_hinge_loss_works_with_as_many_examples_as_classes(student, rng):
    """Each row is compared with its own true score, also when the batch is square."""
    y = np.array([3, 0, 3, 1])
    check_loss(student, NAME, scores_off_the_kink(rng, 4, y), y, of=" of a square batch")


def test_hinge_loss_of_one_example(student):
    """For a single example the loss is the sum over the wrong classes."""
    scores, y = np.array([[0.5, 2.0, 1.75, -4.0]]), np.array([0])
    assert_close(loss_of(student.hinge_loss(scores, y), NAME), 4.75, what="the loss of one example")


def test_hinge_loss_respects_the_margin(student, rng):
    """The wanted margin is the one that was passed."""
    y = np.array([1, 2, 2, 0])
    for margin in (2.5, 0.25):
        scores = scores_off_the_kink(rng, 3, y, margin)
        check_loss(student, NAME, scores, y, margin=margin, of=f" with a margin of {margin}")


def test_hinge_loss_is_zero_once_the_margin_is_kept(student):
    """An example whose true score leads by more than the margin costs nothing and gets no gradient."""
    scores, y = np.array([[5.0, 1.0, 2.0], [-3.0, 4.0, 0.0], [3.0, 1.0, 0.0]]), np.array([0, 1, 2])
    kept = loss_of(student.hinge_loss(scores[:2].copy(), y[:2].copy()), NAME)
    assert_close(kept, 0.0, what="the loss of examples that keep the margin")
    dscores = gradient_of(student.hinge_loss(scores, y), NAME)
    require(np.shape(dscores) == (3, 3), "The gradient must have the shape of the scores.")
    assert_close(np.asarray(dscores)[:2], np.zeros((2, 3)), what="the gradient of examples that keep the margin")
    require(np.any(np.asarray(dscores)[2]), "The gradient is zero for an example that violates the margin.")


def test_hinge_loss_starts_at_the_number_of_wrong_classes(student, rng):
    """With tiny scores the loss on C classes is C - 1."""
    scores, y = 1e-7 * rng.normal(size=(12, 10)), rng.integers(0, 10, size=12)
    assert_close(loss_of(student.hinge_loss(scores, y), NAME), 9.0, what="the loss of tiny scores on 10 classes")


def test_hinge_loss_does_not_grow_with_the_batch(student, rng):
    """The same examples twice cost, on average, the same as once."""
    y = np.array([1, 3, 1])
    scores = scores_off_the_kink(rng, 4, y)
    expected = reference.hinge_loss(scores, y)[0]
    loss = loss_of(student.hinge_loss(np.tile(scores, (2, 1)), np.tile(y, 2)), NAME)
    assert_close(loss, expected, what="the loss of a batch repeated twice")


def test_hinge_loss_grows_in_proportion_to_the_violation(student):
    """A violation of 10,000 costs 10,000: the loss is linear."""
    scores, y = np.array([[-1e4, 1e4, 0.0], [0.5, -9.0, -8.0]]), np.array([0, 0])
    assert_close(loss_of(student.hinge_loss(scores, y), NAME), 15001.0, what="the loss of huge violations")


def test_hinge_loss_gradient_of_a_batch(student, rng):
    """Charged classes get slope 1, the true class minus their number, all divided by N."""
    y = np.array([2, 0, 1, 1, 0, 2])
    check_gradient(student, NAME, scores_off_the_kink(rng, 4, y), y, sizes={"N": 6, "C": 4})


def test_hinge_loss_gradient_works_with_as_many_examples_as_classes(student, rng):
    """The gradient of a square batch is right."""
    y = np.array([1, 1, 3, 0])
    check_gradient(student, NAME, scores_off_the_kink(rng, 4, y), y, of=" of a square batch")


def test_hinge_loss_gradient_of_one_example(student):
    """Three charged classes pull the true score up with slope 3."""
    dscores = gradient_of(student.hinge_loss(np.array([[0.5, 2.0, 1.75, 0.25]]), np.array([3])), NAME)
    assert_close(dscores, np.array([[1.0, 1.0, 1.0, -3.0]]), what="the gradient of one example")


def test_hinge_loss_gradient_respects_the_margin(student, rng):
    """Which classes are charged depends on the margin that was passed."""
    y = np.array([1, 2, 2, 0])
    for margin in (3.0, 0.25):
        scores = scores_off_the_kink(rng, 3, y, margin)
        check_gradient(student, NAME, scores, y, margin=margin, of=f" with a margin of {margin}")


def test_hinge_loss_gradient_is_the_slope_of_the_loss(student, rng):
    """The gradient agrees with central differences of the loss."""
    y = np.array([4, 1, 1])
    check_slope(student, NAME, scores_off_the_kink(rng, 5, y), y)


def test_hinge_loss_gradient_points_uphill(student, rng):
    """The gradient has the right direction, whatever its length."""
    y = np.array([0, 3, 3, 1, 0])
    check_direction(student, NAME, scores_off_the_kink(rng, 4, y), y, like="scores")


def test_hinge_loss_of_hundreds_of_examples(student, rng):
    """Every example of a large batch counts in the loss and has its row of the gradient."""
    y = np.tile([2, 0, 0, 1], 50)
    scores = scores_off_the_kink(rng, 3, y, 1.5)
    check_both(student, NAME, scores, y, margin=1.5, of=" of a large batch", sizes={"N": 200})


@variant
def with_loops(scores, y, margin=1.0):
    """Plain Python, one class at a time."""
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        for j in range(c):
            charge = scores[i, j] - scores[i, y[i]] + margin
            if j != y[i] and charge > 0:
                loss += charge / n
                dscores[i, j] += 1 / n
                dscores[i, y[i]] -= 1 / n
    return loss, dscores


@variant
def counting_the_margin_off(scores, y, margin=1.0):
    """Charge the true class too, and take its margin off again."""
    n, truth = len(y), np.eye(scores.shape[1])[y]
    true = np.einsum("nc,nc->n", scores, truth)
    charged = np.clip(scores - true[:, None] + margin, 0, None)
    wrong = (charged > 0) * (1 - truth)
    return np.mean(charged.sum(axis=1) - margin), (wrong - wrong.sum(axis=1, keepdims=True) * truth) / n


@variant
def with_the_other_slope_at_the_kink(scores, y, margin=1.0):
    """At a difference of exactly zero the slope 1 is as good as 0."""
    n, rows = len(y), np.arange(len(y))
    terms = scores - scores[rows, y].reshape(-1, 1) + margin
    active = terms >= 0
    active[rows, y] = False
    dscores = active / n
    np.add.at(dscores, (rows, y), -active.sum(axis=1) / n)
    return np.sum(terms[active]) / n, dscores


@variant
def in_single_precision(scores, y, margin=1.0):
    """float32 throughout."""
    n, rows = np.float32(len(y)), np.arange(len(y))
    scores = scores.astype(np.float32)
    charged = np.maximum(scores - scores[rows, y][:, None] + np.float32(margin), 0)
    charged[rows, y] = 0
    dscores = np.where(charged > 0, np.float32(1), np.float32(0))
    dscores[rows, y] = -np.count_nonzero(charged, axis=1)
    return np.sum(charged) / n, dscores / n


@variant
def with_a_mask(scores, y, margin=1.0):
    """The wrong classes of each row as a table of their own."""
    n, c = scores.shape
    wrong = np.arange(c) != y[:, None]
    gaps = scores[wrong].reshape(n, c - 1) - scores[~wrong].reshape(n, 1)
    hits = gaps + margin > 0
    dscores = np.zeros((n, c))
    dscores[wrong] = hits.ravel()
    dscores[~wrong] = -hits.sum(axis=1)
    return ((gaps + margin) * hits).sum() / n, dscores / n


def for_each_class_alone(scores, y, margin=1.0):
    signs = 2 * np.eye(scores.shape[1])[y] - 1
    charged = np.maximum(0.0, margin - signs * scores)
    return charged.sum() / len(y), np.where(charged > 0, -signs, 0.0) / len(y)


GAP = "scores - scores[rows, y][:, np.newaxis]"
CHARGED = f"np.maximum(0.0, {GAP} + margin)"
CLEARED = "charged[rows, y] = 0.0"
SLOPES = "dscores = (charged > 0).astype(float)"
PULL = "dscores[rows, y] = -dscores.sum(axis=1)"
LOSS = "charged.sum() / n"
GRADIENT = "dscores / n"
NO_SLOPE_OF_TRUTH = {CLEARED: "", SLOPES: f"{SLOPES}\n    dscores[rows, y] = 0.0"}
MISTAKES = [
    # the true class
    mistake("The true class is charged the margin against itself.",
            "The sum leaves the true class out. With tiny scores on ten classes, does your loss start at 9 or at 10?",
            NO_SLOPE_OF_TRUTH),
    mistake("The true class is charged and then 1 is taken off, which is right only for a margin of 1.",
            "What does the true class contribute to your sum when the margin is 2.5?",
            {**NO_SLOPE_OF_TRUTH, LOSS: "charged.sum() / n - 1"}),
    mistake("In the gradient the true class is counted among those that violate the margin.",
            "How many wrong classes are charged? That many times, and no more, the true score is pulled up.",
            {CLEARED: "", PULL: f"{PULL}\n    {CLEARED}"}),
    mistake("charged[:, y] clears the columns of all labels for every example, not one entry in each row.",
            "The true class is a different column in each row. How do you index rows and labels in pairs?",
            {CLEARED: "charged[:, y] = 0.0"}),
    mistake("The loop ends at the true class, so that the classes behind it are never charged.",
            "Which statement skips one turn of a loop, and which ends it?",
            {CLEARED: "charged[np.arange(scores.shape[1]) >= y[:, np.newaxis]] = 0.0"}),
    mistake("Rows are compared with another row's true score: the true scores lined up with the columns.",
            "scores[rows, y] has shape (N,). What shape does it need so that it is subtracted row by row?",
            {"[:, np.newaxis]": ""}),
    mistake("scores[:, y] takes the columns of all labels, so that a row is not compared with its own true score.",
            "Which index picks one entry from each row?",
            {GAP: "scores - scores[:, y].mean(axis=1, keepdims=True)"}),
    # what is charged
    mistake("The margin has the wrong sign: wrong classes are charged only once they win by more than the margin.",
            "An example whose true score leads by less than the margin must still cost something.",
            {"+ margin": "- margin"}),
    mistake("The margin is added outside the maximum, so even perfect examples are charged.",
            "An example that keeps the margin costs nothing at all. What must stand inside max(0, ...)?",
            {" + margin)": ") + margin", "charged > 0": "charged > margin"}),
    mistake("The margin is always 1: the argument is never used.",
            "Call your function with margin=5. Does anything change?",
            {"+ margin": "+ 1.0"}),
    mistake("The default margin is 0 instead of 1.",
            "Look at the signature in the notebook.",
            {"margin=1.0": "margin=0.0"}),
    mistake("The difference is the wrong way round: true score minus the others.",
            "A wrong class that scores far above the true one should be charged much. Put such numbers into your formula.",
            {GAP: "scores[rows, y][:, np.newaxis] - scores"},
            {GAP: "scores[rows, y][:, np.newaxis] - scores", GRADIENT: "-dscores / n"}),
    mistake("The maximum with 0 is missing: classes far below the true one earn a reward.",
            "An example that keeps the margin costs nothing, however large its lead.",
            {CHARGED: f"{GAP} + margin", SLOPES: "dscores = np.ones(scores.shape)\n    dscores[rows, y] = 0.0"}),
    mistake("Each class's charge is squared.",
            "The formula charges max(0, ...) itself; a violation twice as large costs twice as much.",
            {SLOPES: "dscores = 2 * charged", LOSS: "(charged**2).sum() / n"}),
    mistake("Only the worst wrong class is charged instead of all that violate the margin.",
            "The formula has a sum over the wrong classes, not a maximum over them.",
            {CLEARED: f"{CLEARED}\n    charged[charged < charged.max(axis=1, keepdims=True)] = 0.0"},
            {CLEARED: f"{CLEARED}\n    charged *= np.arange(scores.shape[1]) == charged.argmax(axis=1)[:, np.newaxis]"}),
    mistake("This is the hinge loss for yes-or-no answers: only the true score is looked at.",
            "With several classes the true score has to beat each of the others. Where do they enter your formula?",
            {CHARGED: "np.maximum(0.0, margin - scores[rows, y])", CLEARED: "",
             SLOPES: "dscores = np.zeros(scores.shape)", PULL: "dscores[rows, y] = -(charged > 0).astype(float)"}),
    mistake("Every class is asked a yes-or-no question of its own; scores are not compared with the true score.",
            "The loss looks at differences of scores. What should adding 100 to all scores change?",
            by=for_each_class_alone),
    # the gradient
    mistake("The true score is pulled up with slope 1, however many classes violate the margin.",
            "The true score occurs in the charge of every wrong class. How often does its slope count, then?",
            {PULL: "dscores[rows, y] = -dscores.max(axis=1)"},
            {PULL: "dscores[rows, y] = -1.0"}),
    mistake("The true class gets no gradient: only the wrong scores are pushed down.",
            "Raising the true score lowers every charge. Which entry of the gradient says so?",
            {PULL: ""}),
    mistake("The true score gets a positive slope.",
            "If the true score rises, do the charges rise or fall?",
            {PULL: "dscores[rows, y] = dscores.sum(axis=1)"}),
    mistake("The charged classes are counted along the wrong axis.",
            "How many classes of this row are charged? Which axis runs over the classes?",
            {PULL: "dscores[rows, y] = -dscores.sum(axis=0)[y]"}),
    mistake("The gradient holds the charges themselves instead of their slopes.",
            "max(0, x) has slope 1 wherever it is positive, no matter how large x is.",
            {SLOPES: "dscores = charged.copy()"}),
    mistake("The gradient counts only classes that beat the true one; those within the margin are charged, too.",
            "Which classes have a positive charge? Use the same condition for the slope.",
            {"charged > 0": f"{GAP} > 0"}),
    mistake("The sign of the gradient is flipped.",
            "The loss grows when the score of a charged class grows: its slope is positive.",
            {GRADIENT: "-dscores / n"}),
    mistake("The gradient is stored in an array of truth values, so that the pull on the true score becomes True.",
            "charged > 0 holds True and False. What happens when you write -2 into it?",
            {".astype(float)": ""}),
    mistake("The slopes are divided as whole numbers: //, or an integer array, cuts off the fractions.",
            "Two of three examples contribute a third each. Which dtype must the gradient have?",
            {".astype(float)": ".astype(int)", GRADIENT: "dscores // n"}),
    # by what is divided
    mistake("Loss and gradient are sums over the batch instead of means.",
            "Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
            {LOSS: "charged.sum()", GRADIENT: "dscores"}),
    mistake("The loss is summed over the batch, although the gradient is that of the mean.",
            "The same examples twice should cost the same.",
            {LOSS: "charged.sum()"}),
    mistake("The cost of each example is returned instead of their mean.",
            "The loss is one number. What turns N costs into one?",
            {LOSS: "charged.sum(axis=1)"}),
    mistake("The gradient is not divided by the number of examples, although the loss is.",
            "The loss is a mean over N examples; its slope carries the same 1/N.",
            {GRADIENT: "dscores"}),
    mistake("Loss and gradient are divided by the number of classes as well.",
            "With tiny scores on ten classes the loss must be 9. By what do you divide in all?",
            {LOSS: "charged.sum() / scores.size", GRADIENT: "dscores / scores.size"}),
    mistake("Loss and gradient are divided by the number of wrong classes as well.",
            "The formula adds up over the classes and averages over the examples. What should tiny scores cost? C - 1.",
            {LOSS: "charged.sum() / n / (scores.shape[1] - 1)", GRADIENT: "dscores / n / (scores.shape[1] - 1)"}),
    # what is changed and returned
    slip("writes_into_input",
         {CHARGED: "np.maximum(0.0, scores)", "charged = ": "scores -= scores[rows, y][:, np.newaxis] - margin\n    charged = "},
         what="scores"),
    slip("only_the_first", what="the loss"),
    *slips("results_swapped"),
]
