"""Pictures that stay: kept in the site, shown from there, fetched once; no article is lost."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.drawn import PAGE, SVG, animation, drawn, opened, png_of, scene
from support.fetching import Reply, Server, http, listed, site

from newsspider.store.pictures import PAUSES

TEXT = "<p>Some text of an article, which is as long as the text of a short one.</p>"
FIGURE = '<figure><img src="{src}" alt="The quay"><figcaption>A caption</figcaption></figure>'


def page(*pictures: str) -> bytes:
    figures = "".join(FIGURE.format(src=src) for src in pictures)
    return http(f"<html><head><title>x</title></head><div>{TEXT}{figures}</div></html>".encode())


def picture(data: bytes | None = None, kind: str = "image/jpeg") -> bytes:
    return http(drawn() if data is None else data, headers={"Content-Type": kind})


def replies(article: bytes, **more: Reply | list[Reply]) -> dict[str, Reply | list[Reply]]:
    pictures = {f"/{name.replace('_', '.')}": reply for name, reply in more.items()}
    return {"/robots.txt": http(status=404), "/": listed("/a/1"), "/a/1": article, **pictures}


@pytest.fixture
def local(tmp_path: Path) -> Cli:
    """A site whose pictures are kept, and whose posts name the first one."""
    cli = site(tmp_path, "news.example")
    file = tmp_path / "sites/attack.yml"
    keys = "category: x, images: local, keys: [image]}"
    file.write_text(file.read_text().replace("category: x}", keys))
    return cli


def crawl(cli: Cli, server: Server, *options: str) -> Ran:
    return cli("crawl", "attack/x", "--connect-to", server.address, *options)


def post(cli: Cli) -> str:
    (name,) = cli.names
    return (cli.posts / name).read_text("utf-8")


def files(cli: Cli) -> list[str]:
    folder = cli.posts.parent / "assets/images"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def source(text: str) -> str:
    found = re.search(r'<img [^<>]*?src="([^"]*)"', text)
    return found[1] if found else ""


def test_a_picture_is_kept_and_shown_from_the_site(local: Cli) -> None:
    with Server(replies(page("/p.jpg"), p_jpg=picture())) as server:
        ran = crawl(local, server)
        (head,) = (head for head in server.heads if head.startswith("GET /p.jpg"))
    assert ran.code == 0, ran.err
    small, whole = sorted(files(local), reverse=True)
    assert small == f"small/{whole}"
    text = post(local)
    image = f'<img src="/assets/images/{whole}" alt="The quay" width="640" height="400" />'
    assert image in text
    assert "<figcaption>A caption</figcaption>" in text
    assert f'image: "/assets/images/{whole}"' in text
    assert "Referer: http://news.example/a/1" in head
    assert opened((local.posts.parent / "assets/images" / whole).read_bytes()).size == (640, 400)


def test_nothing_is_fetched_twice_and_nothing_is_rewritten(local: Cli) -> None:
    with Server(replies(page("/p.jpg", "/q.jpg"), p_jpg=picture(), q_jpg=picture())) as server:
        crawl(local, server)
        before = {path: path.read_bytes() for path in local.folder.rglob("*.md")}
        kept = files(local)
        ran = crawl(local, server)
        share = local("share", "http://news.example/a/1", "--connect-to", server.address)
    assert (ran.code, share.code) == (0, 0), ran.err + share.err
    assert len(kept) == 2  # both addresses have the same content
    assert server.paths().count("/p.jpg") == server.paths().count("/q.jpg") == 1
    assert {path: path.read_bytes() for path in local.folder.rglob("*.md")} == before
    assert files(local) == kept


HOSTILE = {
    "svg as png": ("NotAPicture", picture(SVG, "image/png")),
    "html as jpeg": ("BrokenPicture", picture(PAGE)),
    "0 bytes": ("BrokenPicture", picture(b"")),
    "cut in two": ("BrokenPicture", picture(drawn()[:5000])),
    "a bomb of 30,000 x 30,000 pixels": ("NotAPicture", picture(png_of(30_000, 30_000))),
    "a counter": ("NotAPicture", picture(drawn("PNG", scene(1, 1)))),
    "not found": ("Http404", http(b"no", 404)),
    "forbidden": ("Http403", http(b"no", 403)),
    "a redirect to a private address": (
        "RefusedAddress",
        http(status=302, headers={"Location": "http://127.0.0.1:1/p.jpg"}),
    ),
    "a redirect to a file": (
        "Http302",
        http(status=302, headers={"Location": "file:///etc/passwd"}),
    ),
    "a redirect to itself": (
        "TooManyRedirects",
        http(status=302, headers={"Location": "/loop.jpg"}),
    ),
    "a compression bomb": (
        "BadCompression",
        http(b"\x1f\x8b" + b"x" * 100, headers={"Content-Encoding": "gzip"}),
    ),
}


LOOP = {"/loop.jpg": HOSTILE["a redirect to itself"][1]}


def test_attack_hostile_pictures_stay_links_and_the_article_has_its_post(local: Cli) -> None:
    names = {f"/h{number}.jpg": name for number, name in enumerate(HOSTILE)}
    answers = {path: HOSTILE[name][1] for path, name in names.items()}
    with Server(replies(page(*names, "/p.jpg"), p_jpg=picture()) | answers | LOOP) as server:
        ran = crawl(local, server)
    assert ran.code == 0, ran.err
    linked = set(re.findall(r'src="http://news\.example([^"]*)"', post(local)))
    assert {name for path, name in names.items() if path not in linked} == set()
    assert len(files(local)) == 2
    why = Counter(why for why, _ in HOSTILE.values())
    counted = dict(re.findall(r"(\w+) (\d+)", ran.out[ran.out.index("1 kept") :].split("\n")[0]))
    assert {name: int(number) for name, number in counted.items()} == why


def test_attack_robots_txt_holds_for_pictures(local: Cli) -> None:
    answers = replies(page("/p.jpg"), p_jpg=picture())
    answers["/robots.txt"] = http(b"User-agent: *\nDisallow: /p.jpg", 200)
    with Server(answers) as server:
        ran = crawl(local, server)
    assert (ran.code, "/p.jpg" in server.paths()) == (0, False)
    assert source(post(local)) == "http://news.example/p.jpg"


def test_attack_a_page_names_private_addresses_as_pictures(local: Cli) -> None:
    private = ["http://127.0.0.1:22/p.jpg", "http://[::1]/p.jpg", "http://169.254.169.254/p.jpg"]
    with Server(replies(page(*private, "/p.jpg"), p_jpg=picture())) as server:
        ran = crawl(local, server)
    assert re.search(r"pictures +1 kept, RefusedAddress 3", ran.out), ran.out
    assert [host for _, host, _ in server.asked if host != "news.example"] == []


def test_attack_more_pictures_than_an_article_has(local: Cli) -> None:
    many = [f"/p{number}.jpg" for number in range(200)]
    answers = {**replies(page(*many)), **{name: picture() for name in many}}
    with Server(answers) as server:
        assert crawl(local, server).code == 0
    assert len([path for path in server.paths() if path.startswith("/p")]) == 40


def test_an_animation_moves(local: Cli) -> None:
    with Server(replies(page("/p.gif"), p_gif=picture(animation(5)))) as server:
        crawl(local, server)
    assert source(post(local)).endswith(".webp")


def test_a_picture_that_failed_is_kept_by_a_later_run_and_the_post_is_no_update(
    local: Cli,
) -> None:
    answers = replies(page("/p.jpg", "/q.jpg"), p_jpg=[http(b"", 404), picture()], q_jpg=picture())
    with Server(answers) as server:
        crawl(local, server)
        before = post(local)
        assert 'image: "http://news.example/p.jpg"' in before
        crawl(local, server)
        assert server.paths().count("/p.jpg") == 1  # not at once
        age_tries(local)
        ran = crawl(local, server)
        after = post(local)
        crawl(local, server)
        age_tries(local)
        crawl(local, server)
    assert ran.code == 0, ran.err
    assert after.count('src="/assets/images/') == 2
    assert 'image: "/assets/images/' in after
    assert "last_modified_at" not in after
    assert (post(local), server.paths().count("/p.jpg")) == (after, 2)
    assert re.search(r"pictures +1 kept, later 1", ran.out), ran.out


def test_a_picture_that_failed_is_shown_later_by_each_article_that_has_it(local: Cli) -> None:
    answers = replies(page("/p.jpg"), p_jpg=[http(b"", 404), picture()])
    answers |= {f"/a/{number}": page("/p.jpg") for number in (2, 3)}
    answers["/"] = [listed("/a/1", "/a/2"), listed("/a/3", "/a/1", "/a/2")]
    with Server(answers) as server:
        crawl(local, server)
        crawl(local, server)  # the picture is not due yet, and a further article has it
        age_tries(local)
        ran = crawl(local, server)
        assert server.paths().count("/p.jpg") == 2
    posts = [file.read_text("utf-8") for file in local.posts.iterdir()]
    assert [source(text)[:15] for text in posts] == ["/assets/images/"] * 3
    assert re.search(r"pictures +1 kept, later 3", ran.out), ran.out


def test_a_picture_is_asked_for_five_times_and_no_more(local: Cli) -> None:
    with Server(replies(page("/p.jpg"), p_jpg=http(b"", 404))) as server:
        for _ in range(len(PAUSES) + 3):
            crawl(local, server)
            age_tries(local)
    assert server.paths().count("/p.jpg") == len(PAUSES) + 1


def test_a_post_that_a_person_edited_gets_no_picture_later(local: Cli) -> None:
    answers = replies(page("/p.jpg"), p_jpg=[http(b"", 404), picture()])
    with Server(answers) as server:
        crawl(local, server)
        (name,) = local.names
        edited = post(local) + "\nMy line.\n"
        (local.posts / name).write_text(edited, "utf-8")
        age_tries(local)
        assert crawl(local, server).code == 0
    assert post(local) == edited


def age_tries(cli: Cli) -> None:
    """Let all tries of pictures be of last year."""
    file = cli.posts.parent / "_newsspider/pictures.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for line in lines:
        if "tried" in line:
            line["tried"] = "2025-01-01T00:00:00+00:00"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")


@pytest.mark.parametrize("how", ["link", "local", "drop"])
def test_an_option_beats_the_site(local: Cli, how: str) -> None:
    with Server(replies(page("/p.jpg"), p_jpg=picture())) as server:
        ran = crawl(local, server, "--images", how)
    text = post(local)
    starts = {"link": "http://news.example/p.jpg", "local": "/assets/images/", "drop": ""}
    assert ran.code == 0, ran.err
    assert source(text).startswith(starts[how])
    assert ("A caption" in text, "image:" in text) == (how != "drop", how != "drop")
    assert bool(files(local)) == (how == "local")


def test_a_summary_has_no_pictures_and_a_dry_run_fetches_none(local: Cli) -> None:
    with Server(replies(page("/p.jpg"), p_jpg=picture())) as server:
        crawl(local, server, "--dry-run")
        crawl(local, server, "--text", "summary")
    assert "/p.jpg" not in server.paths()


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_foreign_folder_of_pictures_is_refused_in_a_line(local: Cli, what: str) -> None:
    assets = local.folder / "output/site/assets"
    (assets.parent / "_posts").mkdir(parents=True)
    assets.mkdir()
    if what == "file":
        (assets / "images").write_text("x")
    else:
        (assets / "images").symlink_to(local.folder)
    with Server(replies(page("/p.jpg"), p_jpg=picture())) as server:
        ran = crawl(local, server)
    assert ran.code == 2
    assert "assets/images: is" in ran.err
    assert "choose --images link" in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err


def test_posts_with_kept_pictures_are_rendered_with_them(local: Cli) -> None:
    with Server(replies(page("/p.jpg"), p_jpg=http(status=404))) as server:
        assert crawl(local, server, "-s", "NEWS_ARCHIVE=1").code == 0
    assert "1 post read again" in local("render").out
    age_tries(local)
    with Server(replies(page("/p.jpg"), p_jpg=picture())) as server:
        assert crawl(local, server).code == 0
    before = post(local)
    assert "/assets/images/" in source(before)
    assert ": 0 rewritten" in local("render").out
    assert post(local) == before


WHOLE = """<html><head><title>The quay is open again</title>
<meta property="article:published_time" content="2026-11-01T10:00:00+00:00"></head><body><article>
<h1>The quay is open again</h1>{text}<figure><img src="/p.jpg" alt="The quay"></figure></article>"""


@pytest.mark.parametrize(
    ("options", "says"),
    [((), True), (("--images", "link"), False), (("--images", "drop"), False)],
)
def test_a_one_off_says_that_its_pictures_are_linked(
    tmp_path: Path, options: tuple[str, ...], says: bool
) -> None:
    sentence = "<p>The quay of the old harbour is open again after a year, the town says.</p>"
    article = http(WHOLE.format(text=sentence * 8).encode())
    with Server({"/robots.txt": http(status=404), "/a/1": article}) as server:
        share = ("share", "http://news.example/a/1", "--connect-to", server.address)
        ran = Cli(tmp_path, None)(*share, *options)
    assert ran.code == 0, ran.err
    assert ("pictures are linked, not kept" in ran.out) == says, ran.out
