"""Article fields of JSON answers whose paths find nothing any more → paths that find them today.

In: the rules of a page, and of each article its answer and what its fields should be. Out: a pick
for each field that all answers have at one path. Called by `authoring.mend_fields`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsspider.authoring.replay import Value, as_list, plain
from newsspider.dates import Moment
from newsspider.discover.state import TIME_KEY, leaves
from newsspider.sites.listings import JsonPage, JsonPick
from newsspider.text.selectors import read_json_fields

_FEWEST = 2  # articles that show what is meant
_SHORTEST = 200  # characters of a text that is a body by its length
_LONGER = 2  # times the second longest text of the answer
_OWN = ("title", "body")  # of each article
_MODIFIED = re.compile(r"modif|update|chang|edit", re.IGNORECASE)

# The time that a value states, None for another text.
ReadTime = Callable[[str], Moment | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for an article, and the values that each of its fields may have."""

    value: Any
    wanted: Mapping[str, Sequence[Value]]


def json_picks(
    rules: JsonPage, answers: Sequence[Answer], read_time: ReadTime
) -> Iterator[tuple[str, JsonPick]]:
    """Yield field and pick for each field that no answer has where the site file says."""
    usable = [answer for answer in answers if isinstance(answer.value, dict)]
    if len(usable) < _FEWEST or len(usable) < len(answers):
        return
    read = [read_json_fields(answer.value, rules.fields) for answer in usable]
    texts = [leaves(answer.value) for answer in usable]
    for name in rules.fields:
        if any(fields[name] for fields in read):
            continue
        for path in _by_closeness(name, texts[0]):
            pairs = zip(texts, usable, strict=True)
            is_own = name not in _OWN or len({each.get(path) for each in texts}) == len(texts)
            if is_own and all(
                _is_field(name, path, each, answer, read_time) for each, answer in pairs
            ):
                yield name, JsonPick(select=path)
                break


def _by_closeness(name: str, texts: Mapping[str, Any]) -> list[str]:
    """Return the paths of an answer: those whose last key is like the field's name first."""
    return sorted(texts, key=lambda path: (name not in _last(path), path.count("."), len(path)))


def _is_field(
    name: str, path: str, texts: Mapping[str, Any], answer: Answer, read_time: ReadTime
) -> bool:
    text = str(texts.get(path, "")).strip()
    if not text:
        return False
    wanted = [value for value in answer.wanted.get(name, ()) if value]
    if name in ("time", "modified"):
        return _is_time(name, path, text, wanted, read_time)
    if name == "body" and not wanted:
        others = (len(str(other)) for at, other in texts.items() if at != path)
        return len(text) >= max(_SHORTEST, _LONGER * max(others, default=0))
    return plain(name, text) in wanted or any(text in as_list(value) for value in wanted)


def _is_time(name: str, path: str, text: str, wanted: Sequence[Value], read_time: ReadTime) -> bool:
    """Return whether a text is the time that is wanted; where none is known, whether it is a time
    with the name of one."""
    moment = read_time(text)
    if moment is None:
        return False
    known = [time for value in wanted if (time := read_time(str(value))) is not None]
    if known:
        return any(moment.at.date() == time.at.date() for time in known)
    is_modified = bool(_MODIFIED.search(_last(path)))
    return bool(TIME_KEY.search(_last(path))) and is_modified is (name == "modified")


def _last(path: str) -> str:
    return path.rpartition(".")[2].lower()
