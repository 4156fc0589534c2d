"""Titles, categories and tags as YAML scalars of a post's front matter.

In: a stranger's text. Out: a scalar that PyYAML and Psych read back as that text, safe in layouts
that print it unescaped. Pure; `jekyll/post.py` and `jekyll/scaffold.py` call it.
"""

from __future__ import annotations

import html
import re

from newsspider.text.characters import one_line


def layout_safe(text: str) -> str:
    """Return `text` for layouts that print it into HTML unescaped: escaped if it contains `<`, `>`,
    `"`, `{` or an entity, else byte for byte. `html.unescape` returns `text` again."""
    if not re.search('[<>"{]', text) and html.unescape(text) == text:
        return text
    return html.escape(text, quote=False).replace('"', "&quot;").replace("{", "&#123;")


def yaml_quoted(text: str) -> str:
    """Return a title as a double-quoted YAML scalar; it reads back as
    `layout_safe(one_line(text))`.

    Ordinary titles stay byte for byte. A `"` becomes `&quot;`, not `\\"`: layouts print the title
    into attributes too, where a bare quote would end the value.
    """
    return '"' + layout_safe(one_line(text)).replace("\\", "\\\\") + '"'


_PLAIN = re.compile(r"(?:[^\W_]|[（《「“])[\w()（）·《》「」“”、：，！？—-]*")
# Words and numbers that YAML 1.1 (PyYAML) or Psych do not read as text. The pattern is wide,
# because quotes do no harm: 1e3, 0x1F, 1_000, 0b1, 0o17, 2022-04-26.
_RETYPED = re.compile(r"y|n|yes|no|on|off|true|false|null|nil|\d[\da-fox_-]*", re.IGNORECASE)


def yaml_plain(text: str) -> str:
    """Return a category or tag as a YAML value: plain if PyYAML and Psych read it back as that text
    and Jekyll does not split it, else quoted, and with spaces a list of one: `["a b"]`."""
    line = one_line(text)
    if _PLAIN.fullmatch(line) and not _RETYPED.fullmatch(line):
        return line
    return f"[{yaml_quoted(line)}]" if " " in line else yaml_quoted(line)
