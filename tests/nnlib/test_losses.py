"""nnlib.losses: the lecture's numbers, stability, and every gradient against central differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib
from nnlib import numerical_gradient, relative_error

LABEL_LOSSES = [nnlib.softmax_cross_entropy, nnlib.hinge_loss]
TARGET_LOSSES = [nnlib.mse, nnlib.mae, nnlib.binary_cross_entropy]


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def test_softmax_of_the_lecture():
    """[5, 2, -1, 3] becomes [0.842, 0.042, 0.002, 0.114], since the exponentials sum to 176.3."""
    z = np.array([[5, 2, -1, 3]])
    assert np.round(nnlib.softmax(z), 3).tolist() == [[0.842, 0.042, 0.002, 0.114]]
    assert np.exp(z).sum() == pytest.approx(176.3, abs=0.05)
    assert nnlib.softmax(z).argmax() == 0  # where the hardmax puts its 1


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(-1e4, 1e4)),
    st.floats(-1e3, 1e3),
)
def test_softmax_rows_are_probabilities_and_ignore_a_shift(scores, shift):
    """Rows sum to 1 within [0, 1], and adding a constant to a row changes nothing."""
    probs = nnlib.softmax(scores)
    assert np.allclose(probs.sum(axis=1), 1)
    assert ((probs >= 0) & (probs <= 1)).all()
    assert np.allclose(nnlib.softmax(scores + shift), probs, atol=1e-9)


def test_softmax_is_row_wise_when_n_equals_c(rng):
    """Each row depends on itself alone, even where a missing keepdims would broadcast."""
    scores = rng.normal(size=(4, 4)) * 10
    scores[0] += 1e3
    rows = np.stack([nnlib.softmax(row) for row in scores])
    assert np.allclose(nnlib.softmax(scores), rows, rtol=1e-12)


def test_one_hot_keeps_absent_classes():
    """A class without examples still has its column."""
    assert nnlib.one_hot([1, 0], 4).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]


def test_cross_entropy_facts():
    """Probability 0.2 on the true class costs 1.609, 1 costs nothing and 0 costs infinity, silently."""
    assert nnlib.cross_entropy([[0.2, 0.8]], [0]) == pytest.approx(1.609, abs=5e-4)
    assert nnlib.cross_entropy([[1.0, 0.0]], [0]) == 0
    assert nnlib.cross_entropy([[1.0, 0.0]], [1]) == math.inf


def test_softmax_cross_entropy_is_the_cross_entropy_of_softmax(rng):
    """The fused loss equals the two steps, averaged over the batch."""
    scores, y = rng.normal(size=(5, 5)), np.array([0, 4, 4, 1, 2])
    loss, _ = nnlib.softmax_cross_entropy(scores, y)
    assert loss == pytest.approx(nnlib.cross_entropy(nnlib.softmax(scores), y), rel=1e-12)


@pytest.mark.parametrize("loss", LABEL_LOSSES)
def test_gradients_of_label_losses_meet_central_differences(loss, rng):
    """dscores is right at N == C with repeated labels, and no input changes."""
    scores, y = rng.normal(size=(4, 4)) * 3, np.array([0, 3, 3, 1])
    before = scores.copy()
    value, dscores = loss(scores, y)
    assert isinstance(value, float)
    assert relative_error(dscores, numerical_gradient(lambda s: loss(s, y)[0], scores)) < 1e-8
    assert np.array_equal(scores, before)


@pytest.mark.parametrize("loss", TARGET_LOSSES)
@pytest.mark.parametrize("shape", [(4,), (4, 1), (3, 3)])
def test_gradients_of_target_losses_meet_central_differences(loss, shape, rng):
    """dpred is right in every shape a prediction may have, and no input changes."""
    pred, target = rng.normal(size=shape), rng.uniform(size=shape)
    before = pred.copy(), target.copy()
    value, dpred = loss(pred, target)
    assert isinstance(value, float)
    assert relative_error(dpred, numerical_gradient(lambda p: loss(p, target)[0], pred)) < 1e-8
    assert np.array_equal(pred, before[0])
    assert np.array_equal(target, before[1])


def test_losses_stay_finite_for_huge_scores():
    """Scores of ±1e4 cost what they should: 2e4, not inf or nan."""
    scores = np.array([[1e4, -1e4], [1e4, -1e4]])
    assert nnlib.softmax_cross_entropy(scores, [1, 1])[0] == pytest.approx(2e4)
    assert nnlib.softmax_cross_entropy(scores, [0, 0])[0] == 0
    assert nnlib.hinge_loss(scores, [1, 1])[0] == pytest.approx(2e4 + 1)
    assert nnlib.binary_cross_entropy([1e4, -1e4], [0, 1])[0] == pytest.approx(1e4)
    for loss in LABEL_LOSSES:
        assert np.isfinite(loss(scores.astype(np.float32), [1, 0])[1]).all()


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_initial_losses(classes, rng):
    """With tiny weights the softmax loss starts at ln C (2.303 for 10) and the hinge loss at C - 1."""
    scores, y = rng.normal(scale=1e-6, size=(50, classes)), rng.integers(classes, size=50)
    assert nnlib.softmax_cross_entropy(scores, y)[0] == pytest.approx(math.log(classes), abs=1e-4)
    assert nnlib.hinge_loss(scores, y)[0] == pytest.approx(classes - 1, abs=1e-4)


def test_two_class_softmax_is_logistic_regression(rng):
    """Softmax over [0, z] and the logistic loss of z agree in loss and gradient."""
    z, y = rng.normal(size=6) * 5, np.array([0, 1, 1, 0, 1, 0])
    loss, dscores = nnlib.softmax_cross_entropy(np.stack([np.zeros(6), z], axis=1), y)
    logistic, dz = nnlib.binary_cross_entropy(z, y)
    assert loss == pytest.approx(logistic, rel=1e-12)
    assert np.allclose(dscores[:, 1], dz, rtol=1e-12)


def test_hinge_counts_only_the_wrong_classes_within_the_margin():
    """Scores [3.2, 5.1, -1.7] of class 0 cost 2.9; another margin moves it by as much."""
    scores = np.array([[3.2, 5.1, -1.7]])
    assert nnlib.hinge_loss(scores, [0])[0] == pytest.approx(2.9)
    assert nnlib.hinge_loss(scores, [0], margin=2.0)[0] == pytest.approx(3.9)
    assert nnlib.hinge_loss(scores, [0])[1].tolist() == [[-1, 1, 0]]


@pytest.mark.parametrize("loss", LABEL_LOSSES)
def test_label_losses_keep_float32_and_take_integers(loss):
    """float32 scores give a float32 gradient; integer scores are read as numbers."""
    scores, y = np.array([[1, 5, 2], [7, 0, 1]]), np.array([2, 0], dtype=np.uint8)
    assert loss(scores.astype(np.float32), y)[1].dtype == np.float32
    assert np.allclose(loss(scores, y)[1], loss(scores.astype(float), y)[1])


@pytest.mark.parametrize("loss", TARGET_LOSSES)
def test_target_losses_keep_float32(loss):
    """float32 predictions give a float32 gradient, whatever the target's type."""
    pred = np.array([0.5, -0.25], dtype=np.float32)
    assert loss(pred, [1, 0])[1].dtype == np.float32
    assert loss(pred, np.array([1.0, 0.0]))[1].dtype == np.float32


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.softmax_cross_entropy(np.ones((2, 3)), [0, 3]), r"Labels must lie in \[0, 2\].*0 to 3"),
        (lambda: nnlib.softmax_cross_entropy(np.ones((2, 3)), [-1, 0]), "got -1 to 0. Number the classes"),
        (lambda: nnlib.softmax_cross_entropy(np.ones((2, 3)), [0.0, 1.0]), r"y.astype\(int\)"),
        (lambda: nnlib.softmax_cross_entropy(np.ones((2, 3)), np.eye(2, 3)), r"y.argmax\(axis=1\)"),
        (lambda: nnlib.softmax_cross_entropy(np.ones((2, 3)), [0]), r"y must have shape \(2,\)"),
        (lambda: nnlib.softmax_cross_entropy(np.ones((0, 3)), np.ones(0, int)), "at least one example"),
        (lambda: nnlib.softmax_cross_entropy(np.ones(3), [0]), r"pass scores\[np.newaxis, :\]"),
        (lambda: nnlib.softmax_cross_entropy(np.full((1, 3), "a"), [0]), "real numbers, got dtype <U1"),
        (lambda: nnlib.hinge_loss(np.ones((2, 3)), [0, 3]), "Labels must lie in"),
        (lambda: nnlib.cross_entropy(np.full((1, 3), 1.5), [0]), r"probs must lie in \[0, 1\].*call softmax"),
        (lambda: nnlib.cross_entropy(np.full((1, 3), np.nan), [0]), r"probs must lie in \[0, 1\], got nan"),
        (lambda: nnlib.one_hot([4], 4), r"Labels must lie in \[0, 3\]"),
        (lambda: nnlib.mse(np.ones(3), np.ones((3, 1))), r"pred must have the shape of target, \(3, 1\)"),
        (lambda: nnlib.mae(np.ones(0), np.ones(0)), "at least one example"),
        (lambda: nnlib.binary_cross_entropy([1.0], [-1]), r"y must lie in \[0, 1\], got -1 to -1"),
        (lambda: nnlib.binary_cross_entropy(np.ones(0), np.ones(0)), "at least one example"),
        (lambda: nnlib.softmax(np.ones((0, 3))), "no empty axis"),
    ],
)
def test_errors_say_rule_got_repair(call, words):
    """Every misuse is a ValueError that names what came and how to mend it."""
    with pytest.raises(ValueError, match=words):
        call()
