"""The one loop over an article's pages: what it asks for, and what it makes of each answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.draft import Draft, new_draft
from newsspider.extraction.reading import Answer, Failed, GivenUp, ReadPage, read_article
from newsspider.model import Link, Page, Rejection, Verdict
from newsspider.sites.schema import Site

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOME = "https://news.example"
SITE = Site.model_validate(
    {
        "name": "news",
        "title": "News",
        "home": f"{HOME}/",
        "pages": {
            "article": {
                "kind": "html",
                "fields": {"title": "h1", "body": "div"},
                "fallback": False,
            },
            "author": {
                "kind": "json",
                "url": f"{HOME}/author",
                "fields": {"author": "name"},
                "missing": ["author"],
            },
        },
        "articles": {"ask": ["article", "author"]},
    }
)
ARTICLE = Page(url=f"{HOME}/a", body=b"<h1>Ferry</h1><div><p>It sails.</p></div>")
AUTHOR = Page(url=f"{HOME}/author", body=b'{"name": "Ada"}')
LOST = Failed("Http404", "https://news.example/a: Http404")


def read(*answers: Answer) -> tuple[list[str], Draft]:
    """The pages that were asked for, and the draft that came of these answers."""
    start = new_draft(SITE, Link(url=f"{HOME}/a"), SITE.recipe(SITE.articles))
    reading, left, asked = read_article(start, lambda: NOW), [*answers], []
    wanted = next(reading)
    while True:
        try:
            if isinstance(wanted, ReadPage):
                wanted = reading.send(wanted.here())
            else:
                asked.append(wanted.page)
                wanted = reading.send(left.pop(0))
        except StopIteration as finished:
            return asked, finished.value


def test_each_page_is_asked_for_in_turn() -> None:
    asked, draft = read(ARTICLE, AUTHOR)
    assert asked == ["article", "author"]
    assert draft.parts["article"] == {"title": "Ferry", "body": "<p>It sails.</p>"}
    assert draft.parts["author"] == {"author": "Ada"}


@pytest.mark.parametrize("answer", [LOST, Page(url=f"{HOME}/author", body=b"<html>")])
def test_an_article_goes_without_a_page_it_can_do_without(answer: Answer) -> None:
    asked, draft = read(ARTICLE, answer)
    assert (asked, draft.failed) == (["article", "author"], ("author",))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([LOST], "Http404"),
        ([Page(url=f"{HOME}/a", body=b"")], "NotReadable"),
        (
            [ARTICLE, Failed("Timeout", "https://news.example/author: Timeout", passing=True)],
            "Timeout",
        ),
    ],
    ids=["needed", "unreadable", "passing"],
)
def test_an_article_is_given_up_for_now(answers: list[Answer], reason: str) -> None:
    with pytest.raises(GivenUp) as given_up:
        read(*answers)
    assert given_up.value.failed.reason == reason
    assert str(given_up.value).startswith("https://news.example/a")


def test_a_rejected_page_is_noted_in_the_draft() -> None:
    rejection = Rejection(Verdict.NOT_AN_ARTICLE, "a PDF")
    _, draft = read(rejection, AUTHOR)
    assert draft.parts["article"] == {"rejection": rejection}
    assert str(rejection) == "NotAnArticle: a PDF"
