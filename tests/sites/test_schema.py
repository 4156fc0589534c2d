"""The Site schema: what a site file's values come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsspider.sites import load
from newsspider.sites.schema import Category, Recipe, Site
from newsspider.sites.types import fill

FINEWS = load("finews")
ID = "202204262359811335"
LISTING = {
    "kind": "html",
    "url": "https://news.example/{slug}/",
    "items": "li",
    "fields": {"url": "a::attr(href)"},
}


def site(**values: Any) -> Site:
    return Site.model_validate({"name": "example", "title": "Example", **values})


def test_a_pick_is_a_selector_a_mapping_or_a_list_of_either() -> None:
    fields = {"url": "a", "title": {"select": "b", "pattern": "x"}, "time": ["c", {"select": "d"}]}
    listing = site(listing={**LISTING, "fields": fields}).listings_of("any")[0]
    found = {
        name: [(pick.select, pick.pattern) for pick in picks]
        for name, picks in listing.fields.items()
    }
    assert found == {"url": [("a", "")], "title": [("b", "x")], "time": [("c", ""), ("d", "")]}


def test_a_recipe_is_filled_up_from_the_site_and_then_the_defaults() -> None:
    recipe = FINEWS.recipe(FINEWS.category("emnews"))
    assert recipe.id == "{number}"  # the category's
    assert recipe.profile == "seed"  # the site's
    assert recipe.keys == ()  # the default's
    assert recipe.skip_rules == ("keywords",)
    assert FINEWS.recipe(Category()).id == "NW{number}"
    assert site().recipe(Recipe()).tag == "{source}"


def test_an_empty_footer_is_said_and_a_missing_one_is_not() -> None:
    made = site(articles={"footer": ""})
    assert made.recipe(Category()).footer == ""
    assert made.recipe(Category(footer="x")).footer == "x"
    assert site().recipe(Category()).footer == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"NW{ID}", ID),
        (ID, ID),
        (f"http://finance.eastmoney.com/news/1351,{ID}.html", ID),
        (f"{ID}0", ""),  # nineteen digits are something else
        ("NW2022", ""),
        ("", ""),
    ],
)
def test_the_number_in_an_id_or_an_address(text: str, number: str) -> None:
    assert FINEWS.number(text) == number


def test_a_number_is_the_first_group_that_matched_or_all() -> None:
    two = site(ids={"space": "x", "pattern": r"a(\d+)|b(\d+)"})
    assert (two.number("b12"), two.number("a1")) == ("12", "1")
    assert site(ids={"space": "x", "pattern": r"\d+"}).number("x42y") == "42"
    assert site().number("x42y") == ""


@pytest.mark.parametrize("name", ["cailianshe", "TechWeb", "21财经 (网)", "163"])
def test_finews_takes_any_name_of_a_source_as_a_category(name: str) -> None:
    assert FINEWS.takes(name)


@pytest.mark.parametrize("name", ["", "a/b", "a?b", "a\nb", "x" * 81, "中国证券报/x"])
def test_what_is_no_category_name(name: str) -> None:
    assert not FINEWS.takes(name)


def test_without_other_categories_only_the_named_ones_are_taken() -> None:
    made = site(listing=LISTING, categories={"a": {"title": "A"}})
    assert made.takes("a")
    assert not made.takes("b")


def test_a_category_has_its_own_listing_or_the_sites() -> None:
    assert FINEWS.listings_of("emnews")[0].kind == "json"
    assert FINEWS.listings_of("cailianshe")[0].kind == "html"
    assert FINEWS.listings_of("never-heard-of")[0].kind == "html"


@pytest.mark.parametrize(
    "text",
    [
        f"NW{ID}",
        f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{ID}",
        f"https://choicewzp1.eastmoney.com/html_News/NewsShare.html?cid=1&infoCode=NW{ID}&x=1#top",
    ],
)
def test_share_links_that_finews_claims(text: str) -> None:
    claim = FINEWS.claim(text)
    assert claim is not None
    assert claim[1]["id"] == f"NW{ID}"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" NW{ID}",
        f"NW{ID}1",
        f"ftp://x/html_News/NewsShare.html?infoCode=NW{ID}",
        f"http://x/html_News/NewsShare.html?infoCode=NW{ID} and more",
        "",
    ],
)
def test_texts_that_nobody_claims(text: str) -> None:
    assert FINEWS.claim(text) is None


def test_fill_puts_each_variable_in_once() -> None:
    assert fill("{tag}/{category}/{none}", {"tag": "{category}", "category": "x"}) == (
        "{category}/x/"
    )


def test_fill_encodes_all_but_whole_addresses() -> None:
    values = {"origin": "https://a.example", "id": "a/../b?c"}
    assert fill("{origin}/{id}", values, encode=True) == "https://a.example/a%2F..%2Fb%3Fc"


@given(st.text(), st.dictionaries(st.sampled_from(["id", "tag"]), st.text()))
def test_fill_never_raises(template: str, values: dict[str, str]) -> None:
    assert isinstance(fill(template, values), str)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"articles": {"ask": ["txt"]}}, "'txt' is not under pages"),
        ({"shares": [{"pattern": "a", "rank": ["txt"]}]}, "'txt' is not under pages"),
        ({"categories": {"a": {}}}, "has no listing, and neither has the site"),
        ({"other_categories": "x"}, "needs a `listing` of the site"),
        ({"shares": [{"pattern": "(?P<id>a)", "url": "http://x/{number}"}]}, "not a named group"),
        ({"articles": {"id": "{slug}"}}, "{slug} is not one of number"),
        ({"articles": {"footer": "{id}"}}, "{id} is not one of tag, source, category"),
        ({"articles": {"category": "../up"}}, "cannot be part of an address"),
        ({"listing": {**LISTING, "url": "/{slug}"}}, "does not start with https://"),
        ({"home": "javascript:alert(1)"}, "should match"),
        ({"delay": -1}, "greater than or equal to 0"),
        ({"name": "../x"}, "should match"),
    ],
)
def test_what_does_not_hang_together_is_refused(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as told:
        site(**values)
    assert reason in str(told.value)
