"""The sanitiser against parsers it does not use: lexbor, Chromium, and kramdown inside Jekyll."""

from __future__ import annotations

import os
import random
import re
import subprocess
from pathlib import Path

from attacks import BODIES, LINES
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode
from support.cli import program
from support.looking import reads_as_browsers, shown, squeezed, text_of, tree, what_acts

from newsspider.sanitize import sanitise_body
from newsspider.sanitize.grammar import ATTRIBUTES

# What parsers stumble over: half tags, quotes, namespaces, raw text, Liquid, Markdown.
PIECES = """
<p> <p/> </p> <div> </div> <b> </b> <a_href="/y"> <a_href='x"y'> </a> <table> </table> <tr>
<td> </td> <ul> <li> </ul> <h2> </h2> <br> <br_/> </br> <hr> <img_src=z>
<img_src="https://x.example/a"> <svg> </svg> <math> </math> <mtext> <mglyph> <foreignObject>
<desc> <style> </style> <title> </title> <script> </script> <template> </template> <noscript>
</noscript> <xmp> </xmp> <iframe> </iframe> <textarea> </textarea> <select> <option> </select>
<form> </form> <button> <object> <nobr> <font> </font> <p_title="a&quot;_onclick=hit()">
<p_title='<b_onclick=hit()>'> <p_style="color:red;x:url(//y)"> <p_class=a onerror=hit() <!--
--> <!--> --!> <![CDATA[ ]]> <? ?> <! </ < > " ' ` = / & &amp; &lt; &gt &#60 &#x3c; &#123; &#0;
&nbsp; &notit; {{ }} {% %} { % {: } # * _ | ``` ~~~ $$ [ ] ]( [a]: [^1]: *[a]: 1. - + : ^ \\
text 中文 &copy &lt;script&gt; javascript:hit() \ud83d
""".split()  # noqa: SIM905 - a list of them would fill a page
SOUP = st.lists(
    st.sampled_from([piece.replace("_", " ") for piece in PIECES])
    | st.sampled_from([" ", "\n", "\n\n", "\t", "    ", "\r\n", "\0", "\u2028", "\x85", "\ufffd"])
    | st.text(max_size=3),
    max_size=30,
).map("".join)


def soups(count: int, seed: int) -> list[str]:
    """The same soups each time, and the attacks cut and joined in the middle."""
    chance = random.Random(seed)
    short = [body for body in BODIES.values() if len(body) < 2000] + list(LINES.values())
    pieces = [piece.replace("_", " ") for piece in PIECES] + ["\n", "\n\n    ", "\t", " "] * 5
    made = []
    for _ in range(count):
        one, other = chance.choice(short), chance.choice(short)
        cut = one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :]
        made.append(chance.choice([cut, "".join(chance.choices(pieces, k=25)) + cut]))
    return made


def sanitise(body: str) -> str:
    return sanitise_body(body, base="https://news.example/2022/a.html")


def skeleton(root: LexborNode) -> list[str]:
    """The start tags of a tree, in order, with their attributes."""
    return [
        f"<{node.tag} {sorted(node.attributes.items())}>"
        for node in root.css("*")
        if node.tag not in ("body", "html", "head", "-text")
    ]


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_lexbor_reads_what_was_written(soup: str) -> None:
    safe = sanitise(soup)
    root = tree(safe).body
    assert root is not None
    assert what_acts(root) == []
    for node in root.css("*"):
        if node.tag != "body":
            assert set(node.attributes) <= set(ATTRIBUTES[node.tag or ""])
    # Each tag as written is one element, none moved, none made up: the next parser agrees, too.
    written = re.findall(r"<([a-z][a-z0-9]*)", safe)
    assert [node.tag for node in root.css("*")][1:] == written
    assert skeleton(tree(root.inner_html or "").body) == skeleton(root)


@settings(max_examples=300, deadline=None)
@given(SOUP)
@example("<mtext>onerror=hit()<svg>")
@example("<math><br><mglyph>a")
@example("<xmp><math></xmp><mtext>a")
@example("<svg><p></svg><mglyph>a")
@example("<svg><li><desc>a")
@example("<math><textarea><p><mtext>a")
@example("<svg><mtext><dt><mtext>a")
def test_lexbor_reads_the_same_text(soup: str) -> None:
    assume(reads_as_browsers(soup))
    assert squeezed(tree(sanitise(soup)).body.text()) == text_of(soup)


def test_chromium_reads_what_was_written_and_runs_nothing() -> None:
    safe = [sanitise(soup) for soup in soups(1500, seed=1)]
    for body, (markup, text) in zip(safe, shown(safe), strict=True):
        assert re.findall(r"<([a-z][a-z0-9]*)", markup) == re.findall(r"<([a-z][a-z0-9]*)", body)
        assert squeezed(text) == squeezed(tree(body).body.text())


def test_jekyll_shows_the_same_text(tmp_path: Path) -> None:
    bodies = [safe for soup in soups(400, seed=2) if (safe := sanitise(soup))]
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_config.yml").write_text("plugins: []\nkramdown: {show_warnings: true}\n")
    for n, body in enumerate(bodies):
        front = f"---\ntitle: a\ndate: 2022-04-26\npermalink: /{n}\n---\n"
        text = f"{front}{body}\n\n<https://x.example/>\n\n[end](//x.example)"
        (tmp_path / f"_posts/2022-04-26-{n}.md").write_text(text, "utf-8", newline="")
    built = subprocess.run(
        [program("jekyll"), "build", "-q", "-s", tmp_path, "-d", tmp_path / "_site"],
        env={**os.environ, "LANG": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    for n, body in enumerate(bodies):
        page = tree((tmp_path / f"_site/{n}.html").read_text("utf-8")).body
        *_, address, end = page.iter()
        assert (address.text(), end.text()) == ("https://x.example/", "end")
        address.decompose()
        end.decompose()
        assert squeezed(page.text()) == squeezed(tree(body).body.text())
        assert skeleton(page) == skeleton(tree(body).body)
