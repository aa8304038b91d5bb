"""The package as notebooks and the grader rely on it: names, signatures, what importing it costs."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

import nnlib

from .public import public_names

SYLLABUS = """
affine_forward(x, w, b) affine_backward(dout, cache) sigmoid(z) sigmoid_backward(da, z) tanh_backward(da, z)
relu(z) relu_backward(da, z) leaky_relu(z, slope=0.01) leaky_relu_backward(da, z, slope=0.01)
elu(z, alpha=1.0) elu_backward(da, z, alpha=1.0) prelu_backward(da, z, alpha)
maxout_forward(x, w, b) maxout_backward(dout, cache)
softmax(scores) one_hot(y, num_classes) cross_entropy(probs, y) softmax_cross_entropy(scores, y)
hinge_loss(scores, y, margin=1.0) mse(pred, target) mae(pred, target) binary_cross_entropy(logits, y)
forward_difference(f, x, h) central_difference(f, x, h) numerical_gradient(f, x, h=1e-05) relative_error(a, b)
flatten(params) unflatten(theta, like) check_gradient(f, grad, x)
train_dev_test_split(X, y, fractions, rng) standardize_fit(X) standardize_apply(X, mean, std)
pca_fit(X, k) whiten(X, eps=1e-05) mean_image(X) channel_mean(images) flip_horizontal(images)
random_shift(images, max_shift, rng) random_crop(images, size, rng)
init_zeros(fan_in, fan_out) init_normal(fan_in, fan_out, std, rng) xavier_normal(fan_in, fan_out, rng)
xavier_uniform(fan_in, fan_out, rng) he_normal(fan_in, fan_out, rng) he_uniform(fan_in, fan_out, rng)
lecun_normal(fan_in, fan_out, rng) activation_stats(sizes, init, activation, rng)
random_minibatches(X, y, batch_size, rng) gradient_step(params, grads, lr) steps_per_epoch(n, batch_size)
batch_gradient_descent(X, y, lr, epochs) stochastic_gradient_descent(X, y, lr, epochs, rng)
minibatch_gradient_descent(X, y, lr, epochs, batch_size, rng)
ewa(values, beta) ewa_corrected(values, beta) momentum_step(w, dw, state, lr, beta=0.9)
classic_momentum_step(w, dw, state, lr, rho=0.9) nesterov_step(w, dw, state, lr, rho=0.9)
adagrad_step(w, dw, state, lr, eps=1e-08) rmsprop_step(w, dw, state, lr, beta=0.9, eps=1e-08)
adam_step(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-08)
inverse_time_decay(lr0, epoch, rate) exponential_decay(lr0, epoch, base=0.95) sqrt_decay(lr0, epoch, k)
staircase_decay(lr0, epoch, drop, every) cosine_restarts(lr_max, lr_min, step, period)
clip_by_value(g, low, high) clip_by_norm(g, threshold) clip_by_global_norm(grads, threshold)
has_exploded(costs, factor=3.0)
l2_penalty(weights, lam, m) l2_gradient(weights, lam, m) l1_penalty(weights, lam, m) l1_gradient(weights, lam, m)
elastic_net_penalty(weights, lam, beta, m) weight_decay_step(w, dw, lr, lam, m)
early_stopping(dev_losses, patience) diagnose(train_err, dev_err, bayes_err=0.0)
dropout_forward(x, keep_prob, rng, train=True) dropout_backward(dout, cache)
classic_dropout_forward(x, keep_prob, rng, train=True)
forward_with_dropout(x, params, keep_probs, rng, train=True) backward_with_dropout(dscores, cache)
batchnorm_forward(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-05) batchnorm_backward(dout, cache)
update_running(running, mean, var, momentum) fold_batchnorm(w, b, gamma, beta, mean, var, eps=1e-05)
sample_log_uniform(low, high, n, rng) sample_momentum(low, high, n, rng) sample_uniform_int(low, high, n, rng)
grid(points) random_search(objective, space, n, rng) narrow(space, results, keep) at_edge(space, best)
build_network(sizes, rng) train(network, X, y) ensemble_average(probs) snapshot_ensemble(network, X, y)
"""
CALLS = [call.strip() + ")" for call in SYLLABUS.replace("\n", " ").split(")") if call.strip()]


@pytest.mark.parametrize("call", CALLS, ids=[call.split("(")[0] for call in CALLS])
def test_every_exercise_has_its_reference_with_the_contracts_signature(call):
    """Names, order and defaults are the syllabus's; what a function adds comes after and is optional."""
    name, rest = call[:-1].split("(")
    wanted = [part.strip() for part in rest.split(",")]
    parameters = list(inspect.signature(getattr(nnlib, name)).parameters.values())
    have = [p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in parameters]
    assert have[: len(wanted)] == wanted
    for extra in parameters[len(wanted) :]:
        optional = extra.default is not extra.empty or extra.kind is extra.VAR_KEYWORD
        assert optional or extra.kind is extra.KEYWORD_ONLY, extra


@pytest.mark.parametrize("name", public_names(nnlib))
def test_every_public_name_is_documented(name):
    """A name without a docstring would leave help() silent."""
    assert inspect.getdoc(getattr(nnlib, name))


def test_importing_nnlib_brings_numpy_alone():
    """Neither pictures, downloads nor notebooks are paid for before they are used."""
    script = "import sys, nnlib; print([m for m in ('matplotlib', 'pooch', 'IPython', 'torch') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_global_random_state_is_left_alone(rng):
    """Drawing, training and splitting use the generator they are given and no other."""
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not move
    X, y = nnlib.make_moons(60, 0.1, rng)
    network = nnlib.build_network([2, 4, 2], rng, keep_prob=0.5)
    nnlib.fit(network, X, y, rng=rng, epochs=2)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
