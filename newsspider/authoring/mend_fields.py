"""Article fields whose selectors find nothing any more → selectors that find them today.

In: a site, the pages of its articles as they are today, and what the saved ones gave when they were
read well. Out: a pick for each field that the pages show. Called by `authoring.mend`. Pure.

What a field should be is what the same article gave before, or what its listing or generic
extraction says today; an author or a source also one of those that earlier articles had. The pick
must give that on every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from lxml import html

from newsspider.authoring.mend_json import Answer, json_picks
from newsspider.authoring.replay import (
    Fixture,
    Replayed,
    Saved,
    Value,
    as_list,
    lost_fields,
    plain,
)
from newsspider.dates import Moment, Precision, read_time
from newsspider.discover.showing import Distance, pick_of
from newsspider.errors import NotReadable
from newsspider.extraction.page import read_page
from newsspider.sites.listings import HtmlPage, HtmlPick, JsonPage, JsonPick
from newsspider.sites.schema import Site
from newsspider.text.selectors import html_field, parse_script, take_out

_FEWEST = 2  # articles, if nothing of an earlier day shows what is meant
_COVERED = 0.9  # of the lines of a text that its element must have
_SPARE = 1.5  # times the text, that of its element may be
_MOST_LINES = 60  # of a text that are looked for
_LEAST = 20  # characters of a line that tells texts apart
_LONGEST_TIME = 80  # characters with the words around it
_MINUTE = timedelta(minutes=1)
_OWN = ("title", "body")  # of each article
_TIMES = ("time", "modified")
_ATTRIBUTES = ("datetime", "content")  # in which pages state times


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page of an article, the fields that the article had, and those that it seems to have."""

    tree: html.HtmlElement
    before: Mapping[str, Value]
    today: Mapping[str, Value]
    title: str  # in the listing

    def values(self, name: str) -> Iterator[list[str]]:
        """Yield the values that a field may have."""
        for value in (self.before.get(name), self.today.get(name)):
            if value:
                yield as_list(value)
        if name == "title" and self.title:
            yield [self.title]


def new_picks(
    site: Site,
    fixture: Fixture,
    now: Replayed,
    before: Replayed | None,
    names: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, str, HtmlPick | JsonPick]]:
    """Yield page, field and pick for each field that today's pages have elsewhere. `now` is what
    the site file reads from them, `before` what it read from the saved pages; `names` are the
    authors and sources that earlier articles had, by field."""
    lost = lost_fields(now)
    for page in site.recipe(site.category(fixture.category)).ask or ():
        rules = site.pages[page]
        if isinstance(rules, JsonPage):
            answers = list(_answers(fixture, now, before, names, page, rules))
            for name, path in json_picks(rules, answers, _reader_of_times(site, fixture)):
                yield page, name, path
            continue
        shown = list(_shown(site, fixture, now, before, page))
        for name in [name for name in rules.fields if name in lost]:
            if pick := _pick(site, fixture, rules.fields[name], name, shown, names.get(name, ())):
                yield page, name, pick


def _reader_of_times(site: Site, fixture: Fixture) -> partial[Moment | None]:
    return partial(read_time, now=fixture.now, zone=site.zone, language=site.language)


def _answers(
    fixture: Fixture,
    now: Replayed,
    before: Replayed | None,
    names: Mapping[str, Sequence[str]],
    page: str,
    rules: JsonPage,
) -> Iterator[Answer]:
    """Yield the JSON of each article, with what its fields are known to be."""
    for key, saved in _saved(fixture, page):
        document = saved.page.document
        try:
            value = parse_script(document.tree, rules.script) if rules.script else document.value
        except NotReadable:
            value = None
        last = before.articles.get(key) if before is not None else None
        today = now.articles.get(key)
        wanted: dict[str, list[Value]] = {name: [list(known)] for name, known in names.items()}
        for reading in filter(None, (last, today)):
            for name, each in reading.fields.items():
                wanted.setdefault(name, []).append(each)
        wanted.setdefault("title", []).append(now.titles.get(key, ""))
        yield Answer(value, wanted)


def _saved(fixture: Fixture, page: str) -> Iterator[tuple[str, Saved]]:
    """Yield the key of each article, and its page of this name."""
    for sample in fixture.samples:
        saved = next((saved for saved in sample.pages if saved.name == page), None)
        if saved is not None:
            yield sample.key, saved


def _shown(
    site: Site, fixture: Fixture, now: Replayed, before: Replayed | None, page: str
) -> Iterator[_Shown]:
    rules = site.pages[page]
    assert isinstance(rules, HtmlPage)
    for key, saved in _saved(fixture, page):
        generic = read_page(
            saved.page, HtmlPage(kind="html"), now=fixture.now, zone=site.zone
        ).fields
        tree = saved.page.document.tree
        if "rejection" in generic:  # a wall or an error page shows nothing of the article
            continue
        if rules.strip:
            tree = deepcopy(tree)
            take_out(tree, rules.strip)
        last = before.articles.get(key) if before is not None else None
        yield _Shown(
            tree,
            last.fields if last is not None else {},
            {name: plain(name, value) for name, value in generic.items()},
            now.titles.get(key, ""),
        )


def _pick(
    site: Site,
    fixture: Fixture,
    old: Sequence[HtmlPick],
    name: str,
    shown: Sequence[_Shown],
    names: Sequence[str],
) -> HtmlPick | None:
    more = [list(names)] if names else []
    values = [[*each.values(name), *more] for each in shown]
    known = any(name in each.before for each in shown)
    if not all(values) or len(shown) < (1 if known else _FEWEST):
        return None
    if name == "body":
        distances: list[Distance] = [partial(_from_body, each) for each in values]
    elif name in _TIMES:
        read = _reader_of_times(site, fixture)
        distances = [partial(_from_time, read, [read(v[0]) for v in each]) for each in values]
    else:
        distances = [partial(_from_text, each) for each in values]
    trees = [each.tree for each in shown]
    pick = pick_of(
        trees,
        distances,
        patterns=tuple(dict.fromkeys([*(pick.pattern for pick in old), ""])),
        attributes=_ATTRIBUTES if name in _TIMES else (),
    )
    # What is the same in all articles is the site's, or that of a page in place of the article.
    if pick is not None and name in _OWN and len(trees) > 1:
        texts = {html_field(tree, [pick]) for tree in trees}
        pick = pick if len(texts) == len(trees) else None
    return pick


def _from_text(values: Sequence[Sequence[str]], text: str) -> float | None:
    return 0.0 if any(text in value for value in values) else None


def _from_time(
    read: partial[Moment | None], times: Sequence[Moment | None], text: str
) -> float | None:
    """Return 0 for the time, 1 for its day alone; None for another time or day."""
    moment = read(text) if len(text) <= _LONGEST_TIME else None
    if moment is None:
        return None
    for wanted in filter(None, times):
        by_day = Precision.DAY in (moment.precision, wanted.precision)
        if wanted.at.date() == moment.at.date() if by_day else abs(wanted.at - moment.at) < _MINUTE:
            return float(by_day)
    return None


def _from_body(values: Sequence[Sequence[str]], text: str) -> float | None:
    """Return how much longer than the body a text with all its lines is; None for another text."""
    for value in values:
        lines = [" ".join(line.split()) for line in value]
        length = sum(map(len, lines))
        if not _COVERED * length <= len(text) <= _SPARE * length:
            continue
        wanted = [line for line in lines if len(line) >= _LEAST][:_MOST_LINES] or lines
        if sum(line in text for line in wanted) >= _COVERED * len(wanted):
            return abs(len(text) / length - 1)
    return None
