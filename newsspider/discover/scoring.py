"""How much a link looks like a link to an article, by its text and its address.

In: texts and addresses of a page. Out: numbers from 0 to 1, and `DATE`, the pattern of a date. No
rule is for a single site or language: the length of the text counts, and the dates, numbers and
slugs in the address. Called by the other modules of `discover`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from newsspider.text.characters import width
from newsspider.text.urls import canonical, same_site

_LETTER = re.compile(r"[^\W\d_]")
# Widths: up to a label, from a sure headline on, above a headline.
_LABEL, _HEADLINE, _PARAGRAPH = 8, 22, 220

_DATED = re.compile(
    r"(?:^|[/_-])(?:19|20)\d\d[/_-]?(?:0?[1-9]|1[0-2])(?:[/_-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|\d|$)"
    r"|/(?:19|20)\d\d/[a-z]{3}/\d\d?/|/t(?:19|20)\d{6}_"
)
_NUMBERED = re.compile(r"\d{5,}")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{8,40}", re.IGNORECASE)
_FILE = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_OTHER_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|pdf|zip|rar|exe|apk|mp[34]|m3u8|docx?|xlsx?|xml|rss)$",
    re.IGNORECASE,
)
# Pages about articles, not articles. `topic` and `category` may precede a dated path.
_ABOUT = re.compile(
    r"(?:tags?|keywords?|categor(?:y|ies|ie|ia)|rubri\w{1,4}|topics?|themes?|authors?|auteurs?"
    r"|autor(?:en|es)?|profiles?|users?|members?|people|section|channel|columns?|list|search|suche"
    r"|login|log-in|signin|sign-in|signup|register|account|subscribe|subscriptions?|newsletters?"
    r"|about|about-us|contact|contact-us|privacy|terms|impressum|datenschutz|legal|help|faq|sitemap"
    r"|feeds?|rss|share|sharer|intent|jobs|advertise|cookies?|cookie-policy|privacy-policy"
    r"|comments?|wp-login\.php|wp-admin|index(?:_\d+)?(?:\.\w+)?|default\.\w+)",
    re.IGNORECASE,
)
_ID_KEY = re.compile(r"(?:\w*id|p|a|n|sn|article|aid|story|no|nr|num|newsid)", re.IGNORECASE)

DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}"
    r"|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d"
    r"|\d{1,2} ?月 ?\d{1,2} ?日|\d{1,2}월 ?\d{1,2}일"
    r"|(?<![\d-])[01]?\d[-/][0-3]\d(?![\d-])"
    r"|(?<!\d)[0-2]?\d:[0-5]\d(?!\d)"
    r"|\d{1,3} ?(?:秒|分钟?|小时|天|周|時間|日|분|시간)之?[前전]"
    r"|\d{1,3} \w{1,9} ago\b|\b\d{1,2} ?(?:min|h|d)\b"
    r"|(?:il y a|vor|hace|há|fa) \d{1,3}|今天|昨天|前天|刚刚|\b(?:today|yesterday|just now)\b"
    r"|(?<!\w)\d{1,2}\.?(?: de)? [^\W\d_]{3,12}\.?,?(?: de)? (?:19|20)\d\d"
    r"|(?<!\w)[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?, (?:19|20)\d\d",
    re.IGNORECASE,
)


def title_worth(text: str) -> float:
    """Return how likely a text is a headline: 0 for a label or a number, 1 for a sentence."""
    wide = width(text[:1000])
    if wide <= _LABEL or not _LETTER.search(text):
        return 0.0
    if wide > _PARAGRAPH:
        return 0.5
    return min(1.0, (wide - _LABEL) / (_HEADLINE - _LABEL))


@lru_cache(maxsize=4096)
def url_worth(url: str, page: str) -> float:
    """Return how likely an absolute address on the page `page` is an article's, from 0 to 1."""
    parts = urlsplit(url)
    path = parts.path.lower()
    segments = [part for part in path.split("/") if part]
    if canonical(url) == canonical(page) or _OTHER_FILE.search(path):
        return 0.0
    worth = _path_worth(path, segments)
    if any(_ID_KEY.fullmatch(k) and _has_number(v) for k, v in parse_qsl(parts.query)[:10]):
        worth = max(worth, 0.75)
    if any(_ABOUT.fullmatch(part) for part in segments):
        # `/topics/2024/05/12/slug` is still an article, `/tag/interest-rates-and-more` is not.
        worth *= 0.6 if _DATED.search(path) or _NUMBERED.search(path) else 0.2
    return worth if same_site(url, page) else worth * 0.5


def _path_worth(path: str, segments: list[str]) -> float:
    if not segments:
        return 0.0
    last = _FILE.sub("", segments[-1])
    if _DATED.search(path) and (len(segments) > 1 or len(last) > 10):
        return 1.0
    if _NUMBERED.search(last) or _SLUG.search(last):
        return 0.95
    if _CODE.fullmatch(last):
        return 0.8
    if any(char.isdigit() for char in last) and len(segments) > 1:
        return 0.7
    if _FILE.search(segments[-1]) or last.count("-") > 1 or len(segments) > 2:
        return 0.5
    return 0.4 if len(segments) > 1 else 0.25


def _has_number(value: str) -> bool:
    return bool(re.fullmatch(r"\d{1,20}|[0-9a-f]{8,40}", value, re.IGNORECASE))
