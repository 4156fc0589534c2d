"""What a site file opens for its own requests: a proxy, private addresses.

In: a Site. Out: the `meta` of its requests, which redirects and requests for robots.txt inherit;
the download handler and `SiteProxy` act on it. The spiders call `meta_of`.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware

from newsspider.sites.schema import Site

PRIVATE, PROXY = "allow_private", "proxy"


def meta_of(site: Site) -> dict[str, Any]:
    """Return the meta of a request for this site."""
    values = {PRIVATE: site.allow_private, PROXY: site.proxy}
    return {key: value for key, value in values.items() if value}


def opened_by(request: Request) -> dict[str, Any]:
    """Return the part of a request's meta that the request for its host's robots.txt inherits."""
    return {key: request.meta[key] for key in (PRIVATE, PROXY) if request.meta.get(key)}


class SiteProxy(HttpProxyMiddleware):
    """Sends requests through the proxies of site files, with their passwords. Proxies of the
    environment are ignored: they would get round the address guard, invisibly in the files."""

    def __init__(self, connect_to: str) -> None:
        super().__init__()
        self.proxies = {}
        self._connect_to = connect_to

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.get("NEWS_CONNECT_TO") or "")

    def process_request(self, request: Request, spider: Any = None) -> None:
        if self._connect_to:  # which is for every request
            request.meta.pop(PROXY, None)
        super().process_request(request)
