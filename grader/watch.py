"""Who is told how a long command goes."""

from grader.results import GradeResult


class Watch:
    """Is told how a batch goes; this one keeps quiet."""

    def start(self, total: int) -> None:
        """``total`` submissions are there."""

    def step(self, result: GradeResult | None = None) -> None:
        """One more is done; without a result where it was up to date."""

    def name(self, what: str) -> None:
        """What is being done now has this name."""

    def say(self, line: str) -> None:
        """There is a line for the user."""
