"""What is asked of the newsroom and what it answers: the two shapes that all its hosts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from newsspider.demo.story import Story

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `path` is unquoted, `query` has the first value of each name, the names of
    `headers` are in lower case."""

    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `validators`: whether it carries ETag and Last-Modified."""

    body: bytes = field(repr=False)
    kind: str = HTML
    status: int = 200
    validators: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


# How a host answers: from the stories, newest first; None for what it does not have.
Serve = Callable[[Sequence[Story], Asked], Answer | None]


def number(text: str | None, default: int = 1, most: int = 10**6) -> int:
    """A count or a page of a query, from 1 to `most`; `default` for what is no number."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:
        return default
    return min(max(1, int(text)), most)
