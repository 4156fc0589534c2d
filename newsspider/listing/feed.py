"""A listing that is a feed: RSS 0.9 to 2.0, Atom (feedparser reads them), JSON Feed.

In: a page and a FeedListing. Out: Entries. Called by `newsspider.listing`. Pure. An entry's content
becomes the article's body when it is the whole article; see `feed_text`.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from time import struct_time
from typing import Any

from newsspider.errors import EmptyListing, NotReadable, TooCostly
from newsspider.listing.entries import Entries
from newsspider.listing.feed_guids import with_guids, with_media
from newsspider.listing.feed_text import plain, with_text
from newsspider.listing.packed import FEED, MAGIC, unpacked
from newsspider.model import Page
from newsspider.sites.listings import FeedListing
from newsspider.text.budget import unmeasured
from newsspider.text.characters import one_line

# A feed has no need to declare entities; one that does may be an attack on memory.
_ENTITIES = re.compile(rb"<!(?:ENTITY|ATTLIST|ELEMENT)\b[^>]*>", re.I)
# The markup of a feed: what holds text, and tags.
_MARKUP = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|<(?P<name>(?P<entry>(?:\w{1,20}:)?(?:item|entry)(?=[\s/>]))?[^\s/<>]*+)"
    rb"(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)",
    re.S | re.I,
)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_ENTRY_END = re.compile(rb"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.I)
_MOST_MARKUP = 20_000  # tags that are read, 20 to 70 µs each; a feed of 50 entries has 700
_MOST_ATTRIBUTES = 200  # of a tag: feedparser takes the square of their number
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_OFFSET = re.compile(r"(?:[+-]\d\d:?\d\d|Z|GMT|UTC?)\s*$")
# The specification asks for an address; some feeds write only its last part.
_JSON_VERSION = re.compile(r"jsonfeed\.org|^\s*1(?:\.[01])?\s*$")
_MEDIA = re.compile(r"\b(?:audio|video)\b")
_MOST_TAGS = 100  # of an entry that are read
_LONGEST_NAME = 300  # characters
_PERSON = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)|(?P<plain>[^()<>@]+?)\s*<\S+@\S+>")


def read(page: Page, listing: FeedListing) -> Entries:
    """Return the entries of a feed. Raises NotReadable for a page that is not a feed, EmptyListing
    for a feed without entries."""
    if page.body.startswith(MAGIC):
        page = replace(page, body=unpacked(page.body, FEED), encoding="utf-8")
    start = page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    entries = _read_json(page) if start.startswith(b"{") else _read_xml(page)
    records = [with_text(record, listing.whole) for record in with_guids(entries.records)]
    if not records:
        raise EmptyListing("the feed has no entries")
    return Entries(records, entries.next, title=entries.title)


# -- RSS and Atom ----------------------------------------------------------------------------------


@cache
def _feedparser() -> Any:
    """Return feedparser, with a limit where it takes quadratic time: the length of the names in
    which it looks for an e-mail address (23 s for 20,000 letters), the categories of an entry."""
    with unmeasured():
        import feedparser  # 0.1 s: only where a feed is read
        from feedparser.mixin import _FeedParserMixin

    unbounded, add_tag = _FeedParserMixin._sync_author_detail, _FeedParserMixin._add_tag

    def bounded(parser: Any, key: str = "author") -> None:
        context = parser._get_context()
        if name := context.get(key):
            context[key] = name[:_LONGEST_NAME]
        unbounded(parser, key)

    def add_few(parser: Any, term: Any, scheme: Any, label: Any) -> None:
        if len(parser._get_context().get("tags", ())) < _MOST_TAGS:
            add_tag(parser, term, scheme, label)

    _FeedParserMixin._sync_author_detail = bounded
    _FeedParserMixin._add_tag = add_few
    return feedparser


def _read_xml(page: Page) -> Entries:
    feedparser = _feedparser()
    kind = {"content-type": "application/xml; charset=utf-8", "content-location": page.url}
    body = _bounded(_ENTITIES.sub(b"", page.body))
    with contextlib.suppress(LookupError):
        if page.encoding.lower() != "utf-8":
            body = body.decode(page.encoding, "replace").encode("utf-8")
    try:
        # A stream: feedparser would open bytes that are the name of a file or an address.
        feed = feedparser.parse(
            io.BytesIO(body),
            response_headers=kind,
            sanitize_html=False,  # done later by `sanitize`; cleaning needs what it would remove
            resolve_relative_uris=True,
        )
    except TooCostly:
        raise
    except Exception as error:  # feedparser lets some of its parsers' errors through
        raise NotReadable(f"the answer is not a feed ({type(error).__name__})") from error
    if not feed.entries and not feed.get("version"):
        start = one_line(page.body[:40].decode("utf-8", "replace"))
        reason = type(feed.get("bozo_exception", None)).__name__
        raise NotReadable(f"the answer is not a feed ({reason}; it starts {start!r})")
    following = _linked(feed.feed, "next")
    records = list(with_media([_entry(entry, feed.feed) for entry in feed.entries], body))
    return Entries(records, following, title=plain(feed.feed.get("title", "")))


def _bounded(body: bytes) -> bytes:
    """Return a feed whose tags are few enough to be read, up to the end of an entry, and have few
    attributes. Raises TooCostly for a feed whose first entry is too long."""
    parts, end, entries, last = [], 0, 0, 0
    for number, tag in enumerate(_MARKUP.finditer(body)):
        if tag["entry"]:
            entries, last = entries + 1, tag.start()
        if number >= _MOST_MARKUP:
            break
        attributes = tag["attributes"] or b""
        if len(attributes) > _MOST_ATTRIBUTES and _number(attributes) > _MOST_ATTRIBUTES:
            parts.append(body[end : tag.end("name")] + b"/" * attributes.endswith(b"/"))
            end = tag.end()
    else:
        return b"".join(parts) + body[end:]
    if entries < 2:
        raise TooCostly("the feed has too much markup for its entries")
    # What follows the last entry may name the next page. Entries without an end are not read.
    ends = [match.end() for match in _ENTRY_END.finditer(body, last)]
    return b"".join(parts) + body[end:last] + body[max(ends, default=len(body)) :]


def _number(attributes: bytes) -> int:
    """Return about how many attributes a tag has."""
    unquoted = _QUOTED.sub(b" ", attributes)
    return max(unquoted.count(b"="), len(unquoted.split()) // 2)


def _entry(entry: Any, feed: Any) -> dict[str, Any]:
    contents = [part.get("value", "") for part in entry.get("content", ())]
    source = entry.get("source", {}).get("title", "") or entry.get("publisher", "")
    media = _media(entry)
    values = {
        "url": _address(entry) or media,
        "guid": str(entry.get("id", "")),
        "title": plain(entry.get("title", "")),
        "time": _time(entry),
        "source": plain(source),
        "author": tuple(_people(entry)),
        "summary": entry.get("summary", ""),
        "content": max(contents, key=len, default=""),
        "media": media,
        "image": _image(entry),
        "tags": tuple(_tags(entry)),
        "language": feed.get("language", ""),
        # Without an `updated`, `entry.get` would return the time of publication, with a warning.
        "lastmod": dict.get(entry, "updated", "") if "published" in entry else "",
    }
    return {name: value for name, value in values.items() if value}


def _address(entry: Any) -> str:
    """Return the article's address. FeedBurner keeps the site's own address beside that of its
    counter; a `guid` counts only if the feed marks it as an address or it looks like one."""
    link = entry.get("feedburner_origlink") or _linked(entry, "alternate") or entry.get("link", "")
    if link:
        return str(link)
    guid = str(entry.get("id", ""))
    return guid if guid.startswith(("http://", "https://")) else ""


def _linked(place: Any, rel: str) -> str:
    links = [link for link in place.get("links", ()) if link.get("rel") == rel]
    html_first = sorted(links, key=lambda link: "html" not in link.get("type", "html"))
    return str(html_first[0].get("href", "")) if html_first else ""


def _time(entry: Any) -> str:
    """Return the time of publication as text that `dates.read_time` reads.

    A time with an offset is returned as feedparser reads it, in UTC. A time without a zone, or with
    a name that stands for several zones (CST), is returned as written.
    """
    for name in ("published", "created", "updated"):
        text = str(dict.get(entry, name) or "").strip()
        parsed = dict.get(entry, f"{name}_parsed")
        if not text and not parsed:
            continue
        if isinstance(parsed, struct_time) and (not text or _OFFSET.search(text)):
            moment = datetime(*parsed[:6], tzinfo=UTC)
            return moment.isoformat() if _CLOCK.search(text) else f"{moment:%Y-%m-%d}"
        return text
    return ""


def _people(entry: Any) -> Iterator[str]:
    names = [person.get("name", "") for person in entry.get("authors", ())]
    whole = str(entry.get("author", ""))
    # feedparser splits `m@x.example (Mara)` wrongly.
    for name in names if any(names) and "@" not in whole else [whole]:
        name = name[:_LONGEST_NAME]
        match = _PERSON.search(name)
        person = plain((match["name"] or match["plain"]) if match else name)
        if person and "@" not in person:
            yield person


def _tags(entry: Any) -> Iterator[str]:
    """Yield the entry's categories, by the label for readers if there is one."""
    for tag in entry.get("tags", ())[:_MOST_TAGS]:
        if word := plain(str(tag.get("label") or tag.get("term") or "")):
            yield word


def _media(entry: Any) -> str:
    """Return the address of the film or the sound that an entry is about; "" for none. Of one that
    needs Flash, as YouTube's feeds still say, its page."""
    for media in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        kind = f"{media.get('type', '')} {media.get('medium', '')}"
        if "shockwave" in kind:
            return _address(entry)
        address = str(media.get("url") or media.get("href") or "")
        if _MEDIA.search(kind) and address.startswith(("http://", "https://")):
            return address
    return ""


def _image(entry: Any) -> str:
    places = (*entry.get("media_content", ()), *entry.get("enclosures", ()))
    for media in places:
        kind = media.get("type", "") or media.get("medium", "")
        if kind.startswith("image"):
            return str(media.get("url") or media.get("href") or "")
    thumbnails = entry.get("media_thumbnail", ())
    if thumbnails:
        return str(thumbnails[0].get("url", ""))
    return str((entry.get("image") or {}).get("href", ""))


# -- JSON Feed (https://www.jsonfeed.org/version/1.1/) ---------------------------------------------


def _read_json(page: Page) -> Entries:
    try:
        feed = json.loads(page.body.decode(page.encoding, "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError, LookupError) as error:
        raise NotReadable(f"the answer is not a JSON Feed ({error})") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not _JSON_VERSION.search(str(feed.get("version"))[:100]):
        raise NotReadable("the answer is JSON but not a JSON Feed; use kind: json")
    records = [_json_entry(item, feed) for item in items if isinstance(item, dict)]
    return Entries(records, _text(feed, "next_url"), title=plain(_text(feed, "title")))


def _json_entry(item: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any]:
    content = _text(item, "content_html")
    if not content and (written := _text(item, "content_text")):
        paragraphs = re.split(r"\n\s*\n", written)
        content = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs)
    address = _text(item, "url") or _text(item, "external_url")
    guid, media = _text(item, "id"), _attachment(item)
    values = {
        "url": address or (guid if guid.startswith(("http://", "https://")) else media),
        "guid": guid,
        "title": plain(_text(item, "title")),
        "time": _text(item, "date_published"),
        "author": tuple(_names(item) or _names(feed)),
        "summary": html.escape(_text(item, "summary"), quote=False),
        "content": content,
        "media": media,
        "image": _text(item, "image") or _text(item, "banner_image"),
        "tags": tuple(_words(item.get("tags"))),
        "language": _text(item, "language") or _text(feed, "language"),
        "lastmod": _text(item, "date_modified"),
    }
    return {name: value for name, value in values.items() if value}


def _attachment(item: Mapping[str, Any]) -> str:
    """Return the address of the film or the sound that an item is about; "" for none."""
    files = item.get("attachments")
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and _MEDIA.match(_text(file, "mime_type")):
            return _text(file, "url")
    return ""


def _names(place: Mapping[str, Any]) -> list[str]:
    authors = place.get("authors")
    people: Sequence[Any] = authors if isinstance(authors, list) else [place.get("author")]
    return [
        plain(_text(person, "name"))
        for person in people
        if isinstance(person, dict) and person.get("name")
    ]


def _words(value: Any) -> Iterator[str]:
    for word in value[:_MOST_TAGS] if isinstance(value, list) else ():
        if isinstance(word, str) and (tag := plain(_text({"": word}, ""))):
            yield tag


def _text(place: Mapping[str, Any], name: str) -> str:
    """Return a text field without lone surrogates; "" if it is absent or not text."""
    value = place.get(name)
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""
