"""nnlib.schedules: the lecture's values."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnlib


def test_inverse_time_decay_of_the_lecture():
    """0.2 at rate 1 becomes 0.1, 0.067, 0.05, 0.04 in epochs 1 to 4."""
    rates = [nnlib.inverse_time_decay(0.2, epoch, 1) for epoch in range(5)]
    assert rates == pytest.approx([0.2, 0.1, 0.2 / 3, 0.05, 0.04])


def test_exponential_decay():
    """0.95 to the power of the epoch, from lr0 at epoch 0."""
    assert nnlib.exponential_decay(0.2, 0, 0.95) == 0.2
    assert nnlib.exponential_decay(0.2, 3, 0.95) == pytest.approx(0.2 * 0.95**3)


def test_sqrt_decay_counts_from_one():
    """k / sqrt(epoch): a quarter of the squared time halves it, and epoch 0 is refused."""
    assert nnlib.sqrt_decay(0.2, 1, 0.5) == pytest.approx(0.1)
    assert nnlib.sqrt_decay(0.2, 4, 1) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="epoch must be at least 1, got 0"):
        nnlib.sqrt_decay(0.2, 0, 1)


def test_staircase_decay_drops_in_steps():
    """The rate holds for `every` epochs and then drops at once."""
    assert [nnlib.staircase_decay(1.0, e, 0.5, 3) for e in range(7)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]


def test_cosine_restarts():
    """Largest at the start of a period, halfway down in its middle, and back at the next."""
    rates = [nnlib.cosine_restarts(1.0, 0.2, step, 10) for step in range(21)]
    assert rates[0] == rates[10] == rates[20] == 1
    assert rates[5] == pytest.approx(0.6)
    assert rates[9] == pytest.approx(0.6 + 0.4 * math.cos(0.9 * math.pi))
    assert all(a > b for a, b in itertools.pairwise(rates[:10]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.inverse_time_decay(0.2, -1, 1), "epoch must be a finite number at least 0, got -1"),
        (lambda: nnlib.exponential_decay(0.2, 1, 1.5), "base must be a finite number above 0 and at most 1"),
        (lambda: nnlib.staircase_decay(0.2, 1, 0.5, 0), "every must be a finite number above 0"),
        (lambda: nnlib.cosine_restarts(0.1, 0.2, 1, 5), "lr_max must be a finite number at least 0.2"),
    ],
)
def test_errors_say_rule_and_got(call, words):
    """Times before the start and rates that would grow are refused."""
    with pytest.raises(ValueError, match=words):
        call()


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 10), st.floats(0.01, 1))
def test_decays_never_rise_and_never_pass_their_start(first, second, lr0, share):
    """A later epoch never has a larger rate, whatever the parameters."""
    early, late = sorted((first, second))
    for schedule in (
        lambda e: nnlib.inverse_time_decay(lr0, e, share),
        lambda e: nnlib.exponential_decay(lr0, e, share),
        lambda e: nnlib.sqrt_decay(lr0, e + 1, 1.0),
        lambda e: nnlib.staircase_decay(lr0, e, share, 7),
    ):
        assert 0 <= schedule(late) <= schedule(early) <= lr0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1000), st.floats(0.5, 50))
def test_cosine_restarts_stay_between_their_rates(one, other, step, period):
    """The rate never leaves [lr_min, lr_max]."""
    low, high = sorted((one, other))
    rate = nnlib.cosine_restarts(high, low, step, period)
    assert low - 1e-12 <= rate <= high + 1e-12
