"""`newsspider add URL`: a site file for a site that has none, written from one of its pages."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsspider.authoring.fixtures import write_fixture
from newsspider.authoring.probe import Probe
from newsspider.authoring.replay import Replayed, replay
from newsspider.authoring.write_definition import category_name, definition, page_rules, rows
from newsspider.commands import probing
from newsspider.commands.options import CommandLine, takes_options
from newsspider.errors import Exit
from newsspider.sites import load
from newsspider.sites.adhoc import site_name
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.text.urls import host

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LONGEST = 60


def _checked_name(text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise typer.BadParameter(
            f"{text!r} is no name of a site: small letters, digits, - and _, 40 at most"
        )
    return text


@takes_options
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A category page, or a feed.")],
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", callback=_checked_name, help="What to call the site."
        ),
    ] = "",
    print_: Annotated[
        bool, typer.Option("--print", help="Only print the site file; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite without asking.")] = False,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Write a site file from one of its pages, and save the pages it was made from.

    Looks at the page for a feed, a list of links, state in a script, an interface that answers
    JSON, and in robots.txt for a sitemap; fetches three articles; shows what was found; writes
    SITES/NAME.yml and SITES/NAME/, for `newsspider test`.

    Exit code: 0 written, 2 the page has no listing (it says what it has instead) or the file is
    there already, 3 nothing could be fetched or no article read.
    """
    where = host(url)
    if not where:
        raise typer.BadParameter(f"{url[:200]!r} is no http or https address")
    name = name or site_name(where)
    sites = options.sites
    file = sites / f"{name}.yml"
    if not print_ and file.exists() and not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{file} is there already; --yes overwrites it, --name NAME adds another"
        )
    probe = Probe(category_name(url), url=url)
    probing.carry_out([probe], options, line)
    if probe.fixture is None or not probe.fixture.samples:
        return _give_up(probe)
    assert probe.site is not None
    before = replay(probe.site, probe.fixture)
    pages = page_rules(probe, before)
    text = definition(probe, before, name, pages)
    site = _loaded(name, text)
    read = replay(site, probe.fixture)
    text = definition(probe, read, name, pages)
    if all(one.fault for one in read.articles.values()):
        return _give_up(probe)
    _show(Console(stderr=True) if print_ else Console(), read)
    if print_:
        typer.echo(text, nl=False)
        return Exit.DONE
    if file.exists() and not yes and not typer.confirm(f"{file} is there already. Overwrite it?"):
        typer.echo("Nothing is written; --name NAME adds another.")
        return Exit.BAD_INPUT
    try:
        write_fixture(sites / name, probe.fixture, read)
        _write(file, text)
    except OSError as error:
        raise typer.BadParameter(
            f"{error.filename}: cannot be written ({error.strerror})"
        ) from error
    typer.echo(f"{file} is written. Next: newsspider crawl {name}/{probe.category}")
    return Exit.DONE


def _give_up(probe: Probe) -> Exit:
    if probe.fixture is not None:
        typer.echo("newsspider: no article behind the listing's links could be read", err=True)
        return Exit.NOTHING_FETCHED
    typer.echo(f"newsspider: {probe.why}", err=True)
    return Exit.BAD_INPUT if probe.answered else Exit.NOTHING_FETCHED


def _loaded(name: str, text: str) -> Site:
    """The site as a crawl would load it: what cannot be loaded is never written."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.yml").write_text(text, "utf-8")
        return load(name, Path(folder))


def _write(file: Path, text: str) -> None:
    part = file.with_suffix(".yml.part")
    part.write_text(text, "utf-8")
    part.replace(file)


def _show(console: Console, read: Replayed) -> None:
    many = len(read.articles)
    table = Table(box=None, pad_edge=False)
    for heading in ("field", "found", "trust", "where", "such as"):
        table.add_column(heading)
    for row in rows(read):
        short = row.example if len(row.example) <= _LONGEST else f"{row.example[:_LONGEST]}…"
        table.add_row(row.field, f"{row.have} of {many}", row.trust, Text(row.origin), Text(short))
    console.print(table)
    console.print(f"{read.links} links on the first page of the listing")
