"""The Harbour Gazette's list interfaces: by page, offset and cursor, and two that want a POST.

In: pieces, newest first, and a request. Out: an Answer, or None. Called by hosts.py.

The five spell their fields and their times differently, as the interfaces of five sites would.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from newsroom.plain.piece import Piece
from newsspider.demo.answers import JSON, Answer, Request, number

_MOST = 50


def ids(piece: Piece) -> int:
    """A number for a piece, as its database would have: the same for the same slug."""
    return zlib.crc32(piece.slug.encode())


def answer(pieces: Sequence[Piece], request: Request) -> Answer | None:
    """What `/api/…` answers: 405 for the wrong method, 415 for the wrong type of a POST, 403 for
    want of a header, None for an unknown path."""
    if request.path not in _PATHS:
        return None
    method, serve = _PATHS[request.path]
    if request.method != method and (request.method, method) != ("HEAD", "GET"):
        return _answer({"error": f"{method} only"}, 405)
    return serve(pieces, request)


def _by_page(pieces: Sequence[Piece], request: Request) -> Answer:
    """`?page=1&per_page=4`; times in UTC with a Z."""
    size, page = number(request.query.get("per_page"), 4, _MOST), number(request.query.get("page"))
    items = [
        {
            "id": ids(piece),
            "title": piece.title,
            "url": piece.path,
            "published_at": f"{piece.when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "excerpt": piece.summary,
            "author": {"name": piece.author},
            "content": None,
        }
        for piece in pieces[(page - 1) * size : page * size]
    ]
    pages = -(-len(pieces) // size)
    return _answer({"page": page, "pages": pages, "total": len(pieces), "items": items})


def _by_offset(pieces: Sequence[Piece], request: Request) -> Answer:
    """`?offset=0&limit=4`; times in seconds."""
    offset = request.query.get("offset", "0")
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 7 else 0
    shown = pieces[start : start + number(request.query.get("limit"), 4, _MOST)]
    rows = [
        {
            "Id": str(ids(piece)),
            "Headline": piece.title,
            "Link": piece.url,
            "Time": int(piece.when.timestamp()),
        }
        for piece in shown
    ]
    return _answer({"status": "ok", "result": {"count": len(pieces), "rows": rows}})


def _by_cursor(pieces: Sequence[Piece], request: Request) -> Answer:
    """`?cursor=…`: `next` of one answer asks for the next; null at the end. Times as written."""
    cursor = request.query.get("cursor", "")
    slugs = [piece.slug for piece in pieces]
    start = slugs.index(cursor) + 1 if cursor in slugs else 0
    shown = pieces[start : start + 4]
    edges = [
        {
            "node": {
                "slug": piece.slug,
                "title": piece.title,
                "permalink": piece.url,
                "date": piece.published,
            }
        }
        for piece in shown
    ]
    more = start + 4 < len(pieces)
    return _answer({"data": {"edges": edges, "next": shown[-1].slug if more else None}})


def _by_form(pieces: Sequence[Piece], request: Request) -> Answer:
    """POST of a form, `page=1&size=4`; times as in mail."""
    if "x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        return _answer({"error": "a form is wanted"}, 415)
    form = parse_qs(request.body.decode(errors="replace"))
    sent = {key: values[0] for key, values in form.items()}
    return _answer(_posted(pieces, sent.get("page"), sent.get("size")))


def _by_json(pieces: Sequence[Piece], request: Request) -> Answer:
    """POST of JSON, `{"page": 1, "size": 4}`."""
    if "application/json" not in request.headers.get("content-type", ""):
        return _answer({"error": "JSON is wanted"}, 415)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return _answer({"error": "bad JSON"}, 400)
    if not isinstance(sent, dict):
        return _answer({"error": "an object is wanted"}, 400)
    return _answer(_posted(pieces, str(sent.get("page", 1)), str(sent.get("size", 4))))


def _guarded(pieces: Sequence[Piece], request: Request) -> Answer:
    """As by page, for those who send the header of a page's own script."""
    if request.headers.get("x-requested-with") != "XMLHttpRequest":
        return _answer({"error": "forbidden"}, 403)
    return _by_page(pieces, request)


def _posted(pieces: Sequence[Piece], page: str | None, size: str | None) -> dict[str, Any]:
    count, at = number(size, 4, _MOST), number(page)
    hits = [
        {
            "title": piece.title,
            "path": piece.path,
            "published": format_datetime(piece.when),
            "summary": piece.summary,
        }
        for piece in pieces[(at - 1) * count : at * count]
    ]
    return {"total": len(pieces), "hits": hits}


def _answer(value: Any, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(body, JSON, status, validators=status == 200)


_PATHS = {
    "/api/articles": ("GET", _by_page),
    "/api/rows": ("GET", _by_offset),
    "/api/stream": ("GET", _by_cursor),
    "/api/guarded": ("GET", _guarded),
    "/api/search": ("POST", _by_form),
    "/api/query": ("POST", _by_json),
}
