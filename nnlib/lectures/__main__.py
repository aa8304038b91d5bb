"""Print the lectures' figures beside ours: ``python -m nnlib.lectures [NAME ...]``."""

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np

from nnlib.lectures import TABLES


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the named tables, or all; return 1 if a figure disagrees."""
    parser = argparse.ArgumentParser(prog="python -m nnlib.lectures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which tables: {', '.join(TABLES)} (all)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (0)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in TABLES]
    if unknown:
        parser.error(f"no table is called {', '.join(unknown)}; there are {', '.join(TABLES)}")
    start = time.perf_counter()
    disagree = []
    for name in options.names or TABLES:
        table = TABLES[name](np.random.default_rng(options.seed))
        print(table, end="\n\n", flush=True)
        if not table.agrees:
            disagree.append(name)
    print(f"{time.perf_counter() - start:.0f} s; ", end="")
    print(f"disagree: {', '.join(disagree)}" if disagree else "every figure agrees")
    return 1 if disagree else 0


if __name__ == "__main__":
    sys.exit(main())
