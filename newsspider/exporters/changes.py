"""What changed between two versions of an article, for a reader.

In: both versions, each as its fields and as its post. Out: words: title, text, pictures, address,
details. The publisher rewrites a post only if there is one. White space, markup, the addresses of
links in the text and another encoding of the same picture are no change. `different_fields` has
all that differs, for `newsspider render`. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsspider.clean import metadata
from newsspider.model import EXPORTED, Article
from newsspider.pictures.placing import kept_files

_DETAILS = ("source", "authors", "editor", "original_title")
_PICTURE_FILE = re.compile(
    r"(?P<name>[^/]+?)(?:[-_@](?:\d{1,4}x\d{0,4}|[wh]?\d{2,4}[wh]?|\dx))*"
    r"\.(?:jpe?g|png|webp|avif|gif)",
    re.I,
)
_PLAIN_NAME = 6  # characters: a shorter name of a file may be that of many pictures
# Parameters that choose the size and the encoding of a picture, or change with each request.
_ENCODING = re.compile(
    r"w|h|width|height|size|resize|fit|crop|c|q|quality|fm|format|auto|dpr|rect|strip|[vts_]"
    r"|ts|token|sign|signature|expires|auth_key|x-oss-process|imwidth|ixlib|ops",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article: its fields (see `records.fields_of`), and its post as its format
    reads it."""

    fields: Mapping[str, Any]
    post: Article


def changes(before: Version, after: Version) -> tuple[str, ...]:
    """Return what differs, in words; empty if a reader sees no difference."""
    return tuple(word for word, differs in _differences(before, after) if differs)


def _differences(before: Version, after: Version) -> Iterator[tuple[str, bool]]:
    yield "title", _plain(before.fields.get("title")) != _plain(after.fields.get("title"))
    yield "text", _text(before.post) != _text(after.post)
    yield "pictures", _pictures(before.fields) != _pictures(after.fields)
    yield "address", before.fields.get("link") != after.fields.get("link")
    details = any(before.fields.get(at) != after.fields.get(at) for at in _DETAILS)
    yield "details", details or bool(kept_files(after.post.body) - kept_files(before.post.body))


def different_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that differ at all, but for what follows from them, and when they were
    fetched."""
    for name in EXPORTED:
        if name not in ("hash", "origins", "fetched_at") and before.get(name) != after.get(name):
            yield name


def _text(post: Article) -> str:
    return _plain(" ".join((post.digest, *metadata.read(post.body).lines)))


def _plain(text: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text or "")).split())


def _pictures(fields: Mapping[str, Any]) -> set[str]:
    return {picture_key(image["url"]) for image in fields.get("images", ())}


def picture_key(url: str) -> str:
    """Return a text that is the same for all sizes and encodings of a picture: the name of its
    file, or its address without the parameters that choose one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    last = parts.path.rpartition("/")[2]
    match = _PICTURE_FILE.fullmatch(last)
    if match and len(match["name"]) >= _PLAIN_NAME:
        return match["name"].lower()
    path = parts.path.removesuffix(last) + match["name"] if match else parts.path
    kept = [pair for pair in parse_qsl(parts.query) if not _ENCODING.fullmatch(pair[0])]
    return f"{path}?{urlencode(kept)}".removesuffix("?")
