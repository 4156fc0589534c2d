"""Pages as they come → trees and values: HTML, JSON and JSONP of any encoding, and broken ones."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.errors import NotReadable, TooCostly
from newsspider.model import Page
from newsspider.sites.listings import HtmlPick
from newsspider.text.selectors import html_field


def page(body: bytes | str, encoding: str = "utf-8") -> Page:
    data = body.encode(encoding) if isinstance(body, str) else body
    return Page(url="https://news.example/", body=data, encoding=encoding)


@pytest.mark.parametrize(
    "body", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"<!-- only -->", b"<!DOCTYPE html>"]
)
def test_a_page_without_anything_is_not_readable(body: bytes) -> None:
    with pytest.raises(NotReadable):
        _ = page(body).document.tree


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "utf_7", "cp1252"])
def test_pages_of_any_encoding(encoding: str) -> None:
    word = "café" if encoding == "cp1252" else "中文"
    tree = page(f"<p>{word}</p>", encoding).document.tree
    assert html_field(tree, [HtmlPick(select="p")]) == word


def test_soft_hyphens_are_no_characters_of_a_word() -> None:
    body = "<p>Hafen\xadbe&shy;hör&#173;de&#xAD;n &amp;shy; &#17; a&shyb</p>"
    assert html_field(page(body).document.tree, [HtmlPick(select="p")]).startswith(
        "Hafenbehörden &shy;"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "no-such-encoding"])
def test_a_bad_byte_does_not_end_the_page(encoding: str) -> None:
    body = b"<h1>a\xff</h1>\xff\x00<p>end</p>"
    assert html_field(page(body, encoding).document.tree, [HtmlPick(select="p")]) == "end"


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "gb18030", "utf-16", "ascii"]))
def test_any_bytes_are_a_page_or_not_readable(body: bytes, encoding: str) -> None:
    try:
        tree = page(body, encoding).document.tree
    except NotReadable:
        return
    found = html_field(tree, [HtmlPick(select="//*")], markup=True)
    assert found.encode("utf-8").decode("utf-8") == found


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1]}',
        '  \r\n\t{"a": [1]}\n',
        '\ufeff{"a": [1]}',
        'cb({"a": [1]});',
        '\ufeff cb ( {"a": [1]} ) ; ',
        '/**/jQuery1124_165({"a": [1]})',
        'var ajaxResult={"a": [1]}',
        'var ajaxResult = {"a": [1]};',
        'let x = {"a": [1]}; more()',
        'window.__data = {"a": [1]};',
        'cb({"a": [1]})cb({"a": [2]})',
    ],
)
def test_json_and_jsonp_in_their_spellings(text: str) -> None:
    assert page(text).document.value == {"a": [1]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf",
        b"<html>blocked</html>",
        b'{"a": [1',
        b'cb({"a": [1',
        b"cb(null)",
        b'{"a": 1} {"b": 2}',
        b"[" * 100_000,
        b"cb(" + b"[" * 100_000,
        b"9" * 5_000,
        b"\x00\x01\x89PNG",
    ],
)
def test_what_is_no_json_is_not_readable(body: bytes) -> None:
    with pytest.raises(NotReadable):
        _ = page(body).document.value


@given(st.binary(max_size=100))
def test_any_bytes_are_json_or_not_readable(body: bytes) -> None:
    for data in (body, b"cb({" + body, b'var x = ["' + body):
        try:
            _ = page(data).document.value
        except NotReadable as error:
            str(error).encode("utf-8")


@pytest.mark.parametrize(
    "piece", ["<div>", "<font color=red>", "<p><b>", "<ul><li>", "<table><td>"]
)
@pytest.mark.parametrize("times", [300, 3_000])
def test_attack_depth_loses_no_text(piece: str, times: int) -> None:
    tree = page(f"<p>a</p>{piece * times}b<p>c").document.tree
    assert "".join(tree.text_content().split()) == "abc"


def test_attack_depth_keeps_lines_apart_and_scripts_whole() -> None:
    script = "<script>x = '<div><p><p>'</script>"
    tree = page(
        f"{script}{'<div>' * 300}<div>a<div>b</div></div>{'</div>' * 300}<p>c"
    ).document.tree
    lines = list(tree.xpath("//body//text()[not(parent::script)]"))
    assert lines == ["a", "b", "c"]
    assert tree.xpath("string(//script)") == "x = '<div><p><p>'"
    assert tree.xpath("name(//p/..)") == "body"


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg viewBox='0 0 1 1'><path d='M0 0'>",
        "<svg><g><svg/>",
        "<math><mrow>",
        "<svg><foreignObject><p>a</p></foreignObject><g>",
        "<svg><title>a</title>",
    ],
)
def test_attack_an_unclosed_drawing_ends_where_a_browser_ends_it(drawing: str) -> None:
    tree = page(
        f"<div><p>a {drawing}<p>b</p></div><script>'<svg><p>'</script><p>c</p>"
    ).document.tree
    behind = tree.xpath("//p[.='b'] | //p[.='c']")
    assert [p.text for p in behind] == ["b", "c"]
    assert not tree.xpath("//svg//p[.='b'] | //math//p | //svg//p[.='c']")


def test_attack_a_pasted_document_does_not_end_the_page() -> None:
    pasted = "<html><head><title>x</title></head><body><p>a</p></body></html>"
    tree = page(f"<body><div>{pasted}b<p>c</p></div><p>d</p></body></html>\n").document.tree
    assert tree.xpath("string(//div)").endswith("abc")
    assert [p.text for p in tree.iter("p")] == ["a", "c", "d"]


VOID = ["embed", "source", "track", "wbr", "keygen", "bgsound", "spacer", "command", "image"]


@pytest.mark.parametrize("name", VOID)
@pytest.mark.parametrize("start", ["<{} src='a>b'>", "<{}/>", "<{} src=a/>", "<{}></{}>"])
def test_an_element_without_an_end_contains_nothing_that_follows(name: str, start: str) -> None:
    tree = page(f"<div>{start.format(name, name)}a<p>b</p></div>").document.tree
    element = tree.find(f".//{name}")
    assert (len(element), element.text, element.tail) == (0, None, "a")
    assert tree.find(".//p").getparent().tag == "div"


@pytest.mark.parametrize(
    "inside",
    ['<p title="', '<p title="a>b', "<!--", "<!-- <p>", '<p title="a"><b title=\'', "<img src="],
)
def test_attack_a_noscript_ends_at_its_first_end_tag(inside: str) -> None:
    text = f"<body><noscript><i>x</i>{inside}</noscript><p>a</p>" + "<p title='b'>b</p><!-- c -->"
    tree = page(text).document.tree
    assert [p.text for p in tree.iter("p") if p.getparent().tag == "body"] == ["a", "b"]
    assert tree.find(".//noscript/i").text == "x"


@pytest.mark.parametrize("number", [199, 200, 201])
@pytest.mark.parametrize("attribute", [" a{}=b", " a{}", ' a{}="b > c"', "\n/a{}='b'", '/a{}=">"'])
def test_attack_a_tag_has_at_most_200_attributes(number: int, attribute: str) -> None:
    attributes = "".join(attribute.format(n) for n in range(number))
    tree = page(f"<p>a</p><i{attributes}>b</i><p>c</p>").document.tree
    assert len(tree.find(".//i").attrib) == min(number, 200)
    assert [p.text for p in tree.iter("p")] == ["a", "c"]
    assert tree.find(".//i").text == "b"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>a<b c='</script>",
        "<iframe><b c='</iframe>",
        "<noframes><b c='</noframes>",
        "<!x <b c='>",
        "<?x <b c='>",
        "</ <b c='>",
        "<!-->",
        "<!--->",
        "<!-- x --!>",
        "<noscript><b c='</noscript>",
    ],
)
def test_attack_nothing_hides_a_tag_of_many_attributes(hidden: str) -> None:
    attributes = "".join(f" a{n}=b" for n in range(1000))
    tree = page(f"<div>{hidden}<i x='>'{attributes}>b</i></div>").document.tree
    assert len(tree.find(".//i").attrib) <= 200


@pytest.mark.parametrize(
    "piece",
    ["<svg><p>", "<script>", "</body>x", "<svg><title>", "<svg></math>", "a<b;c='", "<p><b>"],
)
def test_attack_time_grows_with_length_only(piece: str) -> None:
    start = time.process_time()
    _ = page(piece * (1_000_000 // max(len(piece), 4 * piece.count("<")))).document.tree
    assert time.process_time() - start < 10


@pytest.mark.parametrize(("tags", "is_read"), [(500_000, True), (500_001, False)])
def test_attack_a_page_of_more_tags_than_any_article(tags: int, is_read: bool) -> None:
    with contextlib.nullcontext() if is_read else pytest.raises(TooCostly):
        _ = page("<br>" * tags).document.tree


@pytest.mark.parametrize("block", ["main", "article", "SECTION", "header", "nav"])
@pytest.mark.parametrize(
    "head", ["<title>T</title>", "<head><title>T</title>", "<html><head></head>"]
)
def test_a_page_may_leave_out_the_tag_of_its_body(head: str, block: str) -> None:
    tree = page(f"<!DOCTYPE html>{head}<{block}><p>One</p></{block}><p>Two</p>").document.tree
    assert ["".join(p.itertext()) for p in tree.find("body").iter("p")] == ["One", "Two"]


def test_a_tag_in_a_script_begins_no_body() -> None:
    script = "<script>var a = '<main>'</script>"
    tree = page(f"<title>T</title>{script}<p>One</p><main>Two</main>").document.tree
    assert tree.findtext(".//script") == "var a = '<main>'"
