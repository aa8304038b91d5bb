"""Fixtures shared by the tests of nnlib."""

import numpy as np
import pytest


@pytest.fixture
def rng():
    """A generator with a fixed seed, so that a failure repeats."""
    return np.random.default_rng(20260101)
