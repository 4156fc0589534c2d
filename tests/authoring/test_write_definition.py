"""What `newsspider add` makes of a page besides its listing."""

from __future__ import annotations

import pytest

from newsspider.authoring.replay import Replayed
from newsspider.authoring.write_definition import category_name, titles
from newsspider.model import Page


@pytest.mark.parametrize(
    ("url", "title", "site", "category"),
    [
        ("https://www.portal.example/", "The Portal - News and sport", "The Portal", ""),
        ("https://wire.example/", "Breaking news, world news | Wire", "Wire", ""),
        ("https://wire.example/", "新闻中心_海港网", "新闻中心", ""),
        ("https://wire.example/world/", "World news | The Wire", "The Wire", "World news"),
        ("https://sportwire.example/sport/", "Sport | Sportwire", "Sportwire", "Sport"),
        ("https://a.example/caijing/", "财经要闻_海港网", "海港网", "财经要闻"),
        ("https://a.example/x/", "Harbour", "Harbour", ""),
    ],
)
def test_what_a_page_calls_its_site_and_itself(
    url: str, title: str, site: str, category: str
) -> None:
    page = Page(url=url, body=f"<html><title>{title}</title><body><p>x</p></body>".encode())
    assert titles(page, Replayed()) == (site, category)


def test_a_site_that_tells_its_name_to_machines() -> None:
    head = "<meta property='og:site_name' content='Harbour'><title>Harbour | World</title>"
    page = Page(url="https://a.example/w/", body=f"<html>{head}<body>x</body></html>".encode())
    assert titles(page, Replayed()) == ("Harbour", "World")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/", "latest"),
        ("https://a.example/news/world/index.html", "world"),
        ("https://a.example/news/world/2/", "world"),
        ("https://a.example/%E8%B4%A2%E7%BB%8F/", "caijing"),
    ],
)
def test_a_category_is_named_by_its_address(url: str, name: str) -> None:
    assert category_name(url) == name
