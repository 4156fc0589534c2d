"""Which article a link leads to: its number, its key in the ledger, the name of its post.

In: a site and a link. Out: identities that are the same for every way to the article. Pure; the
draft, the spiders and the store call it.
"""

from __future__ import annotations

from re import Match

from newsspider.model import Link
from newsspider.sites.adhoc import site_name
from newsspider.sites.schema import Recipe, Share, Site
from newsspider.sites.types import fill
from newsspider.text.slugs import file_id, url_id
from newsspider.text.urls import canonical, host


def article_number(site: Site, link: Link) -> str:
    """Return the number in a link's id or address, or "" (see `ids` of the site file)."""
    return site.number(link.id) or site.number(link.url)


def article_key(site: Site, link: Link) -> str:
    """Return the identity of the article behind a link: its number in the site's id space, else its
    canonical address within the site."""
    if number := article_number(site, link):
        assert site.ids is not None
        return f"{site.ids.space}:{number}"
    return f"{site.name}:{_address(link)}"


def unfiled_key(link: Link) -> str:
    """Return the identity that the article behind a link had while no site file knew its host."""
    return f"{site_name(host(link.url))}:{_address(link)}"


def guid_key(site: Site, listing: str, link: Link) -> str:
    """Return the identity that the feed of a listing gives an article by its guid, "" if it gives
    none. It is an alias of the article's key, and holds within the feed only."""
    guid = str(link.fields.get("guid", ""))
    return f"{site.name}/{listing}:guid:{guid}" if guid else ""


def _address(link: Link) -> str:
    """Return the canonical address of a link; with the guid for one of several entries of a feed
    that link to the same page."""
    part = str(link.fields.get("part", ""))
    return canonical(link.url) + (f"#{part}" if part else "")


def file_name_id(site: Site, link: Link, recipe: Recipe) -> str:
    """Return the id for the name of the link's post; safe in a file name."""
    number = article_number(site, link)
    if number:
        return file_id(fill(recipe.id or "{number}", {"number": number}))
    return url_id(_address(link))


def share_url(text: str, share: Share, match: Match[str]) -> str:
    """Return the full address of a share link, without the rest of `text`."""
    groups = {name: value or "" for name, value in match.groupdict().items()}
    return fill(share.url, groups) if share.url else text
