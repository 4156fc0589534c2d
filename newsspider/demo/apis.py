"""The JSON answers of the newsroom: the text of an article, and the three list interfaces.

In: stories. Out: JSON bytes, with the field names that the first user's scripts read. Other fields
of the real answers are unknown. Called by routes.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from newsspider.demo.story import Story

# Field names drift between the interfaces and over the years (infoCode/infocode, showtime/datetime,
# from/medianame, content/text): the stories spread these spellings among them.
SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "full": {
        "infoCode": "code",
        "title": "title",
        "showtime": "time",
        "medianame": "media",
        "text": "text",
        "content": "content",
    },
    "content": {
        "infoCode": "code",
        "title": "title",
        "showtime": "time",
        "medianame": "media",
        "content": "content",
    },
    "bare": {"infoCode": "code", "text": "text", "content": "content"},
    "camel": {
        "infoCode": "code",
        "Title": "title",
        "showTime": "time",
        "source": "media",
        "text": "text",
        "content": "content",
    },
    "from": {
        "infocode": "code",
        "title": "title",
        "datetime": "time",
        "from": "media",
        "text": "text",
        "content": "content",
    },
}


def text(story: Story) -> bytes:
    """The answer of GetNewsText.do: one object, cut off in the middle for the answer `cut`."""
    answer = _dump({key: getattr(story, name) for key, name in SPELLINGS[story.spelling].items()})
    return answer[: len(answer) // 2] if story.answer == "cut" else answer


def listing(stories: Iterable[Story], kind: str, count: int, page: int) -> bytes | None:
    """A page of a list interface of kind "102", "45", "37", "38" or "39", newest first; None for an
    unknown kind. `page` starts at 1; past the last page the list is empty."""
    if kind not in _LISTS:
        return None
    key, record = _LISTS[kind]
    listed = [story for story in stories if kind in story.lists]
    return _dump({key: [record(story) for story in listed[(page - 1) * count : page * count]]})


def url_w(story: Story) -> str:
    """The old form of an article's address, as the rolling news contain it."""
    return f"http://finance.eastmoney.com/news/{story.column},{story.id}.html"


def _rolling(story: Story) -> dict[str, str]:
    return {
        "id": story.id,
        "infoCode": story.code,
        "title": "" if story.blank else story.title,
        "digest": story.digest,
        "showtime": "" if story.blank else story.time,
        "url_w": "" if story.blank else url_w(story),
    }


def _node(story: Story) -> dict[str, str]:
    return {
        "infocode": story.code,
        "title": story.title,
        "showtime": story.time,
        "from": story.media,
        "simtitle": story.title,
        "simdigest": "",
    }


def _market(story: Story) -> dict[str, str]:
    return {
        "infoCode": story.code,
        "title": story.title,
        "datetime": story.time,
        "medianame": story.media,
    }


_LISTS: Mapping[str, tuple[str, Callable[[Story], dict[str, str]]]] = {
    "102": ("records", _rolling),
    "45": ("nodeList", _node),
    "37": ("record", _market),
    "38": ("record", _market),
    "39": ("record", _market),
}


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
