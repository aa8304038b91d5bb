"""The base of every error that a user can cause: its text is one clear line, and the exit code is 1."""


class GraderError(ValueError):
    """The rule, what came, and how to fix it, in one line; the command line prints it without a traceback."""


class AssignmentError(GraderError):
    """The author's files are at fault; the text names file and place."""
