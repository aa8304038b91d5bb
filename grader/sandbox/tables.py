"""pandas' tables as plain data and back; nothing of pandas is loaded where nobody has one."""

import importlib
import sys
from typing import Any

import numpy as np

from grader.sandbox.channel import ChannelError
from grader.sandbox.rules import DTYPES


def is_table(value: Any) -> bool:
    """Whether a value is a DataFrame or a Series, and of no type of the student's own."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(value) in (pandas.DataFrame, pandas.Series)


def taken_apart(table: Any) -> tuple[Any, list[Any], Any, list[Any], bool]:
    """Return a table's labels, columns, index, the index's names, and whether it is a Series.

    Types that NumPy does not have, such as categories, become lists of what they hold.
    """
    if table.ndim == 1:
        return table.name, [_held(table)], _held(table.index), list(table.index.names), True
    columns = [_held(table.iloc[:, place]) for place in range(table.shape[1])]
    return table.columns.tolist(), columns, _held(table.index), list(table.index.names), False


def put_together(labels: Any, columns: list[Any], index: Any, names: list[Any], is_series: bool) -> Any:
    """Make the table again; ``ChannelError`` where its parts contradict each other."""
    try:
        pandas = importlib.import_module("pandas")
        made = pandas.Index(index)
        made.names = names
        if is_series:
            return pandas.Series(columns[0], index=made, name=labels)
        table = pandas.DataFrame(dict(enumerate(columns)), index=made)
        table.columns = labels
        return table
    except Exception as error:  # pandas raises what it likes
        raise ChannelError(f"a table that cannot be one ({type(error).__name__})") from None


def _held(values: Any) -> Any:
    array = values.to_numpy()
    return np.ascontiguousarray(array) if array.dtype.name in DTYPES else values.tolist()
