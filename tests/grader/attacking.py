"""How attacks are tried: in the sandbox, where they must fail, and in a bare Python, where they must succeed."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import messages
from grader.sandbox import warm as trusted
from grader.sandbox.limits import Limits
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess

SECRET = "the-secret-is-7731"
KIB, MIB = 2**10, 2**20
PRELUDE = """
import ctypes, errno, fcntl, os, resource, signal, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *args):
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in args))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
"""
VERDICT = """
try:
    print("DONE", attack())
except BaseException as error:
    print("REFUSED", type(error).__name__, getattr(error, "errno", None))
"""


def text_of(ran: messages.Ran) -> str:
    """Join all that a cell put out."""
    return "\n".join("\n".join([o.text, *o.traceback, *o.data.values()]) for o in ran.outputs)


def run(session: Session, source: str, seconds: float = 10.0) -> str:
    """Run a cell and return what it put out."""
    return text_of(session.run(source, seconds, 256 * KIB))


def try_attack(session: Session, attack: str) -> str:
    """Run an attack in the sandbox and return its last words, DONE or REFUSED."""
    return run(session, PRELUDE + attack + VERDICT).strip()


def succeeds_unconfined(attack: str, folder: Path) -> None:
    """Prove an attack in a bare Python."""
    bare = subprocess.run(
        [sys.executable, "-c", PRELUDE + attack + VERDICT], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert "DONE" in bare.stdout, f"the attack itself is broken: {bare.stdout}{bare.stderr}"


def numbered(**attacks: str) -> list[object]:
    """Make parameters with names from expressions (or bodies) of ``attack``."""
    made = []
    for name, body in attacks.items():
        lines = body.strip().split("\n")
        lines[-1] = f"return {lines[-1]}" if not lines[-1].startswith("return") else lines[-1]
        made.append(pytest.param("def attack():\n" + "\n".join(f"    {line}" for line in lines), id=name))
    return made


@contextlib.contextmanager
def without_namespaces(limits: Limits | None = None) -> Iterator[WarmProcess]:
    """Start a warm process as on a system that refuses namespaces."""
    refuse = "import grader.sandbox.confine as c\ndef no(*_): raise OSError('refused')\nc._namespaces = no\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trusted, "_BOOT", trusted._BOOT.replace("zygote.main()", f"zygote\n{refuse}zygote.main()"))
        zygote = WarmProcess(None, limits)
    with zygote:
        assert not {"namespaces", "root"} & zygote.have
        assert zygote.work is not None
        yield zygote


def needs_namespaces(warm: WarmProcess) -> None:
    """Skip where the system offers no namespaces, and say so."""
    if missing := {"namespaces", "root"} - warm.have:
        pytest.skip("; ".join(f"{name}: {warm.missing[name]}" for name in sorted(missing)))
