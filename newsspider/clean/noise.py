"""Tree rules that take out what is not the article: each says what, and no other text goes.

In: the tree of a body, changed in place. `newsspider.clean` runs them in the order of its profile.
"""

from __future__ import annotations

import re

from lxml import etree

from newsspider.clean.marks import is_advert, is_chart, is_hidden, is_keyword, is_tracker
from newsspider.clean.tree import Notes, drop, elements, is_blank, lines, text_of, unwrap

# What runs, asks or shows another page. Forms stay: ASP.NET sites put the whole article in one.
_MACHINES = (
    *("script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "applet"),
    *("link", "meta", "base", "title", "svg", "math", "canvas"),
    *("button", "input", "select", "textarea", "datalist"),
)
_QUOTE_ID = re.compile(r"(?:bk)?quote_")

# The longest of these lines seen has 46 characters; a paragraph of news is longer.
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
# A company's 郑重声明 may be the news itself, so the site has to speak of itself.
_DISCLAIMER = re.compile(r"(?:郑重声明|免责声明|风险提示及免责)\s?[:：，]?")
_SITE_SPEAKS = re.compile(
    r"东方财富|本网站?|本站|本平台|与本\S{1,4}无关|立场无关|据此操作|投资建议|风险自担"
)
_LONGEST_DISCLAIMER = 400


def hidden(root: etree._Element, notes: Notes) -> None:
    """What the page does not show. What holds most of the text is shown by a script and stays:
    WeChat's article container says `visibility: hidden`."""
    found = [element for element in elements(root) if is_hidden(element)]
    if any(len(element) or element.text for element in found):
        sizes = _sizes(root)
        found = [element for element in found if 2 * sizes[element] <= sizes[root]]
    drop(root, found)


def _sizes(root: etree._Element) -> dict[etree._Element, int]:
    """How many characters of text each element holds; children come after their parents, so one
    pass from the end adds them up."""
    sizes: dict[etree._Element, int] = {}
    for node in reversed(list(root.iter())):
        own = len((node.text or "").strip()) if isinstance(node.tag, str) else 0
        sizes[node] = own = own + sizes.get(node, 0)
        parent = node.getparent()
        if parent is not None and node is not root:
            sizes[parent] = sizes.get(parent, 0) + own + len((node.tail or "").strip())
    return sizes


def charts(root: etree._Element, notes: Notes) -> None:
    """Live charts: the images, the anchors around them, and what is without text between East
    Money's two comments. Such an image shows another day's prices tomorrow."""
    found: list[etree._Element] = []
    opened: etree._Element | None = None
    between: list[etree._Element] = []
    for node in root.iter():
        if isinstance(node, etree._Comment):
            mark = (node.text or "").strip()
            if mark == "EM_StockImg_Start":
                opened, between = node.getparent(), []
            elif mark == "EM_StockImg_End" and opened is node.getparent():
                found += between
                opened, between = None, []
        elif is_chart(node):
            found.append(node)
        elif opened is not None and node.getparent() is opened and is_blank(text_of(node)):
            between.append(node)
    drop(root, found)


def scripts(root: etree._Element, notes: Notes) -> None:
    """Scripts, styles, embedded pages, controls: with all that is in them."""
    drop(root, elements(root, *_MACHINES))


def trackers(root: etree._Element, notes: Notes) -> None:
    """Images nobody sees."""
    drop(root, [image for image in elements(root, "img") if is_tracker(image)])


def comments(root: etree._Element, notes: Notes) -> None:
    """Comments, and the processing instructions of Word."""
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)


def keyword_links(root: etree._Element, notes: Notes) -> None:
    """Links the system put on words lose their tags, sometimes in the middle of a word:
    `(C<a>PPI</a>B)`. The empty spans behind them go too."""
    quotes = [
        span
        for span in elements(root, "span")
        if not len(span) and not span.text and _QUOTE_ID.match(span.get("id") or "")
    ]
    drop(root, quotes)
    unwrap(root, [element for element in elements(root, "a", "span") if is_keyword(element)])


def adverts(root: etree._Element, notes: Notes) -> None:
    """Promotion: by class, by the address it leads to, and lines that are nothing else."""
    drop(root, [element for element in elements(root) if is_advert(element)])
    _drop_lines(root, _ADVERT, _LONGEST_HINT)


def share_hints(root: etree._Element, notes: Notes) -> None:
    """`打开微信，点击底部的“发现”…`, `扫一扫…`, `分享到：…`."""
    _drop_lines(root, _HINT, _LONGEST_HINT)


def disclaimers(root: etree._Element, notes: Notes) -> None:
    """`郑重声明：东方财富发布此内容…`: what the site says of itself below every article."""
    found = []
    for line in lines(root):
        text = text_of(line)
        if len(text) <= _LONGEST_DISCLAIMER and _DISCLAIMER.match(text):
            found += [line] if _SITE_SPEAKS.search(text) else []
    drop(root, found)


def _drop_lines(root: etree._Element, pattern: re.Pattern[str], longest: int) -> None:
    found = []
    for line in lines(root):
        text = text_of(line)
        if len(text) <= longest and pattern.match(text):
            found.append(line)
    drop(root, found)
