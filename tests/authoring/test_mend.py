"""Site files mended by the pages of a site that has changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from newsspider import listing
from newsspider.authoring.mend import Mending
from newsspider.authoring.replay import Fixture, Replayed, Sample, Saved, lost_fields, replay
from newsspider.model import Page
from newsspider.sites.schema import Site

BASE = "https://news.example"
NUMBERS = range(1, 9)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TITLES = {number: f"A headline of several words, number {number}" for number in NUMBERS}


def page(body: str, path: str = "/latest") -> Page:
    text = f"<html lang=en><meta charset=utf-8><title>News</title><body>{body}</body></html>"
    return Page(url=BASE + path, body=text.encode())


def rows(row: str, numbers: range = NUMBERS) -> str:
    return "".join(row.format(n=n, title=TITLES[n]) for n in numbers)


NAV = "<nav><ul><li><a href='/sport'>Sport</a><li><a href='/about'>About us</a></ul></nav>"
CARDS = rows(
    "<article class=card><h2><a href='/a/{n}'>{title}</a></h2><p>2026-11-{n:02} 10:00</p></article>"
)
POPULAR = rows(
    "<li><a href='/old/{n}'>An older headline that many people read, {n}</a>", range(1, 8)
)
JSON = ",".join(f'{{"url":"/a/{n}","headline":"{TITLES[n]}"}}' for n in NUMBERS)
# Today's pages, and the links that the last good page had.
PAGES = {
    "other elements": f"{NAV}<div class=list>{CARDS}</div>",
    "another list above it": f"{NAV}<div class=list>{CARDS}</div><ul class=popular>{POPULAR}</ul>",
    "in a script": f'{NAV}<script id=data type=application/json>{{"items":[{JSON}]}}</script>',
}
FILES = {
    "of the site": """\
title: News  # mine
listing:
  # the rows
  kind: html
  url: https://news.example/{slug}
  items: ul.news > li  # one each
  fields: {url: 'a::attr(href)', title: a}
  max_pages: 3
categories: {latest: {}, sport: {}}
""",
    "of the category": """\
title: News
categories:
  latest:
    listing: {kind: html, url: 'https://news.example/latest', items: li.n, fields: {url: '@href'}}
  sport: {listing: {kind: feed, url: 'https://news.example/sport.xml'}}
""",
    "a fallback of another": """\
title: News
listing:
  - kind: html
    url: https://news.example/latest
    items: ul.news > li
    fields: {url: 'a::attr(href)'}
  - {kind: feed, url: 'https://news.example/feed.xml'}  # seldom works
categories: {latest: {}}
""",
    "a feed": """\
title: News
categories:
  latest: {listing: {kind: feed, url: 'https://news.example/latest'}}
""",
}


def mending(text: str, known: frozenset[str] = frozenset(), **names: list[str]) -> Mending:
    site = Site.model_validate({"name": "news", **yaml.safe_load(text)})
    return Mending(site, text, known, names)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("today", PAGES)
def test_a_listing_reads_the_page_again(file: str, today: str) -> None:
    known = frozenset(f"{BASE}/a/{number}" for number in NUMBERS)
    mend, now = mending(FILES[file], known), page(PAGES[today])
    assert mend.mend_listing("latest", 0, now, 0), mend.faults
    chosen = mend.site.listings_of("latest")[0]
    links = listing.read(now, mend.site, "latest", chosen, number=0).links
    assert [link.url for link in links] == [f"{BASE}/a/{number}" for number in NUMBERS]
    before, after = FILES[file].splitlines(), mend.text.splitlines()
    comments = [line.partition("  #")[2] for line in before if "  #" in line]
    assert [line.partition("  #")[2] for line in after if "  #" in line] == comments or (
        today == "in a script" and file == "of the site"
    )
    assert "sport" not in FILES[file] or mend.site.categories["sport"]


def test_only_what_must_changes() -> None:
    mend = mending(FILES["of the site"])
    assert mend.mend_listing("latest", 0, page(PAGES["other elements"]), 0)
    assert mend.text == FILES["of the site"].replace("ul.news > li ", "article.card ")


def test_a_selector_that_reads_other_texts_is_changed_too() -> None:
    cards = CARDS.replace("<h2>", "<a class=kicker href='/sport'>Sport</a><h2>")
    mend = mending(FILES["of the site"])
    now = page(f"<div>{cards}</div>")
    assert mend.mend_listing("latest", 0, now, 0)
    links = listing.read(now, mend.site, "latest", mend.site.listings_of("latest")[0], number=0)
    assert [link.title for link in links.links] == list(TITLES.values())


@pytest.mark.parametrize(
    "body",
    [
        "<p>No news today.</p>",
        "",
    ],
)
def test_a_page_without_a_list_mends_nothing(body: str) -> None:
    mend = mending(FILES["of the site"])
    assert not mend.mend_listing("latest", 0, page(body), 0)
    assert not mend.is_changed and not mend.faults


def test_a_listing_that_is_read_well_stays() -> None:
    known = frozenset(f"{BASE}/a/{number}" for number in NUMBERS)
    now = page(PAGES["other elements"])
    assert not mending(FILES["of the site"], known).mend_listing("latest", 0, now, 5)
    assert mending(FILES["of the site"], known).mend_listing("latest", 0, now, 4)


def test_what_cannot_be_written_is_a_fault_with_what_to_write() -> None:
    mend = mending(FILES["of the site"].replace("items: ul", "? items\n  : ul"))
    assert not mend.mend_listing("latest", 0, page(PAGES["other elements"]), 0)
    assert not mend.is_changed
    assert mend.faults == [
        "listing.items cannot be changed in a file of this form; write there:\n"
        "items: article.card\n"
    ]


# -- articles ---------------------------------------------------------------------------------

TEXT = " ".join(
    f"The {word} sentence of a text that tells of larch and water." for word in range(9)
)
SITE = """\
title: News
timezone: UTC
language: en
listing: {kind: html, url: 'https://news.example/latest', items: li, fields: {url: 'a::attr(href)'}}
categories: {latest: {}}
pages:
  article:
    kind: html
    fields:
      title: h1.old  # the headline
      time: {select: span.old, pattern: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d'}
      author: {select: p.old, pattern: 'By (.+)'}
      body: div.old
"""
ARTICLE = """\
<header><span class=logo>News</span></header>
<article class=story><h1 class=headline>{title}</h1><p class=byline>By Ann Larch</p>
<span class=published>Published 2026-11-{n:02} 10:00</span>
<div class=story-body><p>{text} {n}</p><p>{text}</p><p>{text}</p></div></article>
<aside><h2>More</h2><p>Other news of today, which is not of this article.</p></aside>
"""


def fixture(article: str, numbers: range = range(1, 4)) -> Fixture:
    links = "".join(f"<li><a href='/a/{n}'>{TITLES[n]}</a>" for n in numbers)
    samples = tuple(
        Sample(
            key=f"{BASE}/a/{n}",
            pages=(
                Saved(
                    name="article",
                    asked=f"{BASE}/a/{n}",
                    page=page(article.format(n=n, title=TITLES[n], text=TEXT), f"/a/{n}"),
                ),
            ),
        )
        for n in numbers
    )
    latest = Saved(name="listing", asked=f"{BASE}/latest", page=page(f"<ul>{links}</ul>"))
    return Fixture(category="latest", at=0, now=NOW, listing=latest, samples=samples)


def known(pages: Fixture) -> Replayed:
    """What the articles gave when their selectors found them."""
    good = SITE.replace("h1.old", "h1").replace("span.old", "article span")
    good = good.replace("p.old", ".byline").replace("div.old", "article div")
    return replay(mending(good).site, pages)


def test_fields_of_articles_are_located_by_what_generic_extraction_reads() -> None:
    mend, pages = mending(SITE), fixture(ARTICLE)
    assert set(lost_fields(replay(mend.site, pages))) == {"title", "time", "author", "body"}
    assert mend.mend_articles(pages, None)
    assert "title: h1.headline  # the headline\n" in mend.text
    fields = yaml.safe_load(mend.text)["pages"]["article"]["fields"]
    assert fields["body"] == "div.story-body"
    assert fields["time"] == {
        "select": "span.published",
        "pattern": r"\d{4}-\d\d-\d\d \d\d:\d\d",
    }
    assert not lost_fields(replay(mend.site, pages))


def test_one_article_suffices_where_its_values_are_known() -> None:
    pages = fixture(ARTICLE, range(1, 2))
    assert not mending(SITE).mend_articles(pages, None)
    mend = mending(SITE)
    assert mend.mend_articles(pages, known(pages))
    assert not lost_fields(replay(mend.site, pages))
    assert replay(mend.site, pages).articles == known(pages).articles


def test_an_author_is_known_by_the_names_of_earlier_articles() -> None:
    article = ARTICLE.replace("<p class=byline>By Ann Larch</p>", "<b class=who>A. Larch</b>")
    nobody = mending(SITE.replace(", pattern: 'By (.+)'", ""))
    assert nobody.mend_articles(fixture(article), None)
    assert "author: {select: p.old}" in nobody.text
    mend = mending(nobody.text, author=["B. Oak", "A. Larch"])
    assert mend.mend_articles(fixture(article), None)
    assert yaml.safe_load(mend.text)["pages"]["article"]["fields"]["author"] == "b.who"


def test_a_selector_that_finds_something_stays() -> None:
    mend = mending(SITE.replace("h1.old", "article h1"))
    assert mend.mend_articles(fixture(ARTICLE), None)
    assert "title: article h1  # the headline\n" in mend.text


def test_a_field_that_cannot_be_written_does_not_hold_up_the_others() -> None:
    mend = mending(SITE.replace("body: div.old", "? body\n      : div.old"))
    assert mend.mend_articles(fixture(ARTICLE), None)
    assert lost_fields(replay(mend.site, fixture(ARTICLE))) == ["body"]
    (fault,) = mend.faults
    assert fault.startswith("pages.article.fields.body cannot be changed in a file of this form")


def test_a_time_in_an_attribute() -> None:
    article = ARTICLE.replace("span class=published>", "time datetime='2026-11-{n:02}T10:00Z'>")
    mend = mending(
        SITE.replace("{select: span.old, pattern: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d'}", "b")
    )
    assert mend.mend_articles(
        fixture(article.replace("Published 2026-11-{n:02} 10:00", "today")), None
    )
    time = yaml.safe_load(mend.text)["pages"]["article"]["fields"]["time"]
    assert time.endswith("time::attr(datetime)")


@pytest.mark.parametrize(
    "article",
    [
        "<h1>Cookies</h1><p>Please accept our cookies so that we can show you this page.</p>",
        "<h1>Page not found</h1><p>The page {n} you are looking for does not exist.</p>",
        f"<h1>Our paper</h1><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>",
    ],
)
def test_a_page_in_place_of_the_articles_mends_nothing(article: str) -> None:
    mend = mending(SITE)
    assert not mend.mend_articles(fixture(article), None)
    assert mend.text == SITE


def test_an_article_without_the_field_mends_nothing() -> None:
    mend = mending(SITE)
    assert not mend.mend_articles(fixture("<p>Hm {n}</p>"), None)
    assert mend.text == SITE
