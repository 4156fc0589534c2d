"""Files of an output folder: each appears whole, and is still whole after a power cut.

In: a path and its bytes. Out: the file, or an exception: Unwritable when the disk takes nothing
more (the run is over), OSError when this one file cannot be written (its article failed). The store
and the formats write through it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from newsspider.errors import Unwritable

FOLDER = ".newsspider"  # in an output folder: the ledger, the lock, files that are not whole yet
_UNFINISHED = "unfinished.tmp"  # one name is enough: a folder has one run, a run writes one by one

# What the next file would meet too. Anything else counts as a fault of the one file: an article
# whose name the disk cannot take must not stop every run.
_LASTING = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the disk takes no file of this size",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "it may not be written to",
    errno.EIO: "the disk fails",
    errno.ENXIO: "the disk is gone",
    errno.ENODEV: "the disk is gone",
    errno.ESTALE: "the disk is gone",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EXDEV: "it must be on one disk with the .newsspider folder beside it",
}


def write_whole(path: Path, data: bytes, folder: Path, *, lasting: bool = False) -> None:
    """Write a file of the output folder `folder`, whole or not at all.

    The bytes reach the disk before the name does. Otherwise a power cut leaves an empty file (ext4
    allocates late), which looks like a post that somebody edited. A power cut may still take the
    name, unless `lasting`.

    Raises Unwritable when the disk takes nothing more, OSError when it does not take this file.
    """
    unfinished = folder / FOLDER / _UNFINISHED
    try:
        try:
            _write(unfinished, data)
            try:
                unfinished.replace(path)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                unfinished.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise
        if lasting:
            sync_folder(path.parent)
    except OSError as error:
        if why := _LASTING.get(error.errno or 0):
            raise Unwritable(f"{path}: cannot be written: {why}") from error
        raise


def _write(path: Path, data: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        put(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def put(handle: int, data: bytes) -> None:
    """Write all of the bytes. A disk that is nearly full takes a part of them first."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk. Do nothing where there is no such folder."""
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def trouble_of(error: OSError) -> str:
    """What is wrong with a disk, in plain words."""
    return _LASTING.get(error.errno or 0) or error.strerror or str(error)
