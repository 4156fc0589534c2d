"""Addresses of posts, of requests and of the ledger."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.text.urls import (
    absolute,
    canonical,
    completed,
    host,
    of_page,
    post_link,
    same_site,
    with_scheme,
    without_tracking,
)

PAGE = "https://finance.eastmoney.com/a/ccjdd.html"
SHARE = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335"
ADDRESSES = st.tuples(
    st.sampled_from(["http://", "HTTPS://", "//", "http:/", "javascript:", "", "https://u:p@"]),
    st.sampled_from(
        ["x.com", "X.COM.", "中国.cn", "x.com:80", "x.com:443", "[::1]", "x:0", "\\", ""]
    ),
    st.text("/?#&;=%41aA中[]{}|<>\"'`\\ \t\n.:@\ud800utm_x!", max_size=20),
).map("".join)
ANYTHING = ADDRESSES | st.text(st.characters())


@pytest.mark.parametrize(
    "url",
    [
        SHARE,
        "http://finance.eastmoney.com/news/1353,202205302396671645.html",
        "https://x.com/a_b/~c/(d)?e=1&f=%E4%B8%AD&g=a+b#h",
        "https://x.com:8443/a;b?c;d=1",
        "https://X.com",
        "http://8.8.8.8/",
    ],
)
def test_a_good_address_is_shown_byte_for_byte(url: str) -> None:
    assert post_link(url) == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("HTTP://x.com/a", "http://x.com/a"),
        (" https://x.com/a\n", "https://x.com/a"),
        ("https://x.com/中 文", "https://x.com/%E4%B8%AD%20%E6%96%87"),
        ("https://中国.cn/", "https://xn--fiqs8s.cn/"),
        ('https://x.com/|"<>{}^\\`[]', "https://x.com/%7C%22%3C%3E%7B%7D%5E%5C%60%5B%5D"),
        ("https://x.com/?a=1&lt;b=%zz", "https://x.com/?a=1&lt%3Bb=%25zz"),
        ("https://x.com/?{{ x }}", "https://x.com/?%7B%7B%20x%20%7D%7D"),
        ("https://x.com/#a#b", "https://x.com/#a%23b"),
        ("https://x.com/onload=x()/http-equiv=a", "https://x.com/%6Fnload=x()/%68ttp-equiv=a"),
    ],
)
def test_another_address_is_encoded(url: str, shown: str) -> None:
    assert post_link(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "/a", "//x.com/a", "http://", "http:///a", "http:/x.com", "https://#x"),
        *("javascript:alert(1)", "data:text/html,x", "ftp://x.com/", "mailto:a@x.com"),
        *("https://u@x.com/", "https://u:p@x.com/", "https://x.com\\@y.com/", "https://@x.com/"),
        *("https://x.com:0/", "https://x.com:65536/", "https://x.com:a/", "https://x .com/"),
        *("http://[", "http://[::1", "http://[::1]y/", "http://[::1%25<>]y/", "http://x..com/"),
        *(
            "https://x.com/a\nb",
            "https://x.com/a\0",
            "https://x.com/\u2028",
            "https://x.com/\ud800",
        ),
        *("https://-x.com/", f"https://{'a' * 64}.com/", "https://x.com/" + "a" * 2083),
    ],
)
def test_attack_what_may_not_be_shown(url: str) -> None:
    assert post_link(url) is None


def test_a_relative_address_is_shown_with_its_base() -> None:
    assert post_link("/a/1.html", PAGE) == "https://finance.eastmoney.com/a/1.html"
    assert post_link("https://u:p@x.com/", PAGE) is None


@given(ANYTHING, st.sampled_from(["", PAGE]))
def test_attack_no_link_breaks_out_of_an_autolink_or_attribute(url: str, base: str) -> None:
    link = post_link(url, base)
    if link is not None:
        assert re.fullmatch(r"https?://[A-Za-z0-9._:\[\]-]+([/?#][!-~]*)?", link)
        assert not re.search(r"""[|"<>{}^\\` ]|&#?\w+;""", link)
        assert len(link) <= 2083
        assert post_link(link) == link


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/a/202204262359811335.html", "https://finance.eastmoney.com/a/202204262359811335.html"),
        ("ccjdd_2.html", "https://finance.eastmoney.com/a/ccjdd_2.html"),
        ("//stock.eastmoney.com/a/1.html", "https://stock.eastmoney.com/a/1.html"),
        ("http://x.com/a", "http://x.com/a"),
        ("\n  /a\tb.html ", "https://finance.eastmoney.com/ab.html"),
        ("\\news\\1.html", "https://finance.eastmoney.com/news/1.html"),
        ("?q=a\\b", "https://finance.eastmoney.com/a/ccjdd.html?q=a%5Cb"),
        ("/中?a=1&lt;b", "https://finance.eastmoney.com/%E4%B8%AD?a=1&lt;b"),
        ("#!/a", "https://finance.eastmoney.com/a/ccjdd.html#!/a"),
        ("#top", None),
        ("", None),
        (" ", None),
        ("javascript:void(0)", None),
        ("java\nscript:x", None),
        ("mailto:x@y.com", None),
        ("http://[", None),
        ("http:/\\/127.0.0.1/", None),
        ("a" * 2084, None),
        ("a" * 2_000_000, None),
    ],
)
def test_links_of_a_page(href: str, expected: str | None) -> None:
    assert absolute(href, PAGE) == expected


@given(ANYTHING, ANYTHING)
def test_attack_no_link_raises_and_every_one_is_a_web_address(href: str, base: str) -> None:
    url = absolute(href, base)
    if url is not None:
        assert urlsplit(url).scheme in ("http", "https")
        assert host(url)
        assert url.isascii()
        assert len(url) <= 2083
        assert absolute(url, base) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/a?b=2&c=1",
        "http://x.com/a?c=1&b=2",
        "HTTPS://X.COM:443/%61?c=1&b=2",
        "http://x.com:80/a?b=2&c=1#top",
        "https://x.com./a?utm_source=z&b=2&spm=1.2&c=1&from=timeline&shareToken=q&fbclid=1",
    ],
)
def test_one_article_has_one_name(url: str) -> None:
    assert canonical(url) == "https://x.com/a?b=2&c=1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/a", "https://x.com/A"),
        ("https://x.com/a", "https://x.com/a/"),
        ("https://x.com/a?b=1", "https://x.com/a?b=2"),
        ("https://x.com/#/a", "https://x.com/#/b"),
        ("https://x.com/a%2Fb", "https://x.com/a/b"),
        ("https://x.com:8080/", "https://x.com/"),
        ("https://x.com/?fromage=1", "https://x.com/"),
        (SHARE, SHARE[:-1] + "6"),
    ],
)
def test_two_articles_have_two_names(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", ["", "x", "http://[", "mailto:a@b.c", "http://x.com/\ud800"])
def test_what_cannot_be_read_is_its_own_name(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(
    ("other", "own"),
    [
        ("https://a.example/17?print=1", "https://a.example/17"),
        ("https://a.example/17?view=print&b=1", "https://a.example/17?b=1"),
        ("https://a.example/the-ferry/print", "https://a.example/the-ferry"),
        ("https://a.example/2026/the-ferry/amp/", "https://a.example/2026/the-ferry/"),
        ("https://a.example/story-17/amp", "https://a.example/story-17"),
        ("https://a.example/17.amp.html", "https://a.example/17.html"),
        ("https://a.example/17?amp", "https://a.example/17"),
        ("https://a.example/17?outputType=amp&b=1", "https://a.example/17?b=1"),
    ],
)
def test_an_amp_page_and_one_to_print_are_their_article(other: str, own: str) -> None:
    assert canonical(other) == own == canonical(own)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/tags/amp",
        "https://a.example/amp/",
        "https://a.example/17/amp-and-watt",
        "https://a.example/17.amp.amp.html",
        "https://a.example/17?amp=12",
        "https://a.example/17?print=12",
        "https://a.example/design/print",
    ],
)
def test_what_only_sounds_like_amp_stays(url: str) -> None:
    assert canonical(url) == url


@given(ANYTHING)
def test_a_canonical_name_is_canonical(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@given(ADDRESSES, st.sampled_from(["utm_medium", "spm", "fbclid", "UTM_X"]))
def test_a_tracking_parameter_names_no_other_article(url: str, name: str) -> None:
    url = url.strip()
    if host(url):
        address, mark, fragment = url.partition("#")
        tracked = f"{address}{'&' if '?' in address else '?'}{name}=1{mark}{fragment}"
        assert canonical(tracked) == canonical(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Finance.EastMoney.com:443/a", "finance.eastmoney.com"),
        ("http://x.com:443/", "x.com:443"),
        ("http://x.com.:8080/", "x.com:8080"),
        ("https://u:p@x.com/", "x.com"),
        ("https://中国.cn/", "xn--fiqs8s.cn"),
        ("http://①②⑦.⓪.⓪.①/", "127.0.0.1"),
        ("http://[::FFFF:127.0.0.1%25eth0]:80/", "[::ffff:7f00:1]"),
        ("ftp://x.com/", ""),
        ("http://℀.com/", ""),
        ("http://127.0.0.1%2f.x.com/", ""),
        ("http://x.com:99999/", ""),
        ("x", ""),
    ],
)
def test_host(url: str, expected: str) -> None:
    assert host(url) == expected


@given(ANYTHING)
def test_attack_a_host_is_of_host_characters(url: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d+)?|", host(url))


def test_hosts_of_one_publisher() -> None:
    assert same_site("https://finance.example.com.cn/a", "http://www.example.com.cn/")
    assert not same_site("https://a.com.cn/", "https://b.com.cn/")
    assert same_site("https://amp.elfaro.example/", "https://elfaro.example:8080/")
    assert not same_site("http://10.0.0.1/", "http://10.0.0.2/")


def test_addresses_on_one_host_need_no_list_of_public_suffixes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("newsspider.text.urls.registrable_domain")
    assert same_site("https://News.example/a", "http://news.example/")
    with pytest.raises(NameError):
        same_site("https://news.example/a", "https://m.news.example/a")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("example.com", "https://example.com"),
        (" www.bbc.co.uk/news?a=1 ", "https://www.bbc.co.uk/news?a=1"),
        ("https:/example.com/a", "https://example.com/a"),
        ("HTTP//example.com/a", "https://example.com/a"),
        ("localhost:8000/a", "https://localhost:8000/a"),
        ("//www.example.com/a", "https://www.example.com/a"),
        ("www.harbour.example", "https://www.harbour.example"),
        ("news.internal/world", "https://news.internal/world"),
        ("https://example.com/a", ""),
        ("bbc/world", ""),
        ("bbc/world.news", ""),
        ("sites/bbc.yml", ""),
        ("../a/b.c", ""),
        ("bbc.yml", ""),
        ("co.uk", ""),
        ("ftp://example.com/", ""),
        ("NW202204262359811335", ""),
        ("", ""),
    ],
)
def test_what_lacks_its_scheme_alone_is_completed(text: str, address: str) -> None:
    assert completed(text) == address


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ("www.news.example/c/1", "https://www.news.example/c/1"),
        (" WWW.News.Example/c/1 ", "https://WWW.News.Example/c/1"),
        ("m.news.example/c/1?a=b", "https://m.news.example/c/1?a=b"),
        ("news.example", "https://news.example"),
        ("www.news.example:8080/c", "https://www.news.example:8080/c"),
        ("//www.news.example/c/1", "https://www.news.example/c/1"),
        ("https://other.example/c/1", "https://other.example/c/1"),
        ("other.example/c/1", "https://www.news.example/c/other.example/c/1"),
        ("1.html", "https://www.news.example/c/1.html"),
        ("news/c/1", "https://www.news.example/c/news/c/1"),
        ("/c/1", "https://www.news.example/c/1"),
        ("?id=1", "https://www.news.example/c/0?id=1"),
        ("../www.news.example", "https://www.news.example/www.news.example"),
    ],
)
def test_an_address_without_its_scheme(stated: str, address: str) -> None:
    base = "https://www.news.example/c/0"
    assert absolute(with_scheme(stated, base), base) == address


@given(st.text(), st.sampled_from(["", "https://www.news.example/", "x"]))
def test_attack_no_stated_address_raises(stated: str, base: str) -> None:
    assert with_scheme(stated, base).removeprefix("//").strip() == stated.removeprefix("//").strip()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?utm_source=rss&id=1&fbclid=2#c", "https://a.example/x?id=1#c"),
        ("https://a.example/x?id=1&UTM_Medium=a", "https://a.example/x?id=1"),
        ("https://a.example/x?", "https://a.example/x?"),
        ("https://a.example/x?from=utm_source=1&share=2", None),
        ("https://a.example/utm_source=1", None),
        ("https://a.example/#?utm_source=1", None),
    ],
)
def test_parameters_of_a_campaign_are_left_out(url: str, shown: str | None) -> None:
    assert without_tracking(url) == (shown or url)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://a.example:443/b?c=1#d", "https://a.example/b?c=1"),
        ("http://a.example:80#top", "http://a.example"),
        ("https://a.example:80/b", "https://a.example:80/b"),
        ("http://a.example:8080/b", "http://a.example:8080/b"),
        ("https://a.example/b:443/c", "https://a.example/b:443/c"),
        ("https://a.example/#!/b", "https://a.example/#!/b"),
        ("https://a.example/b#", "https://a.example/b"),
        ("https://a.example/b?c=d:443", "https://a.example/b?c=d:443"),
    ],
)
def test_the_address_of_a_page_has_no_port_of_its_scheme_and_no_place_in_it(
    url: str, page: str
) -> None:
    assert of_page(url) == page
    assert canonical(of_page(url)) == canonical(url)


@given(ANYTHING)
def test_the_address_of_a_page_names_the_same_page(url: str) -> None:
    if host(url):
        assert canonical(of_page(url)) == canonical(url)
