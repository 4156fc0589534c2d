"""The checks of a ledger: published articles that are asked for again.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about checks. Part
of SqlLedger.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from newsspider.model import Link
from newsspider.store.records import Check, PageAnswer, PublishedPost, dump_link, load_link
from newsspider.store.sql.database import Tables

_POST = ", ".join(f"articles.{name}" for name in PublishedPost.__dataclass_fields__)


class Checks(Tables):
    """Checks of published articles."""

    def checks(self, site: str, listing: str, since: datetime) -> list[Check]:
        # The date of a post begins with its day in the zone of its site, so the text may be
        # compared only to a day.
        day = (since - timedelta(days=1)).strftime("%Y-%m-%d")
        rows = self._db.rows(
            f"SELECT {_POST}, url, links.link, COALESCE(checked, ''), COALESCE(missing, ''),"  # noqa: S608
            " COALESCE(pages, '[]')"
            " FROM links JOIN articles USING (key) LEFT JOIN checks USING (key)"
            " WHERE links.site = ?1 AND links.listing = ?2 AND links.state = 'published'"
            " AND links.link != '{}'"
            " AND articles.site = ?1 AND articles.state = 'published'"
            " AND (articles.date >= ?3 OR COALESCE(missing, '') != '')"
            " AND COALESCE(taken_down, 0) = 0 ORDER BY COALESCE(checked, ''), articles.key",
            (site, listing, day),
        )
        return [
            Check(listing, load_link(url, link), PublishedPost(*post), asked, gone, _pages(pages))
            for *post, url, link, asked, gone, pages in rows
        ]

    def complete_link(self, site: str, listing: str, key: str, link: Link) -> None:
        self._db.do(
            "UPDATE links SET url = ?, link = ?"
            " WHERE site = ? AND listing = ? AND key = ? AND link = '{}'",
            (link.url, dump_link(link, self._now()), site, listing, key),
        )

    def note_read(self, key: str, pages: Sequence[PageAnswer]) -> None:
        text = json.dumps([astuple(page) for page in pages], ensure_ascii=False)
        # One that was taken down is there again: its record must say so, too.
        self._db.do(
            "UPDATE articles SET saved = 0 WHERE key = ?1"
            " AND EXISTS (SELECT 1 FROM checks WHERE key = ?1 AND taken_down = 1)",
            (key,),
        )
        self._db.do(
            "INSERT INTO checks (key, checked, pages) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET checked = excluded.checked, pages = excluded.pages, missing = '', taken_down = 0",
            (key, self._now(), text),
        )

    def note_checked(self, key: str) -> None:
        self._db.do(
            "INSERT INTO checks (key, checked) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET checked = excluded.checked, missing = ''",
            (key, self._now()),
        )

    def note_missing(self, key: str) -> datetime:
        self._db.do(
            "INSERT INTO checks (key, checked, missing) VALUES (?1, ?2, ?2)"
            " ON CONFLICT (key) DO UPDATE SET checked = excluded.checked, missing ="
            " CASE checks.missing WHEN '' THEN excluded.missing ELSE checks.missing END",
            (key, self._now()),
        )
        row = self._db.row("SELECT missing FROM checks WHERE key = ?", (key,))
        assert row is not None
        return datetime.fromisoformat(row[0])

    def note_taken_down(self, key: str) -> None:
        self._db.do("UPDATE checks SET taken_down = 1 WHERE key = ?", (key,))
        # Its record must say so, too.
        self._db.do("UPDATE articles SET saved = 0 WHERE key = ?", (key,))


def _pages(text: str) -> tuple[PageAnswer, ...]:
    return tuple(PageAnswer(*page) for page in json.loads(text))
