"""The exact headline: without kicker, section and name of the site.

In: the tree of a page, its structured data, its lines. Out: a `Headline`: the text, its origin, and
the element that shows it (other fields are near it). Called by `extract`.

A page names its article several times: headings, `<title>`, og:title, JSON-LD. The names differ in
what surrounds the headline, and some are written for search engines. The heading that the other
names contain, or that contains them, is what the reader sees; so it is preferred.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import html

from newsspider.extraction.generic.heading_pieces import DAY, name_beside_date, name_in_pieces
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured, plain
from newsspider.extraction.generic.texts import squeeze, text_line
from newsspider.extraction.generic.unnamed_headline import heading_of_text, is_name_of_site
from newsspider.text.scripts import HAN

_LONGEST = 400
# What separates a headline from the names around it.
_JOINT = re.compile(r"\s+[|｜»«·•\-–—―~:/\\_]+\s+|\s*[|｜»]+\s*|\s*(?:--|——|_|－)+\s*|-(?=[^-]*$)")
_CUT = re.compile(r"\s*[|｜»«·•_:：－—–]+\s*|\s*-+\s*|(?<=[】\])])|(?=[【\[(])")
_SPACE = re.compile(r"\s+")
_HAN = re.compile(rf"[{HAN}]")
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
    """The headline, its origin, and the element that shows it, or None."""

    text: str = ""
    origin: str = ""
    element: html.HtmlElement | None = None


def find_headline(
    tree: html.HtmlElement, structured: Structured, lines: Sequence[Line], url: str
) -> Headline:
    """Return the headline of the page, or an empty one. `lines` are the lines of the page."""
    headline = _named_headline(tree, structured, lines)
    if headline.text and not is_name_of_site(headline.text, tree, structured, url):
        return headline
    line = heading_of_text(lines, headline.text, url)
    return Headline(line.text, "heading", line.holder) if line else headline


def _named_headline(
    tree: html.HtmlElement, structured: Structured, lines: Sequence[Line]
) -> Headline:
    """Return the headline that the names of the page are like, or an empty one."""
    title = text_line(tree.find(".//title"))
    candidates = list(_candidates(structured))
    names = [text for text, _ in candidates]
    site, own = squeeze(structured.first("og:site_name")), _own_name(candidates, title)
    shown = {key: line.text for line in lines if 4 <= len(key := squeeze(line.text)) <= _LONGEST}
    sites = {site, _site_behind(title, shown)}
    heading = _heading(tree, [title, *names], sites, own)
    if heading is not None:
        stated = [name for name, origin in candidates if origin in ("json-ld", "opengraph")]
        text = name_in_pieces(heading, [*stated, *_starts(title)])
        text = text or name_beside_date(text_line(heading), stated)
        text = text or _without_kicker(heading, [title, *names])
        if fuller := _fuller_name(text, title, candidates):
            return Headline(fuller, candidates[0][1], heading)
        return Headline(text, "h1" if heading.tag == "h1" else "heading", heading)
    for text, origin in [*candidates, (title, "title")]:
        # The longest part of a name that the page shows as a separate line.
        parts = [text, *sorted(segments(text), key=len, reverse=True)]
        for part in parts:
            key = squeeze(part)
            if len(part) * 4 >= len(text) and key != site and (line := shown.get(key)):
                return Headline(line, origin, _shown(tree, line))
    if (dated := _dated_heading(lines)) is not None:
        return Headline(dated.text, "heading", dated.holder)
    for text, origin in [*candidates, (title, "title")]:
        if text:
            bare = _without_site(text, structured)
            return Headline(bare, origin, _shown(tree, bare))
    return Headline()


def _dated_heading(lines: Sequence[Line]) -> Line | None:
    """Return a heading of any level with a day below it, or None.

    It is the headline of a page whose names contain only the section or the site."""
    for number, line in enumerate(lines):
        if len(line.text) <= _LONGEST and DAY.search(line.text):
            for other in reversed(lines[max(0, number - 2) : number]):
                if other.kind in ("h2", "h3", "h4") and 8 <= len(other.text) <= _LONGEST:
                    return other
    return None


def _fuller_name(heading: str, title: str, candidates: Sequence[tuple[str, str]]) -> str:
    """Return the name that ends with the heading and is longer, if `<title>`, JSON-LD and OpenGraph
    agree on it, or "".

    The heading was then cut to fit, or its first words are in another element."""
    names = {squeeze(text) for text, origin in candidates if origin in ("json-ld", "opengraph")}
    if len(names) != 1 or [origin for _, origin in candidates[:2]] != ["json-ld", "opengraph"]:
        return ""
    name, short = names.pop(), squeeze(heading)
    ends = name.endswith(short) and short != name and squeeze(title).startswith(name)
    return candidates[0][0] if ends else ""


def segments(title: str) -> list[str]:
    """Return the parts of a `<title>`: between any two separators, or a separator and an end."""
    cuts = [*_CUT.finditer(title)][:10]
    if _HAN.search(title):  # in Chinese, spaces only separate parts
        cuts = sorted([*cuts, *[*_SPACE.finditer(title)][:6]], key=lambda cut: cut.start())
    starts, ends = [0, *(m.end() for m in cuts)], [*(m.start() for m in cuts), len(title)]
    return [title[start:end].strip() for start in starts for end in ends if end - start > 3]


def _candidates(structured: Structured) -> Iterator[tuple[str, str]]:
    """Yield the names of the article in the structured data, with their origins."""
    for text, origin in (
        (plain(structured.article.get("headline")), "json-ld"),
        (structured.first("og:title"), "opengraph"),
        (structured.item("headline"), "microdata"),
        (structured.first("twitter:title", "title", "dc.title", "dcterms.title"), "meta"),
    ):
        if text and len(text) <= _LONGEST:
            yield text, origin


def _site_behind(title: str, shown: Mapping[str, str]) -> str:
    """Return the squeezed end of `<title>` if it is short and the page shows the rest as a line of
    its own, or "": a heading with that text is the name of the site."""
    cuts = list(_JOINT.finditer(title))
    head, tail = (title[: cuts[-1].start()], title[cuts[-1].end() :]) if cuts else ("", "")
    return squeeze(tail) if _is_site(head, tail) and squeeze(head) in shown else ""


def _own_name(candidates: Sequence[tuple[str, str]], title: str) -> str:
    """Return the squeezed name in JSON-LD if `<title>` does not contain it, or "".

    `<title>` and a heading with the same text are then for search engines, and the article has
    another headline."""
    name = next((squeeze(text) for text, origin in candidates if origin == "json-ld"), "")
    return "" if name in {squeeze(title), *map(squeeze, segments(title))} else name


def _heading(
    tree: html.HtmlElement, names: list[str], sites: Collection[str], own: str
) -> html.HtmlElement | None:
    """Return the heading that is most like the names of the page, or None."""
    wanted = [squeeze(name) for name in names if name]
    best, most = None, 0.0
    for rank, heading in enumerate(_headings(tree, wanted)):
        text = squeeze(text_line(heading))
        if not text or text in sites:
            continue
        score = max((_alike(text, name) for name in wanted), default=0.0)
        score += 0.15 if text == own else 0.0  # more than the penalty of the second level
        score -= {"h1": 0.0, "h2": 0.12, "h3": 0.2}.get(str(heading.tag), 0.25) + rank * 0.001
        if score > most and score > 0.4:
            best, most = heading, score
    if best is None:
        headings = [
            h for h in tree.iter("h1") if 4 <= len(text_line(h)) <= _LONGEST and _plausible(h)
        ]
        headings = [h for h in headings if squeeze(text_line(h)) not in sites]
        best = headings[0] if len(headings) == 1 else None
    return best


def _headings(tree: html.HtmlElement, names: Sequence[str]) -> Iterable[html.HtmlElement]:
    """Return the plausible headings of the page, those of the first level first."""
    first = [h for h in tree.iter("h1") if _plausible(h) or squeeze(text_line(h)) in names]
    return [*first[:40], *[h for h in tree.iter("h2", "h3") if _plausible(h)][:60]]


def _plausible(heading: html.HtmlElement) -> bool:
    marks = f"{heading.get('class') or ''} {heading.get('id') or ''}"
    return not _NOT_HEADINGS.search(marks)


def _alike(heading: str, name: str) -> float:
    """Return how alike a heading and a name of the page are, from 0 to 1 (equal).

    If one contains the other, their lengths count; else the groups of three characters that they
    share."""
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
    """Return the text of a heading without its kicker.

    A kicker is marked as such, or it precedes a name of the page that ends the heading. A heading
    that is a name of the page as a whole has no kicker."""
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


def _starts(title: str) -> Iterator[str]:
    """Yield `<title>` and its starts: what may be the name, without what is behind it."""
    yield from (part for part in segments(title) if title.startswith(part))


def _behind_kickers(names: Sequence[str]) -> Iterator[str]:
    """Yield the parts of names behind a kicker: of `War: “We won”` and `Live - “We won”`."""
    for name in names:
        yield from (part for part in segments(name) if not name.startswith(part))


def _after_joint(text: str, ends: Sequence[str]) -> str:
    """Return the longest of these ends that a heading has behind a separator, or ""."""
    bare = squeeze(text)
    for end in sorted(ends, key=len, reverse=True):
        key = squeeze(end)
        if len(key) >= 12 and key != bare and bare.endswith(key) and len(key) * 3 >= len(bare):
            for joint in re.finditer(r"(?:\s[-–—|·/]|[:|»])\s", text):
                if squeeze(text[joint.end() :]) == key:
                    return text[joint.end() :].strip()
    return ""


def _without_site(text: str, structured: Structured) -> str:
    """Return a name of the page without the section and the site behind it."""
    site = squeeze(structured.first("og:site_name"))
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
    """Return whether the end of a title is short enough beside the rest to be a site's name."""
    return 0 < len(tail) <= 30 and len(squeeze(tail)) * 1.2 <= len(squeeze(head))


def _shown(tree: html.HtmlElement, text: str) -> html.HtmlElement | None:
    """Return the first element of the page's body whose text is the headline, or None."""
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
