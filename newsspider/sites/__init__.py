"""The sites there are, and which of them a link belongs to. The built-in files lie beside this.

In: the name of a site and the user's own folder. Out: a `Site`, or SiteError with file, line, key
and what to write instead. The commands and the spiders call `load`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from newsspider.errors import SiteError
from newsspider.model import Link
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.identity import share_url
from newsspider.sites.loader import read_file
from newsspider.sites.schema import Share, Site
from newsspider.text.slugs import close_names
from newsspider.text.urls import host

BUILT_IN = Path(__file__).parent / "definitions"
logger = logging.getLogger(__name__)


def load(name: str, folder: Path | None = None) -> Site:
    """The site of this name: the user's own file if there is one, else the built-in."""
    paths = dict(site_files(folder))
    if name not in paths:
        near = close_names(name, paths)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(paths)}"
        raise SiteError(f"no site is called {name!r}: {hint}")
    return load_file(paths[name])


def load_file(path: Path) -> Site:
    """The site of a file, which is called as the file is. Raises SiteError."""
    try:
        return read_file(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise SiteError(f"{path}: cannot be read ({error.strerror})") from error


def load_all(folder: Path | None = None) -> dict[str, Site]:
    """All sites by name. Raises SiteError for the first file that cannot be used."""
    return {name: load(name, folder) for name, _ in site_files(folder)}


def load_usable(
    folder: Path | None = None, tell: Callable[[str], object] = logger.warning
) -> dict[str, Site]:
    """The sites whose files can be used: one that is being written is no reason to stop a crawl of
    another."""
    sites: dict[str, Site] = {}
    for name, _ in site_files(folder):
        try:
            sites[name] = load(name, folder)
        except SiteError as error:
            tell(str(error))
    return sites


def site_files(folder: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Names and files of all sites, a user's file in place of a built-in one of its name."""
    found: dict[str, Path] = {}
    for place in (BUILT_IN, folder):
        if place is not None and place.is_dir():
            found.update({path.stem: path for path in sorted(place.glob("*.yml"))})
    yield from sorted(found.items())


def check_category(site: Site, name: str) -> None:
    """Raises SiteError when the site cannot have a category of this name."""
    if site.takes(name):
        return
    hint = f"see `newsspider sites {site.name}`"
    if near := close_names(name, site.categories):
        hint = f"did you mean {' or '.join(near)}?"
    elif some := list(site.categories)[:3]:
        hint = f"such as {', '.join(some)}; {hint}"
    raise SiteError(f"{site.name}: {name!r} is no category name: {hint}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A link given by hand, and the site and pattern that take it."""

    site: Site
    share: Share
    link: Link
    bare: bool  # an id alone: where it is shared from is not said


def claimed(text: str, sites: Iterable[Site]) -> Claimed | None:
    """The site that takes a link given by hand: by a form of share link, by its host, or, of any
    other address, one made for it. None for what is no address at all."""
    sites = list(sites)
    return _by_pattern(text, sites) or _by_host(text, sites)


def _by_host(text: str, sites: Iterable[Site]) -> Claimed | None:
    if not host(text):
        return None
    return Claimed(site_of(text, sites), Share(pattern=".+"), Link(url=text), bare=True)


def site_of(url: str, sites: Iterable[Site]) -> Site:
    """The site whose home is on the host of an address, else one made for it. Of several the one
    whose home is nearest: www.bbc.com has BBC News, and BBC 中文 under /zhongwen/.

    Raises ValueError for what is no http or https address.
    """
    where = host(url)
    own = [site for site in sites if site.reads_any_page and _same_host(host(site.home), where)]
    return max(own, key=lambda site: _shared_path(site.home, url), default=None) or adhoc_site(url)


def _shared_path(home: str, url: str) -> int:
    """How many folders of its home an address is in; less than none where it is elsewhere."""
    folders = urlsplit(home).path.strip("/").split("/")
    way = urlsplit(url).path.strip("/").split("/")
    if folders == [""]:
        return 0
    return len(folders) if way[: len(folders)] == folders else -1


def _same_host(one: str, other: str) -> bool:
    return one.removeprefix("www.") == other.removeprefix("www.")


def _by_pattern(text: str, sites: Iterable[Site]) -> Claimed | None:
    for site in sites:
        if claim := site.claim(text):
            share, match = claim
            url = share_url(text, share, match)
            found = match.groupdict()
            fields = {} if share.link else {"link": url}
            link = Link(url=url, id=found.get("id") or "", fields=fields)
            return Claimed(site, share, link, bare="origin" not in found)
    return None
