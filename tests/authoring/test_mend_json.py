"""Paths of JSON answers that find nothing any more, mended by what the answers have today."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from newsspider.authoring.mend import Mending
from newsspider.authoring.replay import Fixture, Sample, Saved, lost_fields, replay
from newsspider.model import Page
from newsspider.sites.schema import Site

BASE = "https://news.example"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SITE = """\
title: News
timezone: UTC
language: en
listing:
  kind: json
  url: https://news.example/latest
  items: items
  fields: {url: url, title: title, time: time}
categories: {latest: {}}
pages:
  article:
    kind: json
    url: '{url}.json'
    fields:
      title: title  # the headline
      time: published
      modified: modified
      author: author
      body: content
"""
TEXT = "<p>The larch by the water of number {n} grows, as the council has decided.</p>" * 8


def answer(n: int) -> dict[str, Any]:
    return {
        "id": n,
        "headline": f"A headline of several words, number {n}",
        "teaser": "What the council decided",
        "meta": {"writer": f"Ann Larch {n % 2}", "updatedAt": "2026-11-20T12:00:00Z"},
        "publishedAt": f"2026-11-{n:02}T10:00:00Z",
        "html": TEXT.format(n=n),
        "text": TEXT.format(n=n)[:100],
    }


def saved(name: str, path: str, value: Any) -> Saved:
    page = Page(url=BASE + path, body=json.dumps(value).encode())
    return Saved(name=name, asked=BASE + path, page=page)


def fixture(*answers: Any, listed_time: bool = True) -> Fixture:
    numbers = range(1, len(answers) + 1)
    rows = [
        {
            "url": f"/a/{n}",
            "title": f"A headline of several words, number {n}",
            "time": f"2026-11-{n:02} 10:00" if listed_time else "",
        }
        for n in numbers
    ]
    samples = tuple(
        Sample(key=f"{BASE}/a/{n}", pages=(saved("article", f"/a/{n}.json", value),))
        for n, value in zip(numbers, answers, strict=True)
    )
    listing = saved("listing", "/latest", {"items": rows})
    return Fixture(category="latest", at=0, now=NOW, listing=listing, samples=samples)


def mending(text: str = SITE, **names: list[str]) -> Mending:
    site = Site.model_validate({"name": "news", **yaml.safe_load(text)})
    return Mending(site, text, names=names)


def fields(mend: Mending) -> dict[str, str]:
    return yaml.safe_load(mend.text)["pages"]["article"]["fields"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("listed_time", [True, False])
def test_keys_that_were_renamed_and_moved(listed_time: bool) -> None:
    pages = fixture(*map(answer, (1, 2, 3)), listed_time=listed_time)
    mend = mending(author=["Ann Larch 0", "Ann Larch 1", "Another"])
    assert mend.mend_articles(pages, None)
    assert "title: headline  # the headline\n" in mend.text
    assert fields(mend) == {
        "title": "headline",
        "time": "publishedAt",
        "modified": "meta.updatedAt",
        "author": "meta.writer",
        "body": "html",
    }
    read = replay(mend.site, pages)
    assert not lost_fields(read)
    assert not any(article.fault for article in read.articles.values())


def test_what_is_read_well_stays_and_nothing_is_invented() -> None:
    answers = [{**answer(n), "title": f"Title {n}", "content": TEXT, "html": ""} for n in (1, 2)]
    mend = mending()
    assert mend.mend_articles(fixture(*answers), None)
    assert fields(mend) == {
        "title": "title",
        "time": "publishedAt",
        "modified": "meta.updatedAt",
        "author": "author",
        "body": "content",
    }


@pytest.mark.parametrize(
    "answers",
    [
        [{"code": 1001, "message": "token expired"}] * 3,
        [answer(1)],
        [answer(1), ["a list"]],
        [{}, {}],
        [{**answer(1), "html": "a" * 500, "other": "b" * 400}] * 2,
    ],
    ids=["an error", "one article", "a list", "nothing", "two long texts"],
)
def test_no_body_is_guessed(answers: list[Any]) -> None:
    mend = mending()
    mend.mend_articles(fixture(*answers), None)
    assert fields(mend)["body"] == "content"


def test_one_that_is_the_same_in_all_articles_is_no_body() -> None:
    mend = mending()
    mend.mend_articles(fixture(*[{**answer(n), "html": TEXT} for n in (1, 2, 3)]), None)
    assert fields(mend)["body"] == "content"


def test_json_in_a_script() -> None:
    text = SITE.replace("    kind: json\n    url", "    kind: json\n    script: script#d\n    url")
    pages = fixture(*map(answer, (1, 2)))
    samples = []
    for sample in pages.samples:
        (page,) = sample.pages
        body = b"<script id=d type=application/json>" + page.page.body + b"</script>"
        html = Saved(name="article", asked=page.asked, page=Page(url=page.asked, body=body))
        samples.append(Sample(key=sample.key, pages=(html,)))
    mend = mending(text)
    assert mend.mend_articles(replace(pages, samples=tuple(samples)), None)
    assert fields(mend)["body"] == "html"
