"""Where messages go: a file, a webhook, or any service that apprise knows; and the ping.

In: the texts of `alerts` and `ping` of newsspider.yml, and the environment, which has their
secrets. Out: Channels, or ValueError with what to write; messages that are sent. `crawling.project`
calls it, and `monitor.alerts` sends.

An address is a secret: it is written as `${NAME}` and never appears in a message or a log.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from newsspider import __version__
from newsspider.store.files import trouble_of

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_PASSWORD = re.compile(r"://[^/?#]*?:(?!\$\{)[^/?#@]*@")  # in an address, not as ${NAME}
_SECONDS = 10  # without an answer
# What these log names addresses, and so secrets.
_LOGGERS = ("apprise", "urllib3", "requests")


class Undelivered(Exception):
    """A channel did not take a message; the text says why, without the address."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `lines` for people, `values` the same for programs; `is_bad`: it needs a
    person."""

    title: str
    lines: tuple[str, ...]
    is_bad: bool
    values: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A place for messages: `key` names it in the log, `place` is its path or address."""

    key: str
    place: str = field(repr=False)

    def send(self, message: Message) -> None:
        """Send a message. Raises Undelivered."""
        if is_file(self.place):
            _append(Path(self.place), message)
        elif _is_web(self.place):
            text = "\n".join((message.title, *message.lines))
            values = {"title": message.title, "text": text, "sources": message.values}
            ask(self.place, values)
        else:
            _notify(self.place, message)


def is_file(text: str) -> bool:
    """Return whether a text of `alerts` is the path of a file."""
    return not _VARIABLE.search(text) and not _SCHEME.match(text)


def check_secret(text: str) -> str:
    """Return an address or a path as it is. Raises ValueError for an address that is written out,
    or has its password in it; the message does not repeat it."""
    if is_file(text):
        return text
    if not _VARIABLE.search(text) or _PASSWORD.search(text):
        raise ValueError(
            "an address is a secret: write ${NAME} in its place, and put it into the environment"
            " variable NAME"
        )
    return text


def channel_of(key: str, text: str, environment: Mapping[str, str]) -> Channel:
    """Return the channel that a text of `alerts` names. Raises ValueError if it cannot be used."""
    if is_file(text):
        if not Path(text).parent.is_dir() or Path(text).is_dir():
            raise ValueError(f"{text!r} is not a file in a folder that exists")
        return Channel(key, text)
    address = with_secrets(text, environment)
    if not _is_web(address):
        _check_known(text, address)
    return Channel(key, address)


def with_secrets(text: str, environment: Mapping[str, str]) -> str:
    """Return an address with the values of its variables. Raises ValueError for a variable that is
    not set, and for a text that is no address then."""

    def value(match: re.Match[str]) -> str:
        if not (found := environment.get(match[1], "").strip()):
            raise ValueError(f"the environment variable {match[1]} is not set")
        return found

    address = _VARIABLE.sub(value, text)
    if "://" not in address or re.search(r"[\x00-\x20\x7f]", address):
        raise ValueError(f"{text} is not an address")
    if _is_web(address):
        check_web(text, address)
    return address


def check_web(text: str, address: str) -> None:
    """Raise ValueError unless an address is one of the web; `text` is as it was written."""
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.port != 0 and address.isascii()
    except ValueError:
        usable = False
    if not usable or not _is_web(address):
        raise ValueError(f"{text} is not an address that starts with https:// or http://")


def ask(address: str, values: Mapping[str, Any] | None = None) -> None:
    """Send a request: a POST of JSON, or a GET without values. Raises Undelivered unless it is
    answered well."""
    data = None if values is None else json.dumps(values, ensure_ascii=False).encode()
    headers = {"User-Agent": f"newsspider/{__version__}"}
    if data is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"
    try:
        request = Request(address, data, headers)  # noqa: S310 - the address of the user
        with urlopen(request, timeout=_SECONDS):  # noqa: S310
            pass
    except HTTPError as error:
        error.close()
        raise Undelivered(f"the answer was {error.code}") from None
    except (URLError, OSError, HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)
        why = trouble_of(cause) if isinstance(cause, OSError) else type(cause).__name__
        raise Undelivered(f"no answer ({why})") from None


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _append(path: Path, message: Message) -> None:
    """Add a line for each line of the message to a file."""
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{moment} {' '.join(line.split())}\n" for line in message.lines)
    except OSError as error:
        raise Undelivered(trouble_of(error)) from None


def _apprise() -> Any:
    """Return the module apprise. Raises ValueError if it is not installed."""
    try:
        import apprise
    except ImportError:
        raise ValueError(
            "it needs apprise: pip install 'newsspider[alerts]'; a file or an address that starts"
            " with https:// needs nothing"
        ) from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return apprise


def _check_known(text: str, address: str) -> None:
    if not _apprise().Apprise().add(address):
        raise ValueError(f"{text} is not an address that apprise knows")


def _notify(address: str, message: Message) -> None:
    apprise = _apprise()
    service = apprise.Apprise()
    service.add(address)
    kind = apprise.NotifyType.WARNING if message.is_bad else apprise.NotifyType.SUCCESS
    text = apprise.NotifyFormat.TEXT
    body = "\n".join(message.lines)
    if not service.notify(body=body, title=message.title, notify_type=kind, body_format=text):
        raise Undelivered("the service did not take it")
