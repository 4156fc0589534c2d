"""Why an answer was not had: a class per reason, whose name is the word that the report counts.

Raised by the download handler and the middlewares of this folder; the spiders' errbacks read them.
As subclasses of IgnoreRequest they are neither retried nor logged with a traceback.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class NotFetched(IgnoreRequest):
    """`passing`: another run may have more luck, so nothing is decided without this answer."""

    passing = False


class RefusedAddress(NotFetched):
    """An address that must not be asked for."""


class LongAddress(NotFetched):
    """An address longer than any that is asked for."""


class TooLarge(NotFetched):
    """An answer whose head or body, as sent or unpacked, is over its limit."""


class BadCompression(NotFetched):
    """An answer that is not packed as it says."""


class TooManyRedirects(NotFetched):
    """A redirect that led to a redirect, and so on."""


class RobotsTxt(NotFetched):
    """The host's robots.txt says no."""


class RobotsUnknown(NotFetched):
    """The host's robots.txt cannot be had, so nothing of the host may be asked for now (RFC 9309,
    2.3.1.4)."""

    passing = True


class HostBusy(NotFetched):
    """The host asks to be left alone for longer than a run waits."""

    passing = True


class HostDown(NotFetched):
    """The host failed too many times in a row to be asked again in this run."""

    passing = True


class CalledBack(NotFetched):
    """The run ends: what has not been answered yet is left to the next one."""

    passing = True


class NoBrowser(NotFetched):
    """A page needs a browser, and there is none that starts."""

    passing = True


class RenderTimeout(NotFetched):
    """A page was not there, or did not let itself be read, in the time that a page has."""

    passing = True


class PageCrashed(NotFetched):
    """A page brought down its part of the browser, as one does that fills the memory."""

    passing = True


class BrowserLost(NotFetched):
    """The browser ended while it had the page; the next page gets a new one."""

    passing = True


class NotRendered(NotFetched):
    """The browser has nothing to show of a page, for a reason of the page's own."""

    passing = True
