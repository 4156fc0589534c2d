"""`newsspider render [URL|ID]…`: write posts again from the archive, without the network.

In: an output folder that has an archive, and which of its posts. Out: posts rewritten where they
differ, a summary of what differs by field, and the exit code. Called by `commands`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.commands.show import keys_of_name
from newsspider.crawling.rendering import Choice, Rendering, options_of_sources, render_posts
from newsspider.errors import Exit, OutputError
from newsspider.spiders.options import RunOptions
from newsspider.store.ledgers import copied_ledger
from newsspider.text.characters import counted

_NAMED = 3  # posts that a line names


@takes_options
def render(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="URL|ID",
            help="Addresses of articles, ids, or file names of posts. Default: all posts.",
        ),
    ] = None,
    site: Annotated[
        str, typer.Option("--site", metavar="NAME", help="Only posts of this site.")
    ] = "",
    *,
    options: RunOptions,
) -> int:
    """Write posts again from the archive, after a rule, a profile or newsspider changed.

    Fetches nothing: it reads the answers that crawls keep where a source or a site file says
    `archive: true`. Rewrites the posts that differ, and no other file. Posts keep their addresses,
    and those that a person edited stay as they are; --force rewrites those that are named, too.

    Exit codes: 0 done; 1 some posts could not be rendered; 2 bad input; 5 a run holds the output
    folder.
    """
    if options.force and not names:
        raise typer.BadParameter("--force takes the names of posts: newsspider render ID --force")
    options, project = with_own_project(options)
    sites, started = own_sites(options), time.monotonic()
    keys = list(_keys(options, names, sites)) if names else None
    overrides = options_of_sources(project, sites) if project else {}
    choice = Choice(site=site, keys=keys, overrides=overrides)
    rendering = render_posts(options, choice, tell=typer.echo)
    for line in _summary(rendering, time.monotonic() - started, dry=options.dry_run):
        typer.echo(line)
    return Exit.SOME_FAILED if rendering.failed else Exit.DONE


def _keys(options: RunOptions, names: Sequence[str], sites: Path) -> Iterator[str]:
    """Yield the keys of the posts that the names mean. Raises OutputError for a name without
    one."""
    with contextlib.closing(copied_ledger(options.output, options.ledger)) as ledger:
        for name in names:
            keys = keys_of_name(ledger, name, sites)
            posts = [post for key in keys if (post := ledger.article(key)) is not None]
            if not any(post.state == "published" for post in posts):
                raise OutputError(
                    f"{options.output}: {name[:200]!r} has no post; nothing was changed"
                )
            yield from (post.key for post in posts)


def _summary(rendering: Rendering, seconds: float, *, dry: bool) -> Iterator[str]:
    """Yield the lines for a person: what differs by post and by field, then what was left alone."""
    for name, words in rendering.changed.items():
        yield f"{name}: {', '.join(words)}"
    number = rendering.unchanged + len(rendering.changed)
    differ = f"{len(rendering.changed)} {'would be rewritten' if dry else 'rewritten'}"
    yield f"{counted(number, 'post')} read again in {seconds:.0f} s: {differ}"
    if rendering.fields:
        yield "  " + ", ".join(f"{name} {count}" for name, count in rendering.fields.most_common())
    if rendering.edited:
        yield f"  {len(rendering.edited)} edited by hand, which stay: {_listed(rendering.edited)}"
    for reason, names in sorted(rendering.skipped.items()):
        yield f"  {len(names)} not rendered, {reason}: {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
