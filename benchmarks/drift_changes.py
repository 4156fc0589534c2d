"""What may happen to a paper between two runs: fifty changes, each with what a report must name.

In: a Paper. Out: the same paper, changed. `fits` are the changes after which the site file still
reads everything: a report of drift would be a false alarm. `names` are texts of which the report
must have one. They were written before the detector was tuned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from drift_paper import HOST, KINDS, Answer, Paper, Story, page

LISTING = ("listing", "the feed")
_LOREM = (
    "Please accept our cookies so that we can show you this page. We and our partners store data."
)


@dataclass(frozen=True)
class Change:
    """A change: its name, the kinds of paper that it is tried on, and what it does."""

    name: str
    kinds: tuple[str, ...]
    apply: Callable[[Paper], None]
    names: tuple[str, ...]
    fits: bool = False

    @property
    def cases(self) -> Iterator[tuple[str, Change]]:
        yield from ((kind, self) for kind in self.kinds)


CHANGES: list[Change] = []


def change(
    *kinds: str, names: tuple[str, ...] = LISTING, fits: bool = False
) -> Callable[[Callable[[Paper], None]], Callable[[Paper], None]]:
    """Add a function to CHANGES; its name is that of the change."""

    def add(apply: Callable[[Paper], None]) -> Callable[[Paper], None]:
        name = apply.__name__.strip("_").replace("_", " ")
        CHANGES.append(Change(name, kinds or KINDS, apply, names, fits))
        return apply

    return add


# -- the listing ------------------------------------------------------------------------------


@change("html")
def class_of_list_renamed(paper: Paper) -> None:
    paper.list_class = paper.new_name()


@change("html")
def items_in_another_element(paper: Paper) -> None:
    paper.item_tag = "article"


@change("generic")
def list_in_another_element(paper: Paper) -> None:
    paper.list_tag = "nav" if paper.list_tag != "nav" else "div"
    paper.list_class = ""


@change("html")
def list_moved_into_script(paper: Paper) -> None:
    def listing() -> Answer:
        data = json.dumps([{"href": story.path, "head": story.title} for story in paper.stories])
        return paper.html(paper.title, f"<div id=app></div><script>window.news={data}</script>")

    paper.listing = listing


@change("html")
def links_without_address(paper: Paper) -> None:
    paper.item_link = "data-goto"


@change("html")
def links_to_another_host(paper: Paper) -> None:
    paper.item_link = 'rel="x" href="https://elsewhere.example/go" data-old'


@change("generic")
def list_shows_three(paper: Paper) -> None:
    paper.listing = lambda: paper.html(paper.title, paper.list_of(paper.stories[:3]))


@change("html", "generic")
def empty_list_with_200(paper: Paper) -> None:
    paper.listing = lambda: paper.html(paper.title, paper.list_of([]))


@change("html")
def listing_is_a_soft_404(paper: Paper) -> None:
    paper.listing = lambda: page("<h1>Page not found</h1><p>The page does not exist any more.</p>")


@change("html", "feed")
def listing_is_gone(paper: Paper) -> None:
    paper.listing = lambda: page("<h1>404</h1>", 404)


@change("html")
def listing_behind_a_login(paper: Paper) -> None:
    form = (
        "<form><input name=user><input type=password name=password><button>Log in</button></form>"
    )
    paper.listing = lambda: page(f"<h1>Log in</h1>{form}")


@change("html")
def listing_behind_consent(paper: Paper) -> None:
    paper.listing = lambda: page(f"<h1>Cookies</h1><p>{_LOREM * 3}</p><button>OK</button>")


@change("html")
def listing_is_refused(paper: Paper) -> None:
    paper.listing = lambda: page("<h1>403 Forbidden</h1>", 403)


@change("html")
def listing_leads_to_the_home_page(paper: Paper) -> None:
    paper.listing = lambda: Answer(status=301, headers=(("Location", f"http://{HOST}/"),))


@change("html", fits=True)
def time_format_of_the_list_changed(paper: Paper) -> None:
    paper.listed_format = "%d.%m.%Y"


@change("html", fits=True)
def next_page_gone(paper: Paper) -> None:
    paper.following = False


@change("html", "generic", fits=True)
def charset_changed_and_declared(paper: Paper) -> None:
    paper.encoding = paper.declared = "gb18030" if paper.language == "zh" else "windows-1252"


@change("html", fits=True)
def charset_changed_without_a_word(paper: Paper) -> None:
    paper.encoding, paper.declared = ("gb18030" if paper.language == "zh" else "cp1252"), ""


# -- feeds and JSON ---------------------------------------------------------------------------


@change("feed")
def feed_gone_to_html(paper: Paper) -> None:
    paper.listing = lambda: paper.html(paper.title, paper.list_of(paper.stories[:20]))


@change("feed")
def feed_without_entries(paper: Paper) -> None:
    paper.listing = lambda: Answer(paper.feed([]).encode(), type="application/rss+xml")


@change("feed", fits=True)
def feed_with_bare_ampersands(paper: Paper) -> None:
    def listing() -> Answer:
        text = paper.feed(paper.stories[: paper.per_page]).replace("<rss", "<!-- a & b --><rss")
        return Answer(text.replace("<channel>", "<channel><title>A & B</title>").encode())

    paper.listing = listing


@change("feed", fits=True)
def feed_is_atom_now(paper: Paper) -> None:
    def listing() -> Answer:
        entries = "".join(
            f"<entry><title>{escape(story.title)}</title><link href='http://{HOST}{story.path}'/>"
            f"<id>http://{HOST}{story.path}</id><updated>{story.time.isoformat()}</updated></entry>"
            for story in paper.stories[: paper.per_page]
        )
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>{entries}</feed>"
        return Answer(feed.encode(), type="application/atom+xml")

    paper.listing = listing


@change("json")
def entries_under_another_key(paper: Paper) -> None:
    paper.entries_key = "results"


@change("json")
def address_under_another_key(paper: Paper) -> None:
    paper.url_key = "permalink"


@change("json")
def error_object_with_200(paper: Paper) -> None:
    text = b'{"code": 1001, "message": "token expired"}'
    paper.listing = lambda: Answer(text, type="application/json")


@change("json", fits=True)
def json_in_a_callback(paper: Paper) -> None:
    def listing() -> Answer:
        records = json.dumps(paper.records(paper.stories[: paper.per_page]))
        return Answer(f"callback({records});".encode(), type="text/javascript")

    paper.listing = listing


# -- the articles -----------------------------------------------------------------------------


@change("html", "json", names=("title",))
def class_of_title_renamed(paper: Paper) -> None:
    paper.title_class = paper.new_name()


@change("html", "feed", names=("title",))
def title_in_another_element(paper: Paper) -> None:
    paper.title_tag = "h2"


@change("html", names=("title",))
def every_title_is_that_of_the_paper(paper: Paper) -> None:
    paper.headline = paper.title


@change("html", "feed", names=("body",))
def class_of_body_renamed(paper: Paper) -> None:
    paper.body_class = paper.new_name()


@change("json", names=("body", "EmptyBody"))
def body_in_a_script(paper: Paper) -> None:
    ordinary = paper.paragraphs
    paper.body_of = lambda story: (
        f"<script>window.state={json.dumps({'text': ordinary(story)})}</script>"
    )


@change(names=("body", "text"))
def body_cut_to_the_first_paragraph(paper: Paper) -> None:
    paper.body_of = lambda story: f"<p>{escape(story.paragraphs[0])}</p>"


@change("html", names=("body", "text"))
def second_half_in_a_second_block(paper: Paper) -> None:
    def body(story: Story) -> str:
        first, *others = (f"<p>{escape(text)}</p>" for text in story.paragraphs)
        return f"{first}</{paper.body_tag}><{paper.body_tag} class=more>{''.join(others)}"

    paper.body_of = body


@change("html", "feed", names=("time", "NoDate"))
def class_of_time_renamed(paper: Paper) -> None:
    paper.time_class = paper.new_name()


@change("html", fits=True)
def time_format_changed(paper: Paper) -> None:
    paper.time_format = {"zh": "%Y年%m月%d日 %H:%M", "de": "%d.%m.%Y %H:%M"}.get(
        paper.language, "%d %B %Y %H:%M"
    )


@change("json", names=("time", "NoDate"))
def time_gone_from_the_page(paper: Paper) -> None:
    paper.time_format = ""


@change("generic", names=("time", "NoDate"))
def no_time_anywhere(paper: Paper) -> None:
    paper.time_format = paper.listed_format = ""


@change("html", names=("author",))
def class_of_author_renamed(paper: Paper) -> None:
    paper.author_class = paper.new_name()


_WALLS = {
    "en": "This article is for subscribers. Subscribe now to continue reading, or log in.",
    "de": "Dieser Artikel ist nur für Abonnenten. Jetzt abonnieren und weiterlesen, oder anmelden.",
    "zh": "本文为付费会员专享内容，订阅后可继续阅读全文，已订阅用户请登录。",
}


@change("html", "generic", names=("Paywalled", "text", "body"))
def wall_in_place_of_the_text(paper: Paper) -> None:
    paper.body_of = lambda story: f"<p>{_WALLS[paper.language]}</p>"


@change("html", "generic", names=("NotAnArticle", "text", "body", "title", "time"))
def articles_are_soft_404s(paper: Paper) -> None:
    paper.article = lambda story: paper.html(
        "404", "<h1>Page not found</h1><p>The page you are looking for does not exist.</p>"
    )


@change("html", "feed", names=("Paywalled", "NotAnArticle", "text", "body", "title", "time"))
def articles_behind_consent(paper: Paper) -> None:
    paper.article = lambda story: page(f"<h1>Cookies</h1><p>{_LOREM * 4}</p><button>OK</button>")


@change("html", names=("NotAnArticle", "text", "body", "title", "time"))
def articles_lead_to_the_home_page(paper: Paper) -> None:
    paper.article = lambda story: Answer(status=302, headers=(("Location", f"http://{HOST}/"),))


@change("html", "feed", names=("Http404",))
def articles_answer_404(paper: Paper) -> None:
    paper.article = lambda story: page("<h1>404</h1>", 404)


@change("html", names=("Http500",))
def articles_answer_500(paper: Paper) -> None:
    paper.article = lambda story: page("<h1>500</h1>", 500)


@change("html", "generic", names=("language",))
def articles_in_another_language(paper: Paper) -> None:
    other = Paper(paper.kind, paper.seed)
    while other.language == paper.language:
        other = Paper(paper.kind, other.seed + 1)
    paper.lang = other.language
    paper.body_of = lambda story: other.paragraphs(other.stories[story.number % 14])


@change("html", fits=True)
def pictures_load_late(paper: Paper) -> None:
    paper.picture = '<img src="data:," data-src="/p/{number}.jpg" alt="">'


@change("html", "generic", fits=True)
def an_advertisement_in_the_text(paper: Paper) -> None:
    ordinary = paper.paragraphs
    paper.body_of = lambda story: ordinary(story) + "<script>ads()</script><ins class=ad></ins>"


@change("generic", fits=True)
def another_template(paper: Paper) -> None:
    paper.title_class, paper.body_class = paper.new_name(), paper.new_name()
    paper.body_tag = "section"


@change("html", fits=True)
def a_quiet_day(paper: Paper) -> None:
    del paper.stories[: len(paper.stories) - paper.per_page]


# -- the host ---------------------------------------------------------------------------------


@change("html", "feed", names=(HOST, "failed"))
def host_is_gone(paper: Paper) -> None:
    paper.everything = lambda path: Answer(cut=True)


@change("json", names=(HOST, "failed"))
def host_answers_503(paper: Paper) -> None:
    paper.everything = lambda path: page("<h1>Maintenance</h1>", 503)
