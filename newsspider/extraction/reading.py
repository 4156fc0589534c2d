"""A link → its article, page by page: the one loop, without asking for anything.

In: a Draft, and for each page that the loop yields the answer to it. Out: the finished Draft, which
`draft.assemble` makes an Article of. Pure: a crawl, the replay of saved pages and a probe of a site
each bring the pages their own way and send them in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime

from newsspider.errors import NewsspiderError, NotReadable
from newsspider.extraction.draft import Draft, NextPage, add_failed, add_part, next_page
from newsspider.extraction.ftr import Rules
from newsspider.extraction.page import PageReading, read_page
from newsspider.model import Page, Rejection


@dataclass(frozen=True, slots=True)
class Failed:
    """A page that did not come. `reason` is the word that a report counts, `detail` says where and
    why; `passing`: another run may have more luck."""

    reason: str
    detail: str
    passing: bool = False


class GivenUp(NewsspiderError):
    """An article that lacks a page it cannot do without."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.detail)
        self.failed = failed


# What may be sent in for a page: the page, why it is no article, why it did not come.
Answer = Page | Rejection | Failed
Reading = Generator[NextPage, Answer, Draft]


def read_article(
    draft: Draft,
    now: Callable[[], datetime],
    rules_for: Callable[[str], Rules | None] = lambda url: None,
) -> Reading:
    """Yield each page that the article needs, take the answer to it, return the finished Draft.

    `now` is aware; `rules_for` gives the ftr rules for an address. Raises GivenUp when a page that
    the article needs did not come or cannot be read.
    """
    while (wanted := next_page(draft, now())) is not None:
        received = yield wanted
        answer: PageReading | Rejection | Failed
        if isinstance(received, Page):
            answer = _read(draft, wanted, received, now(), rules_for(received.url))
        else:
            answer = received
        if isinstance(answer, Failed):
            # Where a page may come tomorrow nothing is decided without it: a date taken from the
            # article's id instead would stay for ever.
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
        return read_page(page, site.pages[wanted.page], now=now, zone=zone, theirs=ftr)
    except NotReadable as error:
        return Failed(type(error).__name__, f"{page.url}: {error}")
