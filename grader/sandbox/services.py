"""What a kernel offers beside running code, and what of it is not there while grading.

Where a service is missing, a line in the cell's output says so and the cell goes on: its other lines may hold the
answer. All of this shares a process with the student's code, so nothing here is a barrier.
"""

import ast
import errno
import fnmatch
import json
import logging
import os
import pdb
import site
import subprocess
from pathlib import Path
from typing import Any

from IPython.core import debugger
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList

from grader.sandbox import bell

NO_PROGRAM = "No other program runs while grading"
NO_KEYBOARD = "Nobody is at the keyboard while grading"
NO_MAGIC = "There is no such magic while grading"
INLINE = "Figures are shown inline while grading"
OTHER_PROGRAMS = {"line": "PackagingMagics", "cell": "ScriptMagics"}  # IPython's classes of magics that start one
NOT_FOUND = 127  # a shell's exit code where a program is not there
AT_THE_KEYBOARD = {"debug", "pdb", "edit", "ed"}
FETCHING = {"load_ext", "reload_ext", "load", "loadpy", "notebook", "pastebin"}  # run nothing of a student's
OTHER_LANGUAGES = {  # by the names that cell magics have, in small letters
    "bash", "sh", "zsh", "shell", "script", "cmd", "powershell", "html", "javascript", "js", "typescript", "css", "svg",
    "latex", "markdown", "mermaid", "perl", "ruby", "r", "julia", "octave", "matlab", "lua", "cpp", "c", "cu", "cuda",
    "fortran", "rust", "go", "java", "scala", "cython", "sql", "bigquery", "pip", "conda", "mamba", "uv",
}  # fmt: skip


def passed_over(why: str, asked: str, instead: str = "") -> None:
    """Say in one line that something was asked for which is not there."""
    first, *more = asked.strip().splitlines() or [""]
    print(f"{why}: {first[:200]}{' ...' if more else ''} was skipped{instead}.")


def system(command: Any) -> int:
    """Stand for ``os.system``, which gives no sign when the system refuses."""
    passed_over(NO_PROGRAM, os.fsdecode(command))
    return NOT_FOUND << 8  # a wait status


class Popen(subprocess.Popen[Any]):
    """``subprocess.Popen`` that says what a machine without the program says: callers are prepared for that."""

    def __init__(self, args: Any, *more: Any, **options: Any) -> None:
        try:
            super().__init__(args, *more, **options)
        except PermissionError:
            raise FileNotFoundError(errno.ENOENT, NO_PROGRAM, str(args)) from None


class Memory(dict[str, Any]):
    """Stands for IPython's database on the disk, which a student's process may not write."""

    def keys(self, pattern: str = "*") -> Any:
        """List the keys that match, as IPython's database does."""
        return fnmatch.filter(super().keys(), pattern)


class Services(InteractiveShell):
    """An IPython shell to which a missing service is no error."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.db = Memory()
        assert self.extension_manager is not None
        self.extension_manager.load_extension("storemagic")  # Jupyter's kernel has it, too
        site.sethelper()  # the warm process starts without what ``site`` brings
        site.setcopyright()
        os.system, subprocess.Popen = system, Popen  # type: ignore[misc]
        bell.hang()
        pdb.set_trace = debugger.set_trace = _no_breakpoint  # breakpoint() calls pdb's
        logging.getLogger("autoreload").addFilter(_is_readable)

    def system(self, cmd: str) -> None:
        passed_over(NO_PROGRAM, f"!{cmd}")
        self.user_ns["_exit_code"] = NOT_FOUND

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | LSString:
        passed_over(NO_PROGRAM, f"!{cmd}")
        return SList() if split else LSString()

    def ask_exit(self) -> None: ...

    def safe_execfile_ipy(self, fname: str, shell_futures: bool = False, raise_exceptions: bool = False) -> None:
        if not fname.endswith(".ipynb"):
            super().safe_execfile_ipy(fname, shell_futures, raise_exceptions)
            return
        for cell in json.loads(Path(fname).read_text("utf-8"))["cells"]:  # IPython reads it with nbformat
            if cell["cell_type"] == "code":
                result = self.run_cell("".join(cell["source"]), silent=True, shell_futures=shell_futures)
                if not result.success:
                    break

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        if gui not in (None, "auto", "inline"):
            passed_over(INLINE, f"%matplotlib {gui}")
        return super().enable_matplotlib("inline")

    def magic(self, arg_s: str) -> Any:
        """Run a line magic, as IPython before its version 9 lets one say it."""
        name, _, line = arg_s.lstrip("%").partition(" ")
        return self.run_line_magic(name, line, 2)

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        asked = f"%{magic_name} {line}"
        if missing := self._missing("line", magic_name):
            passed_over(missing, asked)
            return None
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except (ImportError, OSError) as error:
            if magic_name not in FETCHING:
                raise
            passed_over(str(error).rstrip("."), asked)
            return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        missing = self._missing("cell", magic_name)
        if not missing:
            return super().run_cell_magic(magic_name, line, cell)
        asked = f"%%{magic_name} {line}"
        if missing == NO_PROGRAM or magic_name.lower() in OTHER_LANGUAGES or not self._is_python(cell):
            passed_over(missing, asked)
        else:
            passed_over(missing, asked, instead=", and its cell runs without it")
            self.run_cell(cell)
        return None

    def _missing(self, kind: str, name: str) -> str:
        """Why a magic is not there; empty where it is."""
        if name in self.magics_manager.registry[OTHER_PROGRAMS[kind]].magics[kind]:
            return NO_PROGRAM
        if name in AT_THE_KEYBOARD:
            return NO_KEYBOARD
        return "" if self.find_magic(name, kind) else NO_MAGIC

    def _is_python(self, cell: str) -> bool:
        try:
            ast.parse(self.transform_cell(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True


def _no_breakpoint(*_: Any, **__: Any) -> None:
    passed_over(NO_KEYBOARD, "a breakpoint")


def _is_readable(record: logging.LogRecord) -> bool:
    """Leave out what ``%autoreload`` says of the grader's own modules, which it may not read."""
    return not (record.exc_info and isinstance(record.exc_info[1], PermissionError))
