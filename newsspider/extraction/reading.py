"""A link → its article, page by page: the loop over an article's pages, without fetching them.

In: a Draft, and an answer to each page that the loop yields. Out: the finished Draft, from which
`extraction.assemble` makes an Article. Called by `spiders.base` (crawls and probes), and with
answers at hand by `authoring.replay` (saved pages), `crawling.rereading` (the archive) and
`extraction.single` (one page); each gets the pages its own way, and reads them where it wants.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from newsspider.errors import NewsspiderError, NotReadable
from newsspider.extraction import draft_time
from newsspider.extraction.draft import Draft, NextPage, add_failed, add_part, first, variables
from newsspider.extraction.ftr import Rules
from newsspider.extraction.page import PageReading, read_page
from newsspider.extraction.rights import rights_of_page
from newsspider.model import Page, Rejection
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.sites.types import fill
from newsspider.text.budget import budget


@dataclass(frozen=True, slots=True)
class Failed:
    """A page that could not be fetched or read. `reason` is the key under which a report counts it,
    `detail` says where and why; `passing` is true if another run may succeed."""

    reason: str
    detail: str
    passing: bool = False


class GivenUp(NewsspiderError):
    """An article lacks a page that it needs."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.detail)
        self.failed = failed


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that is to be read by its rules: call it for the result. `zone` applies to times
    without one. Raises NotReadable, or TooCostly within a budget."""

    page: Page
    rules: HtmlPage | JsonPage
    now: datetime
    zone: ZoneInfo | None
    ftr: Rules | None

    def __call__(self) -> PageReading:
        reading = read_page(self.page, self.rules, now=self.now, zone=self.zone, ftr_rules=self.ftr)
        stated = rights_of_page(self.page) if isinstance(self.rules, HtmlPage) else ()
        rights = tuple(dict.fromkeys((*self.page.rights, *stated)))
        return replace(reading, fields={**reading.fields, "rights": rights}) if rights else reading

    def here(self) -> PageReading | NotReadable:
        """Return what may be sent for it."""
        try:
            with budget():
                return self()
        except NotReadable as error:
            return error


# What may be sent for a NextPage: the page, why it is not an article, or why there is no page. And
# for a ReadPage: what it returned or raised.
Answer = Page | Rejection | Failed
Result = PageReading | Exception
Reading = Generator[NextPage | ReadPage, Answer | Result, Draft]


def read_article(
    draft: Draft,
    now: Callable[[], datetime],
    rules_for: Callable[[str], Rules | None] = lambda url: None,
) -> Reading:
    """Yield each page that the article needs, receive its Answer; yield what is to be read, receive
    its Result; return the finished Draft.

    `now` returns an aware time; `rules_for` returns the ftr rules for an address. Raises GivenUp
    when a page that the article needs cannot be fetched or read.
    """
    while (wanted := next_page(draft, now())) is not None:
        answer = yield wanted
        if isinstance(answer, Page):
            page, site = answer, draft.site
            zone = site.zone if site.timezone else None
            rules = site.pages[wanted.page]
            answer = yield ReadPage(page, rules, now(), zone, rules_for(page.url))
            if isinstance(answer, NotReadable):
                answer = Failed(type(answer).__name__, f"{page.url}: {answer}")
            elif isinstance(answer, Exception):
                raise answer
            if wanted.url == draft.link.url:
                draft = replace(draft, leads_to=page.url)
        if isinstance(answer, Failed):
            # If another run may get the page, do not assemble the article without it: a date taken
            # from the article's id instead would stay for ever.
            if answer.passing or not wanted.optional:
                raise GivenUp(answer)
            draft = add_failed(draft, wanted.page)
        elif isinstance(answer, Rejection):
            draft = add_part(draft, wanted.page, {"rejection": answer})
        elif isinstance(answer, PageReading):
            draft = add_part(draft, wanted.page, answer.fields, answer.origins, answer.by_fallback)
    return draft


def read_at_once(reading: Reading, answer_of: Callable[[NextPage], Answer]) -> Draft:
    """Return the finished draft of an article whose answers are at hand. Raises GivenUp, and
    TooCostly within a budget."""
    try:
        wanted = next(reading)
        while True:
            if isinstance(wanted, ReadPage):
                wanted = reading.send(wanted.here())
            else:
                wanted = reading.send(answer_of(wanted))
    except StopIteration as finished:
        draft: Draft = finished.value
        return draft


def next_page(draft: Draft, now: datetime) -> NextPage | None:
    """Return the page to request next; None when the draft has all the pages it needs."""
    if draft.following:
        return NextPage(list(draft.parts)[-1], draft.following, optional=True)
    for name in draft.recipe.ask or ():
        if name in draft.parts or name in draft.failed:
            continue
        rules = draft.site.pages[name]
        if rules.missing and not any(_missing(draft, key, now) for key in rules.missing):
            continue
        # An article can do without a page that is requested for its time, but not for its body.
        optional = bool(rules.missing) and "body" not in rules.missing
        return NextPage(name, fill(rules.url, variables(draft)), optional)
    return None


def _missing(draft: Draft, name: str, now: datetime) -> bool:
    if name == "time":
        return draft_time.moment_of(draft, now) is None
    return not first(draft, name)
