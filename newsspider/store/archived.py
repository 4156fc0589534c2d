"""What the archive has of an article: all that it was read from.

In: the answers to the requests of an article, and how it was read. Out: values that
`store/archive.py` keeps. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsspider.model import Link, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """A page of an article: its name in the site file, the address that was asked for and the one
    that answered, the status, the content type, the hash of the answer's body, and what its headers
    and the robots.txt of its host stated of its reuse."""

    name: str
    asked: str
    url: str
    status: int
    type: str
    hash: str
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """All that an article was read from. `read` is when, `run` the number of the run that wrote its
    post, `share` the pattern of its share link, "" without one. `options` are those of the run that
    say how an article is read; `of_feed`: its pages gave nothing, and its feed gave the text."""

    key: str
    run: int
    read: datetime
    site: str
    listing: str
    share: str
    link: Link
    options: Mapping[str, str]
    of_feed: bool
    pages: tuple[ArchivedPage, ...]


def hash_of_body(body: bytes) -> str:
    """Return the hash by which the archive knows an answer."""
    return hashlib.sha256(body).hexdigest()


def page_of_row(row: tuple[Any, ...]) -> ArchivedPage:
    """Return a page from its columns, the rights as JSON. Raises ValueError or TypeError."""
    *values, rights = row
    named = dict(zip(ArchivedPage.__dataclass_fields__, values, strict=False))
    stated = tuple(Right(*map(str, right)) for right in json.loads(rights))
    return ArchivedPage(**named, rights=stated)
