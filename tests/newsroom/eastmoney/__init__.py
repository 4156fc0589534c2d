"""The living East Money of the newsroom: articles, column pages and the news interfaces.

Class names, field names and error shapes are those that its public clients know; all around them is
invented. `faults` has the answers that break them.
"""

from newsroom.eastmoney.hosts import HOSTS
from newsroom.eastmoney.story import EastMoneyStory, stories

__all__ = ["HOSTS", "EastMoneyStory", "stories"]
