"""What news pages of each language say: one file a language, `de.yml`, `zh.yml`.

In: a language tag, or a kind of word (`by`, `next`). Out: the words of that language, or those of
all of them. Extraction and `dates` build their patterns from these, so that a language is one file;
tests/languages lists what each file lacks. Files are read where a word is asked for, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
# The C loader reads all files in a third of the time; PyYAML may be built without it.
# Base: without types, so that `no` and `on` are words.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def names() -> tuple[str, ...]:
    """The languages that have a file, as ISO 639 codes."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def read(language: str) -> Mapping[str, Any]:
    """The file of a language; empty for one without a file."""
    if language not in names():
        return {}
    text = (_FOLDER / f"{language}.yml").read_text("utf-8")
    return yaml.load(text, _Loader) or {}  # noqa: S506 - BaseLoader makes text only


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of a kind in all languages, each once, in the order of the files."""
    found = (word for name in names() for word in read(name).get(kind, ()))
    return tuple(dict.fromkeys(found))


@cache
def alternation(*kinds: str) -> str:
    """The words of some kinds as alternatives of a regular expression, longest first. A word is
    written as such an expression: `aujourd.hui`, `kirjoit\\w*`."""
    found = {word for kind in kinds for word in words(kind)}
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


@cache
def compiled(*kinds: str) -> re.Pattern[str]:
    """`alternation`, ignoring case."""
    return re.compile(alternation(*kinds), re.IGNORECASE)
