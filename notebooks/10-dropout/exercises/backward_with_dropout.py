"""backward_with_dropout: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import in_place, mistake, slip, slips, variant
from nnlib.checks import assert_close, require

from .common import SIZES, explain, net, parameters, run_net, signed

HINTS = (
    "Read your forward function from the last line to the first. What is the opposite of each line?",
    "From the scores: affine_backward gives three gradients, two of them to keep. The third goes back through the "
    "mask of that layer's input, and then through the ReLU of the layer before. Which z belongs to that one?",
    "In one layer: out = (x * mask) @ w + b with x = [3], mask = [2], w = [[5]], dout = [1]. Then dw = [[6]], "
    "because the weight saw 6, db = [1], and the gradient of x * mask is [5], so that of x is [10]. What is left "
    "to do behind the first layer?",
)


def _gradients(dscores, params, steps):
    dz, grads = dscores, {}
    for i in (3, 2, 1):
        dropped, factor, _ = steps[i - 1]
        grads[f"W{i}"], grads[f"b{i}"] = dropped.T @ dz, dz.sum(axis=0)
        if i > 1:
            dz = (dz @ params[f"W{i}"].T) * factor * (steps[i - 2][2] > 0)
    return grads


def _check_gradients(student, x, params, keep_probs, rng, train=True):
    """Compare the gradients with those of the masks that explain the scores; returns what can be asked again."""
    scores, cache = run_net(student, x, params, keep_probs, rng, train=train)
    factors = explain(scores, x, params, keep_probs if train else (1, 1, 1))
    dscores = signed(rng, *scores.shape)
    expected = _gradients(dscores, params, net(x, params, factors)[1])
    _compare(student, dscores, cache, expected)
    return dscores, cache, expected


def _forward_in_both_modes(student, rng):
    """Run forward while training and at test time, without a verdict: see run_both_modes."""
    for train in (True, False):
        student.forward_with_dropout(signed(rng, 4, 3), parameters(rng, (3, 4, 3, 2)), (0.8, 0.5, 0.6), rng, train)


def _compare(student, dscores, cache, expected):
    got = student.backward_with_dropout(dscores.copy(), cache)
    assert_close(got, expected, rtol=1e-5, what="the gradients")


def test_backward_with_dropout_uses_the_masks_of_forward(student, rng):
    """All six gradients are those of the thinned nets that the forward call ran."""
    _forward_in_both_modes(student, rng)
    for sizes in SIZES:
        for keep_probs in ((0.8, 0.6, 0.7), (0.7, 0.8, 0.4)):
            _check_gradients(student, signed(rng, 6, sizes[0]), parameters(rng, sizes), keep_probs, rng)


def test_backward_with_dropout_through_masks_chosen_beforehand(student, rng):
    """With given units dropped and no others, all six gradients are right, however the masks were drawn.

    A right answer fails less than once in 1e9 gradings: each choice of masks comes up in more than one of 90 calls.
    """
    fixed = np.random.default_rng(8)
    for keep_probs, kept in (
        ((0.6, 1.0, 1.0), ([[1, 0], [1, 1]], [[1, 1]], [[1, 1]])),
        ((1.0, 0.7, 1.0), ([[1, 1]], [[1, 1], [0, 1]], [[1, 1]])),
        ((1.0, 1.0, 0.4), ([[1, 1]], [[1, 1]], [[0, 1], [1, 0]])),
        ((0.8, 0.7, 0.6), ([[1, 1]], [[0, 1]], [[1, 0]])),
    ):
        rows = max(map(len, kept))
        x = fixed.uniform(0.5, 2.0, (rows, 2))
        # Positive but for one weight, so that all scores differ and some unit of the first layer is off.
        params = {
            f"{kind}{i}": fixed.uniform(0.5, 2.0, (2, 2) if kind == "W" else 2) for i in (1, 2, 3) for kind in "Wb"
        }
        params["W1"][:, 1] *= np.array([-1.0, 1.0])
        factors = [np.tile(mask, (rows // len(mask), 1)) / keep for mask, keep in zip(kept, keep_probs, strict=True)]
        wanted, steps = net(x, params, factors)
        for _ in range(2000):
            scores, cache = run_net(student, x, params, keep_probs, rng)
            if np.allclose(scores, wanted, rtol=1e-6):
                break
        else:
            require(False, "In 2000 calls forward_with_dropout never gave the scores of the masks tested here.")
        dscores = signed(fixed, rows, 2)
        for _ in range(2):
            _compare(student, dscores, cache, _gradients(dscores, params, steps))


def test_backward_with_dropout_with_one_layer_at_a_time(student, rng):
    """Dropout in a single layer reaches all gradients before it, and none is scaled twice."""
    _forward_in_both_modes(student, rng)
    for i in range(3):
        keep_probs = [1.0, 1.0, 1.0]
        keep_probs[i] = 0.6
        _check_gradients(student, signed(rng, 8, 3), parameters(rng, (3, 4, 3, 2)), keep_probs, rng)


def test_backward_with_dropout_off(student, rng):
    """At test time, and with keep probabilities of 1, the gradients are those of the plain net."""
    _forward_in_both_modes(student, rng)
    for sizes in SIZES:
        _check_gradients(student, signed(rng, 170, sizes[0]), parameters(rng, sizes), (0.8, 0.5, 0.6), rng, train=False)
        _check_gradients(student, signed(rng, 5, sizes[0]), parameters(rng, sizes), (1.0, 1.0, 1.0), rng)


def test_backward_with_dropout_of_one_example(student, rng):
    """A batch of a single example has gradients of the same shapes."""
    _forward_in_both_modes(student, rng)
    for _ in range(4):
        _check_gradients(student, signed(rng, 1, 3), parameters(rng, (3, 4, 3, 2)), (0.9, 0.6, 0.7), rng)


@in_place
def test_backward_with_dropout_belongs_to_its_own_call(student, rng):
    """Each cache gives the gradients of its own forward call, in whatever order, and again when asked again."""
    _forward_in_both_modes(student, rng)
    params = parameters(rng, (3, 4, 3, 2))
    calls = [_check_gradients(student, signed(rng, 4, 3), params, keeps, rng) for keeps in ((0.8, 0.6, 0.7),) * 3]
    for dscores, cache, expected in (calls[1], calls[0], calls[0]):
        _compare(student, dscores, cache, expected)


def test_backward_with_dropout_adds_over_the_examples(student, rng):
    """Gradients are sums over the batch of what dscores says; nothing is averaged once more."""
    _forward_in_both_modes(student, rng)
    dscores, cache, expected = _check_gradients(
        student, signed(rng, 9, 2), parameters(rng, (2, 3, 4, 3)), (0.8, 0.6, 0.7), rng
    )
    _compare(student, 3 * dscores, cache, {name: 3 * value for name, value in expected.items()})
    alone = dscores * (np.arange(9)[:, np.newaxis] == 4)
    got = student.backward_with_dropout(alone, cache)
    assert_close(got["b3"], alone[4], what="the gradient of b3 for one example")


def test_backward_with_dropout_meets_central_differences(student, rng):
    """With the masks held fixed, each gradient is the slope of the forward pass.

    The biases keep every hidden unit far on or far off, so that no step meets a kink.
    """
    _forward_in_both_modes(student, rng)
    sizes, keep_probs = (5, 6, 7, 4), (0.9, 0.7, 0.8)
    params = {f"W{i}": rng.uniform(-1, 1, (sizes[i - 1], sizes[i])) for i in (1, 2, 3)}
    params["b1"], params["b2"], params["b3"] = (np.tile([size, -size], 4) for size in (20.0, 500.0, 1.0))
    params |= {f"b{i}": params[f"b{i}"][: sizes[i]] for i in (1, 2, 3)}
    x, dscores = signed(rng, 10, 5), signed(rng, 10, 4)

    def run(params):
        return run_net(student, x, params, keep_probs, np.random.default_rng(4))

    grads = student.backward_with_dropout(dscores, run(params)[1])
    require(isinstance(grads, dict) and grads.keys() == params.keys(), "The gradients must be a dict W1, b1, ..., b3.")
    for name, value in params.items():
        step = 0.1 * signed(rng, *value.shape)
        up, down = run({**params, name: value + step})[0], run({**params, name: value - step})[0]
        slope = np.sum(dscores * (up - down)) / 2
        require(slope != 0, f"The scores do not depend on {name}.")
        require(np.shape(grads[name]) == value.shape, f"The gradient of {name} must have the shape of {name}.")
        what = f"the slope along a random direction of {name}"
        assert_close(np.sum(grads[name] * step), slope, rtol=1e-6, atol=1e-6, what=what)


@variant
def written_out(dscores, cache):
    (_, (d1, _, _), z1), (m2, (d2, w2, _), z2), (m3, (d3, w3, _), _) = cache
    dz2 = (dscores @ w3.T) * m3 * (z2 > 0)
    dz1 = (dz2 @ w2.T) * m2 * (z1 > 0)
    return {
        "W1": d1.T @ dz1,
        "b1": dz1.sum(axis=0),
        "W2": d2.T @ dz2,
        "b2": dz2.sum(axis=0),
        "W3": d3.T @ dscores,
        "b3": dscores.sum(axis=0),
    }


@variant
def with_einsum(dscores, cache):
    grads, dz = {}, np.array(dscores)
    for i in (3, 2, 1):
        mask, (dropped, w, _), _ = cache[i - 1]
        grads |= {f"W{i}": np.einsum("nd,nk->dk", dropped, dz), f"b{i}": np.einsum("nk->k", dz)}
        dz = np.einsum("nk,dk->nd", dz, w) * mask
        dz[dropped <= 0] = 0 if i > 1 else dz[dropped <= 0]
    return grads


@variant
def one_example_at_a_time(dscores, cache):
    grads = {}
    for i in (1, 2, 3):
        _, (_, w, b), _ = cache[i - 1]
        grads[f"W{i}"], grads[f"b{i}"] = np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(dscores)):
        dz = dscores[n]
        for i in (3, 2, 1):
            mask, (dropped, w, _), _ = cache[i - 1]
            grads[f"W{i}"] += np.outer(dropped[n], dz)
            grads[f"b{i}"] += dz
            if i > 1:
                dz = (w @ dz) * mask[n] * (cache[i - 2][2][n] > 0)
    return grads


MASKED = "dropout_backward(ddropped, mask)"
Z = "cache[i - 2][2]"  # what the ReLU in front of layer i was given
BACK = f"relu_backward({MASKED}, {Z})"
BEGIN = "grads, dz = {}, dscores"
BIAS = 'grads[f"b{i}"] = '
THEN = "if i > 1:"  # follows the gradients of a layer's parameters
MISTAKES = [
    mistake("The masks are left out: the gradient also reaches units that were dropped.",
            "Every step of forward has its step in backward. Where is dropout's?",
            {MASKED: "ddropped"}),
    mistake("The masks are applied without the factor 1 / keep_prob.",
            "Compare with central differences, with one keep probability below 1.",
            {MASKED: "ddropped * (mask != 0)"}),
    mistake("The gradient is multiplied by keep_prob where it must be divided.",
            "Forward divides by keep_prob. What is the derivative of that?",
            {MASKED: "ddropped * (mask != 0) / (mask.max() or 1.0)"}),
    mistake("The masks are applied twice, so the factor 1 / keep_prob is squared.",
            "Do both your dropout_backward and another line multiply by the mask?",
            {MASKED: f"{MASKED} * mask"}),
    mistake("The gradient reaches the units that were dropped, not those that were kept.",
            "Through which units did the signal go forward?",
            {MASKED: "ddropped * (mask == 0) * mask.max()"}),
    mistake("New masks are drawn in backward.",
            "Which units did the forward call have? Your cache must know.",
            {BEGIN: f"rng = np.random.default_rng(0)\n    {BEGIN}",
             MASKED: "dropout_forward(ddropped, 1 / (mask.max() or 1.0), rng)[0]"}),
    mistake("Only the last mask is used; further back the gradient goes straight through.",
            "How many layers have a mask, and how many of them does your backward pass meet?",
            {MASKED: f"{MASKED} if i == 3 else ddropped"}),
    mistake("The mask in front of the last layer is left out.",
            "How many layers have a mask, and how many of them does your backward pass meet?",
            {MASKED: f"{MASKED} if i != 3 else ddropped"}),
    mistake("The derivative of ReLU is left out.",
            "Every step of forward has its step in backward. Where is ReLU's?",
            {BACK: MASKED}),
    *(mistake(f"The derivative of the {which} ReLU is left out.",
              f"How many ReLUs does the gradient meet on its way from the scores to W{i - 1}?",
              {BACK: f"{BACK} if i != {i} else {MASKED}"})
      for i, which in ((2, "first"), (3, "second"))),
    mistake("ReLU's derivative looks at the gradient instead of at z.",
            "Where does ReLU's slope change: where its input is 0, or where the gradient is?",
            {Z: MASKED}),
    mistake("ReLU's derivative is upside down: the gradient goes through where z is negative.",
            "Which units of a ReLU send something forward?",
            {Z: f"-{Z}"}),
    mistake("The gradient is multiplied by ReLU's output instead of by its derivative.",
            "What is the slope of ReLU at z = 3?",
            {BACK: f"{MASKED} * relu({Z})"}),
    mistake("The two arguments of relu_backward have changed places.",
            "Compare your call with the signature: which comes first?",
            {BACK: f"relu_backward({Z}, {MASKED})"}),
    mistake("A ReLU stands in front of the scores' gradient, where forward has none.",
            "No activation follows the last layer. What does backward begin with?",
            {BEGIN: "grads, dz = {}, relu_backward(dscores, cache[2][2])"}),
    mistake("The derivative of softmax is applied again; dscores holds it already.",
            "With respect to what is dscores the gradient of the cost?",
            {BEGIN: f"{BEGIN} * cache[2][2] * (1 - cache[2][2])"}),
    mistake("The gradient stops at the last layer: those before it get zeros.",
            "What is handed from the third layer to the second?",
            {BACK: f"np.zeros({Z}.shape)"}),
    mistake("The weights' gradients use the activations before dropout.",
            "What did layer 2 receive: relu(z1), or what dropout left of it?",
            {THEN: f'{THEN}\n            grads[f"W{{i}}"] = relu({Z}).T @ dz'},
            *({THEN: f'if i == {i}:\n            grads["W{i}"] = relu({Z}).T @ dz\n        {THEN}'} for i in (2, 3))),
    mistake("The weights' gradients use the kept activations without their factor 1 / keep_prob.",
            "What exactly did the affine layer receive in the forward pass?",
            {THEN: f'grads[f"W{{i}}"] /= mask.max() or 1.0\n        {THEN}'}),
    mistake("The gradients are averaged over the batch once more.",
            "dscores holds the 1 / N of the mean already. What does affine_backward do?",
            {"return grads": "return {name: grad / len(dscores) for name, grad in grads.items()}"}),
    mistake("The gradients of the biases are averaged, those of the weights summed.",
            "A bias is a weight whose input is 1. How do the examples add up for a weight?",
            {THEN: f"{BIAS}dz.mean(axis=0)\n        {THEN}"}),
    mistake("The gradients of the biases keep an axis of length 1.",
            "What is the shape of b1, and what that of its gradient?",
            {THEN: f"{BIAS}dz.sum(axis=0, keepdims=True)\n        {THEN}"}),
    mistake("The gradients of the biases are summed over everything.",
            "Over which of the two axes must you sum, so that a number for each unit is left?",
            {THEN: f"{BIAS}dz.sum()\n        {THEN}"}),
    mistake("The biases have no gradients.",
            "Six parameters, six gradients.",
            after=lambda grads: {name: grad for name, grad in grads.items() if name[0] == "W"}),
    mistake("The gradients of the weights are transposed.",
            "Compare their shapes with those of W1, W2 and W3.",
            after=lambda grads: {name: grad.T for name, grad in grads.items()}),
    mistake("The gradients of weights and biases have each other's names.",
            "In which order does affine_backward return its gradients?",
            {'grads[f"W{i}"], grads[f"b{i}"]': 'grads[f"b{i}"], grads[f"W{i}"]'}),
    mistake("The keys are called dW1, db1 and so on.",
            "Return the gradients under the names of their parameters.",
            {'grads[f"W{i}"], grads[f"b{i}"]': 'grads[f"dW{i}"], grads[f"db{i}"]'}),
    mistake("The gradients come as a list, without their names.",
            "Return a dict with the names of params.",
            after=lambda grads: [grads[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3")]),
    mistake("All gradients have the wrong sign.",
            "The gradient points uphill; the minus belongs to the step.",
            after=lambda grads: {name: -grad for name, grad in grads.items()}),
    slip("writes_into_input", {"return grads": "dscores /= len(dscores)\n    return grads"}, what="dscores"),
    mistake("The entries are taken out of the cache, so that it cannot be used again.",
            "list.pop and dict.pop remove what they return. Reading is enough.",
            {"cache[i - 1]": "cache.pop()"},
            {"for i in (3, 2, 1):": "for i in range(len(cache), 0, -1):", "cache[i - 1]": "cache.pop()"}),
    *slips("nothing_returned"),
    mistake("The loop ends one layer too early: W1 and b1 have no gradients.",
            "Which numbers does your range give, and which layer comes last on the way back?",
            after=lambda grads: {name: grad for name, grad in grads.items() if name[1] != "1"}),
    mistake("The mask is another layer's: the one before is taken.",
            "Which dropout stands in front of layer 3, and which in front of layer 2? Count them in your cache.",
            {MASKED: "dropout_backward(ddropped, cache[max(i - 2, 0)][0])"}),
]
