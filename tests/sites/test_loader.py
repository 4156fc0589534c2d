"""Site files: every mistake is told with its line, its key and what to write instead."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsspider.errors import SiteError
from newsspider.sites import BUILT_IN, check_category, load, load_all, site_files
from newsspider.sites.schema import Site

FINEWS = (BUILT_IN / "finews.yml").read_text("utf-8")
GOOD = """\
title: Example
listing:
  kind: html
  url: https://news.example/{slug}/
  items: 'ul > li'
  fields:
    url: 'a::attr(href)'
    title:
      - 'a'
      - {select: 'b', pattern: 'x'}
articles: {ask: [page], tag: News}
pages:
  page: {kind: html, fields: {title: h1}}
"""
Told = Callable[[str | bytes], str]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is said of a site file of this content, without its folder."""

    def tell(content: str | bytes) -> str:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "example.yml").write_bytes(data)
        with pytest.raises(SiteError) as raised:
            load("example", tmp_path)
        return str(raised.value).replace(f"{tmp_path}{os.sep}", "")

    return tell


def test_a_list_whose_entries_have_no_address_is_refused(told: Told) -> None:
    assert told(GOOD.replace("    url: 'a::attr(href)'\n", "")) == (
        "example.yml:6: listing.fields: has no url, and no id either: nothing leads to the articles"
    )


def line_of(text: str, part: str) -> int:
    assert part in text
    return text[: text.index(part)].count("\n") + 1


# -- mistakes ---------------------------------------------------------------------------------

MISTAKES = [
    ("kind: html\n  url", "kind: jsn\n  url", "3: listing.kind: 'jsn' is not one of html, json"),
    ("  kind: html\n  url", "  url", "2: listing.kind: is missing (html, json, feed or sitemap)"),
    ("items:", "itms:", "5: listing.itms: no such key; did you mean items?"),
    ("items:", "itms:", "2: listing.items: is missing"),
    ("title: Example\n", "", "1: title: is missing"),
    ("title: Example", "title:", "1: title: is empty"),
    ("title: Example", "title: 3", "1: title: 3 is not text; put it in quotes"),
    ("'ul > li'", "'ul >'", "5: listing.items: 'ul >' is not a CSS selector or XPath"),
    ("'ul > li'", "'//li['", "5: listing.items: '//li[' is not a CSS selector or XPath"),
    ("'ul > li'", "//li[has-class('x')]", "5: listing.items: .*no function has-class"),
    ("'ul > li'", "'a::texts'", "5: listing.items: 'a::texts' is not a CSS selector"),
    ("{select: 'b',", "{select: 'b[',", "10: listing.fields.title.1.select: 'b[' is not a CSS"),
    ("pattern: 'x'", "pattern: '('", "10: listing.fields.title.1.pattern: '(' is not a regular"),
    ("pattern: 'x'", "patern: 'x'", "10: listing.fields.title.1.patern: no such key; did you mean"),
    ("      - 'a'\n", "      - 3\n", "9: listing.fields.title.0: 3 is not a selector"),
    ("url: 'a::attr(href)'", "url: []", "7: listing.fields.url: [] is empty"),
    ("url: 'a::attr(href)'", "href: x", "7: listing.fields.href: 'href' is not one of url, id, li"),
    (
        "{slug}",
        "{slog}",
        "4: listing.url: {slog} is not one of slug, page, offset, cursor; name it under variables",
    ),
    ("https://news", "news", "4: listing.url: 'news.example/{slug}/' does not start with https://"),
    ("tag: News", "tag: '{tag}'", "11: articles.tag: {tag} is not one of source"),
    ("tag: News", "category: a b", "11: articles.category: 'a b' cannot be part of an address"),
    ("tag: News", "profile: sed", "11: articles.profile: 'sed' is not one of seed, reader"),
    (
        "tag: News",
        "keys: [sauce]",
        "11: articles.keys.0: 'sauce' is not one of author, source, link",
    ),
    ("tag: News", "add_rules: [chart]", "11: articles.add_rules.0: 'chart' is not one of adverts"),
    ("ask: [page]", "ask: [pag]", "11: articles.ask.0: 'pag' is not under pages (page)"),
    ("ask: [page]", "ask: page", "11: articles.ask: 'page' is not a list"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES)
def test_a_mistake_is_told_with_line_key_and_reason(
    told: Told, right: str, wrong: str, message: str
) -> None:
    assert right in GOOD
    start, _, end = message.partition(".*")
    lines = told(GOOD.replace(right, wrong, 1)).splitlines()
    assert any(line.startswith(f"example.yml:{start}") and end in line for line in lines), lines


ADDED = [
    (
        "timezone: Asia/Shangai",
        "timezone: 'Asia/Shangai' is not a time zone (such as Asia/Shanghai)",
    ),
    ("timezone: ../../etc/passwd", "timezone: '../../etc/passwd' is not a time zone"),
    ("delay: fast", "delay: input should be a valid number"),
    ("delay: .nan", "delay: input should be less than or equal to 600"),
    ("language: 12", "language: 12 is not text; put it in quotes"),
    ("name: other", "name: 'other' differs from the file name, example"),
    ("title: Again", "title: is in line 1, too"),
    ("categories: {a: {}, a: {}}", "a: is in line 14, too"),
    ("categories: [a]", "categories: ['a'] is not a mapping of keys"),
    ("categories: {a: }", "categories.a: is empty"),
    ("headers: {Accept: 1}", "headers.Accept: 1 is not text; put it in quotes"),
    ("ids: {pattern: x}", "ids.space: is missing"),
    ("shares: [{pattern: a, asc: [x]}]", "shares.0.asc: no such key; did you mean ask?"),
    ("shares: [{pattern: a, ask: [x]}]", "shares.0.ask.0: 'x' is not under pages (page)"),
    ("shares: [{pattern: a, url: 'http://x/{id}'}]", "shares.0.url: {id} is not a named group"),
    ("on: x", "on: is not text to YAML; put the key in quotes"),
    ("163: x", "163: is not text to YAML; put the key in quotes"),
    ("~: x", "~: is not text to YAML; put the key in quotes"),
    ("categories: {163: {}}", "163: is not text to YAML; put the key in quotes"),
    ("? [a, b]\n: x", "a seq: is not text to YAML; put the key in quotes"),
    ("unchecked: 2022-04-26", "unchecked: datetime.date(2022, 4, 26) is not text"),
    ("unchecked: 2022-13-45", "not YAML: '2022-13-45' cannot be read"),
    ("unchecked: !!int x", "not YAML: 'x' cannot be read"),
    ("unchecked: !!python/object:os.system {}", "not YAML: could not determine a constructor"),
    ("unchecked: *nowhere", "not YAML: found undefined alias"),
    ("unchecked: &a [*a]", "the anchor &a contains itself"),
    ("\tunchecked: x", "not YAML: while scanning for the next token, found character"),
    ("---\ntitle: x", "not YAML: expected a single document"),
    ("<<: x", "not YAML: while constructing a mapping, expected a mapping"),
]


@pytest.mark.parametrize(("line", "message"), ADDED)
def test_a_mistake_in_an_added_line(told: Told, line: str, message: str) -> None:
    assert told(f"{GOOD}{line}\n").startswith(f"example.yml:14: {message}")


JSON = """\
  kind: json
  url: https://news.example/{slug}
  items: list
  fields: {url: url}
"""
FEED = "  kind: feed\n  url: https://news.example/f\n"
LISTED = [
    (f"{JSON}  form: {{a: '{{pag}}'}}", "7: listing.form: {pag} is not one of slug, page, offset"),
    (f"{JSON}  json: {{a: [{{b: '{{pag}}'}}]}}", "7: listing.json: {pag} is not one of slug, page"),
    (f"{JSON}  next_url: https://x/{{pag}}", "7: listing.next_url: {pag} is not one of slug, page"),
    (
        f"{JSON}  json: {{a: '{{offset}}'}}",
        "2: listing.step: is missing: the number of entries on a page, for {offset}",
    ),
    (f"{JSON}  form: {{a: b}}\n  json: {{a: b}}", "8: listing.json: cannot be combined with form"),
    (
        "  kind: html\n  url: https://x/\n  items: li\n  fields: {url: a}\n  form: {a: b}\n"
        "  render: auto",
        "8: listing.render: cannot be combined with form or json",
    ),
    # A key that is called as the kind is.
    (f"{JSON}  json: {{a: b}}".replace("items: list", "items: 'a['"), "5: listing.items: 'a[' is"),
    (f"{JSON}  ok: 'a['", "7: listing.ok: 'a[' is not a JMESPath"),
    (f"{JSON}  script: 'a['", "7: listing.script: 'a[' is not a CSS selector"),
    (
        f"{JSON}  script: {{select: a, pattern: '('}}",
        "7: listing.script.pattern: '(' is not a regular",
    ),
    (f"{JSON}  whole: auto", "7: listing.whole: no such key here; see `newsspider schema`"),
    (
        JSON.replace("kind: json", "kind: rss"),
        "3: listing.kind: 'rss' is not one of html, json, feed",
    ),
    (f"{FEED}  whole: maybe", "5: listing.whole: 'maybe' is not one of auto, always, never"),
    (
        FEED.replace("/f", "/{page}"),
        "4: listing.url: {page} is not one of slug; name it under variables",
    ),
    (
        FEED.replace("feed", "sitemap") + "  only: '('",
        "5: listing.only: '(' is not a regular expression",
    ),
    (
        "  kind: html\n  url: https://a.example\nhosts: [b.example, 'https://c.example/']",
        "5: hosts.1: 'https://c.example/' is not a host (such as news.example.com) or * for any",
    ),
    (
        "  - {kind: feed, url: 'https://a.example'}\n  - {kind: fed, url: 'https://a.example'}",
        "4: listing.1.kind: 'fed' is not one of html, json, feed, sitemap",
    ),
    (
        "  - {kind: feed, url: 'https://a.example'}\n  - {kind: feed, url: 'https://a/{nope}'}",
        "4: listing.1.url: {nope} is not one of slug",
    ),
    ("  []", "2: listing: [] is empty"),
    ("  - x", "3: listing.0: 'x' is not a mapping of keys"),
]


@pytest.mark.parametrize(("listing", "message"), LISTED)
def test_a_mistake_in_a_listing(told: Told, listing: str, message: str) -> None:
    old = GOOD[GOOD.index("listing:") : GOOD.index("articles:")]
    lines = told(GOOD.replace(old, f"listing:\n{listing.rstrip()}\n")).splitlines()
    assert any(line.startswith(f"example.yml:{message}") for line in lines), lines


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("published", "time"),
        ("pubDate", "time"),
        ("published_at", "time"),
        ("headline", "title"),
        ("content", "body"),
        ("dateModified", "modified"),
        ("byline", "author"),
        ("autor", "author"),
    ],
)
def test_a_field_by_another_name(told: Told, name: str, meant: str) -> None:
    message = told(GOOD.replace("fields: {title: h1}", f"fields: {{{name}: h1}}"))
    assert message.endswith(f"; did you mean {meant}?")


def test_listings_that_are_right(tmp_path: Path) -> None:
    old = GOOD[GOOD.index("listing:") : GOOD.index("articles:")]
    pair = "listing:\n  - {kind: feed, url: 'https://a.example/{slug}'}\n  - {kind: sitemap, url: 'https://a.example/{part}'}\n"
    own = "categories: {a: {variables: {part: b}}}\n"
    (tmp_path / "example.yml").write_text(GOOD.replace(old, pair) + own)
    first, second = load("example", tmp_path).listings_of("a")
    assert (first.kind, second.kind) == ("feed", "sitemap")


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just words\n", "~\n"])
def test_what_is_no_mapping_says_how_to_start(told: Told, text: str) -> None:
    assert told(text) == ("example.yml:1: is not a mapping of keys; start with `name: example`")


def test_bytes_that_are_no_text(told: Told) -> None:
    latin = GOOD.encode() + b"description: caf\xe9\n"
    assert told(latin) == "example.yml:14: is not UTF-8 (invalid continuation byte)"
    assert told(GOOD.encode("utf-16")).startswith("example.yml:1: is not UTF-8")
    nul = GOOD.encode() + b"description: a\x00b\n"
    assert told(nul).startswith("example.yml:14: not YAML: unacceptable character #x0000")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "example.yml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load("example", tmp_path).title == "Example"


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("showtime, datetime, showdatetime", "showtime, 'a[', showdatetime", ".fields.time.1"),
        (
            "- {select: 'title', pattern:",
            "- {select: 't[', pattern:",
            "article.fields.title.2.sele",
        ),
        ("marketType=38&count=100', items: record", "marketType=38', items: 'r['", "market38.list"),
        ("skip_rules: [keywords]", "skip_rules: [keyword]", "categories.emnews.skip_rules.0"),
        ("ask: [content, article]", "ask: [contents, article]", "categories.emnews.ask.0"),
    ],
)
def test_the_line_is_right_inside_anchors_and_lists(
    tmp_path: Path, right: str, wrong: str, key: str
) -> None:
    text = FINEWS.replace(right, wrong, 1)
    (tmp_path / "finews.yml").write_text(text, "utf-8")
    with pytest.raises(SiteError) as raised:
        load("finews", tmp_path)
    (message,) = str(raised.value).splitlines()  # once, though many keys share the anchor
    assert f"finews.yml:{line_of(text, wrong)}: " in message
    assert key in message


def test_a_merged_mapping_is_told_where_it_stands(told: Told) -> None:
    base = "  base: &base {kind: html, fields: {title: h1}, feilds: {}}\n"
    text = GOOD.replace("pages:\n", f"pages:\n{base}")
    text += "  other:\n    <<: *base\n    fields: {title: h2}\n"
    (message,) = told(text).splitlines()
    assert message.startswith("example.yml:13: pages.base.feilds: no such key; did you mean fields")


def test_what_overrides_a_merged_mapping_is_told_where_it_stands(told: Told) -> None:
    text = GOOD.replace("  page: {", "  page: &base {")
    text += "  other:\n    <<: *base\n    fields: {title: 'h['}\n"
    assert told(text).startswith("example.yml:16: pages.other.fields.title: 'h[' is not a CSS")


# -- which file -------------------------------------------------------------------------------


def test_the_users_own_file_wins(tmp_path: Path) -> None:
    (tmp_path / "finews.yml").write_text("title: Mine\n", "utf-8")
    (tmp_path / "example.yml").write_text(GOOD, "utf-8")
    assert load("finews").title == "金融消息"
    assert load("finews", tmp_path).title == "Mine"
    assert {"example", "finews"} <= set(load_all(tmp_path))
    assert dict(site_files(tmp_path))["finews"] == tmp_path / "finews.yml"


def test_an_unknown_site_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no site is called 'finwes': did you mean finews"):
        load("finwes", tmp_path)
    with pytest.raises(SiteError, match=r"the sites are .*finews"):
        load("zzzz", tmp_path / "missing")


def test_an_unknown_category_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "example.yml").write_text(f"{GOOD}categories: {{science: {{}}}}\n", "utf-8")
    site = load("example", tmp_path)
    check_category(site, "science")
    with pytest.raises(SiteError, match="'sience' is not a category name: did you mean science"):
        check_category(site, "sience")
    with pytest.raises(SiteError, match="see `newsspider sites example`"):
        check_category(site, "zzzz")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "example.yml"
    file.write_text(GOOD, "utf-8")
    assert load("example", tmp_path) is load("example", tmp_path)
    file.write_text(GOOD.replace("Example", "Changed"), "utf-8")
    os.utime(file, ns=(0, 1))
    assert load("example", tmp_path).title == "Changed"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "gone.yml").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "gone"):
        with pytest.raises(SiteError, match="cannot be read"):
            load(name, tmp_path)


def test_the_built_in_sites_are_right() -> None:
    assert all(name == site.name for name, site in load_all().items())


# -- any values at any place ------------------------------------------------------------------

VALUES = yaml.safe_load(FINEWS)
Place = tuple[str | int, ...]


def places(value: Any, so_far: Place = ()) -> list[Place]:
    """Where in the file something stands."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    found = [so_far] if so_far else []
    return found + [place for key, child in items for place in places(child, (*so_far, key))]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.dates(),
    st.binary(max_size=5),
    st.sampled_from(["[", "(", "{slug}", "{x}", "a{9999999999}", "a.b(c)", "//a[b()]", "(" * 900]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abckind", max_size=6) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.sampled_from(places(VALUES)), value=ANYTHING)
def test_any_value_at_any_place_gives_a_site_or_a_site_error(
    tmp_path: Path, place: Place, value: Any
) -> None:
    values = copy.deepcopy(VALUES)
    node = values
    for part in place[:-1]:
        node = node[part]
    node[place[-1]] = value
    file = tmp_path / "finews.yml"
    file.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    try:
        assert isinstance(load("finews", tmp_path), Site)
    except SiteError as error:
        assert all(str(line).startswith(f"{file}:") for line in str(error).splitlines())


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, len(FINEWS)), text=st.text("[]{}&*!|>'\":-,#\n\t <?ab1", max_size=6))
def test_any_text_at_any_place_gives_a_site_or_a_site_error(
    tmp_path: Path, at: int, text: str
) -> None:
    file = tmp_path / "finews.yml"
    file.write_text(FINEWS[:at] + text + FINEWS[at:], "utf-8")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    try:
        assert isinstance(load("finews", tmp_path), Site)
    except SiteError as error:
        assert all(str(line).startswith(f"{file}:") for line in str(error).splitlines())
