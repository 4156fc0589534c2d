"""A response as a page: read by several, made and parsed once."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from scrapy.http import HtmlResponse, Response, XmlResponse

from newsspider.errors import NotReadable, TooCostly
from newsspider.model import Page
from newsspider.spiders import responses
from newsspider.spiders.responses import listing_page, page_of

URL = "https://news.example/today"
PACKED = b"\x1f\x8b\x08\x00packed"


def test_the_page_of_a_listing_is_made_once_and_let_go() -> None:
    response = HtmlResponse(URL, body="<p>Zürich</p>".encode("latin-1"), encoding="latin-1")
    page = listing_page(response)
    assert listing_page(response) is page
    assert page.document.tree.text_content() == "Zürich"
    kept = len(responses._pages)
    del response
    gc.collect()
    assert len(responses._pages) == kept - 1


@pytest.mark.parametrize("kind", [Response, XmlResponse, HtmlResponse])
def test_a_packed_sitemap_stays_packed(kind: type[Response]) -> None:
    assert listing_page(kind(URL, body=PACKED)).body == PACKED


@pytest.mark.parametrize("page", [listing_page, page_of])
def test_attack_an_encoding_that_takes_long_to_decode_is_refused(
    page: Callable[[Response], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(body: bytes, kind: str) -> bytes:
        while True:
            pass

    monkeypatch.setattr(responses, "to_utf8", endless)
    monkeypatch.setattr(responses, "_DECODING", 0.1)
    with pytest.raises(TooCostly):
        page(HtmlResponse(URL, body=b"<p>x"))


def test_an_article_is_text() -> None:
    with pytest.raises(NotReadable, match="the answer is not text"):
        page_of(Response(URL, body=PACKED))
