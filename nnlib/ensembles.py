"""Several networks, one answer (lecture 003), and snapshots of one training: Huang et al. (2017)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_int, require_probabilities, require_real
from nnlib.minibatches import steps_per_epoch
from nnlib.network import Network
from nnlib.optimizers import ClassicMomentum, Optimizer
from nnlib.schedules import ByStep, cosine_restarts
from nnlib.training import History, Watch, fit


def ensemble_average(probs: Sequence[npt.ArrayLike] | Array) -> Array:
    """Average the members' probabilities; the argmax of a row is the ensemble's class.

    Parameters
    ----------
    probs
        One ``(N, C)`` per member, or all as ``(M, N, C)``, in [0, 1].

    Returns
    -------
    Array
        ``(N, C)``. By convexity its cross-entropy is never above the members' average.
    """
    members = [as_float(member) for member in probs]
    if not members:
        raise ValueError("An ensemble must have at least one member, got none.")
    for i, member in enumerate(members):
        if member.ndim != 2 or member.shape != members[0].shape:
            raise ValueError(
                f"All members must have one shape (N, C), got {members[0].shape} first and {member.shape} "
                f"as number {i}. Predict the same examples with each."
            )
        require_probabilities(f"probs[{i}]", member, "For scores call softmax first.")
    average: Array = np.mean(members, axis=0)
    return average


def snapshot_ensemble(
    network: Network,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    cycles: int = 5,
    epochs_per_cycle: int = 10,
    lr_max: float = 0.1,
    lr_min: float = 0.0,
    batch_size: int = 64,
    optimizer: Optimizer | None = None,
    watch: Watch | None = None,
    **options: Any,
) -> list[Network]:
    """Train once with a rate that restarts, and keep the network at the end of every cycle.

    Parameters
    ----------
    network
        Trained in place; it ends as the last snapshot.
    X, y
        Training examples ``(N, D)`` and labels ``(N,)``.
    rng
        Draws batches and masks.
    cycles, epochs_per_cycle
        Number of snapshots, and passes over the data for each.
    lr_max, lr_min
        The rate falls from one to the other along half a cosine in every cycle, as in Loshchilov & Hutter (2017).
    batch_size
        Examples per step.
    optimizer
        Classic momentum unless given.
    watch
        As for :func:`fit`.
    options
        More of :func:`fit`, such as ``lam``.

    Returns
    -------
    list
        ``cycles`` networks; average their ``predict_proba`` with :func:`ensemble_average`.
    """
    require_int("cycles", cycles, at_least=1)
    require_int("epochs_per_cycle", epochs_per_cycle, at_least=1)
    require_real("lr_max", lr_max, above=0)
    period = epochs_per_cycle * steps_per_epoch(len(np.asarray(y)), batch_size)
    snapshots: list[Network] = []
    watch = watch or Watch()

    def keep(epoch: int, trained: Network, history: History) -> None:
        if (epoch + 1) % epochs_per_cycle == 0:
            snapshots.append(trained.copy())
        if watch.on_epoch is not None:
            watch.on_epoch(epoch, trained, history)

    fit(
        network,
        X,
        y,
        rng=rng,
        epochs=cycles * epochs_per_cycle,
        batch_size=batch_size,
        optimizer=optimizer or ClassicMomentum(lr_max),
        schedule=ByStep(lambda step: cosine_restarts(lr_max, lr_min, step, period)),
        watch=dataclasses.replace(watch, on_epoch=keep),
        **options,
    )
    return snapshots
