"""update_running: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import in_place, mistake, variant
from nnlib.checks import assert_unchanged

from .common import _average, _follow, _require_averages


def _statistics_test(rng, size, count=4):
    return [(rng.normal(loc=2.0, scale=3.0, size=size), rng.uniform(0.3, 6.0, size=size)) for _ in range(count)]


@in_place
def test_update_running_from_the_empty_dict(student, rng):
    """From the empty dict the averages start at mean 0 and variance 1, and follow four different batches."""
    batches, running = _statistics_test(rng, 5), {}
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.8)
        _require_averages(running, *_follow(np.zeros(5), np.ones(5), batches[:done], 0.8))


@in_place
def test_update_running_from_given_averages(student, rng):
    """Averages that are there already are carried on over four batches."""
    start, *batches = _statistics_test(rng, 3, count=5)
    running = {"mean": start[0].copy(), "var": start[1].copy()}
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.7)
        _require_averages(running, *_follow(*start, batches[:done], 0.7))


def test_update_running_returns_the_averages(student, rng):
    """The new averages are also what is returned, one step from given ones."""
    start, batch = _statistics_test(rng, 4, count=2)
    got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), 0.9)
    _require_averages(got, *_follow(*start, [batch], 0.9), what="the result")


@in_place
def test_update_running_changes_the_callers_dict(student, rng):
    """The dict that came holds the same new averages as the one returned, empty or not."""
    start, batch = _statistics_test(rng, 3, count=2)
    for running in ({}, {"mean": start[0].copy(), "var": start[1].copy()}):
        before = (np.zeros(3), np.ones(3)) if not running else start
        returned = student.update_running(running, *(value.copy() for value in batch), 0.6)
        _require_averages(running, *_follow(*before, [batch], 0.6))
        _require_averages(returned, *_follow(*before, [batch], 0.6), what="the result")


def test_update_running_keeps_the_share_that_momentum_says(student, rng):
    """Momentum is the share of the old averages, for shares small and large."""
    for momentum in (0.05, 0.5, 0.99):
        start, batch = _statistics_test(rng, 4, count=2)
        got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), momentum)
        _require_averages(got, *_follow(*start, [batch], momentum), what="the result")


def test_update_running_without_memory(student, rng):
    """With momentum 0 the averages are those of the last batch."""
    start, batch = _statistics_test(rng, 4, count=2)
    got = student.update_running({"mean": start[0].copy(), "var": start[1].copy()}, *(value.copy() for value in batch), 0.0)
    _require_averages(got, *batch, what="the result")


@in_place
def test_update_running_arrives_where_the_batches_are(student, rng):
    """Sixty batches with the same statistics bring the averages there."""
    ((mean, var),), running = _statistics_test(rng, 3, count=1), {}
    for _ in range(60):
        student.update_running(running, mean.copy(), var.copy(), 0.6)
    _require_averages(running, mean, var)


@in_place
def test_update_running_keeps_two_dicts_apart(student, rng):
    """Two layers with a dict each do not share their averages."""
    batches = _statistics_test(rng, 4, count=8)
    first, second = {}, {}
    for one, other in zip(batches[::2], batches[1::2], strict=True):
        student.update_running(first, *(value.copy() for value in one), 0.75)
        student.update_running(second, *(value.copy() for value in other), 0.75)
    _require_averages(first, *_follow(np.zeros(4), np.ones(4), batches[::2], 0.75))
    _require_averages(second, *_follow(np.zeros(4), np.ones(4), batches[1::2], 0.75))


def test_update_running_leaves_the_batch_statistics_alone(student, rng):
    """The mean and the variance of the batch stay as they came."""
    start, (mean, var) = _statistics_test(rng, 5, count=2)
    for running in ({}, {"mean": start[0].copy(), "var": start[1].copy()}):
        before = (np.zeros(5), np.ones(5)) if not running else start
        given = mean.copy(), var.copy()
        got = student.update_running(running, *given, 0.85)
        assert_unchanged(given[0], mean, what="mean")
        assert_unchanged(given[1], var, what="var")
        _require_averages(got, *_follow(*before, [(mean, var)], 0.85), what="the result")


@variant
def running_as_a_step_towards_the_batch(running, mean, var, momentum):
    for name, start, batch in (("mean", 0.0, mean), ("var", 1.0, var)):
        old = running.get(name, np.full_like(batch, start))
        running[name] = old + (1 - momentum) * (batch - old)
    return running


@variant
def running_filled_first(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.zeros(len(mean)), np.ones(len(var))
    running["mean"] = running["mean"] * momentum + mean * (1.0 - momentum)
    running["var"] = running["var"] * momentum + var * (1.0 - momentum)
    return running


@variant
def running_feature_by_feature(running, mean, var, momentum):
    old_mean = running.get("mean", [0.0] * len(mean))
    old_var = running.get("var", [1.0] * len(var))
    new_mean = [momentum * a + (1 - momentum) * b for a, b in zip(old_mean, mean, strict=True)]
    new_var = [momentum * a + (1 - momentum) * b for a, b in zip(old_var, var, strict=True)]
    running.update(mean=np.array(new_mean), var=np.array(new_var))
    return running


@variant
def running_by_interpolation(running, mean, var, momentum):
    new = {
        "var": np.average([running.get("var", np.ones_like(var)), var], axis=0, weights=[momentum, 1 - momentum]),
        "mean": np.average([running.get("mean", np.zeros_like(mean)), mean], axis=0, weights=[momentum, 1 - momentum]),
    }
    running.clear()
    running.update(new)
    return new


@variant
def running_in_float32(running, mean, var, momentum):
    running["mean"] = np.float32(momentum * running.get("mean", 0) + (1 - momentum) * mean)
    running["var"] = np.float32(momentum * running.get("var", 1) + (1 - momentum) * var)
    return running


@variant
def running_into_the_same_arrays(running, mean, var, momentum):
    running.setdefault("mean", np.zeros(mean.shape))
    running.setdefault("var", np.ones(var.shape))
    for name, batch in (("mean", mean), ("var", var)):
        kept = running[name] = np.array(running[name], dtype=float)
        kept *= momentum
        kept += (1 - momentum) * batch
    return running


def running_gives_momentum_to_the_new(running, mean, var, momentum):
    return _average(running, mean, var, 1 - momentum)


def running_starts_with_the_first_batch(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.array(mean), np.array(var)
        return running
    return _average(running, mean, var, momentum)


def running_starts_the_variance_at_zero(running, mean, var, momentum):
    running.setdefault("var", np.zeros_like(var))
    return _average(running, mean, var, momentum)


def running_starts_the_mean_at_one(running, mean, var, momentum):
    running.setdefault("mean", np.ones_like(mean))
    return _average(running, mean, var, momentum)


def running_averages_the_deviation(running, mean, var, momentum):
    return _average(running, mean, np.sqrt(var), momentum)


def running_swaps_the_entries(running, mean, var, momentum):
    return _average(running, var, mean, momentum)


def running_makes_a_new_dict(running, mean, var, momentum):
    return _average(dict(running), mean, var, momentum)


def running_returns_nothing(running, mean, var, momentum):
    _average(running, mean, var, momentum)


def running_remembers_nothing(running, mean, var, momentum):
    running["mean"], running["var"] = np.array(mean), np.array(var)
    return running


def running_always_uses_nine_tenths(running, mean, var, momentum):
    return _average(running, mean, var, 0.9)


def running_averages_over_features(running, mean, var, momentum):
    return _average(running, np.full_like(mean, np.mean(mean)), np.full_like(var, np.mean(var)), momentum)


def running_moves_away(running, mean, var, momentum):
    old_mean, old_var = running.get("mean", 0.0), running.get("var", 1.0)
    running["mean"] = old_mean + (1 - momentum) * (old_mean - mean)
    running["var"] = old_var + (1 - momentum) * (old_var - var)
    return running


def running_scales_the_batch_in_place(running, mean, var, momentum):
    old_mean, old_var = running.get("mean", 0.0), running.get("var", 1.0)
    mean *= 1 - momentum
    var *= 1 - momentum
    running["mean"], running["var"] = momentum * old_mean + mean, momentum * old_var + var
    return running


def running_under_other_names(running, mean, var, momentum):
    running["running_mean"] = momentum * running.get("running_mean", 0.0) + (1 - momentum) * mean
    running["running_var"] = momentum * running.get("running_var", 1.0) + (1 - momentum) * var
    return running


def running_returns_a_pair(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    return running["mean"], running["var"]


def running_counts_the_batches(running, mean, var, momentum):
    count = running["count"] = running.get("count", 0) + 1
    running["mean"] = running.get("mean", 0.0) + (mean - running.get("mean", 0.0)) / count
    running["var"] = running.get("var", 1.0) + (var - running.get("var", 1.0)) / count
    return running


def running_squares_the_variance(running, mean, var, momentum):
    return _average(running, mean, var**2, momentum)


def running_keeps_a_count(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    running["count"] = running.get("count", 0) + 1
    return running


def running_corrects_the_start(running, mean, var, momentum):
    _average(running, mean, var, momentum)
    running["mean"], running["var"] = running["mean"] / (1 - momentum), running["var"] / (1 - momentum)
    return running


def running_mixes_variance_into_mean(running, mean, var, momentum):
    return _average(running, var, var, momentum)


def running_carries_the_mean_into_the_variance(running, mean, var, momentum):
    old = running.get("mean", np.zeros_like(mean))
    _average(running, mean, var, momentum)
    running["var"] = momentum * old + (1 - momentum) * var
    return running


def running_loses_the_first_batch(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.zeros_like(mean), np.ones_like(var)
        return running
    return _average(running, mean, var, momentum)


def running_unbiased_by_features(running, mean, var, momentum):
    return _average(running, mean, var * len(var) / (len(var) - 1), momentum)


def running_takes_the_middle(running, mean, var, momentum):
    return _average(running, mean, var, 0.5)


def running_subtracts_the_mean(running, mean, var, momentum):
    return _average(running, -mean, var, momentum)


MISTAKES = [
    mistake("Momentum is taken as the share of the new batch; here it is the share of the old average.",
            "With momentum 0.9 and one batch of mean 10, should the average be at 1 or at 9?",
            by=running_gives_momentum_to_the_new),
    mistake("The averages of an empty dict are those of the first batch, not a step from mean 0 and variance 1.",
            "What does the text say an empty dict stands for? Take the first batch like any other.",
            by=running_starts_with_the_first_batch),
    mistake("The average of the variance starts at 0; an empty dict stands for variance 1.",
            "An untrained batch norm must not divide by nearly nothing. Which variance changes nothing?",
            by=running_starts_the_variance_at_zero),
    mistake("The average of the mean starts at 1; an empty dict stands for mean 0.",
            "Two numbers start differently. Which mean changes nothing?",
            by=running_starts_the_mean_at_one),
    mistake("The standard deviation is averaged, not the variance.",
            "What does the name `var` of the entry promise, and who takes the root later?",
            by=running_averages_the_deviation),
    mistake("Only the mean is averaged; the variance stays where it was.",
            "Print running['var'] after two different batches.",
            {'["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * var':
                 '.setdefault("var", np.ones_like(var))'}),
    mistake("The average of the variance is computed from the means.",
            "Read the line for the variance once more, name by name. Copied from the line above?",
            {'running["mean"] =': "new_mean =", "* var": '* mean\n    running["mean"] = new_mean'}),
    mistake("Mean and variance are stored under each other's name.",
            "After one batch of mean 10 and variance 5, which entry should be the larger?",
            by=running_swaps_the_entries),
    mistake("A new dict is returned and the caller's own stays as it was.",
            "The caller keeps its dict and looks into that one. Which object do you change?",
            by=running_makes_a_new_dict),
    mistake("The averages are moved, but nothing is returned.",
            "The dict is asked for in two ways: changed, and as the result.",
            by=running_returns_nothing),
    mistake("The old average is kept whole and the batch's share added, so the averages grow without end.",
            "Old and new shares must add up to 1. With equal batches, where does your average go?",
            {'"mean"] = momentum *': '"mean"] =', '"var"] = momentum *': '"var"] ='}),
    mistake("The batch is added whole to a share of the old average, without its own share 1 − momentum.",
            "Old and new shares must add up to 1. With equal batches of mean 10, where does your average end?",
            {"(1 - momentum) * mean": "mean", "(1 - momentum) * var": "var"}),
    mistake("The averages are replaced by the batch's statistics: nothing is remembered.",
            "What is momentum for in your function?",
            by=running_remembers_nothing),
    mistake("The momentum is always 0.9, whatever is asked for.",
            "Which of your numbers should be the argument?",
            by=running_always_uses_nine_tenths),
    mistake("The average is taken over all features, so every feature gets the same number.",
            "Each feature has its own average: the shape of an entry is (K,).",
            by=running_averages_over_features),
    mistake("The step goes away from the batch: the sign of the difference is wrong.",
            "If the batch's mean is above the average, the average must rise.",
            by=running_moves_away),
    mistake("An empty dict is not provided for: the first batch raises a KeyError.",
            "What does running['mean'] do before the first batch? Look at dict.get.",
            {'.get("mean", 0.0)': '["mean"]', '.get("var", 1.0)': '["var"]'}),
    mistake("The arrays `mean` and `var` of the batch are changed on the way.",
            "`*=` and `+=` write into the array they stand behind. Whose array is it?",
            by=running_scales_the_batch_in_place),
    mistake("For the variance the two shares have changed places; for the mean they are right.",
            "Lay the two lines side by side. They should differ in the names only.",
            {'"var"] = momentum': '"var"] = (1 - momentum)', "(1 - momentum) * var": "momentum * var"}),
    mistake("The entries are called running_mean and running_var, not mean and var.",
            "Who reads the dict later looks for the names in the text.",
            by=running_under_other_names),
    mistake("A pair of arrays is returned, not the dict.",
            "What goes in as running should also come out.",
            by=running_returns_a_pair),
    mistake("A plain average over all batches is kept, by counting them; momentum is not used.",
            "The text gives the old average the share momentum at every batch, however many there were.",
            by=running_counts_the_batches),
    mistake("The variance is squared; it is a square already.",
            "What does var hold: standard deviations or variances?",
            by=running_squares_the_variance),
    mistake("The dict gets an entry besides mean and var.",
            "Which entries may running hold after a call?",
            by=running_keeps_a_count),
    mistake("The averages are corrected for their start, as Adam does; no correction is made here.",
            "Follow the example by hand: after the first batch, is the mean 1 or 10?",
            by=running_corrects_the_start),
    mistake("The batch's variance goes into the average of the mean as well.",
            "Which of the arguments mean and var does each of your two lines use?",
            by=running_mixes_variance_into_mean),
    mistake("The old mean stands where the old variance should.",
            "Which old average does each of your two lines use?",
            by=running_carries_the_mean_into_the_variance),
    mistake("The old averages are multiplied by the square of momentum.",
            "Is the momentum applied twice to the same array?",
            {'running["mean"] =':
                 'old = dict(running) or {"mean": np.zeros_like(mean), "var": np.ones_like(var)}\n    running["mean"] =',
             '* running.get("mean", 0.0)': '**2 * old["mean"]',
             '* running.get("var", 1.0)': '**2 * old["var"]'}),
    mistake("An empty dict is only filled with 0 and 1: the first batch itself is lost.",
            "After the dict has got its start, does your function go on to the formula?",
            by=running_loses_the_first_batch),
    mistake("The variance is made unbiased with the number of features; it stays as it comes.",
            "How many examples a batch has cannot be seen from mean and var. Is there anything to correct?",
            by=running_unbiased_by_features),
    mistake("The average and the batch count half each; momentum is not used.",
            "Where does momentum enter your formula?",
            by=running_takes_the_middle),
    mistake("The batch's share is subtracted instead of added.",
            "From mean 0, which sign has the average after a batch with mean 10?",
            {'running["mean"] =':
                 'old = dict(running) or {"mean": np.zeros_like(mean), "var": np.ones_like(var)}\n    running["mean"] =',
             'running.get("mean", 0.0) +': 'old["mean"] -',
             'running.get("var", 1.0) +': 'old["var"] -'}),
    mistake("For the mean, the batch's share is subtracted instead of added.",
            "From mean 0, which sign has the average after a batch with mean 10?",
            by=running_subtracts_the_mean),
]
