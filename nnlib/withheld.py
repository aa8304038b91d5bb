"""The error of a name that an assignment's edition of nnlib leaves out."""


class Withheld(NotImplementedError):
    """Raised by a function of nnlib that this edition lacks, because an assignment asks for it.

    Parameters
    ----------
    name
        The function, as in ``nnlib.<name>``.
    assignment
        The assignment whose edition this is.
    """

    def __init__(self, name: str, assignment: str) -> None:
        super().__init__(f"nnlib.{name} is withheld from {assignment}: {reason(name)}.")
        self.name = name


def reason(name: str) -> str:
    """Say why a name is withheld."""
    return "its images are kept for grading" if name == "held_out_digits" else "writing it is the exercise"
