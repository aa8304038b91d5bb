"""Slips that a function's text shows by itself; they are said of one that failed and has no other name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import permutations

from nnlib.checks.seen import Natural, Seen, own_nodes

_ZEROS = frozenset(["zeros", "zeros_like"])
_LIVE = (ast.Mult, ast.Div, ast.Add, ast.Sub)  # with these and =, NumPy writes into the array that is there


def one_array_twice(seen: Seen) -> Natural | None:
    """A second name was given to an array, one of the two was written into, and the other read as if it were a copy."""
    nodes = list(own_nodes(seen.tree))
    for given in nodes:
        for name, source in _aliases(given):
            after = [node for node in nodes if _line(node) > _line(given)]
            until = min((_line(node) for node in after if _stores(node, name)), default=1 << 30)
            written = min((_line(node) for node in after if _writes_into(node, source)), default=until)
            if written < until and any(_reads(node, name) and written < _line(node) <= until for node in after):
                return Natural(
                    f"{name} is no copy of {source}: what is written into the one shows in the other.",
                    f"How many arrays are there, and what do the numbers in {name} come to after the line that writes?",
                )
    return None


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _aliases(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Pairs of a name and the text of what it stands for as well."""
    if not isinstance(node, ast.Assign):
        return
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node.value, ast.Name):
        yield from ((one, other) for name in names for one, other in permutations((name, node.value.id)))
    elif _is_entry(node.value):
        yield from ((name, ast.unparse(node.value)) for name in names)
    elif len(names) == 2 and not isinstance(node.value, ast.Constant):
        yield from permutations((names[0], names[1]))


def _is_entry(node: ast.expr) -> bool:
    """Whether it is what a dict holds under a key; a slice of an array is meant as a view, often."""
    return (
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
    )


def _writes_into(node: ast.AST, source: str) -> bool:
    """Whether the numbers of what ``source`` stands for are changed where they are."""
    root = source.partition("[")[0]
    if isinstance(node, ast.AugAssign) and isinstance(node.op, _LIVE):
        if isinstance(node.target, ast.Subscript):
            return _root(node.target) == root
        return ast.unparse(node.target) == source and not isinstance(node.value, ast.Constant)  # which counts, often
    if isinstance(node, ast.Assign) and "[" not in source:
        return any(isinstance(target, ast.Subscript) and _root(target) == root for target in node.targets)
    return False


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _stores(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def overwritten_each_round(seen: Seen) -> Natural | None:
    """What begins as zeros is set, not added to, in every round of a loop, and used after it."""
    zeros = {
        target.id
        for node in own_nodes(seen.tree)
        if isinstance(node, ast.Assign) and _is_zeros(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for loop in own_nodes(seen.tree):
        if not isinstance(loop, ast.For):
            continue
        inside = list(ast.walk(loop))
        turning = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
        for node in inside:
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                continue
            (target,) = node.targets
            name, used = _root(target), {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
            written = list(ast.walk(target))
            places = {each.id for each in written if isinstance(each, ast.Name)}
            kept = isinstance(target, ast.Subscript) and any(isinstance(each, ast.If) for each in inside)
            read = name in used or any(_reads(each, name) and each not in written for each in inside)
            if name in zeros and turning & used and not turning & places and not read and not kept:
                return Natural(
                    f"Every round of a loop writes {name} anew, so only the last round counts.",
                    "Should the rounds be added up? Which operator does that?",
                )
    return None


def _is_zeros(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _ZEROS


def in_anothers_place(seen: Seen) -> Natural | None:
    """A variable is handed to a function where this takes another, although it has a parameter of that name."""
    for node in own_nodes(seen.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        taken = list(seen.functions.get(node.func.id, ()))
        for place, (argument, parameter) in enumerate(zip(node.args, taken, strict=False)):
            if isinstance(argument, ast.Starred):
                break
            if isinstance(argument, ast.Name) and argument.id in taken and taken.index(argument.id) != place:
                return Natural(
                    f"{argument.id} stands where {node.func.id} takes {parameter}.",
                    f"In which order does {node.func.id} take what it needs?",
                )
    return None


def name_for_key(seen: Seen) -> Natural | None:
    """``dict(..., name=value)`` in a loop over names."""
    turning = {
        each.id
        for node in own_nodes(seen.tree)
        if isinstance(node, ast.For | ast.comprehension)
        for each in ast.walk(node.target)
        if isinstance(each, ast.Name)
    }
    for node in own_nodes(seen.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("dict", "update"):
            for keyword in node.keywords:
                if keyword.arg in turning and ast.unparse(keyword.value) != keyword.arg:
                    return Natural(
                        f"dict({keyword.arg}=...) makes the key '{keyword.arg}', not the key that {keyword.arg} "
                        "stands for.",
                        f"Which keys has the dict? How is one written whose key is the value of {keyword.arg}?",
                    )
    return None
