"""Names for files, addresses and front matter: what is kept, what is hashed, what is read back."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsspider.exporters.yaml import layout_safe, yaml_plain, yaml_quoted
from newsspider.text.characters import one_line, shows
from newsspider.text.slugs import close_names, file_id, post_name, slug, url_id

ANY_TEXT = st.text(st.characters())  # lone surrogates and controls too
SPELLERS = st.sampled_from(["xpinyin", "pypinyin"])
DEVICES = ["con", "CON", "nul", "aux", "prn", "COM1", "lpt9"]


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("人民邮电报", "renminyoudianbao"),
        ("央视新闻客户端", "yangshixinwenkehuduan"),
        ("上海证券报", "shanghaizhengquanbao"),
        ("银行", "yinxing"),
        ("重庆", "zhongqing"),
        ("厦门", "shamen"),
        ("行业", "xingye"),
        ("36氪", "36ke"),
        ("TechWeb", "TechWeb"),
        ("21CN科技", "21CNkeji"),
        ("Career In 投行PEVC", "CareerIntouxingPEVC"),
        ("21世纪经济报道  南财理财通", "21shijijingjibaodaonancailicaitong"),
        ("中国证券报/中证金牛座", "zhongguozhengquanbaozhongzhengjinniuzuo"),
        ("安信国际（香港）", "anxinguoji（xianggang）"),
        ("安信国际(香港)", "anxinguoji(xianggang)"),
        ("（香港）安信", "（xianggang）anxin"),
        ("A·B-C", "A·BC"),
        ("绿", "lv"),
        ("", ""),
    ],
)
def test_finews_spelling_is_the_one_it_has_published(name: str, published: str) -> None:
    assert slug(name, speller="xpinyin") == published


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("银行", "yinhang"),
        ("重庆日报", "chongqingribao"),
        ("厦门", "xiamen"),
        ("行业", "hangye"),
        ("36氪", "36ke"),
        ("Career In 投行PEVC", "career-in-touxingpevc"),
        ("Ärzte & Straße", "arzte-strasse"),
        ("Économie / Société", "economie-societe"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full-width"),
        ("World's news", "world-s-news"),
        ("A/B - C", "a-b-c"),
        ("Газета «Коммерсантъ»", "gazeta-kommersant"),
        ("한강신문", "hangangsinmun"),
        ("朝日新聞デジタル", "zhaorixinwendejitaru"),
        ("Καθημερινή", "kathimerini"),
        ("الجزيرة", "ljzyrh"),
        ("हिन्दुस्तान", "hindustan"),
        ("", ""),
    ],
)
def test_other_sites_get_words(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_an_exception_is_the_whole_answer() -> None:
    assert slug("长安汽车", exceptions={"长安汽车": "changan"}) == "changan"
    assert slug("银行", exceptions={"长安汽车": "changan"}) == "yinhang"
    assert slug("x", exceptions={"x": "../x"}).startswith("x-")


def test_an_unknown_speller_is_named() -> None:
    with pytest.raises(ValueError, match="unknown speller 'x'"):
        slug("银行", speller="x")


@pytest.mark.parametrize("speller", ["xpinyin", "pypinyin"])
@pytest.mark.parametrize(
    "name",
    [
        *("../x", "a\0b", "CON", "nul", ".git", "-rf", "..", "😀", "😀新闻", "<b>x</b>", "{{ x }}"),
        *(
            "x;y",
            "a\x1bb",
            "\ud800",
            "Новости 🚀",
            "   ",
            "a" * 300,
            "中" * 300,
            "x" * 2_000_000,
            "_",
        ),
    ],
)
def test_attack_a_harmful_name_becomes_words_and_a_hash(name: str, speller: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{12}", slug(name, speller=speller))


@given(ANY_TEXT, SPELLERS)
def test_a_slug_is_safe_as_a_file_an_address_and_a_text(name: str, speller: str) -> None:
    made = slug(name, speller=speller)
    assert re.fullmatch(r"[A-Za-z0-9(（·][A-Za-z0-9_()（）·-]{0,79}", made) or name == made == ""
    assert len(made.encode()) <= 200
    assert made.lower() not in DEVICES
    assert made.count("(") == made.count(")")


@pytest.mark.parametrize(
    "id",
    ["NW202204262359811335", "202204262359811335", "a-b_c", "1e9", "x" * 80, "index", "0"],
)
def test_an_ordinary_id_is_kept(id: str) -> None:
    assert file_id(id) == id


@pytest.mark.parametrize(
    ("id", "readable"),
    [
        ("X", "x"),
        ("Nw202204262359811335", "nw202204262359811335"),
        ("nw202204262359811335", "nw202204262359811335"),
        ("a--b", "a-b"),
        ("a-", "a"),
        ("-202205262391921712", "202205262391921712"),
        ("_config", "config"),
        ("x.md", "x-md"),
        ("é", "e"),
        ("中", "zhong"),
        ("😀", "x"),
        ("", "x"),
        ("x" * 81, "x" * 60),
        ("x\n", "x"),
        ("x-0123456789ab", "x-0123456789ab"),
        *((device, device.lower()) for device in DEVICES),
    ],
)
def test_another_id_becomes_its_readable_part_and_a_hash(id: str, readable: str) -> None:
    assert re.fullmatch(rf"{readable}-[0-9a-f]{{12}}", file_id(id))


@given(ANY_TEXT)
def test_attack_no_id_leaves_the_folder(id: str) -> None:
    made = post_name(date(2022, 4, 26), file_id(id))
    assert re.fullmatch(r"2022-04-26-[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.md", made)
    assert "--" not in made


def permalink(name: str) -> str:
    """What Jekyll and a case-blind disk make of a name."""
    return re.sub("-+", "-", name).strip("-").lower()


# Few characters, so that twins turn up: capitals, doubled and trailing hyphens, hashes as ids.
TWINS = st.text("aAxX-_.é", max_size=4) | st.from_regex(r"\A(NW|nw|Nw)[01]\d{17}\Z")


@given(TWINS, TWINS)
def test_attack_two_ids_never_share_a_file(one: str, other: str) -> None:
    for a, b in ((one, other), (one, file_id(other)), (one, one.swapcase()), (one, f"{one}-")):
        assert (a == b) == (permalink(file_id(a)) == permalink(file_id(b)))


@pytest.mark.parametrize("id", ["", "../x", "x/y", "-x", "x.y", "x\n", "é", "x" * 81])
def test_a_post_name_takes_no_raw_id(id: str) -> None:
    with pytest.raises(ValueError, match="not a name for a post"):
        post_name(date(2022, 4, 26), id)


def test_a_post_is_named_by_its_day_and_id() -> None:
    made = post_name(date(2022, 4, 26), file_id("NW202204262359811335"))
    assert made == "2022-04-26-NW202204262359811335.md"


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("https://x.com/news/2022/Apple-to-buy-Orange.html", "apple-to-buy-orange"),
        ("https://x.com/news/some-story/", "some-story"),
        ("https://x.com/news/some-story/index.html", "some-story"),
        ("https://x.com/a/%E4%B8%AD.html?id=1", "zhong"),
        ("https://x.com/a/%F0%9F%98%80.html?id=1", "a"),
        ("https://x.com/новости/порт-закрыт", "port-zakryt"),
        ("https://x.com/" + "long-" * 20, "long-" * 7 + "long"),
        ("https://x.com/", "x"),
        ("http://[", "x"),
        ("", "x"),
    ],
)
def test_an_address_becomes_an_id(url: str, readable: str) -> None:
    assert re.fullmatch(rf"{readable}-[0-9a-f]{{10}}", url_id(url))


@given(ANY_TEXT | st.text("/.aA-%?:").map("https://x.com/".__add__))
def test_an_id_made_of_an_address_is_a_file_name_as_it_is(url: str) -> None:
    assert file_id(url_id(url)) == url_id(url)


@given(st.sets(st.text("/aA-?"), min_size=2, max_size=9))
def test_two_addresses_have_two_ids(urls: set[str]) -> None:
    assert len({url_id(url) for url in urls}) == len(urls)


def test_close_names_are_those_a_typo_meant() -> None:
    sites = ["finews", "eastmoney", "BBC"]
    assert close_names("finew", sites) == ["finews"]
    assert close_names("bbc", sites) == ["BBC"]
    assert close_names("itms", ["images", "items"]) == ["items"]
    assert close_names("zzz", sites) == []
    assert close_names("x" * 100_000, sites) == []


@pytest.mark.parametrize(
    "title",
    [
        "中国移动再推六项“心级服务”新举措",
        "佩斯科夫：克宫不支持 《协议》？！、() 100%",
        "AT&T & R&D: 'quoted', #1 - *ST|x",
        "😀👨\u200d👩\u200d👧 𠮷 \u202e",
    ],
)
def test_an_ordinary_title_stays_as_it_is(title: str) -> None:
    assert yaml_quoted(title) == f'"{title}"'


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('a "b"', '"a &quot;b&quot;"'),
        ("A\\股", '"A\\\\股"'),
        ("<b> & {{ x }}", '"&lt;b&gt; &amp; &#123;&#123; x }}"'),
        ("&lt; &copy &#60;", '"&amp;lt; &amp;copy &amp;#60;"'),
        ("a\r\nb\nc\rd\te", '"a b c d e"'),
        ("a\0\x1b\x85\u2028\ufeff\ud800\uffff\U0001ffffb", '"ab"'),
        ("x" * 301, '"' + "x" * 299 + '…"'),
    ],
)
def test_another_title_is_made_safe(title: str, expected: str) -> None:
    assert yaml_quoted(title) == expected


@given(ANY_TEXT)
def test_attack_no_title_breaks_out_of_its_quotes(title: str) -> None:
    front = f"title: {yaml_quoted(title)}\ndate: x\n"
    assert yaml.safe_load(front) == {"title": layout_safe(one_line(title)), "date": "x"}


@given(ANY_TEXT | st.text("<>&;#x3{} \"'amplt"))
def test_a_title_is_read_back_by_unescaping(title: str) -> None:
    assert html.unescape(layout_safe(title)) == title
    assert not set('<>"{') & set(layout_safe(title))


@given(ANY_TEXT)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1
    assert len(line) <= 300


@pytest.mark.parametrize(
    "word",
    [
        *("renminyoudianbao", "36ke", "21CNkeji", "anxinguoji（xianggang）", "a(b)", "no-1"),
        *("emnews", "央视新闻客户端新闻", "《财经》新闻", "（xianggang）anxin"),
    ],
)
def test_an_ordinary_word_is_plain(word: str) -> None:
    assert yaml_plain(word) == word


@pytest.mark.parametrize(
    "word",
    [
        *("163", "1e3", "0x1F", "1_000", "0b1", "0o17", "36e5", "12:30:45", "2022-04-26", ".inf"),
        *("yes", "null", "NULL", "y", "off", "~", "-", "---", ":a", "a:b", "@x", "*ST", "&a", "!x"),
        *("%x", "#x", "[x]", "{x}", "'x'", "a,b", "=", "<<"),
    ],
)
def test_a_word_that_yaml_takes_for_something_else_is_quoted(word: str) -> None:
    assert yaml_plain(word) in (f'"{word}"', yaml_quoted(word))
    assert yaml_plain(word).startswith('"')


def test_a_name_with_spaces_is_a_list_of_one() -> None:
    assert yaml_plain("a b") == '["a b"]'
    assert yaml_plain("a: b") == '["a: b"]'
    assert yaml_plain("") == '""'


@given(ANY_TEXT | st.text("0123456789abcdefoxyznil_-.:+~ TZ", max_size=6))
def test_attack_no_word_is_retyped_or_split(word: str) -> None:
    read = yaml.safe_load(f"tags: {yaml_plain(word)}\n")["tags"]
    expected = layout_safe(one_line(word))
    assert read == ([expected] if " " in expected else expected)


@pytest.mark.parametrize("text", ["a", "中", "。", "-", "\u0301", "😀", "\u200ba", "\ufe0f☀"])
def test_what_a_reader_sees(text: str) -> None:
    assert shows(text)


@pytest.mark.parametrize(
    "text",
    ["", " \u3000\xa0", "\u200b", "\xad", "\u202e\u2066", "\u3164", "\u2800", "\0\x7f", "\ud800"],
)
def test_what_a_reader_does_not_see(text: str) -> None:
    assert not shows(text)
