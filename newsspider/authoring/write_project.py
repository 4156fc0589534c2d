"""Targets → the text of newsspider.yml, with comments that say how to go on.

In: the folders of a project and what it crawls. Out: YAML. Called by `newsspider init`. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

EVERY = "1h"

_HEAD = """\
# What `newsspider crawl` crawls in this folder, and how often.
# `newsspider schema project` has all keys, for editors.

version: 1
output: {output} # folder of the Jekyll site; "." is this folder
{sites}
sources:
"""

_SOURCE = """\
  - source: {source}
    every: {every} # 5m, 2h, 1d, or a cron line such as "0 6 * * *"
"""

_EXAMPLE = f"""\
  # A source is a site, a category of one, or the address of a page that lists articles. Delete the
  # `# ` of these lines and put your own in their place; `newsspider sites` lists the sites.
  # - source: globalvoices/latest
  #   every: {EVERY} # 5m, 2h, 1d, or a cron line such as "0 6 * * *"
  #   limit: 50 # at most so many articles in a run
"""


def project_text(sources: Sequence[str], *, output: str, sites: str) -> str:
    """Return the text of newsspider.yml for these sources; without any, an example in comments."""
    sites = "" if sites == "sites" else f"sites: {_quoted(sites)} # folder of your own site files\n"
    listed = "".join(_SOURCE.format(source=_quoted(name), every=EVERY) for name in sources)
    return _HEAD.format(output=_quoted(output), sites=sites) + (listed or _EXAMPLE)


def _quoted(text: str) -> str:
    """Return a value as YAML: JSON's form of a text is one of YAML's."""
    return json.dumps(text, ensure_ascii=False)
