"""update_running: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import in_place, mistake, variant

from .common import follow, mistakes_of_averaging, require_averages

HINTS = (
    "Two lines do it, one per entry. What are the old averages worth before the first batch, when the dict is empty? "
    "dict.get takes a second argument.",
    "Which of the two shares belongs to the old average, which to the new batch? They add up to 1. And does the dict "
    "that came in hold the new averages afterwards?",
    "With momentum 0.8, an old mean of 5 and a batch mean of 10 the new mean is 0.8 * 5 + 0.2 * 10 = 6. From the empty "
    "dict, a batch variance of 6 makes the average 0.8 * 1 + 0.2 * 6 = 2.",
)

CHANGES = {"running"}


def _statistics(rng, size, count=4):
    """Means and variances of some batches."""
    return [(rng.normal(loc=2.0, scale=3.0, size=size), rng.uniform(0.3, 6.0, size=size)) for _ in range(count)]


def _given(averages):
    return {"mean": averages[0].copy(), "var": averages[1].copy()}


@in_place
def test_update_running_from_the_empty_dict(student, rng):
    """From the empty dict the averages start at mean 0 and variance 1, and follow four different batches."""
    batches, running = _statistics(rng, 5), {}
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.8)
        require_averages(running, *follow(np.zeros(5), np.ones(5), batches[:done], 0.8))


@in_place
def test_update_running_from_given_averages(student, rng):
    """Averages that are there already are carried on over four batches."""
    start, *batches = _statistics(rng, 3, count=5)
    running = _given(start)
    for done, (mean, var) in enumerate(batches, 1):
        student.update_running(running, mean.copy(), var.copy(), 0.7)
        require_averages(running, *follow(*start, batches[:done], 0.7))


def test_update_running_returns_the_averages(student, rng):
    """The new averages are also what is returned, one step from given ones."""
    start, batch = _statistics(rng, 4, count=2)
    got = student.update_running(_given(start), *batch, 0.9)
    require_averages(got, *follow(*start, [batch], 0.9), what="the result")


@in_place
def test_update_running_changes_the_callers_dict(student, rng):
    """The dict that came holds the same new averages as the one returned, empty or not."""
    start, batch = _statistics(rng, 3, count=2)
    for running in ({}, _given(start)):
        before = (np.zeros(3), np.ones(3)) if not running else start
        returned = student.update_running(running, *(value.copy() for value in batch), 0.6)
        require_averages(running, *follow(*before, [batch], 0.6))
        require_averages(returned, *follow(*before, [batch], 0.6), what="the result")


def test_update_running_keeps_the_share_that_momentum_says(student, rng):
    """Momentum is the share of the old averages, for shares small and large."""
    for momentum in (0.05, 0.5, 0.99):
        start, batch = _statistics(rng, 4, count=2)
        got = student.update_running(_given(start), *batch, momentum)
        require_averages(got, *follow(*start, [batch], momentum), what="the result")


def test_update_running_without_memory(student, rng):
    """With momentum 0 the averages are those of the last batch."""
    start, batch = _statistics(rng, 4, count=2)
    got = student.update_running(_given(start), *batch, 0.0)
    require_averages(got, *batch, what="the result")


@in_place
def test_update_running_arrives_where_the_batches_are(student, rng):
    """Sixty batches with the same statistics bring the averages there."""
    ((mean, var),), running = _statistics(rng, 3, count=1), {}
    for _ in range(60):
        student.update_running(running, mean.copy(), var.copy(), 0.6)
    require_averages(running, mean, var)


@in_place
def test_update_running_keeps_two_dicts_apart(student, rng):
    """Two layers with a dict each do not share their averages."""
    batches = _statistics(rng, 4, count=8)
    first, second = {}, {}
    for one, other in zip(batches[::2], batches[1::2], strict=True):
        student.update_running(first, *(value.copy() for value in one), 0.75)
        student.update_running(second, *(value.copy() for value in other), 0.75)
    require_averages(first, *follow(np.zeros(4), np.ones(4), batches[::2], 0.75))
    require_averages(second, *follow(np.zeros(4), np.ones(4), batches[1::2], 0.75))


@variant
def as_a_step_towards_the_batch(running, mean, var, momentum):
    for name, start, batch in (("mean", 0.0, mean), ("var", 1.0, var)):
        old = running.get(name, np.full_like(batch, start))
        running[name] = old + (1 - momentum) * (batch - old)
    return running


@variant
def filled_first(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.zeros(len(mean)), np.ones(len(var))
    running["mean"] = running["mean"] * momentum + mean * (1.0 - momentum)
    running["var"] = running["var"] * momentum + var * (1.0 - momentum)
    return running


@variant
def feature_by_feature(running, mean, var, momentum):
    old_mean = running.get("mean", [0.0] * len(mean))
    old_var = running.get("var", [1.0] * len(var))
    new_mean = [momentum * a + (1 - momentum) * b for a, b in zip(old_mean, mean, strict=True)]
    new_var = [momentum * a + (1 - momentum) * b for a, b in zip(old_var, var, strict=True)]
    running.update(mean=np.array(new_mean), var=np.array(new_var))
    return running


@variant
def by_interpolation(running, mean, var, momentum):
    new = {
        "var": np.average([running.get("var", np.ones_like(var)), var], axis=0, weights=[momentum, 1 - momentum]),
        "mean": np.average([running.get("mean", np.zeros_like(mean)), mean], axis=0, weights=[momentum, 1 - momentum]),
    }
    running.clear()
    running.update(new)
    return new


@variant
def in_float32(running, mean, var, momentum):
    running["mean"] = np.float32(momentum * running.get("mean", 0) + (1 - momentum) * mean)
    running["var"] = np.float32(momentum * running.get("var", 1) + (1 - momentum) * var)
    return running


@variant
def into_the_same_arrays(running, mean, var, momentum):
    running.setdefault("mean", np.zeros(mean.shape))
    running.setdefault("var", np.ones(var.shape))
    for name, batch in (("mean", mean), ("var", var)):
        kept = running[name] = np.array(running[name], dtype=float)
        kept *= momentum
        kept += (1 - momentum) * batch
    return running


FIRST = 'running["mean"] ='


def before(line):
    """An edit that puts a line before the formula."""
    return {FIRST: f"{line}\n    {FIRST}"}


def moved(mean="mean", var="var", momentum="momentum"):
    """An edit that averages something else."""
    return before(f"mean, var, momentum = {mean}, {var}, {momentum}")


MISTAKES = [
    *mistakes_of_averaging(moved),
    mistake("The average of the variance starts at 0; an empty dict stands for variance 1.",
            "An untrained batch norm must not divide by nearly nothing. Which variance changes nothing?",
            {'"var", 1.0': '"var", 0.0'}),
    mistake("The average of the mean starts at 1; an empty dict stands for mean 0.",
            "Two numbers start differently. Which mean changes nothing?", {'"mean", 0.0': '"mean", 1.0'}),
    mistake("An empty dict is not provided for: the first batch raises a KeyError.",
            "What does running['mean'] do before the first batch? Look at dict.get.",
            {'.get("mean", 0.0)': '["mean"]', '.get("var", 1.0)': '["var"]'}),
    mistake("An empty dict is only filled with 0 and 1: the first batch itself is lost.",
            "Once the dict has its start values, does your function go on to the formula?",
            before("if not running:\n        running.update(mean=np.zeros_like(mean), var=np.ones_like(var))\n"
                   "        return running")),
    mistake("The batch's variance takes the place of the average; only the mean is averaged.",
            "Lay the two lines side by side. Which of them remembers anything?",
            {'momentum * running.get("var", 1.0) + (1 - momentum) * var': "var"}),
    mistake("The batch's mean takes the place of the average; only the variance is averaged.",
            "Lay the two lines side by side. Which of them remembers anything?",
            {'momentum * running.get("mean", 0.0) + (1 - momentum) * mean': "mean"}),
    mistake("The standard deviations are averaged and the result is squared; the variances themselves are averaged.",
            "The mean of 1 and 9 is 5. What do you get from their roots, 1 and 3, averaged and squared?",
            {'momentum * running.get("var", 1.0) + (1 - momentum) * var':
             '(momentum * np.sqrt(running.get("var", 1.0)) + (1 - momentum) * np.sqrt(var)) ** 2'}),
    mistake("The variance is squared; it is a square already.",
            "What does var hold: standard deviations or variances?", {"momentum) * var": "momentum) * var**2"}),
    mistake("The variance is made unbiased with the number of features; it stays as it comes.",
            "How many examples a batch has cannot be seen from mean and var. Is there anything to correct?",
            {"momentum) * var": "momentum) * var * len(var) / (len(var) - 1)"}),
    mistake("The average of the variance is computed from the means.",
            "Read the line for the variance once more, name by name. Copied from the line above?",
            {"momentum) * var": "momentum) * mean"}),
    mistake("The batch's variance goes into the average of the mean as well.",
            "Which of the arguments mean and var does each of your two lines use?",
            {"momentum) * mean": "momentum) * var"}),
    mistake("The old mean stands where the old variance should.",
            "Which old average does each of your two lines use?",
            before('old = running.get("mean", 0.0)') | {'running.get("var", 1.0)': "old"}),
    mistake("The entries are called running_mean and running_var, not mean and var.",
            "Whoever reads the dict later looks for the names in the text.",
            {f'running["{name}"] = momentum * running.get("{name}"':
             f'running["running_{name}"] = momentum * running.get("running_{name}"' for name in ("mean", "var")}),
    mistake("The old average is kept whole and the batch's share added, so the averages grow without end.",
            "Old and new shares must add up to 1. With equal batches, where does your average go?",
            {'momentum * running.get("mean"': 'running.get("mean"',
             'momentum * running.get("var"': 'running.get("var"'}),
    mistake("The batch is added whole to a share of the old average, without its own share 1 − momentum.",
            "Old and new shares must add up to 1. With equal batches of mean 10, where does your average end?",
            {"(1 - momentum) * mean": "mean", "(1 - momentum) * var": "var"}),
    mistake("For the variance the two shares have changed places; for the mean they are right.",
            "Lay the two lines side by side. They should differ in the names only.",
            {"(1 - momentum) * var": "momentum * var",
             'momentum * running.get("var"': '(1 - momentum) * running.get("var"'}),
    mistake("The old averages are multiplied by the square of momentum.",
            "Is the momentum applied twice to the same array?",
            {'momentum * running.get("mean"': 'momentum**2 * running.get("mean"',
             'momentum * running.get("var"': 'momentum**2 * running.get("var"'}),
    mistake("The batch's share is subtracted instead of added.",
            "From mean 0, what is the sign of the average after a batch with mean 10?",
            {"+ (1 - momentum) * mean": "- (1 - momentum) * mean", "+ (1 - momentum) * var": "- (1 - momentum) * var"},
            {"+ (1 - momentum) * mean": "- (1 - momentum) * mean"}),
    mistake("The step goes away from the batch: the sign of the difference is wrong.",
            "If the batch's mean is above the average, the average must rise.",
            {"old + (1": "old - (1"}, of=as_a_step_towards_the_batch),
    mistake("The average and the batch count half each; momentum is not used.",
            "Where does momentum enter your formula?", before("momentum = 0.5")),
    mistake("A plain average over all batches is kept, by counting them; momentum is not used.",
            "The text gives the old average the share momentum at every batch, however many there were.",
            {"for name": 'running["count"] = running.get("count", 0) + 1\n    for name',
             "(1 - momentum) * (batch - old)": '(batch - old) / running["count"]'}, of=as_a_step_towards_the_batch),
    mistake("The averages are corrected for their start, as Adam does; no correction is made here.",
            "Follow the example by hand: after the first batch, is the mean 1 or 10?",
            {"return running": 'for name in ("mean", "var"):\n        running[name] = running[name] / (1 - momentum)\n'
                               "    return running"}),
    mistake("The average is taken over all features, so every feature gets the same number.",
            "Each feature has its own average: the shape of an entry is (K,).",
            before("mean, var = np.full_like(mean, mean.mean()), np.full_like(var, var.mean())")),
    mistake("The arrays `mean` and `var` of the batch are changed on the way.",
            "`*=` and `+=` write into the array they stand behind. Whose array is it?",
            before("mean *= 1 - momentum\n    var *= 1 - momentum")
            | {"(1 - momentum) * mean": "mean", "(1 - momentum) * var": "var"}),
    mistake("A new dict is returned and the caller's own stays as it was.",
            "The caller keeps its dict and looks into that one. Which object do you change?",
            before("running = dict(running)")),
    mistake("The dict gets an entry besides mean and var.",
            "Which entries may running hold after a call?",
            {"return running": 'running["count"] = running.get("count", 0) + 1\n    return running'}),
    mistake("The averages are moved, but nothing is returned.",
            "The dict is asked for in two ways: changed, and as the result.",
            after=lambda running: None),
    mistake("A pair of arrays is returned, not the dict.",
            "What goes in as running should also come out.",
            after=lambda running: (running["mean"], running["var"])),
]
