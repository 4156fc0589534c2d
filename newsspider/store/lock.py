"""The lock of an output folder: one run at a time; the others get a message that names it.

In: the lock's file. Out: a handle that keeps the lock until it is closed or its process dies, for
whatever reason: the lock is the kernel's (flock), and the file only names its holder.
`store/folder.py` takes it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

_LOOK = 0.2  # seconds between two tries
# The user and the password in an address, and a parameter that is a password.
_SECRET = re.compile(r"(?<=://)\S*(?=@)|(?<=password=)[^&\s]+")
_COMMAND = 200  # characters of the command line that the file shows


class Held(Exception):
    """Another run holds the lock; the message names it."""


def take(file: Path, *, wait: float = 0, tell: Callable[[str], object] = print) -> int:
    """Take the lock, waiting `wait` seconds at most. `tell` gets one message that names the run
    that holds it.

    Raises Held if another run holds the lock, OSError if the file cannot be opened.
    """
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for(lock, time.monotonic() + wait, tell if wait else None)
        os.ftruncate(lock, 0)
        os.pwrite(lock, _myself().encode("utf-8", "replace"), 0)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _wait_for(lock: int, until: float, tell: Callable[[str], object] | None) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(lock, 1000, 0).decode("utf-8", "replace").strip()
            message = f"another run is using it ({holder or 'unknown process'})"
            if time.monotonic() >= until:
                raise Held(message) from None
        if tell is not None:
            tell(message)
            tell = None
        time.sleep(_LOOK)


def _myself() -> str:
    """Describe this process, for the messages of other runs, without the secrets of addresses."""
    arguments = [_SECRET.sub("…", argument) for argument in sys.argv[1:]]
    command = shlex.join([Path(sys.argv[0]).name, *arguments])
    if len(command) > _COMMAND:
        command = f"{command[:_COMMAND]} …"
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return f"process {os.getpid()} on {socket.gethostname()} since {now}: {command}"
