"""Which sites share a host."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.sites import load
from newsspider.sites.hosts import _host, groups, hosts_of, is_own
from newsspider.sites.schema import Site


def test_the_hosts_of_a_site_are_those_its_file_names() -> None:
    assert hosts_of(load("finews")) == {
        "finews.withounder.com",
        "finews.zning.xyz",
        "finance.eastmoney.com",
        "183.136.162.242",
        "43.240.125.15",
    }


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.com:8080/x?y=https://other.example/", "example.com"),
        ("https://user:secret@example.com/", "example.com"),
        ("https://{slug}.example.com/{page}", ".example.com"),
        ("https://{slug}/x", ""),
        ("{url}", ""),
        ("{origin}/NewsData?id={number}", ""),
        ("http://[2001:db8::1]:80/x", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_the_host_of_an_address_with_variables(url: str, host: str) -> None:
    assert _host(url) == host


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ([], []),
        (["a", "b", "c"], [[0], [1], [2]]),
        (["a", "a b", "b"], [[0, 1, 2]]),
        (["a", "b", "a b", "c"], [[0, 1, 2], [3]]),  # by way of a third
        (["c", "a", "c", "b", "a"], [[0, 2], [1, 4], [3]]),
        ([".x.com", "x.com", "y.x.com", "z.y.x.com"], [[0, 2, 3], [1]]),
        (["", "", "a"], [[0], [1], [2]]),  # hosts not known
    ],
)
def test_crawls_that_share_a_host_are_one_group(hosts: list[str], expected: list[object]) -> None:
    assert groups([frozenset(one.split()) for one in hosts]) == expected


def test_addresses_of_a_site() -> None:
    site = load("eastmoney")
    page = "https://moved.example/list"
    for own in ("https://biz.eastmoney.com/a/1.html", "http://www.moved.example/1"):
        assert is_own(site, own, page), own
    for other in ("https://eastmoney.com.example/a/1.html", "https://eastmoney.org/", "x", ""):
        assert not is_own(site, other, page), other


def test_addresses_of_a_site_on_a_host_that_many_share() -> None:
    listing = {"kind": "html", "items": "a", "fields": {"url": "@href"}}
    values = {"name": "x", "title": "X", "categories": {"all": {}}}
    site = Site.model_validate(
        values | {"listing": {"url": "https://{slug}.a.github.io/", **listing}}
    )
    page = "https://news.a.github.io/"
    assert is_own(site, "https://b.a.github.io/1", page)
    assert not is_own(site, "https://b.github.io/1", page)
    named = {"hosts": ["b.github.io", "pages.dev"]}
    site = Site.model_validate(values | named | {"listing": {"url": page, **listing}})
    for own in ("https://b.github.io/1", "https://x.b.github.io/1", "https://any.pages.dev/1"):
        assert is_own(site, own, page), own
    assert not is_own(site, "https://c.github.io/1", page)


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"))))
def test_every_crawl_is_in_one_group_and_groups_share_nothing(hosts: list[frozenset[str]]) -> None:
    found = groups(hosts)
    assert sorted(place for group in found for place in group) == list(range(len(hosts)))
    met = [frozenset[str]().union(*(hosts[place] for place in group)) for group in found]
    assert sum(map(len, met)) == len(frozenset[str]().union(*met))


HOSTS = st.sampled_from(["com", ".com", "a.com", ".a.com", "b.a.com", ".b.a.com", "ba.com", "org"])


@given(st.lists(st.frozensets(HOSTS, max_size=3), max_size=8))
def test_crawls_are_in_one_group_if_a_chain_of_hosts_joins_them(
    hosts: list[frozenset[str]],
) -> None:
    def is_same(one: str, other: str) -> bool:
        return one == other or (one.startswith(".") and other.endswith(one))

    place = list(range(len(hosts)))
    for first, own in enumerate(hosts):
        for second, others in enumerate(hosts):
            if any(is_same(one, other) for one in own for other in others):
                place = [place[first] if each == place[second] else each for each in place]
    expected = [[at for at, each in enumerate(place) if each == one] for one in set(place)]
    assert groups(hosts) == sorted(expected)


def test_two_site_files_that_name_one_host(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text(
            f"title: {name}\nlisting: {{kind: html, url: 'https://{name}.example/', items: a, "
            "fields: {url: '@href'}}\ncategories: {all: {}}\n"
            "pages: {text: {kind: json, url: 'https://api.example/{number}', fields: {body: b}}}\n"
        )
    one, two = (hosts_of(load(name, tmp_path)) for name in ("one", "two"))
    assert one == {"one.example", "api.example"}
    assert groups([one, two]) == [[0, 1]]
