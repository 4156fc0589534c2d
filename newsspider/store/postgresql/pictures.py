"""What a fleet knows of the pictures of its folder, so that no worker asks for one in vain.

In: an address and when it is to be asked for again, from the publisher. Out: yes or no, and the
addresses that are due, for the workers. The files lie in the folder (`store/pictures.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from newsspider.store.postgresql.database import Database

_MOST_DUE = 1000  # addresses that a crawl asks for again


def note(db: Database, url: str, article: str, pause: float | None) -> None:
    """Note that an address, which an article shows, is asked for again after a pause in seconds;
    None: never."""
    db.do(
        "INSERT INTO pictures (url, article, due)"
        " VALUES (?1, ?2, now() + make_interval(secs => ?3::float8))"
        " ON CONFLICT (url) DO UPDATE SET due = excluded.due, article = excluded.article"
        " WHERE pictures.due IS NOT NULL OR excluded.due IS NOT NULL",
        (url, article, pause),
    )


def is_settled(db: Database, url: str) -> bool:
    """Return whether an address need not be asked for now."""
    row = db.row("SELECT due IS NULL OR due > now() FROM pictures WHERE url = ?", (url,))
    return row is not None and bool(row[0])


def due(db: Database, site: str) -> Mapping[str, list[str]]:
    """Return the addresses to ask for again, by the key of the article of a site that shows them;
    the oldest first, and a thousand at most."""
    rows = db.rows(
        "SELECT pictures.article, url FROM pictures JOIN articles ON articles.key ="
        " pictures.article WHERE due <= now() AND articles.site = ? ORDER BY due LIMIT ?",
        (site, _MOST_DUE),
    )
    result = defaultdict[str, list[str]](list)
    for article, url in rows:
        result[article].append(url)
    return result
