"""A second Format, as small as one can be: Markdown files with TOML front matter, as for Hugo."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from newsspider.exporters.corrections import Correction
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture, place
from newsspider.sites.schema import Site
from newsspider.store.records import PublishedPost

_KEYS = ("id", "link", "title", "source", "category", "tag")


class Toml:
    folder = "content"
    marks = ("hugo.toml",)

    def path(self, article: Article) -> str:
        return f"{article.published:%Y-%m-%d}-{article.id}.md"

    def address(self, output: Path, post: PublishedPost) -> str:
        return f"/{post.path.removesuffix('.md')}/"

    def correct(self, output: Path, post: PublishedPost, correction: Correction) -> None:
        """Its site has no feed of corrections."""

    def language(self, output: Path, site: Site, first: Article) -> str:
        return site.language

    def render(self, article: Article, language: str) -> str:
        lines = [f"{key} = {json.dumps(getattr(article, key))}\n" for key in _KEYS]
        return f"+++\n{''.join(lines)}date = {article.published}\n+++\n{article.body}"

    def base(self, output: Path) -> str:
        return ""

    def with_pictures(self, text: str, kept: Mapping[str, KeptPicture], base: str) -> str:
        return place(text, kept, base)

    def earlier(self, article: Article) -> tuple[str, ...]:
        return ()

    def read(self, name: str, text: str) -> Article | None:
        try:
            _, matter, body = text.split("+++\n", 2)
            head = tomllib.loads(matter)
            published = datetime.fromisoformat(str(head["date"]))
            fields = {key: str(head[key]) for key in _KEYS}
            return Article(site="", key="", published=published, body=body, **fields)
        except (ValueError, KeyError):
            return None

    def surround(self, output: Path, site: Site, first: Article, *, lay_category: bool) -> None:
        if not (output / "hugo.toml").exists():
            (output / "hugo.toml").write_text(f"title = {json.dumps(site.title)}\n", "utf-8")

    def paginate(self, output: Path, counts: Mapping[str, int]) -> None:
        """Hugo makes the pages of its lists itself."""

    def leave(
        self, output: Path, name: str, text: str, target: str = "", kind: str = "page"
    ) -> bool:
        return False
