"""Assertions of hidden tests: they raise with the comparison's words, or with their own alone."""

import numpy as np
import pytest

from nnlib.checks import CheckFailed, assert_close, assert_unchanged, require

A = np.random.default_rng(5).normal(size=(7, 4))


def test_assert_close_speaks_explain():
    """The exception carries the sentence, and is an AssertionError for pytest."""
    with pytest.raises(CheckFailed, match="dW: The sign is flipped"):
        assert_close(-A, A, what="dW")
    assert issubclass(CheckFailed, AssertionError)
    assert_close(A, A)


def test_assert_unchanged_is_exact():
    """A change below every tolerance is a change; NaN in the input is not."""
    before = np.array([1.0, np.nan, 0.0])
    assert_unchanged(before.copy(), before)
    after = before.copy()
    after[2] = 1e-300
    with pytest.raises(CheckFailed, match="x was changed"):
        assert_unchanged(after, before, what="x")
    with pytest.raises(CheckFailed, match="Work on a copy"):
        assert_unchanged([1, 2], [1, 3])


def test_require_takes_any_condition():
    """True passes; false, ambiguous and hostile conditions fail with the message alone."""
    require(np.bool_(True), "unused")
    for condition in (False, 0, np.array([True, True])):
        with pytest.raises(CheckFailed, match=r"^the mask is reused$"):
            require(condition, "the mask is reused")
