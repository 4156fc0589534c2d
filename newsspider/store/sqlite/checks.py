"""The checks of a ledger: published articles that are asked for again.

In: a database with the tables of a ledger. Out: Checks; or rows. `store/sqlite/ledger.py` calls it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from newsspider.store.records import Check, PageAnswer, PublishedPost, load_link
from newsspider.store.sqlite.database import Database

_POST = ", ".join(f"articles.{name}" for name in PublishedPost.__dataclass_fields__)


def checks(db: Database, site: str, listing: str, since: datetime) -> list[Check]:
    # The date of a post begins with its day in the zone of its site, so the text may be compared
    # only to a day.
    day = (since - timedelta(days=1)).strftime("%Y-%m-%d")
    rows = db.rows(
        f"SELECT {_POST}, url, links.link, COALESCE(checked, ''), COALESCE(missing, ''),"  # noqa: S608
        " COALESCE(pages, '[]') FROM links JOIN articles USING (key) LEFT JOIN checks USING (key)"
        " WHERE links.site = ?1 AND links.listing = ?2 AND links.state = 'published'"
        " AND links.link != '{}'"
        " AND articles.site = ?1 AND articles.state = 'published'"
        " AND (articles.date >= ?3 OR COALESCE(missing, '') != '')"
        " AND COALESCE(taken_down, 0) = 0 ORDER BY COALESCE(checked, ''), articles.key",
        (site, listing, day),
    )
    return [
        Check(listing, load_link(url, link), PublishedPost(*post), checked, missing, _pages(pages))
        for *post, url, link, checked, missing, pages in rows
    ]


def _pages(text: str) -> tuple[PageAnswer, ...]:
    return tuple(PageAnswer(*page) for page in json.loads(text))


def note_read(db: Database, key: str, pages: Sequence[PageAnswer], now: str) -> None:
    text = json.dumps([astuple(page) for page in pages], ensure_ascii=False)
    # One that was taken down is there again: its record must say so, too.
    db.do(
        "UPDATE articles SET saved = 0 WHERE key = ?1"
        " AND EXISTS (SELECT 1 FROM checks WHERE key = ?1 AND taken_down = 1)",
        (key,),
    )
    db.do("REPLACE INTO checks (key, checked, pages) VALUES (?, ?, ?)", (key, now, text))


def note_checked(db: Database, key: str, now: str) -> None:
    db.do(
        "INSERT INTO checks (key, checked) VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET checked = excluded.checked, missing = ''",
        (key, now),
    )


def note_missing(db: Database, key: str, now: str) -> datetime:
    db.do(
        "INSERT INTO checks (key, checked, missing) VALUES (?1, ?2, ?2) ON CONFLICT DO UPDATE SET"
        " checked = ?2, missing = CASE missing WHEN '' THEN ?2 ELSE missing END",
        (key, now),
    )
    row = db.row("SELECT missing FROM checks WHERE key = ?", (key,))
    assert row is not None
    return datetime.fromisoformat(row[0])


def note_taken_down(db: Database, key: str) -> None:
    db.do("UPDATE checks SET taken_down = 1 WHERE key = ?", (key,))
    db.do("UPDATE articles SET saved = 0 WHERE key = ?", (key,))  # its record says so, too
