"""Slips that an error's own words show, said in plain ones: what they say is so, whatever else is wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from nnlib.checks.seen import Natural, Seen, own_nodes

_OLD_NAMES = {"rand": "random", "randn": "standard_normal", "randint": "integers", "random_sample": "random"}
_KEYWORDS = {"keepdim": "keepdims", "dim": "axis", "dims": "axis"}
_OF_TWO = {"max": "maximum", "min": "minimum", "amax": "maximum", "amin": "minimum"}
_TAKES_SHAPE = frozenset(["zeros", "ones", "empty", "full", "random", "standard_normal"])


def foreign_keyword(seen: Seen) -> Natural | None:
    """PyTorch's word for a parameter of NumPy's."""
    for wrong, right in _KEYWORDS.items():
        if seen.said("unexpected keyword argument", f"'{wrong}'"):
            return Natural(
                f"{wrong} is PyTorch's word; NumPy calls it {right}.", f"What does NumPy's documentation call {wrong}?"
            )
    return None


def caret(seen: Seen) -> Natural | None:
    """A power written with ^."""
    written = any(isinstance(node, ast.BitXor) for node in ast.walk(seen.tree))  # NumPy's advice names it as well
    if written and (seen.said("bitwise_xor") or seen.said("unsupported operand type(s) for ^")):
        return Natural("In Python ^ is no power, but a bitwise operator.", "Which operator raises to a power?")
    return None


def truths_subtracted(seen: Seen) -> Natural | None:
    """Results of comparisons, subtracted."""
    if seen.said("numpy boolean subtract"):
        return Natural(
            "A minus stands between two results of comparisons; NumPy does not subtract True and False.",
            "What turns True and False into the numbers 1 and 0?",
        )
    return None


def old_generator(seen: Seen) -> Natural | None:
    """A name of the older np.random, asked of a Generator."""
    for old, new in _OLD_NAMES.items():
        if seen.said("Generator", f"no attribute '{old}'"):
            return Natural(
                f"rng is a Generator, which has no {old}; that is the older np.random.",
                f"Which method of a Generator does what {old} did? Its name is {new}; see how it takes a shape.",
            )
    return None


def array_for_axis(seen: Seen) -> Natural | None:
    """np.max of two arrays."""
    if not (seen.said("converted to a scalar index") or seen.said("cannot be interpreted as an integer")):
        return None
    for name, call in _numpy_calls(seen):
        if name in _OF_TWO and len(call.args) == 2 and not isinstance(call.args[1], ast.Constant):
            return Natural(
                f"np.{name} takes an axis in the second place, not a second array.",
                f"np.{name} finds the extreme of one array. Which function compares two, entry by entry?",
            )
    return None


def shape_in_pieces(seen: Seen) -> Natural | None:
    """np.zeros(2, 3)."""
    if not (seen.said("Cannot interpret", "as a data type") or seen.said("Unsupported dtype")):
        return None
    for name, call in _numpy_calls(seen):
        if name in _TAKES_SHAPE and len(call.args) > 1 and not isinstance(call.args[0], ast.Tuple | ast.List):
            return Natural(
                f"{name} takes the shape as one tuple; its second place is for something else.",
                f"How is a shape of two numbers written so that {name} gets it as a whole?",
            )
    return None


def _numpy_calls(seen: Seen) -> Iterator[tuple[str, ast.Call]]:
    for node in own_nodes(seen.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def counted_from_one(seen: Seen) -> Natural | None:
    """An index from a loop that begins at 1."""
    if not seen.said("IndexError"):
        return None
    for loop in own_nodes(seen.tree):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and _begins_with_one(loop.iter):
            for node in ast.walk(loop):
                if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
                    continue
                if isinstance(node.slice, ast.Name) and node.slice.id == loop.target.id:
                    listed = ast.unparse(node.value)
                    return Natural(
                        f"{loop.target.id} counts from 1 and is used as an index of {listed}, which counts from 0.",
                        f"Which entry of {listed} does the first round take, and which the last?",
                    )
    return None


def _begins_with_one(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.List) and node.elts:
        first: ast.expr = node.elts[0]
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and len(node.args) > 1:
        first = node.args[0]
    else:
        return False
    return isinstance(first, ast.Constant) and first.value == 1


def _where_said(wordings: list[tuple[str, ...]], says: str, hint: str) -> Callable[[Seen], Natural | None]:
    """Make the rule of a slip that a message shows which holds all parts of one of these wordings."""
    return lambda seen: Natural(says, hint) if any(seen.said(*parts) for parts in wordings) else None


function_as_number = _where_said(
    [("unsupported operand type(s)", "'function'")],
    "A function stands where a number or an array is needed: it is not called.",
    "Which name of that line is a function, and what does it need to give you a value?",
)
none_as_value = _where_said(
    [("'NoneType'",)],
    "None stands where the line that fails needs a value.",
    "Which name of that line can be None, and in which case? Print it in the line before.",
)
empty_slice = _where_said(
    [("could not broadcast input array from shape (0,",)],
    "A slice comes out empty: -0 is 0, so that a[:-0] is a[:0], nothing at all.",
    "What do your slices become where the shift, or the number of examples, is 0?",
)
index_beyond_the_end = _where_said(
    [("IndexError", "out of range"), ("IndexError", "out of bounds")],
    "An index in that line goes beyond the end of what it picks from.",
    "How long is it, and which is its last index? Print both in the line before.",
)
float_as_index = _where_said(
    [("slice indices must be integers",), ("'float' object cannot be interpreted as an integer",)],
    "A number that counts or picks places comes as a float, and must be a whole number.",
    "Which function or division made it? / always gives a float, and np.ceil and np.prod(()) do too.",
)
wrong_kind_of_index = _where_said(
    [("only integers, slices",)],
    "An array is asked for an entry by something that is no whole number, such as a name.",
    "Is it an array that this line gets, or should it be a dict? What is between its brackets?",
)
length_of_a_number = _where_said(
    [("len() of unsized object",), ("has no len()",)],
    "len is asked of a single number, which has no length.",
    "What does your line do for an array of shape ()? size counts entries of any shape.",
)
unlike_axes_joined = _where_said(
    [
        ("all the input arrays must have same number of dimensions",),
        ("all the input array dimensions except for the concatenation axis must match exactly",),
    ],
    "Arrays are joined whose axes do not match.",
    "Which shapes may come, with one axis, with two and with more? Must they be joined at all?",
)
product_does_not_fit = _where_said(
    [("not aligned",), ("mismatch in its core dimension",)],
    "The arrays of a matrix product do not fit: the first must have as many columns as the second has rows.",
    "Write the shape of each beside the line. Which of them is on the wrong side, or must be transposed?",
)
shapes_do_not_fit = _where_said(
    [("operands could not be broadcast together",)],
    "Two arrays whose shapes do not fit are combined entry by entry.",
    "Write the shape of each array beside the line. Which is not what you think, or belongs to another layer?",
)

# What is said here is the slip itself, so it goes before a mistake that is known by nothing but its kind of error.
TELLING = (foreign_keyword, caret, truths_subtracted, old_generator, array_for_axis, shape_in_pieces)

# What is said here is so, but the cause may lie elsewhere: it is said where nothing else is known.
PLAIN = (
    *(function_as_number, none_as_value, empty_slice, counted_from_one, index_beyond_the_end, float_as_index),
    *(wrong_kind_of_index, length_of_a_number, unlike_axes_joined, product_does_not_fit, shapes_do_not_fit),
)
