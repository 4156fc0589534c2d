"""Why a request has no answer: a class per reason; the report counts reasons by class name.

Raised by the download handler and the middlewares of this folder; the spiders' errbacks read them.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from newsspider.errors import NotFetched


class _Ignored(NotFetched, IgnoreRequest):
    """A reason that Scrapy neither tries again nor logs with a traceback."""


class RefusedAddress(_Ignored):
    """An address that must not be requested."""


class LongAddress(_Ignored):
    """An address longer than the limit."""


class TooLarge(_Ignored):
    """An answer whose head or body, as sent or decompressed, is over its limit."""


class BadCompression(_Ignored):
    """An answer that is not compressed the way its headers declare."""


class TooManyRedirects(_Ignored):
    """A chain of redirects longer than the limit."""


class RobotsTxt(_Ignored):
    """The host's robots.txt forbids the address."""


class RobotsUnknown(_Ignored):
    """The host's robots.txt cannot be fetched, so the host must not be asked for now (RFC 9309,
    2.3.1.4)."""

    passing = True


class HostBusy(_Ignored):
    """The host asks for a longer wait than a run allows."""

    passing = True


class HostDown(_Ignored):
    """The host failed too many times in a row to be asked again in this run."""

    passing = True


class CalledBack(_Ignored):
    """The run ends: requests without an answer are left to the next run."""

    passing = True


class NoBrowser(_Ignored):
    """A page needs a browser, and no browser starts."""

    passing = True


class RenderTimeout(_Ignored):
    """A page did not load, or could not be read, within its time limit."""

    passing = True


class PageCrashed(_Ignored):
    """A page crashed its browser process, for example by filling the memory."""

    passing = True


class BrowserLost(_Ignored):
    """The browser ended while it showed the page; the next page gets a new browser."""

    passing = True


class NotRendered(_Ignored):
    """The browser could not show the page, for a reason of the page's own."""

    passing = True
