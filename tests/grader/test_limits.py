"""The limits of a submission and the kinds of isolation."""

import pytest

from grader.sandbox.limits import Isolation, Limits
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess


def test_a_process_gets_the_limits_in_the_units_of_their_names():
    """Megabytes, seconds and files of the settings are what the kernel enforces in the child."""
    limits = Limits(memory_mb=300, folder_mb=8, submission_seconds=20)
    with WarmProcess(None, limits) as warm, Session(warm) as session:
        session.run(
            "import resource as r\ngot = [r.getrlimit(n)[0] for n in (r.RLIMIT_CPU, r.RLIMIT_NOFILE, r.RLIMIT_AS)]",
            5.0,
            1000,
        )
        cpu, files, memory = session.value("got", 1.0)
    assert (cpu, files) == (80, 256)
    assert 300 * 2**20 < memory < 2**40


@pytest.mark.parametrize(("weaker", "stronger"), [("process", "sandbox"), ("sandbox", "strict")])
def test_a_stronger_isolation_needs_more(weaker, stronger):
    """Each kind needs all that the weaker one does, and something else."""
    assert Isolation(weaker).needs < Isolation(stronger).needs
