"""The exports of newsspider.yml: files that each run of the folder writes again.

In: the list `exports`, and the output folder. Out: the files, replaced only where something
changed. `crawling.project` reads the list, `commands.scheduled` writes the files after a run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from newsspider.errors import OutputError, Unwritable
from newsspider.exporters.change_feed import BEGIN, change_feed
from newsspider.exporters.export import export
from newsspider.exporters.published import published
from newsspider.exporters.selection import Selection, read_limit, select
from newsspider.exporters.writers import WRITERS, format_of

logger = logging.getLogger(__name__)

_FOLDER = Path("exports")  # of names without a folder; git ignores it


class Export(BaseModel):
    """A file, its format, and the articles that it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(
        min_length=1,
        description="The file, or the folder of some formats. A name alone lies in exports/, which"
        " git ignores.",
    )
    format: str = Field("", description="Its format, where the ending does not name it.")
    site: str = Field("", description="Only articles of this site.")
    source: str = Field("", description="Only articles of this source.")
    category: str = Field("", description="Only articles of this category.")
    stock: str = Field("", description="Only articles that mention this share.")
    language: str = Field("", description="Only articles in this language.")
    since: str = Field("", description="Only articles since a day, or within an age such as 7d.")
    until: str = Field("", description="Only articles until a day, included.")
    words: tuple[str, ...] = Field((), description="Only articles with all of these words.")
    use: Literal["", "search", "ai-input", "ai-train"] = Field(
        "", description="Leave out articles whose publishers reserve this use."
    )
    markdown: bool = Field(False, description="Fill the field `markdown` as well.")
    summaries: bool = Field(False, description="In feeds, give summaries instead of texts.")

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, values: Any) -> Any:
        return {"file": values} if isinstance(values, str) else values

    @model_validator(mode="after")
    def _check_format(self) -> Export:
        format_of(self.file)  # an address is no file, whatever the format
        if self.name not in WRITERS:
            known = ", ".join(WRITERS)
            wrong = repr(self.format) if self.format else f"the ending of {self.file!r}"
            raise ValueError(f"{wrong} is not one of {known}")
        return self

    @field_validator("since", "until", mode="before")
    @classmethod
    def _check_limit(cls, value: Any) -> str:
        text = str(value)  # YAML reads a day as a date
        read_limit(text, datetime.now(UTC))
        return text

    @property
    def name(self) -> str:
        """The name of the format."""
        return self.format or format_of(self.file)

    @property
    def path(self) -> Path:
        """Where the file lies, from the folder of newsspider.yml."""
        path = Path(self.file)
        return _FOLDER / path if path.parent == Path() else path

    def selection(self) -> Selection:
        """Return the wanted articles; an age counts from now."""
        named = ("site", "source", "category", "stock", "language", "since", "until", "words")
        return select(datetime.now(UTC), **{name: getattr(self, name) for name in named})


def write_exports(exports: Iterable[Export], output: Path) -> bool:
    """Write the exports of an output folder; return False if one could not be written, which is
    logged. The others are written."""
    good = True
    for each in exports:
        try:
            if each.path.parent == _FOLDER:
                _hide(_FOLDER)
            with change_feed(output) if WRITERS[each.name].changes else nullcontext() as feed:
                wanted = each.selection()
                export(
                    feed.since(BEGIN, wanted) if feed else published(output, wanted),
                    each.path,
                    each.name,
                    output,
                    with_markdown=each.markdown,
                    summaries=each.summaries,
                    use=each.use,
                )
        except (OutputError, Unwritable, OSError) as error:
            logger.error("exports: %s", error)
            good = False
    return good


def _hide(folder: Path) -> None:
    """Create a folder that git ignores, unless it exists: its owner may want it in git."""
    if not folder.exists():
        folder.mkdir()
        (folder / ".gitignore").write_text("*\n", "utf-8")
