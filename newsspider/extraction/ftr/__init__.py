"""Articles by rules of the ftr-site-config format, which exist for some 2,000 sites.

In: the user's folder of rule files (newsspider ships none), a host, a page. Out: the fields that
the rules find, under the names that a site file uses. Called by `extraction.page`; the spiders
load the rules.
"""

from newsspider.extraction.ftr.reading import FtrReading, read_page
from newsspider.extraction.ftr.rules import LinkRule, Rules, read, rules_for

__all__ = ["FtrReading", "LinkRule", "Rules", "read", "read_page", "rules_for"]
