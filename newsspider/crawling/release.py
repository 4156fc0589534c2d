"""Publishes an article that was held back, as it is held: nothing is fetched.

In: a held article, and the options of a run. Out: its post. `newsspider show --release` calls it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from newsspider.errors import OutputError
from newsspider.exporters.publisher import Publisher
from newsspider.model import Article
from newsspider.sites import site_of
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.held import let_go


def publish_held(article: Article, options: RunOptions) -> Path:
    """Publish a held article; return the path of its post. Raises what opening the folder and
    writing to it raise, OutputError if its site is no longer known."""
    shared = Shared.opened(options)
    with contextlib.closing(shared.output) as output:
        site = shared.sites.get(article.site) or site_of(article.link, shared.sites.values())
        if site.name != article.site:
            raise OutputError(f"{article.site} is not a known site: its file is missing")
        recipe = site.recipe(site.category(article.listing))
        shared.recipes.note(article.site, article.listing, article.key, recipe)
        Publisher(output, shared.format, site).publish(article)
        output.ledger.settle(article, "published")
        let_go(output.path, article)
        post = output.ledger.article(article.key)
        assert post is not None
        return output.posts / post.path
