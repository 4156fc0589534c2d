"""Lines that name who wrote, edited or first published an article.

In: a line of text. Out: a Credit, or None for a line of the article. The rule `credits` removes
such lines from the reading text; `clean.reading` reads the source with `source_of`, and
`clean.metadata` leaves credit lines out of a summary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from newsspider.clean.marks import classes
from newsspider.clean.tree import Notes, drop, elements, lines
from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import HAN

_LONGEST = 60  # characters of a line of names; the longest in Chinese news so far has 40
_LONGEST_TITLE = 120
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}
_ORIGINAL = re.compile(r"原(?:标题|题目)\s?[:：]\s?")
_SOURCE = re.compile(r"(?P<what>文章|稿件|本文|新闻|信息)?来源\s?[:：]\s?")
_AUTHOR = re.compile(r"(?:[\w·]{0,10}(?:记者|作者)|撰文|采写|作者|文)")
_EDITOR = re.compile(r"[\w·]{0,6}(?:编辑|责编)")
# People who are named in one line with author and editor, and are neither.
_OTHER = re.compile(r"[\w·]{0,4}(?:校对|审核|审校|编审|监制|统筹|制图|排版|实习生|通讯员|编委)")
_PLACE = re.compile(r"[\w·]{0,6}报道")
_NAME = lazy_pattern(
    rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,8}}){{0,3}}(?:_\w{{1,12}})?|[A-Za-z][\w.'’-]{{0,24}}"
)
_PARTS = re.compile(r"[^\s:：|｜丨/／、，,；;]+|[:：|｜丨/／、，,；;]")
_JOINTS = frozenset(":：|｜丨/／、，,；;")
_NO_NAMES = frozenset({"简介", "介绍", "手记", "观察", "推荐", "注", "按", "观点", "佚名"})


@dataclass(frozen=True, slots=True)
class Credit:
    """The values of one line; "" and () for those that it does not contain."""

    editor: str = ""
    original_title: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()


def credit(line: str, *, first: bool = False) -> Credit | None:
    """Return what a line credits, or None when it is, or may be, a line of the article.

    `first`: the line opens the article. Only there is a bare `来源：X` the article's source.
    Elsewhere it is as often the source of a picture or a table (`来源：Wind`).
    """
    if len(line) > _LONGEST_TITLE:
        return None
    text = _bare(line)
    bracketed = text != line.strip()
    if label := _ORIGINAL.match(text):
        return Credit(original_title=text[label.end() :].strip())
    if len(text) > _LONGEST:
        return None
    if label := _SOURCE.match(text):
        sure = bracketed or first or label["what"]
        return Credit(source=text[label.end() :].strip()) if sure else None
    return _names(text)


def source_of(line: str) -> str:
    """Return X of `（文章来源：X）`, in full- or half-width characters; "" for other lines."""
    text = _bare(line)
    label = _SOURCE.match(text)
    return text[label.end() :].strip() if label else ""


def editor_of(line: str) -> str:
    """Return the name in a line that is known to name the editor."""
    text = _bare(line)
    _, colon, name = text.partition("：" if "：" in text else ":")
    return (name if colon else text).strip()


def _bare(line: str) -> str:
    """Return a line without the pair of brackets around all of it."""
    line = " ".join(line.split())
    if len(line) > 1 and line[-1] == _BRACKETS.get(line[0]):
        return line[1:-1].strip()
    return line


def _names(text: str) -> Credit | None:
    """Return the credit of a line that contains only labels and names (`作者：张三 编辑：李四`,
    `每经记者 张三`, `文/张三`), else None."""
    people: dict[str, list[str]] = {"author": [], "editor": [], "other": []}
    label, joint = "", ""
    for part in _PARTS.findall(text):
        if part in _JOINTS:
            joint = part
            continue
        if kind := _label(part):
            label = kind
        elif not label:
            return None
        elif people[label] and _PLACE.fullmatch(part):
            continue
        elif _NAME.fullmatch(part) and part not in _NO_NAMES:
            names = people[label]
            if names and not joint and names[-1].isascii() and part.isascii():
                names[-1] += f" {part}"
            else:
                names.append(part)
        else:
            return None
        joint = ""
    if not people["author"] and not people["editor"]:
        return None
    # 163.com writes the editor as 张三_NB12345.
    editor = people["editor"][0].partition("_")[0] if people["editor"] else ""
    return Credit(editor=editor, authors=tuple(people["author"]))


def _label(part: str) -> str:
    for kind, pattern in (("editor", _EDITOR), ("author", _AUTHOR), ("other", _OTHER)):
        if pattern.fullmatch(part):
            return kind
    return ""


def credit_lines(root: etree._Element, notes: Notes) -> None:
    """Remove the credit lines from the text, and note their values."""
    removed = []
    for number, line in enumerate(lines(root)):
        marks = classes(line)
        text = notes.text_of_line(line)
        if "em_media" in marks:
            credited: Credit | None = Credit(source=source_of(text))
        elif "res-edit" in marks:
            credited = Credit(editor=editor_of(text))
        else:
            credited = credit(text, first=number == 0)
        if credited and next(elements(line, "img", "video", "audio"), None) is None:
            removed.append(line)
            _note(notes, credited)
    drop(root, removed)


def _note(notes: Notes, credited: Credit) -> None:
    notes.editor = notes.editor or credited.editor
    notes.original_title = notes.original_title or credited.original_title
    notes.source = credited.source or notes.source  # the last one, as in the first user's posts
    notes.authors += [name for name in credited.authors if name not in notes.authors]
