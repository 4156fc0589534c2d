"""Whether a page is an empty shell: its text appears only when a browser runs its scripts.

In: a Document. Out: yes or no. A wrong yes costs a browser and seconds for every page of a site, so
all of this must hold: the response is a 200, and the page has scripts, shows next to no text, and
has an empty element for the text or a message that it needs JavaScript. Called by `discover`,
`extraction.page` and `fetch.browser.render`.
"""

from __future__ import annotations

import re

from lxml import etree, html

from newsspider.errors import NotReadable
from newsspider.text.characters import width
from newsspider.text.document import Document

_MOST_WORDS = 200  # width of the text of a shell: a name, a "Loading …", a line of copyright
_UNSEEN = ("script", "style", "noscript", "template", "head", "svg", "iframe", "textarea", "select")
_ROOTS = re.compile(
    r"(?:__)?(?:next|nuxt|app|root|react-root|app-root|main-app|gatsby|svelte|vue|ember\w*|mount|page"
    r"|application|react|spa|container|content|main|news\w*|list|article|detail|wrap(?:per)?)",
    re.IGNORECASE,
)
_NEEDS = re.compile(r"java ?script|js\b", re.IGNORECASE)
# Marks of a page that asks for a proof of being human: our browser must not answer it.
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|cf-challenge|/cdn-cgi/challenge-platform|captcha-delivery|px-captcha|g-recaptcha"
    rb"|hcaptcha|geo\.captcha|acw_sc__v2|_Incapsula_Resource|distil_r_captcha",
)


def is_shell(document: Document) -> bool:
    """Return whether the page looks like one that JavaScript builds in the browser."""
    if document.status != 200 or _CHALLENGE.search(document.body[:200_000]):
        return False
    try:
        tree = document.tree
    except NotReadable:
        return False
    body = tree.find("body")
    if body is None or tree.find(".//frameset") is not None or _is_redirect(tree):
        return False
    if _shown(body) > _MOST_WORDS or not _has_scripts(tree):
        return False
    asks_for_scripts = any(_NEEDS.search(_markup(element)) for element in tree.iter("noscript"))
    return asks_for_scripts or _has_empty_root(body)


def _is_redirect(tree: html.HtmlElement) -> bool:
    return any((meta.get("http-equiv") or "").lower() == "refresh" for meta in tree.iter("meta"))


def _has_scripts(tree: html.HtmlElement) -> bool:
    """Return whether the page has a script file, or a script that is long enough to build it."""
    return any(script.get("src") or len(script.text or "") > 2000 for script in tree.iter("script"))


def _shown(top: etree._Element) -> float:
    """Return the width of the text that a reader sees without scripts, counted until it is too
    much for a shell."""
    shown, waiting = 0.0, [top]
    while waiting and shown <= _MOST_WORDS:
        element = waiting.pop()
        if isinstance(element.tag, str) and element.tag not in _UNSEEN and not _hidden(element):
            shown += width((element.text or "").strip())
            waiting.extend(element)
        shown += width((element.tail or "").strip()) if element is not top else 0
    return shown


def _hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _markup(element: etree._Element) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))[:4000]


def _has_empty_root(body: html.HtmlElement) -> bool:
    """Return whether an element that scripts fill is empty: known by its name, its tag
    (`<app-root>`) or an attribute of its framework."""
    for element in body.iter(etree.Element):
        named = _ROOTS.fullmatch(element.get("id") or "")
        custom = "-" in str(element.tag) or element.get("ng-app") is not None
        marked = element.get("data-reactroot") is not None or element.get("v-cloak") is not None
        if (named or custom or marked) and _shown(element) < 60:
            return True
    return False
