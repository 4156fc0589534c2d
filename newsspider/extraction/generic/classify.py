"""Pages without an article: walls of consent and payment, lists, errors, logins.

In: the tree, structured data, headline and lines of a page. Out: None for an article, else a
`Rejection`: the verdict and its reason. Called by `extract`. A false alarm loses an article, so
each verdict needs two signs that agree, and little text is always one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from newsspider.extraction.generic.boilerplate import at_ends, is_notice
from newsspider.extraction.generic.challenges import is_challenge, leads_to
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured, node_types
from newsspider.extraction.generic.texts import size
from newsspider.languages import alternation
from newsspider.model import Rejection, Verdict
from newsspider.text.characters import counted

# Letters (a Chinese character counts for two). A brief has 150 and more.
_NOTHING, _STUB, _LITTLE = 150, 400, 600
_TEASER, _PARAGRAPH = 240, 500
_MANY = 12  # headlines that are links; side bars of articles have as many
_FEW = 3  # headlines that are links and all the text of the page: a section with few articles
_ERROR = re.compile(
    rf"{alternation('error')}"
    rf"|.{{0,40}}\b(?:{alternation('page')})\b.{{0,20}}(?:{alternation('not_found')}).{{0,40}}",
    re.I,
)
_LOGIN = re.compile(rf"(?:{alternation('login')})\b.{{0,60}}", re.I)
_LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})


@dataclass(frozen=True, slots=True)
class _Facts:
    """The input of the checks.

    `headings` are the headline and the `<title>`. `page` are all lines of the page, `body` those of
    its text. `text` is the length of the text in letters. `claims` is true if structured data calls
    the page an article, `opens` if text follows the headline.
    """

    tree: html.HtmlElement
    structured: Structured
    headings: tuple[str, str]
    body: Sequence[Line]
    page: Sequence[Line]
    text: int
    claims: bool
    opens: bool


def find_rejection(
    tree: html.HtmlElement,
    structured: Structured,
    title: str,
    body: Sequence[Line],
    page: Sequence[Line],
    opens: bool,
) -> Rejection | None:
    """Return why the page is not an article, or None for an article. The first rejection counts."""
    text = sum(size(line.text) for line in body if line.kind not in ("img", "caption"))
    heading = str(tree.xpath("string(//title)"))[:200]
    headings = ((title or heading).strip(), heading.strip())
    claims = is_article(structured)
    facts = _Facts(tree, structured, headings, body, page, text, claims, opens)
    checks = _CHECKS if text < _LITTLE else (_list,)
    return next(filter(None, (check(facts) for check in checks)), None)


def _error(facts: _Facts) -> Rejection | None:
    heading = next(filter(_ERROR.fullmatch, facts.headings), "") if facts.text < _STUB else ""
    return _not_an_article(f"an error page: {_quoted(heading)}") if heading else None


def _bot_check(facts: _Facts) -> Rejection | None:
    if facts.text >= _STUB or facts.claims:
        return None
    heading = next(filter(is_challenge, facts.headings), "")
    reason = f"a barrier, or a site that is closed for now: {_quoted(heading)}"
    return Rejection(Verdict.BOT_CHECK, reason) if heading else None


def _redirect(facts: _Facts) -> Rejection | None:
    target = leads_to(facts.tree) if facts.text < _NOTHING and not facts.claims else ""
    return (
        _not_an_article(f"hardly any text, and a redirect to {_quoted(target)}") if target else None
    )


def _login(facts: _Facts) -> Rejection | None:
    has_password = facts.text < _STUB and facts.tree.xpath("boolean(//input[@type='password'])")
    heading = next(filter(_LOGIN.fullmatch, facts.headings), "") if has_password else ""
    return (
        _not_an_article(f"a login: {_quoted(heading)} and a field for a password")
        if heading
        else None
    )


def _video(facts: _Facts) -> Rejection | None:
    kind = _video_kind(facts.structured) if facts.text < _STUB and not facts.claims else ""
    return _not_an_article(f"a video page ({kind}) with hardly any text") if kind else None


def _wall(facts: _Facts) -> Rejection | None:
    if facts.text >= _STUB:
        return None
    # `Cookie settings`, a link, is in the footer of every page; `Members only` above a link is the
    # heading of a list of articles.
    walls = [
        facts.page[number].text
        for number in at_ends(range(len(facts.page)))
        if is_notice(facts.page[number])
        and not _is_link(facts.page[number])
        and not _is_above_list(facts.page, number)
    ]
    if not walls:
        return None
    if facts.text < _NOTHING:
        return Rejection(Verdict.PAYWALLED, f"hardly any text, but {_quoted(walls[0])}")
    if facts.structured.costs():
        reason = f"the page is marked as not free, and {_quoted(walls[0])}"
        return Rejection(Verdict.PAYWALLED, reason)
    return None


def opens(page: Sequence[Line], headline: int) -> bool:
    """Return whether text follows the headline before any link to another article."""
    for line in page[headline + 1 : headline + 12] if headline >= 0 else ():
        if line.linked >= 0.8 * len(line.text) and _is_headline_link(line):
            return False
        if size(line.text) >= 80 and line.linked < 0.3 * len(line.text):
            return True
    return False


def is_article(structured: Structured) -> bool:
    """Return whether structured data calls the page an article."""
    if structured.article.get("datePublished") and structured.article.get("headline"):
        return True
    if structured.first("article:published_time", "og:article:published_time"):
        return True
    return structured.first("og:type").lower() in ("article", "news", "newsarticle")


def _video_kind(structured: Structured) -> str:
    kind = structured.first("og:type").lower()
    if kind.startswith("video"):
        return kind
    kinds = {name for node in structured.nodes[:5] for name in node_types(node)}
    return "VideoObject" if "VideoObject" in kinds else ""


def _list(facts: _Facts) -> Rejection | None:
    """Reject home pages and sections: many headlines that are links, and a second sign."""
    # No list has a paragraph this long (regnum.ru opens its texts with links to others).
    if facts.claims or facts.opens or any(size(line.text) >= _PARAGRAPH for line in facts.body):
        return None
    links = [_is_headline_link(line) for line in facts.page]
    teasers, whole = _teasers(facts.body, facts.page, links)
    headlines = sum(links)
    if headlines < _MANY and not whole:
        return None
    counts = (
        f"{counted(headlines, 'headline')} with a link, {counted(facts.text, 'letter')} of text"
    )
    if kinds := facts.structured.types() & _LIST_TYPES:
        return _a_list(f"a list ({', '.join(sorted(kinds))}): {counts}")
    if facts.text < _NOTHING or whole or teasers >= 5:
        return _a_list(f"a list: {counts}")
    return None


# Errors come before walls: their footers link to cookie settings, which reads like a notice.
_CHECKS = (_error, _bot_check, _redirect, _login, _video, _wall, _list)


def _not_an_article(reason: str) -> Rejection:
    return Rejection(Verdict.NOT_AN_ARTICLE, reason)


def _a_list(reason: str) -> Rejection:
    return Rejection(Verdict.NOT_AN_ARTICLE, reason, lists=True)


def _is_link(line: Line) -> bool:
    return len(line.text) <= 40 and line.linked >= 0.8 * len(line.text)


def _is_above_list(page: Sequence[Line], number: int) -> bool:
    """Return whether a line is the heading of a list of links to articles."""
    if page[number].kind not in ("h2", "h3", "h4") or number + 1 == len(page):
        return False
    return _is_headline_link(page[number + 1]) and not is_notice(page[number + 1])


def _is_headline_link(line: Line) -> bool:
    return line.linked >= 0.6 * len(line.text) and 25 <= size(line.text) <= 250


def _teasers(body: Sequence[Line], page: Sequence[Line], links: list[bool]) -> tuple[int, bool]:
    """Return how many lines of the text are teasers, and whether the text consists of teasers.

    A teaser is a headline that is a link, or one of the two lines below. The number is 0 if fewer
    than three in four lines are teasers. The second value also requires short lines and several
    headlines, a line or two each."""
    texts = {id(line) for line in body if line.kind not in ("img", "caption")}
    teasers, heads, before = 0, set(), -9
    for number, line in enumerate(page):
        if links[number]:
            before = number
        if id(line) in texts and number - before <= 2:
            teasers += 1
            heads.add(before)
    short = all(size(line.text) <= _TEASER for line in body if id(line) in texts)
    whole = short and teasers == len(texts) and len(heads) >= max(_FEW, teasers / 2)
    return (teasers if teasers * 4 >= len(texts) * 3 else 0), whole


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"
