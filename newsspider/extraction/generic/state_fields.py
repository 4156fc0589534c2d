"""The fields of an article beside its text in the data of a page's scripts.

In: the records around the text, the innermost first (hostile). Out: the fields that JSON-LD calls
headline, datePublished, author and so on, known by the names that sites give them. Called by
`state`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from newsspider.extraction.generic.structured import plain

# The names of the fields without `_`, in lower case, the surest first.
_TITLE = (
    "headline",
    "headlines",
    "title",
    "articletitle",
    "newstitle",
    "posttitle",
    "subject",
    "heading",
    "name",
)
_PUBLISHED = (
    *("datepublished", "publishedat", "publisheddate", "publisheddatetime", "publishedtime"),
    *("firstpublished", "firstpublishedat", "firstpublisheddate", "publishdate", "publishtime"),
    *("publishat", "publishedon", "published", "publishtimestamp", "publicationdate", "pubdate"),
    *(
        "pubtime",
        "publicationtime",
        "publishedutc",
        "displaydate",
        "displaydatetime",
        "releasedate",
    ),
    *(
        "releasetime",
        "issuedate",
        "issued",
        "dategmt",
        "date",
        "datetime",
        "time",
        "ptime",
        "ctime",
    ),
    *("posttime", "postdate", "postedat", "created", "createdat", "createtime", "createdate"),
    *("datecreated", "createdtime", "timestamp", "regdate", "regtime", "inputtime", "showtime"),
)
_MODIFIED = (
    *("datemodified", "modifiedat", "modified", "modifieddate", "modifiedtime", "updatedat"),
    *(
        "updated",
        "updatedate",
        "updatetime",
        "lastmodified",
        "lastupdated",
        "lastpublished",
        "mtime",
    ),
)
_AUTHOR = (
    *(
        "author",
        "authors",
        "authorname",
        "byline",
        "bylines",
        "by",
        "creator",
        "creators",
        "writer",
    ),
    *("writers", "reporter", "reporters", "journalist", "journalists", "contributors"),
)
_PUBLISHER = (
    *("source", "sourcename", "publisher", "media", "medianame", "provider", "origin"),
    *("organization", "sitename", "mediainfo", "newssource"),
)
_SUMMARY = ("description", "summary", "excerpt", "abstract", "lead", "dek", "standfirst", "teaser")
_NAMES = ("name", "displayname", "fullname", "nickname", "title", "screenname", "basic")
_TEXTS = ("rendered", "basic", "text", "html", "value", "main", "default", "title")
_TIMES = ("iso", "utc", "date", "datetime", "$date", "timestamp", "seconds", "value")
# The parts of a record that hold fields of the same article.
_PARTS = frozenset(
    {
        *("meta", "metadata", "metas", "fields", "attributes", "info", "head", "header", "article"),
        *("data", "headlines", "content", "dates", "credits", "system", "sys", "basic", "common"),
        *("base", "detail", "baseinfo", "articleinfo", "properties"),
    }
)
Record = Mapping[str, Any]


def title_of(records: Iterable[Record]) -> str:
    """Return the title of a record; "" without one."""
    return str(_first(records, _TITLE, _line))


def fields_of(records: Sequence[Record]) -> dict[str, Any]:
    """Return the other fields of the article, under their names in JSON-LD; "" for none."""
    return {
        "datePublished": _first(records, _PUBLISHED, _time),
        "dateModified": _first(records, _MODIFIED, _time),
        "author": _first(records, _AUTHOR, _people),
        "publisher": _first(records, _PUBLISHER, _name),
        "description": _first(records, _SUMMARY, _line),
    }


def _first(records: Iterable[Record], names: Sequence[str], read: Callable[[Any], Any]) -> Any:
    return next((value for record in records if (value := _field(record, names, read))), "")


def _field(record: Record, names: Sequence[str], read: Callable[[Any], Any], depth: int = 0) -> Any:
    """Return the first value under one of these names that `read` takes, in a record or in those
    of its parts that hold fields of the same article; "" without one."""
    keys = {re.sub(r"[-_:]", "", key).lower(): key for key in list(record)[:200]}
    for name in names:
        if name in keys and (value := read(record[keys[name]])):
            return value
    for name in [key for key in keys if key in _PARTS] if depth < 2 else ():
        part = record[keys[name]]
        if isinstance(part, Mapping) and (value := _field(part, names, read, depth + 1)):
            return value
    return ""


def _line(value: Any) -> str:
    """Return a value that is a title or another short text."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _TEXTS if isinstance(value.get(key), str)), "")
    text = plain(value) if isinstance(value, str) and len(value) <= 3000 else ""
    return text if 2 <= len(text) <= 1000 and not text.startswith(("http", "/")) else ""


def _name(value: Any) -> str:
    if isinstance(value, Mapping):
        return next((name for key in _NAMES if (name := _name_at(value, key))), "")
    text = plain(value) if isinstance(value, str) else ""
    return text if 1 < len(text) <= 80 and not text.startswith(("http", "/")) else ""


def _name_at(record: Record, name: str) -> str:
    keys = {re.sub(r"[-_]", "", key).lower(): key for key in list(record)[:60]}
    value = record.get(keys.get(name, ""))
    return _name(value) if isinstance(value, str) else ""


def _people(value: Any) -> list[dict[str, str]]:
    people = value if isinstance(value, list) else [value]
    names = [name for person in people[:20] if (name := _name(person))]
    return [{"@type": "Person", "name": name} for name in names]


def _time(value: Any) -> str:
    """Return a time as text; seconds or milliseconds since 1970 as ISO 8601."""
    if isinstance(value, Mapping):
        return next((time for key in _TIMES if (time := _time(_scalar(value.get(key))))), "")
    text = str(_scalar(value)).strip()
    if re.fullmatch(r"[12]\d{9}(?:\d{3})?(?:\.\d{1,9})?", text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    return text if len(text) <= 60 and re.search(r"\d\D+\d", text) else ""


def _scalar(value: Any) -> str | int | float:
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def identities(record: Record) -> list[str]:
    """Return the numbers and slugs of a record that may stand in an address."""
    names = ("id", "slug", "itemid", "articleid", "newsid", "uuid", "contentid", "groupid")
    keys = {re.sub(r"[-_]", "", key).lower(): key for key in list(record)[:200]}
    values = [str(_scalar(record[keys[name]])) for name in names if name in keys]
    return [value for value in values if len(value) >= 4]
