"""What a site builder wants: the format of its posts, and the files around them.

In: articles that have passed Validate. Out: text and file names; Publisher writes them. A further
site builder is one class with these five members (tests/support/toml_format.py is a whole one).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from newsspider.model import Article
from newsspider.sites.schema import Site


class Format(Protocol):
    """A format of posts. All but `surround` is pure."""

    @property
    def folder(self) -> str:
        """The folder of the posts, inside the output folder: `_posts`. It has no folders itself."""

    def path(self, article: Article) -> str:
        """The name of an article's file in that folder, safe on any disk, with a suffix. An update
        keeps the name of the first publication."""

    def render(self, article: Article) -> str:
        """The text of an article's post: the same text for the same article, or the post would be
        written anew by every run."""

    def read(self, name: str, text: str) -> Article | None:
        """The article of a post, for a ledger that has to be made anew; None when the file is not a
        post of this format. `id`, `link`, `published`, `category` and `tag` are needed; `site` and
        `key` are left empty. Anybody may have written the text: it never raises."""

    def surround(self, output: Path, site: Site, first: Article, *, lay_category: bool) -> None:
        """Lay the site around the posts in the folder `output`, if it is not there yet, and with
        `lay_category` the page of the article's category. Publisher calls it before it writes a
        category's first post in a run; `lay_category` only before the first ever.

        `site` is the first site of the crawl, `first` the article about to be written. Files that
        are there stay as they are. Raises OSError or Unwritable when the folder cannot be written.
        """
