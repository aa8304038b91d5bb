"""The lectures' headline figures, computed again beside their own: ``python -m nnlib.lectures``.

The lectures train on CIFAR-10 and ImageNet; here the digits that come with the course stand in for them, so that
figures of trained nets compare in kind and not in digits. Figures that do not depend on data compare exactly.
"""

from nnlib.lectures.tables import Row, Table
from nnlib.lectures.theory import activation_statistics, bias_correction, decay_schedules, relu_statistics
from nnlib.lectures.trained import (
    coarse_then_fine,
    initial_losses,
    learning_rates,
    steps_with_batch_norm,
    twenty_examples,
)

TABLES = {
    "activations": activation_statistics,
    "relu": relu_statistics,
    "initial-loss": initial_losses,
    "overfit": twenty_examples,
    "rates": learning_rates,
    "search": coarse_then_fine,
    "averages": bias_correction,
    "decay": decay_schedules,
    "batch-norm": steps_with_batch_norm,
}

__all__ = ["TABLES", "Row", "Table"]
