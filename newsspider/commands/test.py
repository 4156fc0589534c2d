"""`newsspider test [SITE]…`: do the saved pages of a site still read as they did?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.fixtures import fixture_folders, read_fixture, write_expected
from newsspider.authoring.replay import differences, replay
from newsspider.commands.options import takes_options
from newsspider.errors import Exit, SiteError
from newsspider.sites import load
from newsspider.spiders.options import RunOptions


@takes_options
def test(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="All with saved pages, if none.")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="What is read now is what shall be read.")
    ] = False,
    *,
    options: RunOptions,
) -> int:
    """Read the saved pages of sites again, without the network, and show what reads otherwise.

    Exit code: 0 all as it was, 1 something reads otherwise, 2 a site has no saved pages.
    """
    sites = options.sites
    folders = fixture_folders(sites)
    for name in names or ():
        if name not in folders:
            load(name, sites)  # is there such a site at all?
            raise SiteError(
                f"{name} has no saved pages in {sites / name}: `newsspider check {name}` looks at "
                "the site itself, with --save it saves the pages it sees"
            )
    if not folders:
        raise SiteError(
            f"no site has saved pages in {sites}: `newsspider add URL` saves those of a new site, "
            "`newsspider check SITE --save` those of one that has a file"
        )
    codes = [_test(name, folders[name], sites, accept) for name in names or folders]
    return Exit.SOME_FAILED if any(codes) else Exit.DONE


def _test(name: str, folder: Path, sites: Path, accept: bool) -> bool:
    """Whether something reads otherwise."""
    fixture, expected = read_fixture(folder)
    site = load(name, sites)
    if not site.takes(fixture.category):
        raise SiteError(
            f"{name}: its pages are of {fixture.category!r}, which its file does not have"
        )
    now = replay(site, fixture)
    found = list(differences(expected, now))
    if not found:
        typer.echo(f"{name}: as it was ({len(now.articles)} articles)")
        return False
    typer.echo(f"{name}: {'accepted' if accept else 'reads otherwise'}")
    for line in found:
        typer.echo(f"  {line}")
    if not accept:
        return True
    try:
        write_expected(folder, fixture, now)
    except OSError as error:
        raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
    return False
