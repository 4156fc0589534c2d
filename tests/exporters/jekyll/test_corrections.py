"""The feed of corrections as Jekyll builds it, read by feedparser and by our own reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import lxml.html
import pytest
from support.jekyll_site import build, write_post

from newsspider.exporters.corrections import Correction
from newsspider.exporters.jekyll.corrections import lay_correction
from newsspider.exporters.jekyll.scaffold import Look, lay_site
from newsspider.listing.feed import read
from newsspider.model import Article, Page
from newsspider.sites.listings import FeedListing
from newsspider.store.corrections import forget
from newsspider.store.records import PublishedPost
from newsspider.text.differences import Difference

HOSTILE = "</entry><script>alert(1)</script>{{ site.title }}{% raw %}]]>&amp;\"'\u0085\u2028\x0b"
POST = PublishedPost(
    key="k",
    site="x",
    id="a",
    path="2026-11-20-a.md",
    category="cat",
    tag="t",
    date="2026-11-20 10:00:00 +0000",
    link="https://x.example/a",
    state="published",
    hash="h",
    intended="",
    run=1,
)
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PATH = "/cat/2026/11/20/a.html"


def correction(title: str = "油价周一下跌", **more: Any) -> Correction:
    article = Article(site="x", key="k", id="a", link=POST.link, title=title, language="zh")
    values: dict[str, Any] = {
        "kinds": ("title", "body"),
        "old_title": "油价周一上涨",
        "places": (Difference("分析师说，", "十八", "八十", "亿元的…"),),
        "at": AT,
    }
    return Correction(article, **(values | more))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    lay_site(
        tmp_path, Look("新闻", "zh-CN", "Asia/Shanghai", "https://n.example", feed_id="tag:x,2026:")
    )
    write_post(tmp_path, "a", '"油价"', date="2026-11-20 10:00:00 +0000")
    return tmp_path


def files(site: Path) -> list[Path]:
    return sorted((site / "_data/corrections").glob("*"))


def built(site: Path) -> Any:
    target = site / "_site"
    build(site, target)
    data = (target / "corrections.xml").read_bytes()
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def test_a_site_without_corrections_has_no_feed_of_them(site: Path) -> None:
    build(site, site / "_site")
    assert not (site / "_site/corrections.xml").exists()
    assert "corrections.xml" not in (site / "_site/index.html").read_text("utf-8")


def test_a_correction_is_an_entry_with_the_words_that_differ(site: Path) -> None:
    lay_correction(site, POST, PATH, correction())
    later = replace(POST, key="l")
    lay_correction(site, later, PATH, correction("Later", at=AT + timedelta(hours=1)))
    assert len(files(site)) == 2
    parsed = built(site)
    assert (parsed.feed.title, parsed.feed.updated) == ("更正 · 新闻", "2026-11-21T10:30:00Z")
    second, first = parsed.entries
    assert (second.title, first.title) == ("Later", "油价周一下跌")
    assert first.link == f"https://n.example{PATH}"
    assert first.updated == "2026-11-21T09:30:00Z"
    assert [tag.term for tag in first.tags] == ["title", "body"]
    assert "<del>油价周一上涨</del> <ins>油价周一下跌</ins>" in first.content[0].value
    assert "<p>分析师说，<del>十八</del><ins>八十</ins>亿元的…</p>" in first.content[0].value
    assert first.id.startswith("tag:x,2026:correction/") and first.id != second.id
    page = (site / "_site/index.html").read_text("utf-8")
    assert 'href="/corrections.xml"' in page


def test_attack_what_a_page_says_is_text_in_the_feed(site: Path) -> None:
    places = (Difference(HOSTILE, HOSTILE, HOSTILE, HOSTILE),)
    lay_correction(site, POST, "", correction(HOSTILE, old_title="x", places=places))
    parsed = built(site)
    (entry,) = parsed.entries
    assert entry.link == POST.link
    raw = (site / "_site/corrections.xml").read_text("utf-8")
    content = lxml.html.fromstring(entry.content[0].value)
    assert "<script" not in raw and not content.xpath("//script")
    assert "{{ site.title }}{% raw %}]]>" in content.text_content()


def test_our_own_reader_reads_it(site: Path) -> None:
    lay_correction(site, POST, PATH, correction())
    build(site, site / "_site")
    body = (site / "_site/corrections.xml").read_bytes()
    listing = FeedListing(kind="feed", url="https://n.example/corrections.xml")
    (record,) = read(Page(url=listing.url, body=body), listing).records
    assert (record["title"], record["url"]) == ("油价周一下跌", f"https://n.example{PATH}")


def test_a_run_that_is_killed_before_the_post_writes_one_file(site: Path) -> None:
    lay_correction(site, POST, PATH, correction())
    page = (site / "corrections.xml").read_bytes()
    lay_correction(site, POST, PATH, correction(at=AT + timedelta(hours=2)))
    (file,) = files(site)
    assert file.name.startswith("20261121T113000-")
    assert (site / "corrections.xml").read_bytes() == page


def test_a_new_correction_changes_no_file(site: Path) -> None:
    lay_correction(site, POST, PATH, correction())
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    lay_correction(site, POST, PATH, correction("Another", at=AT + timedelta(hours=2)))
    after = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(("number", "left"), [(250, 250), (251, 200)])
def test_the_oldest_files_go(site: Path, number: int, left: int) -> None:
    for at in range(number):
        change = correction(str(at), at=AT + timedelta(minutes=at))
        lay_correction(site, POST, PATH, change)
    assert len(files(site)) == left
    assert f'"title": "{number - 1}"' in files(site)[-1].read_text("utf-8")


def test_corrections_of_a_removed_post_go_with_it(site: Path) -> None:
    lay_correction(site, POST, PATH, correction())
    lay_correction(site, POST, PATH, correction("Another"))
    lay_correction(site, replace(POST, key="l"), PATH, correction())
    forget(site, "k")
    (file,) = files(site)
    forget(site, "l")
    assert not file.exists()
    assert built(site).entries == []


def test_a_site_without_our_layout_gets_none(site: Path) -> None:
    (site / "_layouts/corrections.xml").unlink()
    lay_correction(site, POST, PATH, correction())
    assert files(site) == [] and not (site / "corrections.xml").exists()
