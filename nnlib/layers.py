"""Layers of a :class:`nnlib.Network`: what a topic's pure functions need to be chained.

A layer is its hyperparameters until a network binds it: parameters and gradients are then views into the
network's flat vectors, and :meth:`Layer.backward` overwrites its gradients.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from nnlib import activations as act
from nnlib import initializers
from nnlib._validate import (
    Array,
    require_int,
    require_real,
    require_rng,
    require_same_shape,
    require_shape,
    require_share,
    unknown_name,
)
from nnlib.batchnorm import batchnorm_backward, batchnorm_forward
from nnlib.dropout import dropout_backward, dropout_forward, require_keep_prob

INITS: dict[str, initializers.Init] = {
    "he_normal": initializers.he_normal,
    "he_uniform": initializers.he_uniform,
    "lecun_normal": initializers.lecun_normal,
    "xavier_normal": initializers.xavier_normal,
    "xavier_uniform": initializers.xavier_uniform,
    "orthogonal": initializers.orthogonal,
    "zeros": lambda fan_in, fan_out, rng: initializers.init_zeros(fan_in, fan_out),
}


def draw_weights(init: str | float, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw ``(fan_in, fan_out)`` weights by the name of an initialiser or with a standard deviation."""
    if isinstance(init, str):
        if init not in INITS:
            raise unknown_name("init", init, INITS)
        return INITS[init](fan_in, fan_out, rng)
    return initializers.init_normal(fan_in, fan_out, init, rng)


@dataclass(eq=False)
class Layer:
    """Base of all layers; one that has no parameters only needs ``forward`` and ``backward``."""

    decayed: ClassVar[frozenset[str]] = frozenset()
    """Parameters that weight decay and penalties apply to."""
    owns_output: ClassVar[bool] = True
    """Whether the output is fresh memory, which the next layer may overwrite."""

    params: dict[str, Array] = field(init=False, repr=False, default_factory=dict)
    grads: dict[str, Array] = field(init=False, repr=False, default_factory=dict)
    buffers: dict[str, Array] = field(init=False, repr=False, default_factory=dict)
    """State that is saved but not learned, such as running averages."""
    in_place: bool = field(init=False, repr=False, default=False)
    """Whether the input may be overwritten: it is the fresh output of another layer."""

    @property
    def units(self) -> tuple[int | None, int | None]:
        """Columns of the input and of the output; None if any number will do."""
        return None, None

    def start(self, rng: np.random.Generator) -> dict[str, Array]:
        """Draw the starting values of the parameters."""
        return {}

    def start_buffers(self) -> dict[str, Array]:
        """Return the starting values of the buffers."""
        return {}

    def unbound(self) -> Layer:
        """Return a copy with the hyperparameters alone."""
        return dataclasses.replace(self)

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        """Return the output for the batch ``x`` ``(N, D)``; keep what ``backward`` needs."""
        raise NotImplementedError

    def backward(self, dout: Array, need_dx: bool) -> Array:
        """Fill ``grads`` and return the gradient of the input; ``dout`` may be overwritten."""
        raise NotImplementedError


@dataclass(eq=False)
class Affine(Layer):
    """``x @ W + b``. ``init`` is the name of an initialiser or a standard deviation."""

    fan_in: int
    fan_out: int
    init: str | float = "he_normal"
    decayed: ClassVar[frozenset[str]] = frozenset({"W"})

    def __post_init__(self) -> None:
        require_int("fan_in", self.fan_in, at_least=1)
        require_int("fan_out", self.fan_out, at_least=1)
        if isinstance(self.init, str) and self.init not in INITS:
            raise unknown_name("init", self.init, INITS)

    @property
    def units(self) -> tuple[int, int]:
        return self.fan_in, self.fan_out

    def start(self, rng: np.random.Generator) -> dict[str, Array]:
        return {"W": draw_weights(self.init, self.fan_in, self.fan_out, rng), "b": np.zeros(self.fan_out)}

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        out, self._cache = act.affine_forward(x, self.params["W"], self.params["b"])
        return out

    def backward(self, dout: Array, need_dx: bool) -> Array:
        # affine_backward into the network's own memory; a first layer's dx would be a third of the work, for nothing.
        x, w, _ = self._cache
        require_shape("dout", dout, (x.shape[0], w.shape[1]), "the scores' own")
        np.matmul(x.T, dout, out=self.grads["W"])
        np.add.reduce(dout, axis=0, out=self.grads["b"])
        return dout @ w.T if need_dx else np.empty((0, x.shape[1]), dtype=dout.dtype)


@dataclass(eq=False)
class Maxout(Layer):
    """The largest of ``pieces`` affine maps for each unit."""

    fan_in: int
    fan_out: int
    pieces: int = 2
    init: str | float = "he_normal"
    decayed: ClassVar[frozenset[str]] = frozenset({"W"})

    def __post_init__(self) -> None:
        for name in ("fan_in", "fan_out", "pieces"):
            require_int(name, getattr(self, name), at_least=1)

    @property
    def units(self) -> tuple[int, int]:
        return self.fan_in, self.fan_out

    def start(self, rng: np.random.Generator) -> dict[str, Array]:
        pieces = [draw_weights(self.init, self.fan_in, self.fan_out, rng) for _ in range(self.pieces)]
        return {"W": np.stack(pieces), "b": np.zeros((self.pieces, self.fan_out))}

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        out, self._cache = act.maxout_forward(x, self.params["W"], self.params["b"])
        return out

    def backward(self, dout: Array, need_dx: bool) -> Array:
        dx, self.grads["W"][...], self.grads["b"][...] = act.maxout_backward(dout, self._cache)
        return dx


@dataclass(eq=False)
class ReLU(Layer):
    """``max(0, z)``, in the memory of its input where it may, and back in that of ``dout``."""

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        # Against a row of zeros NumPy's loop is vectorised; against the number 0 it takes twice the time.
        zeros = np.zeros(x.shape[-1:], dtype=x.dtype)
        self._a: Array = np.maximum(x, zeros, out=x if self.in_place else None)
        return self._a

    def backward(self, dout: Array, need_dx: bool) -> Array:
        require_same_shape("dout", dout, "out", self._a)
        dz: Array = np.multiply(dout, self._a > 0, out=dout)  # the output is positive where the input was
        return dz


@dataclass(eq=False)
class Elementwise(Layer):
    """Base of activations that keep their input for the way back."""

    _function: ClassVar[tuple[Any, Any]]

    def options(self) -> dict[str, float]:
        """Return the keyword arguments of the functions, such as a slope."""
        return {}

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        self._z = x
        out: Array = self._function[0](x, **self.options())
        return out

    def backward(self, dout: Array, need_dx: bool) -> Array:
        dz: Array = self._function[1](dout, self._z, **self.options())
        return dz


@dataclass(eq=False)
class Sigmoid(Elementwise):
    """``1 / (1 + exp(-z))``."""

    _function: ClassVar[tuple[Any, Any]] = (act.sigmoid, act.sigmoid_backward)


@dataclass(eq=False)
class Tanh(Elementwise):
    """``tanh(z)``."""

    _function: ClassVar[tuple[Any, Any]] = (act.tanh, act.tanh_backward)


@dataclass(eq=False)
class LeakyReLU(Elementwise):
    """ReLU with a slope on the negative side."""

    slope: float = 0.01
    _function: ClassVar[tuple[Any, Any]] = (act.leaky_relu, act.leaky_relu_backward)

    def options(self) -> dict[str, float]:
        return {"slope": self.slope}


@dataclass(eq=False)
class ELU(Elementwise):
    """``alpha * (exp(z) - 1)`` on the negative side."""

    alpha: float = 1.0
    _function: ClassVar[tuple[Any, Any]] = (act.elu, act.elu_backward)

    def options(self) -> dict[str, float]:
        return {"alpha": self.alpha}


@dataclass(eq=False)
class Softplus(Elementwise):
    """``log(1 + exp(z))``."""

    _function: ClassVar[tuple[Any, Any]] = (act.softplus, act.softplus_backward)


@dataclass(eq=False)
class GELU(Elementwise):
    """``z`` weighted by about the normal CDF."""

    _function: ClassVar[tuple[Any, Any]] = (act.gelu, act.gelu_backward)


@dataclass(eq=False)
class PReLU(Layer):
    """Leaky ReLU with one learned slope per unit; decay would pull it to ReLU, so it has none."""

    size: int
    slope: float = 0.25

    def __post_init__(self) -> None:
        require_int("size", self.size, at_least=1)

    @property
    def units(self) -> tuple[int, int]:
        return self.size, self.size

    def start(self, rng: np.random.Generator) -> dict[str, Array]:
        return {"alpha": np.full(self.size, self.slope)}

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        self._z = x
        return act.prelu(x, self.params["alpha"])

    def backward(self, dout: Array, need_dx: bool) -> Array:
        dz, self.grads["alpha"][...] = act.prelu_backward(dout, self._z, self.params["alpha"])
        return dz


@dataclass(eq=False)
class Dropout(Layer):
    """Inverted dropout; at test time its input goes through untouched."""

    keep_prob: float
    owns_output: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require_keep_prob(self.keep_prob)

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        self._mask = None
        if not train or self.keep_prob == 1:
            return x
        require_rng(rng)
        assert rng is not None
        out, self._mask = dropout_forward(x, self.keep_prob, rng)
        return out

    def backward(self, dout: Array, need_dx: bool) -> Array:
        return dout if self._mask is None else dropout_backward(dout, self._mask)


@dataclass(eq=False)
class BatchNorm(Layer):
    """Batch normalisation; its running averages are buffers."""

    size: int
    momentum: float = 0.9
    eps: float = 1e-5

    def __post_init__(self) -> None:
        require_int("size", self.size, at_least=1)
        require_real("eps", self.eps, above=0)
        require_share("momentum", self.momentum)

    @property
    def units(self) -> tuple[int, int]:
        return self.size, self.size

    def start(self, rng: np.random.Generator) -> dict[str, Array]:
        return {"gamma": np.ones(self.size), "beta": np.zeros(self.size)}

    def start_buffers(self) -> dict[str, Array]:
        return {"mean": np.zeros(self.size), "var": np.ones(self.size)}

    def forward(self, x: Array, train: bool, rng: np.random.Generator | None) -> Array:
        gamma, beta = self.params["gamma"], self.params["beta"]
        out, self._cache = batchnorm_forward(x, gamma, beta, self.buffers, train, self.momentum, self.eps)
        return out

    def backward(self, dout: Array, need_dx: bool) -> Array:
        dx, self.grads["gamma"][...], self.grads["beta"][...] = batchnorm_backward(dout, self._cache)
        return dx
