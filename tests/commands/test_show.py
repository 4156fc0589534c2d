"""`newsspider show`: all that is known of a link or a post."""

from __future__ import annotations

from support.cli import SEED, SHARE, Cli
from support.runs import ledger_of

ID = SEED[11:-3]


def test_a_post_is_shown_by_each_of_its_names(cli: Cli) -> None:
    assert cli("share", ID).code == 0
    by_id = cli("show", ID)
    assert by_id.code == 0, by_id.err
    assert f"{SEED}: as newsspider wrote it" in by_id.out
    assert "finews/@share, first seen " in by_id.out
    for name in (SEED, f"output/site/_posts/{SEED}", SHARE + ID):
        assert cli("show", name).out == by_id.out, name


def test_an_edited_and_a_removed_post_say_so_and_how_it_comes_back(cli: Cli) -> None:
    assert cli("share", ID).code == 0
    post = cli.posts / SEED
    post.write_text("mine")
    assert "edited since newsspider wrote it" in cli("show", ID).out
    post.unlink()
    assert "its file is missing" in cli("show", ID).out
    assert cli("share", ID).code == 0
    shown = cli("show", ID).out
    assert "removed by a person" in shown
    folder = cli.folder / "output/site"
    (folder / "_newsspider/removed.txt").unlink()
    (folder / ".newsspider/ledger.sqlite").unlink()
    assert cli("share", ID).code == 0
    assert cli.names == [SEED]


def test_a_link_that_is_not_known(cli: Cli) -> None:
    ran = cli("show", "https://x.example/a")
    assert (ran.code, "'https://x.example/a' is not known" in ran.err) == (2, True)
    assert not (cli.folder / "output").exists()


def test_a_link_that_waits_for_the_next_run(cli: Cli) -> None:
    assert cli("crawl", "finews/renminyoudianbao", "--limit", "1").code == 0
    links = ledger_of(cli.folder / "output/site")["links"]
    key = next(key for _, _, key, _, _, _, state, _ in links if state == "pending")
    ran = cli("show", key)
    assert "finews/renminyoudianbao, first seen " in ran.out
    assert "the next run asks for it" in ran.out
