"""Notices among the lines of a text, in any case."""

from __future__ import annotations

import re

import pytest
from lxml import html

from newsspider.extraction.generic.boilerplate import is_notice, is_residue
from newsspider.extraction.generic.line import Line
from newsspider.languages import words

HOLDER = html.Element("p")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use cookies. By continuing you agree to our settings.", True),
        ("We and our 842 partners store personal data on your device.", True),
        ("WE USE COOKIES. BY CONTINUING YOU AGREE TO OUR SETTINGS.", True),
        ("We and our 842 partners follow the GDPR.", True),
        ("Wir und unsere 842 Partner halten die DSGVO ein.", True),
        ("842 İŞ ORTAĞIMIZ KİŞİSEL VERİ SAKLAR.", True),
        ("We and our 842 partners opened the bridge on Monday.", False),
        ("The baker sells cookies near the bridge.", False),
    ],
)
def test_a_notice_in_any_case(text: str, expected: bool) -> None:
    assert is_notice(Line("p", text, text, HOLDER)) is expected


@pytest.mark.parametrize("kind", ["cookie", "personal_data"])
def test_the_words_that_lower_case_texts_are_searched_for_are_in_lower_case(kind: str) -> None:
    for word in words(kind):
        bare = re.sub(r"\\.", "", word)  # `\S` is no letter
        assert bare == bare.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Follow the Courier on Instagram and WhatsApp.", True),
        ("Get in touch with our news team by writing to us.", True),
        ("Folgst du uns schon auf WhatsApp?", True),
        ("Hat Ihnen dieser Artikel gefallen?", True),
        ("Suivez-nous sur Facebook", True),
        ("Síguenos en nuestras redes", True),
        ("Iscriviti alla newsletter del porto", True),
        ("Siga-nos no Instagram", True),
        ("Volg ons op Facebook", True),
        ("Śledź nas na Facebooku", True),
        ("Подписывайтесь на наш канал", True),
        ("Підписуйтесь на наш канал", True),
        ("Ακολουθήστε μας στο Facebook", True),
        ("Ikuti kami di Telegram", True),
        ("تابعونا على فيسبوك", True),
        ("Follow the path along the harbour to the old lock.", False),
        ("Folgen Sie dem Weg am Hafen entlang bis zur alten Schleuse.", False),
        ("Siga a estrada do porto até a velha eclusa.", False),
        ("Do you have an umbrella with you at the harbour today?", False),
    ],
)
def test_an_invitation_to_follow_is_no_text(text: str, expected: bool) -> None:
    assert is_residue(Line("p", text, text, HOLDER)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trending now", True),
        ("Most read stories", True),
        ("MEISTGELESEN", True),
        ("Les plus lus", True),
        ("Lo más leído", True),
        ("Em alta", True),
        ("I più letti", True),
        ("Najczęściej czytane", True),
        ("Самое читаемое", True),
        ("En çok okunanlar", True),
        ("الأكثر قراءة", True),
        ("پربازدیدترین‌ها", True),
        ("热门推荐", True),
        ("많이 본 뉴스", True),
        ("アクセスランキング", True),
        ("The most read book of the library is a novel.", False),
        ("Em alta velocidade, o barco saiu do porto.", False),
        ("热门推荐的面包店在磨坊路开业。", False),
    ],
)
def test_the_label_of_a_box_of_popular_articles_is_no_text(text: str, expected: bool) -> None:
    assert is_residue(Line("p", text, text, HOLDER)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هذا المقال للمشتركين فقط", True),
        ("Статията е само за абонати.", True),
        ("Článek je jen pro předplatitele.", True),
        ("Kun for abonnenter", True),
        ("این مطلب فقط برای مشترکین است", True),
        ("Artikkeli on vain tilaajille.", True),
        ("הכתבה למנויים בלבד", True),
        ("यह लेख केवल सब्सक्राइबर के लिए है", True),
        ("Csak előfizetőknek", True),
        ("Artikel ini khusus pelanggan", True),
        ("Dit artikel is alleen voor abonnees", True),
        ("Logg inn for å lese videre", True),
        ("Dostępny tylko dla prenumeratorów. Zaloguj się, aby czytać dalej.", True),
        ("Assine para continuar lendo", True),
        ("Doar pentru abonați", True),
        ("Войдите, чтобы читать дальше", True),
        ("Logga in för att läsa hela artikeln", True),
        ("บทความนี้สำหรับสมาชิกเท่านั้น", True),
        ("Devamını okumak için abone ol", True),
        ("Лише для передплатників", True),
        ("Đăng nhập để đọc tiếp", True),
        ("De brug is alleen voor fietsers open.", False),
        ("O livro está entre os melhores para ler.", False),
        ("Het feest is alleen voor leden.", False),
        ("อาคารใหม่สำหรับสมาชิกสภา", False),
        ("Мост открыли, чтобы читать книги.", False),
        ("Köprü yeniden açıldı ve giriş ücretsiz.", False),
    ],
)
def test_a_wall_in_any_language(text: str, expected: bool) -> None:
    assert is_notice(Line("p", text, text, HOLDER)) is expected
