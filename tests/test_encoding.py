"""Encodings: no article is lost to a wrong declaration."""

from __future__ import annotations

import pytest

from newsspider.fetch.encoding import encoding_of, to_utf8

TEXT = "中国移动“心级服务”，镕喆堃㎡—…"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5hkscs", "utf-16", "utf-8-sig"])
def test_what_the_header_says_is_believed_where_it_fits(codec: str) -> None:
    text = TEXT if codec not in ("big5hkscs",) else "中國移動服務"
    body = text.encode(codec)
    assert body.decode(encoding_of(body, f"text/html; charset={codec}")).lstrip("\ufeff") == text


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


@pytest.mark.parametrize("codec", ["utf-7", "iso-2022-jp", "hz", "rot13", "base64", "nonsense"])
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
