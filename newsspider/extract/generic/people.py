"""Who wrote, edited and published an article: authors, editor, source (来源), told apart.

In: what the page says for machines, the lines near the headline and at the end of the text, the
tree. Out: `People`. On Chinese pages a line names its kind (来源：, 作者：, 记者, 责编：);
elsewhere JSON-LD and meta tags do, and bylines where they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from newsspider.extract.generic.headline import squeeze, text_line
from newsspider.extract.generic.near import Near
from newsspider.extract.generic.publisher import find_publisher
from newsspider.extract.generic.structured import Structured, node_types, plain

_LONGEST_NAME = 60
_AUTHOR_META = (
    *("author", "article:author_name", "parsely-author", "byl", "sailthru.author", "dc.creator"),
    *("dcterms.creator", "cxenseparse:author", "article:author", "byline", "creator", "authors"),
    *("article.author", "citation_author", "rnews:author", "mediator_author", "twitter:data1"),
)
_BY = re.compile(
    r"^(?:(?:written|reported|words|text|story|posted|published|authored|view all posts)\s+)?(?:by|von|par|por|di|door|av|af"
    r"|przez|przygotował\w*|автор\w*|text|texte|texto|foto|photo|från|από|κείμενο|redaktion|vun)"
    r"[\s:：]+",
    re.I,
)
_SPLIT = re.compile(
    r"\s*[,;|、，；&•·⋅/]\s*(?:(?:and|und|et|y|e|en|og|och) )?|\s+(?:and|und|et|og|och|y|e|i|with|mit|и|και)\s+|\s{2,}", re.I
)
_NOT_A_NAME = re.compile(
    r"^,|^\+\d|^\d+ ?(?:min|sec|hour|분|分)|^(?:view|show|see|read) (?:all|more)|^(?:edited|reviewed|checked) by\b"
    r"|^(?:about )?the author$|^(?:facebook|instagram|twitter|linkedin|youtube|istockphoto)$"
    r"|^\(?(?:image|photo|picture|foto|quelle|source|credits?)\s?:|https?:|www\.|@|\.com\b|\d{3,}|^(?:admin|administrator|editor|staff|guest|author|by|none|null"
    r"|undefined|unknown|news ?desk|newsroom|web ?desk|redaktion|redacción|redazione|rédaction"
    r"|未知|佚名|匿名|本站|管理员|小编)$",
    re.I,
)
_ROLE = re.compile(
    r"(?:\s*[,|(–—-]\s*|\s+)(?:(?:senior|chief|staff|deputy|political"
    r"|business|special|assistant|us|uk|associated|associate|managing|contributing|foreign|national"
    r"|world)\s+){0,3}(?:writer|reporter|correspondent|editor|journalist|columnist|contributor"
    r"|producer|press writer|analyst|redakteur\w*|journalistin?)\b.*$|\s*(?:기자|특파원|記者)$",
    re.I,
)
# Two to four words with capitals, or a Chinese or Japanese name.
_PERSON = re.compile(
    r"(?!(?i:about|author|the|view|more|all|see|contact)\b)[^\W\d_a-z][\w.'’-]*"
    r"(?: (?:(?:de|da|di|van|von|der|den|la|le|bin|al) )*[^\W\d_a-z][\w.'’-]*){1,3}"
    r"|[\u3040-\u30ff\u3400-\u9fff]{2,6}"
)
# `2023-12-19 23:30 EST by Rafael Pineda`
_BEHIND_TIME = re.compile(r"\d\W{1,3}(?:[A-Z]{2,4}\W{1,3})?(by [^\W\d_a-z][^,]{3,60})")
_PROFILE = re.compile(
    r"/(?:authors?|staff|bios?|people|persons?|profiles?|contributors?|journalists?|reporters?|autor"
    r"|autore|autores|auteurs?|autoren|firmas?|giornalisti)/[^/]+",
    re.I,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u309f]")
# Where a byline goes on with its date.
_DATED = re.compile(
    r"\W*\b(?:\d{1,2}[. ]+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|okt"
    r"|dez|mai)[a-zé]{0,6}"
    r"[.,]? \d|\W*\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\W*\b(?:19|20)\d\d\b"
    r"|\W*(?:updated|published)\b",
    re.I,
)
_JOB = re.compile(
    r"sponsored|.{0,40}\b(?:writers?|reporters?|correspondents?|editors?|journalists?|columnists?"
    r"|contributors?|producers?|analysts?|redakteur\w*|staff|team)",
    re.I,
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

_LABELLED = re.compile(
    r"(?<![\u3400-\u9fff])(?:(?P<source>(?:文章|稿件|本文|新闻|信息|内容|消息)?\s?来\s{0,4}源|稿源|转自|出处|来自)"
    r"|(?P<editor>(?:责任|值班|网络|主管|本文|执行|助理|实习|本版|新媒体)?\s?编\s?辑|责\s?编|主编)"
    r"|(?P<author>(?:本报|本网|特约|实习|首席|见习|本刊)?\s?记\s?者|作\s{0,4}者|撰\s?文|撰\s?稿|采\s?写|执\s?笔|文)"
    r"|(?P<other>校\s?对|审\s?核|监\s?制|通讯员|摄\s?影|[供配题]?图|视频|制图|排版|阅读|点击|浏览\S{0,2}"
    r"|发布\S{0,2}|时间|日期|字号|字体|分享|打印|评论|关键[词字]|标签|栏目|分类|人气|我要\S{0,2}))"
    r"\s{0,3}(?:[:：/／丨|]\s{0,3}|(?<=[者辑编])\s{1,3})"
)
_NAME_ENDS = re.compile(
    r"\s{2,}|[|｜丨】\])）》>]|\s(?=(?:19|20)\d\d[-年/.])|(?:19|20)\d\d[-年/.]\d|\d{1,2}:\d\d"
    r"|\s(?=\S{0,6}[:：])|我要评论|分享到?|字号|字体|举报|打印|收藏|评论|阅读|点击|浏览|大\s中\s小|关注|订阅|\s\d"
)
_AFTER_TIME = re.compile(
    r"^\W{0,4}(?:19|20)\d\d[-年/.]\s?\d{1,2}[-月/.]\s?\d{1,2}日?\s{0,3}(?:\d{1,2}:\d\d(?::\d\d)?)?"
)
_TIME = re.compile(
    r"(?:(?:19|20)?\d\d[-年/.]\s?)?\d{1,2}[-月/.]\s?\d{1,2}日?\s{0,3}(?:\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{1,3}\s?(?:分钟|小时|天)前|[今昨前]天(?:\s?\d{1,2}:\d\d)?"
)
_NOTE = re.compile(
    r"^\s*(?:原创|转载)\s|\[整理\].*$|^(?:[\u3400-\u9fff]{2,4})/(?=[\u3400-\u9fff]{3})"
)
_REPORTER = re.compile(r"\S{0,4}(?:记者|作者|通讯员|编辑|责编|撰文)\s")
_MEDIUM = re.compile(r"(?=.*[\u3400-\u9fff]|[A-Z])[\w.·-]{2,20}(?: ?\w{1,12})?")
_NOT_A_SOURCE = re.compile(
    r"^(?:字体|字号|大|中|小|评论|分享|打印|收藏|举报|微博|微信|缩小字体|放大字体|阅读|点击|浏览|我要评论"
    r"|手机看新闻|更多|关注|编辑|责编|作者|首页|正文|新闻|发布时间|发布日期|时间|日期|发表于|发布于|更新时间|优质原创作者|\W*)[:：]?$"
)


@dataclass(frozen=True, slots=True)
class People:
    """Authors, editor and source, each with where it was found."""

    authors: tuple[str, ...] = ()
    editor: str = ""
    source: str = ""
    origins: Mapping[str, str] = None  # type: ignore[assignment]


def find_people(
    tree: html.HtmlElement, said: Structured, around: Near, ending: Iterable[str], url: str
) -> People:
    """Who the page says made the article. `ending` are the last lines of its text."""
    origins: dict[str, str] = {}
    head, end = _labelled([*around.head, *around.above]), _labelled(ending)
    labelled = {**end, **head}
    authors, origin = _persons(_authors(tree, said, around, labelled.get("author", "")), said, url)
    if authors:
        origins["authors"] = origin
    editor = labelled.get("editor", "")
    editor = re.sub(r"_\w+$", "", editor.split("、")[0].split()[0]) if editor else ""
    if editor:
        origins["editor"] = "pattern"
    title = text_line(tree.find(".//title"))
    labels = head.get("source", ""), end.get("source", "")
    source, origin = _source(said, around, *labels, title, url)
    if source:
        origins["source"] = origin
    return People(authors, editor, source, origins)


def _labelled(lines: Iterable[str]) -> dict[str, str]:
    """What the labels of the lines name: source, author, editor."""
    found: dict[str, str] = {}
    for line in lines:
        if len(line) > 200 or not _CJK.search(line):
            continue
        matches = list(_LABELLED.finditer(line))
        for number, match in enumerate(matches):
            kind = match.lastgroup or "other"
            end = matches[number + 1].start() if number + 1 < len(matches) else len(line)
            name = line[match.end() : end]
            if stop := _NAME_ENDS.search(name):
                name = name[: stop.start()]
            name = name.strip(" 　:：,，、;；|()（）[]【】《》<>·-—_")
            if kind != "other" and 1 < len(name) <= 40 and not _NOT_A_SOURCE.match(name):
                found.setdefault(kind, name)
    return found


def _persons(
    told: Iterable[tuple[list[str], str]], said: Structured, url: str
) -> tuple[tuple[str, ...], str]:
    """The first names that are not the site's own, with where they were; the site's where no line
    names a person: USA TODAY calls itself the author of what its byline says who wrote."""
    own: tuple[tuple[str, ...], str] = ((), "")
    for texts, origin in told:
        names = _names(texts, origin, said)
        if all(_is_own(name, said, url) for name in names):
            own = own if own[0] else (names, origin)
        elif not own[0] or (origin != "profile" and all(map(_PERSON.fullmatch, names))):
            return names, origin
    return own


def _is_own(name: str, said: Structured, url: str) -> bool:
    """Whether a name is the site's: as it calls itself, or as its address does."""
    key = squeeze(name)
    host = squeeze(urlsplit(url).hostname or "")
    return key == squeeze(said.first("og:site_name")) or (len(key) > 2 and key in host)


def _authors(
    tree: html.HtmlElement, said: Structured, around: Near, labelled: str
) -> Iterator[tuple[list[str], str]]:
    yield list(_json_names(said, said.article.get("author"))), "json-ld"
    if labelled:
        yield [labelled], "pattern"
    for name in _AUTHOR_META:
        if texts := said.meta.get(name):
            yield list(texts), "opengraph" if ":" in name else "meta"
    if names := said.items.get("author"):
        # More are those of teasers as well.
        yield list(names) if len(set(names)) <= 4 else [names[0]], "microdata"
    for node in said.nodes:
        if names := tuple(_json_names(said, node.get("author"))):
            yield list(names), "json-ld"
    yield list(_bylines(tree)), "byline"
    for line in [*around.head[:8], *around.above[:3]]:
        if _BY.match(line) and len(line) <= 80:
            yield [line], "pattern"
        elif len(line) <= 120 and (behind := _BEHIND_TIME.search(line)):
            yield [behind[1]], "pattern"
    yield list(_profiles(tree)), "profile"


def _json_names(said: Structured, value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    for item in values[:30]:
        item = said.resolved(item)
        if isinstance(item, Mapping):
            names = item.get("name")
            for name in names if isinstance(names, list) else [names]:
                if "Organization" not in " ".join(node_types(item)) or len(values) == 1:
                    yield plain(name)
        elif isinstance(item, str):
            yield plain(item)


_BYLINE = (
    "//*[@rel='author']",
    "//*[contains(@itemprop,'author')]//*[@itemprop='name']",
    "//*[self::a or self::span or self::div or self::p or self::address]"
    "[contains(@class,'author-name') or contains(@class,'author_name')"
    " or contains(@class,'authorName') or contains(@class,'byline-name')]",
    "//*[self::a or self::span or self::div or self::p or self::address]"
    "[contains(@class,'byline') or contains(@class,'author')]",
)


def _bylines(tree: html.HtmlElement) -> Iterator[str]:
    for path in _BYLINE:
        found: list[str] = []
        for element in tree.xpath(path)[:12]:
            text = text_line(element)
            if 2 < len(text) <= 80 and text not in found:
                found.append(text)
        if found:
            yield from found[:4]
            return


def _profiles(tree: html.HtmlElement) -> Iterator[str]:
    """The names that link to what else their bearers wrote, where the first of them stands."""
    first = None
    for link in tree.iter("a"):
        if not _PROFILE.search(urlsplit(link.get("href") or "").path):
            continue
        name = text_line(link)
        if not _PERSON.fullmatch(name):
            continue
        near = link.getparent()
        if first is None:
            first = near
        elif near is not first and near.getparent() is not first.getparent():
            return
        yield name


def _names(texts: Iterable[str], origin: str, said: Structured) -> tuple[str, ...]:
    """Single names, without `By`, roles, addresses and the name of the site."""
    site = squeeze(said.first("og:site_name")) or "\0"
    behind = re.compile(rf"(?<=\w) +{re.escape(said.first('og:site_name') or chr(0))}$", re.I)
    found: dict[str, str] = {}
    for text in texts:
        if "://" in text:
            continue
        text = _BY.sub("", _DATED.split(text.strip(), maxsplit=1)[0].strip())
        for number, part in enumerate(_SPLIT.split(text)):
            if number and _JOB.fullmatch(part.strip()):
                continue
            name = _BY.sub("", part.strip(" .:-–—|"))
            bare = _ROLE.sub("", name)
            if " " in bare or _CJK.search(bare):  # `Guardian staff reporter` names no one else
                name = bare
            person = behind.sub("", name)
            name = (person if " " in person else name).strip(" .:-–—|()")
            key = squeeze(name)
            if not key or len(name) > _LONGEST_NAME or _NOT_A_NAME.search(name):
                continue
            if len(name.split()) > 6:
                continue
            found.setdefault(key, name)
    if len(found) > 1 and origin != "json-ld":
        found.pop(site, None)
    return tuple(found.values())


def _source(
    said: Structured, around: Near, labelled: str, ending: str, title: str, url: str
) -> tuple[str, str]:
    """来源 where the page names one; else who publishes the page."""
    if labelled:
        return labelled, "pattern"
    for name in ("source", "contentsource", "og:source", "article:source", "mediaid"):
        text = re.sub(r"^来源[:：]\s*", "", said.first(name))
        if text and len(text) <= 40 and not re.search(r"https?:|^\d+$", text):
            return text, "meta"
    if beside := _beside_time(around):
        return beside, "pattern"
    if ending:
        return ending, "pattern"
    return find_publisher(said, title, url)


def _beside_time(around: Near) -> str:
    """The name that stands with the time below a Chinese headline, or in the line before it
    (`2019年09月07日 04:04 北京日报`)."""
    before = ""
    if sum(map(len, map(_HAN.findall, around.head))) < 40 or _KANA.search("".join(around.head)):
        return ""
    for line in around.head[:5]:
        if len(line) > 60 or not (m := _TIME.search(line)):
            before = before if len(line) > 60 else line
            continue
        rest = f"{line[: m.start()]}  {line[m.end() :]}"
        for part in [*re.split(r"\s{2,}|[·|｜]|\s\d+$", rest), before]:
            name = _NOTE.sub("", part).strip(" 　:：|·-—[]【】")
            if _REPORTER.match(name):
                continue
            if _MEDIUM.fullmatch(name) and not _NOT_A_SOURCE.match(name):
                return name
        return ""
    return ""
