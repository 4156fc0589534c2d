"""A page and the rules of an ftr-site-config file → title, time, author, body, further pages.

In: a page and Rules. Out: the fields, and the rules that failed on this page. Called by
`extraction.page`. Pure.

The order is that of Full-Text RSS: strings are replaced before the page is parsed; links, title,
author and date are read and removed, so that the body does not begin with them; then elements are
stripped; what remains of the body's element is the body. The user wrote the rules but not the page:
the time they may take is limited.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree, html

from newsspider.errors import NotReadable
from newsspider.extraction.ftr.rules import LinkRule, Rules
from newsspider.model import Page
from newsspider.text.characters import one_line
from newsspider.text.parse import base_url
from newsspider.text.selectors import inner_html
from newsspider.text.urls import absolute, canonical

_SECONDS = 5.0  # for all the rules of a file: `//*[following::x]` is quadratic in the page's size
_MOST_NODES = 60_000  # of a page: a path that visits all of them from each cannot be interrupted
_LARGEST = 20_000_000  # characters of a page after replacements
_LONGEST = 1_000  # characters of a title, a time, an author
_MOST_AUTHORS = 20
_KEPT = ("html", "head", "body")


@dataclass(frozen=True, slots=True)
class FtrReading:
    """The fields that the rules found, and what is wrong with the rules.

    `fields` holds `title`, `time`, `author` (several joined by a comma) and `body` (HTML), as a
    site file names them, and `next` and `single`, the absolute addresses of the article's next page
    and of the page with the whole article. A field that no rule found is absent.
    """

    fields: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def read_page(page: Page, rules: Rules, *, seconds: float = _SECONDS) -> FtrReading:
    """Return what the rules find on a page. Raises nothing: an unreadable page has no fields.

    After `seconds` no further rule is applied, and `faults` contains a message about it.
    """
    faults: list[str] = []
    try:
        tree = deepcopy(_replaced(page, rules, faults).document.tree)
    except NotReadable as error:
        return FtrReading(faults=(str(error),))
    if sum(1 for _ in islice(tree.iter(), _MOST_NODES)) == _MOST_NODES:
        return FtrReading(faults=(f"the page has more than {_MOST_NODES} elements",))
    run = _Run(tree, page.url, faults, seconds)
    fields = {
        "next": run.link(rules.next_page_link),
        "single": run.link(rules.single_page_link),
        "title": ", ".join(run.texts("title", rules.title)[:1]),
        "author": ", ".join(dict.fromkeys(run.texts("author", rules.author)[:_MOST_AUTHORS])),
        "time": ", ".join(run.texts("date", rules.date)[:1]),
    }
    _change(run, rules)
    fields["body"] = run.body(rules.body)
    return FtrReading({name: value for name, value in fields.items() if value}, tuple(faults))


def _replaced(page: Page, rules: Rules, faults: list[str]) -> Page:
    if not rules.replaced:
        return page
    try:
        text = page.body.decode(page.encoding, "replace")
    except LookupError:
        text = page.body.decode("utf-8", "replace")
    for find, by in rules.replaced:
        if len(text) + text.count(find) * (len(by) - len(find)) > _LARGEST:
            faults.append(one_line(f"replace_string({find[:40]}) would make the page too large"))
            continue
        text = text.replace(find, by)
    return Page(url=page.url, body=text.encode("utf-8", "replace"), status=page.status)


def _change(run: _Run, rules: Rules) -> None:
    """Wrap, dissolve and strip the elements that the rules name."""
    for tag, path in rules.wrap_in:
        for element in run.nodes("wrap_in", [path]):
            _wrap(element, tag)
    for element in run.nodes("dissolve", rules.dissolve):
        if element.tag not in _KEPT and element.getparent() is not None:
            element.drop_tag()
    run.strip("strip", rules.strip)
    run.strip("strip_attr", rules.strip_attr)
    if rules.strip_id_or_class:
        for element in list(run.tree.iter(etree.Element)):
            names = f"{element.get('id') or ''}\n{element.get('class') or ''}"
            if any(part in names for part in rules.strip_id_or_class):
                _drop(element)
    for image in list(run.tree.iter("img")):
        for name in rules.src_lazy_load_attr:
            if address := image.get(name):
                image.set("src", address)
        if any(part in (image.get("src") or "") for part in rules.strip_image_src):
            _drop(image)


class _Run:
    """A page and the time its rules may take. A rule that fails is reported once and skipped."""

    def __init__(self, tree: html.HtmlElement, url: str, faults: list[str], seconds: float) -> None:
        self.tree = tree
        self._url = url
        self._base = base_url(tree, url)
        self._faults = faults
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def find(self, path: str, directive: str = "") -> list[Any]:
        """Return the results of an XPath; a text or a number as a list with one element."""
        if time.monotonic() > self._until:
            self._fault(f"the rules took more than {self._seconds:g} s; the rest are skipped")
            return []
        try:
            result: Any = etree.XPath(path)(self.tree)
        except (etree.XPathError, ValueError) as error:
            self._fault(f"{directive}: {path[:80]!r} cannot be used ({error})")
            return []
        if isinstance(result, bool):
            return [result] if result else []
        return result if isinstance(result, list) else [result]

    def _fault(self, text: str) -> None:
        if (text := one_line(text)) not in self._faults:
            self._faults.append(text)

    def nodes(self, directive: str, paths: Iterable[str]) -> list[html.HtmlElement]:
        return [item for p in paths for item in self.find(p, directive) if _is_element(item)]

    def link(self, rules: Iterable[LinkRule]) -> str:
        """Return the first address that a rule finds and that leads to another page."""
        for rule in rules:
            if rule.only_if and not self.find(rule.only_if, "if_page_contains"):
                continue
            for item in self.find(rule.path, "link"):
                href = item.get("href") if _is_element(item) else str(item)
                url = absolute(href or "", self._base)
                if url and canonical(url) != canonical(self._url):
                    return url
        return ""

    def texts(self, directive: str, paths: Iterable[str]) -> list[str]:
        """Return the texts of the first path that finds any. Their elements are removed from the
        page: otherwise the body would begin with its own headline."""
        for path in paths:
            results = self.find(path, directive)
            texts = [text for item in results if (text := _text(item))]
            if texts:
                for item in results[:_MOST_AUTHORS]:
                    if _is_element(item) and not item.xpath(".//p[2]|.//img"):
                        _drop(item)
                return texts
        return []

    def strip(self, directive: str, paths: Iterable[str]) -> None:
        for path in paths:
            for item in self.find(path, directive):
                if getattr(item, "is_attribute", False):
                    item.getparent().attrib.pop(item.attrname, None)
                elif isinstance(item, etree._Element):
                    _drop(item)

    def body(self, paths: Iterable[str]) -> str:
        """Return the HTML of the elements that the first path with text or an image matches, in the
        order of the page."""
        for path in paths:
            matches = [item for item in self.find(path, "body") if _is_element(item)]
            within = set(matches)
            top = [item for item in matches if not within.intersection(item.iterancestors())]
            if any(_text(item) or item.find(".//img") is not None for item in top):
                return inner_html(top[0]) if len(top) == 1 else "".join(map(_outer, top))
        return ""


def _is_element(item: Any) -> bool:
    return isinstance(item, etree._Element) and isinstance(item.tag, str)


def _text(item: Any) -> str:
    if _is_element(item):
        item = item.text_content()
    return " ".join(str(item)[: 8 * _LONGEST].split())[:_LONGEST]


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None or element.tag in _KEPT:
        return
    tail, before = element.tail or "", element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _wrap(element: html.HtmlElement, tag: str) -> None:
    parent = element.getparent()
    if parent is None or element.tag in _KEPT:
        return
    wrapper = html.Element(tag)
    parent.replace(element, wrapper)
    wrapper.tail, element.tail = element.tail, None
    wrapper.append(element)


def _outer(element: html.HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))
