"""The stages that each article passes, in order: the table of contents of the program.

In: Articles from the spiders. Out: Articles that have a post; or a DropItem, one class per reason,
counted for the report and saved in the ledger. Scrapy calls the stages (the setting
ITEM_PIPELINES). Each is a short class over pure functions and returns a new Article. Those from
Validate on are synchronous: an article is checked, published and remembered without interruption;
except Pictures, which then checks again what may have changed.
"""

from __future__ import annotations

from newsspider.pipelines.pictures import Pictures
from newsspider.pipelines.publish import Publish, Remember
from newsspider.pipelines.stage import Stage
from newsspider.pipelines.text import Clean, Metadata, Sanitise
from newsspider.pipelines.validate import Validate

# In running order.
STAGES: tuple[type[Stage], ...] = (
    *(Clean, Sanitise, Metadata, Validate, Pictures, Publish, Remember),
)
