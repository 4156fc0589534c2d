"""An output folder with posts and records, published without a crawl."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.clean.metadata import describe
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.publisher import Publisher
from newsspider.model import Article, Image, Stock
from newsspider.sites import load
from newsspider.store.folder import open_output

FINEWS = load("finews")
BODY = (
    "<p>中国移动今日宣布<strong>回购</strong>股份。</p><p>Second &amp; last, with a "
    '<a href="https://news.example/b">link</a>.</p>'
)
FIRST = datetime(2022, 4, 26, 15, 59, tzinfo=UTC)


def article(number: int = 0, **more: object) -> Article:
    """An article as Metadata leaves it; each number has an id, a link and a time of its own."""
    values: dict[str, object] = {
        "site": "finews",
        "key": f"eastmoney:{202204262359811335 + number}",
        "id": f"NW{202204262359811335 + number}",
        "link": f"https://news.example/{number}",
        "title": f"中国移动：回购 {number}",
        "published": FIRST + timedelta(hours=7 * number),
        "source": "人民邮电报",
        "authors": ("王 小明",),
        "editor": "李编",
        "category": "renminyoudianbao",
        "tag": "人民邮电报新闻",
        "tags": ("回购",),
        "stocks": (Stock("1", "600941", "中国移动"),),
        "images": (Image("https://news.example/a.jpg", "图"),),
        "body": BODY,
        "listing": "renminyoudianbao",
    }
    return describe(Article(**{**values, **more}), "zh-CN")  # type: ignore[arg-type]


def publish(folder: Path, articles: Iterable[Article]) -> Path:
    """Publish the articles as a run does; return the folder."""
    format = Jekyll(lambda article: FINEWS.recipe(FINEWS.articles))
    output = open_output(folder, dry=False, sites=(FINEWS,), posts=format.folder, read=format.read)
    publisher = Publisher(output, format, FINEWS)
    for each in articles:
        publisher.publish(each)
    output.close()
    return folder


def without_listing(item: Article) -> Article:
    """The article without the field that only a run knows."""
    return replace(item, listing="")
