"""The state of a training run: what :func:`nnlib.fit` does in an epoch, records, and saves."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlib import regularizers
from nnlib._validate import Array
from nnlib.checkpoints import load_checkpoint, save_checkpoint
from nnlib.clipping import global_norm
from nnlib.diagnostics import update_ratio
from nnlib.minibatches import random_minibatches, steps_per_epoch
from nnlib.network import Network
from nnlib.optimizers import Optimizer
from nnlib.progress import Progress

SAMPLE = 2000  # examples whose accuracy stands for the training set's
_SMOOTH = 0.9  # share of the old average in the cost that the explosion guard watches

PENALTIES: dict[str, tuple[Callable[..., float], Callable[..., Any]]] = {
    "l2": (regularizers.l2_penalty, regularizers.l2_gradient),
    "l1": (regularizers.l1_penalty, regularizers.l1_gradient),
    "elastic_net": (regularizers.elastic_net_penalty, regularizers.elastic_net_gradient),
}


@dataclass
class History:
    """What training recorded: ``costs`` and ``lrs`` a step, everything else an epoch."""

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
    """The cost left for good; carries the ``history``, the ``step`` and the ``lr``."""

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


class Penalty:
    """A regulariser on the network's weights, over the ``m`` training examples."""

    def __init__(self, kind: str, lam: float, beta: float, m: int) -> None:
        self.lam = lam
        strength = (lam, beta, m) if kind == "elastic_net" else (lam, m)
        penalty, gradient = PENALTIES[kind]
        self._cost: Callable[[Array], float] = lambda weights: penalty(weights, *strength)
        self._gradient: Callable[[Array], Array] = lambda weights: gradient(weights, *strength)

    def cost(self, network: Network) -> float:
        return float(self._cost(network.weights)) if self.lam else 0.0

    def add_gradient(self, network: Network) -> None:
        if self.lam:
            network.grad[: network.num_decayed] += self._gradient(network.weights)


class Run:
    """What a training run carries from step to step, and a checkpoint from process to process."""

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        rng: np.random.Generator,
        batch_size: int,
        penalty: Penalty,
        clip_norm: float | None,
        rates: tuple[Callable[[int], float], bool] | None,
    ) -> None:
        self.network, self.optimizer, self.rng, self.batch_size = network, optimizer, rng, batch_size
        self.penalty, self.clip_norm, self.rates = penalty, clip_norm, rates
        self.history, self.epoch, self.start_cost = History(), 0, math.inf
        self.best: dict[str, Array] | None = None
        self._smooth = 0.0

    def train_epoch(self, X: Array, y: Array, factor: float, bar: Progress | None) -> bool:
        """Take every step of an epoch; False as soon as the cost has exploded."""
        network, optimizer, costs = self.network, self.optimizer, self.history.costs
        steps = steps_per_epoch(len(X), self.batch_size)
        before = network.weights
        for i, (batch, labels) in enumerate(random_minibatches(X, y, self.batch_size, self.rng), start=1):
            if self.rates is not None:
                optimizer.lr = float(self.rates[0](len(costs) if self.rates[1] else self.epoch))
            cost = network.loss_and_grad(batch, labels, self.rng) + self.penalty.cost(network)
            self.penalty.add_gradient(network)
            if self.clip_norm is not None and (norm := global_norm([network.grad])) > self.clip_norm:
                network.grad *= self.clip_norm / norm
            if i == steps:
                before = network.weights.copy()
            optimizer.step(network.theta, network.grad)
            costs.append(cost)
            self.history.lrs.append(optimizer.lr)
            self._smooth = _SMOOTH * self._smooth + (1 - _SMOOTH) * cost
            smoothed = self._smooth / (1 - _SMOOTH ** len(costs))
            if not math.isfinite(cost) or smoothed > factor * self.start_cost:
                return False
            if bar is not None:
                bar.update(len(costs), f"cost {smoothed:.4g}")
        self.history.update_ratio.append(update_ratio(before, network.weights - before))
        self.epoch += 1
        if bar is not None:
            bar.update(len(costs), f"epoch {self.epoch}, cost {smoothed:.4g}{self._last_dev()}", force=True)
        return True

    def measure(self, X: Array, y: Array, dev: tuple[Array, Array] | None, patience: int | None) -> None:
        """Record the epoch, remember the best, and decide whether to go on."""
        history, network = self.history, self.network
        every = slice(None, None, -(-len(X) // SAMPLE))
        loss, accuracy = network.evaluate(X[every], y[every])
        history.train_loss.append(loss)
        history.train_accuracy.append(accuracy)
        if dev is None:
            return
        loss, accuracy = network.evaluate(*dev)
        if loss < min(history.dev_loss, default=math.inf):
            history.best_epoch = self.epoch - 1
            if patience is not None:
                self.best = {"theta": network.theta.copy()} | {n: v.copy() for n, v in network.buffers.items()}
        history.dev_loss.append(loss)
        history.dev_accuracy.append(accuracy)
        if patience is not None and self.epoch - 1 - (history.best_epoch or 0) >= patience:
            history.stopped = "early stopping"

    def _last_dev(self) -> str:
        accuracies = self.history.dev_accuracy
        return f", dev {accuracies[-1]:.1%}" if accuracies else ""

    def save(self, path: str | os.PathLike[str]) -> None:
        extra = {
            "epoch": self.epoch,
            "batch_size": self.batch_size,
            "start_cost": self.start_cost,
            "smooth": self._smooth,
            "history": dataclasses.asdict(self.history),
        }
        save_checkpoint(path, self.network, self.optimizer, self.rng, extra=extra, arrays=self.best)

    def load(self, path: str | os.PathLike[str]) -> None:
        extra, arrays = load_checkpoint(path, self.network, self.optimizer, self.rng)
        if extra.get("batch_size") != self.batch_size:
            raise ValueError(
                f"{path} was saved with batch_size {extra.get('batch_size')}, got {self.batch_size}. "
                "Pass the same, or another file to start anew."
            )
        self.epoch, self.start_cost, self._smooth = extra["epoch"], extra["start_cost"], extra["smooth"]
        self.best = arrays or None
        for name, value in extra["history"].items():
            setattr(self.history, name, value)
