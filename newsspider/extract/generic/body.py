"""The text of an article: which lines of the page it is.

In: the tree of a page and its lines. Out: the lines of the article. Two libraries read the page
(trafilatura, readability-lxml); what they found votes on the page's own lines, and the article is
written from those: so its HTML keeps headings, lists, tables and pictures, which no library keeps
all, and each line can be judged for itself.
"""

from __future__ import annotations

import contextlib
import logging
import re
from copy import deepcopy
from dataclasses import dataclass

from lxml import html

from newsspider.extract.generic.headline import squeeze
from newsspider.extract.generic.layout import Line, read_lines

_CHUNK = 24  # characters of a line looked up at once
_SHORT = 14  # squeezed characters: a shorter line must be a line of the voter
_ENOUGH = 0.6  # of a line's chunks that a voter must have
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Voter:
    """A library's reading of the page, made comparable."""

    name: str
    text: str
    lines: frozenset[str]

    @property
    def size(self) -> int:
        return len(self.text)

    def has(self, line: str) -> bool:
        """Whether a (squeezed) line of the page is in the reading."""
        if len(line) < _SHORT:
            return line in self.lines
        if line in self.text:
            return True
        if len(line) < 2 * _CHUNK:
            return line[:_CHUNK] in self.text or line[-_CHUNK:] in self.text
        chunks = [line[i : i + _CHUNK] for i in range(0, len(line) - _CHUNK + 1, _CHUNK)]
        return sum(chunk in self.text for chunk in chunks) >= _ENOUGH * len(chunks)


def voter(name: str, lines: list[str]) -> Voter:
    squeezed = [squeeze(line) for line in lines]
    return Voter(name, "".join(squeezed), frozenset(squeezed))


def by_trafilatura(tree: html.HtmlElement, *, precision: bool = False) -> Voter:
    """What trafilatura takes for the text."""
    import trafilatura

    with contextlib.suppress(Exception), _quiet():  # a library, on any page of the web
        found = trafilatura.bare_extraction(
            deepcopy(tree), include_comments=False, favor_precision=precision, fast=True
        )
        if found is not None and found.text:
            return voter("trafilatura", found.text.split("\n"))
    return voter("trafilatura", [])


def by_readability(tree: html.HtmlElement) -> Voter:
    """What readability-lxml takes for the text."""
    from readability import Document

    with contextlib.suppress(Exception), _quiet():
        found = Document(deepcopy(tree)).summary(html_partial=True)
        if found:
            root = html.fragment_fromstring(found, create_parent="div")
            return voter("readability", [line.text for line in read_lines(root, "")])
    return voter("readability", [])


@contextlib.contextmanager
def _quiet():  # type: ignore[no-untyped-def]
    """Both libraries log what they could not read."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def agreement(one: Voter, other: Voter) -> float:
    """How far two readings are one: the share of the chunks that both have."""
    if not one.text or not other.text:
        return 0.0
    small, large = sorted((one, other), key=lambda v: v.size)
    chunks = [small.text[i : i + _CHUNK] for i in range(0, max(1, small.size - _CHUNK), _CHUNK)]
    shared = sum(chunk in large.text for chunk in chunks) / len(chunks)
    return shared * small.size / large.size


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the article, and the libraries that found them."""

    lines: tuple[Line, ...] = ()
    origin: str = ""


def find_body(tree: html.HtmlElement, lines: list[Line], headline: int) -> Body:
    """The article among the lines of the page. `headline` is the number of its line, or -1."""
    first = by_trafilatura(tree)
    second = by_readability(tree)
    chosen = second if _is_cjk(lines) and second.size > 0 else first
    if chosen.size < 200 and max(first.size, second.size) > chosen.size:
        chosen = max(first, second, key=lambda v: v.size)
    kept = _voted(lines, chosen)
    return Body(tuple(kept), chosen.name if kept else "")


def _is_cjk(lines: list[Line]) -> bool:
    text = "".join(line.text for line in lines[:400])
    return len(_CJK.findall(text[:20_000])) * 4 > min(len(text), 20_000)


def _voted(lines: list[Line], chosen: Voter) -> list[Line]:
    """The lines a reading has, each once, with the pictures between them."""
    seen: set[str] = set()
    kept: list[int] = []
    for number, line in enumerate(lines):
        key = squeeze(line.text) if line.kind != "img" else ""
        if not key or not chosen.has(key) or (len(key) > 20 and key in seen):
            continue
        seen.add(key)
        kept.append(number)
    if not kept:
        return []
    texts = set(kept)
    return [lines[n] for n in range(kept[0], kept[-1] + 1) if n in texts or lines[n].kind == "img"]
