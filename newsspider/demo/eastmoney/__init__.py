"""The living East Money of the newsroom: articles, column pages and the news interfaces.

What is known of them is the public clients' knowledge: the class names, the field names and the
error shapes are theirs, all around those is made up. `faults` has the answers that break them.
"""
