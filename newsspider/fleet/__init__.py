"""A crawl shared out over machines: one plans, many work, one publishes.

`plan` gives the workers what is due, `work` takes jobs and crawls, each in a process of its own
(`job`), `publish` writes the posts, `status` shows how it goes. They meet in the ledger's database
only. Nothing of this is imported by a crawl on one machine.
"""
