"""The name of the section that a listing page shows: `Business`, not `Business | The Gazette`.

In: the first page of a listing, or the title of a feed. Out: the name as a reader sees it; "" for a
home page, a feed of the whole site and a page without a name. Called by `newsspider.listing`, the
URL spider and `authoring.write_definition`. Pure. No rule is for a single site: the name of the
paper is what the page declares, what its host is called, or the last part of its title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from newsspider import languages
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.text.characters import one_line, width
from newsspider.text.urls import absolute, canonical, publisher_host

_WIDEST = 48  # of a name: what is wider is a headline or a slogan
_MOST_WORDS = 7
_LONGEST = 500  # characters of a title that are read: the patterns take quadratic time
_MOST = 20  # headings and breadcrumbs that are looked at
_BETWEEN = re.compile(r"\s+[|–—·•»›>/-]+\s+|\s*[|_｜]\s*")
_COLON = re.compile(r"\s*[:：]\s+|：")
_LETTER = re.compile(r"[^\W\d_]")
_FEED_WORD = re.compile(
    r"\W*\b(?:rss(?: ?\d(?:\.\d)?)?|atom|(?:news ?)?feeds?)\b\W*", re.IGNORECASE
)
# Parts of a path that name no section.
_NO_NAME = re.compile(
    r"(?:index|default|home|main|rss\d?|feeds?|atom|rdf|xml|json|all|full|news|latest|public|service"
    r"|www)?(?:[._-]?(?:rss|feed|atom|index))?(?:\.\w{1,5})?|[012]\.\d+",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?:index|default|home)(?:\.\w{1,5})?", re.IGNORECASE)
_PAPER = (
    "//meta[@property='og:site_name']/@content | //meta[@name='application-name']/@content"
    " | //meta[@name='apple-mobile-web-app-title']/@content"
)
_CRUMBS = (
    "//*[contains(@class, 'breadcrumb') or contains(@id, 'breadcrumb')"
    " or contains(@itemtype, 'BreadcrumbList') or @aria-label='breadcrumb'"
    " or @aria-label='Breadcrumb']"
)


def section_of_page(page: Page, paper: str = "", headlines: Collection[str] = ()) -> str:
    """Return the name of the section on an HTML page: its heading, the end of its breadcrumb, or
    its title without the name of the paper. `headlines` are those of its list: a page may open
    with one."""
    if is_home(page.url):
        return ""
    try:
        tree = page.document.tree
    except NotReadable:
        return ""
    parts = _parts(_text(tree.find(".//title")))
    headings, logos = _headings(tree, page.url)
    papers = {paper, *map(str, tree.xpath(_PAPER)), *logos}
    if len(parts) > 1 and not any(_is_paper(part, papers, page.url) for part in parts):
        papers.add(parts[0] if parts[-1] in headings else parts[-1])
    for text in (*headings, *_crumbs(tree), *parts):
        name = _name(text, papers, page.url)
        if name and text not in headlines and name not in headlines:
            return name
    return ""


def section_of_feed(title: str, url: str, paper: str = "") -> str:
    """Return the name of the section in the title of a feed: `Business` for `The Gazette -
    Business`; "" where its address names no section: the feed of the whole site."""
    address = urlsplit(url)
    folders = [part for part in unquote(address.path).split("/") if part]
    if all(_NO_NAME.fullmatch(part) for part in folders) and not address.query:
        return ""
    names = (_name(part, {paper}, url) for part in _parts(_FEED_WORD.sub(" ", title[:_LONGEST])))
    return next(filter(None, names), "")


def is_home(url: str) -> bool:
    """Return whether an address is that of a home page."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    return not parts.query and (not path or _HOME.fullmatch(path) is not None)


def _parts(title: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(title[:_LONGEST]) if part.strip()]


def _headings(tree: html.HtmlElement, url: str) -> tuple[list[str], list[str]]:
    """Return the main headings of a page, and those that are its logo. A heading that leads to
    another page is the headline of an article."""
    headings, logos = [], []
    for _, heading in zip(range(_MOST), tree.iter("h1"), strict=False):
        links = [*heading.iter("a"), *(e for e in heading.iterancestors("a"))]
        targets = [absolute(link.get("href") or "", url) for link in links]
        text = _text(heading)
        if any(target and is_home(target) for target in targets):
            logos.append(text)
        elif all(target is None or canonical(target) == canonical(url) for target in targets):
            headings.append(text)
    return headings, logos


def _crumbs(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the texts of the breadcrumb, the last first."""
    for box in tree.xpath(_CRUMBS)[:1]:
        texts = [_text(element) for element in box.iter("a", "li", "span") if not len(element)]
        yield from reversed([text for text in texts if text][:_MOST])


def _name(text: str, papers: Collection[str], url: str) -> str:
    """Return the name of a section in a text without the label before it (`Category: Business`) and
    the name of the paper, or "" if there is none."""
    before, colon, after = (
        text.partition(found[0]) if (found := _COLON.search(text)) else (text, "", "")
    )
    if colon and (_label().fullmatch(before.strip()) or _is_paper(before, papers, url)):
        text = after
    elif colon and _is_paper(after, papers, url):
        text = before
    text = text.strip(" \t\"'«»„“”‘’‹›「」《》·|-–—:")
    plausible = _LETTER.search(text) and width(text) <= _WIDEST and len(text.split()) <= _MOST_WORDS
    if not plausible or _home_words().fullmatch(text) or _is_paper(text, papers, url):
        return ""
    return text


def _is_paper(text: str, papers: Iterable[str], url: str) -> bool:
    """Return whether a text is the name of the paper, as declared or as most of the name of its
    host: `The Portal` of www.theportal.example, `DER SPIEGEL` of spiegel.de."""
    letters = _letters(text)
    if not letters or letters in map(_letters, papers):
        return True
    label = _letters(publisher_host(url).partition(".")[0])
    if len(label) < len(letters):  # whole words of it: `Sport` is a section of port.example
        words = [_letters(word) for word in text.split()]
        ends = {"".join(words[:at]) for at in range(len(words))}
        ends |= {"".join(words[at:]) for at in range(len(words))}
        return label in ends and len(label) > 2 and len(label) >= 0.6 * len(letters)
    affix = label.startswith(letters) or label.endswith(letters)
    return affix and len(letters) > 2 and len(letters) >= 0.6 * len(label)


def _letters(text: str) -> str:
    return re.sub(r"^the\s|[\W_]", "", text.strip().casefold())


@cache
def _label() -> re.Pattern[str]:
    return languages.compiled("category")


@cache
def _home_words() -> re.Pattern[str]:
    words = {languages.read(name)["site"].get("home", "Home") for name in languages.names()}
    return re.compile(
        "|".join(map(re.escape, sorted(words | {"Homepage", "Index"}))), re.IGNORECASE
    )


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join(one_line("".join(map(str, element.itertext()))[:2000]).split())
