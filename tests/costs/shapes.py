"""Pages that cost a parser much: one construct of HTML, XML or JSON, repeated up to a size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

Shape = Callable[[int], bytes]

_HEAD = (
    "<!DOCTYPE html><html><head><title>Council approves plan to rebuild the old harbour wall"
    '</title><meta property="article:published_time" content="2024-06-14T09:00:00Z"></head><body>'
    "<article><h1>Council approves plan to rebuild the old harbour wall</h1>"
    "<p>The council voted on Monday to rebuild the wall, which a storm broke in the winter.</p>"
)
_FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>'
    "<item><title>Council approves plan</title><link>https://a.example/2024/1.html</link></item>"
)
_SITEMAP = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://a.example/2024/1.html</loc></url>"
)
_SENTENCE = "The harbour master said that the work would take until the end of the summer. "


def _repeated(unit: str, *, start: str = _HEAD, end: str = "") -> Shape:
    """Return the shape that repeats a unit; `#` in it is the number of the repetition."""

    def shape(size: int) -> bytes:
        room = size - len(start) - len(end)
        if "#" not in unit:
            return (start + unit * (room // len(unit)) + end).encode()
        parts = []
        for number in count():
            parts.append(unit.replace("#", str(number)))
            room -= len(parts[-1])
            if room < 0:
                break
        return (start + "".join(parts) + end).encode()

    return shape


# -- pages -----------------------------------------------------------------------------------------

HTML: Mapping[str, Shape] = {
    "attributes": _repeated(" a#=b", start=_HEAD + "<p", end=">x</p>"),
    "attributes without values": _repeated(" a#", start=_HEAD + "<p", end=">x</p>"),
    "tags of many attributes": _repeated(
        "<p " + " ".join(f"a{n}=b" for n in range(200)) + ">x</p>"
    ),
    "one attribute": _repeated("x", start=_HEAD + '<p class="', end='">x</p>'),
    "one attribute of classes": _repeated("x# ", start=_HEAD + '<p class="', end='">x</p>'),
    "open tags in tags": _repeated("<a "),
    "unclosed quotes": _repeated('<a href="'),
    "short paragraphs": _repeated("<p>x</p>"),
    "unclosed paragraphs": _repeated("<p>x"),
    "paragraphs": _repeated(f"<p>{_SENTENCE}#</p>\n"),
    "one paragraph": _repeated(_SENTENCE, start=_HEAD + "<p>", end="</p>"),
    "one word": _repeated("a", start=_HEAD + "<p>", end="</p>"),
    "one Chinese paragraph": _repeated("港口扩建工程通过环评", start=_HEAD + "<p>", end="</p>"),
    "line breaks": _repeated("x<br>"),
    "bare line breaks": _repeated("<br>"),
    "lines of text": _repeated(f"{_SENTENCE}<br>"),
    "authors": _repeated("<div class=author>By Ada Brook</div>"),
    "nested authors": _repeated("<div class=author>By Ada Brook"),
    "headings": _repeated("<h1>Council approves plan</h1>"),
    "unclosed headings": _repeated("<h1>Council approves plan"),
    "one heading": _repeated(_SENTENCE, start=_HEAD + "<h1>", end="</h1>"),
    "headings of many words": _repeated(f"<h1>{_SENTENCE * 400}#</h1>"),
    "one title": _repeated("a - b | ", start="<title>", end="</title><p>x</p>"),
    "list items": _repeated("<li>The harbour master said so</li>"),
    "nested lists": _repeated("<ul><li>x"),
    "cells": _repeated("<tr><td>1</td><td>2</td></tr>", start=_HEAD + "<table>", end="</table>"),
    "nested tables": _repeated("<table><tr><td>x"),
    "tables": _repeated("<table><tr><td>1</td><td>2</td></tr></table>"),
    "deep": _repeated("<div>"),
    "deep and mixed": _repeated("<div><span><b>x"),
    "unclosed formatting": _repeated("<b><i><a href=x>x"),
    "formatting": _repeated("<b>x</b><i>y</i>"),
    "links": _repeated(
        '<a href="/2024/06/14/council-approves-#.html">Council approves plan #</a> '
    ),
    "unclosed links": _repeated("<a name=top><p>The harbour master said so"),
    "listed links": _repeated(
        '<li><h3><a href="/2024/06/#.html">Council approves the plan #</a></h3><time>2024-06-14'
        "</time></li>",
        start=_HEAD + "<ul class=news>",
        end="</ul>",
    ),
    "pictures": _repeated('<img src="/#.jpg" alt="The harbour">'),
    "figures": _repeated('<figure><img src="/#.jpg"><figcaption>The harbour</figcaption></figure>'),
    "drawings": _repeated("<svg>"),
    "closed drawings": _repeated("<svg><path d=M0></path></svg>"),
    "comments": _repeated("<!-- x -->"),
    "unclosed comments": _repeated("<!-"),
    "instructions": _repeated("<?x y?>"),
    "declarations": _repeated("<!DOCTYPE x>"),
    "end tags": _repeated("</p>"),
    "ends of the document": _repeated("</body></html><p>x</p>"),
    "references": _repeated("&amp;"),
    "bare ampersands": _repeated("&"),
    "open angles": _repeated("<"),
    "closed angles": _repeated(">"),
    "scripts": _repeated("<script>x</script>"),
    "one script": _repeated("var x = '<p>'; ", start=_HEAD + "<script>", end="</script>"),
    "braces of a script": _repeated("{", start=_HEAD + "<script>", end="</script>"),
    "state of a script": _repeated(
        '{"url":"/2024/#.html","title":"Council approves plan"},',
        start=_HEAD + '<script>window.__STATE__ = {"list":[',
        end="{}]}</script>",
    ),
    "structured data": _repeated(
        '{"@type":"NewsArticle","headline":"Council approves plan #"},',
        start=_HEAD + '<script type="application/ld+json">[',
        end="{}]</script>",
    ),
    "scripts of structured data": _repeated(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x#"}</script>'
    ),
    "open structured data": _repeated(
        "[", start=_HEAD + '<script type="application/ld+json">', end="</script>"
    ),
    "long structured data": _repeated(
        _SENTENCE,
        start=_HEAD + '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"',
        end='"}</script>',
    ),
    "metadata": _repeated('<meta name="author" content="Ada Brook #">', start="<head>"),
    "microdata": _repeated(
        '<div itemscope itemtype="https://schema.org/Person"><b itemprop=name>x'
    ),
    "times": _repeated("<time datetime=2024-06-14T09:00>14 June 2024</time>"),
    "days": _repeated("14 June 2024, 09:00 "),
    "labels": _repeated("来源："),
    "next pages": _repeated('<a href="/x?page=#">next page</a>'),
    "embedded": _repeated("<embed src=x>x"),
    "unseen text": _repeated('<noscript><p title="</noscript>">x'),
    "frames": _repeated("<iframe src=x></iframe>"),
    "forms": _repeated("<form><input><select><option>x"),
    "spaces": _repeated(" ", end="x"),
    "spaces and letters": _repeated("x "),
    "line ends": _repeated("x\n"),
    "hyphens": _repeated("-"),
    "quotes": _repeated('"'),
    "bytes": lambda size: bytes(range(256)) * (size // 256),
    "zeros": lambda size: b"<p>x" + b"\0" * (size - 4),
    "half characters": lambda size: b"<p>x" + b"\xe6" * (size - 4),
    "halves of surrogates": lambda size: b"\xed\xa0\xbd\xed\xb8\x80" * (size // 6),
    "broken GBK": lambda size: b"<meta charset=gbk>" + b"\xe6<" * (size // 2),
    "hidden spans": _repeated('<span style="display:none">x</span>'),
    "spans": _repeated("<span>x</span>"),
    "nested spans": _repeated("<p><span><span><span>x</span></span></span></p>"),
    "quotations": _repeated("<blockquote>x"),
    "words of code": _repeated("<pre>x\n</pre>"),
    "definitions": _repeated("<dl><dt>x<dd>y"),
    "custom elements": _repeated("<x-#>y</x-#>"),
    "namespaces": _repeated("<a:b#>y"),
    "plain text": _repeated(_SENTENCE, start="x", end=""),
    "Jekyll's braces": _repeated("{{ x }}{% y %}"),
    "Markdown": _repeated("*x* _y_ [a](b) "),
    "embedded pictures": _repeated("A", start=_HEAD + '<img src="data:image/png;base64,', end='">'),
}
ORDINARY: Mapping[str, Shape] = {
    "an article": _repeated(
        f"<h2>Part #</h2>\n<p>{_SENTENCE}<b>The mayor</b> agreed.</p>\n<p>{_SENTENCE * 3}"
        '<a href="/about/#">Read it here</a>.</p><figure><img src="/#.jpg" alt="">'
        "<figcaption>The harbour on Monday</figcaption></figure>\n",
        end="</article></body></html>",
    ),
    "scripts around an article": _repeated(
        f"<script>var a# = {{b: 1, c: '{'x' * 3000}'}};</script>",
        start=_HEAD + f"<p>{_SENTENCE * 3}</p>" * 20,
        end="</article></body></html>",
    ),
}

# -- feeds, sitemaps, JSON, robots.txt -------------------------------------------------------------

FEED: Mapping[str, Shape] = {
    "empty entries": _repeated("<item/>", start=_FEED),
    "entries": _repeated(
        "<item><title>Council approves plan #</title><link>https://a.example/2024/#.html</link>"
        "<pubDate>Fri, 14 Jun 2024 09:00:00 GMT</pubDate><description>x</description></item>",
        start=_FEED,
        end="</channel></rss>",
    ),
    "whole entries": _repeated(
        "<item><title>Plan #</title><link>https://a.example/2024/#.html</link><description>"
        + "&lt;p&gt;"
        + _SENTENCE * 40
        + "&lt;/p&gt;</description></item>",
        start=_FEED,
        end="</channel></rss>",
    ),
    "one long entry": _repeated(
        f"<p>{_SENTENCE}</p>",
        start=_FEED + "<item><title>x</title><description><![CDATA[",
        end="]]></description></item></channel></rss>",
    ),
    "an entry of short paragraphs": _repeated(
        "<p>x</p>",
        start=_FEED + "<item><title>x</title><description><![CDATA[",
        end="]]></description></item></channel></rss>",
    ),
    "attributes": _repeated(' a#="x"', start=_FEED + "<item", end="/></channel></rss>"),
    "bare attributes": _repeated(" a#=x", start=_FEED + "<item", end="/></channel></rss>"),
    "unclosed paragraphs": _repeated("<p>", start=_FEED),
    "open entries": _repeated("<item>", start=_FEED),
    "links": _repeated('<link href="/x"/>', start=_FEED + "<item>"),
    "categories": _repeated("<category>x#</category>", start=_FEED + "<item>"),
    "authors": _repeated("<author>a b</author>", start=_FEED + "<item>"),
    "one author": _repeated("a.", start=_FEED + "<item><author>", end="</author></item>"),
    "pictures": _repeated('<media:content url="/x#.jpg"/>', start=_FEED + "<item>"),
    "references": _repeated("&amp;", start=_FEED + "<item><title>", end="</title></item>"),
    "bare ampersands": _repeated("&", start=_FEED + "<item><title>", end="</title></item>"),
    "open angles": _repeated("<a ", start=_FEED),
    "bare angles": _repeated("<", start=_FEED),
    "character data": _repeated("<![CDATA[x]]>", start=_FEED + "<item><title>"),
    "unclosed character data": _repeated("<![CDATA[", start=_FEED),
    "comments": _repeated("<!-- x -->", start=_FEED),
    "unclosed comments": _repeated("<!--", start=_FEED),
    "declarations": _repeated("<!DOCTYPE x>", start=""),
    "entities": _repeated('<!ENTITY x# "y">', start="<!DOCTYPE rss [", end="]>" + _FEED),
    "open entities": _repeated("<!ENTITY ", start="<!DOCTYPE rss [", end="]>" + _FEED),
    "instructions": _repeated("<?x y?>", start=_FEED),
    "namespaces": _repeated(' xmlns:a#="u#"', start="<rss", end="><channel/></rss>"),
    "deep": _repeated("<a>", start=_FEED),
    "deep XHTML": _repeated(
        "<div>", start="<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>"
    ),
    "XHTML": _repeated(
        "<b>x</b>",
        start="<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>",
        end="</content></entry></feed>",
    ),
    "spaces": _repeated(" ", start=_FEED),
    "a JSON Feed": _repeated(
        '{"id":"#","url":"https://a.example/#","title":"x","content_html":"<p>x</p>"},',
        start='{"version":"https://jsonfeed.org/version/1.1","items":[',
        end="{}]}",
    ),
}
SITEMAP: Mapping[str, Shape] = {
    "addresses": _repeated(
        "<url><loc>https://a.example/2024/#.html</loc><lastmod>2024-06-14</lastmod></url>",
        start=_SITEMAP,
        end="</urlset>",
    ),
    "sitemaps": _repeated(
        "<sitemap><loc>https://a.example/#.xml</loc></sitemap>",
        start="<sitemapindex>",
        end="</sitemapindex>",
    ),
    "lines": _repeated("https://a.example/2024/#.html\n", start=""),
    "open tags in tags": _repeated("<a ", start=_SITEMAP),
    "tags in tags": _repeated("<a <b ", start=_SITEMAP),
    "bare angles": _repeated("<", start=_SITEMAP),
    "attributes": _repeated(' a#="x"', start=_SITEMAP + "<url", end="/></urlset>"),
    "bare attributes": _repeated(" a#=x", start=_SITEMAP + "<url", end="/></urlset>"),
    "namespaces": _repeated(' xmlns:a#="u#"', start="<urlset", end="></urlset>"),
    "undeclared prefixes": _repeated("<a#:url/>", start=_SITEMAP),
    "deep": _repeated("<url>", start=_SITEMAP),
    "deep and closed": lambda size: (
        _SITEMAP + "<url>" * (size // 11) + "</url>" * (size // 11)
    ).encode(),
    "parts": _repeated("<loc>x</loc>", start=_SITEMAP + "<url>", end="</url></urlset>"),
    "empty parts": _repeated("<loc/>", start=_SITEMAP),
    "ends": _repeated("</url>", start=_SITEMAP),
    "wrong ends": _repeated("<loc></url>", start=_SITEMAP),
    "references": _repeated("&amp;", start=_SITEMAP + "<url><loc>"),
    "bare ampersands": _repeated("&", start=_SITEMAP + "<url><loc>"),
    "unclosed character data": _repeated("<![CDATA[", start=_SITEMAP),
    "comments": _repeated("<!-- x -->", start=_SITEMAP),
    "unclosed comments": _repeated("<!--", start=_SITEMAP),
    "entities": _repeated('<!ENTITY x# "y">', start="<!DOCTYPE x [", end="]>" + _SITEMAP),
    "instructions": _repeated("<?x y?>", start=_SITEMAP),
    "spaces": _repeated(" ", start=_SITEMAP),
}
JSON: Mapping[str, Shape] = {
    "rows": _repeated(
        '{"url":"/2024/#.html","title":"Council approves plan"},',
        start='{"data":{"list":[',
        end='{"url":"/x.html"}]}}',
    ),
    "empty rows": _repeated("{},", start='{"data":{"list":[', end="{}]}}"),
    "open lists": _repeated("[", start=""),
    "open objects": _repeated('{"a":', start=""),
    "keys": _repeated('"a#":1,', start="{", end='"data":{"list":[]}}'),
    "numbers": _repeated("1", start="["),
    "one text": _repeated("x", start='{"data":{"list":"', end='"}}'),
    "escapes": _repeated("\\u0041", start='{"data":{"list":"', end='"}}'),
    "spaces": _repeated(" ", start="{", end="}"),
    "a name": _repeated("a", start="", end="({})"),
}
ROBOTS: Mapping[str, Shape] = {
    "rules": _repeated("Disallow: /a#\n", start="User-agent: *\n"),
    "wildcards": _repeated("*a", start="User-agent: *\nDisallow: /", end="$\n"),
    "rules of wildcards": _repeated("Disallow: /" + "*a" * 50 + "$\n", start="User-agent: *\n"),
    "agents": _repeated("User-agent: a#\n", start=""),
    "groups": _repeated("User-agent: newsspider\nDisallow: /a#\n", start=""),
    "sitemaps": _repeated("Sitemap: https://a.example/#.xml\n", start=""),
    "one line": _repeated("a", start="User-agent: "),
    "line ends": _repeated("\n", start=""),
    "percents": _repeated("%", start="User-agent: *\nDisallow: /"),
}
