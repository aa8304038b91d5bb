"""softmax: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import eighths

HINTS = (
    "What could you subtract from a whole row so that its largest exponent is 0, and would the shares change?",
    "After a sum or maximum over axis=1, what shape is left? What shape do you need so that it lines up with "
    "the rows, also when there are as many rows as columns?",
    "The row (0, 2): exponents -2 and 0, exponentials 0.135 and 1, total 1.135, shares 0.119 and 0.881. The "
    "row (700, 702) must give the same shares. Does yours?",
)


def _check_softmax(student, scores, what):
    expected = reference.softmax(scores)
    assert_close(student.softmax(scores), expected, what=what)


def test_softmax_turns_scores_into_the_right_shares(student, rng):
    """Each entry is its exponential divided by the sum of its row."""
    scores = rng.normal(size=(300, 6))[::2, ::2]  # a view with gaps
    _check_softmax(student, scores, "softmax")


def test_softmax_rows_add_up_to_one(student, rng):
    """Each example's probabilities add up to one."""
    probs = student.softmax(2 * rng.normal(size=(6, 4)))
    require(np.shape(probs) == (6, 4), "softmax must return an array of the shape of the scores.")
    assert_close(np.asarray(probs).sum(axis=1), np.ones(6), what="the sum of each row")


def test_softmax_works_with_as_many_examples_as_classes(student, rng):
    """Rows are normalised by their own sum even when the batch is square."""
    scores = rng.normal(size=(4, 4))
    _check_softmax(student, scores, "softmax of a square batch")


def test_softmax_works_for_a_single_example(student, rng):
    """A batch of one works like any other."""
    scores = rng.normal(size=(1, 5))
    _check_softmax(student, scores, "softmax of one example")


def test_softmax_of_two_classes_is_a_sigmoid(student, rng):
    """With two classes the first probability is the sigmoid of the difference of the scores."""
    scores = rng.normal(size=(7, 2))
    expected = 1 / (1 + np.exp(scores[:, 1] - scores[:, 0]))
    probs = student.softmax(scores)
    assert_close(probs, np.stack([expected, 1 - expected], axis=1), what="softmax of two classes")


def test_softmax_ignores_a_shift_of_a_row(student, rng):
    """Adding a constant to all scores of an example changes nothing, however large the constant."""
    scores = eighths(rng, (4, 4))
    shift = np.array([[1000.0], [-1000.0], [500.0], [0.0]])
    expected = reference.softmax(scores)
    assert_close(student.softmax(scores + shift), expected, what="softmax of shifted rows")


def test_softmax_survives_scores_of_a_thousand(student):
    """Scores of ±1,000 give finite probabilities."""
    scores = np.array([[1000.0, 1001.0, -1000.0], [-1000.0, -1002.0, -1000.5]])
    _check_softmax(student, scores, "softmax of scores of ±1,000")


def test_softmax_survives_scores_of_ten_thousand(student):
    """Scores of ±10,000 give finite probabilities."""
    scores = np.array([[1e4, -1e4], [1e4, 1e4 - 1.0]])
    _check_softmax(student, scores, "softmax of scores of ±10,000")


def test_softmax_keeps_small_rows_beside_a_large_one(student, rng):
    """A row with small scores is right even when another row of the batch has huge ones."""
    scores = eighths(rng, (3, 4))
    expected = reference.softmax(scores)
    scores[1] += 2000.0
    assert_close(student.softmax(scores), expected, what="softmax of a batch with one huge row")


def test_softmax_takes_whole_numbers(student):
    """Scores that are integers work like floats."""
    scores = np.array([[3, 1, 2], [0, -1, 4]])
    _check_softmax(student, scores, "softmax of integer scores")


def test_softmax_takes_single_precision(student, rng):
    """Scores in float32 work."""
    scores = (eighths(rng, (5, 3)) + 40.0).astype(np.float32)
    _check_softmax(student, scores, "softmax of float32 scores")


@variant
def softmax_with_loops(scores):
    """Plain Python numbers, one entry at a time."""
    n, c = scores.shape
    probs = np.zeros((n, c))
    for i in range(n):
        largest = max(float(s) for s in scores[i])
        total = 0.0
        for j in range(c):
            probs[i, j] = math.exp(float(scores[i, j]) - largest)
            total += probs[i, j]
        for j in range(c):
            probs[i, j] /= total
    return probs


@variant
def softmax_by_transposing(scores):
    """Classes as rows inside, so that plain broadcasting does without keepdims."""
    columns = np.asarray(scores, dtype=float).T
    powers = np.exp(columns - columns.max(axis=0))
    return (powers / powers.sum(axis=0)).T


@variant
def softmax_by_logsumexp(scores):
    """Through log-probabilities, with NumPy's own stable sum of exponentials."""
    scores = np.asarray(scores, dtype=float)
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])


@variant
def softmax_in_single_precision(scores):
    """float32 throughout, which is what fast code uses."""
    shifted = (scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


@variant
def softmax_with_einsum(scores):
    """The division as a product of rows with the reciprocals of their sums."""
    powers = np.exp(scores - np.amax(scores, axis=-1)[..., None])
    return np.einsum("nc,n->nc", powers, 1.0 / np.einsum("nc->n", powers))


@variant
def softmax_row_by_row(scores):
    """A helper for one example, applied along the rows."""

    def one(row):
        powers = np.exp(row - row.max())
        return powers / powers.sum()

    return np.apply_along_axis(one, 1, np.array(scores, dtype=float))


@variant
def softmax_by_pairwise_differences(scores):
    """1 over the sum of exponentials of differences, with overflow to infinity, whose reciprocal is right."""
    scores = np.asarray(scores, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(axis=2)


def stored_like_the_scores(scores):
    probs = np.zeros_like(scores)
    for i, row in enumerate(scores):
        powers = np.exp(row - row.max())
        probs[i] = powers / powers.sum()
    return probs


SHIFT = "scores - scores.max(axis=1, keepdims=True)"
POWERS = "powers = np.exp(shifted)"
DIVIDED = "powers / powers.sum(axis=1, keepdims=True)"
MISTAKES = [
    mistake("Large scores overflow: nothing is subtracted before the exponential.",
            "Try softmax on [[1000, 1000]]. Section 1 shows what you may subtract from a row without changing its shares.",
            {SHIFT: "scores"}),
    mistake("One number, the maximum of the whole batch, is subtracted from every row.",
            "Think of a batch with one huge row: what is exp of the other rows then, and what is their total?",
            {"scores.max(axis=1, keepdims=True)": "scores.max()"}),
    mistake("The sum runs over the whole batch, so that all entries together add up to one.",
            "Each example needs probabilities of its own: over which axis does one example's row extend?",
            {"powers.sum(axis=1, keepdims=True)": "powers.sum()"}),
    mistake("The columns add up to one instead of the rows.",
            "Examples are rows here. Print the shape of your sum: it should have one entry for each example.",
            {"scores.max(axis=1": "scores.max(axis=0", "powers.sum(axis=1": "powers.sum(axis=0"},
            {"powers.sum(axis=1": "powers.sum(axis=0"}),
    mistake("The maximum of each column is subtracted, which differs from class to class and does not cancel.",
            "Which number may you subtract from all scores of one example? Over which axis does one example extend?",
            {"scores.max(axis=1": "scores.max(axis=0"}),
    mistake("Each row is divided by another row's total: the sum lost its axis and lined up with the columns.",
            "Look at the trap at the end of section 1: what shape has your sum, and what shape do you need to divide by?",
            {"powers.sum(axis=1, keepdims=True)": "powers.sum(axis=1)"}),
    mistake("Each row is shifted by another row's maximum: the maximum lost its axis and lined up with the columns.",
            "Print the shape of the maximum you subtract. Which option keeps the axis that was reduced?",
            {"scores.max(axis=1, keepdims=True)": "scores.max(axis=1)"}),
    mistake("The scores themselves are changed: -= writes into the caller's array.",
            "The caller still needs the scores. Which operation makes a new array instead of changing the old one?",
            {"shifted = scores -": "scores -=", "(shifted": "(scores"},
            {SHIFT: "np.asarray(scores, dtype=float)\n    shifted -= shifted.max(axis=1, keepdims=True)",
             POWERS: "powers = np.exp(shifted, out=shifted)",
             DIVIDED: "np.divide(powers, powers.sum(axis=1, keepdims=True), out=powers)"},
            {SHIFT: "np.asarray(scores, dtype=float)\n    shifted -= shifted.max(axis=1, keepdims=True)"}),
    mistake("The shift has the wrong direction: the smallest score is subtracted, so the largest still overflows.",
            "After the subtraction, what sign should all exponents have so that none of them can overflow?",
            {"scores.max": "scores.min"}),
    mistake("Integer scores lose their fractions: the result is stored in an integer array.",
            "What dtype does zeros_like or empty_like give for integer scores, and what happens to 0.7 in it?",
            by=stored_like_the_scores),
    mistake("The scores are divided by their sum without being exponentiated.",
            "Scores can be negative, and probabilities cannot. Which step of the formula makes everything positive?",
            {POWERS: "powers = scores"}),
    mistake("Each score goes through a sigmoid of its own, so the rows do not add up to one.",
            "The classes of one example compete for a total of one. What does the denominator of the formula add up?",
            {DIVIDED: "1 / (1 + np.exp(-np.clip(scores, -700, 700)))"}),
    mistake("The result is the logarithm of the probabilities.",
            "Can a probability be negative? One step too many, or one too few, came after the sum.",
            {DIVIDED: "shifted - np.log(powers.sum(axis=1, keepdims=True))"}),
    mistake("Large scores are clipped, which changes the differences between them.",
            "Clipping makes 1000 and 1001 the same score. Is there a way to make scores smaller that keeps differences?",
            {SHIFT: "np.clip(scores, -500, 500)"}),
    mistake("The mean of the row is subtracted, so that the largest score may still overflow.",
            "Which number must be subtracted so that no exponent is positive?",
            {"scores.max": "scores.mean"}),
    mistake("The largest absolute value is subtracted: where all scores are very negative, all exponentials vanish.",
            "Try scores of -1,000 and -1,001. What is the largest exponent, and what should it be?",
            {"scores.max": "np.abs(scores).max"}),
    mistake("nan is replaced by 0 instead of being avoided, so that the likeliest class of large scores gets probability 0.",
            "Where does the nan come from? What may you subtract from a row so that it cannot arise?",
            {SHIFT: "scores", DIVIDED: f"np.nan_to_num({DIVIDED})"}),
    mistake("This is hardmax: all of the probability goes to the largest score.",
            "What shares should the scores (1, 1.1) get? Nearly equal ones.",
            {DIVIDED: "np.eye(scores.shape[1])[scores.argmax(axis=1)]"}),
    mistake("The sign of the scores is flipped: the smallest score gets the largest probability.",
            "Does the order of the scores stay as it was? Look at the sign in the exponent.",
            {SHIFT: "scores.min(axis=1, keepdims=True) - scores"},
            {SHIFT: "scores.max(axis=1, keepdims=True) - scores"},
            {SHIFT: "-scores"}),
    mistake("Only the numerator is shifted, so that the rows do not add up to one.",
            "The factor cancels only if it stands in numerator and denominator.",
            {"powers.sum": "np.exp(scores).sum"}),
    mistake("The exponentials are not divided by their total.",
            "What should each row add up to?",
            {DIVIDED: "powers"}),
    mistake("The scores are divided by their maximum; only subtracting leaves the probabilities as they are.",
            "Which operation on all scores of a row cancels in the fraction?",
            {"scores - scores": "scores / scores"}),
    mistake("The scores are divided by their sum before the exponential.",
            "Exponentiate first, divide by the total then. In which order does the formula do it?",
            {"scores - scores.max": "scores / scores.sum"}),
    mistake("The base of the powers is 2 instead of e.",
            "Compare with the numbers worked by hand in the text. Which function of NumPy is e to the power of z?",
            {"np.exp(shifted)": "2.0 ** shifted"}),
    mistake("A batch of one loses its axis: the result is (C,) instead of (1, C).",
            "Which line treats one example differently? squeeze and ravel drop axes.",
            {"return powers": "powers = powers.squeeze() if len(scores) == 1 else powers\n    return powers",
             "axis=1, keepdims=True)\n    ### END": "axis=-1, keepdims=True)\n    ### END"}),
    mistake("The result is transposed: classes are rows.",
            "You may compute with the classes as rows. What must be done before the result is returned?",
            after=lambda probs: probs.T),
    slip("first_example_only", {DIVIDED: "(" + DIVIDED + ")[0]"}),
    mistake("The scores are cut to half precision, which keeps three digits and ends at 65,504.",
            "Is there a reason to change the dtype at all?",
            {SHIFT: "scores.astype(np.float16)\n    shifted = shifted - shifted.max(axis=1, keepdims=True)"}),
    slip("rounded", *({"return powers": "return np.round(powers", "axis=1, keepdims=True)\n    ### END": f"axis=1, keepdims=True), {digits})\n    ### END"} for digits in (2, 3, 4))),
    mistake("Only the first 64 rows are computed: the rows after them stay zero.",
            "What comes out for a batch of 100? Take the number of rows from scores, not from a constant.",
            after=lambda probs: np.where(np.arange(len(probs))[:, np.newaxis] < 64, probs, 0.0)),
]
