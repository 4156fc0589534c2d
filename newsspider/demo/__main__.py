"""`python -m newsspider.demo [--port N]`: serve the newsroom in the foreground.

In: a port. Out: the address of the newsroom on standard output. `tests/newsroom` calls `main` with
a newsroom of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Callable

from newsspider.demo.newsroom import Newsroom


def main(open_newsroom: Callable[[int], Newsroom] = Newsroom) -> None:
    """Serve the newsroom until Ctrl-C. The first line of the output is its address."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="port to listen on; 0, the default: any free port"
    )
    with open_newsroom(parser.parse_args().port) as room:
        print(room.address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
