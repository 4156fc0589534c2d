"""No page of any shape costs more CPU time than a run can wait for; `make costs` tries 5 MB."""

from __future__ import annotations

import pytest

from costs.costs import LIMIT, cost
from newsspider.text.budget import MOST

HOSTILE = [
    ("article", "attributes"),
    ("article", "attributes without values"),
    ("article", "short paragraphs"),
    ("article", "authors"),
    ("article", "bare line breaks"),
    ("article", "one heading"),
    ("article by rules", "attributes"),
    ("any listing", "scripts around an article"),
    ("listing", "open tags in tags"),
    ("listing", "list items"),
    ("feed", "attributes"),
    ("feed", "unclosed paragraphs"),
    ("sitemap", "open tags in tags"),
    ("sitemap", "attributes"),
    ("JSON", "open lists"),
    ("robots.txt", "rules of wildcards"),
]


@pytest.mark.parametrize(("kind", "shape"), HOSTILE)
def test_attack_a_page_costs_bounded_time(kind: str, shape: str) -> None:
    result = cost(kind, shape, 5_000_000)
    # Twice what `make costs` allows: other tests run beside this one.
    assert result.seconds < 2 * LIMIT, result
    assert not result.outcome.startswith(("FAULT", "ENDED")), result


@pytest.mark.parametrize("shape", ["an article", "scripts around an article"])
def test_an_ordinary_page_is_read_however_large(shape: str) -> None:
    assert cost("article", shape, 2_000_000, 2 * MOST, MOST).outcome == ""
