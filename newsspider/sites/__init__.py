"""All sites, and the one that a link belongs to. The built-in files are in `definitions/`.

In: the name of a site and the user's own folder. Out: a `Site`, or SiteError with file, line, key
and what to write instead. The commands and the spiders call `load` and `claimed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from newsspider.errors import SiteError
from newsspider.model import Link
from newsspider.sites.adhoc import adhoc_site, site_name
from newsspider.sites.identity import share_url
from newsspider.sites.limits import read_bounded
from newsspider.sites.loader import read_file
from newsspider.sites.schema import Share, Site
from newsspider.text.slugs import close_names
from newsspider.text.urls import host

BUILT_IN = Path(__file__).parent / "definitions"


def load(name: str, folder: Path | None = None) -> Site:
    """Return the site of this name: the user's own file if there is one, else the built-in.

    Raises SiteError.
    """
    paths = dict(site_files(folder))
    if name not in paths:
        given = (name.partition("/")[0], Path(name).stem)  # `bbc/world`, `sites/bbc.yml`
        near = [part for part in given if part in paths][:1] or close_names(name, paths)
        hint = f"did you mean {' or '.join(near)}?" if near else f"the sites are {', '.join(paths)}"
        raise SiteError(f"no site is called {name!r}: {hint}")
    return load_file(paths[name])


def load_file(path: Path) -> Site:
    """Return the site of a file; the file's name is the site's. Raises SiteError."""
    try:
        return read_file(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise SiteError(f"{path}: cannot be read ({error.strerror})") from error


def load_all(folder: Path | None = None) -> dict[str, Site]:
    """Return all sites by name. Raises SiteError for the first file that cannot be used."""
    return {name: load(name, folder) for name, _ in site_files(folder)}


def load_usable(
    folder: Path | None = None, warn: Callable[[str], object] | None = None
) -> dict[str, Site]:
    """Return the sites whose files can be used, by name. A file that somebody is still writing must
    not stop the crawl of another site: `warn`, if given, gets its error."""
    sites, errors = _loaded(folder)
    for error in errors.values():
        if warn is not None:
            warn(str(error))
    return sites


def check_unclaimed(url: str, folder: Path | None = None) -> None:
    """Raise the SiteError of a file that cannot be used and names the host of this address. To read
    the address without its site file would publish its articles under other names."""
    where = host(url).removeprefix("www.")
    paths = dict(site_files(folder))
    for name, error in _loaded(folder)[1].items():
        if name == site_name(where) or where in _text(paths[name]):
            raise error


def _loaded(folder: Path | None) -> tuple[dict[str, Site], dict[str, SiteError]]:
    """Return the sites, and the errors of the files that cannot be used, by name."""
    sites: dict[str, Site] = {}
    errors: dict[str, SiteError] = {}
    for name, path in site_files(folder):
        try:
            sites[name] = load_file(path)
        except SiteError as error:
            errors[name] = error
    return sites, errors


def _text(path: Path) -> str:
    """Return the text of a file that need not be a site file; "" if it cannot be read."""
    try:
        return read_bounded(path).decode("utf-8", "replace")
    except (OSError, SiteError):
        return ""


def site_files(folder: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Yield names and files of all sites; a user's file replaces the built-in one of its name."""
    paths: dict[str, Path] = {}
    for place in (BUILT_IN, folder):
        if place is not None and place.is_dir():
            paths.update({path.stem: path for path in sorted(place.glob("*.yml"))})
    yield from sorted(paths.items())


def check_category(site: Site, name: str) -> None:
    """Raise SiteError if the site cannot have a category of this name."""
    if site.takes(name):
        return
    hint = f"see `newsspider sites {site.name}`"
    if near := close_names(name, site.categories):
        hint = f"did you mean {' or '.join(near)}?"
    elif some := list(site.categories)[:3]:
        hint = f"such as {', '.join(some)}; {hint}"
    raise SiteError(f"{site.name}: {name!r} is not a category name: {hint}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A link given by hand, and the site and pattern that take it."""

    site: Site
    share: Share
    link: Link
    bare: bool  # an id alone: the link does not show where it was shared


def claimed(text: str, sites: Iterable[Site]) -> Claimed | None:
    """Return the site that takes a link given by hand: by a form of share link, by its host, or,
    for any other address, a site made for it. None for a text that is not an address."""
    sites = list(sites)
    return _by_pattern(text, sites) or _by_host(text, sites)


def _by_host(text: str, sites: Iterable[Site]) -> Claimed | None:
    if not host(text):
        return None
    return Claimed(site_of(text, sites), Share(pattern=".+"), Link(url=text), bare=True)


def site_of(url: str, sites: Iterable[Site]) -> Site:
    """Return the site whose home is on the host of an address, else a site made for it. Of several
    sites the one with the nearest home: www.bbc.com has BBC News, and BBC 中文 under /zhongwen/.

    Raises ValueError for a text that is not an http or https address.
    """
    where = host(url)
    own = [site for site in sites if site.reads_any_page and _same_host(host(site.home), where)]
    return max(own, key=lambda site: _shared_path(site.home, url), default=None) or adhoc_site(url)


def _shared_path(home: str, url: str) -> int:
    """Return how many folders of `home` the address is in; -1 if it is elsewhere."""
    folders = urlsplit(home).path.strip("/").split("/")
    path = urlsplit(url).path.strip("/").split("/")
    if folders == [""]:
        return 0
    return len(folders) if path[: len(folders)] == folders else -1


def _same_host(name: str, other: str) -> bool:
    return name.removeprefix("www.") == other.removeprefix("www.")


def _by_pattern(text: str, sites: Iterable[Site]) -> Claimed | None:
    for site in sites:
        if claim := site.claim(text):
            share, match = claim
            url = share_url(text, share, match)
            groups = match.groupdict()
            fields = {} if share.link else {"link": url}
            link = Link(url=url, id=groups.get("id") or "", fields=fields)
            return Claimed(site, share, link, bare="origin" not in groups)
    return None
