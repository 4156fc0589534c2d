"""Which language a text is written in, by its most frequent words."""

from __future__ import annotations

import pytest

from newsspider.text.stop_words import LEAST, language_by_words

TEXTS = {
    "en": "The council of the town has said that it will not pay for the bridge, and that the work"
    " on it is to end this year.",
    "de": "Der Rat der Stadt hat erklärt, dass er die Brücke nicht bezahlen wird und dass die"
    " Arbeit an ihr noch in diesem Jahr zu Ende geht.",
    "fr": "Le conseil de la ville a dit que le pont ne sera pas payé par les habitants et que les"
    " travaux sur le fleuve sont finis dans un an.",
    "es": "El consejo de la ciudad ha dicho que no pagará el puente y que las obras en el río se"
    " terminan este año, según los vecinos de la zona.",
    "pt": "O conselho da cidade disse que não vai pagar a ponte e que as obras no rio são para"
    " terminar este ano, segundo os moradores do bairro.",
    "nl": "De raad van de stad heeft gezegd dat hij de brug niet zal betalen en dat het werk aan de"
    " rivier nog in dit jaar voor een deel klaar is.",
    "pl": "Rada miasta powiedziała, że nie zapłaci za most i że prace na rzece są do końca roku,"
    " ale nie wiadomo, co się z nim stanie po tym, jak jest gotowy.",
    "ru": "Совет города сказал, что он не будет платить за мост и что работы на реке по плану будут"
    " до конца года, но не все в это верят.",
    "uk": "Рада міста сказала, що вона не буде платити за міст і що роботи на річці за планом до"
    " кінця року, але не всі у це та в її слова вірять.",
    "el": "Το συμβούλιο της πόλης είπε ότι δεν θα πληρώσει για τη γέφυρα και ότι οι εργασίες στο"
    " ποτάμι είναι για το τέλος του έτους από την αρχή.",
    "tr": "Belediye meclisi bu köprü için para vermeyecek ve nehirdeki çalışma ile ilgili olarak"
    " bir karar daha sonra olan bir gün için çok önemli olduğu bu.",
    "ar": "قال مجلس المدينة إن العمل في الجسر على النهر هو من خطة هذا العام، وإن ما كان من المال لا"
    " يكفي إلى أن تم التي في كل عام مع ذلك.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_in_one_language(language: str) -> None:
    assert language_by_words(TEXTS[language] * 4) == language


@pytest.mark.parametrize(("words", "language"), [(LEAST - 1, ""), (LEAST, "en")])
def test_a_text_of_a_few_words_says_too_little(words: int, language: str) -> None:
    text = " ".join((TEXTS["en"].split() * 4)[:words])
    assert language_by_words(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "市议会就大桥一事作出决定，将在年底之前完成改造。" * 20,  # no spaces: the script says it
        "Gradsko vijeće je reklo da se most na rijeci neće platiti do kraja godine. " * 8,  # bs, hr
        f"{TEXTS['en']} {TEXTS['de']}" * 4,
        "Boston 4 Chicago 2 Denver 3 Dallas 1 Miami 5 Toronto 2 " * 10,
        "x" * 100_000,
    ],
)
def test_where_no_language_is_clear_there_is_none(text: str) -> None:
    assert language_by_words(text) == ""
