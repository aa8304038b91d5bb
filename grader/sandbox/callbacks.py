"""Functions of a test on their way into the student's process: what they look like, and what stands for them there."""

import functools
import inspect
import itertools
import keyword
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

import numpy as np

from grader.sandbox.channel import ChannelError
from grader.sandbox.messages import Callback, Handle, Parameter, Value
from grader.sandbox.plain import encode
from grader.sandbox.rules import NotPlain

ANYTHING = [Parameter("args", inspect.Parameter.VAR_POSITIONAL), Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)]


def callback(number: int, function: Callable[..., Any]) -> Callback:
    """Describe a function of the test by its name and its parameters.

    Where they cannot be told, or a default is not a constant, it takes anything; so do NumPy's and built-in functions,
    to which an argument left out is not the same as its default.
    """
    name = getattr(function, "__name__", "f")
    if isinstance(function, np.ufunc | BuiltinFunctionType):
        return Callback(number, name, ANYTHING)
    try:
        found = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return Callback(number, name, ANYTHING)
    if not all(one.default is one.empty or _constant(one.default) for one in found):
        return Callback(number, name, ANYTHING)
    return Callback(number, name, [_described(parameter) for parameter in found])


def stand_in(described: Callback, ask: Callable[..., Any], decode: Callable[[Value], Any]) -> FunctionType:
    """Make the plain function that stands for a function of the test.

    It takes what that one takes, raises Python's own TypeError otherwise, and hands its arguments to ``ask``.
    """
    parameters = described.parameters
    names = [parameter.name for parameter in parameters]
    if not all(map(_is_name, names)):
        raise ChannelError("a parameter whose name is not one")
    own = next(word for word in map("_ask_{}".format, itertools.count()) if word not in names)
    scope: dict[str, Any] = {"__name__": "__main__", own: ask}
    exec(_code(own, tuple((p.name, p.kind, p.optional) for p in parameters)), scope)
    function: FunctionType = scope.pop("f")
    defaults = [(p.name, p.kind, decode(p.default)) for p in parameters if p.optional]
    function.__defaults__ = tuple(value for _, kind, value in defaults if kind != _KEYWORD) or None
    function.__kwdefaults__ = {name: value for name, kind, value in defaults if kind == _KEYWORD} or None
    name = described.name if _is_name(described.name) or described.name == "<lambda>" else "f"
    function.__name__ = function.__qualname__ = name
    return function


_KEYWORD = inspect.Parameter.KEYWORD_ONLY


@functools.lru_cache(maxsize=128)
def _code(own: str, parameters: tuple[tuple[str, int, bool], ...]) -> CodeType:
    """Compile a function that hands its arguments on; a default of None holds the place of each real one."""
    kinds = [inspect._ParameterKind(kind) for _, kind, _ in parameters]
    takes = inspect.Signature(
        [
            inspect.Parameter(name, kind, default=None if optional else inspect.Parameter.empty)
            for (name, _, optional), kind in zip(parameters, kinds, strict=True)
        ]
    )
    marks: dict[int, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*{0}",
        _KEYWORD: "{0}={0}",
        inspect.Parameter.VAR_KEYWORD: "**{0}",
    }
    gives = ", ".join(marks.get(kind, "{0}").format(name) for (name, _, _), kind in zip(parameters, kinds, strict=True))
    return compile(f"def f{takes}:\n    return {own}({gives})", "<a function of the test>", "exec")


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _described(parameter: inspect.Parameter) -> Parameter:
    if parameter.default is parameter.empty:
        return Parameter(parameter.name, parameter.kind)
    return Parameter(parameter.name, parameter.kind, True, encode(parameter.default, _never))


def _never(value: Any) -> Handle:
    raise NotPlain(f"a {type(value).__name__} is no constant")


def _constant(value: Any) -> bool:
    """Whether a default is a plain constant; another one may be changed from call to call, or known by identity."""
    if type(value) is tuple:
        return all(map(_constant, value))
    return value is None or type(value) in (bool, int, float, str)
