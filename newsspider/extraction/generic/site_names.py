"""The names of a site: related to its address, in `<title>` beside the headline, shown on the page.

In: a name and an address; a `<title>`; the tree of a page. Out: whether they are related; parts of
the title; the names that the page shows. Called by `publisher`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from newsspider.extraction.generic.texts import squeeze, text_line
from newsspider.text import urls
from newsspider.text.scripts import CJK

LONGEST = 60  # characters: a longer name is a slogan
_MOST_LINKS = 200  # links of a page that are looked at: the one to the first page is at the top
_MOST_RIGHTS = 5  # lines with © that are looked at
_MOST_PARTS = 8  # parts of a `<title>`
_CUT = re.compile(
    rf"\s+[-–—|·•«»>~:/\\_]+\s+|\s*(?:[|｜»_ㅣ]|::|--)+\s*|(?<=[{CJK}])\s?[-–—－:：·]\s?(?=[{CJK}])"
)
_BEFORE_COLON = re.compile(r"([^:]{3,40}):\s")
_ADDRESS = re.compile(r"@\S+|\S*\w\.[a-z]{2,10}/?", re.I)
_ARTICLE = re.compile(r"(?:the|der|die|das|le|la|les|el|il|lo|o|de|het)\s+(?=\S)", re.I)
_SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
)
_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})
# `Go to the Ellery Courier homepage`, `Ellery Courier Logo`
_AROUND = re.compile(
    r"^(?:(?:go|back|return)\s+to\s+(?:the\s+)?|(?:zur\s+startseite|logo)(?:\s+(?:von|of|de|di))?\s+)"
    r"|\s*[-–|:,]?\s*(?:logo|home\s?page|home|start(?:seite)?|anasayfa|icon)\W*$",
    re.I,
)
_RIGHTS = re.compile(
    r"(?:©|\(c\))\s*(?:copyright\s+)?(?:(?:19|20)\d\d(?:\s*[-–—,]\s*(?:19|20)?\d\d)?)?[\s,]*(?:by\s+)?"
    r"(?P<name>[^\d©.,;|(\n]{2,60})",
    re.I,
)
_AROUND_PARTS = " \t\n-–—|:"
_QUOTES = ' \t\n"“”„'
_RIGHTS_END = re.compile(
    r"\s+(?:all\s+rights|alle\s+rechte|tous\s+droits|todos\s+los|copyright).*", re.I
)


def related(name: str, url: str) -> float:
    """Return how much of a name and of the name in an address are the same, from 0 (nothing) to 1.

    The one contains the other, or the address has the first letters of the name's words."""
    label = squeeze(urls.publisher_host(url).partition(".")[0])
    words = name.casefold()
    texts = [text for name in (words, _ARTICLE.sub("", words)) for text in _spellings(name)]
    initials = _plain("".join(word[0] for word in re.findall(r"\w+", words)))
    if len(initials) > 1 and initials == label:
        return 1.0
    pairs = [sorted((key, label), key=len) for key in texts if key and label]
    shares = [len(short) / len(long) for short, long in pairs if short in long and len(short) > 2]
    return max(shares, default=float(bool(label) and label in texts))


def _spellings(name: str) -> list[str]:
    return [_plain(name.translate(table)) for table in (_SPELLED, _FOLDED)]


def is_address(name: str) -> bool:
    """Return whether a name has the form of an address or an account: `Metro.co.uk`, `@metro`."""
    return "://" in name or bool(_ADDRESS.fullmatch(name))


def is_bare_address(name: str) -> bool:
    """Return whether a name is but an address: `metro.co.uk`. With capitals it is a name."""
    return is_address(name) and (name.islower() or "://" in name or name.startswith("@"))


def title_parts(title: str, heading: str) -> list[str]:
    """Return the parts of a `<title>` beside the headline, the last first. `heading` is the text of
    the page's first heading, whose parts are no names of the site."""
    title, shown = title[-300:], squeeze(heading)
    parts = [part.strip(_AROUND_PARTS) for part in _CUT.split(title)][-_MOST_PARTS:]
    if start := _BEFORE_COLON.match(title):
        parts = [start[1], *parts]
    if len(parts) < 2:
        return []
    return [part for part in reversed(parts) if (key := squeeze(part)) and key not in shown]


def shown_names(tree: html.HtmlElement, url: str) -> Iterator[str]:
    """Yield the names that a page shows for its site: in the link to the site's first page, as its
    text, label or picture, and behind ©."""
    for link in islice(tree.iter("a"), _MOST_LINKS):
        if not _leads_home(link.get("href") or "", url):
            continue
        texts = [text_line(link), link.get("aria-label"), link.get("title")]
        texts += [picture.get("alt") for picture in islice(link.iter("img"), 3)]
        texts += [element.text for element in islice(link.iter("title"), 3)]
        for text in texts:
            for part in _CUT.split(" ".join((text or "")[: 2 * LONGEST].split())):
                yield _AROUND.sub("", part).strip(_QUOTES)
    for line in islice(tree.xpath("//body//text()[contains(., '©')]/.."), _MOST_RIGHTS):
        if match := _RIGHTS.search(text_line(line)[:300]):
            yield _RIGHTS_END.sub("", match["name"]).strip(_QUOTES)


def _plain(text: str) -> str:
    return squeeze(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode())


def _leads_home(href: str, url: str) -> bool:
    if href == "/":
        return True
    if "://" not in href[:10] or not (host := urls.host(href)):
        return False
    return urlsplit(href.strip()).path in ("", "/") and host == urls.host(url)
