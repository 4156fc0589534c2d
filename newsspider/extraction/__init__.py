"""A page → an Article: `rules` reads it by the selectors of the site file, `generic` reads any."""
