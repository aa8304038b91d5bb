"""nnlib.clipping: length and direction, and explosions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib

G = np.array([3.0, -4.0])


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_by_norm_keeps_the_direction_and_by_value_does_not():
    """[30, -4] clipped to 5 keeps its direction by norm and loses it by value."""
    g = np.array([30.0, -4.0])
    by_norm, by_value = nnlib.clip_by_norm(g, 5), nnlib.clip_by_value(g, -5, 5)
    assert np.linalg.norm(by_norm) == pytest.approx(5)
    assert cosine(by_norm, g) == pytest.approx(1)
    assert by_value.tolist() == [5, -4]
    assert cosine(by_value, g) < 0.9
    assert g.tolist() == [30, -4]


def test_below_the_threshold_nothing_changes():
    """A norm of 5 passes a threshold of 5 exactly; so does a zero gradient."""
    assert nnlib.clip_by_norm(G, 5).tolist() == [3, -4]
    assert nnlib.clip_by_norm(np.zeros(3), 1).tolist() == [0, 0, 0]
    assert nnlib.clip_by_value(G, -4, 3).tolist() == [3, -4]


@pytest.mark.parametrize("kind", [list, tuple, dict])
def test_global_norm_scales_all_by_one_factor(kind):
    """Two gradients with a joint norm of 13 are scaled together."""
    arrays = [G.astype(np.float32), np.full((3, 3), 4.0, np.float32)]
    grads = dict(enumerate(arrays)) if kind is dict else kind(arrays)
    clipped = nnlib.clip_by_global_norm(grads, 6.5)
    assert type(clipped) is kind
    for i, g in enumerate(arrays):
        assert np.allclose(clipped[i], g / 2)
        assert clipped[i].dtype == np.float32


def test_a_huge_float32_gradient_is_shortened_and_not_lost():
    """Entries of 1e25, whose squares leave float32, are scaled to the threshold; infinity stays in sight."""
    huge = np.array([3e25, -4e25], np.float32)
    assert np.allclose(nnlib.clip_by_norm(huge, 5), [3, -4], rtol=1e-6)
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(nnlib.clip_by_norm(np.array([np.inf, 1.0], np.float32), 5)).all()


def test_explosions():
    """More than three times the first cost, inf and NaN are explosions; three times is not."""
    assert not nnlib.has_exploded([2.0, 6.0, 0.1])
    assert nnlib.has_exploded([2.0, 6.01, 0.1])
    assert nnlib.has_exploded([2.3, np.inf])
    assert nnlib.has_exploded([np.nan])
    assert nnlib.has_exploded([1.0, 2.1], factor=2)
    assert nnlib.has_exploded([]) is False


def test_errors_say_rule_and_got():
    """Swapped bounds and thresholds of 0 are refused."""
    with pytest.raises(ValueError, match="low must not exceed high, got 1 and -1"):
        nnlib.clip_by_value(G, 1, -1)
    with pytest.raises(ValueError, match="threshold must be a finite number above 0, got 0"):
        nnlib.clip_by_norm(G, 0)
    with pytest.raises(ValueError, match=r"costs must have shape \(T,\)"):
        nnlib.has_exploded([[1.0]])


@given(
    hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)),
    st.floats(1e-3, 1e3),
)
def test_a_clipped_gradient_is_a_shorter_copy(g, threshold):
    """Never longer than the threshold, never turned, and the same when it was short enough."""
    clipped = nnlib.clip_by_norm(g, threshold)
    norm = np.linalg.norm(g)
    assert np.linalg.norm(clipped) <= threshold * (1 + 1e-9) or norm <= threshold
    assert np.allclose(clipped * max(norm, threshold), g * threshold, rtol=1e-9)
    assert np.array_equal(clipped, g) or norm > threshold
