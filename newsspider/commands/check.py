"""`newsspider check [SITE]…`: compare sites, as they are today, with their definitions.

In: names of sites. Out: a line for each site and one for each fault, with --save the fetched pages
in SITES/NAME/, and the exit code. Called by `commands`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.fixtures import fixture_folders, read_fixture, write_fixture
from newsspider.authoring.probe import SAMPLES, Probe
from newsspider.authoring.replay import (
    OWED,
    ArticleReading,
    Fixture,
    Replayed,
    lost_fields,
    replay,
)
from newsspider.commands import probing
from newsspider.commands.fixing import mend, start_mending, write_fix
from newsspider.commands.from_archive import save_from_archive
from newsspider.commands.messages import print_errors
from newsspider.commands.options import CommandLine, own_sites, takes_options
from newsspider.commands.saved import compare_saved
from newsspider.commands.scheduled import with_own_project
from newsspider.errors import Exit, SiteError
from newsspider.sites import check_category, load, load_usable
from newsspider.sites.schema import Site
from newsspider.sites.selectors import selectors_of
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted


@takes_options
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SITE",
            help="Names of sites, or of a category as SITE/CATEGORY. Default: all in your own "
            "files.",
        ),
    ] = None,
    save: Annotated[
        bool,
        typer.Option(
            "--save", help="Save the fetched pages of sites that are fine, for `--saved`."
        ),
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Correct selectors that find nothing; show the difference and write it."
        ),
    ] = False,
    saved: Annotated[
        bool,
        typer.Option(
            "--saved", help="Read the saved pages again, without the network; show what differs."
        ),
    ] = False,
    from_archive: Annotated[
        int | None,
        typer.Option(
            "--from-archive",
            metavar="N",
            min=1,
            help="With --save: fetch nothing, save the last N articles of the archive.",
        ),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="With --saved: today's results are the expected ones.")
    ] = False,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Check that site files still fit their sites.

    Fetches one listing page and three articles of each site. Where pages of the site are saved,
    also reports the fields that the saved articles have and today's articles lack. Writes nothing,
    unless --save is given: then the fetched pages replace those in SITES/NAME/.

    With --fix it corrects the selectors of the listing and of the articles' fields that find
    nothing, shows the difference, and writes the site file; that of a built-in site is copied to
    the folder of your own first. Where the site cannot be reached, it takes the listing page that
    the last crawl kept in the output folder.

    With --saved it fetches nothing: it reads the saved pages with today's site file, and shows what
    reads differently than before. Run that after each change to a site file.

    With --save --from-archive N it fetches nothing either: it saves the pages of the last N
    articles that the archive of the output folder has of each site.

    Exit codes: 0 all sites are fine; 1 some sites could not be fetched; 2 bad input, or a site file
    cannot be used (the other sites are checked); 3 no site could be fetched; 4 a site looks broken:
    its listing has no links, its articles lack fields, or a selector finds nothing in any of them.
    With --saved: 1 something reads differently.
    """
    names, sites = names or [], own_sites(options)
    _refuse_combinations(names, save=save, fix=fix, saved=saved, accept=accept)
    if from_archive is not None:
        if fix or not (save and names):
            raise typer.BadParameter("--from-archive takes --save and the name of a site")
        return save_from_archive(names, with_own_project(options, ledger=False)[0], from_archive)
    if saved:
        return compare_saved(names, sites, accept=accept)
    names = names or sorted(path.stem for path in sites.glob("*.yml"))
    if not names:
        raise SiteError(f"no site files in {sites}: name a site (`newsspider sites` lists them)")
    own = with_own_project(options)[0] if fix else options
    probes, expected = _probes(names, sites, own if fix else None)
    probing.carry_out(probes, options, line)
    codes = []
    for probe in probes:
        before = expected[probe.name][1] if probe.name in expected else None
        if fix:
            mend(probe, before, own.output)
            write_fix(probe, sites, has_saved=before is not None and not save)
        codes.append(_report(probe, before))
    if save:
        pairs = zip(probes, codes, strict=True)
        _save([probe for probe, code in pairs if probe.fixture and not code], sites)
    return Exit.BAD_INPUT if len(probes) < len(set(names)) else _exit_code(codes)


def _refuse_combinations(
    names: Sequence[str], *, save: bool, fix: bool, saved: bool, accept: bool
) -> None:
    """Raise BadParameter for options that exclude each other."""
    if (saved and (save or fix)) or (accept and not saved):
        raise typer.BadParameter("--saved takes --accept, and not --save or --fix")
    if fix and len({name.partition("/")[0] for name in names}) < len(set(names)):
        raise typer.BadParameter("--fix takes one category of a site at a time")


def _probes(
    names: Sequence[str], sites: Path, own: RunOptions | None
) -> tuple[list[Probe], dict[str, tuple[Fixture, Replayed]]]:
    """Return a probe of each site, without those whose files cannot be used, and the saved pages by
    site. With the options of their crawls (`own`) the probes are prepared for --fix."""
    warn = cache(print_errors)  # a file that cannot be used is reported once
    load_usable(sites, warn)
    folders, expected, probes = fixture_folders(sites), {}, []
    for name in dict.fromkeys(names):
        try:
            of, category = _site_and_category(name)
            if of in folders:
                expected[of] = read_fixture(folders[of])
            probe = _probe(load(of, sites), category, expected)
            if own is not None:
                start_mending(probe, expected.get(of), sites, own)
            probes.append(probe)
        except SiteError as error:  # the other sites are checked
            warn(str(error))
    return probes, expected


def _exit_code(codes: Sequence[Exit]) -> Exit:
    """Return the exit code for those of all sites."""
    if Exit.BROKEN_SOURCE in codes:
        return Exit.BROKEN_SOURCE
    if all(code is Exit.NOTHING_FETCHED for code in codes):
        return Exit.NOTHING_FETCHED
    return Exit.SOME_FAILED if Exit.NOTHING_FETCHED in codes else Exit.DONE


def _save(probes: Iterable[Probe], sites: Path) -> None:
    for probe in probes:
        assert probe.site is not None and probe.fixture is not None
        try:
            write_fixture(sites / probe.name, probe.fixture, replay(probe.site, probe.fixture))
        except OSError as error:
            raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
        typer.echo(
            f"Saved the pages in {sites / probe.name}. Next: newsspider check --saved {probe.name}"
        )


def _site_and_category(name: str) -> tuple[str, str]:
    """Return the two parts of `bbc/world`; the path of a file is no name of either."""
    of, _, category = name.partition("/")
    return (name, "") if name.endswith((".yml", ".yaml")) else (of, category)


def _probe(site: Site, category: str, saved: Mapping[str, tuple[Fixture, Replayed]]) -> Probe:
    if category:
        check_category(site, category)
        return Probe(category, site=site)
    category = saved[site.name][0].category if site.name in saved else ""
    return Probe(_category(site, category), site=site)


def _category(site: Site, saved: str) -> str:
    """The category to check: the category whose pages are saved, else the first of the file."""
    if saved and site.takes(saved):
        return saved
    for name, category in site.categories.items():
        if not category.only_named:
            return name
    for name in site.categories:
        return name
    raise SiteError(f"{site.name}: its site file names no category to check")


def _report(probe: Probe, saved: Replayed | None) -> Exit:
    """Print a line for the site and one for each fault; return its exit code."""
    where = f"{probe.name}/{probe.category}"
    if probe.fixture is None:
        typer.echo(f"{where}: {'looks broken' if probe.answered else 'could not be fetched'}")
        typer.echo(f"  {probe.why}")
        if probe.mending is not None and probe.mending.is_changed:
            typer.echo("  its listing was mended by the page that the last crawl kept")
            return Exit.DONE
        return Exit.BROKEN_SOURCE if probe.answered else Exit.NOTHING_FETCHED
    assert probe.site is not None
    now = replay(probe.site, probe.fixture)
    counts = f"{counted(now.links, 'link')}, {counted(len(now.articles), 'article')} read"
    if not now.articles and not probe.read_any:
        typer.echo(f"{where}: its articles could not be fetched ({counted(now.links, 'link')})")
        return Exit.NOTHING_FETCHED
    recipe = probe.site.recipe(probe.site.category(probe.category))
    faults = list(_faults(now, saved, selectors_of(probe.site, recipe)))
    typer.echo(f"{where}: {'looks broken' if faults else 'fine'} ({counts})")
    for fault in faults:
        typer.echo(f"  {fault}")
    return Exit.BROKEN_SOURCE if faults else Exit.DONE


def _faults(now: Replayed, saved: Replayed | None, selectors: Mapping[str, str]) -> Iterator[str]:
    """The required fields that most of today's articles lack, the fields that every saved article
    has and none of today's, then the selectors that find nothing in any article."""
    articles = list(now.articles.values())
    if not articles:
        yield "none of the first links leads to an article"
        return
    before = list(saved.articles.values()) if saved is not None else []
    lost = {name: f"selector {selectors[name]!r} finds nothing" for name in lost_fields(now)}
    faults: dict[str, str] = {}
    for name in OWED:
        lacking = sum(name not in article.fields for article in articles)
        if 2 * lacking > len(articles):
            faults[name] = f"missing from {lacking} of {counted(len(articles), 'article')}"
    for name in dict.fromkeys(field for article in before for field in article.fields):
        if name not in OWED and _all_have(before, name) and not _any_has(now, name):
            faults[name] = "every saved article has it, none of today's articles does"
    for name, why in lost.items():
        where = f"in {counted(len(articles), 'article')}"
        if name in faults:
            faults[name] += f": {why}"
        elif all(name in article.by_fallback for article in articles):
            faults[name] = f"{why} {where}; generic extraction does"
        elif _any_has(now, name):
            faults[name] = f"{why} {where}"
        elif len(articles) >= SAMPLES and (saved is None or _any_has(saved, name)):
            faults[name] = f"{why} {where}, and nothing else does"
    yield from (f"{name}: {fault}" for name, fault in faults.items())


def _all_have(articles: list[ArticleReading], name: str) -> bool:
    return all(name in article.fields for article in articles if not article.fault)


def _any_has(replayed: Replayed, name: str) -> bool:
    return any(name in article.fields for article in replayed.articles.values())
