"""Posts of other programs: what they are about, why some cannot be read, and their repair."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.exporters.foreign import Fault, NoPost, read_post, repaired, split

LINK = "https://www.harbour.example/2026/ferry"
YAML = f"---\ntitle: Ferry sails\ndate: 2026-04-12 11:30:00 +0200\nlink: {LINK}\n---\nText.\n"
READ = {
    "jekyll": ("_posts/2026-04-12-ferry.md", YAML),
    "jekyll with a link in its text": (
        "_posts/2026-04-12-ferry.md",
        f'---\ntitle: "Ferry sails"\ndate: 2026-04-12 11:30:00 +0200\n---\nT\n\n<{LINK}>',
    ),
    "hugo, toml": (
        "content/news/ferry.md",
        f'+++\ntitle = "Ferry sails"\ndate = 2026-04-12T11:30:00+02:00\nexternalUrl = "{LINK}"\n'
        "+++\nT",
    ),
    "hugo, json": (
        "content/news/ferry/index.md",
        '{"title": "Ferry sails", "date": "2026-04-12T11:30:00+02:00", '
        f'"canonicalURL": "{LINK}"}}\nT',
    ),
    "hexo": (
        "source/_posts/ferry.md",
        "---\ntitle: Ferry sails\ndate: 2026-04-12 11:30:00+02:00\n"
        f"original: {LINK}\ntags:\n- sea\n---\n",
    ),
    "published, guid": (
        "_posts/2026-04-12-ferry.markdown",
        f"---\ntitle: Ferry sails\npublished: 2026-04-12T11:30:00+02:00\nguid: {LINK}\n---\n",
    ),
}


# What keeps a front matter from being the plain one; each is a post of this link and day.
PLAIN = f"title: Ferry sails\ndate: 2026-04-12\nlink: {LINK}\n"
BARE_JSON = f'"title": "Ferry sails",\n"date": "2026/04/12",\n"link": "{LINK}"\n'
ODD = {
    "a mark of the byte order": f"\ufeff---\n{PLAIN}---\n",
    "blank lines and fences with spaces": f"\n\n---  \n{PLAIN}---\t\nText.\n",
    "yaml ended by dots": f"---\n{PLAIN}...\nText.\n",
    "no first fence": f"{PLAIN}---\nText.\n\n---\nMore.\n",
    "json between semicolons": f";;;\n{BARE_JSON};;;\nText.\n",
    "json without a first fence": f"{BARE_JSON};;;\nText.\n",
    "json after a mark": f"\ufeff\n{{{BARE_JSON}}}\nText.\n",
    "keys in upper case": f"---\nTitle: Ferry sails\nDATE: 2026-04-12\nLink: {LINK}\n---\n",
    "own keys of hugo": (
        f'+++\ntitle = "Ferry sails"\ndate = 2026-04-12\n[params]\ntitle = "x"\n'
        f'link = "{LINK}"\n+++\n'
    ),
    "a source with a name": (
        f"---\ntitle: Ferry sails\ndate: 2026-04-12\nsource:\n  name: Harbour\n  url: {LINK}\n---\n"
    ),
    "the time of the change alone": (
        f"---\ntitle: Ferry sails\nlastmod: 2026-04-12\nlink: {LINK}\n---\n"
    ),
    "the date of a mail": (
        f"---\ntitle: Ferry sails\ndate: Sun, 12 Apr 2026 11:30:00 +0200\nlink: {LINK}\n---\n"
    ),
    "a draft": f"---\n{PLAIN}draft: true\n---\n",
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_front_matter_is_read_as_any_other(kind: str) -> None:
    article = read_post("content/news/ferry.md", ODD[kind])
    assert (article.title, article.link, article.id) == ("Ferry sails", LINK, "ferry")
    assert article.published is not None
    assert f"{article.published:%Y-%m-%d}" == "2026-04-12"


@pytest.mark.parametrize("name", ["index.md", "index.de.md"])
def test_a_bundle_has_the_name_of_its_folder(name: str) -> None:
    assert read_post(f"content/ferry/{name}", YAML).id == "ferry"


@pytest.mark.parametrize("kind", READ)
def test_title_time_and_link_of_each_kind(kind: str) -> None:
    article = read_post(*READ[kind])
    assert article.title == "Ferry sails"
    assert article.link == LINK
    assert article.published == datetime(2026, 4, 12, 11, 30, tzinfo=timezone(timedelta(hours=2)))


def test_a_name_gives_the_day_that_the_front_matter_lacks() -> None:
    article = read_post("_posts/2026-04-12-ferry.md", f"---\ntitle: T\nlink: {LINK}\n---\n")
    assert article.published is not None
    assert article.published.replace(tzinfo=UTC) == datetime(2026, 4, 12, tzinfo=UTC)
    assert article.id == "ferry"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("2026-04-12-a.md", "no front matter", "NoFrontMatter"),
        ("2026-04-12-a.md", '---\ntitle: "a "b" c"\n---\n', "BadFrontMatter"),
        ("2026-04-12-a.md", "---\n- a\n---\n", "BadFrontMatter"),
        ("2026-04-12-a.md", "+++\ntitle =\n+++\n", "BadFrontMatter"),
        ("2026-04-12-a.md", "{]", "BadFrontMatter"),
        ("2026-04-12-a.md", "---\ntitle:\n---\n", "NoTitle"),
        ("a.md", "---\ntitle: a\ndate: soon\n---\n", "NoDate"),
        # A post that cannot be read is named, whatever the name of its file.
        ("a.md", "---\ntitle: a: b\ndate: 2026-04-12\n---\n", "BadFrontMatter"),
        ("a.md", "---\ntitle: a\ndate: 2026-04-12\n", "BadFrontMatter"),
        ("a.md", '+++\ntitle = "a\n+++\n', "BadFrontMatter"),
        ("a.md", '{"title": }', "BadFrontMatter"),
    ],
)
def test_why_a_post_cannot_be_read(name: str, text: str, reason: str) -> None:
    with pytest.raises(Fault) as raised:
        read_post(name, text)
    assert raised.value.reason == reason


def test_the_page_of_a_section_is_no_post() -> None:
    with pytest.raises(NoPost):
        read_post("content/news/_index.de.md", YAML)


@pytest.mark.parametrize("text", ["# Readme", "", "---\nlayout: page\n---\n", "---\n---\n"])
def test_what_is_no_post(text: str) -> None:
    with pytest.raises(NoPost):
        read_post("about.md", text)


@given(
    st.text(), st.sampled_from(["---\n", "+++\n", "{", "---\ntitle: ", ";;;\n", "title: t\ndate: "])
)
def test_any_text_is_read_or_refused(text: str, start: str) -> None:
    for name in ("2026-04-12-a.md", "a.md"):
        with contextlib.suppress(Fault, NoPost):
            assert read_post(name, start + text + "\n---\n").title
        if fixed := repaired(name, start + text + "\n---\n"):
            assert repaired(*fixed) is None


REPAIRED = {
    "a line before": ("2026-04-12-a.md", "\n" + YAML, "2026-04-12-a.md", YAML),
    "quotes": (
        "2026-04-12-a.md",
        '---\ntitle: "a "b" c"\ndate: 2026-04-12\ntags: @x\n---\nT',
        "2026-04-12-a.md",
        '---\ntitle: "a \\"b\\" c"\ndate: 2026-04-12\ntags: "@x"\n---\nT',
    ),
    "no date": (
        "-NW202204262359811335.md",
        '---\ntitle: "t"\ndate:  +0800\ntags: a\n---\nT',
        "2022-04-26-NW202204262359811335.md",
        '---\ntitle: "t"\ntags: a\ndated_by: guess\n---\nT',
    ),
}


@pytest.mark.parametrize("kind", REPAIRED)
def test_what_jekyll_cannot_read_is_repaired(kind: str) -> None:
    name, text, new_name, fixed = REPAIRED[kind]
    assert repaired(name, text) == (new_name, fixed)
    assert read_post(new_name, fixed).title


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("2026-04-12-a.md", YAML),
        ("2026-04-12-a.md", "no front matter"),
        ("-x.md", "---\ntitle: t\n---\n"),  # no day anywhere
        ("-NW202204262359811335.md", '---\ntitle: ""\ndate: +0800\n---\n'),  # nothing tells a title
        ("2026-04-12-a.md", "---\ntitle: t\nx: [\n y\n---\n"),
        ("2026-04-12-a.md", "---\ntitle: t\ndate: 2026-04-12\n...\n"),  # Jekyll reads it
    ],
)
def test_what_is_whole_or_beyond_repair_stays(name: str, text: str) -> None:
    assert repaired(name, text) is None


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_a_title_that_yaml_does_not_read_is_kept_word_for_word(title: str) -> None:
    fixed = repaired("2026-04-12-a.md", f'---\ntitle: "{title}"\ndate: 2026-04-12\n---\n')
    if fixed:
        assert split(fixed[1])[0]["title"] == title
