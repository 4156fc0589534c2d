"""The interface of a site builder's format: its posts, and the files around them.

In: articles that have passed Validate. Out: text and file names; Publisher writes them. A further
site builder is one class with these fourteen members (tests/support/toml_format.py is an example).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from newsspider.exporters.corrections import Correction
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture
from newsspider.sites.schema import Site
from newsspider.store.files import read_text
from newsspider.store.records import PublishedPost


class Format(Protocol):
    """A format of posts. All but `address`, `correct`, `language`, `base`, `surround`, `paginate`
    and `leave` is pure."""

    @property
    def folder(self) -> str:
        """The folder of the posts, inside the output folder: `_posts`. It has no subfolders."""

    @property
    def marks(self) -> Sequence[str]:
        """The files of which every site of this builder has one at its top; the usual one first
        (`_config.yml`)."""

    def path(self, article: Article) -> str:
        """Return the name of an article's file in that folder, safe on any disk, with a suffix. An
        update keeps the name of the first publication."""

    def address(self, output: Path, post: PublishedPost) -> str:
        """Return the address of a post's page in the site that is built of the folder `output`,
        from its root: `/news/2026/11/28/a.html`. "" if it is not known."""

    def correct(self, output: Path, post: PublishedPost, correction: Correction) -> None:
        """Add a correction of a post to the feed of corrections in the folder `output`, if the site
        has one. Publisher calls it before it writes the post, twice if the run is killed meanwhile.
        Raises OSError or Unwritable if the folder cannot be written."""

    def language(self, output: Path, site: Site, first: Article) -> str:
        """Return the language of the site in the folder `output` (BCP 47), "" if it is unknown;
        before `surround` has written the site, the language that it is going to have."""

    def render(self, article: Article, language: str) -> str:
        """Return the text of an article's post in a site of this language: always the same for the
        same article, or every run would rewrite the post."""

    def base(self, output: Path) -> str:
        """Return what a post puts before the path of a file of the site in the folder `output`:
        `/news` for a site that is served below another one, else ""."""

    def with_pictures(self, text: str, kept: Mapping[str, KeptPicture], base: str) -> str:
        """Return the text of a post in which the pictures with these addresses are shown from their
        files, with `base` before each path."""

    def earlier(self, article: Article) -> Iterable[str]:
        """Return the posts that earlier versions of newsspider rendered of the article, or that it
        had in a site of another language. A post with one of these texts is up to date: it changes
        with its article, not with newsspider."""

    def read(self, name: str, text: str) -> Article | None:
        """Return the article of a post, to rebuild a lost ledger; None if the file is not a post of
        this format. `id`, `link`, `published`, `category` and `tag` are needed; `site` and `key`
        are left empty. Anybody may have written the text: this never raises."""

    def surround(self, output: Path, site: Site, first: Article, *, lay_category: bool) -> None:
        """Write the site around the posts into the folder `output`, unless it exists, and with
        `lay_category` the page of the article's category. Publisher calls it before it writes a
        category's first post in a run; with `lay_category` only before the first post ever.

        `site` is the first site of the crawl, `first` the article about to be written. Existing
        files stay as they are, and a site that somebody else made gets no page that it cannot show.
        Raises OSError or Unwritable if the folder cannot be written.
        """

    def paginate(self, output: Path, counts: Mapping[str, int]) -> None:
        """Write the further pages that lists of posts need in the folder `output`; `counts` has the
        number of posts of each category. Publisher calls it after the new posts of a crawl.
        Existing files stay as they are. Raises OSError or Unwritable if the folder cannot be
        written.
        """

    def leave(
        self, output: Path, name: str, text: str, target: str = "", kind: str = "page"
    ) -> bool:
        """Write a page that stays at the address of a post that is about to be removed from the
        folder `output`, so that the address does not die; with `target` it leads to this address.
        `name` and `text` are those of the post. Another `kind` than `page` adds the address to a
        list for the web server: `redirects` or `nginx`. Return False if nothing can stay there.
        Raises OSError or Unwritable if the folder cannot be written.
        """


def read_post(format: Format, file: Path) -> Article | None:
    """Return the article of a post; None if its file is gone or is not a post of this format."""
    try:
        return format.read(file.name, read_text(file))
    except (OSError, UnicodeError):
        return None
