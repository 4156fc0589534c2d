"""`newsspider sites [SITE]`: list the sites, or the categories of a site.

In: the site files. Out: a table on the console. Called by `commands`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from newsspider.commands.messages import print_errors
from newsspider.commands.options import own_sites, takes_options
from newsspider.sites import load, load_usable, site_files
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions


@takes_options
def sites(
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="List the categories of this site.")
    ] = "",
    *,
    options: RunOptions,
) -> None:
    """List the sites, or the categories of a site."""
    console, folder = Console(), own_sites(options)
    if site:
        _print_site(console, load(site, folder), dict(site_files(folder))[site])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("site", "title", "categories", "profile"):
        table.add_column(heading)
    usable = load_usable(folder, warn=print_errors)
    for name, each in usable.items():
        number = f"{len(each.categories)}{' and any other' if each.other_categories else ''}"
        table.add_row(name, each.title, number, each.recipe(each.articles).profile)
    console.print(table)


def _print_site(console: Console, site: Site, path: Path) -> None:
    console.print(f"{site.name}: {site.title} ({path})", highlight=False, markup=False)
    if site.unchecked:
        console.print(f"unchecked: {site.unchecked}", highlight=False, markup=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("category", "title", ""):
        table.add_column(heading)
    for name, category in site.categories.items():
        table.add_row(
            f"{site.name}/{name}", category.title, "only when named" if category.only_named else ""
        )
    console.print(table)
    if site.other_categories:
        console.print(f"Other categories of the site work too: {site.name}/CATEGORY")
