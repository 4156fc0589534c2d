"""A page that is decoded and parsed once, whoever reads it and however often.

In: the bytes of an answer (hostile). Out: its text, its tree, its JSON value, each made when it is
first asked for and kept. `model.Page` has one; the readers of listings and articles, discovery and
the check for empty shells share it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from lxml import html

from newsspider.text.parse import base_url, decode, parse_html, parse_json

_Read = TypeVar("_Read")


class Document:
    """The content of one answer. Its tree belongs to all who read the page: nobody changes it, who
    must change one copies it first."""

    def __init__(self, url: str, body: bytes, encoding: str = "utf-8", status: int = 200) -> None:
        self.url = url
        self.body = body
        self.encoding = encoding
        self.status = status
        self._kept: dict[object, object] = {}

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The page as HTML. Raises NotReadable for what is empty or no HTML."""
        return parse_html(decode(self.body, self.encoding))

    @cached_property
    def base(self) -> str:
        """The address that the links of the page are relative to: its `<base>`, else its own."""
        return base_url(self.tree, self.url)

    @cached_property
    def value(self) -> Any:
        """The value of a JSON or JSONP answer. Raises NotReadable when there is none."""
        return parse_json(decode(self.body, self.encoding))

    def once(self, read: Callable[[Document], _Read]) -> _Read:
        """What `read` makes of the page, made once."""
        if read not in self._kept:
            self._kept[read] = read(self)
        return cast(_Read, self._kept[read])
