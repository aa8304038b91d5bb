"""Wrong implementations that students hand in for 06-gradient-descent, each with what a good TA says.

Random ones draw as most students do (one ``rng.permutation`` an epoch), so that the diagnosis, which runs the hidden
tests with them and compares call by call, recognises them. Those that draw otherwise it recognises in the tests with
examples that are all alike, where the draw does not matter.
"""

import numpy as np

from grader.authoring import misconception
from nnlib import affine_backward, affine_forward, softmax_cross_entropy


def _gradients(params, X, y):
    scores, cache = affine_forward(X, params["W"], params["b"])
    cost, dscores = softmax_cross_entropy(scores, y)
    _, dw, db = affine_backward(dscores, cache)
    return float(cost), {"W": dw, "b": db}


def _zeros(X, classes):
    return {"W": np.zeros((X.shape[1], classes)), "b": np.zeros(classes)}


def _step(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params}


def _descend(passes, X, y, lr):
    """Step through the batches of all passes, each a list of arrays of indices."""
    params, costs = _zeros(X, int(y.max()) + 1), []
    for batches in passes:
        for chosen in batches:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def _cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


@misconception(
    of="steps_per_epoch",
    says="The division rounds down, so the short last batch is not counted.",
    hint="Ten examples in batches of four: write the batches down and count them.",
)
def steps_rounded_down(n, batch_size):
    return n // batch_size


@misconception(
    of="steps_per_epoch",
    says="One is always added, also where the size divides.",
    hint="Twelve examples in batches of four: is there a fourth batch?",
)
def steps_plus_one(n, batch_size):
    return n // batch_size + 1


@misconception(
    of="steps_per_epoch",
    says="The result is rounded to the nearest whole number, so a small last batch is lost.",
    hint="Eleven examples in batches of five: what happens to the eleventh?",
)
def steps_to_the_nearest(n, batch_size):
    return round(n / batch_size)


@misconception(
    of="steps_per_epoch",
    says="The number is not rounded: a fraction of a step does not exist.",
    hint="What does a loop over range(2.5) do?",
)
def steps_as_a_fraction(n, batch_size):
    return n / batch_size


@misconception(
    of="steps_per_epoch",
    says="The number of steps is right but is a float, which range refuses.",
    hint="np.ceil returns a float. Which operation stays within whole numbers?",
)
def steps_as_a_float(n, batch_size):
    return np.ceil(n / batch_size)


@misconception(
    of="steps_per_epoch",
    says="This is the number of examples left over, not the number of batches.",
    hint="% gives the remainder. How many batches do ten examples make in fours?",
)
def steps_as_the_remainder(n, batch_size):
    return n % batch_size


@misconception(
    of="steps_per_epoch",
    says="The division rounds down, with at least one step forced: a short last batch still goes uncounted.",
    hint="What does n // batch_size make of 11 examples in batches of 5?",
)
def steps_rounded_down_but_one(n, batch_size):
    return max(1, n // batch_size)


@misconception(
    of="steps_per_epoch",
    says="The result is rounded to the nearest whole number, so a small last batch is lost.",
    hint="Eleven examples in batches of five: what happens to the eleventh?",
)
def steps_to_the_nearest_or_up(n, batch_size):
    return int(n / batch_size + 0.5)


@misconception(
    of="steps_per_epoch",
    says="The batch size is divided by the number of examples, not the other way round.",
    hint="Are there more or fewer steps when the data set grows?",
)
def steps_the_other_way_round(n, batch_size):
    return -(-batch_size // n)


@misconception(
    of="steps_per_epoch",
    says="One step too few: the last batch is never counted, full or not.",
    hint="Four examples in batches of four: how many steps do you get, and how many are there?",
)
def steps_one_too_few(n, batch_size):
    return (n - 1) // batch_size


@misconception(
    of="steps_per_epoch",
    says="A batch size above the number of examples gives no step at all.",
    hint="Three examples in batches of eight: are the three never used?",
)
def steps_none_for_a_large_batch(n, batch_size):
    return 0 if batch_size > n else -(-n // batch_size)


@misconception(
    of="steps_per_epoch",
    says="The starts of the batches are returned, not their number.",
    hint="How many starts are there?",
)
def steps_as_their_starts(n, batch_size):
    return list(range(0, n, batch_size))


@misconception(
    of="steps_per_epoch",
    says="Quotient and remainder are returned as a pair; one number is asked for.",
    hint="The quotient counts the full batches. What does a remainder above 0 add to it?",
)
def steps_as_quotient_and_remainder(n, batch_size):
    return divmod(n, batch_size)


@misconception(
    of="random_minibatches",
    says="The last short batch is dropped, so some examples are never used.",
    hint="How many examples are in your batches altogether when N = 11 and the size is 4?",
)
def drops_the_short_batch(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    stop = len(X) - len(X) % batch_size
    return [(X[i], y[i]) for i in _cut(order[:stop], batch_size)]


@misconception(
    of="random_minibatches",
    says="X and y are shuffled by two different permutations, so the examples lose their labels.",
    hint="Draw one order and use it twice.",
)
def shuffles_apart(X, y, batch_size, rng):
    first, second = rng.permutation(len(X)), rng.permutation(len(X))
    return [(X[i], y[j]) for i, j in zip(_cut(first, batch_size), _cut(second, batch_size), strict=True)]


@misconception(
    of="random_minibatches",
    says="Only X is shuffled; y stays in its old order.",
    hint="Example 3 came first. Whose label does it get?",
)
def leaves_the_labels(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    rows = np.arange(len(X))
    return [(X[i], y[j]) for i, j in zip(_cut(order, batch_size), _cut(rows, batch_size), strict=True)]


@misconception(
    of="random_minibatches",
    says="Nothing is shuffled: the batches follow the order of the data.",
    hint="What would the batches be if the data were sorted by class?",
)
def does_not_shuffle(X, y, batch_size, rng):
    return [(X[i], y[i]) for i in _cut(np.arange(len(X)), batch_size)]


@misconception(
    of="random_minibatches",
    says="Examples are drawn with replacement: some come twice in an epoch, others not at all.",
    hint="Count how often each example occurs in one epoch. Which kind of draw gives each exactly once?",
)
def draws_with_replacement(X, y, batch_size, rng):
    order = rng.integers(len(X), size=len(X))
    return [(X[i], y[i]) for i in _cut(order, batch_size)]


@misconception(
    of="random_minibatches",
    says="The order is not drawn anew from rng in every call, so all epochs come in the same order.",
    hint="Draw from the rng you are given, in each call: it remembers what it has drawn.",
)
def seeds_its_own_generator(X, y, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(X))
    return [(X[i], y[i]) for i in _cut(order, batch_size)]


@misconception(
    of="random_minibatches",
    says="Only the order of the batches is shuffled; the same examples stay together in every epoch.",
    hint="Shuffle the examples first, then cut.",
)
def shuffles_whole_batches(X, y, batch_size, rng):
    batches = _cut(np.arange(len(X)), batch_size)
    return [(X[batches[i]], y[batches[i]]) for i in rng.permutation(len(batches))]


@misconception(
    of="random_minibatches",
    says="There is an empty batch at the end where the size divides N.",
    hint="How many starts does your loop have for N = 20 and a size of 5? The mean over no examples is nan.",
)
def adds_an_empty_batch(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    starts = range(0, len(X) + 1, batch_size)
    return [(X[order[s : s + batch_size]], y[order[s : s + batch_size]]) for s in starts]


@misconception(
    of="random_minibatches",
    says="The last batch is filled up with examples from the beginning, which come twice.",
    hint="What must the size of the last batch be for N = 11 and a size of 4?",
)
def fills_the_last_batch(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    order = np.resize(order, -(-len(X) // batch_size) * batch_size)
    return [(X[i], y[i]) for i in _cut(order, batch_size)]


@misconception(
    of="random_minibatches",
    says="batch_size is taken as the number of batches.",
    hint="How many examples should the first batch hold?",
)
def takes_the_size_for_the_count(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[i], y[i]) for i in np.array_split(order, batch_size)]


@misconception(
    of="random_minibatches",
    says="The batches overlap: the start moves on by one example instead of by a whole batch.",
    hint="Where does the second batch begin if the first holds four examples?",
)
def moves_on_by_one(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    count = -(-len(X) // batch_size)
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(count)]


@misconception(
    of="random_minibatches",
    says="X and y themselves are shuffled in place: the caller's data is changed.",
    hint="Work with an array of indices, or on copies.",
)
def shuffles_in_place(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return [(X[i : i + batch_size].copy(), y[i : i + batch_size].copy()) for i in range(0, len(X), batch_size)]


@misconception(
    of="random_minibatches",
    says="The examples are shuffled only within their batch: the same ones stay together in every epoch.",
    hint="Can the first and the last example of the data ever meet in a batch? Shuffle first, then cut.",
)
def shuffles_within_batches(X, y, batch_size, rng):
    return [(X[i], y[i]) for i in (rng.permutation(batch) for batch in _cut(np.arange(len(X)), batch_size))]


@misconception(
    of="random_minibatches",
    says="Each batch is drawn from all examples, so some come in two batches and others in none.",
    hint="replace=False holds within one draw only. How many draws does an epoch have if everyone is to come once?",
)
def draws_each_batch_from_all(X, y, batch_size, rng):
    sizes = [len(batch) for batch in _cut(np.arange(len(X)), batch_size)]
    return [(X[i], y[i]) for i in (rng.choice(len(X), size=size, replace=False) for size in sizes)]


@misconception(
    of="random_minibatches",
    says="X and y are each shuffled in place: the examples lose their labels, and the caller's data is changed.",
    hint="Draw one order of indices, and take X and y by it.",
)
def shuffles_in_place_apart(X, y, batch_size, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@misconception(
    of="random_minibatches",
    says="The batches are made equally large, instead of all full but the last.",
    hint="Seventeen examples in batches of five: which four sizes does the text ask for?",
)
def makes_batches_alike(X, y, batch_size, rng):
    count = -(-len(X) // batch_size)
    return [(X[i], y[i]) for i in np.array_split(rng.permutation(len(X)), count)]


@misconception(
    of="random_minibatches",
    says="The short batch comes first instead of last.",
    hint="Where does the first cut lie if the first batch is to be full?",
)
def puts_the_short_batch_first(X, y, batch_size, rng):
    order, rest = rng.permutation(len(X)), len(X) % batch_size
    first = [order[:rest]] if rest else []
    return [(X[i], y[i]) for i in [*first, *_cut(order[rest:], batch_size)]]


@misconception(
    of="random_minibatches",
    says="Only one batch is returned, not all batches of an epoch.",
    hint="Who teaches the network the examples of the other batches?",
)
def returns_one_batch(X, y, batch_size, rng):
    chosen = rng.permutation(len(X))[:batch_size]
    return X[chosen], y[chosen]


@misconception(
    of="random_minibatches",
    says="The return stands inside the loop: the list ends after the first batch.",
    hint="How far is the return indented?",
)
def returns_in_the_loop(X, y, batch_size, rng):
    chosen = rng.permutation(len(X))[:batch_size]
    return [(X[chosen], y[chosen])]


@misconception(
    of="random_minibatches",
    says="Two lists are returned, one of X batches and one of y batches, instead of a list of pairs.",
    hint="In `for X_batch, y_batch in ...` each entry must hold both. What does zip do?",
)
def returns_two_lists(X, y, batch_size, rng):
    batches = _cut(rng.permutation(len(X)), batch_size)
    return [X[i] for i in batches], [y[i] for i in batches]


@misconception(
    of="random_minibatches",
    says="The pairs are the wrong way round: labels first.",
    hint="Which of the two comes first in (X_batch, y_batch)?",
)
def puts_labels_first(X, y, batch_size, rng):
    return [(y[i], X[i]) for i in _cut(rng.permutation(len(X)), batch_size)]


@misconception(
    of="random_minibatches",
    says="The batches overlap: every example starts a batch of its own.",
    hint="By how much must the start move on so that nobody comes twice?",
)
def starts_at_every_example(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(len(X))]


@misconception(
    of="random_minibatches",
    says="Each batch ends one example early, and that example is never used.",
    hint="The end of a slice is left out anyway. How many examples are in order[0:4]?",
)
def ends_batches_early(X, y, batch_size, rng):
    batches = _cut(rng.permutation(len(X)), batch_size)
    return [(X[i], y[i]) for i in (batch[: batch_size - 1] for batch in batches)]


@misconception(
    of="random_minibatches",
    says="Each batch begins one example early: its first is the last of the batch before.",
    hint="Where must the second batch begin if the first is order[0:4]?",
)
def overlaps_by_one(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    starts = range(0, len(X), max(batch_size - 1, 1))
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in starts]


@misconception(
    of="random_minibatches",
    says="The data is only turned round by a random number of places, so neighbours stay neighbours.",
    hint="How many different orders can np.roll give, and how many are there?",
)
def turns_the_order_round(X, y, batch_size, rng):
    order = np.roll(np.arange(len(X)), rng.integers(len(X)))
    return [(X[i], y[i]) for i in _cut(order, batch_size)]


@misconception(
    of="random_minibatches",
    says="Nothing is drawn: the examples come in the reverse order of the data.",
    hint="What would the batches be if the data were sorted by class?",
)
def reverses_the_data(X, y, batch_size, rng):
    return [(X[i], y[i]) for i in _cut(np.arange(len(X))[::-1], batch_size)]


@misconception(
    of="random_minibatches",
    says="The batches are turned into another dtype.",
    hint="Compare X.dtype and y.dtype with those of a batch. Labels must stay whole numbers to serve as indices.",
)
def changes_the_dtype(X, y, batch_size, rng):
    return [(X[i].astype(float), y[i].astype(float)) for i in _cut(rng.permutation(len(X)), batch_size)]


@misconception(
    of="random_minibatches",
    says="The labels become a column, (n, 1), instead of (n,).",
    hint="Which shape has y, and which has your y_batch?",
)
def makes_labels_a_column(X, y, batch_size, rng):
    return [(X[i], y[i].reshape(-1, 1)) for i in _cut(rng.permutation(len(X)), batch_size)]


@misconception(
    of="random_minibatches",
    says="The examples are flattened; a batch must keep the further axes of X.",
    hint="Which shape must a batch of images (N, H, W) have?",
)
def flattens_the_examples(X, y, batch_size, rng):
    return [(X[i].reshape(len(i), -1), y[i]) for i in _cut(rng.permutation(len(X)), batch_size)]


@misconception(
    of="gradient_step",
    says="The parameters move along the gradient, which is uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def climbs(params, grads, lr):
    return {k: params[k] + lr * grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="The rate is left out.",
    hint="What should happen with lr = 0?",
)
def forgets_the_rate(params, grads, lr):
    return {k: params[k] - grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="The gradient is divided by the rate instead of multiplied by it.",
    hint="A smaller rate must make a smaller step. Does it?",
)
def divides_by_the_rate(params, grads, lr):
    return {k: params[k] - grads[k] / lr for k in params}


@misconception(
    of="gradient_step",
    says="The parameters are changed in place; the dict that came in is no longer what it was.",
    hint="-= writes into the caller's array, params[name] = ... into the caller's dict. What makes a new one?",
)
def changes_in_place(params, grads, lr):
    for k in params:
        params[k] -= lr * grads[k]
    return params


@misconception(
    of="gradient_step",
    says="Gradients are matched by their position, not by name.",
    hint="The two dicts need not be in the same order. How do you look up the gradient of 'W'?",
)
def goes_by_position(params, grads, lr):
    return {k: w - lr * dw for (k, w), dw in zip(params.items(), grads.values(), strict=True)}


@misconception(
    of="gradient_step",
    says="Only the change is returned, not the changed parameters.",
    hint="What is left to do after computing lr times the gradient?",
)
def returns_the_change(params, grads, lr):
    return {k: -lr * grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="Each gradient is scaled to length 1 first, so its size no longer counts.",
    hint="The formula has the gradient itself. How long must the step be where the gradient is ten times longer?",
)
def normalises_the_gradient(params, grads, lr):
    return {k: params[k] - lr * grads[k] / (np.linalg.norm(grads[k]) + 1e-12) for k in params}


@misconception(
    of="gradient_step",
    says="Only the parameters called W are updated; the biases stay.",
    hint="Every name in params has a gradient. Do all of them move?",
)
def updates_only_weights(params, grads, lr):
    return {k: params[k] - lr * grads[k] if k.startswith("W") else params[k].copy() for k in params}


@misconception(
    of="gradient_step",
    says="The rate is applied twice.",
    hint="Try lr = 0.1 by hand: by how much should a gradient of 1 move a parameter?",
)
def applies_the_rate_twice(params, grads, lr):
    return {k: params[k] - lr * lr * grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="The rate multiplies the parameters as well.",
    hint="Which part of w - α·gradient does α belong to? Mind the brackets.",
)
def brackets_misplaced(params, grads, lr):
    return {k: lr * (params[k] - grads[k]) for k in params}


@misconception(
    of="gradient_step",
    says="Only W and b are known by name; other names are not found, or left out.",
    hint="Loop over the names that params has, whatever they are.",
)
def knows_only_w_and_b(params, grads, lr):
    return {"W": params["W"] - lr * grads["W"], "b": params["b"] - lr * grads["b"]}


@misconception(
    of="gradient_step",
    says="The gradients are looked up under names with a d in front, which grads does not have.",
    hint="Print grads.keys(): what is the gradient of 'W' called?",
)
def looks_for_d_names(params, grads, lr):
    return {k: params[k] - lr * grads["d" + k] for k in params}


@misconception(
    of="gradient_step",
    says="Only the first parameter is updated: the return stands inside the loop.",
    hint="How far is the return indented?",
)
def updates_only_the_first(params, grads, lr):
    new = dict(params)
    for k in params:
        new[k] = params[k] - lr * grads[k]
        return new
    return new


@misconception(
    of="gradient_step",
    says="The new arrays are returned without their names, in a list; a dict is asked for.",
    hint="Who calls this wants to write new['W'].",
)
def returns_a_list(params, grads, lr):
    return [params[k] - lr * grads[k] for k in params]


@misconception(
    of="gradient_step",
    says="The gradient is averaged over its first axis, though it has the shape of its parameter already.",
    hint="Which entry of dW belongs to W[0, 1]? The mean over the batch was taken before.",
)
def averages_the_gradient(params, grads, lr):
    return {k: params[k] - lr * np.mean(grads[k], axis=0) for k in params}


@misconception(
    of="gradient_step",
    says="Only the sign of the gradient is used, so its size no longer counts.",
    hint="How long must the step be where the gradient is ten times longer?",
)
def goes_by_the_sign(params, grads, lr):
    return {k: params[k] - lr * np.sign(grads[k]) for k in params}


@misconception(
    of="gradient_step",
    says="The gradients are changed in place: grads is no longer what it was.",
    hint="*= writes into the caller's array. Which expression makes a new one?",
)
def changes_the_gradients(params, grads, lr):
    new = {}
    for k in params:
        grads[k] *= lr
        new[k] = params[k] - grads[k]
    return new


@misconception(
    of="gradient_step",
    says="Parameters and gradients have changed places.",
    hint="Which of the two is moved, and which is multiplied by the rate?",
)
def swaps_the_two(params, grads, lr):
    return {k: grads[k] - lr * params[k] for k in params}


@misconception(
    of="gradient_step",
    says="The brackets are misplaced: the rate is subtracted from the parameter, and the result multiplied.",
    hint="In w - α·gradient the product comes first.",
)
def subtracts_the_rate(params, grads, lr):
    return {k: (params[k] - lr) * grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="The rate is a fixed number; the argument lr is not used.",
    hint="What should happen with lr = 0?",
)
def fixes_the_rate(params, grads, lr):
    return {k: params[k] - 0.1 * grads[k] for k in params}


@misconception(
    of="gradient_step",
    says="A parameter without axes comes back as an array of one number: its shape has changed.",
    hint="What are np.shape(2.0) and np.shape([2.0])?",
)
def makes_numbers_arrays(params, grads, lr):
    return {k: np.atleast_1d(params[k] - lr * grads[k]) for k in params}


@misconception(
    of="gradient_step",
    says="The rate multiplies the parameters as well.",
    hint="Which part of w - α·gradient does α belong to? Mind the brackets.",
)
def shrinks_the_parameters(params, grads, lr):
    return {k: params[k] - lr * (params[k] + grads[k]) for k in params}


@misconception(
    of="batch_gradient_descent",
    says="Only the first 64 examples take part in the steps; all examples must.",
    hint="Do the costs change if you change the last of 100 examples?",
)
def batch_of_64_examples_at_most(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        cost, grads = _gradients(params, X[:64], y[:64])
        costs.append(cost)
        params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The cost is noted after the step instead of before it.",
    hint="What must the first cost be, when all weights are still zero?",
)
def batch_notes_the_cost_after(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The step goes uphill: the gradient is added.",
    hint="Do the costs grow? The gradient points to where they do.",
)
def batch_climbs(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The biases are never updated.",
    hint="W and b both have a gradient. Which of them does your step move?",
)
def batch_forgets_the_biases(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


@misconception(
    of="batch_gradient_descent",
    says="Every step starts from zero parameters: they are set back, or what the step returns is not kept.",
    hint="With which parameters does the second epoch begin? Print W after each step.",
)
def batch_starts_again_each_epoch(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="Only the last cost is returned, not the history.",
    hint="One cost a step is asked for. Where do the earlier ones go?",
)
def batch_returns_the_last_cost(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


@misconception(
    of="batch_gradient_descent",
    says="The number of classes is counted by the different labels present, not by the largest label.",
    hint="Which class numbers can occur when the labels are 0 and 3?",
)
def batch_counts_labels_present(X, y, lr, epochs):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The gradient is summed over the batch instead of averaged, so the step grows with the batch.",
    hint="cost_and_gradients gives means already. What should happen when every example is given twice?",
)
def batch_sums_the_gradient(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen))
    return costs


@misconception(
    of="batch_gradient_descent",
    says="One cost too many: the cost after the last step is noted too.",
    hint="There is one cost a step. How many steps do three epochs have here?",
)
def batch_notes_one_more(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return [*costs, _gradients(params, X, y)[0]]


@misconception(
    of="batch_gradient_descent",
    says="The rate is divided by the number of examples, though the gradient is a mean already.",
    hint="cost_and_gradients averages. What does a second division by N do to the step?",
)
def batch_divides_twice(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for _batch in range(1):
            cost, grads = _gradients(params, X, y)
            costs.append(cost)
            params = _step(params, grads, lr / len(X))
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The rate shrinks from epoch to epoch; it must stay the same.",
    hint="Which rate does the text give for the second epoch?",
)
def batch_lets_the_rate_shrink(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The noted cost is the sum over the batch, not the mean.",
    hint="cost_and_gradients gives the mean. What is the first cost at zero weights, whatever the batch size?",
)
def batch_sums_the_cost(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost * len(chosen))
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The number of classes is fixed at ten instead of taken from y.",
    hint="What is the first cost with labels 0 and 1, and why is it not ln 10?",
)
def batch_fixes_ten_classes(X, y, lr, epochs):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The biases' gradient is taken after W has moved: the two must move together.",
    hint="From the gradients of how many points does one step come?",
)
def batch_moves_w_before_b(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


@misconception(
    of="batch_gradient_descent",
    says="Two steps are taken where one is noted.",
    hint="How often is the step called in the loop?",
)
def batch_steps_twice(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The gradient is computed once, before the loop; every step uses that one.",
    hint="Does the gradient stay the same when the parameters have moved?",
)
def batch_keeps_the_first_gradient(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    _, grads = _gradients(params, X, y)
    for _ in range(epochs):
        costs.append(_gradients(params, X, y)[0])
        params = _step(params, grads, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="One epoch too few: the loop starts at 1 and ends before epochs.",
    hint="Which numbers does range(1, 3) give?",
)
def batch_starts_at_one(X, y, lr, epochs):
    return _descend([[np.arange(len(X))]] * max(epochs - 1, 0), X, y, lr)


@misconception(
    of="batch_gradient_descent",
    says="A step is taken after every example, not after all of them.",
    hint="How many steps has an epoch of batch descent, and how many examples does each use?",
)
def batch_steps_after_each_example(X, y, lr, epochs):
    return _descend([_cut(np.arange(len(X)), 1)] * epochs, X, y, lr)


@misconception(
    of="batch_gradient_descent",
    says="A first cost is noted before the loop, also where there is no epoch at all.",
    hint="How many costs have no epochs?",
)
def batch_notes_a_cost_of_no_epochs(X, y, lr, epochs):
    return _descend([[np.arange(len(X))]] * max(epochs, 1), X, y, lr)


@misconception(
    of="batch_gradient_descent",
    says="The loop ends as soon as the cost rises.",
    hint="Every epoch has a step and a cost, also with a rate that is too large. Nobody asked to stop early.",
)
def batch_stops_when_the_cost_rises(X, y, lr, epochs):
    costs = _descend([[np.arange(len(X))]] * epochs, X, y, lr)
    rises = [i for i in range(1, len(costs)) if costs[i] > costs[i - 1]]
    return costs[: rises[0]] if rises else costs


@misconception(
    of="stochastic_gradient_descent",
    says="The cost is noted after the step instead of before it.",
    hint="What must the first cost be, when all weights are still zero?",
)
def stochastic_notes_the_cost_after(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The step goes uphill: the gradient is added.",
    hint="Do the costs grow? The gradient points to where they do.",
)
def stochastic_climbs(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The biases are never updated.",
    hint="W and b both have a gradient. Which of them does your step move?",
)
def stochastic_forgets_the_biases(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The parameters are set back to zero at the start of every epoch.",
    hint="What of the last epoch is left when the next begins?",
)
def stochastic_starts_again_each_epoch(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="Only the last cost is returned, not the history.",
    hint="One cost a step is asked for. Where do the earlier ones go?",
)
def stochastic_returns_the_last_cost(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


@misconception(
    of="stochastic_gradient_descent",
    says="The number of classes is counted by the different labels present, not by the largest label.",
    hint="How many columns does W need for the label 3, when it is the only label there is?",
)
def stochastic_counts_labels_present(X, y, lr, epochs, rng):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="Nothing is shuffled: the examples are visited in the order of the data.",
    hint="What would the steps be if the data were sorted by class?",
)
def stochastic_does_not_shuffle(X, y, lr, epochs, rng):
    return _descend([_cut(np.arange(len(X)), 1) for _ in range(epochs)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="The data is shuffled once, and every epoch has the same order.",
    hint="Where must the shuffle stand, before the loop over epochs or in it?",
)
def stochastic_shuffles_once(X, y, lr, epochs, rng):
    order = rng.permutation(len(X))
    return _descend([_cut(order, 1)] * epochs, X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="Examples are drawn with replacement: some come twice in an epoch, others not at all.",
    hint="Count how often each example is used in one epoch.",
)
def stochastic_draws_with_replacement(X, y, lr, epochs, rng):
    return _descend([_cut(rng.integers(len(X), size=len(X)), 1) for _ in range(epochs)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="The costs are averaged over each epoch: one an epoch, not one a step.",
    hint="How many steps does an epoch have, and how many costs are asked for?",
)
def stochastic_notes_one_cost_an_epoch(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    means = []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
        means.append(float(np.mean(costs)))
        costs = []
    return means


@misconception(
    of="stochastic_gradient_descent",
    says="The cost that is noted is that of all examples, not that of the step's own batch.",
    hint="Which examples did the gradient of this step come from? Note their cost.",
)
def stochastic_notes_the_cost_of_all(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            _, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(_gradients(params, X, y)[0])
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The rate shrinks from epoch to epoch; it must stay the same.",
    hint="Which rate does the text give for the second epoch?",
)
def stochastic_lets_the_rate_shrink(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The number of classes is fixed at ten instead of taken from y.",
    hint="What is the first cost with labels 0 and 1, and why is it not ln 10?",
)
def stochastic_fixes_ten_classes(X, y, lr, epochs, rng):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The biases' gradient is taken after W has moved: the two must move together.",
    hint="From the gradients of how many points does one step come?",
)
def stochastic_moves_w_before_b(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="Two steps are taken where one is noted.",
    hint="How often is the step called in the loop?",
)
def stochastic_steps_twice(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The parameters stay zero: what the step returns is not kept.",
    hint="gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
)
def stochastic_keeps_no_step(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, _ = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The rate is divided by the number of examples, though the gradient is a mean already.",
    hint="cost_and_gradients averages. What does a second division do to the step?",
)
def stochastic_divides_the_rate(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / len(X))
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The gradients are added up, and the parameters move only once an epoch.",
    hint="When must the first step come, before the second batch or after the last?",
)
def stochastic_adds_up_the_gradients(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] for name in total}
        params = _step(params, total, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="There are only as many steps as epochs; an epoch needs a step for every batch.",
    hint="How many steps has an epoch, and who is used in them?",
)
def stochastic_takes_one_step_an_epoch(X, y, lr, epochs, rng):
    return _descend([_cut(rng.permutation(len(X)), 1)[:1] for _ in range(epochs)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="There are only as many steps as epochs; an epoch needs a step for every batch.",
    hint="How many steps has an epoch, and who is used in them?",
)
def stochastic_draws_one_an_epoch(X, y, lr, epochs, rng):
    return _descend([[np.array([rng.integers(len(X))])] for _ in range(epochs)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="An example and a label of another one are used together.",
    hint="The order holds the numbers of examples: both X and y are taken by it.",
)
def stochastic_mixes_up_labels(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for place, i in enumerate(rng.permutation(len(X))):
            cost, grads = _gradients(params, X[[i]], y[[place]])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="Every step uses all examples: that is batch descent, N times an epoch.",
    hint="Which example does this step belong to? Hand cost_and_gradients that one alone.",
)
def stochastic_uses_all_examples(X, y, lr, epochs, rng):
    return _descend([[np.arange(len(X))] * len(X)] * epochs, X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="The last example of each epoch is left out.",
    hint="How many steps has an epoch of N examples?",
)
def stochastic_leaves_out_the_last(X, y, lr, epochs, rng):
    return _descend([_cut(rng.permutation(len(X))[:-1], 1) for _ in range(epochs)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="The running mean of the costs is returned, not each step's own cost.",
    hint="What is the noted cost of the second step? It knows nothing of the first step's example.",
)
def stochastic_smooths_the_costs(X, y, lr, epochs, rng):
    costs = _descend([_cut(rng.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)
    return list(np.cumsum(costs) / np.arange(1, len(costs) + 1))


@misconception(
    of="stochastic_gradient_descent",
    says="The two loops have changed places: every batch is used for all epochs before the next one comes.",
    hint="An epoch is a pass over all examples. Which of the loops must be the outer one?",
)
def stochastic_swaps_the_loops(X, y, lr, epochs, rng):
    return _descend([[chosen] * epochs for chosen in _cut(rng.permutation(len(X)), 1)], X, y, lr)


@misconception(
    of="stochastic_gradient_descent",
    says="X and y themselves are shuffled in place: the caller's data is changed.",
    hint="Work with an array of indices, or on copies.",
)
def stochastic_shuffles_in_place(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for chosen in _cut(np.arange(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="stochastic_gradient_descent",
    says="The order comes from a generator of the function's own with a fixed seed, not from rng.",
    hint="Draw from the rng you are given: with another rng the order must be another.",
)
def stochastic_seeds_its_own_generator(X, y, lr, epochs, rng):
    own = np.random.default_rng(0)
    return _descend([_cut(own.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The cost is noted after the step instead of before it.",
    hint="What must the first cost be, when all weights are still zero?",
)
def minibatch_notes_the_cost_after(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The step goes uphill: the gradient is added.",
    hint="Do the costs grow? The gradient points to where they do.",
)
def minibatch_climbs(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The biases are never updated.",
    hint="W and b both have a gradient. Which of them does your step move?",
)
def minibatch_forgets_the_biases(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The parameters are set back to zero at the start of every epoch.",
    hint="What of the last epoch is left when the next begins?",
)
def minibatch_starts_again_each_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="Only the last cost is returned, not the history.",
    hint="One cost a step is asked for. Where do the earlier ones go?",
)
def minibatch_returns_the_last_cost(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


@misconception(
    of="minibatch_gradient_descent",
    says="The number of classes is counted by the different labels present, not by the largest label.",
    hint="Which class numbers can occur when the labels are 0 and 3?",
)
def minibatch_counts_labels_present(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The gradient is summed over the batch instead of averaged, so the step grows with the batch.",
    hint="cost_and_gradients gives means already. What should happen when every example is given twice?",
)
def minibatch_sums_the_gradient(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen))
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="Nothing is shuffled: the examples are visited in the order of the data.",
    hint="What would the steps be if the data were sorted by class?",
)
def minibatch_does_not_shuffle(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(np.arange(len(X)), batch_size) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The data is shuffled once, and every epoch has the same order.",
    hint="Where must the shuffle stand, before the loop over epochs or in it?",
)
def minibatch_shuffles_once(X, y, lr, epochs, batch_size, rng):
    order = rng.permutation(len(X))
    return _descend([_cut(order, batch_size)] * epochs, X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="Examples are drawn with replacement: some come twice in an epoch, others not at all.",
    hint="Count how often each example is used in one epoch.",
)
def minibatch_draws_with_replacement(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.integers(len(X), size=len(X)), batch_size) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The costs are averaged over each epoch: one an epoch, not one a step.",
    hint="How many steps does an epoch have, and how many costs are asked for?",
)
def minibatch_notes_one_cost_an_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    means = []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
        means.append(float(np.mean(costs)))
        costs = []
    return means


@misconception(
    of="minibatch_gradient_descent",
    says="The cost that is noted is that of all examples, not that of the step's own batch.",
    hint="Which examples did the gradient of this step come from? Note their cost.",
)
def minibatch_notes_the_cost_of_all(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(_gradients(params, X, y)[0])
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The last short batch is dropped.",
    hint="How many steps has an epoch of 5 examples in batches of 2?",
)
def minibatch_drops_the_short_batch(X, y, lr, epochs, batch_size, rng):
    full = len(X) - len(X) % batch_size
    return _descend([_cut(rng.permutation(len(X))[:full], batch_size) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The gradient of the short last batch is divided by the full batch size, so its step is too small.",
    hint="The mean over three examples divides by three, whatever batch_size says.",
)
def minibatch_divides_by_the_full_size(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen) / batch_size)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The rate shrinks from epoch to epoch; it must stay the same.",
    hint="Which rate does the text give for the second epoch?",
)
def minibatch_lets_the_rate_shrink(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The noted cost is the sum over the batch, not the mean.",
    hint="cost_and_gradients gives the mean. What is the first cost at zero weights, whatever the batch size?",
)
def minibatch_sums_the_cost(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost * len(chosen))
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The number of classes is fixed at ten instead of taken from y.",
    hint="What is the first cost with labels 0 and 1, and why is it not ln 10?",
)
def minibatch_fixes_ten_classes(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The biases' gradient is taken after W has moved: the two must move together.",
    hint="From the gradients of how many points does one step come?",
)
def minibatch_moves_w_before_b(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="Two steps are taken where one is noted.",
    hint="How often is the step called in the loop?",
)
def minibatch_steps_twice(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The parameters stay zero: what the step returns is not kept.",
    hint="gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
)
def minibatch_keeps_no_step(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, _ = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The rate is divided by the batch size, though the gradient is a mean already.",
    hint="cost_and_gradients averages. What does a second division do to the step?",
)
def minibatch_divides_the_rate(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / batch_size)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The gradients are added up, and the parameters move only once an epoch.",
    hint="When must the first step come, before the second batch or after the last?",
)
def minibatch_adds_up_the_gradients(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] for name in total}
        params = _step(params, total, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="There are only as many steps as epochs; an epoch needs a step for every batch.",
    hint="How many steps has an epoch, and who is used in them?",
)
def minibatch_takes_one_step_an_epoch(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), batch_size)[:1] for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="There are only as many steps as epochs; an epoch needs a step for every batch.",
    hint="How many steps has an epoch, and who is used in them?",
)
def minibatch_chooses_one_an_epoch(X, y, lr, epochs, batch_size, rng):
    size = min(batch_size, len(X))
    return _descend([[rng.choice(len(X), size, replace=False)] for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The batches are made once, before the loop over epochs, and are used up after the first.",
    hint="A generator runs through only once. Where must random_minibatches be called?",
)
def minibatch_uses_up_its_batches(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), batch_size)][:epochs], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The data is shuffled once, and every epoch has the same order.",
    hint="A generator made anew with the same seed draws the same again. Draw from rng in every epoch.",
)
def minibatch_seeds_each_epoch_alike(X, y, lr, epochs, batch_size, rng):
    seed = int(rng.integers(2**30))
    orders = [np.random.default_rng(seed).permutation(len(X)) for _ in range(epochs)]
    return _descend([_cut(order, batch_size) for order in orders], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The batch size is ignored: every step uses all examples.",
    hint="How many steps has an epoch of 5 examples in batches of 2?",
)
def minibatch_ignores_the_size(X, y, lr, epochs, batch_size, rng):
    return _descend([[np.arange(len(X))]] * epochs, X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The batch size is ignored: every step uses a single example.",
    hint="How many steps has an epoch of 5 examples in batches of 2?",
)
def minibatch_steps_after_each_example(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="There are only as many steps as epochs; an epoch needs a step for every batch.",
    hint="How many steps has an epoch, and who is used in them?",
)
def minibatch_counts_steps_as_epochs(X, y, lr, epochs, batch_size, rng):
    steps = []
    while len(steps) < epochs:
        steps += _cut(rng.permutation(len(X)), batch_size)
    return _descend([steps[:epochs]], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The last batch is filled up with examples from the beginning, which come twice.",
    hint="How many examples has the last batch of 5 in batches of 2?",
)
def minibatch_fills_the_last_batch(X, y, lr, epochs, batch_size, rng):
    full = -(-len(X) // batch_size) * batch_size
    return _descend([_cut(np.resize(rng.permutation(len(X)), full), batch_size) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The batches are made equally large, instead of all full but the last.",
    hint="Six examples in batches of four: which two sizes does the text ask for?",
)
def minibatch_makes_batches_alike(X, y, lr, epochs, batch_size, rng):
    count = -(-len(X) // batch_size)
    return _descend([np.array_split(rng.permutation(len(X)), count) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="Only the last batch's cost is noted: one an epoch, not one a step.",
    hint="How many steps does an epoch have, and how many costs are asked for?",
)
def minibatch_notes_the_last_cost_of_an_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
        costs.append(cost)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="Cost and step of the short last batch are divided by the full batch size, so both are too small.",
    hint="The mean over three examples divides by three, whatever batch_size says.",
)
def minibatch_scales_the_last_batch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            share = len(chosen) / batch_size
            costs.append(cost * share)
            params = _step(params, grads, lr * share)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The trained parameters are returned, not the costs.",
    hint="What is the function asked to return, and where are the costs noted?",
)
def minibatch_returns_the_parameters(X, y, lr, epochs, batch_size, rng):
    params = _zeros(X, int(y.max()) + 1)
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
    return params


@misconception(
    of="minibatch_gradient_descent",
    says="The two loops have changed places: every batch is used for all epochs before the next one comes.",
    hint="An epoch is a pass over all examples. Which of the loops must be the outer one?",
)
def minibatch_swaps_the_loops(X, y, lr, epochs, batch_size, rng):
    return _descend([[chosen] * epochs for chosen in _cut(rng.permutation(len(X)), batch_size)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="X and y themselves are shuffled in place: the caller's data is changed.",
    hint="Work with an array of indices, or on copies.",
)
def minibatch_shuffles_in_place(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for chosen in _cut(np.arange(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


@misconception(
    of="minibatch_gradient_descent",
    says="The order comes from a generator of the function's own with a fixed seed, not from rng.",
    hint="Draw from the rng you are given: with another rng the order must be another.",
)
def minibatch_seeds_its_own_generator(X, y, lr, epochs, batch_size, rng):
    own = np.random.default_rng(0)
    return _descend([_cut(own.permutation(len(X)), batch_size) for _ in range(epochs)], X, y, lr)


@misconception(
    of="minibatch_gradient_descent",
    says="The gradients are added up, and the parameters move only once an epoch.",
    hint="When must the first step come, before the second batch or after the last?",
)
def minibatch_averages_the_gradients(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] * len(chosen) / len(X) for name in total}
        params = _step(params, total, lr)
    return costs


@misconception(
    of="batch_gradient_descent",
    says="The parameters are returned as well; only the costs are asked for.",
    hint="Return the list of noted costs, and nothing else.",
)
def batch_returns_the_parameters_too(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        cost, grads = _gradients(params, X, y)
        costs.append(cost)
        params = _step(params, grads, lr)
    return params, costs


@misconception(
    of="gradient_step",
    says="The parameters are changed in place, and nothing is returned.",
    hint="Make a new dict with new arrays, and return it.",
)
def changes_in_place_and_returns_nothing(params, grads, lr):
    for k in params:
        params[k] = params[k] - lr * grads[k]
