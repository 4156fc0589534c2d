"""The address of a post's page: what Jekyll builds."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import SEED
from support.folders import article

from newsspider.exporters.jekyll.address import addresses

POST = f"_posts/{SEED}"


@pytest.mark.parametrize(
    ("config", "address"),
    [
        (None, "/renminyoudianbao/2022/04/26/NW202204262359811335.html"),
        ("timezone: Asia/Shanghai", "/renminyoudianbao/2022/04/26/NW202204262359811335.html"),
        ("timezone: Asia/Tokyo", "/renminyoudianbao/2022/04/27/NW202204262359811335.html"),
        ("timezone: Nowhere/Nowhere", "/renminyoudianbao/2022/04/26/NW202204262359811335.html"),
        (
            "url: https://n.example\nbaseurl: /news\npermalink: pretty",
            "https://n.example/news/renminyoudianbao/2022/04/26/NW202204262359811335/",
        ),
        ("permalink: none", "/renminyoudianbao/NW202204262359811335.html"),
        ("permalink: /posts/:title", None),
        ("url: 3\n- broken", "/renminyoudianbao/2022/04/26/NW202204262359811335.html"),
    ],
)
def test_the_address_follows_the_configuration(
    config: str | None, address: str | None, tmp_path: Path
) -> None:
    if config is not None:
        (tmp_path / "_config.yml").write_text(config, "utf-8")
    assert addresses(tmp_path)(article(), POST) == address
