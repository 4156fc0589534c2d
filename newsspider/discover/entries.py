"""Where the entries of a list have their link, title, time and summary.

In: the entries of a group, each with its best link. Out: the `fields` of a site file's listing. A
selector is kept only when it works in nine of ten of the entries that have the field. Called by
`lists`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from newsspider.discover.groups import HEADINGS, Anchor, Group, link_text
from newsspider.discover.markup import TITLE_NAME, line, named, nodes, own_text, tokens
from newsspider.discover.model import FieldRule
from newsspider.discover.scoring import DATE, title_worth
from newsspider.discover.selectors import field_selector
from newsspider.text.characters import width

_Target = tuple[etree._Element, str]  # an element, its attribute ("": its text)
_SUMMARY_NAME = re.compile(
    r"summary|excerpt|desc|intro|abstract|dek|digest|teaser|brief|lead|standfirst|zhaiyao|chapo",
    re.IGNORECASE,
)
_TIME_NAMES = re.compile(r"data-(?:\w+-)?(?:time|date|timestamp|publish\w*)", re.IGNORECASE)
_CUT_OFF = re.compile(r"(?:\.\.\.?|…)$")
# For a time that has no element of its own, in the text beside the link.
_BARE_TIMES = (
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?",
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:,?\s+\d{1,2}:\d\d)?",
    r"\d{1,2}月\d{1,2}日(?:\s*\d{1,2}:\d\d)?",
    r"\d{1,2}\.?(?: de)? [^\W\d_]{3,12}\.?(?: de)? \d{4}",
    r"[^\W\d_]{3,10}\.? \d{1,2}, \d{4}",
    r"\d{1,3} ?[^\W\d_]{1,7} (?:ago|前)|\d{1,3} ?(?:分钟|小时|天|分|時間|日)前",
    r"(?<!\d)\d{1,2}[-/]\d{1,2}(?!\d)(?:\s+\d{1,2}:\d\d)?",
)


def fields(group: Group) -> dict[str, FieldRule]:
    """Return the fields of a group's entries; {} when no selector matches their links."""
    rules: dict[str, FieldRule] = {}
    links = {item: (anchor.element, anchor.attribute) for item, anchor in group.best.items()}
    if not (url_rule := _rule(links)):
        return {}
    rules["url"] = url_rule
    url = "." if url_rule.startswith("@") else url_rule.partition("::attr")[0]
    titles = {item: _title(item, anchor) for item, anchor in group.best.items()}
    rules["title"] = _rule(titles) or ("normalize-space(.)" if url == "." else url)
    if time := _time_rule(group, titles):
        rules["time"] = time
    if summary := _rule(_each(group, lambda item: _summary(item, titles[item][0]))):
        rules["summary"] = summary
    return rules


def _each(
    group: Group, find: Callable[[etree._Element], _Target | None]
) -> dict[etree._Element, _Target]:
    targets = {item: find(item) for item in group.best}
    return {item: target for item, target in targets.items() if target is not None}


def _rule(targets: Mapping[etree._Element, _Target]) -> str:
    """Return the selector of the targets, by the attribute (or text) that most of them use; ""
    without one."""
    by_attribute: dict[str, dict[etree._Element, etree._Element]] = {}
    for item, (element, attribute) in targets.items():
        by_attribute.setdefault(attribute, {})[item] = element
    if not by_attribute:
        return ""
    attribute = max(by_attribute, key=lambda name: len(by_attribute[name]))
    selector = field_selector(by_attribute[attribute])
    if selector == ".":
        return f"@{attribute}" if attribute else "normalize-space(.)"
    return f"{selector}::attr({attribute})" if selector and attribute else selector


def _title(item: etree._Element, anchor: Anchor) -> _Target:
    link = anchor.element
    if anchor.text != link_text(link):  # its name is beside it
        for heading in (*item.iter(*HEADINGS), *named(item, TITLE_NAME)):
            if line(heading) == anchor.text:
                return heading, ""
    for heading in link.iter(*HEADINGS):
        if title_worth(line(heading)):
            return heading, ""
    text = line(link)
    if _CUT_OFF.search(text):
        full = " ".join((link.get("title") or "").split())
        if full.startswith(_CUT_OFF.sub("", text)[:20]):
            return link, "title"
    inside = _inside(link) if len(link) else None
    if inside is not None:
        return inside, ""
    if title_worth(text) > 0.2:
        return link, ""
    beside = next(iter([*item.iter(*HEADINGS), *named(item, TITLE_NAME)]), None)
    if beside is not None and title_worth(line(beside)) > 0.2:
        return beside, ""
    return (link, "title") if title_worth(link.get("title") or "") > 0.2 else (link, "")


def _inside(link: etree._Element) -> etree._Element | None:
    """Return the headline in a link that is a whole card: the element with such a name, or the
    first whose text reads like a headline when the link has other text too."""
    title = next(iter(named(link, TITLE_NAME)), None)
    if title is not None and title_worth(line(title)):
        return title
    whole = line(link)
    for element in nodes(link):
        text = own_text(element)
        if title_worth(text) > 0.2 and not (DATE.match(text) and width(text) < 30):
            return element if element is not link and len(text) < len(whole) else None
    return None


def _time_rule(group: Group, titles: Mapping[etree._Element, _Target]) -> FieldRule:
    """Return the selector of the time, with a pattern where other words share its text."""
    targets = _each(group, lambda item: _time(item, titles[item][0]))
    if 2 * len(targets) >= len(group.best):
        mixed = any(titles[item][0] in target[0].iter() for item, target in targets.items())
        if not mixed and (selector := _rule(targets)):
            return selector
        tag = str(next(iter(targets.values()))[0].tag)
        texts = [own_text(element) for element, attribute in targets.values() if not attribute]
        if rule := _patterned(tag, texts):
            return rule
    return _patterned("text()", [own_text(item) for item in group.best]) or _patterned(
        "./following-sibling::*[1]", [_next_text(item) for item in group.best]
    )


def _patterned(select: str, texts: list[str]) -> FieldRule:
    for pattern in _BARE_TIMES:
        if texts and sum(bool(re.search(pattern, t)) for t in texts) >= 0.8 * len(texts):
            return {"select": select, "pattern": pattern}
    return ""


def _next_text(item: etree._Element) -> str:
    following = item.getnext()
    if following is None or not isinstance(following.tag, str):
        return ""
    text = line(following)
    return text if width(text) < 80 else ""


def _time(item: etree._Element, title: etree._Element) -> _Target | None:
    targets: list[_Target] = []
    for element in nodes(item):
        if element.tag == "time":
            return element, "datetime" if element.get("datetime") else ""
        targets += [
            (element, str(name))
            for name, value in element.attrib.items()
            if _TIME_NAMES.fullmatch(str(name)) and re.search(r"\d{4}", str(value))
        ]
        text = own_text(element)
        if element is not title and 3 < width(text) <= 60 and DATE.search(text):
            targets.append((element, ""))
    # Text that a reader sees comes before attributes, which scripts use.
    return min(targets, key=lambda target: bool(target[1]), default=None)


def _summary(item: etree._Element, title: etree._Element) -> _Target | None:
    for element in nodes(item):
        named = any(_SUMMARY_NAME.search(token) for token in tokens(element))
        least = 40 if named or element.tag == "p" else 70
        if element is item or element is title or width(text := line(element)) < least:
            continue
        if width(own_text(element)) > 0.5 * width(text) and title not in element.iter():
            return element, ""
    return None
