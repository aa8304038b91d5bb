"""When to stop, and what is wrong: early stopping, and bias against variance (lectures 001 and 002)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nnlib._validate import as_float, require_int, require_real

_ROUNDING = 1e-9  # far below what a share of any data set is known to, far above round-off


def early_stopping(dev_losses: npt.ArrayLike, patience: int) -> tuple[int, int]:
    """Find where training with patience would have stopped.

    Parameters
    ----------
    dev_losses
        Loss on the dev set after each epoch ``(T,)``.
    patience
        Epochs in a row without a new lowest loss before stopping; a tie is no improvement.

    Returns
    -------
    tuple
        ``(best_epoch, stop_epoch)``, counted from 0. Without a stop, ``stop_epoch`` is the last epoch.
        Losses after the stop are never looked at: training would not have seen them.
    """
    require_int("patience", patience, at_least=1)
    losses = as_float(dev_losses)
    if losses.ndim != 1 or losses.size == 0:
        raise ValueError(f"dev_losses must have shape (T,) with T of 1 or more, got {losses.shape}.")
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(losses):
        if loss < best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, losses.size - 1


def diagnose(train_err: float, dev_err: float, bayes_err: float = 0.0, *, tolerance: float = 0.05) -> str:
    """Read two error rates as a verdict.

    Parameters
    ----------
    train_err, dev_err
        Error rates in [0, 1].
    bayes_err
        The best possible error rate, e.g. that of people.
    tolerance
        A gap up to this is fine, also where 0.20 - 0.15 is a little above 0.05 in binary.
        Bias is the gap from Bayes to training, variance from training to dev.

    Returns
    -------
    str
        ``"high bias"``, ``"high variance"``, ``"high bias and high variance"`` or ``"neither"``.
    """
    for name, value in (("train_err", train_err), ("dev_err", dev_err), ("bayes_err", bayes_err)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be a rate in [0, 1], got {value!r}. Write 15% as 0.15.")
    require_real("tolerance", tolerance, at_least=0)
    limit = tolerance + _ROUNDING
    bias, variance = train_err - bayes_err > limit, dev_err - train_err > limit
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"
