"""A held article comes back as it was, whatever else lies in the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsspider.model import Article, Image, Origin, Rejection, Right, Stock, Verdict
from newsspider.store.held import Held, held_articles, hold, let_go

ARTICLE = Article(
    site="finews",
    key="eastmoney:1",
    id="NW1",
    link="https://x.example/a",
    title="标题",
    published=datetime(2022, 4, 26, 20, 16, 23, tzinfo=UTC),
    modified=datetime(2022, 4, 27, tzinfo=UTC),
    authors=("A", "B"),
    stocks=(Stock("1", "600941", "中国移动"),),
    images=(Image("https://x.example/a.jpg", "caption"),),
    rights=(Right("robots.txt", "ai-train", "no"),),
    origins=(Origin("title", "article: rule"),),
    body="<p>text</p>",
    listing="cailianshe",
    marks=("lacking/time",),
)


def test_a_held_article_comes_back_whole(tmp_path: Path) -> None:
    hold(tmp_path, ARTICLE, ["it has no time"])
    assert list(held_articles(tmp_path)) == [Held(ARTICLE, ("it has no time",))]
    rejected = replace(ARTICLE, rejection=Rejection(Verdict.PAYWALLED, "x"))
    hold(tmp_path, rejected, [])
    assert list(held_articles(tmp_path)) == [Held(rejected, ())]
    let_go(tmp_path, ARTICLE)
    assert list(held_articles(tmp_path)) == []
    let_go(tmp_path, ARTICLE)


def test_two_sites_may_hold_the_same_id(tmp_path: Path) -> None:
    hold(tmp_path, ARTICLE, [])
    hold(tmp_path, replace(ARTICLE, key="other:1"), [])
    assert len(list(held_articles(tmp_path))) == 2


def test_holding_again_touches_no_file(tmp_path: Path) -> None:
    hold(tmp_path, ARTICLE, ["x"])
    (file,) = (tmp_path / "_newsspider/held").iterdir()
    before = file.stat().st_mtime_ns
    hold(tmp_path, ARTICLE, ["x"])
    assert file.stat().st_mtime_ns == before
    assert file.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("id_", ["../../../x", "a/b", "..", "x" * 300])
def test_attack_an_id_names_no_other_folder(tmp_path: Path, id_: str) -> None:
    article = replace(ARTICLE, id=id_)
    try:
        hold(tmp_path, article, [])
    except OSError:
        assert len(id_) > 200
    assert not list(tmp_path.glob("*.json"))
    assert all(path.parent.name == "held" for path in tmp_path.rglob("*.json"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"article": 1, "why": []}', '{"article": {}}'])
def test_a_file_that_cannot_be_read_is_left_out(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    hold(tmp_path, ARTICLE, [])
    (tmp_path / "_newsspider/held/x.json").write_text(text)
    assert [held.article.key for held in held_articles(tmp_path)] == [ARTICLE.key]
    assert "x.json cannot be read" in caplog.text
