"""The Jekyll exporter: an article → its post file in the output folder's `_posts`.

In: validated articles, from the Publish stage. Out: files, and what came of each as an Outcome.
Around the first post it lays a whole site, once; beside a category's first post, its page.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from pathlib import Path

from newsspider.dates import post_date
from newsspider.exporters.jekyll.post import Post, category_path, compose
from newsspider.exporters.jekyll.scaffold import Look, lay_category, lay_site
from newsspider.model import Article
from newsspider.sites.schema import Recipe, Site
from newsspider.store.folder import Output, text_hash
from newsspider.store.records import Published

_CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")


class Outcome(Enum):
    """What exporting an article came to; the values are the names of the report's counts."""

    WRITTEN = "written"  # a new post
    UPDATED = "updated"  # its own post, rewritten
    UNCHANGED = "unchanged"  # the post says it all already
    EDITED = "edited"  # a person changed the post: left alone


class JekyllExporter:
    """Writes posts into one output folder. `site` is the crawl's first, for the site's title."""

    def __init__(self, output: Output, site: Site) -> None:
        self._output = output
        self._site = site
        self._laid = output.dry
        self._categories: set[str] = set()  # that have a page

    def export(self, article: Article) -> Outcome:
        """Write, rewrite or leave the article's post. Raises what disk.write_whole raises."""
        recipe = article.recipe
        assert recipe is not None and article.published is not None
        ledger = self._output.ledger
        row = ledger.article(article.key)
        post = self._named(article, compose(article, recipe), row)
        file = self._output.posts / post.name
        data = post.text.encode("utf-8")
        intended = text_hash(data)
        there = _hash_of(file)
        ours = row is not None and there in (row.hash, row.intended)
        if there == intended:
            outcome = Outcome.UNCHANGED if row and row.state == "published" else Outcome.WRITTEN
        elif there is not None and not ours:
            outcome = Outcome.EDITED
        else:
            outcome = Outcome.UPDATED if row and row.state == "published" else Outcome.WRITTEN
        ledger.promise(article, post.name, post_date(article.published), intended)
        if outcome is Outcome.EDITED:
            ledger.keep(article.key, row.hash if row else "")
            return outcome
        if outcome is not Outcome.UNCHANGED and not self._output.dry:
            self._lay_around(article, recipe)  # a post alone may have outlived a power cut
            if there != intended:
                self._output.write(file, post.text)
        ledger.keep(article.key, intended)
        return outcome

    def _named(self, article: Article, post: Post, row: Published | None) -> Post:
        """The post under the name it has, or one no other article has: two sites may give one day
        the same id."""
        if row is not None:
            return replace(post, name=row.path)
        holder = self._output.ledger.holder(post.name)
        if holder is None:
            return post
        stem = post.name.removesuffix(".md")
        return replace(post, name=f"{stem}-{text_hash(article.key.encode())[:12]}.md")

    def _lay_around(self, article: Article, recipe: Recipe) -> None:
        folder, ledger = self._output.path, self._output.ledger
        if not self._laid:
            if not any((folder / name).exists() for name in _CONFIGS):
                lay_site(folder, self._look(article))
            self._laid = True
        if article.category in self._categories:
            return
        if ledger.first_seen(article.category):
            lay_category(
                folder,
                slug=article.category,
                title=article.tag,
                path=category_path(article.category, recipe),
            )
            ledger.note_categories([article.category])
        self._categories.add(article.category)

    def _look(self, first: Article) -> Look:
        """How the site is to look; one without a file has the language of its first article."""
        site = self._site
        told = "language" in site.model_fields_set or not first.language
        language = site.language if told else first.language
        return Look(site.title, language, site.zone.key, "", site.description)


def _hash_of(file: Path) -> str | None:
    try:
        return text_hash(file.read_bytes())
    except FileNotFoundError:
        return None
