"""The same story once: which post already has the text of an article.

In: an article, and the posts of the output folder. Out: the post that has its story; the article as
a post that points to that one. The stages Validate and Publish call it.

An article is compared with the posts of some days before and after its own, whatever their source
and their run. What counts of a post is the text that it has, so a clone decides alike. A post
without a text, such as one that only points to a story, is never the first of one.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from html import escape

from newsspider import languages
from newsspider.clean.excerpt import excerpt
from newsspider.dates import read_post_date
from newsspider.exporters.format import Format, read_post
from newsspider.exporters.texts import plain_text
from newsspider.model import Article
from newsspider.sanitize import markdown_text
from newsspider.store.output import Output
from newsspider.store.records import PublishedPost
from newsspider.store.signatures import Signatures
from newsspider.text.similarity import LEAST, Index, Signature

_ZONES = timedelta(days=1)  # a post's day begins so much earlier or later than that of an article
_KEPT = timedelta(days=31)  # signatures of days that no run asks for
_WINDOWS = 3  # whose days are in memory


@dataclass(slots=True)
class _Day:
    """The posts of a day that have a text: an index of their signatures, by their numbers in
    `posts`, each with its key and its time. `latest` is the number of an article's last text, and
    `hashes` has the hash of its post."""

    index: Index = field(default_factory=Index)
    posts: list[tuple[str, datetime]] = field(default_factory=list)
    latest: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def add(self, post: PublishedPost, signature: Signature | None) -> None:
        self.latest[post.key] = number = len(self.posts)
        self.hashes[post.key] = post.hash
        self.posts.append((post.key, read_post_date(post.date)))
        if signature is not None:
            self.index.add(number, signature)

    def like(self, signature: Signature) -> Iterator[tuple[float, str, datetime]]:
        """Yield similarity, key and time of the posts with the same story."""
        for similarity, number in self.index.like(signature):
            key, at = self.posts[number]
            if self.latest[key] == number:
                yield similarity, key, at


class Stories:
    """The stories of an output folder, whose posts have this format."""

    def __init__(self, output: Output, format: Format) -> None:
        self._output = output
        self._format = format
        self._days: OrderedDict[str, _Day] = OrderedDict()

    def close(self) -> None:
        """Close the cache of signatures, if it was used. Raises Unwritable."""
        if "_signatures" in vars(self):
            self._signatures.forget_days(f"{datetime.now(UTC) - _KEPT:%Y-%m-%d}")
            self._signatures.close()

    @cached_property
    def _signatures(self) -> Signatures:
        return Signatures(self._output.path, dry=self._output.dry)

    def first(self, article: Article, days: int) -> PublishedPost | None:
        """Return the post that has the story of an article and was published at most this many days
        before or after it, the most similar one; None without one. A correction is a story of its
        own."""
        signature = None if is_correction(article.title) else Signature.of(_text(article))
        if signature is None or article.published is None:
            return None
        at, reach = article.published, timedelta(days=days)
        posts = [
            (similarity, key)
            for day in self._window(at, reach)
            for similarity, key, time in day.like(signature)
            if key != article.key and abs(time - at) <= reach
        ]
        for _, key in sorted(posts, reverse=True):
            row = self._output.ledger.article(key)
            if row is not None and row.state == "published":
                return row
        return None

    def note(self, article: Article) -> None:
        """Note the text of an article that has just been published. A day that no article was
        compared with is read when one is."""
        row = self._output.ledger.article(article.key)
        if row is not None and (day := self._days.get(row.date[:10])) is not None:
            signature = Signature.of(_text(article))
            self._signatures.save(row.date[:10], row.key, row.hash, signature)
            day.add(row, signature)

    def as_published(self, article: Article, text: str) -> Article:
        """Return as much of an article as its post has: a link to the post that has its story, or
        what `text` says (see `excerpt`)."""
        ledger = self._output.ledger
        first = ledger.article(article.same_story) if article.same_story else None
        if first is None or first.state != "published":
            return excerpt(replace(article, same_story=""), text)
        title = ledger.fields(first.key).get("title") or first.id
        address = self._format.address(self._output.path, first) or first.link
        return pointer(article, title, address)

    def _window(self, at: datetime, reach: timedelta) -> list[_Day]:
        number = 2 * (reach + _ZONES).days + 1
        begin = at - reach - _ZONES
        days = [self._day(f"{begin + timedelta(days=n):%Y-%m-%d}") for n in range(number)]
        while len(self._days) > _WINDOWS * number:
            self._days.popitem(last=False)
        return days

    def _day(self, name: str) -> _Day:
        day = self._days.get(name)
        if day is None:
            day = self._days[name] = _Day()
            known = self._signatures.of_day(name)
            for post in self._output.ledger.published(name):
                hash_, signature = known.get(post.key, ("", None))
                if not hash_ or hash_ != post.hash:
                    signature = self._signature(post)
                    self._signatures.save(name, post.key, post.hash, signature)
                day.add(post, signature)
        elif self._output.turn is not None:
            for post in self._output.ledger.published(name, self._output.ledger.run):
                if day.hashes.get(post.key) != post.hash:  # another process has published it
                    day.add(post, self._signature(post))
        self._days.move_to_end(name)
        return day

    def _signature(self, post: PublishedPost) -> Signature | None:
        """Return the signature of a post, by its file."""
        article = read_post(self._format, self._output.posts / post.path)
        return Signature.of(_text(article)) if article else None


def pointer(article: Article, title: str, address: str) -> Article:
    """Return an article as a post that only points to the post at this address, which has its
    story under this title."""
    href = escape(address).replace("{", "%7B")  # for Liquid
    link = f'<a href="{href}">{markdown_text(title)}</a>'
    return replace(excerpt(article, "link"), body=f"<p>→ {link}</p>")


def is_correction(title: str) -> bool:
    """Return whether a headline begins with the word for a correction: 更正, Correction:."""
    return _corrections().match(title) is not None


@cache
def _corrections() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{languages.alternation('correction')})", re.IGNORECASE)


def _text(article: Article) -> str:
    """Return the text that is compared: that of the body; with the digest only if that is short, as
    not every source has one."""
    text = plain_text(article.body)
    return text if len(text) > LEAST else f"{article.digest}\n{text}"
