"""Fixtures and settings shared by the tests of nnlib."""

import numpy as np
import pytest
from hypothesis import settings

# A busy machine is no bug: an example may take its time. Failures repeat, in CI as at the desk.
settings.register_profile("nnlib", deadline=None, derandomize=True)
settings.load_profile("nnlib")


@pytest.fixture
def rng():
    """A generator with a fixed seed, so that a failure repeats."""
    return np.random.default_rng(20260101)
