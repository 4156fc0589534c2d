"""The section of a listing: its name, and the category under which its articles are filed.

In: a site and a category of it, the name that the listing shows, the posts of earlier runs. Out: a
Section, which the first crawl of a listing settles for all later ones. Pure; the category spider
calls it and saves the result in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsspider.model import Section
from newsspider.sites.schema import Recipe, Site
from newsspider.store.records import PublishedPost
from newsspider.text.slugs import slug


def first_section(
    site: Site, category: Recipe, name: str, posts: Iterable[PublishedPost], *, has_posts: bool
) -> Section:
    """Return the section of a listing at its first crawl. `posts` are those of its links.

    It files by source where the site file names the category itself, and where its articles have
    posts already (`has_posts`), from before sections were known. Posts that the ledger was made
    anew from are filed where they are."""
    if site.names_category(category) or has_posts:
        return Section(name)
    if filed := {(post.tag, post.category) for post in posts if _is_adopted(post)}:
        return Section(*filed.pop()) if len(filed) == 1 else Section(name)
    slugs = site.slugs
    return Section(name, slug(name, speller=slugs.speller, exceptions=slugs.names))


def _is_adopted(post: PublishedPost) -> bool:
    """Return whether a post comes from a folder whose ledger was lost."""
    return post.run == 0 and post.state == "published"
