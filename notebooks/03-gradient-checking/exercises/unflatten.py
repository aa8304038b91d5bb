"""unflatten: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _copied, _in_order, _many_shapes


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
    like = _many_shapes(rng)
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


def test_unflatten_leaves_its_inputs_alone(student, rng):
    """Neither theta nor `like` is written into."""
    like = _many_shapes(rng)
    before = _copied(like)
    theta = rng.normal(size=sum(value.size for value in like.values()))
    kept = theta.copy()
    _check_unflatten(student, theta, like)
    assert_unchanged(theta, kept, what="theta")
    assert_unchanged(list(like), list(before), what="the list of names of `like`")
    assert_unchanged(like, before, what="`like`")


@easy
def test_unflatten_undoes_flatten(student, rng):
    """There and back again gives the same dict."""
    params = _many_shapes(rng)
    back = student.unflatten(_in_order(params), _copied(params))
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


def unflattens_by_columns(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = theta[start : start + size].reshape(np.shape(array), order="F").copy()
        start += size
    return params


def always_from_the_start(theta, like):
    return {name: theta[: np.size(array)].reshape(np.shape(array)).copy() for name, array in like.items()}


def unflattens_in_sorted_order(theta, like):
    params, start = {}, 0
    for name in sorted(like):
        size = int(np.size(like[name]))
        params[name] = theta[start : start + size].reshape(np.shape(like[name])).copy()
        start += size
    return params


def forgets_the_shapes(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = theta[start : start + size].copy()
        start += size
    return params


def counts_rows_for_entries(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        length = len(array)
        params[name] = np.resize(theta[start : start + length], np.shape(array))
        start += length
    return params


def fills_like_itself(theta, like):
    start = 0
    for name in like:
        size = int(np.size(like[name]))
        like[name] = theta[start : start + size].reshape(np.shape(like[name])).copy()
        start += size
    return like


def keeps_the_dtype_of_like(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.zeros_like(array)
        params[name][...] = theta[start : start + size].reshape(np.shape(array))
        start += size
    return params


def returns_a_list(theta, like):
    parts, start = [], 0
    for array in like.values():
        size = int(np.size(array))
        parts.append(theta[start : start + size].reshape(np.shape(array)).copy())
        start += size
    return parts


def skips_one_between_pieces(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.resize(theta[start : start + size], np.shape(array))
        start += size + 1
    return params


def squeezes_the_shapes(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.squeeze(theta[start : start + size].reshape(np.shape(array))).copy()
        start += size
    return params


def returns_like_unchanged(theta, like):
    return like


def moves_on_by_rows(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = theta[start : start + value.size].reshape(value.shape)
        start += len(np.atleast_1d(value))
    return params


def sizes_of_two_axes(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        size = value.shape[0] * value.shape[1] if value.ndim == 2 else value.shape[0]
        params[name] = theta[start : start + size].reshape(value.shape)
        start += size
    return params


def unflattens_in_reverse(theta, like):
    params, stop = {}, theta.size
    for name, value in reversed(like.items()):
        params[name] = theta[stop - value.size : stop].reshape(value.shape)
        stop -= value.size
    return params


def single_numbers_become_vectors(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = np.atleast_1d(theta[start : start + value.size].reshape(value.shape))
        start += value.size
    return params


def unflatten_arguments_exchanged(like, theta):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = theta[start : start + value.size].reshape(value.shape)
        start += value.size
    return params


def writes_into_the_arrays_of_like(theta, like):
    params, start = dict(like), 0
    for value in params.values():
        value[...] = theta[start : start + value.size].reshape(value.shape)
        start += value.size
    return params


MISTAKES = [
    mistake("Matrices are filled column by column.",
            "flatten reads row by row, so the way back must fill row by row. Look for an order='F' or a .T too many.",
            by=unflattens_by_columns),
    mistake("Every array is filled from the start of theta: the place is not moved on.",
            "Print where each piece begins. Where should the second array begin?",
            by=always_from_the_start),
    mistake("The names are sorted instead of taken in the order of `like`.",
            "The pieces must be dealt out in the order in which flatten joined them. Which was that?",
            by=unflattens_in_sorted_order),
    mistake("The pieces stay flat: their shapes are not restored.",
            "Compare the shapes of your arrays with those in `like`.",
            by=forgets_the_shapes),
    mistake("len() counts the rows of a matrix, not its entries, so too little is cut off for each.",
            "How many numbers does a (3, 2) array hold, and what does len() say?",
            by=counts_rows_for_entries),
    mistake("`like` itself is filled and returned.",
            "`like` is a pattern and may be the network itself. Fill a new dict.",
            by=fills_like_itself),
    mistake("New arrays take over the dtype of `like`, so that fractions are cut off where it holds integers.",
            "What dtype has np.zeros_like of an integer array? Only the shapes of `like` matter.",
            by=keeps_the_dtype_of_like),
    mistake("A list of arrays is returned; their names are lost.",
            "The loss looks parameters up by name. What kind of object is `like`?",
            by=returns_a_list),
    mistake("The next piece begins one place too late.",
            "A slice start:stop does not include stop. Where does the next one begin?",
            by=skips_one_between_pieces),
    mistake("Shapes are squeezed: (1,) and () or (1, 3) and (3,) become the same.",
            "Compare the shapes of your arrays with those in `like` for a parameter of shape (1,).",
            by=squeezes_the_shapes),
    mistake("`like` is returned as it is; theta is not used.",
            "What should stand in the new arrays: the old values, or those of theta?",
            by=returns_like_unchanged),
    mistake("The number of rows is used where the number of entries is needed, so the pieces overlap.",
            "How many entries has a (2, 3) array? Which attribute tells, for any shape?",
            by=moves_on_by_rows),
    mistake("The number of entries is computed from two axes at most, so shape () and 3-d arrays fail.",
            "Which attribute of an array counts its entries, whatever its shape?",
            by=sizes_of_two_axes),
    mistake("The new dict lists its names in reverse.",
            "A dict remembers the order in which names are put in. Start with the first name of `like`.",
            by=unflattens_in_reverse),
    mistake("A parameter of shape () comes back with shape (1,).",
            "A piece of one number has shape (1,). What shape does `like` ask for?",
            by=single_numbers_become_vectors),
    mistake("The arguments come in another order: theta is taken for like and like for theta.",
            "The signature is (theta, like). A call by position fills them in that order.",
            by=unflatten_arguments_exchanged),
    mistake("The arrays of `like` are written into: a new dict still holds the same arrays.",
            "dict(like) and like.copy() copy names, not arrays. Make a new array for each name.",
            by=writes_into_the_arrays_of_like),
]
