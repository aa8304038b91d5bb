"""Training state in one ``.npz`` file: exact, without pickle, replaced whole or not at all."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from nnlib._validate import Array
from nnlib.network import Network
from nnlib.optimizers import Optimizer

_FORMAT = 1
_META = "meta"
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, NotImplementedError)


def save_checkpoint(
    path: str | os.PathLike[str],
    network: Network,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
    *,
    extra: dict[str, Any] | None = None,
    arrays: dict[str, Array] | None = None,
) -> None:
    """Write everything that the next step depends on.

    The file is written under a temporary name beside ``path`` and then renamed, so a crash at any moment
    leaves the previous checkpoint whole.

    Parameters
    ----------
    path
        Where to; conventionally ``*.npz``.
    network, optimizer, rng
        Their parameters, running averages, state arrays, step count, rate and random state.
    extra
        Anything that JSON can hold, such as the epoch and the history.
    arrays
        More arrays to keep, by name.
    """
    target = Path(path)
    meta = {
        "format": _FORMAT,
        "network": repr(network),
        "optimizer": None if optimizer is None else type(optimizer).__name__,
        "rng": None if rng is None else rng.bit_generator.state,
        "extra": extra or {},
    }
    content = {f"arrays/{name}": value for name, value in (arrays or {}).items()}
    content |= {f"buffers/{name}": value for name, value in network.buffers.items()}
    content["theta"] = network.theta
    if optimizer is not None:
        content |= {f"optimizer/{name}": np.asarray(value) for name, value in optimizer.state().items()}
    content[_META] = np.frombuffer(json.dumps(meta, default=_as_list).encode(), dtype=np.uint8)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            np.savez(file, **content)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())  # a rename that reaches the disk before the data would lose both
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def load_checkpoint(
    path: str | os.PathLike[str],
    network: Network,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Put ``network``, ``optimizer`` and ``rng`` into the saved state and return ``(extra, arrays)``.

    Everything is read and checked first: a damaged, truncated or foreign file raises a ``ValueError``
    that names it and leaves all three as they were.
    """
    target = Path(path)
    try:
        # NumPy leaves a file that it opened itself open when the archive turns out to be damaged.
        with target.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            content = {name: archive[name] for name in archive.files}  # reading verifies each checksum
        meta = json.loads(content.pop(_META).tobytes())
        if meta["format"] != _FORMAT:
            raise ValueError(f"format {meta['format']}, expected {_FORMAT}")
    except FileNotFoundError:
        raise
    except _UNREADABLE as error:
        raise ValueError(
            f"{target} is not a whole checkpoint ({type(error).__name__}: {error}). "
            "Restore a copy of it, or delete it to start over."
        ) from error
    _require_match(target, meta, content, network, optimizer, rng)
    network.set_theta(content["theta"])
    network.set_buffers(_under("buffers/", content))
    if optimizer is not None:
        optimizer.load_state(_under("optimizer/", content))
    if rng is not None:
        rng.bit_generator.state = _as_arrays(meta["rng"])
    return meta["extra"], _under("arrays/", content)


def _require_match(
    path: Path,
    meta: dict[str, Any],
    content: dict[str, Array],
    network: Network,
    optimizer: Optimizer | None,
    rng: np.random.Generator | None,
) -> None:
    pairs = [("network", meta["network"], repr(network))]
    if optimizer is not None:
        pairs.append(("optimizer", meta["optimizer"], type(optimizer).__name__))
    if rng is not None:
        name = None if meta["rng"] is None else meta["rng"]["bit_generator"]
        pairs.append(("bit generator", name, type(rng.bit_generator).__name__))
    for kind, saved, wanted in pairs:
        if saved != wanted:
            raise ValueError(
                f"{path} must hold the state of this {kind}, {wanted}, but holds {saved}. "
                "Build the one it was saved from, or choose another file."
            )
    shapes = {"theta": network.theta.shape} | {f"buffers/{n}": v.shape for n, v in network.buffers.items()}
    for name, shape in shapes.items():
        if name not in content or content[name].shape != shape:
            got = content[name].shape if name in content else "nothing"
            raise ValueError(f"{path} must hold {name} of shape {shape}, got {got}. Restore a copy of it.")


def _under(prefix: str, content: dict[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): value for name, value in content.items() if name.startswith(prefix)}


def _as_list(value: Any) -> Any:
    """Let JSON write the arrays in a bit generator's state, and NumPy's numbers in a history."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"extra must be plain data for JSON, got {type(value).__name__}.")


def _as_arrays(state: Any) -> Any:
    if isinstance(state, dict):
        return {name: _as_arrays(value) for name, value in state.items()}
    return np.array(state, dtype=np.uint64) if isinstance(state, list) else state
