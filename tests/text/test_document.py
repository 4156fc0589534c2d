"""A page is decoded and parsed once, whoever reads it."""

from __future__ import annotations

import pytest

from newsspider.errors import NotReadable
from newsspider.text import document
from newsspider.text.document import Document

HTML = b"<html><head><base href='/news/'></head><body><p>a</p></body></html>"


def test_the_tree_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    parse = document.parse_html
    monkeypatch.setattr(document, "parse_html", lambda text: parsed.append(text) or parse(text))
    page = Document("https://news.example/today", HTML)
    assert page.tree is page.tree
    assert page.base == "https://news.example/news/"
    assert len(parsed) == 1


def test_what_a_reader_makes_of_a_page_is_made_once() -> None:
    page = Document("https://news.example/today", HTML)
    made: list[Document] = []

    def read(each: Document) -> int:
        made.append(each)
        return len(made)

    assert (page.once(read), page.once(read), page.once(lambda _: 7)) == (1, 1, 7)
    assert made == [page]


def test_a_json_answer_has_a_value_and_no_tree() -> None:
    page = Document("https://news.example/api", b'{"a": [1]}')
    assert page.value == {"a": [1]}
    with pytest.raises(NotReadable, match="the page is empty"):
        _ = Document("https://news.example/api", b"").tree
