"""The contract: an article as every format and every other tool gets it.

In: a Published. Out: a Row, its values as JSON has them. docs/output-format.md describes the fields
to users, `newsspider schema article` prints their JSON Schema, and tests hold every format to both.
A field is never renamed, and never gets another type. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from newsspider.exporters.published import Published
from newsspider.exporters.texts import markdown, plain_text
from newsspider.model import EXPORTED, FIELDS, PARTS, Article, Image, Origin, Right, Stock
from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import CJK

VERSION = 1  # of the contract; it grows when a field gets another name or type

Row = Mapping[str, Any]

_SIGNS, _WORD = lazy_pattern(f"[{CJK}]+"), re.compile(r"\w+(?:['’-]\w+)*")
# What no XML may have, and no UTF-8: control characters and halves of surrogate pairs.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row: its type (see `TYPES`), what it holds, an example, and the first version of
    newsspider that has it."""

    type: str
    about: str
    example: object
    since: str = "0.2.0"  # the first with exports


# The JSON Schema of each type.
_TEXTS = {"type": "array", "items": {"type": "string"}}
TYPES: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "string or null": {"type": ["string", "null"]},
    "ISO 8601 with offset, or null": {"type": ["string", "null"], "format": "date-time"},
    "array of strings": _TEXTS,
}
_OF_MODEL = {
    "str": "string",
    "datetime | None": "ISO 8601 with offset, or null",
    "tuple[str, ...]": "array of strings",
    **{f"tuple[{kind.__name__}, ...]": "array of objects" for kind in PARTS.values()},
}
_EXAMPLES: Mapping[str, object] = {
    "site": "finews",
    "key": "eastmoney:202204262359811335",
    "id": "NW202204262359811335",
    "link": "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335",
    "title": "中国移动再推六项“心级服务”新举措",
    "published": "2022-04-26T20:16:23+08:00",
    "modified": "2022-04-27T08:30:00+08:00",
    "dated_by": "modified",
    "source": "人民邮电报",
    "authors": ["王小明"],
    "editor": "李编",
    "original_title": "中国移动推出六项新举措",
    "section": "要闻",
    "category": "renminyoudianbao",
    "tag": "人民邮电报新闻",
    "tags": ["中国移动"],
    "language": "zh-CN",
    "summary": "中国移动今日宣布六项新举措。",
    "stocks": [{"market": "1", "code": "600941", "name": "中国移动"}],
    "images": [{"url": "https://news.example/a.jpg", "caption": "发布会现场", "file": ""}],
    "same_story": "eastmoney:202204262359811335",
    "rights": [{"origin": "robots.txt", "name": "ai-train", "value": "no"}],
    "origins": [{"field": "title", "origin": "article: rule"}],
    "digest": "中国移动今日宣布六项新举措。",
    "body": "<p>中国移动今日宣布……</p>",
    "hash": "0c6f1c7f1d5c3a47d9f3b8c2b9c4a1e3f0d6b8a7c5e4f3d2b1a09f8e7d6c5b4a",
    "fetched_at": "2022-04-26T12:31:05+00:00",
    "event": "new",
}
# Fields that may differ where nothing changed.
_OF_A_RUN = ("fetched_at", "event", "origins")
# What a row has beside the fields of an article, in this order.
FURTHER: Mapping[str, Column] = {
    "post": Column(
        "string",
        "the post, inside the output folder: it never changes",
        "_posts/2022-04-26-NW202204262359811335.md",
    ),
    "address": Column(
        "string or null",
        "address of the built page, with `url` and `baseurl` of `_config.yml`; null with a"
        " `permalink` of your own",
        "/renminyoudianbao/2022/04/26/NW202204262359811335.html",
    ),
    "text": Column("string", "digest and text as plain text, a paragraph per line", "中国移动……"),
    "markdown": Column(
        "string or null", "digest and text as CommonMark; null unless asked for", "中国移动……"
    ),
    "words": Column("integer", "words of the text; each sign of Chinese or Japanese is one", 812),
    "edited": Column("boolean", "whether a person edited the post, whose text this is", False),
    "origin": Column(
        "string",
        "where the fields are from: `record`; or `post`, which is older than the records and lacks"
        " fields",
        "record",
    ),
    "contract": Column("integer", "version of these fields", VERSION),
}


def _columns() -> dict[str, Column]:
    of_article = {
        name: Column(
            _OF_MODEL[str(Article.__annotations__[name])],
            FIELDS[name].about,
            _EXAMPLES[name],
            FIELDS[name].since,
        )
        for name in EXPORTED
    }
    return of_article | dict(FURTHER)


COLUMNS: Mapping[str, Column] = _columns()


def row_of(
    item: Published,
    address_of: Callable[[Article, str], str | None] = lambda article, post: None,
    *,
    with_markdown: bool = False,
) -> Row:
    """Return the values of an article, in the order of COLUMNS. A value that is not known is "",
    [] or None."""
    row = _fields(item.article)
    digest, body = row["digest"], row["body"]
    text = "\n".join(filter(None, (digest, plain_text(body))))
    row |= {
        "post": item.path,
        "address": address_of(item.article, item.path),
        "text": text,
        "markdown": markdown(digest, body) if with_markdown else None,
        "words": _number_of_words(text),
        "edited": item.edited,
        "origin": "record" if item.recorded else "post",
        "contract": VERSION,
    }
    return row


def _number_of_words(text: str) -> int:
    others, runs = _SIGNS.subn(" ", text)
    return len(text) - len(others) + runs + len(_WORD.findall(others.replace("_", " ")))


def content_of(item: Published) -> Row:
    """Return what a version of an article differs by: its fields, and whether a person edited its
    post. Fields that have no value are left out."""
    values = {**_fields(item.article), "edited": item.edited}
    return {name: value for name, value in values.items() if value and name not in _OF_A_RUN}


def _fields(article: Article) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(EXPORTED, _VALUES(article), strict=True))
    for name in _TEXT_FIELDS:  # most fields, and a call for each would take half of the time
        if not values[name].isprintable():
            values[name] = _text(values[name])
    for name, as_json in _OTHER_FIELDS.items():
        values[name] = as_json(values[name])
    return values


def _text(value: str) -> str:
    return value if value.isprintable() else _UNUSABLE.sub("\ufffd", value)


def _texts(values: tuple[str, ...]) -> list[str]:
    return [_text(value) for value in values]


def _time(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _parts(kind: type[Stock | Image | Right | Origin]) -> Callable[[Any], list[dict[str, str]]]:
    names = tuple(part.name for part in fields(kind))

    def as_json(parts: Any) -> list[dict[str, str]]:
        return [{name: _text(getattr(part, name)) for name in names} for part in parts]

    return as_json


# How a value that is no text becomes one of JSON, by the field's type in the model.
_OF_TYPE: Mapping[str, Callable[[Any], Any]] = {
    "datetime | None": _time,
    "tuple[str, ...]": _texts,
    **{f"tuple[{kind.__name__}, ...]": _parts(kind) for kind in PARTS.values()},
}
_TYPES_OF_FIELDS = {name: str(Article.__annotations__[name]) for name in EXPORTED}
_VALUES = attrgetter(*EXPORTED)
_TEXT_FIELDS = [name for name, type_ in _TYPES_OF_FIELDS.items() if type_ == "str"]
_OTHER_FIELDS = {
    name: _OF_TYPE[type_] for name, type_ in _TYPES_OF_FIELDS.items() if type_ != "str"
}


_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a row."""
    return {
        **_DIALECT,
        "title": "Article",
        "description": f"An article as newsspider exports it, version {VERSION} of the contract.",
        "type": "object",
        "properties": {name: _property(name, column) for name, column in COLUMNS.items()},
        "required": list(COLUMNS),
        "additionalProperties": True,  # a later version may add fields
    }


def change_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of the change feed (`change_feed.Change.row`)."""
    number = {"type": "integer", "minimum": 1}
    properties = {
        "seq": number,
        "epoch": {"type": "string"},
        "op": {"enum": ["upsert", "delete"]},
        "id": {"type": "string"},
        "version": number,
        "fingerprint": {"type": "string"},
        "changed_fields": _TEXTS,
        "article": {"oneOf": [{"type": "null"}, schema()]},
    }
    return {
        **_DIALECT,
        "title": "Change",
        "description": "A line of changes.jsonl, the change feed of newsspider.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": True,
    }


def _property(name: str, column: Column) -> dict[str, Any]:
    parts = PARTS.get(name)
    kind: Mapping[str, Any] = TYPES.get(column.type, {})
    if parts is not None:
        names = [field.name for field in fields(parts)]
        texts = {part: {"type": "string"} for part in names}
        kind = {
            "type": "array",
            "items": {"type": "object", "properties": texts, "required": names},
        }
    description = f"{column.about} (since {column.since})"
    return {"description": description, **kind, "examples": [column.example]}
