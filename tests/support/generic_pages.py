"""The pages written for generic extraction, what each should give, and how near a reading comes."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from newsspider.dates import Precision
from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page
from support import DATA

FOLDER = DATA / "generic"
BASELINE = FOLDER / "baseline.json"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
NOW = datetime(2024, 6, 14, 10, 30, tzinfo=UTC)  # 18:30 in China

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def read(name: str) -> Extracted:
    """What extraction makes of a page."""
    body = (FOLDER / f"{name}.html").read_bytes()
    return extract(Page(url=wanted(name)["url"], body=body), now=NOW)


def wanted(name: str) -> dict[str, Any]:
    """What it should make of it."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def told(found: Extracted) -> dict[str, Any]:
    """What was found, in the words of the expected files."""
    at, precision = found.published, found.published_precision
    exact = precision is not None and precision >= Precision.HOUR
    return {
        "title": found.title,
        "published": (at.isoformat(timespec="minutes") if exact else f"{at:%Y-%m-%d}")
        if at
        else "",
        "authors": list(found.authors),
        "editor": found.editor,
        "source": found.source,
        "lead": found.images[0].url if found.images else "",
        "language": found.language,
        "canonical": found.canonical,
        "next": found.next,
        "verdict": found.verdict,
        "text": found.text.split("\n"),
    }


def scores(name: str) -> dict[str, float]:
    """For each expected field 1 or 0, for the text how much of it is right (F1 of word pairs)."""
    found = told(read(name))
    marks = {}
    for field, expected in wanted(name).items():
        if field == "text":
            marks[field] = _alike(expected, found["text"])
        elif field != "url":
            marks[field] = float(found[field] == expected)
    return marks


def _alike(expected: list[str], found: list[str]) -> float:
    one, other = _pairs(expected), _pairs(found)
    if not one or not other:
        return float(one == other)
    return round(2 * sum((one & other).values()) / (one.total() + other.total()), 3)


def _pairs(lines: list[str]) -> Counter[tuple[str, str]]:
    words = [word for line in lines for word in _TOKEN.findall(line)]
    return Counter(pairwise(words))
