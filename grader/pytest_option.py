"""The option ``--submission`` of hidden tests, named in pyproject.toml so that it is known before any conftest.py.

To pytest the value of an option it does not know yet is one more folder of tests, whose conftest.py it runs: that would
be the student's.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption("--submission", metavar="FILE", help="the notebook whose functions the hidden tests call")
