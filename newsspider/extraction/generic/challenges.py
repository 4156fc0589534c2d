"""Pages that a site sends instead of an article: checks for robots, notices that it is closed,
redirects. They have status 200, and another reader or another day gets the article.

In: a headline or a title; the tree of a page. Out: whether it is the title of such a page; the
address it redirects to. `classify` calls it for pages with little text.
"""

from __future__ import annotations

import re

from lxml import html

from newsspider.languages import compiled

# Cloudflare, Akamai, Imperva, DataDome, DDoS-Guard, Baidu, and sites' own.
_BARRIER = compiled("challenge")
_LEADS_ON = re.compile(r"\s*[\d.]*\s*[;,]?\s*url\s*=\s*['\"]?([^'\"]+)", re.I)


def is_challenge(heading: str) -> bool:
    """Return whether this is the headline of a check for robots or of a site that is closed."""
    return bool(_BARRIER.fullmatch(heading.strip()))


def leads_to(tree: html.HtmlElement) -> str:
    """Return the address that a `<meta http-equiv=refresh>` redirects to, or ""."""
    for meta in tree.iter("meta"):
        refreshes = (meta.get("http-equiv") or "").lower() == "refresh"
        if refreshes and (target := _LEADS_ON.match(meta.get("content") or "")):
            return target[1].strip()
    return ""
