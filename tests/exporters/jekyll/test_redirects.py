"""The lists for web servers: where the addresses of posts that went lead."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.exporters.jekyll.redirects import FILES, RedirectList, unlist

PATH = "/%E8%A6%81%E9%97%BB/2026/11/28/a.html"


def lines(folder: Path, kind: str) -> list[str]:
    return (folder / FILES[kind]).read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("kind", "moved", "line"),
    [
        ("redirects", False, f"{PATH} https://x.example:8/a?b=c 302"),
        ("redirects", True, f"{PATH} https://x.example:8/a?b=c 301"),
        ("nginx", False, '"/要闻/2026/11/28/a.html" "https://x.example:8/a?b=c";'),
    ],
)
def test_a_line_is_added_once(tmp_path: Path, kind: str, moved: bool, line: str) -> None:
    for _ in range(2):
        redirects = RedirectList(tmp_path, kind)
        for _ in range(2):
            assert redirects.add(PATH, "https://x.example:8/a?b=c", moved=moved)
    assert lines(tmp_path, kind) == [line]


@pytest.mark.parametrize("kind", FILES)
def test_an_address_is_taken_out_alone(tmp_path: Path, kind: str) -> None:
    redirects = RedirectList(tmp_path, kind)
    for path in (PATH, PATH.replace("a.html", "a"), "/b.html"):
        redirects.add(path, "/news/", moved=False)
    unlist(tmp_path, PATH)
    assert len(lines(tmp_path, kind)) == 2
    unlist(tmp_path, "/c.html")
    assert len(lines(tmp_path, kind)) == 2


HOSTILE = [
    'https://x.example/a";return 200 "b',
    "https://x.example/$request_body",
    "https://x.example/a b\n/ https://evil.example 301",
    "https://x.example/:splat/*",
    "https://x.example/{a}\\",
]


@pytest.mark.parametrize("target", HOSTILE)
@pytest.mark.parametrize("kind", FILES)
def test_attack_an_address_says_nothing_to_the_server(
    tmp_path: Path, kind: str, target: str
) -> None:
    RedirectList(tmp_path, kind).add(PATH, target, moved=False)
    (line,) = lines(tmp_path, kind)
    address = line.split(" ")[1].removeprefix('"').removesuffix('";')
    assert address.startswith("https://x.example/")
    assert not set(address.removeprefix("https:")) & set(' ";$:*{}\\\n')
    assert line.count(" ") == (2 if kind == "redirects" else 1)


@given(st.text(max_size=60))
def test_any_address_is_one_line(target: str) -> None:
    for kind in FILES:
        with TemporaryDirectory() as folder:
            added = RedirectList(Path(folder), kind).add("/a.html", target, moved=False)
            assert added and len(lines(Path(folder), kind)) == 1


@pytest.mark.parametrize("path", ["/a%22b.html", "/a%0Ab.html", "/a%5C.html"])
def test_attack_a_path_that_nginx_cannot_name_stays(tmp_path: Path, path: str) -> None:
    assert not RedirectList(tmp_path, "nginx").add(path, "/", moved=False)
    assert not (tmp_path / FILES["nginx"]).exists()
