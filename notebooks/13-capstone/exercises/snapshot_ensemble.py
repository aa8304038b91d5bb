"""snapshot_ensemble: what it must do, other right ways, and what goes wrong."""

import copy
import itertools
import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib import cosine_restarts, random_minibatches, steps_per_epoch
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _classes, _copy, _cost, _draw, _gradients, _network, _pair, by_hand


def _snapshots(student, params, X, y, rng, **options):
    """Make snapshots from copies and check their form."""
    return _made(student.snapshot_ensemble(_copy(params), X.copy(), y.copy(), rng, **options), params, options)


def _made(result, params, options):
    sizes = [len(params["W1"]), *(params[f"b{i}"].size for i in range(1, len(params) // 2 + 1))]
    require(isinstance(result, list | tuple), "snapshot_ensemble must return a list of parameters.")
    want = options["cycles"]
    require(len(result) == want, f"{want} cycles must leave {want} snapshots.")
    return [_network(snapshot, sizes, "Every snapshot") for snapshot in result]


def _step(student, params, X, y, lr):
    _, grads = _pair(student, params, X, y)
    return {name: value - lr * grads[name] for name, value in params.items()}


def _same(one, other):
    return all(np.allclose(one[name], other[name], rtol=1e-6, atol=1e-9) for name in one)


def test_snapshot_ensemble_steps_by_the_rule(student, rng):
    """With all examples in one batch, each snapshot is what plain steps at the cosine's rates lead to."""
    for cycles, epochs, lr_min, n in [(3, 4, 0.0, 9), (2, 5, 0.1, 170), (4, 1, 0.05, 9)]:
        X, y = _classes(rng, n, 4, 3)
        params = _draw([4, 5, 3], rng)
        got = _snapshots(
            student, params, X, y, rng, cycles=cycles, epochs_per_cycle=epochs, lr_max=0.6, lr_min=lr_min, batch_size=n
        )
        expected = _copy(params)
        for t in range(cycles * epochs):
            lr = lr_min + (0.6 - lr_min) * (1 + np.cos(np.pi * (t % epochs) / epochs)) / 2
            expected = _step(student, expected, X, y, lr)
            if (t + 1) % epochs == 0:
                number = (t + 1) // epochs
                assert_close(got[number - 1], expected, rtol=1e-4, atol=1e-7, what=f"snapshot {number}")


def test_snapshot_ensemble_counts_the_steps_of_short_batches(student, rng):
    """Where all examples are alike every batch gives the same gradient, and the rate goes by steps, short ones too."""
    x, label = rng.normal(size=(1, 4)), np.array([1])
    params = _draw([4, 5, 3], rng)
    for n, size, epochs in [(7, 3, 2), (8, 4, 2), (5, 2, 1)]:
        got = _snapshots(
            student, params, np.tile(x, (n, 1)), np.tile(label, n), rng,
            cycles=3, epochs_per_cycle=epochs, lr_max=0.4, lr_min=0.02, batch_size=size,
        )  # fmt: skip
        period = epochs * -(-n // size)
        expected = _copy(params)
        for t in range(3 * period):
            lr = reference.cosine_restarts(0.4, 0.02, t, period)
            expected = _step(student, expected, x, label, lr)
            if (t + 1) % period == 0:
                number = (t + 1) // period
                assert_close(got[number - 1], expected, rtol=1e-4, atol=1e-7, what=f"snapshot {number}")


def test_snapshot_ensemble_knows_its_defaults(student, rng):
    """Without options it makes five cycles of ten epochs, from 0.5 to 0, in batches of 32, as its head says."""
    x, label = rng.normal(size=(1, 3)), np.array([0])
    for n in (32, 33):
        params = _draw([3, 4, 2], rng)
        got = student.snapshot_ensemble(_copy(params), np.tile(x, (n, 1)), np.tile(label, n), rng)
        require(isinstance(got, list | tuple) and len(got) == 5, "Without options there must be five snapshots.")
        period = 10 * -(-n // 32)
        expected = _copy(params)
        for t in range(2 * period):
            expected = _step(student, expected, x, label, reference.cosine_restarts(0.5, 0.0, t, period))
            if (t + 1) % period == 0:
                number = (t + 1) // period
                snapshot = _network(got[number - 1], [3, 4, 2], "Every snapshot")
                assert_close(snapshot, expected, rtol=1e-4, atol=1e-7, what=f"snapshot {number}")


def _explained(student, before, after, X, y, size, rates):
    """Find the orders of the examples that lead from one snapshot to the next in one epoch."""
    found = []
    for order in itertools.permutations(range(len(X))):
        batches = [order[i : i + size] for i in range(0, len(X), size)]
        if any(list(batch) != sorted(batch) for batch in batches):
            continue  # the order within a batch makes no difference
        params = before
        for batch, lr in zip(batches, rates, strict=True):
            params = _step(student, params, X[list(batch)], y[list(batch)], lr)
        if _same(params, after):
            found.append(order)
    return found


def test_snapshot_ensemble_uses_every_example_once_an_epoch(student, rng):
    """With one epoch a cycle, some order of the examples leads from each snapshot to the next, in fresh orders.

    Three examples in batches of two can be dealt in three ways; over 14 epochs, that all are alike has a chance of
    3^-13, less than once in a million.
    """
    X, y = 2 * rng.normal(size=(3, 3)), np.array([0, 1, 1])
    params = _draw([3, 4, 2], rng)
    options = {"epochs_per_cycle": 1, "lr_max": 0.3, "lr_min": 0.1, "batch_size": 2}
    got = _snapshots(student, params, X, y, rng, cycles=14, **options)
    orders = []
    for before, after in itertools.pairwise([params, *got]):
        found = _explained(student, before, after, X, y, 2, [0.3, 0.2])
        require(found, "No order of the examples leads from a snapshot to the next: every example once, rates by step.")
        orders.append(found[0])
    require(len(set(orders)) > 1, "The examples come in the same order in every epoch: shuffle anew with rng.")


def test_snapshot_ensemble_keeps_independent_copies(student, rng):
    """The snapshots differ from each other and from the start: none is overwritten by the training that goes on."""
    X, y = _classes(rng, 12, 4, 3)
    params = _draw([4, 6, 3], rng)
    got = _snapshots(
        student, params, X, y, rng, cycles=4, epochs_per_cycle=2, lr_max=0.5, lr_min=0.0, batch_size=5
    )  # fmt: skip
    for one, other in itertools.combinations([params, *got], 2):
        for name in params:
            alike = np.array_equal(one[name], other[name])
            require(not alike, "Two snapshots are the same: keep a copy at the end of each cycle.")


@easy
def test_snapshot_ensemble_leaves_its_inputs_alone(student, rng):
    """The starting parameters and the data stay as they were, and a second call gives the same from the same state."""
    X, y = _classes(rng, 11, 4, 3)
    params = _draw([4, 5, 3], rng)
    before = _copy(params), X.copy(), y.copy()
    options = {"cycles": 2, "epochs_per_cycle": 2, "lr_max": 0.4, "lr_min": 0.0, "batch_size": 4}
    first = _made(student.snapshot_ensemble(params, X, y, np.random.default_rng(2), **options), before[0], options)
    for after, was, what in zip((params, X, y), before, ("params", "X", "y"), strict=True):
        assert_unchanged(after, was, what=what)
    again = _snapshots(student, params, X, y, np.random.default_rng(2), **options)
    for one, other in zip(first, again, strict=True):
        require(_same(one, other), "A second call with a generator in the same state gave other snapshots.")


def test_snapshot_ensemble_draws_from_rng(student, rng):
    """Generators in other states give other snapshots.

    Twenty examples in batches of two: two orders that make the same batches do not happen.
    """
    X, y = _classes(rng, 20, 4, 3, apart=1.0)
    params = _draw([4, 5, 3], rng)
    options = {"cycles": 1, "epochs_per_cycle": 2, "lr_max": 0.5, "lr_min": 0.0, "batch_size": 2}
    one, other = (_snapshots(student, params, X, y, np.random.default_rng(seed), **options)[0] for seed in (1, 2))
    require(not _same(one, other), "Generators in other states gave the same snapshots: shuffle with rng.")


def test_snapshot_ensemble_learns(student, rng):
    """Every snapshot is a trained network of its own: each has a far lower cost than the start."""
    X, y = _classes(rng, 60, 5, 3)
    params = _draw([5, 12, 3], rng)
    start = _cost(student, params, X, y)
    got = _snapshots(
        student, params, X, y, rng, cycles=3, epochs_per_cycle=10, lr_max=0.3, lr_min=0.0, batch_size=16
    )  # fmt: skip
    for snapshot in got:
        require(_cost(student, snapshot, X, y) < 0.5 * start, "A snapshot has hardly learnt.")


@variant
def snapshots_by_deep_copies(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    params, kept, t = copy.deepcopy(params), [], 0
    period = epochs_per_cycle * math.ceil(len(X) / batch_size)
    while len(kept) < cycles:
        for _ in range(epochs_per_cycle):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                _, grads = by_hand.function(params, X[rows], y[rows])
                for name in params:
                    params[name] -= cosine_restarts(lr_max, lr_min, t, period) * grads[name]
                t += 1
        kept.append(copy.deepcopy(params))
    return kept


@variant
def snapshots_with_the_formula(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    kept, batches = [], -(-len(X) // batch_size)
    for _ in range(cycles):
        for step in range(epochs_per_cycle * batches):
            if step % batches == 0:
                order = np.argsort(rng.random(len(X)))
            rows = order[step % batches * batch_size :][:batch_size]
            share = step / (epochs_per_cycle * batches)
            lr = lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(math.pi * share))
            _, grads = by_hand.function(params, X[rows], y[rows])
            params = {name: params[name] - lr * grads[name] for name in grads}
        kept += [params]
    return tuple(kept)


@variant
def snapshots_from_a_generator(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    def every_epoch(now):
        t, period = 0, epochs_per_cycle * -(-len(y) // batch_size)
        while True:
            order = np.arange(len(y))
            rng.shuffle(order)
            for rows in np.split(order, range(batch_size, len(y), batch_size)):
                _, grads = by_hand.function(now, X[rows], y[rows])
                lr = cosine_restarts(lr_max, lr_min, t, period)
                now, t = {name: now[name] - lr * grads[name] for name in now}, t + 1
            yield now

    epochs = every_epoch(params)
    return [[next(epochs) for _ in range(epochs_per_cycle)][-1] for _ in range(cycles)]


def _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size, rate, keep):
    """Train by plain steps with ``rate(step, epoch)`` and let ``keep`` see each step's parameters."""
    step, params = 0, dict(params)
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            lr = rate(step, epoch)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        keep(epoch, params)


def snapshots_of_one_array(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period = epochs_per_cycle * steps_per_epoch(len(X), batch_size)
    params, snapshots, step = {name: value.copy() for name, value in params.items()}, [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            for name, gradient in grads.items():
                params[name] -= cosine_restarts(lr_max, lr_min, step, period) * gradient
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


def snapshots_before_the_cycle(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period = epochs_per_cycle * steps_per_epoch(len(X), batch_size)
    seen = [params]
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda epoch, now: seen.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return [{name: value.copy() for name, value in snapshot.items()} for snapshot in seen[:-1]]


def snapshots_after_every_epoch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda _, now: snapshots.append(now))  # fmt: skip
    return snapshots


def rate_never_restarts(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    total, snapshots = cycles * epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, total),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def rate_by_the_epoch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    snapshots = []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda _, epoch: cosine_restarts(lr_max, lr_min, epoch, epochs_per_cycle),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def period_without_the_short_batch(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * max(len(X) // batch_size, 1), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def steps_counted_from_one(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step + 1, period),
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def constant_rate(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    snapshots = []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size, lambda *_: lr_max,
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def rate_along_a_line(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: lr_max - (lr_max - lr_min) * (step % period) / period,
            lambda epoch, now: snapshots.append(now) if (epoch + 1) % epochs_per_cycle == 0 else None)  # fmt: skip
    return snapshots


def every_cycle_from_the_start(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    for _ in range(cycles):
        last = []
        _cycles(params, X, y, rng, 1, epochs_per_cycle, batch_size,
                lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
                lambda _, now, last=last: last.append(now))  # fmt: skip
        snapshots.append(last[-1])
    return snapshots


def one_order_for_all_epochs(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    batches = list(random_minibatches(X, y, batch_size, rng))
    period, snapshots, step = epochs_per_cycle * len(batches), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in batches:
            _, grads = _gradients(params, X_batch, y_batch)
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


def snapshots_without_shuffling(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    starts = range(0, len(X), batch_size)
    period, snapshots, step = epochs_per_cycle * len(starts), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for start in starts:
            _, grads = _gradients(params, X[start : start + batch_size], y[start : start + batch_size])
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * grads[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


def snapshots_with_momentum(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots, step = epochs_per_cycle * steps_per_epoch(len(X), batch_size), [], 0
    velocity = {name: np.zeros(value.shape) for name, value in params.items()}
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            velocity = {name: 0.9 * velocity[name] + grads[name] for name in grads}
            lr = cosine_restarts(lr_max, lr_min, step, period)
            params = {name: value - lr * velocity[name] for name, value in params.items()}
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(params)
    return snapshots


def trains_the_starting_parameters(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, snapshots, step = epochs_per_cycle * steps_per_epoch(len(X), batch_size), [], 0
    for epoch in range(cycles * epochs_per_cycle):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            _, grads = _gradients(params, X_batch, y_batch)
            for name, gradient in grads.items():
                params[name] -= cosine_restarts(lr_max, lr_min, step, period) * gradient
            step += 1
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append({name: value.copy() for name, value in params.items()})
    return snapshots


def last_network_alone(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    period, seen = epochs_per_cycle * steps_per_epoch(len(X), batch_size), []
    _cycles(params, X, y, rng, cycles, epochs_per_cycle, batch_size,
            lambda step, _: cosine_restarts(lr_max, lr_min, step, period),
            lambda _, now: seen.append(now))  # fmt: skip
    return seen[-1]


MISTAKES = [
    mistake("All snapshots are the same arrays, overwritten by the training that goes on: the ensemble is one network.",
            "A list holds references. What must be made of the parameters when a snapshot is taken?",
            by=snapshots_of_one_array),
    mistake("The snapshot is taken at the start of each cycle, when the rate has just jumped up.",
            "Where is the network settled: before the jump or after it?",
            by=snapshots_before_the_cycle),
    mistake("A snapshot is taken after every epoch instead of after every cycle.",
            "How many networks should come back? Most of yours were caught on the way.",
            by=snapshots_after_every_epoch),
    mistake("The rate falls once over the whole training and never restarts.",
            "The period is one cycle's steps. What throws the network out of its valley?",
            by=rate_never_restarts),
    mistake("The rate changes once an epoch instead of at every step.",
            "With three batches an epoch and two epochs a cycle there are six different rates.",
            by=rate_by_the_epoch),
    mistake("The period is counted with whole batches only, so the rate restarts before the cycle is over.",
            "The short last batch is a step too. steps_per_epoch rounds up.",
            by=period_without_the_short_batch),
    mistake("Steps are counted from 1, so the full rate is used only at a restart that comes a step early.",
            "Step 0 is the first of all: which rate does it have?",
            by=steps_counted_from_one),
    mistake("The rate stays at lr_max all the time.",
            "Plot the rate of every step. Where is the cosine?",
            by=constant_rate),
    mistake("The rate falls along a straight line instead of half a cosine.",
            "nnlib.cosine_restarts knows the shape. Compare its rates with the example in the text.",
            by=rate_along_a_line),
    mistake("Every cycle starts again from the first parameters instead of going on from where it is.",
            "One training, whose rate restarts: what is it that restarts, and what is not?",
            by=every_cycle_from_the_start),
    mistake("The order of the examples is drawn once and used in every epoch.",
            "Where is the permutation drawn: before the loop over the epochs, or in it?",
            by=one_order_for_all_epochs),
    mistake("Nothing is shuffled: every epoch takes the batches in the order of the data.",
            "Draw a fresh order from rng in each epoch, with random_minibatches.",
            by=snapshots_without_shuffling),
    mistake("The steps have momentum, though plain gradient steps are asked for.",
            "One gradient_step a batch and nothing carried over, so that the result can be checked.",
            by=snapshots_with_momentum),
    mistake("The parameters that came are changed by the training.",
            "-= writes into the array it finds. Copy first, or use gradient_step.",
            by=trains_the_starting_parameters),
    mistake("Only the last network comes back.",
            "A list of all snapshots is asked for: one a cycle.",
            by=last_network_alone),
]
