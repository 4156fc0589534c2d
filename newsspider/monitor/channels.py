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
from pathlib import Path
from typing import Any

from newsspider.monitor.webhook import Undelivered, check_web, is_web, post
from newsspider.store.files import trouble_of
from newsspider.text.variables import HINT, PASSWORD, VARIABLE, filled

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
# What these log names addresses, and so secrets.
_LOGGERS = ("apprise", "urllib3", "requests")


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
        elif is_web(self.place):
            text = "\n".join((message.title, *message.lines))
            values = {"title": message.title, "text": text, "sources": message.values}
            post(self.place, json.dumps(values, ensure_ascii=False).encode())
        else:
            _notify(self.place, message)


def is_file(text: str) -> bool:
    """Return whether a text of `alerts` is the path of a file."""
    return not VARIABLE.search(text) and not _SCHEME.match(text)


def check_secret(text: str) -> str:
    """Return an address or a path as it is. Raises ValueError for an address that is written out,
    or has its password in it; the message does not repeat it."""
    if is_file(text):
        return text
    if not VARIABLE.search(text) or PASSWORD.search(text):
        raise ValueError(f"an address is a secret: {HINT}")
    return text


def channel_of(key: str, text: str, environment: Mapping[str, str]) -> Channel:
    """Return the channel that a text of `alerts` names. Raises ValueError if it cannot be used."""
    if is_file(text):
        if not Path(text).parent.is_dir() or Path(text).is_dir():
            raise ValueError(f"{text!r} is not a file in a folder that exists")
        return Channel(key, text)
    address = with_secrets(text, environment)
    if not is_web(address):
        _check_known(text, address)
    return Channel(key, address)


def with_secrets(text: str, environment: Mapping[str, str]) -> str:
    """Return an address with the values of its variables. Raises ValueError for a variable that is
    not set, and for a text that is no address then."""

    address = filled(text, environment)
    if "://" not in address or re.search(r"[\x00-\x20\x7f]", address):
        raise ValueError(f"{text} is not an address")
    if is_web(address):
        check_stated(text, address)
    return address


def check_stated(text: str, address: str) -> None:
    """Raise ValueError unless an address is one of the web; `text` is as it was written."""
    try:
        check_web(address)
    except ValueError as error:
        raise ValueError(f"{text} {error}") from None


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
