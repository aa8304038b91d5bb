"""A plain net around a caller's own batch norm, so that its effects can be measured (assignment 11)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nnlib._validate import Array, require_sizes
from nnlib.activations import affine_backward, affine_forward, relu, relu_backward, sigmoid, sigmoid_backward
from nnlib.initializers import he_normal, init_normal, xavier_normal
from nnlib.losses import softmax_cross_entropy
from nnlib.minibatches import random_minibatches

ACTIVATIONS: dict[str, Any] = {
    "relu": (relu, relu_backward, he_normal),
    "sigmoid": (sigmoid, sigmoid_backward, xavier_normal),
}


class TrialNet:
    """Affine layers with an activation after each but the last, and a batch norm before each if one is given.

    Parameters
    ----------
    sizes
        Inputs, units of each hidden layer, classes.
    activation
        "relu" or "sigmoid".
    batchnorm
        ``(batchnorm_forward, batchnorm_backward)`` with nnlib's signatures; None for a net without.
    seed
        Of the starting weights: nets with and without batch norm start alike.
    std
        Standard deviation of the starting weights; None takes He's for ReLU, Xavier's for the sigmoid.
    """

    def __init__(
        self,
        sizes: list[int],
        activation: str = "relu",
        batchnorm: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
        *,
        seed: int = 1,
        std: float | None = None,
    ) -> None:
        require_sizes(sizes)
        self.activate, self.activate_backward, draw = ACTIVATIONS[activation]
        self.batchnorm = batchnorm
        rng, fans, hidden = np.random.default_rng(seed), list(pairwise(sizes)), sizes[1:-1]
        self.w = [draw(*fan, rng) if std is None else init_normal(*fan, std, rng) for fan in fans]
        self.b = [np.zeros(size) for size in sizes[1:]]
        self.gamma = [np.ones(size) for size in hidden]
        self.beta = [np.zeros(size) for size in hidden]
        self.running: list[dict[str, Array]] = [{} for _ in hidden]
        self.received: list[Array] = []

    @property
    def num_parameters(self) -> int:
        """Numbers that are learnt; the running averages are not."""
        learnt = [*self.w, *self.b, *(self.gamma + self.beta if self.batchnorm else [])]
        return sum(array.size for array in learnt)

    def forward(self, X: Array, train: bool = False, momentum: float = 0.9) -> tuple[Array, list[Any]]:
        """Compute the scores ``(N, C)``; ``received`` then holds what each activation got, ``(N, K)`` per layer."""
        h, caches = X, []
        self.received = []
        for i in range(len(self.gamma)):
            z, affine_cache = affine_forward(h, self.w[i], self.b[i])
            bn_cache = None
            if self.batchnorm:
                z, bn_cache = self.batchnorm[0](z, self.gamma[i], self.beta[i], self.running[i], train, momentum)
            caches.append((affine_cache, bn_cache, z))
            self.received.append(z)
            h = self.activate(z)
        scores, last = affine_forward(h, self.w[-1], self.b[-1])
        return scores, [*caches, last]

    def gradients(self, X: Array, y: Array) -> tuple[float, dict[tuple[str, int], Array]]:
        """Return a batch's loss, and its gradients by ``("w", 0)`` and the like; a training pass."""
        scores, caches = self.forward(X, train=True)
        cost, dout = softmax_cross_entropy(scores, y)
        last, grads = len(self.gamma), {}
        dh, grads["w", last], grads["b", last] = affine_backward(dout, caches[last])
        for i in reversed(range(last)):
            affine_cache, bn_cache, z = caches[i]
            dz = self.activate_backward(dh, z)
            if self.batchnorm:
                dz, grads["gamma", i], grads["beta", i] = self.batchnorm[1](dz, bn_cache)
            dh, grads["w", i], grads["b", i] = affine_backward(dz, affine_cache)
        return float(cost), grads

    def gradient_sizes(self, X: Array, y: Array) -> list[float]:
        """Root mean square of the gradient of each layer's weights, first layer first."""
        _, grads = self.gradients(X, y)
        return [float(np.sqrt(np.mean(grads["w", i] ** 2))) for i in range(len(self.w))]

    def train(
        self,
        X: Array,
        y: Array,
        lr: float,
        steps: int,
        *,
        batch_size: int = 32,
        seed: int = 2,
        watch: Callable[[int], None] | None = None,
    ) -> list[float]:
        """Take plain gradient steps and return the loss of each; ``watch`` is called with the count after each."""
        rng = np.random.default_rng(seed)
        losses: list[float] = []
        with np.errstate(all="ignore"):  # a net that explodes is one of the things to be seen
            while True:
                for X_now, y_now in random_minibatches(X, y, batch_size, rng):
                    if len(losses) == steps:
                        return losses
                    loss, grads = self.gradients(X_now, y_now)
                    for (name, i), gradient in grads.items():
                        values = getattr(self, name)
                        values[i] = values[i] - lr * gradient
                    losses.append(loss)
                    if watch is not None:
                        watch(len(losses))

    def evaluate(self, X: Array, y: Array) -> tuple[float, float]:
        """Mean loss and accuracy, at test time."""
        with np.errstate(all="ignore"):
            scores, _ = self.forward(X)
            loss, _ = softmax_cross_entropy(scores, y)
        return float(loss), float((scores.argmax(axis=1) == y).mean())

    def folded(self, fold: Callable[..., Any], eps: float = 1e-5) -> TrialNet:
        """Return a net without batch norm that does the same at test time, by the caller's ``fold_batchnorm``."""
        net = TrialNet([len(self.w[0]), *(len(b) for b in self.b)])
        net.activate, net.activate_backward = self.activate, self.activate_backward
        net.w, net.b = list(self.w), list(self.b)
        for i, running in enumerate(self.running):
            statistics = running["mean"], running["var"]
            net.w[i], net.b[i] = fold(self.w[i], self.b[i], self.gamma[i], self.beta[i], *statistics, eps)
        return net
