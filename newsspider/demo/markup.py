"""The compact source of a story's text → HTML as East Money's interfaces return it.

In: the lines of a story in `data/*.yml`. Out: the body of the story, and from it the `text` and the
`content` of the answers. Called by story.py.

A body is the HTML of the `content` field, with each keyword link written `⟦words|code⟧`. The API's
`text` is the same HTML without the links. Both follow from the body without newsspider's cleaner,
which the newsroom tests and so must not use.
"""

from __future__ import annotations

import re
from itertools import groupby

MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
IMAGE = re.compile(r"!(\S+_w(\d+)h\d+\.\w+) ?(.*)")
LINK = re.compile(r"\[([^\[\]]*)\]\((https?:[^()\s]*)\)")
_QUOTE = "http://quote.eastmoney.com/unify/r/"

# The K-line block of the published posts: an empty hidden paragraph, then a chart whose address
# contains a raw `&` and a token.
_CHART = (
    '<p style="display:none;height:1px;overflow:hidden;"><br /></p><!-- EM_StockImg_Start -->'
    '<p style="text-align:center;"><a href="{quote}{market}.{code}" data-code="{code}|{market}|1" '
    'data-code2="{code}|{market}|2|" class="EmImageRemark" target="_blank"><img src="https://'
    "webquoteklinepic.eastmoney.com/GetPic.aspx?nid={market}.{code}&imageType=k&token=0123456789ab"
    'cdef0123456789abcdef&at=1" border="0" alt="K图 {code}_0" data-code="K {code}|{market}|1" '
    'data-code2="K {code}|{market}|2|" style="border:#d1d1d1 1px solid;" width="578" '
    'height="276" /></a></p><!-- EM_StockImg_End -->'
)
_PICTURE = (
    '<center><img src="https://{host}/download/{name}" alt="{alt}" width="{width}" '
    'style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;" /></center>'
)


def body(
    source: str,
    media: str,
    *,
    indent: bool = False,
    joined: bool = False,
    pictures: str = "dfscdn.dfcfw.com",
) -> str:
    """Return the body of a story from its lines.

    A line is a paragraph, or: `# words` a bold sub-head, `!Dnnn_w640h360.jpg caption` a picture,
    `K 1.600941` a K-line chart, `|cell|cell` a row of a table (the first is its head), `- words` an
    item of a list, `<…` HTML as it is. `**words**` is bold, `[words](http://…)` a link.
    `indent` puts two U+3000 before each paragraph, `joined` a line end and a space between
    paragraphs (both habits of the real interface). `media` becomes the last line,
    `（文章来源：…）`; "" leaves that line out. `pictures` is the host of the pictures.
    """
    blocks: list[str] = []
    for line in _grouped(source.strip("\n").split("\n")):
        after_chart = bool(blocks) and "EM_StockImg_End" in blocks[-1]
        block = _block(line, "　　" if indent else "", "<br />" if after_chart else "", pictures)
        if joined and blocks and blocks[-1].endswith("</p>"):
            block = "\n " + block
        blocks.append(block)
    if media:
        blocks.append(f'<p class="em_media">（文章来源：{media}）</p>')
    return "".join(blocks)


def plain(html: str) -> str:
    """The body as in the API's `text`: without keyword links, line ends CRLF."""
    return MARK.sub(r"\1", html).replace("\n", "\r\n")


def linked(html: str) -> str:
    """The body as in the API's `content`: with keyword links, line ends LF.

    The first mention of a code is a link in a span, each later mention a bare span with an href.
    """
    seen: set[str] = set()

    def link(mark: re.Match[str]) -> str:
        words, code = mark[1], mark[2]
        first = code not in seen
        seen.add(code)
        return _first(words, code) if first else _again(words, code)

    return MARK.sub(link, html)


def _grouped(lines: list[str]) -> list[str]:
    """The lines, with the rows of a table and the items of a list joined to one line of HTML."""
    blocks: list[str] = []
    for kind, group in groupby(lines, lambda line: line[:1] if line[:2] != "- " else "- "):
        if kind == "|":
            rows = [line[1:].split("|") for line in group]
            html = "".join(_row(row, "td" if at else "th") for at, row in enumerate(rows))
            blocks.append(f'<table border="0"><tbody>{html}</tbody></table>')
        elif kind == "- ":
            blocks.append(f"<ul>{''.join(f'<li>{_inline(line[2:])}</li>' for line in group)}</ul>")
        else:
            blocks += group
    return blocks


def _row(cells: list[str], kind: str) -> str:
    return f"<tr>{''.join(f'<{kind}>{_inline(cell)}</{kind}>' for cell in cells)}</tr>"


def _inline(words: str) -> str:
    words = LINK.sub(r'<a href="\2" target="_blank">\1</a>', words)
    return BOLD.sub(r"<strong>\1</strong>", words)


def _block(line: str, indent: str, end: str, pictures: str) -> str:
    if line.startswith("<"):
        return line
    if line.startswith("K "):
        market, _, code = line[2:].partition(".")
        return _CHART.format(quote=_QUOTE, market=market, code=code)
    if picture := IMAGE.match(line):
        name, width, caption = picture.groups()
        shown = _PICTURE.format(host=pictures, name=name, width=min(int(width), 552), alt="Image")
        return shown + (f'<p style="text-align:center;">{caption}</p>' if caption else "")
    if line.startswith("# "):
        return f"<p>{indent}<strong>{line[2:]}</strong></p>"
    return f"<p>{indent}{_inline(line)}{end}</p>"


def _first(words: str, code: str) -> str:
    if code[0].isdigit() and " " in code:  # a word, not a share: "3293 zlsj/"
        number, page = code.split(" ")
        href = f"http://data.eastmoney.com/{page}"
        return f'<span id="Info.{number}"><a href="{href}" class="infokey">{words}</a></span>'
    market = code.partition(".")[0]
    span, quote = {"90": ("bk_", "bkquote_"), "116": ("Info.", "")}.get(
        market, ("stock_", "quote_")
    )
    link = (
        f'<span id="{span}{code}"><a href="{_QUOTE}{code}" class="keytip" '
        f'data-code="{code.replace(".", ",")}">{words}</a></span>'
    )
    return link + (f'<span id="{quote}{code}"></span>' if quote else "")


def _again(words: str, code: str) -> str:
    if " " in code:
        return words  # only shares and boards are marked again
    return (
        f'<span web="1" href="{_QUOTE}{code}" class="em_stock_key_common" '
        f'data-code="{code.replace(".", ",")}">{words}</span>'
    )
