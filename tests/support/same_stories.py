"""A story as other papers print it: nine kinds of change, in each language of data/stories.yml."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from support import DATA

LANGUAGES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (DATA / "stories.yml").read_text("utf-8")
)
_WIDE = str.maketrans(",.:()", "，。：（）")


def text(paragraphs: list[str]) -> str:
    return "\n".join(paragraphs)


def _without_a_fifth(story: Mapping[str, Any]) -> str:
    whole = text(story["story"])
    return whole[: len(whole) * 4 // 5]


def _other_marks(story: Mapping[str, Any]) -> str:
    return text(story["story"]).translate(_WIDE).replace("\n", "  \n\n ").upper()


CHANGES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "agency head": lambda story: story["head"] + text(story["story"]),
    "agency tail": lambda story: text([*story["story"], story["tail"]]),
    "cut by a fifth": _without_a_fifth,
    "first paragraph missing": lambda story: text(story["story"][1:]),
    "extra paragraph": lambda story: text([*story["story"], story["extra"]]),
    "extra paragraph inside": lambda story: text(
        [*story["story"][:2], story["extra"], *story["story"][2:]]
    ),
    "another opening": lambda story: text([story["opening"], *story["story"][1:]]),
    "another order": lambda story: text([story["story"][0], *reversed(story["story"][1:])]),
    "other marks, spaces and case": _other_marks,
}


def report(language: str, company: int, day: int) -> str:
    """A report that is written by a form each day, with the figures of a company and a day."""
    chance = random.Random(f"{company} {day}")
    figures = {gap: f"{chance.uniform(1, 90000):.2f}" for gap in string.ascii_lowercase[:10]}
    name, code = ("Alpha Bank", "Beta Steel", "Gamma Foods")[company], 600100 + company
    return str(LANGUAGES[language]["form"].format(name=name, code=code, day=day, **figures))
