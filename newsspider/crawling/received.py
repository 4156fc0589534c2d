"""What the workers of a fleet have read → posts of the folder, and what became of their links.

In: entries of the outbox. Out: posts, as a crawl on this machine would have written them; the
counts of each source. Called by `fleet/publish.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Protocol

from scrapy import Spider
from scrapy.crawler import Crawler

from newsspider.crawling.received_answers import ReceivedAnswers
from newsspider.crawling.report import Report
from newsspider.crawling.run import project_settings
from newsspider.errors import Dropped, OutputError, Unwritable
from newsspider.monitor.doubt import Contract
from newsspider.monitor.drift import BREAKS, HISTORY, find_breaks
from newsspider.pictures.placing import KeptPicture
from newsspider.pipelines.pictures import Pictures
from newsspider.pipelines.publish import Publish, Remember
from newsspider.pipelines.validate import Validate
from newsspider.sites import site_of
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.desk import Desk, Shared, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.store.counts import Counts
from newsspider.store.records import PublishedPost
from newsspider.store.sent_pictures import unpack
from newsspider.store.whole import article_of


class Received(Protocol):
    """An entry of a worker (see `store/postgresql/outbox.py`). The `values` of an article are
    `article` and `recipe`, the values of an Article and of a Recipe; `settings`, the crawl's;
    `judged`, whether the history of its source shows what is doubtful; `pictures`, what
    `sent_pictures.pack` makes; and `archived`, what `WorkerArchive.pack` makes. Later pictures have
    `settings` and `pictures` only, a removal has `why`, its reason, and a report the fields of a
    Report."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def run(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def files(self) -> Sequence[bytes]: ...


@dataclass(frozen=True, slots=True)
class AskedPicture:
    """The address of a picture that a worker has asked for, the key of the article that shows it,
    and the seconds after which it is to be asked for again; None: never."""

    url: str
    article: str
    pause: float | None


class _Remember(Remember):
    """A link that a crawl has asked for again meanwhile stays pending: its article has changed."""

    unless = "pending"


@dataclass(slots=True)
class _Stages:
    """The stages of the articles of one crawl, which runs elsewhere."""

    desk: Desk
    validate: Validate
    pictures: Pictures
    publish: Publish
    remember: Remember
    counts: Counts
    notes: list[str]


@dataclass(slots=True)
class Reception:
    """Publishes what workers have read, into one open folder. `settings` are those of a run on this
    machine; `ended` has all counts of the crawls whose report has come, by their source."""

    shared: Shared
    settings: Mapping[str, Any]
    report: Report = field(default_factory=Report)
    ended: dict[str, Counts] = field(default_factory=dict)
    _stages: dict[tuple[int, str], _Stages] = field(default_factory=dict)
    _asked: list[AskedPicture] = field(default_factory=list)
    _answers: ReceivedAnswers = field(init=False)

    def __post_init__(self) -> None:
        self._answers = ReceivedAnswers(self.shared.output)

    def receive(self, received: Received) -> None:
        """Publish an article, or settle its link with the reason why it gets no post; or show the
        later pictures of one; or remove its post; or judge crawls that have ended.

        Raises Unwritable if the disk or the ledger accepts nothing more; ValueError, TypeError,
        KeyError and the like for what no worker of this version has sent.
        """
        kinds = {
            "article": self._publish,
            "pictures": self._show_later,
            "removal": self._remove,
            "report": self._end,
        }
        kinds[received.kind](received)

    def _publish(self, received: Received) -> None:
        article = article_of(received.values["article"])
        recipe = Recipe.model_validate(received.values["recipe"])
        stages = self._stages_of(received, article.site)
        self._answers.begin(received.values, received.files)
        self.shared.recipes.note(article.site, article.listing, article.key, recipe)
        try:
            valid = stages.validate.process(article)
            if stages.pictures.keeps(valid):
                valid = stages.pictures.shown(valid, self._unpacked(received))
            stages.remember.process(stages.publish.process(valid))
        except (Unwritable, OutputError):
            raise
        except Dropped as error:
            stages.remember.dropped(article, error)
        except Exception as error:
            stages.remember.failed(article, SimpleNamespace(value=error))

    def _show_later(self, received: Received) -> None:
        post = self.shared.output.ledger.article(received.key)
        if post is None or post.state != "published":
            return
        kept = self._unpacked(received)
        self._show(self._stages_of(received, post.site), post, kept)

    def _show(self, stages: _Stages, post: PublishedPost, kept: Mapping[str, KeptPicture]) -> None:
        try:
            stages.pictures.show_later(post, (), kept)
        except OSError as error:  # of this post alone: its pictures stay links
            stages.notes.append(f"{post.path}: {error}")

    def _unpacked(self, received: Received) -> Mapping[str, KeptPicture]:
        """Keep the pictures that came with an entry, and show them in the posts of other articles
        that show them as well; return all that are kept of its addresses."""
        store, now = self.shared.pictures, datetime.now(UTC)
        store.check()
        pictures = received.values.get("pictures", ())
        urls = [str(each["url"]) for each in pictures]
        missing = [url for url in urls if not store.kept(url)]
        kept = unpack(store, received.key, pictures, received.files, now)
        self._asked += [AskedPicture(url, received.key, store.pause(url, now)) for url in urls]
        for url in kept.keys() & missing:
            for key in store.showing(url):
                post = self.shared.output.ledger.article(key)
                if key != received.key and post is not None and post.state == "published":
                    self._show(self._stages_of(received, post.site), post, {url: kept[url]})
        return kept

    def _remove(self, received: Received) -> None:
        output = self.shared.output
        post = output.ledger.article(received.key)
        if post is None or post.state != "published":
            return
        if not output.remove(post, str(received.values["why"])):
            self.report.notes.append(f"{post.path} was edited by hand, and stays: {post.link}")

    def _end(self, received: Received) -> None:
        """Add the report of a worker, and judge its crawls by what became of their articles."""
        values = dict(received.values)
        sources = {name: Counts(counts) for name, counts in values.pop("sources").items()}
        self.report.join(Report(sources=sources, **values))
        ledger = self.shared.output.ledger
        for source in sources:
            runs = ledger.counts(source, HISTORY + 1, before=received.run + 1)
            counts, *history = runs or [sources[source]]
            for found in find_breaks(counts, history) if counts.finish_reason == "finished" else ():
                name = f"{BREAKS}/{found.measure}"
                if name not in counts:  # the worker has not seen it
                    counts[name] = self.report.sources[source][name] = 1
                    self.report.notes.append(f"{source}: {found.words}")
                    self._note_counts(received.run, source, {name: 1})
            self.ended[source] = counts

    def note_counts(self, received: Received) -> None:
        """Add what was counted of an entry to the run of the worker."""
        stages = self._stages.get((received.run, received.source))
        if stages is not None:
            self._note_counts(received.run, received.source, Counts(stages.counts))
            stages.counts.clear()

    def _note_counts(self, run: int, source: str, counts: Mapping[str, int]) -> None:
        ledger = self.shared.output.ledger
        own = ledger.run
        try:
            ledger.run = run
            ledger.note_counts(source, counts)
        finally:
            ledger.run = own

    def take_pictures(self) -> list[AskedPicture]:
        """Return what became of pictures since this was last asked."""
        asked, self._asked = self._asked, []
        return asked

    def finish(self) -> Report:
        """Write the pages that the lists of posts lack; return the report."""
        for (_, source), stages in self._stages.items():
            stages.publish.complete()
            self.report.add(source, {}, stages.notes)
        self._answers.trim()
        return self.report

    def _stages_of(self, received: Received, name: str) -> _Stages:
        """Return the stages of the crawl of an entry, whose article is of the site of this name."""
        place = (received.run, received.source)
        if place not in self._stages:
            self._stages[place] = self._opened(received, name)
        return self._stages[place]

    def _opened(self, received: Received, name: str) -> _Stages:
        values = received.values
        base = project_settings({**self.settings, **values.get("settings", {})})
        options = RunOptions.from_settings(base)
        site = _site_of(name, received.source, self.shared.sites)
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
            source=received.source if values.get("judged") else "",
            run=received.run,
            contract=Contract(**base.getdict("NEWS_CONTRACT")),
            archive=self._answers.keep,
        )
        crawler = Crawler(Spider, base)
        return _Stages(
            desk,
            Validate.at(desk, crawler),
            Pictures.at(desk, crawler),
            Publish.at(desk, crawler),
            _Remember.at(desk, crawler),
            counts,
            notes,
        )


def _site_of(name: str, source: str, sites: Mapping[str, Site]) -> Site:
    """Return the site of a name; one without a site file is the one of its listing's page."""
    known = sites.get(name)
    return known if known is not None else site_of(source, sites.values())
