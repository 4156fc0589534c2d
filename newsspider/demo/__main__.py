"""`python -m newsspider.demo [--port N]`: serve the newsroom in the foreground."""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Callable

from newsspider.demo.newsroom import Newsroom


def main(open_newsroom: Callable[[int], Newsroom] = Newsroom) -> None:
    """Serve in the foreground until Ctrl-C; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (the default): any free port")
    with open_newsroom(parser.parse_args().port) as room:
        print(room.address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
