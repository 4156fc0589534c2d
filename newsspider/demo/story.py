"""A story of the newsroom, and the stories it opens with.

Comes in: `data/*.yml` (one file a medium) and the bodies of the real posts, `data/*.html`, for the
first user's site; `data/eastmoney/*.yml` for the living East Money. Goes out: `Story` values.
Called by the newsroom, by the demo and by the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from newsspider.demo import markup

_DATA = Path(__file__).parent / "data"
# CSafeLoader where libyaml is there: the stories are read in 5 ms instead of 30.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as the newsroom knows it.

    `id` is the 18 digits (`NW` + id is the infoCode), `time` is `YYYY-MM-DD HH:MM:SS` in Beijing,
    `body` is HTML with keyword links as `⟦words|code⟧` (see markup.py). `lists` are the list
    interfaces that name it: 45, 37, 38, 39 make it a post of its medium, 102 one of the rolling
    news.

    What East Money's own pages need: `columns` are the lists that name it (`cgnjj`), `host` and
    `template` where it lives and how its page looks ("2021", "2020"; "wap" has no other page),
    `quirks` what is odd about it (eastmoney/article.py tells them), `np_dst` CFH for what another
    site has. "724" among the `lists` makes it one of the fast news. `reading` is what a reader
    must see of the body and nothing else, a string for each paragraph, sub-head, caption, cell and
    point.

    `spelling` picks the field names of its text answer (apis.SPELLINGS); `answer` breaks it
    ("404", "500", "cut", "empty": a page without body); `blank` empties title, time and address of
    its rolling-news record. `expect` says what must become of it: "published", "dropped <reason>",
    "failed <reason>", or "elsewhere" where another site has it.
    """

    id: str
    title: str
    time: str
    media: str
    body: str = field(default="", repr=False)
    digest: str = field(default="", repr=False)
    column: str = "1354"
    lists: tuple[str, ...] = ("45", "37")
    spelling: str = "full"
    answer: str = ""
    blank: bool = False
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
    expect: str = "published"

    @property
    def code(self) -> str:
        """The infoCode: `NW` and 18 digits."""
        return "NW" + self.id

    @property
    def slug(self) -> str:
        """The category, as the first user's scripts spell a medium: xpinyin, without hyphens."""
        return slug(self.media)

    @property
    def tag(self) -> str:
        return self.media + "新闻"

    @property
    def text(self) -> str:
        """The answer's `text`: no keyword links, CRLF."""
        return markup.plain(self.body)

    @property
    def content(self) -> str:
        """The answer's `content`: keyword links, LF."""
        return markup.linked(self.body)

    @property
    def stocks(self) -> tuple[str, ...]:
        """The shares and boards its body marks, `1.600941`, each once."""
        found = re.findall(r"⟦[^|⟧]*\|(\d+\.[\w.]+)⟧|GetPic\.aspx\?nid=([\w.]+)&", self.body)
        return tuple(dict.fromkeys(link or chart for link, chart in found))

    @property
    def pictures(self) -> tuple[str, ...]:
        """The addresses of the pictures in its body; a K-line chart is none."""
        return tuple(re.findall(r'<img src="(https://[^"]+/download/[^"]+)"', self.body))

    @property
    def rolling(self) -> bool:
        """Whether the rolling news name it."""
        return "102" in self.lists

    @property
    def post(self) -> bool:
        """Whether it is a post of its medium."""
        return bool({"45", "37", "38", "39"} & set(self.lists))


@lru_cache(maxsize=256)
def slug(media: str) -> str:
    """`人民邮电报` → `renminyoudianbao`."""
    return str(_pinyin().get_pinyin(media)).replace("-", "")


@cache
def stories(world: str = "finews") -> tuple[Story, ...]:
    """The stories the newsroom opens with, newest first: of the first user's site ("finews") or of
    the living East Money ("eastmoney")."""
    folder = _DATA if world == "finews" else _DATA / world
    found = [
        _story(entry, world) for path in sorted(folder.glob("*.yml")) for entry in _entries(path)
    ]
    return tuple(sorted(found, key=lambda story: (story.time, story.id), reverse=True))


@cache
def _pinyin() -> Any:
    from xpinyin import Pinyin  # reads its table when made: 12 ms

    return Pinyin()


def _entries(path: Path) -> list[dict[str, Any]]:
    """The stories of a file; its `each` holds for every one that does not say otherwise."""
    data = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    return [{**data["each"], **entry} for entry in data["stories"]]


def _story(entry: dict[str, Any], world: str) -> Story:
    """A story from its entry: `lines` are set as markup.body tells, `body` is taken as it stands,
    and with neither the body is the file named like the story."""
    form, credit = entry.pop("form", ""), entry.pop("credit", None)
    if (lines := entry.pop("lines", None)) is not None:
        media = entry["media"] if credit is None else credit
        indent, joined = "indent" in form, "joined" in form
        host = f"{'np-newspic' if entry['id'] >= '2025' else 'dfscdn'}.dfcfw.com"
        entry["body"] = markup.body(lines, media, indent=indent, joined=joined, pictures=host)
        if world != "finews":
            entry["reading"] = markup.reading(lines)
    elif "body" not in entry:
        entry["body"] = (_DATA / f"NW{entry['id']}.html").read_bytes().decode().removesuffix("\n")
    digest = entry.get("digest", "")
    if digest and entry["title"] and not digest.startswith("【"):
        entry["digest"] = f"【{entry['title']}】{digest}"
    if "lists" not in entry:
        entry["lists"] = ["45", "37"] + (["102"] if digest else [])
    for name in ("lists", "columns", "quirks"):
        entry[name] = tuple(entry.get(name, ()))
    return Story(**entry)
