"""Plain data: it survives the way, everything else is refused with a reason."""

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.channel import ChannelError
from grader.sandbox.messages import Array, BigInt, Handle, Items, Pairs, Reply, Returned, Rng, Scalar
from grader.sandbox.plain import apply_change, decode, encode
from grader.sandbox.rules import DTYPES, MAX_DEPTH, NotPlain


def refuse(value):
    """Stand where opaque things would be kept."""
    raise NotPlain(f"a {type(value).__name__}")


def keep(value):
    """Take handles as they are."""
    return value


def travel(value):
    """Send a value through msgpack and back, as between the processes."""
    message = Returned(encode(value, refuse))
    back = msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=Reply)
    return decode(back.value, keep)


def assert_same(got, expected):
    """Compare types, numbers (NaN equals itself), dtypes and shapes."""
    assert type(got) is type(expected)
    if isinstance(expected, list | tuple):
        assert len(got) == len(expected)
        for a, b in zip(got, expected, strict=True):
            assert_same(a, b)
    elif isinstance(expected, dict):
        assert list(got) == list(expected)
        for key in expected:
            assert_same(got[key], expected[key])
    elif isinstance(expected, np.ndarray | np.generic):
        assert got.dtype == expected.dtype
        assert got.shape == expected.shape
        assert got.tobytes() == expected.tobytes()
    else:
        assert got == expected or (got != got and expected != expected)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | texts | st.binary(max_size=20)
dtypes = st.sampled_from(sorted(DTYPES)).map(np.dtype)
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
plain = st.recursive(
    leaves | arrays,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(plain)
def test_plain_data_survives(value):
    """Whatever is plain data comes out with the type, dtype, shape and bits it went in with."""
    assert_same(travel(value), value)


def test_numpys_strings_travel_as_strings():
    """What np.where and np.select make of words arrives as words."""
    assert_same(travel(np.str_("high bias")), "high bias")
    assert_same(travel(np.where(True, "high", "low")), "high")
    assert_same(travel(np.array([["a", "b"], ["c", "d"]])), [["a", "b"], ["c", "d"]])


@pytest.mark.parametrize("name", sorted(DTYPES))
def test_numpy_scalars_stay_numpy_scalars(name):
    """A NumPy scalar is not turned into a Python number, nor the other way round."""
    value = np.dtype(name).type(1)
    assert_same(travel(value), value)


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**300])
def test_integers_of_any_size(value):
    """Integers at and beyond 64 bits keep their value."""
    assert travel(value) == value


def test_layout_of_arrays_survives():
    """C, Fortran and strided arrays keep their layout, and read-only ones stay read-only."""
    base = np.arange(24.0).reshape(4, 6)
    assert travel(base).flags.c_contiguous
    assert travel(np.asfortranarray(base)).flags.f_contiguous
    strided = travel(base[:, ::2])
    assert not strided.flags.c_contiguous
    assert not strided.flags.f_contiguous
    np.testing.assert_array_equal(strided, base[:, ::2])
    frozen = base.copy()
    frozen.flags.writeable = False
    assert not travel(frozen).flags.writeable
    assert travel(base).flags.writeable


def test_foreign_byte_order_keeps_its_numbers():
    """A big-endian array arrives with the same numbers in native order."""
    np.testing.assert_array_equal(travel(np.arange(3, dtype=">f8")), [0.0, 1.0, 2.0])


def test_iterables_arrive_as_lists():
    """Generators, ranges, sets and dict views are listed."""
    assert travel(range(3)) == [0, 1, 2]
    assert travel(x * x for x in (1, 2)) == [1, 4]
    assert travel({"a": 1}.keys()) == ["a"]
    assert travel({7}) == [7]


def test_endless_generator_is_refused():
    """A generator without end is cut and refused rather than followed."""
    with pytest.raises(NotPlain, match="more than"):
        encode(map(int, itertools.repeat(0)), refuse)


def test_random_generator_draws_the_same_numbers():
    """A Generator arrives in its state, half-used 32-bit draw included."""
    rng = np.random.default_rng(3)
    rng.integers(5, dtype=np.uint32)
    copy = travel(rng)
    assert copy.integers(100, size=3, dtype=np.uint32).tolist() == rng.integers(100, size=3, dtype=np.uint32).tolist()
    assert copy.normal() == rng.normal()


@pytest.mark.parametrize(
    "value",
    [object(), np.array([object()]), np.datetime64("2026-01-01"), np.zeros(1, dtype=[("a", int)])],
    ids=["object", "object array", "datetime", "record"],
)
def test_not_plain_is_refused(value):
    """Objects and arrays of objects, dates and records do not travel."""
    with pytest.raises(NotPlain):
        encode(value, refuse)


def test_deep_nesting_is_refused():
    """A list in a list in a list ... is refused before it exhausts the stack."""
    deep = []
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(NotPlain, match="nested"):
        encode(deep, refuse)
    loop = []
    loop.append(loop)
    with pytest.raises(NotPlain, match="nested"):
        encode(loop, refuse)


@pytest.mark.parametrize(
    "message",
    [
        Array("object", (1,), b"12345678"),
        Array("float64", (2,), b"12345678"),
        Array("float64", (-1, -1), b"12345678"),
        Array("float64", (2**62, 2**62, 0), b""),
        Array("float64", (1,) * 40, b"12345678"),
        Array("float64", (2**40, 2**40), b"12345678"),
        Scalar("float64", b"1234"),
        BigInt("xyz"),
        BigInt("1" * 5000),
        Pairs(["a"], []),
        Pairs([Items([])], [1]),
        Rng("zz", "1", 0, 0),
        Rng("1", "2", 99, -5),
    ],
    ids=str,
)
def test_contradictions_are_refused(message):
    """A well-formed message whose parts contradict each other is a ChannelError, whatever it says."""
    with pytest.raises(ChannelError):
        decode(message, keep)


def test_handles_reach_whoever_keeps_them():
    """What is not plain is replaced by what ``opaque`` gives, also inside lists."""
    thing = object()
    message = encode([thing, 1], lambda value: Handle(4, type(value).__name__))
    assert decode(message, lambda handle: (handle.id, handle.type_name)) == [(4, "object"), 1]


def test_children_of_a_generator_differ_as_their_parents_do():
    """What is spawned from a generator that travelled is the same for the same state, and another for another."""
    travelled = [decode(encode(np.random.default_rng(seed), None), None) for seed in (1, 1, 2)]
    first, again, other = (rng.spawn(1)[0].random() for rng in travelled)
    assert first == again != other
    mine = np.random.default_rng(1)
    apply_change(mine, travelled[0])
    assert decode(encode(mine, None), None).spawn(1)[0].random() != first
