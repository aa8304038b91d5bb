"""What the exercises of 11-batch-normalization share.

Right answers are compared with nnlib or with facts that hold for every right answer; no layout of the cache is
assumed, and the tests of the backward pass take the caches that the student's own forward pass made.
Running averages are followed over several batches, from the empty dict and from given averages.
"""

import numpy as np

import nnlib as reference
from grader.authoring import mistake
from nnlib.checks import assert_close, require


def near(got, expected, what, rtol=1e-5):
    """Compare arrays whose small entries are what is left of large ones that cancel."""
    size = float(np.abs(expected).max(initial=0.0))
    assert_close(got, expected, rtol=rtol, atol=max(1e-8, 1e-7 * size), what=what)


def averages(running, what="running"):
    """The two averages as they stand in a dict."""
    require(isinstance(running, dict), f"{what} must be a dict.")
    lacking = [name for name in ("mean", "var") if name not in running]
    require(not lacking, f'{what} must hold "mean" and "var" after a batch.')
    require(len(running) == 2, f'{what} must hold "mean" and "var" and nothing else.')
    return running["mean"], running["var"]


def require_averages(running, mean, var, what="running"):
    """The dict holds these averages and nothing else."""
    got_mean, got_var = averages(running, what)
    assert_close(got_mean, mean, what=f'{what}["mean"]')
    assert_close(got_var, var, what=f'{what}["var"]')


def follow(mean, var, batches, momentum):
    """The averages after each of the batches' (mean, var)."""
    for batch_mean, batch_var in batches:
        mean = momentum * mean + (1 - momentum) * batch_mean
        var = momentum * var + (1 - momentum) * batch_var
    return mean, var


def layer(rng, n, k, loc=3.0, scale=2.0):
    """Inputs with a gamma that is not 1 and a beta that is not 0."""
    return rng.normal(loc=loc, scale=scale, size=(n, k)), rng.uniform(0.4, 2.5, size=k), rng.normal(size=k)


def begun(x):
    """Averages as after some batches, for tests that are about something else: who forgot the empty dict pays once."""
    return {"mean": np.zeros(x.shape[1]), "var": np.ones(x.shape[1])}


def copied(running):
    """A dict of averages whose arrays are copies."""
    return {name: value.copy() for name, value in running.items()}


def forward(student, *args, **kwargs):
    """The output and the cache, of a call with copies of x, gamma and beta."""
    result = student.batchnorm_forward(*(value.copy() for value in args[:3]), *args[3:], **kwargs)
    pair = isinstance(result, list | tuple) and len(result) == 2
    require(pair, "batchnorm_forward must return two things, out and cache.")
    require(isinstance(result[0], np.ndarray), "batchnorm_forward must return out, an array, first.")
    return result


def expected_out(x, gamma, beta, running=None, **kwargs):
    """The output that should come."""
    return reference.batchnorm_forward(x, gamma, beta, copied(running or {}), **kwargs)[0]


def mistakes_of_averaging(moved):
    """What goes wrong with the averages, in update_running and where it is called.

    ``moved`` gives the edit that averages another mean or variance, or with another momentum.
    """
    return [
        mistake("Momentum is taken as the share of the new batch; here it is the share of the old average.",
                "With momentum 0.9 and one batch of mean 10, should the average be at 1 or at 9?",
                moved(momentum="1 - momentum")),
        mistake("The momentum is always 0.9, whatever is asked for.",
                "Follow the argument momentum through your function. Where does it arrive?", moved(momentum="0.9")),
        mistake("The averages are replaced by the batch's statistics: nothing is remembered.",
                "What should momentum do to the old averages?", moved(momentum="0.0")),
        mistake("The averages begin with the first batch's statistics, not with a step from mean 0 and variance 1.",
                "What does the text say an empty dict stands for? Take the first batch like any other.",
                moved(momentum="momentum if running else 0.0")),
        mistake("The standard deviation is averaged, not the variance.",
                "What does the name `var` of the entry promise, and who takes the root later?",
                moved(var="np.sqrt(var)")),
        mistake("Only the mean is averaged; the variance stays where it was.",
                "Print running['var'] after two different batches.",
                moved(var='running.get("var", np.ones_like(var))')),
        mistake("Mean and variance are averaged under each other's name.",
                "After one batch of mean 10 and variance 5, which entry should be the larger?",
                moved(mean="var", var="mean")),
    ]


ROOT_MISTAKES = [  # under the root, in batchnorm_forward and in fold_batchnorm
    mistake("eps is left out, so that a variance of zero leads to a division by zero.",
            "What stands under the root in the formula?", {"var + eps": "var"}),
    mistake("eps is added after the root is taken, to the standard deviation.",
            "The text puts eps inside the root. At variance 0 and eps 1e-2, what do you divide by?",
            {"np.sqrt(var + eps)": "(np.sqrt(var) + eps)"}),
    mistake("eps is always 1e-5, whatever is asked for.",
            "Which of your numbers should be the argument?", {"var + eps": "var + 1e-5"}),
    mistake("The variance is used as if it were the standard deviation.",
            "Which operation lies between the variance and what x is divided by? The quotient must have no unit.",
            {"np.sqrt(var + eps)": "(var + eps)"}),
]
