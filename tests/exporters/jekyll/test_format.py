"""Jekyll as a format: the site around the posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.publisher import Outcome, Publisher
from newsspider.model import Article
from newsspider.sites import load
from newsspider.sites.schema import Recipe, Site
from newsspider.store.folder import open_output
from newsspider.store.output import Output, text_hash

FINEWS = load("finews")
OTHER = Site.model_validate({"name": "other", "title": "Other"})
ARTICLE = Article(
    site="finews",
    key="eastmoney:202204262359811335",
    id="NW202204262359811335",
    link="https://news.example/a",
    title="标题",
    published=datetime(2022, 4, 26, 20, 16, 23, tzinfo=ZoneInfo("Asia/Shanghai")),
    source="人民邮电报",
    category="renminyoudianbao",
    tag="人民邮电报新闻",
    body="<p>正文</p>",
)
JEKYLL = Jekyll(lambda article: FINEWS.recipe(FINEWS.category(article.category)))
NAME = "2022-04-26-NW202204262359811335.md"
PAGE = "category/renminyoudianbao.html"


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    jekyll = JEKYLL
    output = open_output(
        tmp_path, dry=False, sites=(FINEWS,), posts=jekyll.folder, read=jekyll.read
    )
    yield output
    output.close()


@pytest.fixture
def publisher(output: Output) -> Publisher:
    return Publisher(output, JEKYLL, FINEWS)


def test_a_promise_stands_before_the_file_and_is_kept_after_it(
    publisher: Publisher, output: Output
) -> None:
    (output.path / "category").write_text("a file where a folder must be")
    with pytest.raises(OSError):
        publisher.publish(ARTICLE)
    row = output.ledger.article(ARTICLE.key)
    assert row is not None
    assert (row.state, row.hash) == ("promised", "")
    assert not (output.posts / NAME).exists()
    (output.path / "category").unlink()
    assert publisher.publish(ARTICLE) is Outcome.WRITTEN
    written = text_hash((output.posts / NAME).read_bytes())
    assert written == row.intended
    row = output.ledger.article(ARTICLE.key)
    assert row is not None
    assert (row.state, row.hash, row.intended) == ("published", written, "")


def test_the_site_is_laid_around_the_first_post(publisher: Publisher, output: Output) -> None:
    assert not (output.path / "_config.yml").exists()
    publisher.publish(ARTICLE)
    config = (output.path / "_config.yml").read_text("utf-8")
    assert "金融消息" in config
    assert "Asia/Shanghai" in config
    assert (output.path / "_layouts/post.html").exists()
    assert "人民邮电报新闻" in (output.path / PAGE).read_text("utf-8")


@pytest.mark.parametrize("name", ["_config.yml", "_config.yaml", "_config.toml"])
def test_a_site_that_is_there_is_left_as_it_is(
    publisher: Publisher, output: Output, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    (output.path / name).write_text("title = 'mine'")
    publisher.publish(ARTICLE)
    assert sorted(path.name for path in output.path.iterdir()) == sorted(
        [".newsspider", name, "_posts"]  # no page with a layout that the site lacks
    )
    assert (output.path / name).read_text("utf-8") == "title = 'mine'"
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"{output.path}: category 'renminyoudianbao' gets no page, because")
    assert warning.endswith("site.categories['renminyoudianbao']")


def test_a_category_has_its_page_once_even_after_a_person_removed_it(
    publisher: Publisher, output: Output
) -> None:
    publisher.publish(ARTICLE)
    (output.path / PAGE).unlink()
    second = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336")
    assert publisher.publish(second) is Outcome.WRITTEN
    assert not (output.path / PAGE).exists()
    elsewhere = replace(ARTICLE, key="eastmoney:3", id="NW202204262359811337", category="36ke")
    publisher.publish(elsewhere)
    assert (output.path / "category/36ke.html").exists()


def test_a_category_page_stands_where_the_footers_say(publisher: Publisher, output: Output) -> None:
    publisher.publish(replace(ARTICLE, category="emnews", tag="东财滚动新闻"))
    page = (output.path / "category/emnews.html").read_text("utf-8")
    assert 'permalink: "/emnews/"' in page


@pytest.mark.parametrize(
    ("home", "link", "feed_id"),
    [
        ("https://www.gazette.example/", "https://a.example/1", "tag:www.gazette.example,2022:"),
        ("", "https://a.example:8080/1", "tag:a.example,2022:"),
        ("", "https://新闻.example/1", "tag:xn--efvy88h.example,2022:"),
        ("", "http://[::1]/1", "tag:localhost,2000:"),
    ],
)
def test_the_feed_has_the_name_of_its_source(
    output: Output, home: str, link: str, feed_id: str
) -> None:
    site = Site.model_validate({"name": "other", "title": "Other", "home": home})
    Publisher(output, JEKYLL, site).publish(replace(ARTICLE, link=link))
    config = yaml.safe_load((output.path / "_config.yml").read_text("utf-8"))
    assert config["feed_id"] == feed_id


def test_what_a_person_removed_of_the_site_stays_removed(
    publisher: Publisher, output: Output
) -> None:
    publisher.publish(ARTICLE)
    (output.path / "feed.xml").unlink()
    later = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336")
    Publisher(output, JEKYLL, FINEWS).publish(later)
    assert not (output.path / "feed.xml").exists()


@pytest.mark.parametrize(
    ("config", "name", "language"),
    [
        ("lang: de\n", "_config.yml", "de"),
        ("lang: pt_BR\n", "_config.yaml", "pt-BR"),
        ("lang = 'de'\n", "_config.toml", "de"),
        ("title: mine\n", "_config.yml", ""),
        ("lang: [de]\n", "_config.yml", ""),
        ("lang: no\n", "_config.yml", ""),  # false, to YAML
        ("- a\n", "_config.yml", ""),
        ("", "_config.yml", ""),
        ("lang: 'x\n", "_config.yml", ""),
        ("date: 2022-13-45\nlang: de\n", "_config.yml", ""),
        ("[" * 5000, "_config.yml", ""),
        ("lang = ", "_config.toml", ""),
        ("\udcff", "_config.yml", ""),
    ],
)
def test_the_language_of_a_site_is_the_one_its_configuration_states(
    tmp_path: Path, config: str, name: str, language: str
) -> None:
    (tmp_path / name).write_bytes(config.encode("utf-8", "surrogateescape"))
    jekyll = Jekyll(lambda article: OTHER.recipe(Recipe()))
    assert jekyll.language(tmp_path, OTHER, replace(ARTICLE, language="fr")) == language


def test_a_configuration_that_is_a_folder_states_no_language(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").mkdir()
    assert JEKYLL.language(tmp_path, FINEWS, ARTICLE) == ""


def test_posts_state_their_language_where_it_is_not_the_sites(output: Output) -> None:
    """The first article, by whose language the site is laid, states none."""
    publisher = Publisher(output, Jekyll(lambda article: OTHER.recipe(Recipe())), OTHER)
    for number, language in enumerate(["de", "en", "de-AT", "zh"]):
        article = replace(ARTICLE, key=f"other:{number}", id=f"a{number}", language=language)
        assert publisher.publish(article) is Outcome.WRITTEN
    heads = [file.read_text("utf-8").split("---\n")[1] for file in sorted(output.posts.iterdir())]
    assert [head.rpartition("lang: ")[2] for head in heads if "lang: " in head] == ["en\n", "zh\n"]
    assert "lang: " not in heads[0]


def test_no_post_is_rewritten_for_another_language_of_the_site(output: Output) -> None:
    article = replace(ARTICLE, language="de")
    for lang in ("en", "de", "fr"):
        (output.path / "_config.yml").write_text(f"lang: {lang}\n")
        publisher = Publisher(output, Jekyll(lambda article: OTHER.recipe(Recipe())), OTHER)
        publisher.publish(article)
        (file,) = output.posts.iterdir()
        assert "\nlang: de\n" in file.read_text("utf-8")
    assert publisher.publish(replace(article, title="neu")) is Outcome.UPDATED


@pytest.mark.parametrize(
    ("site", "language", "lang"),
    [
        (OTHER, "de", '"de"'),
        (OTHER, "", '"en"'),
        (FINEWS, "en", '"zh-CN"'),  # as its file says
    ],
)
def test_a_site_without_a_file_has_the_language_of_its_first_article(
    output: Output, site: Site, language: str, lang: str
) -> None:
    Publisher(output, JEKYLL, site).publish(replace(ARTICLE, language=language))
    assert f"lang: {lang}\n" in (output.path / "_config.yml").read_text("utf-8")
