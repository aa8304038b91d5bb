"""Read a TOML file into a struct; each fault is one line with file, line, rule and what came."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader.errors import AssignmentError, did_you_mean

T = TypeVar("T", bound=msgspec.Struct)
_KINDS = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table of its own",
}


def read_toml(path: Path, kind: type[T]) -> T:
    """Read ``path`` as ``kind``; ``AssignmentError`` where it does not fit, ``FileNotFoundError`` where it is not."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, place = str(error), ""
        if found := re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", said):
            said, place = found[1], f", line {found[2]}"
        said = said.replace(" (at end of document)", " at its end")
        raise AssignmentError(
            f"{path}{place}: this is not TOML: {said}. Mend the line; texts stand in quotes."
        ) from None
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise AssignmentError(_told(path, text, given, kind, str(error))) from None


def _told(path: Path, text: str, given: Any, kind: type[msgspec.Struct], said: str) -> str:
    """Say msgspec's sentence as an author reads a setting."""
    said, _, at = said.partition(" - at `")
    steps = re.findall(r"[A-Za-z_]\w*|\d+|\[\.\.\.\]", at)
    if found := re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", said):
        name, where, known = found[2], _table(steps), _fields(kind, steps)
        if found[1] == "contains unknown":
            if not steps and (tables := [field for field in known if name in _fields(kind, [field])]):
                return f"{path}{_line(text, name)}: the setting {name!r} belongs below [{tables[0]}]; move it there."
            return f"{path}{_line(text, name)}: there is no setting {name!r}{where}.{did_you_mean(name, known)}"
        return f'{path}: the setting {name!r} is missing{where}; write {name} = "…".'
    value = _value(given, steps)
    name = " in ".join([*(["an entry"] if steps[-1:] and steps[-1].isdigit() else []), _named(steps)])
    place = f"{path}{_line(text, next((s for s in reversed(steps) if not s.isdigit() and s != '[...]'), ''))}"
    if found := re.fullmatch(r"Expected `(\w+)`, got `\w+`", said):
        return f"{place}: {name} must be {_KINDS.get(found[1], found[1])}, got {value!r:.60}."
    if found := re.fullmatch(r"Expected `(\w+)` (>=|>|<=|<) (.+)", said):
        most = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}[found[2]]
        return f"{place}: {name} must be {most} {float(found[3]):g}, got {value!r:.60}."
    return f"{place}: {name}: {said}."


def _table(steps: list[str]) -> str:
    """Where a setting stands, as the file shows it."""
    if not steps:
        return ""
    return (
        f" in [[{steps[0]}]] number {int(steps[1]) + 1}" if steps[1:2] and steps[1].isdigit() else f" in [{steps[0]}]"
    )


def _named(steps: list[str]) -> str:
    return ".".join(step for step in steps if not step.isdigit() and step != "[...]") or "the file"


def _fields(kind: Any, steps: list[str]) -> list[str]:
    """The settings that there are at the end of ``steps``."""
    for step in steps:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            kind = next((field.type for field in msgspec.structs.fields(kind) if field.encode_name == step), kind)
        elif getattr(kind, "__args__", None):
            kind = kind.__args__[0]
    kind = kind if isinstance(kind, type) else getattr(kind, "__args__", (kind,))[0]
    return [field.encode_name for field in msgspec.structs.fields(kind)] if hasattr(kind, "__struct_fields__") else []


def _value(given: Any, steps: list[str]) -> Any:
    """What stands at the end of ``steps``."""
    for step in steps:
        if isinstance(given, dict):
            given = given.get(step)
        elif isinstance(given, list) and step.isdigit():
            given = given[int(step)]
    return given


def _line(text: str, name: str) -> str:
    """The line on which a setting is given, as a place."""
    lines = text.split("\n")
    found = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[*\s*\"?{re.escape(name)}\"?\s*[\]=]", line)]
    return f", line {found[0]}" if name and len(found) == 1 else ""
