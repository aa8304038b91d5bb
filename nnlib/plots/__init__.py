"""Pictures of the course, one function each; the only part of nnlib that imports matplotlib.

A function takes plain data or callables, so that a notebook can pass what the student computed, and returns a
closed :class:`matplotlib.figure.Figure` (or a :class:`Movie`): end a cell with the call to see it.

==========  ==========================================================================================
assignment  pictures
==========  ==========================================================================================
01          ``activations_and_derivatives``, ``blocked_units``
02          ``loss_against_probability``, ``softmax_temperature``, ``decision_regions``
03          ``gradient_error_against_step``
04          ``preprocessing_clouds``, ``elongated_and_round``, ``image_rows``
05          ``histograms_by_layer`` (activations, gradients), ``loss_curves``
06          ``descent_paths``, ``animate_descent``, ``cost_per_step``, ``time_against_batch_size``
07          ``averages_of_temperatures``, ``paths_on_surfaces``, ``animate_on_surfaces``, ``loss_curves``
08          ``schedules``, ``loss_curves``, ``cliff_with_and_without_clipping``
09          ``decision_boundaries``, ``polynomial_fits``, ``train_dev_curves``, ``weight_histograms``
10          ``accuracy_with_and_without``, ``weight_spread``, ``dropout_masks``
11          ``distributions_through_training``, ``loss_curves``, ``steps_to_accuracy``
12          ``grid_against_random``, ``search_scatter``, ``best_and_worst_curves``
13          ``dashboard``, ``wrong_digits``, ``first_layer_weights``
==========  ==========================================================================================
"""

from nnlib.plots import _needs  # noqa: F401 # first, for its message
from nnlib.plots.activations import activations_and_derivatives, blocked_units
from nnlib.plots.animation import Movie, animate_descent, animate_on_surfaces
from nnlib.plots.curves import (
    averages_of_temperatures,
    cost_per_step,
    loss_curves,
    schedules,
    steps_to_accuracy,
    time_against_batch_size,
    train_dev_curves,
)
from nnlib.plots.data import (
    accuracy_with_and_without,
    decision_boundaries,
    image_rows,
    polynomial_fits,
    preprocessing_clouds,
)
from nnlib.plots.gradcheck import gradient_error_against_step
from nnlib.plots.layers import (
    dashboard,
    distributions_through_training,
    dropout_masks,
    first_layer_weights,
    histograms_by_layer,
    weight_histograms,
    weight_spread,
    wrong_digits,
)
from nnlib.plots.losses import decision_regions, loss_against_probability, softmax_temperature
from nnlib.plots.search import best_and_worst_curves, grid_against_random, search_scatter
from nnlib.plots.surfaces import (
    cliff_with_and_without_clipping,
    descent_paths,
    elongated_and_round,
    paths_on_surfaces,
)

__all__ = [
    "Movie",
    "accuracy_with_and_without",
    "activations_and_derivatives",
    "animate_descent",
    "animate_on_surfaces",
    "averages_of_temperatures",
    "best_and_worst_curves",
    "blocked_units",
    "cliff_with_and_without_clipping",
    "cost_per_step",
    "dashboard",
    "decision_boundaries",
    "decision_regions",
    "descent_paths",
    "distributions_through_training",
    "dropout_masks",
    "elongated_and_round",
    "first_layer_weights",
    "gradient_error_against_step",
    "grid_against_random",
    "histograms_by_layer",
    "image_rows",
    "loss_against_probability",
    "loss_curves",
    "paths_on_surfaces",
    "polynomial_fits",
    "preprocessing_clouds",
    "schedules",
    "search_scatter",
    "softmax_temperature",
    "steps_to_accuracy",
    "time_against_batch_size",
    "train_dev_curves",
    "weight_histograms",
    "weight_spread",
    "wrong_digits",
]
