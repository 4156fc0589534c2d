"""What outlives a ledger, out of its tables and back into them.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` that return and
restore records, unpublished links and listings. Part of SqlLedger; `store/lasting.py` keeps the
values as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsspider.model import Section
from newsspider.store.records import (
    KnownLink,
    PublishedPost,
    Record,
    UnpublishedLink,
    Validators,
    dump_link,
    load_link,
)
from newsspider.store.sql.database import Tables

_POST = ", ".join(PublishedPost.__dataclass_fields__)


class Saved(Tables):
    """All that is known of an article, and what outlives the ledger."""

    def unsaved(self) -> list[Record]:
        rows = self._db.rows(
            f"SELECT {_POST}, fields FROM articles"  # noqa: S608
            " WHERE saved = 0 AND state != 'promised' ORDER BY key"
        )
        return [self._record(PublishedPost(*post), fields) for *post, fields in rows]

    def _record(self, post: PublishedPost, fields: str) -> Record:
        listings = self._db.rows(
            "SELECT site || '/' || listing, seen FROM links WHERE key = ? AND state = 'published'"
            " ORDER BY 1",
            (post.key,),
        )
        aliases = self._db.rows("SELECT alias FROM aliases WHERE key = ? ORDER BY 1", (post.key,))
        down = self._db.row("SELECT 1 FROM checks WHERE key = ? AND taken_down = 1", (post.key,))
        values = json.loads(fields) if fields else {}
        others = tuple(alias for (alias,) in aliases)
        return Record(post, values, dict(listings), others, down is not None)

    def note_saved(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._db.do("UPDATE articles SET saved = 1 WHERE key = ?", (key,))

    def unpublished_links(self) -> Iterator[UnpublishedLink]:
        rows = self._db.rows(
            "SELECT site, listing, key, url, link,"
            " CASE WHEN state = 'sent' THEN 'pending' ELSE state END, seen, reason, source,"
            " published, stocks, tries, found FROM links WHERE state != 'published'"
            " ORDER BY site, listing, key"
        )
        for site, listing, key, url, link, *known, tries, added in rows:
            value = load_link(url, link)
            yield UnpublishedLink(site, listing, key, value, KnownLink(*known), tries, added)

    def keys_of(self, name: str) -> list[str]:
        rows = self._db.rows(
            "SELECT key FROM articles WHERE ?1 IN (key, id, path, link)"
            " UNION SELECT key FROM links WHERE ?1 IN (key, url)"
            " UNION SELECT key FROM aliases WHERE alias = ?1 ORDER BY 1",
            (name,),
        )
        return [key for (key,) in rows]

    def record(self, key: str) -> Record | None:
        rows = self._db.rows(f"SELECT {_POST}, fields FROM articles WHERE key = ?", (key,))  # noqa: S608
        return next((self._record(PublishedPost(*post), fields) for *post, fields in rows), None)

    def sources(self) -> dict[str, list[str]]:
        rows = self._db.rows(
            "SELECT key, CASE WHEN listing LIKE '%://%' THEN listing"
            " ELSE links.site || '/' || listing END FROM links JOIN articles USING (key)"
            " WHERE links.state = 'published' AND articles.state = 'published' ORDER BY 1, 2"
        )
        result: dict[str, list[str]] = {}
        for key, source in rows:
            result.setdefault(key, []).append(source)
        return result

    def links_of(self, key: str) -> list[UnpublishedLink]:
        rows = self._db.rows(
            "SELECT site, listing, url, link, state, seen, reason, source, published, stocks,"
            " tries, tried, found FROM links WHERE key = ? ORDER BY found, site, listing",
            (key,),
        )
        return [
            UnpublishedLink(
                *(site, listing, key, load_link(url, link)),
                *(KnownLink(*known), known[-2], added),
            )
            for site, listing, url, link, *known, added in rows
        ]

    def twins(self, key: str) -> list[str]:
        dropped = self._db.rows(
            "SELECT key FROM links WHERE state = 'dropped' AND reason = ?", (f"SameStory {key}",)
        )
        pointing = self._db.rows(
            "SELECT key, fields FROM articles WHERE state = 'published'"
            """ AND fields LIKE '%"same_story":%'"""
        )
        keys = {key for (key,) in dropped}
        keys |= {twin for twin, fields in pointing if json.loads(fields).get("same_story") == key}
        return sorted(keys)

    def listings(self) -> list[tuple[str, str, str, Validators]]:
        rows = self._db.rows(
            "SELECT site, listing, definition, etag, modified, finished, looked FROM listings"
            " ORDER BY site, listing"
        )
        return [
            (site, listing, definition, Validators(etag, modified, bool(finished), looked))
            for site, listing, definition, etag, modified, finished, looked in rows
        ]

    def sections(self) -> list[tuple[str, str, Section]]:
        rows = self._db.rows(
            "SELECT site, listing, name, slug FROM sections ORDER BY site, listing"
        )
        return [(site, listing, Section(*section)) for site, listing, *section in rows]

    def restore_record(self, record: Record) -> None:
        self.adopt(record.post)
        post, fields = record.post, record.fields
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")) if fields else ""
        self._db.do(
            "UPDATE articles SET fields = ?, saved = 1 WHERE key = ? AND path = ?",
            (text, post.key, post.path),
        )
        for name, seen in record.listings.items():
            site, _, listing = name.partition("/")
            self._db.do(
                "INSERT INTO links (site, listing, key, url, link, seen, state, source, published,"
                " stocks, found) VALUES (?, ?, ?, ?, '{}', ?, 'published', ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (site, listing, post.key, post.link, seen, *_of_page(fields), self._now()),
            )
        if record.taken_down:
            self._db.do(
                "INSERT INTO checks (key, checked, taken_down) VALUES (?, '', 1)"
                " ON CONFLICT DO NOTHING",
                (post.key,),
            )
        for alias in record.aliases:
            self._db.do(
                "INSERT INTO aliases (alias, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (alias, post.key),
            )

    def restore_link(self, link: UnpublishedLink) -> None:
        known = link.known
        self._db.do(
            "INSERT INTO links (site, listing, key, url, link, seen, state, reason, source,"
            " published, stocks, tries, found) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (
                *(link.site, link.listing, link.key),
                *(link.link.url, dump_link(link.link, link.added)),
                *(known.seen, known.state, known.reason),
                *(known.source, known.published, known.stocks),
                *(link.tries, link.added),
            ),
        )


def _of_page(fields: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Return what a link learns from the page of its article: source, time of publication, shares
    (None if they are unknown)."""
    if not fields:
        return "", "", None
    stocks = " ".join(f"{stock['market']}.{stock['code']}" for stock in fields.get("stocks", ()))
    return fields.get("source", ""), fields.get("published", ""), stocks
