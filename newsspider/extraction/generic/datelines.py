"""Credits: lines that only name the authors of an article and its date.

In: a line at the head or the end of a text. Out: whether it is a credit. `body` removes credits;
`authors` uses the patterns of names and days. `people` and `times` read what credits name.
"""

from __future__ import annotations

import re

from newsspider.clean.credits import credit
from newsspider.dates.lines import month_names, relative
from newsspider.dates.locales import key, plain
from newsspider.extraction.generic.byline_lines import is_byline
from newsspider.extraction.generic.line import Line
from newsspider.languages import alternation, words
from newsspider.text.chinese import simplified
from newsspider.text.scripts import HAN, HANGUL

_DATE = re.compile(
    r"\d{1,2}\D{1,16}(?:19|20)\d\d\b|\b(?:19|20)\d\d(?:\D{1,3}|\D{3,16})\d{1,2}|\d{1,2}月\s?\d{1,2}日?"
    r"|[今昨前]天|\d\s?(?:分钟|小时|天)前",
)
# `記者林曉、王明／台北報導`, and the start of `（中央社記者林曉台北22日電）港務局…`, simplified
REPORTED = re.compile(
    rf"[{HAN}]{{0,4}}记者\s?([{HAN}]{{2,4}}(?:、[{HAN}]{{2,4}}){{0,4}})[/／]"
    rf"[{HAN}]{{0,8}}报导$"
    rf"|[（(〔【][{HAN}]{{0,6}}记者([{HAN}]{{2,3}})"
    rf"(?:[/／][{HAN}]{{0,8}}报导|[{HAN}]{{2,4}}\d{{1,2}}日[{HAN}]{{0,3}}电)[）)〕】]"
)
_HAN = re.compile(rf"[{HAN}]")
_HAN_TEXT = re.compile(rf"[{HAN}]{{9}}")
_HANGUL = re.compile(rf"[{HANGUL}]")
_WORD = re.compile(r"[^\W\d_]+")
_WHOLE_WORD = re.compile(r"(?<!\w)[^\W\d_]+")  # not `h` of 16h25, `ko` of 2026ko
_BYLINE = re.compile(
    rf"(?:{alternation('by', 'author')})\s*[:：]?\s+[^\s.!?]+(?:\s[^\s.!?]+|\s\S\.){{0,7}}",
    re.I,
)
_LABELLED = re.compile(
    r"(?:来\s?源|作\s?者|记\s?者|编\s?辑|责\s?编|责任编辑|主编|发布时间|发布日期|更新时间|时间|日期|字号|字体|浏览次数|浏览|阅读|点击)"
    r"\s{0,2}[:：]\s{0,2}[^\s:：（）()]{0,20}|(?:19|20)\d\d[-年/.]\s?\d{1,2}[-月/.]\s?\d{1,2}日?"
    r"|\d{1,2}[-月/]\d{1,2}日?|\d{1,2}[:：]\d\d(?::\d\d)?|[今昨前]天|\d+\s?(?:分钟|小时|天)前"
    r"|字号|字体|[大中小](?=\W|$)|打印|分享|收藏|评论|纠错|我要|次"
)
# `김지우 기자 jiwoo@a.example 입력 2026.11.22. 오후 4:25`
_KOREAN = re.compile(
    rf"(?:[{HANGUL}]{{2,4}}(?:\s?[·,]\s?[{HANGUL}]{{2,4}}){{0,4}}\s?(?:기자|특파원|논설위원|앵커)|[\w.+-]+@[\w.-]+"
    r"|입력|수정|승인|등록|송고|업데이트|최종|오전|오후|[\d\s|:·./-])+"
)


# Words around a time: `Publié le … à 16h25 | Mis à jour le …`.
_TIME_WORDS = frozenset(map(key, words("around_time")))
_TIME_LABEL = re.compile(rf"\b(?:{plain(alternation('published', 'modified'))})\w*", re.I)
_LONGEST = 120


def is_credit(line: Line) -> bool:
    """Return whether a line at the head or the end of a text only names its authors and date."""
    text = line.text
    if line.kind not in ("p", "cell") or not 0 < len(text) <= _LONGEST:
        return False
    named = _BYLINE.fullmatch(text) or is_person(text) or is_byline(text)
    if text[-1] not in ".!?:" and named:
        return True
    if _HANGUL.search(text) and _KOREAN.fullmatch(text):
        return True
    if has_date(text) and _is_dated_byline(text):
        return True
    if (signed := REPORTED.match(simplified(text))) and signed.end() == len(text):
        return True
    rest, count = _LABELLED.subn("", simplified(text))
    if count and len("".join(_WORD.findall(rest))) <= 4:
        return True
    return credit(text) is not None


def has_date(text: str) -> bool:
    """Return whether a line has what looks like a day: a year, 6月12日, 3 hours ago."""
    return bool(_DATE.search(text) or relative().search(plain(text)))


def is_person(text: str) -> bool:
    """Return whether a line is a name of two or three words: `Jan Kowalski`, `Claire L. Dubois`."""
    words = text.split()
    return 2 <= len(words) <= 3 and all(
        word[0].isupper() and re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*[^\W\d_'’-]*\.?", word)
        for word in words
    )


def _is_dated_byline(text: str) -> bool:
    """Return whether a line with a day has few other words, except those usual around a time."""
    text_without_labels = _TIME_LABEL.sub(" ", relative().sub(" ", plain(text)))
    names = map(key, _WHOLE_WORD.findall(text_without_labels))
    others = sum(name not in _TIME_WORDS and name not in month_names() for name in names)
    if _HAN.search(text):
        return len(text) <= 40 and others <= 3 and not _HAN_TEXT.search(text)
    if _BYLINE.match(text):
        return others <= 12 and text[-1] not in ".!?:"
    return others <= 1 or (others <= 3 and len(text) <= (60 if text.isascii() else 40))
