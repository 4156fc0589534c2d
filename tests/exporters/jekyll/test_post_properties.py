"""Posts of any title, name, time, digest and body: whole, readable by both YAML parsers that will
read them, and read back as they were."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from attacks import BODIES, LINES, LINKS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cli import program

from newsspider.exporters.jekyll.post import _END, file_name, link_at_end, read, render
from newsspider.exporters.yaml import layout_safe
from newsspider.model import Article
from newsspider.sanitize import sanitise_body
from newsspider.sites import load
from newsspider.sites.schema import Recipe
from newsspider.text.characters import clean_characters, one_line
from newsspider.text.slugs import file_id, slug
from newsspider.text.urls import post_link

KEYS = ["layout", "title", "date", "categories", "tags"]
RECIPE = load("finews").recipe(Recipe(profile="reader", keys=("source", "link", "description")))
LINE = st.text() | st.sampled_from(list(LINES.values()))
BODY = (
    st.lists(st.sampled_from([b for b in BODIES.values() if len(b) < 2000]) | LINE, max_size=3)
).map("".join)
LINK = (st.sampled_from(list(LINKS.values())) | st.text().map("https://x.example/".__add__)).filter(
    lambda link: post_link(link) is not None
)
TIME = st.datetimes(datetime(1992, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda time: time.astimezone(ZoneInfo("Asia/Shanghai")).replace(microsecond=0)
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    link = post_link(draw(LINK)) or ""
    source = draw(LINE)
    return Article(
        site="finews",
        key="finews:a",
        id=file_id(draw(LINE)),
        link=link,
        title=draw(LINE),
        published=draw(TIME),
        source=source,
        category=slug(source, speller=draw(st.sampled_from(["xpinyin", "pypinyin"]))) or "a",
        tag=source or "a",
        digest=clean_characters(draw(LINE)).strip(),
        body=sanitise_body(draw(BODY), base=link),
    )


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(articles())
def test_a_post_is_whole_and_is_read_back_as_it_was(article: Article) -> None:
    name, text = file_name(article), render(article, RECIPE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.md", name)
    assert "{{" not in text
    assert "{%" not in text
    assert clean_characters(text) == text
    matter = text.split("---\n")[1]
    head = yaml.safe_load(matter)
    assert list(head)[:5] == KEYS
    assert head["title"] == layout_safe(one_line(article.title))
    found = read(name, text)
    assert found is not None
    assert found.title == one_line(article.title)
    assert found.published == article.published
    assert found.link == article.link
    assert found.category == article.category
    assert found.body == article.body
    assert found.published is not None
    assert found.published.utcoffset() == timedelta(hours=8)
    assert name.startswith(f"{found.published:%Y-%m-%d}-")


PSYCH = """
require 'yaml'; require 'json'; require 'date'
heads = JSON.parse($stdin.read).map { |text| YAML.safe_load(text, permitted_classes: [Date, Time]) }
puts JSON.generate(heads.map { |head| head.transform_values { |v| v.is_a?(Time) ? v.to_i : v } })
"""


@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(st.lists(articles(), min_size=30, max_size=60))
def test_ruby_reads_the_front_matter_as_python_does(several: list[Article]) -> None:
    ruby = program("ruby")
    matters = [render(article, RECIPE).split("---\n")[1] for article in several]
    done = subprocess.run(
        [ruby, "-Eutf-8", "-e", PSYCH], input=json.dumps(matters), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for article, matter, head in zip(several, matters, json.loads(done.stdout), strict=True):
        ours: dict[str, Any] = yaml.safe_load(matter)
        assert article.published is not None
        assert head.pop("date") == int(article.published.timestamp())
        ours.pop("date")
        assert head == ours


ENDINGS = st.lists(
    st.sampled_from(
        ["\n", "\n\n", "<http://a>", "<>", "<//b>", "<http://a b>", " ", "[a](b)", "<p>c</p>"]
    ),
    max_size=12,
)


@given(ENDINGS.map("".join))
def test_the_link_is_where_a_search_of_the_whole_body_finds_it(body: str) -> None:
    end = _END.search(body)
    assert link_at_end(body) == (end[1] if end else "")
