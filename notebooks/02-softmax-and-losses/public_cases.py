"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import numpy as np

SCORES = np.array([[5.0, 2.0, -1.0, 3.0], [1.0, 1.0, 1.0, 1.0]])


def _with_input(function, scores, *rest):
    """Call with a copy and look at it again afterwards."""
    given = np.array(scores)
    return {"result": function(given, *rest), "the input afterwards": given}


def _loss_and_gradient(function, scores, *rest, **options):
    given = np.array(scores)
    loss, gradient = function(given, *rest, **options)
    return {"loss": loss, "gradient": gradient, "the input afterwards": given}


def two_examples(softmax):
    """the scores (5, 2, -1, 3) and (1, 1, 1, 1)"""
    return _with_input(softmax, SCORES)


def as_many_rows_as_classes(softmax):
    """two examples of two classes, (1, 2) and (4, 0)"""
    return softmax(np.array([[1.0, 2.0], [4.0, 0.0]]))


def far_apart(softmax):
    """rows around 1,000 and -1,000, and one that holds both"""
    return softmax(np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1002.0, -1000.0], [1000.0, 0.0, -1000.0]]))


def very_negative(softmax):
    """one row around -900"""
    return softmax(np.array([[-900.0, -901.0, -899.5]]))


def whole_numbers(softmax):
    """scores that are integers"""
    return softmax(np.array([[1, 2, 3]]))


def last_class_missing(one_hot):
    """labels 2, 0, 2 of 4 classes"""
    y = np.array([2, 0, 2])
    table = one_hot(y, 4)
    return {"result": table, "it holds floats": np.asarray(table).dtype.kind == "f", "y afterwards": y}


def one_label(one_hot):
    """one label, 0 of 5 classes"""
    return one_hot(np.array([0]), 5)


def as_many_labels_as_classes(one_hot):
    """labels 1, 2, 0 of 3 classes"""
    return one_hot(np.array([1, 2, 0]), 3)


def the_cat(cross_entropy):
    """the cat of the text, probability 0.2"""
    return cross_entropy(np.array([[0.3, 0.2, 0.1, 0.4]]), np.array([1]))


def two_probabilities(cross_entropy):
    """two examples with 0.5 and 0.8 on the true class"""
    probs = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    return {"loss": cross_entropy(probs, np.array([0, 2])), "probs afterwards": probs}


def hardly_possible(cross_entropy):
    """a true class of probability 1e-30"""
    return cross_entropy(np.array([[1e-30, 1.0]]), np.array([0]))


def three_by_three(cross_entropy):
    """three examples of three classes"""
    probs = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])
    return cross_entropy(probs, np.array([2, 2, 0]))


def two_rows_of_scores(softmax_cross_entropy):
    """the scores (5, 2, -1, 3) of class 0 and (1, 1, 1, 1) of class 2"""
    return _loss_and_gradient(softmax_cross_entropy, SCORES, np.array([0, 2]))


def three_rows_of_scores(softmax_cross_entropy):
    """three examples of three classes"""
    scores = [[0.5, -1.0, 2.0], [3.0, 0.0, 0.0], [-0.5, 1.5, 1.0]]
    return _loss_and_gradient(softmax_cross_entropy, scores, np.array([1, 0, 1]))


def a_thousand_too_low(softmax_cross_entropy):
    """a true score that is 1,000 too low"""
    return _loss_and_gradient(softmax_cross_entropy, [[0.0, 1000.0]], np.array([0]))


def a_thousand_ahead(softmax_cross_entropy):
    """a true score that leads by 1,000"""
    return _loss_and_gradient(softmax_cross_entropy, [[1000.0, 0.0], [0.5, 0.25]], np.array([0, 1]))


def rows_far_apart(softmax_cross_entropy):
    """two rows, around 1,000 and -1,000"""
    return _loss_and_gradient(softmax_cross_entropy, [[1000.0, 1001.0], [-1000.0, -1002.0]], np.array([0, 1]))


def the_text(hinge_loss):
    """the example of the text"""
    return _loss_and_gradient(hinge_loss, [[5.0, 2.0, -1.0, 3.0]], np.array([1]))


def one_on_the_right_side(hinge_loss):
    """two examples, one of them far enough on the right side"""
    return _loss_and_gradient(hinge_loss, [[4.0, 0.5, 0.0], [-1.0, 1.0, 3.0]], np.array([0, 1]))


def equal_scores(hinge_loss):
    """three examples, of which one has equal scores"""
    return _loss_and_gradient(hinge_loss, [[5.0, 2.0, 1.0], [-1.0, 1.0, 3.0], [2.0, 2.0, 2.0]], np.array([0, 1, 2]))


def a_wider_margin(hinge_loss):
    """the same two with a margin of 5"""
    return _loss_and_gradient(hinge_loss, [[4.0, 0.5, 0.0], [-1.0, 1.0, 3.0]], np.array([0, 1]), margin=5.0)


def three_by_three_scores(hinge_loss):
    """three examples of three classes, margin 0.5"""
    scores = [[0.2, 0.1, 1.0], [0.3, 0.0, 0.1], [-1.0, 2.0, 1.8]]
    return _loss_and_gradient(hinge_loss, scores, np.array([0, 1, 2]), margin=0.5)


def two_numbers(mse):
    """2 and 5 against 3 and 1"""
    return _loss_and_gradient(mse, [2.0, 5.0], np.array([3.0, 1.0]))


def three_numbers(mse):
    """3, -1, 4 against 1, 1, 5"""
    return _loss_and_gradient(mse, [3.0, -1.0, 4.0], np.array([1.0, 1.0, 5.0]))


def a_matrix(mse):
    """three rows of two numbers"""
    target = np.array([[0.0, 2.0], [3.0, 1.0], [-1.0, -1.0]])
    return _loss_and_gradient(mse, [[1.0, 2.5], [-3.0, 0.5], [4.0, -2.0]], target)


def two_numbers_apart(mae):
    """2 and 5 against 3 and 1"""
    return _loss_and_gradient(mae, [2.0, 5.0], np.array([3.0, 1.0]))


def three_numbers_apart(mae):
    """3, -1, 4 against 1, 1, 5"""
    return _loss_and_gradient(mae, [3.0, -1.0, 4.0], np.array([1.0, 1.0, 5.0]))


def a_matrix_apart(mae):
    """three rows of two numbers"""
    target = np.array([[0.0, 2.0], [3.0, 1.0], [-1.0, -1.0]])
    return _loss_and_gradient(mae, [[1.0, 2.5], [-3.0, 0.5], [4.0, -2.0]], target)


def one_hit(mae):
    """two numbers, one of them exactly on target"""
    loss, gradient = mae(np.array([2.0, 5.0]), np.array([2.0, 1.0]))
    return {"loss": loss, "the gradient is finite": bool(np.isfinite(gradient).all())}


def four_logits(binary_cross_entropy):
    """the logits 0, 2, 2, -1 with labels 1, 1, 0, 0"""
    return _loss_and_gradient(binary_cross_entropy, [0.0, 2.0, 2.0, -1.0], np.array([1, 1, 0, 0]))


def confidently_wrong(binary_cross_entropy):
    """two logits of 1,000 and -600 that are wrong"""
    return _loss_and_gradient(binary_cross_entropy, [1000.0, -600.0], np.array([0, 1]))


def far_on_the_left(binary_cross_entropy):
    """a logit of -800 that is right"""
    return _loss_and_gradient(binary_cross_entropy, [-800.0, 0.5], np.array([0, 1]))


def labels_as_floats(binary_cross_entropy):
    """labels that are floats"""
    return _loss_and_gradient(binary_cross_entropy, [0.5, -1.5], np.array([1.0, 0.0]))


def confidently_right(binary_cross_entropy):
    """logits of 800 and -30 that are right, and a doubtful one"""
    return _loss_and_gradient(binary_cross_entropy, [800.0, -30.0, 0.5], np.array([1, 0, 0]))
