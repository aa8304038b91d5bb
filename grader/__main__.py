"""The command ``grader``; ``python -P -m grader`` is the same.

Without ``-P`` Python itself looks for every module in the current folder first, a student's perhaps.
"""

import sys

from grader.safe_path import import_nothing_from_here


def main() -> None:
    """Run the command line, or say in one line what is missing."""
    import_nothing_from_here()
    try:
        from grader.cli import run
    except ModuleNotFoundError as error:
        print(f"grader needs the package {error.name!r}; install with: pip install 'nnlib[grader]'", file=sys.stderr)
        sys.exit(1)
    run()


if __name__ == "__main__":
    main()
