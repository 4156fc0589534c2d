"""Files of an output folder: each appears whole, and is still whole after a power cut.

In: a path and its bytes. Out: the file, or an exception: Unwritable if the disk accepts no more
writes (the run is over), OSError if only this file cannot be written (its article failed). The
store and the formats write through it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from newsspider.errors import Unwritable

FOLDER = ".newsspider"  # in an output folder: the ledger, the lock, unfinished files
_PART = 1024 * 1024  # bytes

# Errors that the next file would meet, too. Any other error concerns one file only: an article
# whose name the disk cannot store must not stop every run.
_LASTING = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too large for the disk",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "writing to it is not permitted",
    errno.EIO: "the disk fails",
    errno.ENXIO: "the disk is gone",
    errno.ENODEV: "the disk is gone",
    errno.ESTALE: "the disk is gone",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EXDEV: "it must be on the same disk as the .newsspider folder beside it",
}


def write_whole(
    path: Path, data: bytes, folder: Path, *, lasting: bool = False, unfinished: str = ""
) -> None:
    """Write a file of the output folder `folder`, whole or not at all. Who does not hold the folder
    names the `unfinished` file: a run may write at the same time.

    The bytes reach the disk before the name does. Otherwise a power cut leaves an empty file (ext4
    allocates late), which looks like a post that somebody edited. A power cut may still take the
    name, unless `lasting`.

    Raises Unwritable if the disk accepts no more writes, OSError if it does not accept this file.
    """
    # One name is enough for a process: it writes one file at a time.
    beside = folder / FOLDER / (unfinished or f"unfinished-{os.getpid()}.tmp")
    with _lasting_as_unwritable(path):
        try:
            _write(beside, data)
            try:
                beside.replace(path)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                beside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        if lasting:
            sync_folder(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add a line to a file, whole or not at all. Half a line that a kill has left gets its end
    first, so that the new line stands for itself. Raises what `write_whole` raises."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with _lasting_as_unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o644)
        try:
            size = os.fstat(handle).st_size
            torn = size and os.pread(handle, 1, size - 1) != b"\n"
            start = "\n" if torn else ""
            try:
                put(handle, f"{start}{line}\n".encode("utf-8", "replace"))
                os.fsync(handle)
            except BaseException:  # a full disk takes a part: a web server reads some of the files
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)


@contextlib.contextmanager
def _lasting_as_unwritable(path: Path) -> Iterator[None]:
    """Raise Unwritable for the errors that the next file would meet, too."""
    try:
        yield
    except OSError as error:
        if why := _LASTING.get(error.errno or 0):
            raise Unwritable(f"{path}: cannot be written: {why}") from error
        raise


def read_file(path: Path) -> bytes:
    """Return the bytes of a regular file. Raises OSError for anything else: a FIFO would never end,
    and neither would a device."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", str(path))
        # Half the CPU time of a file object: a folder has a file for each article.
        data = part = os.read(handle, state.st_size + 1)
        while part and len(data) != state.st_size:  # it grows, or has more than one read returns
            part = os.read(handle, _PART)
            data += part
        return data
    finally:
        os.close(handle)


def read_text(path: Path, errors: str = "strict") -> str:
    """Return the text of a regular file with `\\n` at the end of its lines; see `read_file`."""
    return read_file(path).decode("utf-8", errors).replace("\r\n", "\n")


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
    """Write all of the bytes. A disk that is nearly full may write a part of them first."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def sync_folder(path: Path) -> None:
    """Write the names in a folder to the disk. Do nothing if the folder does not exist."""
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def trouble_of(error: OSError) -> str:
    """Return the reason of a disk error, in plain words."""
    return _LASTING.get(error.errno or 0) or error.strerror or str(error)
