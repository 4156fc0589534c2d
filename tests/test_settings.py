"""Scrapy's settings agree with what they are made from."""

from __future__ import annotations

from scrapy.utils.misc import load_object

from newsspider import pipelines, settings
from newsspider.model import EXPORTED


def test_the_stages_run_in_the_order_of_the_pipelines_module() -> None:
    stages = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
    assert tuple(map(load_object, stages)) == pipelines.STAGES


def test_feeds_have_the_exported_fields_in_their_order() -> None:
    assert tuple(settings.FEED_EXPORT_FIELDS) == EXPORTED
