"""Print the lectures' figures beside ours: ``python -m nnlib.lectures [NAME ...]``."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from nnlib.lectures import BY_CHANCE, TABLES
from nnlib.lectures.tables import AGREES, DIFFERS, IN_KIND, MISPRINT, over_seeds


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the named tables, or all; return 1 if a figure differs and no note says why."""
    parser = argparse.ArgumentParser(prog="python -m nnlib.lectures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which tables: {', '.join(TABLES)} (all)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (0)")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="repeat what is random with N seeds (1)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in TABLES]
    if unknown:
        parser.error(f"no table is called {', '.join(unknown)}; there are {', '.join(TABLES)}")
    if options.seeds < 1:
        parser.error(f"--seeds is a number of runs, 1 or more, not {options.seeds}")
    start = time.perf_counter()
    verdicts: Counter[str] = Counter()
    unexplained = []
    for name in options.names or TABLES:
        runs = options.seeds if name in BY_CHANCE else 1
        table = over_seeds([TABLES[name](np.random.default_rng(options.seed + i)) for i in range(runs)])
        print(table, end="\n\n", flush=True)
        verdicts.update(row.verdict for row in table.rows)
        unexplained += [f"{name} ({what})" for what in table.unexplained]
    counted = ", ".join(f"{verdicts[verdict]} {said}" for verdict, said in SUMMARY.items() if verdicts[verdict])
    print(f"{time.perf_counter() - start:.0f} s: {counted}.")
    if unexplained:
        print(f"No note says why these differ: {', '.join(unexplained)}")
    return 1 if unexplained else 0


SUMMARY = {AGREES: "agree", IN_KIND: "in kind", MISPRINT: "misprinted in the lecture", DIFFERS: "differ"}

if __name__ == "__main__":
    sys.exit(main())
