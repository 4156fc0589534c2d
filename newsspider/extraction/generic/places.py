"""Where the lines of a page stand: the blocks around them, and what their names mark.

In: the lines of a page. Out: whether a line is beside the text, or of others: in readers' comments
or another article. Called by `body` and `extractors`. A mark is a word of a class or an id, or an
element: `aside`, an `article` that starts with a link. It does not count on a block that holds the
headline or most of the text: `has-comments`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.texts import size

_DEEPEST = 40  # blocks around a line whose classes and ids count
_SENTENCE_END = re.compile(r"[.!?。！？…”\"»)）:：;；]\s*$")
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
# Classes and ids of blocks beside a text.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentar\w*|disqus|respond|related\w*|recommend\w*|recirc\w*"
    r"|more-?(?:stories|news|on|from)|read-?(?:more|next|also)|most-?\w*|popular|trending|footer"
    r"|side-?bar|widget|promo\w*|newsletter|subscri\w*|sign-?up|share\w*|sharing|social\w*|nav\w*"
    r"|menu|breadcrumbs?|cookie\w*|consent|gdpr|advert\w*|ads?|banner|sponsor\w*|outbrain|taboola"
    r"|tags?|pagination|pager|author-?(?:bio|box|info|card|details)|bio|toolbar|login|popup|modal"
    r"|overlay|tooltips?|hidden|copyright|teaser\w*|poll|survey|rating|byline|credits?|caption|masthead"
    r"|dateline)(?:$|[\s_-])",
    re.I,
)
_FEW = 20  # elements at the start of an `article` element
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_BESIDE_TAGS = frozenset({"aside", "footer"})
# Readers' comments, which read like an article; word beginnings in several languages.
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:[^\W_]*comm?ent(?!ar(?:y|ies)|ator|able)|comm(?:$|[\s_-])|[^\W_]*koment"
    r"|[^\W_]*kommentar|disqus|opini[ea]\b|opopini|respond|repl(?:y|ies)|talkback|guestbook|forum"
    r"|feedback|σχόλι|sxoli|otzyv|pinglun|discuss|livefyre)",
    re.I,
)
# What a class says about the comments of the block, which has more than comments.
_STATES = re.compile(
    r"(?:has|no|with|without|allow|enable|show|hide|open)-comments?\b"
    r"|comments?-(?:open|closed|enabled|disabled|on|off|allowed|count|number)\b\S*",
    re.I,
)


def marks_comments(block: etree._Element) -> bool:
    """Return whether the class or the id of a block marks it as one of readers' comments."""
    return names_comments(_names(block))


def _names(block: etree._Element) -> str:
    """Return the class and the id of a block, their words apart; "" for a block without them."""
    names = f"{block.get('class') or ''} {block.get('id') or ''}"[:400]
    return _HUMP.sub("-", names) if names != " " else ""


def names_comments(names: str) -> bool:
    """Return whether a class, an id or an anchor names readers' comments."""
    return bool(_COMMENTS.search(_STATES.sub("", names)))


class Places:
    """The blocks around each line, and what their classes and ids mark.

    `headline` is the number of the headline's line, or -1."""

    def __init__(self, lines: Sequence[Line], headline: int = -1) -> None:
        self.chains = [_chain(line.holder) for line in lines]
        self.weights = [weight(line) for line in lines]
        self._first = next((n for n in range(headline + 1, len(lines)) if self.weights[n]), -1)
        self._unmarked = self._around_text(headline)
        self._own = self._article_of_text()
        self._marks: dict[etree._Element, tuple[bool, bool]] = {}

    def beside(self, number: int, *, start: int = 0, end: int = _DEEPEST) -> bool:
        """Return whether one of the blocks `start` to `end` around a line, counted from the
        innermost, is marked as beside the text."""
        return any(self._mark(block)[0] for block in self.chains[number][start:end])

    def of_others(self, number: int) -> bool:
        """Return whether the blocks around a line mark it as a reader's comment or as that of
        another article."""
        return any(self._mark(block)[1] for block in self.chains[number])

    def is_prose(self, number: int) -> bool:
        """Return whether a line reads like a sentence and is neither beside the text nor a
        comment."""
        if not self.weights[number]:
            return False
        return not self.beside(number) and not self.of_others(number)

    def around(self, numbers: Collection[int]) -> list[etree._Element]:
        """Return the blocks around all of these lines, the innermost first."""
        if not numbers:
            return []
        last = set(self.chains[max(numbers)])
        return [block for block in self.chains[min(numbers)] if block in last]

    def sections(self, headline: int) -> set[int]:
        """Return the numbers of the lines in further `article` elements of the same text.

        They follow the one with the headline or the first paragraph, without a headline, time or
        linked heading of their own."""
        first = self._first
        around = (*self.chains[headline], *self.chains[first]) if headline >= 0 <= first else ()
        article = next((block for block in around if block.tag == "article"), None)
        sections = set()
        while article is not None and (article := article.getnext()) is not None:
            if article.tag != "article" or any(self._mark(article)) or _stands_alone(article):
                break
            sections.add(article)
        return {
            number
            for number, chain in enumerate(self.chains)
            if sections and not sections.isdisjoint(chain) and not self.beside(number)
        }

    def _around_text(self, headline: int) -> set[etree._Element]:
        """Return the blocks whose marks do not count: those around the headline, and those around
        the first paragraph below it that hold more than half of the text below it."""
        unmarked = set(self.chains[headline]) if headline >= 0 else set()
        sums: dict[etree._Element, float] = {}
        for number in range(headline + 1, len(self.chains)):
            if letters := self.weights[number]:
                for block in self.chains[number]:
                    sums[block] = sums.get(block, 0.0) + letters
        if self._first >= 0:
            half = sum(self.weights[headline + 1 :]) / 2
            unmarked.update(block for block in self.chains[self._first] if sums[block] > half)
        return unmarked

    def _article_of_text(self) -> etree._Element | None:
        """Return the outermost `article` element around the first paragraph, if it does not start
        with a link, as teasers do; else None."""
        around = self.chains[self._first] if self._first >= 0 else ()
        articles = [block for block in around if block.tag == "article"]
        return articles[-1] if articles and not any(map(_starts_with_link, articles)) else None

    def _is_other(self, block: etree._Element) -> bool:
        """Return whether a block is another article than that of the text, with its own link."""
        if self._own is None or block.tag != "article" or not _starts_with_link(block):
            return False
        return all(around is not self._own for around in block.iterancestors("article"))

    def _mark(self, block: etree._Element) -> tuple[bool, bool]:
        if (cached := self._marks.get(block)) is not None:
            return cached
        marks = (False, False)
        if block.tag not in ("body", "html") and block not in self._unmarked:
            names = _names(block)
            named = block.tag not in ("article", "main") and bool(_BESIDE.search(names))
            of_others = names_comments(names) or self._is_other(block)
            marks = (named or block.tag in _BESIDE_TAGS, of_others)
        self._marks[block] = marks
        return marks


def _stands_alone(article: etree._Element) -> bool:
    """Return whether an `article` element is an article of its own, or a teaser of one."""
    if any(node is not article for node in article.iter("h1", "time", "article")):
        return True
    headings = article.iter("h2", "h3", "h4")
    return any(
        next(heading.iter("a"), None) is not None
        or next(heading.iterancestors("a", "article")).tag == "a"
        for heading in headings
    )


def _starts_with_link(article: etree._Element) -> bool:
    """Return whether the first heading of an `article` element is a link."""
    first = islice(article.iter(etree.Element), _FEW)
    heading = next((element for element in first if element.tag in _HEADINGS), None)
    if heading is None:
        return False
    linked = any(element.tag == "a" for element in islice(heading.iter(etree.Element), _FEW))
    return linked or next(heading.iterancestors("a", "article")).tag == "a"


def _chain(block: etree._Element) -> list[etree._Element]:
    chain: list[etree._Element] = []
    node: etree._Element | None = block
    while node is not None and len(chain) < _DEEPEST:
        chain.append(node)
        node = node.getparent()
    return chain


def weight(line: Line) -> float:
    """Return the letters of a line that reads like a sentence, 0 for any other."""
    if line.kind == "img" or line.linked > 0.5 * len(line.text):
        return 0.0
    letters = size(line.text)
    return letters if letters >= 80 or (letters >= 25 and _SENTENCE_END.search(line.text)) else 0.0
