"""nnlib.ensembles: averages and snapshots."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnlib


@given(st.integers(1, 5), st.integers(0, 20))
def test_an_ensemble_costs_at_most_its_average_member(members, seed):
    """By convexity of -log the averaged probabilities cost no more than the members do on average."""
    rng = np.random.default_rng(seed)
    y = rng.integers(4, size=9)
    probs = [nnlib.softmax(rng.normal(scale=3, size=(9, 4))) for _ in range(members)]
    average = nnlib.ensemble_average(probs)
    assert np.allclose(average.sum(axis=1), 1)
    assert nnlib.cross_entropy(average, y) <= np.mean([nnlib.cross_entropy(p, y) for p in probs]) + 1e-12
    assert np.array_equal(average, nnlib.ensemble_average(np.array(probs)))


def test_snapshots_are_kept_at_the_end_of_every_cycle(rng):
    """Three cycles give three different networks; the last is the trained one, and the rate restarts."""
    X, y = nnlib.make_moons(200, 0.2, rng=rng)
    network = nnlib.build_network([2, 16, 2], rng)
    rates = []

    class Spy(nnlib.ClassicMomentum):
        def step(self, theta, grad):
            rates.append(self.lr)
            super().step(theta, grad)

    watched: list[int] = []
    snapshots = nnlib.snapshot_ensemble(
        *(network, X, y),
        rng=rng,
        cycles=3,
        epochs_per_cycle=4,
        lr_max=0.2,
        batch_size=20,
        optimizer=Spy(0.2),
        watch=nnlib.Watch(on_epoch=lambda epoch, *_: watched.append(epoch)),
    )
    assert len(snapshots) == 3
    assert watched == list(range(12))  # who watches does so beside the snapshots
    assert np.array_equal(snapshots[-1].theta, network.theta)
    assert not np.array_equal(snapshots[0].theta, snapshots[1].theta)
    assert [i for i, rate in enumerate(rates) if rate == 0.2] == [0, 40, 80]
    assert min(rates[:40]) == rates[39] < 0.002


def test_a_snapshot_ensemble_of_digits_is_at_least_its_average_member(rng):
    """On unseen digits the ensemble's cost is below its members' average."""
    X, y = nnlib.load_digits()
    network = nnlib.build_network([64, 32, 10], rng)
    options = {"rng": rng, "cycles": 3, "epochs_per_cycle": 4}
    snapshots = nnlib.snapshot_ensemble(network, X[:1200], y[:1200], **options)
    probs = [member.predict_proba(X[1200:]) for member in snapshots]
    costs = [nnlib.cross_entropy(p, y[1200:]) for p in probs]
    average = nnlib.ensemble_average(probs)
    assert nnlib.cross_entropy(average, y[1200:]) <= np.mean(costs)
    assert (average.argmax(axis=1) == y[1200:]).mean() > 0.9


@pytest.mark.parametrize(
    ("probs", "words"),
    [
        ([], "at least one member, got none"),
        ([np.full((2, 3), 1 / 3), np.full((3, 3), 1 / 3)], r"\(2, 3\) first and \(3, 3\) as number 1"),
        ([np.full((2, 3), 5.0)], r"probs\[0\] must lie in \[0, 1\], got 5 to 5"),
        ([np.full(3, 1 / 3)], r"All members must have one shape \(N, C\)"),
    ],
)
def test_errors_say_rule_got_repair(probs, words):
    """No members, other examples, and scores instead of probabilities are refused."""
    with pytest.raises(ValueError, match=words):
        nnlib.ensemble_average(probs)
