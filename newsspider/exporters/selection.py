"""Which published articles are wanted: by site, source, category, stock, language, day and words.

In: the filters as a person types them. Out: a Selection, which says of an article whether it is
wanted. Pure. `published.py` asks it; the commands that read what was published make it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from newsspider.dates import read_age, read_since
from newsspider.model import Article


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles that all of these hold for; an empty value holds for every article.

    A day of `since` and `until` is one in the article's own zone, and both are included. `language`
    `zh` includes `zh-TW`; `stock` is a code, or market and code (`1.600941`). All of `words` must
    be in the title or the text, in any case of letters.
    """

    site: str = ""
    source: str = ""
    category: str = ""
    stock: str = ""
    language: str = ""
    since: date | datetime | None = None
    until: date | datetime | None = None
    words: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()

    @property
    def is_all(self) -> bool:
        """Whether every article is wanted."""
        return self == EVERYTHING

    def has(self, article: Article) -> bool:
        """Return whether the article is wanted, by all but its words."""
        if self.is_all:
            return True
        stocks = {text for stock in article.stocks for text in (stock.code, str(stock))}
        return (
            (not self.keys or article.key in self.keys)
            and self.site in ("", article.site)
            and self.source.casefold() in ("", article.source.casefold())
            and self.category in ("", article.category)
            and (not self.stock or self.stock in stocks)
            and f"{article.language}-".lower().startswith(
                self.language and f"{self.language}-".lower()
            )
            and (self.since is None or _reaches(article.published, self.since))
            and (self.until is None or _reaches(self.until, article.published))
        )

    def has_words(self, *texts: str) -> bool:
        """Return whether all of the words are in these texts."""
        text = "\n".join(texts).casefold() if self.words else ""
        return all(word.casefold() in text for word in self.words)


EVERYTHING = Selection()


def select(now: datetime, *, since: str = "", until: str = "", **filters: Any) -> Selection:
    """Return the Selection of filters as a person writes them. Raises ValueError for a `since` or
    `until` that is no time."""
    return Selection(**filters, since=read_limit(since, now), until=read_limit(until, now))


def read_limit(text: str, now: datetime) -> date | datetime | None:
    """Return what `--since` or `--until` names: a day, a time (UTC without an offset), or an age
    such as `7d` before `now`; None for "". Raises ValueError with a message for the person."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        at = read_since(text, now=now, zone=ZoneInfo("UTC"))
    return at if read_age(text) or ":" in text else at.date()


def _reaches(late: date | datetime | None, early: date | datetime | None) -> bool:
    """Return whether a time is not before another; of a day and a time the days are compared.
    Nothing is known of an article without a time, so it is not wanted."""
    if late is None or early is None:
        return False
    if isinstance(late, datetime) and isinstance(early, datetime):
        return late >= early
    return _day(late) >= _day(early)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
