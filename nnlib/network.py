"""A chain of layers whose parameters are views into one vector: θ of lecture 002."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib import losses
from nnlib._validate import Array, require_float_dtype, require_rng, require_rows, require_same_shape, unknown_name
from nnlib.activations import sigmoid
from nnlib.batchnorm import fold_batchnorm
from nnlib.layers import Affine, BatchNorm, Layer

LossFunction = Callable[[Array, Array], tuple[float, Array]]

LOSSES: dict[str, LossFunction] = {
    "softmax_cross_entropy": losses.softmax_cross_entropy,
    "hinge": losses.hinge_loss,
    "mse": losses.mse,
    "mae": losses.mae,
    "binary_cross_entropy": losses.binary_cross_entropy,
}
_CLASSIFIERS = frozenset({"softmax_cross_entropy", "hinge"})
_EVALUATION_BATCH = 1024  # examples; bounds the memory of a forward pass over a whole data set


class Network:
    """Layers applied in turn, and a loss on top.

    Parameters
    ----------
    layers
        Applied in order; each is copied, so that a list can serve several networks.
    rng
        Draws the starting weights.
    loss
        ``softmax_cross_entropy``, ``hinge``, ``mse``, ``mae`` or ``binary_cross_entropy``.
    dtype
        ``float32`` for training, ``float64`` for gradient checks.

    Attributes
    ----------
    theta, grad
        All parameters ``(P,)``, and the gradient that :meth:`backward` fills.
        Weights come first, then what no penalty touches (biases, gamma, beta, slopes).
    params, grads
        The same by name, such as ``"0.W"``: views, so writing into them changes ``theta``.
    num_decayed
        How many leading entries of ``theta`` are weights that penalties apply to.
    buffers
        Running averages of batch norm by name, such as ``"1.mean"``.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        rng: np.random.Generator,
        *,
        loss: str = "softmax_cross_entropy",
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        require_rng(rng)
        if not layers:
            raise ValueError("A network must have at least one layer, got none.")
        if loss not in LOSSES:
            raise unknown_name("loss", loss, LOSSES)
        self.dtype = np.dtype(dtype)
        require_float_dtype(self.dtype)
        self.layers = [layer.unbound() for layer in layers]
        self.loss_name = loss
        self._require_chain()
        self._bind([layer.start(rng) for layer in self.layers])

    def _require_chain(self) -> None:
        width: int | None = None
        for i, layer in enumerate(self.layers):
            wants, gives = layer.units
            if wants is not None and width is not None and wants != width:
                raise ValueError(
                    f"Layer {i}, {layer!r}, must take the {width} outputs of the layers before it, "
                    f"but takes {wants}. Set its first size to {width}."
                )
            width = gives if gives is not None else width

    def _bind(self, starts: list[dict[str, Array]]) -> None:
        """Lay all parameters out in ``theta``, weights first, and hand each layer its views."""
        entries = [
            (i, name, value, name in layer.decayed)
            for i, (layer, start) in enumerate(zip(self.layers, starts, strict=True))
            for name, value in start.items()
        ]
        entries.sort(key=lambda entry: not entry[3])  # stable: layers stay in order
        total = sum(value.size for _, _, value, _ in entries)
        self.theta: Array = np.empty(total, self.dtype)
        self.grad: Array = np.zeros(total, self.dtype)
        self.num_decayed = sum(value.size for _, _, value, decayed in entries if decayed)
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        end = 0
        for i, name, value, _ in entries:
            begin, end = end, end + value.size
            view = self.theta[begin:end].reshape(value.shape)
            view[...] = value
            self.params[f"{i}.{name}"] = self.layers[i].params[name] = view
            self.grads[f"{i}.{name}"] = self.layers[i].grads[name] = self.grad[begin:end].reshape(value.shape)
        for layer in self.layers:
            layer.buffers = {name: value.astype(self.dtype) for name, value in layer.start_buffers().items()}
        for before, layer in itertools.pairwise(self.layers):
            layer.in_place = before.owns_output

    @property
    def buffers(self) -> dict[str, Array]:
        """Running averages by name; the arrays themselves, so copy what must stay."""
        return {f"{i}.{name}": value for i, layer in enumerate(self.layers) for name, value in layer.buffers.items()}

    def set_buffers(self, buffers: dict[str, Array]) -> None:
        """Take over copies of the running averages that :attr:`buffers` returned."""
        for i, layer in enumerate(self.layers):
            for name in layer.buffers:
                layer.buffers[name] = np.array(buffers[f"{i}.{name}"], dtype=self.dtype)

    @property
    def weights(self) -> Array:
        """The part of ``theta`` that penalties apply to, a view."""
        return self.theta[: self.num_decayed]

    def forward(self, x: npt.ArrayLike, *, train: bool = False, rng: np.random.Generator | None = None) -> Array:
        """Return the scores ``(N, C)`` of a batch ``(N, D)``.

        ``train=True`` drops units, with masks from ``rng``, and normalises by batch statistics.
        """
        out = self._require_batch(x)
        for layer in self.layers:
            out = layer.forward(out, train, rng)
        return out

    def activations(self, x: npt.ArrayLike) -> list[Array]:
        """Return the output of every layer for a batch, as at test time."""
        outputs = [self._require_batch(x)]
        for layer in self.layers:
            outputs.append(layer.forward(outputs[-1].copy(), False, None))  # ReLU writes into its input
        return outputs[1:]

    def backward(self, dscores: Array) -> Array:
        """Fill ``grad`` for the last forward pass and return it; it is overwritten, never added to."""
        dout = dscores if isinstance(self.layers[-1], Affine) else dscores.copy()  # others may write into it
        for i in range(len(self.layers) - 1, -1, -1):
            dout = self.layers[i].backward(dout, i > 0)
        return self.grad

    def loss_and_grad(self, x: npt.ArrayLike, y: npt.ArrayLike, rng: np.random.Generator | None = None) -> float:
        """Run a training pass both ways: return the loss, leave its gradient in ``grad``."""
        scores = self.forward(x, train=True, rng=rng)
        loss, dscores = LOSSES[self.loss_name](scores, np.asarray(y))
        self.backward(dscores)
        return loss

    def evaluate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, float]:
        """Return the loss, as at test time, and the accuracy (NaN for a regression loss)."""
        examples, targets = np.asarray(x), np.asarray(y)
        require_rows(X=examples, y=targets)
        total, correct = 0.0, 0
        for start in range(0, len(examples), _EVALUATION_BATCH):
            part = slice(start, start + _EVALUATION_BATCH)
            scores, target = self.forward(examples[part]), targets[part]
            total += LOSSES[self.loss_name](scores, target)[0] * len(target)
            correct += int(np.sum(self._decide(scores) == target))
        known = self.loss_name in _CLASSIFIERS or self.loss_name == "binary_cross_entropy"
        return total / len(examples), correct / targets.size if known else float("nan")

    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the class ``(N,)`` of each example, or the outputs ``(N, K)`` of a regression."""
        return self._decide(self._in_parts(x))

    def predict_proba(self, x: npt.ArrayLike) -> Array:
        """Return the probability ``(N, C)`` of each class (of class 1 for a logistic loss)."""
        scores = self._in_parts(x)
        return sigmoid(scores) if self.loss_name == "binary_cross_entropy" else losses.softmax(scores)

    def _in_parts(self, x: npt.ArrayLike) -> Array:
        examples = np.asarray(x)
        starts = range(0, max(len(examples), 1), _EVALUATION_BATCH)
        return np.concatenate([self.forward(examples[start : start + _EVALUATION_BATCH]) for start in starts])

    def _decide(self, scores: Array) -> Array:
        if self.loss_name in _CLASSIFIERS:
            return np.asarray(scores.argmax(axis=1))
        if self.loss_name == "binary_cross_entropy":
            return np.asarray(scores > 0, dtype=np.int64)
        return scores

    def fold_batchnorm(self) -> Network:
        """Return a network for test time with each batch norm merged into the affine layer before it.

        A batch norm that does not follow an affine layer stays.
        """
        layers: list[Layer] = []
        starts: list[dict[str, Array]] = []
        kept: list[dict[str, Array]] = []
        for layer in self.layers:
            if isinstance(layer, BatchNorm) and layers and isinstance(layers[-1], Affine):
                affine, own = starts[-1], layer.params
                mean, var = layer.buffers["mean"], layer.buffers["var"]
                folded = fold_batchnorm(affine["W"], affine["b"], own["gamma"], own["beta"], mean, var, layer.eps)
                starts[-1] = dict(zip(("W", "b"), folded, strict=True))
            else:
                layers.append(layer.unbound())
                starts.append(layer.params)
                kept.append(layer.buffers)
        return self._from_parts(layers, self.loss_name, self.dtype, starts, kept)

    def copy(self) -> Network:
        """Return an independent network with the same parameters and running averages."""
        parts = [layer.params for layer in self.layers], [layer.buffers for layer in self.layers]
        return self._from_parts([layer.unbound() for layer in self.layers], self.loss_name, self.dtype, *parts)

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickled one by one, views would come back as arrays of their own, cut off from theta.
        layers = [layer.unbound() for layer in self.layers]
        return Network._from_parts, (
            layers,
            self.loss_name,
            self.dtype,
            [{name: value.copy() for name, value in layer.params.items()} for layer in self.layers],
            [layer.buffers for layer in self.layers],
        )

    @classmethod
    def _from_parts(
        cls,
        layers: list[Layer],
        loss: str,
        dtype: npt.DTypeLike,
        starts: list[dict[str, Array]],
        buffers: list[dict[str, Array]],
    ) -> Network:
        network = cls.__new__(cls)
        network.layers, network.loss_name, network.dtype = layers, loss, np.dtype(dtype)
        network._bind(starts)
        network.set_buffers({f"{i}.{name}": value for i, own in enumerate(buffers) for name, value in own.items()})
        return network

    def set_theta(self, theta: npt.ArrayLike) -> None:
        """Copy ``theta`` ``(P,)`` into the parameters."""
        values = np.asarray(theta)
        require_same_shape("theta", values, "network.theta", self.theta)
        self.theta[...] = values

    def _require_batch(self, x: npt.ArrayLike) -> Array:
        batch = np.asarray(x)
        wants = next((layer.units[0] for layer in self.layers if layer.units[0] is not None), None)
        if batch.ndim != 2 or (wants is not None and batch.shape[1] != wants):
            hint = " For a single example pass x[np.newaxis, :]." if batch.ndim == 1 else ""
            raise ValueError(f"x must have shape (N, {wants or 'D'}), got {batch.shape}.{hint}")
        if batch.dtype != self.dtype:
            if batch.dtype.kind not in "biuf":
                raise ValueError(f"x must hold real numbers, got dtype {batch.dtype}. Convert with x.astype(float).")
            batch = batch.astype(self.dtype)
        return batch

    def __repr__(self) -> str:
        inner = ", ".join(map(repr, self.layers))
        return f"Network([{inner}], loss={self.loss_name!r}, dtype={self.dtype.name})"
