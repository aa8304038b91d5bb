"""The sample class follows assignment 02."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_sample_class_is_made_from_the_current_notebook():
    """Every submission in data/sample_class is what tests/make_sample_class.py makes of today's release."""
    command = [sys.executable, str(ROOT / "tests" / "make_sample_class.py"), "--check"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # a grader's, perhaps
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
