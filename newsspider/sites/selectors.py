"""The selectors of a site file, for messages.

In: a site and a recipe of it. Out: the first selector of each field of its articles.
`spiders.watch` and `newsspider check` name the selector that finds nothing.
"""

from __future__ import annotations

from newsspider.sites.schema import Recipe, Site


def selectors_of(site: Site, recipe: Recipe) -> dict[str, str]:
    """Return the first selector or path of each field, from the pages that articles are read
    from."""
    selectors: dict[str, str] = {}
    for page in recipe.ask or ():
        for name, picks in getattr(site.pages[page], "fields", {}).items():
            selectors.setdefault(name, picks[0].select)
    return selectors
