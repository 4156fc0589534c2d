"""Requests to an address that the user names: a webhook, a ping.

In: an address, and what to send. Out: nothing, or Refused or Unreachable, with the reason and
without the address, which may be a secret. Called by `monitor.channels`, `crawling.delivery` and
the commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPRedirectHandler, Request, build_opener

from newsspider import __version__
from newsspider.store.files import trouble_of

JSON = "application/json; charset=utf-8"
_SECONDS = 10.0  # without an answer


class Undelivered(Exception):
    """A request or a message did not arrive; the text says why, without the address."""


class Refused(Undelivered):
    """The receiver answered, and did not take it. Another try may succeed."""


class Unreachable(Undelivered):
    """The receiver did not answer, or cannot be asked: nor would it take another one."""


def is_web(address: str) -> bool:
    """Return whether an address starts with http:// or https://."""
    return address.lower().startswith(("http://", "https://"))


def check_web(address: str) -> None:
    """Raise ValueError, which does not repeat it, unless an address is one of the web."""
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.port != 0 and address.isascii()
    except ValueError:
        usable = False
    if not usable or not is_web(address) or re.search(r"[\x00-\x20\x7f]", address):
        raise ValueError("is not an address that starts with https:// or http://")


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would turn a POST into a GET: it is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def get(address: str) -> None:
    """Ask an address. Raises Undelivered unless it is answered well."""
    _send(Request(address), _SECONDS)  # noqa: S310 - the address of the user


def post(
    address: str, data: bytes, headers: Mapping[str, str] | None = None, seconds: float = _SECONDS
) -> None:
    """Send JSON to an address. Raises Undelivered unless it is answered well."""
    own = {"Content-Type": JSON, **(headers or {})}
    _send(Request(address, data, own), seconds, _NoRedirect())  # noqa: S310 - see above


def _send(request: Request, seconds: float, *handlers: BaseHandler) -> None:
    request.add_header("User-Agent", f"newsspider/{__version__}")
    try:
        with build_opener(*handlers).open(request, timeout=seconds):
            pass
    except HTTPError as error:
        error.close()
        raise Refused(f"the answer was {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)
        why = trouble_of(cause) if isinstance(cause, OSError) else type(cause).__name__
        raise Unreachable(f"no answer ({why})") from None
