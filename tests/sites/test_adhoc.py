"""Sites made of an address."""

from __future__ import annotations

import pytest

from newsspider.model import Link
from newsspider.sites.adhoc import adhoc_site, site_name
from newsspider.sites.identity import article_key, file_name_id


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("taz.de", "taz-de"),
        ("www.taz.de", "taz-de"),
        ("www.bbc.co.uk", "bbc-co-uk"),
        ("bbc.co.uk", "bbc-co-uk"),
        ("m.ria.ru", "m-ria-ru"),  # a folder of its own, as it always had
        ("ria.ru", "ria-ru"),
        ("a.github.io", "a-github-io"),
        ("127.0.0.1:8000", "127-0-0-1-8000"),
        ("[::1]", "1"),
        ("a" * 40, "a" * 40),
        ("a" * 41, "a" * 31 + "-c0f8bd4d"),
    ],
)
def test_the_name_of_a_site_lasts(host: str, name: str) -> None:
    """The ledger keeps articles under this name: another one would fetch them all again."""
    assert site_name(host) == name


def test_a_site_is_one_with_and_without_www() -> None:
    bare, full = adhoc_site("https://taz.de/politik/"), adhoc_site("https://www.taz.de/politik/")
    assert bare.name == full.name == "taz-de"
    for link in (Link(url="https://taz.de/a/!1/"), Link(url="https://www.taz.de/a/!1/")):
        assert article_key(bare, link) == article_key(full, link) == f"taz-de:{link.url}"
        assert file_name_id(bare, link, bare.articles) == file_name_id(full, link, full.articles)
