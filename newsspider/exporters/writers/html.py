"""HTML: one page with all articles, for a reader without Jekyll.

In: rows. Out: a file that needs no other; only pictures are loaded from where they are. Called by
`exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from lxml import etree
from lxml.html import fragment_fromstring

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.entries import full_text

_STYLE = """
body { font: 18px/1.6 Georgia, serif; margin: 2em auto; max-width: 40em; padding: 0 1em }
article { border-top: 1px solid #8888; margin-top: 3em } img { height: auto; max-width: 100% }
table { border-collapse: collapse } td, th { border: 1px solid #8888; padding: .2em .5em }
.source { color: #888; font-size: .9em } :root { color-scheme: light dark }
"""
# Nothing runs and nothing but pictures is loaded, whatever a text may hold.
_POLICY = "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'"


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a file, with a table of contents at its end: it is known only then."""
    titles: list[str] = []
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_head(about))
        for number, row in enumerate(rows):
            titles.append(row["title"])
            file.write("\n".join(_article(row, number)))
        links = (f'<li><a href="#a{at}">{escape(text)}</a>' for at, text in enumerate(titles))
        file.write("\n".join(('<nav id="contents"><ol>', *links, "</ol></nav></html>", "")))


def _head(about: About) -> str:
    language = f' lang="{escape(about.language)}"' if about.language else ""
    return (
        f'<!doctype html>\n<html{language}><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="referrer" content="no-referrer">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(about.title)}</title>'
        f'<style>{_STYLE}</style>\n<h1>{escape(about.title)}</h1><p><a href="#contents">↓</a></p>\n'
    )


def _article(row: Row, number: int) -> Iterator[str]:
    language = f' lang="{escape(row["language"])}"' if row["language"] else ""
    yield f'<article id="a{number}"{language}>'
    yield f"<h2>{escape(row['title'])}</h2>"
    day = (row["published"] or "")[:10]
    source = f'<a href="{escape(row["link"])}">{escape(row["source"] or row["link"])}</a>'
    yield f'<p class="source">{source} {day}</p>'
    yield _balanced(full_text(row))
    yield "</article>\n"


def _balanced(body: str) -> str:
    """Return a body whose elements all end within it: a person may have edited it."""
    element = fragment_fromstring(body, create_parent="div")
    return etree.tostring(element, encoding="unicode", method="html")
