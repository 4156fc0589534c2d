"""The `newsspider` command, and `python -m newsspider`."""

import signal
import sys

from newsspider.garbage import look_seldom


def main() -> None:
    """Run the command."""
    if sys.platform == "win32":  # no fcntl, which locks an output folder, and no signals of a loop
        print(
            "newsspider: runs on Linux, macOS and WSL (https://aka.ms/wsl), not on Windows itself",
            file=sys.stderr,
        )
        sys.exit(2)
    look_seldom()
    # A second of importing, in which Ctrl-C has nothing to save and would end in a traceback.
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from newsspider.commands import main as command

    signal.signal(signal.SIGINT, handler)
    command()


if __name__ == "__main__":
    main()
