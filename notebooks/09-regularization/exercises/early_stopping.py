"""early_stopping: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import assert_close, require

HINTS = (
    "Go through the epochs by hand with a pencil: which two or three numbers must you remember from one epoch to "
    "the next?",
    "Remember the epoch of the lowest loss so far. The count of epochs without improvement can be read off two "
    "epochs' numbers. When do you leave the loop, and what if you never do?",
    "Losses 5, 4, 6, 4, 4.5, 1 with patience 3: lowest at epoch 1; epochs 2, 3 and 4 bring no new lowest (4 only "
    "equals it), so training stops at 4 with the best at 1. The 1 at the end is never seen.",
)


def _stops(student, cases):
    for losses, patience, expected in cases:
        _compare_stop(student.early_stopping(np.array(losses, dtype=float), patience), expected)


def _compare_stop(got, expected):
    is_pair = isinstance(got, list | tuple | np.ndarray) and np.shape(got) == (2,)
    require(is_pair, "The result must be the pair (best_epoch, stop_epoch).")
    for name, value, right in zip(("best_epoch", "stop_epoch"), got, expected, strict=True):
        assert_close(value, right, rtol=0, what=name)


# Together these tell all known mistakes apart, so that a mistake in the type alone is not taken for one of them.
HISTORIES = [
    ([0.9, 0.5, 0.6, 0.7, 0.1], 2, (1, 3)),
    ([2.5, 2.5, 1.0], 3, (2, 2)),
    ([2.5, 2.0, 2.0, 3.0, 1.0], 2, (1, 3)),
    ([4.0, 5.0, 4.5, 4.25, 1.0], 3, (0, 3)),
    ([4.0, 3.0, 3.5, 2.0, 2.5, 1.0, 2.0], 2, (5, 6)),
    ([3.0, 2.0, 2.5], 5, (1, 2)),
    ([0.5, 0.4999, 0.6, 0.4998, 0.7], 2, (3, 4)),
]


def test_early_stopping_after_patience_runs_out(student):
    """Training stops at the last of `patience` epochs in a row without a new lowest loss."""
    _stops(student, [
        ([5, 4, 3, 3.5, 3.2, 3.1, 3.3], 3, (2, 5)),
        ([1, 2, 3, 4], 1, (0, 1)),
        ([2, 1, 1.5, 1.2, 1.1], 2, (1, 3)),
        ([*np.linspace(5, 1, 150), 2, 3, 4, 0.5], 3, (149, 152)),
        ([9, 8, 7, 6, 7, 8, 9, 10, 11], 4, (3, 7)),
    ])


def test_early_stopping_never_looks_past_the_stop(student):
    """A lower loss after the stop plays no part."""
    _stops(student, [
        ([5, 4, 3, 3.5, 3.2, 3.1, 1], 3, (2, 5)),
        ([3, 4, 0, 0, 0], 1, (0, 1)),
        ([0.9, 0.8, 0.85, 0.9, 0.3, 0.2, 0.1, 0.0], 2, (1, 3)),
    ])


def test_early_stopping_starts_counting_again(student):
    """A new lowest loss sets the count back to zero: bad epochs count in a row, not in all."""
    _stops(student, [
        ([5, 4, 3, 3.5, 3.2, 2, 4, 4], 3, (5, 7)),
        ([9, 10, 8, 9, 7, 8, 6, 7, 8, 9], 2, (6, 8)),
        ([6, 7, 7, 5, 6, 6, 4, 5, 5, 5], 3, (6, 9)),
    ])


def test_early_stopping_compares_with_the_best(student):
    """An epoch better than the one before it is no improvement while it is above the lowest loss."""
    _stops(student, [
        ([1, 3, 2.5, 2, 1.5, 1.2], 3, (0, 3)),
        ([4, 2, 5, 4.5, 4, 3.5, 3, 2.5], 4, (1, 5)),
        ([1.0, 1.2, 1.1, 1.3, 1.15], 3, (0, 3)),
    ])


def test_early_stopping_takes_no_tie_for_an_improvement(student):
    """A loss equal to the lowest counts as an epoch without improvement, and the earliest one is the best."""
    _stops(student, [
        ([3, 3, 3, 3], 2, (0, 2)),
        ([5, 4, 4, 4, 4, 1], 3, (1, 4)),
        ([2, 1, 3, 1, 0.5], 2, (1, 3)),
        ([2, 1, 1], 4, (1, 2)),
    ])


def test_early_stopping_takes_any_improvement(student):
    """However little a loss is below the lowest, it is an improvement; however high the losses are, too."""
    _stops(student, [
        ([0.5, 0.50002, 0.49999, 0.50001, 0.49998, 0.6, 0.7], 2, (4, 6)),
        ([700, 600, 650, 599.99, 599.98, 640, 650, 660], 3, (4, 7)),
        ([5e-10, 4e-10, 3e-10, 2e-10, 6e-10, 7e-10], 2, (3, 5)),
        ([0.5, 0.5 - 1e-9, 0.5 - 2e-9, 0.5 - 3e-9, 0.7], 2, (3, 4)),
    ])


def test_early_stopping_at_the_end_of_training(student):
    """If patience never runs out, the last epoch is where training ended."""
    _stops(student, [
        ([4, 3, 2, 1], 1, (3, 3)),
        ([4, 3, 2, 2.5, 2.2], 5, (2, 4)),
        ([0.7], 1, (0, 0)),
        ([0.7], 9, (0, 0)),
        ([5, 6, 4, 6], 2, (2, 3)),
        ([3, 2, 5, 6, 7], 3, (1, 4)),
    ])


def test_early_stopping_takes_lists(student):
    """A list of losses gives what an array gives."""
    results = [student.early_stopping(list(losses), patience) for losses, patience, _ in HISTORIES]
    for got, (_, _, expected) in zip(results, HISTORIES, strict=True):
        _compare_stop(got, expected)


def test_early_stopping_gives_ints(student):
    """Both epochs are ints, with which a list can be indexed."""
    results = [student.early_stopping(np.array(losses), patience) for losses, patience, _ in HISTORIES]
    for got, (_, _, expected) in zip(results, HISTORIES, strict=True):
        _compare_stop(got, expected)
        whole = [isinstance(v, int | np.integer) and not isinstance(v, bool | np.bool_) for v in got]
        require(all(whole), "best_epoch and stop_epoch must be ints.")


def test_early_stopping_of_many_histories(student, rng):
    """Best and stopping epoch are right for forty histories with falls, rises and ties."""
    for _ in range(40):
        losses = np.round(rng.integers(3, 9) - np.cumsum(rng.normal(0.1, 0.6, size=rng.integers(2, 15))), 0) + 0.5
        patience = int(rng.integers(1, 5))
        _compare_stop(student.early_stopping(losses.copy(), patience), reference.early_stopping(losses, patience))


@variant
def with_a_counter(dev_losses, patience):
    best, best_epoch, waited = math.inf, 0, 0
    for epoch in range(len(dev_losses)):
        if dev_losses[epoch] < best:
            best, best_epoch, waited = dev_losses[epoch], epoch, 0
        else:
            waited += 1
            if waited == patience:
                return (best_epoch, epoch)
    return best_epoch, epoch


@variant
def with_minimum_so_far(dev_losses, patience):
    losses = np.asarray(dev_losses, dtype=float)
    for epoch in range(len(losses)):
        best_epoch = np.argmin(losses[: epoch + 1])
        if epoch - best_epoch == patience:
            break
    return [best_epoch, epoch]


@variant
def in_a_while_loop(dev_losses, patience):
    epoch, best_epoch, left = 0, 0, patience
    while epoch + 1 < len(dev_losses) and left:
        epoch += 1
        left -= 1
        if dev_losses[epoch] < dev_losses[best_epoch]:
            best_epoch, left = epoch, patience
    return np.array([best_epoch, epoch])


@variant
def by_new_lows(dev_losses, patience):
    losses = np.asarray(dev_losses)
    lowest = np.minimum.accumulate(losses)
    lows = [0, *(np.flatnonzero(lowest[1:] < lowest[:-1]) + 1)]
    for low, following in zip(lows, [*lows[1:], len(losses) + patience], strict=True):
        if following - low > patience:
            return int(low), min(int(low) + patience, len(losses) - 1)
    raise AssertionError


def counts_from_the_overall_minimum(dev_losses, patience):
    best_epoch = int(np.argmin(dev_losses))
    return best_epoch, min(best_epoch + patience, len(dev_losses) - 1)


def empties_the_list(dev_losses, patience):
    losses = dev_losses if isinstance(dev_losses, list) else list(dev_losses)
    best, best_epoch, epoch = math.inf, 0, -1
    while losses and (epoch < 0 or epoch - best_epoch < patience):
        loss, epoch = losses.pop(0), epoch + 1
        if loss < best:
            best, best_epoch = loss, epoch
    return best_epoch, epoch


STOPPED, ENDED = "return best_epoch, epoch", "return best_epoch, len(dev_losses) - 1"
# in with_a_counter:
LOWER, FOUND = "if dev_losses[epoch] < best:", "best, best_epoch, waited = dev_losses[epoch], epoch, 0"
START, COUNT = "math.inf, 0, 0", "waited += 1"
BEFORE = "[math.inf, *dev_losses][epoch]"  # the loss of the epoch before
MISTAKES = [
    mistake("A loss that is lower by less than 1e-8 is not taken for an improvement; strictly below is enough.",
            "What is the best epoch of the losses 4e-10, 3e-10, 2e-10?",
            {"loss < dev_losses[best_epoch]": "loss < dev_losses[best_epoch] - 1e-8"}),
    mistake("A small improvement is not taken for one.",
            "How much below all before it must a loss be? Read the definition again.",
            {"loss < dev_losses[best_epoch]": "loss < dev_losses[best_epoch] - 1e-3"}),
    mistake("The stopping epoch is returned for the best one as well.",
            "At which epoch was the loss lowest, and at which did training notice?",
            after=lambda epochs: (epochs[1], epochs[1])),
    *slips("results_swapped"),
    mistake("The lowest loss of the whole list is taken for the best, also when it lies after the stop.",
            "Training that has stopped never sees what follows. Where does your search for the minimum end?",
            {STOPPED: "return int(np.argmin(dev_losses)), epoch"}),
    mistake("The minimum of the whole list is found first, and patience counted from there.",
            "Epoch by epoch: could training have reached your minimum before patience ran out?",
            by=counts_from_the_overall_minimum),
    mistake("The stop is computed as best epoch plus patience, also where there are not that many epochs.",
            "How many epochs are there when training ends before patience runs out?",
            {ENDED: "return best_epoch, best_epoch + patience"}),
    mistake("A tie counts as an improvement: it becomes the best epoch and sets the count back.",
            "Is an equal loss strictly below?",
            {"loss <": "loss <="}),
    mistake("A tie becomes the best epoch, though it does not set the count back.",
            "Which epoch is the best among equals?",
            {COUNT: f"best_epoch = epoch if dev_losses[epoch] == best else best_epoch\n            {COUNT}"},
            of=with_a_counter),
    mistake("A tie sets the count back, though the best epoch stays.",
            "What is the count after a loss that only equals the lowest? See the table.",
            {COUNT: "waited = 0 if dev_losses[epoch] == best else waited + 1"}, of=with_a_counter),
    mistake("Training stops one epoch too late.",
            "Patience 2 in the table: at which count does training stop?",
            {">= patience": "> patience"}),
    mistake("Training stops one epoch too early.",
            "Patience 2 in the table: how many epochs without improvement pass before the stop, the last one included?",
            {"== patience": ">= patience - 1"}, of=with_a_counter),
    mistake("The count is looked at before the epoch's own loss, so the stop comes one epoch late.",
            "Follow the table of the text through your loop: at which line is the 2 noticed?",
            {"if waited == patience:\n                return (best_epoch, epoch)": "pass",
             LOWER: f"if waited == patience:\n            return best_epoch, epoch\n        {LOWER}"},
            of=with_a_counter),
    mistake("The count starts at 1, so patience runs out one epoch early.",
            "How many epochs without improvement have passed right after an improvement?",
            {FOUND: "best, best_epoch, waited = dev_losses[epoch], epoch, 1",
             "            if waited == patience:\n                return (":
                 "        if waited == patience and epoch:\n            return ("},
            of=with_a_counter),
    mistake("Training stops at the first loss that is no improvement; patience is not used.",
            "What is patience for?",
            {"== patience": "== 1"}, of=with_a_counter),
    mistake("Epochs are counted from 1.",
            "What is the number of the first epoch?",
            after=lambda epochs: (epochs[0] + 1, epochs[1] + 1)),
    mistake("The epochs that come back are one too low: the count began behind the first epoch.",
            "The loop begins with the second loss. Which number has its epoch?",
            {START: "dev_losses[0], 0, 0", "range(len(dev_losses))": "range(len(dev_losses) - 1)",
             LOWER: "if dev_losses[epoch + 1] < best:", FOUND: FOUND.replace("[epoch]", "[epoch + 1]"),
             "    return best_epoch, epoch": "    return best_epoch, len(dev_losses) - 1"}, of=with_a_counter),
    mistake("The stop is the number of epochs that were run, one more than the last epoch's number.",
            "Five epochs are numbered 0 to 4. Which of them was the last?",
            after=lambda epochs: (epochs[0], epochs[1] + 1)),
    mistake("Where training runs to its end, the number of epochs is returned instead of the last epoch.",
            "Five epochs are numbered 0 to 4. Which of them was the last?",
            {ENDED: "return best_epoch, len(dev_losses)"}),
    mistake("The count is never set back: bad epochs are counted in all, not in a row.",
            "What happens to the count at a new lowest loss?",
            {FOUND: "best, best_epoch = dev_losses[epoch], epoch"}, of=with_a_counter),
    mistake("Each loss is compared with the one before it, not with the lowest so far.",
            "After 1 comes 3, then 2.5. Is 2.5 an improvement?",
            {f"{LOWER}\n            {FOUND}": f"{LOWER}\n            best, best_epoch = dev_losses[epoch], epoch\n"
                                              f"        if dev_losses[epoch] < {BEFORE}:\n            waited = 0"},
            of=with_a_counter),
    mistake("Both the count and the best epoch follow the comparison with the epoch before.",
            "After 1 comes 3, then 2.5. Which epoch is the best so far?",
            {LOWER: f"if dev_losses[epoch] < {BEFORE}:"}, of=with_a_counter),
    mistake("Every loss is compared with the first one: the lowest so far is never replaced.",
            "After an improvement, what must the next losses be compared with?",
            {LOWER: "if epoch == 0 or dev_losses[epoch] < dev_losses[0]:",
             "return (best_epoch, epoch)": "return int(np.argmin(dev_losses[: epoch + 1])), epoch",
             STOPPED: "return int(np.argmin(dev_losses)), epoch"}, of=with_a_counter),
    mistake("The lowest loss is returned instead of its epoch.",
            "Two epochs are asked for. Of what kind is the first thing you return?",
            {STOPPED: "return float(dev_losses[best_epoch]), epoch",
             ENDED: "return float(dev_losses[best_epoch]), len(dev_losses) - 1"}),
    mistake("The highest value is taken for the best, as if these were accuracies.",
            "Is a loss better when it is higher?",
            {"loss <": "loss >"}),
    mistake("Nothing is returned where patience never runs out.",
            "What comes after the loop?",
            {ENDED: "return None"}),
    mistake("Where patience never runs out, there is None for the stop.",
            "Which epoch was the last one that training ran?",
            {ENDED: "return best_epoch, None"}),
    mistake("Where training runs to its end, the best epoch is returned for the stop.",
            "Training did not end at the best epoch. Which was the last one it ran?",
            {ENDED: "return best_epoch, best_epoch"}),
    slip("only_the_first", after=lambda epochs: epochs[0], what="the best epoch"),
    mistake("The first epoch is not counted as an improvement, "
            "so patience runs out too early where the first loss is the lowest.",
            "With which count does training leave the first epoch?",
            {START: "dev_losses[0], 0, 0"}, of=with_a_counter),
    mistake("The epoch before the stop is returned: the one that could still go on.",
            "The stop is the epoch at which the count reaches patience. Which one is that in the table?",
            {STOPPED: "return best_epoch, epoch - 1"}),
    mistake("Patience is not used: the lowest loss of all and the last epoch are returned.",
            "When does training stop if the loss has not improved for `patience` epochs?",
            {STOPPED: "pass"}),
    mistake("The lowest loss so far starts at a fixed number, which is not above every loss.",
            "What is the count after the first epoch if its loss is 700? Which number is above all losses?",
            {START: "1.0, 0, 0"},
            {START: "100.0, 0, 0"}, of=with_a_counter),
    mistake("The lowest loss so far starts at 0, so no loss is ever below it.",
            "With which number must a search for a minimum begin, so that the first loss is an improvement?",
            {START: "0.0, 0, 0"}, of=with_a_counter),
    mistake("The losses are taken out of the caller's list.",
            "What is left of dev_losses after the call? Reading is enough.",
            by=empties_the_list),
    mistake("Methods of lists are used, which arrays do not have.",
            "dev_losses may be an array, too. What does it have in place of index?",
            {STOPPED: "return dev_losses.index(dev_losses[best_epoch]), epoch",
             ENDED: "return dev_losses.index(dev_losses[best_epoch]), len(dev_losses) - 1"}),
    mistake("The search for the best epoch leaves out the last one.",
            "Which losses does dev_losses[:stop] hold?",
            {STOPPED: "return int(np.argmin(dev_losses[:epoch])), epoch",
             ENDED: "return int(np.argmin(dev_losses[:-1])), len(dev_losses) - 1"}),
    mistake("The first epoch is skipped: the search for the lowest loss begins at epoch 1.",
            "What is the best epoch of losses that only rise?",
            {START: "math.inf, 1, 0", "range(len(dev_losses))": "range(1, len(dev_losses))",
             STOPPED: "return best_epoch, len(dev_losses) - 1"}, of=with_a_counter),
    mistake("The best epoch is taken to lie patience epochs before the last one, also where patience never runs out.",
            "What is the best epoch of losses that fall all the time?",
            {STOPPED: "return epoch - patience, epoch",
             ENDED: "return len(dev_losses) - 1 - patience, len(dev_losses) - 1"}),
]
