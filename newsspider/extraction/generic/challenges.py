"""What a site answers instead of an article, with status 200, and would not to another reader or on
another day: checks for robots, notices that it is closed, pages that lead on.

In: a headline or a title; the tree of a page. Out: whether it is such a one; where it leads.
`verdict` asks, of pages with little text.
"""

from __future__ import annotations

import re

from lxml import html

from newsspider.languages import compiled

# Cloudflare, Akamai, Imperva, DataDome, DDoS-Guard, Baidu, and what sites write themselves.
_BARRIER = compiled("challenge")
_LEADS_ON = re.compile(r"\s*[\d.]*\s*[;,]?\s*url\s*=\s*['\"]?([^'\"]+)", re.I)


def is_challenge(heading: str) -> bool:
    """Whether a page of this name holds its readers up."""
    return bool(_BARRIER.fullmatch(heading.strip()))


def leads_to(tree: html.HtmlElement) -> str:
    """Where a `<meta http-equiv=refresh>` sends its reader; "" for nowhere."""
    for meta in tree.iter("meta"):
        refreshes = (meta.get("http-equiv") or "").lower() == "refresh"
        if refreshes and (there := _LEADS_ON.match(meta.get("content") or "")):
            return there[1].strip()
    return ""
