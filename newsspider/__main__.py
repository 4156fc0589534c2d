"""The `newsspider` command, and `python -m newsspider`."""

import signal


def main() -> None:
    """Run the command."""
    # A second of importing, in which Ctrl-C has nothing to save and would end in a traceback.
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from newsspider.commands import main as command

    signal.signal(signal.SIGINT, handler)
    command()


if __name__ == "__main__":
    main()
