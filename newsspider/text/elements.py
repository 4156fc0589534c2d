"""HTML's rules for elements and tags, as far as cleaning and repairs need them.

Called by `text.repairs`, `clean`, `sanitize` and `extraction.generic.page_lines`.
"""

from __future__ import annotations

import re

# Elements that start a line of their own.
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "menu", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
        *("audio", "video"),
    }
)
# Blocks that may contain a line of text themselves.
LINES = ("p", "div", "section", "center", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
# Elements without an end tag.
VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)
# Those of them, and some that HTML has no more, that libxml2 does not know as such: it puts what
# follows into them.
UNKNOWN_VOID = frozenset(
    {"bgsound", "command", "embed", "image", "keygen", "source", "spacer", "track", "wbr"}
)
# Elements whose end tag may be left out: opening one closes the open ones of its kind that are on
# the same level or below.
OPTIONAL_ENDS = {
    name: (kind, level)
    for kind, levels in {
        "p": ("p",),
        "li": ("li",),
        "dl": ("dt dd",),
        "select": ("option",),
        "table": ("thead tbody tfoot", "tr", "td th"),
    }.items()
    for level, names in enumerate(levels)
    for name in names.split()
}

# A comment or a tag, as HTML reads it: a quote opens only after "=", and what is not closed runs
# to the end. `<!x>`, `<?x>` and `</ x>` are comments too. Every alternative consumes what it scans,
# so no input is read twice.
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-zA-Z>])[^>]*+>?"
    r"|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*)"
    r"""(?P<attributes>(?:=\s*+(?:"[^"]*+"?|'[^']*+'?)|=|[^>=]++)*+)>?""",
    re.S,
)
