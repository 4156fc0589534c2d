"""`newsspider share LINK…`: the articles of share links and ids become posts."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.running import carry_out
from newsspider.crawling.run import Job
from newsspider.sites import claimed, load_all
from newsspider.sites.hosts import hosts_of
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions


@takes_options
def share(
    links: Annotated[
        list[str],
        typer.Argument(
            metavar="LINK...",
            help="Addresses of articles, share links, ids (NW and 18 digits); `@FILE` reads them "
            "from a file, `-` from standard input.",
        ),
    ],
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Fetch articles by their addresses or share links and write them as posts.

    An article that has a post already is looked at again, and its post rewritten if it changed.

    Exit code: 0 done, 1 some failed or are no address, 2 none is one, 3 nothing could be fetched, 5
    another run holds the output folder.
    """
    urls = [url for text in links for url in _read(text)]
    known = load_all(options.sites).values()
    if not any(claimed(url, known) for url in urls):
        if not urls:
            raise typer.BadParameter("no link was given")
        raise typer.BadParameter(
            f"{_some(urls)}: no address (https://…) and no id of a site; see `newsspider sites`"
        )
    return carry_out(jobs_of(urls, known), options, line)


def jobs_of(urls: Sequence[str], known: Collection[Site]) -> list[Job]:
    """One crawl for each site, so that each keeps its own pace and none waits for another that
    hangs. Sites of one id space take turns: two links may be one article. What is no link of any
    site goes with the first, which tells it."""
    given: dict[str, list[str]] = {}
    hosts: dict[str, frozenset[str]] = {}
    stray = []
    for url in urls:
        if one := claimed(url, known):
            site = one.site
            given.setdefault(site.name, []).append(url)
            space = [f"ids of {site.ids.space}"] if site.ids else []
            hosts[site.name] = hosts_of(site).union(space)
        else:
            stray.append(url)
    given[next(iter(given))] += stray
    return [
        Job("share", {"urls": some}, f"share {name}" if len(given) > 1 else "share", hosts[name])
        for name, some in given.items()
    ]


def _read(text: str) -> list[str]:
    try:
        if text == "-":
            return sys.stdin.read().split()
        if text.startswith("@"):
            return Path(text[1:]).read_text("utf-8").split()
    except OSError as error:
        raise typer.BadParameter(f"{text}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{text}: is not UTF-8 text") from None
    return text.split()


def _some(urls: list[str]) -> str:
    more = f" and {len(urls) - 3} more" if len(urls) > 3 else ""
    return ", ".join(repr(url[:120]) for url in urls[:3]) + more
