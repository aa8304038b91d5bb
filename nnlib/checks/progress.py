"""What passed: ``progress()`` over the course, and the student's own library ``my_nnlib``, grown from it.

Both are made of one small file, ``my_nnlib/progress.json``, in the folder that holds the assignments' folders.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

LIBRARY = "my_nnlib"
FILE = "progress.json"
AUTHORS = "assignment.toml"  # lies beside the notebook where an author works, and in no release
COURSE = "nbgrader_config.py"  # in a folder above: whoever opens work there grades it
_BAR, _BLOCK = 20, "█"  # characters, each of them this
_PLAIN = (bool, int, float, str, type(None))


def keep(name: str, function: Callable[..., Any], exercises: list[str], scope: Mapping[str, Any], folder: Path) -> str:
    """Note that an exercise passes, with its text; return a sentence about the notebook's exercises, or nothing.

    Nothing is kept where nobody works on a release: in grading, and in an author's folder. What cannot be written is
    left out; a check is no less passed.
    """
    if not is_students(folder):
        return ""
    place = _place(folder)
    try:
        noted = _read(place)
        here = noted.setdefault(folder.name, {"passed": {}})
        here["exercises"] = exercises
        here["passed"][name] = _text_with_needs(function, scope)
        _write(place, noted)
    except Exception:  # whatever a notebook holds; see above
        return ""
    count = sum(exercise in here["passed"] for exercise in exercises)
    return f"{count} of this notebook's {len(exercises)} exercises pass."


def progress() -> None:
    """Print which exercises of the course passed their checks so far, assignment by assignment."""
    told = as_table(Path.cwd())
    try:
        told.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        told = told.replace(_BLOCK, "#")
    print(told)


def as_table(folder: Path) -> str:
    """Say what passed in the assignments beside ``folder``, a line for each."""
    if (folder / AUTHORS).exists():
        return "In your own copy this shows one line for each assignment you have begun."
    noted = _read(_place(folder))
    if not noted:
        return "Nothing has passed yet. Write a function, run the check under it, and ask again."
    width = max(map(len, noted))
    lines = []
    for assignment, here in sorted(noted.items()):
        done = [name for name in here["exercises"] if name in here["passed"]]
        left = [name for name in here["exercises"] if name not in here["passed"]]
        bar = _BLOCK * round(_BAR * len(done) / len(here["exercises"]))
        told = f"next: {left[0]}" if left else "all done"
        lines.append(f"{assignment:<{width}}  {len(done):>2} of {len(here['exercises']):<2}  {bar:<{_BAR}}  {told}")
    total = sum(len(here["passed"]) for here in noted.values())
    lines.append(f"{LIBRARY}, in the folder above, has {_count(total)} of your own.")
    return "\n".join(lines)


def use_my_nnlib() -> None:
    """Put the student's own library beside the notebook, so that ``import my_nnlib`` finds it here and in grading.

    What passed in other assignments is in it. Hand the folder in with the notebook. Where there is none yet, a line
    says so.
    """
    here, grown = Path.cwd() / LIBRARY, _place(Path.cwd())
    if grown.is_dir() and is_students(Path.cwd()):
        shutil.copytree(grown, here, dirs_exist_ok=True)
    if not here.is_dir():
        print(f"There is no {LIBRARY} yet: it grows in the folder above with every check that passes.")
        return
    names = sorted(name for noted in _read(here).values() for name in noted["passed"])
    print(f"{LIBRARY} has {_count(len(names))}: {', '.join(names)}. Hand the folder in with the notebook.")


def _count(functions: int) -> str:
    return f"{functions} function{'' if functions == 1 else 's'}"


def _place(folder: Path) -> Path:
    """Where a student's own library is: beside the assignments' folders.

    Windows' *Extract All* makes a folder around an assignment's, of the zip's name, which a browser may have numbered.
    """
    around = folder.parent
    doubled = re.fullmatch(re.escape(folder.name) + r"( ?\(\d+\)|-\d+)?", around.name)
    return (around.parent if doubled else around) / LIBRARY


def is_students(folder: Path) -> bool:
    """Whether a student works here: in a notebook's kernel, and not where an author or a grader does."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    others = (folder / AUTHORS).exists() or any((above / COURSE).exists() for above in folder.parents)
    return getattr(shell, "kernel", None) is not None and not others


def _read(place: Path) -> dict[str, dict[str, Any]]:
    try:
        noted = json.loads((place / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _write(place: Path, noted: dict[str, dict[str, Any]]) -> None:
    place.mkdir(exist_ok=True)
    _replace(place / FILE, json.dumps(noted, ensure_ascii=False, indent=1))
    lines = ['"""Functions of my own, as they passed their checks; written anew with each one that does."""\n']
    for assignment, here in sorted(noted.items()):
        module = _module_name(assignment)
        _replace(place / f"{module}.py", _module_text(assignment, here["passed"]))
        lines += [f"from {LIBRARY}.{module} import {name} as {name}" for name in sorted(here["passed"])]
    _replace(place / "__init__.py", "\n".join(lines) + "\n")


def _replace(path: Path, text: str) -> None:
    """Write under another name, then rename: two notebooks may be open."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _module_name(assignment: str) -> str:
    words = re.findall(r"[^\W\d_][\w]*", assignment)
    return "_".join(words).lower() or "functions"


def _module_text(assignment: str, passed: Mapping[str, Any]) -> str:
    """The text of a module: imports, what the functions need, and they themselves, each once."""
    imports, parts = dict[str, None](), dict[str, str]()
    for name, kept in passed.items():
        imports |= dict.fromkeys(kept["imports"])
        parts |= {needed: text for needed, text in kept["needs"].items() if needed not in passed}
        parts[name] = kept["text"]
    head = f'"""My functions of {assignment}."""\n'
    return "\n".join([head, *sorted(imports), "", *(f"\n{text.rstrip()}\n" for text in parts.values())])


def _text_with_needs(function: Callable[..., Any], scope: Mapping[str, Any]) -> dict[str, Any]:
    """A function's text, with the imports, constants and functions of the notebook that it uses.

    Raises ``ValueError`` where there is no text, as for a function that was made by another.
    """
    imports, needs = dict[str, None](), dict[str, str]()
    todo = [function]
    while todo:
        for name in _global_names(getattr(todo.pop(), "__code__", None)):
            value = scope.get(name)
            if value is function or name in needs or name not in scope:
                continue
            if isinstance(value, ModuleType):
                imports[f"import {value.__name__} as {name}" if value.__name__ != name else f"import {name}"] = None
            elif isinstance(value, FunctionType) and value.__module__ == scope.get("__name__"):
                needs[name] = _text_of(value)
                todo.append(value)
            elif callable(value) and (home := getattr(value, "__module__", None)):
                home, called = "nnlib" if home.startswith("nnlib.") else home, getattr(value, "__qualname__", "")
                if not called.isidentifier():  # of an object, which no import brings
                    continue
                imports[f"from {home} import {called}" + (f" as {name}" if name != called else "")] = None
            elif isinstance(value, _PLAIN):
                needs[name] = f"{name} = {value!r}"
    return {"text": _text_of(function), "imports": list(imports), "needs": needs}


def _text_of(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError) as error:
        raise ValueError(f"{getattr(function, '__name__', function)!r} has no text.") from error


def _global_names(code: CodeType | None) -> list[str]:
    """Names that a function, and those inside it, look up in the notebook."""
    if code is None:
        return []
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _global_names(constant)]
    return [*code.co_names, *inner]
