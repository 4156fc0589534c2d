"""Articles by rules of the ftr-site-config format, which some 2,000 sites have.

In: a folder of rule files that the user has (none come with newsspider), a host, a page. Out: the
fields the rules find, as extraction by a site file gives them.
"""

from newsspider.extraction.ftr.reading import FtrReading, read_page
from newsspider.extraction.ftr.rules import LinkRule, Rules, read, rules_for

__all__ = ["FtrReading", "LinkRule", "Rules", "read", "read_page", "rules_for"]
