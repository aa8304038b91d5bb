"""Pictures of the course, one function each; the only part of nnlib that imports matplotlib.

Every function returns a closed :class:`matplotlib.figure.Figure`: end a cell with the call to see it.
"""

from nnlib.plots.gradcheck import gradient_error_against_step
from nnlib.plots.losses import decision_regions, loss_against_probability, softmax_temperature

__all__ = [
    "decision_regions",
    "gradient_error_against_step",
    "loss_against_probability",
    "softmax_temperature",
]
