"""The runs that newsspider is compared with, each a process of its own.

    python benchmarks/speed_runs.py fetch|parsel BASE OUT [NAME=VALUE …]
    python benchmarks/speed_runs.py trafilatura|extract ARTICLES

In: the address of the served paper, or a number of articles. Out: JSON Lines for `parsel`; the
number of articles on standard output. Called by `speed`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def crawl(mode: str, base: str, out: str, settings: dict[str, str]) -> int:
    """Crawl the paper with Scrapy alone: every listing page, every article."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = (f"{base}/category/renminyoudianbao.html",)
        number = 0

        def parse(self, response: Any) -> Any:
            for link in response.css("ul.newslist a::attr(href)").getall():
                yield response.follow(link, self.parse_article)
            for link in response.css("a[rel=next]::attr(href)").getall():
                yield response.follow(link, self.parse)

        def parse_article(self, response: Any) -> Any:
            Bare.number += 1
            if mode == "parsel":
                yield {
                    "url": response.url,
                    "title": response.css("h1.title::text").get(),
                    "time": response.css("div.item.time::text").get(),
                    "source": response.css("div.item.source::text").re_first("Source: (.+)"),
                    "author": response.css("div.item.author::text").re_first("By: (.+)"),
                    "body": response.css("#ContentBody").get(),
                }

    feeds = {f"{out}/articles.jsonl": {"format": "jsonlines"}} if mode == "parsel" else {}
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "FEEDS": feeds, **settings})
    process.crawl(Bare)
    process.start()
    return Bare.number


def extract(mode: str, articles: int) -> int:
    """Extract the articles of the paper one after the other, without a network."""
    import speed_site

    pages = [speed_site.article(number) for number in range(articles)]
    if mode == "trafilatura":
        import trafilatura

        results = (trafilatura.bare_extraction(p, with_metadata=True, fast=True) for p in pages)
        return sum(result is not None and bool(result.text) for result in results)
    from newsspider import extract as read

    addresses = (f"https://{speed_site.PAPER}{speed_site.path(n)}" for n in range(articles))
    return sum(
        bool(read(page, address).body) for page, address in zip(pages, addresses, strict=True)
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    mode, *rest = sys.argv[1:]
    if mode in ("fetch", "parsel"):
        print(crawl(mode, rest[0], rest[1], dict(word.split("=", 1) for word in rest[2:])))
    else:
        print(extract(mode, int(rest[0])))
