"""Compile code so that NumPy's sums, products and decompositions are computed in another, equally good way.

Another processor or another build of the linear algebra library adds in another order. The rewriting is of the
source, since operators and methods of arrays cannot be replaced from outside.
"""

import ast
from collections.abc import Callable
from types import CodeType
from typing import Any

import numpy as np

from nnlib._validate import Array

Compiler = Callable[[str, str], CodeType]  # of a source and its file's name
_HOOK = "__in_another_order__"
_SUMS = {"sum", "mean", "var", "std", "nansum", "nanmean"}
_PRODUCTS = {"matmul", "dot"}
_LAPACK = {"eigh", "eig", "eigvalsh", "svd", "inv", "pinv", "solve", "lstsq", "qr", "cholesky"}
_HOOKED = _SUMS | _PRODUCTS | _LAPACK | {"einsum", "norm"}


def plainly(source: str, filename: str) -> CodeType:
    """Compile ``source`` as it stands."""
    return compile(source, filename, "exec")


def reordered(source: str, filename: str) -> CodeType:
    """Compile ``source`` with its computations in another order."""
    tree = ast.fix_missing_locations(_Rewrite().visit(ast.parse(source)))
    tree.body.insert(0, ast.parse(f"from {__name__} import in_another_order as {_HOOK}").body[0])
    return compile(tree, filename, "exec")


class _Rewrite(ast.NodeTransformer):
    """Hands ``a @ b``, ``np.sum(x)``, ``x.sum()`` and their like to :func:`in_another_order`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        return self._hooked("matmul", node, [node.left, node.right], [])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _HOOKED:
            return self._hooked(node.func.attr, node, [node.func.value, *node.args], node.keywords)
        return node

    @staticmethod
    def _hooked(name: str, node: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]) -> ast.AST:
        call = ast.Call(ast.Name(_HOOK, ast.Load()), [ast.Constant(name), *args], keywords)
        return ast.copy_location(call, node)


def in_another_order(name: str, owner: Any, *args: Any, **kwargs: Any) -> Any:
    """Compute ``owner.name(*args, **kwargs)``, an operator's or an array's method too, in another order."""
    if isinstance(owner, np.ndarray) or (name == "matmul" and owner is not np):
        owner, args = np, (owner, *args)
    plain = getattr(owner, name)
    if owner not in (np, np.linalg) or not args:
        return plain(*args, **kwargs)  # somebody else's method of that name
    first, *rest = args
    if name == "einsum":
        return plain(*args, **{"optimize": True, **kwargs})  # by pairs, over the linear algebra library
    if name in _PRODUCTS and not kwargs and len(rest) == 1:
        return _product(plain, first, rest[0])
    if not isinstance(first, np.ndarray) or first.dtype.kind != "f":
        return plain(*args, **kwargs)
    if name in _SUMS:
        return plain(_from_the_end(first, *rest[:1], **kwargs), *rest, **kwargs)
    if name == "norm":
        return plain(first if rest or kwargs else np.flip(first), *rest, **kwargs)
    return _with_open_signs(name, plain(_a_rounding_away(first), *rest, **kwargs))


def _product(plain: Any, a: Any, b: Any) -> Any:
    """Multiply the halves of the inner axis, the second one first."""
    floats = all(isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim for x in (a, b))
    if not floats or a.shape[-1] < 2 or (b.ndim > 2 and plain is np.dot):
        return plain(a, b)
    axis = -2 if b.ndim > 1 else -1
    if a.shape[-1] != b.shape[axis]:
        return plain(a, b)  # raises as it does without us
    (a1, a2), (b1, b2) = np.array_split(a, 2, axis=-1), np.array_split(b, 2, axis=axis)
    return plain(a2, b2) + plain(a1, b1)


def _from_the_end(x: Array, axis: Any = None, **others: Any) -> Array:
    """Turn ``x`` about the axes that will be summed."""
    try:
        return x if {"where", "out"} & others.keys() else np.flip(x, axis)
    except (ValueError, TypeError):  # no such axis, which the sum itself will say
        return x


def _a_rounding_away(matrix: Array) -> Array:
    """What LAPACK promises: the exact result of a matrix this near."""
    noise = np.random.default_rng(0).uniform(-1, 1, size=matrix.shape)
    noise = noise + np.swapaxes(noise, -1, -2) if matrix.ndim > 1 and matrix.shape[-1] == matrix.shape[-2] else noise
    largest = np.abs(matrix).max(initial=0.0)
    moved: Array = (matrix + np.finfo(matrix.dtype).eps * largest * noise).astype(matrix.dtype)
    return moved


def _with_open_signs(name: str, result: Any) -> Any:
    """Turn eigenvectors and singular vectors: mathematics leaves their signs open, and libraries differ."""
    turned = {"eigh": (1, -1), "eig": (1, -1), "svd": (-1, 1, -1)}.get(name, ())
    if not isinstance(result, tuple) or len(result) != len(turned):
        return result
    parts = [sign * part for sign, part in zip(turned, result, strict=True)]
    return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
