"""A story as East Money has it, and the stories its newsroom opens with.

In: `data/*.yml`. Out: `EastMoneyStory` values. Called by hosts.py and by the tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from newsspider.demo import markup
from newsspider.demo.story import Story, entries, fields_of, newest_first

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class EastMoneyStory(Story):
    """One article with what East Money's own pages and interfaces need.

    `columns` are the lists that name it (`cgnjj`), `host` and `template` where it lives and how its
    page looks ("2021", "2020"; "wap" has no other page), `quirks` what is odd about it (article.py
    explains them), `np_dst` CFH for what another site has: its `expect` is "elsewhere". "724" among
    the `lists` puts it among the fast news. `reading` is what a reader must see of the body and
    nothing else, a string for each paragraph, sub-head, caption, cell and point.
    """

    original: str = ""
    editor: str = ""
    columns: tuple[str, ...] = ()
    host: str = "finance.eastmoney.com"
    template: str = "2021"
    quirks: tuple[str, ...] = ()
    np_dst: str = "CMS"
    summary: str = ""
    image: str = ""
    reading: tuple[str, ...] = field(default=(), repr=False)

    @property
    def stocks(self) -> tuple[str, ...]:
        """The shares and boards its body marks, `1.600941`, each once."""
        codes = re.findall(r"⟦[^|⟧]*\|(\d+\.[\w.]+)⟧|GetPic\.aspx\?nid=([\w.]+)&", self.body)
        return tuple(dict.fromkeys(link or chart for link, chart in codes))

    @property
    def pictures(self) -> tuple[str, ...]:
        """The addresses of the pictures in its body, without K-line charts."""
        return tuple(re.findall(r'<img src="(https://[^"]+/download/[^"]+)"', self.body))


def as_eastmoney(story: Story) -> EastMoneyStory:
    """A story of the first user's site as East Money has it: in no column, with no quirks."""
    if isinstance(story, EastMoneyStory):
        return story
    return EastMoneyStory(**{item.name: getattr(story, item.name) for item in fields(story)})


@cache
def stories() -> tuple[EastMoneyStory, ...]:
    """The stories East Money opens with, newest first."""
    return newest_first(_story(entry) for entry in entries(_DATA))


def _story(entry: Mapping[str, Any]) -> EastMoneyStory:
    host = f"{'np-newspic' if entry['id'] >= '2025' else 'dfscdn'}.dfcfw.com"
    reading = _reading(entry["lines"]) if "lines" in entry else ()
    return EastMoneyStory(**fields_of(entry, host), reading=reading)


def _reading(source: str) -> tuple[str, ...]:
    """What a reader must see of a story written line by line without HTML lines: a string for each
    paragraph, sub-head, caption, cell and point, in reading order."""
    seen: list[str] = []
    for line in source.strip("\n").split("\n"):
        if line.startswith("K "):
            continue
        if picture := markup.IMAGE.match(line):
            shown = [picture[3]]
        elif line.startswith("|"):
            shown = line[1:].split("|")
        else:
            shown = [line.removeprefix("# ").removeprefix("- ")]
        seen += [words for words in map(_words, shown) if words]
    return tuple(seen)


def _words(line: str) -> str:
    for mark in (markup.MARK, markup.BOLD, markup.LINK):
        line = mark.sub(r"\1", line)
    return unescape(line).strip()
