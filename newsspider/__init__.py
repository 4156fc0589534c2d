"""newsspider turns news category pages and share links into a Jekyll site.

The door for programs; docs/python.md has an example of each:

    extract(html, url)      the article on a page that you have
    crawl(target, …)        the new articles of sites, categories and addresses, one by one
    load_site(name)         a site definition, checked
    Article, Link, Site     what these give and take
    NewsspiderError         the base of every error that they raise
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.errors import NewsspiderError

if TYPE_CHECKING:
    from newsspider.crawling.program import Crawl
    from newsspider.model import Article, Link
    from newsspider.sites.schema import Site

__version__ = "0.1.0"
__all__ = ["Article", "Link", "NewsspiderError", "Site", "crawl", "extract", "load_site"]

# Where the names of the door are that take long to import: only who asks for one waits for it.
_LAZY = {
    "Article": "newsspider.model",
    "Link": "newsspider.model",
    "Site": "newsspider.sites.schema",
}


def extract(
    html: str | bytes, url: str, *, site: Site | None = None, now: datetime | None = None
) -> Article:
    """The article on a page, cleaned and safe to publish. Nothing is fetched.

    `html` is the page as text or as it came, `url` its address. By the rules of `site` where one is
    given, else by generic extraction. `now` (aware) is when the page was read: `3 hours ago` counts
    from it. A page that is no article gives an Article whose `rejection` says why.

    Raises NewsspiderError for what is no page, ValueError for what is no http or https address.
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

    Targets and options are those of `newsspider crawl`; `settings` are further Scrapy settings, as
    JSON has them. With `output`, a folder, articles become posts there and a later crawl brings
    what is new or changed; without, nothing is written and each crawl brings all.

    The run has a process of its own: call it as often as you like, from any thread. Leaving the
    loop early ends the run. Raises NewsspiderError, while iterated, for what the command ends with
    code 2 or 5 for; ValueError at once for an option that cannot be used.
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


def load_site(name: str | Path, *, sites: Path | str = "sites") -> Site:
    """The site definition of this name, from the folder `sites` or built in; for a path that ends
    in `.yml` that of the file. Raises NewsspiderError, which says file, line, key, what to do."""
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
