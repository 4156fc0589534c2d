"""Which headlines are corrections, and what a post that points looks like."""

from __future__ import annotations

import pytest

from newsspider.exporters.stories import is_correction, pointer
from newsspider.model import Article


@pytest.mark.parametrize(
    "title",
    [
        *(
            "更正：青河二桥通车时间",
            "【更正】青河二桥",
            "訂正：橋の開通日",
            "お詫びと訂正",
            "정정: 다리",
        ),
        *(
            "Correction: bridge opens",
            "CORRECTED-Bridge opens",
            "Korrektur: Brücke",
            "(Rectificatif)",
        ),
        *("Rettifica: il ponte", "Исправление: мост", "Oprava: most", "Rättelse: bron"),
    ],
)
def test_a_correction_says_so_first(title: str) -> None:
    assert is_correction(title)


@pytest.mark.parametrize(
    "title",
    [
        "A bridge opens",
        "Correctional officers strike",
        "No correction in sight",
        "教科书更正引争议",
        "",
    ],
)
def test_another_headline_is_none(title: str) -> None:
    assert not is_correction(title)


def test_a_post_that_points_has_no_text_and_nothing_to_act() -> None:
    article = Article(
        site="s", key="k", id="1", link="https://x.example", body="<p>Text", digest="D"
    )
    post = pointer(article, "{{ site }} <b> *x* [a](b)", '/{{a}}/"><script>')
    assert post.body == (
        '<p>→ <a href="/%7B%7Ba}}/&quot;&gt;&lt;script&gt;">&#123;&#123; site }} &#60;b&#62; '
        "&#42;x&#42; &#91;a&#93;(b)</a></p>"
    )
    assert (post.digest, post.summary, post.images) == ("", "", ())
