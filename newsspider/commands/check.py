"""`newsspider check [SITE]…`: does a site still give what its definition reads?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.fixtures import fixture_folders, read_fixture, write_fixture
from newsspider.authoring.probe import SAMPLES, Probe
from newsspider.authoring.replay import OWED, ArticleReading, Replayed, replay
from newsspider.commands import probing
from newsspider.commands.options import CommandLine, takes_options
from newsspider.errors import Exit, SiteError
from newsspider.sites import load
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions


@takes_options
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="All of your own, if none.")
    ] = None,
    save: Annotated[
        bool,
        typer.Option("--save", help="Save the pages for `newsspider test`, where all is fine."),
    ] = False,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Look at one listing page and three articles of sites, and say whether all is still there.

    Politely, and nothing is written but with --save: then the pages seen go into SITES/NAME/, in
    place of those saved before. Where pages of the site are saved, it also says which fields
    they had and the articles of today do not.

    Exit code: 0 all fine, 1 some sites could not be fetched, 2 bad input, 3 none could be, 4 a site
    looks broken: its listing has no links, or its articles lack what they had.
    """
    sites = options.sites
    names = names or sorted(path.stem for path in sites.glob("*.yml"))
    if not names:
        raise SiteError(f"there are no site files in {sites}; name a site (`newsspider sites`)")
    folders = fixture_folders(sites)
    saved = {name: read_fixture(folders[name]) for name in names if name in folders}
    looks = []
    for name in dict.fromkeys(names):
        site = load(name, sites)
        category = saved[name][0].category if name in saved else ""
        looks.append(Probe(_category(site, category), site=site))
    probing.carry_out(looks, options, line)
    codes = [_tell(look, saved[look.name][1] if look.name in saved else None) for look in looks]
    if save:
        _save([look for look, code in zip(looks, codes, strict=True) if not code], sites)
    if Exit.BROKEN_SOURCE in codes:
        return Exit.BROKEN_SOURCE
    if all(code is Exit.NOTHING_FETCHED for code in codes):
        return Exit.NOTHING_FETCHED
    return Exit.SOME_FAILED if Exit.NOTHING_FETCHED in codes else Exit.DONE


def _save(looks: Iterable[Probe], sites: Path) -> None:
    for look in looks:
        assert look.site is not None and look.fixture is not None
        try:
            write_fixture(sites / look.name, look.fixture, replay(look.site, look.fixture))
        except OSError as error:
            raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
        typer.echo(f"{sites / look.name}: saved; `newsspider test {look.name}` reads it again")


def _category(site: Site, saved: str) -> str:
    """The category that is looked at: the one whose pages are saved, else the first."""
    if saved and site.takes(saved):
        return saved
    for name, category in site.categories.items():
        if not category.only_named:
            return name
    for name in site.categories:
        return name
    raise SiteError(f"{site.name}: its file names no category to look at")


def _tell(look: Probe, before: Replayed | None) -> Exit:
    """Say what became of a site: a line, and one for each fault."""
    where = f"{look.name}/{look.category}"
    if look.fixture is None:
        typer.echo(f"{where}: {'looks broken' if look.answered else 'could not be fetched'}")
        typer.echo(f"  {look.why}")
        return Exit.BROKEN_SOURCE if look.answered else Exit.NOTHING_FETCHED
    assert look.site is not None
    now = replay(look.site, look.fixture)
    read = f"{now.links} links, {len(now.articles)} articles read"
    if not now.articles and not look.read_any:
        typer.echo(f"{where}: its articles could not be fetched ({now.links} links)")
        return Exit.NOTHING_FETCHED
    faults = list(_faults(now, before))
    typer.echo(f"{where}: {'looks broken' if faults else 'fine'} ({read})")
    for fault in faults:
        typer.echo(f"  {fault}")
    return Exit.BROKEN_SOURCE if faults else Exit.DONE


def _faults(now: Replayed, before: Replayed | None) -> Iterator[str]:
    """What an article must have and most lack, and what all saved ones had and none of today's."""
    if not now.articles:
        yield f"none of the first links leads to an article ({SAMPLES} are looked for)"
        return
    for name in OWED:
        lacking = sum(name not in one.fields for one in now.articles.values())
        if 2 * lacking > len(now.articles):
            yield f"{name}: missing in {lacking} of {len(now.articles)} articles"
    had = list(before.articles.values()) if before is not None else []
    for name in dict.fromkeys(field for one in had for field in one.fields):
        if name not in OWED and _all_have(had, name) and not _any_has(now, name):
            yield f"{name}: every saved article has it, none of today's does"


def _all_have(articles: list[ArticleReading], name: str) -> bool:
    return all(name in one.fields for one in articles if not one.fault)


def _any_has(read: Replayed, name: str) -> bool:
    return any(name in one.fields for one in read.articles.values())
