"""`newsspider add URL…`: write a site file for a new site, from its pages, or add to one.

In: addresses of category pages or feeds. Out: SITES/NAME.yml, new or with further categories; the
saved pages in SITES/NAME/, a table of the fields on the console, and the exit code. Called by
`commands`.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsspider.authoring.fixtures import write_fixture
from newsspider.authoring.further import with_category
from newsspider.authoring.probe import Probe
from newsspider.authoring.replay import Replayed, replay
from newsspider.authoring.write_definition import (
    category_name,
    category_values,
    definition,
    page_rules,
    rows,
)
from newsspider.commands import probing
from newsspider.commands.fixing import write_site_file
from newsspider.commands.messages import print_errors
from newsspider.commands.options import CommandLine, takes_options
from newsspider.errors import Exit, SiteError
from newsspider.sites import load, load_file, load_usable, site_of
from newsspider.sites.adhoc import site_name
from newsspider.sites.hosts import is_own
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted
from newsspider.text.urls import completed, host, publisher_host

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LONGEST = 60  # characters of an example in the table


def _checked_name(text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise typer.BadParameter(
            f"{text!r} is not a site name: use at most 40 lower-case letters, digits, - and _, "
            "and begin with a letter or digit"
        )
    return text


@takes_options
def add(
    urls: Annotated[
        list[str],
        typer.Argument(
            metavar="URL", help="Addresses of category pages or feeds, one category each."
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="NAME",
            callback=_checked_name,
            help="Name of the site; by default made from its host.",
        ),
    ] = "",
    print_: Annotated[
        bool, typer.Option("--print", help="Print the site file and write nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Overwrite an existing site file without asking.")
    ] = False,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Write a site file for a new site, from its category pages or feeds; add categories to the
    file of a site that has one.

    Finds the best listing: a feed, a list of links, JSON in a script of the page, a JSON API that
    its scripts call, or a sitemap that robots.txt names. Fetches three articles, shows the fields
    that were found in them, and writes the site file SITES/NAME.yml. Saves the fetched pages of the
    first category in SITES/NAME/, for `newsspider check --saved`. A file that exists gets a further
    category, and nothing else in it changes.

    Exit codes: 0 written; 2 the page has no listing (the message names what it has instead) or the
    site file has the category already; 3 nothing could be fetched, or no article could be read.
    """
    plans = [_plan(url, name, options.sites) for url in urls]
    if name and len({publisher_host(plan.url) for plan in plans}) > 1:
        raise typer.BadParameter("--name takes addresses of one site")
    plans = list(_named(plans))
    if not print_ and not yes and not sys.stdin.isatty():
        _keep_files(plans)
    load_usable(options.sites, warn=print_errors)
    probing.carry_out([plan.probe for plan in plans], options, line)
    texts: dict[Path, str] = {}
    codes = [_add(plan, texts, print_=print_, yes=yes) for plan in plans]
    if print_:
        for text in texts.values():
            typer.echo(text, nl=False)
    return next((code for code in codes if code is not Exit.DONE), Exit.DONE)


def add_sources(
    urls: Iterable[str], options: RunOptions, line: CommandLine
) -> tuple[dict[str, str], Exit]:
    """Add the addresses as `add` does, without a question. Return the category of each address that
    has one now, and the exit code; an address that was added before is left as it is.

    Raises BadParameter if a site file would have to be overwritten."""
    plans = [_plan(url, "", options.sites) for url in urls]
    added = {plan.url: plan.target for plan in plans if plan.is_added}
    plans = list(_named(plan for plan in plans if not plan.is_added))
    _keep_files(plans)
    load_usable(options.sites, warn=print_errors)
    probing.carry_out([plan.probe for plan in plans], options, line)
    texts: dict[Path, str] = {}
    codes = {plan: _add(plan, texts, print_=False, yes=False) for plan in plans}
    added |= {plan.url: plan.target for plan, code in codes.items() if code is Exit.DONE}
    return added, next((code for code in codes.values() if code is not Exit.DONE), Exit.DONE)


@dataclass(slots=True, eq=False)
class _Plan:
    """An address to add, the site file for it, and its probe. `present`: the file is that of a site
    that has no such category; `overwrites`: it is another file; `repeats`: the site's own, which
    has the category."""

    url: str
    name: str
    file: Path
    present: Site | None = None
    overwrites: bool = False
    repeats: bool = False
    probe: Probe = field(default_factory=lambda: Probe(""))

    @property
    def category(self) -> str:
        return self.probe.category or category_name(self.url)

    @property
    def target(self) -> str:
        """The category as `crawl` takes it."""
        return f"{self.name}/{self.category}"

    @property
    def is_added(self) -> bool:
        """Whether the site file has the category already."""
        return self.present is not None and self.category in self.present.categories


def _keep_files(plans: Iterable[_Plan]) -> None:
    """Raise BadParameter for a plan that would overwrite a site file."""
    for plan in plans:
        if plan.overwrites:
            if plan.repeats:
                raise typer.BadParameter(
                    f"{plan.file}: the category {plan.category!r} exists already: newsspider crawl "
                    f"{plan.target}; `newsspider add --yes` replaces the whole file"
                )
            raise typer.BadParameter(
                f"{plan.file} exists already: overwrite it with `newsspider add --yes`, or use "
                "another name with `newsspider add --name NAME`"
            )


def _plan(url: str, name: str, sites: Path) -> _Plan:
    """Return where an address belongs: to a site file of this host, else to a new one."""
    site_host = host(url)
    if not site_host:
        hint = f"; did you mean {completed(url)}?" if completed(url) else ""
        raise typer.BadParameter(f"{url[:200]!r} is not an http or https address{hint}")
    own = _own_sites(sites)
    name = name or next((s.name for s in [site_of(url, own.values())] if s.name in own), "")
    name = name or site_name(site_host)
    present = own.get(name)
    if present is not None and not is_own(present, url, ""):
        present = None  # the file of another site
    return _Plan(url, name, sites / f"{name}.yml", present)


def _own_sites(folder: Path) -> dict[str, Site]:
    """Return the sites of the user's own files that can be used, by name."""
    sites = {}
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        with contextlib.suppress(SiteError):
            sites[path.stem] = load_file(path)
    return sites


def _named(plans: Iterable[_Plan]) -> Iterator[_Plan]:
    """Give each plan a category of its own."""
    taken: dict[str, set[str]] = {}
    for plan in plans:
        names = taken.setdefault(plan.name, set())
        category = category_name(plan.url)
        plan.repeats = plan.is_added
        if plan.repeats:
            plan.present = None
        plan.overwrites = plan.present is None and plan.file.exists()
        for number in count(2):
            if category not in names:
                break
            category = f"{category_name(plan.url)[:36]}-{number}"
        names.add(category)
        plan.probe = Probe(category, url=plan.url)
        yield plan


def _add(plan: _Plan, texts: dict[Path, str], *, print_: bool, yes: bool) -> Exit:
    """Write the category of a plan, or its site file with this category. `texts` holds the files
    written so far."""
    probe, file = plan.probe, plan.file
    if probe.fixture is None or not probe.fixture.samples:
        return _give_up(probe)
    assert probe.site is not None
    read = replay(probe.site, probe.fixture)
    further = file in texts or plan.present is not None
    if further:
        before = texts[file] if file in texts else file.read_text("utf-8")
        try:
            text = with_category(before, probe.category, category_values(probe, read))
        except SiteError as error:
            raise SiteError(f"{file}: {error}") from None
        _loaded(plan.name, text)
    else:
        pages = page_rules(probe, read)
        site = _loaded(plan.name, definition(probe, read, plan.name, pages))
        read = replay(site, probe.fixture)
        text = definition(probe, read, plan.name, pages)
    if all(article.fault for article in read.articles.values()):
        return _give_up(probe)
    _print_fields(Console(stderr=True) if print_ else Console(), read)
    question = f"{file} exists already. Overwrite it?"
    if plan.overwrites and not (print_ or further or yes) and not typer.confirm(question):
        typer.echo("Nothing was written. To keep both, use another name with --name NAME.")
        return Exit.BAD_INPUT
    texts[file] = text
    if not print_:
        _save(plan, text, None if further else read)
    return Exit.DONE


def _save(plan: _Plan, text: str, read: Replayed | None) -> None:
    """Write the site file; with `read`, what its first category gives, also the saved pages."""
    assert plan.probe.fixture is not None
    try:
        if read is not None:
            write_fixture(plan.file.with_suffix(""), plan.probe.fixture, read)
        write_site_file(plan.file, text)
    except OSError as error:
        raise typer.BadParameter(
            f"{error.filename}: cannot be written ({error.strerror})"
        ) from error
    done = "Wrote" if read is not None else f"Added {plan.probe.category} to"
    typer.echo(f"{done} {plan.file}. Next: newsspider crawl {plan.target}")


def _give_up(probe: Probe) -> Exit:
    """Print why there is no site file; return the exit code."""
    if probe.fixture is not None:
        typer.echo("newsspider: none of the listing's links leads to a readable article", err=True)
        return Exit.NOTHING_FETCHED
    typer.echo(f"newsspider: {probe.why}", err=True)
    return Exit.BAD_INPUT if probe.answered else Exit.NOTHING_FETCHED


def _loaded(name: str, text: str) -> Site:
    """Load the definition as a crawl would, so that a file that cannot be loaded is not written."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.yml").write_text(text, "utf-8")
        return load(name, Path(folder))


def _print_fields(console: Console, replayed: Replayed) -> None:
    """Print the table of fields: in how many articles, how reliable, from where, an example."""
    total = len(replayed.articles)
    table = Table(box=None, pad_edge=False)
    for heading in ("field", "found", "trust", "where", "example"):
        table.add_column(heading)
    for row in rows(replayed):
        short = row.example if len(row.example) <= _LONGEST else f"{row.example[:_LONGEST]}…"
        table.add_row(row.field, f"{row.have} of {total}", row.trust, Text(row.origin), Text(short))
    console.print(table)
    console.print(f"{counted(replayed.links, 'link')} on the first page of the listing")
