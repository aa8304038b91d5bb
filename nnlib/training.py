"""The training loop, with everything the lectures put around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._run import ExplodedError as ExplodedError
from nnlib._run import History as History
from nnlib._run import Run
from nnlib._run import Watch as Watch
from nnlib._validate import (
    Array,
    as_float,
    require_finite,
    require_int,
    require_labels,
    require_ndim,
    require_real,
    require_rng,
    require_rows,
    unknown_name,
)
from nnlib.minibatches import steps_per_epoch
from nnlib.network import Network
from nnlib.optimizers import Adam, Optimizer
from nnlib.progress import Progress
from nnlib.regularizers import L2, Penalty
from nnlib.schedules import Schedule


def fit(
    network: Network,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    X_dev: npt.ArrayLike | None = None,
    y_dev: npt.ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    epochs: int = 10,
    batch_size: int = 64,
    optimizer: Optimizer | None = None,
    schedule: Schedule | None = None,
    lam: float | Penalty = 0.0,
    clip_norm: float | None = None,
    on_explosion: str = "raise",
    watch: Watch | None = None,
) -> History:
    """Train ``network`` in place.

    Parameters
    ----------
    X, y
        Training examples ``(N, D)`` and labels ``(N,)`` (or targets shaped as the outputs). Not copied.
    X_dev, y_dev
        Dev set, measured after every epoch.
    rng
        Draws batches and dropout masks.
    epochs, batch_size
        Passes over the data, examples per step.
    optimizer
        Adam with rate 1e-3 unless given.
    schedule
        :class:`ByEpoch` or :class:`ByStep` of a function that maps the epoch, or the step, to the learning rate.
    lam
        Strength λ of the L2 penalty, or a penalty: ``L1(λ)``, ``ElasticNet(λ, beta)``. The m of λ/2m is N.
    clip_norm
        Scale the gradient down to this length where it is longer.
    on_explosion
        ``raise`` :class:`ExplodedError` or ``stop`` once the smoothed cost passes three times the first,
        or is not finite.
    watch
        Patience, a checkpoint, a progress bar, or a function to call: see :class:`Watch`.

    Raises
    ------
    ValueError
        For data that do not fit the network or are not finite, and for a damaged or foreign checkpoint.
    """
    require_rng(rng)
    require_int("epochs", epochs, at_least=0)
    require_int("batch_size", batch_size, at_least=1)
    if clip_norm is not None:
        require_real("clip_norm", clip_norm, above=0)
    if on_explosion not in ("raise", "stop"):
        raise unknown_name("on_explosion", on_explosion, ("raise", "stop"))
    if not isinstance(schedule, Schedule | None):
        raise ValueError(f"schedule must be ByEpoch(...) or ByStep(...), got {schedule!r}. Say what it counts.")
    X, y = _require_data(network, X, y, "")
    dev = _require_dev(network, X_dev, y_dev)
    watch = watch or Watch()
    if watch.patience is not None and dev is None:
        raise ValueError("patience must come with a dev set to watch, got none. Pass X_dev and y_dev.")
    penalty = lam if isinstance(lam, Penalty) else L2(lam)
    optimizer = optimizer or Adam(1e-3)
    run = Run(network, X, y, dev, rng, batch_size, optimizer, schedule, penalty, clip_norm, watch)
    run.start()
    bar = Progress(epochs * steps_per_epoch(len(X), batch_size)) if watch.progress else None
    history = run.history
    try:
        while run.epoch < epochs and not history.stopped:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # the guard says it better
                exploded = not run.train_epoch(bar)
            if exploded:
                history.stopped = "exploded"
                if on_explosion == "raise":
                    raise ExplodedError(history, run.start_cost)
            else:
                run.finish_epoch()
    finally:
        if bar is not None:
            bar.close()
    history.stopped = history.stopped or "finished"
    run.go_back_to_the_best()
    return history


def train(
    network: Network,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    X_dev: npt.ArrayLike | None = None,
    y_dev: npt.ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    epochs: int = 30,
    batch_size: int = 64,
    lr: float = 1e-3,
    **options: Any,
) -> History:
    """Train with Adam at rate ``lr``: :func:`fit` with its most used choices made (capstone)."""
    require_real("lr", lr, above=0)
    return fit(
        network, X, y, X_dev, y_dev, rng=rng, epochs=epochs, batch_size=batch_size, optimizer=Adam(lr), **options
    )


def _require_data(network: Network, X: npt.ArrayLike, y: npt.ArrayLike, suffix: str) -> tuple[Array, Array]:
    """Check a data set once, so that no step has to."""
    examples, targets = as_float(X), np.asarray(y)
    require_ndim(f"X{suffix}", examples, 2, "(N, D)")
    require_rows(**{f"X{suffix}": examples, f"y{suffix}": targets})
    require_finite(f"X{suffix}", examples)
    outputs = network.forward(examples[:1]).shape[1:]
    if network.loss_name in ("softmax_cross_entropy", "hinge"):
        return examples, require_labels(targets, len(examples), outputs[0])
    if targets.shape[1:] != outputs:
        raise ValueError(
            f"y{suffix} must have shape {(len(examples), *outputs)} for the {network.loss_name} loss, "
            f"got {targets.shape}. Try y{suffix}.reshape(-1, {outputs[0]})."
        )
    require_finite(f"y{suffix}", as_float(targets))
    return examples, targets


def _require_dev(
    network: Network, X_dev: npt.ArrayLike | None, y_dev: npt.ArrayLike | None
) -> tuple[Array, Array] | None:
    if X_dev is None and y_dev is None:
        return None
    if X_dev is None or y_dev is None:
        raise ValueError("A dev set must have both X_dev and y_dev, got one of them.")
    return _require_data(network, X_dev, y_dev, "_dev")
