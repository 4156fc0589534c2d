"""Which hosts are one publisher's."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.text import suffixes
from newsspider.text.suffixes import registrable_domain
from newsspider.text.urls import host, publisher_host, same_site

ONE_PUBLISHER = """
    orf.at news.orf.at              orf.at www.orf.at               taz.de www.taz.de
    ria.ru m.ria.ru                 www.nrc.nl blog.nrc.nl          bbc.co.uk www.bbc.co.uk
    www.bbc.co.uk news.bbc.co.uk    www.abc.net.au abc.net.au       m.sz.de www.sz.de
    www.asahi.com digital.asahi.com www.nhk.or.jp www3.nhk.or.jp    mainichi.jp www.mainichi.jp
    finance.sina.com.cn sina.com.cn www.gov.cn gov.cn               www.gov.uk gov.uk
    www.chosun.com biz.chosun.com   www.hani.co.kr hani.co.kr       g1.globo.com globo.com
    www1.folha.uol.com.br folha.uol.com.br                          www.nzz.ch nzz.ch
    www.lanacion.com.ar lanacion.com.ar                             m.ft.com www.ft.com
    timesofindia.indiatimes.com indiatimes.com                      www.ndtv.in ndtv.in
    www.iol.co.za iol.co.za         www.nzherald.co.nz nzherald.co.nz
    www.haaretz.co.il haaretz.co.il tr.euronews.com www.euronews.com
    www.hurriyet.com.tr hurriyet.com.tr                             www.ltn.com.tw ec.ltn.com.tw
    a.github.io www.a.github.io     github.io www.github.io         a.github.io x.y.a.github.io
    a.blogspot.com m.a.blogspot.com www.city.kawasaki.jp city.kawasaki.jp
    xn--80aaaac8algcbgbck3fl0q.xn--p1ai m.xn--80aaaac8algcbgbck3fl0q.xn--p1ai
    amp.elfaro.example elfaro.example:8080                          localhost localhost:8000
    news.paper.intranet paper.intranet                              taz.de. www.taz.de
    WWW.TAZ.DE taz.de               1.2.3.4 1.2.3.4                 [::1]:81 [::1]:81
"""
TWO_PUBLISHERS = """
    a.github.io b.github.io         a.github.io github.io           a.blogspot.com b.blogspot.com
    a.pages.dev b.pages.dev         a.hatenablog.com b.hatenablog.com
    bbc.co.uk itv.co.uk             a.com.cn b.com.cn               nhk.or.jp jp.or.jp
    orf.at or.at                    a.or.at b.or.at                 ria.ru rbc.ru
    taz.de taz.de.com               nrc.nl nrc.example              a.net.au b.net.au
    x.kawasaki.jp city.kawasaki.jp  a.x.kawasaki.jp b.x.kawasaki.jp co.uk bbc.co.uk
    folha.com.br globo.com.br       a.in b.in                       a.co.in b.co.in
    a.xn--p1ai b.xn--p1ai           10.0.0.1 10.0.0.2               1.2.3.4:80 1.2.3.4:81
    10.0.0.1 0.0.1                  [::1] [::2]                     [::1]:80 [::1]:81
    localhost example               a.example b.example
    eastmoney.com eastmoney.com.example
    www.gov.uk parliament.gov.uk    a.eu.org b.eu.org
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    hosts = text.split()
    return list(zip(hosts[::2], hosts[1::2], strict=True))


@pytest.mark.parametrize(("name", "other"), _pairs(ONE_PUBLISHER))
def test_hosts_of_one_publisher(name: str, other: str) -> None:
    assert same_site(f"https://{name}/a", f"http://{other}/b?c")


@pytest.mark.parametrize(("name", "other"), _pairs(TWO_PUBLISHERS))
def test_hosts_of_two_publishers(name: str, other: str) -> None:
    assert not same_site(f"http://{name}/a", f"http://{other}/a")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://Blog.NRC.nl:8443/a", "nrc.nl"),
        ("https://user:secret@www.bbc.co.uk./", "bbc.co.uk"),
        ("https://m.münchen.de/", "xn--mnchen-3ya.de"),
        ("https://xn--mnchen-3ya.de/", "xn--mnchen-3ya.de"),
        ("https://例え.公司.cn/", "xn--r8jz45g.xn--55qx5d.cn"),
        ("https://a.xn--zzzzzzzzz.xn--a/", "xn--zzzzzzzzz.xn--a"),  # Punycode of nothing
        ("https://github.io/", "github.io"),
        ("https://com/", "com"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[2001:db8::1]:8000/", "[2001:db8::1]:8000"),
        ("http://2130706433/", "2130706433"),
        ("mailto:a@taz.de", ""),
        ("", ""),
        (f"https://{'a.' * 126}de/", "a.de"),  # 254 characters, the longest host
        (f"https://{'a.' * 127}de/", ""),
    ],
)
def test_the_publishers_host(url: str, domain: str) -> None:
    assert publisher_host(url) == domain


_LABEL = st.sampled_from(
    ["www", "a", "m", "co", "com", "uk", "cn", "jp", "kawasaki", "city", "github", "io", "1", "0"]
)
_LABEL |= st.from_regex(r"xn--[a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)
HOSTS = st.lists(_LABEL, min_size=1, max_size=6).map(".".join)
ADDRESSES = st.text(max_size=60) | HOSTS.map(lambda name: f"https://{name}/")


@given(ADDRESSES, ADDRESSES, ADDRESSES)
def test_same_site_tells_groups(url: str, other: str, third: str) -> None:
    assert same_site(url, url)
    assert same_site(url, other) == same_site(other, url)
    if same_site(url, other) and same_site(other, third):
        assert same_site(url, third)


@given(HOSTS)
def test_a_host_is_its_publishers_or_below_it(name: str) -> None:
    url = f"https://{name}/"
    domain = registrable_domain(host(url)) if host(url) else ""
    assert domain == publisher_host(url)
    assert host(url) == domain or host(url).endswith("." + domain) or not domain
    assert same_site(url, f"https://x.{name}/") or domain in (name, name.removeprefix("www."))


def test_nothing_is_fetched_and_nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("the list of suffixes is asked of the network")

    monkeypatch.setenv("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "https://list.example/")
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, blocked)
    monkeypatch.setattr("tldextract.cache.DiskCache.set", blocked)
    suffixes._suffix_list.cache_clear()
    registrable_domain.cache_clear()
    assert registrable_domain("a.b.github.io") == "b.github.io"


def test_the_list_is_not_built_before_it_is_needed() -> None:
    code = "import sys, newsspider.sites.hosts; print('tldextract' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
