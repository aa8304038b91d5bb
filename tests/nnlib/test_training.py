"""nnlib.training: learning, guards, stopping, and resuming as if nothing had happened."""

import itertools
import math
import pickle
import signal
import subprocess
import sys
import textwrap
import tracemalloc

import numpy as np
import pytest

import nnlib


@pytest.fixture
def data(rng):
    X, y = nnlib.make_moons(160, 0.2, rng=rng)
    return X[:120], y[:120], X[120:], y[120:]


def small_net(seed=1, **options):
    options = {"batchnorm": True, "keep_prob": 0.8, **options}
    return nnlib.build_network([2, 16, 16, 2], np.random.default_rng(seed), **options)


def test_fit_learns_moons(data, rng):
    """Eighty epochs on moons reach 95% on unseen points, and the history has an entry an epoch and a step."""
    history = nnlib.fit(small_net(), *data, rng=rng, epochs=80, batch_size=16, optimizer=nnlib.Adam(0.01))
    assert history.dev_accuracy[-1] >= 0.95
    assert len(history.costs) == len(history.lrs) == 80 * 8
    for epochly in (history.train_loss, history.train_accuracy, history.dev_loss, history.update_ratio):
        assert len(epochly) == 80
    assert history.best_epoch == int(np.argmin(history.dev_loss))
    assert history.stopped == "finished"


def test_digits_reach_the_syllabus_accuracy():
    """A held-out third of the digits is read with at least 97.5% accuracy."""
    rng = np.random.default_rng(0)
    X, y = nnlib.load_digits(dtype=np.float32)
    order = rng.permutation(len(X))
    train, test = order[:1198], order[1198:]
    network = nnlib.build_network([64, 128, 64, 10], rng, batchnorm=True, keep_prob=0.8)
    history = nnlib.train(network, X[train], y[train], rng=rng, epochs=40)
    assert network.evaluate(X[test], y[test])[1] >= 0.975
    assert 1e-4 < history.update_ratio[-1] < 1e-2


def test_twenty_examples_can_be_overfitted():
    """A right implementation drives twenty examples to accuracy 1.00 and a tiny cost."""
    rng = np.random.default_rng(0)
    X, y = nnlib.load_digits()
    network = nnlib.build_network([64, 50, 10], rng)
    history = nnlib.fit(network, X[:20], y[:20], rng=rng, epochs=200, batch_size=20, optimizer=nnlib.Adam(0.01))
    assert history.train_accuracy[-1] == 1.0
    assert history.costs[-1] < 1e-3


def test_the_first_cost_is_ln_c_and_regularisation_raises_it():
    """Tiny weights start at 2.303 on ten classes; a strong penalty on larger weights adds to it."""
    X, y = nnlib.load_digits()
    costs = []
    for lam in (0.0, 1e3):
        rng = np.random.default_rng(0)
        network = nnlib.build_network([64, 50, 10], rng, init=0.01)
        costs.append(nnlib.fit(network, X, y, rng=rng, epochs=1, batch_size=len(X), lam=lam).costs[0])
    assert costs[0] == pytest.approx(math.log(10), abs=2e-3)
    weights = nnlib.build_network([64, 50, 10], np.random.default_rng(0), init=0.01).weights
    assert costs[1] - costs[0] == pytest.approx(nnlib.l2_penalty(weights, 1e3, len(X)), rel=1e-4)


@pytest.mark.parametrize("penalty", [7.0, nnlib.L2(7.0), nnlib.L1(7.0), nnlib.ElasticNet(7.0, 0.3)])
def test_one_step_with_a_penalty_is_the_formula(penalty, data, rng):
    """Full-batch SGD moves weights by loss and penalty gradients, and biases by the loss alone."""
    X, y, _, _ = data
    network = nnlib.build_network([2, 5, 2], rng, dtype=np.float64)
    network.theta += 0.1
    start = network.copy()
    nnlib.fit(network, X, y, rng=rng, epochs=1, batch_size=120, optimizer=nnlib.SGD(0.5), lam=penalty)
    start.loss_and_grad(X, y)
    expected = start.theta - 0.5 * start.grad
    w = start.weights
    extra = {nnlib.L1: np.sign(w), nnlib.ElasticNet: 2 * 0.3 * w + np.sign(w)}.get(type(penalty), 2 * w)
    expected[: start.num_decayed] -= 0.5 * 7.0 / (2 * 120) * extra
    assert np.allclose(network.theta, expected, rtol=1e-10)


def test_a_low_rate_goes_nowhere_and_a_huge_one_explodes():
    """1e-6 leaves the cost at 2.30; 1e6 raises with the step, the rate and the usual cause."""
    X, y = nnlib.load_digits()
    rng = np.random.default_rng(0)
    low = nnlib.fit(nnlib.build_network([64, 50, 10], rng, init=0.01), X, y, rng=rng, optimizer=nnlib.SGD(1e-6))
    assert np.round(low.costs, 2).tolist() == [2.30] * len(low.costs)
    with pytest.raises(nnlib.ExplodedError, match=r"by step \d+ with learning rate 1e\+06.*rate is almost always") as e:
        nnlib.fit(nnlib.build_network([64, 50, 10], rng), X, y, rng=rng, optimizer=nnlib.SGD(1e6))
    assert e.value.step == len(e.value.history.costs) < 20
    assert e.value.lr == 1e6
    sent = pickle.loads(pickle.dumps(e.value))  # as from another process of a search
    assert (str(sent), sent.history) == (str(e.value), e.value.history)


def test_explosions_can_stop_instead(data, rng):
    """With on_explosion="stop" the history comes back and says so, warnings or not."""
    history = nnlib.fit(
        small_net(batchnorm=False), *data, rng=rng, optimizer=nnlib.SGD(1e8), on_explosion="stop", epochs=50
    )
    assert history.stopped == "exploded"
    assert nnlib.has_exploded(history.costs)


def test_clipping_bounds_the_step(data, rng):
    """With clip_norm 0.01 and SGD at rate 1 no step is longer than 0.01."""
    network = small_net()
    before = network.theta.copy()
    nnlib.fit(network, *data[:2], rng=rng, epochs=1, batch_size=120, optimizer=nnlib.SGD(1.0), clip_norm=0.01)
    assert np.linalg.norm(network.theta - before) == pytest.approx(0.01, rel=1e-4)


def test_the_update_ratio_is_that_of_the_last_step(data, rng):
    """It compares the weights after the last step of the epoch with those before it, biases aside."""
    network, weights = small_net(), []

    class Spy(nnlib.SGD):
        def step(self, theta, grad):
            super().step(theta, grad)
            weights.append(network.weights.copy())

    history = nnlib.fit(network, *data[:2], rng=rng, epochs=1, batch_size=30, optimizer=Spy(0.1))
    assert len(weights) == 4
    change = np.linalg.norm(weights[3] - weights[2])
    assert history.update_ratio == [pytest.approx(change / np.linalg.norm(weights[2]), rel=1e-6)]


def test_schedules_by_epoch_and_by_step(data, rng):
    """The rate follows the epoch from 0, or the step from 0."""
    by_epoch = nnlib.fit(
        *(small_net(), *data[:2]),
        rng=rng,
        epochs=3,
        batch_size=60,
        schedule=nnlib.ByEpoch(lambda epoch: nnlib.inverse_time_decay(0.2, epoch, 1)),
    )
    assert by_epoch.lrs == pytest.approx([0.2, 0.2, 0.1, 0.1, 0.2 / 3, 0.2 / 3])
    options = {"rng": rng, "epochs": 2, "batch_size": 60}
    by_step = nnlib.fit(small_net(), *data[:2], schedule=nnlib.ByStep(lambda step: 0.1 / (1 + step)), **options)
    assert by_step.lrs == pytest.approx([0.1, 0.05, 0.1 / 3, 0.025])


def test_early_stopping_agrees_with_the_pure_function_and_goes_back(data, rng):
    """It stops where early_stopping says, and the network is the one of the best epoch."""
    X, y, X_dev, y_dev = data
    network = small_net()
    history = nnlib.fit(
        *(network, X, rng.permutation(y), X_dev, y_dev),
        rng=rng,
        epochs=200,
        batch_size=16,
        watch=nnlib.Watch(patience=5),
        optimizer=nnlib.Adam(0.02),
    )
    best, stop = nnlib.early_stopping(history.dev_loss, 5)
    assert history.stopped == "early stopping"
    assert (history.best_epoch, len(history.dev_loss) - 1) == (best, stop)
    assert stop == best + 5  # a run cut short would agree with the function on its own short history
    assert network.evaluate(X_dev, y_dev)[0] == history.dev_loss[best]


def interrupted_at(epoch):
    def stop(done, network, history):
        if done + 1 == epoch:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("optimizer", [nnlib.SGD, nnlib.Nesterov, nnlib.Adam, nnlib.AdaDelta])
@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_resuming_is_exact(optimizer, bits, data, tmp_path):
    """Interrupted after epochs 2 and 5 and resumed each time, training ends bit for bit as without."""

    def run(path, on_epoch=None, seed=9):
        network, rng = small_net(), np.random.Generator(bits(seed))
        history = nnlib.fit(
            *(network, *data),
            rng=rng,
            epochs=7,
            batch_size=16,
            optimizer=optimizer(0.02),
            lam=1.0,
            watch=nnlib.Watch(patience=6, checkpoint=path, on_epoch=on_epoch),
        )
        return network, history, rng

    straight = run(None)
    path = tmp_path / "run.npz"
    for epoch, seed in ((2, 9), (5, 77)):  # a resumed run takes its random state from the file
        with pytest.raises(KeyboardInterrupt):
            run(path, interrupted_at(epoch), seed)
    resumed = run(path, seed=123)
    assert np.array_equal(straight[0].theta, resumed[0].theta)
    for name, value in straight[0].buffers.items():
        assert np.array_equal(value, resumed[0].buffers[name])
    assert straight[1] == resumed[1]
    assert straight[2].random() == resumed[2].random()
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


def test_a_kill_loses_nothing(tmp_path):
    """A process killed outright in the middle of training is taken up again and ends as if it had not been."""
    script = textwrap.dedent("""
        import os, signal, sys, numpy as np, nnlib
        X, y = nnlib.make_moons(80, 0.2, rng=np.random.default_rng(0))
        network, rng = nnlib.build_network([2, 8, 2], np.random.default_rng(1), keep_prob=0.5), np.random.default_rng(2)
        def die(epoch, *_):
            if sys.argv[2] == str(epoch):
                os.kill(os.getpid(), signal.SIGKILL)
        watch = nnlib.Watch(checkpoint=sys.argv[1] or None, on_epoch=die)
        nnlib.fit(network, X, y, rng=rng, epochs=6, watch=watch)
        print(network.theta.tobytes().hex())
    """)

    def run(path, die):
        return subprocess.run(
            [sys.executable, "-c", script, str(path), str(die)], capture_output=True, text=True, check=False
        )

    straight = run("", -1)
    assert run(tmp_path / "run.npz", 3).returncode == -signal.SIGKILL
    resumed = run(tmp_path / "run.npz", -1)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout == straight.stdout


def test_a_resumed_run_explodes_where_it_would_have(data, tmp_path, monkeypatch):
    """The guard's smoothed cost is part of the state: with a rate gone mad in epoch 3 both runs stop at one step."""
    monkeypatch.setattr("nnlib._run.EXPLODED", 1.5)  # near enough that the average's past decides

    def run(epochs, path):
        return nnlib.fit(
            *(small_net(batchnorm=False, keep_prob=1.0), *data[:2]),
            rng=np.random.default_rng(3),
            epochs=epochs,
            batch_size=8,
            optimizer=nnlib.SGD(0.1),
            schedule=nnlib.ByEpoch(lambda epoch: 1e-6 if epoch < 3 else 7.0),
            on_explosion="stop",
            watch=nnlib.Watch(checkpoint=path),
        )

    straight = run(20, None)
    run(3, tmp_path / "run.npz")
    resumed = run(20, tmp_path / "run.npz")
    assert straight.stopped == resumed.stopped == "exploded"
    assert straight.costs == resumed.costs


def test_an_early_stopped_run_stays_stopped(data, tmp_path):
    """Resuming a run that stopped early trains no further and returns its best network again."""
    options = {"epochs": 100, "batch_size": 16, "watch": nnlib.Watch(patience=2, checkpoint=tmp_path / "run.npz")}
    first, second = small_net(), small_net()
    one = nnlib.fit(first, *data, rng=np.random.default_rng(0), optimizer=nnlib.Adam(0.1), **options)
    two = nnlib.fit(second, *data, rng=np.random.default_rng(0), optimizer=nnlib.Adam(0.1), **options)
    assert one == two
    assert one.stopped == "early stopping"
    assert np.array_equal(first.theta, second.theta)


def test_memory_of_fit_stays_near_the_data(rng):
    """Training on 6,000 x 784 float32 allocates less than a fifth of the data besides the network."""
    X, y = rng.random(size=(6000, 784), dtype=np.float32), rng.integers(10, size=6000)
    network = nnlib.build_network([784, 16, 10], rng)
    tracemalloc.start()
    nnlib.fit(network, X, y, rng=rng, epochs=1, batch_size=100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    buffers = 16 * network.theta.nbytes
    assert peak < 0.2 * X.nbytes + buffers


def test_the_data_stay_as_they_were_whatever_their_type(rng):
    """Integer, float64 and non-contiguous data train, unchanged."""
    images, y = nnlib.load_digits(scale=False)
    for X in (images.astype(np.uint8), images, np.asfortranarray(images), images[:, ::-1]):
        before = X.copy()
        nnlib.fit(nnlib.build_network([64, 8, 10], rng), X, y, rng=rng, epochs=1)
        assert np.array_equal(X, before)


def test_regression_and_logistic_losses_train(rng):
    """Targets shaped as the outputs work for mse, mae and the logistic loss."""
    X = rng.normal(size=(200, 3))
    for loss in ("mse", "mae", "binary_cross_entropy"):
        y = (X[:, :1] > 0) * 1.0
        network = nnlib.build_network([3, 16, 1], rng, loss=loss, activation="tanh")
        history = nnlib.fit(network, X, y, rng=rng, epochs=30, optimizer=nnlib.Adam(0.01))
        assert history.train_loss[-1] < 0.5 * history.costs[0]


def broken(X):
    X = X.copy()
    X[3, 1] = np.nan
    return X


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: {"X": broken(d[0])}, r"X must be finite, got 1 NaN .* index \(3, 1\)"),
        (lambda d: {"X_dev": broken(d[2]), "y_dev": d[3]}, "X_dev must be finite"),
        (lambda d: {"X": d[0][:5]}, r"X and y must have one row per example, got shapes \(5, 2\) and \(120,\)"),
        (lambda d: {"X": d[0][:0], "y": d[1][:0]}, "at least one"),
        (lambda d: {"X": d[0][:, :1]}, r"x must have shape \(N, 2\), got \(1, 1\)"),
        (lambda d: {"y": d[1] + 1}, r"Labels must lie in \[0, 1\] for 2 classes, got 1 to 2"),
        (lambda d: {"X_dev": d[2]}, "both X_dev and y_dev, got one"),
        (lambda d: {"watch": nnlib.Watch(patience=3)}, "patience must come with a dev set"),
        (lambda d: {"batch_size": 0}, "batch_size must be an integer of at least 1, got 0"),
        (lambda d: {"epochs": -1}, "epochs must be an integer of at least 0"),
        (lambda d: {"lam": -1.0}, "lam must be a finite number at least 0"),
        (lambda d: {"clip_norm": 0}, "clip_norm must be a finite number above 0"),
        (lambda d: {"on_explosion": "ignore"}, "on_explosion must be one of raise, stop"),
        (lambda d: {"schedule": lambda epoch: 0.1}, r"schedule must be ByEpoch\(...\) or ByStep\(...\), got <function"),
        (lambda d: {"rng": 3}, "rng must be a numpy.random.Generator, got int"),
    ],
)
def test_errors_come_before_the_first_step(change, words, data, rng):
    """Bad data and options are refused at the call, with the network untouched."""
    network = small_net()
    theta = network.theta.copy()
    arguments = {"X": data[0], "y": data[1], "rng": rng, **change(data)}
    with pytest.raises(ValueError, match=words):
        nnlib.fit(network, **arguments)
    assert np.array_equal(network.theta, theta)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nnlib.Watch(patience=0), "patience must be an integer of at least 1, got 0"),
        (lambda: nnlib.L1(-1.0), "lam must be a finite number at least 0, got -1"),
        (lambda: nnlib.ElasticNet(1.0, -1.0), "beta must be a finite number at least 0, got -1"),
    ],
)
def test_what_fit_takes_is_checked_when_it_is_made(make, words):
    """An impossible patience or strength is refused where it is written."""
    with pytest.raises(ValueError, match=words):
        make()


def test_regression_targets_of_another_shape_are_refused(rng):
    """(N,) targets would broadcast against (N, 1) outputs."""
    network = nnlib.build_network([3, 1], rng, loss="mse")
    with pytest.raises(ValueError, match=r"y must have shape \(5, 1\) for the mse loss, got \(5,\)"):
        nnlib.fit(network, np.ones((5, 3)), np.ones(5), rng=rng)


def test_zero_epochs_change_nothing(data, rng):
    """No epoch, no step, and a finished history."""
    network = small_net()
    theta = network.theta.copy()
    history = nnlib.fit(network, *data, rng=rng, epochs=0)
    assert (history.costs, history.stopped) == ([], "finished")
    assert np.array_equal(network.theta, theta)


def test_batch_norm_survives_a_rate_that_plain_nets_do_not():
    """At rate 1 the plain net stays at chance or explodes while its batch-normed twin learns."""
    X, y = nnlib.load_digits()
    accuracy = {}
    for batchnorm in (False, True):
        rng = np.random.default_rng(0)
        network = nnlib.build_network([64, 50, 50, 50, 10], rng, batchnorm=batchnorm)
        nnlib.fit(network, X, y, rng=rng, optimizer=nnlib.SGD(1.0), on_explosion="stop")
        accuracy[batchnorm] = network.evaluate(X, y)[1]
    assert accuracy[False] < 0.2
    assert accuracy[True] > 0.6


def test_one_permutation_serves_data_and_labels(rng):
    """The step's batches are those of random_minibatches: a memoriser with one pixel an example learns all."""
    X, y = np.eye(12), np.array(list(itertools.islice(itertools.cycle([0, 1, 2]), 12)))
    network = nnlib.build_network([12, 3], rng)
    nnlib.fit(network, X, y, rng=rng, epochs=100, batch_size=5, optimizer=nnlib.Adam(0.1))
    assert network.evaluate(X, y)[1] == 1
