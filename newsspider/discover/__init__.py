"""What a page offers to a listing: feeds, sitemaps, lists of links, a pager, embedded state.

In: one HTML page as it was fetched, and the site's robots.txt where it is known. Out: an Offer,
and the best `listing:` for a site file. Pure: no page makes these functions raise. `candidates`
calls them for `newsspider add` and `newsspider crawl URL`; the category spider and
`authoring.probe` use `describe` to explain a page without a listing.
"""

from __future__ import annotations

from typing import Any

from newsspider.discover.feeds import feeds, sitemaps, sitemaps_of_robots
from newsspider.discover.lists import link_lists
from newsspider.discover.model import Feed, LinkList, Offer, Pager, Sitemap, State, View, literal
from newsspider.discover.pager import pager
from newsspider.discover.state import states as states_of
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.text.characters import counted, one_line
from newsspider.text.js_shell import is_shell

__all__ = [
    "Feed",
    "LinkList",
    "Offer",
    "Pager",
    "Sitemap",
    "State",
    "best_listing",
    "describe",
    "discover",
    "list_listing",
    "sitemaps_of_robots",
    "state_listing",
]

_SURE = 0.35  # a list with this score wins over a feed of the whole site


def discover(page: Page, robots: str = "") -> Offer:
    """Return all that a page offers. `robots` is the text of the site's robots.txt."""
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


def best_listing(offer: Offer) -> dict[str, Any]:
    """Return the best `listing:` for a site file, or {} when the page offers none.

    A feed of what the page shows comes first, because feeds are written for programs. Then comes a
    clear list of links or a list in the page's state, then what covers the whole site.
    """
    for feed in offer.feeds:
        if feed.own:
            return {"kind": "feed", "url": literal(feed.url)}
    lists = [*offer.lists[:1]]
    states = [*offer.states[:1]]
    if lists and lists[0].score >= _SURE and not (states and _is_fuller(states[0], lists[0])):
        return list_listing(offer, lists[0])
    if states:
        return state_listing(offer, states[0])
    if lists:
        return list_listing(offer, lists[0])
    if any(not feed.comments for feed in offer.feeds):
        return {"kind": "feed", "url": literal(offer.feeds[0].url)}
    if offer.sitemaps:
        return {"kind": "sitemap", "url": literal(offer.sitemaps[0].url)}
    return {}


def describe(offer: Offer) -> str:
    """Return one line on what the page offers, for a person whose selector matches nothing."""
    parts = []
    if offer.lists:
        links = offer.lists[0]
        parts.append(f"a list of {counted(len(links.links), 'link')} at items: {links.items!r}")
    parts += [f"the feed {feed.url}" for feed in offer.feeds[:2] if not feed.comments]
    parts += [f"the sitemap {sitemap.url}" for sitemap in offer.sitemaps[:1]]
    if offer.states:
        state = offer.states[0]
        parts.append(f"{counted(len(state.links), 'link')} in a script at items: {state.items!r}")
    if offer.shell:
        parts.append("an empty shell that JavaScript fills")
    return one_line("the page has " + (", ".join(parts) or "no list of links and no feed"))


def _is_fuller(state: State, links: LinkList) -> bool:
    """Return whether the state repeats the list on the page and goes on much further."""
    shown = {link.url for link in links.links}
    stored = {link.url for link in state.links}
    return len(stored) > 2 * len(shown) and len(shown & stored) > len(shown) / 2


def list_listing(offer: Offer, links: LinkList) -> dict[str, Any]:
    """Return a list of links on the page as the `listing:` of a site file."""
    listing: dict[str, Any] = {"kind": "html", "url": literal(offer.url)}
    following = offer.pager
    if following and following.template:
        listing["url"] = following.template
        if following.first_page != 1:
            listing["first_page"] = following.first_page
    listing |= {"items": links.items, "fields": dict(links.fields)}
    if following and following.next:
        listing["next"] = following.next
    return listing


def state_listing(offer: Offer, state: State) -> dict[str, Any]:
    """Return a list in a script of the page as the `listing:` of a site file."""
    return {
        "kind": "json",
        "url": literal(offer.url),
        "script": state.script if isinstance(state.script, str) else dict(state.script),
        "items": state.items,
        "fields": dict(state.fields),
    }
