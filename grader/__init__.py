"""Grades notebooks against hidden tests, with the student's code in a process that knows nothing.

This module stays light: the sandbox imports ``grader.sandbox`` and must load nothing else of the grader.
"""

import sys

# jsonschema, behind nbformat, tries this package and goes on without it. It builds the grammar of international web
# addresses, which no notebook needs, and takes 0.8 s of every process's start.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
