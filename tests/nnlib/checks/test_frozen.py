"""Freezing: plain data comes back from JSON as it was, and nothing else goes in."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from nnlib.checks import same
from nnlib.checks.frozen import freeze, thaw


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 0.1, "words", float("inf"),
        [1, [2.5, None]],
        {"a": np.arange(6).reshape(2, 3), 3: [True]},
        np.array(2.5), np.zeros((0, 3)), np.array([[np.nan, -np.inf]]), np.float32([1.5, 2.25]),
        np.array([True, False]),
    ],
)  # fmt: skip
def test_plain_data_survives_freezing(value):
    """What is thawed after a trip through JSON is the same, shapes and dtypes included."""
    back = thaw(json.loads(json.dumps(freeze(value))))
    assert same(back, value)
    if isinstance(value, np.ndarray):
        assert (back.dtype, back.shape) == (value.dtype, value.shape)


def test_other_objects_are_not_frozen():
    """An object that is no plain data is refused by kind."""
    with pytest.raises(TypeError, match="Only plain data can be frozen, got an object of type"):
        freeze(SimpleNamespace())
