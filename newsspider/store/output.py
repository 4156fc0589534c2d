"""The output folder of a run: its posts, its ledger, and what is removed from both together.

In: posts to write and to remove. Out: files, and rows of the ledger. `store/folder.py` opens one
for all crawls of a run; Publisher, retention and the commands write through it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsspider.errors import OutputError, Unwritable
from newsspider.store import corrections, lasting, versions
from newsspider.store.archive import Archive, has_archive, open_archive
from newsspider.store.files import read_file, sync_folder, trouble_of, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.pictures import remove_pictures
from newsspider.store.records import PublishedPost

RETIRED = "no longer kept"  # the reason of a post that retention removed


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that goes on, for the other processes of it: its number in the ledger, and whether the
    one before was unclean."""

    number: int
    unclean: bool


@dataclass(slots=True)
class Output:
    """An open output folder. `dry`: nothing may be written to it. `turn`: another process has begun
    the run, and this is the lock for what only one of its processes may do at a time."""

    path: Path
    posts: Path  # the folder of the posts inside `path`
    ledger: Ledger
    dry: bool
    _lock: int | None
    trouble: str = ""  # why nothing more can be written
    unclean: bool = False  # the last run did not come to its end
    turn: int | None = None
    _has_turn: bool = False
    _archive: Archive | None = None
    _closing: list[Callable[[], object]] = field(default_factory=list)

    @property
    def archive(self) -> Archive:
        """The archive of the folder. Raises OutputError if it cannot be used."""
        if self._archive is None:
            self._archive = open_archive(self.path)
            self.at_end(self._archive.close)
        return self._archive

    def renew_archived(self, key: str) -> None:
        """Note that this run writes the post of an article anew from what the archive has of it. If
        that cannot be noted, the archive counts as older than the post."""
        if not self.dry and has_archive(self.path):
            with contextlib.suppress(Unwritable, OutputError):
                self.archive.renew(key, self.ledger.run)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Do what no other process of the run may do meanwhile: what is read inside, such as which
        names of posts are free, is still true when it is used."""
        if self.turn is None or self._has_turn:
            yield
            return
        fcntl.flock(self.turn, fcntl.LOCK_EX)
        self._has_turn = True
        try:
            yield
        finally:
            self._has_turn = False
            fcntl.flock(self.turn, fcntl.LOCK_UN)

    @property
    def lock(self) -> int | None:
        """The handle of the folder's lock: whoever inherits it holds the folder, too."""
        return self._lock

    def at_end(self, close: Callable[[], object]) -> None:
        """Call this before the folder is unlocked; what it cannot save is lost."""
        self._closing.append(close)

    def close(self) -> None:
        """End the run and unlock the folder. Raises Unwritable if the end of the run cannot be
        recorded: the next run then checks its posts, as after a kill."""
        try:
            if trouble := self.trouble or self.ledger.trouble:
                raise Unwritable(trouble)
            if self.turn is not None:
                return  # the process that opened the run ends it
            if not self.dry:
                # The posts of a run that ended are not checked again, so their names must last.
                sync_folder(self.posts)
                lasting.save(self.ledger, self.path)
            self.ledger.end_run()
        except OSError as error:
            where = error.filename2 or error.filename or self.path
            raise Unwritable(f"{where}: cannot be written: {trouble_of(error)}") from error
        finally:
            for close in (*self._closing, self.ledger.close):
                with contextlib.suppress(Unwritable):
                    close()
            for handle in (self._lock, self.turn):
                if handle is not None:
                    os.close(handle)

    def write(self, path: Path, text: str) -> None:
        """Write a file, whole or not at all. Raises what `files.write_whole` raises."""
        write_whole(path, text.encode("utf-8"), self.path)

    def is_ours(self, post: PublishedPost) -> bool:
        """Return whether the file of a post is as we wrote it."""
        return bool(post.hash) and hash_of(self.posts / post.path) == post.hash

    def remove(self, post: PublishedPost, why: str) -> bool:
        """Take a post down; return False for one that a person edited, which stays. Raises OSError
        if the file cannot be removed."""
        if not self.is_ours(post):
            return False
        self.take_down(post, why)
        return True

    def take_down(self, post: PublishedPost, why: str) -> None:
        """Remove the file of a post, edited or not, with the pictures that it alone shows, and note
        that it is never written again. Raises OSError if a file cannot be removed."""
        remove_pictures(self.path, self.posts, {post.path})
        (self.posts / post.path).unlink(missing_ok=True)
        self.mark_removed([post], why)

    def retire(self, posts: Sequence[PublishedPost]) -> None:
        """Remove the files of posts that are kept no longer, all of them as we wrote them, with the
        pictures that they alone show; they are never written again. The next run finishes what a
        kill leaves. Raises OSError if a file cannot be removed."""
        self.ledger.promise_removal(post.key for post in posts)
        if not self.dry:
            remove_pictures(self.path, self.posts, {post.path for post in posts})
            for post in posts:
                (self.posts / post.path).unlink(missing_ok=True)
        self.mark_removed(posts, RETIRED)

    def mark_removed(self, posts: Sequence[PublishedPost], why: str = "") -> None:
        """Record that these posts were removed: in the ledger, and in a list that survives its
        loss. The list also has their other identities, which would bring them back."""
        if not self.dry and posts:
            keys = [post.key for post in posts]
            records = filter(None, map(self.ledger.record, keys))
            aliases = [alias for record in records for alias in record.aliases]
            with self.alone():
                lasting.note_removed(self.path, [*keys, *aliases], why)
            for key in keys:
                versions.forget(self.path, key)
                corrections.forget(self.path, key)
            if has_archive(self.path):
                self.archive.forget(keys)
        with self.ledger.transaction():
            for post in posts:
                self.ledger.mark_removed(post.key)

    def note_elsewhere(self, keys: Sequence[str]) -> None:
        """Record articles that other files have, such as an archive: they get no post here, even
        after the loss of the ledger."""
        if not self.dry and keys:
            lasting.note_removed(self.path, keys)
        with self.ledger.transaction():
            for key in keys:
                self.ledger.adopt(removed_post(key))


def removed_post(key: str) -> PublishedPost:
    """Return the row of a removed post, as far as the list of keys gives it."""
    return PublishedPost(
        **dict.fromkeys(("site", "id", "category", "tag", "date", "link", "hash", "intended"), ""),
        key=key,
        path=f"removed/{key}",
        state="gone",
        run=0,
    )


def text_hash(data: bytes) -> str:
    """Return the hash by which the ledger knows a post's content."""
    return hashlib.sha256(data).hexdigest()


def hash_of(file: Path) -> str | None:
    """Return the hash of a post's content; None if it cannot be read."""
    try:
        return text_hash(read_file(file))
    except OSError:
        return None
