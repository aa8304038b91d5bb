"""Wrong implementations that students hand in for 06-gradient-descent, each with what a good TA says.

Every function stands alone. Random ones draw as most students do (one ``rng.permutation`` an epoch), so that the
diagnosis, which repeats the recorded calls with the generator's recorded state, can recognise them.
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
    says="Every call starts a generator of its own with a fixed seed, so all epochs come in the same order.",
    hint="Draw from the rng you are given: it remembers what it has drawn.",
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
    hint="-= writes into the array of the caller. Which expression makes a new array?",
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
    says="The rate multiplies the parameters as well: brackets are misplaced.",
    hint="Which part of w - α·gradient does α belong to?",
)
def brackets_misplaced(params, grads, lr):
    return {k: lr * (params[k] - grads[k]) for k in params}


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
    says="The parameters are set back to zero at the start of every epoch.",
    hint="What of the last epoch is left when the next begins?",
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
