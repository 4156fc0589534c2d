"""How pages mark what is no part of the reading text: classes, addresses, styles.

In: an element (or an address). Out: yes or no. One table for all: the rules of
`newsspider.clean` remove what is marked, `newsspider.clean.metadata` reads it or passes it over.
"""

from __future__ import annotations

import re

from lxml import etree

# East Money's links on names of shares, boards and words; the last class marks repeat mentions.
KEYWORD_CLASSES = frozenset({"keytip", "infokey", "em_stock_key_common"})
# The same idea elsewhere: a link that the system, not the writer, put on a word.
_KEYWORD_CLASSES = KEYWORD_CLASSES | {"keyword", "keywords", "keyword-link", "keywordlink"}
# East Money 2026: banner images, promotion boxes, the stock-picking box. Never the substring "ad":
# it is in "download" and "lazyload".
_ADVERT_CLASSES = frozenset({"em_handle_adv_close", "ad_context3", "em_xuangu", "toplink"})
_ADVERT_HOST = "acttg.eastmoney.com"
# Pictures drawn anew at each request, so none of the article's.
_CHART = re.compile(
    r"//(?:webquoteklinepic|webquotepic)\w*\.eastmoney\.com/|//image\.sinajs\.cn/newchart/"
)
_TRACKER = re.compile(
    r"""^\s*(?:https?:)?//(?:[\w-]+\.)*(?:
        doubleclick\.net | google-analytics\.com | googletagmanager\.com | scorecardresearch\.com
      | hm\.baidu\.com | cnzz\.com | quantserve\.com | chartbeat\.(?:com|net) | pixel\.wp\.com
      | stats\.wordpress\.com | counter\.theconversation\.com | feedsportal\.com | 2o7\.net
      | facebook\.com/tr | mc\.yandex\.ru | bat\.bing\.com | imrworldwide\.com
    )(?![\w.-])""",
    re.X | re.I,
)
_HIDDEN = re.compile(r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.I)
_TINY = re.compile(r"[01](?:px)?")
_TINY_STYLE = re.compile(r"(?:^|;)\s*+(width|height)\s*+:\s*+[01](?:px)?\s*+(?=;|!|$)", re.I)
# The longest transparent GIF in use as a placeholder is 114 characters; a picture has thousands.
_SHORT_DATA = 400
_CENTRED = re.compile(r"text-align\s*+:\s*+center", re.I)


def classes(element: etree._Element) -> list[str]:
    """The classes of an element."""
    return (element.get("class") or "").split()


def is_keyword(element: etree._Element) -> bool:
    """A keyword link: the text is the writer's, the link is not."""
    return not _KEYWORD_CLASSES.isdisjoint(classes(element))


def is_chart(element: etree._Element) -> bool:
    """A live chart: the image, or the anchor around it."""
    if element.tag == "a":
        return "EmImageRemark" in classes(element)
    return element.tag == "img" and is_chart_url(element.get("src") or "")


def is_chart_url(url: str) -> bool:
    """The address of a picture that is drawn anew at each request."""
    return bool(_CHART.search(url))


def is_tracker(image: etree._Element) -> bool:
    """An image nobody sees: one pixel, a counter's address, a placeholder, no address at all."""
    src = (image.get("src") or "").strip()
    if not src or (src[:5].lower() == "data:" and len(src) < _SHORT_DATA):
        return True
    width, height = image.get("width") or "", image.get("height") or ""
    if _TINY.fullmatch(width.strip()) and _TINY.fullmatch(height.strip()):
        return True
    style = image.get("style")
    if style and {side.lower() for side in _TINY_STYLE.findall(style)} == {"width", "height"}:
        return True
    return bool(_TRACKER.match(src))


def is_advert(element: etree._Element) -> bool:
    """A promotion by its class or by the address it leads to."""
    if not _ADVERT_CLASSES.isdisjoint(classes(element)):
        return True
    return element.tag == "a" and _ADVERT_HOST in (element.get("href") or "")


def is_hidden(element: etree._Element) -> bool:
    """An element its page does not show."""
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def is_centred(element: etree._Element) -> bool:
    """A line in the middle, as captions are."""
    if (element.get("align") or "").strip().lower() == "center":
        return True
    return bool(_CENTRED.search(element.get("style") or ""))
