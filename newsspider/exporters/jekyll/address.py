"""The address of a post's page, as Jekyll builds it.

In: the configuration of the site in an output folder, and articles. Out: an address; None with a
`permalink` that is not one of Jekyll's own. `export` calls it. Never raises for what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath
from urllib.parse import quote
from zoneinfo import ZoneInfo

from newsspider.exporters.jekyll.config import find_config, read_values
from newsspider.model import Article

_STYLES = {
    "date": "/{category}{day:%Y/%m/%d}/{title}.html",
    "pretty": "/{category}{day:%Y/%m/%d}/{title}/",
    "ordinal": "/{category}{day:%Y/%j}/{title}.html",
    "none": "/{category}{title}.html",
}


def addresses(output: Path, *, whole: bool = True) -> Callable[[Article, str], str | None]:
    """Return the function that gives the address of an article and its post: `/news/a/2022/…`, or
    with `url` in the configuration `https://…`, unless it shall not be `whole`."""
    config = find_config(output)
    values = read_values(config) if config else {}
    style = _STYLES.get(str(values.get("permalink") or "date"))
    zone = _zone(values.get("timezone"))
    home = _text(values.get("url")) if whole else ""
    start = f"{home}{_text(values.get('baseurl'))}".rstrip("/")

    def address(article: Article, post: str) -> str | None:
        if style is None or article.published is None:
            return None
        day = article.published.astimezone(zone) if zone else article.published
        category = quote(article.category.lower(), safe="")
        title = PurePath(post).stem[11:]  # after the day
        path = style.format(category=category and f"{category}/", day=day, title=quote(title))
        return start + path

    return address


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (OSError, ValueError, KeyError):  # no zone of this name
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
