"""`newsspider schema`: print the JSON Schema of site files, for editors.

In: the model `Site`. Out: its schema on standard output. Called by `commands`.
"""

from __future__ import annotations

import json

import typer

from newsspider.sites.schema import Site


def schema() -> None:
    """Print the JSON Schema of site files, for editors.

    Save it as `site.schema.json`. Editors with a YAML language server then check and complete a
    site file whose first line is `# yaml-language-server: $schema=site.schema.json`.
    """
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    typer.echo(json.dumps(dialect | Site.model_json_schema(), ensure_ascii=False, indent=2))
