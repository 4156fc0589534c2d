"""Pages → an Article: `page` reads one by the selectors of the site file, `generic` reads any."""
