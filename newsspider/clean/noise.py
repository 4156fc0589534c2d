"""Tree rules that remove what does not belong to the article.

In: the tree of a body. Out: the same tree, changed in place; no text goes but what a rule names.
`clean` runs the rules of a profile, in the order of RULES; `clean.reading` runs some too.
"""

from __future__ import annotations

import re

from lxml import etree

from newsspider.clean.marks import is_advert, is_chart, is_hidden, is_keyword, is_tracker
from newsspider.clean.tree import Notes, drop, elements, is_blank, lines, text_of, unwrap

# Elements that run code, take input or show another page. Forms stay: ASP.NET sites put the whole
# article in a form.
_MACHINES = (
    *("script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "applet"),
    *("link", "meta", "base", "title", "svg", "math", "canvas"),
    *("button", "input", "select", "textarea", "datalist"),
)
_QUOTE_ID = re.compile(r"(?:bk)?quote_")

# The longest of these lines so far has 46 characters; a paragraph of news is longer.
_LONGEST_HINT = 60
_ADVERT = re.compile(
    r"在东方财富看资讯行情|(?:广告|advertisement|sponsored content|article continues below)\W*$",
    re.I,
)
_HINT = re.compile(
    r"打开微信(?:[，,\s]*$|[，,\s]*点击|[，,\s]*使用)"
    r"|点击底部的.发现.[，,\s]*(?:$|使用)"
    r"|使用.扫一扫.即可将网页分享至朋友圈"
    r"|(?:微信)?扫(?:一扫|描|码)\S{0,12}(?:分享|下载|关注|阅读|查看|朋友圈|二维码|客户端)\S{0,14}$"
    r"|(?:长按|扫描|识别)\S{0,12}二维码\S{0,16}$"
    r"|分享(?:到|至)\s?(?:[:：]|(?:微信|微博|新浪|QQ|朋友圈|好友))[^。！？]{0,40}$"
    r"|share (?:this(?: article| story)?|on (?:facebook|twitter|x|linkedin|whatsapp))\W*$",
    re.I,
)
# A company's 郑重声明 may be the news itself, so the line must also mention the site.
_DISCLAIMER = re.compile(r"(?:郑重声明|免责声明|风险提示及免责)\s?[:：，]?")
_ABOUT_SITE = re.compile(
    r"东方财富|本网站?|本站|本平台|与本\S{1,4}无关|立场无关|据此操作|投资建议|风险自担"
)
_LONGEST_DISCLAIMER = 400


def hidden(root: etree._Element, notes: Notes) -> None:
    """Remove what the page does not show. An element with most of the text stays, because a script
    shows it: WeChat's article container has `visibility: hidden`."""
    unseen = [element for element in elements(root) if is_hidden(element)]
    if any(len(element) or element.text for element in unseen):
        sizes = _sizes(root)
        unseen = [element for element in unseen if 2 * sizes[element] <= sizes[root]]
    drop(root, unseen)


def _sizes(root: etree._Element) -> dict[etree._Element, int]:
    """Return how many characters of text each element contains. Children come after their parents,
    so one pass from the end adds them up."""
    sizes: dict[etree._Element, int] = {}
    for node in reversed(list(root.iter())):
        own = len((node.text or "").strip()) if isinstance(node.tag, str) else 0
        sizes[node] = own = own + sizes.get(node, 0)
        parent = node.getparent()
        if parent is not None and node is not root:
            sizes[parent] = sizes.get(parent, 0) + own + len((node.tail or "").strip())
    return sizes


def charts(root: etree._Element, notes: Notes) -> None:
    """Remove live charts: the images, the anchors around them, and elements without text between
    East Money's two comments. Such an image shows another day's prices tomorrow."""
    removed: list[etree._Element] = []
    opened: etree._Element | None = None
    between: list[etree._Element] = []
    for node in root.iter():
        if isinstance(node, etree._Comment):
            mark = (node.text or "").strip()
            if mark == "EM_StockImg_Start":
                opened, between = node.getparent(), []
            elif mark == "EM_StockImg_End" and opened is node.getparent():
                removed += between
                opened, between = None, []
        elif is_chart(node):
            removed.append(node)
        elif opened is not None and node.getparent() is opened and is_blank(text_of(node)):
            between.append(node)
    drop(root, removed)


def scripts(root: etree._Element, notes: Notes) -> None:
    """Remove scripts, styles, embedded pages and controls, with all their content."""
    drop(root, elements(root, *_MACHINES))


def trackers(root: etree._Element, notes: Notes) -> None:
    """Remove images that nobody sees."""
    drop(root, [image for image in elements(root, "img") if is_tracker(image)])


def comments(root: etree._Element, notes: Notes) -> None:
    """Remove comments, and the processing instructions of Word."""
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)


def keyword_links(root: etree._Element, notes: Notes) -> None:
    """Remove the tags of links that the system put on words, sometimes in the middle of a word:
    `(C<a>PPI</a>B)`; and the empty spans after them."""
    quotes = [
        span
        for span in elements(root, "span")
        if not len(span) and not span.text and _QUOTE_ID.match(span.get("id") or "")
    ]
    drop(root, quotes)
    unwrap(root, [element for element in elements(root, "a", "span") if is_keyword(element)])


def adverts(root: etree._Element, notes: Notes) -> None:
    """Remove promotion: by class, by the address of its link, and lines that are only promotion."""
    drop(root, [element for element in elements(root) if is_advert(element)])
    _drop_lines(root, notes, _ADVERT)


def share_hints(root: etree._Element, notes: Notes) -> None:
    """Remove lines that ask to share: `打开微信，点击底部的“发现”…`, `扫一扫…`, `分享到：…`."""
    _drop_lines(root, notes, _HINT)


def disclaimers(root: etree._Element, notes: Notes) -> None:
    """Remove the site's own statement below every article: `郑重声明：东方财富发布此内容…`."""
    removed = []
    for line in lines(root):
        text = notes.text_of_line(line)
        if len(text) <= _LONGEST_DISCLAIMER and _DISCLAIMER.match(text):
            removed += [line] if _ABOUT_SITE.search(text) else []
    drop(root, removed)


def _drop_lines(root: etree._Element, notes: Notes, pattern: re.Pattern[str]) -> None:
    removed = []
    for line in lines(root):
        text = notes.text_of_line(line)
        if len(text) <= _LONGEST_HINT and pattern.match(text):
            removed.append(line)
    drop(root, removed)
