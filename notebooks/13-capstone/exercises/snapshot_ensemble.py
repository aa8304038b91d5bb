"""snapshot_ensemble: what it must do, other right ways, and what goes wrong."""

import copy
import itertools
import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib import cosine_restarts
from nnlib.checks import assert_close, require

from .common import checked_network, clouds, copied, cost_of, draw, gradients_by_hand, loss_and_grads, sizes_of

HINTS = (
    "It is one training in which only the rate restarts. Which counter runs through all cycles, and what is the period "
    "in steps?",
    "How many steps has an epoch with a short last batch? When is the snapshot taken: before or after the last step of "
    "a cycle? Could a later step still change it?",
    "10 examples in batches of 4 are 3 steps per epoch; 2 epochs per cycle make a period of 6. The rates from 0.6 to 0 "
    "at steps 0, 3 and 6 are 0.6, 0.3 and 0.6 again.",
)


def _snapshots(student, params, X, y, rng, *options):
    """Make snapshots from copies and check their form; the options come in order, from cycles to batch_size."""
    options = dict(zip(("cycles", "epochs_per_cycle", "lr_max", "lr_min", "batch_size"), options, strict=True))
    result = student.snapshot_ensemble(copied(params), X.copy(), y.copy(), rng, **options)
    require(isinstance(result, list | tuple), "snapshot_ensemble must return a list of parameters.")
    want = options["cycles"]
    require(len(result) == want, f"{want} cycles must leave {want} snapshots.")
    return [checked_network(snapshot, sizes_of(params), "Every snapshot") for snapshot in result]


def _step(student, params, X, y, lr):
    _, grads = loss_and_grads(student, params, X, y)
    return {name: value - lr * grads[name] for name, value in params.items()}


def _same(one, other):
    return all(np.allclose(one[name], other[name], rtol=1e-6, atol=1e-9) for name in one)


def test_snapshot_ensemble_steps_by_the_rule(student, rng):
    """With all examples in one batch, each snapshot is what plain steps at the cosine's rates lead to."""
    for cycles, epochs, lr_min, n in [(3, 4, 0.0, 9), (2, 5, 0.1, 170), (4, 1, 0.05, 9)]:
        X, y = clouds(rng, n, 4, 3)
        params = draw([4, 5, 3], rng)
        got = _snapshots(student, params, X, y, rng, cycles, epochs, 0.6, lr_min, n)
        expected = copied(params)
        for t in range(cycles * epochs):
            lr = lr_min + (0.6 - lr_min) * (1 + np.cos(np.pi * (t % epochs) / epochs)) / 2
            expected = _step(student, expected, X, y, lr)
            if (t + 1) % epochs == 0:
                number = (t + 1) // epochs
                assert_close(got[number - 1], expected, rtol=1e-4, atol=1e-7, what=f"snapshot {number}")


def test_snapshot_ensemble_counts_the_steps_of_short_batches(student, rng):
    """Where all examples are alike every batch gives the same gradient, and the rate goes by steps, short ones too."""
    x, label = rng.normal(size=(1, 4)), np.array([1])
    params = draw([4, 5, 3], rng)
    for n, size, epochs in [(7, 3, 2), (8, 4, 2), (5, 2, 1)]:
        got = _snapshots(student, params, np.tile(x, (n, 1)), np.tile(label, n), rng, 3, epochs, 0.4, 0.02, size)
        period = epochs * -(-n // size)
        expected = copied(params)
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
        params = draw([3, 4, 2], rng)
        got = student.snapshot_ensemble(copied(params), np.tile(x, (n, 1)), np.tile(label, n), rng)
        require(isinstance(got, list | tuple) and len(got) == 5, "Without options there must be five snapshots.")
        period = 10 * -(-n // 32)
        expected = copied(params)
        for t in range(2 * period):
            expected = _step(student, expected, x, label, reference.cosine_restarts(0.5, 0.0, t, period))
            if (t + 1) % period == 0:
                number = (t + 1) // period
                snapshot = checked_network(got[number - 1], [3, 4, 2], "Every snapshot")
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
    """With one epoch per cycle, some order of the examples leads from each snapshot to the next, in fresh orders.

    Three examples in batches of two can be dealt in three ways; over 14 epochs, that all are alike has a chance of
    3^-13, less than once in a million.
    """
    X, y = 2 * rng.normal(size=(3, 3)), np.array([0, 1, 1])
    params = draw([3, 4, 2], rng)
    got = _snapshots(student, params, X, y, rng, 14, 1, 0.3, 0.1, 2)
    orders = []
    for before, after in itertools.pairwise([params, *got]):
        found = _explained(student, before, after, X, y, 2, [0.3, 0.2])
        require(found, "No order of the examples leads from a snapshot to the next: every example once, rates by step.")
        orders.append(found[0])
    require(len(set(orders)) > 1, "The examples come in the same order in every epoch: shuffle anew with rng.")


def test_snapshot_ensemble_keeps_independent_copies(student, rng):
    """The snapshots differ from each other and from the start: none is overwritten by the training that goes on."""
    X, y = clouds(rng, 12, 4, 3)
    params = draw([4, 6, 3], rng)
    got = _snapshots(student, params, X, y, rng, 4, 2, 0.5, 0.0, 5)
    for one, other in itertools.combinations([params, *got], 2):
        for name in params:
            alike = np.array_equal(one[name], other[name])
            require(not alike, "Two snapshots are the same: keep a copy at the end of each cycle.")


def test_snapshot_ensemble_draws_from_rng(student, rng):
    """Generators in the same state give the same snapshots, and those in other states give others.

    Twenty examples in batches of two: two orders that make the same batches do not happen.
    """
    X, y = clouds(rng, 20, 4, 3, apart=1.0)
    params = draw([4, 5, 3], rng)
    one, again, other = (
        _snapshots(student, params, X, y, np.random.default_rng(seed), 1, 2, 0.5, 0.0, 2)[0] for seed in (1, 1, 2)
    )
    require(_same(one, again), "A second call with a generator in the same state gave other snapshots.")
    require(not _same(one, other), "Generators in other states gave the same snapshots: shuffle with rng.")


def test_snapshot_ensemble_learns(student, rng):
    """Every snapshot is a trained network of its own: each has a far lower cost than the start."""
    X, y = clouds(rng, 60, 5, 3)
    params = draw([5, 12, 3], rng)
    start = cost_of(student, params, X, y)
    got = _snapshots(student, params, X, y, rng, 3, 10, 0.3, 0.0, 16)
    for snapshot in got:
        require(cost_of(student, snapshot, X, y) < 0.5 * start, "A snapshot has hardly learnt.")


@variant
def by_deep_copies(params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32):
    params, kept, t = copy.deepcopy(params), [], 0
    period = epochs_per_cycle * math.ceil(len(X) / batch_size)
    while len(kept) < cycles:
        for _ in range(epochs_per_cycle):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                _, grads = gradients_by_hand(params, X[rows], y[rows])
                for name in params:
                    params[name] -= cosine_restarts(lr_max, lr_min, t, period) * grads[name]
                t += 1
        kept.append(copy.deepcopy(params))
    return kept


@variant
def with_the_formula(params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32):
    kept, batches = [], -(-len(X) // batch_size)
    for _ in range(cycles):
        for step in range(epochs_per_cycle * batches):
            if step % batches == 0:
                order = np.argsort(rng.random(len(X)))
            rows = order[step % batches * batch_size :][:batch_size]
            share = step / (epochs_per_cycle * batches)
            lr = lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(math.pi * share))
            _, grads = gradients_by_hand(params, X[rows], y[rows])
            params = {name: params[name] - lr * grads[name] for name in grads}
        kept += [params]
    return tuple(kept)


@variant
def from_a_generator(params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32):
    def every_epoch(now):
        t, period = 0, epochs_per_cycle * -(-len(y) // batch_size)
        while True:
            order = np.arange(len(y))
            rng.shuffle(order)
            for rows in np.split(order, range(batch_size, len(y), batch_size)):
                _, grads = gradients_by_hand(now, X[rows], y[rows])
                lr = cosine_restarts(lr_max, lr_min, t, period)
                now, t = {name: now[name] - lr * grads[name] for name in now}, t + 1
            yield now

    epochs = every_epoch(params)
    return [[next(epochs) for _ in range(epochs_per_cycle)][-1] for _ in range(cycles)]


PERIOD = "epochs_per_cycle * steps_per_epoch(len(X), batch_size)"
START = "snapshots, step = [], 0"
BATCHES = "in random_minibatches(X, y, batch_size, rng)"
RATE = "cosine_restarts(lr_max, lr_min, step, period)"
STEP = "params = gradient_step(params, grads"
IN_PLACE = f"for name in params:\n                    params[name] -= {RATE} * grads[name]"
KEPT = "snapshots.append(params)"
COPY = "{name: value.copy() for name, value in params.items()}"
MISTAKES = [
    # what is kept
    mistake("All snapshots are the same arrays, overwritten by the training that goes on: the ensemble is one network.",
            "A list holds references. What must be made of the parameters when a snapshot is taken?",
            {START: f"{START}\n    params = {COPY}", f"{STEP}, {RATE})": IN_PLACE}),
    mistake("The parameters that came are changed by the training.",
            "-= writes into the array it finds. Copy first, or use gradient_step.",
            {KEPT: f"snapshots.append({COPY})", f"{STEP}, {RATE})": IN_PLACE}),
    mistake("The snapshot is taken at the start of each cycle, when the rate has just jumped up.",
            "Where is the network settled: before the jump or after it?",
            {KEPT: "pass", "for _ in range(cycles):": f"for _ in range(cycles):\n        {KEPT}"}),
    mistake("A snapshot is taken after every epoch instead of after every cycle.",
            "How many networks should come back? Most of yours were caught on the way.",
            {KEPT: f"    {KEPT}"}),
    mistake("Only the last network comes back.",
            "A list of all snapshots is asked for: one per cycle.",
            {"return snapshots": "return params"}),
    mistake("The weights of the snapshots are averaged; a list of all snapshots is asked for.",
            "What is averaged in an ensemble is what its members say. The average of two networks' weights is neither.",
            {"return snapshots": "return {name: np.mean([each[name] for each in snapshots], axis=0) for name in params}"}),
    # the rate
    mistake("The rate falls once over the whole training and never restarts.",
            "The period is one cycle's steps. What throws the network out of its valley?",
            {PERIOD: f"cycles * {PERIOD}"}),
    mistake("The rate changes once per epoch instead of at every step.",
            "With three batches per epoch and two epochs per cycle there are six different rates.",
            {"for _ in range(epochs_per_cycle)": "for epoch in range(epochs_per_cycle)",
             RATE: "cosine_restarts(lr_max, lr_min, epoch, epochs_per_cycle)"}),
    mistake("The period is counted with whole batches only, so the rate restarts before the cycle is over.",
            "The short last batch is a step too. steps_per_epoch rounds up.",
            {"steps_per_epoch(len(X), batch_size)": "max(len(X) // batch_size, 1)"}),
    mistake("The period is counted in epochs, but the rate is asked for at every step: it restarts far too often.",
            "How many steps has a cycle of two epochs with three batches each?",
            {PERIOD: "epochs_per_cycle"}),
    mistake("The period is one epoch instead of one cycle.",
            "A cycle has several epochs. How many steps lie between two snapshots?",
            {PERIOD: "steps_per_epoch(len(X), batch_size)"}),
    mistake("Epochs are counted where steps should be, so the rate hardly falls within a cycle.",
            "t is 0 at the first step of all. What is it at the second step of the first epoch?",
            {RATE: "cosine_restarts(lr_max, lr_min, step // steps_per_epoch(len(X), batch_size), period)"}),
    mistake("Steps are counted from 1, so the full rate is used only at a restart that comes a step early.",
            "Step 0 is the first of all: what is its rate?",
            {RATE: "cosine_restarts(lr_max, lr_min, step + 1, period)"}),
    mistake("The rate has reached lr_min at the last step of a cycle already: the period is one step short.",
            "In the example by hand the sixth of six rates is 0.027, not 0. By which number is the step divided there?",
            {RATE: "lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * (step % period) / max(period - 1, 1))) / 2"}),
    mistake("The rate stays at lr_max all the time.",
            "Plot the rate of every step. Where is the cosine?",
            {RATE: "lr_max"}),
    slip("arguments_swapped", {RATE: "cosine_restarts(lr_min, lr_max, step, period)"}, what="lr_max and lr_min"),
    mistake("The rate falls along a straight line instead of half a cosine.",
            "nnlib.cosine_restarts knows the shape. Compare its rates with the example in the text.",
            {RATE: "lr_max - (lr_max - lr_min) * (step % period) / period"}),
    # the training
    mistake("Every cycle starts again from the first parameters instead of going on from where it is.",
            "One training, whose rate restarts: what is it that restarts, and what is not?",
            {"for _ in range(cycles):": "start = params\n    for _ in range(cycles):\n        params = start"}),
    mistake("The order of the examples is drawn once and used in every epoch.",
            "Where is the permutation drawn: before the loop over the epochs, or in it?",
            {BATCHES: "in batches", START: f"{START}\n    batches = list(random_minibatches(X, y, batch_size, rng))"}),
    mistake("Nothing is shuffled: every epoch takes the batches in the order of the data.",
            "Draw a fresh order from rng in each epoch, with random_minibatches.",
            {BATCHES: "in [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]"}),
    mistake("The steps have momentum, though plain gradient steps are asked for.",
            "One gradient_step per batch and nothing carried over, so that the result can be checked.",
            {START: f"{START}\n    velocity = dict.fromkeys(params, 0.0)",
             STEP: "velocity = {name: 0.9 * velocity[name] + grads[name] for name in params}\n                "
                   "params = gradient_step(params, velocity"}),
    mistake("A snapshot is taken after the first step of each cycle instead of the last.",
            "What is step % period at the first step of a cycle, and what at the last?",
            {KEPT: "pass", "step += 1": f"if step % period == 0:\n                    {KEPT}\n                step += 1"}),
]
