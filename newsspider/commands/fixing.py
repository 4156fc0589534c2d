"""`newsspider check --fix`: correct the selectors of a site file.

In: the probe of a site with what it fetched, the saved pages, those that the last crawls kept. Out:
the difference on standard output, and SITES/NAME.yml. Called by `check`; `authoring.mend` decides.
"""

from __future__ import annotations

import difflib
from contextlib import closing, suppress
from pathlib import Path

import typer

from newsspider import listing
from newsspider.authoring.mend import Mending
from newsspider.authoring.probe import Probe, why_not
from newsspider.authoring.replay import Fixture, Replayed
from newsspider.errors import NotReadable, OutputError, SiteError
from newsspider.model import Page
from newsspider.sites import site_files
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.spiders.watch import BROKEN, GOOD, drift_folder
from newsspider.store.ledgers import copied_ledger
from newsspider.text.encoding import to_utf8

_NAMES = {"author": "authors", "source": "source", "editor": "editor"}  # fields of articles
_NEWEST = 200  # articles of a category whose names are known


def start_mending(
    probe: Probe, saved: tuple[Fixture, Replayed] | None, sites: Path, options: RunOptions
) -> None:
    """Give the probe the text of its site file, the links that its listing last had, and the names
    that its articles had. `options` name the output folder of its crawls."""
    output = options.output
    assert probe.site is not None
    text = dict(site_files(sites))[probe.name].read_bytes().decode("utf-8")
    good = _kept_page(probe, output, GOOD)
    if good is None and saved is not None and saved[0].category == probe.category:
        listed = saved[0].listing
        good = listed.page if listed else None
    links = _links(probe.site, probe.category, good) if good is not None else frozenset()
    names = _names(options, probe.site.name, probe.category)
    probe.mending = Mending(probe.site, text, links, names)


def _names(options: RunOptions, site: str, category: str) -> dict[str, list[str]]:
    """Return the authors, sources and editors of the newest articles of a category, by field."""
    names: dict[str, list[str]] = {}
    with suppress(OutputError), closing(copied_ledger(options.output, options.ledger)) as ledger:
        for key, _ in ledger.newest_links(site, category, _NEWEST):
            fields = ledger.fields(key)
            for field, name in _NAMES.items():
                values = fields.get(name) or ()
                names.setdefault(field, []).extend([values] if isinstance(values, str) else values)
    return {field: list(dict.fromkeys(values)) for field, values in names.items() if values}


def _links(site: Site, category: str, page: Page) -> frozenset[str]:
    """Return the addresses of the links on a page of the category's listing."""
    try:
        first = site.listings_of(category)[0]
        links = listing.read(page, site, category, first, number=0).links
    except NotReadable:
        return frozenset()
    return frozenset(link.url for link in links)


def _kept_page(probe: Probe, output: Path, name: str) -> Page | None:
    """Return the listing page that a crawl kept under this name; None if there is none."""
    assert probe.site is not None
    try:
        body = (drift_folder(output, f"{probe.name}/{probe.category}") / name).read_bytes()
    except OSError:
        return None
    first = probe.site.listings_of(probe.category)[0]
    url = listing.first_page(first, probe.site, probe.category).url
    return Page(url=url, body=to_utf8(body, ""))


def mend(probe: Probe, before: Replayed | None, output: Path) -> None:
    """Mend the fields of the probe's articles; where the site cannot be reached, the listing, by
    the page that the last crawl kept. `before` is what was read from the saved pages."""
    mending = probe.mending
    assert mending is not None
    if probe.fixture is not None:
        mending.mend_articles(probe.fixture, before)
    elif not probe.answered and (page := _kept_page(probe, output, BROKEN)) is not None:
        links = len(_links(mending.site, probe.category, page))
        if not why_not(page):
            mending.mend_listing(probe.category, 0, page, links)
    probe.site = mending.site


def write_fix(probe: Probe, sites: Path, *, has_saved: bool) -> None:
    """Show how the site file changes, and write it. That of a built-in site is written to the
    user's folder. `has_saved`: pages of the site are saved, which the old file reads. Raises
    SiteError."""
    mending = probe.mending
    assert mending is not None
    for fault in mending.faults:
        typer.echo(fault)
    if not mending.is_changed:
        return
    path = sites / f"{probe.name}.yml"
    old, new = (text.splitlines(keepends=True) for text in (mending.before, mending.text))
    typer.echo("".join(difflib.unified_diff(old, new, str(path), str(path), n=1)), nl=False)
    try:
        write_site_file(path, mending.text)
    except OSError as error:
        raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
    typer.echo(f"Wrote {path}")
    if has_saved:
        renew = f"newsspider check {probe.name} --save"
        typer.echo(f"The saved pages are those that the old file reads. Renew them: {renew}")


def write_site_file(path: Path, text: str) -> None:
    """Write a site file whole, or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".yml.part")
    part.write_bytes(text.encode())
    part.replace(path)
