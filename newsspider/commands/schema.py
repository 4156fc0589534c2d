"""`newsspider schema [site | project | run | article]`: print the JSON Schema of a kind of file.

In: the model of site files, of newsspider.yml or of the record of a run; the contract of exports.
Out: its schema on standard output. Called by `commands`.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer
from pydantic import BaseModel

from newsspider.crawling.project import Project
from newsspider.exporters import contract
from newsspider.monitor.record import RunRecord
from newsspider.sites.schema import Site

_MODELS: dict[str, type[BaseModel]] = {"site": Site, "project": Project, "run": RunRecord}


def schema(
    kind: Annotated[
        Literal["site", "project", "run", "article"],
        typer.Argument(
            help="`site`: site files; `project`: newsspider.yml; `run`: .newsspider/runs/*.json; "
            "`article`: what `newsspider export` writes."
        ),
    ] = "site",
) -> None:
    """Print the JSON Schema of site files, of newsspider.yml, of the record of a run or of an
    exported article.

    Save it as `site.schema.json`. Editors with a YAML language server then check and complete a
    file whose first line is `# yaml-language-server: $schema=site.schema.json`.
    """
    if kind == "article":
        typer.echo(json.dumps(contract.schema(), ensure_ascii=False, indent=2))
        return
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    values = dialect | _MODELS[kind].model_json_schema()
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
