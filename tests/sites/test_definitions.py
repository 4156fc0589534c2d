"""The definitions that come with newsspider: each says enough, and none claims another's host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from newsspider.listing import first_page
from newsspider.sites import load, load_all, site_files, site_of
from newsspider.sites.hosts import hosts_of
from newsspider.sites.listings import FeedListing

NAMES = [name for name, _ in site_files()]


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_says_enough(name: str) -> None:
    site = load(name)
    assert site.title and site.description and site.language and site.timezone and site.home
    assert site.unchecked, "nobody could ask its hosts where it was written"
    crawled = [one for one in site.categories.values() if not one.only_named]
    assert crawled or site.other_categories
    assert all(category.title for category in site.categories.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_category_has_an_address(name: str) -> None:
    site = load(name)
    seen = set()
    for category in site.categories:
        listing = site.listings_of(category)[0]
        url = first_page(listing, site, category).url
        assert "{" not in url
        if isinstance(listing, FeedListing):
            assert urlsplit(url).scheme == "https"
            assert url not in seen
        seen.add(url)


def test_no_two_sites_have_one_home() -> None:
    homes = [load(name).home for name in NAMES]
    assert len(set(homes)) == len(homes)


def test_sites_of_different_publishers_share_no_host() -> None:
    bbc = {"bbc", "bbc-zhongwen"}
    shared = {"finews", "eastmoney"}
    for name in NAMES:
        for other in NAMES:
            pair = {name, other}
            if name < other and pair not in (bbc, shared):
                assert not hosts_of(load(name)) & hosts_of(load(other)), pair


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.bbc.com/zhongwen/articles/c0abc/simp", "bbc-zhongwen"),
        ("https://bbc.com/zhongwen", "bbc-zhongwen"),
        ("https://www.bbc.com/news/articles/c0abc", "bbc"),
        ("https://www.bbc.com/zhongwenxue", "bbc"),
        ("https://www3.nhk.or.jp/nhkworld/en/news/1/", "nhk"),
        ("https://news.example/zhongwen/", "news-example"),
    ],
)
def test_of_two_sites_on_a_host_the_nearest_takes_an_address(url: str, name: str) -> None:
    assert site_of(url, load_all().values()).name == name
