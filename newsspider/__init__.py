"""newsspider turns news category pages and share links into a Jekyll site."""

__version__ = "0.1.0"
