"""How pages mark what does not belong to the reading text: classes, addresses, styles.

In: an element (or an address). Out: yes or no. The rules of `clean` remove marked elements;
`clean.reading` reads them or skips them.
"""

from __future__ import annotations

import re

from lxml import etree

# East Money's links on names of shares, boards and words; the last class marks repeat mentions.
KEYWORD_CLASSES = frozenset({"keytip", "infokey", "em_stock_key_common"})
# The same on other sites: a link that the system, not the writer, put on a word.
_KEYWORD_CLASSES = KEYWORD_CLASSES | {"keyword", "keywords", "keyword-link", "keywordlink"}
# East Money 2026: banner images, promotion boxes, the stock-picking box. Never the substring "ad",
# which is in "download" and "lazyload" too.
_ADVERT_CLASSES = frozenset({"em_handle_adv_close", "ad_context3", "em_xuangu", "toplink"})
_ADVERT_HOST = "acttg.eastmoney.com"
# Pictures that are drawn anew for each request, so they do not belong to the article.
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
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def is_keyword(element: etree._Element) -> bool:
    """Return whether an element is a keyword link: its text is the writer's, its link is not."""
    return not _KEYWORD_CLASSES.isdisjoint(classes(element))


def is_chart(element: etree._Element) -> bool:
    """Return whether an element is a live chart: the image, or the anchor around it."""
    if element.tag == "a":
        return "EmImageRemark" in classes(element)
    return element.tag == "img" and is_chart_url(element.get("src") or "")


def is_chart_url(url: str) -> bool:
    """Return whether an address is that of a picture that is drawn anew for each request."""
    return bool(_CHART.search(url))


def is_tracker(image: etree._Element) -> bool:
    """Return whether an image is one nobody sees: a pixel, a counter, a placeholder, an image
    without an address."""
    src = (image.get("src") or "").strip()
    if not src or (src[:5].lower() == "data:" and len(src) < _SHORT_DATA):
        return True
    return is_counter(image, src)


def is_counter(image: etree._Element, src: str) -> bool:
    """Return whether an image with the address `src` is a counter: of one pixel, or of a host of
    counters."""
    width, height = image.get("width") or "", image.get("height") or ""
    if _TINY.fullmatch(width.strip()) and _TINY.fullmatch(height.strip()):
        return True
    style = image.get("style")
    if style and {side.lower() for side in _TINY_STYLE.findall(style)} == {"width", "height"}:
        return True
    return bool(_TRACKER.match(src))


def is_advert(element: etree._Element) -> bool:
    """Return whether an element is a promotion, by its class or by the address of its link."""
    if not _ADVERT_CLASSES.isdisjoint(classes(element)):
        return True
    return element.tag == "a" and _ADVERT_HOST in (element.get("href") or "")


def is_hidden(element: etree._Element) -> bool:
    """Return whether an element is one that its page does not show."""
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def is_centred(element: etree._Element) -> bool:
    """Return whether a line is centred, as captions are."""
    if (element.get("align") or "").strip().lower() == "center":
        return True
    return bool(_CENTRED.search(element.get("style") or ""))
