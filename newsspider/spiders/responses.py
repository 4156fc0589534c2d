"""The result of a request: a page for the pure modules, or the reason of a failure.

In: Scrapy's responses and failures. Out: a Page, or a reason for the report. Called by the spiders.
"""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsspider.errors import NotFetched, NotReadable
from newsspider.extraction.draft import NextPage
from newsspider.extraction.rights import rights_of_headers
from newsspider.fetch.browser.render import RENDERED
from newsspider.fetch.robots import RIGHTS
from newsspider.listing.packed import MAGIC
from newsspider.model import Page, Right
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.store.records import PageAnswer
from newsspider.text.budget import budget
from newsspider.text.encoding import to_utf8

_DECODING = 2.5  # seconds of CPU time; 16 MB of GBK with a broken byte take 1.1 s
LONGEST_VALIDATOR = 1000  # characters; a longer one would make our own request too large

# The page of each response in hand: a response whose listing is chosen from its own page is read by
# several readers, and parsed once.
_pages: WeakKeyDictionary[Response, Page] = WeakKeyDictionary()


def no_page(response: Response, asked: HtmlPage | JsonPage) -> str:
    """Return what an answer is instead of a page ("a PDF"); "" for a page. Only pages for generic
    extraction are checked."""
    if asked.kind == "json" or (asked.fields and asked.fallback != "all"):
        return ""
    # Scrapy takes a PDF or a picture for text if its first bytes could be text.
    if response.body.startswith(b"%PDF-"):
        return "a PDF"
    kind = header(response, "Content-Type")
    has_markup = response.body[:100].lstrip().startswith(b"<")
    is_media = kind.partition("/")[0] in ("image", "audio", "video")
    if isinstance(response, TextResponse) and (has_markup or not is_media):
        return ""
    return f"the answer is {kind[:80] or 'not text'}"


def page_of(response: Response) -> Page:
    """Return a response as a Page in UTF-8. Raises NotReadable if it is not text."""
    if not isinstance(response, TextResponse):
        raise NotReadable(f"the answer is {header(response, 'Content-Type') or 'not text'}")
    return replace(_page(response, _utf8(response)), rights=_rights(response))


def _rights(response: Response) -> tuple[Right, ...]:
    """Return what the headers of an answer and the robots.txt of its host state of reuse."""
    headers = (
        (name.decode("latin-1"), value.decode("latin-1"))
        for name in response.headers
        for value in response.headers.getlist(name)
    )
    stated: tuple[Right, ...] = response.request.meta.get(RIGHTS, ()) if response.request else ()
    return (*stated, *rights_of_headers(headers))


def _page(response: Response, body: bytes) -> Page:
    return Page(url=response.url, body=body, status=response.status)


def _utf8(response: Response) -> bytes:
    """Return the body of a response in UTF-8. Raises NotReadable."""
    with budget(_DECODING):
        return to_utf8(response.body, header(response, "Content-Type"))


def listing_page(response: Response) -> Page:
    """Return a response as a Page for the listing readers: feeds and sitemaps may also be binary or
    compressed. Raises NotReadable if browsers do not read its encoding."""
    if response not in _pages:
        packed = response.body.startswith(MAGIC)  # also as text/xml or application/rss+xml
        _pages[response] = _page(response, response.body if packed else _utf8(response))
    return _pages[response]


def header(response: Response, name: str) -> str:
    """Return a header of a response as text; "" for none."""
    return (response.headers.get(name) or b"").decode("latin-1")


def page_answer(response: Response, wanted: NextPage) -> PageAnswer:
    """Return what a later request for a page is going to need. The shell of a rendered page stays
    the same when its text changes."""
    validators = ("", "")
    if RENDERED not in response.flags:
        validators = (header(response, "ETag"), header(response, "Last-Modified"))
    if max(map(len, validators)) > LONGEST_VALIDATOR:
        validators = ("", "")
    return PageAnswer(wanted.page, wanted.url, *validators)


def failure_reason(failure: Failure) -> tuple[str, bool]:
    """Return why a request has no answer, in a word, and whether another attempt may succeed."""
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        # A server may invent a status for each page: too many reasons for a report.
        if not 100 <= status <= 999:
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
    """Return the reason of a failure with its detail, for a person to read."""
    reason, _ = failure_reason(failure)
    return f"{reason}: {failure.value}" if isinstance(failure.value, NotFetched) else reason
