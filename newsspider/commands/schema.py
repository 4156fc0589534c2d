"""`newsspider schema [KIND]`: print the JSON Schema of a kind of file.

In: the model of site files, of newsspider.yml or of the record of a run; the contract of exports.
Out: its schema on standard output. Called by `commands`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer
from pydantic import BaseModel

from newsspider.crawling.project import Project
from newsspider.exporters import contract
from newsspider.monitor.record import RunRecord
from newsspider.sites.schema import Site

_MODELS: dict[str, type[BaseModel]] = {"site": Site, "project": Project, "run": RunRecord}

_OF_EXPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "article": contract.schema,
    "change": contract.change_schema,
}


def schema(
    kind: Annotated[
        Literal["site", "project", "run", "article", "change"],
        typer.Argument(
            help="`site`: site files; `project`: newsspider.yml; `run`: .newsspider/runs/*.json; "
            "`article`: what `newsspider export` writes; `change`: a line of the change feed.",
        ),
    ] = "site",
) -> None:
    """Print the JSON Schema of a kind of file: of site files, of newsspider.yml, of the record of a
    run, of an exported article or of the change feed.

    Save it as `site.schema.json`. Editors with a YAML language server then check and complete a
    file whose first line is `# yaml-language-server: $schema=site.schema.json`.
    """
    if kind in _OF_EXPORTS:
        values = _OF_EXPORTS[kind]()
    else:
        dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        values = dialect | _MODELS[kind].model_json_schema()
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
