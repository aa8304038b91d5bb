"""The state of a training run: what :func:`nnlib.fit` does in an epoch, records, and saves."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nnlib._validate import Array, require_int
from nnlib.checkpoints import load_checkpoint, save_checkpoint
from nnlib.clipping import clip_by_norm
from nnlib.diagnostics import update_ratio
from nnlib.minibatches import random_minibatches, steps_per_epoch
from nnlib.network import Network
from nnlib.optimizers import Optimizer
from nnlib.progress import Progress
from nnlib.regularizers import Penalty
from nnlib.schedules import Schedule

SAMPLE = 2000  # examples whose accuracy stands for the training set's
EXPLODED = 3.0  # times the first cost, from which on the smoothed cost will not come back
_SMOOTH = 0.9  # share of the old average in the smoothed cost


@dataclass
class History:
    """What training recorded: ``costs`` and ``lrs`` per step, everything else per epoch."""

    costs: list[float] = field(default_factory=list)
    """Cost of each batch before its step, penalty included."""
    lrs: list[float] = field(default_factory=list)
    """Learning rate of each step."""
    train_loss: list[float] = field(default_factory=list)
    """Loss without penalty, dropout off, on at most 2,000 training examples."""
    train_accuracy: list[float] = field(default_factory=list)
    dev_loss: list[float] = field(default_factory=list)
    dev_accuracy: list[float] = field(default_factory=list)
    update_ratio: list[float] = field(default_factory=list)
    """Length of the last update of the weights over that of the weights; about 1e-3 is healthy."""
    best_epoch: int | None = None
    """Epoch, from 0, of the lowest dev loss; None without a dev set."""
    stopped: str = ""
    """``"finished"``, ``"early stopping"`` or ``"exploded"``; empty while training runs."""


class ExplodedError(ArithmeticError):
    """The cost ran away; carries the ``history``, the ``step`` and the ``lr``."""

    def __init__(self, history: History, start: float) -> None:
        self.history, self.step, self.lr, self._start = history, len(history.costs), history.lrs[-1], start
        cost = history.costs[-1]
        what = f"rose from {start:.4g} to {cost:.4g}" if math.isfinite(cost) else f"became {cost}"
        super().__init__(
            f"The cost {what} by step {self.step} with learning rate {self.lr:g}. "
            "The rate is almost always too high: try a tenth of it, or clip_norm=1.0."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return ExplodedError, (self.history, self._start)  # a search over processes must be able to send it


@dataclass(frozen=True)
class Watch:
    """How a run is looked after, from one epoch to the next.

    Parameters
    ----------
    patience
        Stop after this many epochs without a lower dev loss, and go back to the best parameters.
    checkpoint
        File that holds the whole state after every epoch. Where it exists, training goes on from there and
        ends exactly as if it had never been interrupted.
    progress
        Show a progress bar, in a terminal or a notebook.
    on_epoch
        Called with the epoch, the network and the history after every epoch.
    """

    patience: int | None = None
    checkpoint: str | os.PathLike[str] | None = None
    progress: bool = False
    on_epoch: Callable[[int, Network, History], Any] | None = None

    def __post_init__(self) -> None:
        if self.patience is not None:
            require_int("patience", self.patience, at_least=1)


@dataclass(eq=False)
class Run:
    """What a run works on, and what it carries from step to step, and a checkpoint from process to process."""

    network: Network
    X: Array
    y: Array
    dev: tuple[Array, Array] | None
    rng: np.random.Generator
    batch_size: int
    optimizer: Optimizer
    schedule: Schedule | None
    penalty: Penalty
    clip_norm: float | None
    watch: Watch

    history: History = field(init=False, default_factory=History)
    epoch: int = field(init=False, default=0)
    """How many epochs are done."""
    start_cost: float = field(init=False, default=math.inf)
    _smooth: float = field(init=False, default=0.0)
    _best: dict[str, Array] | None = field(init=False, default=None)
    """Parameters and running averages at the lowest dev loss, where somebody has the patience to go back."""

    def start(self) -> None:
        """Go on from the checkpoint, or measure the cost that later ones are compared with."""
        if self.watch.checkpoint is not None and Path(self.watch.checkpoint).exists():
            self._load(self.watch.checkpoint)
        else:
            loss, _ = self.network.evaluate(self.X[:SAMPLE], self.y[:SAMPLE])
            self.start_cost = loss + (self.penalty.cost(self.network.weights, len(self.X)) if self.penalty.lam else 0.0)

    def train_epoch(self, bar: Progress | None) -> bool:
        """Take every step of an epoch; False as soon as the cost has exploded."""
        network, optimizer, costs = self.network, self.optimizer, self.history.costs
        steps = steps_per_epoch(len(self.X), self.batch_size)
        before = network.weights
        for i, (batch, labels) in enumerate(random_minibatches(self.X, self.y, self.batch_size, self.rng), start=1):
            if self.schedule is not None:
                optimizer.lr = self.schedule.rate_at(epoch=self.epoch, step=len(costs))
            if i == steps:
                before = network.weights.copy()
            cost, grad = self._cost_and_gradient(batch, labels)
            optimizer.step(network.theta, grad)
            costs.append(cost)
            self.history.lrs.append(optimizer.lr)
            # ewa_corrected, one cost further: all costs anew would take longer than the step
            self._smooth = _SMOOTH * self._smooth + (1 - _SMOOTH) * cost
            smoothed = self._smooth / (1 - _SMOOTH ** len(costs))
            if not math.isfinite(cost) or smoothed > EXPLODED * self.start_cost:
                return False
            if bar is not None:
                bar.update(len(costs), f"cost {smoothed:.4g}")
        self.history.update_ratio.append(update_ratio(before, network.weights - before))
        self.epoch += 1
        if bar is not None:
            bar.update(len(costs), f"epoch {self.epoch}, cost {smoothed:.4g}{self._last_dev()}", force=True)
        return True

    def _cost_and_gradient(self, batch: Array, labels: Array) -> tuple[float, Array]:
        """Return a batch's cost and its gradient, with their penalty, the gradient clipped."""
        network, m = self.network, len(self.X)
        cost = network.loss_and_grad(batch, labels, self.rng)
        if self.penalty.lam:
            cost += self.penalty.cost(network.weights, m)
            network.grad[: network.num_decayed] += self.penalty.gradient(network.weights, m)
        return cost, network.grad if self.clip_norm is None else clip_by_norm(network.grad, self.clip_norm)

    def finish_epoch(self) -> None:
        """Record the epoch, remember the best, decide whether to go on, and tell those who watch."""
        self._measure()
        if self.watch.checkpoint is not None:
            self._save(self.watch.checkpoint)
        if self.watch.on_epoch is not None:
            self.watch.on_epoch(self.epoch - 1, self.network, self.history)

    def _measure(self) -> None:
        history, network, patience = self.history, self.network, self.watch.patience
        every = slice(None, None, -(-len(self.X) // SAMPLE))
        loss, accuracy = network.evaluate(self.X[every], self.y[every])
        history.train_loss.append(loss)
        history.train_accuracy.append(accuracy)
        if self.dev is None:
            return
        loss, accuracy = network.evaluate(*self.dev)
        if loss < min(history.dev_loss, default=math.inf):
            history.best_epoch = self.epoch - 1
            if patience is not None:
                self._best = {"theta": network.theta.copy()} | {n: v.copy() for n, v in network.buffers.items()}
        history.dev_loss.append(loss)
        history.dev_accuracy.append(accuracy)
        if patience is not None and self.epoch - 1 - (history.best_epoch or 0) >= patience:
            history.stopped = "early stopping"

    def go_back_to_the_best(self) -> None:
        """Put back the parameters of the lowest dev loss, where they were kept."""
        if self.watch.patience is not None and self._best is not None:
            self.network.set_theta(self._best["theta"])
            self.network.set_buffers({name: value for name, value in self._best.items() if name != "theta"})

    def _last_dev(self) -> str:
        accuracies = self.history.dev_accuracy
        return f", dev {accuracies[-1]:.1%}" if accuracies else ""

    def _save(self, path: str | os.PathLike[str]) -> None:
        extra = {
            "epoch": self.epoch,
            "batch_size": self.batch_size,
            "start_cost": self.start_cost,
            "smooth": self._smooth,
            "history": dataclasses.asdict(self.history),
        }
        save_checkpoint(path, self.network, self.optimizer, self.rng, extra=extra, arrays=self._best)

    def _load(self, path: str | os.PathLike[str]) -> None:
        extra, arrays = load_checkpoint(path, self.network, self.optimizer, self.rng)
        if extra.get("batch_size") != self.batch_size:
            raise ValueError(
                f"{path} was saved with batch_size {extra.get('batch_size')}, got {self.batch_size}. "
                "Pass the same, or another file to start over."
            )
        self.epoch, self.start_cost, self._smooth = extra["epoch"], extra["start_cost"], extra["smooth"]
        self._best = arrays or None
        for name, value in extra["history"].items():
            setattr(self.history, name, value)
