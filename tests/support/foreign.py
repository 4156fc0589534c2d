"""A spider of another project, with newsspider behind it.

    python foreign.py KIND ITEMS NAME=VALUE…    a kind of item, a file of JSON, Scrapy settings

It yields each object of the file as an item of the kind, and asks no host for a page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any

import attrs
import pydantic
import scrapy

FIELDS = ("url", "title", "body", "published", "authors", "tags", "images", "category", "shade")

KINDS: Mapping[str, Callable[..., Any]] = {
    "dict": dict,
    "scrapy": type("Story", (scrapy.Item,), {name: scrapy.Field() for name in FIELDS}),
    "dataclass": make_dataclass("Story", [(name, Any, None) for name in FIELDS]),
    "attrs": attrs.make_class("Story", {name: attrs.field(default=None) for name in FIELDS}),
    "pydantic": pydantic.create_model("Story", **dict.fromkeys(FIELDS, (Any, None))),
}


class ForeignSpider(scrapy.Spider):
    name = "foreign"

    def __init__(self, kind: str, items: str) -> None:
        super().__init__()
        self.kind, self.items = kind, items

    async def start(self) -> AsyncIterator[Any]:
        for item in json.loads(Path(self.items).read_text("utf-8")):
            if self.settings.getbool("PAGES"):  # each from the response of a page
                yield scrapy.Request(f"data:,{item['url']}", cb_kwargs={"item": item})
            else:
                yield self.item_of(item)

    def parse(self, response: scrapy.http.Response, item: Any) -> Iterator[Any]:
        yield self.item_of(item)

    def item_of(self, values: dict[str, Any]) -> Any:
        return KINDS[self.kind](**values)


class Own:
    """A pipeline of the project's own: sees the items as they are yielded, and copies them."""

    def process_item(self, item: Any) -> Any:
        assert "Article" not in type(item).__name__
        return item.copy() if isinstance(item, dict) else item


def main(kind: str, items: str, *settings: str) -> None:
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(
        {
            "ADDONS": {"newsspider.crawling.addon.Newsspider": 100},
            "ITEM_PIPELINES": {Own: 300},
            "FEEDS": {"feed.jsonl": {"format": "jsonlines", "overwrite": True}},
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            **dict(setting.split("=", 1) for setting in settings),
        }
    )
    process.crawl(ForeignSpider, kind=kind, items=items)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
