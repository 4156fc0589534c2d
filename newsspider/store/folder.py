"""An output folder: locked for a run, its ledger open and checked against its posts.

In: a folder. Out: an `Output`, repaired after whatever happened since the last run: a kill, posts
that a person removed, a ledger that is missing or broken. A run opens it once, for all its crawls;
Publisher writes through it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.sites.schema import Site
from newsspider.store import corrections, lasting, lock, versions
from newsspider.store.archive import Archive, has_archive, open_archive
from newsspider.store.files import FOLDER, read_file, sync_folder, trouble_of, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.ledgers import copied_ledger, open_ledger
from newsspider.store.pictures import remove_pictures
from newsspider.store.rebuild import ReadPost, rebuild
from newsspider.store.records import REMOVAL, PublishedPost

logger = logging.getLogger(__name__)

_PROJECT = "newsspider.yml"  # in a repository whose root is the site: its owner wants it there
RETIRED = "no longer kept"  # the reason of a post that retention removed
_CLOCKS_DIFFER = timedelta(minutes=10)  # of two machines that run in turn


@dataclass(slots=True)
class Output:
    """An open output folder. `dry`: nothing may be written to it."""

    path: Path
    posts: Path  # the folder of the posts inside `path`
    ledger: Ledger
    dry: bool
    _lock: int | None
    trouble: str = ""  # why nothing more can be written
    unclean: bool = False  # the last run did not come to its end
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

    def at_end(self, close: Callable[[], object]) -> None:
        """Call this before the folder is unlocked; what it cannot save is lost."""
        self._closing.append(close)

    def close(self) -> None:
        """End the run and unlock the folder. Raises Unwritable if the end of the run cannot be
        recorded: the next run then checks its posts, as after a kill."""
        try:
            if trouble := self.trouble or self.ledger.trouble:
                raise Unwritable(trouble)
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
            if self._lock is not None:
                os.close(self._lock)

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
                self.ledger.adopt(_removed_post(key))


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
            _repair(output, sites, read)
        except OSError as error:
            where = error.filename2 or error.filename or path
            raise OutputError(f"{where}: cannot be used: {trouble_of(error)}") from error
        except Unwritable as error:
            raise OutputError(str(error)) from error
        undo.pop_all()
        return output


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


def _repair(output: Output, sites: Sequence[Site], read: ReadPost) -> None:
    """Bring the ledger into line with the posts, and start the run."""
    ledger, names = output.ledger, _names(output.posts)
    # In one commit: if a run started and died before its checks, the next run would check the posts
    # of that run only.
    with ledger.start_run() as unclean:
        output.unclean = unclean is not None
        _check_promises(output, unclean)
        # After an unclean end it is empty because the last commit is missing. The articles are then
        # fetched again and their posts recognised as ours; adopted posts would count as edited.
        if unclean is None and ledger.is_empty():
            recorded = lasting.restore(
                ledger, output.path, lambda name: hash_of(output.posts / name)
            )
            others = (output.posts / name for name in sorted(names - recorded))
            rebuild(ledger, others, read, sites)
            _restore_removed(ledger, output.path)
    _finish_removals(output)
    _check_clock(ledger, datetime.now(UTC))
    _notice_removed(output, names)


def _restore_removed(ledger: Ledger, path: Path) -> None:
    """Add the posts of removed.txt. Nothing of them is left to save, so that a run that publishes
    nothing changes no file."""
    for key in lasting.removed(path):
        ledger.adopt(_removed_post(key))
        post = ledger.article(key)
        if post is not None and post.state == "gone":
            ledger.note_saved([key])


def _check_clock(ledger: Ledger, now: datetime) -> None:
    """Report a clock that shows a time before the last run."""
    last = ledger.last_run()
    if last is not None and now < last - _CLOCKS_DIFFER:
        logger.warning(
            "the clock of this machine shows %s UTC, but the last run was on %s: set the clock;"
            " articles are dated by it, and those that are later than it wait",
            f"{now:%Y-%m-%d %H:%M}",
            f"{last.astimezone(UTC):%Y-%m-%d %H:%M}",
        )


def text_hash(data: bytes) -> str:
    """Return the hash by which the ledger knows a post's content."""
    return hashlib.sha256(data).hexdigest()


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


def _check_promises(output: Output, unclean: int | None) -> None:
    """Keep the promises whose posts were written, and take back the rest. After an unclean end (of
    the run `unclean`) check all posts of that run: a power cut may have lost their names.
    """
    ledger = output.ledger
    for post in ledger.articles_in_doubt(unclean):
        if post.state == "gone" or post.intended == REMOVAL:
            continue
        current = hash_of(output.posts / post.path)
        if current is None:
            ledger.forget(post.key)
        elif post.intended and current == post.intended:
            ledger.keep(post.key, current)
            ledger.settle_all(post.site, post.key)


def _finish_removals(output: Output) -> None:
    """Remove the posts that an earlier run was about to remove, but for those that a person edited
    meanwhile."""
    going = []
    for post in output.ledger.articles_in_doubt(None):
        if post.intended == REMOVAL:
            if hash_of(output.posts / post.path) in (None, post.hash):
                going.append(post)
            else:
                output.ledger.keep(post.key, post.hash)
    if going:
        output.retire(going)


def _names(posts: Path) -> set[str]:
    """Return the names of the files in the folder of the posts; empty if there is no folder yet."""
    try:
        return {entry.name for entry in os.scandir(posts)}
    except FileNotFoundError:  # any other error does not show whether there are posts
        if posts.is_symlink():  # nor does a link to a disk that is not mounted today
            raise
        return set()


def _notice_removed(output: Output, names: set[str]) -> None:
    """Record and report the posts whose files are missing."""
    removed = [post for post in output.ledger.published() if post.path not in names]
    if removed:
        output.mark_removed(removed)
        logger.warning(
            "%s removed from %s since the last run and will not be written again",
            "1 post was" if len(removed) == 1 else f"{len(removed)} posts were",
            output.posts,
        )


def _removed_post(key: str) -> PublishedPost:
    """Return the row of a removed post, as far as the list of keys gives it."""
    return PublishedPost(
        **dict.fromkeys(("site", "id", "category", "tag", "date", "link", "hash", "intended"), ""),
        key=key,
        path=f"removed/{key}",
        state="gone",
        run=0,
    )


def hash_of(file: Path) -> str | None:
    """Return the hash of a post's content; None if it cannot be read."""
    try:
        return text_hash(read_file(file))
    except OSError:
        return None
