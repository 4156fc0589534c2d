"""A repository grows by its posts alone: a day of 500 posts, on a site that has 20,000."""

from __future__ import annotations

import json
import random
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.cli import program

from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.publisher import Publisher
from newsspider.model import Article, Link
from newsspider.sites import load
from newsspider.store.folder import open_output
from newsspider.store.output import text_hash

FINEWS = load("finews")
CATEGORY = "renminyoudianbao"
FORMAT = Jekyll(lambda article: FINEWS.recipe(FINEWS.category(CATEGORY)))
OLD, NEW, RUNS = 20_000, 500, 12
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Of what the posts themselves take, packed one by one; measured: 1.12. The rest is
# their records, and the folders as git keeps them.
_MOST = 1.5


def articles(number: int, first: int) -> Iterator[Article]:
    """Articles of invented words, 500 a day before NOW, which pack no better than real ones."""
    chosen = random.Random(first)
    for at in range(first, first + number):
        id = f"2026{at:014d}"
        text = "".join(chr(chosen.randrange(0x4E00, 0x5600)) for _ in range(600))
        yield Article(
            site="finews",
            key=f"eastmoney:{id}",
            id=f"NW{id}",
            link=f"https://finance.eastmoney.com/a/{id}.html",
            title=text[:20],
            published=NOW - timedelta(days=1) * (OLD - at) / NEW,
            source="人民邮电报",
            category=CATEGORY,
            tag="人民邮电报新闻",
            body=f"<p>{text}</p>",
            listing=CATEGORY,
        )


def crawl(folder: Path, found: list[Article]) -> None:
    """Publish articles as a run does."""
    output = open_output(folder, dry=False, sites=(FINEWS,), posts=FORMAT.folder, read=FORMAT.read)
    publisher = Publisher(output, FORMAT, FINEWS)
    for article in found:
        link = Link(url=article.link, title=article.title)
        output.ledger.note_link("finews", CATEGORY, article.key, link, "pending")
        publisher.publish(article)
        output.ledger.settle(article, "published")
    output.close()


def grown(folder: Path, found: Iterator[Article]) -> None:
    """Add posts with their records, as runs would have left them: too many to be published."""
    (file,) = (folder / "_newsspider/records").iterdir()
    (line,) = file.read_text("utf-8").splitlines()
    months: dict[str, list[str]] = defaultdict(list)
    for article in found:
        assert article.published
        text = FORMAT.render(article, "zh-CN")
        name = FORMAT.path(article)
        (folder / "_posts" / name).write_text(text, "utf-8")
        values = json.loads(line)
        values |= {"key": article.key, "path": name, "hash": text_hash(text.encode())}
        values["date"] = f"{article.published:%Y-%m-%d %H:%M:%S} +0000"
        shown = {"id": article.id, "link": article.link, "title": article.title}
        shown["published"] = article.published.isoformat()
        values["article"] |= shown
        months[values["date"][:7]].append(json.dumps(values, ensure_ascii=False))
    for month, lines in months.items():
        text = "".join(f"{line}\n" for line in sorted(lines))
        (file.parent / f"{month}.jsonl").write_text(text, "utf-8")


def git(folder: Path, *arguments: str, stdin: str = "") -> bytes:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.fsync=none")
    done = subprocess.run(
        [program("git"), "-C", folder, *name, *arguments],
        input=stdin.encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "news")
    return git(folder, "rev-parse", "HEAD").decode().strip()


def test_a_day_of_posts_adds_little_more_than_the_posts(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    crawl(tmp_path, list(articles(1, OLD - 1)))
    grown(tmp_path, articles(OLD, 0))
    (tmp_path / ".newsspider/ledger.sqlite").unlink()
    before = commit(tmp_path)

    new = list(articles(NEW, OLD))
    known = {path for path in tmp_path.rglob("*") if path.is_file()}
    for run in range(RUNS):
        crawl(tmp_path, new[run::RUNS])
        commit(tmp_path)

    posts = [path for path in (tmp_path / "_posts").iterdir() if path not in known]
    assert len(posts) == NEW
    alone = sum(len(zlib.compress(path.read_bytes())) for path in posts)
    # What a push sends, and what the server then has more.
    sent = len(
        git(
            tmp_path,
            "pack-objects",
            "--revs",
            "--thin",
            "--stdout",
            "--quiet",
            stdin=f"HEAD\n^{before}\n",
        )
    )
    assert sent < _MOST * alone
    changed = git(tmp_path, "diff", "--name-only", before, "HEAD").decode().splitlines()
    others = {name for name in changed if not name.startswith("_posts/")}
    assert others <= {f"_newsspider/records/2026-{month}.jsonl" for month in (10, 11, 12)}, others
