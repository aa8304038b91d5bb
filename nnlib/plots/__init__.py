"""Pictures of the course, one function each; the only part of nnlib that imports matplotlib.

A function takes plain data or callables, so that a notebook can pass what the student computed, and returns a
closed :class:`matplotlib.figure.Figure` (or a :class:`Movie`): end a cell with the call to see it.
``network`` draws a network in any of them.

==========  ==========================================================================================
assignment  pictures
==========  ==========================================================================================
01          ``decision_boundaries``, ``activations_and_derivatives``, ``blocked_units``
02          ``loss_against_probability``, ``softmax_temperature``, ``decision_regions``, ``squared_and_absolute``
03          ``gradient_error_against_step``, ``error_against_weights``, ``computational_graph``, ``secants``
04          ``nudged_lines``, ``preprocessing_clouds``, ``elongated_and_round``, ``image_rows``, ``learning_curve``
05          ``histograms_by_layer``, ``measured_against``, ``loss_curves``, ``decision_boundaries``
06          ``out_of_a_valley``, ``descent_paths``, ``animate_descent``, ``cost_per_step``, ``time_against_batch_size``
07          ``averages_of_temperatures``, ``momentum_and_nesterov``, ``paths_on_surfaces``,
            ``animate_on_surfaces``, ``loss_curves``, ``weights_of_the_past``, ``landscape``
08          ``schedules``, ``loss_curves``, ``curves_apart``, ``clipping_arrows``, ``cliff_with_and_without_clipping``
09          ``decision_boundaries``, ``polynomial_fits``, ``train_dev_curves``, ``weight_histograms``,
            ``stiff_and_free``, ``improvement_loop``, ``diamond_and_circle``, ``linear_zone``, ``error_over_strength``
10          ``accuracy_with_and_without``, ``weight_spread``, ``dropout_masks``
11          ``chain``, ``measured_against``, ``distributions_through_training``, ``loss_curves``, ``steps_to_accuracy``
12          ``draws_by_decade``, ``grid_against_random``, ``search_scatter``, ``best_and_worst_curves``
13          ``dashboard``, ``wrong_digits``, ``units_and_their_digits``, ``result_card``, ``first_layer_weights``
==========  ==========================================================================================
"""

from nnlib.plots import _needs  # noqa: F401 # first, for its message
from nnlib.plots.activations import activations_and_derivatives as activations_and_derivatives
from nnlib.plots.activations import blocked_units as blocked_units
from nnlib.plots.animation import Movie as Movie
from nnlib.plots.animation import animate_descent as animate_descent
from nnlib.plots.animation import animate_on_surfaces as animate_on_surfaces
from nnlib.plots.cards import result_card as result_card
from nnlib.plots.cards import units_and_their_digits as units_and_their_digits
from nnlib.plots.clipping import clipping_arrows as clipping_arrows
from nnlib.plots.curves import averages_of_temperatures as averages_of_temperatures
from nnlib.plots.curves import cost_per_step as cost_per_step
from nnlib.plots.curves import curves_apart as curves_apart
from nnlib.plots.curves import loss_curves as loss_curves
from nnlib.plots.curves import schedules as schedules
from nnlib.plots.curves import steps_to_accuracy as steps_to_accuracy
from nnlib.plots.curves import time_against_batch_size as time_against_batch_size
from nnlib.plots.curves import train_dev_curves as train_dev_curves
from nnlib.plots.data import accuracy_with_and_without as accuracy_with_and_without
from nnlib.plots.data import decision_boundaries as decision_boundaries
from nnlib.plots.data import image_rows as image_rows
from nnlib.plots.data import learning_curve as learning_curve
from nnlib.plots.data import nudged_lines as nudged_lines
from nnlib.plots.data import polynomial_fits as polynomial_fits
from nnlib.plots.data import preprocessing_clouds as preprocessing_clouds
from nnlib.plots.depth import landscape as landscape
from nnlib.plots.depth import weights_of_the_past as weights_of_the_past
from nnlib.plots.diagrams import network as network
from nnlib.plots.gradcheck import error_against_weights as error_against_weights
from nnlib.plots.gradcheck import gradient_error_against_step as gradient_error_against_step
from nnlib.plots.gradcheck import secants as secants
from nnlib.plots.graphs import chain as chain
from nnlib.plots.graphs import computational_graph as computational_graph
from nnlib.plots.layers import dashboard as dashboard
from nnlib.plots.layers import distributions_through_training as distributions_through_training
from nnlib.plots.layers import dropout_masks as dropout_masks
from nnlib.plots.layers import first_layer_weights as first_layer_weights
from nnlib.plots.layers import histograms_by_layer as histograms_by_layer
from nnlib.plots.layers import weight_histograms as weight_histograms
from nnlib.plots.layers import weight_spread as weight_spread
from nnlib.plots.layers import wrong_digits as wrong_digits
from nnlib.plots.losses import decision_regions as decision_regions
from nnlib.plots.losses import loss_against_probability as loss_against_probability
from nnlib.plots.losses import softmax_temperature as softmax_temperature
from nnlib.plots.losses import squared_and_absolute as squared_and_absolute
from nnlib.plots.measured import measured_against as measured_against
from nnlib.plots.regularization import diamond_and_circle as diamond_and_circle
from nnlib.plots.regularization import error_over_strength as error_over_strength
from nnlib.plots.regularization import improvement_loop as improvement_loop
from nnlib.plots.regularization import linear_zone as linear_zone
from nnlib.plots.regularization import stiff_and_free as stiff_and_free
from nnlib.plots.search import best_and_worst_curves as best_and_worst_curves
from nnlib.plots.search import draws_by_decade as draws_by_decade
from nnlib.plots.search import grid_against_random as grid_against_random
from nnlib.plots.search import search_scatter as search_scatter
from nnlib.plots.surfaces import cliff_with_and_without_clipping as cliff_with_and_without_clipping
from nnlib.plots.surfaces import descent_paths as descent_paths
from nnlib.plots.surfaces import elongated_and_round as elongated_and_round
from nnlib.plots.surfaces import momentum_and_nesterov as momentum_and_nesterov
from nnlib.plots.surfaces import out_of_a_valley as out_of_a_valley
from nnlib.plots.surfaces import paths_on_surfaces as paths_on_surfaces
