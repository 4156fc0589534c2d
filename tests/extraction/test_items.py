"""An item of another spider → an Article, without Scrapy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extraction.items import LISTING, RULES, Item, article_of, read_item
from newsspider.model import FIELDS, Article, Image
from newsspider.sites import claimed, load_all
from newsspider.sites.identity import article_key

NOW = datetime(2026, 6, 12, 12, tzinfo=UTC)
SITES = load_all()
FERRY: dict[str, Any] = {
    "url": "https://harbour.example/ferry",
    "title": "Ferry sails again",
    "body": "<p>It sails.</p>",
    "published": "2026-04-12T10:05:00+02:00",
}


def article(**values: Any) -> Article:
    item = read_item({**FERRY, **values})
    claim = claimed(item.url, SITES.values())
    assert claim is not None
    return article_of(item, claim, claim.site.recipe(claim.share), NOW)


@pytest.mark.parametrize("field", ["url", "title", "body", "published"])
@pytest.mark.parametrize("empty", [None, "", " \u200b", [], [""], {}, object()])
def test_a_required_field_that_is_empty_is_named(field: str, empty: Any) -> None:
    assert read_item({**FERRY, field: empty}).missing == (field,)
    assert read_item({name: FERRY[name] for name in FERRY if name != field}).missing == (field,)
    assert read_item(FERRY).missing == ()


@pytest.mark.parametrize("wrap", [list, tuple, set, lambda values: values[0]])
def test_a_list_is_as_good_as_its_value(wrap: Any) -> None:
    values = {name: wrap([value]) for name, value in FERRY.items()}
    assert article(**values) == article()


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-04-12T10:05:00+02:00", "2026-04-12 10:05:00"),
        ("12 April 2026, 10:05", "2026-04-12 10:05:00"),
        (datetime(2026, 4, 12, 10, 5, 7, 999), "2026-04-12 10:05:07"),
        (datetime(2026, 4, 12, 10, 5, tzinfo=timezone(timedelta(hours=8))), "2026-04-12 02:05:00"),
        (datetime(2026, 4, 12, 10, tzinfo=timezone(timedelta(seconds=7))), "2026-04-12 09:59:53"),
        (date(2026, 4, 12), "2026-04-12 00:00:00"),
        (1775988300, "2026-04-12 10:05:00"),
        ("soon", ""),
        (datetime.min, ""),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=23))), ""),
        (True, ""),
    ],
)
def test_times(published: Any, expected: str) -> None:
    at = article(published=published).published
    assert (f"{at:%Y-%m-%d %H:%M:%S}" if at else "") == expected


def test_a_time_without_an_offset_is_in_the_zone_of_the_site() -> None:
    url = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335"
    for published in ("2022-04-26 20:16:23", datetime(2022, 4, 26, 20, 16, 23)):
        at = article(url=url, published=published).published
        assert at is not None and at.isoformat() == "2022-04-26T20:16:23+08:00"


def test_the_identity_is_that_of_an_article_crawled_by_its_address() -> None:
    for url in (
        "https://www.bbc.com/news/articles/c1234567890o?at_medium=RSS",
        "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335",
        "https://harbour.example/ferry/",
    ):
        claim = claimed(url, SITES.values())
        assert claim is not None
        ours = article(url=url)
        assert (ours.site, ours.key) == (claim.site.name, article_key(claim.site, claim.link))
        assert ours.listing == LISTING


def test_each_name_of_a_field_is_read() -> None:
    """A new field of Article that has a rule and no row here fails."""
    values: dict[str, Any] = {
        **FERRY,
        "link": "https://harbour.example/f",
        "modified": "2026-04-13 10:00",
        "source": "Gazette",
        "authors": ["A", "B"],
        "editor": "E",
        "original_title": "O",
        "section": "Sea",
        "tags": ["x", "y"],
        "language": "da",
        "summary": "S",
        "images": ["https://harbour.example/1.jpg", "https://harbour.example/2.jpg"],
        "digest": "D",
    }
    assert {name for name, info in FIELDS.items() if info.rule} == values.keys() - {"url"}
    full = article(**values)
    assert (full.link, full.authors, full.tags) == (values["link"], ("A", "B"), ("x", "y"))
    assert full.images == (Image("https://harbour.example/1.jpg"),)
    assert (full.source, full.editor, full.summary) == ("Gazette", "E", "S")
    assert (full.digest, full.language, full.original_title) == ("D", "da", "O")
    renamed = {RULES.get(name, name): value for name, value in values.items()}
    assert renamed.keys() != values.keys()
    item = read_item(renamed)
    assert (item.fields, item.unknown) == (read_item(values).fields, ())


def test_an_article_is_an_item_too() -> None:
    """What `newsspider.extract` gives."""
    first = replace(article(authors=["A"], images="https://harbour.example/1.jpg"), id="other")
    item = read_item(first)
    assert (item.url, item.missing, item.unknown) == (FERRY["url"], (), ())
    claim = claimed(item.url, SITES.values())
    assert claim is not None
    again = article_of(item, claim, claim.site.recipe(claim.share), NOW)
    assert again == replace(first, id=again.id, origins=again.origins)


@dataclass
class Picture:
    url: str


@pytest.mark.parametrize(
    "image",
    [
        "https://harbour.example/1.jpg",
        {"url": "https://harbour.example/1.jpg", "path": "full/1.jpg"},
        Picture("https://harbour.example/1.jpg"),
        Image("https://harbour.example/1.jpg", "words"),
        [None, {"path": "x"}, {"url": "https://harbour.example/1.jpg"}],
    ],
)
def test_pictures(image: Any) -> None:
    assert article(image=image).images == (Image("https://harbour.example/1.jpg"),)


@pytest.mark.parametrize("name", ["category", "section", "tag"])
def test_the_category_of_an_item(name: str) -> None:
    given = article(**{name: " Island\n News "})
    assert (given.category, given.tag) == ("island-news", "Island News")
    assert article(source="Gazette").category == "gazette"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary()
    | st.datetimes() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["category", *RULES]) | st.text(), ANYTHING))
def test_no_value_raises(values: dict[str, Any]) -> None:
    item = read_item(values)
    assert isinstance(item, Item)
    if not set(item.missing) - {"url"}:
        article(**{**values, "url": FERRY["url"]})
