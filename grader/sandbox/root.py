"""A root folder of their own for students' processes: what they may read, read-only, and nothing else.

Landlock lets nobody open a file that is not granted, but tells its size and time to whoever asks; and reading a
granted one sets its time of access, which the next student could look at. Here other files have no name at all.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox.system import call, libc

_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC = 2, 4, 0x1000, 0x4000
_MNT_DETACH, _AT_FDCWD, _AT_RECURSIVE = 2, -100, 0x8000
_MOUNT_SETATTR = 442  # the same on every architecture; there since Linux 5.12, which is older than Landlock
_READ_ONLY = struct.pack("=QQQQ", 1 | 2 | 4, 0, 0, 0)  # MOUNT_ATTR_RDONLY, _NOSUID, _NODEV
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def build(root: Path, readable: Iterable[str], work: Path) -> None:
    """Lay out the new root at ``root``: ``readable`` and devices at the paths they have, and the folder ``work``."""
    call(libc.mount(b"tmpfs", os.fsencode(root), b"tmpfs", _MS_NOSUID | _MS_NODEV, b"size=1m,nr_inodes=8192"), "mount")
    for name in sorted(readable):
        _show(root, Path(name))
    devices = [Path(device) for device in DEVICES if Path(device).exists()]
    for device in devices:
        _place(root, device, is_folder=False)
    _place(root, work, is_folder=True)
    attributes = ctypes.create_string_buffer(_READ_ONLY, len(_READ_ONLY))
    where = ctypes.c_char_p(os.fsencode(root))
    call(libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, where, _AT_RECURSIVE, attributes, len(_READ_ONLY)), "mount_setattr")
    for kept in [*devices, work]:  # these stay writable, or devices
        _bind(root, kept)


def enter(root: Path) -> None:
    """Make ``root`` this process's root folder, and let go of the one before."""
    os.chdir(root)
    call(libc.pivot_root(b".", b"."), "pivot_root")
    call(libc.umount2(b".", _MNT_DETACH), "umount")
    os.chdir("/")


def _show(root: Path, path: Path) -> None:
    """Let a path be there; links on the way stay links, since programs ask by either name."""
    for part in (*reversed(path.parents), path):
        if part.is_symlink():
            link = _inside(root, part)
            target = part.readlink()
            if not link.is_symlink():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(target)
            _show(root, Path(os.path.normpath(part.parent / target)) / path.relative_to(part))
            return
    if not _inside(root, path).exists() or not _inside(root, path).samefile(path):
        _place(root, path, path.is_dir())
        _bind(root, path)


def _place(root: Path, path: Path, is_folder: bool) -> None:
    """Make what a mount lies over."""
    place = _inside(root, path)
    if is_folder:
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()


def _bind(root: Path, path: Path) -> None:
    place = os.fsencode(_inside(root, path))
    call(libc.mount(os.fsencode(path), place, None, _MS_BIND | _MS_REC, None), f"mount --bind {path}")


def _inside(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")
