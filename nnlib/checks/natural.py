"""Slips of the language that any exercise can have, read off a function's text and how it failed.

What an exercise's own known mistakes do not explain may be one of these. Each is said only where the text shows it.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from types import MappingProxyType

from nnlib.checks.in_errors import PLAIN, TELLING
from nnlib.checks.in_text import in_anothers_place, name_for_key, one_array_twice, overwritten_each_round
from nnlib.checks.reading import ROUNDED
from nnlib.checks.seen import Natural, Seen, own_nodes
from nnlib.checks.words import MORE_ASKED

_LONGEST = 1 << 16  # characters of a text that is looked at
_DRAWS = frozenset(
    ["rand", "randn", "random", "random_sample", "randint", "uniform", "normal", "standard_normal", "choice", "shuffle"]
    + ["permutation", "binomial", "default_rng", "seed", "gauss", "integers"]
)


_ROUNDING = frozenset(["round", "around", "rint"])
Rule = Callable[[Seen], Natural | None]


def natural_slip(
    text: str,
    function: str,
    messages: Iterable[str],
    data: Container[str] = (),
    functions: Mapping[str, Sequence[str]] = MappingProxyType({}),
    rules: Iterable[Rule] | None = None,
) -> Natural | None:
    """Name the first of these slips that a function's text and its messages show.

    Parameters
    ----------
    text
        Of the function's cell.
    function
        Its name.
    messages
        What was said of the cases or tests that it failed.
    data
        Names of the notebook that stand for data: neither functions nor modules.
    functions
        The parameters of the functions that it may call, by name.
    rules
        Those to try, in order; all by default.
    """
    try:
        tree = ast.parse(textwrap.dedent(text[:_LONGEST]))
        defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function]
        if not defined:
            return None
        seen = Seen(defined[-1], list(messages), data, functions)
        return next((slip for rule in rules or RULES if (slip := rule(seen)) is not None), None)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # of the text, or of writing a part of it again
        return None


def _one_thing(seen: Seen) -> Natural | None:
    returned = [node.value for node in own_nodes(seen.tree) if isinstance(node, ast.Return)]
    if not seen.said(MORE_ASKED) or any(isinstance(value, ast.Tuple) for value in returned):
        return None
    return Natural(
        "One thing is returned, and more are asked for.",
        "How many things does the exercise ask the function to return?",
    )


def _pair_as_array(seen: Seen) -> Natural | None:
    odd = ("inhomogeneous shape", "can't multiply sequence", "'tuple'", "float() argument", "must be real number")
    if not any(seen.said(part) for part in odd):
        return None
    for node in own_nodes(seen.tree):
        kept = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Subscript)
        if kept and _returns_pair(node.value):  # type: ignore[attr-defined]
            called = ast.unparse(node.value.func)  # type: ignore[attr-defined]
            name = ast.unparse(node.targets[0])  # type: ignore[attr-defined]
            unpacked = any(
                isinstance(other, ast.Subscript) and ast.unparse(other.value) == name for other in ast.walk(seen.tree)
            )
            if not unpacked:
                return Natural(
                    f"{called} returns a pair, and {name} is used as if it were an array.",
                    f"What are the two things that {called} returns, and which of them do you need?",
                )
    return None


def _returns_pair(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return name.endswith("_forward") or name.startswith("forward_")


def _empty_state(seen: Seen) -> Natural | None:
    if not seen.said(f"{seen.tree.name} raised KeyError"):
        return None
    for node in own_nodes(seen.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            name, key = node.value.id, node.slice
            if name in ("state", "running") and name in seen.parameters and isinstance(key, ast.Constant):
                return Natural(
                    f"{name}[{key.value!r}] is asked for before anything was put there.",
                    f"What does {name} hold at the very first call? Look at dict.get.",
                )
    return None


def _global_numbers(seen: Seen) -> Natural | None:
    if "rng" not in seen.parameters:
        return None
    for node in own_nodes(seen.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _DRAWS:
            module = ast.unparse(node.func.value)
            if node.func.attr == "default_rng":
                if all(isinstance(seed, ast.Constant) for seed in node.args):  # else it may be drawn from rng
                    return Natural(
                        "It makes a generator of its own, instead of drawing from the rng that it is given.",
                        "Who calls with another rng must get other numbers. Which object draws here?",
                    )
                continue
            if module in ("np.random", "numpy.random", "random") and module.partition(".")[0] not in seen.parameters:
                return Natural(
                    f"It draws from {module}, not from the rng that it is given.",
                    "Who calls with a generator in the same state must get the same numbers. Which object draws here?",
                )
    return None


def _unasked_numbers(seen: Seen) -> Natural | None:
    calls = [node for node in own_nodes(seen.tree) if isinstance(node, ast.Call)]
    drawing = [call.func for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _DRAWS]
    if "rng" in seen.parameters or any(function.attr == "default_rng" for function in drawing):
        return None
    if drawing:
        drawn_from = ast.unparse(drawing[0].value)
        if drawn_from.rpartition(".")[2] in ("rng", "random"):
            return Natural(
                f"Random numbers are drawn from {drawn_from}, though nothing here is left to chance.",
                "The same call must give the same result. Which numbers are known already, and where are they kept?",
            )
    return None


def _kept_outside(seen: Seen) -> Natural | None:
    own = {seen.tree.name}
    for node in own_nodes(seen.tree):
        names = node.names if isinstance(node, ast.Global) else []
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) in own:
            names = [ast.unparse(node)]
        if names:
            return Natural(
                f"It keeps something between calls in {names[0]}, outside of the function.",
                "What would a second network, or an earlier call, find there? Keep it in what comes in or goes out.",
            )
    return None


def _notebook_variable(seen: Seen) -> Natural | None:
    used = {node.id for node in ast.walk(seen.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    stored = {node.id for node in ast.walk(seen.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    stored |= {node.name for node in ast.walk(seen.tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    stored |= {node.arg for node in ast.walk(seen.tree) if isinstance(node, ast.arg)}
    idle = [name for name in seen.parameters if name not in used]
    foreign = sorted(name for name in used - stored - set(seen.parameters) if name in seen.data)
    if not idle or not foreign:
        return None
    return Natural(
        f"{foreign[0]} is a variable of the notebook, and the parameter {idle[0]} is not used.",
        "Which numbers does the function get where somebody else calls it? Use its parameters only.",
    )


def _return_in_loop(seen: Seen) -> Natural | None:
    for node in own_nodes(seen.tree):
        ends = isinstance(node, ast.For | ast.While) and isinstance(node.body[-1], ast.Return)
        if ends and not any(isinstance(inner, ast.Continue) for inner in ast.walk(node)):
            return Natural(
                "The return stands inside the loop, so that only the first round counts.",
                "How often does a loop with this return in it go round?",
            )
    return None


def _changed_input(seen: Seen) -> Natural | None:
    found = [re.match(r"(\w+) was changed; it must stay as it was", message) for message in seen.messages]
    names = {match[1] for match in found if match}
    if len(names) != 1:  # what else fails may have other causes; this is so
        return None
    return Natural(
        f"{names.pop()} itself is changed: the caller's data is no longer what it was.",
        "The caller still needs it. Which operation makes something new instead of changing what came?",
    )


def _rounded(seen: Seen) -> Natural | None:
    called = {ast.unparse(node.func).rpartition(".")[2] for node in own_nodes(seen.tree) if isinstance(node, ast.Call)}
    if seen.said(ROUNDED) and (called & _ROUNDING or all(ROUNDED in message for message in seen.messages)):
        return Natural(
            "The result is rounded: digits are lost.", "Keep every digit while you compute; round what is shown."
        )
    return None


def _all_say(part: str, says: str, hint: str) -> Rule:
    """Make the rule of a slip that every message shows by the same words."""
    return lambda seen: Natural(says, hint) if all(part in message for message in seen.messages) else None


_whole_array_asked = _all_say(
    "truth value of an array with more than one element",
    "A question with one answer, such as if or max(0, z), is asked of a whole array, which has as many as entries.",
    "Which function of NumPy chooses entry by entry?",
)
_comes_transposed = _all_say(
    " It is transposed.",
    "The result is transposed: its rows are what its columns should be.",
    "Write the shape of every array beside your lines. In which line do the two axes change places?",
)


RULES: tuple[Rule, ...] = (
    *TELLING,
    *(_one_thing, _pair_as_array, _empty_state, _global_numbers, _unasked_numbers, _kept_outside),
    *(_notebook_variable, _return_in_loop, _changed_input, _rounded, _whole_array_asked, _comes_transposed),
    *(one_array_twice, overwritten_each_round, in_anothers_place, name_for_key),
    *PLAIN,
)
