"""What a reader of one kind of listing gives back; `newsspider.listing` makes links of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entries:
    """`records` hold fields under the names of the site file, with addresses as the page wrote
    them. `next` is what the page says of the one after it (an address, a cursor); `subs` are the
    pages of an index, each with when it changed."""

    records: Sequence[Mapping[str, Any]]
    next: str = ""
    subs: Sequence[tuple[str, str]] = ()
