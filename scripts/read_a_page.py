"""Read a page by generic extraction, with libraries that nothing else uses.

The demo reads its pages by the rules of a site definition. `check_wheel.sh` runs this with the
Python of a fresh installation.
"""

import importlib

import newsspider

# Generic extraction asks the second only where the first disagrees with the page's layout.
for library in ("trafilatura", "readability", "htmldate"):
    importlib.import_module(library)

TEXT = "The harbour board voted on Tuesday evening to close the old bridge for repairs. " * 5
PAGE = f"<html><body><article><h1>Bridge</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"

article = newsspider.extract(PAGE, "https://www.example.com/2026/11/27/bridge")
assert "old bridge" in article.body, article
