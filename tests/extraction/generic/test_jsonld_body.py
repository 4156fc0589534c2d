"""The text of an article that its page tells for machines."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SAID = [
    f"{n}. The harbour will close for a year, the port authority of Ellery said on Tuesday night."
    for n in range(8)
]
SHOWN = "\n".join(f"<p>{line}</p>" for line in SAID)


def read(told: object, shown: str, **more: object) -> Extracted:
    node = {
        "@type": "NewsArticle",
        "headline": "The old lock closes",
        "articleBody": told,
        "datePublished": "2026-11-20T10:00:00Z",
        **more,
    }
    script = json.dumps(node).replace("</", "<\\/")
    html = (
        "<html><head><title>The old lock closes</title>"
        f'<script type="application/ld+json">{script}</script>'
        f"</head><body><h1>The old lock closes</h1>{shown}</body></html>"
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    return extract(page, now=NOW, zone=None)


@pytest.mark.parametrize(
    "told",
    [
        "\n".join(SAID),
        SAID,
        SHOWN,
        SHOWN.replace("<", "&lt;").replace(">", "&gt;"),
    ],
    ids=["lines", "a list", "html", "escaped html"],
)
def test_a_page_that_a_script_fills_has_the_text_it_tells(told: object) -> None:
    got = read(told, '<div id="app"></div>')
    assert got.body == SHOWN
    assert got.origins["body"] == "json-ld"
    assert got.verdict == ""


def test_what_is_shown_counts_where_all_of_it_is() -> None:
    shown = f"<article>{SHOWN}<h2>Why now</h2><p>{SAID[0][::-1]}</p></article>"
    got = read("\n".join(SAID), shown)
    assert got.body.startswith(SHOWN + "\n<h2>Why now</h2>")


def test_a_text_to_be_paid_for_is_not_taken() -> None:
    got = read("\n".join(SAID), "<p>Subscribe to read on.</p>", isAccessibleForFree=False)
    assert SAID[3] not in got.body
    assert got.verdict == "Paywalled"


def test_a_summary_is_no_text() -> None:
    assert "said on Tuesday" not in read(SAID[0], '<div id="app"></div>').body


@pytest.mark.parametrize(
    "told",
    [
        "<div>" * 20_000 + "\n".join(SAID),
        "<script>alert(1)</script><p onclick=alert(1)>" + "\n".join(SAID),
        "\ud800\x00" + "\n".join(SAID),
        "<" * 5000,
        [None, {"a": 1}, *SAID],
    ],
    ids=["nested deep", "script", "half characters", "no markup", "a list of anything"],
)
def test_attack_a_hostile_text_for_machines(told: object) -> None:
    got = read(told, '<div id="app"></div>')
    assert "alert" not in got.body and "onclick" not in got.body
    got.body.encode()
