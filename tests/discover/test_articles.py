"""Selectors for what generic extraction misses on three articles of a site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml import html

from newsspider.discover.articles import ArticlePage, missing_fields

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TITLES = ("The ferry is late again", "A bridge for the north", "Council votes on rent")
SITE = "Odd Fields - the paper of the north"
WHOLE = {"time": "2026-11-22T15:30:00+00:00", "author": "A", "source": "B", "summary": "C"}


def pages(
    body: str, fields: Mapping[str, str], origin: str = "article: pattern"
) -> list[ArticlePage]:
    """Three articles; `{}` in the body stands for the title that the list gave."""
    return [
        ArticlePage(
            html.document_fromstring(f"<html><body>{body.format(title)}</body></html>"),
            title,
            fields,
            dict.fromkeys(fields, origin),
            NOW,
            ZoneInfo("UTC"),
        )
        for title in TITLES
    ]


def test_a_title_that_is_the_sites_on_every_page() -> None:
    body = "<a href=/x>{0}</a><div class='box css-1q2w3e'><div class=headline-x>{0}</div></div>"
    assert missing_fields(pages(body, {**WHOLE, "title": SITE})) == {"title": "div.headline-x"}


def test_where_generic_extraction_finds_all_nothing_is_written() -> None:
    read = [
        ArticlePage(one.tree, one.title, {**WHOLE, "title": one.title}, {}, NOW, one.zone)
        for one in pages("<h2 class=headline-x>{}</h2>", WHOLE)
    ]
    assert missing_fields(read) == {}


def test_a_name_that_a_build_made_up_is_none() -> None:
    assert missing_fields(pages("<div class=css-1q2w3e>{}</div>", {**WHOLE, "title": SITE})) == {}


def test_a_selector_must_hold_on_every_page() -> None:
    read = pages("<div class=headline-x>{}</div>", {**WHOLE, "title": SITE})
    other = html.document_fromstring("<div class=headline-x>Most read</div><p>" + TITLES[2])
    last = ArticlePage(other, TITLES[2], read[2].fields, {}, NOW, read[2].zone)
    assert missing_fields([*read[:2], last]) == {}
    assert missing_fields(read[:2]) == {}


def test_minutes_where_only_the_day_was_found() -> None:
    fields = {**WHOLE, "title": SITE, "time": "2026-11-22T00:00:00+00:00"}
    body = "<h1 class=hd>{}</h1><p class=stamp>Updated 2026-11-22 15:30</p><p class=day>2026-11-22"
    assert missing_fields(pages(body, fields)) == {"title": "h1.hd", "time": "p.stamp"}


def test_names_and_a_lead_by_what_their_element_is_called() -> None:
    lead = "The harbour office told passengers to come an hour later from Monday on."
    body = (
        "<h1 class=hd>{}</h1><i class=author-name>Ana Roth</i><b class=source>Port Agency</b>"
        f"<p class=standfirst>{lead}</p><i class=other>Uma Ray</i>"
    )
    fields = {"title": SITE, "time": WHOLE["time"], "source": "odd.example"}
    assert missing_fields(pages(body, fields, "article: address")) == {
        "title": "h1.hd",
        "author": "i.author-name",
        "source": "b.source",
        "summary": "p.standfirst",
    }


def test_attack_a_page_of_a_hundred_thousand_elements() -> None:
    body = "<div class=headline-x>" * 300 + "{}" + "<p class=lead>x" * 100_000
    assert missing_fields(pages(body, {"title": SITE})) == {}
