"""How much of an article is published, and that such a post reads back as it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.clean.excerpt import excerpt
from newsspider.exporters.jekyll.post import read, render
from newsspider.model import Article, Image
from newsspider.sites.schema import Recipe

ARTICLE = Article(
    site="x",
    key="x:1",
    id="1",
    link="https://news.example/1",
    title="Ships & <boats>",
    published=datetime(2026, 11, 28, tzinfo=UTC),
    category="harbour",
    tag="Harbour",
    summary="Two ships & <three> boats. 港口",
    images=(Image("https://news.example/1.jpg"),),
    digest="The lead.",
    body="<p>The whole text.</p>",
    hash="abc",
)
NAME = "2026-11-28-1.md"


def test_all_of_it_is_the_article_itself() -> None:
    assert excerpt(ARTICLE, "full") is ARTICLE


@pytest.mark.parametrize(
    ("text", "body"),
    [("summary", "<p>Two ships &amp; &lt;three&gt; boats. 港口</p>"), ("link", "")],
)
def test_what_may_not_be_reprinted_is_not_in_the_post(text: str, body: str) -> None:
    short = excerpt(ARTICLE, text)
    assert (short.body, short.digest, short.images) == (body, "", ())
    assert (short.title, short.link, short.hash) == (ARTICLE.title, ARTICLE.link, "abc")
    post = render(short, Recipe(keys=("description", "image")))
    assert "whole text" not in post
    assert "1.jpg" not in post
    again = read(NAME, post)
    assert again is not None
    assert (again.title, again.body.strip(), again.link) == (ARTICLE.title, body, ARTICLE.link)


@pytest.mark.parametrize("length", [300, 301])
def test_a_summary_that_is_a_whole_text_is_cut(length: int) -> None:
    words = ("word " * 100)[: length - 1] + "w"
    short = excerpt(Article(site="x", key="x:1", id="1", link="", summary=words), "summary")
    assert (len(short.summary) <= 300, short.summary.endswith("…")) == (True, length > 300)


def test_without_a_summary_the_link_is_left() -> None:
    assert (
        excerpt(Article(site="x", key="x:1", id="1", link="", body="<p>x</p>"), "summary").body
        == ""
    )
