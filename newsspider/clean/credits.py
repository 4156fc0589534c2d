"""Lines that say who wrote, edited or first published an article.

In: a line of text. Out: a Credit, or None for a line of the article. The rule `credits` takes such
lines out of the reading text; `newsspider.clean.metadata` reads the source by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from newsspider.clean.marks import classes
from newsspider.clean.tree import Notes, drop, elements, lines, text_of

_LONGEST = 60  # characters of a line of names; the longest seen in Chinese news has 40
_LONGEST_TITLE = 120
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}
_ORIGINAL = re.compile(r"原(?:标题|题目)\s?[:：]\s?")
_SOURCE = re.compile(r"(?P<what>文章|稿件|本文|新闻|信息)?来源\s?[:：]\s?")
_AUTHOR = re.compile(r"(?:[\w·]{0,10}(?:记者|作者)|撰文|采写|作者|文)")
_EDITOR = re.compile(r"[\w·]{0,6}(?:编辑|责编)")
# They are named in one line with author and editor, and are neither.
_OTHER = re.compile(r"[\w·]{0,4}(?:校对|审核|审校|编审|监制|统筹|制图|排版|实习生|通讯员|编委)")
_PLACE = re.compile(r"[\w·]{0,6}报道")
_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,8}){0,3}(?:_\w{1,12})?|[A-Za-z][\w.'’-]{0,24}"
)
_PARTS = re.compile(r"[^\s:：|｜丨/／、，,；;]+|[:：|｜丨/／、，,；;]")
_JOINTS = frozenset(":：|｜丨/／、，,；;")
_NO_NAMES = frozenset({"简介", "介绍", "手记", "观察", "推荐", "注", "按", "观点", "佚名"})


@dataclass(frozen=True, slots=True)
class Credit:
    """What one line says; "" and () where it does not."""

    editor: str = ""
    original_title: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()


def credit(line: str, *, first: bool = False) -> Credit | None:
    """What a line credits, or None when it is, or may be, a line of the article.

    `first` says that the line opens the article: only there is a bare `来源：X` the article's
    source. Elsewhere it is as often that of a picture or a table (`来源：Wind`).
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
    """X of `（文章来源：X）`, in full- or half-width characters; "" when it says nothing."""
    text = _bare(line)
    label = _SOURCE.match(text)
    return text[label.end() :].strip() if label else ""


def editor_of(line: str) -> str:
    """X of a line that is known to name the editor."""
    text = _bare(line)
    _, colon, name = text.partition("：" if "：" in text else ":")
    return (name if colon else text).strip()


def _bare(line: str) -> str:
    """A line without the one pair of brackets around all of it."""
    line = " ".join(line.split())
    if len(line) > 1 and line[-1] == _BRACKETS.get(line[0]):
        return line[1:-1].strip()
    return line


def _names(text: str) -> Credit | None:
    """`作者：张三 编辑：李四`, `每经记者 张三`, `文/张三`: labels and names, nothing else."""
    found: dict[str, list[str]] = {"author": [], "editor": [], "other": []}
    label, joint = "", ""
    for part in _PARTS.findall(text):
        if part in _JOINTS:
            joint = part
            continue
        if kind := _label(part):
            label = kind
        elif not label:
            return None
        elif found[label] and _PLACE.fullmatch(part):
            continue
        elif _NAME.fullmatch(part) and part not in _NO_NAMES:
            names = found[label]
            if names and not joint and names[-1].isascii() and part.isascii():
                names[-1] += f" {part}"
            else:
                names.append(part)
        else:
            return None
        joint = ""
    if not found["author"] and not found["editor"]:
        return None
    # 163.com writes the editor as 张三_NB12345.
    editor = found["editor"][0].partition("_")[0] if found["editor"] else ""
    return Credit(editor=editor, authors=tuple(found["author"]))


def _label(part: str) -> str:
    for kind, pattern in (("editor", _EDITOR), ("author", _AUTHOR), ("other", _OTHER)):
        if pattern.fullmatch(part):
            return kind
    return ""


def credit_lines(root: etree._Element, notes: Notes) -> None:
    """Take the credit lines out of the text, and note what they say."""
    found = []
    for number, line in enumerate(lines(root)):
        marks = classes(line)
        text = text_of(line)
        if "em_media" in marks:
            said: Credit | None = Credit(source=source_of(text))
        elif "res-edit" in marks:
            said = Credit(editor=editor_of(text))
        else:
            said = credit(text, first=number == 0)
        if said and next(elements(line, "img", "video", "audio"), None) is None:
            found.append(line)
            _note(notes, said)
    drop(root, found)


def _note(notes: Notes, said: Credit) -> None:
    notes.editor = notes.editor or said.editor
    notes.original_title = notes.original_title or said.original_title
    notes.source = said.source or notes.source  # the last one, as in the first user's posts
    notes.authors += [name for name in said.authors if name not in notes.authors]
