"""train_net: what it must do, other right ways, and what goes wrong."""

from itertools import pairwise

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib import he_uniform, relu, relu_backward, softmax_cross_entropy
from nnlib.checks import assert_close, require

from .common import SUMMED_COST, SUMMED_GRADIENT, history, problem

HINTS = (
    "It is exercise 4 with another model in the middle. Write down first, for one batch, what goes forwards "
    "through which function, and which shape each result has.",
    "Backwards goes the same way in reverse: scores, second layer, ReLU, first layer. What does relu_backward "
    "need besides the gradient that comes in? All four gradients must be there before anything moves.",
    "For 2 features, 5 hidden units, 3 classes and a batch of 4: z is (4, 5), scores (4, 3), dscores (4, 3); "
    "the second layer gives back (4, 5), (5, 3) and (3,); after the ReLU still (4, 5); the first layer gives "
    "(2, 5) and (5,). He's deviation for the first layer is 1.",
)

NAMES = ("W1", "b1", "W2", "b2")


def shapes(d, hidden, classes):
    return dict(zip(NAMES, [(d, hidden), (hidden,), (hidden, classes), (classes,)], strict=True))


def two_layers(params, X, y):
    """Cost and gradients of the net, by hand."""
    z = X @ params["W1"] + params["b1"]
    h = np.maximum(z, 0)
    cost, dscores = softmax_cross_entropy(h @ params["W2"] + params["b2"], y)
    dz = (dscores @ params["W2"].T) * (z > 0)
    return float(cost), {"W1": X.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ dscores, "b2": dscores.sum(axis=0)}


def moved(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in NAMES}


def trained(student, X, y, hidden, lr, epochs, batch_size, seed):
    """Train from a generator in a known state; returns the parameters and the costs, both looked at."""
    rng = np.random.default_rng(seed)
    result = student.train_net(X.copy(), y.copy(), hidden, lr, epochs, batch_size, rng)
    require(isinstance(result, list | tuple) and len(result) == 2, "The result must be a pair (params, costs).")
    params, costs = result
    require(isinstance(params, dict) and set(params) == set(NAMES), "params must be a dict with W1, b1, W2 and b2.")
    params = {name: np.asarray(params[name]) for name in NAMES}
    wanted = shapes(X.shape[1], hidden, int(y.max()) + 1)
    for name in NAMES:
        require(params[name].dtype.kind == "f", f"{name} must be an array of floats.")
        require(params[name].shape == wanted[name], f"{name} has another shape than the text says.")
        require(np.isfinite(params[name]).all(), f"{name} must be finite.")
    return params, history(costs, epochs * -(-len(X) // batch_size))


def _variance(w):
    """Say by which formula the variance of weights comes about, as far as their spread tells."""
    fan_in, fan_out = w.shape
    formulas = {
        "2 / fan_in": 2 / fan_in,
        "1 / fan_in": 1 / fan_in,
        "2 / fan_out": 2 / fan_out,
        "2 / (fan_in + fan_out)": 2 / (fan_in + fan_out),
        "(2 / fan_in)²": (2 / fan_in) ** 2,
        "2 / fan_in²": 2 / fan_in**2,
        "2 / (3 fan_in)": 2 / (3 * fan_in),
        "1": 1.0,
    }
    ratios = {formula: w.std() / np.sqrt(variance) for formula, variance in formulas.items()}
    nearest = min(ratios, key=lambda formula: abs(ratios[formula] - 1))
    if abs(ratios[nearest] - 1) < 0.08:
        return nearest
    he = ratios["2 / fan_in"]
    return "0" if he == 0 else f"{'much ' * (not 0.4 < he < 2.5)}{'more' if he > 1 else 'less'} than it should"


def seed_from(rng):
    return int(rng.integers(2**31))


def assert_params(got, expected, what):
    for name in NAMES:
        assert_close(got[name], expected[name], rtol=1e-5, atol=1e-9, what=f"{name} {what}")


@easy
def test_train_net_returns_parameters_and_costs(student, rng):
    """There are four arrays of the right shapes and a cost for each step, the one with a short last batch included."""
    for n, d, hidden, classes, batch_size in [(7, 3, 5, 2, 3), (6, 2, 4, 4, 10), (5, 4, 3, 3, 1)]:
        X, y = problem(rng, n, d, classes)
        trained(student, X, y, hidden, 0.1, 3, batch_size, seed_from(rng))


def test_train_net_starts_with_he_weights(student, rng):
    """With a rate of 0 the start comes back: biases 0, weights of mean 0 and variance 2 / fan_in, all different.

    4,000 weights or more: a deviation is within 1.2% of its own, so 8% is missed less than once in a million gradings.
    """
    X, y = problem(rng, 60, 60, 50)  # three widths, so that no fan is taken for another
    params, _ = trained(student, X, y, 80, 0.0, 1, 60, seed_from(rng))
    one, two = _variance(params["W1"]), _variance(params["W2"])
    right = one == two == "2 / fan_in"
    require(right, f"The variance must be 2 / fan_in at the start. That of W1 is {one}, that of W2 is {two}.")
    for name, fan_in in (("W1", 60), ("W2", 80)):
        w, sigma = params[name], np.sqrt(2 / fan_in)
        require(abs(w.mean()) < 0.08 * sigma, f"The mean of {name} is not 0.")
        require(len(np.unique(w)) > 0.9 * w.size, f"Weights of {name} are equal: units would stay alike.")
    for name in ("b1", "b2"):
        require(not params[name].any(), f"{name} must start at 0.")


@weight(2)
def test_train_net_takes_one_step_down_the_gradient(student, rng):
    """With one batch of everything, each of the four arrays moves against its gradient; the cost is the one before."""
    for n, d, hidden, classes, lr in [(9, 3, 6, 3, 0.3), (4, 4, 4, 4, 0.7)]:
        X, y = problem(rng, n, d, classes)
        seed = seed_from(rng)
        start, _ = trained(student, X, y, hidden, 0.0, 1, n, seed)
        after, costs = trained(student, X, y, hidden, lr, 1, n, seed)
        cost, grads = two_layers(start, X, y)
        assert_close(costs, [cost], rtol=1e-5, what="the cost of the first step")
        assert_params(after, moved(start, grads, lr), "after one step")


@weight(2)
def test_train_net_goes_on_from_where_it_is(student, rng):
    """Over several epochs of one batch each, every step and cost follow from the one before."""
    X, y = problem(rng, 12, 3, 3)
    seed = seed_from(rng)
    params, _ = trained(student, X, y, 5, 0.0, 1, 12, seed)
    got, costs = trained(student, X, y, 5, 0.2, 5, 12, seed)
    expected = []
    for _ in range(5):
        cost, grads = two_layers(params, X, y)
        expected.append(cost)
        params = moved(params, grads, 0.2)
    assert_close(costs, expected, rtol=1e-5, what="the costs")
    assert_params(got, params, "after five steps")


def test_train_net_with_a_short_last_batch(student, rng):
    """Where all examples are alike, every batch, short or not, takes the same kind of step."""
    x, label = rng.normal(size=(1, 3)), np.array([2])
    seed = seed_from(rng)
    params, _ = trained(student, np.tile(x, (7, 1)), np.tile(label, 7), 4, 0.0, 2, 3, seed)
    got, costs = trained(student, np.tile(x, (7, 1)), np.tile(label, 7), 4, 0.3, 2, 3, seed)
    expected = []
    for _ in range(6):
        cost, grads = two_layers(params, x, label)
        expected.append(cost)
        params = moved(params, grads, 0.3)
    assert_close(costs, expected, rtol=1e-5, what="the costs")
    assert_params(got, params, "after six steps")


def test_train_net_uses_every_example_once_per_epoch(student, rng):
    """With a rate of 0 each batch's cost is the mean of its examples' costs: together they are those of all."""
    X, y = problem(rng, 11, 3, 3)
    params, costs = trained(student, X, y, 6, 0.0, 3, 1, seed_from(rng))
    alone = [two_layers(params, X[[i]], y[[i]])[0] for i in range(11)]
    epochs = costs.reshape(3, 11)
    for epoch in epochs:
        assert_close(np.sort(epoch), np.sort(alone), rtol=1e-5, what="the costs of an epoch of single examples, sorted")
    params, costs = trained(student, X, y, 6, 0.0, 1, 4, seed_from(rng))
    alone = [two_layers(params, X[[i]], y[[i]])[0] for i in range(11)]
    assert_close(np.dot(costs, [4, 4, 3]), np.sum(alone), rtol=1e-5, what="the costs of batches of 4, 4 and 3, in all")


def test_train_net_shuffles_anew_each_epoch(student, rng):
    """The order is neither that of the data nor the same in two epochs.

    12 examples: a right answer fails twice in 12! gradings.
    """
    X, y = problem(rng, 12, 3, 3)
    params, costs = trained(student, X, y, 6, 0.0, 2, 1, seed_from(rng))
    alone = np.array([two_layers(params, X[[i]], y[[i]])[0] for i in range(12)])
    first, second = costs.reshape(2, 12)
    require(not np.allclose(first, alone, rtol=1e-6), "The examples come in the order of the data: shuffle.")
    require(not np.allclose(first, second, rtol=1e-6), "Two epochs come in the same order: shuffle anew in each.")


def test_train_net_draws_from_rng(student, rng):
    """Generators in the same state give the same net, and in other states another start and another order.

    Two orders of 12 examples agree once in 12! gradings.
    """
    X, y = problem(rng, 8, 3, 2)
    same, again = (trained(student, X, y, 4, 0.1, 2, 3, 3)[0] for _ in range(2))
    require(all(np.array_equal(same[n], again[n]) for n in NAMES), "Equal generators gave other nets: draw from rng only.")
    start, other = (trained(student, X, y, 4, 0.0, 1, 8, seed)[0] for seed in (3, 4))
    for name in ("W1", "W2"):
        require(not np.allclose(start[name], other[name]), f"Generators in other states gave {name} the same start.")
    X, y = problem(rng, 12, 3, 3)
    orders = []
    for seed in (5, 6):
        params, costs = trained(student, X, y, 6, 0.0, 1, 1, seed)
        alone = np.array([two_layers(params, X[[i]], y[[i]])[0] for i in range(12)])
        orders.append(np.abs(costs[:, np.newaxis] - alone).argmin(axis=1).tolist())
    require(orders[0] != orders[1], "Generators in other states gave the same order of the examples.")


@easy
def test_train_net_counts_classes_by_the_largest_label(student, rng):
    """There is a class for every number up to the largest label, though some may have no example."""
    X, y = problem(rng, 6, 2, 2)
    trained(student, X, 3 * y, 4, 0.1, 1, 2, seed_from(rng))


def test_train_net_learns_what_no_straight_line_can(student, rng):
    """Four clouds, opposite ones of one class: a net with ReLU units tells the classes apart.

    Tried 150 times, all were right; without ReLU three quarters is the most.
    """
    corner = np.arange(80) % 4
    X = 2.0 * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])[corner] + rng.uniform(-0.7, 0.7, size=(80, 2))
    params, costs = trained(student, X, corner % 2, 40, 0.2, 30, 10, seed_from(rng))
    scores = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    require((scores.argmax(axis=1) == corner % 2).mean() > 0.9, "After 30 epochs more than 90% must be right.")
    require(costs[-8:].mean() < 0.5 * costs[:8].mean(), "The mean cost must fall to less than half.")


@variant
def by_hand(X, y, hidden, lr, epochs, batch_size, rng):
    d, c = X.shape[1], y.max() + 1
    W1, b1 = rng.normal(0, (2 / d) ** 0.5, (d, hidden)), np.zeros(hidden)
    W2, b2 = rng.normal(0, (2 / hidden) ** 0.5, (hidden, c)), np.zeros(c)
    costs = []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            x, t = X[order[start : start + batch_size]], y[order[start : start + batch_size]]
            h = np.maximum(x @ W1 + b1, 0)
            s = h @ W2 + b2
            e = np.exp(s - s.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            costs.append(-np.log(p[np.arange(len(t)), t]).mean())
            ds = p.copy()
            ds[np.arange(len(t)), t] -= 1
            ds /= len(t)
            dh = ds @ W2.T
            dh[h <= 0] = 0
            W2, b2 = W2 - lr * h.T @ ds, b2 - lr * ds.sum(0)
            W1, b1 = W1 - lr * x.T @ dh, b1 - lr * dh.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, costs


@variant
def uniform_and_in_place(X, y, hidden, lr, epochs, batch_size, rng):
    sizes = [X.shape[1], hidden, int(max(y)) + 1]
    params = {}
    for i in (2, 1):
        params[f"b{i}"] = np.zeros(sizes[i])
        params[f"W{i}"] = he_uniform(sizes[i - 1], sizes[i], rng)
    costs = np.empty(0)
    for _ in range(epochs):
        where = np.arange(len(X))
        rng.shuffle(where)
        for chosen in np.split(where, range(batch_size, len(X), batch_size)):
            cost, grads = two_layers(params, X[chosen], y[chosen])
            costs = np.append(costs, cost)
            for name in params:
                params[name] -= lr * grads[name]
    return params, costs


@variant
def with_lists(X, y, hidden, lr, epochs, batch_size, rng):
    sizes, y = (X.shape[1], hidden, int(np.max(y)) + 1), np.asarray(y)
    weights = [rng.standard_normal((m, n)) * np.sqrt(2.0 / m) for m, n in pairwise(sizes)]
    biases, costs = [np.zeros((1, n)) for n in sizes[1:]], []
    for _ in range(epochs):
        order = np.argsort(rng.random(len(X)))
        while len(order):
            now, order = order[:batch_size], order[batch_size:]
            z = X[now] @ weights[0] + biases[0]
            cost, ds = softmax_cross_entropy(relu(z) @ weights[1] + biases[1], y[now])
            dz = relu_backward(ds @ weights[1].T, z)
            steps = [(X[now].T @ dz, dz.sum(0)), (relu(z).T @ ds, ds.sum(0))]
            weights = [w - lr * dw for w, (dw, _) in zip(weights, steps, strict=True)]
            biases = [b - lr * db for b, (_, db) in zip(biases, steps, strict=True)]
            costs.append(cost)
    return dict(zip(NAMES, (weights[0], biases[0][0], weights[1], biases[1][0]), strict=True)), costs


W1 = "he_normal(X.shape[1], hidden, rng)"
W2 = "he_normal(hidden, num_classes, rng)"
EPOCHS = "for _ in range(epochs):"
BATCHES = "random_minibatches(X, y, batch_size, rng)"
BACK = "relu_backward(dh, z)"
STEP = "params = gradient_step(params, grads, lr)"
ORDERED = "[(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]"
FIRST_STEP = "Both layers move in one step, from gradients taken at the same point."
MISTAKES = [
    # the start
    mistake("All weights start at zero: every hidden unit stays like every other.",
            "What does a hidden unit with weights 0 pass on, and what gradient comes back to it?",
            {W1: f"0 * {W1}", W2: f"0 * {W2}"}),
    mistake("The weights start far smaller than He's rule says.",
            "Which variance does the text give for the weights of a layer with fan_in inputs?",
            {W1: "0.01 * rng.normal(size=(X.shape[1], hidden))", W2: "0.01 * rng.normal(size=(hidden, num_classes))"}),
    mistake("The weights start with variance 1, whatever the number of inputs.",
            "A sum of 60 terms of variance 1 has variance 60. By what must the draws be scaled?",
            {W1: "rng.normal(size=(X.shape[1], hidden))", W2: "rng.normal(size=(hidden, num_classes))"}),
    mistake("The variance of the weights is 1 / fan_in; for ReLU units He's rule has 2 / fan_in.",
            "ReLU cuts half of what a layer passes on. Which factor makes up for it?",
            {W1: f"{W1} / np.sqrt(2)", W2: f"{W2} / np.sqrt(2)"},
            {W1: "rng.normal(size=(X.shape[1], hidden)) / np.sqrt(X.shape[1])",
             W2: "rng.normal(size=(hidden, num_classes)) / np.sqrt(hidden)"}),
    mistake("Both layers start with the variance of the first; each has a fan_in of its own.",
            "How many terms are in the sum that an output unit computes?",
            {W2: "rng.normal(0, np.sqrt(2 / X.shape[1]), size=(hidden, num_classes))"}),
    mistake("The first layer's variance is 2 over the number of its units, not of its inputs.",
            "How many terms are in the sum that a hidden unit computes?",
            {W1: "he_normal(hidden, X.shape[1], rng).T"}),
    mistake("The variance of the weights is 2 / fan_out; He's rule has fan_in.",
            "Which number of a layer's weights says how many terms a unit sums up: that of the rows or of the columns?",
            {W1: "he_normal(hidden, X.shape[1], rng).T", W2: "he_normal(num_classes, hidden, rng).T"}),
    mistake("The variance of the weights is 2 / (fan_in + fan_out): that is Xavier's rule, not He's.",
            "Which of the rules of notebook 05 is made for ReLU units?",
            {W1: "rng.normal(0, np.sqrt(2 / (X.shape[1] + hidden)), size=(X.shape[1], hidden))",
             W2: "rng.normal(0, np.sqrt(2 / (hidden + num_classes)), size=(hidden, num_classes))"}),
    mistake("Only the 2 is under the root in the standard deviation of the weights.",
            "How far does the root reach that turns the variance 2 / fan_in into a standard deviation?",
            {W1: f"{W1} / np.sqrt(X.shape[1])", W2: f"{W2} / np.sqrt(hidden)"}),
    mistake("He's standard deviation is the bound of the uniform weights, so that their variance is a third of his.",
            "What is the variance of numbers uniform between -r and r?",
            {W1: "np.sqrt(2 / X.shape[1]) * rng.uniform(-1, 1, size=(X.shape[1], hidden))",
             W2: "np.sqrt(2 / hidden) * rng.uniform(-1, 1, size=(hidden, num_classes))"}),
    mistake("He's variance is used as the standard deviation: the root is missing.",
            "What must a standard normal number be multiplied by to get the variance 0.04?",
            {W1: "rng.normal(0, 2 / X.shape[1], size=(X.shape[1], hidden))",
             W2: "rng.normal(0, 2 / hidden, size=(hidden, num_classes))"}),
    mistake("The biases start at random instead of at 0.",
            "Which of the four arrays must differ between units at the start, and which may be 0?",
            {"np.zeros(hidden)": "rng.normal(size=hidden)", "np.zeros(num_classes)": "rng.normal(size=num_classes)"}),
    mistake("The number of classes is counted by the different labels present, not by the largest label.",
            "How many columns does W2 need for the labels 0 and 3?",
            {"int(y.max()) + 1": "len(np.unique(y))"}),
    # forwards and backwards
    mistake("The hidden layer has no ReLU: two affine maps in a row are one affine map.",
            "What stands between the two layers?",
            {"relu(z), ": "z, ", BACK: "dh"}),
    mistake("The ReLU is left out on the way back: gradients pass through units that were switched off.",
            "Which slope has ReLU where its input was negative?",
            {BACK: "dh"}),
    slip("arguments_swapped", {BACK: "relu_backward(z, dh)"}, what="The arguments of relu_backward"),
    mistake("The scores go through a ReLU as well; softmax wants them as they are.",
            "May a score be negative?",
            {"softmax_cross_entropy(scores,": "softmax_cross_entropy(relu(scores),"},
            {"softmax_cross_entropy(scores,": "softmax_cross_entropy(relu(scores),",
             "affine_backward(dscores, second)": "affine_backward(relu_backward(dscores, scores), second)"}),
    mistake(*SUMMED_GRADIENT, {"grads, lr)": "grads, lr * len(X_batch))"}),
    mistake(*SUMMED_COST, {"float(cost)": "float(cost) * len(X_batch)"}),
    mistake("The gradients are divided by the batch size, though softmax_cross_entropy averages already.",
            "What does a second division do to the step?",
            {"grads, lr)": "grads, lr / len(X_batch))"}),
    mistake("The second layer has moved before the gradient goes through it to the first.",
            FIRST_STEP,
            {"_, dW1": 'dh = dscores @ (params["W2"] - lr * dW2).T\n            _, dW1'}),
    mistake("The gradient of W2 is made from z instead of from what the ReLU passes on.",
            "What is the input of the second layer? Its gradient needs just that.",
            {"affine_backward(dscores, second)": "affine_backward(dscores, second)\n            dW2 = z.T @ dscores"}),
    mistake("The biases move without the rate, by their whole gradient.",
            "How far should the biases move with a rate of 0?",
            {STEP: 'params = {name: w - (1.0 if name[0] == "b" else lr) * grads[name] for name, w in params.items()}'}),
    mistake("The biases never move.",
            "Which of the four arrays has your step changed? Print them before and after.",
            {'"b1": db1': '"b1": 0 * db1', '"b2": db2': '"b2": 0 * db2'}),
    mistake("One of the four arrays never moves.",
            "Which of the four arrays has your step changed? Print them before and after.",
            *({f'"{name}": d{name}': f'"{name}": 0 * d{name}'} for name in NAMES)),
    mistake("The first layer is never trained: only W2 and b2 move.",
            FIRST_STEP,
            {'"W1": dW1': '"W1": 0 * dW1', '"b1": db1': '"b1": 0 * db1'}),
    mistake("The second layer is never trained: only W1 and b1 move.",
            FIRST_STEP,
            {'"W2": dW2': '"W2": 0 * dW2', '"b2": db2': '"b2": 0 * db2'}),
    slip("uphill", {"grads, lr)": "grads, -lr)"}),
    # the loop
    mistake("The parameters never change: what the step returns is not kept.",
            "gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
            {STEP: STEP.removeprefix("params = ")}),
    mistake("Nothing is shuffled: the examples come in the order of the data.",
            "What would the steps be if the data were sorted by class?",
            {BATCHES: ORDERED}),
    mistake("The data is shuffled once, and every epoch has the same order.",
            "Where must the shuffle stand, before the loop over epochs or in it?",
            {EPOCHS: f"batches = list({BATCHES})\n    {EPOCHS}", f"in {BATCHES}": "in batches"}),
    mistake("The last short batch is dropped.",
            "How many steps does an epoch of 5 examples in batches of 2 have?",
            {BATCHES: f"list({BATCHES})[: max(1, len(X) // batch_size)]"}),
    mistake("The batch size is ignored: every step uses all examples.",
            "How many steps does an epoch of 5 examples in batches of 2 have?",
            {BATCHES: "[(X, y)]"}),
    mistake("The costs are averaged over each epoch: there is one per epoch, not one per step.",
            "How many steps does an epoch have, and how many costs are asked for?",
            {EPOCHS: f"{EPOCHS}\n        own = []", "costs.append(float(cost))": "own.append(float(cost))",
             STEP: f"{STEP}\n        costs.append(float(np.mean(own)))"}),
    mistake("The rate shrinks from epoch to epoch; it must stay the same.",
            "Which rate does the text give for the second epoch?",
            {EPOCHS: "for epoch in range(epochs):", "grads, lr)": "grads, lr / (1 + epoch))"}),
    mistake("The list of costs is emptied in every epoch: only those of the last one come back.",
            "How many costs should three epochs give? Where does your list begin?",
            {EPOCHS: f"{EPOCHS}\n        costs = []"}),
    slip("own_generator",
         {EPOCHS: f"rng = np.random.default_rng(0)\n    {EPOCHS}"},
         {"params = {\n": "start = np.random.default_rng(0)\n    params = {\n",
          **{draw: draw.replace("rng", "start") for draw in (W1, W2)}}),
    # what is returned
    mistake("The parameters of the lowest cost are returned, not those after the last step.",
            "The costs of batches jump up and down. After how many steps are the parameters that are asked for?",
            {EPOCHS: f"best, lowest = params, np.inf\n    {EPOCHS}",
             STEP: f"if cost < lowest:\n                best, lowest = params, cost\n            {STEP}",
             "return params": "return best"}),
    mistake("Only the costs are returned; the trained parameters are asked for too.",
            "`params, costs = train_net(...)` needs a pair.",
            {"return params, costs": "return costs"}),
    mistake("Only the parameters are returned; the costs are asked for too.",
            "`params, costs = train_net(...)` needs a pair.",
            {"return params, costs": "return params"}),
    mistake("Parameters and costs have changed places.",
            "In which order does `params, costs = train_net(...)` take them?",
            {"return params, costs": "return costs, params"}),
    mistake("Only the last cost is returned, not the history.",
            "One cost per step is asked for. Where do the earlier ones go?",
            {"return params, costs": "return params, costs[-1]"}),
]
