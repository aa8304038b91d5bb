"""Readers of the formats that public image data comes in; a file that is not whole is refused by name."""

import gzip
import tarfile
import zlib
from pathlib import Path

import numpy as np

from nnlib._validate import Array

IDX_UINT8 = 8
CIFAR_RECORD = 1 + 3 * 32 * 32  # a label, then the red, green and blue planes
CIFAR_FOLDER = "cifar-10-batches-bin"
CIFAR_BATCHES = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}


def read_idx(path: str | Path) -> Array:
    """Read an IDX file of bytes, the format of MNIST, gzipped or not.

    Parameters
    ----------
    path
        File: two zero bytes, the type 8, the number of axes, each axis as a big-endian int32, the data.

    Returns
    -------
    Array
        uint8, of the shape that the header gives.

    Raises
    ------
    ValueError
        If the file is damaged, truncated, too long or not IDX of bytes.
    """
    path = Path(path)
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(path, f"its gzip stream is broken ({error})") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] != IDX_UINT8:
        raise _damaged(path, f"it does not begin like an IDX file of bytes (got {raw[:4].hex() or 'nothing'})")
    start = 4 + 4 * raw[3]
    if len(raw) < start:
        raise _damaged(path, "it ends inside its header")
    shape = tuple(int(n) for n in np.frombuffer(raw[4:start], dtype=">u4"))
    size = int(np.prod([1, *shape], dtype=object))  # exact: a damaged header may claim more than int64 holds
    if len(raw) - start != size:
        raise _damaged(path, f"its header promises {size} bytes of data, it has {len(raw) - start}")
    return np.frombuffer(raw, dtype=np.uint8, offset=start).reshape(shape)


def read_labelled_idx(images_path: str | Path, labels_path: str | Path) -> tuple[Array, Array]:
    """Read a pair of IDX files and check that they belong together.

    Returns
    -------
    images : Array
        uint8 ``(N, H, W)``.
    labels : Array
        uint8 ``(N,)``.
    """
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3:
        raise _damaged(Path(images_path), f"images have three axes (N, H, W), it has shape {images.shape}")
    if labels.ndim != 1 or len(labels) != len(images):
        found = f"{len(images)} images need as many labels, it has shape {labels.shape}"
        raise _damaged(Path(labels_path), found)
    return images, labels


def read_cifar10(path: str | Path, split: str) -> tuple[Array, Array]:
    """Read one split of CIFAR-10 from its *binary* archive, which needs no pickle.

    Parameters
    ----------
    path
        ``cifar-10-binary.tar.gz``; nothing is unpacked to disk.
    split
        ``"train"`` (five batches) or ``"test"``.

    Returns
    -------
    images : Array
        uint8 ``(N, 32, 32, 3)``, channels last.
    labels : Array
        uint8 ``(N,)``.
    """
    path = Path(path)
    parts: list[bytes] = []
    try:
        with tarfile.open(path, "r:gz") as archive:
            for batch in CIFAR_BATCHES[split]:
                member = archive.extractfile(f"{CIFAR_FOLDER}/{batch}")
                data = member.read() if member is not None else b""
                if not data or len(data) % CIFAR_RECORD:
                    found = f"{batch} must hold records of {CIFAR_RECORD} bytes, it has {len(data)} bytes"
                    raise _damaged(path, found)
                parts.append(data)
    except KeyError as error:
        raise _damaged(path, f"it lacks {batch}") from error
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise _damaged(path, f"its archive is broken ({error})") from error
    records = np.frombuffer(b"".join(parts), dtype=np.uint8).reshape(-1, CIFAR_RECORD)
    labels = records[:, 0]
    if labels.max() > 9:
        raise _damaged(path, f"labels run from 0 to 9, it has {labels.max()}")
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels


def _damaged(path: Path, reason: str) -> ValueError:
    return ValueError(f"{path} is damaged: {reason}. Delete it, so that it is fetched again.")
