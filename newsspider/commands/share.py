"""`newsspider share LINK…`: publish single articles as posts, by their links or ids.

In: links, and options. Out: posts in the output folder, a report on the console, and the exit code.
Called by `commands`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from newsspider.commands.options import CommandLine, own_sites, takes_options
from newsspider.commands.running import by_hand, carry_out, of_own_site
from newsspider.crawling.jobs import jobs_of_links
from newsspider.spiders.options import RunOptions

_COMMENT = re.compile(r"(?<!\S)#.*")
_LARGEST = 20_000_000  # characters of a file of links: some 200,000 of them


@takes_options
def share(
    links: Annotated[
        list[str],
        typer.Argument(
            metavar="LINK",
            help="The address of an article, a share link, or an id (NW and 18 digits); `@FILE` "
            "reads links from a file, `-` from standard input; `#` begins a comment there.",
        ),
    ],
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Fetch single articles by their links and write them as posts.

    Fetches an article that has a post again, and rewrites the post if the article has changed.

    Exit codes: 0 done; 1 some articles failed, or some links are not usable; 2 no link is usable; 3
    nothing could be fetched; 5 another run holds the output folder.
    """
    urls = [url for text in links for url in _read(text)]
    if not urls:
        raise typer.BadParameter("no link was given")
    options, project = by_hand(options)
    sites = own_sites(options)
    jobs = of_own_site(jobs_of_links(urls, sites), project, sites, options)
    return carry_out(jobs, options, line)


def _read(text: str) -> list[str]:
    try:
        if text == "-":
            return _links(sys.stdin, text)
        if text.startswith("@"):
            with Path(text[1:]).open(encoding="utf-8-sig") as file:
                return _links(file, text)
    except OSError as error:
        raise typer.BadParameter(f"{text}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{text}: the file is not UTF-8 text") from None
    return text.split()


def _links(file: IO[str], where: str) -> list[str]:
    """Return the links of a file, without its comments: from a `#` at the start of a word to the
    end of the line. A `#` within an address belongs to it."""
    lines = file.read(_LARGEST + 1)
    if len(lines) > _LARGEST:
        raise typer.BadParameter(f"{where}: has more than {_LARGEST:,} characters")
    return _COMMENT.sub("", lines).split()
