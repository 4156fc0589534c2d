"""Notices of consent in place of an article, in many languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
# A heading, what the partners of the site do, what the site does with cookies, a button.
NOTICES = {
    "en": (
        "We value your privacy",
        "We and our 842 partners store and access personal data, "
        "like browsing data or unique identifiers, on your device.",
        "This site uses cookies. By continuing to browse you agree to our use of cookies.",
        "Accept all",
    ),
    "de": (
        "Ihre Privatsphäre ist uns wichtig",
        "Wir und unsere 842 Partner verarbeiten personenbezogene "
        "Daten, um Ihnen Anzeigen zu zeigen.",
        "Mit Ihrer Zustimmung verwenden wir Cookies und ähnliche Technologien.",
        "Alle akzeptieren",
    ),
    "fr": (
        "Votre vie privée est importante pour nous",
        "Nous et nos 842 partenaires stockons et accédons à des informations sur votre appareil.",
        "En poursuivant votre navigation, vous acceptez l'utilisation de cookies.",
        "Continuer sans accepter",
    ),
    "es": (
        "Su privacidad es importante para nosotros",
        "Nosotros y nuestros 842 socios almacenamos y accedemos a "
        "información personal en su dispositivo.",
        "Utilizamos cookies propias y de terceros. Acepta y continúa leyendo gratis.",
        "Aceptar todo",
    ),
    "it": (
        "La tua privacy è importante per noi",
        "Noi e i nostri 842 partner archiviamo e accediamo a "
        "informazioni personali sul tuo dispositivo.",
        "Con il tuo consenso utilizziamo cookie e tecnologie simili.",
        "Accetta e continua",
    ),
    "nl": (
        "Wij respecteren je privacy",
        "Wij en onze 842 partners slaan persoonsgegevens op en gebruiken cookies op je apparaat.",
        "Door te klikken op akkoord geef je toestemming voor cookies.",
        "Akkoord",
    ),
    "pt": (
        "A sua privacidade é importante para nós",
        "Nós e os nossos 842 parceiros armazenamos e acedemos a dados pessoais no seu dispositivo.",
        "Utilizamos cookies. Ao continuar, aceita a utilização de cookies.",
        "Aceitar tudo",
    ),
    "pl": (
        "Twoja prywatność jest dla nas ważna",
        "My i nasi 842 partnerzy przechowujemy dane osobowe i "
        "uzyskujemy do nich dostęp na urządzeniu.",
        "Wyrażam zgodę na używanie plików cookie.",
        "Przejdź do serwisu",
    ),
    "sv": (
        "Vi värnar om din integritet",
        "Vi och våra 842 partner lagrar och får åtkomst till personuppgifter på din enhet.",
        "Genom att klicka på godkänn samtycker du till cookies.",
        "Godkänn alla",
    ),
    "da": (
        "Vi værner om dit privatliv",
        "Vi og vores 842 partnere gemmer og tilgår personoplysninger på din enhed.",
        "Ved at klikke accepterer du brugen af cookies.",
        "Accepter alle",
    ),
    "ja": (
        "プライバシーの尊重",
        "当社と842社のパートナーは、お使いのデバイス上の個人データを保存し、アクセスします。",
        "当サイトではクッキーを使用しています。同意してください。",
        "同意する",
    ),
    "zh": (
        "我们重视您的隐私",
        "我们及我们的842个合作伙伴会在您的设备上存储和访问个人数据。",
        "本网站使用Cookie，继续浏览即表示您同意我们使用Cookie。",
        "接受全部",
    ),
    "ko": (
        "귀하의 개인정보를 소중히 여깁니다",
        "당사와 842개 파트너는 귀하의 기기에 개인 정보를 저장하고 액세스합니다.",
        "본 사이트는 쿠키를 사용합니다. 계속하면 쿠키 사용에 동의하는 것입니다.",
        "모두 동의",
    ),
    "tr": (
        "Gizliliğinize değer veriyoruz",
        "Biz ve 842 ortağımız, cihazınızda kişisel verileri saklar ve bunlara erişiriz.",
        "Sitemizde çerez kullanılmaktadır. Devam ederek çerezleri kabul edersiniz.",
        "Tümünü kabul et",
    ),
    "ru": (
        "Мы ценим вашу конфиденциальность",
        "Мы и наши 842 партнёра храним персональные данные на вашем "
        "устройстве и получаем к ним доступ.",
        "Продолжая использовать сайт, вы соглашаетесь на использование файлов cookie.",
        "Принять все",
    ),
    "ar": (
        "نحن نهتم بخصوصيتك",
        "نقوم نحن وشركاؤنا البالغ عددهم 842 بتخزين البيانات الشخصية على جهازك والوصول إليها.",
        "يستخدم هذا الموقع ملفات تعريف الارتباط. بالمتابعة فإنك توافق على استخدامها.",
        "قبول الكل",
    ),
    "el": (
        "Σεβόμαστε το απόρρητό σας",
        "Εμείς και οι 842 συνεργάτες μας αποθηκεύουμε προσωπικά δεδομένα στη συσκευή σας.",
        "Χρησιμοποιούμε cookies. Συνεχίζοντας αποδέχεστε τη χρήση τους.",
        "Αποδοχή όλων",
    ),
    "cs": (
        "Vážíme si vašeho soukromí",
        "My a našich 842 partnerů ukládáme osobní údaje na vašem zařízení a přistupujeme k nim.",
        "Souhlasím s používáním souborů cookie.",
        "Přijmout vše",
    ),
}
# News about data and partners.
NEWS = {
    "en": "The court ruled on Tuesday that the 842 partners of the fair pay for their stands.",
    "de": "Die 842 Partner des Hafenfestes zahlen ihre Stände selbst, "
    "beschloss der Rat am Dienstag.",
    "fr": "Les 842 partenaires du port paieront leurs stands, a décidé le conseil mardi soir.",
    "zh": "港务局周二表示，港口节的842个合作伙伴将自行支付摊位费用，市民可以免费入场参观。",
    "ko": "항만청은 화요일 항구 축제의 842개 파트너가 부스 비용을 직접 낸다고 밝혔다.",
    "ar": "قرر المجلس يوم الثلاثاء أن يدفع شركاؤنا البالغ عددهم 842 تكاليف أكشاكهم في المهرجان.",
}


def read(markup: str, language: str) -> Extracted:
    page = f"<html lang={language}><head><meta charset=utf-8><title>Post</title></head>{markup}"
    return extract(Page(url="https://post.example/2026/lock", body=page.encode()), now=NOW)


@pytest.mark.parametrize("language", NOTICES)
@pytest.mark.parametrize("form", ["partners", "cookies", "both"])
def test_a_notice_of_consent_is_no_article(form: str, language: str) -> None:
    heading, partners, cookies, button = NOTICES[language]
    texts = {
        "partners": [partners],
        "cookies": [cookies],
        "both": [f"{partners} {cookies}", cookies],
    }
    markup = "".join(f"<p>{text}</p>" for text in texts[form])
    article = read(f"<body><h1>{heading}</h1>{markup}<button>{button}</button>", language)
    assert article.verdict == "Paywalled"


@pytest.mark.parametrize("language", NEWS)
def test_news_about_partners_stays(language: str) -> None:
    lines = [f"{NEWS[language]} {n}." for n in range(6)]
    markup = "".join(f"<p>{line}</p>" for line in lines)
    article = read(f"<body><article><h1>Harbour fair</h1>{markup}</article>", language)
    assert article.text.split("\n") == lines
    assert article.verdict == ""


@pytest.mark.parametrize("language", NEWS)
def test_a_notice_in_an_article_is_left_out(language: str) -> None:
    partners = NOTICES[language][1]
    lines = [f"{NEWS[language]} {n}." for n in range(6)]
    markup = "".join(f"<p>{line}</p>" for line in [*lines[:3], partners, *lines[3:]])
    article = read(f"<body><article><h1>Harbour fair</h1>{markup}</article>", language)
    assert article.text.split("\n") == lines


DATA_PROTECTION = {
    "en": "Ministers agreed on Tuesday that companies must ask before they sell personal data",
    "de": "Die Minister stimmten zu, dass niemand personenbezogene Daten verkaufen darf; "
    "die Abgeordneten akzeptierten den Schutz personenbezogener Daten",
    "nl": "De ministers gaven toestemming voor een wet die persoonsgegevens beschermt",
}


@pytest.mark.parametrize("language", DATA_PROTECTION)
def test_news_about_data_protection_stays(language: str) -> None:
    plain, about = NEWS.get(language, NEWS["en"]), DATA_PROTECTION[language]
    lines = [f"{about} (1).", *(f"{plain} {n}." for n in range(4)), f"{about} (2)."]
    markup = "".join(f"<p>{line}</p>" for line in lines)
    article = read(f"<body><article><h1>Harbour fair</h1>{markup}</article>", language)
    assert article.text.split("\n") == lines
