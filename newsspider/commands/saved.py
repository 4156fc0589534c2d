"""`newsspider check --saved [SITE]…`: compare what site files read from saved pages with what is
expected.

In: names of sites, their site files and saved pages. Out: the differences on the console, with
--accept new expected results, and the exit code. Called by `check`; `newsspider test` is its old
name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.fixtures import fixture_folders, read_fixture, write_expected
from newsspider.authoring.replay import differences, replay
from newsspider.commands.messages import print_errors
from newsspider.commands.options import own_sites, takes_options
from newsspider.errors import Exit, SiteError
from newsspider.sites import load, load_usable
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted


@takes_options
def test(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SITE", help="Names of sites. Default: all that have saved pages."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Save today's results as the expected ones.")
    ] = False,
    *,
    options: RunOptions,
) -> int:
    """The old name of `newsspider check --saved`."""
    return compare_saved(names or (), own_sites(options), accept=accept)


def compare_saved(names: Sequence[str], sites: Path, *, accept: bool) -> int:
    """Read the saved pages of sites again, by default of all that have some, and print what reads
    differently. Return 0 if everything is unchanged, 1 if something reads differently, 2 if a site
    file cannot be used (the other sites are read).

    Raises SiteError for a site without saved pages.
    """
    folders = fixture_folders(sites)
    for name in names:
        if name not in folders:
            load(name, sites)  # an unknown name has an error of its own
            raise SiteError(
                f"{name} has no saved pages in {sites / name}: fetch and save some with "
                f"`newsspider check {name} --save`"
            )
    if not folders:
        raise SiteError(
            f"no site has saved pages in {sites}: save some with `newsspider add URL` (a new site) "
            "or `newsspider check SITE --save` (a site that has a site file)"
        )
    warn = cache(print_errors)  # a file that cannot be used is reported once
    load_usable(sites, warn)
    codes = [_code(name, folders[name], sites, accept, warn) for name in names or folders]
    return max(codes)


def _code(
    name: str, folder: Path, sites: Path, accept: bool, warn: Callable[[str], object]
) -> Exit:
    """Test a site; return its exit code. A site that cannot be tested does not stop the others."""
    try:
        return Exit.SOME_FAILED if _test(name, folder, sites, accept) else Exit.DONE
    except SiteError as error:
        warn(str(error))
        return Exit.BAD_INPUT


def _test(name: str, folder: Path, sites: Path, accept: bool) -> bool:
    """Print how a site reads; return whether something reads differently and is not accepted.
    Raises SiteError if its file or its saved pages cannot be used."""
    fixture, expected = read_fixture(folder)
    site = load(name, sites)
    if not site.takes(fixture.category):
        raise SiteError(
            f"{name}: its saved pages belong to the category {fixture.category!r}, which its site "
            "file does not have"
        )
    now = replay(site, fixture)
    changes = list(differences(expected, now))
    if not changes:
        typer.echo(f"{name}: unchanged ({counted(len(now.articles), 'article')})")
        return False
    typer.echo(f"{name}: {'accepted' if accept else 'reads differently'}")
    for line in changes:
        typer.echo(f"  {line}")
    if not accept:
        return True
    try:
        write_expected(folder, fixture, now)
    except OSError as error:
        raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
    return False
