"""What an export is about, for the formats that a person reads.

In: the configuration of the site. Out: an About. Writers read it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """The title and the language of the site, the address of its home page ("" if that is not
    known), the beginning of ids in feeds, and whether feeds give summaries instead of texts."""

    title: str = "News"
    language: str = ""
    home: str = ""
    feed_id: str = "tag:localhost,2000:"
    summaries: bool = False
