"""The ledger in a SQLite file.

In and out: see the methods of `store/ledger.py`. `open_ledger` creates it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsspider.errors import NameTaken
from newsspider.model import Article, Link, Section
from newsspider.store.counts import Counts
from newsspider.store.ledger import RUNS_KEPT, SHELLS_LAST, Ledger, utc_now
from newsspider.store.records import (
    REMOVAL,
    Check,
    KnownLink,
    PageAnswer,
    PublishedPost,
    Record,
    UnpublishedLink,
    Validators,
    columns,
    dump_link,
    fields_of,
    load_link,
    seen,
)
from newsspider.store.sqlite import checks, saved
from newsspider.store.sqlite.database import Database
from newsspider.store.sqlite.schema import STEPS

_KNOWN = "state, seen, reason, source, published, stocks, tries, tried"  # as in KnownLink
_COLUMNS = ", ".join(PublishedPost.__dataclass_fields__)
_SELECT = f"SELECT {_COLUMNS} FROM articles"  # noqa: S608 - our own names


class SqliteLedger(Ledger):
    """A ledger in the file `path`; None keeps it in memory, for a run that writes nothing."""

    def __init__(self, path: Path | None, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self._db = Database(path, STEPS)

    @property
    def trouble(self) -> str:
        return self._db.trouble

    def close(self) -> None:
        self._db.close()

    def copy_of(self, path: Path) -> None:
        """Copy the ledger in another file, which is only read. Raises what opening it raises."""
        self._db.copy_of(path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._db.transaction():
            yield

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    # -- runs ---------------------------------------------------------------------------------

    @contextmanager
    def start_run(self) -> Iterator[int | None]:
        self._db.flush()
        # The start of a run must survive a power cut, or its posts would not be checked.
        self._db.do("PRAGMA synchronous=FULL")
        with self._db.transaction():
            last = self._db.row("SELECT id, ended FROM runs ORDER BY id DESC LIMIT 1")
            started = self._db.do("INSERT INTO runs (started) VALUES (?)", (self._now(),))
            self.run = started.lastrowid or 0
            yield last[0] if last and last[1] is None else None
        self._db.do("PRAGMA synchronous=NORMAL")

    def end_run(self) -> None:
        self._db.flush()
        self._db.do("UPDATE runs SET ended = ? WHERE id = ?", (self._now(), self.run))

    def last_run(self) -> datetime | None:
        row = self._db.row(
            "SELECT MAX(MAX(started, COALESCE(ended, ''))) FROM runs WHERE id != ?", (self.run,)
        )
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    # -- sources ------------------------------------------------------------------------------

    def note_counts(self, source: str, counts: Mapping[str, int]) -> None:
        with self.transaction():
            self._db.do(
                "INSERT INTO runs_of_source (source, run, name, count)"
                " SELECT ?, ?, key, value FROM json_each(?) WHERE TRUE"
                " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (source, self.run, json.dumps(counts)),
            )
            self._db.do(
                # NOT IN: SQLite 3.40 ignores the OFFSET of `run <= (SELECT DISTINCT … OFFSET ?)`.
                "DELETE FROM runs_of_source WHERE source = ? AND run NOT IN (SELECT DISTINCT run"
                " FROM runs_of_source WHERE source = ? ORDER BY run DESC LIMIT ?)"
                " AND run != (SELECT COALESCE(MAX(run), 0) FROM runs_of_source"
                " WHERE source = ? AND name = 'written')",
                (source, source, RUNS_KEPT, source),
            )

    def last_crawls(self, name: str = "") -> dict[str, datetime]:
        rows = self._db.rows(
            "SELECT source, MAX(started) FROM runs_of_source JOIN runs ON run = runs.id"
            " WHERE ? IN ('', name) GROUP BY source",
            (name,),
        )
        return {source: datetime.fromisoformat(started) for source, started in rows}

    def counts(self, source: str, runs: int) -> list[Counts]:
        rows = self._db.rows(
            "SELECT run, name, count FROM runs_of_source WHERE source = ? AND run IN (SELECT"
            " DISTINCT run FROM runs_of_source WHERE source = ? ORDER BY run DESC LIMIT ?)"
            " ORDER BY run DESC",
            (source, source, runs),
        )
        by_run: dict[int, Counts] = {}
        for run, name, count in rows:
            by_run.setdefault(run, Counts())[name] = count
        return list(by_run.values())

    # -- links --------------------------------------------------------------------------------

    def known(self, site: str, listing: str, key: str) -> KnownLink | None:
        row = self._db.row(
            f"SELECT {_KNOWN} FROM links"  # noqa: S608
            " WHERE site = ? AND listing = ? AND key = ?",
            (site, listing, key),
        )
        return KnownLink(*row) if row else None

    def first_noted(self, site: str, listing: str, key: str) -> datetime | None:
        row = self._db.row(
            "SELECT found FROM links WHERE site = ? AND listing = ? AND key = ?",
            (site, listing, key),
        )
        return datetime.fromisoformat(row[0]) if row else None

    def note_link(
        self, site: str, listing: str, key: str, link: Link, state: str, reason: str = ""
    ) -> None:
        now = self._now()
        self._db.do(
            "INSERT INTO links (site, listing, key, url, link, seen, state, reason, found)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET url = excluded.url, link = excluded.link,"
            " seen = excluded.seen, state = excluded.state, reason ="
            # A link that is asked for again keeps the reason for which its failures are counted.
            " CASE WHEN excluded.state = 'pending' AND links.state IN ('pending', 'failed')"
            " THEN links.reason ELSE excluded.reason END",
            (site, listing, key, link.url, dump_link(link, now), seen(link), state, reason, now),
        )

    def open_links(self, site: str, listing: str) -> list[tuple[str, Link, KnownLink]]:
        rows = self._db.rows(
            f"SELECT key, url, link, {_KNOWN} FROM links"  # noqa: S608
            " WHERE site = ? AND listing = ? AND state IN ('pending', 'failed')"
            " ORDER BY found DESC, key DESC",
            (site, listing),
        )
        return [(key, load_link(url, link), KnownLink(*known)) for key, url, link, *known in rows]

    def newest_links(self, site: str, listing: str, most: int) -> list[tuple[str, Link]]:
        rows = self._db.rows(
            "SELECT key, url, link FROM links WHERE site = ? AND listing = ?"
            " AND state = 'published' ORDER BY published DESC, found DESC LIMIT ?",
            (site, listing, most),
        )
        return [(key, load_link(url, link)) for key, url, link in rows]

    def appeared_since(self, site: str, listing: str, since: datetime) -> list[datetime]:
        # Times are texts in several zones, so they may be compared only to a day.
        rows = self._db.rows(
            "SELECT published FROM links WHERE site = ? AND listing = ? AND published >= ?",
            (site, listing, (since - timedelta(days=1)).strftime("%Y-%m-%d")),
        )
        first = self._db.row(
            "SELECT MIN(found) FROM links WHERE site = ? AND listing = ?", (site, listing)
        )
        if first and first[0]:
            since = max(since, datetime.fromisoformat(first[0]))
        moments = (datetime.fromisoformat(published) for (published,) in rows)
        return [moment for moment in moments if moment >= since]

    def settled_links(self, site: str, listing: str) -> int:
        row = self._db.row(
            "SELECT COUNT(*) FROM links WHERE site = ? AND listing = ?"
            " AND state NOT IN ('pending', 'failed')",
            (site, listing),
        )
        return row[0] if row else 0

    def settle(self, article: Article, state: str, reason: str = "") -> None:
        published = article.published.isoformat() if article.published else ""
        stocks = " ".join(map(str, article.stocks))
        place = (article.site, article.listing, article.key)
        self._db.do(
            "UPDATE links SET source = ?, published = ?, stocks = ?"
            " WHERE site = ? AND listing = ? AND key = ?",
            (article.source, published, stocks, *place),
        )
        self._settle(place, state, reason)
        if state != "published":
            self._db.flush()

    def settle_link(self, site: str, listing: str, key: str, state: str, reason: str = "") -> None:
        self._settle((site, listing, key), state, reason)
        self._db.flush()

    def _settle(self, place: tuple[str, str, str], state: str, reason: str) -> None:
        tried = self._now() if state == "failed" else ""
        self._db.do(
            "UPDATE links SET tries = CASE WHEN ?1 != 'failed' THEN 0 WHEN reason = ?2"
            " THEN tries + 1 ELSE 1 END, state = ?1, reason = ?2, tried = ?3"
            " WHERE site = ?4 AND listing = ?5 AND key = ?6",
            (state, reason, tried, *place),
        )

    def settle_all(self, site: str, key: str) -> None:
        self._db.do(
            "UPDATE links SET state = 'published', reason = ''"
            " WHERE site = ? AND key = ? AND state IN ('pending', 'failed')",
            (site, key),
        )

    # -- listings -----------------------------------------------------------------------------

    def validators(self, site: str, listing: str, definition: str) -> Validators:
        row = self._db.row(
            "SELECT etag, modified, finished, looked FROM listings"
            " WHERE site = ? AND listing = ? AND definition = ?",
            (site, listing, definition),
        )
        return Validators(row[0], row[1], bool(row[2]), row[3]) if row else Validators()

    def note_listing(
        self, site: str, listing: str, definition: str, validators: Validators
    ) -> None:
        self._db.do(
            "REPLACE INTO listings (site, listing, definition, etag, modified, finished, looked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (site, listing, definition, *columns(validators)),
        )

    def section(self, site: str, listing: str) -> Section | None:
        row = self._db.row(
            "SELECT name, slug FROM sections WHERE site = ? AND listing = ?", (site, listing)
        )
        return Section(*row) if row else None

    def note_section(self, site: str, listing: str, section: Section) -> None:
        self._db.do(
            "REPLACE INTO sections (site, listing, name, slug) VALUES (?, ?, ?, ?)",
            (site, listing, section.name, section.slug),
        )

    def has_posts(self, site: str, listing: str) -> bool:
        row = self._db.row(
            "SELECT 1 FROM links JOIN articles USING (key)"
            " WHERE links.site = ? AND links.listing = ? LIMIT 1",
            (site, listing),
        )
        return row is not None

    # -- shells ---------------------------------------------------------------------------------

    def is_shell(self, site: str, page: str) -> bool:
        row = self._db.row("SELECT seen FROM shells WHERE site = ? AND page = ?", (site, page))
        return row is not None and datetime.fromisoformat(row[0]) > self._clock() - SHELLS_LAST

    def note_shell(self, site: str, page: str) -> None:
        values = (site, page, self._now())
        self._db.do("REPLACE INTO shells (site, page, seen) VALUES (?, ?, ?)", values)

    # -- articles -----------------------------------------------------------------------------

    def article(self, key: str) -> PublishedPost | None:
        return self._post("key = ?", key)

    def resolve(self, key: str) -> str:
        row = self._db.row(
            "SELECT key FROM aliases WHERE alias = ?"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.key = aliases.alias)",
            (key,),
        )
        return row[0] if row else key

    def note_alias(self, alias: str, key: str) -> None:
        key = self.resolve(key)
        if alias != key and self.article(alias) is None:
            done = self._db.do("INSERT OR IGNORE INTO aliases VALUES (?, ?)", (alias, key))
            if done.rowcount:
                self._db.do("UPDATE articles SET saved = 0 WHERE key = ?", (key,))
            self._db.do(
                "UPDATE links SET state = 'dropped', reason = 'Duplicate'"
                " WHERE key = ? AND state IN ('pending', 'failed')",
                (alias,),
            )

    def holder(self, path: str) -> PublishedPost | None:
        return self._post("path = ?", path)

    def articles_in_doubt(self, run: int | None) -> list[PublishedPost]:
        rows = self._db.rows(f"{_SELECT} WHERE run = ? OR intended != ''", (run,))
        return [PublishedPost(*row) for row in rows]

    def published(self, day: str = "") -> list[PublishedPost]:
        on_day = ("AND date >= ? AND date < ?", (day, f"{day}~")) if day else ("", ())
        rows = self._db.rows(f"{_SELECT} WHERE state = 'published' {on_day[0]}", on_day[1])
        return [PublishedPost(*row) for row in rows]

    def promise(self, article: Article, path: str, date: str, intended: str) -> None:
        identity = (article.key, article.site, article.id, path)
        address = (article.category, article.tag, date, article.link)
        fields = json.dumps(fields_of(article), ensure_ascii=False, separators=(",", ":"))
        try:
            self._db.do(
                "INSERT INTO articles (key, site, id, path, category, tag, date, link, state,"
                " intended, run, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'promised', ?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET intended = excluded.intended,"
                " link = excluded.link, run = excluded.run,"
                " saved = saved AND fields = excluded.fields, fields = excluded.fields",
                (*identity, *address, intended, self.run, fields),
            )
        except sqlite3.IntegrityError as error:
            raise NameTaken(f"{path}: another article has a post of this name") from error
        self._db.flush()

    def keep(self, key: str, hash_: str) -> None:
        self._db.lazily()
        self._db.do(
            "UPDATE articles SET state = 'published', saved = saved AND hash = ?, hash = ?,"
            " intended = '' WHERE key = ?",
            (hash_, hash_, key),
        )

    def adopt(self, post: PublishedPost) -> None:
        values = ", ".join("?" * len(columns(post)))
        self._db.do(
            f"INSERT OR IGNORE INTO articles ({_COLUMNS}) VALUES ({values})",  # noqa: S608
            columns(post),
        )

    def forget(self, key: str) -> None:
        self._db.do("DELETE FROM articles WHERE key = ?", (key,))
        self._db.do("UPDATE links SET state = 'pending' WHERE key = ?", (key,))

    def mark_removed(self, key: str) -> None:
        self._db.do(
            "UPDATE articles SET state = 'gone', intended = '', saved = 0 WHERE key = ?", (key,)
        )

    def promise_removal(self, keys: Iterable[str]) -> None:
        with self.transaction():
            for key in keys:
                self._db.do("UPDATE articles SET intended = ? WHERE key = ?", (REMOVAL, key))

    def is_empty(self) -> bool:
        return self._db.row("SELECT 1 FROM articles LIMIT 1") is None

    def fields(self, key: str) -> Mapping[str, Any]:
        row = self._db.row("SELECT fields FROM articles WHERE key = ?", (key,))
        return json.loads(row[0]) if row and row[0] else {}

    # -- checks -----------------------------------------------------------------------------------

    def checks(self, site: str, listing: str, since: datetime) -> list[Check]:
        return checks.checks(self._db, site, listing, since)

    def complete_link(self, site: str, listing: str, key: str, link: Link) -> None:
        self._db.do(
            "UPDATE links SET url = ?, link = ?"
            " WHERE site = ? AND listing = ? AND key = ? AND link = '{}'",
            (link.url, dump_link(link, self._now()), site, listing, key),
        )

    def note_read(self, key: str, pages: Sequence[PageAnswer]) -> None:
        checks.note_read(self._db, key, pages, self._now())

    def note_checked(self, key: str) -> None:
        checks.note_checked(self._db, key, self._now())

    def note_missing(self, key: str) -> datetime:
        return checks.note_missing(self._db, key, self._now())

    def note_taken_down(self, key: str) -> None:
        checks.note_taken_down(self._db, key)

    # -- all that is known of an article ---------------------------------------------------------

    def keys_of(self, name: str) -> list[str]:
        return saved.keys_of(self._db, name)

    def record(self, key: str) -> Record | None:
        return saved.record(self._db, key)

    def sources(self) -> dict[str, list[str]]:
        return saved.sources(self._db)

    def links_of(self, key: str) -> list[UnpublishedLink]:
        return saved.links_of(self._db, key)

    # -- records --------------------------------------------------------------------------------

    def unsaved(self) -> list[Record]:
        return saved.unsaved(self._db)

    def note_saved(self, keys: Iterable[str]) -> None:
        saved.note_saved(self._db, keys)

    def unpublished_links(self) -> Iterator[UnpublishedLink]:
        return saved.unpublished_links(self._db)

    def listings(self) -> list[tuple[str, str, str, Validators]]:
        return saved.listings(self._db)

    def sections(self) -> list[tuple[str, str, Section]]:
        return saved.sections(self._db)

    def restore_record(self, record: Record) -> None:
        self.adopt(record.post)
        saved.restore_record(self._db, record, self._now())

    def restore_link(self, link: UnpublishedLink) -> None:
        saved.restore_link(self._db, link)

    # -- categories ---------------------------------------------------------------------------

    def first_seen(self, category: str) -> bool:
        return self._db.row("SELECT 1 FROM categories WHERE slug = ?", (category,)) is None

    def note_categories(self, categories: Iterable[str]) -> None:
        for slug in categories:
            self._db.do("INSERT OR IGNORE INTO categories VALUES (?)", (slug,))

    def _post(self, where: str, value: str) -> PublishedPost | None:
        row = self._db.row(f"{_SELECT} WHERE {where}", (value,))
        return PublishedPost(*row) if row else None
