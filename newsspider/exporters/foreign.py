"""A post of any Jekyll, Hugo or Hexo folder → the identity of its article, or why it has none.

In: a file's name and text. Out: an Article with title, time, link or id; or a Fault. Pure;
`exporters/adoption.py` calls it. Reads front matter in YAML, TOML and JSON, also without a first
fence, as Hexo wrote it, and all layouts that the first user's site has had (see `jekyll/post.py`).
Anybody may have written the files: only Fault and NoPost are raised.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from newsspider.exporters.jekyll import post
from newsspider.model import Article
from newsspider.text.urls import host

SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html")
_NAME = re.compile(r"(?:(\d{4}-\d\d?-\d\d?)-)?(.*)")
# Keys of front matter, in lower case: Hugo reads them in any.
_TITLES = ("title",)
_DATES = ("date", "published", "publishdate", "created", "pubdate")
_CHANGES = ("lastmod", "updated", "modified")
_LINKS = (
    *("link", "external_url", "externalurl", "source_url", "original_url", "canonical_url"),
    *("canonical", "canonicalurl", "original", "url", "source", "guid"),
)
_IDS = ("id", "guid", "infocode")
_OWN_KEYS = ("params", "extra")  # what holds the keys that Hugo and its like do not know
_FENCED = re.compile(
    r"\ufeff?\s*(?P<fence>---|\+\+\+|;;;)[ \t]*\n(?P<matter>|.*?\n)(?P<end>(?P=fence)|\.\.\.)[ \t]*"
    r"(?:\n|\Z)(?P<body>.*)",
    re.S,
)
_UNFENCED = re.compile(
    r"\ufeff?\s*(?P<matter>[\w\"][\w\" -]{0,40}:.*?\n)(?P<fence>---|;;;)[ \t]*"
    r"(?:\n|\Z)(?P<body>.*)",
    re.S,
)
_FENCE = re.compile(r"\ufeff?\s*(?:---|\+\+\+|;;;)[ \t]*\n")
_BEFORE_JSON = "\ufeff \t\r\n"
_DAY = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)")


class Fault(Exception):
    """Why a file is no post that can be taken over. `reason` is its name in the report."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason


class NoPost(Exception):
    """The file has no front matter and no date in its name: it is something else."""


def read_post(name: str, text: str) -> Article:
    """Return the article of a post, without its text; its time may have no zone.

    Raises Fault for a post that cannot be identified, NoPost for a file that is none.
    """
    ours = post.read(name, text)
    if ours is not None and ours.title and ours.published and (ours.link or ours.id):
        return ours
    if PurePosixPath(name).name.startswith("_index."):
        raise NoPost  # the page of a section
    day, id_ = _from_name(name)
    try:
        head, body = split(text)
    except Fault as fault:
        if day is None and fault.reason == "NoFrontMatter":
            raise NoPost from None
        raise
    title = _first(head, _TITLES)
    published = _time(head, _DATES) or day or _time(head, _CHANGES)
    if not title and day is None and not any(key in head for key in _DATES):
        raise NoPost  # a page
    if not title:
        raise Fault("NoTitle", "its front matter has no title")
    if published is None:
        raise Fault("NoDate", "neither its front matter nor its name has a date")
    link = next(filter(host, (_link(head.get(key)) for key in _LINKS)), "")
    return Article(
        site="",
        key="",
        id=_first(head, _IDS) or id_,
        link=link or (post.link_at_end(body) if body else ""),
        title=title,
        published=published,
        category=_first(head, ("category", "categories")),
        tag=_first(head, ("tag", "tags")),
    )


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """Return the front matter, its keys in lower case, and the body of a post. Raises Fault."""
    matched = _FENCED.match(text) or _UNFENCED.match(text)
    try:
        if matched:
            head, body = _LOADERS[matched["fence"]](matched["matter"]), matched["body"]
        elif (stripped := text.lstrip(_BEFORE_JSON)).startswith("{"):
            head, end = json.JSONDecoder().raw_decode(stripped)
            body = stripped[end:]
        elif _FENCE.match(text):
            raise Fault("BadFrontMatter", "its front matter has no end")
        else:
            raise Fault("NoFrontMatter", "it does not begin with front matter")
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Fault("BadFrontMatter", f"its front matter cannot be read: {line}") from None
    if not isinstance(head, dict):
        raise Fault("BadFrontMatter", "its front matter has no keys")
    return _keys(head), body


def _load_yaml(matter: str) -> Any:
    return yaml.safe_load(matter) if matter.strip() else {}


def _load_bare_json(matter: str) -> Any:
    return json.loads("{" + matter + "}")


_LOADERS: Mapping[str, Callable[[str], Any]] = {
    "---": _load_yaml,
    "+++": tomllib.loads,
    ";;;": _load_bare_json,
}


def _keys(head: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a front matter with its keys in lower case, and with the keys in `_OWN_KEYS`."""
    lower = {str(key).lower(): value for key, value in head.items()}
    for name in _OWN_KEYS:
        if isinstance(own := lower.get(name), dict):
            lower = {str(key).lower(): value for key, value in own.items()} | lower
    return lower


def _from_name(name: str) -> tuple[datetime | None, str]:
    """Return the day and the rest of a file's name; of a bundle (`x/index.md`) its folder's."""
    path = PurePosixPath(name)
    in_bundle = path.stem.partition(".")[0] == "index"  # also of a language: index.de.md
    stem = path.parent.name if in_bundle and path.parent.name else path.stem
    matched = _NAME.fullmatch(stem)
    assert matched is not None
    return _day(matched[1] or ""), matched[2].strip("-")


def _time(head: Mapping[str, Any], keys: Sequence[str]) -> datetime | None:
    """Return the first time of these keys of a front matter that can be read."""
    for value in map(head.get, keys):
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        if isinstance(value, str) and value.strip():
            for read in (datetime.fromisoformat, _posted, parsedate_to_datetime):
                try:
                    return read(value.strip())
                except (ValueError, OverflowError, TypeError, IndexError):
                    continue
            if day := _day(value):
                return day
    return None


def _posted(value: str) -> datetime:
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S %z")


def _day(text: str) -> datetime | None:
    matched = _DAY.search(text)
    try:
        year, month, day = map(int, matched.groups()) if matched else (0, 0, 0)
        return datetime(year, month, day)
    except ValueError:
        return None


def _link(value: Any) -> str:
    """Return the address that a key has, also as `source: {name: …, url: …}`."""
    keys = _keys(value) if isinstance(value, dict) else {"url": value}
    return _first(keys, ("url", "link"))


def _first(head: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Return the first value of these keys that is a text or a number; the first of a list."""
    for value in map(head.get, keys):
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str | int) and not isinstance(first, bool) and str(first).strip():
            return str(first).strip()
    return ""


# -- repairs ----------------------------------------------------------------------------------

_SCALAR = re.compile(r"([A-Za-z_][\w-]*):[ \t]+(.+)")
_ID_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{4,}")


def repaired(name: str, text: str) -> tuple[str, str] | None:
    """Return the name and the text of a Jekyll post, repaired; None if there is nothing to repair,
    or no way to.

    Repairs what makes Jekyll lose a post: lines before the front matter, values that YAML does not
    read (`title: "a "b" c"`), a date that is none, and a name without the day, which the id tells
    (`dated_by: guess`).
    """
    matched = _FENCED.match(text)
    if matched is None or (matched["fence"], matched["end"]) != ("---", "---"):
        return None
    lines = [_readable(line) for line in matched["matter"].splitlines()]
    try:
        head, _ = split(_joined(lines, ""))
    except Fault:
        return None
    (day, id_), stated = _from_name(name), _time(head, _DATES)
    when = stated or day or _day_of_id(id_)
    if not id_ or when is None or not _first(head, _TITLES):
        return None
    if stated is None:
        lines = [line for line in lines if not line.startswith("date:")]
    if day is None:
        lines += [] if stated else ["dated_by: guess"]
        name = f"{when:%Y-%m-%d}-{id_}{PurePosixPath(name).suffix}"
    fixed = _joined(lines, matched["body"])
    return None if fixed == text.removeprefix("\ufeff") and day else (name, fixed)


def _joined(lines: list[str], body: str) -> str:
    return "\n".join(["---", *lines, "---", body])


def _readable(line: str) -> str:
    """Return a line of front matter that YAML reads: a value that it does not is quoted."""
    matched = _SCALAR.fullmatch(line)
    if matched is None:
        return line
    try:
        value = yaml.safe_load(line)
        if isinstance(value, dict) and value.get(matched[1]) is not None:
            return line
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        pass
    if matched[1] == "date":
        return line
    inner = matched[2].strip()
    if len(inner) > 1 and inner[0] == inner[-1] == '"':
        inner = inner[1:-1]
    quoted = inner.replace("\\", "\\\\").replace('"', '\\"')
    return f'{matched[1]}: "{quoted}"'


def _day_of_id(text: str) -> datetime | None:
    """Return the day with which an id begins: `NW202204262359811335`."""
    matched = _ID_DAY.search(text)
    return _day("-".join(matched.groups())) if matched else None
