"""A page that is decoded and parsed once, however many functions read it.

In: the bytes of a response (hostile). Out: its tree or its JSON value, each computed on first use
and cached. Every `model.Page` has a Document; the readers of listings and articles, discovery and
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
    """The content of a response. All readers of the page share its tree: copy it before changing
    it."""

    def __init__(self, url: str, body: bytes, encoding: str = "utf-8", status: int = 200) -> None:
        self.url = url
        self.body = body
        self.encoding = encoding
        self.status = status
        self._results: dict[object, object] = {}

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The page as HTML. Raises NotReadable for an empty page and for one that is not HTML."""
        return parse_html(decode(self.body, self.encoding))

    @cached_property
    def base(self) -> str:
        """The base address of the page's links: its `<base>`, else its own address."""
        return base_url(self.tree, self.url)

    @cached_property
    def value(self) -> Any:
        """The value of a JSON or JSONP response. Raises NotReadable for anything else."""
        return parse_json(decode(self.body, self.encoding))

    def once(self, read: Callable[[Document], _Read]) -> _Read:
        """Return `read(self)`, computed on the first call and cached."""
        if read not in self._results:
            self._results[read] = read(self)
        return cast(_Read, self._results[read])
