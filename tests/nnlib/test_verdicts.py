"""nnlib.verdicts: the lecture's four cases, and when to stop."""

import pytest

import nnlib


@pytest.mark.parametrize(
    ("errors", "verdict"),
    [
        ((0.01, 0.11), "high variance"),
        ((0.15, 0.16), "high bias"),
        ((0.15, 0.30), "high bias and high variance"),
        ((0.005, 0.01), "neither"),
        ((0.15, 0.16, 0.15), "neither"),
        ((0.0, 1.0), "high variance"),
    ],
)
def test_the_lectures_cases(errors, verdict):
    """Bias is measured from the Bayes error, variance from the training error."""
    assert nnlib.diagnose(*errors) == verdict


@pytest.mark.parametrize("percent", range(96))
def test_a_gap_of_exactly_five_points_is_fine(percent):
    """Whatever its binary digits are: 0.20 - 0.15 is above 0.05, 0.35 - 0.30 below."""
    low, high = percent / 100, (percent + 5) / 100
    assert nnlib.diagnose(low, high, low) == "neither"
    assert nnlib.diagnose(high, high, low) == "neither"
    assert nnlib.diagnose(low, min(high + 1e-6, 1.0), low) == ("high variance" if percent < 95 else "neither")


@pytest.mark.parametrize(
    ("losses", "patience", "answer"),
    [
        ([5, 4, 3, 3.5, 3.2, 3.1, 1], 3, (2, 5)),
        ([5, 4, 3, 3.5, 3.2, 2, 4], 3, (5, 6)),
        ([3, 3, 3, 3], 2, (0, 2)),
        ([1, 2], 1, (0, 1)),
        ([4, 3, 2], 1, (2, 2)),
        ([4], 3, (0, 0)),
    ],
)
def test_early_stopping(losses, patience, answer):
    """The best before the stop counts, ties are no improvement, and later minima are never seen."""
    assert nnlib.early_stopping(losses, patience) == answer


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.diagnose(15, 16), r"train_err must be a rate in \[0, 1\], got 15. Write 15% as 0.15"),
        (lambda: nnlib.early_stopping([], 3), r"dev_losses must have shape \(T,\)"),
        (lambda: nnlib.early_stopping([1.0], 0), "patience must be an integer of at least 1, got 0"),
    ],
)
def test_errors_say_rule_got_repair(call, words):
    """Percentages, empty histories and no patience are refused."""
    with pytest.raises(ValueError, match=words):
        call()
