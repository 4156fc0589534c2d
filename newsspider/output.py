"""An output folder: whose turn it is, what its ledger says, and whether that is still true.

In: a folder. Out: an `Output` with the ledger open and the folder locked, put right after whatever
happened since the last run: a kill, posts a person removed, a ledger that is gone or broken. The
spiders open it when a crawl starts; the pipelines write through it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsspider.article import Article, Link
from newsspider.dates import post_date
from newsspider.extract.rules import article_key
from newsspider.ledger import FOLDER, Ledger, Published
from newsspider.post import read
from newsspider.site import Site
from newsspider.urls import host

logger = logging.getLogger(__name__)

_BURIED = "removed.txt"


class OutputError(Exception):
    """An output folder that cannot be used; says which and why."""


class OutputHeld(OutputError):
    """Another run holds the output folder."""


@dataclass(slots=True)
class Output:
    """An open output folder. `dry` when nothing may be written to it."""

    path: Path
    ledger: Ledger
    dry: bool
    _lock: int | None

    @property
    def posts(self) -> Path:
        return self.path / "_posts"

    def close(self) -> None:
        """End the run and let the folder go."""
        self.ledger.end_run()
        self.ledger.close()
        if self._lock is not None:
            os.close(self._lock)

    def write(self, path: Path, text: str) -> None:
        """A whole file or none: written beside the ledger, where neither Jekyll nor git looks,
        then renamed."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.path / FOLDER, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise

    def bury(self, key: str) -> None:
        """Remember that a person removed this article's post, apart from the ledger too."""
        if not self.dry:
            with (self.path / FOLDER / _BURIED).open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")
        self.ledger.bury(key)


def open_output(path: Path, *, dry: bool, sites: Sequence[Site]) -> Output:
    """Open a folder for a run, making it if need be. `sites` tell which article a post found there
    is of, for a ledger that has to be made anew.

    Raises OutputHeld when another run has it, OutputError when it cannot be used.
    """
    file = path / FOLDER / "ledger.sqlite"
    lock = None if dry else _locked(path)
    with contextlib.ExitStack() as undo:
        if lock is not None:
            undo.callback(os.close, lock)
        try:
            ledger = _copied(file) if dry else _ledger(file)
            undo.callback(ledger.close)
            output = Output(path=path, ledger=ledger, dry=dry, _lock=lock)
            _put_right(output, sites)
        except (OSError, sqlite3.Error) as error:
            raise OutputError(f"{path}: cannot be used ({error})") from error
        undo.pop_all()
        return output


def _put_right(output: Output, sites: Sequence[Site]) -> None:
    unclean = output.ledger.start_run()
    if unclean is not None:
        _check_last_run(output, unclean)
    if output.ledger.is_empty():
        _rebuild(output, sites)
    _notice_removed(output)


def text_hash(data: bytes) -> str:
    """What the ledger remembers of a post's content."""
    return hashlib.sha256(data).hexdigest()


def _locked(path: Path) -> int:
    try:
        (path / FOLDER).mkdir(parents=True, exist_ok=True)
        lock = os.open(path / FOLDER / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written to ({error.strerror}); choose another --output"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(lock, 100, 0).decode("utf-8", "replace").strip()
        os.close(lock)
        raise OutputHeld(f"{path}: another run holds it ({holder or 'unknown'})") from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()}".encode(), 0)
    for leftover in (path / FOLDER).glob("*.tmp"):
        leftover.unlink(missing_ok=True)
    return lock


def _copied(file: Path) -> Ledger:
    """What the ledger says, for a run that writes nothing."""
    ledger = Ledger(None)
    if file.exists():
        try:
            ledger.copy_of(file)
        except sqlite3.DatabaseError as error:
            logger.warning("%s: is broken (%s) and not looked at", file, error)
            ledger.close()
            ledger = Ledger(None)
    return ledger


def _ledger(file: Path) -> Ledger:
    try:
        return Ledger(file)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            raise
        aside = file.with_suffix(".broken")
        file.replace(aside)
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        logger.warning(
            "%s: was broken (%s); set aside as %s and made anew", file, error, aside.name
        )
        return Ledger(file)


def _check_last_run(output: Output, run: int) -> None:
    """After an unclean end: keep what the last run promised and wrote, take back the rest."""
    ledger = output.ledger
    for row in ledger.articles_of_run(run):
        if row.state == "gone":
            continue
        found = _hash_of(output.posts / row.path)
        if found is None:
            ledger.forget(row.key)
        elif row.intended and found == row.intended:
            ledger.keep(row.key, found)


def _rebuild(output: Output, sites: Sequence[Site]) -> None:
    """The articles of the posts that are there; their content is not known to be ours."""
    count, categories = 0, set()
    with output.ledger.transaction():
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


def _notice_removed(output: Output) -> None:
    there: set[str] = set()
    with contextlib.suppress(FileNotFoundError):  # any other reason says nothing of the posts
        there = {entry.name for entry in os.scandir(output.posts)}
    removed = [row for row in output.ledger.published() if row.path not in there]
    for row in removed:
        output.bury(row.key)
    if removed:
        logger.warning(
            "%d posts were removed from %s since the last run and will not come back",
            len(removed),
            output.posts,
        )


def _buried(path: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from (path / FOLDER / _BURIED).read_text("utf-8", "replace").split("\n")[:-1]


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
