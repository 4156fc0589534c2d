"""`python -m newsspider.demo [--port N]`: serve the newsroom in the foreground."""

from newsspider.demo.newsroom import main

if __name__ == "__main__":
    main()
