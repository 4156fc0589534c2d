"""Pictures that stay: what a picture file is, by its bytes, and where a post shows it.

In: the bytes of an answer, the HTML of a post. Out: a Picture, the HTML with the addresses of the
files that are kept. `fetch.pictures` and the publisher's formats call it.
"""
