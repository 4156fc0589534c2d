"""The archive: the answers from which posts were written, in `.newsspider/archive/archive.sqlite`.

In: an article, and the answers to its requests as their sites sent them. Out: both again, for
`newsspider render` and as saved pages. Each answer is packed, or lies in a WARC file; it is kept
once however many articles have it. `store/output.py` opens the archive, `spiders/archiving.py`
fills it.

The article and its answers are saved in one transaction before its post is promised, so a process
that dies leaves at most an article without a post. `run` shows whether they belong to the post: a
post that a later run wrote without the archive has a higher one.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.errors import BrokenLedger, NewerLedger, NotReadable, OutputError
from newsspider.store import warc
from newsspider.store.archived import ArchivedArticle, ArchivedPage, hash_of_body, page_of_row
from newsspider.store.files import FOLDER, trouble_of
from newsspider.store.records import dump_link, load_link
from newsspider.store.sqlite.database import Database

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

logger = logging.getLogger(__name__)

LARGEST = 1000  # MB, packed, by default
OLDEST = 365  # days, by default

_ARCHIVE = "archive"  # in .newsspider
_LEVEL = 6  # 40 pages of 113 KB: 25.1 KB in 1.5 ms; level 3: 26.6 KB, level 19: 23.6 KB in 90 ms
_MB = 1_000_000
_STEPS = (
    """
CREATE TABLE articles (
  key TEXT PRIMARY KEY, run INTEGER NOT NULL, read TEXT NOT NULL,         -- ISO 8601
  site TEXT NOT NULL, listing TEXT NOT NULL, share TEXT NOT NULL,
  link TEXT NOT NULL, options TEXT NOT NULL                               -- JSON
);
CREATE INDEX articles_read ON articles (read);
CREATE TABLE pages (
  key TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, asked TEXT NOT NULL,
  url TEXT NOT NULL, status INTEGER NOT NULL, type TEXT NOT NULL, hash TEXT NOT NULL,
  rights TEXT NOT NULL,                                                   -- JSON
  PRIMARY KEY (key, number)
) WITHOUT ROWID;
CREATE INDEX pages_hash ON pages (hash);
CREATE TABLE answers (hash TEXT PRIMARY KEY, packed BLOB NOT NULL);
""",
    """
CREATE TABLE places (
  hash TEXT PRIMARY KEY, file INTEGER NOT NULL, at INTEGER NOT NULL, length INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE gaps (file INTEGER PRIMARY KEY);  -- WARC files with records that no article has
CREATE VIEW sizes AS
  SELECT hash, LENGTH(packed) AS size FROM answers UNION ALL SELECT hash, length FROM places;
""",
)


class Archive:
    """The open file. Raises what Database raises."""

    def __init__(self, file: Path) -> None:
        self._db = Database(file, _STEPS, whole=False)
        self._folder = file.parent

    def close(self) -> None:
        self._db.close()

    def keep(
        self, article: ArchivedArticle, bodies: Mapping[str, bytes], *, as_warc: bool = False
    ) -> None:
        """Save an article, in place of an earlier one with its key; `bodies` has the bodies of its
        pages by their hash. Those that are new go into a WARC file with `as_warc`."""
        link = dump_link(article.link, article.read.isoformat())
        options = json.dumps({**article.options, "of_feed": article.of_feed})
        places = self._write_warc(article, bodies) if as_warc else {}
        with self._db.transaction():
            before = self._take_out(article.key)
            self._db.do(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(article.key, article.run, _utc(article.read), article.site),
                    *(article.listing, article.share, link, options),
                ),
            )
            for number, page in enumerate(article.pages):
                self._db.do(
                    "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(article.key, number, page.name, page.asked),
                        *(page.url, page.status, page.type, page.hash),
                        json.dumps([astuple(right) for right in page.rights]),
                    ),
                )
            for hash_, place in places.items():
                values = (hash_, place.file, place.at, place.length)
                self._db.do("INSERT INTO places VALUES (?, ?, ?, ?)", values)
            for hash_, body in bodies.items():
                if not self._has_body(hash_):
                    packed = zstd.compress(body, _LEVEL)
                    self._db.do("INSERT INTO answers VALUES (?, ?)", (hash_, packed))
            self._drop_unused(before)

    def _has_body(self, hash_: str) -> bool:
        return self._db.row("SELECT 1 FROM sizes WHERE hash = ?", (hash_,)) is not None

    def _write_warc(
        self, article: ArchivedArticle, bodies: Mapping[str, bytes]
    ) -> dict[str, warc.Place]:
        """Append the bodies that are new to the last WARC file; return where they are."""
        warc.check_installed()
        places: dict[str, warc.Place] = {}
        row = self._db.row("SELECT file, at, length FROM places ORDER BY file DESC, at DESC")
        last = warc.Place(*row) if row else None
        for page in article.pages:
            if page.hash not in places and not self._has_body(page.hash):
                values = (page.url, page.status, page.type, bodies[page.hash], article.read)
                last = places[page.hash] = warc.append(self._folder, last, *values)
        return places

    def renew(self, key: str, run: int) -> None:
        """Note that this run is about to write the post of an article anew, from what is here."""
        self._db.do("UPDATE articles SET run = ? WHERE key = ?", (run, key))

    def forget(self, keys: Sequence[str]) -> None:
        """Remove articles, and the answers that no other article has."""
        with self._db.transaction():
            for key in keys:
                self._drop_unused(self._take_out(key))
        self._close_gaps()

    def _take_out(self, key: str) -> set[str]:
        """Remove an article; return the hashes of its answers."""
        hashes = self._db.rows("SELECT hash FROM pages WHERE key = ?", (key,))
        self._db.do("DELETE FROM pages WHERE key = ?", (key,))
        self._db.do("DELETE FROM articles WHERE key = ?", (key,))
        return {hash_ for (hash_,) in hashes}

    def _drop_unused(self, hashes: set[str]) -> None:
        for hash_ in hashes:
            if self._db.row("SELECT 1 FROM pages WHERE hash = ?", (hash_,)) is None:
                place = "SELECT file FROM places WHERE hash = ?"
                self._db.do(f"INSERT OR IGNORE INTO gaps {place}", (hash_,))
                self._db.do("DELETE FROM places WHERE hash = ?", (hash_,))
                self._db.do("DELETE FROM answers WHERE hash = ?", (hash_,))

    def _close_gaps(self) -> None:
        """Write the WARC files anew that have records of no article."""
        files = self._db.rows("SELECT file FROM gaps ORDER BY file")
        if files:
            warc.check_installed()
        for (file,) in files:
            select = "SELECT file, at, length FROM places WHERE file = ? ORDER BY at"
            kept = [warc.Place(*row) for row in self._db.rows(select, (file,))]
            (last,) = self._db.row("SELECT MAX(file) FROM places") or (None,)
            moved = self._compacted(kept, (last or 0) + 1)
            with self._db.transaction():
                for old, new in zip(kept, moved, strict=True):
                    self._db.do(
                        "UPDATE places SET file = ?, at = ? WHERE file = ? AND at = ?",
                        (new.file, new.at, old.file, old.at),
                    )
                self._db.do("DELETE FROM gaps WHERE file = ?", (file,))
        if files:
            rows = self._db.rows("SELECT DISTINCT file FROM places")
            warc.remove_others(self._folder, [file for (file,) in rows])

    def _compacted(self, kept: Sequence[warc.Place], to: int) -> Sequence[warc.Place]:
        """Return the new places of records; where their file is damaged, the old ones."""
        try:
            return warc.compact(self._folder, self._folder.parents[1], kept, to) if kept else kept
        except OSError as error:
            logger.warning("%s: a file cannot be written anew: %s", self._folder, error)
            return kept

    def trim(self, largest: int = LARGEST, oldest: int = OLDEST) -> None:
        """Remove the articles read more than `oldest` days ago, then the oldest, until what is left
        takes at most `largest` MB."""
        limit = _utc(datetime.now(UTC) - timedelta(days=oldest))
        old = self._db.rows("SELECT key FROM articles WHERE read < ?", (limit,))
        self.forget([key for (key,) in old])
        excess, keys = self.size() - largest * _MB, []
        if excess > 0:
            by_age = self._db.rows(
                "SELECT articles.key, SUM(size) FROM articles"
                " JOIN pages USING (key) JOIN sizes USING (hash)"
                " GROUP BY articles.key ORDER BY read, articles.key"
            )
            for key, size in by_age:
                if excess <= 0:
                    break
                keys.append(key)
                excess -= size
            self.forget(keys)
        if old or keys:
            self._give_back()

    def _give_back(self) -> None:
        """Make the file smaller where most of it is empty; what is empty is used again."""
        (pages,) = self._db.row("PRAGMA page_count") or (0,)
        (free,) = self._db.row("PRAGMA freelist_count") or (0,)
        if 2 * free > pages:
            self._db.do("VACUUM")

    def size(self) -> int:
        """Return the bytes of all answers, packed."""
        row = self._db.row("SELECT SUM(size) FROM sizes")
        return (row and row[0]) or 0

    def keys_of(self, site: str = "") -> list[str]:
        """Return the keys of the articles, or of those of a site, the last read one first."""
        where, values = ("WHERE site = ? ", (site,)) if site else ("", ())
        select = f"SELECT key FROM articles {where}ORDER BY read DESC, key"  # noqa: S608
        return [key for (key,) in self._db.rows(select, values)]

    def article(self, key: str) -> ArchivedArticle | None:
        """Return an article; None without one. Raises NotReadable for a damaged one."""
        row = self._db.row("SELECT * FROM articles WHERE key = ?", (key,))
        if row is None:
            return None
        pages = self._db.rows(
            "SELECT name, asked, url, status, type, hash, rights FROM pages WHERE key = ?"
            " ORDER BY number",
            (key,),
        )
        _, run, read, site, listing, share, link, options = row
        try:
            values = json.loads(options)
            return ArchivedArticle(
                key=key,
                run=int(run),
                read=datetime.fromisoformat(read),
                site=site,
                listing=listing,
                share=share,
                link=load_link(json.loads(link)["url"], link),
                of_feed=bool(values.pop("of_feed")),
                options={str(name): str(value) for name, value in values.items()},
                pages=tuple(map(page_of_row, pages)),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotReadable(f"{key} is damaged in the archive") from error

    def body(self, page: ArchivedPage) -> bytes:
        """Return the body of an answer. Raises NotReadable if it is missing or damaged."""
        row = self._db.row("SELECT packed FROM answers WHERE hash = ?", (page.hash,))
        place = self._db.row("SELECT file, at, length FROM places WHERE hash = ?", (page.hash,))
        try:
            if row:
                body = zstd.decompress(row[0])
            elif place:
                body = warc.read(self._folder, warc.Place(*place))
            else:
                raise NotReadable(f"{page.asked} is missing from the archive")
        except (zstd.ZstdError, TypeError) as error:
            raise NotReadable(f"{page.asked} is damaged in the archive") from error
        if hash_of_body(body) != page.hash:
            raise NotReadable(f"{page.asked} is damaged in the archive")
        return body


def _utc(at: datetime) -> str:
    """Return a time as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def has_archive(output: Path) -> bool:
    """Return whether a folder has an archive."""
    return _file(output).exists()


def open_archive(output: Path) -> Archive:
    """Open the archive of a folder, creating it if necessary. Raises OutputError if it cannot be
    used: nothing is changed then."""
    file = _file(output)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return Archive(file)
    except NewerLedger:
        why = "a newer newsspider wrote this archive: update newsspider"
    except BrokenLedger:
        why = "this is no archive of newsspider, or it is broken"
    except OSError as error:
        raise OutputError(f"{file}: cannot be used: {trouble_of(error)}") from error
    raise OutputError(f"{file}: {why}, or delete the file: the next crawl begins a new one")


def _file(output: Path) -> Path:
    return output / FOLDER / _ARCHIVE / "archive.sqlite"
