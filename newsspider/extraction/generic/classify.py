"""Pages that hold no article to publish: walls of consent and payment, lists, errors, logins.

In: what was read of the page. Out: "" for an article, else `Paywalled`, `NotAnArticle` or
`BotCheck`, and what was seen. A false alarm loses an article, so each verdict needs two signs that
agree, and hardly any text is always one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import html

from newsspider.extraction.generic.boilerplate import is_notice
from newsspider.extraction.generic.challenges import is_challenge, leads_to
from newsspider.extraction.generic.extractors import size
from newsspider.extraction.generic.page_lines import Line
from newsspider.extraction.generic.structured import Structured, node_types

PAYWALLED = "Paywalled"
NOT_AN_ARTICLE = "NotAnArticle"
BOT_CHECK = "BotCheck"  # what may be an article tomorrow

# Letters (a Chinese character counts for two). A brief has 150 and more.
_NOTHING, _STUB, _LITTLE = 150, 400, 600
_TEASER, _PARAGRAPH = 240, 500
_MANY = 12  # headlines that are links; side bars of articles have as many
_FEW = 3  # headlines that are links, with all the text there is: a section with little in it
_ERROR = re.compile(
    r"(?:error\s*)?(?:404|410|403|500|503)\b(?!\s*(?:million|people|dead|jobs|years|ways)).{0,60}"
    r"|.{0,40}\b(?:page|article|seite|artikel|página|pagina|strona|sivu(?:a)?|side|siden|sidan)\b.{0,20}"
    r"(?:not (?:be )?found|doesn.t exist|no longer (?:exists|available)"
    r"|nicht (?:gefunden|verfügbar)"
    r"|existiert nicht|introuvable|no (?:encontrada|existe)|non trovata|niet gevonden"
    r"|nie została znaleziona|hittades inte|finnes ikke|ikke fundet|não encontrada).{0,40}"
    r"|(?:страница не найдена|η σελίδα δεν βρέθηκε|page introuvable|not found"
    r"|nicht gefunden).{0,40}"
    r"|.{0,30}(?:页面|文章|内容|網頁|頁面|网页|稿件).{0,8}(?:不存在|没有找到|未找到|找不到|已删除|已被删除|已下线).{0,30}"
    r"|.{0,20}ページ(?:が|は).{0,6}(?:見つかりません|存在しません|ありません).{0,30}"
    r"|.{0,20}페이지를 찾을 수 없.{0,30}",
    re.I,
)
_LOGIN = re.compile(
    r"(?:please )?(?:log ?in|sign ?in|log ?on|anmelden|anmeldung|einloggen|connexion|se connecter"
    r"|iniciar sesión|acceder|accedi|inloggen|zaloguj się|logowanie|logga in|logg inn|log ind"
    r"|войти|вход|είσοδος|σύνδεση|用户登录|登录|登入|会员登录|ログイン|로그인)\b.{0,60}",
    re.I,
)
_LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})


def find_verdict(
    tree: html.HtmlElement,
    said: Structured,
    title: str,
    body: Sequence[Line],
    page: Sequence[Line],
    opens: bool,
) -> tuple[str, str]:
    """The verdict and what was seen. `page` are all lines of the page, `body` those of its text;
    `opens` says that text follows the headline."""
    text = sum(size(line.text) for line in body if line.kind not in ("img", "caption"))
    if text >= _LITTLE:
        return ("", "") if is_article(said) else _list(said, text, body, page, opens)
    # Before the walls: their footers link to cookie settings, too, and that reads like a notice.
    heading = title or "".join(tree.xpath("string(//title)"))[:200]
    headings = [heading, "".join(tree.xpath("string(//title)"))[:200].strip()]
    if text < _STUB and (seen := next((h for h in headings if _ERROR.fullmatch(h.strip())), "")):
        return NOT_AN_ARTICLE, f"an error page: {_quoted(seen)}"
    claims = is_article(said)
    if text < _STUB and not claims and (seen := next(filter(is_challenge, headings), "")):
        return BOT_CHECK, f"a barrier, or a site that is closed for now: {_quoted(seen)}"
    if text < _NOTHING and not claims and (there := leads_to(tree)):
        return NOT_AN_ARTICLE, f"hardly any text, and it leads on to {_quoted(there)}"
    asks = text < _STUB and tree.xpath("boolean(//input[@type='password'])")
    if asks and (seen := next((h for h in headings if _LOGIN.fullmatch(h.strip())), "")):
        return NOT_AN_ARTICLE, f"a login: {_quoted(seen)} and a field for a password"
    if text < _STUB and not claims and (kind := _video(said)):
        return NOT_AN_ARTICLE, f"a video page ({kind}) with hardly any text"
    # `Cookie settings`, a link, is at the foot of every page.
    walls = [line.text for line in page if is_notice(line) and not _is_link(line)]
    if text < _NOTHING and walls:
        return PAYWALLED, f"hardly any text, but {_quoted(walls[0])}"
    if text < _STUB and walls and said.costs():
        return PAYWALLED, f"the page says that it is not free, and {_quoted(walls[0])}"
    return ("", "") if claims else _list(said, text, body, page, opens)


def opens(page: Sequence[Line], headline: int) -> bool:
    """Whether text stands below the headline, before any link to another article."""
    for line in page[headline + 1 : headline + 12] if headline >= 0 else ():
        if line.linked >= 0.8 * len(line.text) and _is_headline_link(line):
            return False
        if size(line.text) >= 80 and line.linked < 0.3 * len(line.text):
            return True
    return False


def is_article(said: Structured) -> bool:
    """Whether the page calls itself an article."""
    if said.article.get("datePublished") and said.article.get("headline"):
        return True
    if said.first("article:published_time", "og:article:published_time"):
        return True
    return said.first("og:type").lower() in ("article", "news", "newsarticle")


def _video(said: Structured) -> str:
    kind = said.first("og:type").lower()
    if kind.startswith("video"):
        return kind
    kinds = {name for node in said.nodes[:5] for name in node_types(node)}
    return "VideoObject" if "VideoObject" in kinds else ""


def _list(
    said: Structured, text: int, body: Sequence[Line], page: Sequence[Line], opens: bool
) -> tuple[str, str]:
    """Home pages and sections: many headlines that are links, and one more sign."""
    links = [_is_headline_link(line) for line in page]
    headlines = sum(links)
    # No list has a paragraph this long (regnum.ru opens its texts with links to others).
    if opens or any(size(line.text) >= _PARAGRAPH for line in body):
        return "", ""
    teasers, whole = _teasers(body, page, links)
    if headlines < _MANY and not whole:
        return "", ""
    seen = f"{headlines} headlines that are links, {text} letters of text"
    if kinds := said.types() & _LIST_TYPES:
        return NOT_AN_ARTICLE, f"a list ({', '.join(sorted(kinds))}): {seen}"
    if text < _NOTHING or whole or teasers >= 5:
        return NOT_AN_ARTICLE, f"a list: {seen}"
    return "", ""


def _is_link(line: Line) -> bool:
    return len(line.text) <= 40 and line.linked >= 0.8 * len(line.text)


def _is_headline_link(line: Line) -> bool:
    return line.linked >= 0.6 * len(line.text) and 25 <= size(line.text) <= 250


def _teasers(body: Sequence[Line], page: Sequence[Line], links: list[bool]) -> tuple[int, bool]:
    """How many lines of the text are headlines that are links or follow one, 0 where they are fewer
    than three in four; and whether all are, of several headlines, a line or two each."""
    texts = {id(line) for line in body if line.kind not in ("img", "caption")}
    found, heads, before = 0, set(), -9
    for number, line in enumerate(page):
        if links[number]:
            before = number
        if id(line) in texts and number - before <= 2:
            found += 1
            heads.add(before)
    short = all(size(line.text) <= _TEASER for line in body if id(line) in texts)
    whole = short and found == len(texts) and len(heads) >= max(_FEW, found / 2)
    return (found if found * 4 >= len(texts) * 3 else 0), whole


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"
