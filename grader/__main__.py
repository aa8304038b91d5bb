"""The command ``grader``; ``python -m grader`` is the same."""

import sys


def main() -> None:
    """Run the command line, or say in one line what is missing."""
    try:
        from grader.cli import run
    except ModuleNotFoundError as error:
        print(f"grader needs the package {error.name!r}; install with: pip install 'nnlib[grader]'", file=sys.stderr)
        sys.exit(1)
    run()


if __name__ == "__main__":
    main()
