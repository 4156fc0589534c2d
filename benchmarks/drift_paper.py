"""A paper whose pages change as a script says: its stories, its site file, its answers.

In: a kind (html, generic, feed, json) and a seed, from which names of classes, language and texts
follow. Out: the text of a site file, and an Answer for each path. `drift_changes` changes its
parts; `drift_crawls` serves and crawls it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

HOST = "paper.example"
KINDS = ("html", "generic", "feed", "json")
_SYLLABLES = ("ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "tu")
_EACH = timedelta(minutes=20)  # between two stories
_WORDS = {
    "en": (
        "The Bay Courier|Ann Miller|John Baker|Ruth Lane",
        "harbour bridge council market river school theatre station factory library museum garden"
        " airport hospital stadium brewery orchard railway bakery mill",
        "opens again closes early grows quickly needs repairs wins a prize changes hands waits for"
        " money moves north",
        "The council decided on {a} that the {b} will {c} before the end of the year, and {n}"
        " people came to hear why.|Residents near the {b} said that the {a} had been promised to"
        " them {n} months ago.|According to the plan, {n} workers will rebuild the {a} beside the"
        " {b} without closing it.|Nobody knows yet who pays for the {a}; an estimate of {n} million"
        " was read aloud at the {b}.",
    ),
    "de": (
        "Der Hafenbote|Anna Müller|Jörg Becker|Ute Lang",
        "Hafen Brücke Rathaus Markt Fluss Schule Theater Bahnhof Fabrik Bücherei Museum Garten"
        " Flughafen Klinik Stadion Brauerei Obsthof Bahn Bäckerei Mühle",
        "öffnet wieder schließt früher wächst schnell braucht Hilfe gewinnt Preis wechselt Besitzer"
        " wartet auf Geld zieht um",
        "Der Rat hat zum Thema {a} beschlossen, dass {b} noch in diesem Jahr an die Reihe kommt;"
        " {n} Leute hörten zu.|Die Anwohner am Ort {b} sagten, dass ihnen {a} schon vor {n} Monaten"
        " versprochen worden sei.|Nach dem Plan bauen {n} Arbeiter das Gelände {a} neben {b} um,"
        " ohne es zu schließen.|Noch weiß niemand, wer für {a} bezahlt; im Saal {b} war von"
        " {n} Millionen die Rede.",
    ),
    "zh": (
        "海湾日报|王小明|李卫国|陈静",
        "港口 大桥 议会 市场 河流 学校 剧院 车站 工厂 图书馆 博物馆"
        " 花园 机场 医院 体育场 酒厂 果园 铁路 面包房 磨坊",
        "重新开放 提前关闭 迅速增长 急需维修 获得大奖 更换业主 等待拨款 向北搬迁",
        "市议会就{a}一事作出决定，{b}将在年底之前完成改造，共有{n}人到场旁听并提出了意见。|"
        "居住在{b}附近的居民表示，早在{n}个月以前就已经有人向他们承诺修建{a}。|按照规划，{n}名工人将在不停业的情况下改建{b}旁边的{a}。|"
        "目前还没有人知道由谁来支付{a}的费用，会上在{b}宣读了一份{n}万元的预算。",
    ),
}
_ZONES = {"en": "Europe/London", "de": "Europe/Berlin", "zh": "Asia/Shanghai"}


@dataclass(frozen=True)
class Story:
    """An article as the newsroom wrote it, whatever its page shows."""

    number: int
    title: str
    time: datetime
    author: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/{self.time:%Y/%m/%d}/story-{self.number}.html"


@dataclass(frozen=True)
class Answer:
    """What the server sends; `cut`: it closes the connection instead."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False


def page(text: str, status: int = 200) -> Answer:
    """Return an answer with a whole HTML page of this body."""
    return Answer(f"<!doctype html><html><body>{text}</body></html>".encode(), status)


@dataclass
class Paper:
    """The paper as it is today. A change sets its parts, or what answers its paths."""

    kind: str
    seed: int
    stories: list[Story] = field(default_factory=list)  # newest first
    # What answers the listing, and each story, in place of the ordinary pages.
    listing: Callable[[], Answer] | None = None
    article: Callable[[Story], Answer] | None = None
    everything: Callable[[str], Answer] | None = None

    def __post_init__(self) -> None:
        chosen = self.chosen = random.Random(f"{self.kind} {self.seed}")
        self.language = chosen.choice(sorted(_WORDS))
        names, nouns, verbs, sentences = _WORDS[self.language]
        self.title, *self.authors = names.split("|")
        self._nouns, self._sentences = nouns.split(), sentences.split("|")
        self._verbs = verbs.split()
        self.per_page, self._most_new = chosen.randint(14, 30), chosen.randint(3, 6)
        self.list_tag, self.item_tag = chosen.choice(
            [("ul", "li"), ("ol", "li"), ("div", "section")]
        )
        self.list_class, self.title_class = self.new_name(), self.new_name()
        self.time_class, self.author_class, self.body_class = (self.new_name() for _ in range(3))
        self.title_tag, self.time_tag, self.body_tag = "h1", "span", "div"
        self.time_format = chosen.choice(["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"])
        self.listed_format = self.time_format
        self.item_link, self.headline = "href", "{title}"
        self.encoding, self.declared = "utf-8", "utf-8"
        self.lang = self.language
        self.following = True  # whether the listing links to its next page
        self.entries_key, self.url_key = "items", "url"
        self.picture = '<img src="/p/{number}.jpg" width="600" height="400" alt="">'
        self.body_of: Callable[[Story], str] = self.paragraphs
        self._began = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=5)
        self.publish(self.per_page)

    def copy(self) -> Paper:
        """Return a paper with the same stories and names, which may be changed."""
        again = Paper(self.kind, self.seed)
        again.stories = list(self.stories)
        return again

    def new_name(self) -> str:
        """Return a name for a class that no part of the paper has yet."""
        syllables = [self.chosen.choice(_SYLLABLES) for _ in "123"]
        return "".join(syllables) + self.chosen.choice(["", "-list", "-box", "-main"])

    # -- stories ------------------------------------------------------------------------------

    def publish(self, most: int = 0) -> list[Story]:
        """Publish stories, at most so many as in an ordinary run; return them."""
        number = most or self.chosen.randint(1, self._most_new)
        new = [self._story(len(self.stories) + at) for at in range(number)]
        self.stories = [*reversed(new), *self.stories]
        return new

    def _story(self, number: int) -> Story:
        chosen = self.chosen
        gap = "" if self.language == "zh" else " "
        words = [
            chosen.choice(self._nouns),
            chosen.choice(self._nouns),
            *chosen.sample(self._verbs, 3),
        ]
        title = gap.join(words) + f" {number}"
        author, length = chosen.choice(self.authors), chosen.randint(4, 9)
        paragraphs = tuple(
            "".join(self._sentence() + gap for _ in range(chosen.randint(2, 4))).strip()
            for _ in range(length)
        )
        return Story(number, title, self._began + number * _EACH, author, paragraphs)

    def _sentence(self) -> str:
        nouns, verb = self.chosen.sample(self._nouns, 2), self.chosen.choice(self._verbs)
        number = self.chosen.randint(2, 900)
        return self.chosen.choice(self._sentences).format(a=nouns[0], b=nouns[1], c=verb, n=number)

    # -- pages --------------------------------------------------------------------------------

    def answer(self, path: str) -> Answer:
        """Return the answer to a request for a path."""
        if self.everything is not None:
            return self.everything(path)
        plain, _, query = path.partition("?")
        if plain == "/news":
            return (self.listing or (lambda: self.ordinary_listing(int(query[2:] or 0))))()
        if plain == "/":
            return page(f"<h1>{self.title}</h1><p><a href='/about'>About</a></p>")
        for story in self.stories:
            if story.path == plain:
                return (self.article or self.ordinary_article)(story)
        return page("<h1>404</h1>", 404)

    def ordinary_listing(self, number: int = 0) -> Answer:
        start = number * self.per_page
        stories = self.stories[start : start + self.per_page]
        if self.kind == "feed":
            return Answer(self.feed(stories).encode(), type="application/rss+xml")
        if self.kind == "json":
            return Answer(json.dumps(self.records(stories)).encode(), type="application/json")
        return self.html(self.title, self.list_of(stories) + self._next(number))

    def _next(self, number: int) -> str:
        more = self.following and len(self.stories) > (number + 1) * self.per_page
        return f'<p><a class="next" href="/news?p={number + 1}">&gt;</a></p>' if more else ""

    def list_of(self, stories: list[Story]) -> str:
        items = "".join(
            f'<{self.item_tag}><a {self.item_link}="{story.path}">{escape(story.title)}</a>'
            f" <time>{self.local(story, self.listed_format)}</time></{self.item_tag}>"
            for story in stories
        )
        return f'<{self.list_tag} class="{self.list_class}">{items}</{self.list_tag}>'

    def feed(self, stories: list[Story]) -> str:
        items = "".join(
            f"<item><title>{escape(story.title)}</title><link>http://{HOST}{story.path}</link>"
            f"<pubDate>{story.time.strftime(self.listed_format)}</pubDate></item>"
            for story in stories
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'

    def records(self, stories: list[Story]) -> dict[str, object]:
        return {
            self.entries_key: [
                {
                    self.url_key: story.path,
                    "title": story.title,
                    "time": self.local(story, self.listed_format),
                }
                for story in stories
            ]
        }

    def ordinary_article(self, story: Story) -> Answer:
        text = (
            f'<{self.title_tag} class="{self.title_class}">'
            f"{self.headline.format(title=escape(story.title))}</{self.title_tag}>"
            f'<p><{self.time_tag} class="{self.time_class}">{self.local(story, self.time_format)}'
            f'</{self.time_tag}> <span class="{self.author_class}">{story.author}</span></p>'
            f'<{self.body_tag} class="{self.body_class}">{self.body_of(story)}</{self.body_tag}>'
        )
        return self.html(story.title, f"<article>{text}</article>")

    def paragraphs(self, story: Story) -> str:
        picture = self.picture.format(number=story.number)
        return picture + "".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)

    def local(self, story: Story, form: str) -> str:
        return story.time.astimezone(ZoneInfo(_ZONES[self.language])).strftime(form)

    def html(self, title: str, text: str) -> Answer:
        whole = (
            f'<!doctype html><html lang="{self.lang}"><head><meta charset="{self.declared}">'
            f"<title>{escape(title)} - {self.title}</title></head><body>"
            f'<header><a href="/">{self.title}</a> <a href="/about">About</a></header>{text}'
            f"<footer>© {self.title}</footer></body></html>"
        )
        return Answer(whole.encode(self.encoding, "xmlcharrefreplace"))

    # -- the site file ------------------------------------------------------------------------

    @property
    def items(self) -> str:
        """The selector of the listing in the site file."""
        return f"{self.list_tag}.{self.list_class} > {self.item_tag}"

    def site_file(self) -> str:
        """Return the site file that fits the paper as it is now."""
        listing = {
            "html": f"{{kind: html, url: 'http://{HOST}/news?p=0', items: '{self.items}', fields:"
            " {url: 'a::attr(href)', title: a, time: time}, next: 'a.next::attr(href)',"
            " max_pages: 3}",
            "feed": f"{{kind: feed, url: 'http://{HOST}/news?p=0'}}",
            "json": f"{{kind: json, url: 'http://{HOST}/news?p=0', items: items, fields:"
            " {url: url, title: title, time: time}}",
        }
        rules = (
            f"pages:\n  article:\n    kind: html\n    fields:\n"
            f"      title: '{self.title_tag}.{self.title_class}'\n"
            f"      time: '{self.time_tag}.{self.time_class}'\n"
            f"      author: 'span.{self.author_class}'\n"
            f"      body: '{self.body_tag}.{self.body_class}'\n"
        )
        return (
            f"title: {self.title}\nlanguage: {self.language}\ntimezone: {_ZONES[self.language]}\n"
            f"home: http://{HOST}/\n"
            f"listing: {listing['html' if self.kind == 'generic' else self.kind]}\n"
            f"{'' if self.kind == 'generic' else rules}"
            "articles: {category: x}\ncategories: {news: {}}\n"
        )
