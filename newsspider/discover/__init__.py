"""What a page offers to a listing: feeds, sitemaps, lists of links, a pager, embedded state.

In: one HTML page, as it was fetched, and the site's robots.txt where it is known. Out: an Offer,
and of it the `listing:` of a site file. Pure: `newsspider add` and `newsspider crawl URL` fetch the
page and hand it in; a listing without links is explained with `told`. Nothing raises on any page.
"""

from __future__ import annotations

from typing import Any

from newsspider.discover.feeds import feeds, sitemaps, sitemaps_of_robots
from newsspider.discover.lists import link_lists
from newsspider.discover.model import Feed, LinkList, Offer, Pager, Sitemap, State, View
from newsspider.discover.pager import pager
from newsspider.discover.state import states as states_of
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.text.characters import one_line
from newsspider.text.js_shell import is_shell

__all__ = [
    "Feed",
    "LinkList",
    "Offer",
    "Pager",
    "Sitemap",
    "State",
    "best",
    "discover",
    "of_list",
    "of_state",
    "sitemaps_of_robots",
    "told",
]

_SURE = 0.35  # a list of this score is taken before a feed of the whole site


def discover(page: Page, robots: str = "") -> Offer:
    """All that a page offers. `robots` is the text of the site's robots.txt."""
    try:
        tree = page.document.tree
    except NotReadable:
        return Offer(url=page.url, sitemaps=sitemaps_of_robots(robots))
    view = View(tree, page.url, page.document.base)
    return Offer(
        url=page.url,
        feeds=feeds(view),
        sitemaps=sitemaps(view, robots),
        lists=link_lists(view),
        pager=pager(view),
        states=states_of(view),
        shell=page.document.once(is_shell),
    )


def best(offer: Offer) -> dict[str, Any]:
    """The listing to write into a site file, {} when nothing is listing_candidates.

    A feed of what the page shows comes first: it is made to be read by programs. Then a clear list
    of links or one in the page's state; then what is of the whole site.
    """
    for feed in offer.feeds:
        if feed.own:
            return {"kind": "feed", "url": _literal(feed.url)}
    lists = [*offer.lists[:1]]
    states = [*offer.states[:1]]
    if lists and lists[0].score >= _SURE and not (states and _fuller(states[0], lists[0])):
        return of_list(offer, lists[0])
    if states:
        return of_state(offer, states[0])
    if lists:
        return of_list(offer, lists[0])
    if any(not feed.comments for feed in offer.feeds):
        return {"kind": "feed", "url": _literal(offer.feeds[0].url)}
    if offer.sitemaps:
        return {"kind": "sitemap", "url": _literal(offer.sitemaps[0].url)}
    return {}


def told(offer: Offer) -> str:
    """In one line what the page offers, for a person whose selector found nothing."""
    said = []
    if offer.lists:
        one = offer.lists[0]
        said.append(f"a list of {len(one.links)} links at items: {one.items!r}")
    said += [f"the feed {feed.url}" for feed in offer.feeds[:2] if not feed.comments]
    said += [f"the sitemap {sitemap.url}" for sitemap in offer.sitemaps[:1]]
    if offer.states:
        state = offer.states[0]
        said.append(f"{len(state.links)} links in a script at items: {state.items!r}")
    if offer.shell:
        said.append("an empty shell that JavaScript fills")
    return one_line("the page has " + (", ".join(said) if said else "no list of links and no feed"))


def _fuller(state: State, found: LinkList) -> bool:
    """Whether the state has the list on the page and much more of it: a list that scrolls on."""
    shown = {link.url for link in found.links}
    kept = {link.url for link in state.links}
    return len(kept) > 2 * len(shown) and len(shown & kept) > len(shown) / 2


def of_list(offer: Offer, found: LinkList) -> dict[str, Any]:
    """A list of links on the page, as the `listing:` of a site file."""
    listing: dict[str, Any] = {"kind": "html", "url": _literal(offer.url)}
    following = offer.pager
    if following and following.template:
        listing["url"] = following.template
        if following.first_page != 1:
            listing["first_page"] = following.first_page
    listing |= {"items": found.items, "fields": dict(found.fields)}
    if following and following.next:
        listing["next"] = following.next
    return listing


def of_state(offer: Offer, state: State) -> dict[str, Any]:
    """A list in a script of the page, as the `listing:` of a site file."""
    return {
        "kind": "json",
        "url": _literal(offer.url),
        "script": state.script if isinstance(state.script, str) else dict(state.script),
        "items": state.items,
        "fields": dict(state.fields),
    }


def _literal(url: str) -> str:
    """An address without the braces that a site file takes for variables."""
    return url.replace("{", "%7B").replace("}", "%7D")
