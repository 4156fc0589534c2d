"""The address of a post's page, as Jekyll builds it.

In: the configuration of the site in an output folder, and articles. Out: an address; None with a
`permalink` that is not one of Jekyll's own. `export` and `gone.py` call it. Never raises for what a
file holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
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


def addresses(output: Path) -> Callable[[Article, str], str | None]:
    """Return the function that gives the address of an article and its post: `/news/a/2022/…`, or
    with `url` in the configuration `https://…`."""
    values = _values(output)
    path_of, start = paths(output), f"{_text(values.get('url'))}{base(output)}".rstrip("/")

    def address(article: Article, post: str) -> str | None:
        path = path_of(article, post)
        return None if path is None else start + path

    return address


def paths(output: Path) -> Callable[[Article, str], str | None]:
    """Return the function that gives the path of an article's page inside the site: its address
    without `url` and `baseurl`."""
    values = _values(output)
    style = _STYLES.get(str(values.get("permalink") or "date"))
    zone = _zone(values.get("timezone"))

    @lru_cache  # articles come in the order of their days
    def around(category: str, day: date) -> list[str]:
        """Return what is before and after the title."""
        assert style is not None
        return style.format(category=_folder_of(category), day=day, title="\0").split("\0")

    def path(article: Article, post: str) -> str | None:
        if style is None or article.published is None:
            return None
        moment = article.published.astimezone(zone) if zone else article.published
        title = post.rpartition("/")[2].rpartition(".")[0][11:]  # after the day
        return quote(title).join(around(article.category, moment.date()))

    return path


def _folder_of(category: str) -> str:
    """Return the folder of a category's posts: `news/`."""
    name = quote(category.lower(), safe="")
    return name and f"{name}/"


def has_own_permalink(output: Path) -> bool:
    """Return whether the configuration has a `permalink` that is not one of Jekyll's own, so that
    the addresses of its posts are not known."""
    return str(_values(output).get("permalink") or "date") not in _STYLES


def base(output: Path) -> str:
    """Return the path below which the site is served: `/news`, "" for none."""
    return _text(_values(output).get("baseurl")).rstrip("/")


def stated_url(output: Path) -> str:
    """Return where the site is served, as its configuration states it as `url`; "" for nothing."""
    return _text(_values(output).get("url")).rstrip("/")


def _values(output: Path) -> dict[str, Any]:
    config = find_config(output)
    return read_values(config) if config else {}


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (OSError, ValueError, KeyError):  # no zone of this name
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
