"""Which headlines are corrections, and what a post that points looks like."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.same_stories import LANGUAGES

from newsspider.dates import post_date
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.stories import Stories, is_correction, pointer
from newsspider.model import Article
from newsspider.sites.schema import Recipe
from newsspider.store.folder import open_output

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "更正：青河二桥通车时间",
            "【更正】青河二桥",
            "訂正：橋の開通日",
            "お詫びと訂正",
            "정정: 다리",
        ),
        *(
            "Correction: bridge opens",
            "CORRECTED-Bridge opens",
            "Korrektur: Brücke",
            "(Rectificatif)",
        ),
        *("Rettifica: il ponte", "Исправление: мост", "Oprava: most", "Rättelse: bron"),
    ],
)
def test_a_correction_says_so_first(title: str) -> None:
    assert is_correction(title)


@pytest.mark.parametrize(
    "title",
    [
        "A bridge opens",
        "Correctional officers strike",
        "No correction in sight",
        "教科书更正引争议",
        "",
    ],
)
def test_another_headline_is_not_one(title: str) -> None:
    assert not is_correction(title)


def test_a_post_that_points_has_no_text_and_nothing_to_act() -> None:
    article = Article(
        site="s", key="k", id="1", link="https://x.example", body="<p>Text", digest="D"
    )
    post = pointer(article, "{{ site }} <b> *x* [a](b)", '/{{a}}/"><script>')
    assert post.body == (
        '<p>→ <a href="/%7B%7Ba}}/&quot;&gt;&lt;script&gt;">&#123;&#123; site }} &#60;b&#62; '
        "&#42;x&#42; &#91;a&#93;(b)</a></p>"
    )
    assert (post.digest, post.summary, post.images) == ("", "", ())


class Counting(Jekyll):
    """The posts of Jekyll; `asked` are those that were read."""

    def __init__(self) -> None:
        super().__init__(lambda article: Recipe())
        self.asked: list[str] = []

    def read(self, name: str, text: str) -> Article | None:
        self.asked.append(name)
        return super().read(name, text)


def an_article(name: str, day: int) -> Article:
    body = "".join(f"<p>{line}</p>" for line in LANGUAGES["de"]["story"])
    published = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(days=day)
    place = {"site": "s", "category": "c", "tag": "c", "link": "https://x.example/a"}
    return Article(key=name, id=name, title="T", body=body, published=published, **place)


def test_only_the_posts_of_the_days_around_are_read_and_each_once(tmp_path: Path) -> None:
    format = Counting()
    output = open_output(tmp_path, dry=False, sites=(), posts="_posts", read=format.read)
    with closing(output):
        for day in range(40):
            article = an_article(str(day), day)
            text, name = format.render(article, "en"), format.path(article)
            output.write(output.posts / name, text)
            output.ledger.promise(article, name, post_date(article.published or NOW), "x")
            output.ledger.keep(article.key, "x")
        for number in (9, 0):  # three days, and one for zones, before and after
            format.asked.clear()
            with closing(Stories(output, format)) as stories:
                first = stories.first(an_article("new", 20), 3)
                assert first is not None and first.key in {str(day) for day in range(17, 24)}
                assert stories.first(an_article("20", 20), 0) is None  # it is no twin of itself
            assert len(format.asked) == number
