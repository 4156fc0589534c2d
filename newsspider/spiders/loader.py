"""The spiders that Scrapy's own command lists and starts.

In: the name of a spider. Out: its class, or UnknownSpider. Scrapy creates it, by the setting
SPIDER_LOADER_CLASS.
"""

from __future__ import annotations

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.spiderloader import SpiderLoader


class UnknownSpider(UsageError, KeyError):
    """No spider has this name. Scrapy's command prints a UsageError as a line, and expects a
    KeyError elsewhere."""


class Loader(SpiderLoader):
    """Scrapy's loader, with an error for `scrapy crawl bbc`: sites are no spiders."""

    def load(self, spider_name: str) -> type[Spider]:
        try:
            return super().load(spider_name)
        except KeyError:
            raise UnknownSpider(
                f"no spider is called {spider_name!r}, only {', '.join(self.list())}: for a site, "
                "scrapy crawl category -a site=SITE -a category=CATEGORY"
            ) from None
