"""The listings of a ledger: how far each was read, its section, the pages that need a browser.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about listings,
shells and categories. Part of SqlLedger.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from newsspider.model import Section
from newsspider.store.ledger import SHELLS_LAST
from newsspider.store.records import Validators, columns
from newsspider.store.sql.database import Tables


class Listings(Tables):
    """Listings, shells and categories."""

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
            "INSERT INTO listings (site, listing, definition, etag, modified, finished, looked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, listing) DO UPDATE"
            " SET definition = excluded.definition, etag = excluded.etag,"
            " modified = excluded.modified, finished = excluded.finished, looked = excluded.looked",
            (site, listing, definition, *_row(validators)),
        )

    def section(self, site: str, listing: str) -> Section | None:
        row = self._db.row(
            "SELECT name, slug FROM sections WHERE site = ? AND listing = ?", (site, listing)
        )
        return Section(*row) if row else None

    def note_section(self, site: str, listing: str, section: Section) -> None:
        self._db.do(
            "INSERT INTO sections (site, listing, name, slug) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site, listing) DO UPDATE SET name = excluded.name, slug = excluded.slug",
            (site, listing, section.name, section.slug),
        )

    def has_posts(self, site: str, listing: str) -> bool:
        row = self._db.row(
            "SELECT 1 FROM links JOIN articles USING (key)"
            " WHERE links.site = ? AND links.listing = ? LIMIT 1",
            (site, listing),
        )
        return row is not None

    def is_shell(self, site: str, page: str) -> bool:
        row = self._db.row("SELECT seen FROM shells WHERE site = ? AND page = ?", (site, page))
        return row is not None and datetime.fromisoformat(row[0]) > self._clock() - SHELLS_LAST

    def note_shell(self, site: str, page: str) -> None:
        self._db.do(
            "INSERT INTO shells (site, page, seen) VALUES (?, ?, ?)"
            " ON CONFLICT (site, page) DO UPDATE SET seen = excluded.seen",
            (site, page, self._now()),
        )

    def first_seen(self, category: str) -> bool:
        return self._db.row("SELECT 1 FROM categories WHERE slug = ?", (category,)) is None

    def note_categories(self, categories: Iterable[str]) -> None:
        for slug in categories:
            self._db.do("INSERT INTO categories VALUES (?) ON CONFLICT DO NOTHING", (slug,))


def _row(validators: Validators) -> tuple[object, ...]:
    """Return the columns of validators; the tables have numbers for switches."""
    return tuple(
        int(value) if value is True or value is False else value for value in columns(validators)
    )
