"""The entries of a listing page, before they become links.

Out: Entries, which the reader of each kind returns and `newsspider.listing` turns into links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a page.

    `records` holds the fields of each entry under the names of the site file, with addresses as
    written on the page. `next` is the page's reference to the next one (an address or a cursor);
    `subs` are the addresses of an index's pages, each with the time of its last change; `title` is
    the title of a feed.
    """

    records: Sequence[Mapping[str, Any]]
    next: str = ""
    subs: Sequence[tuple[str, str]] = ()
    title: str = ""
