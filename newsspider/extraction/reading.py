"""A link → its article, page by page: the loop over an article's pages, without fetching them.

In: a Draft, and an answer to each page that the loop yields. Out: the finished Draft, from which
`draft.assemble` makes an Article. Called by `spiders.base` (crawls and probes), `authoring.replay`
(saved pages) and `extraction.single` (one page); each gets the pages its own way. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime

from newsspider.errors import NewsspiderError, NotReadable
from newsspider.extraction.draft import Draft, NextPage, add_failed, add_part, next_page
from newsspider.extraction.ftr import Rules
from newsspider.extraction.page import PageReading, read_page
from newsspider.model import Page, Rejection
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


# What may be sent for a page: the page, why it is not an article, or why there is no page.
Answer = Page | Rejection | Failed
Reading = Generator[NextPage, Answer, Draft]


def read_article(
    draft: Draft,
    now: Callable[[], datetime],
    rules_for: Callable[[str], Rules | None] = lambda url: None,
) -> Reading:
    """Yield each page that the article needs, receive its Answer, return the finished Draft.

    `now` returns an aware time; `rules_for` returns the ftr rules for an address. Raises GivenUp
    when a page that the article needs cannot be fetched or read.
    """
    while (wanted := next_page(draft, now())) is not None:
        received = yield wanted
        answer: PageReading | Rejection | Failed
        if isinstance(received, Page):
            answer = _read(draft, wanted, received, now(), rules_for(received.url))
            if wanted.url == draft.link.url:
                draft = replace(draft, leads_to=received.url)
        else:
            answer = received
        if isinstance(answer, Failed):
            # If another run may get the page, do not assemble the article without it: a date taken
            # from the article's id instead would stay for ever.
            if answer.passing or not wanted.optional:
                raise GivenUp(answer)
            draft = add_failed(draft, wanted.page)
        elif isinstance(answer, Rejection):
            draft = add_part(draft, wanted.page, {"rejection": answer})
        else:
            draft = add_part(draft, wanted.page, answer.fields, answer.origins, answer.by_fallback)
    return draft


def _read(
    draft: Draft, wanted: NextPage, page: Page, now: datetime, ftr: Rules | None
) -> PageReading | Failed:
    site = draft.site
    zone = site.zone if site.timezone else None
    try:
        with budget():
            return read_page(page, site.pages[wanted.page], now=now, zone=zone, ftr_rules=ftr)
    except NotReadable as error:
        return Failed(type(error).__name__, f"{page.url}: {error}")
