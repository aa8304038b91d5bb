"""one_hot: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, require

HINTS = (
    "Which row does a label belong to, and which column? How many of each are there, whatever the labels are?",
    "How does NumPy pick one entry from each row, when you have a list of rows and a list of columns?",
    "Labels 1, 1, 0 of 3 classes: (0, 1, 0), (0, 1, 0), (1, 0, 0). The last column stays empty, but it is "
    "there. Does yours hold 1.0 or 1?",
)


def _check_one_hot(student, y, num_classes, what):
    expected = reference.one_hot(y, num_classes)
    assert_close(student.one_hot(y, num_classes), expected, what=what)


def test_one_hot_puts_a_one_in_each_label_column(student):
    """Row i has its one in column y[i], whatever the order of the labels."""
    _check_one_hot(student, np.tile([3, 0, 1, 3, 2, 0], 30), 4, "one_hot")


def test_one_hot_holds_floats(student):
    """The zeros and ones are floating-point numbers, as the text says."""
    y = np.array([1, 0, 2])
    expected = reference.one_hot(y, 3)
    rows = student.one_hot(y, 3)
    assert_close(rows, expected, what="one_hot")
    floats = np.asarray(rows).dtype.kind == "f"
    require(floats, "one_hot must return floats, 0.0 and 1.0; yours are whole numbers or True and False.")


def test_one_hot_keeps_a_column_for_a_missing_last_class(student):
    """There are num_classes columns even when the last classes do not occur in the batch."""
    _check_one_hot(student, np.array([1, 0, 1, 0, 0]), 4, "one_hot without the last classes")


def test_one_hot_keeps_a_column_for_missing_first_classes(student):
    """Labels name columns even when the first classes do not occur in the batch."""
    _check_one_hot(student, np.array([3, 2, 3]), 5, "one_hot without the first classes")


def test_one_hot_works_with_as_many_examples_as_classes(student):
    """Rows are examples and columns classes, also when there are as many of both."""
    _check_one_hot(student, np.array([2, 0, 1]), 3, "one_hot of a square batch")


def test_one_hot_works_for_a_single_example(student):
    """A batch of one gives one row."""
    assert_close(student.one_hot(np.array([2]), 4), np.array([[0.0, 0.0, 1.0, 0.0]]), what="one_hot of one label")


def test_one_hot_repeats_rows_for_repeated_labels(student):
    """Examples of the same class get the same row."""
    _check_one_hot(student, np.array([1, 1, 1, 1]), 2, "one_hot of equal labels")


def test_one_hot_has_exactly_one_one_in_a_row(student, rng):
    """Each row adds up to one."""
    rows = student.one_hot(rng.integers(0, 10, size=25), 10)
    require(np.shape(rows) == (25, 10), "one_hot must return an array of shape (N, num_classes).")
    assert_close(np.asarray(rows).sum(axis=1), np.ones(25), what="the sum of each row")


@variant
def from_the_identity(y, num_classes):
    """Rows of the identity matrix."""
    return np.eye(num_classes)[y]


@variant
def by_comparison(y, num_classes):
    """Compare every label with every class."""
    return (np.asarray(y)[:, None] == np.arange(num_classes)).astype(float)


@variant
def with_loops(y, num_classes):
    """One entry at a time, as lists."""
    return np.array([[1.0 if label == c else 0.0 for c in range(num_classes)] for label in y])


@variant
def with_add_at(y, num_classes):
    """np.add.at on an array of zeros, in single precision."""
    rows = np.zeros((len(y), num_classes), dtype=np.float32)
    np.add.at(rows, (np.arange(len(y)), y), 1)
    return rows


@variant
def through_flat_positions(y, num_classes):
    """One index into the flattened table."""
    rows = np.zeros(len(y) * num_classes)
    rows[np.arange(len(y)) * num_classes + y] = 1
    return rows.reshape(len(y), num_classes)


@variant
def by_taking_along_the_axis(y, num_classes):
    """np.put_along_axis."""
    rows = np.zeros((y.shape[0], num_classes))
    np.put_along_axis(rows, y[:, None], 1.0, axis=1)
    return rows


PAIRS = "rows[np.arange(len(y)), y]"
WIDTH = "(len(y), num_classes))"  # what the table is made with
MISTAKES = [
    mistake("The number of columns is read off the labels: the largest label plus one.",
            "What comes out for the labels [0, 1] and four classes? You were told how many columns there are.",
            {WIDTH: "(len(y), y.max() + 1))"}),
    mistake("There is a column for each label that occurs, so classes missing from the batch move the others.",
            "Label 3 belongs in column 3 even if classes 0 to 2 do not occur. Do you need to look at which labels occur?",
            {PAIRS: "rows[np.arange(len(y)), np.searchsorted(np.unique(y), y)]"}),
    mistake("The labels that occur are numbered anew, and there are only as many columns as labels that occur.",
            "A batch may lack classes. Which argument tells how many columns there are?",
            {WIDTH: "(len(y), len(np.unique(y))))", PAIRS: "rows[np.arange(len(y)), np.searchsorted(np.unique(y), y)]"}),
    mistake("The smallest label of the batch is taken for class 0.",
            "A batch may lack the first classes. Does label 2 still belong in column 2?",
            {PAIRS: "rows[np.arange(len(y)), y - y.min()]"}),
    mistake("Labels are counted from one, so every one sits a column too far left.",
            "Labels run from 0 to num_classes - 1. In which column does label 0 belong?",
            {PAIRS: "rows[np.arange(len(y)), y - 1]"}),
    mistake("There is a column too many: num_classes + 1.",
            "Labels run from 0 to num_classes - 1. How many columns is that?",
            {WIDTH: "(len(y), num_classes + 1))"}),
    mistake("There are always ten columns: num_classes is not used.",
            "Call your function with 3 classes. What shape comes out?",
            {WIDTH: "(len(y), 10))"}),
    mistake("The table is transposed: classes are rows.",
            "Examples are rows in this course, so the shape must be (N, num_classes).",
            after=np.transpose),
    mistake("Row and column are swapped in the assignment.",
            "table[row, column]: which of the two is the example, which the label?",
            {PAIRS: "rows[y, np.arange(len(y))]"}),
    mistake("Every row has ones in the columns of all labels of the batch.",
            "rows[:, y] means all rows and these columns. You want row 0 with y[0], row 1 with y[1], and so on, in pairs.",
            {PAIRS: "rows[:, y]"}),
    mistake("rows[y] names whole rows: the rows with these numbers are filled with ones.",
            "One index names rows only. How do you tell NumPy the column as well, one for each row?",
            {PAIRS: "rows[y]"}),
    mistake("The labels are not used: row i has its one in column i.",
            "Two examples of the same class must get the same row. Which column should a row's one be in?",
            by=lambda y, num_classes: np.eye(len(y), num_classes)),
    mistake("The rows come in the order of the classes, not of the examples.",
            "Row i belongs to example i. Does anything in your code sort?",
            {PAIRS: "rows[np.arange(len(y)), np.sort(y)]"}),
    mistake("The column holds the label itself instead of a one.",
            "For label 3 the row should contain a 1 in column 3, and for label 0 it should not be all zeros.",
            {"= 1.0": "= y"}),
    mistake("The classes are counted: the result says how often each occurs, not which example has which.",
            "You need one row for each example, not one row for the whole batch.",
            after=lambda rows: rows.sum(axis=0)),
    mistake("All columns up to the label hold ones.",
            "A row should have exactly one 1. Is == or <= meant?",
            after=lambda rows: np.cumsum(rows[:, ::-1], axis=1)[:, ::-1]),
    mistake("Zeros and ones are swapped.",
            "The true class gets the one, all others zero.",
            after=lambda rows: 1 - rows),
    mistake("The other entries are -1 instead of 0.",
            "A one-hot row is a probability distribution. What should it add up to?",
            after=lambda rows: 2 * rows - 1),
    mistake("The table holds integers; the text asks for floats.",
            "Which dtype does np.eye give when you do not name one?",
            after=lambda rows: rows.astype(int)),
    mistake("The table holds True and False; the text asks for floats.",
            "A comparison gives truth values. How do you make numbers of them?",
            after=lambda rows: rows == 1),
    mistake("The result is a list of lists of integers, not an array of floats.",
            "np.array makes one of it. Which dtype does it get?",
            after=lambda rows: rows.astype(int).tolist()),
    mistake("The result has an axis too many: (N, 1, C).",
            "What is the shape of the labels when you use them as an index?",
            after=lambda rows: rows[:, np.newaxis]),
    mistake("The table is flattened: (N·C,) instead of (N, C).",
            "What shape did np.eye(num_classes)[y] have before?",
            after=np.ravel),
]
