"""The types of the values in a site file: templates, selectors, patterns, addresses, names.

In: the text of one value. Out: the same text, or a ValueError that names what is allowed; pydantic
adds the key, and `loader` the line. `schema` and `listings` use the types. Also `fill`, which
replaces the variables of a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, StringConstraints

from newsspider.text.selectors import compiled_path, compiled_pattern
from newsspider.text.slugs import slug
from newsspider.text.urls import host
from newsspider.text.xpath import compiled_selector

_VARIABLE = re.compile(r"\{(\w*)\}")
_ADDRESS = re.compile(r"https?://|\{(?:url|origin)\}")
_PROXY = re.compile(
    r"http://(?:[^\s/@:]+:[^\s/@:]*@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}/?"
)


class Misplaced(ValueError):
    """A value that is valid by itself and wrong in its context; `place` is its location."""

    def __init__(self, reason: str, *place: str | int) -> None:
        super().__init__(reason)
        self.place = place


def _template(*names: str) -> AfterValidator:
    """Return a validator for a text that may contain these variables."""

    def checked(text: str) -> str:
        for name in variables(text):
            if name not in names:
                raise ValueError(f"{{{name}}} is not one of {', '.join(names)}")
        return text

    return AfterValidator(checked)


def _checked_address(text: str) -> str:
    if not _ADDRESS.match(text):
        raise ValueError(f"{text!r} does not start with https:// or http://")
    return text


def _checked_proxy(text: str) -> str:
    if text and not _PROXY.fullmatch(text):
        raise ValueError(f"{text!r} is not http://HOST:PORT or http://USER:PASSWORD@HOST:PORT")
    return text


def _checked_selector(text: str) -> str:
    compiled_selector(text)
    return text


def _checked_path(text: str) -> str:
    compiled_path(text)
    return text


def _checked_pattern(text: str) -> str:
    compiled_pattern(text)
    return text


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone (such as Asia/Shanghai)") from None
    return name


def _checked_host(name: str) -> str:
    if name != "*" and host(f"https://{name}/") != name:
        raise ValueError(f"{name!r} is not a host (such as news.example.com) or * for any")
    return name


def _checked_rule(name: str) -> str:
    from newsspider.clean import RULES  # few files name one

    if name not in RULES:
        raise ValueError(f"{name!r} is not one of {', '.join(sorted(RULES))}")
    return name


def _checked_slug(text: str) -> str:
    if text != (allowed := slug(text, exceptions={text: text})):
        raise ValueError(f"{text!r} cannot be part of an address; {allowed!r} can")
    return text


_Address = AfterValidator(_checked_address)
ListingUrl = Annotated[str, _Address]
ArticleUrl = Annotated[str, _template("id", "number", "url", "origin"), _Address]
ShareUrl = Annotated[str, _Address]
NumberUrl = Annotated[str, _template("number"), _Address]
FileId = Annotated[str, _template("number")]
Tag = Annotated[str, _template("source")]
Footer = Annotated[str, _template("tag", "source", "category", "category_page")]
CategoryPath = Annotated[str, _template("category")]
Slug = Annotated[str, AfterValidator(_checked_slug)]
Selector = Annotated[str, AfterValidator(_checked_selector)]
Path = Annotated[str, AfterValidator(_checked_path)]
ProxyUrl = Annotated[str, AfterValidator(_checked_proxy)]
Pattern = Annotated[str, AfterValidator(_checked_pattern)]
Rule = Annotated[str, AfterValidator(_checked_rule)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Zone = Annotated[str, AfterValidator(_checked_zone)]
HostName = Annotated[str, AfterValidator(_checked_host)]


def variables(template: str) -> list[str]:
    """Return the names of the variables in a template."""
    return _VARIABLE.findall(template)


def fill(template: str, values: Mapping[str, str], *, encode: bool = False) -> str:
    """Return a template with its variables replaced; `encode` percent-encodes all values but whole
    addresses."""

    def value(match: re.Match[str]) -> str:
        text = values.get(match[1], "")
        return text if not encode or match[1] in ("url", "origin") else quote(text, safe="")

    return _VARIABLE.sub(value, template)
