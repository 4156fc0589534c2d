"""Pages of many languages: when and by whom, and that neither stays in the text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from support import DATA

from newsspider.extraction.generic import extract
from newsspider.model import Page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGES = yaml.safe_load((DATA / "languages.yml").read_text("utf-8"))


@pytest.mark.parametrize("told", PAGES, ids=lambda told: f"{told['language']}-{told['country']}")
def test_a_page_of_any_language(told: dict[str, Any]) -> None:
    title = told["title"]
    body = "".join(f"<p>{number}. {told['text']}</p>" for number in range(6))
    page = (
        f"<html lang={told['language']}><head><title>{title} - Ellery</title></head><body>"
        f"<nav><a href=/>Ellery</a></nav><h1>{title}</h1>{told['lines']}{body}</body></html>"
    )
    url = f"https://a.example.{told['country']}/news/8812"
    found = extract(Page(url=url, body=page.encode()), now=NOW)
    assert found.title == title
    assert found.published is not None
    assert found.published.isoformat() == f"2026-11-22T16:25:00{told['offset']}"
    assert list(found.authors) == told["authors"]
    assert found.text.startswith("0. ")
