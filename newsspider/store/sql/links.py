"""The links of a ledger: listed, and settled when their articles are.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about links. Part
of SqlLedger.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from newsspider.model import Article, Link
from newsspider.store.records import KnownLink, dump_link, load_link, seen
from newsspider.store.sql.database import Tables

_KNOWN = "state, seen, reason, source, published, stocks, tries, tried"  # as in KnownLink


class Links(Tables):
    """Links of listings."""

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
            " ON CONFLICT (site, listing, key) DO UPDATE SET url = excluded.url,"
            " link = excluded.link, seen = excluded.seen, state = excluded.state, reason ="
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
            " AND state = 'published' ORDER BY published DESC, found DESC, key LIMIT ?",
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

    def settle(self, article: Article, state: str, reason: str = "", *, unless: str = "") -> None:
        published = article.published.isoformat() if article.published else ""
        stocks = " ".join(map(str, article.stocks))
        place = (article.site, article.listing, article.key)
        self._db.do(
            "UPDATE links SET source = ?, published = ?, stocks = ?"
            " WHERE site = ? AND listing = ? AND key = ?",
            (article.source, published, stocks, *place),
        )
        self._settle(place, state, reason, unless)
        if state != "published":
            self._db.flush()

    def settle_link(self, site: str, listing: str, key: str, state: str, reason: str = "") -> None:
        self._settle((site, listing, key), state, reason)
        self._db.flush()

    def _settle(
        self, place: tuple[str, str, str], state: str, reason: str, unless: str = ""
    ) -> None:
        tried = self._now() if state == "failed" else ""
        self._db.do(
            "UPDATE links SET tries = CASE WHEN ?1 != 'failed' THEN 0 WHEN reason = ?2"
            " THEN tries + 1 ELSE 1 END, state = ?1, reason = ?2, tried = ?3"
            " WHERE site = ?4 AND listing = ?5 AND key = ?6 AND state != ?7",
            (state, reason, tried, *place, unless),
        )

    def settle_all(self, site: str, key: str) -> None:
        self._db.do(
            "UPDATE links SET state = 'published', reason = ''"
            " WHERE site = ? AND key = ? AND state IN ('pending', 'failed')",
            (site, key),
        )
