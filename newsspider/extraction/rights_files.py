"""What the files of a site state of the reuse of its articles: tdmrep.json and RSL licences.

In: the body of such a file (hostile), and the address of an article. Out: Rights, in the
publisher's own words. `fetch/rights.py` fetches the files. Pure.

The forms are those of the TDM Reservation Protocol of W3C (`/.well-known/tdmrep.json`) and of RSL
1.0 (the document that `License:` in robots.txt names). Both say by patterns of robots.txt (RFC
9309) which addresses a rule is for. Of tdmrep.json the first rule counts, of an RSL licence all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from newsspider.errors import NotReadable
from newsspider.extraction.rights import LONGEST, USES
from newsspider.model import Right
from newsspider.text.parse import decode, parse_json
from newsspider.text.urls import host

READ = 512 * 1024  # bytes of a file
_MOST = 1000  # rules of a file
_RESERVATION, _POLICY = "tdm-reservation", "tdm-policy"
# The uses that a token of RSL means; that of indexes for AI has no counterpart.
_USES_OF = {use: (use,) for use in USES} | {
    "all": USES,
    "ai-all": ("ai-input", "ai-train"),
    "train-ai": ("ai-train",),  # in drafts of RSL
}
_FREE = ("", "free", "attribution")  # kinds of payment that cost nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for the addresses that match a pattern: a path, or an address."""

    pattern: str
    rights: tuple[Right, ...]

    def matches(self, url: str) -> bool:
        """Return whether the rule is for an address, in time linear in its length for each part of
        the pattern."""
        pattern = self.pattern
        if host(pattern):
            if host(pattern) != host(url):
                return False
            pattern = _path(pattern)
        return _matches(pattern or "/", unquote(_path(url)))


def read_tdmrep(body: bytes) -> tuple[Rule, ...]:
    """Return the rules of a tdmrep.json; none if the text is not one."""
    try:
        values = parse_json(decode(body[:READ], "utf-8"))
    except NotReadable:
        return ()
    records = values if isinstance(values, list) else [values]
    return tuple(rule for record in records[:_MOST] if (rule := _tdm_rule(record)))


def read_rsl(body: bytes) -> tuple[Rule, ...]:
    """Return the rules of an RSL licence; none if the text is not one."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        tree = etree.fromstring(body[:READ], parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if tree is None or _name(tree) != "rsl":
        return ()
    contents = [element for element in tree if _name(element) == "content"]
    rules = (Rule(each.get("url") or "/", tuple(_licensed(each))) for each in contents[:_MOST])
    return tuple(rule for rule in rules if rule.rights)


def first_of(rules: Iterable[Rule], url: str) -> tuple[Right, ...]:
    """Return what the first rule for an address states."""
    return next((rule.rights for rule in rules if rule.matches(url)), ())


def all_of(rules: Iterable[Rule], url: str) -> tuple[Right, ...]:
    """Return what all rules for an address state, each statement once."""
    rights = (right for rule in rules if rule.matches(url) for right in rule.rights)
    return tuple(dict.fromkeys(rights))


def _tdm_rule(record: Any) -> Rule | None:
    if not isinstance(record, dict) or not isinstance(record.get("location"), str):
        return None
    value, policy = record.get(_RESERVATION), record.get(_POLICY)
    if str(value) not in ("0", "1"):
        return None
    rights = [Right("tdmrep.json", _RESERVATION, str(value))]
    if isinstance(policy, str) and host(policy):
        rights.append(Right("tdmrep.json", _POLICY, policy[:LONGEST]))
    return Rule(record["location"], tuple(rights))


def _licensed(content: etree._Element) -> Iterator[Right]:
    """Yield the uses that the licences of a `content` prohibit, permit, or permit for payment."""
    for licence in content:
        if _name(licence) != "license":
            continue
        kinds = [each.get("type") or "" for each in licence if _name(each) == "payment"]
        permitted = "yes" if all(kind in _FREE for kind in kinds) else "paid"
        for element in licence:
            value = {"prohibits": "no", "permits": permitted}.get(_name(element))
            if value and element.get("type") == "usage":
                for token in (element.text or "").lower().split():
                    yield from (Right("RSL", use, value) for use in _USES_OF.get(token, ()))


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _matches(pattern: str, path: str) -> bool:
    """Return whether a pattern of robots.txt matches a path: it is a beginning, `*` is any text,
    and `$` at its end is the end of the path."""
    whole = pattern.endswith("$")
    first, *others = (unquote(part) for part in pattern.removesuffix("$").split("*"))
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if whole and others else None
    for part in others:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not whole or at == len(path)
