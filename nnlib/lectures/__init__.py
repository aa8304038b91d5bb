"""The lectures' headline figures, computed again beside their own: ``python -m nnlib.lectures``.

Each row says whether the figure ``agrees``, is the same only ``in kind``, is a ``misprint`` of the
lecture, or ``differs``.
The lectures train on CIFAR-10 and ImageNet; here the digits that come with the course stand in for them, so that
figures of trained nets are alike in kind and not in digits. Figures that do not depend on data agree.
"""

from nnlib.lectures.exact import (
    averages,
    batches,
    bias_and_variance,
    decay_schedules,
    gradient_check,
    masks,
    sampling,
    softmax_table,
)
from nnlib.lectures.normalised import batch_norm
from nnlib.lectures.tables import Row, Table
from nnlib.lectures.ten_layers import activation_statistics, depth, variances
from nnlib.lectures.trained import (
    coarse_then_fine,
    ensembles,
    initial_losses,
    learning_rates,
    twenty_examples,
)

TABLES = {
    "dropout": masks,
    "bias": bias_and_variance,
    "depth": depth,
    "variances": variances,
    "gradient": gradient_check,
    "batches": batches,
    "averages": averages,
    "decay": decay_schedules,
    "sampling": sampling,
    "softmax": softmax_table,
    "activations": activation_statistics,
    "initial-loss": initial_losses,
    "overfit": twenty_examples,
    "rates": learning_rates,
    "search": coarse_then_fine,
    "ensemble": ensembles,
    "batch-norm": batch_norm,
}

BY_CHANCE = {"activations", "variances", "initial-loss", "overfit", "rates", "search", "ensemble", "batch-norm"}
"""Tables that other seeds may change."""

__all__ = ["BY_CHANCE", "TABLES", "Row", "Table"]
