"""Lists whose links are scripts, found, and read by a site file with what was found."""

from __future__ import annotations

import pytest

from newsspider import listing
from newsspider.discover import best_listing, discover
from newsspider.model import Page
from newsspider.sites.schema import Site

URL = "https://www.stadt.example/news/list.do"
TITLES = {
    "de": "Der Rat beschließt die Sanierung der alten Schleuse Nummer {}",
    "ko": "시의회, 낡은 갑문 {}호 보수 공사 계획을 의결",
    "zh": "市议会决定修复第{}号旧船闸并向市民开放参观",
    "ar": "مجلس المدينة يقرر إصلاح الهويس القديم رقم {}",
}
ROWS = {
    "href": '<tr><td class="subject"><a href="javascript:fnView(\'{n}\')">{title}</a>'
    "</td>{date}</tr>",
    "hash": '<tr><td class="subject"><a href="#" onclick="fnView({n});return false;">{title}</a>'
    "</td>{date}</tr>",
    "row": '<tr class="row" onclick="location.href=\'/news/view.do?seq={n}\'">'
    '<td class="subject">{title}</td>{date}</tr>',
    "open": '<tr><td class="subject"><a href="javascript:;" onclick="window.open('
    "'/news/view.do?seq={n}')\">{title}</a></td>{date}</tr>",
    "data": '<tr class="row" data-href="/news/view.do?seq={n}"><td class="subject">{title}</td>'
    "{date}</tr>",
}
SCRIPT = "<script>function fnView(id){ location.href = '/news/view.do?seq=' + id; }</script>"


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("form", ROWS)
def test_links_that_are_scripts(form: str, language: str) -> None:
    numbers = range(4711, 4723)
    rows = "".join(
        ROWS[form].format(
            n=n, title=TITLES[language].format(n), date=f"<td>2026-11-{n - 4700:02}</td>"
        )
        for n in numbers
    )
    markup = f"<html><body><main><table class='board'>{rows}</table></main>{SCRIPT}</body></html>"
    page = Page(url=URL, body=markup.encode())
    offer = discover(page)
    expected = [
        (f"https://www.stadt.example/news/view.do?seq={n}", TITLES[language].format(n))
        for n in numbers
    ]
    assert [(link.url, link.title) for link in offer.lists[0].links] == expected
    site = Site.model_validate({"name": "x", "title": "X", "listing": best_listing(offer)})
    links = listing.read(page, site, "any", site.listings_of("any")[0], number=0).links
    assert [(link.url, link.title) for link in links] == expected
    assert links[0].time == "2026-11-11"
