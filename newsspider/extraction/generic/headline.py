"""The exact headline: no kicker, no section, no name of the site.

In: the tree of a page and what it says for machines. Out: a `Headline`: the text, where it came
from, and the element that shows it (other fields stand near it).

A page names its article several times: headings, `<title>`, og:title, JSON-LD. They differ by what
is put around the headline and by what search engines are to see. The heading that the others
contain, or that is contained in them, is what the reader sees; so it is preferred.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import html

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured, plain

_LONGEST = 400
# What stands between a headline and the names around it.
_JOINT = re.compile(r"\s+[|｜»«·•\-–—―~:/\\_]+\s+|\s*[|｜»]+\s*|\s*(?:--|——|_|－)+\s*|-(?=[^-]*$)")
_CUT = re.compile(r"\s*[|｜»«·•_:：－—–]+\s*|\s*-+\s*|(?<=[】\])])|(?=[【\[(])")
_SPACE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DAY = re.compile(r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_DATE = re.compile(
    r"\b(?:\d{1,2}\W{1,2}[^\W\d]{3,9}|[^\W\d]{3,9}\W{1,2}\d{1,2})\W{1,2}(?:19|20)\d\d\b|"
    + _DAY.pattern
)
_SQUEEZE = re.compile(r"[\W_]+")
_NOT_HEADINGS = re.compile(
    r"(?:^|[\s_-])(?:logo|site-?(?:title|name)|brand|masthead|related|sidebar|widget|recommend\w*"
    r"|popup|modal|cookie|consent|newsletter|comments?|visually-hidden|sr-only)(?:$|[\s_-])",
    re.I,
)
_KICKER = re.compile(
    r"(?:^|[\s_-])\w*(?:kicker|eyebrow|overline|topline|dachzeile|roofline|section-?(?:name|label)"
    r"|category|subline|label|flag|badge|vorspann|antetitulo|sr-only|visually-hidden)\w*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline, its origin, and the element that shows it (None where none does)."""

    text: str = ""
    origin: str = ""
    element: html.HtmlElement | None = None


def find_headline(tree: html.HtmlElement, said: Structured, lines: Sequence[Line]) -> Headline:
    """The headline of the page; an empty one where it has none. `lines` are the lines it shows."""
    title = text_line(tree.find(".//title"))
    told = list(_told(said))
    names = [text for text, _ in told]
    site, own = squeeze(said.first("og:site_name")), _own_name(told, title)
    heading = _heading(tree, [title, *names], site, own)
    if heading is not None:
        text = _named(heading, told) or _without_kicker(heading, [title, *names])
        if fuller := _agreed(text, title, told):
            return Headline(fuller, told[0][1], heading)
        return Headline(text, "h1" if heading.tag == "h1" else "heading", heading)
    shown = {key: line.text for line in lines if 4 <= len(key := squeeze(line.text)) <= _LONGEST}
    for text, origin in [*told, (title, "title")]:
        # The longest part of a name that the page shows as a line of its own.
        parts = [text, *sorted(segments(text), key=len, reverse=True)]
        for part in parts:
            key = squeeze(part)
            if len(part) * 4 >= len(text) and key != site and (line := shown.get(key)):
                return Headline(line, origin, _shown(tree, line))
    if (dated := _dated(lines)) is not None:
        return Headline(dated.text, "heading", dated.holder)
    for text, origin in [*told, (title, "title")]:
        if text:
            bare = _without_site(text, said)
            return Headline(bare, origin, _shown(tree, bare))
    return Headline()


def _dated(lines: Sequence[Line]) -> Line | None:
    """A heading of any level with a day below it: the headline of a page that is called by its
    section or its site alone."""
    for number, line in enumerate(lines):
        if len(line.text) <= _LONGEST and _DAY.search(line.text):
            for other in reversed(lines[max(0, number - 2) : number]):
                if other.kind in ("h2", "h3", "h4") and 8 <= len(other.text) <= _LONGEST:
                    return other
    return None


def _agreed(heading: str, title: str, told: Sequence[tuple[str, str]]) -> str:
    """A longer name that holds the heading, when all that the page says for machines agrees on it:
    the heading was cut to fit, or its first words stand in an element of their own."""
    names = {squeeze(text) for text, origin in told if origin in ("json-ld", "opengraph")}
    if len(names) != 1 or [origin for _, origin in told[:2]] != ["json-ld", "opengraph"]:
        return ""
    name, short = names.pop(), squeeze(heading)
    held = name.endswith(short) and short != name and squeeze(title).startswith(name)
    return told[0][0] if held else ""


def squeeze(text: str) -> str:
    """A text for comparing: letters and digits only, half-width, one case."""
    return _SQUEEZE.sub("", unicodedata.normalize("NFKC", text).casefold())


def text_line(element: html.HtmlElement | None) -> str:
    """The text of an element as one line; scripts and comments are none."""
    if element is None:
        return ""
    parts: list[str] = []
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in ("script", "style", "svg", "noscript"):
            if node.tag in ("br", "p", "div", "span") and parts:
                parts.append(" ")
            parts.append(node.text or "")
        if node is not element:
            parts.append(node.tail or "")
    return " ".join("".join(parts).split())


def segments(title: str) -> list[str]:
    """What a `<title>` may hold: all of it between two joints, or between one and an end."""
    cuts = [*_CUT.finditer(title)][:10]
    if _HAN.search(title):  # Chinese has no spaces but between parts
        cuts = sorted([*cuts, *[*_SPACE.finditer(title)][:6]], key=lambda cut: cut.start())
    starts, ends = [0, *(m.end() for m in cuts)], [*(m.start() for m in cuts), len(title)]
    return [title[start:end].strip() for start in starts for end in ends if end - start > 3]


def _told(said: Structured) -> Iterator[tuple[str, str]]:
    """The names the page gives its article for machines, with their origin."""
    for text, origin in (
        (plain(said.article.get("headline")), "json-ld"),
        (said.first("og:title"), "opengraph"),
        (said.item("headline"), "microdata"),
        (said.first("twitter:title", "title", "dc.title", "dcterms.title"), "meta"),
    ):
        if text and len(text) <= _LONGEST:
            yield text, origin


def _own_name(told: Sequence[tuple[str, str]], title: str) -> str:
    """What JSON-LD calls the article where `<title>` does not: `<title>` and a heading made from it
    are then for search engines, and the article has a headline of its own."""
    name = next((squeeze(text) for text, origin in told if origin == "json-ld"), "")
    return "" if name in {squeeze(title), *map(squeeze, segments(title))} else name


def _heading(
    tree: html.HtmlElement, names: list[str], site: str, own: str
) -> html.HtmlElement | None:
    """The heading that is the article's: the one most like what the page is called."""
    wanted = [squeeze(name) for name in names if name]
    best, most = None, 0.0
    for rank, heading in enumerate(_headings(tree, wanted)):
        text = squeeze(text_line(heading))
        if not text or text == site:
            continue
        score = max((_alike(text, name) for name in wanted), default=0.0)
        score += 0.15 if text == own else 0.0  # more than a second level takes
        score -= {"h1": 0.0, "h2": 0.12, "h3": 0.2}.get(str(heading.tag), 0.25) + rank * 0.001
        if score > most and score > 0.4:
            best, most = heading, score
    if best is None:
        ones = [h for h in tree.iter("h1") if 4 <= len(text_line(h)) <= _LONGEST and _plausible(h)]
        ones = [h for h in ones if squeeze(text_line(h)) != site]
        best = ones[0] if len(ones) == 1 else None
    return best


def _headings(tree: html.HtmlElement, names: Sequence[str]) -> Iterable[html.HtmlElement]:
    """The headings of the page, those of the first level first."""
    ones = [h for h in tree.iter("h1") if _plausible(h) or squeeze(text_line(h)) in names]
    return [*ones[:40], *[h for h in tree.iter("h2", "h3") if _plausible(h)][:60]]


def _plausible(heading: html.HtmlElement) -> bool:
    marks = f"{heading.get('class') or ''} {heading.get('id') or ''}"
    return not _NOT_HEADINGS.search(marks)


def _alike(heading: str, name: str) -> float:
    """How far a heading and a name of the page are one: 1 when equal; by what they share, when one
    holds the other."""
    if not heading or not name:
        return 0.0
    if heading == name:
        return 1.0
    if heading in name or name in heading:
        share = min(len(heading), len(name)) / max(len(heading), len(name))
        # A short heading in a long title is a section or the site: `News`, `BBC`.
        return 0.55 + 0.4 * share if min(len(heading), len(name)) >= 8 or share > 0.6 else 0.3
    first = set(zip(heading, heading[1:], heading[2:], strict=False))
    second = set(zip(name, name[1:], name[2:], strict=False))
    return 0.9 * 2 * len(first & second) / max(1, len(first) + len(second))


def _without_kicker(heading: html.HtmlElement, names: Sequence[str]) -> str:
    """The text of a heading without a kicker: one that is marked as such, or all that stands before
    a name of the page that ends the heading. Where the page is called by all of the heading, there
    is none."""
    text = text_line(heading)
    bare = squeeze(text)
    if bare in map(squeeze, names[1:]):
        exact = [name for name in names[1:] if squeeze(name) != bare]
        others = [name for name in exact if bare not in squeeze(name)]
        short = [end for end in _behind_kickers(others) if len(squeeze(end)) * 5 >= len(bare) * 3]
        return _after_joint(text, [*exact, *short]) or text
    if any(bare in squeeze(name) for name in names):
        return _after_joint(text, names[1:]) or text
    for part in heading.iter("span", "small", "em", "strong", "a", "div", "p", "b"):
        if _KICKER.search(part.get("class") or ""):
            kicker = text_line(part)
            rest = text.removeprefix(kicker).strip(" :|-–—·/")
            if kicker and rest != text and len(rest) >= 8:
                return rest
    return _after_joint(text, [part for name in names for part in segments(name)]) or text


def _named(heading: html.HtmlElement, told: Sequence[tuple[str, str]]) -> str:
    """The name by which a page calls its article where the heading has it and more around it: the
    kicker before it in an element of its own, or the day. "" for none."""
    text = text_line(heading)
    for name in dict.fromkeys(name for name, origin in told if origin in ("json-ld", "opengraph")):
        before, found, after = text.partition(" ".join(name.split()))
        rest = " ".join(f"{before} {after}".split())
        if len(squeeze(name)) < 12 or not found or not rest:
            continue
        dated = len(rest) <= len(name) and _DATE.search(rest)
        if dated or (not after and before.strip() in _parts(heading)):
            return name
    return ""


def _parts(heading: html.HtmlElement) -> set[str]:
    """The texts of the elements in a heading."""
    return {text_line(part) for part in heading.iter("span", "small", "em", "a", "div", "p")}


def _behind_kickers(names: Sequence[str]) -> Iterator[str]:
    """What stands in these names behind another kicker: `War: “We won”` and `Live - “We won”`."""
    for name in names:
        yield from (part for part in segments(name) if not name.startswith(part))


def _after_joint(text: str, ends: Sequence[str]) -> str:
    """The longest of these that a heading ends with, behind a joint; "" for none."""
    bare = squeeze(text)
    for end in sorted(ends, key=len, reverse=True):
        key = squeeze(end)
        if len(key) >= 12 and key != bare and bare.endswith(key) and len(key) * 3 >= len(bare):
            for joint in re.finditer(r"(?:\s[-–—|·/]|[:|»])\s", text):
                if squeeze(text[joint.end() :]) == key:
                    return text[joint.end() :].strip()
    return ""


def _without_site(text: str, said: Structured) -> str:
    """A name of the page without the site and the section behind it."""
    site = squeeze(said.first("og:site_name"))
    while True:
        cuts = list(_JOINT.finditer(text))
        if not cuts:
            return text.strip()
        last = cuts[-1]
        head, tail = text[: last.start()].strip(), text[last.end() :].strip()
        known = bool(site) and (squeeze(tail) in site or site in squeeze(tail))
        if not (known or _is_site(head, tail)):
            return text.strip()
        text = head


def _is_site(head: str, tail: str) -> bool:
    """Whether the end of a title is a name: short beside what stands before it."""
    return 0 < len(tail) <= 30 and len(squeeze(tail)) * 1.2 <= len(squeeze(head))


def _shown(tree: html.HtmlElement, text: str) -> html.HtmlElement | None:
    """The first element of the page's body whose text is the headline."""
    wanted = squeeze(text)
    if len(wanted) < 4:
        return None
    body = tree.find("body")
    for element in cast(Iterable[html.HtmlElement], body.iter()) if body is not None else ():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "a", "option"):
            continue
        own = element.text
        if own and len(own) >= len(text) // 2 and squeeze(own) == wanted:
            return element
    return None
