"""Values of options that their types alone do not check.

In: a value of one option. Out: the value, or ValueError that states what is wrong with it.
`spiders/options.py` calls it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from newsspider.pictures import decode
from newsspider.store.postgresql.address import check_address

OFF = "off"  # a value of --recheck
FIRST_SEEN = "first-seen"  # the value of --undated

_STOCK = re.compile(r"(?:\d{1,3}\.)?[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})")


def one_of(kind: Any) -> AfterValidator:
    """Return the check that a text is "" or one of the values of a Literal."""
    names = get_args(kind)

    def checked(text: str) -> str:
        if text and text not in names:
            raise ValueError(f"{text!r} is not one of {', '.join(names)}")
        return text

    return AfterValidator(checked)


def check_since(text: str) -> str:
    from newsspider.dates import read_since  # takes the words of all languages along

    if text:
        read_since(text, now=datetime.now(UTC), zone=ZoneInfo("UTC"))
    return text


def check_host_and_port(text: str) -> str:
    match = _HOST_AND_PORT.fullmatch(text)
    if text and (match is None or not 0 < int(match[2]) < 65536):
        raise ValueError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8080")
    return text


def check_stock(text: str) -> str:
    if text and not _STOCK.fullmatch(text):
        raise ValueError(f"{text!r} is not a stock code, such as 600941 or 1.600941")
    return text


def check_images(text: str) -> str:
    if text == "local" and not decode.can_decode():
        raise ValueError(f"{text!r}: {decode.MISSING}")
    return text


def check_undated(text: str) -> str:
    if text not in ("", FIRST_SEEN):
        raise ValueError(f"{text!r} is not {FIRST_SEEN}")
    return text


def check_recheck(text: str) -> str:
    from newsspider.dates import read_age

    if text in ("", OFF) or read_age(text):
        return text
    raise ValueError(f"{text!r} is neither an age, such as 36h, 2d or 1w, nor {OFF}")


def off_as_text(value: object) -> object:
    """Return a switch that is off as text: YAML reads an unquoted `off` as one."""
    return OFF if value is False else value


def day_as_text(value: object) -> object:
    """Return a date as text: YAML reads an unquoted `2026-11-01` as a date."""
    return value.isoformat() if isinstance(value, date) else value


def no_switch(value: object) -> object:
    """Refuse a switch where a number is due: Python takes `True` for 1."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a whole number")
    return value


def check_ledger(text: str) -> str:
    return check_address(text) if text else text
