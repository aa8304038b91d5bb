"""How a student's code can fail in its process: it raises, it does not end, or the process ends."""

import msgspec

from grader.sandbox.messages import Raised


class StudentError(Exception):
    """The student's function raised; all of it is the student's and must not be shown unfiltered.

    The parameters are those of ``messages.Raised``.
    """

    def __init__(
        self,
        type_name: str,
        message: str,
        line: int,
        raised_in: str = "",
        missing_name: str = "",
        withheld: str = "",
        argument: str = "",
    ) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.line = line
        self.raised_in = raised_in
        self.missing_name = missing_name
        self.withheld = withheld
        self.argument = argument

    @classmethod
    def of(cls, raised: Raised) -> "StudentError":
        """Turn what a process reported into the error."""
        return cls(*msgspec.structs.astuple(raised))


class TimedOut(Exception):
    """A cell or a call did not end in its time."""


class Died(Exception):
    """The student's process ended: an exit, a crash, or a limit."""
