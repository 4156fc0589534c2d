"""Lines that only name who wrote an article and when; and lines that look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsspider.extraction.generic.datelines import REPORTED, is_credit, is_person
from newsspider.extraction.generic.line import Line
from newsspider.text.chinese import simplified

HOLDER = html.fromstring("<p></p>")


def credits(text: str) -> bool:
    return is_credit(Line("p", text, text, HOLDER))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Jan Kowalski",
            "Claire L. Dubois",
            "By Ada Brook, Ellery",
            "Greta Lohse · vor 3 Stunden",
        ),
        "Publié le 22 novembre 2026 à 16h25 | Mis à jour le 22 novembre 2026 à 17h01",
        "22/11/2026 - 16:25h. Actualizado: 22/11/2026 - 17:01h.",
        "Giriş: 22.11.2026 - 16:25 Güncelleme: 22.11.2026 - 17:01",
        "김지우·이서준 기자 jiwoo@a.example 입력 2026.11.22. 오후 4:25",
        *("記者 鈴木一郎", "記者林曉、王明／台北報導", "來源：艾勒里時報　作者：林曉"),
        *("22 de noviembre de 2026 04:25 p. m.", "Publicerad 22 november 2026 kl 16.25"),
    ],
)
def test_a_credit(text: str) -> None:
    assert credits(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Five people died in the port in 2020.",
            "Am 3. Mai 2026 steigen die Gebühren um acht Prozent.",
        ),
        *(
            "Jan Kowalski resigns",
            "Nobody knows.",
            "Jan Kowalski.",
            "Ja",
            "gestern war alles anders",
        ),
        *("2024年5月1日，港务局宣布自明年起上调收费标准。", "记者林晓在报导中说，船闸停用。"),
        *("기자가 물었다", "항만청은 요금을 올린다고 밝혔다."),
    ],
)
def test_a_line_of_the_text(text: str) -> None:
    assert not credits(text)


def test_a_person_has_two_or_three_words_with_capitals() -> None:
    assert is_person("Олена Коваль")
    assert not any(
        map(is_person, ["", "Ada", "A b", "порт закрыт", "One Two Three Four", "Q3 2026"])
    )


def test_the_reporter_of_an_agency() -> None:
    line = "（中央社記者林曉台北22日電）港務局宣布調高收費。"
    signed = REPORTED.match(simplified(line))
    assert signed and line[slice(*signed.span(2))] == "林曉"


@given(st.text(max_size=200))
def test_labels_keep_their_places(text: str) -> None:
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize("unit", ["김", "1", "a-", "Ab ", "1 ", "记者", "vor ", "1 a", "가나·"])
def test_attack_long_runs_are_looked_at_briefly(unit: str) -> None:
    assert not credits((unit * 120)[:119] + "!")
