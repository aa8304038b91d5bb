"""early_stopping: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require


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
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 3.1, 3.3], 3, (2, 5)),
            ([1, 2, 3, 4], 1, (0, 1)),
            ([2, 1, 1.5, 1.2, 1.1], 2, (1, 3)),
            ([*np.linspace(5, 1, 150), 2, 3, 4, 0.5], 3, (149, 152)),
            ([9, 8, 7, 6, 7, 8, 9, 10, 11], 4, (3, 7)),
        ],
    )


def test_early_stopping_never_looks_past_the_stop(student):
    """A lower loss after the stop plays no part."""
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 3.1, 1], 3, (2, 5)),
            ([3, 4, 0, 0, 0], 1, (0, 1)),
            ([0.9, 0.8, 0.85, 0.9, 0.3, 0.2, 0.1, 0.0], 2, (1, 3)),
        ],
    )


def test_early_stopping_starts_counting_again(student):
    """A new lowest loss sets the count back to zero: bad epochs count in a row, not in all."""
    _stops(
        student,
        [
            ([5, 4, 3, 3.5, 3.2, 2, 4, 4], 3, (5, 7)),
            ([9, 10, 8, 9, 7, 8, 6, 7, 8, 9], 2, (6, 8)),
            ([6, 7, 7, 5, 6, 6, 4, 5, 5, 5], 3, (6, 9)),
        ],
    )


def test_early_stopping_compares_with_the_best(student):
    """An epoch better than the one before it is no improvement while it is above the lowest loss."""
    _stops(
        student,
        [
            ([1, 3, 2.5, 2, 1.5, 1.2], 3, (0, 3)),
            ([4, 2, 5, 4.5, 4, 3.5, 3, 2.5], 4, (1, 5)),
            ([1.0, 1.2, 1.1, 1.3, 1.15], 3, (0, 3)),
        ],
    )


def test_early_stopping_takes_no_tie_for_an_improvement(student):
    """A loss equal to the lowest counts as an epoch without improvement, and the earliest one is the best."""
    _stops(
        student,
        [
            ([3, 3, 3, 3], 2, (0, 2)),
            ([5, 4, 4, 4, 4, 1], 3, (1, 4)),
            ([2, 1, 3, 1, 0.5], 2, (1, 3)),
            ([2, 1, 1], 4, (1, 2)),
        ],
    )


def test_early_stopping_takes_any_improvement(student):
    """However little a loss is below the lowest, it is an improvement; however high the losses are, too."""
    _stops(
        student,
        [
            ([0.5, 0.50002, 0.49999, 0.50001, 0.49998, 0.6, 0.7], 2, (4, 6)),
            ([700, 600, 650, 599.99, 599.98, 640, 650, 660], 3, (4, 7)),
            ([5e-10, 4e-10, 3e-10, 2e-10, 6e-10, 7e-10], 2, (3, 5)),
            ([0.5, 0.5 - 1e-9, 0.5 - 2e-9, 0.5 - 3e-9, 0.7], 2, (3, 4)),
        ],
    )


def test_early_stopping_at_the_end_of_training(student):
    """If patience never runs out, the last epoch is where training ended."""
    _stops(
        student,
        [
            ([4, 3, 2, 1], 1, (3, 3)),
            ([4, 3, 2, 2.5, 2.2], 5, (2, 4)),
            ([0.7], 1, (0, 0)),
            ([0.7], 9, (0, 0)),
            ([5, 6, 4, 6], 2, (2, 3)),
            ([3, 2, 5, 6, 7], 3, (1, 4)),
        ],
    )


def test_early_stopping_takes_lists(student):
    """A list of losses gives what an array gives."""
    results = [student.early_stopping(list(losses), patience) for losses, patience, _ in HISTORIES]
    for got, (_, _, expected) in zip(results, HISTORIES, strict=True):
        _compare_stop(got, expected)


def test_early_stopping_leaves_the_losses_alone(student):
    """A list or an array of losses stays as it came."""
    results = []
    for losses, patience, _ in HISTORIES:
        for given in (list(losses), np.array(losses)):
            before = given.copy()
            results.append(student.early_stopping(given, patience))
            assert_unchanged(given, before, what="dev_losses")
    for number, got in enumerate(results):
        _compare_stop(got, HISTORIES[number // 2][2])


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
def stopping_with_a_counter(dev_losses, patience):
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
def stopping_with_minimum_so_far(dev_losses, patience):
    losses = np.asarray(dev_losses, dtype=float)
    for epoch in range(len(losses)):
        best_epoch = np.argmin(losses[: epoch + 1])
        if epoch - best_epoch == patience:
            break
    return [best_epoch, epoch]


@variant
def stopping_in_a_while_loop(dev_losses, patience):
    epoch, best_epoch, left = 0, 0, patience
    while epoch + 1 < len(dev_losses) and left:
        epoch += 1
        left -= 1
        if dev_losses[epoch] < dev_losses[best_epoch]:
            best_epoch, left = epoch, patience
    return np.array([best_epoch, epoch])


@variant
def stopping_by_new_lows(dev_losses, patience):
    losses = np.asarray(dev_losses)
    lowest = np.minimum.accumulate(losses)
    lows = [0, *(np.flatnonzero(lowest[1:] < lowest[:-1]) + 1)]
    for low, following in zip(lows, [*lows[1:], len(losses) + patience], strict=True):
        if following - low > patience:
            return int(low), min(int(low) + patience, len(losses) - 1)
    raise AssertionError


def stop_for_the_best(dev_losses, patience):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, epoch
    return len(dev_losses) - 1, len(dev_losses) - 1


def stop_before_best(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return len(dev_losses) - 1, best_epoch


def best_of_all_epochs(dev_losses, patience):
    losses = np.asarray(dev_losses, dtype=float)
    best, waited = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return int(np.argmin(losses)), epoch
    return int(np.argmin(losses)), len(losses) - 1


def counts_from_the_overall_minimum(dev_losses, patience):
    best_epoch = int(np.argmin(dev_losses))
    return best_epoch, min(best_epoch + patience, len(dev_losses) - 1)


def stops_beyond_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, best_epoch + patience


def ties_improve(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss <= best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def ties_become_the_best(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            if loss == best:
                best_epoch = epoch
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def ties_reset_the_count(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        elif loss == best:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def stops_one_late(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited > patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def stops_one_early(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience - 1:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def stops_at_the_first_rise(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= 1:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def counts_from_one(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch + 1, epoch + 1
    return best_epoch + 1, len(dev_losses)


def stop_as_a_number_of_epochs(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch + 1
    return best_epoch, len(dev_losses)


def end_one_too_far(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses)


def never_resets_the_count(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best = epoch, loss
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def compares_with_the_epoch_before(dev_losses, patience):
    best_epoch, waited = 0, 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best_epoch]:
            best_epoch = epoch
        if dev_losses[epoch] < dev_losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def follows_the_last_epoch(dev_losses, patience):
    best_epoch, waited = 0, 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[epoch - 1]:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def returns_the_loss(dev_losses, patience):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return float(best), epoch
    return float(best), len(dev_losses) - 1


def takes_losses_for_accuracies(dev_losses, patience):
    best_epoch, best, waited = 0, -np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss > best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def returns_nothing_at_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return None


def no_stop_at_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, None


def best_for_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, best_epoch


def returns_the_best_alone(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch
    return best_epoch


def first_epoch_counts_as_bad(dev_losses, patience):
    best_epoch, best, waited = 0, dev_losses[0], 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def stop_before_the_stop(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch - 1
    return best_epoch, len(dev_losses) - 1


def never_stops(dev_losses, patience):
    return int(np.argmin(dev_losses)), len(dev_losses) - 1


def asks_for_a_clear_improvement(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - 1e-3:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def starts_the_best_at_one(dev_losses, patience):
    best_epoch, best, waited = 0, 1.0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


def empties_the_list(dev_losses, patience):
    losses = dev_losses if isinstance(dev_losses, list) else list(dev_losses)
    lowest, best, count, epoch = float("inf"), 0, 0, -1
    while losses and count < patience:
        loss, epoch = losses.pop(0), epoch + 1
        if loss < lowest:
            lowest, best, count = loss, epoch, 0
        else:
            count += 1
    return best, epoch


def takes_lists_alone(dev_losses, patience):
    lowest, count, stop = dev_losses[0], 0, len(dev_losses) - 1
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < lowest:
            lowest, count = dev_losses[epoch], 0
        else:
            count += 1
            if count == patience:
                stop = epoch
                break
    return dev_losses.index(lowest), stop


def leaves_the_last_epoch_out(dev_losses, patience):
    best = stop = 0
    for epoch in range(1, len(dev_losses)):
        stop = epoch
        if dev_losses[epoch] < dev_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return int(np.argmin(dev_losses[:stop])), stop


def compares_with_the_first(dev_losses, patience):
    count = 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[0]:
            count = 0
        else:
            count += 1
            if count == patience:
                return int(np.argmin(dev_losses[: epoch + 1])), epoch
    return int(np.argmin(dev_losses)), len(dev_losses) - 1


def skips_the_first_epoch(dev_losses, patience):
    best, count = 1, 0
    for epoch in range(2, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 0
        else:
            count += 1
            if count == patience:
                return best, epoch
    return best, len(dev_losses) - 1


def looks_at_the_count_first(dev_losses, patience):
    best = count = 0
    for epoch in range(1, len(dev_losses)):
        if count == patience:
            return best, epoch
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 0
        else:
            count += 1
    return best, len(dev_losses) - 1


def counts_the_improvement(dev_losses, patience):
    best, count = 0, 1
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 1
        else:
            count += 1
        if count == patience:
            return best, epoch
    return best, len(dev_losses) - 1


def starts_at_zero(dev_losses, patience):
    lowest, best, waited, epoch = 0.0, 0, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return best, epoch


def starts_at_a_hundred(dev_losses, patience):
    lowest, best, waited, epoch = 100.0, 0, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return best, epoch


def best_is_patience_before_the_end(dev_losses, patience):
    best = stop = 0
    for epoch in range(1, len(dev_losses)):
        stop = epoch
        if dev_losses[epoch] < dev_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return stop - patience, stop


MISTAKES = [
    mistake("A loss that is lower by less than 1e-8 is not taken for an improvement; strictly below is enough.",
            "What is the best epoch of the losses 4e-10, 3e-10, 2e-10?",
            {"]": "] - 1e-8"}),
    mistake("The stopping epoch is returned for the best one as well.",
            "At which epoch was the loss lowest, and at which did training notice?",
            by=stop_for_the_best),
    mistake("The two epochs are returned in the wrong order.",
            "Which of the two is asked for first?",
            by=stop_before_best),
    mistake("The lowest loss of the whole list is taken for the best, also when it lies after the stop.",
            "Training that has stopped never sees what follows. Where does your search for the minimum end?",
            by=best_of_all_epochs),
    mistake("The minimum of the whole list is found first, and patience counted from there.",
            "Epoch by epoch: could training have reached your minimum before patience ran out?",
            by=counts_from_the_overall_minimum),
    mistake("The stop is computed as best epoch plus patience, also where there are not that many epochs.",
            "How many epochs are there when training ends before patience runs out?",
            by=stops_beyond_the_end),
    mistake("A tie counts as an improvement: it becomes the best epoch and sets the count back.",
            "Is an equal loss strictly below?",
            by=ties_improve),
    mistake("A tie becomes the best epoch, though it does not set the count back.",
            "Which epoch is the best among equals?",
            by=ties_become_the_best),
    mistake("A tie sets the count back, though the best epoch stays.",
            "What is the count after a loss that only equals the lowest? See the table.",
            by=ties_reset_the_count),
    mistake("Training stops one epoch too late.",
            "Patience 2 in the table: at which count does training stop?",
            by=stops_one_late),
    mistake("Training stops one epoch too early.",
            "Patience 2 in the table: how many epochs without improvement pass before the stop, the last one included?",
            by=stops_one_early),
    mistake("Training stops at the first loss that is no improvement; patience is not used.",
            "What is patience for?",
            by=stops_at_the_first_rise),
    mistake("Epochs are counted from 1.",
            "Which number has the first epoch?",
            by=counts_from_one),
    mistake("The stop is the number of epochs that were run, one more than the last epoch's number.",
            "Five epochs are numbered 0 to 4. Which of them was the last?",
            by=stop_as_a_number_of_epochs),
    mistake("Where training runs to its end, the number of epochs is returned instead of the last epoch.",
            "Five epochs are numbered 0 to 4. Which of them was the last?",
            by=end_one_too_far),
    mistake("The count is never set back: bad epochs are counted in all, not in a row.",
            "What happens to the count at a new lowest loss?",
            by=never_resets_the_count),
    mistake("Each loss is compared with the one before it, not with the lowest so far.",
            "After 1 comes 3, then 2.5. Is 2.5 an improvement?",
            by=compares_with_the_epoch_before),
    mistake("Both the count and the best epoch follow the comparison with the epoch before.",
            "After 1 comes 3, then 2.5. Which epoch is the best so far?",
            by=follows_the_last_epoch),
    mistake("The lowest loss is returned instead of its epoch.",
            "Two epochs are asked for. Of what kind is the first thing you return?",
            by=returns_the_loss),
    mistake("The highest value is taken for the best, as if these were accuracies.",
            "Is a loss better when it is higher?",
            by=takes_losses_for_accuracies),
    mistake("Nothing is returned where patience never runs out.",
            "What comes after the loop?",
            by=returns_nothing_at_the_end),
    mistake("Where patience never runs out, there is None for the stop.",
            "Which epoch was the last one that training ran?",
            by=no_stop_at_the_end),
    mistake("Where training runs to its end, the best epoch is returned for the stop.",
            "Training did not end at the best epoch. Which was the last one it ran?",
            by=best_for_the_end),
    mistake("Only the best epoch is returned.",
            "The pair of best and stopping epoch is asked for.",
            by=returns_the_best_alone),
    mistake("The first epoch is not counted as an improvement, so patience runs out too early where the first loss is the lowest.",
            "With which count does training leave the first epoch?",
            by=first_epoch_counts_as_bad),
    mistake("The epoch before the stop is returned: the one that could still go on.",
            "The stop is the epoch at which the count reaches patience. Which one is that in the table?",
            by=stop_before_the_stop),
    mistake("Patience is not used: the lowest loss of all and the last epoch are returned.",
            "When does training stop if the loss has not improved for `patience` epochs?",
            by=never_stops),
    mistake("A small improvement is not taken for one.",
            "How much below all before it must a loss be? Read the definition again.",
            by=asks_for_a_clear_improvement),
    mistake("The lowest loss so far starts at a fixed number, which is not above every loss.",
            "What is the count after the first epoch if its loss is 5? Which number is above all losses?",
            by=starts_the_best_at_one),
    mistake("The losses are taken out of the caller's list.",
            "What is left of dev_losses after the call? Reading is enough.",
            by=empties_the_list),
    mistake("Methods of lists are used, which arrays do not have.",
            "dev_losses may be an array, too. What does it have in place of index?",
            by=takes_lists_alone),
    mistake("The search for the best epoch leaves out the last one.",
            "Which losses does dev_losses[:stop] hold?",
            by=leaves_the_last_epoch_out),
    mistake("Every loss is compared with the first one: the lowest so far is never replaced.",
            "After an improvement, what must the next losses be compared with?",
            by=compares_with_the_first),
    mistake("The first epoch is skipped: the search for the lowest loss begins at epoch 1.",
            "What is the best epoch of losses that only rise?",
            by=skips_the_first_epoch),
    mistake("The count is looked at before the epoch's own loss, so the stop comes an epoch late.",
            "Follow the table of the text through your loop: at which line is the 2 noticed?",
            by=looks_at_the_count_first),
    mistake("The count starts at 1, so patience runs out an epoch early.",
            "How many epochs without improvement have passed right after an improvement?",
            by=counts_the_improvement),
    mistake("The lowest loss so far starts at 0, so no loss is ever below it.",
            "With which number must a search for a minimum begin, so that the first loss is an improvement?",
            by=starts_at_zero),
    mistake("The lowest loss so far starts at a fixed number, which is below some of the losses of other tasks.",
            "What happens with losses around 700?",
            by=starts_at_a_hundred),
    mistake("The best epoch is taken to lie patience epochs before the last one, also where patience never runs out.",
            "What is the best epoch of losses that fall all the time?",
            by=best_is_patience_before_the_end),
]
