"""How many articles `--limit` still allows the crawls of a run, which share it.

In: the number of the option. Out: whether another article may be requested. Part of `Shared`. The
crawls of a run may be in several processes: then the number is in a file without a name, whose
handle each of them inherits.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from typing import Self

_LENGTH = 8  # bytes of the number in the file


class Allowance:
    """The articles that a limit still allows; None allows any number."""

    def __init__(self, number: int | None, handle: int | None = None) -> None:
        self._number = number
        self._handle = handle

    @classmethod
    def inherited(cls, handle: int | None) -> Self:
        """Return the allowance in a file that another process has opened; None for any number."""
        return cls(None, handle)

    def shared(self) -> int | None:
        """Put the number into a file, from now on, and return its handle; None for any number."""
        if self._handle is None and self._number is not None:
            with tempfile.TemporaryFile() as file:
                self._handle = os.dup(file.fileno())
            self._write(self._number)
        return self._handle

    @property
    def left(self) -> int | None:
        """The number that is left; None for any number."""
        if self._handle is None:
            return self._number
        return int.from_bytes(os.pread(self._handle, _LENGTH, 0), "big")

    def take(self) -> bool:
        """Take one; return False if none is left."""
        if self._handle is None:
            if self._number is not None:
                if not self._number:
                    return False
                self._number -= 1
            return True
        fcntl.lockf(self._handle, fcntl.LOCK_EX)  # it is the process's, also of a handle inherited
        try:
            if left := self.left:
                self._write(left - 1)
            return bool(left)
        finally:
            fcntl.lockf(self._handle, fcntl.LOCK_UN)

    def _write(self, number: int) -> None:
        assert self._handle is not None
        os.pwrite(self._handle, number.to_bytes(_LENGTH, "big"), 0)
