"""A story of the newsroom, and the stories it starts with.

In: `data/*.yml`, one file per medium, and the bodies of real posts, `data/*.html`. Out: `Story`
values. Called by the newsroom, the demo and the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from newsspider.demo import markup

_DATA = Path(__file__).parent / "data"
# CSafeLoader, if libyaml is installed, reads the stories in 5 ms instead of 30.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article of the newsroom.

    `id` is the 18 digits (`NW` + id is the infoCode), `time` is `YYYY-MM-DD HH:MM:SS` in Beijing,
    `body` is HTML with keyword links as `⟦words|code⟧` (see markup.py). `lists` are the list
    interfaces that contain it: 45, 37, 38, 39 make it a post of its medium, 102 a post of the
    rolling news.

    `spelling` picks the field names of its text answer (apis.SPELLINGS); `answer` replaces that
    answer by a broken one ("404", "500", "cut", "empty": a page without body); `blank` empties
    title, time and address of its rolling-news record. `expect` is the result that a crawl must
    have: "published", "dropped <reason>" or "failed <reason>".
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
    expect: str = "published"

    @property
    def code(self) -> str:
        """The infoCode: `NW` and 18 digits."""
        return "NW" + self.id

    @property
    def slug(self) -> str:
        """The category: the medium in the spelling of the first user's scripts, xpinyin without
        hyphens."""
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
    def rolling(self) -> bool:
        """Whether the rolling news contain it."""
        return "102" in self.lists

    @property
    def post(self) -> bool:
        """Whether it is a post of its medium."""
        return bool({"45", "37", "38", "39"} & set(self.lists))


@lru_cache(maxsize=256)
def slug(media: str) -> str:
    """`人民邮电报` → `renminyoudianbao`."""
    return str(_pinyin().get_pinyin(media)).replace("-", "")


AnyStory = TypeVar("AnyStory", bound=Story)


@cache
def stories() -> tuple[Story, ...]:
    """The stories that the newsroom starts with, newest first."""
    return newest_first(Story(**fields_of(entry)) for entry in entries(_DATA))


def newest_first(stories: Iterable[AnyStory]) -> tuple[AnyStory, ...]:
    return tuple(sorted(stories, key=lambda story: (story.time, story.id), reverse=True))


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """The stories in a folder's files, as mappings; `each` of a file holds the default values of
    its stories."""
    for path in sorted(folder.glob("*.yml")):
        data = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
        for entry in data["stories"]:
            yield {**data["each"], **entry}


def fields_of(entry: Mapping[str, Any], pictures: str = "dfscdn.dfcfw.com") -> dict[str, Any]:
    """The fields of a story from its entry; `pictures` is the host of its pictures."""
    fields = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in entry.items()
        if name not in ("lines", "form", "credit")
    }
    fields["body"] = _body(entry, pictures)
    digest = entry.get("digest", "")
    if digest and entry["title"] and not digest.startswith("【"):
        fields["digest"] = f"【{entry['title']}】{digest}"
    if "lists" not in entry:
        fields["lists"] = ("45", "37", "102") if digest else ("45", "37")
    return fields


@cache
def _pinyin() -> Any:
    from xpinyin import Pinyin  # reads its table when created: 12 ms

    return Pinyin()


def _body(entry: Mapping[str, Any], pictures: str) -> str:
    """The body of a story: from its `lines` by markup.body, or its `body`, or its file in data/."""
    if "lines" not in entry:
        file = _DATA / f"NW{entry['id']}.html"
        return entry["body"] if "body" in entry else file.read_bytes().decode().removesuffix("\n")
    form, credit = entry.get("form", ""), entry.get("credit")
    return markup.body(
        entry["lines"],
        entry["media"] if credit is None else credit,
        indent="indent" in form,
        joined="joined" in form,
        pictures=pictures,
    )
