"""The ledger: what was promised and what was kept, in `OUTPUT/.newsspider/ledger.sqlite`.

In: links found, articles published, dropped and failed. Out: what is to be fetched, and what the
post of an article is. The spiders note links before they ask for them; Publish and Remember note
what became of each. A link is pending before its listing's validators are saved, so a run that is
killed, limited or out of disk only leaves work for the next one.

Order of a publication: the intended hash, then the file, then the state. Whatever moment a process
dies at, the next run finds either no promise, or a promise and maybe the file it promised. So the
state need not be on the disk before the next promise is: both go in one commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.model import Article, Link
from newsspider.store.counts import Counts
from newsspider.store.records import (
    Known,
    Published,
    Validators,
    columns,
    dump_link,
    load_link,
    seen,
)
from newsspider.store.sqlite import Database

# The n-th script leads from version n (PRAGMA user_version) to n + 1; a new ledger runs them all.
# A published one is never changed. Version 0 may be a ledger from before they were counted.
_STEPS = (
    """
CREATE TABLE IF NOT EXISTS links (
  site TEXT, listing TEXT, key TEXT,
  url TEXT NOT NULL, link TEXT NOT NULL,      -- the Link, as JSON
  seen TEXT NOT NULL,                         -- title and time as the listing last had them
  state TEXT NOT NULL,                        -- pending, published, dropped, failed
  reason TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '', published TEXT NOT NULL DEFAULT '',  -- learnt when fetched
  found TEXT NOT NULL,
  PRIMARY KEY (site, listing, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_open ON links (site, listing, found)
  WHERE state IN ('pending', 'failed');
CREATE TABLE IF NOT EXISTS articles (
  key TEXT PRIMARY KEY,
  site TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL, tag TEXT NOT NULL, date TEXT NOT NULL, link TEXT NOT NULL,
  state TEXT NOT NULL,                        -- promised, published, gone
  hash TEXT NOT NULL DEFAULT '', intended TEXT NOT NULL DEFAULT '', run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings (
  site TEXT, listing TEXT, definition TEXT NOT NULL DEFAULT '',
  etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
  finished INTEGER NOT NULL DEFAULT 0,        -- paged to where an earlier run had been, or the end
  PRIMARY KEY (site, listing)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS categories (slug TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT);
""",
    """
-- The shares of an article, learnt when it is fetched: `1.600941 0.000002`; NULL: not fetched.
ALTER TABLE links ADD COLUMN stocks TEXT;
-- When the run that paged to the end began to look.
ALTER TABLE listings ADD COLUMN looked TEXT NOT NULL DEFAULT '';
""",
    """
-- Pages of a site that came as empty shells: a category, or the name of a page of its articles.
CREATE TABLE shells (
  site TEXT, page TEXT, seen TEXT NOT NULL, PRIMARY KEY (site, page)
) WITHOUT ROWID;
""",
    """
-- What each run counted of each source: `found`, `dropped/NoDate`, `seconds`, `finish/finished` …
CREATE TABLE runs_of_source (
  source TEXT, run INTEGER, name TEXT, count INTEGER NOT NULL, PRIMARY KEY (source, run, name)
) WITHOUT ROWID;
""",
)
VERSION = len(_STEPS)
RUNS_KEPT = 500  # runs of a source whose counts are kept: three weeks of an hourly one
_SHELLS_LAST = timedelta(days=30)  # a site that comes with words again costs no browser for ever


class Ledger(Database):
    """One output folder's ledger. `path` None keeps it in memory, for a run that writes nothing.
    Raises what Database raises."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(path, _STEPS)
        self.run = 0

    # -- runs ---------------------------------------------------------------------------------

    @contextmanager
    def start_run(self) -> Iterator[int | None]:
        """Begin a run, and with it, all or nothing, what is put right inside. Gives the number of
        the last run if it never ended, else None."""
        self.flush()
        # The start of a run must outlive a power cut, or its posts would not be looked at.
        self._do("PRAGMA synchronous=FULL")
        with self.transaction():
            last = self._row("SELECT id, ended FROM runs ORDER BY id DESC LIMIT 1")
            self.run = self._do("INSERT INTO runs (started) VALUES (?)", (_now(),)).lastrowid or 0
            yield last[0] if last and last[1] is None else None
        self._do("PRAGMA synchronous=NORMAL")

    def end_run(self) -> None:
        self.flush()
        self._do("UPDATE runs SET ended = ? WHERE id = ?", (_now(), self.run))

    # -- sources ------------------------------------------------------------------------------

    def note_counts(self, source: str, counts: Mapping[str, int]) -> None:
        """Note what a crawl of a source counted, when it closes. A second crawl of the source in
        the same run adds to the first; the counts of runs before the last RUNS_KEPT go."""
        with self.transaction():
            self._do(
                "INSERT INTO runs_of_source (source, run, name, count)"
                " SELECT ?, ?, key, value FROM json_each(?) WHERE TRUE"
                " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (source, self.run, json.dumps(counts)),
            )
            self._do(
                # NOT IN: of `run <= (SELECT DISTINCT … OFFSET ?)` SQLite 3.40 forgets the OFFSET.
                "DELETE FROM runs_of_source WHERE source = ? AND run NOT IN (SELECT DISTINCT run"
                " FROM runs_of_source WHERE source = ? ORDER BY run DESC LIMIT ?)",
                (source, source, RUNS_KEPT),
            )

    def counts(self, source: str, runs: int) -> list[Counts]:
        """What the last runs of a source counted, at most so many of them, the newest first."""
        rows = self._rows(
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

    def known(self, site: str, listing: str, key: str) -> Known | None:
        row = self._row(
            "SELECT state, seen, reason, source, published, stocks FROM links"
            " WHERE site = ? AND listing = ? AND key = ?",
            (site, listing, key),
        )
        return Known(*row) if row else None

    def note_link(
        self, site: str, listing: str, key: str, link: Link, state: str, reason: str = ""
    ) -> None:
        """Note a link as the listing now has it, in this state."""
        now = _now()
        self._do(
            "INSERT INTO links (site, listing, key, url, link, seen, state, reason, found)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET url = excluded.url, link = excluded.link,"
            " seen = excluded.seen, state = excluded.state, reason = excluded.reason",
            (site, listing, key, link.url, dump_link(link, now), seen(link), state, reason, now),
        )

    def open_links(self, site: str, listing: str) -> list[tuple[str, Link, Known]]:
        """Links found and not yet kept, newest find first: pending ones, and failed fetches."""
        rows = self._rows(
            "SELECT key, url, link, state, seen, reason, source, published, stocks FROM links"
            " WHERE site = ? AND listing = ? AND state IN ('pending', 'failed')"
            " ORDER BY found DESC, key DESC",
            (site, listing),
        )
        return [(key, load_link(url, link), Known(*known)) for key, url, link, *known in rows]

    def settled_links(self, site: str, listing: str) -> int:
        """How many links of a listing need nothing."""
        row = self._row(
            "SELECT COUNT(*) FROM links WHERE site = ? AND listing = ?"
            " AND state NOT IN ('pending', 'failed')",
            (site, listing),
        )
        return row[0] if row else 0

    def settle(self, article: Article, state: str, reason: str = "") -> None:
        """Note what became of an article's link; a failed or held-back one is asked for again."""
        published = article.published.isoformat() if article.published else ""
        stocks = " ".join(map(str, article.stocks))
        place = (article.site, article.listing, article.key)
        self._do(
            "UPDATE links SET state = ?, reason = ?, tries = tries + (? = 'failed'), source = ?,"
            " published = ?, stocks = ? WHERE site = ? AND listing = ? AND key = ?",
            (state, reason, state, article.source, published, stocks, *place),
        )
        if state != "published":
            self.flush()

    def settle_link(self, site: str, listing: str, key: str, state: str, reason: str = "") -> None:
        self._do(
            "UPDATE links SET state = ?, reason = ?, tries = tries + (? = 'failed')"
            " WHERE site = ? AND listing = ? AND key = ?",
            (state, reason, state, site, listing, key),
        )
        self.flush()

    def settle_all(self, site: str, key: str) -> None:
        """Note that what an article's links led to has a post, whichever listing they are of."""
        self._do(
            "UPDATE links SET state = 'published', reason = ''"
            " WHERE site = ? AND key = ? AND state IN ('pending', 'failed')",
            (site, key),
        )

    # -- listings -----------------------------------------------------------------------------

    def validators(self, site: str, listing: str, definition: str) -> Validators:
        """What to ask the listing with; nothing when its definition in the site file changed."""
        row = self._row(
            "SELECT etag, modified, finished, looked FROM listings"
            " WHERE site = ? AND listing = ? AND definition = ?",
            (site, listing, definition),
        )
        return Validators(row[0], row[1], bool(row[2]), row[3]) if row else Validators()

    def note_listing(
        self, site: str, listing: str, definition: str, validators: Validators
    ) -> None:
        self._do(
            "REPLACE INTO listings (site, listing, definition, etag, modified, finished, looked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (site, listing, definition, *columns(validators)),
        )

    # -- shells ---------------------------------------------------------------------------------

    def is_shell(self, site: str, page: str) -> bool:
        """Whether this page of the site came as an empty shell in the last 30 days."""
        row = self._row("SELECT seen FROM shells WHERE site = ? AND page = ?", (site, page))
        return row is not None and datetime.fromisoformat(row[0]) > datetime.now(UTC) - _SHELLS_LAST

    def note_shell(self, site: str, page: str) -> None:
        self._do("REPLACE INTO shells (site, page, seen) VALUES (?, ?, ?)", (site, page, _now()))

    # -- articles -----------------------------------------------------------------------------

    def article(self, key: str) -> Published | None:
        return self._one("key = ?", key)

    def holder(self, path: str) -> Published | None:
        """The article whose post has this file name."""
        return self._one("path = ?", path)

    def articles_in_doubt(self, run: int | None) -> list[Published]:
        """The articles that this run published or promised, and promises left over from any."""
        rows = self._rows(f"{_SELECT} WHERE run = ? OR intended != ''", (run,))
        return [Published(*row) for row in rows]

    def published(self) -> list[Published]:
        """The articles whose post should be there."""
        rows = self._rows(f"{_SELECT} WHERE state = 'published'")
        return [Published(*row) for row in rows]

    def promise(self, article: Article, path: str, date: str, intended: str) -> None:
        """Note the hash that the post is about to have, before its file is touched."""
        self._do(
            "INSERT INTO articles (key, site, id, path, category, tag, date, link, state, intended,"
            " run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'promised', ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET intended = excluded.intended, link = excluded.link,"
            " run = excluded.run",
            (
                article.key,
                article.site,
                article.id,
                path,
                article.category,
                article.tag,
                date,
                article.link,
                intended,
                self.run,
            ),
        )
        self.flush()

    def keep(self, key: str, hash_: str) -> None:
        """Note that the post is there, with this content ("" when it is not ours to know); lazily,
        and so is the state of its link that is noted next."""
        self._lazily()
        self._do(
            "UPDATE articles SET state = 'published', hash = ?, intended = '' WHERE key = ?",
            (hash_, key),
        )

    def adopt(self, post: Published) -> None:
        """Note a post that was there before the ledger was."""
        values = ", ".join("?" * len(columns(post)))
        self._do(
            f"INSERT OR IGNORE INTO articles ({_COLUMNS}) VALUES ({values})",  # noqa: S608
            columns(post),
        )

    def forget(self, key: str) -> None:
        """Take back a promise whose file never came to be, so that the link is fetched again."""
        self._do("DELETE FROM articles WHERE key = ?", (key,))
        self._do("UPDATE links SET state = 'pending' WHERE key = ?", (key,))

    def bury(self, key: str) -> None:
        """Note that a person removed the post: it is never written again."""
        self._do("UPDATE articles SET state = 'gone' WHERE key = ?", (key,))

    def is_empty(self) -> bool:
        return self._row("SELECT 1 FROM articles LIMIT 1") is None

    # -- categories ---------------------------------------------------------------------------

    def first_seen(self, category: str) -> bool:
        """Whether a category had no page yet. It has one from `note_category` on, or had."""
        return self._row("SELECT 1 FROM categories WHERE slug = ?", (category,)) is None

    def note_categories(self, categories: Iterable[str]) -> None:
        for slug in categories:
            self._do("INSERT OR IGNORE INTO categories VALUES (?)", (slug,))

    def _one(self, where: str, value: str) -> Published | None:
        row = self._row(f"{_SELECT} WHERE {where}", (value,))
        return Published(*row) if row else None


_COLUMNS = ", ".join(Published.__dataclass_fields__)
_SELECT = f"SELECT {_COLUMNS} FROM articles"  # noqa: S608 - names of our own


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
