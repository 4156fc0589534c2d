"""What has come of a request: a page for the pure modules, or a reason why there is none.

In: Scrapy's responses and failures. Out: a Page, or words for the report. Called by the spiders.
"""

from __future__ import annotations

from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsspider.errors import NotFetched, NotReadable
from newsspider.model import Page
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.text.encoding import to_utf8

_GZIP = b"\x1f\x8b"


def no_page(response: Response, asked: HtmlPage | JsonPage) -> str:
    """What an answer is, where any page was asked for and it is none; "" for a page."""
    if asked.kind == "json" or (asked.fields and asked.fallback != "all"):
        return ""
    # Scrapy takes a PDF or a picture whose first bytes could be text for a page of text.
    if response.body.startswith(b"%PDF-"):
        return "a PDF"
    kind = header(response, "Content-Type")
    marked = response.body[:100].lstrip().startswith(b"<")
    shown = kind.partition("/")[0] in ("image", "audio", "video")
    if isinstance(response, TextResponse) and (marked or not shown):
        return ""
    return f"the answer is {kind[:80] or 'no text'}"


def page_of(response: Response) -> Page:
    """A response as the pure modules read it: in UTF-8. Raises NotReadable for what is no text."""
    kind = header(response, "Content-Type")
    if not isinstance(response, TextResponse):
        raise NotReadable(f"the answer is {kind or 'no text'}")
    return Page(url=response.url, body=to_utf8(response.body, kind), status=response.status)


def listing_page(response: Response) -> Page:
    """A response as the listing readers take it: feeds and sitemaps also as what is no text."""
    if isinstance(response, TextResponse):
        return page_of(response)
    kind = header(response, "Content-Type")
    body = response.body if response.body.startswith(_GZIP) else to_utf8(response.body, kind)
    return Page(url=response.url, body=body, status=response.status)


def header(response: Response, name: str) -> str:
    """A header of a response as text; "" for none."""
    return (response.headers.get(name) or b"").decode("latin-1")


def failure_reason(failure: Failure) -> tuple[str, bool]:
    """Why a request has not been answered, in a word, and whether another time may do."""
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        if not 100 <= status <= 999:  # a server may make up one for each page; a report has no room
            return "HttpStatus", False
        return f"Http{status}", status >= 500 or status in (408, 425, 429)
    if isinstance(error, NotFetched):
        return type(error).__name__, error.passing
    if isinstance(error, IgnoreRequest):
        return "Ignored", False
    if isinstance(error, DownloadTimeoutError):
        return "Timeout", True
    return type(error).__name__.removesuffix("Error"), True


def failure_words(failure: Failure) -> str:
    """The reason, and what is behind it, for a person to read."""
    reason, _ = failure_reason(failure)
    return f"{reason}: {failure.value}" if isinstance(failure.value, NotFetched) else reason
