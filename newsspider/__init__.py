"""newsspider turns news category pages and share links into a Jekyll site.

The Python API; docs/python.md has an example of each:

    extract(html, url)      return the article on a page that you have
    crawl(target, …)        iterate over the new articles of sites, categories and addresses
    articles(folder, …)     iterate over the articles that were published into a folder
    load_site(name)         return a site definition
    Article, Link, Site     the values that these return and accept
    NewsspiderError         the base of every error that they raise
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.errors import NewsspiderError

if TYPE_CHECKING:
    from newsspider.crawling.program import Crawl
    from newsspider.model import Article, Link
    from newsspider.sites.schema import Site

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Link",
    "NewsspiderError",
    "Site",
    "articles",
    "crawl",
    "extract",
    "load_site",
]

# The modules of exported names that take long to import: they are imported on first use.
_LAZY = {
    "Article": "newsspider.model",
    "Link": "newsspider.model",
    "Site": "newsspider.sites.schema",
}


def extract(
    html: str | bytes, url: str, *, site: Site | None = None, now: datetime | None = None
) -> Article:
    """Return the article on a page, cleaned and safe to publish. Nothing is fetched.

    `html` is the page as text or as bytes, `url` its address. The page is read by the rules of
    `site` if given, otherwise by generic extraction. `now` (aware) is when the page was fetched:
    `3 hours ago` counts from it; the default is the current time. If the page is not an article,
    the returned Article has a `rejection` that says why.

    Raises NewsspiderError if the page cannot be read, ValueError if `url` is not an http or https
    address.
    """
    from newsspider.extraction.single import read_page_alone

    return read_page_alone(html, url, site=site, now=now)


def crawl(
    *targets: str,
    output: Path | str | None = None,
    limit: int | None = None,
    since: str = "",
    max_pages: int | None = None,
    media: str = "",
    stock: str = "",
    profile: str = "",
    sites: Path | str = "sites",
    connect_to: str = "",
    settings: Mapping[str, Any] | None = None,
) -> Crawl:
    """Crawl sites, categories and addresses of category pages; iterate the result for its articles.

    Targets and options are those of `newsspider crawl`; `settings` are further Scrapy settings with
    values that JSON can hold. With `output`, a folder, articles become posts there, and a later
    crawl returns only new or changed articles. Without it, nothing is written, and each crawl
    returns all articles.

    The crawl runs in a process of its own: call this as often as you like, from any thread, or in
    asyncio with `async for`. Leaving the `with` or `async with` block ends the crawl. Iteration
    raises NewsspiderError where the command would end with code 2 or 5; an option that cannot be
    used raises ValueError immediately.
    """
    from newsspider.crawling import program

    return program.start(
        targets,
        output=output,
        limit=limit,
        since=since,
        max_pages=max_pages,
        media=media,
        stock=stock,
        profile=profile,
        sites=Path(sites),
        connect_to=connect_to,
        settings=settings or {},
    )


def articles(
    folder: Path | str,
    *,
    since: str | date | datetime = "",
    until: str | date | datetime = "",
    site: str = "",
    source: str = "",
    category: str = "",
    stock: str = "",
    language: str = "",
    words: Sequence[str] = (),
) -> Iterator[Article]:
    """Iterate over the articles that were published into an output folder, the first published
    first. Nothing is fetched or written, and a crawl may go on meanwhile.

    `since` and `until` (included) are a day, a time, or an age such as `7d`. `category` is a slug,
    `stock` a code; `language` `zh` includes `zh-TW`; all of `words` must be in title or text. An
    article whose post a person edited has the person's text.

    Raises NewsspiderError for a folder without posts, ValueError for a filter that cannot be used.
    """
    from newsspider.exporters.published import published
    from newsspider.exporters.selection import Selection, read_limit

    now = datetime.now(UTC)
    first, last = (
        read_limit(limit, now) if isinstance(limit, str) else limit for limit in (since, until)
    )
    wanted = Selection(site, source, category, stock, language, first, last, tuple(words))
    return (item.article for item in published(Path(folder), wanted))


def load_site(name: str | Path, *, sites: Path | str = "sites") -> Site:
    """Return the definition of a site: by name, from the folder `sites` or built in; or by the path
    of a `.yml` file.

    Raises NewsspiderError, whose message gives the file, the line, the key and what to do.
    """
    from newsspider.sites import load, load_file

    if str(name).endswith(".yml"):
        return load_file(Path(name))
    return load(str(name), Path(sites))


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
