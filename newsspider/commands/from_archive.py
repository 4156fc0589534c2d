"""`newsspider check SITE --save --from-archive N`: archived answers as the saved pages of a site.

In: the archive of an output folder. Out: the pages of the last articles of a site in SITES/NAME/,
as `check --save` writes them, but without a listing page: each article has its link. Called by
`check`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from newsspider.authoring.fixtures import write_fixture
from newsspider.authoring.replay import Fixture, Sample, Saved, replay, sample_key
from newsspider.commands.messages import print_errors
from newsspider.commands.options import own_sites
from newsspider.errors import Exit, NotReadable, OutputError, SiteError
from newsspider.model import Page
from newsspider.sites import load
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.store.archive import Archive, has_archive, open_archive
from newsspider.store.archived import ArchivedArticle
from newsspider.text.characters import counted
from newsspider.text.encoding import to_utf8


def save_from_archive(names: Sequence[str], options: RunOptions, number: int) -> Exit:
    """Save the last `number` articles of each site; return the exit code. Raises OutputError if the
    archive cannot be used, SiteError for a site that has no article in it."""
    sites = own_sites(options)
    if not has_archive(options.output):
        raise OutputError(
            f"{options.output}: there is no archive: write `archive: true` into the site file or"
            " the source, and the next crawls fill one"
        )
    with contextlib.closing(open_archive(options.output)) as archive:
        for name in names:
            site = load(name, sites)
            fixture = _fixture(archive, site, number)
            _write(sites / name, site, fixture)
    return Exit.DONE


def _fixture(archive: Archive, site: Site, number: int) -> Fixture:
    """Return the last articles of the site's category that was archived last."""
    category, samples = "", list[Sample]()
    for article in _articles(archive, site):
        category = category or article.listing
        if article.listing != category:
            continue
        try:
            samples.append(_sample(archive, site, article))
        except NotReadable as error:
            print_errors(f"{site.name}: {error}; left out")
        if len(samples) == number:
            break
    if not samples:
        raise SiteError(
            f"{site.name}: the archive has no article of one of its categories: crawl one with"
            f" `archive: true`, or fetch pages with `newsspider check {site.name} --save`"
        )
    assert samples[0].seen is not None
    return Fixture(
        category=category, at=0, now=samples[0].seen, listing=None, samples=tuple(samples)
    )


def _articles(archive: Archive, site: Site) -> Iterator[ArchivedArticle]:
    """Yield the readable articles of the site's categories, the last read one first."""
    for key in archive.keys_of(site.name):
        with contextlib.suppress(NotReadable):
            article = archive.article(key)
            if article is not None and site.takes(article.listing):
                yield article


def _sample(archive: Archive, site: Site, article: ArchivedArticle) -> Sample:
    pages = tuple(
        Saved(
            name=page.name,
            asked=page.asked,
            page=Page(url=page.url, body=to_utf8(archive.body(page), page.type)),
            kind=page.type,
        )
        for page in article.pages
    )
    seen = article.read.astimezone(site.zone)
    return Sample(key=sample_key(site, article.link), pages=pages, link=article.link, seen=seen)


def _write(folder: Path, site: Site, fixture: Fixture) -> None:
    try:
        write_fixture(folder, fixture, replay(site, fixture))
    except OSError as error:
        raise SiteError(f"{error.filename}: cannot be written ({error.strerror})") from error
    articles = counted(len(fixture.samples), "article")
    typer.echo(
        f"Saved the pages of {articles} of {site.name}/{fixture.category} in {folder}. Next:"
        f" newsspider check --saved {site.name}"
    )
