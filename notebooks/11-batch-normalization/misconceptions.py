"""Wrong implementations that students hand in for 11-batch-normalization, each with what a good TA says.

Every function stands alone. Caches have the layout that the notebook suggests, (x_hat, inv_std, gamma), so that
the diagnosis, which repeats the recorded calls, can recognise a student's work.
"""

import numpy as np

from grader.authoring import misconception

# ---------------------------------------------------------------- update_running


def _average(running, mean, var, momentum):
    """The right update, for mistakes made elsewhere."""
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="Momentum is taken as the share of the new batch; here it is the share of the old average.",
    hint="With momentum 0.9 and one batch of mean 10, should the average be at 1 or at 9?",
)
def running_gives_momentum_to_the_new(running, mean, var, momentum):
    return _average(running, mean, var, 1 - momentum)


@misconception(
    of="update_running",
    says="The averages of an empty dict are those of the first batch, not a step from mean 0 and variance 1.",
    hint="What does the text say an empty dict stands for? Take the first batch like any other.",
)
def running_starts_with_the_first_batch(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.array(mean), np.array(var)
        return running
    return _average(running, mean, var, momentum)


@misconception(
    of="update_running",
    says="The average of the variance starts at 0; an empty dict stands for variance 1.",
    hint="An untrained batch norm must not divide by nearly nothing. Which variance changes nothing?",
)
def running_starts_the_variance_at_zero(running, mean, var, momentum):
    running.setdefault("var", np.zeros_like(var))
    return _average(running, mean, var, momentum)


@misconception(
    of="update_running",
    says="The average of the mean starts at 1; an empty dict stands for mean 0.",
    hint="Two numbers start differently. Which mean changes nothing?",
)
def running_starts_the_mean_at_one(running, mean, var, momentum):
    running.setdefault("mean", np.ones_like(mean))
    return _average(running, mean, var, momentum)


@misconception(
    of="update_running",
    says="The standard deviation is averaged, not the variance.",
    hint="What does the name `var` of the entry promise, and who takes the root later?",
)
def running_averages_the_deviation(running, mean, var, momentum):
    return _average(running, mean, np.sqrt(var), momentum)


@misconception(
    of="update_running",
    says="Only the mean is averaged; the variance stays where it was.",
    hint="Print running['var'] after two different batches.",
)
def running_forgets_the_variance(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running.setdefault("var", np.ones_like(var))
    return running


@misconception(
    of="update_running",
    says="The average of the variance is computed from the means.",
    hint="Read the line for the variance once more, name by name. Copied from the line above?",
)
def running_mixes_mean_into_variance(running, mean, var, momentum):
    new_mean = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * mean
    running["mean"] = new_mean
    return running


@misconception(
    of="update_running",
    says="Mean and variance are stored under each other's name.",
    hint="After one batch of mean 10 and variance 5, which entry should be the larger?",
)
def running_swaps_the_entries(running, mean, var, momentum):
    return _average(running, var, mean, momentum)


@misconception(
    of="update_running",
    says="A new dict is returned and the caller's own stays as it was.",
    hint="The caller keeps its dict and looks into that one. Which object do you change?",
)
def running_makes_a_new_dict(running, mean, var, momentum):
    return _average(dict(running), mean, var, momentum)


@misconception(
    of="update_running",
    says="The averages are moved, but nothing is returned.",
    hint="The dict is asked for in two ways: changed, and as the result.",
)
def running_returns_nothing(running, mean, var, momentum):
    _average(running, mean, var, momentum)


@misconception(
    of="update_running",
    says="The old average is kept whole and the batch's share added, so the averages grow without end.",
    hint="Old and new shares must add up to 1. With equal batches, where does your average go?",
)
def running_adds_without_forgetting(running, mean, var, momentum):
    running["mean"] = running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = running.get("var", 1.0) + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="The batch is added whole to a share of the old average, without its own share 1 − momentum.",
    hint="Old and new shares must add up to 1. With equal batches of mean 10, where does your average end?",
)
def running_adds_the_whole_batch(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", 0.0) + mean
    running["var"] = momentum * running.get("var", 1.0) + var
    return running


@misconception(
    of="update_running",
    says="The averages are replaced by the batch's statistics: nothing is remembered.",
    hint="What is momentum for in your function?",
)
def running_remembers_nothing(running, mean, var, momentum):
    running["mean"], running["var"] = np.array(mean), np.array(var)
    return running


@misconception(
    of="update_running",
    says="The momentum is always 0.9, whatever is asked for.",
    hint="Which of your numbers should be the argument?",
)
def running_always_uses_nine_tenths(running, mean, var, momentum):
    return _average(running, mean, var, 0.9)


@misconception(
    of="update_running",
    says="The average is taken over all features, so every feature gets the same number.",
    hint="Each feature has its own average: the shape of an entry is (K,).",
)
def running_averages_over_features(running, mean, var, momentum):
    return _average(running, np.full_like(mean, np.mean(mean)), np.full_like(var, np.mean(var)), momentum)


@misconception(
    of="update_running",
    says="The step goes away from the batch: the sign of the difference is wrong.",
    hint="If the batch's mean is above the average, the average must rise.",
)
def running_moves_away(running, mean, var, momentum):
    old_mean, old_var = running.get("mean", 0.0), running.get("var", 1.0)
    running["mean"] = old_mean + (1 - momentum) * (old_mean - mean)
    running["var"] = old_var + (1 - momentum) * (old_var - var)
    return running


@misconception(
    of="update_running",
    says="An empty dict is not provided for: the first batch raises a KeyError.",
    hint="What does running['mean'] do before the first batch? Look at dict.get.",
)
def running_needs_a_start(running, mean, var, momentum):
    running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
    running["var"] = momentum * running["var"] + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="The arrays `mean` and `var` of the batch are changed on the way.",
    hint="`*=` and `+=` write into the array they stand behind. Whose array is it?",
)
def running_scales_the_batch_in_place(running, mean, var, momentum):
    old_mean, old_var = running.get("mean", 0.0), running.get("var", 1.0)
    mean *= 1 - momentum
    var *= 1 - momentum
    running["mean"], running["var"] = momentum * old_mean + mean, momentum * old_var + var
    return running


@misconception(
    of="update_running",
    says="For the variance the two shares have changed places; for the mean they are right.",
    hint="Lay the two lines side by side. They should differ in the names only.",
)
def running_swaps_the_shares_of_the_variance(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = (1 - momentum) * running.get("var", 1.0) + momentum * var
    return running


@misconception(
    of="update_running",
    says="The entries are called running_mean and running_var, not mean and var.",
    hint="Who reads the dict later looks for the names in the text.",
)
def running_under_other_names(running, mean, var, momentum):
    running["running_mean"] = momentum * running.get("running_mean", 0.0) + (1 - momentum) * mean
    running["running_var"] = momentum * running.get("running_var", 1.0) + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="A pair of arrays is returned, not the dict.",
    hint="What goes in as running should also come out.",
)
def running_returns_a_pair(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    return running["mean"], running["var"]


@misconception(
    of="update_running",
    says="A plain average over all batches is kept, by counting them; momentum is not used.",
    hint="The text gives the old average the share momentum at every batch, however many there were.",
)
def running_counts_the_batches(running, mean, var, momentum):
    count = running["count"] = running.get("count", 0) + 1
    running["mean"] = running.get("mean", 0.0) + (mean - running.get("mean", 0.0)) / count
    running["var"] = running.get("var", 1.0) + (var - running.get("var", 1.0)) / count
    return running


@misconception(
    of="update_running",
    says="The variance is squared; it is a square already.",
    hint="What does var hold: standard deviations or variances?",
)
def running_squares_the_variance(running, mean, var, momentum):
    return _average(running, mean, var**2, momentum)


@misconception(
    of="update_running",
    says="The dict gets an entry besides mean and var.",
    hint="Which entries may running hold after a call?",
)
def running_keeps_a_count(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    running["count"] = running.get("count", 0) + 1
    return running


@misconception(
    of="update_running",
    says="The averages are corrected for their start, as Adam does; no correction is made here.",
    hint="Follow the example by hand: after the first batch, is the mean 1 or 10?",
)
def running_corrects_the_start(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    running["mean"], running["var"] = running["mean"] / (1 - momentum), running["var"] / (1 - momentum)
    return running


@misconception(
    of="update_running",
    says="The batch's variance goes into the average of the mean as well.",
    hint="Which of the arguments mean and var does each of your two lines use?",
)
def running_mixes_variance_into_mean(running, mean, var, momentum):
    return _average(running, var, var, momentum)


@misconception(
    of="update_running",
    says="The old mean stands where the old variance should.",
    hint="Which old average does each of your two lines use?",
)
def running_carries_the_mean_into_the_variance(running, mean, var, momentum):
    old = running.get("mean", np.zeros_like(mean))
    _average(running, mean, var, momentum)
    running["var"] = momentum * old + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="The old averages are multiplied by the square of momentum.",
    hint="Is the momentum applied twice to the same array?",
)
def running_squares_the_momentum(running, mean, var, momentum):
    old = dict(running) or {"mean": np.zeros_like(mean), "var": np.ones_like(var)}
    running["mean"] = momentum**2 * old["mean"] + (1 - momentum) * mean
    running["var"] = momentum**2 * old["var"] + (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="An empty dict is only filled with 0 and 1: the first batch itself is lost.",
    hint="After the dict has got its start, does your function go on to the formula?",
)
def running_loses_the_first_batch(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.zeros_like(mean), np.ones_like(var)
        return running
    return _average(running, mean, var, momentum)


@misconception(
    of="update_running",
    says="The variance is made unbiased with the number of features; it stays as it comes.",
    hint="How many examples a batch has cannot be seen from mean and var. Is there anything to correct?",
)
def running_unbiased_by_features(running, mean, var, momentum):
    return _average(running, mean, var * len(var) / (len(var) - 1), momentum)


@misconception(
    of="update_running",
    says="The average and the batch count half each; momentum is not used.",
    hint="Where does momentum enter your formula?",
)
def running_takes_the_middle(running, mean, var, momentum):
    return _average(running, mean, var, 0.5)


@misconception(
    of="update_running",
    says="The batch's share is subtracted instead of added.",
    hint="From mean 0, which sign has the average after a batch with mean 10?",
)
def running_subtracts_the_batch(running, mean, var, momentum):
    old = dict(running) or {"mean": np.zeros_like(mean), "var": np.ones_like(var)}
    running["mean"] = momentum * old["mean"] - (1 - momentum) * mean
    running["var"] = momentum * old["var"] - (1 - momentum) * var
    return running


@misconception(
    of="update_running",
    says="For the mean, the batch's share is subtracted instead of added.",
    hint="From mean 0, which sign has the average after a batch with mean 10?",
)
def running_subtracts_the_mean(running, mean, var, momentum):
    return _average(running, -mean, var, momentum)


# ---------------------------------------------------------------- batchnorm_backward


def _right(dout, cache):
    x_hat, inv_std, gamma = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="Mean and variance are treated as constants: dx takes the straight road only.",
    hint="If one x moves, the mean and the variance move, and with them the outputs of all others.",
)
def backward_on_the_straight_road(dout, cache):
    _, inv_std, gamma = cache
    return dout * gamma * inv_std, *_right(dout, cache)[1:]


@misconception(
    of="batchnorm_backward",
    says="The road through the mean is missing in dx.",
    hint="Does your dx add up to zero over the batch?",
)
def backward_without_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - x_hat * dgamma / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is missing in dx.",
    hint="Two examples and one feature: dx must be zero whatever dout is. Is it?",
)
def backward_without_the_variance(dout, cache):
    _, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="gamma is missing in dx.",
    hint="The first step back goes from out to x_hat. By which factor does out grow with x_hat?",
)
def backward_without_gamma(dout, cache):
    x_hat, inv_std, _ = cache
    return _right(dout, (x_hat, inv_std, np.ones_like(inv_std)))


@misconception(
    of="batchnorm_backward",
    says="gamma comes in twice in dx.",
    hint="From out to x_hat gamma is a factor once. In which two of your lines does it stand?",
)
def backward_with_gamma_twice(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return cache[2] * dx, dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dx is not divided by the standard deviation.",
    hint="All three roads hold a factor 1/s. Where is yours?",
)
def backward_without_the_deviation(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, np.ones_like(inv_std), gamma))


@misconception(
    of="batchnorm_backward",
    says="dx is multiplied by the standard deviation where it must be divided by it.",
    hint="If the inputs are spread wider, does moving one of them matter more or less?",
)
def backward_times_the_deviation(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, 1 / inv_std, gamma))


@misconception(
    of="batchnorm_backward",
    says="dx is divided by the variance instead of the standard deviation.",
    hint="Which power of s stands in the derivative of x_hat by x?",
)
def backward_divides_by_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, inv_std**2, gamma))


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta have changed places.",
    hint="out = gamma · x_hat + beta: which of the two gradients has x_hat in it?",
)
def backward_swaps_dgamma_and_dbeta(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dbeta, dgamma


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta are averaged over the batch instead of summed.",
    hint="If the loss is a mean, its 1/N is in dout already. What remains to be done with the examples?",
)
def backward_averages_the_parameters(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta are not summed over the batch and have the shape of dout.",
    hint="A gradient has the shape of what it belongs to. How many gammas are there?",
)
def backward_does_not_sum_the_parameters(dout, cache):
    return _right(dout, cache)[0], dout * cache[0], dout


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta are summed along the features, which fits, wrongly, only where N equals K.",
    hint="gamma has one entry a feature. Which axis has to go?",
)
def backward_sums_along_the_features(dout, cache):
    return _right(dout, cache)[0], (dout * cache[0]).sum(axis=1), dout.sum(axis=1)


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta keep an axis of length 1.",
    hint="gamma is (K,), so its gradient is (K,) too. What does keepdims do?",
)
def backward_keeps_an_axis(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma[np.newaxis], dbeta[np.newaxis]


@misconception(
    of="batchnorm_backward",
    says="dgamma and dbeta are one number each, summed over everything.",
    hint="sum() without an axis adds up all features as well. How many gammas are there?",
)
def backward_sums_everything(dout, cache):
    return _right(dout, cache)[0], (dout * cache[0]).sum(), dout.sum()


@misconception(
    of="batchnorm_backward",
    says="dgamma collects dout alone, without the normalised input.",
    hint="How much does out change when gamma changes a little and x_hat is large?",
)
def backward_forgets_x_hat_in_dgamma(dout, cache):
    dx, _, dbeta = _right(dout, cache)
    return dx, dbeta.copy(), dbeta


@misconception(
    of="batchnorm_backward",
    says="dgamma has a factor gamma too many.",
    hint="The derivative of gamma · x_hat by gamma holds no gamma.",
)
def backward_scales_dgamma_by_gamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, cache[2] * dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dgamma uses the centred input, not the normalised one.",
    hint="gamma multiplies x_hat. Is what you multiply dout with already divided by the deviation?",
)
def backward_takes_centred_inputs_for_dgamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / cache[1], dbeta


@misconception(
    of="batchnorm_backward",
    says="The sums of the roads through mean and variance are not divided by N.",
    hint="By how much does the mean move when one of N numbers moves by 1?",
)
def backward_forgets_the_share_of_one_example(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is half as wide as it should be: a factor 2 got lost.",
    hint="What is the derivative of (x − mean)² ?",
)
def backward_loses_the_two_of_the_square(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma / 2) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is twice as wide as it should be: the ½ of the root got lost.",
    hint="What is the derivative of the power −½?",
)
def backward_loses_the_half_of_the_root(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + 2 * x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is added with the wrong sign.",
    hint="A larger variance makes x_hat smaller: the derivative of the power −½ is negative.",
)
def backward_flips_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta - x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the mean is added with the wrong sign.",
    hint="A larger mean makes every x_hat smaller.",
)
def backward_flips_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (-dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The power of s in the road through the variance is wrong: −½ where the table has −3 (of s).",
    hint="Differentiate (var + eps) to the power −½ by var, and count the power that is left.",
)
def backward_with_a_power_too_few(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma / inv_std**2) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The roads through mean and variance divide by N − 1; the forward pass divides by N.",
    hint="Which number did the mean and the variance of the forward pass divide by?",
)
def backward_divides_by_n_minus_one(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / (len(dout) - 1)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dx is divided by N as a whole, though dout holds the 1/N of the loss already.",
    hint="Two of the three roads have a 1/N of their own. And the straight one?",
)
def backward_divides_everything_by_n(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx / len(dout), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The mean over the batch is taken along the wrong axis in dx.",
    hint="The examples of one feature stand in a column. Along which axis do you sum?",
)
def backward_takes_means_over_features(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    along = (dout.mean(axis=1, keepdims=True), (dout * x_hat).mean(axis=1, keepdims=True))
    return gamma * inv_std * (dout - along[0] - x_hat * along[1]), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The gradients are returned in another order than dx, dgamma, dbeta.",
    hint="The order is that of the arguments of batchnorm_forward.",
)
def backward_in_another_order(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dgamma, dbeta, dx


@misconception(
    of="batchnorm_backward",
    says="dout is changed: the caller's array is multiplied by gamma as well.",
    hint="`dout *= ...` writes into the array that the caller still needs.",
)
def backward_scales_dout_in_place(dout, cache):
    x_hat, inv_std, gamma = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dout *= gamma
    dx = inv_std * (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0))
    return dx, dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The gradient of x_hat is returned as dx: the way from x_hat to x is missing.",
    hint="dout times gamma is the gradient of the normalised input. How do you get from there to x?",
)
def backward_stops_at_x_hat(dout, cache):
    return dout * cache[2], *_right(dout, cache)[1:]


@misconception(
    of="batchnorm_backward",
    says="gamma is missing on the straight road only.",
    hint="dout times gamma is what arrives at x_hat, and all three roads start there.",
)
def backward_without_gamma_straight_on(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return inv_std * (dout - gamma * (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="gamma is missing on the roads through mean and variance.",
    hint="dout times gamma is what arrives at x_hat, and all three roads start there.",
)
def backward_without_gamma_on_the_side_roads(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return inv_std * (gamma * dout - (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the mean lacks its factor 1/s.",
    hint="Look at the table: what does it say for the way from the mean to each x_hat?",
)
def backward_takes_the_mean_unscaled(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (inv_std * dout - (dbeta + inv_std * x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dx has the wrong sign.",
    hint="Larger dout at a large x: should that x move with it or against it? Compare with central differences.",
)
def backward_turns_dx_round(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return -dx, dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dbeta is averaged over the batch; dgamma is summed.",
    hint="beta and gamma are both shared by all examples. Why should they differ?",
)
def backward_averages_dbeta(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma, dbeta / len(dout)


@misconception(
    of="batchnorm_backward",
    says="dbeta has a factor gamma too many.",
    hint="By how much does out change when beta changes by 1?",
)
def backward_scales_dbeta_by_gamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma, cache[2] * dbeta


@misconception(
    of="batchnorm_backward",
    says="In dx the sums that belong to mean and variance have changed places.",
    hint="Which of the two sums holds x_hat already, and which of them is multiplied by x_hat again?",
)
def backward_crosses_the_side_roads(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dgamma + x_hat * dbeta) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dgamma is averaged over the batch; dbeta is summed.",
    hint="dout holds the 1/N of the loss already. What do both parameters collect?",
)
def backward_averages_dgamma(dout, cache):
    dx, dgamma, dbeta = _right(dout, cache)
    return dx, dgamma / len(dout), dbeta


@misconception(
    of="batchnorm_backward",
    says="All three gradients are divided by N, though dout holds the 1/N of the loss already.",
    hint="For a loss that is a mean, where is its 1/N?",
)
def backward_averages_everything(dout, cache):
    return tuple(gradient / len(dout) for gradient in _right(dout, cache))


@misconception(
    of="batchnorm_backward",
    says="N is the number of features here; it must be that of the examples.",
    hint="Which axis of dout runs over the batch?",
)
def backward_divides_by_the_features(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / dout.shape[1]), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="N is the number of all entries here; it must be that of the examples.",
    hint="What does dout.size count, and what len(dout)?",
)
def backward_divides_by_the_entries(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / dout.size), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the mean is not divided by N.",
    hint="By how much does the mean move when one of N examples moves by 1?",
)
def backward_forgets_n_in_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is not divided by N.",
    hint="Look at the table: from x to the variance.",
)
def backward_forgets_n_in_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta / len(dout) - x_hat * dgamma), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The straight road is divided by N as well, like the two others.",
    hint="In the short formula, which of the three terms in the bracket has a factor N?",
)
def backward_divides_the_straight_road_by_n(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - dbeta - x_hat * dgamma) / len(dout), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the mean is not summed over the batch: each example goes back along its own share only.",
    hint="One mean serves all examples. What does its gradient collect?",
)
def backward_does_not_collect_for_the_mean(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dout + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance is not summed over the batch: each example goes back along its own share only.",
    hint="One variance serves all examples. What does its gradient collect?",
)
def backward_does_not_collect_for_the_variance(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + x_hat * dout * x_hat) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="Mean and variance collect along the features (axis 1), not over the batch.",
    hint="One mean belongs to one feature. Over which axis do its examples lie?",
)
def backward_collects_along_the_features(dout, cache):
    x_hat, inv_std, gamma = cache
    straight = dout * gamma * inv_std
    mean, var = straight.sum(axis=1, keepdims=True), (straight * x_hat * inv_std).sum(axis=1, keepdims=True)
    return straight - (mean + x_hat / inv_std * var) / len(dout), *_right(dout, cache)[1:]


@misconception(
    of="batchnorm_backward",
    says="The power of s in the road through the variance is wrong: −2 where the table has −3.",
    hint="Differentiate the power −½ of the variance: which power is left, and of s?",
)
def backward_with_one_power_too_few(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (inv_std * (dout - dbeta / len(dout)) - x_hat * dgamma / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The straight road lacks its factor 1/s.",
    hint="Look at the first line of the table.",
)
def backward_takes_the_straight_road_unscaled(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * (dout - inv_std * (dbeta + x_hat * dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="The road through the variance lacks its last factor: how x moves the variance.",
    hint="Look at the table, from x to the variance: does every example move it by the same amount?",
)
def backward_moves_the_variance_alike(dout, cache):
    _, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    return gamma * inv_std * (dout - (dbeta + dgamma) / len(dout)), dgamma, dbeta


@misconception(
    of="batchnorm_backward",
    says="dx is divided by gamma where it must be multiplied by it.",
    hint="out = gamma * x_hat + beta. What is the derivative with respect to x_hat?",
)
def backward_divides_by_gamma(dout, cache):
    x_hat, inv_std, gamma = cache
    return _right(dout, (x_hat, inv_std, 1 / gamma))


@misconception(
    of="batchnorm_backward",
    says="dout itself is returned for dx.",
    hint="Which way leads from out back to x?",
)
def backward_returns_dout(dout, cache):
    return dout.copy(), *_right(dout, cache)[1:]


@misconception(
    of="batchnorm_backward",
    says="dx is zero everywhere.",
    hint="The sum of dx over the batch is zero; is dx itself?",
)
def backward_returns_zeros(dout, cache):
    return np.zeros_like(dout), *_right(dout, cache)[1:]


@misconception(
    of="batchnorm_backward",
    says="dx alone is returned; gamma and beta have gradients, too.",
    hint="How many gradients does the exercise ask for?",
)
def backward_returns_dx_alone(dout, cache):
    return _right(dout, cache)[0]


@misconception(
    of="batchnorm_backward",
    says="A dict is returned; three gradients are asked for, in the order dx, dgamma, dbeta.",
    hint="What can be written on the left of dx, dgamma, dbeta = ...?",
)
def backward_returns_a_dict(dout, cache):
    return dict(zip(("dx", "dgamma", "dbeta"), _right(dout, cache), strict=True))


@misconception(
    of="batchnorm_backward",
    says="Nothing is returned.",
    hint="Does your function end with return?",
)
def backward_returns_nothing(dout, cache):
    return None


@misconception(
    of="batchnorm_backward",
    says="The normalised input in the cache is overwritten, so that the same call made again gives something else.",
    hint="Do you write *= or -= on an array that came out of the cache?",
)
def backward_writes_into_the_cache(dout, cache):
    x_hat, inv_std, gamma = cache
    _, dgamma, dbeta = _right(dout, cache)
    x_hat *= dgamma / len(dout)
    return gamma * inv_std * (dout - dbeta / len(dout) - x_hat), dgamma, dbeta


# ---------------------------------------------------------------- batchnorm_forward


def _normalise(x, gamma, beta, mean, var, eps):
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)


def _statistics(x, running, train, momentum):
    """The right mean and variance, with the right update."""
    if not train:
        return running.get("mean", 0.0), running.get("var", 1.0)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, var, momentum)
    return mean, var


@misconception(
    of="batchnorm_forward",
    says="The statistics are taken over the features of each example (axis 1), not over the batch.",
    hint="One mean a feature: which axis of (N, K) has to go to leave (K,)?",
)
def forward_normalises_each_example(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The statistics run along axis 1, which only fits, and then wrongly, where N equals K.",
    hint="One mean a feature: which axis of (N, K) has to go to leave (K,)?",
)
def forward_takes_the_other_axis(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=1), x.var(axis=1)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="One mean and one variance are taken over the whole array instead of one a feature.",
    hint="x.mean() without an axis is a single number. How many means does a batch of K features have?",
)
def forward_normalises_everything_at_once(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(), x.var()
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The normaliser uses the variance over N − 1; batch norm uses the biased one, over N.",
    hint="Normalise two examples by hand. What do you divide by? Look at ddof.",
)
def forward_divides_by_n_minus_one(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The deviation from the mean is divided by the variance instead of its root.",
    hint="In which unit is x, in which the variance? The quotient must have none.",
)
def forward_divides_by_the_variance(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    x_hat = (x - mean) / (var + eps)
    return gamma * x_hat + beta, (x_hat, 1 / (var + eps), gamma)


@misconception(
    of="batchnorm_forward",
    says="eps is added after the root is taken, to the standard deviation.",
    hint="The text puts eps inside the root. At variance 0 and eps 1e-2, what do you divide by?",
)
def forward_adds_eps_to_the_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    inv_std = 1 / (np.sqrt(var) + eps)
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)


@misconception(
    of="batchnorm_forward",
    says="eps is left out, so that a constant feature divides zero by zero.",
    hint="Try a feature that is the same for every example of the batch.",
)
def forward_without_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 0.0)


@misconception(
    of="batchnorm_forward",
    says="eps is always 1e-5, whatever is asked for.",
    hint="Which of your numbers should be the argument?",
)
def forward_with_an_eps_of_its_own(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 1e-5)


@misconception(
    of="batchnorm_forward",
    says="The normalised values are returned: gamma and beta are not applied.",
    hint="Which means and deviations should the output have, and which has it?",
)
def forward_without_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache[0], cache


@misconception(
    of="batchnorm_forward",
    says="beta is not added.",
    hint="Which mean should the output of a feature have?",
)
def forward_without_beta(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, 0.0, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="gamma is not applied.",
    hint="Which standard deviation should the output of a feature have?",
)
def forward_without_gamma(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache[0] + beta, cache


@misconception(
    of="batchnorm_forward",
    says="gamma and beta have changed places.",
    hint="One of the two is the deviation of the output, the other its mean. Which is which?",
)
def forward_swaps_gamma_and_beta(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, beta, gamma, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="beta is added before gamma multiplies, so the mean of the output is gamma times beta.",
    hint="First scale, then shift: the order matters.",
)
def forward_shifts_before_scaling(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return gamma * (cache[0] + beta), cache


@misconception(
    of="batchnorm_forward",
    says="gamma and beta line up with the examples instead of the features.",
    hint="(K,) broadcasts along the features by itself. What did the extra axis do?",
)
def forward_scales_the_examples(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return gamma[:, np.newaxis] * cache[0] + beta[:, np.newaxis], cache


@misconception(
    of="batchnorm_forward",
    says="At test time the statistics of the batch at hand are used, not the running averages.",
    hint="What does your function give for a single example with train=False?",
)
def forward_tests_with_the_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = x.mean(axis=0), x.var(axis=0)
    if train:
        _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="Training and test time have changed places.",
    hint="Which of the two has the batch to measure, and which only what was remembered?",
)
def forward_with_modes_swapped(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, not train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="In training the running averages, just updated, normalise the batch; it must be the batch's own statistics.",
    hint="Check the mean of your output in training: it should be beta.",
)
def forward_trains_with_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, *_statistics(x, running, False, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The variance is the mean of the squares, with the mean not taken out first.",
    hint="What is the variance of a feature that is 10 for every example?",
)
def forward_squares_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), (x**2).mean(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The squared deviations are added up but not divided by N.",
    hint="Does your variance grow when every example is given twice?",
)
def forward_sums_the_squares(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The mean is not subtracted.",
    hint="Check the mean of your output: it should be beta, whatever comes in.",
)
def forward_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, 0.0 * mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="At test time the running variance is used as if it were the standard deviation.",
    hint="What does running['var'] hold, and what is missing before you divide?",
)
def forward_takes_the_average_for_a_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, mean, var if train else (var + eps) ** 2, eps if train else 0.0)


@misconception(
    of="batchnorm_forward",
    says="At test time eps is left out.",
    hint="The same formula holds in both modes; only where mean and variance come from differs.",
)
def forward_tests_without_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps if train else 0.0)


@misconception(
    of="batchnorm_forward",
    says="At test time gamma and beta are left out.",
    hint="gamma and beta are learnt parameters. Does a test pass use those of other layers?",
)
def forward_tests_without_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else cache[0]), cache


@misconception(
    of="batchnorm_forward",
    says="A test pass with an empty running raises a KeyError; empty stands for mean 0 and variance 1.",
    hint="What does running['mean'] do before the first batch? Look at dict.get.",
)
def forward_needs_averages_at_test_time(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return _normalise(x, gamma, beta, running["mean"], running["var"], eps)


@misconception(
    of="batchnorm_forward",
    says="Only the output is returned; the cache is missing.",
    hint="batchnorm_backward needs to remember something. What does the text say is returned?",
)
def forward_without_a_cache(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)[0]


@misconception(
    of="batchnorm_forward",
    says="The input x is changed: the caller's array is centred as well.",
    hint="`x -= ...` writes into the array that the caller still needs.",
)
def forward_centres_the_input_in_place(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    x -= mean
    return _normalise(x, gamma, beta, 0.0, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The running averages are never moved.",
    hint="Look into running before and after a training pass. Who calls update_running?",
)
def forward_never_moves_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, dict(running), train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The running averages are moved at test time too.",
    hint="Test data must leave no trace. In which of the two modes is update_running called?",
)
def forward_moves_the_averages_at_test_time(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    if not train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The averages move with momentum as the share of the new batch; here it is the share of the old average.",
    hint="With momentum 0.9, how much of the old average is left after a batch?",
)
def forward_gives_momentum_to_the_new(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 1 - momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The average is taken of the unbiased variance, as in PyTorch; this course averages the biased one.",
    hint="One and the same variance normalises the batch and goes into the average here.",
)
def forward_averages_the_unbiased_variance(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, var * len(x) / max(len(x) - 1, 1), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The standard deviation goes into the running average, not the variance.",
    hint="What does update_running expect, and what do you hand over?",
)
def forward_averages_the_deviation(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, np.sqrt(var), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="eps goes into the running variance as well, and is then added a second time at test time.",
    hint="What is averaged is the batch's variance. When is eps added, and how often?",
)
def forward_averages_eps_too(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0) + eps
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, 0.0)


@misconception(
    of="batchnorm_forward",
    says="The averages are replaced by the last batch's statistics.",
    hint="What should momentum do to the old averages?",
)
def forward_keeps_the_last_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 0.0), eps)


@misconception(
    of="batchnorm_forward",
    says="The momentum that is asked for is not handed on: it is always 0.9.",
    hint="Follow the argument momentum through your function. Where does it arrive?",
)
def forward_with_a_momentum_of_its_own(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, 0.9), eps)


@misconception(
    of="batchnorm_forward",
    says="Mean and variance are handed to update_running in each other's place.",
    hint="Compare the order of your arguments with the signature of update_running.",
)
def forward_hands_over_variance_for_mean(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, var, mean, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The averages are moved twice for one batch.",
    hint="Count the calls of update_running in one training pass.",
)
def forward_moves_the_averages_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    if train:
        _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The output is normalised along axis 1, over the features of each example; the averages are those of the batch.",
    hint="One mean and one variance for each feature: over which axis do the examples lie?",
)
def forward_normalises_along_the_features(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True), eps)


@misconception(
    of="batchnorm_forward",
    says="At test time the averages are moved first and then used.",
    hint="Test data must leave no trace. In which of the two modes is update_running called?",
)
def forward_moves_the_averages_before_a_test(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        _average(running, x.mean(axis=0), x.var(axis=0), momentum)
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="eps is added twice.",
    hint="Follow eps through your function: in how many places is it added?",
)
def forward_adds_eps_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), 2 * eps)


@misconception(
    of="batchnorm_forward",
    says="At test time eps is added twice.",
    hint="The average holds the plain variance. In how many places is eps added at test time?",
)
def forward_tests_with_eps_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps if train else 2 * eps)


@misconception(
    of="batchnorm_forward",
    says="eps is added twice in training, and once more to what is averaged.",
    hint="The plain variance of the batch is averaged. Where do you add eps to it?",
)
def forward_adds_eps_to_the_variance_at_once(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0) + eps
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="At test time nothing is normalised: x comes out as it is.",
    hint="What does the layer after this one expect, having been trained on normalised outputs?",
)
def forward_tests_as_the_identity(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else x.copy()), cache


@misconception(
    of="batchnorm_forward",
    says="At test time only gamma and beta are applied; nothing is normalised.",
    hint="What are the running averages for?",
)
def forward_tests_without_normalising(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return (out if train else gamma * x + beta), cache


@misconception(
    of="batchnorm_forward",
    says="At test time the running mean is not subtracted.",
    hint="Both averages have their place at test time.",
)
def forward_tests_without_centring(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    mean, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, mean if train else np.zeros_like(gamma), var, eps)


@misconception(
    of="batchnorm_forward",
    says="At test time the mean of the batch at hand is subtracted, not the running one.",
    hint="Should an answer depend on who else asks?",
)
def forward_tests_with_the_mean_of_the_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    _, var = _statistics(x, running, train, momentum)
    return _normalise(x, gamma, beta, x.mean(axis=0), var, eps)


@misconception(
    of="batchnorm_forward",
    says="The deviation has the wrong sign: mean − x instead of x − mean.",
    hint="Should a value above the mean come out positive or negative?",
)
def forward_turns_the_deviations_round(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, -gamma, beta, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The standard deviation stands where the variance belongs, and a root is taken of it.",
    hint="np.std and np.var: which one goes under the root?",
)
def forward_takes_the_root_twice(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    _average(running, mean, deviation, momentum)
    return _normalise(x, gamma, beta, mean, deviation, eps)


@misconception(
    of="batchnorm_forward",
    says="The mean of the sizes of the deviations stands for the standard deviation.",
    hint="The variance is the mean of the squared deviations.",
)
def forward_takes_mean_sizes(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean = x.mean(axis=0)
    var = np.abs(x - mean).mean(axis=0) ** 2
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The median is subtracted, not the mean.",
    hint="Which of the two is named in the formula?",
)
def forward_takes_the_median(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = np.median(x, axis=0), x.var(axis=0)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="A batch of one is not normalised in training; it gives beta there.",
    hint="What is the deviation of a single value from its own mean?",
)
def forward_lets_one_example_through(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if len(x) == 1 and train:
        _statistics(x, running, train, momentum)
        return gamma * x + beta, (x, np.ones_like(gamma), gamma)
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="A batch of one is treated as at test time, also in training.",
    hint="In training the statistics are those of the batch, however small it is.",
)
def forward_tests_one_example(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train and len(x) > 1, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The averages have the shape (1, K); they must be (K,).",
    hint="What does keepdims=True leave behind?",
)
def forward_keeps_an_axis_in_the_averages(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    _average(running, mean, var, momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The averages are those of the output, not of the input.",
    hint="What has to be subtracted at test time: the mean of x, or that of what came out?",
)
def forward_averages_the_output(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    out, cache = _normalise(x, gamma, beta, x.mean(axis=0), x.var(axis=0), eps)
    _average(running, out.mean(axis=0), out.var(axis=0), momentum)
    return out, cache


@misconception(
    of="batchnorm_forward",
    says="Only the mean is averaged; the running variance stays where it was.",
    hint="Print running before and after a training pass. Which of its entries moves?",
)
def forward_averages_the_mean_alone(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if not train:
        return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    _average(running, mean, running.get("var", np.ones_like(var)), momentum)
    return _normalise(x, gamma, beta, mean, var, eps)


@misconception(
    of="batchnorm_forward",
    says="The averages begin with the first batch's statistics, not with a step from mean 0 and variance 1.",
    hint="Let your update_running do it: what does an empty dict stand for?",
)
def forward_begins_with_the_first_batch(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum if running or not train else 0.0), eps)


@misconception(
    of="batchnorm_forward",
    says="eps is 1e-3 by default; the signature here has 1e-5.",
    hint="Compare your def line with the one that was given.",
)
def forward_with_another_default_of_eps(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-3):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="momentum is 0.1 by default; the signature here has 0.9.",
    hint="Compare your def line with the one that was given.",
)
def forward_with_another_default_of_momentum(x, gamma, beta, running, train=True, momentum=0.1, eps=1e-5):
    return _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)


@misconception(
    of="batchnorm_forward",
    says="The cache is returned before the output.",
    hint="f_forward returns (out, cache), in this order.",
)
def forward_returns_the_cache_first(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out, cache = _normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps)
    return cache, out


@misconception(
    of="batchnorm_forward",
    says="Three things are returned; two are asked for, out and cache.",
    hint="running is changed in place. Does it have to be returned?",
)
def forward_returns_running_too(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    return *_normalise(x, gamma, beta, *_statistics(x, running, train, momentum), eps), running


# ---------------------------------------------------------------- fold_batchnorm


@misconception(
    of="fold_batchnorm",
    says="gamma is left out, as on one of the lecture slides.",
    hint="Where does gamma stand at test time? Try a unit with gamma = 0.",
)
def fold_without_gamma(w, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="gamma scales the weights but not the biases.",
    hint="Collect again what gamma multiplies at test time: all of (xW + b − mean).",
)
def fold_gamma_into_the_weights_only(w, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return w * gamma * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="gamma scales the biases but not the weights.",
    hint="Collect again what multiplies x at test time.",
)
def fold_gamma_into_the_biases_only(w, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return w * scale, gamma * (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The mean is added instead of subtracted.",
    hint="Write the test-time formula down and multiply out. Which sign has the mean?",
)
def fold_adds_the_mean(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b + mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The difference between bias and mean is turned round.",
    hint="Write the test-time formula down and multiply out. Which signs have b and the mean?",
)
def fold_turns_the_difference_round(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (mean - b) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="eps is left out.",
    hint="The folded layer must repeat the test pass exactly. What stands under the root there?",
)
def fold_without_eps(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="eps is added after the root.",
    hint="The folded layer must repeat the test pass exactly. What stands under the root there?",
)
def fold_with_eps_after_the_root(w, b, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="eps is always 1e-5, whatever is asked for.",
    hint="Which of your numbers should be the argument?",
)
def fold_with_an_eps_of_its_own(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + 1e-5)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The variance is used as if it were the standard deviation.",
    hint="Which operation lies between var and what x is divided by?",
)
def fold_divides_by_the_variance(w, b, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The old bias is not scaled.",
    hint="The bias is added before batch norm, so batch norm scales it too.",
)
def fold_does_not_scale_the_bias(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, b - mean * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The mean is subtracted without its scale.",
    hint="Multiply the test-time formula out: what stands in front of the mean?",
)
def fold_does_not_scale_the_mean(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, b * scale - mean + beta


@misconception(
    of="fold_batchnorm",
    says="Neither the bias nor the mean is scaled.",
    hint="Multiply the test-time formula out: what stands in front of (b − mean)?",
)
def fold_scales_the_weights_only(w, b, gamma, beta, mean, var, eps):
    return w * gamma / np.sqrt(var + eps), b - mean + beta


@misconception(
    of="fold_batchnorm",
    says="The old bias is dropped.",
    hint="Test with weights of zero: the output is batch norm of the bias.",
)
def fold_drops_the_bias(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, beta - mean * scale


@misconception(
    of="fold_batchnorm",
    says="The mean is dropped.",
    hint="Which of the four numbers of a batch norm does not occur in your bias?",
)
def fold_drops_the_mean(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, b * scale + beta


@misconception(
    of="fold_batchnorm",
    says="beta is dropped.",
    hint="What does a unit with gamma = 0 put out?",
)
def fold_drops_beta(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale


@misconception(
    of="fold_batchnorm",
    says="beta is scaled together with bias and mean.",
    hint="beta comes last: nothing multiplies it any more.",
)
def fold_scales_beta_too(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean + beta) * scale


@misconception(
    of="fold_batchnorm",
    says="The scale is applied to the rows of w, which belong to the inputs, not to the columns, which are the units.",
    hint="w is (D, K) and gamma is (K,). Along which axis does a unit's scale go?",
)
def fold_scales_the_rows(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale[:, np.newaxis], (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The new weights come out transposed.",
    hint="w is (D, K) here, one column a unit, and must stay so: x @ w.",
)
def fold_transposes(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return (w * scale).T, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The weights are multiplied by the standard deviation where they must be divided by it.",
    hint="Batch norm divides by the deviation. What must the folded weights do?",
)
def fold_multiplies_by_the_deviation(w, b, gamma, beta, mean, var, eps):
    scale = gamma * np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The arrays w and b that came in are changed.",
    hint="`*=` writes into the caller's weights. The net may be trained on afterwards.",
)
def fold_changes_the_layer_in_place(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    w *= scale
    b -= mean
    b *= scale
    b += beta
    return w, b


@misconception(
    of="fold_batchnorm",
    says="gamma and beta have changed places.",
    hint="One of the two multiplies, the other is added. Which is which?",
)
def fold_swaps_gamma_and_beta(w, b, gamma, beta, mean, var, eps):
    scale = beta / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + gamma


@misconception(
    of="fold_batchnorm",
    says="beta is multiplied by gamma.",
    hint="beta comes last: nothing multiplies it any more.",
)
def fold_scales_beta_by_gamma(w, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return w * scale * gamma, gamma * ((b - mean) * scale + beta)


@misconception(
    of="fold_batchnorm",
    says="gamma scales the bias but not the mean.",
    hint="Multiply the test-time formula out: gamma stands in front of all of (xW + b − mean).",
)
def fold_does_not_scale_the_mean_by_gamma(w, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return w * gamma * scale, (gamma * b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The biases are returned before the weights.",
    hint="The order is that of the arguments: w, then b.",
)
def fold_returns_the_bias_first(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return (b - mean) * scale + beta, w * scale


@misconception(
    of="fold_batchnorm",
    says="beta is subtracted.",
    hint="What does a unit with gamma = 0 put out?",
)
def fold_subtracts_beta(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale - beta


@misconception(
    of="fold_batchnorm",
    says="The new biases have an axis of length 1 too many.",
    hint="b is (K,) when it comes in and must be (K,) when it goes out.",
)
def fold_keeps_an_axis(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return w * scale, ((b - mean) * scale + beta)[np.newaxis]


@misconception(
    of="fold_batchnorm",
    says="The array w that came in is changed.",
    hint="Does w *= scale make a new array?",
)
def fold_changes_the_weights_in_place(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    w *= scale
    return w, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The array b that came in is changed.",
    hint="Does b -= mean make a new array?",
)
def fold_changes_the_bias_in_place(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    b -= mean
    b *= scale
    b += beta
    return w * scale, b


@misconception(
    of="fold_batchnorm",
    says="The weights stay as they were; they must be scaled, too.",
    hint="What multiplies x in the whole formula?",
)
def fold_leaves_the_weights(w, b, gamma, beta, mean, var, eps):
    return w.copy(), (b - mean) * gamma / np.sqrt(var + eps) + beta


@misconception(
    of="fold_batchnorm",
    says="The mean is subtracted from the weights as well.",
    hint="Multiply the formula out: is the mean multiplied by x anywhere?",
)
def fold_subtracts_the_mean_from_the_weights(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return (w - mean) * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The variance is squared before eps is added.",
    hint="What does var hold: standard deviations or variances?",
)
def fold_squares_the_variance(w, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var**2 + eps)
    return w * scale, (b - mean) * scale + beta


@misconception(
    of="fold_batchnorm",
    says="The weights alone are returned.",
    hint="The new layer has a bias, too.",
)
def fold_returns_the_weights_alone(w, b, gamma, beta, mean, var, eps):
    return w * gamma / np.sqrt(var + eps)


@misconception(
    of="fold_batchnorm",
    says="Nothing is returned.",
    hint="Does your function end with return?",
)
def fold_returns_nothing(w, b, gamma, beta, mean, var, eps):
    return None


@misconception(
    of="fold_batchnorm",
    says="One scale, of the mean gamma and the mean variance, is used for all units.",
    hint="Each unit has a gamma and a variance of its own.",
)
def fold_with_one_scale(w, b, gamma, beta, mean, var, eps):
    scale = gamma.mean() / np.sqrt(var.mean() + eps)
    return w * scale, (b - mean) * scale + beta
