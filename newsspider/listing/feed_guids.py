"""The identity that a feed gives its entries: the guid of RSS, the id of Atom and JSON Feed.

In: the entries of a feed. Out: the same, without guids that identify nothing; entries that link to
one page have their guid as the `part` of it that they are. Called by `listing.feed`. Pure.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newsspider.text.urls import canonical

_LONGEST = 300  # characters of a guid; an address of a UUID has 45
_ADDRESS = re.compile(
    rb"<(?:guid|id)\b[^<>]{0,200}>(?:<!\[CDATA\[)?\s{0,9}(https?:[^<\]\s]{1,2000})"
)
_POSITION = re.compile(r"\W*\d{0,3}\W*")  # as likely the place of an entry in the feed

Record = Mapping[str, Any]


def with_guids(records: Sequence[Record]) -> Iterator[Record]:
    """Yield the entries with the guids that identify an article: not a position, and the guid of no
    entry that links elsewhere.

    Entries with one link and different guids and titles are articles of their own, as in a list of
    releases: `part` is their guid."""
    addresses = [canonical(str(record.get("url", ""))) for record in records]
    guids = [_plausible(str(record.get("guid", ""))) for record in records]
    uses = Counter(guid for guid, _ in set(zip(guids, addresses, strict=True)))
    titles: dict[str, set[str]] = defaultdict(set)
    of_page: dict[str, set[str]] = defaultdict(set)
    for record, address, guid in zip(records, addresses, guids, strict=True):
        if guid and uses[guid] == 1:
            titles[address].add(str(record.get("title", "")))
            of_page[address].add(guid)
    for record, address, guid in zip(records, addresses, guids, strict=True):
        entry = {name: value for name, value in record.items() if name != "guid"}
        if guid and uses[guid] == 1:
            entry["guid"] = guid
            if address and min(len(of_page[address]), len(titles[address])) > 1:
                entry["part"] = guid
        yield entry


def with_media(records: Sequence[Record], body: bytes) -> Iterator[Record]:
    """Yield the entries of an XML feed; one of a broadcast without a page leads to its file.

    feedparser makes an address of a guid that is none and is not marked so. `body` is the feed."""
    stated = {html.unescape(guid.decode("utf-8", "replace")) for guid in _ADDRESS.findall(body)}
    for record in records:
        url, media = record.get("url"), record.get("media")
        no_page = media and url == record.get("guid") and url not in stated
        yield {**record, "url": media} if no_page else record


def _plausible(guid: str) -> str:
    guid = " ".join(guid.split())
    return "" if len(guid) > _LONGEST or _POSITION.fullmatch(guid) else guid
