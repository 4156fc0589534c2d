"""The stages that each article passes, in order: the table of contents of the program.

In: Articles from the spiders. Out: Articles that have a post; or a DropItem, one class per reason,
counted for the report and saved in the ledger. Scrapy calls the stages (the setting
ITEM_PIPELINES). Each is a short class over pure functions and returns a new Article. Those from
Validate on are synchronous: an article is checked, published and remembered without interruption;
except Pictures, which then checks again what may have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, DropItem

from newsspider.clean import metadata
from newsspider.clean.article import clean_article
from newsspider.clean.excerpt import SHORTEST
from newsspider.dates import plausible, read_post_date
from newsspider.errors import Dropped, NewsspiderError, TooCostly, Unwritable
from newsspider.exporters.publisher import Outcome, Publisher, complete_lists
from newsspider.extraction.rights import allowed_text, reserved
from newsspider.fetch.failures import CalledBack
from newsspider.fetch.pictures import PictureDownloads
from newsspider.fetch.reader import reader_of
from newsspider.model import Article, Verdict
from newsspider.pictures.placing import leave_out, with_pictures
from newsspider.sanitize import sanitise_article
from newsspider.sites.schema import Recipe
from newsspider.spiders.desk import Desk, DeskKeeper
from newsspider.spiders.options import FIRST_SEEN, RunOptions
from newsspider.spiders.triage import is_given_up
from newsspider.store.held import hold, let_go
from newsspider.store.records import PublishedPost
from newsspider.text.budget import BRIEF, budget
from newsspider.text.urls import post_link


class _Settled(Dropped, DropItem):
    """An article that gets no post. It is not requested again."""


class NoTitle(_Settled):
    """No page gives a title, and the digest has none in 【】."""


class NoDate(Dropped, DropItem):
    """Nothing gives a day, or only an impossible one. Without a day it is asked for again: a page
    may get one, and --undated dates the article."""


class FutureDate(Dropped, DropItem):
    """Published later than now, by our clock: asked for again when that may have changed."""


class EmptyBody(_Settled):
    """Nothing is left to publish: no text, no picture, no digest."""


class NoLink(_Settled):
    """No http or https address to link as the source."""


class Duplicate(_Settled):
    """The article has a post from another site or listing; the first post stays."""


class SameStory(_Settled):
    """A post has this story already, by its text; `first` is the key of that article."""

    def __init__(self, first: str, why: str) -> None:
        super().__init__(why)
        self.first = first


class Removed(_Settled):
    """A person removed the article's post; it is not written again."""


class Edited(_Settled):
    """A person edited the post; an update leaves it alone."""


class Paywalled(_Settled):
    """Nothing but a notice that asks to pay, to log in or to consent."""


class TooLong(_Settled):
    """A text that is longer than a post may be."""


class NotAnArticle(_Settled):
    """A page of another kind: a home page, a section, a video, an error page with status 200."""


_REJECTED = {
    Verdict.PAYWALLED: Paywalled,
    Verdict.NOT_AN_ARTICLE: NotAnArticle,
    Verdict.TOO_LONG: TooLong,
    Verdict.BOT_CHECK: NotAnArticle,  # the spiders request such pages again and pass none on
}


class Doubtful(Dropped, DropItem):
    """Held back: unlike what its source has published so far, or against its contract. It is kept
    whole, read again by every run, and published once it reads well."""


class OutOfContract(_Settled):
    """Breaks the contract of its source, which says `on_break: drop`."""


class Unwanted(Dropped, DropItem):
    """Excluded by an option of this run (--media, --stock, --since); pending for other runs."""


class OtherMedia(Unwanted):
    """Another source than --media."""


class OtherStock(Unwanted):
    """Does not mention the share of --stock."""


class TooOld(Unwanted):
    """Published before --since."""


# The drop reasons of articles that an option of the run excludes, by option.
UNWANTED: dict[str, type[Unwanted]] = {"media": OtherMedia, "stock": OtherStock, "since": TooOld}


class Incomplete(_Settled):
    """An item of another project's spider that lacks a field of an article."""


# Seconds for each of three stages, between two of which a run hears nothing.
_BRIEF = BRIEF / 3


class Stage:
    """A stage: `process` takes an article and returns it changed, or raises."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @classmethod
    def at(cls, desk: Desk) -> Self:
        """Return the stage at a desk without a crawl."""
        stage = cls.__new__(cls)
        vars(stage)["desk"] = desk
        return stage

    @cached_property
    def desk(self) -> Desk:
        """The Desk of the crawl: the add-on's, else the spider's own."""
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        assert isinstance(keeper, DeskKeeper)
        return keeper.desk

    def process_item(self, item: Any) -> Article:
        try:
            return self.process(item)
        except Exception as error:
            # Scrapy's signals pass the item that the spider yielded, which may not be an Article.
            vars(error)["item"] = item
            raise

    def process(self, article: Article) -> Article:
        raise NotImplementedError

    # -- what two stages ask, as pictures take their time before Publish ------------------------

    def text_of(self, article: Article) -> str:
        """Return how much of an article this run publishes: see the function `text_of`."""
        respects = self.crawler.settings.getbool("NEWS_RESPECT_RIGHTS")
        recipe = self.desk.shared.recipes.of(article)
        return text_of(article, recipe, self.desk.options, respects_rights=respects)

    def check_story(self, article: Article) -> Article:
        """Drop an article whose story has a post, or return it with the key of that article."""
        if (same_story := self._same_story(article)) == "all":
            return article
        days = self.crawler.settings.getint("NEWS_STORY_DAYS")
        first = self.desk.shared.stories.first(article, days)
        if first is None:
            return article
        if same_story == "first":
            why = f"{first.path} has the same story: {article.link} ({article.key})"
            raise SameStory(first.key, why)
        return replace(article, same_story=first.key)

    def _same_story(self, article: Article) -> str:
        desk = self.desk
        return desk.options.same_story or desk.shared.recipes.of(article).same_story or "all"


class PureStage(Stage):
    """A stage that only computes: what takes too long here is left to the reader process."""

    def process_item(self, item: Any) -> Article | Awaitable[Article]:  # type: ignore[override]
        try:
            return super().process_item(item)
        except TooCostly:
            return self._elsewhere(item)

    async def _elsewhere(self, article: Article) -> Article:
        try:
            return await reader_of(self.crawler).read(self.task(article))
        except Exception as error:
            vars(error)["item"] = article
            raise

    def process(self, article: Article) -> Article:
        with budget(_BRIEF):
            return self.task(article)()

    def task(self, article: Article) -> Callable[[], Article]:
        """Return what computes the changed article."""
        raise NotImplementedError


class Clean(PureStage):
    """Removes characters that no post may contain, then applies the profile's cleaning rules."""

    def task(self, article: Article) -> Callable[[], Article]:
        recipe = self.desk.shared.recipes.of(article)
        profile = self.desk.options.profile or recipe.profile or "reader"
        rules = {"on": recipe.add_rules, "off": recipe.skip_rules}
        return partial(clean_article, article, profile, **rules)


class Sanitise(PureStage):
    """Sanitises the HTML and the link: the result is safe to publish."""

    def task(self, article: Article) -> Callable[[], Article]:
        link = post_link(article.link)
        if link is None:
            raise NoLink(f"no usable address: {article.link[:200]!r} ({article.key})")
        if self.desk.images(article) == "drop":
            return partial(leave_out, article, link)
        return partial(sanitise_article, article, link)


class Metadata(PureStage):
    """Adds what the finished text gives: summary, pictures, language, content hash. (Stocks and the
    source are read before cleaning removes the keyword links.)"""

    def task(self, article: Article) -> Callable[[], Article]:
        language = self.desk.sites[article.site].stated_language
        return partial(metadata.describe, article, language)


class Validate(Stage):
    """Drops what is not an article, not new, or excluded by the options of the run."""

    def process(self, article: Article) -> Article:
        where = f"{article.link} ({article.key})"
        if article.rejection:
            raise _REJECTED[article.rejection.verdict](f"{article.rejection.reason}: {where}")
        article = self.desk.filed(article)
        marks = list(article.marks)
        for name, number in self.desk.tally.counts(article):
            self.desk.count(name, number)
            marks.append(name)
        if not article.title:
            raise NoTitle(f"no title: {where}")
        article = self._dated(article)
        self._check_time(article, where)
        if not (article.body or article.digest):
            raise EmptyBody(f"nothing to publish: {where}")
        stocks = [str(stock) for stock in article.stocks]
        wanted = self.desk.wanted(self.desk.sites[article.site])
        if refusal := wanted.refusal(article.source, article.published, stocks):
            raise UNWANTED[refusal.option](f"{refusal.why}: {where}")
        row = self.desk.output.ledger.article(article.key)
        if row is None or row.state == "promised":
            self._check_doubt(article, marks)
            return self.check_story(article)
        article = _own(article, row)
        self._check_rereading(article)
        first = self.desk.output.ledger.fields(article.key).get("same_story", "")
        if first and self._same_story(article) != "all":
            article = replace(article, same_story=first)
        return article

    def _check_doubt(self, article: Article, marks: Sequence[str]) -> None:
        """Hold back an article that breaks the contract or the pattern of its source."""
        desk = self.desk
        marks = list(desk.pattern.marks(article, marks))
        if "short/body" in marks:
            desk.count("short/body")
        known = desk.output.ledger.known(article.site, article.listing, article.key)
        tries = known.failures(Doubtful.__name__) if known else 0
        broken = desk.contract.broken_by(article)
        why = [*broken, *desk.pattern.doubts(marks, tries)]
        if broken:
            desk.count("drift/contract")
        if not why:
            return
        words = f"{article.link}: {', '.join(why)}"
        if desk.contract.on_break == "publish":
            desk.note(f"{words}; published, as its contract says")
        elif desk.contract.on_break == "drop":
            desk.note(f"{words}; dropped, as its contract says")
            raise OutOfContract(words)
        else:
            desk.note(f"{words}; held back (newsspider show {article.id} --release publishes it)")
            if not desk.output.dry:
                hold(desk.output.path, article, why)
            raise Doubtful(words)

    def _check_rereading(self, article: Article) -> None:
        """Leave a post as it is where the titles of many posts change in one crawl."""
        desk = self.desk
        before = desk.output.ledger.fields(article.key)
        if desk.source and desk.rereadings.is_doubtful(before, article):
            desk.count("drift/titles")
            desk.note(
                f"{desk.source}: the titles of many articles have changed at once; from the fourth"
                " on their posts stay as they are"
            )
            raise Doubtful(f"the titles of many articles have changed at once: {article.link}")

    def _dated(self, article: Article) -> Article:
        """Return an article that gives no day with the one on which it was first seen, if --undated
        asks for that."""
        if article.published is not None or self.desk.options.undated != FIRST_SEEN:
            return article
        place = (article.site, article.listing, article.key)
        seen = self.desk.output.ledger.first_noted(*place) or datetime.now(UTC)
        day = seen.astimezone(self.desk.sites[article.site].zone)
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return replace(article, published=day, dated_by=FIRST_SEEN)

    def _check_time(self, article: Article, where: str) -> None:
        """Raise NoDate for an article without a credible time, FutureDate for one that the clock of
        this machine has not reached."""
        published, now = article.published, datetime.now(UTC)
        if published is not None and plausible(published, max(published, now)):
            if plausible(published, now):
                return
            known = self.desk.output.ledger.known(article.site, article.listing, article.key)
            if not is_given_up("FutureDate", known.failures("FutureDate") if known else 0):
                raise FutureDate(f"published {published}, which is later than now: {where}")
        raise NoDate(f"no publication time: {where}")


def _own(article: Article, row: PublishedPost) -> Article:
    """Return an update of the article that has this post; raise for any other."""
    where = f"{article.link} ({article.key})"
    if row.state == "gone":
        raise Removed(f"its post was removed: {where}")
    if (row.site, row.id) != (article.site, article.id):
        raise Duplicate(f"already published as {row.path}: {where}")
    return _as_first_published(article, row)


def _as_first_published(article: Article, row: PublishedPost) -> Article:
    """Return an update with the values that Jekyll builds the address from, date and category (and
    so the tag), as first published."""
    published = read_post_date(row.date)
    modified = article.modified
    assert article.published is not None
    if modified is None and not article.dated_by and article.published > published:
        modified = article.published
    return replace(
        article,
        published=published,
        modified=modified,
        category=row.category,
        tag=row.tag,
        id=row.id,
    )


class Pictures(Stage):
    """Keeps the pictures of an article in the site, if `images` says so. When the spider has
    nothing more to do, fetches those that failed before, and shows them in their posts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._again: asyncio.Task[None] | None = None
        self._has_linked = False  # whether an article has pictures, and nothing says what to do

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stage = super().from_crawler(crawler)
        crawler.signals.connect(stage.idle, signals.spider_idle)
        return stage

    @cached_property
    def _downloads(self) -> PictureDownloads:
        return PictureDownloads(self.crawler, self.desk.shared.pictures, self.desk.count)

    def process_item(self, item: Any) -> Article | Awaitable[Article]:  # type: ignore[override]
        article = cast(Article, item)
        is_whole = not article.same_story and self.text_of(article) == "full"
        if self.desk.images(article) != "local" or self.desk.output.dry or not is_whole:
            chosen = self.desk.options.images or self.desk.shared.recipes.of(article).images
            self._has_linked |= is_whole and bool(article.images) and not chosen
            return article
        return self._keep(article)

    async def _keep(self, article: Article) -> Article:
        try:
            desk, urls = self.desk, [image.url for image in article.images]
            site = desk.sites[article.site]
            kept = await self._downloads.fetch(
                urls, article=article.key, link=article.link, site=site
            )
            # What has been published while the pictures were on their way.
            row = desk.output.ledger.article(article.key)
            if row is None or row.state == "promised":
                article = self.check_story(article)
            else:
                article = _own(article, row)
            return with_pictures(article, kept, desk.shared.format.base(desk.output.path))
        except Exception as error:
            vars(error)["item"] = article
            raise

    def idle(self) -> None:
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        if self._again is None and hasattr(keeper, "desk") and self._may_fetch_again():
            self._again = asyncio.get_running_loop().create_task(self._fetch_again())
        if self._again is not None and not self._again.done():
            raise DontCloseSpider

    def _may_fetch_again(self) -> bool:
        desk = self.desk
        return desk.site is not None and not desk.output.dry and desk.keeps_pictures()

    async def _fetch_again(self) -> None:
        desk = self.desk
        assert desk.site is not None
        publisher = Publisher(desk.output, desk.shared.format, desk.site)
        for key, urls in desk.shared.pictures.due(datetime.now(UTC)).items():
            post = desk.output.ledger.article(key)
            if post is None or post.state != "published" or post.site != desk.site.name:
                continue
            try:
                kept = await self._downloads.fetch(
                    urls, article=key, link=post.link, site=desk.site
                )
                if kept and publisher.show_pictures(post, kept):
                    desk.count("pictures/later")
            except OSError as error:  # of this post alone: its pictures stay links
                desk.note(f"{post.path}: {error}")
            except Unwritable as error:
                desk.output.trouble = desk.output.trouble or str(error)
                return

    def close_spider(self) -> None:
        if self._again is not None:
            self._again.cancel()
        is_one_off = getattr(self.crawler.spider, "by_hand", False)
        if self._has_linked and is_one_off and not self.crawler.settings.getbool("NEWS_SCHEDULED"):
            self.desk.note(
                "The pictures are linked, not kept: their hosts may remove them;"
                " --images local keeps them in the site."
            )


_EVENTS = {Outcome.WRITTEN: "new", Outcome.UPDATED: "updated", Outcome.UNCHANGED: "unchanged"}


class Publish(Stage):
    """Leaves as much of the text as may be published; writes the intended hash into the ledger,
    then the post, then the state."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._publisher: Publisher | None = None

    def process(self, article: Article) -> Article:
        desk = self.desk
        if self._publisher is None:
            site = desk.site or desk.sites[article.site]
            self._publisher = Publisher(
                desk.output,
                desk.shared.format,
                site,
                note_change=lambda word: desk.count(f"changed/{word}"),
                before_promise=desk.archive,
                keep_versions=self.crawler.settings.getint("NEWS_VERSIONS"),
                corrections=self.crawler.settings.getdict("NEWS_CORRECTIONS") or None,
                force=desk.options.force,
            )
        article = desk.shared.stories.as_published(article, self.text_of(article))
        article = replace(article, fetched_at=datetime.now(UTC).replace(microsecond=0))
        outcome = self._publisher.publish(article)
        if outcome is Outcome.EDITED:
            desk.note(f"{article.link}: its post was edited by hand and stays ({article.id})")
            raise Edited(f"its post was edited by hand and stays as it is: {article.id}")
        desk.count(outcome.value)
        if article.same_story and outcome is Outcome.WRITTEN:
            desk.count("same_story")
        for use in reserved(article.rights):
            desk.count(f"reserved/{use}")
        desk.shared.stories.note(article)
        return replace(article, event=_EVENTS[outcome])

    def close_spider(self) -> None:
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        if not hasattr(keeper, "desk"):
            return  # the crawl ended before it began
        output = self.desk.output
        wrote = self._publisher is not None and self._publisher.posts_written
        if wrote or (output.unclean and not output.dry):
            # The next crawl writes the pages that are missing; a full disk is reported at the end.
            with suppress(OSError, Unwritable):
                complete_lists(output, self.desk.shared.format)


def text_of(article: Article, recipe: Recipe, options: RunOptions, *, respects_rights: bool) -> str:
    """Return how much of an article is published (one of TEXTS): as much as the run or the site
    asks for, and where the publisher's wishes count, no more than it allows."""
    text = options.text or recipe.text or "full"
    respects = respects_rights or recipe.respect_rights
    return min(text, allowed_text(article.rights), key=SHORTEST.index) if respects else text


class Remember(Stage):
    """Saves the result of each article in the ledger: published, dropped or failed."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stage = super().from_crawler(crawler)
        crawler.signals.connect(stage.dropped, signals.item_dropped)
        crawler.signals.connect(stage.failed, signals.item_error)
        return stage

    def process(self, article: Article) -> Article:
        self._settle(article, "published")
        if not self.desk.output.dry:
            let_go(self.desk.output.path, article)
        return article

    def _settle(self, article: Article, state: str, reason: str = "") -> None:
        self.desk.output.ledger.settle(article, state, reason)
        self.desk.shared.recipes.forget(article.site, article.listing, article.key)

    def dropped(self, item: Any, exception: BaseException) -> None:
        item = vars(exception).get("item", item)
        reason = type(exception).__name__
        if isinstance(exception, Doubtful):
            self.desk.count("held")
        elif isinstance(item, Article) or isinstance(exception, Dropped):
            self.desk.count(f"dropped/{reason}")
        if not isinstance(item, Article):  # not an article yet, so it has no link
            return
        states = {Unwanted: "pending", Edited: "published", FutureDate: "failed"}
        states |= {Doubtful: "failed"}
        if isinstance(exception, NoDate) and item.published is None:
            states[NoDate] = "failed"
        row = self.desk.output.ledger.article(item.key)
        if row and row.state == "published" and (row.site, row.id) == (item.site, item.id):
            # Its post stays.
            states |= dict.fromkeys((_Settled, NoDate, Doubtful), "published")
        kinds = (state for kind, state in states.items() if isinstance(exception, kind))
        state = next(kinds, "dropped")
        first = f" {exception.first}" if isinstance(exception, SameStory) else ""
        self._settle(item, state, reason + first)
        if state == "dropped" and not self.desk.output.dry:
            let_go(self.desk.output.path, item)

    def failed(self, item: Any, failure: Any) -> None:
        """Settle an article whose stage raised, for a file that the disk rejects or a fault of
        ours: it is requested again. It is still pending after Unwritable, and where the run ends
        first; the end of the run reports why."""
        item = vars(failure.value).get("item", item)
        is_left = isinstance(failure.value, Unwritable | CalledBack)
        if is_left or not isinstance(item, Article):
            return
        is_known = isinstance(failure.value, NewsspiderError | OSError)
        reason = type(failure.value).__name__ if is_known else "Fault"
        self.desk.count(f"failed/{reason}")
        ledger = self.desk.output.ledger
        row = ledger.article(item.key)
        if row is not None and row.state == "promised":
            ledger.forget(item.key)
        known = ledger.known(item.site, item.listing, item.key)
        failures = known.failures(reason) + 1 if known else 1
        self._settle(item, "dropped" if is_given_up(reason, failures) else "failed", reason)


# In running order.
STAGES: tuple[type[Stage], ...] = (
    *(Clean, Sanitise, Metadata, Validate, Pictures, Publish, Remember),
)
