"""Why an answer was not had: a class per reason, whose name is the word that the report counts.

Raised by the download handler and the middlewares of this folder; the spiders' errbacks read them.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from newsspider.errors import NotFetched


class _Ignored(NotFetched, IgnoreRequest):
    """A reason as Scrapy takes it: neither tried again nor logged with a traceback."""


class RefusedAddress(_Ignored):
    """An address that must not be asked for."""


class LongAddress(_Ignored):
    """An address longer than any that is asked for."""


class TooLarge(_Ignored):
    """An answer whose head or body, as sent or unpacked, is over its limit."""


class BadCompression(_Ignored):
    """An answer that is not packed as it says."""


class TooManyRedirects(_Ignored):
    """A redirect that led to a redirect, and so on."""


class RobotsTxt(_Ignored):
    """The host's robots.txt says no."""


class RobotsUnknown(_Ignored):
    """The host's robots.txt cannot be had, so nothing of the host may be asked for now (RFC 9309,
    2.3.1.4)."""

    passing = True


class HostBusy(_Ignored):
    """The host asks to be left alone for longer than a run waits."""

    passing = True


class HostDown(_Ignored):
    """The host failed too many times in a row to be asked again in this run."""

    passing = True


class CalledBack(_Ignored):
    """The run ends: what has not been answered yet is left to the next one."""

    passing = True


class NoBrowser(_Ignored):
    """A page needs a browser, and there is none that starts."""

    passing = True


class RenderTimeout(_Ignored):
    """A page was not there, or did not let itself be read, in the time that a page has."""

    passing = True


class PageCrashed(_Ignored):
    """A page brought down its part of the browser, as one does that fills the memory."""

    passing = True


class BrowserLost(_Ignored):
    """The browser ended while it had the page; the next page gets a new one."""

    passing = True


class NotRendered(_Ignored):
    """The browser has nothing to show of a page, for a reason of the page's own."""

    passing = True
