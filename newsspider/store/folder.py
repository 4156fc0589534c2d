"""An output folder: whose turn it is, what its ledger says, and whether that is still true.

In: a folder. Out: an `Output` with the ledger open and the folder locked, put right after whatever
happened since the last run: a kill, posts a person removed, a ledger that is gone or broken. A run
opens it once, for all its crawls; the pipelines write through it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsspider.dates import post_date
from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.exporters.jekyll.post import read
from newsspider.model import Article, Link
from newsspider.sites.identity import article_key
from newsspider.sites.schema import Site
from newsspider.store import lock
from newsspider.store.files import FOLDER, sync_folder, trouble_of, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.records import Published
from newsspider.store.sqlite import open_ledger
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

_BURIED = "removed.txt"


@dataclass(slots=True)
class Output:
    """An open output folder. `dry` when nothing may be written to it."""

    path: Path
    ledger: Ledger
    dry: bool
    _lock: int | None
    trouble: str = ""  # why nothing more can be written

    @property
    def posts(self) -> Path:
        return self.path / "_posts"

    def close(self) -> None:
        """End the run and let the folder go. Raises Unwritable when it ends as one that was killed
        does: the next run looks at what it left."""
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
        """A whole file or none. Raises what disk.write_whole raises."""
        write_whole(path, text.encode("utf-8"), self.path)

    def bury(self, rows: Sequence[Published]) -> None:
        """Remember that a person removed these posts, apart from the ledger too."""
        if not self.dry and rows:
            keys = dict.fromkeys([*_buried(self.path), *(row.key for row in rows)])
            text = "".join(f"{key}\n" for key in keys)
            write_whole(self.path / FOLDER / _BURIED, text.encode(), self.path, lasting=True)
        with self.ledger.transaction():
            for row in rows:
                self.ledger.bury(row.key)


def open_output(
    path: Path,
    *,
    dry: bool,
    sites: Sequence[Site],
    wait: float = 0,
    tell: Callable[[str], object] = print,
) -> Output:
    """Open a folder for a run, making it if need be. `sites` tell which article a post found there
    is of, for a ledger that has to be made anew. `wait`: seconds to wait for another run's end.

    Raises OutputHeld when another run has it, OutputError when it cannot be used.
    """
    held = None if dry else _locked(path, wait, tell)
    with contextlib.ExitStack() as undo:
        if held is not None:
            undo.callback(os.close, held)
        try:
            ledger = open_ledger(path / FOLDER / "ledger.sqlite", dry=dry)
            undo.callback(ledger.close)
            output = Output(path=path, ledger=ledger, dry=dry, _lock=held)
            _put_right(output, sites)
        except OSError as error:
            where = error.filename2 or error.filename or path
            raise OutputError(f"{where}: cannot be used: {trouble_of(error)}") from error
        except Unwritable as error:
            raise OutputError(str(error)) from error
        undo.pop_all()
        return output


def _put_right(output: Output, sites: Sequence[Site]) -> None:
    ledger, there = output.ledger, _names(output.posts)
    # In one commit: had a run begun and not looked, the next one would look at its posts only.
    with ledger.start_run() as unclean:
        _check_promises(output, unclean)
        # After an unclean end it is empty for want of a last commit: what is there is fetched again
        # and found to be ours, where a post taken over as it is counts as edited for ever.
        if unclean is None and ledger.is_empty():
            _rebuild(output, sites)
    _notice_removed(output, there)


def text_hash(data: bytes) -> str:
    """What the ledger remembers of a post's content."""
    return hashlib.sha256(data).hexdigest()


def _locked(path: Path, wait: float, tell: Callable[[str], object]) -> int:
    folder = path / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = lock.take(
            folder / "lock", wait=wait, tell=lambda said: tell(f"{path}: {said}; waiting for it")
        )
        _sweep(path)
    except lock.Held as error:
        raise OutputHeld(f"{path}: {error}") from error
    except (OSError, Unwritable) as error:
        why = trouble_of(error) if isinstance(error, OSError) else error
        raise OutputError(
            f"{path}: cannot be written to ({why}); choose another --output"
        ) from error
    return held


def _sweep(path: Path) -> None:
    """What a killed run was writing goes; and git does not see the folder, whoever's site it is."""
    for leftover in (path / FOLDER).glob("*.tmp"):
        leftover.unlink(missing_ok=True)
    if not (path / FOLDER / ".gitignore").exists():
        write_whole(path / FOLDER / ".gitignore", b"*\n", path)


def _check_promises(output: Output, unclean: int | None) -> None:
    """Keep what was promised and written, take back the rest; after an unclean end all that the
    last run wrote is looked at, for the names of its posts may be lost with the power."""
    ledger = output.ledger
    for row in ledger.articles_in_doubt(unclean):
        if row.state == "gone":
            continue
        found = _hash_of(output.posts / row.path)
        if found is None:
            ledger.forget(row.key)
        elif row.intended and found == row.intended:
            ledger.keep(row.key, found)
            ledger.settle_all(row.site, row.key)


def _rebuild(output: Output, sites: Sequence[Site]) -> None:
    """The articles of the posts that are there; their content is not known to be ours."""
    count, categories = 0, set()
    for file in sorted(output.posts.glob("*.md")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            article = read(file.name, file.read_text("utf-8"))
            row = identified(article, sites) if article else None
            if row is not None:
                output.ledger.adopt(replace(row, path=file.name))
                categories.add(row.category)
                count += 1
    output.ledger.note_categories(categories)
    for key in _buried(output.path):
        output.ledger.adopt(_gone(key))
    if count:
        logger.info("the ledger is new: %d posts that were there are kept as they are", count)


def _names(posts: Path) -> set[str]:
    """The names of the posts; none where there is no folder yet."""
    try:
        return {entry.name for entry in os.scandir(posts)}
    except FileNotFoundError:  # any other reason says nothing of the posts
        if posts.is_symlink():  # nor does one that leads to a disk that is not there today
            raise
        return set()


def _notice_removed(output: Output, there: set[str]) -> None:
    removed = [row for row in output.ledger.published() if row.path not in there]
    if removed:
        output.bury(removed)
        logger.warning(
            "%d posts were removed from %s since the last run and will not come back",
            len(removed),
            output.posts,
        )


def _buried(path: Path) -> list[str]:
    """The keys of removed posts. What is no whole line was not written by us."""
    try:
        return (path / FOLDER / _BURIED).read_text("utf-8", "replace").split("\n")[:-1]
    except FileNotFoundError:
        return []


def _gone(key: str) -> Published:
    return Published(
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


def identified(article: Article, sites: Iterable[Site]) -> Published | None:
    """The ledger's row for a post found in the folder: which site's article it is, and which."""
    site = next((site for site in sites if _is_of(article, site)), None)
    if site is None or article.published is None:
        return None
    link = Link(url=article.link, id=article.id)
    date = article.published
    if date.tzinfo is None:
        date = date.replace(tzinfo=site.zone)
    return Published(
        key=article_key(site, link),
        site=site.name,
        id=article.id,
        path=f"{date:%Y-%m-%d}-{article.id}.md",
        category=article.category,
        tag=article.tag,
        date=post_date(date),
        link=article.link,
        state="published",
        hash="",
        intended="",
        run=0,
    )


def _is_of(article: Article, site: Site) -> bool:
    if site.claim(article.link) is not None:
        return True
    if site.number(article.id):
        return article.category in site.categories or not site.shares
    return bool(site.home) and host(site.home) == host(article.link)
