"""The training loop, with everything the lectures put around it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._run import PENALTIES, SAMPLE, ExplodedError, History, Penalty, Run
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

__all__ = ["ExplodedError", "History", "fit", "train"]


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
    schedule: Callable[[int], float] | None = None,
    schedule_by: str = "epoch",
    lam: float = 0.0,
    penalty: str = "l2",
    beta: float = 1.0,
    clip_norm: float | None = None,
    patience: int | None = None,
    explosion_factor: float = 3.0,
    on_explosion: str = "raise",
    checkpoint: str | os.PathLike[str] | None = None,
    progress: bool = False,
    on_epoch: Callable[[int, Network, History], Any] | None = None,
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
        Passes over the data, examples a step.
    optimizer
        Adam with rate 1e-3 unless given.
    schedule, schedule_by
        Maps the epoch (from 0), or the step with ``schedule_by="step"``, to the learning rate.
    lam, penalty, beta
        Strength λ and kind, ``l2``, ``l1`` or ``elastic_net`` (with its ``beta``); the m of λ/2m is N.
    clip_norm
        Scale the gradient down to this length where it is longer.
    patience
        Stop after this many epochs without a lower dev loss, and go back to the best parameters.
    explosion_factor, on_explosion
        ``raise`` :class:`ExplodedError` or ``stop`` once the smoothed cost passes this many times the first,
        or is not finite.
    checkpoint
        File that holds the whole state after every epoch. Where it exists, training goes on from there and
        ends exactly as if it had never been interrupted.
    progress
        Show a progress bar, in a terminal or a notebook.
    on_epoch
        Called with the epoch, the network and the history after every epoch.

    Raises
    ------
    ValueError
        For data that do not fit the network or are not finite, and for a damaged or foreign checkpoint.
    """
    require_rng(rng)
    require_int("epochs", epochs, at_least=0)
    require_int("batch_size", batch_size, at_least=1)
    require_real("lam", lam, at_least=0)
    require_real("explosion_factor", explosion_factor, above=1)
    if clip_norm is not None:
        require_real("clip_norm", clip_norm, above=0)
    for kind, name, known in (
        ("penalty", penalty, set(PENALTIES)),
        ("on_explosion", on_explosion, {"raise", "stop"}),
        ("schedule_by", schedule_by, {"epoch", "step"}),
    ):
        if name not in known:
            raise unknown_name(kind, name, known)
    X, y = _require_data(network, X, y, "")
    dev = None
    if X_dev is not None and y_dev is not None:
        dev = _require_data(network, X_dev, y_dev, "_dev")
    elif X_dev is not None or y_dev is not None:
        raise ValueError("A dev set must have both X_dev and y_dev, got one of them.")
    if patience is not None:
        require_int("patience", patience, at_least=1)
        if dev is None:
            raise ValueError("patience must come with a dev set to watch, got none. Pass X_dev and y_dev.")
    rates = None if schedule is None else (schedule, schedule_by == "step")
    run = Run(network, optimizer or Adam(1e-3), rng, batch_size, Penalty(penalty, lam, beta, len(X)), clip_norm, rates)
    if checkpoint is not None and Path(checkpoint).exists():
        run.load(checkpoint)
    elif epochs:
        run.start_cost = network.evaluate(X[:SAMPLE], y[:SAMPLE])[0] + run.penalty.cost(network)
    bar = Progress(epochs * steps_per_epoch(len(X), batch_size)) if progress else None
    history = run.history
    try:
        while run.epoch < epochs and not history.stopped:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # the guard says it better
                exploded = not run.train_epoch(X, y, explosion_factor, bar)
            if exploded:
                history.stopped = "exploded"
                if on_explosion == "raise":
                    raise ExplodedError(history, run.start_cost)
                break
            run.measure(X, y, dev, patience)
            if checkpoint is not None:
                run.save(checkpoint)
            if on_epoch is not None:
                on_epoch(run.epoch - 1, network, history)
    finally:
        if bar is not None:
            bar.close()
    history.stopped = history.stopped or "finished"
    if patience is not None and run.best is not None:
        network.set_theta(run.best["theta"])
        network.set_buffers({name: value for name, value in run.best.items() if name != "theta"})
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
