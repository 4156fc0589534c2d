"""Pages of many languages: when and by whom, and that neither stays in the text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from support import DATA

from newsspider.extraction.generic import extract
from newsspider.model import Page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGES = yaml.safe_load((DATA / "languages.yml").read_text("utf-8"))


@pytest.mark.parametrize("told", PAGES, ids=lambda told: f"{told['language']}-{told['country']}")
def test_a_page_of_any_language(told: dict[str, Any]) -> None:
    title = told["title"]
    body = "".join(f"<p>{number}. {told['text']}</p>" for number in range(6))
    page = (
        f"<html lang={told['language']}><head><title>{title} - Ellery</title></head><body>"
        f"<nav><a href=/>Ellery</a></nav><h1>{title}</h1>{told['lines']}{body}</body></html>"
    )
    url = f"https://a.example.{told['country']}/news/8812"
    found = extract(Page(url=url, body=page.encode()), now=NOW)
    assert found.title == title
    assert found.published is not None
    assert found.published.isoformat() == f"2026-11-22T16:25:00{told['offset']}"
    assert list(found.authors) == told["authors"]
    assert found.text.startswith("0. ")


READ_ALSO = {
    "af": "Lees ook: Die sluis word herstel",
    "az": "Həmçinin oxuyun: Şlüz təmir olunur",
    "ca": "Llegiu també: La resclosa es repara",
    "et": "Loe ka: Lüüs läheb remonti",
    "eu": "Irakurri ere: Esklusa konponduko dute",
    "fil": "Basahin din: Kukumpunihin ang lagusan",
    "hy": "Կարդացեք նաև՝ ջրարգելակը վերանորոգվում է",
    "ka": "ასევე წაიკითხეთ: კარიბჭეს არემონტებენ",
    "lt": "Skaitykite taip pat: šliuzas remontuojamas",
    "ms": "Baca juga: Pintu air dibaiki",
    "sk": "Čítajte aj: Plavebnú komoru opravia",
    "sl": "Preberite še: Zapornico popravljajo",
    "sq": "Lexo edhe: Porta e ujit riparohet",
    "sr": "Прочитајте још: Преводница се поправља",
    "sw": "Soma pia: Lango la maji latengenezwa",
}
ADVERT = {
    "af": "Advertensie",
    "ca": "PUBLICITAT",
    "et": "Reklaam",
    "hy": "Գովազդ",
    "ka": "რეკლამა",
    "lt": "REKLAMA",
    "ms": "Iklan",
    "sk": "Reklama",
    "sl": "Oglas",
    "sq": "Reklamë",
    "az": "Reklam",
    "eu": "Publizitatea",
    "fil": "Patalastas",
    "sr": "ОГЛАС",
    "sw": "Tangazo",
}


@pytest.mark.parametrize("line", [*READ_ALSO.values(), *ADVERT.values()])
def test_a_line_that_leads_elsewhere_is_no_text(line: str) -> None:
    paragraphs = [f"<p>{n}. {'The harbour closes for a year. ' * 5}</p>" for n in range(6)]
    paragraphs.insert(3, f"<p>{line}</p>")
    page = f"<meta charset=utf-8><h1>The harbour closes</h1>{''.join(paragraphs)}"
    assert line not in extract(Page(url="https://a.example/1", body=page.encode()), now=NOW).text


# Words of one of these languages that are common elsewhere.
@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Von Jana Keller", ("Jana Keller",)),
        ("By Leo Marsh", ("Leo Marsh",)),
        ("By Gretchen Kell, May 5, 2026", ("Gretchen Kell",)),
        ("Av Per Olav Hansen", ("Per Olav Hansen",)),
        ("Oleh Ni Made Ayu Lestari", ("Ni Made Ayu Lestari",)),
        ("By Amartya Sen", ("Amartya Sen",)),
        ("Par Marie Dubois en Espagne", ("Marie Dubois en Espagne",)),
        ("By Dan Brook and Tana Marsh", ("Dan Brook", "Tana Marsh")),
        ("By Na Kyung", ("Na Kyung",)),
    ],
)
def test_a_word_of_one_language_is_a_name_in_another(line: str, authors: tuple[str, ...]) -> None:
    text = "".join(f"<p>{n}. {'The harbour closes for a year. ' * 5}</p>" for n in range(6))
    page = f"<h1>The harbour closes</h1><p>{line}</p>{text}"
    found = extract(Page(url="https://a.example/1", body=page.encode()), now=NOW)
    assert found.authors == authors
