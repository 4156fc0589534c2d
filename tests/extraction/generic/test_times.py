"""When a page was published: labels, marks, zones, and pages that do not say."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
URL = "https://www.ellery.example/a/8812"
BODY = "".join(
    f"<p>The harbour council has raised the fees of pier {name} by eight per cent, and the owners"
    " of the ships that berth there have announced that they will protest.</p>"
    for name in ("one", "two", "three", "four", "five")
)


def read(
    below: str, language: str = "en", *, url: str = URL, head: str = "", after: str = ""
) -> Extracted:
    """The article of a page with these elements below its headline, in its head, at its end."""
    html = (
        f"<html lang={language}><head><title>Ellery raises fees</title>{head}</head><body><main>"
        f"<article><h1>Ellery raises fees</h1>{below}{BODY}</article></main>{after}</body></html>"
    )
    return extract(Page(url=url, body=html.encode()), now=NOW)


def minute(at: datetime | None) -> str:
    return f"{at:%d %H:%M}" if at else ""


BOTH = {
    "ar": "آخر تحديث: 30 سبتمبر 2026 10:00 نشر: 29 سبتمبر 2026 16:45",
    "de": "Aktualisiert am 30. September 2026, 10:00 · Veröffentlicht am 29. September 2026, 16:45",
    "en": "Last updated: September 30, 2026 10:00 AM | First published: September 29, 2026 4:45 PM",
    "es": "Actualizado: 30/09/2026 10:00h Publicado: 29/09/2026 16:45h",
    "fr": "Mis à jour le 30 sept. 2026 à 10h00 – Publié le 29 sept. 2026 à 16h45",
    "hi": "अपडेट: 30 सितंबर 2026, सुबह 10:00 प्रकाशित: 29 सितंबर 2026, शाम 4:45",
    "id": "Diperbarui 30 September 2026 10:00, terbit 29 September 2026 16:45",
    "it": "Aggiornato il 30 settembre 2026 10:00, pubblicato il 29 settembre 2026 16:45",
    "ja": "更新 2026年9月30日 10:00 公開 2026年9月29日 16:45",
    "ko": "최종수정 2026.09.30 10:00 입력 2026.09.29 16:45",
    "nl": "Bijgewerkt: 30 september 2026 10:00 – Gepubliceerd: 29 september 2026 16:45",
    "pl": "Aktualizacja: 30 września 2026, 10:00 Publikacja: 29 września 2026, 16:45",
    "pt": "Atualizado em 30/09/2026 às 10h00, publicado em 29/09/2026 às 16h45",
    "ru": "Обновлено: 30 сентября 2026, 10:00. Опубликовано: 29 сентября 2026, 16:45",
    "sv": "Uppdaterad 30 september 2026 10:00, publicerad 29 september 2026 16:45",
    "th": "ปรับปรุง 30 ก.ย. 2569 10:00 น. เผยแพร่ 29 ก.ย. 2569 16:45 น.",
    "tr": "Güncelleme: 30.09.2026 10:00 Yayınlanma: 29.09.2026 16:45",
    "vi": "Cập nhật: 30/09/2026 10:00 Đăng: 29/09/2026 16:45",
    "zh": "更新时间：2026-09-30 10:00 发布时间：2026-09-29 16:45",
}


@pytest.mark.parametrize("language", BOTH)
def test_each_time_of_a_line_belongs_to_its_label(language: str) -> None:
    article = read(f"<div>{BOTH[language]}</div>", language)
    assert (minute(article.published), minute(article.modified)) == ("29 16:45", "30 10:00")


@pytest.mark.parametrize(
    "below",
    [
        "<p>29 September 2026 16:45 (updated 30 September 2026 10:00)</p>",
        "<p>2026年9月30日 10:00 更新 2026年9月29日 16:45 公開</p>",
        "<p>Updated: 30 September 2026 10:00</p><p>Published: 29 September 2026 16:45</p>",
        "<dl><dt>Updated<dd>30 Sep 2026 10:00<dt>Published<dd>29 Sep 2026 16:45</dl>",
        "<p>Updated <time datetime=2026-09-30T10:00>30</time>, published"
        " <time datetime=2026-09-29T16:45>29</time>",
        "<p><time datetime=2026-09-30T10:00>Updated: 30</time>"
        " <time datetime=2026-09-29T16:45>Published: 29</time>",
        "<p><span>更新</span><time datetime=2026-09-30T10:00>30</time>"
        "<span>公開</span><time datetime=2026-09-29T16:45>29</time>",
        "<time itemprop=dateModified datetime=2026-09-30T10:00>30 Sep 2026 10:00</time>"
        "<time itemprop=datePublished datetime=2026-09-29T16:45>29</time>",
        "<time itemprop=dateModified datetime=2026-09-30T10:00>30 Sep 2026 10:00</time>"
        "<p>29 Sep 2026 16:45</p>",
        "<time class=updated datetime=2026-09-30T10:00>30</time>"
        "<time class='entry-date published' datetime=2026-09-29T16:45>29</time>",
        "<time class='entry-date published updated' datetime=2026-09-29T16:45>29</time>"
        "<time class=updated datetime=2026-09-30T10:00>30</time>",
        "<a href=/a><abbr class=published title=2026-09-29T16:45>29</abbr></a>"
        "<abbr class=updated title=2026-09-30T10:00>30</abbr>",
        "<abbr itemprop=datePublished title=2026-09-29T16:45>29</abbr>"
        "<abbr itemprop=dateModified title=2026-09-30T10:00>30</abbr>",
        "<b class=date data-timestamp=1790700300>29</b>"
        "<b data-date=2026-09-30T10:00 class=modified>30</b>",
        "<b data-publish-time='2026-09-29 16:45'></b>Updated 2026-09-30 10:00",
    ],
)
def test_each_time_of_an_element_belongs_to_its_label(below: str) -> None:
    article = read(below)
    assert (minute(article.published), minute(article.modified)) == ("29 16:45", "30 10:00")


def test_a_day_of_a_calendar_to_click_on_is_no_time() -> None:
    days = "".join(f"<b class=date data-date=2026-11-{day:02}>{day}</b>" for day in range(1, 20))
    assert read(days).origins.get("published") != "time"


def test_the_entries_of_a_live_blog_do_not_date_it() -> None:
    entries = "<p><time datetime=2026-09-30T10:00Z>10:00</time> A ship has left."
    start = '{"@type": "LiveBlogPosting", "coverageStartTime": "2026-09-29T16:45:00Z"}'
    script = "<script type=application/ld+json>{}</script>"
    assert minute(read(entries, head=script.format(start)).published) == "29 16:45"
    no_start = '{"@type": "LiveBlogPosting"}'
    assert read(entries, head=script.format(no_start)).origins["published"] == "htmldate"


@pytest.mark.parametrize(
    "after",
    [
        "",
        "<footer>© 2026 The Ellery Times. All rights reserved.</footer>",
        "<footer>Copyright 2019-2023 The Ellery Times, in print since 1998.</footer>",
        "<footer>&copy; 2024</footer><p>Founded 1998</p>",
        "<footer><img src=/uploads/2026/05/logo.png> (c) 2026</footer>",
        "<footer>© 2026年 埃勒里时报</footer>",
        "<aside><a href=/2026/05/fees>Fees in May 2026</a></aside>",
    ],
)
def test_a_page_without_a_day_has_no_date(after: str) -> None:
    assert read("", after=after).published is None


@pytest.mark.parametrize(
    ("below", "after", "day", "origin"),
    [
        ("Updated 30 September 2026 10:00", "", "2026-09-30", "modified"),
        ("", "<p>Ellery, 29 September 2026</p>", "2026-09-29", "htmldate"),
        ("", "<p>Ellery, 1 January 2026</p><footer>© 2026</footer>", "2026-01-01", "htmldate"),
    ],
)
def test_a_guess_has_its_origin(below: str, after: str, day: str, origin: str) -> None:
    article = read(below, after="<p>Fees</p>" * 40 + after)
    assert f"{article.published:%Y-%m-%d}" == day
    assert article.origins["published"] == origin


def test_the_address_counts_before_the_time_of_a_change() -> None:
    article = read("Updated 30 September 2026 10:00", url="https://ellery.example/2026/09/29/fees")
    assert minute(article.published) == "29 00:00"
    assert article.origins["published"] == "address"


META = "<meta property=article:published_time content={}>"


@pytest.mark.parametrize(
    ("url", "language", "stated", "below", "expected"),
    [
        # the country of the address
        ("https://ellery.de/a", "en", "2026-09-29T01:30:00+08:00", "", "28 19:30 +0200"),
        # the offset that the page states
        (URL, "zh", "2026-09-29T06:30:12+08:00", "", "29 06:30 +0800"),
        (URL, "en", "2026-09-28T19:30:00-05:00", "", "28 19:30 -0500"),
        (URL, "ja", "2026-09-28T19:30:00-05:00", "", "28 19:30 -0500"),
        # a time without a zone beside one with
        (URL, "en", "2026-09-29T16:01:00", "04:01 PM EDT, September 29, 2026", "29 16:01 -0400"),
        (URL, "en", "2026-09-29T20:01:00", "04:01 PM EDT, September 29, 2026", "29 16:01 -0400"),
        (URL, "en", "2026-09-29T20:01:00Z", "04:01 PM EDT, September 29, 2026", "29 16:01 -0400"),
        ("https://ellery.de/a", "de", "2026-09-29T14:01:00", "29.9.2026 16:01", "29 16:01 +0200"),
        # the country of the language; Z states no zone
        (URL, "zh-CN", "2026-09-28T22:30:12Z", "", "29 06:30 +0800"),
        (URL, "zh-CN", "2026-09-28T22:30:12+00:00", "", "29 06:30 +0800"),
        (URL, "pt-BR", "2026-09-28T22:30:12Z", "", "28 19:30 -0300"),
        (URL, "zh", "", "2026-09-29 06:30", "29 06:30 +0800"),
        ("https://ellery.io/a", "ko", "2026-09-28T22:30:12Z", "", "29 07:30 +0900"),
        ("https://ellery.me/a", "en-US", "2026-09-28T22:30:12Z", "", "28 22:30 +0000"),
    ],
)
def test_the_zone_of_a_page(
    url: str, language: str, stated: str, below: str, expected: str
) -> None:
    head = META.format(stated) if stated else ""
    published = read(f"<p>{below}</p>", language, url=url, head=head).published
    assert published and f"{published:%d %H:%M %z}" == expected


@pytest.mark.parametrize(
    "below",
    [
        "<time>" * 5000,
        "<b data-time=1>" * 5000,
        f"<p>{'Updated published 1 ' * 4000}</p>",
        "<time datetime=2026-09-29>published updated </time>" * 5000,
        f"<b>{'x ' * 50_000}</b><time datetime=x></time>" * 10,
    ],
)
def test_hostile_times_of_elements_take_no_time(below: str) -> None:
    from newsspider.extraction.generic.time_labels import labelled_times, times_of_elements

    tree = Page(url=URL, body=f"<html><body>{below}</body></html>".encode()).document.tree
    began = time.process_time()
    list(times_of_elements(tree))
    labelled_times(below[:160])
    assert time.process_time() - began < 1


def test_a_stated_time_to_come_is_read_if_nothing_else_has_a_day() -> None:
    head = "<meta property='article:published_time' content='2027-02-03T10:00:00Z'>"
    assert read("", head=head).published == datetime(2027, 2, 3, 10, tzinfo=UTC)
    assert minute(read("<p>20 November 2026, 08:15</p>", head=head).published) == "20 08:15"
