"""Pages that hold no article to publish: walls of consent and payment, lists, errors, logins.

In: what was read of the page. Out: "" for an article, else `Paywalled` or `NotAnArticle`, and what
was seen. A false alarm loses an article, so each verdict needs two signs that agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsspider.extract.generic.layout import Line
from newsspider.extract.generic.structured import Structured

PAYWALLED = "Paywalled"
NOT_AN_ARTICLE = "NotAnArticle"


def find_verdict(
    said: Structured, url: str, title: str, body: Sequence[Line], lines: Sequence[Line]
) -> tuple[str, str]:
    """The verdict and what was seen."""
    return "", ""
