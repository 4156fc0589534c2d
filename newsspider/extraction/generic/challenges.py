"""What a site answers instead of an article, with status 200, and would not to another reader or on
another day: checks for robots, notices that it is closed, pages that lead on.

In: a headline or a title; the tree of a page. Out: whether it is such a one; where it leads.
`verdict` asks, of pages with little text.
"""

from __future__ import annotations

import re

from lxml import html

_BARRIER = re.compile(
    # Cloudflare, Akamai, Imperva, DataDome, DDoS-Guard, Baidu, and what sites write themselves.
    r"just a moment.{0,20}|attention required.{0,30}|one more step|pardon our interruption.{0,20}"
    r"|access (?:to .{0,30} )?(?:is |has been )?denied.{0,30}|checking your browser.{0,40}"
    r"|(?:sorry, )?you have been blocked"
    r"|(?:your )?request (?:was |has been )?(?:blocked|rejected).{0,30}"
    r"|are you (?:a )?(?:robot|human).{0,20}|ddos-guard|captcha"
    r"|(?:please )?(?:verify|confirm) (?:that )?you.{0,6} (?:are )?(?:not )?(?:a )?"
    r"(?:robot|human).{0,20}"
    r"|(?:robot|human|browser|security) (?:check|verification).{0,20}"
    r"|zugriff verweigert|accès (?:refusé|interdit)|acceso denegado|accesso negato|acesso negado"
    r"|доступ (?:ограничен|запрещ[её]н).{0,20}|проверка браузера.{0,20}"
    r"|.{0,10}(?:安全验证|人机验证|安全驗證|访问受限|访问被拒绝|访问验证|输入验证码).{0,10}"
    r"|アクセスが拒否.{0,20}|접근이 (?:거부|제한).{0,20}"
    r"|(?:we.ll be|we will be) (?:right )?back.{0,20}|(?:scheduled |site )?maintenance.{0,20}"
    r"|under (?:construction|maintenance)|wartungsarbeiten|(?:系统|网站)维护.{0,10}|メンテナンス中",
    re.I,
)
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
