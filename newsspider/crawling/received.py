"""What the workers of a fleet have read → posts of the folder, and what became of their links.

In: entries of the outbox. Out: posts, as a crawl on this machine would have written them; the
counts of each source. Called by `fleet/publish.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

from scrapy import Spider
from scrapy.crawler import Crawler

from newsspider.crawling.report import Report
from newsspider.crawling.run import project_settings
from newsspider.errors import Dropped, Unwritable
from newsspider.model import Article
from newsspider.monitor.doubt import Contract
from newsspider.pipelines.publish import Publish, Remember
from newsspider.pipelines.validate import Validate
from newsspider.sites import site_of
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.desk import Desk, Shared, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.store.counts import Counts
from newsspider.store.whole import article_of


class Received(Protocol):
    """An article of a worker (see `store/postgresql/outbox.py`)."""

    @property
    def run(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def judged(self) -> bool: ...
    @property
    def article(self) -> Mapping[str, Any]: ...
    @property
    def recipe(self) -> Mapping[str, Any]: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class _Stages:
    """The stages of the articles of one crawl, which runs elsewhere."""

    desk: Desk
    validate: Validate
    publish: Publish
    remember: Remember
    counts: Counts
    notes: list[str]


@dataclass(slots=True)
class Reception:
    """Publishes what workers have read, into one open folder. `settings` are those of a run on this
    machine."""

    shared: Shared
    settings: Mapping[str, Any]
    report: Report = field(default_factory=Report)
    _stages: dict[tuple[int, str], _Stages] = field(default_factory=dict)

    def publish(self, received: Received) -> None:
        """Publish an article, or settle its link with the reason why it gets no post.

        Raises Unwritable if the disk or the ledger accepts nothing more; ValueError, TypeError or
        KeyError for what no worker of this version has sent.
        """
        article = article_of(received.article)
        recipe = Recipe.model_validate(received.recipe)
        place = (received.run, received.source)
        stages = self._stages.get(place) or self._opened(received, article)
        self.shared.recipes.note(article.site, article.listing, article.key, recipe)
        try:
            published = stages.publish.process(stages.validate.process(article))
            stages.remember.process(published)
        except Unwritable:
            raise
        except Dropped as error:
            stages.remember.dropped(article, error)
        except Exception as error:
            stages.remember.failed(article, SimpleNamespace(value=error))

    def take_counts(self, received: Received) -> Counts:
        """Return what was counted of a crawl since this was last asked."""
        stages = self._stages[received.run, received.source]
        counts = Counts(stages.counts)
        stages.counts.clear()
        return counts

    def finish(self) -> Report:
        """Write the pages that the lists of posts lack; return the report."""
        for (_, source), stages in self._stages.items():
            stages.publish.complete()
            self.report.add(source, {}, stages.notes)
        return self.report

    def _opened(self, received: Received, article: Article) -> _Stages:
        base = project_settings({**self.settings, **received.settings})
        options = RunOptions.from_settings(base)
        site = _site_of(article, received.source, self.shared.sites)
        counts, notes = Counts(), list[str]()
        total = self.report.sources.setdefault(received.source, Counts())

        def count(name: str, number: int = 1) -> None:
            counts[name] += number
            total[name] += number

        desk = Desk(
            options=options,
            shared=self.shared,
            sites={**self.shared.sites, site.name: site},
            site=site,
            wanted=lambda site: wanted_by(options, site, base.getfloat("NEWS_RETAIN")),
            count=count,
            note=notes.append,
            source=received.source if received.judged else "",
            contract=Contract(**base.getdict("NEWS_CONTRACT")),
        )
        crawler = Crawler(Spider, base)
        self._stages[received.run, received.source] = stages = _Stages(
            desk,
            Validate.at(desk, crawler),
            Publish.at(desk, crawler),
            Remember.at(desk, crawler),
            counts,
            notes,
        )
        return stages


def _site_of(article: Article, source: str, sites: Mapping[str, Site]) -> Site:
    """Return the site of an article; one without a site file is the one of its listing's page."""
    known = sites.get(article.site)
    return known if known is not None else site_of(source, sites.values())
