"""unflatten: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import copied, in_order, many_shapes

HINTS = (
    "How many numbers does each array of like hold, and where in theta does its part begin?",
    "How many numbers does shape () hold? What turns a piece of theta into a given shape?",
    "theta = 1, 2, 3, 4, 5 and like with shapes (1, 2), (), (2,): the pieces are [[1, 2]], 3 and [4, 5]. Where"
    " did each begin? At 0, 2 and 3.",
)


def _check_unflatten(student, theta, like):
    shapes = {name: np.shape(value) for name, value in like.items()}
    given, theta = theta, theta.copy()
    got = student.unflatten(given, like)
    require(isinstance(got, dict), "unflatten must return a dict.")
    require(list(got) == list(shapes), "The names must be those of `like`, in its order.")
    start = 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        assert_close(got[name], theta[start : start + size].reshape(shape), what=f"the array {name}")
        start += size


def test_unflatten_restores_all_shapes(student, rng):
    """Every array comes back with its name, its place and its shape."""
    like = many_shapes(rng)
    size = sum(value.size for value in like.values())
    _check_unflatten(student, rng.normal(size=size), like)


def test_unflatten_fills_row_by_row(student, rng):
    """Matrices are filled row by row, square ones too."""
    _check_unflatten(student, np.arange(13.0), {"K": np.zeros((2, 2)), "W": np.zeros((3, 3))})


def test_unflatten_keeps_shape_nothing_and_one_apart(student):
    """Shapes () and (1,) are restored as they are."""
    like = {"s": np.array(0.0), "t": np.zeros(1), "u": np.zeros((1, 1))}
    _check_unflatten(student, np.array([1.5, -2.5, 3.5]), like)


def test_unflatten_takes_only_the_shapes_from_like(student, rng):
    """What `like` holds does not matter: neither its values nor its dtype."""
    like = {"W": np.array([[7, 7], [7, 7]]), "b": np.array([9, 9])}
    _check_unflatten(student, np.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5]), like)


def test_unflatten_follows_the_order_of_like(student):
    """Two arrays of one shape are not exchanged."""
    _check_unflatten(student, np.arange(4.0), {"z": np.zeros(2), "a": np.zeros(2)})


@easy
def test_unflatten_undoes_flatten(student, rng):
    """There and back again gives the same dict."""
    params = many_shapes(rng)
    back = student.unflatten(in_order(params), copied(params))
    assert_close(back, params, what="the rebuilt dict")


@variant
def with_split(theta, like):
    cuts = np.cumsum([np.size(array) for array in like.values()])[:-1]
    pieces = np.split(np.asarray(theta), cuts)
    return {name: piece.reshape(np.shape(like[name])) for name, piece in zip(like, pieces, strict=True)}


@variant
def with_an_iterator(theta, like):
    numbers = iter(theta)
    params = {}
    for name, array in like.items():
        fresh = np.zeros(np.shape(array))
        for index in np.ndindex(fresh.shape):
            fresh[index] = next(numbers)
        params[name] = fresh
    return params


@variant
def eating_from_the_front(theta, like):
    params = {}
    rest = theta.copy()
    for name in like:
        size = int(np.prod(like[name].shape))
        params[name], rest = np.reshape(rest[:size], like[name].shape), rest[size:]
    return params


PIECE = "theta[start:stop].reshape(np.shape(array)).copy()"
MISTAKES = [
    mistake("Matrices are filled column by column.",
            "flatten reads row by row, so the way back must fill row by row. Look for an order='F' or a .T too many.",
            {"np.shape(array))": 'np.shape(array), order="F")'}),
    mistake("Every array is filled from the start of theta: the place is not moved on.",
            "Print where each piece begins. Where should the second array begin?",
            {"start = stop": "start = 0"}),
    mistake("The next piece begins one place too late.",
            "A slice start:stop does not include stop. Where does the next one begin?",
            {"start = stop": "start = stop + 1"}),
    mistake("The next piece begins at the size of the last one, not where that one ended.",
            "Write down for three arrays where each begins. Which number do you add to which?",
            {"start = stop": "start = np.size(array)"}),
    mistake("The number of rows is used where the number of entries is needed, so the pieces overlap.",
            "How many entries does a (2, 3) array have? Which attribute tells, for any shape?",
            {"start = stop": "start += len(np.atleast_1d(array))"}),
    mistake("len() counts the rows of a matrix, not its entries, so too little is cut off for each.",
            "How many numbers does a (3, 2) array hold, and what does len() say?",
            {"np.size(array)": "len(array)"},
            {"np.size(array)": "len(array)", PIECE: "np.resize(theta[start:stop], np.shape(array))"}),
    mistake("The number of entries is computed from two axes at most, so shape () and 3-d arrays fail.",
            "Which attribute of an array counts its entries, whatever its shape?",
            {"np.size(array)": "(array.shape[0] * array.shape[1] if array.ndim == 2 else array.shape[0])"}),
    mistake("The names are sorted instead of taken in the order of `like`.",
            "The pieces must be dealt out in the order in which flatten joined them. Which was that?",
            {"like.items()": "sorted(like.items())"}),
    mistake("The new dict lists its names in reverse.",
            "A dict remembers the order in which names are put in. Start with the first name of `like`.",
            {"return params": "return dict(reversed(params.items()))"}),
    mistake("The pieces stay flat: their shapes are not restored.",
            "Compare the shapes of your arrays with those in `like`.",
            {".reshape(np.shape(array))": ""}),
    mistake("Shapes are squeezed: (1,) and () or (1, 3) and (3,) become the same.",
            "Compare the shapes of your arrays with those in `like` for a parameter of shape (1,).",
            {".copy()": ".squeeze()"}),
    mistake("An array of one number comes back as a plain number, so the shapes (1,) and (1, 1) are lost.",
            "How many numbers does shape (1, 1) hold? Does an array of one number need a way of its own?",
            {PIECE: f"theta[start] if np.size(array) == 1 else {PIECE}"}),
    mistake("A parameter of shape () comes back with shape (1,).",
            "A piece of one number has shape (1,). What shape does `like` ask for?",
            {PIECE: f"np.atleast_1d({PIECE})"}),
    mistake("New arrays take over the dtype of `like`, so that fractions are cut off where it holds integers.",
            "What is the dtype of np.zeros_like of an integer array? Only the shapes of `like` matter.",
            {".copy()": ".astype(array.dtype)"}),
    mistake("`like` itself is filled and returned.",
            "`like` is a pattern and may be the network itself. Fill a new dict.",
            {"start = {}, 0": "start = like, 0"}),
    mistake("The arrays of `like` are written into: a new dict still holds the same arrays.",
            "dict(like) and like.copy() copy names, not arrays. Make a new array for each name.",
            {"start = {}, 0": "start = dict(like), 0", "params[name] =": "params[name][...] ="}),
    mistake("`like` is returned as it is; theta is not used.",
            "What should stand in the new arrays: the old values, or those of theta?",
            {"return params": "return like"}),
    mistake("A list of arrays is returned; their names are lost.",
            "The loss looks parameters up by name. What kind of object is `like`?",
            after=lambda params: list(params.values())),
    slip("arguments_swapped", {"theta, like": "like, theta"}, what="theta and like"),
]
