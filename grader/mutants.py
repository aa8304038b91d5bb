"""Automatic mutants of a solution: small changes that a hidden test must notice.

Operators, constants, comparisons and booleans are cosmic-ray's; those below know NumPy: axes, keepdims, dropped
terms, swapped arguments, functions that are easily confused.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

_ARITHMETIC = ("Add", "Sub", "Mul", "Div", "Pow")
_OTHERS = ("NumberReplacer", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd")
CONFUSED = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "argmax": "argmin", "argmin": "argmax",
    "sum": "mean", "mean": "sum", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "exp": "expm1",
    "log": "log2", "log1p": "log", "std": "var", "var": "std", "normal": "uniform", "copy": "view", "abs": "negative",
}  # fmt: skip
OPPOSITES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
COMMUTATIVE = {"maximum", "minimum", "add", "multiply", "logaddexp", "relative_error"}


@dataclass(frozen=True)
class Mutant:
    """A changed solution; ``change`` is the line as it was and as it is."""

    kind: str
    source: str
    change: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield the mutants of one solution cell, each once."""
    plain = ast.unparse(_without_docstrings(ast.parse(source)))
    seen = {plain}
    for kind, changed in (*_standard(plain), *_numpy(plain)):
        try:
            normal = ast.unparse(ast.parse(changed))
        except SyntaxError:
            continue
        if normal not in seen:
            seen.add(normal)
            yield Mutant(kind, normal, _change(plain, normal))


def _standard(source: str) -> Iterator[tuple[str, str]]:
    for name in operator_names():
        kind = name.split("/")[-1]
        binary = kind.removeprefix("ReplaceBinaryOperator_").split("_")
        if kind.startswith("ReplaceBinaryOperator_") and not set(binary) <= set(_ARITHMETIC):
            continue  # bit operators and modulo stand for no mistake that people make in these formulas
        if kind.startswith("ReplaceComparisonOperator_") and "Is" in kind:
            continue
        if kind.startswith(("ReplaceBinary", "ReplaceComparison", "ReplaceUnary")) or kind in _OTHERS:
            operator = get_operator(name)()
            occurrence = 0
            while (changed := mutate_code(source, operator, occurrence)) is not None:
                yield kind, changed
                occurrence += 1


def _numpy(source: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for kind, replacement in _replacements(node):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[number]
            yield kind, ast.unparse(_Put(target, replacement).visit(changed))


def _replacements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what could stand in the place of ``node``."""
    if isinstance(node, ast.BinOp):
        yield "drop a term", node.left
        yield "drop a term", node.right
        if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.MatMult):
            yield "swap the operands", ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.AugAssign):
        yield "leave out", ast.Pass()
        yield "assign for add", ast.Assign([node.target], node.value, lineno=0)
        if opposite := OPPOSITES.get(type(node.op)):
            yield "the opposite operation", ast.AugAssign(node.target, opposite(), node.value)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        yield "leave out", ast.Pass()
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        for i in range(len(node.value.elts) - 1):
            swapped = list(node.value.elts)
            swapped[i : i + 2] = reversed(swapped[i : i + 2])
            yield "swap results", ast.Return(ast.Tuple(swapped, ast.Load()))
    if isinstance(node, ast.FunctionDef):
        first = [ast.Name(argument.arg, ast.Load()) for argument in node.args.args[:1]]
        for answer in (
            ast.Constant(0.0),
            ast.Constant(None),
            *first,
        ):
            yield f"return {ast.unparse(answer)} at once", _with_body(node, [ast.Return(answer)])
    if isinstance(node, ast.Call):
        yield from _changed_calls(node)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "drop the transpose", node.value


def _changed_calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    for position, keyword in enumerate(node.keywords):
        others = node.keywords[:position] + node.keywords[position + 1 :]
        yield f"drop {keyword.arg}", ast.Call(node.func, node.args, others)
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant) and keyword.value.value in (0, 1):
            other = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
            yield "other axis", ast.Call(node.func, node.args, [*others, other])
    plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if len(plain) == len(node.args) >= 2 and name not in COMMUTATIVE:
        for i in range(len(plain) - 1):
            swapped = [*plain[:i], plain[i + 1], plain[i], *plain[i + 2 :]]
            yield "swap arguments", ast.Call(node.func, swapped, node.keywords)
    if name in CONFUSED and isinstance(node.func, ast.Attribute):
        confused = ast.Attribute(node.func.value, CONFUSED[name])
        yield f"{CONFUSED[name]} for {name}", ast.Call(confused, node.args, node.keywords)
    if len(plain) == 1 and not node.keywords and name in ("sqrt", "abs", "exp", "log", "square", "copy"):
        yield f"drop {name}", plain[0]
    if name == "copy" and not plain and isinstance(node.func, ast.Attribute):
        yield "drop copy", node.func.value


def _with_body(function: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    changed = copy.copy(function)
    changed.body = body
    return changed


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self._target, self._replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self._replacement if node is self._target else super().visit(node)


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _change(before: str, after: str) -> str:
    old, new = before.split("\n"), after.split("\n")
    gone = [line.strip() for line in old if line not in new]
    come = [line.strip() for line in new if line not in old]
    return f"{'; '.join(gone)}  →  {'; '.join(come) or '(nothing)'}"
