"""A date in any language is read the same by a rule of a site file, off a listing, and by generic
extraction: a selector must not make an article worse than none."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from html import escape

import pytest
from support.dates_by_language import FORMS, LANGUAGES, unreadable, written

from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import add_part, new_draft
from newsspider.extraction.generic import extract
from newsspider.extraction.page import read_page
from newsspider.model import Link, Page
from newsspider.sites.listings import HtmlPage
from newsspider.sites.schema import Site
from newsspider.spiders.triage import Triage, Wanted
from newsspider.store.sqlite.ledger import SqliteLedger

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
LINK = Link(url="https://news.example/a/8812")
PAGE = """<html lang="{language}"><head><title>Ellery - a b c</title></head><body><h1>Ellery - a b c
</h1><div class="date">{text}</div>{body}</body></html>"""
BODY = "<p>The port has raised its fees by eight per cent, and owners of ships protest. {}.</p>"


@cache
def site(language: str) -> Site:
    return Site.model_validate(
        {
            "name": "example",
            "title": "Example",
            "home": "https://news.example/",
            "language": language,
            "timezone": "UTC",
            "pages": {
                "post": {
                    "kind": "html",
                    "fields": {"title": "h1", "time": ".date", "body": "p"},
                    "fallback": False,
                }
            },
            "listing": {
                "kind": "html",
                "url": "https://news.example/",
                "items": "li",
                "fields": {"url": "a"},
            },
            "other_categories": ".+",
        }
    )


def page(text: str, language: str) -> Page:
    body = "".join(map(BODY.format, range(5)))
    html = PAGE.format(language=language, text=escape(text), body=body)
    return Page(url=LINK.url, body=html.encode())


def by_rule(text: str, language: str) -> datetime | None:
    where = site(language)
    rules = where.pages["post"]
    assert isinstance(rules, HtmlPage)
    fields = read_page(page(text, language), rules, now=NOW, zone=where.zone).fields
    recipe = where.recipe(where.category("port"))
    return assemble(add_part(new_draft(where, LINK, recipe, "port"), "post", fields), NOW).published


def off_listing(text: str, language: str) -> datetime | None:
    where = site(language)
    recipe = where.recipe(where.category("port"))
    judge = Triage(where, "port", recipe, SqliteLedger(None), Wanted(), lambda: NOW)
    link = Link(url=LINK.url, time=text)
    newest = judge._newness(link)
    return newest if newest.year > 1 else None


def generic(text: str, language: str) -> datetime | None:
    return extract(page(text, language), now=NOW, zone=site(language).zone).published


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_rule_and_a_listing_read_every_month(language: str, form: str) -> None:
    left_out = unreadable(language, form, known=True)
    for day, text in written(language, form):
        expected = None if day.month in left_out else datetime(2022, day.month, day.day, tzinfo=UTC)
        assert off_listing(text, language) == expected, text
        assert by_rule(text, language) == expected, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_generic_extraction_reads_every_month(language: str) -> None:
    for day, text in written(language, "long"):
        assert generic(text, language) == datetime(2022, day.month, day.day, tzinfo=UTC), text
