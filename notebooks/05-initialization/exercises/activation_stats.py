"""activation_stats: what it must do, other right ways, and what goes wrong."""

from itertools import pairwise

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, assert_shape, require

HINTS = (
    'Start with n rows of standard normal numbers, as wide as the first size. What happens to them at each '
    'layer?',
    'For each neighbouring pair of sizes: draw weights, multiply, bend, note mean and standard deviation, and '
    'go on with the result. How many pairs are there?',
    'Sizes (5, 8, 2) make two layers: weights (5, 8) and (8, 2). With n = 3 the signals are (3, 5), (3, 8), '
    '(3, 2), and the lists have two entries each.',
)


def _stats(result, layers):
    require(isinstance(result, list | tuple) and len(result) == 2, "activation_stats must return means and stds.")
    means, stds = (np.asarray(part) for part in result)
    for part, name in ((means, "means"), (stds, "stds")):
        right = part.shape == (layers,) and part.dtype.kind in "iuf"
        require(right, f"{name} must hold one number for each layer, here {layers}; the input is not a layer.")
    return means.astype(float), stds.astype(float)


def _identity(z):
    return z


class Watch:
    """An activation that remembers what it was given."""

    def __init__(self, f):
        self.f, self.seen = f, []

    def __call__(self, z):
        self.seen.append(np.array(z))
        return self.f(z)


def _fixed_normal(fan_in, fan_out):
    """Random weights that depend on the shape alone, so that every call of a test sees the same ones."""
    return np.random.default_rng([fan_in, fan_out]).normal(size=(fan_in, fan_out))


def _stream(rng):
    """What tells a generator from one of another seed, however many numbers both have drawn."""
    return rng.bit_generator.state["state"]["inc"]


class Scaled:
    """An init that keeps lengths but for a factor, and remembers its arguments; it may not narrow."""

    def __init__(self, factor):
        self.factor, self.calls = factor, []

    def __call__(self, fan_in, fan_out, rng):
        self.calls.append((fan_in, fan_out, isinstance(rng, np.random.Generator)))
        factor = self.factor(fan_in) if callable(self.factor) else self.factor
        size = max(fan_in, fan_out)
        return factor * np.linalg.qr(_fixed_normal(size, size))[0][:fan_in, :fan_out]


def test_activation_stats_grow_with_the_weights(student, rng):
    """Layers that multiply lengths by 1.5 multiply standard deviations by 1.5, again and again.

    A right answer fails with a chance below 1e-8.
    """
    result = student.activation_stats([8] * 6, Scaled(1.5), _identity, rng, 200)
    _, stds = _stats(result, 5)
    assert_close(stds[1:] / stds[:-1], np.full(4, 1.5), rtol=0.02, what="the growth from layer to layer")


def test_activation_stats_start_from_standard_normal_numbers(student, rng):
    """The input has mean 0 and standard deviation 1 and follows a bell curve.

    A right answer fails with a chance below 1e-8.
    """
    watch = Watch(_identity)
    student.activation_stats([20, 20], lambda fan_in, fan_out, rng: np.eye(20), watch, rng, 2000)
    require(watch.seen, "activation was never called.")
    x = watch.seen[0]
    assert_shape(x, (2000, 20), what="the input of the first layer, n examples, one per row,")
    assert_close(x.mean(), 0.0, atol=0.03, what="the mean of the input")
    assert_close(x.std(), 1.0, rtol=0.025, what="the standard deviation of the input")
    assert_close(np.mean(np.abs(x) < 1), 0.6827, rtol=0, atol=0.015, what="the share of inputs within ±1")


def test_activation_stats_take_a_thousand_examples_unless_told(student, rng):
    """Without n there are 1000 examples, and with n there are n."""
    for arguments, n in (((), 1000), ((30,), 30)):
        watch = Watch(np.tanh)
        student.activation_stats([3, 4], Scaled(1.0), watch, rng, *arguments)
        require(watch.seen and watch.seen[0].shape == (n, 4), f"The layer must see {n} examples.")


def test_activation_stats_feed_each_layer_with_the_one_below(student, rng):
    """What activation returned, and not what it was given, goes into the next layer."""
    watch = Watch(lambda z: np.maximum(z, 0))
    student.activation_stats([4, 5, 6, 7], lambda fan_in, fan_out, rng: _fixed_normal(fan_in, fan_out), watch, rng, 50)
    require(len(watch.seen) == 3, "activation must be called once for each layer.")
    for below, above in pairwise(watch.seen):
        w = _fixed_normal(below.shape[1], above.shape[1])
        assert_close(above, np.maximum(below, 0) @ w, what="what goes into a layer's activation")


def test_activation_stats_measure_behind_the_activation(student, rng):
    """Mean and standard deviation are those of the activations, over all examples and units."""
    watch = Watch(lambda z: np.minimum(z, 0.5) - 0.25)
    result = student.activation_stats([6, 5, 4], Scaled(2.0), watch, rng, 60)
    means, stds = _stats(result, 2)
    require(len(watch.seen) == 2, "activation must be called once for each layer.")
    outputs = [watch.f(z) for z in watch.seen]
    assert_close(means, [a.mean() for a in outputs], rtol=1e-4, what="the means")
    assert_close(stds, [a.std() for a in outputs], rtol=5e-3, what="the standard deviations")


def test_activation_stats_ask_for_every_layers_weights_once(student, rng):
    """init is called once for each layer, with its fan_in, its fan_out and the generator."""
    for sizes in ([5, 3, 7, 2], [4, 4, 4]):
        init = Scaled(1.0)
        student.activation_stats(list(sizes), init, np.tanh, rng, 10)
        expected = [(fan_in, fan_out, True) for fan_in, fan_out in pairwise(sizes)]
        require(init.calls == expected, "init must be called once per layer, with (fan_in, fan_out, rng).")


def test_activation_stats_draw_from_rng(student):
    """The input comes from rng, which is also what init is given."""
    inputs, streams = [], []

    def init(fan_in, fan_out, rng):
        require(isinstance(rng, np.random.Generator), "init must be called with (fan_in, fan_out, rng).")
        streams.append(_stream(rng))
        return np.eye(fan_in, fan_out)

    for seed in (21, 21, 22):
        watch, rng = Watch(_identity), np.random.default_rng(seed)
        student.activation_stats([4, 4, 4], init, watch, rng, 5)
        require(watch.seen, "activation was never called.")
        inputs.append(watch.seen[0])
        require(set(streams) == {_stream(rng)}, "init must be given rng itself, not another generator.")
        streams.clear()
    require(np.array_equal(inputs[0], inputs[1]), "The same rng must give the same input: draw from rng.")
    require(not np.array_equal(inputs[0], inputs[2]), "Another rng must give another input: draw from rng.")


def test_activation_stats_of_layers_of_different_scales(student, rng):
    """Each layer has weights of its own: what the first shrinks the second may enlarge.

    A right answer fails with a chance below 1e-8.
    """
    sizes = [6, 7, 8, 9, 10]
    result = student.activation_stats(sizes, Scaled(lambda fan_in: 4.0 if fan_in % 2 else 0.5), _identity, rng, 200)
    _, stds = _stats(result, 4)
    expected = np.array([4.0, 0.5, 4.0]) * np.sqrt([7 / 8, 8 / 9, 9 / 10])  # lengths stay, and units grow in number
    assert_close(stds[1:] / stds[:-1], expected, rtol=0.05, what="the change from layer to layer")


def test_activation_stats_of_one_layer(student, rng):
    """A single layer gives one mean and one standard deviation."""
    result = student.activation_stats([4, 3], lambda fan_in, fan_out, rng: np.zeros((4, 3)), np.cos, rng, 20)
    means, stds = _stats(result, 1)
    assert_close(means, [1.0], what="the means")
    assert_close(stds, [0.0], what="the standard deviations")


def test_activation_stats_of_ten_tanh_layers(student):
    """Ten tanh layers with variance 1/fan_in lose their signal slowly: 0.63, 0.49, 0.41, 0.36, …

    A right answer fails with a chance below 1e-9.
    """
    sizes = [300 + layer for layer in range(11)]

    def lecun(fan_in, fan_out, rng):
        return _fixed_normal(fan_in, fan_out) / np.sqrt(fan_in)

    result = student.activation_stats(sizes, lecun, np.tanh, np.random.default_rng(12), 200)
    _, stds = _stats(result, 10)
    known = [0.628, 0.486, 0.407, 0.357, 0.321, 0.293, 0.272, 0.254, 0.238, 0.226]
    assert_close(stds, known, rtol=0.08, what="the standard deviations of ten tanh layers")


@variant
def arrays_filled_by_index(sizes, init, activation, rng, n=1000):
    layers = len(sizes) - 1
    means, stds = np.zeros(layers), np.zeros(layers)
    h = rng.normal(size=(n, sizes[0]))
    for i in range(layers):
        w = init(sizes[i], sizes[i + 1], rng)
        h = activation(np.dot(h, w))
        means[i], stds[i] = np.mean(h), np.std(h)
    return means, stds


@variant
def weights_drawn_first(sizes, init, activation, rng, n=1000):
    ws = [init(sizes[i - 1], sizes[i], rng) for i in range(1, len(sizes))]
    a = rng.normal(0, 1, (n, sizes[0]))
    outputs = []
    for w in ws:
        a = activation(a @ w)
        outputs.append(a)
    return [np.mean(a) for a in outputs], [np.std(a) for a in outputs]


@variant
def sample_standard_deviation(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(float(np.mean(a)))
        stds.append(float(np.std(a, ddof=1)))
    return tuple(means), tuple(stds)


@variant
def with_a_bias_of_zeros(sizes, init, activation, rng, n=1000):
    a = rng.normal(size=(n, sizes[0]))
    stats = []
    for fan_in, fan_out in pairwise(sizes):
        w, b = init(fan_in, fan_out, rng), np.zeros(fan_out)
        a = np.asarray(activation(np.einsum("nd,dk->nk", a, w) + b))
        mean = a.sum() / a.size
        stats.append((mean, np.sqrt(((a - mean) ** 2).mean())))
    return [[mean for mean, _ in stats], [std for _, std in stats]]


RETURN = "return means, stds"
INPUT = "a = rng.standard_normal((n, sizes[0]))"
WEIGHTS = "init(fan_in, fan_out, rng)"
LAYER = f"a = activation(a @ {WEIGHTS})"
MISTAKES = [
    # what is fed to the layers
    mistake("The input is uniform between 0 and 1 instead of standard normal.",
            "What are mean and standard deviation of rng.random?",
            {"standard_normal": "random"}),
    mistake("The input is all ones instead of random.",
            "Which numbers does the text want as input?",
            {INPUT: "a = np.ones((n, sizes[0]))"}),
    mistake("The activation is applied to the input as well.",
            "The input is not a layer. How often is activation called for two layers?",
            {INPUT: INPUT.replace("= ", "= activation(") + ")"}),
    mistake("n is not used: there are always 1000 examples.",
            "Call your function with n = 5. How many rows does the first layer see?",
            {"(n, ": "(1000, "}),
    mistake("Without n there are 100 examples instead of 1000.",
            "Look at the signature in the notebook: which n does it ask for when none is given?",
            {"n=1000": "n=100"}),
    mistake("Only one example is drawn, whatever n is.",
            "What is the shape of the input: (n, sizes[0]) or (sizes[0],)?",
            {"(n, ": "(1, "}),
    mistake("The input is drawn from a generator with a seed of its own instead of from rng.",
            "Call your function with two generators: does the first layer see other numbers?",
            {INPUT: "a = np.random.default_rng(0).standard_normal((n, sizes[0]))"}),
    mistake("A generator is made inside and used for everything; rng is not.",
            "Call your function with two generators: are the results different?",
            {"a = rng": "a = (rng := np.random.default_rng(0))"}),
    slip("writes_into_input", {RETURN: f"sizes.pop(0)\n    {RETURN}"}, what="sizes"),
    # what a layer does
    mistake("Every layer gets fresh random numbers instead of the output of the layer below.",
            "What flows from layer to layer? Where is your input drawn: before the loop or inside?",
            {INPUT: "", LAYER: f"a = activation(rng.standard_normal((n, fan_in)) @ {WEIGHTS})"}),
    mistake("Every layer is fed with the input instead of with the output of the layer below.",
            "Which variable goes into the product, and is it replaced in every round of the loop?",
            {"a = rng": "x = rng", "a @": "x @"}),
    mistake("The next layer is fed with z instead of with activation(z).",
            "What is the input of a layer: the sums of the layer below, or its activations?",
            {"a = rng": "z = rng", LAYER: f"z = z @ {WEIGHTS}\n        a = activation(z)"}),
    mistake("The activations are standardised before they go on, which hides what the weights do.",
            "The next layer gets the activations as they are. What do you want to see fade or grow?",
            {"stds.append(a.std())": "stds.append(a.std())\n        a = (a - a.mean()) / (a.std() + 1e-9)"}),
    mistake("The activation is never called.",
            "What comes out of a layer: z, or activation(z)?",
            {LAYER: f"a = a @ {WEIGHTS}"}),
    mistake("The activation is applied twice in every layer.",
            "Count the calls of activation for one layer.",
            {LAYER: f"a = activation(activation(a @ {WEIGHTS}))"}),
    mistake("tanh is used, whatever activation was passed in.",
            "Call your function with lambda z: z. What should happen, and what does?",
            {LAYER: f"a = np.tanh(a @ {WEIGHTS})"}),
    mistake("The last layer is left linear.",
            "The text wants the activation after every layer. Which does your loop leave out?",
            {LAYER: f"a = a @ {WEIGHTS}\n        if len(means) < len(sizes) - 2:\n            a = activation(a)"}),
    mistake("Biases are drawn as well.",
            "The text wants no bias. Which terms does a layer have here?",
            {WEIGHTS: f"{WEIGHTS} + rng.standard_normal(fan_out)"}),
    mistake("init is called with fan_out and fan_in exchanged.",
            "Which comes first in init(fan_in, fan_out, rng): the inputs or the units?",
            {WEIGHTS: "init(fan_out, fan_in, rng).T"}),
    mistake("The weights are drawn once and used in every layer.",
            "Is init called before the loop or inside it?",
            {INPUT: f"{INPUT}\n    w = init(sizes[0], sizes[1], rng)", WEIGHTS: "w"}),
    mistake("init is called twice per layer, and every call draws other weights.",
            "Count the calls of init for one layer. What must you keep so that one is enough?",
            {LAYER: f"b = activation(a @ {WEIGHTS})\n        {LAYER}", "a.mean": "b.mean"},
            {LAYER: f"{WEIGHTS}\n        {LAYER}"}),
    mistake("Every layer's init gets a fresh generator of one seed, so that layers of a size have the same weights.",
            "Which generator does the text hand to init? Two layers must not get the same numbers.",
            {WEIGHTS: "init(fan_in, fan_out, np.random.default_rng(0))"}),
    # what is measured
    mistake("The numbers are measured before the activation instead of after it.",
            "Which is asked for: the statistics of z, or of activation(z)?",
            {LAYER: f"z = a @ {WEIGHTS}\n        a = activation(z)", "a.mean": "z.mean", "a.std": "z.std"}),
    mistake("The weights are measured instead of the activations.",
            "What flows from layer to layer? It is not what init returns.",
            {INPUT: "", LAYER: f"a = {WEIGHTS}"}),
    mistake("The input is measured as if it were a layer.",
            "How many layers does a list of five sizes describe?",
            {"[], []": "[a.mean()], [a.std()]"}),
    mistake("The activations of all layers so far are measured together, instead of each layer alone.",
            "Which numbers are in the second mean: those of the second layer, or of the first as well?",
            {"[], []": "[], []\n    seen = np.array([])", LAYER: f"{LAYER}\n        seen = np.append(seen, a)",
             "a.mean": "seen.mean", "a.std": "seen.std"}),
    mistake("The last layer is missing.",
            "How many pairs of neighbours do five sizes have?",
            {"(sizes):": "(sizes[:-1]):"}),
    mistake("Only the last layer is measured.",
            "How many numbers should means hold for three layers? Where do you measure: in the loop or after it?",
            {RETURN: "return means[-1], stds[-1]"}),
    mistake("The variances are returned instead of the standard deviations.",
            "What is the root of your numbers?",
            {"a.std": "a.var"}),
    mistake("The root of the mean square is returned for the standard deviation: the mean is not subtracted.",
            "Both agree only where the mean is 0. What does np.std of a ReLU's output say?",
            {"a.std()": "np.sqrt(np.mean(a**2))"}),
    mistake("The mean is taken of absolute values.",
            "Can a mean be negative? Where does yours lose the sign?",
            {"a.mean": "np.abs(a).mean"}),
    mistake("Mean and standard deviation are taken for each unit instead of for the layer.",
            "How many numbers should there be for one layer? Over which axes do mean and std run?",
            {"a.mean(": "a.mean(axis=0", "a.std(": "a.std(axis=0"}),
    *(mistake(f"The standard deviations of the {each} are averaged; one is asked for over all examples and units.",
              f"Two {each} may differ by their means, which this leaves out. Over what should std run?",
              {"a.std()": f"a.std(axis={axis}).mean()"})
      for axis, each in enumerate(("units", "examples"))),
    mistake("A list of pairs is returned instead of a pair of lists.",
            "The text wants (means, stds): first all means, then all standard deviations.",
            {RETURN: "return list(zip(means, stds, strict=True))"}),
    slip("results_swapped"),
]
