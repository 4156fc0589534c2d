"""Pictures of an article: those that come by script, their captions, and the lead."""

from __future__ import annotations

import pytest
from support.generic_pages import NOW

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "
BLANK = "<img src='data:image/gif;base64,R0lGODlh'>"


def article(inside: str = "", head: str = "", below: str = "") -> Extracted:
    """An article with `inside` in the middle of its text and `below` after it."""
    first, second = ("".join(f"<p>{n}. {LONG}</p>" for n in part) for part in ("012", "345"))
    body = (
        f"<article><h1>The harbour closes for a year</h1>{first}{inside}{second}{below}</article>"
    )
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract(Page(url="https://a.example/2024/story", body=text.encode()), now=NOW)


FIGURE = (
    '</p>\n<figure><img src="https://a.example/a.jpg" alt="">'
    "<figcaption>The lock on Friday.</figcaption></figure>\n<p>3. The"
)


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=/a.jpg>",
        f"{BLANK}<noscript><img src=/a.jpg></noscript>",
        "<div class=lazy></div><noscript><img src=/a.jpg></noscript>",
        "<amp-img src=/a.jpg width=16 height=9 layout=responsive></amp-img>",
        "<my-image><img src=/a.jpg></my-image>",
        f"<a href=/a.jpg>{BLANK}</a>",
        "<meta itemprop=contentUrl content=/a.jpg><div class=lazy></div>",
    ],
)
def test_a_picture_that_comes_by_script_keeps_its_place_and_its_caption(picture: str) -> None:
    figure = f"<figure>{picture}<figcaption>The lock on Friday.</figcaption></figure>"
    assert FIGURE in article(figure).body


def test_pictures_stand_before_the_words_that_follow_them() -> None:
    body = article(f"<div><img src=/a.jpg>Then: {LONG}<img src=/b.jpg></div>").body
    assert body.index("/a.jpg") < body.index("Then:") < body.index("/b.jpg")
