"""Which workers of a cluster are fit to grade: each is asked once, before it gets anything, and who is not is named."""

import platform
from collections import defaultdict
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from grader import cluster_worker
from grader.cluster_worker import Facts
from grader.intake.names import listed
from grader.sandbox.limits import Imports, Isolation, Limits

PACKAGE = "nnlib"  # the distribution that this is part of


def find_fit(
    client: Any,
    new: set[str],
    trial: tuple[Limits, Imports, Isolation],
    cargo: tuple[str, bytes],
    say: Callable[[str], object],
) -> set[str]:
    """Ask workers what they are and send the assignment to those that are fit; return their addresses.

    Parameters
    ----------
    new
        Addresses of workers that were not asked before.
    trial
        For a first process for students' code.
    cargo
        The assignment and its digest; see ``cluster_worker.install``.
    """
    fit, refused, notes = set(new), defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    known = client.scheduler_info(n_workers=-1)["workers"]
    called = {address: _called(address, known.get(address, {}).get("name")) for address in new}

    def ask(why_not: Callable[[Any], str], function: Callable[..., Any], *args: Any) -> dict[str, Any]:
        """Run a function on those still fit, refuse those of whose answer, or exception, there is a reason to."""
        answers = client.run(function, *args, workers=sorted(fit), on_error="return") if fit else {}
        for address, answer in answers.items():
            if why := why_not(answer):
                fit.discard(address)
                refused[why].append(called[address])
        return {address: answer for address, answer in answers.items() if address in fit}

    ask(other_version, version, PACKAGE)
    for address, facts in ask(unfit, cluster_worker.describe, *trial).items():
        for line in [*differences(facts), *facts.warnings]:
            notes[line].append(called[address])
    ask(_not_installed, cluster_worker.install, *cargo)
    for why, names in refused.items():
        say(f"Worker{_s(names)} {listed(names)} {'are' if _s(names) else 'is'} not used: {why}")
    for line, names in notes.items():
        say(f"Worker{_s(names)} {listed(names)}: {line}")
    return fit


def _called(address: str, name: object) -> str:
    return address if name in (None, address) else f"{name} at {address}"


def _s(names: list[str]) -> str:
    return "s" * (len(names) > 1)


def other_version(there: object) -> str:
    """Why a machine that answered with its version, or with an exception, is no use; empty where it is the same."""
    here = version(PACKAGE)
    if there == here:
        return ""
    if isinstance(there, PackageNotFoundError):
        return f"{PACKAGE} is not installed there; install {PACKAGE}[grader,cluster] {here}."
    if isinstance(there, Exception):
        return f"it does not answer ({first_line(there)})."
    return f"it has {PACKAGE} {there}, and this machine has {here}; install the same version on both."


def unfit(facts: Facts | Exception) -> str:
    """Why a worker of the same version cannot grade; empty where it can."""
    if isinstance(facts, Exception):
        return f"the grader cannot be loaded there ({first_line(facts)}); install {PACKAGE}[grader,cluster]."
    if facts.code != cluster_worker.code_digest():
        return f"{PACKAGE} {version(PACKAGE)} there holds other code than here; install the same on both."
    return facts.unfit


def _not_installed(why: object) -> str:
    return f"the assignment cannot be put there ({first_line(why)})." if why else ""


def differences(facts: Facts) -> list[str]:
    """What may round or read otherwise there, a line each."""
    pairs = [("Python", facts.python, platform.python_version()), ("NumPy", facts.numpy, version("numpy"))]
    return [f"{what} there is {there}, and {here} here." for what, there, here in pairs if there != here]


def first_line(error: object) -> str:
    """The first line of what an exception, or Dask, says."""
    text = str(error).strip().split("\n")[0][:200].rstrip(".")
    return text or type(error).__name__
