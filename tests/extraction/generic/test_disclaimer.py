"""Lines below a text that reserve its rights or say who does not answer for it."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider import languages
from newsspider.extraction.generic import extract_page
from newsspider.extraction.generic.boilerplate import is_disclaimer
from newsspider.extraction.generic.line import Line

DISCLAIMERS = {
    "ar": "جميع الحقوق محفوظة لصحيفة الميناء",
    "bg": "Всички права запазени. Пристанищен вестник",
    "bn": "সর্বস্বত্ব সংরক্ষিত। বন্দর সংবাদ",
    "cs": "Všechna práva vyhrazena, Přístavní noviny",
    "da": "Alle rettigheder forbeholdes Havnebladet.",
    "de": "Hafenbote, alle Rechte vorbehalten.",
    "el": "Απαγορεύεται η αναδημοσίευση χωρίς την άδεια της εφημερίδας.",
    "en": "This text is subject to copyright. No part may be used without our written consent.",
    "es": "Diario del Puerto. Todos los derechos reservados.",
    "fa": "تمام حقوق این سایت محفوظ است",
    "fi": "Satamalehti. Kaikki oikeudet pidätetään.",
    "fr": "Le Journal du port, tous droits réservés.",
    "he": "כל הזכויות שמורות לעיתון הנמל",
    "hi": "सर्वाधिकार सुरक्षित, बंदरगाह समाचार",
    "hr": "Sva prava pridržana, Lučke novine",
    "hu": "Minden jog fenntartva, Kikötői Lapok",
    "id": "Hak cipta dilindungi undang-undang. Harian Pelabuhan",
    "it": "Riproduzione riservata, Il Giornale del porto",
    "ja": "港の新聞の記事、写真の無断転載を禁じます。",
    "ko": "저작권자 © 항구신문 무단전재 및 재배포 금지",
    "lv": "Visas tiesības aizsargātas, Ostas Avīze",
    "nb": "Alle rettigheter reservert Havneavisen.",
    "nl": "Havenkrant. Alle rechten voorbehouden.",
    "pl": "Wszelkie prawa zastrzeżone, Gazeta Portowa.",
    "pt": "Jornal do Porto. Todos os direitos reservados.",
    "ro": "Toate drepturile rezervate, Ziarul Portului",
    "ru": "При использовании материалов сайта ссылка на «Портовую газету» обязательна.",
    "sv": "Alla rättigheter förbehållna Hamnbladet.",
    "th": "สงวนลิขสิทธิ์ หนังสือพิมพ์ท่าเรือ",
    "tr": "Liman Gazetesi, tüm hakları saklıdır.",
    "uk": "Усі права захищені, Портова газета.",
    "vi": "Báo Cảng giữ bản quyền nội dung trên trang này.",
    "zh": "本网站所刊文章未经书面授权，不得转载。",
    "af": "Alle regte voorbehou, Hawekoerant",
    "az": "Bütün hüquqlar qorunur, Liman Qəzeti",
    "ca": "Diari del Port. Tots els drets reservats.",
    "et": "Sadamaleht. Kõik õigused kaitstud.",
    "eu": "Portuko Egunkaria. Eskubide guztiak gordeta.",
    "fil": "Lahat ng karapatan ay nakalaan, Pahayagan ng Pantalan",
    "hy": "Բոլոր իրավունքները պաշտպանված են",
    "ka": "ყველა უფლება დაცულია, პორტის გაზეთი",
    "lt": "Visos teisės saugomos, Uosto laikraštis",
    "ms": "Hak cipta terpelihara. Akhbar Pelabuhan",
    "sk": "Všetky práva vyhradené, Prístavné noviny",
    "sl": "Vse pravice pridržane, Pristaniški list",
    "sq": "Të gjitha të drejtat e rezervuara, Gazeta e Portit",
    "sr": "Сва права задржана, Лучке новине",
    "sw": "Haki zote zimehifadhiwa, Gazeti la Bandari",
}
MORE = (
    "声明：本文观点仅代表作者本人，不构成投资建议，据此操作风险自担。",
    "免责声明：本文内容仅供参考。",
    "未經授權，不得轉載，違者必究。",
    "港报刊登此信息，与本网站立场无关。",
    "© 2026 Harbour Press. Distributed by Ellery Content.",
)
NEWS = (
    "The names of the two dockers may not be published before the court has heard them.",
    "Der Vertrag verbietet die Weiterverbreitung der Pläne des Hafens von Ellery.",
    "警方表示，将依法追究相关人员的法律责任。",
    "法院认定，该公司未经同意使用了渔民的照片。",
    "Sąd zakazał rozpowszechniania zdjęć bez zgody rybaków.",
    "La diffusion du film reste interdite dans le port jusqu’en mai.",
)
PARAGRAPHS = [
    f"The harbour authority of Ellery bought {n},000 tonnes of salt for the coming winter, the "
    f"mayor said at noon, and it paid {n}66 crowns for each of them in all."
    for n in range(2, 8)
]


def line_of(text: str, kind: str = "p") -> Line:
    return Line(kind, text, text, html.fromstring("<p>"))


def test_each_language_has_a_disclaimer() -> None:
    assert set(DISCLAIMERS) == set(languages.names())


@pytest.mark.parametrize("text", [*DISCLAIMERS.values(), *MORE])
def test_a_disclaimer_is_one_in_any_language(text: str) -> None:
    assert is_disclaimer(line_of(text))


@pytest.mark.parametrize("text", NEWS)
def test_news_of_rights_is_no_disclaimer(text: str) -> None:
    assert not is_disclaimer(line_of(text))


@pytest.mark.parametrize("length", [300, 301])
def test_a_disclaimer_is_short(length: int) -> None:
    text = "All rights reserved. ".ljust(length, "x")
    assert is_disclaimer(line_of(text)) == (length == 300)


@pytest.mark.parametrize("place", ["above", "below"])
def test_only_the_end_of_a_text_has_disclaimers(place: str) -> None:
    disclaimer = DISCLAIMERS["en"]
    shown = PARAGRAPHS[:]
    shown.insert(1 if place == "above" else len(shown), disclaimer)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in shown)
    page = f"<title>The salt has come</title><h1>The salt has come</h1><article>{text}</article>"
    lines = extract_page(page, "https://a.example/salt")["body_text"].split("\n")
    assert lines == (shown if place == "above" else PARAGRAPHS)
