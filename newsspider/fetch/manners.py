"""How an answer makes the next requests wait: Retry-After, back-off, retries.

In: each answer and each failure of a request. Out: what Scrapy's retry middleware decides, after
`hosts` was told how long the host is to be left alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from newsspider.fetch.hosts import hosts_of

_SECONDS = re.compile(r"\d{1,9}")


class Retry(RetryMiddleware):
    """Scrapy's retries, each after a rest of the whole host."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        hosts, host = hosts_of(self.crawler), host_of(request)
        told = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after(told, datetime.now(UTC)) if response.status in (429, 503) else None
        if wait is not None:
            hosts.asked_to_rest(host, wait, response.status)
        elif response.status in self.retry_http_codes:
            hosts.failed(host, str(response.status))
        else:
            hosts.answered(host)
        return super().process_response(request, response)

    def process_exception(
        self, request: Request, exception: Exception, spider: Any = None
    ) -> Request | Response | None:
        if isinstance(exception, self.exceptions_to_retry):
            why = type(exception).__name__.removesuffix("Error")
            hosts_of(self.crawler).failed(host_of(request), why)
        return super().process_exception(request, exception)


def host_of(request: Request) -> str:
    """The host a request goes to, without the port: one machine has one patience."""
    return urlparse_cached(request).hostname or ""


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3). None for
    what is neither; a date that is past asks for nothing."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
