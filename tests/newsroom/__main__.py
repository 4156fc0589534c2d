"""`python -m newsroom [--port N]`: serve the whole newsroom in the foreground."""

from newsroom import Newsroom
from newsspider.demo.__main__ import main

if __name__ == "__main__":
    main(Newsroom)
