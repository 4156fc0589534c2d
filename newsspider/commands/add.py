"""`newsspider add URL`: write a site file for a new site, from one of its pages.

In: the address of a category page or a feed. Out: SITES/NAME.yml, the saved pages in SITES/NAME/, a
table of the fields on the console, and the exit code. Called by `commands`.
"""

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
from newsspider.commands.console import print_errors
from newsspider.commands.options import CommandLine, takes_options
from newsspider.errors import Exit
from newsspider.sites import load, load_usable
from newsspider.sites.adhoc import site_name
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.text.urls import completed, host

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
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of a category page or a feed.")
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
    """Write a site file for a new site, from one of its category pages or feeds.

    Finds the best listing: a feed, a list of links, JSON in a script of the page, a JSON API that
    its scripts call, or a sitemap that robots.txt names. Fetches three articles, shows the fields
    that were found in them, and writes the site file SITES/NAME.yml. Saves the fetched pages in
    SITES/NAME/, for `newsspider test`.

    Exit codes: 0 written; 2 the page has no listing (the message names what it has instead) or the
    site file exists already; 3 nothing could be fetched, or no article could be read.
    """
    site_host = host(url)
    if not site_host:
        hint = f"; did you mean {completed(url)}?" if completed(url) else ""
        raise typer.BadParameter(f"{url[:200]!r} is not an http or https address{hint}")
    name = name or site_name(site_host)
    sites = options.sites
    file = sites / f"{name}.yml"
    if not print_ and file.exists() and not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{file} exists already: overwrite it with --yes, or use another name with --name NAME"
        )
    load_usable(sites, warn=print_errors)
    probe = Probe(category_name(url), url=url)
    probing.carry_out([probe], options, line)
    if probe.fixture is None or not probe.fixture.samples:
        return _give_up(probe)
    assert probe.site is not None
    generic = replay(probe.site, probe.fixture)
    pages = page_rules(probe, generic)
    site = _loaded(name, definition(probe, generic, name, pages))
    replayed = replay(site, probe.fixture)
    text = definition(probe, replayed, name, pages)
    if all(article.fault for article in replayed.articles.values()):
        return _give_up(probe)
    _print_fields(Console(stderr=True) if print_ else Console(), replayed)
    if print_:
        typer.echo(text, nl=False)
        return Exit.DONE
    if file.exists() and not yes and not typer.confirm(f"{file} exists already. Overwrite it?"):
        typer.echo("Nothing was written. To keep both, use another name with --name NAME.")
        return Exit.BAD_INPUT
    try:
        write_fixture(sites / name, probe.fixture, replayed)
        _write(file, text)
    except OSError as error:
        raise typer.BadParameter(
            f"{error.filename}: cannot be written ({error.strerror})"
        ) from error
    typer.echo(f"Wrote {file}. Next: newsspider crawl {name}/{probe.category}")
    return Exit.DONE


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


def _write(file: Path, text: str) -> None:
    part = file.with_suffix(".yml.part")
    part.write_text(text, "utf-8")
    part.replace(file)


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
    console.print(f"{replayed.links} links on the first page of the listing")
