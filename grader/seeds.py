"""What the random inputs of hidden tests are drawn from: the test's name and the submission itself."""

import hashlib
from collections.abc import Mapping

import numpy as np
from nbformat import NotebookNode


def seed_of(test: str, submission: str = "") -> np.ndarray:
    """Turn a test's name and a submission's digest into a seed: an array, which NumPy reads faster than a list."""
    data = f"{test}\0{submission}".encode() if submission else test.encode()
    return np.frombuffer(hashlib.sha256(data).digest(), np.uint8).astype(np.uint32)


def digest_of(notebook: NotebookNode, files: Mapping[str, bytes]) -> str:
    """Digest all that decides what a submission does: its code, and the files beside it.

    Grading the same again meets the same inputs, whenever and by whatever door it comes, and also where the notebook
    was only run and saved again. Another submission meets others: what one learnt from its feedback is of no use to
    the next.
    """
    digest = hashlib.sha256()
    parts = [cell.source.encode("utf-8", "surrogatepass") for cell in notebook.cells if cell.cell_type == "code"]
    for name, data in sorted(files.items()):
        parts += [name.encode("utf-8", "surrogatepass"), data]
    for part in parts:
        digest.update(hashlib.sha256(part).digest())  # of one length, so that no two lists of parts read alike
    return digest.hexdigest()
