"""Eleven further changes of a paper, of other kinds than the first fifty.

In: a Paper. Out: the same paper, changed. CASES are the changes of both modules, each with a kind
of paper that it is tried on. They were written after the detector, which was not changed for them.
"""

from __future__ import annotations

import json
from html import escape

from drift_changes import CHANGES, LISTING, change
from drift_paper import Answer, Paper, page

_BODY = ("body", "text", "EmptyBody")


@change("html", "generic", names=LISTING)
def listing_is_an_empty_answer(paper: Paper) -> None:
    paper.listing = lambda: Answer(b"")


@change("html", "generic", names=LISTING)
def listing_in_a_frame(paper: Paper) -> None:
    paper.listing = lambda: paper.html(paper.title, '<iframe src="/list.html"></iframe>')


@change("json", names=LISTING)
def listing_is_a_page_of_an_error(paper: Paper) -> None:
    paper.listing = lambda: page("<h1>502 Bad Gateway</h1><p>nginx</p>")


@change("html", names=LISTING)
def every_entry_leads_to_one_article(paper: Paper) -> None:
    def listing() -> Answer:
        text = paper.list_of(paper.stories[: paper.per_page])
        for story in paper.stories[: paper.per_page]:
            text = text.replace(story.path, "/today")
        return paper.html(paper.title, text)

    paper.listing = listing


@change("html", "feed", names=_BODY)
def bodies_are_empty(paper: Paper) -> None:
    paper.body_of = lambda story: ""


@change("html", "json", names=(*_BODY, "NotAnArticle", "Paywalled"))
def texts_ask_for_javascript(paper: Paper) -> None:
    paper.body_of = lambda story: "<p>Please enable JavaScript to view this story.</p>"


@change("html", "generic", names=_BODY)
def every_page_has_the_text_of_one_article(paper: Paper) -> None:
    oldest, ordinary = paper.stories[-1], paper.paragraphs
    paper.body_of = lambda story: ordinary(oldest)


@change("html", "json", names=("Http410",))
def articles_are_gone(paper: Paper) -> None:
    paper.article = lambda story: page("<h1>Gone</h1>", 410)


@change("generic", "feed", names=("Http403",))
def articles_are_forbidden(paper: Paper) -> None:
    paper.article = lambda story: page("<h1>Forbidden</h1>", 403)


@change("html", fits=True)
def another_list_above_the_list(paper: Paper) -> None:
    def listing() -> Answer:
        links = "".join(f"<li><a href='/topic/{n}'>Topic of the day {n}</a></li>" for n in "123")
        text = f"<ul class=topics>{links}</ul>{paper.list_of(paper.stories[: paper.per_page])}"
        return paper.html(paper.title, text)

    paper.listing = listing


@change("json", fits=True)
def entries_have_more_keys(paper: Paper) -> None:
    def listing() -> Answer:
        answer = paper.records(paper.stories[: paper.per_page])
        more = {"total": len(paper.stories), "ads": [{"url": "/ad", "title": escape("<Ad>")}]}
        return Answer(json.dumps({**answer, **more}).encode(), type="application/json")

    paper.listing = listing


CASES = [case for each in CHANGES for case in each.cases]
