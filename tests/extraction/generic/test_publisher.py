"""Who publishes a page, among the names that it and its address give."""

from __future__ import annotations

import json

import pytest
from lxml import html

from newsspider.extraction.generic.publisher import find_publisher
from newsspider.extraction.generic.structured import read_structured


@pytest.mark.parametrize(
    ("company", "site", "title", "host", "name"),
    [
        ("Ellery Courier", "", "", "ellery-courier.example", "Ellery Courier"),
        ("Ellery Courier eG", "", "", "ellery-courier.example", "Ellery Courier"),
        ("Courier - Verlag und Druck GmbH & Co. KG", "", "", "courier.example", "Courier"),
        ("Harbour Media, Inc.", "Ellery Post", "", "port.example", "Harbour Media"),
        ("Harbour Media Holding", "Ellery Post", "", "ellerypost.example", "Ellery Post"),
        ("Courier.co.uk", "Courier", "", "courier.example", "Courier"),
        ("埃勒里时报", "", "Lock closes - Ellery Times", "ellerytimes.example", "Ellery Times"),
        ("", "", "Lock closes | Harbour", "ellerytimes.example", "ellerytimes.example"),
        ("", "", "", "www.ellerytimes.example", "ellerytimes.example"),
        ("The AS Roma Herald", "", "", "asroma.example", "The AS Roma Herald"),
    ],
)
def test_the_name_its_readers_know(
    company: str, site: str, title: str, host: str, name: str
) -> None:
    said = json.dumps({"@type": "NewsArticle", "publisher": {"name": company}}) if company else "{}"
    page = f'<script type="application/ld+json">{said}</script>' + (
        f'<meta property="og:site_name" content="{site}">' if site else ""
    )
    tree = html.document_fromstring(f"<html><head>{page}</head><body><p>text</p></body></html>")
    found, _ = find_publisher(read_structured(tree), title, f"https://{host}/2024/lock")
    assert found == name


@pytest.mark.parametrize("part", [" - ", "- ", " GmbH", "a ", " S.A", " & Co"])
def test_attack_a_name_without_end_is_no_name(part: str) -> None:
    said = json.dumps({"@type": "NewsArticle", "publisher": {"name": part * 100_000}})
    page = f'<html><head><script type="application/ld+json">{said}</script></head><body>x</body>'
    tree = html.document_fromstring(page)
    found, origin = find_publisher(read_structured(tree), part * 100_000, "https://a.example/1")
    assert (found, origin) == ("a.example", "address")
