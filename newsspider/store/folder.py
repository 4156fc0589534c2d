"""An output folder: locked for a run, its ledger open and checked against its posts.

In: a folder. Out: an `Output`, put right after whatever happened since the last run: a kill, posts
that a person removed, a ledger that is gone or broken. A run opens it once, for all its crawls;
Publisher writes through it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.sites.schema import Site
from newsspider.store import lock
from newsspider.store.files import FOLDER, sync_folder, trouble_of, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.rebuild import ReadPost, rebuild
from newsspider.store.records import PublishedPost
from newsspider.store.sqlite import open_ledger

logger = logging.getLogger(__name__)

_REMOVED = "removed.txt"  # in .newsspider: the keys of removed posts, for a lost ledger


@dataclass(slots=True)
class Output:
    """An open output folder. `dry` when nothing may be written to it."""

    path: Path
    posts: Path  # the folder of the posts inside `path`
    ledger: Ledger
    dry: bool
    _lock: int | None
    trouble: str = ""  # why nothing more can be written

    def close(self) -> None:
        """End the run and unlock the folder. Raises Unwritable when the run ends like a killed one:
        the next run looks at what it left."""
        try:
            if trouble := self.trouble or self.ledger.trouble:
                raise Unwritable(trouble)
            if not self.dry:
                # A run that ended is not looked at again, so the names of its posts must last.
                sync_folder(self.posts)
            self.ledger.end_run()
        except OSError as error:
            raise Unwritable(f"{self.posts}: {trouble_of(error)}") from error
        finally:
            with contextlib.suppress(Unwritable):
                self.ledger.close()
            if self._lock is not None:
                os.close(self._lock)

    def write(self, path: Path, text: str) -> None:
        """Write a whole file or none. Raises what `files.write_whole` raises."""
        write_whole(path, text.encode("utf-8"), self.path)

    def mark_removed(self, posts: Sequence[PublishedPost]) -> None:
        """Remember that a person removed these posts: in the ledger, and in a list that outlives
        it."""
        if not self.dry and posts:
            keys = dict.fromkeys([*_removed_keys(self.path), *(post.key for post in posts)])
            text = "".join(f"{key}\n" for key in keys)
            write_whole(self.path / FOLDER / _REMOVED, text.encode(), self.path, lasting=True)
        with self.ledger.transaction():
            for post in posts:
                self.ledger.mark_removed(post.key)


def open_output(
    path: Path,
    *,
    dry: bool,
    sites: Sequence[Site],
    posts: str,
    read: ReadPost,
    wait: float = 0,
    tell: Callable[[str], object] = print,
) -> Output:
    """Open a folder for a run, making it if need be.

    `posts` names the folder of the posts inside it (`_posts`). A ledger that is lost is made anew
    from them: `read` gives the article of a post, `sites` say whose it is. `wait` is how many
    seconds to wait for the end of another run, and `tell` hears of that once.

    Raises OutputHeld when another run has the folder, OutputError when it cannot be used.
    """
    lock_handle = None if dry else _locked(path, wait, tell)
    with contextlib.ExitStack() as undo:
        if lock_handle is not None:
            undo.callback(os.close, lock_handle)
        try:
            ledger = open_ledger(path / FOLDER / "ledger.sqlite", dry=dry)
            undo.callback(ledger.close)
            output = Output(path, path / posts, ledger, dry, lock_handle)
            _put_right(output, sites, read)
        except OSError as error:
            where = error.filename2 or error.filename or path
            raise OutputError(f"{where}: cannot be used: {trouble_of(error)}") from error
        except Unwritable as error:
            raise OutputError(str(error)) from error
        undo.pop_all()
        return output


def _put_right(output: Output, sites: Sequence[Site], read: ReadPost) -> None:
    ledger, names = output.ledger, _names(output.posts)
    # In one commit: had a run begun and not looked, the next one would look at its posts only.
    with ledger.start_run() as unclean:
        _check_promises(output, unclean)
        # After an unclean end it is empty for want of a last commit: what is there is fetched again
        # and is seen to be ours, where a post taken over as it is counts as edited for ever.
        if unclean is None and ledger.is_empty():
            rebuild(ledger, (output.posts / name for name in sorted(names)), read, sites)
            for key in _removed_keys(output.path):
                ledger.adopt(_removed_post(key))
    _notice_removed(output, names)


def text_hash(data: bytes) -> str:
    """What the ledger remembers of a post's content."""
    return hashlib.sha256(data).hexdigest()


def _locked(path: Path, wait: float, tell: Callable[[str], object]) -> int:
    folder = path / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = lock.take(
            folder / "lock",
            wait=wait,
            tell=lambda holder: tell(f"{path}: {holder}; waiting for it"),
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
    """Remove what a killed run was writing, and hide our folder from git, whoever's site it is."""
    for leftover in (path / FOLDER).glob("*.tmp"):
        leftover.unlink(missing_ok=True)
    if not (path / FOLDER / ".gitignore").exists():
        write_whole(path / FOLDER / ".gitignore", b"*\n", path)


def _check_promises(output: Output, unclean: int | None) -> None:
    """Keep what was promised and written, take back the rest. After an unclean end (of the run
    `unclean`) this looks at all that it wrote: the names of its posts may be lost with the power.
    """
    ledger = output.ledger
    for post in ledger.articles_in_doubt(unclean):
        if post.state == "gone":
            continue
        current = _hash_of(output.posts / post.path)
        if current is None:
            ledger.forget(post.key)
        elif post.intended and current == post.intended:
            ledger.keep(post.key, current)
            ledger.settle_all(post.site, post.key)


def _names(posts: Path) -> set[str]:
    """The names of the files in the folder of the posts; empty where there is no folder yet."""
    try:
        return {entry.name for entry in os.scandir(posts)}
    except FileNotFoundError:  # any other reason says nothing of the posts
        if posts.is_symlink():  # nor does one that leads to a disk that is not there today
            raise
        return set()


def _notice_removed(output: Output, names: set[str]) -> None:
    removed = [post for post in output.ledger.published() if post.path not in names]
    if removed:
        output.mark_removed(removed)
        logger.warning(
            "%d posts were removed from %s since the last run and will not come back",
            len(removed),
            output.posts,
        )


def _removed_keys(path: Path) -> list[str]:
    """The keys of removed posts. The rest after the last whole line was not written by us."""
    try:
        return (path / FOLDER / _REMOVED).read_text("utf-8", "replace").split("\n")[:-1]
    except FileNotFoundError:
        return []


def _removed_post(key: str) -> PublishedPost:
    """All that the list knows of a removed post."""
    return PublishedPost(
        **dict.fromkeys(("site", "id", "category", "tag", "date", "link", "hash", "intended"), ""),
        key=key,
        path=f"removed/{key}",
        state="gone",
        run=0,
    )


def _hash_of(file: Path) -> str | None:
    try:
        return text_hash(file.read_bytes())
    except OSError:
        return None
