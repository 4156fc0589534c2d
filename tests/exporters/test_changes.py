"""What counts as a change of an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsspider.exporters.changes import Version, changes, picture_key
from newsspider.model import Article, Image
from newsspider.store.records import fields_of

BODY = "<p>The bridge is open.</p><p>Trains run again.</p>"
ARTICLE = Article(
    site="x",
    key="k",
    id="1",
    link="https://x.example/a",
    title="The bridge is open",
    published=datetime(2026, 11, 1, tzinfo=UTC),
    source="X",
    images=(Image("https://x.example/bridge-800x600.jpg?w=800"),),
    body=BODY,
)


def version(article: Article) -> Version:
    return Version(fields_of(article), article)


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({}, ()),
        ({"title": "The bridge is closed"}, ("title",)),
        ({"body": BODY.replace("open", "closed")}, ("text",)),
        ({"digest": "In short"}, ("text",)),
        ({"images": ()}, ("pictures",)),
        ({"images": (Image("https://x.example/tunnel.jpg"),)}, ("pictures",)),
        ({"title": "Closed", "body": "<p>It is closed.</p>"}, ("title", "text")),
        ({"authors": ("A. Writer",)}, ("details",)),
        # No change for a reader.
        ({"title": " The  bridge is open"}, ()),
        (
            {"body": f"<div>\n{BODY.replace('<p>', '<p> ').replace(' run', '  <b>run</b>')}</div>"},
            (),
        ),
        ({"body": "<p>The bridge is open. Trains run again.</p>"}, ()),
        ({"body": BODY + "<script>count(17)</script><!-- 5 -->"}, ()),
        ({"images": (Image("https://cdn.x.example/t/bridge-1200x900.webp?w=1200&q=80"),)}, ()),
        ({"summary": "s", "tags": ("t",), "modified": datetime(2026, 11, 2, tzinfo=UTC)}, ()),
    ],
)
def test_what_a_reader_sees_counts(update: dict[str, object], words: tuple[str, ...]) -> None:
    after = replace(ARTICLE, **update)  # type: ignore[arg-type]
    assert changes(version(ARTICLE), version(after)) == words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.example/i/harbour.jpg", "https://x.example/i/harbour.webp", True),
        ("https://x.example/i/harbour.jpg", "https://cdn.example/300x/i/harbour@2x.jpg?v=3", True),
        ("https://x.example/i/harbour_800x600.jpg", "https://x.example/i/harbour.png", True),
        ("https://x.example/i/harbour.jpg", "https://x.example/i/harbours.jpg", False),
        ("https://x.example/1/a.jpg", "https://x.example/2/a.jpg", False),
        ("https://x.example/1/a.jpg", "https://x.example/1/a.webp", True),
        ("https://x.example/i?id=1&w=10", "https://x.example/i?id=1&w=20", True),
        ("https://x.example/i?id=1&w=10", "https://x.example/i?id=2&w=10", False),
        ("https://x.example/20261128101.jpg", "https://x.example/20261128102.jpg", False),
        ("http://[", "http://[", True),
    ],
)
def test_the_same_picture(one: str, other: str, same: bool) -> None:
    assert (picture_key(one) == picture_key(other)) is same


def test_a_picture_that_is_kept_by_now_is_a_detail_and_a_link_again_is_no_change() -> None:
    name = "0c6f1c7f1d5c3a47d9f3b8c2b9c4a1e3.jpg"
    linked = replace(ARTICLE, body=f'{BODY}<img src="https://x.example/bridge.jpg" />')
    kept = replace(ARTICLE, body=f'{BODY}<img src="/news/assets/images/{name}" alt="" />')
    assert changes(version(linked), version(kept)) == ("details",)
    assert changes(version(kept), version(linked)) == ()
    assert changes(version(kept), version(kept)) == ()
