"""Publishes an article that was held back, as it is held: nothing is fetched.

In: a held article, the options of a run and those of its source. Out: its post, as a crawl of the
source writes it. `newsspider show --release` calls it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsspider.crawling.rendering import VERSIONS
from newsspider.errors import OutputError
from newsspider.exporters.publisher import Publisher
from newsspider.fetch.pictures import MOST_PICTURES
from newsspider.model import Article
from newsspider.pictures.placing import with_pictures
from newsspider.pipelines.stage import text_of
from newsspider.sites import site_of
from newsspider.spiders.archiving import READING, RESPECT
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.held import let_go


def publish_held(article: Article, options: RunOptions, source: Mapping[str, str]) -> Path:
    """Publish a held article; return the path of its post. `source` has the options of its source
    (see `rendering.options_of_sources`). Raises what opening the folder and writing to it raise,
    OutputError if its site is no longer known."""
    update: dict[str, Any] = {name: source.get(name, "") for name in READING}
    options = options.model_copy(update=update)
    shared = Shared.opened(options)
    with contextlib.closing(shared.output) as output:
        site = shared.sites.get(article.site) or site_of(article.link, shared.sites.values())
        if site.name != article.site:
            raise OutputError(f"{article.site} is not a known site: its file is missing")
        recipe = site.recipe(site.category(article.listing))
        shared.recipes.note(article.site, article.listing, article.key, recipe)
        text = text_of(article, recipe, options, respects_rights=bool(source.get(RESPECT)))
        if text == "full" and (options.images or recipe.images) == "local":
            article = _with_kept_pictures(article, shared)
        publisher = Publisher(
            output,
            shared.format,
            site,
            before_promise=lambda article: output.renew_archived(article.key),
            keep_versions=int(source.get(VERSIONS) or 0),
        )
        publisher.publish(shared.stories.as_published(article, text))
        output.ledger.settle(article, "published")
        let_go(output.path, article)
        post = output.ledger.article(article.key)
        assert post is not None
        return output.posts / post.path


def _with_kept_pictures(article: Article, shared: Shared) -> Article:
    """Return the article with the pictures that the folder keeps; the next crawl of its site asks
    for the others."""
    store, kept = shared.pictures, {}
    for image in article.images[:MOST_PICTURES]:
        if picture := store.kept(image.url):
            kept[image.url] = picture
        else:
            store.note_failure(image.url, article.key, "Held", datetime.now(UTC), tries=0)
    return with_pictures(article, kept, shared.format.base(shared.output.path))
