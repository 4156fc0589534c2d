"""How the pages of a listing are asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from newsspider.listing.paging import PageRequest, first_request, next_request
from newsspider.sites.listings import Listing

HERE = "https://news.example/api"


def listing(**keys: Any) -> Any:
    given = {"kind": "json", "url": HERE, "items": "list", "fields": {"url": "url"}, **keys}
    return TypeAdapter(Listing).validate_python(given)


def turns(given: Any, *told: str) -> list[PageRequest | None]:
    """The first page, and the page after each that told this of it."""
    found: list[PageRequest | None] = [first_request(given, {"slug": "news"})]
    for number, text in enumerate(told):
        found.append(next_request(given, {"slug": "news"}, HERE, text, number))
    return found


def addresses(given: Any, *told: str) -> list[str | None]:
    return [turn.url if turn else None for turn in turns(given, *told)]


def test_by_number_and_by_offset() -> None:
    numbers = listing(url=f"{HERE}/{{slug}}?p={{page}}", first_page=0)
    assert addresses(numbers, "", "") == [f"{HERE}/news?p={n}" for n in (0, 1, 2)]
    offsets = listing(url=f"{HERE}?from={{offset}}", step=20)
    assert addresses(offsets, "", "") == [f"{HERE}?from={n}" for n in (0, 20, 40)]


def test_later_pages_may_have_another_address() -> None:
    given = listing(url=f"{HERE}/a.html", next_url=f"{HERE}/a_{{page}}.html")
    assert addresses(given, "", "") == [f"{HERE}/{n}.html" for n in ("a", "a_2", "a_3")]


def test_by_cursor_until_there_is_none() -> None:
    given = listing(url=f"{HERE}?after={{cursor}}", next="cursor")
    assert addresses(given, "a/b&c", "") == [f"{HERE}?after=", f"{HERE}?after=a%2Fb%26c", None]


def test_a_cursor_with_an_address_of_its_own() -> None:
    given = listing(next="cursor", next_url=f"{HERE}/more/{{cursor}}?p={{page}}")
    assert addresses(given, "x y", "") == [HERE, f"{HERE}/more/x%20y?p=2", None]


def test_a_cursor_is_posted() -> None:
    given = listing(next="cursor", json={"after": "{cursor}", "page": "{page}"})
    first, second = turns(given, '"}')
    assert first is not None and second is not None
    assert json.loads(first.body) == {"after": "", "page": 1}
    assert json.loads(second.body) == {"after": '"}', "page": 2}


def test_a_listing_of_one_page_ends() -> None:
    assert addresses(listing(), "") == [HERE, None]


def test_a_form_is_posted() -> None:
    given = listing(form={"section": "{slug}", "page": "{page}", "q": "a&b=ü"})
    first, second = turns(given, "")
    assert first == PageRequest(
        HERE, b"section=news&page=1&q=a%26b%3D%C3%BC", "application/x-www-form-urlencoded"
    )
    assert second is not None
    assert b"page=2" in second.body


def test_json_is_posted_with_numbers_as_numbers() -> None:
    sent = {"page": "{page}", "from": "{offset}", "where": ["{slug}", {"n": 5}], "t": "p{page}"}
    first, second = turns(listing(json=sent, step=10), "")
    assert first is not None and second is not None
    assert first.content_type == "application/json"
    assert json.loads(first.body) == {
        "page": 1, "from": 0, "where": ["news", {"n": 5}], "t": "p1",
    }  # fmt: skip
    assert json.loads(second.body)["from"] == 10


@pytest.mark.parametrize(
    ("told", "url"),
    [("?p=2", f"{HERE}?p=2"), ("/b", "https://news.example/b"), ("", None), ("javascript:x", None)],
)
def test_the_next_link_of_a_page(told: str, url: str | None) -> None:
    given = listing(kind="html", items="li", next="a.next::attr(href)")
    assert addresses(given, told) == [HERE, url]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_a_feed_goes_on_where_it_says(kind: str) -> None:
    given = TypeAdapter(Listing).validate_python({"kind": kind, "url": f"{HERE}/{{slug}}"})
    assert addresses(given, "/f?p=2", "") == [f"{HERE}/news", "https://news.example/f?p=2", None]
