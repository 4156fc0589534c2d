"""The posts of an existing site, taken over: nothing that it has is published again.

In: a folder of Jekyll, Hugo or Hexo posts, and an open output folder. Out: the articles of its
posts in the ledger, and an Adoption that counts them. `commands/adopt.py` calls it.

A post that lies where newsspider would write it stays what it is: it keeps its name, category and
date, and counts as edited until its article is fetched and found the same. Any other (of another
program, in an archive) has its article noted as one that is not to be written.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from errno import EEXIST
from pathlib import Path

from newsspider.exporters.foreign import SUFFIXES, Fault, NoPost, read_post, repaired
from newsspider.model import Article, Link
from newsspider.sites import site_of
from newsspider.sites.identity import article_key
from newsspider.sites.schema import Site
from newsspider.store.files import read_text
from newsspider.store.lasting import LASTING
from newsspider.store.output import Output
from newsspider.store.rebuild import Owners, adopt_post
from newsspider.text.urls import host

# Folders that a builder writes, or that files other than posts lie in.
_NOT_POSTS = (
    *("_site", "public", "node_modules", "vendor", "themes", "category", LASTING),
    *("_layouts", "layouts", "_includes", "archetypes", "scaffolds", "_drafts"),
)


@dataclass(frozen=True, slots=True)
class Repair:
    """A post that can be repaired: its file, its new name (mostly the same) and text."""

    file: Path
    name: str
    before: str
    after: str


@dataclass(slots=True)
class Adoption:
    """What a folder has. Posts by the name of their site: `here` those in place, `elsewhere` those
    in other places. `doubles` are the files of articles that another file has already. `faults` are
    the files that are not taken over, each with the reason, by its name."""

    here: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    doubles: list[Path] = field(default_factory=list)
    faults: dict[str, list[tuple[Path, str]]] = field(default_factory=lambda: defaultdict(list))
    repairs: list[Repair] = field(default_factory=list)

    @property
    def posts(self) -> int:
        """The number of files that are posts, or were meant to be."""
        faults = sum(map(len, self.faults.values()))
        return self.here.total() + self.elsewhere.total() + len(self.doubles) + faults


def post_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that may be posts, in the order of their names; those in
    `_posts` come first. Links to other folders are not followed."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n[0] != "." and n not in _NOT_POSTS)
        folders.sort(key=lambda name: name != "_posts")
        yield from (Path(where, name) for name in sorted(names) if name.lower().endswith(SUFFIXES))


def adopt(folder: Path, output: Output, sites: Sequence[Site]) -> Adoption:
    """Take over the posts of a folder. Raises Unwritable."""
    result, owners_of, elsewhere = Adoption(), Owners(sites), dict[str, str]()
    here, ledger, categories = output.posts.resolve(), output.ledger, set()
    known = {post.path: post for post in ledger.published()}  # a new ledger has read them already
    with ledger.transaction():
        for file in post_files(folder):
            in_place = file.parent.resolve() == here
            if in_place and file.name in known:
                result.here[known[file.name].site] += 1
                if not _begins_well(file):
                    _note_repair(file, result.repairs)
                continue
            try:
                article = _read(file, folder, result.repairs if in_place else None)
                owners = owners_of(article) or _adhoc(article, sites)
            except NoPost:
                continue
            except Fault as fault:
                result.faults[fault.reason].append((file, str(fault)))
                continue
            key = article_key(owners[0], Link(url=article.link, id=article.id))
            row = ledger.article(ledger.resolve(key))
            if in_place and row is None:
                adopt_post(ledger, file.name, article, owners)
                categories.add(article.category)
            elif (row and not (in_place and row.path == file.name)) or key in elsewhere:
                result.doubles.append(file)
                continue
            if in_place:
                result.here[owners[0].name] += 1
            else:
                elsewhere[key] = owners[0].name
        ledger.note_categories(sorted(categories))
    output.note_elsewhere(list(elsewhere))
    result.elsewhere.update(elsewhere.values())
    return result


def repair(found: Repair, output: Output) -> None:
    """Write a repaired post. Raises OSError if a file of its new name exists, Unwritable."""
    target = found.file.with_name(found.name)
    if target != found.file and target.exists():
        raise FileExistsError(EEXIST, "exists already", str(target))
    output.write(target, found.after)
    if target != found.file:
        found.file.unlink()


def _read(file: Path, folder: Path, repairs: list[Repair] | None) -> Article:
    """Return the article of a post; add the post to `repairs` if it can be repaired. Raises Fault,
    NoPost."""
    try:
        text = read_text(file)
    except (OSError, UnicodeError):
        raise Fault("NotText", "it cannot be read as text") from None
    if repairs is not None:
        _note_repair(file, repairs)
    return read_post(file.relative_to(folder).as_posix(), text)


def _begins_well(file: Path) -> bool:
    """Return whether a file begins with front matter, as Jekyll wants it."""
    with file.open("rb") as opened:
        return opened.read(4) == b"---\n"


def _note_repair(file: Path, repairs: list[Repair]) -> None:
    with contextlib.suppress(OSError, UnicodeError):
        text = read_text(file)
        if fixed := repaired(file.name, text):
            repairs.append(Repair(file, fixed[0], text, fixed[1]))


def _adhoc(article: Article, sites: Sequence[Site]) -> list[Site]:
    """Return the site of an article's address, which has no site file. Raises Fault."""
    if not host(article.link):
        raise Fault("NoLink", "it has no link, and no site file knows its id")
    return [site_of(article.link, sites)]
