"""The authors, the editor and the source (来源) of an article.

In: the tree of a page, its structured data, the lines near the headline and at the end of the text,
the address. Out: `People`. Called by `extract`. Chinese pages label the names in their lines
(来源：, 作者：, 记者, 责编：); `authors` and `publisher` read other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import html

from newsspider.extraction.generic.authors import find_authors
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.portals import find_medium, is_portal
from newsspider.extraction.generic.publisher import find_publisher
from newsspider.extraction.generic.structured import Structured
from newsspider.text.chinese import simplified
from newsspider.text.scripts import HAN, KANA

_HAN = re.compile(rf"[{HAN}]")
# Hiragana alone, which every Japanese sentence has: a Chinese page may have `・`, which KANA has.
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_CJK = re.compile(rf"[{KANA}{HAN}]")

_LABELLED = re.compile(
    rf"(?<![{HAN}])(?:(?P<source>(?:文章|稿件|本文|新闻|信息|内容|消息)?\s?来\s{{0,4}}源[于自]?|稿源|转自|出处|来自)"
    r"|(?P<editor>(?:责任|值班|网络|主管|本文|执行|助理|实习|本版|新媒体)?\s?编\s?辑|责\s?编|主编)"
    r"|(?P<author>(?:本报|本网|特约|实习|首席|见习|本刊)?\s?记\s?者|作\s{0,4}者|撰\s?文|撰\s?稿|采\s?写|执\s?笔|编\s?译|文)"
    r"|(?P<other>校\s?对|审\s?核|监\s?制|通讯员|摄\s?影|[供配题]?图|视频|制图|排版|阅读|点击|浏览\S{0,2}"
    r"|发布\S{0,2}|时间|日期|字号|字体|分享|打印|评论|关键[词字]|标签|栏目|分类|人气|我要\S{0,2}))"
    r"\s{0,3}(?:[:：/／丨|｜]\s{0,3}|(?<=[者辑编])\s{1,3})"
)
_NAME_ENDS = re.compile(
    rf"\s{{2,}}|\s[【（(]|[\s/／][{HAN}]{{2,8}}报[导道]|[|｜丨】\])）》>]|\s(?=(?:19|20)\d\d[-年/.])|(?:19|20)\d\d[-年/.]\d|\d{{1,2}}:\d\d"
    r"|\s(?=\S{0,6}[:：])|我要评论|分享到?|字号|字体|举报|打印|收藏|评论|阅读|点击|浏览|大\s中\s小|关注|订阅|\s\d"
)
_TIME = re.compile(
    r"(?:(?:19|20)?\d\d[-年/.]\s?)?\d{1,2}[-月/.]\s?\d{1,2}日?\s{0,3}(?:\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{1,3}\s?(?:分钟|小时|天)前|[今昨前]天(?:\s?\d{1,2}:\d\d)?"
)
_NOTE = re.compile(rf"^\s*(?:原创|转载)\s|\[整理\].*$|^(?:[{HAN}]{{2,4}})/(?=[{HAN}]{{3}})")
_REPORTER = re.compile(r"\S{0,4}(?:记者|作者|通讯员|编辑|责编|撰文)\s")
_REPORTER_BEHIND = re.compile(r"\s(?=\S{0,4}(?:记者|作者|通讯员|编辑|责编|撰文)(?:[\s:：]|$))")
_MEDIUM = re.compile(rf"(?=.*[{HAN}]|[A-Z])[\w.·-]{{2,20}}(?: ?\w{{1,12}})?")
_PLACE = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川"
    "|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_NOT_A_SOURCE = re.compile(
    r"^(?:字体|字号|大|中|小|评论|分享|打印|收藏|举报|微博|微信|缩小字体|放大字体|(?:阅读|点击|浏览|访问)(?:次?数|量)?|我要评论"
    rf"|(?:(?:发布|来自|IP属地)(?:于|[:：])?\s?)?(?:{_PLACE})"
    r"|手机看新闻|更多|关注|编辑|责编|作者|首页|正文|新闻|发布时间|发布日期|时间|日期|发表于|发布于|更新时间|优质原创作者|来源|关注|\W*)[:：]?$"
)
# What a portal shows beside the name of an account: `16:45 北京港口晚报官方账号发布时间`,
# `港口晚报 发布于 广东`. `北京晚报` is no place and a name, so that four characters must remain.
_BESIDE_NAME = re.compile(
    rf"(?:(?:发布|来自|IP属地)(?:于|[:：])?\s?)?(?:{_PLACE})$"
    r"|(?:发布|更新|发表)(?:时间|日期|于)$|[\s,，]*(?:官方|认证|企业)(?:账号|帐号|号)?(?:[\s,，].*)?$"
)
_PLACE_BEHIND = re.compile(rf"\s+(?:{_PLACE})$")  # `来源: 港口晚报　浙江`, of 163.com
_PLACE_BEFORE = re.compile(rf"(?:{_PLACE})\s?(?=\S{{4}})")
_AROUND = " 　:：|·-—[]【】"


@dataclass(frozen=True, slots=True)
class People:
    """Authors, editor and source; `origins` maps those that are known to their origin."""

    authors: tuple[str, ...] = ()
    editor: str = ""
    source: str = ""
    origins: Mapping[str, str] = None  # type: ignore[assignment]


def find_people(
    tree: html.HtmlElement,
    structured: Structured,
    context: HeadlineContext,
    ending: Sequence[str],
    url: str,
) -> People:
    """Return the authors, editor and source of a page. `ending` are the last lines of its text."""
    origins: dict[str, str] = {}
    head, end = _labelled([*context.head, *context.above]), _labelled(ending)
    labelled = {**end, **head}
    authors, origin = find_authors(
        tree, structured, context, ending, labelled.get("author", ""), url
    )
    if authors:
        origins["authors"] = origin
    editor = labelled.get("editor", "")
    editor = re.sub(r"_\w+$", "", editor.split("、")[0].split()[0]) if editor else ""
    if editor:
        origins["editor"] = "pattern"
    labels = head.get("source", ""), end.get("source", "")
    source, origin = _source(structured, context, *labels)
    if not source or is_portal(source):
        publisher = find_publisher(tree, structured, url)
        shown = source or publisher[0]
        medium = find_medium(tree, structured, context.head) if is_portal(shown) else ("", "")
        source, origin = medium if medium[0] else (source, origin) if source else publisher
    if source:
        origins["source"] = origin
    return People(authors, editor, source, origins)


def _labelled(lines: Iterable[str]) -> dict[str, str]:
    """Return the names behind the labels of the lines, by kind: source, author, editor."""
    names: dict[str, str] = {}
    for line in lines:
        if len(line) > 200 or not _CJK.search(line):
            continue
        matches = list(_LABELLED.finditer(simplified(line)))
        for number, match in enumerate(matches):
            kind = match.lastgroup or "other"
            end = matches[number + 1].start() if number + 1 < len(matches) else len(line)
            name = line[match.end() : end]
            if stop := _NAME_ENDS.search(simplified(name)):
                name = name[: stop.start()]
            name = name.strip(" 　:：,，、;；|()（）[]【】《》<>·-—_")
            name = _PLACE_BEHIND.sub("", name)
            if kind != "other" and 1 < len(name) <= 40 and not _NOT_A_SOURCE.match(name):
                names.setdefault(kind, name)
    return names


def _source(
    structured: Structured,
    context: HeadlineContext,
    labelled: str,
    ending: str,
) -> tuple[str, str]:
    """Return the source (来源) that the page names and its origin, or "" and ""."""
    if labelled:
        return labelled, "pattern"
    for name in ("source", "contentsource", "og:source", "article:source", "mediaid"):
        text = re.sub(r"^来源[:：]\s*", "", structured.first(name))
        if text and len(text) <= 40 and not re.search(r"https?:|^\d+$", text):
            return text, "meta"
    if beside := _beside_time(context):
        return beside, "pattern"
    if ending:
        return ending, "pattern"
    return "", ""


def _beside_time(context: HeadlineContext) -> str:
    """Return the name beside the time below a Chinese headline, or in the line before, or "".

    For example `2019年09月07日 04:04 北京日报`."""
    before = ""
    head = "".join(context.head)
    if len(_HAN.findall(head)) < 40 or _HIRAGANA.search(head):
        return ""
    for line in context.head[:5]:
        if len(line) > 60 or not (m := _TIME.search(line)):
            before = before if len(line) > 60 else line
            continue
        rest = f"{line[: m.start()]}  {line[m.end() :]}"
        for part in [*re.split(r"\s{2,}|[·|｜]|\s\d+$", rest), before]:
            name = _REPORTER_BEHIND.split(_NOTE.sub("", part))[0].strip(_AROUND)
            name = _account(name)
            # The company that runs an account stands beside its time, the account above it.
            if _REPORTER.match(name) or (before and name.endswith("公司")):
                continue
            if _MEDIUM.fullmatch(name) and not _NOT_A_SOURCE.match(name):
                return name
        return ""
    return ""


def _account(name: str) -> str:
    """Return the name of an account without what a portal shows beside it."""
    bare, marked = name, False
    while (match := _BESIDE_NAME.search(bare)) and match.start() > 2:
        marked = marked or "官方" in match[0]
        bare = bare[: match.start()].strip(_AROUND)
    return _PLACE_BEFORE.sub("", bare, count=1) if marked and _PLACE_BEFORE.match(bare) else bare
