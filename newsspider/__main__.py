"""`python -m newsspider` is the `newsspider` command."""

from newsspider.commands import main

main()
