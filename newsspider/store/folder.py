"""An output folder, opened for a run: locked, with its ledger, and repaired.

In: a folder. Out: an `Output`; or an OutputError for a folder that is held, cannot be used, or is
somebody's own. A run opens it once, for all its crawls.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.sites.schema import Site
from newsspider.store import lasting, lock
from newsspider.store.files import FOLDER, trouble_of, write_whole
from newsspider.store.ledgers import copied_ledger, join_ledger, open_ledger
from newsspider.store.output import OpenRun, Output
from newsspider.store.rebuild import ReadPost
from newsspider.store.repair import repair

_TURN = "turn"  # in .newsspider: what one process of a run does at a time, it does under it
_PROJECT = "newsspider.yml"  # in a repository whose root is the site: its owner wants it there


def open_output(
    path: Path,
    *,
    dry: bool,
    sites: Sequence[Site],
    posts: str,
    read: ReadPost,
    marks: Sequence[str] = (),
    ledger: str = "",
    wait: float = 0,
    tell: Callable[[str], object] = print,
) -> Output:
    """Open a folder for a run, creating it if necessary.

    A folder that is not empty is used only if it has posts, a ledger, newsspider.yml, or one of the
    files `marks`, which show a site of the format (`_config.yml`). `posts` names the folder of the
    posts inside it (`_posts`). A lost ledger is rebuilt from them: `read` returns the article of a
    post, `sites` are those that it may belong to. `wait` is how many seconds to wait for the end of
    another run; `tell` then gets one message. `ledger` is the address of its ledger in PostgreSQL.

    Raises OutputHeld if another run uses the folder, OutputError if it cannot be used.
    """
    refuse_foreign(path, posts, marks)
    lock_handle = None if dry else _locked(path, wait, tell)
    with contextlib.ExitStack() as undo:
        if lock_handle is not None:
            undo.callback(os.close, lock_handle)
        try:
            opened = open_ledger(path, ledger, dry=dry)
            undo.callback(opened.close)
            output = Output(path, path / posts, opened, dry, lock_handle)
            repair(output, sites, read)
        except OSError as error:
            where = error.filename2 or error.filename or path
            raise OutputError(f"{where}: cannot be used: {trouble_of(error)}") from error
        except Unwritable as error:
            raise OutputError(str(error)) from error
        undo.pop_all()
        return output


def join_output(path: Path, posts: str, ledger: str, run: OpenRun) -> Output:
    """Open a folder for a run that another process has opened: that one holds the lock, has
    repaired the folder, and ends the run. Raises OutputError if it cannot be used."""
    with contextlib.ExitStack() as undo:
        try:
            opened = join_ledger(path, ledger, run.number)
            undo.callback(opened.close)
            turn = os.open(path / FOLDER / _TURN, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise OutputError(f"{path}: cannot be used: {trouble_of(error)}") from error
        undo.pop_all()
    return Output(path, path / posts, opened, False, None, unclean=run.unclean, turn=turn)


def has_posts_of(path: Path, site: str) -> bool:
    """Return whether the ledger of a folder has posts of a site; False if it cannot be read."""
    try:
        ledger = copied_ledger(path, "")
    except (OutputError, OSError):
        return False
    with contextlib.closing(ledger):
        return any(post.site == site for post in ledger.published())


def refuse_foreign(path: Path, posts: str, marks: Sequence[str]) -> None:
    """Raise OutputError for a folder of somebody's other files: a site would be laid among them.
    `posts` and `marks` are as for `open_output`."""
    try:
        names = {entry.name for entry in os.scandir(path)}
    except OSError:  # missing, or of no use: opening it says why
        return
    others = [name for name in names if not name.startswith(".")]  # an empty clone has .git
    if others and names.isdisjoint((FOLDER, _PROJECT, posts, *marks)):
        own = "".join(f"; a site of your own is recognised by its {name}" for name in marks[:1])
        raise OutputError(
            f"{path}: is not empty and no site of newsspider: name an empty or a new folder with "
            f"--output{own}"
        )


def remove_unused(path: Path) -> None:
    """Remove an output folder that has nothing but what a run notes of itself, and the folder
    around it if that is empty then. What cannot be removed stays."""
    with contextlib.suppress(OSError, OutputHeld, OutputError):
        if [entry.name for entry in os.scandir(path)] == [FOLDER]:
            with hold(path):
                shutil.rmtree(path / FOLDER)
            path.rmdir()
            path.parent.rmdir()


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold an output folder, so that no run writes into it, without opening its ledger. Raises
    OutputHeld if a run holds it, OutputError if it cannot be written to."""
    handle = _locked(path, 0, print)
    try:
        yield
    finally:
        os.close(handle)


def _locked(path: Path, wait: float, tell: Callable[[str], object]) -> int:
    folder = path / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = lock.take(
            folder / "lock",
            wait=wait,
            tell=lambda holder: tell(f"{path}: {holder}; waiting for it to end"),
        )
        _sweep(path)
    except lock.Held as error:
        raise OutputHeld(f"{path}: {error}") from error
    except (OSError, Unwritable) as error:
        why = trouble_of(error) if isinstance(error, OSError) else error
        raise OutputError(
            f"{path}: cannot be written to ({why}); choose another --output"
        ) from error
    return handle


def _sweep(path: Path) -> None:
    """Remove the unfinished file of a killed run, and hide our folder from git."""
    for leftover in (path / FOLDER).glob("*.tmp"):
        leftover.unlink(missing_ok=True)
    if not (path / FOLDER / ".gitignore").exists():
        write_whole(path / FOLDER / ".gitignore", b"*\n", path)
    if (path / FOLDER / "removed.txt").exists():
        lasting.note_removed(path, ())
