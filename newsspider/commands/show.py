"""`newsspider show URL|ID`: all that is known of one link or post.

In: an address, an id, a key of the ledger or the file name of a post. Out: facts on standard
output. Writes nothing. Called by `commands`.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsspider.clean import metadata
from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.crawling.project import Project
from newsspider.crawling.release import publish_held
from newsspider.crawling.rendering import options_of_sources
from newsspider.errors import OutputError
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.jekyll.post import read as read_post
from newsspider.monitor.link_facts import all_facts, facts_of_link, facts_of_post, state_of_file
from newsspider.sites import claimed, load_usable
from newsspider.spiders.options import RunOptions
from newsspider.spiders.retries import next_try
from newsspider.spiders.triage import known_key
from newsspider.store import versions
from newsspider.store.files import read_text
from newsspider.store.held import held_articles
from newsspider.store.lasting import removed
from newsspider.store.ledger import Ledger
from newsspider.store.ledgers import copied_ledger
from newsspider.store.output import hash_of
from newsspider.store.records import PublishedPost
from newsspider.text.characters import clean_characters
from newsspider.text.differences import differences
from newsspider.text.urls import host


@takes_options
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="URL|ID",
            help="The address of an article, a share link, an id, or the file name of a post.",
        ),
    ],
    release: Annotated[
        bool,
        typer.Option("--release", help="Publish an article that is held back, without a fetch."),
    ] = False,
    earlier: Annotated[
        bool, typer.Option("--earlier", help="Also print the earlier texts of the post whole.")
    ] = False,
    *,
    options: RunOptions,
) -> None:
    """Show all that is known of a link or a post: where and when it was found, what became of it
    and why, when it is tried again, and what would change that.
    """
    options, project = with_own_project(options)
    output, sites = options.output, own_sites(options)
    if release:
        _release(name, options, sites, project)
        return
    with contextlib.closing(copied_ledger(output, options.ledger)) as ledger:
        keys = keys_of_name(ledger, name, sites)
        if not keys:
            raise OutputError(
                f"{output}: {name[:200]!r} is not known: no listing has shown it, or it has another"
                " address there; newsspider share asks for a single article"
            )
        for at, key in enumerate(keys):
            if at:
                typer.echo()
            _print(ledger, key, output / Jekyll.folder, in_database=bool(options.ledger))
            if (post := ledger.article(key)) is not None:
                _print_versions(output, post, whole=earlier)


def _release(name: str, options: RunOptions, sites: Path, project: Project | None) -> None:
    """Publish the article of this name as it is held. Raises OutputError if it is not held."""
    with contextlib.closing(copied_ledger(options.output, options.ledger)) as ledger:
        keys = keys_of_name(ledger, name, sites)
    articles = [
        held.article
        for held in held_articles(options.output)
        if held.article.key in keys or name in (held.article.id, held.article.link)
    ]
    if not articles:
        raise OutputError(f"{options.output}: {name[:200]!r} is not held back")
    sources = options_of_sources(project, sites) if project else {}
    for article in articles:
        source = article.listing if host(article.listing) else f"{article.site}/{article.listing}"
        path = publish_held(article, options, sources.get(source, {}))
        typer.echo(f"Published {path}")


def keys_of_name(ledger: Ledger, name: str, sites: Path) -> list[str]:
    """Return the identities that a name may mean."""
    keys = ledger.keys_of(name if "://" in name else Path(name).name)
    if not keys and (claim := claimed(name, load_usable(sites).values())):
        keys = ledger.keys_of(known_key(ledger, claim.site, claim.link))
    return list(dict.fromkeys(ledger.resolve(key) for key in keys))


def _print(ledger: Ledger, key: str, posts: Path, *, in_database: bool) -> None:
    parts = []
    if (record := ledger.record(key)) is not None:
        state = state_of_file(record.post, hash_of(posts / record.post.path))
        why = removed(posts.parent).get(key, "")
        twins = ledger.twins(key)
        parts.append(facts_of_post(record, state, why, twins, in_database=in_database))
    parts += [facts_of_link(link, next_try(link.known)) for link in ledger.links_of(key)]
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for heading, value in all_facts(parts):
        table.add_row(heading, Text(value))
    Console().print(table)


def _print_versions(output: Path, post: PublishedPost, *, whole: bool) -> None:
    """Print what each update of a post changed, the last one first: see `differences`."""
    file = output / Jekyll.folder / post.path
    try:
        later = _lines(file.name, read_text(file, "replace"))
    except OSError:
        later = []
    for version in versions.read(output, post.key):
        typer.echo(f"\nuntil {version.until[:16].replace('T', ' ')} UTC:")
        lines = _lines(file.name, version.text)
        if later:
            for place in differences(lines, later):
                typer.echo(f"  {place}")
        if whole:
            typer.echo("".join(f"  | {line}\n" for line in lines), nl=False)
        later = lines


def _lines(name: str, text: str) -> list[str]:
    """Return what a reader sees of a post, its title first."""
    post = read_post(name, text)
    if post is None:
        return clean_characters(text).splitlines()
    return list(filter(None, [post.title, post.digest, *metadata.read(post.body).lines]))
