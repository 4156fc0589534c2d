"""`newsspider fleet move FROM TO`: the ledger of an output folder moved to PostgreSQL, or back.

In: an output folder and the address of a database, in the order of the move. Out: the ledger in the
other place. Called by `commands`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from newsspider.store import moving
from newsspider.store.postgresql.address import check_address, is_address, shown
from newsspider.text.characters import counted

_PLACE = "The output folder, or the address of a PostgreSQL database."


def fleet(
    action: Annotated[Literal["move"], typer.Argument(help="What to do.")],
    source: Annotated[str, typer.Argument(metavar="FROM", help=_PLACE)],
    target: Annotated[str, typer.Argument(metavar="TO", help="The other one.")],
) -> None:
    """Move the ledger of an output folder to PostgreSQL, or back to its file.

    All rows are copied and compared before the ledger is gone where it was. No run may go on
    meanwhile. To PostgreSQL: newsspider fleet move output/site postgresql://app@db.example/news
    """
    if is_address(source) == is_address(target):
        raise typer.BadParameter("one of FROM and TO is an output folder, the other postgresql://…")
    address = source if is_address(source) else target
    try:
        check_address(address)
    except ValueError as error:
        raise typer.BadParameter(f"the address {error}") from None
    if address == target:
        number = moving.to_postgresql(Path(source), address)
        typer.echo(f"{counted(number, 'row')} moved to {shown(address)}: name it with --ledger")
    else:
        number = moving.to_file(Path(target), address)
        typer.echo(f"{counted(number, 'row')} moved to {target}, whose ledger is a file again")
