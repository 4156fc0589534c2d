"""Encodings: no article is lost to a wrong declaration."""

from __future__ import annotations

import encodings
import itertools
import pkgutil
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.errors import NotReadable
from newsspider.text.encoding import encoding_of, to_utf8

TEXT = "中国移动“心级服务”，镕喆堃㎡—…"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5hkscs", "utf-16", "utf-8-sig"])
def test_what_the_header_says_is_believed_where_it_fits(codec: str) -> None:
    text = TEXT if codec not in ("big5hkscs",) else "中國移動服務"
    body = text.encode(codec)
    assert body.decode(encoding_of(body, f"text/html; charset={codec}")).lstrip("\ufeff") == text


@pytest.mark.parametrize("meta", ["gbk", "hz-gb-2312", "iso-2022-jp", "utf-16", "x-unknown"])
def test_a_header_that_says_utf_8_counts_before_any_meta(meta: str) -> None:
    body = f'<meta charset="{meta}"><p>{TEXT}</p>'.encode()
    assert encoding_of(body, "text/html; charset=utf-8") == "utf-8"


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "GB2312"])
def test_gb2312_means_gb18030_as_in_browsers(declared: str) -> None:
    body = TEXT.encode("gb18030")
    assert body.decode(encoding_of(body, f"text/html; charset={declared}")) == TEXT


@pytest.mark.parametrize(
    "head", ["", "<meta charset=gbk>", "<meta http-equiv=Content-Type content='a; charset=gbk'>"]
)
@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "", ";;;="])
def test_gbk_that_is_declared_as_something_else_is_still_read(head: str, content_type: str) -> None:
    body = f"<html><head>{head}</head><p>{TEXT}</p>".encode("gb18030")
    assert TEXT in body.decode(encoding_of(body, content_type))


def test_a_byte_order_mark_wins() -> None:
    body = b"\xef\xbb\xbf" + TEXT.encode()
    assert encoding_of(body, "text/html; charset=gbk") == "utf-8"


CODECS = sorted(module.name for module in pkgutil.iter_modules(encodings.__path__))
ESCAPED = "<p>Caf\\u0065 \\x3cb\\x3e</p>"  # what `unicode_escape` would decode


@pytest.mark.parametrize("codec", CODECS)
def test_attack_any_codec_of_python_may_be_declared(codec: str) -> None:
    declared = (
        ("", f"text/html; charset={codec}"),
        (f'<meta charset="{codec}">', "text/html"),
        (f'<meta http-equiv="Content-Type" content="text/html; charset={codec}">', ""),
        (f'<?xml version="1.0" encoding="{codec}"?>', "text/xml"),
    )
    texts = ("<p>Café Bücher</p>", "<p>中国移动</p>", ESCAPED, "")
    for text, (start, kind) in itertools.product(texts, declared):
        try:
            page = to_utf8(f"{start}{text}".encode(), kind).decode()
        except NotReadable:
            assert codec in ("hz", "iso2022_kr"), kind
        else:
            assert page.endswith(text) or codec not in UNKNOWN, (kind, page)


# Codecs of Python that no browser knows: the page is in UTF-8, whatever it declares.
UNKNOWN = (
    *("base64_codec", "bz2_codec", "hex_codec", "idna", "punycode", "quopri_codec", "rot_13"),
    *("raw_unicode_escape", "undefined", "unicode_escape", "uu_codec", "utf_7", "zlib_codec"),
    *("charmap", "cp037", "palmos", "utf_32"),
)


def test_all_labels_of_the_macintosh_are_known() -> None:
    body = "<p>Привет</p>".encode("mac-cyrillic")
    assert to_utf8(body, "text/html; charset=x-mac-ukrainian").decode() == "<p>Привет</p>"


@pytest.mark.parametrize("codec", ["utf-7", "rot13", "base64", "nonsense"])
def test_attack_encodings_that_hide_markup_are_not_believed(codec: str) -> None:
    body = b"<meta charset=%s><p>+ADw-script+AD4-</p>" % codec.encode()
    assert encoding_of(body, f"text/html; charset={codec}") == "utf-8"


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=iso-8859-1"])
def test_accents_are_not_taken_for_chinese(content_type: str) -> None:
    body = "Déjà vu: un café à Besançon, très âgé".encode("cp1252")
    assert to_utf8(body, content_type).decode() == "Déjà vu: un café à Besançon, très âgé"


def test_broken_bytes_are_no_error() -> None:
    body = TEXT.encode() + b"\xff\xff\x80"
    assert body.decode(encoding_of(body, "text/html; charset=utf-8"), "replace").startswith(TEXT)


def test_utf8_that_is_declared_as_latin_1_is_read_as_utf8() -> None:
    body = TEXT.encode()
    assert to_utf8(body, "text/html; charset=iso-8859-1") is body


def test_a_few_broken_bytes_do_not_turn_utf8_into_mojibake() -> None:
    body = (TEXT * 50).encode() + b"\xff" + (TEXT * 50).encode()
    for content_type in ("text/html; charset=utf-8", "text/html"):
        assert to_utf8(body, content_type).decode().count(TEXT) == 100


def test_what_comes_out_is_utf8_without_a_mark() -> None:
    for codec in ("utf-8-sig", "utf-16", "gb18030"):
        assert to_utf8(TEXT.encode(codec), f"a/b; charset={codec}").decode() == TEXT


# -- as browsers read it ----------------------------------------------------------------------


@pytest.mark.parametrize("label", ["hz-gb-2312", "iso-2022-kr", "iso-2022-cn", "replacement"])
def test_attack_encodings_that_browsers_refuse_are_refused(label: str) -> None:
    with pytest.raises(NotReadable, match="browsers"):
        to_utf8(b"<p>~{<:Ky2;~}</p>", f"text/html; charset={label}")


def test_japanese_mail_encoding_is_read_as_in_browsers() -> None:
    text = "<p>日本語のニュース</p>"
    assert to_utf8(text.encode("iso2022_jp"), "text/html; charset=ISO-2022-JP").decode() == text


def test_attack_escapes_that_swallow_markup_are_refused() -> None:
    body = b"<p>\x1b$B<img src=x onerror=alert(1)>\x1b(B</p>"
    with pytest.raises(NotReadable):
        to_utf8(body, "text/html; charset=iso-2022-jp")


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("x-gbk", "gb18030", "镕喆堃"),
        ("csGB2312", "gb18030", "新闻中心"),
        ("cn-big5", "big5", "中國移動"),
        ("utf8mb4", "utf-8", "新闻中心"),
        ("x-sjis", "cp932", "日本語①"),
        ("x-euc-jp", "euc_jp", "日本語のニュース"),
        ("windows-949", "cp949", "한국 뉴스 똠"),
        ("iso-8859-1", "cp1252", "“curly” – €"),
        ("iso-8859-9", "cp1254", "İstanbul'da ışık"),
        ("x-cp1251", "cp1251", "новости дня"),
        ("unicode", "utf-16-le", "新闻"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta", "http-equiv"])
def test_labels_mean_what_browsers_take_them_for(
    label: str, codec: str, text: str, where: str
) -> None:
    metas = {"meta": "<meta charset='%s'>", "http-equiv": "<meta content='a; charset=%s'>"}
    if where != "header" and codec == "utf-16-le":
        pytest.skip("a meta cannot be read in UTF-16")
    page = metas.get(where, "%s").replace("%s", label if where != "header" else "") + f"<p>{text}"
    page = page.replace("<meta content", "<meta http-equiv=Content-Type content")
    kind = f"text/html; charset={label}" if where == "header" else "text/html"
    assert f"<p>{text}" in to_utf8(page.encode(codec), kind).decode()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content_type", ["", "text/html; charset=utf-8"])
def test_utf16_that_nobody_declares_is_read(codec: str, content_type: str) -> None:
    text = f"<html><p>{TEXT}</p></html>"
    assert to_utf8(text.encode(codec), content_type).decode() == text


def test_a_meta_that_says_utf16_is_read_as_utf8() -> None:
    text = f"<meta charset=utf-16><p>{TEXT}</p>"
    assert to_utf8(text.encode(), "text/html").decode() == text


def test_utf8_in_a_page_that_says_gbk_is_read() -> None:
    body = f"<meta charset=gbk><p>{TEXT}</p>".encode()
    assert TEXT in to_utf8(body, "text/html; charset=gbk").decode()


# -- declarations that are late, misspelt, or contradict each other ------------------------------

NEWS = {
    "gb18030": "据新华社报道，今年前三季度国内生产总值同比增长，分析人士认为市场信心正在恢复。",
    "big5hkscs": "據中央社報導，行政院長今天表示，政府將持續推動產業轉型，裏面嘅嘢喺邊度，碁銹。",
    "cp932": "日本経済新聞によると、政府は来年度予算案を閣議決定した。①㈱髙﨑",
    "euc_jp": "日本経済新聞によると、政府は来年度予算案を閣議決定した。",
    "cp949": "정부는 오늘 국무회의에서 내년도 예산안을 의결했다고 밝혔다. 똠방각하",
    "cp1251": "Правительство сегодня утвердило бюджет на следующий год.",
}
LABELS = {"gb18030": "gb2312", "big5hkscs": "big5", "cp932": "shift_jis", "euc_jp": "euc-jp"}
LABELS |= {"cp949": "euc-kr", "cp1251": "windows-1251"}


@pytest.mark.parametrize("codec", NEWS)
@pytest.mark.parametrize(
    ("content_type", "head"),
    [
        ("text/html", f"<head><!--{'x' * 1500}--><meta charset=%s></head>"),
        ("text/html", f"<head><script>{'x' * 90_000}</script><meta charset=%s></head>"),
        ("text/html", "<!--<meta charset=big5>--><meta charset=%s>"),
        ("text/html", "<script>'<meta charset=utf-8>'</script><meta charset=%s>"),
        ("text/html", "<body><meta charset=%s>"),
        ("text/html", "<meta content='text/html; charset=%s'>"),
        ("text/html; charset=iso-8859-1", "<meta charset=%s>"),
        ("text/html; charset=gbk", "<meta charset=%s>"),
        ("text/html; charset=utf-8", "<meta charset=%s>"),
        ("text/xml", "<?xml version='1.0' encoding='%s'?>"),
        ("text/html charset=%s", ""),
        ("text/html; charset='%s'", ""),
        ('text/html ; charset = "%s" ;', ""),
    ],
)
def test_a_declaration_counts_wherever_it_stands(codec: str, content_type: str, head: str) -> None:
    said, text = LABELS[codec], f"<p>{NEWS[codec]}</p>"
    if codec == "cp1251" and ("gbk" in content_type):
        pytest.skip("Cyrillic letters are also rare Chinese ones")
    page = head.replace("%s", said).encode() + text.encode(codec)
    assert to_utf8(page, content_type.replace("%s", said)).decode().endswith(text)


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"])
@pytest.mark.parametrize("content_type", ["", "text/html; charset=iso-8859-1"])
def test_what_nobody_declares_is_told_from_the_text(codec: str, content_type: str) -> None:
    page = "".join(f"<p>{NEWS[codec]}</p>" for _ in range(3))
    assert to_utf8(page.encode(codec), content_type).decode() == page


@pytest.mark.parametrize("text", ["中国", "联通", "股价上涨", "今日要闻"])
@pytest.mark.parametrize(("codec", "said"), [("utf-8", "gbk"), ("gb18030", "utf-8")])
def test_a_few_characters_of_json_under_the_wrong_name(text: str, codec: str, said: str) -> None:
    if (text, codec) == ("联通", "gb18030"):
        pytest.skip("valid in UTF-8, too: no reader can tell")
    body = f'{{"title":"{text}"}}'
    assert to_utf8(body.encode(codec), f"application/json; charset={said}").decode() == body


def test_the_euro_sign_of_gbk_is_the_one_of_windows() -> None:
    body = "<p>价格".encode("gbk") + b"\x80" + "100元</p>".encode("gbk")
    assert to_utf8(body, "text/html; charset=gbk").decode() == "<p>价格€100元</p>"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff" + b"<" * 2**21,
        b"<\xff" * 2**20,
        "中国移动".encode("gbk") * 99 + b"<\xe4\xb8\xad\xe5\x9b\xbd" * 2**18,
        b"\xed\xa0\xbd" * 2**19,
        b"<meta " * 2**18 + b"\xa4\xff",
        b"<meta charset=" * 2**17 + b"\xb0\xa1" * 99,
    ],
)
@pytest.mark.parametrize("said", ["", "gbk", "big5"])
def test_attack_bytes_that_would_be_read_for_ever(body: bytes, said: str) -> None:
    began = time.process_time()
    to_utf8(body, f"text/html; charset={said}")
    assert time.process_time() - began < 15  # 2 MB


# -- broken and mixed bytes -------------------------------------------------------------------


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    body = f"<p>{TEXT}中".encode()[:-1]
    assert to_utf8(body, "text/html; charset=utf-8").decode() == f"<p>{TEXT}"


def test_broken_bytes_leave_no_replacement_characters() -> None:
    for codec in ("utf-8", "gb18030"):
        body = (TEXT * 9).encode(codec) + b"\xff" + (TEXT * 9).encode(codec)
        assert to_utf8(body, f"text/html; charset={codec}").decode() == TEXT * 18


def test_a_broken_byte_in_gbk_that_says_utf8_does_not_lose_the_page() -> None:
    body = b"<meta charset=gbk><p>" + (TEXT * 9).encode("gb18030") + b"\xff</p>"
    assert TEXT * 9 in to_utf8(body, "text/html; charset=utf-8").decode()


def test_halves_of_surrogates_are_joined() -> None:
    body = "<p>好".encode() + b"\xed\xa0\xbd\xed\xb8\x80</p>"
    assert to_utf8(body, "text/html; charset=utf-8").decode() == "<p>好😀</p>"
    assert to_utf8(b"<p>a\xed\xa0\xbd</p>", "text/html; charset=utf-8") == b"<p>a</p>"


@pytest.mark.parametrize(("page", "island"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_page_of_two_encodings_is_read_in_both(page: str, island: str) -> None:
    before, inside, after = f"<p>{TEXT}</p>" * 5, "<b>热门新闻排行</b>", f"<p>{TEXT}</p>" * 5
    body = before.encode(page) + inside.encode(island) + after.encode(page)
    assert to_utf8(body, f"text/html; charset={page}").decode() == before + inside + after


@given(st.binary(max_size=400), st.sampled_from(["", "gbk", "utf-8", "big5", "utf-16", "koi8-r"]))
def test_any_bytes_become_valid_utf8(body: bytes, charset: str) -> None:
    to_utf8(body, f"text/html; charset={charset}").decode("utf-8")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)))
def test_chinese_comes_out_as_it_went_in(text: str) -> None:
    text = TEXT + text  # 一 alone is a Cyrillic letter in UTF-8
    for codec, said in (("gb18030", "utf-8"), ("gb18030", "gb2312"), ("utf-8", "gbk")):
        assert to_utf8(text.encode(codec), f"text/html; charset={said}").decode() == text


@given(st.lists(st.sampled_from(["\ud83d", "\ude00", "a", "港", "\U0001f600", "\0"]), max_size=9))
def test_pairs_of_surrogates_become_a_character_and_the_rest_is_left_out(parts: list[str]) -> None:
    body = b"".join(part.encode("utf-8", "surrogatepass") for part in [*parts, "\ud83d"])
    whole = re.sub("[\ud83d\ude00]", "", "".join(parts).replace("\ud83d\ude00", "\U0001f600"))
    assert to_utf8(body, "text/html; charset=utf-8").decode() == whole
