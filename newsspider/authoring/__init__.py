"""Site files: writing one from a page, and reading the saved pages of a site again."""
