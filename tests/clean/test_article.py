"""Every field of an article is cleaned by what it holds: none is forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from newsspider.clean.article import clean_article, clean_line
from newsspider.model import FIELDS, Article, Image, Kind, Right, Stock
from newsspider.text.characters import UNWANTED

HOSTILE = "a\x00b\u2028c\ud800d\ufeff\r\ne"
ARTICLE = Article(site="news", key="news:1", id="1", link="https://news.example/1")
VALUES: dict[Kind, Any] = {
    Kind.LINE: HOSTILE,
    Kind.LINES: (HOSTILE, "\u200b", "Ada"),
    Kind.TAGS: (HOSTILE, "\u200b", "harbour"),
    Kind.TEXT: HOSTILE,
    Kind.HTML: f"<p>{HOSTILE}</p>",
}
PARTS = {
    "stocks": (Stock("1", HOSTILE, HOSTILE),),
    "images": (Image("https://x/1", HOSTILE),),
    "rights": (Right("header", "tdm-policy", HOSTILE),),
}
CLEANED = [name for name, info in FIELDS.items() if info.kind in VALUES or info.kind is Kind.PARTS]


def texts(value: Any) -> list[str]:
    """All texts in the value of a field."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for each in value for text in texts(each)]
    return [text for each in fields(value) for text in texts(getattr(value, each.name))]


@pytest.mark.parametrize("name", CLEANED)
def test_no_field_keeps_a_character_that_no_post_may_hold(name: str) -> None:
    value = PARTS[name] if name in PARTS else VALUES[FIELDS[name].kind]
    assert any(UNWANTED.search(text) for text in texts(value))
    cleaned = clean_article(replace(ARTICLE, **{name: value}), "reader")
    left = texts(getattr(cleaned, name))
    assert left and not any(UNWANTED.search(text) for text in left)


def test_every_kind_is_cleaned_or_not_a_strangers() -> None:
    kinds = {info.kind for info in FIELDS.values()}
    assert kinds == {*VALUES, Kind.PARTS, Kind.OURS, Kind.URL, Kind.TIME}


def test_lines_that_show_nothing_go() -> None:
    cleaned = clean_article(replace(ARTICLE, authors=("\u200b", " Ada \n Lovelace ")), "reader")
    assert cleaned.authors == ("Ada Lovelace",)
    assert clean_line("\u3164 \u00ad") == ""
