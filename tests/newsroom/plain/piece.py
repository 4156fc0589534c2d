"""A piece of the Harbour Gazette, and the ten it opens with.

In: `data/*.yml`. Out: `Piece` values. Called by the newsroom and by the tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import yaml

HOST = "www.harbourgazette.example"
ROOT = f"https://{HOST}"
_DATA = Path(__file__).parent / "data"
_LINES = frozenset({"p", "h2", "h3", "li", "td", "th", "figcaption"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article. `slug` is its name in addresses and its id; `language` "en" or "zh";
    `published` and `updated` are ISO 8601 with a zone, of which some differ from the site's;
    `image` is a file of `/images/` or ""; `pages` is the HTML of its one or two pages."""

    slug: str
    language: str
    title: str
    author: str
    section: str
    published: str
    updated: str
    summary: str
    tags: tuple[str, ...] = ()
    image: str = ""
    caption: str = ""
    pages: tuple[str, ...] = field(repr=False)

    @property
    def id(self) -> str:
        return self.slug

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.published)

    @property
    def changed(self) -> datetime:
        return datetime.fromisoformat(self.updated)

    @property
    def time(self) -> str:
        """`2026-09-14 06:30:00`, in UTC: what the newsroom sorts by."""
        return f"{self.when.astimezone(UTC):%Y-%m-%d %H:%M:%S}"

    @property
    def path(self) -> str:
        """`/en/2026/09/14/winter-ferry-timetable`; its second page has `?page=2`."""
        return f"/{self.language}/{self.published[:10].replace('-', '/')}/{self.slug}"

    @property
    def url(self) -> str:
        return ROOT + self.path

    @property
    def picture(self) -> str:
        """The address of its image, or ""."""
        return f"{ROOT}/images/{self.image}" if self.image else ""

    @property
    def whole(self) -> str:
        """The HTML of all its pages; links and pictures are relative to its address."""
        return "".join(self.pages).rstrip("\n")

    @property
    def reading(self) -> tuple[str, ...]:
        """What a reader must see of the body, a string for each paragraph, head, point, cell and
        caption, in reading order."""
        parser = _Lines()
        parser.feed(self.whole)
        lines = (" ".join(line.split()) for line in parser.lines)
        return tuple(line for line in lines if line)


class _Lines(HTMLParser):
    """The text of HTML as `data/*.yml` has it, block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _LINES:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


@cache
def pieces() -> tuple[Piece, ...]:
    """The pieces the newsroom opens with, newest first."""
    pieces = []
    for path in sorted(_DATA.glob("*.yml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        for entry in data["pieces"]:
            entry |= {name: tuple(entry[name]) for name in ("tags", "pages")}
            pieces.append(Piece(language=data["language"], **entry))
    return tuple(sorted(pieces, key=lambda piece: piece.time, reverse=True))
