"""What is known of a function that failed, and what may be said of it."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping, Sequence
from types import CodeType
from typing import NamedTuple


class Natural(NamedTuple):
    """A slip, and a question that leads out of it."""

    says: str
    hint: str


class Seen(NamedTuple):
    """What is known of a function that failed."""

    tree: ast.FunctionDef
    messages: list[str]
    data: Container[str]
    functions: Mapping[str, Sequence[str]]

    @property
    def parameters(self) -> list[str]:
        arguments = self.tree.args
        return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

    def said(self, *parts: str) -> bool:
        """Whether a message holds all of these parts."""
        return any(all(part in message for part in parts) for message in self.messages)


def own_nodes(tree: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function, in the order of its text."""
    return iter(sorted(ast.walk(tree), key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))))


def functions_in(scope: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The parameters of a notebook's functions, by name."""
    codes = {name: getattr(value, "__code__", None) for name, value in scope.items()}
    return {name: code.co_varnames[: code.co_argcount] for name, code in codes.items() if isinstance(code, CodeType)}
