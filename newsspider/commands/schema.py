"""`newsspider schema`: the JSON Schema of site files, for editors."""

from __future__ import annotations

import json

import typer

from newsspider.sites.schema import Site


def schema() -> None:
    """Print the JSON Schema of site files.

    Editors check and complete a site file whose first line is
    `# yaml-language-server: $schema=site.schema.json`.
    """
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Site.model_json_schema()}
    typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
