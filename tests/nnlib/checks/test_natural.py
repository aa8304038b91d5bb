"""Slips of the language have names, whatever the exercise; right code and other errors have none."""

import pytest

from nnlib.checks.natural import natural_slip

NO_ATTRIBUTE = "'numpy.random._generator.Generator' object has no attribute '{}'"
INHOMOGENEOUS = "setting an array element with a sequence. The requested array has an inhomogeneous shape"
WRONG = "dx: All entries differ."
BATCHES = {"batches": ("x", "size", "epochs")}
KINDS = {  # the function's text, what was said, and what is to be said
    "def f(z): return z.max(keepdim=True)": ("unexpected keyword argument 'keepdim'", "NumPy calls it keepdims"),
    "def f(z): return z.sum(dim=1)": ("unexpected keyword argument 'dim'", "NumPy calls it axis"),
    "def f(d): return d ^ 2": ("ufunc 'bitwise_xor' not supported for the input types", "In Python ^ is no power"),
    "def f(d): return d ^ 3": ("unsupported operand type(s) for ^: 'float' and 'int'", "In Python ^ is no power"),
    "def f(rng): return rng.rand(3)": (NO_ATTRIBUTE.format("rand"), "no rand"),
    "def f(rng): return rng.randn(3)": (NO_ATTRIBUTE.format("randn"), "no randn"),
    "def f(x, rng): return x * np.random.rand(3)": (WRONG, "draws from np.random"),
    "def f(n, rng): return np.random.default_rng(0).normal(size=n)": (WRONG, "makes a generator of its own"),
    "def f(n, rng): return [random.random() for _ in range(n)]": (WRONG, "draws from random"),
    "def f(x, w, b):\n    z = affine_forward(x, w, b)\n    return np.maximum(z, 0)": (
        INHOMOGENEOUS,
        "affine_forward returns a pair, and z is used",
    ),
    "def f(w, state):\n    v = 0.9 * state['v']\n    return w - v, {'v': v}": (
        "f raised KeyError in line 2 of its cell: 'v'.",
        "state['v'] is asked for before",
    ),
    "def f(x):\n    global mask\n    mask = x > 0\n    return x * mask": (WRONG, "between calls in mask"),
    "def f(x):\n    f.v = x\n    return x": (WRONG, "between calls in f.v"),
    "def f(scores): return table / table.sum()": (
        WRONG,
        "table is a variable of the notebook, and the parameter scores is not used",
    ),
    "def f(rows):\n    for row in rows:\n        total = row\n        return total": (
        WRONG,
        "The return stands inside the loop",
    ),
    "def f(p, t): return (p > t) - (p < t)": (
        "f raised TypeError in line 1 of its cell: numpy boolean subtract, the `-` operator, is not supported, use the "
        "bitwise_xor, the `^` operator, or the logical_xor function instead.",
        "does not subtract True and False",
    ),
    "def f(g):\n    g *= 2\n    return g": (
        "g was changed; it must stay as it was. Work on a copy, e.g. x.copy().",
        "g itself is changed",
    ),
    "def f(p): return np.round(p / p.sum(), 4)": (
        "the result: It is the right result, rounded to 4 digits. The largest difference is 4e-05 at index 1.",
        "The result is rounded",
    ),
    "def f(p): return [float(f'{x:.2f}') for x in p]": (
        "the result: It is the right result, rounded to 2 digits. The largest difference is 0.004 at index 1.",
        "The result is rounded",
    ),
    "def f(z): return z if z > 0 else 0": (
        "f raised ValueError in line 1 of its cell: The truth value of an array with more than one element is "
        "ambiguous. Use a.any() or a.all().",
        "is asked of a whole array",
    ),
    "def f(x): return (x @ x.T)[:2]": (
        "out: has shape (2, 3); expected (3, 2). It is transposed.",
        "The result is transposed",
    ),
    "def f(x, w):\n    dw = np.zeros_like(w)\n    for v in x:\n        dw = np.outer(v, v)\n    return dw": (
        WRONG,
        "Every round of a loop writes dw anew",
    ),
    "def f(x):\n    t = np.zeros(3)\n    for v in x:\n        for k in v:\n            t[0] = k\n    return t": (
        WRONG,
        "Every round of a loop writes t anew",
    ),
    "def f(p, g):\n    before = p['W']\n    for n in p:\n        p[n] -= g[n]\n    return p['W'] - before": (
        WRONG,
        "before is no copy of p['W']",
    ),
    "def f(d, m):\n    long = short = d @ d.T\n    long *= m\n    return long + short": (
        WRONG,
        "short is no copy of long",
    ),
    "def f(p, y):\n    d = p.copy()\n    e = d\n    e[y] -= 1\n    return d.sum(), e": (WRONG, "d is no copy of e"),
    "def f(x):\n    y = x\n    y[x < 0] = 0\n    return x - y": (WRONG, "x is no copy of y"),
    "def f(x, size, epochs): return batches(x, epochs, size)": (WRONG, "epochs stands where batches takes size"),
    "def f(c, points):\n    return [dict(c, name=v) for name in points for v in points[name]]": (
        WRONG,
        "makes the key 'name'",
    ),
    "def f(z): return np.max(0, z)": (
        "f raised TypeError in line 1 of its cell: only integer scalar arrays can be converted to a scalar index.",
        "np.max takes an axis in the second place",
    ),
    "def f(n, m): return np.zeros(n, m)": (
        "f raised TypeError in line 1 of its cell: Cannot interpret '3' as a data type.",
        "zeros takes the shape as one tuple",
    ),
    "def f(dw): return 0.9 * dw": (
        "f raised TypeError in line 1 of its cell: unsupported operand type(s) for *: 'float' and 'function'.",
        "it is not called",
    ),
    "def f(x, cache): return cache * x": (
        "f raised TypeError in line 1 of its cell: unsupported operand type(s) for *: 'NoneType' and 'float'.",
        "None stands where the line",
    ),
    "def f(x, s):\n    y = np.zeros(3)\n    y[s:] = x[:-s]\n    return y": (
        "f raised ValueError in line 3 of its cell: could not broadcast input array from shape (0,) into shape (3,).",
        "a[:-0] is a[:0]",
    ),
    "def f(probs):\n    for i in range(1, 4):\n        p = probs[i]\n    return p": (
        "f raised IndexError in line 3 of its cell: tuple index out of range.",
        "i counts from 1 and is used as an index of probs",
    ),
    "def f(probs):\n    for i in (1, 2, 3):\n        p = probs[i]\n    return p": (
        "f raised IndexError in line 3 of its cell: list index out of range.",
        "i counts from 1 and is used as an index of probs",
    ),
    "def f(x): return x[len(x)]": (
        "f raised IndexError in line 1 of its cell: index 3 is out of bounds for axis 0 with size 3.",
        "goes beyond the end",
    ),
    "def f(x): return x[: np.prod(())]": (
        "f raised TypeError in line 1 of its cell: slice indices must be integers or None or have an __index__ method.",
        "comes as a float",
    ),
    "def f(x): return x['W']": (
        "f raised IndexError in line 1 of its cell: only integers, slices (`:`), ellipsis (`...`), numpy.newaxis "
        "(`None`) and integer or boolean arrays are valid indices.",
        "An array is asked for an entry by something that is no whole number",
    ),
    "def f(x): return x.reshape(len(x), -1)": (
        "f raised TypeError in line 1 of its cell: len() of unsized object.",
        "which has no length",
    ),
    "def f(x, y): return np.column_stack([x, y])": (
        "f raised ValueError in line 1 of its cell: all the input arrays must have same number of dimensions, but ...",
        "whose axes do not match",
    ),
    "def f(x, w): return w @ x": (
        "f raised ValueError in line 1 of its cell: shapes (2,2) and (1,2) not aligned: 2 (dim 1) != 1 (dim 0).",
        "The arrays of a matrix product do not fit",
    ),
    "def f(x, w): return w * x": (
        "f raised ValueError in line 1 of its cell: operands could not be broadcast together with shapes (2,3) (3,2).",
        "whose shapes do not fit",
    ),
    "def f(x, cache): return x * rng.random(x.shape)": (WRONG, "drawn from rng, though nothing here is left to chance"),
    "def f(x, w, b):\n    kept = {}\n    kept['z'] = affine_forward(x, w, b)\n    return relu(kept['z'])": (
        INHOMOGENEOUS,
        "affine_forward returns a pair, and kept['z'] is used",
    ),
    "def f(x): return x.mean()": (
        "f returned a number, and more than one thing is asked for.",
        "One thing is returned",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_natural_slip_is_named(kind):
    """Text and message together show it."""
    message, says = KINDS[kind]
    slip = natural_slip(kind, "f", [message], {"table"}, BATCHES)
    assert slip is not None
    assert says in slip.says


RIGHT = {
    "written to, then handed back": "def f(x, mean):\n    x -= mean\n    return x",
    "draws from rng": "def f(x, rng):\n    return x * (rng.random(3) < 0.5)",
    "a seed from rng": "def f(x, rng):\n    return np.random.default_rng(rng.integers(9)).normal(size=3)",
    "another's generator": "def f(x, random, rng):\n    return random.choice(x)",
    "no rng to draw from": "def f(n):\n    return np.random.default_rng(0).normal(size=n)",
    "a constant of the notebook": "def f(scores):\n    return scores * table",
    "a function of its own": "def f(scores, unused):\n    def table(v):\n        return v\n    return table(scores)",
    "a parameter within": "def f(scores, unused):\n    return list(map(lambda table: table + 1, scores))",
    "a name of its own": "def f(scores, unused):\n    table = scores\n    return table",
    "returns when found": "def f(rows):\n    for row in rows:\n        if row > 0:\n            return row",
    "skips some": "def f(rows):\n    for row in rows:\n        if row < 0:\n            continue\n        return row",
    "returns a pair": "def f(x):\n    return x.mean(), x",
    "unpacks the pair": "def f(x, w, b):\n    z = affine_forward(x, w, b)\n    return z[0]",
    "an attribute of something else": "def f(x):\n    x.v = 1\n    return x",
    "adds in the loop": "def f(x):\n    t = np.zeros(3)\n    for row in x:\n        t += row\n    return t",
    "a place a round": "def f(x):\n    t = np.zeros(3)\n    for i in range(3):\n        t[i] = x[i]\n    return t",
    "some": "def f(x):\n    t = np.zeros(3)\n    for v in x:\n        if v:\n            t[0] = v\n    return t",
    "used at once": "def f(x):\n    t = np.zeros(3)\n    for v in x:\n        t = v\n        print(t)\n    return t",
    "a copy": "def f(p, g):\n    before = p['W'].copy()\n    p['W'] -= g\n    return p['W'] - before",
    "not read again": "def f(x):\n    y = x\n    y[x < 0] = 0\n    return y",
    "made anew": "def f(p, g):\n    before = p['W']\n    p['W'] = p['W'] - g\n    return p['W'] - before",
    "a count": "def f(n):\n    left = n\n    n -= 1\n    return left - n",
    "in order": "def f(x, size, epochs): return batches(x, size, epochs)",
    "by name": "def f(x, size, epochs): return batches(x, epochs=epochs, size=size)",
    "a key of that name": "def f(points):\n    return [dict(name=name) for name in points]",
    "draws what it may": "def f(n):\n    rng = np.random.default_rng()\n    return rng.permutation(n)",
    "another dict": "def f(params):\n    return params['w1']",
}
MESSAGES = [
    "the result: All entries differ.",
    "f raised KeyError in line 2 of its cell: 'w1'.",
    "f returned an array of shape (3,), which this case could not use.",
    INHOMOGENEOUS,
]


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.parametrize("message", MESSAGES)
def test_code_without_the_slip_is_not_accused_of_it(kind, message):
    """What fails for another reason, however it fails, gets no name from here."""
    assert natural_slip(RIGHT[kind], "f", [message], {"table"}, BATCHES) is None


@pytest.mark.parametrize("text", ["", "def f(:", "x = 1", "def g(): pass", "(" * 5000, "\0"])
def test_a_text_that_cannot_be_read_has_no_slip(text):
    """Whatever stands in a cell, there is no name and no error."""
    assert natural_slip(text, "f", ["wrong."]) is None
