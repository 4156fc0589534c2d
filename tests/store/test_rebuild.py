"""A lost ledger: which site the article of a post belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsspider.model import Article, Link
from newsspider.sites.identity import article_key
from newsspider.sites.schema import Site
from newsspider.store.rebuild import rebuild
from newsspider.store.sqlite.ledger import SqliteLedger

FEED = {"listing": {"kind": "feed", "url": "https://feeds.harbour.example/rss"}}


def site(name: str, **values: Any) -> Site:
    pages = {"article": {"kind": "html"}}
    listed = {"pages": pages, "articles": {"ask": ["article"]}, "other_categories": ".+", **FEED}
    return Site.model_validate({"name": name, "title": name, **listed, **values})


def post(link: str, category: str = "news") -> Article:
    published = datetime(2026, 11, 2, 10, tzinfo=UTC)
    return Article(site="", key="", id="an-id", link=link, published=published, category=category)


def rebuilt(folder: Path, posts: Iterable[Article], *sites: Site) -> SqliteLedger:
    """A ledger made anew from these posts."""
    by_name: Mapping[str, Article] = {f"{at}.md": post for at, post in enumerate(posts)}
    for name in by_name:
        (folder / name).write_text("")
    ledger = SqliteLedger(None)
    rebuild(ledger, sorted(folder.iterdir()), lambda name, _: by_name[name], sites)
    return ledger


def owner(ledger: SqliteLedger, site: Site, link: str) -> str:
    """The site of the post that a link of this site leads to; "" for a link that is not known."""
    row = ledger.article(ledger.resolve(article_key(site, Link(url=link))))
    return row.site if row else ""


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ({"home": "https://www.harbour.example/"}, "https://www.harbour.example/a"),
        ({"home": "https://www.harbour.example/"}, "https://sport.harbour.example/a"),
        ({}, "https://feeds.harbour.example/a"),
        ({}, "https://www.harbour.example/a"),
        ({"hosts": ["quay.example"]}, "https://www.quay.example/a"),
    ],
)
def test_a_post_belongs_to_the_site_that_names_its_host(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, values: dict[str, Any], link: str
) -> None:
    known = site("harbour", **values)
    assert owner(rebuilt(tmp_path, [post(link)], known), known, link) == "harbour"
    assert "no site file" not in caplog.text


def test_of_several_sites_the_one_with_its_category_has_it_and_the_others_know_it(
    tmp_path: Path,
) -> None:
    link = "https://www.harbour.example/sport/a"
    news = site("news", categories={"news": {}})
    sport = site("sport", categories={"sport": {}})
    ledger = rebuilt(tmp_path, [post(link, "sport")], news, sport)
    assert owner(ledger, sport, link) == owner(ledger, news, link) == "sport"


def test_a_site_of_articles_on_any_host_has_those_of_its_categories(tmp_path: Path) -> None:
    digest = site("digest", hosts=["*"], categories={"digest": {}})
    links = ["https://one.example/a", "https://two.example/a"]
    ledger = rebuilt(tmp_path, [post(links[0], "digest"), post(links[1], "other")], digest)
    assert [owner(ledger, digest, link) for link in links] == ["digest", ""]


def test_a_post_of_no_site_file_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = "https://www.quay.example/a"
    assert rebuilt(tmp_path, [post(link)], site("harbour")).is_empty()
    assert "1 post belongs to no site file (such as 0.md)" in caplog.text


def test_what_is_not_a_file_is_passed_over(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "fifo.md")
    (tmp_path / "folder.md").mkdir()
    assert rebuilt(tmp_path, [], site("harbour")).is_empty()
