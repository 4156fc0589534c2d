"""The medium whose article a portal shows: WeChat, Naver and NetEase publish what others write.

In: the name of a site; the tree, the structured data and the first lines of a page of a portal.
Out: whether the name is a portal's; the name of the medium. Called by `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import html

from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.extraction.generic.texts import squeeze, text_line

_LONGEST = 30  # characters of a medium's name
_NAMES = (
    "微信公众平台,微信,微信公众号,公众号,网易,网易新闻,网易订阅,网易号,手机网易网,搜狐,搜狐网,搜狐号",
    "手机搜狐网,新浪,新浪网,新浪新闻,新浪看点,腾讯网,腾讯新闻,今日头条,百家号,百度,百度新闻,凤凰网",
    "一点资讯,知乎,知乎专栏,微博,天天快报,蕃薯藤,LINE TODAY,Yahoo奇摩新聞,Yahoo奇摩",
    "네이버,네이버 뉴스,NAVER,Naver News,다음,다음뉴스,Daum,네이트,네이트 뉴스,Nate,줌 뉴스",
    "Yahoo!ニュース,LINE NEWS,dメニューニュース,goo ニュース,livedoor ニュース",
    "ライブドアニュース,livedoor NEWS,エキサイトニュース,グノシー,Gunosy,SmartNews",
    "excite ニュース,ニフティニュース,MSN,MSN News,Yahoo,Yahoo News,Google News",
)
_PORTALS = frozenset(squeeze(name) for names in _NAMES for name in names.split(","))
# `한강뉴스 | 네이버`
_JOINT = re.compile(r"\s*[|｜]\s*|\s+[-–—:]\s+")
# `Provided by The Harrow Times`, in the languages of MSN and of portals in Asia
_PROVIDED = re.compile(
    r"(?:provided by|bereitgestellt von|fourni par|(?:proporcionado|fornecido) por|fornito da"
    r"|aangeboden door|предоставлено|提供(?:元)?\s?[:：]|제공\s?[:：])\s?(?P<name>.{2,30})",
    re.I,
)
# Of the account that publishes: WeChat's `#js_name`, `.media-name`, `.press-name`, `.account-name`.
_ACCOUNT = re.compile(
    r"(?:^|[\s_-])(?:js_name|(?:media|press|account|provider|publisher|source)[_-]?(?:name|logo|title))"
    r"(?:$|[\s_-])",
    re.I,
)


def is_portal(name: str) -> bool:
    """Return whether a name is that of a portal, which shows the articles of media."""
    return squeeze(name) in _PORTALS


def without_portal(name: str) -> str:
    """Return the part of a name that is no portal's: of `한강뉴스 | 네이버` the medium; or ""."""
    parts = (part.strip() for part in _JOINT.split(name))
    return next((part for part in parts if part and not is_portal(part)), "")


def find_medium(
    tree: html.HtmlElement, structured: Structured, head: Sequence[str]
) -> tuple[str, str]:
    """Return the medium that a page of a portal names, and its origin; "" and "" for none. `head`
    are the lines below the headline."""
    if 0 < len(name := without_portal(_organization(structured))) <= _LONGEST:
        return name, "json-ld"
    # On the portals of Korea, `og:article:author` is the medium.
    for tag in ("og:article:author", "article:media_name", "twitter:creator", "article:publisher"):
        name = without_portal(structured.first(tag))
        if name and not re.search(r"^@|https?:|/", name) and len(name) <= _LONGEST:
            return name, "opengraph"
    provided = (_PROVIDED.fullmatch(line) for line in head[:8] if len(line) <= 2 * _LONGEST)
    if match := next(filter(None, provided), None):
        return match["name"], "pattern"
    return next(((name, "byline") for name in _accounts(tree) if not is_portal(name)), ("", ""))


def _organization(structured: Structured) -> str:
    """Return the organization that JSON-LD has as the author of the article, or ""."""
    authors = structured.article.get("author")
    author = structured.resolved(authors[0] if isinstance(authors, list) and authors else authors)
    is_one = isinstance(author, Mapping) and "Organization" in " ".join(node_types(author))
    return plain(author) if is_one else ""


def _accounts(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the names that elements marked as those of an account show, or their pictures."""
    for element in tree.iter("a", "span", "div", "p", "em", "strong", "img"):
        if _ACCOUNT.search(f"{(element.get('class') or '')[:200]} {element.get('id') or ''}"):
            pictures = [element] if element.tag == "img" else element.iter("img")
            names = [text_line(element), *((img.get("alt") or "").strip() for img in pictures)]
            yield from (name for name in names if 1 < len(name) <= _LONGEST)
