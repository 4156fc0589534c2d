"""Lines about the authors at the end of a text: `Ada Brook is a writer in Ellery`.

In: the lines of a text, the names of its authors. Out: the lines without those. Called by
`extract`. Such a line begins with the whole name of an author; a text about a person names them
before its last lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsspider.extraction.generic.line import Line
from newsspider.languages import alternation

_MOST = 4  # lines at the end
_LONGEST = 800  # characters of such a line
_SHORTEST = 6  # lines of a text that may have such lines
_BEFORE = 40  # characters before the name: `Our correspondent Ada Brook`
_SINCE = rf"[\s,(].{{0,60}}?(?<!\w)(?:{alternation('about_author')})(?!\w)"


def without_about_authors(lines: Sequence[Line], authors: Sequence[str]) -> Sequence[Line]:
    """Return the lines of a text without those about its authors at the end."""
    names = [name for name in authors if " " in name]
    if not names or len(lines) < _SHORTEST:
        return lines
    any_name = "|".join(map(re.escape, names))
    about = re.compile(
        rf"[^.:]{{0,{_BEFORE}}}(?<!\w)(?:{any_name})(?:{_SINCE}|.{{0,40}}\S@\S)", re.I
    )
    last = [line for line in lines if line.kind != "img"][-_MOST:]
    gone = [line for line in last if len(line.text) <= _LONGEST and about.match(line.text)]
    before = [line.text for line in lines if line not in last]
    if any(name in text for name in names for text in before):
        return lines
    return [line for line in lines if line not in gone]
