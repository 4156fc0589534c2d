"""Parquet: a data set, partitioned by site and month, with its card. Needs the extra `parquet`.

In: rows. Out: a folder. Called by `exporters/export.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from newsspider.errors import OutputError
from newsspider.exporters.contract import COLUMNS, Row
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.front_matter import front_matter, month_of
from newsspider.model import PARTS

_CARD = "_README.md"  # pyarrow, and so pandas, takes no file for data whose name begins with _
_BATCH = 500  # rows in memory at a time
_TIMES = [name for name, column in COLUMNS.items() if column.type.startswith("ISO 8601")]


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to files below a folder. Raises OutputError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.dataset as ds
    except ImportError:
        raise OutputError("Parquet needs pyarrow: pip install 'newsspider[parquet]'") from None
    schema = _schema(pa)
    batches = (pa.RecordBatch.from_pylist(batch, schema) for batch in _batches(rows))
    partitions = [(name, pa.string()) for name in ("site", "month")]
    ds.write_dataset(
        pa.RecordBatchReader.from_batches(schema, batches),
        target,
        format="parquet",
        partitioning=ds.partitioning(pa.schema(partitions), flavor="hive"),
        existing_data_behavior="overwrite_or_ignore",
        use_threads=False,
    )
    (target / _CARD).write_text(_card(about), "utf-8")


def _batches(rows: Iterable[Row]) -> Iterator[list[dict[str, Any]]]:
    values = map(_values, rows)
    while batch := list(islice(values, _BATCH)):
        yield batch


def _values(row: Row) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _TIMES}
    return {**row, **times, "site": row["site"] or "unknown", "month": month_of(row)}


def _schema(pa: Any) -> Any:
    """Return the schema of the columns, with what each holds as its metadata."""
    text, texts = pa.string(), pa.list_(pa.string())
    types = {
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "array of strings": texts,
        "ISO 8601 with offset, or null": pa.timestamp("us", tz="UTC"),
    }
    fields = [
        pa.field(
            name,
            pa.list_(pa.struct([(part.name, text) for part in dataclasses.fields(PARTS[name])]))
            if name in PARTS
            else types.get(column.type, text),
            metadata={"description": column.about},
        )
        for name, column in COLUMNS.items()
    ]
    return pa.schema([*fields, pa.field("month", text)])


def _card(about: About) -> str:
    head = front_matter({"pretty_name": about.title, "language": [about.language or "und"]})
    lines = [f"| `{name}` | {column.type} | {column.about} |" for name, column in COLUMNS.items()]
    return "\n".join(
        (
            head,
            f"# {about.title}",
            "",
            "News articles in Parquet, partitioned by `site` and `month`. The rights to the texts"
            " are those of their publishers: `source` and `link` name them. Times are in UTC.",
            "",
            "```python",
            "import pandas",
            "",
            "pandas.read_parquet(FOLDER)",
            "```",
            "",
            "```sql",
            "SELECT * FROM read_parquet('FOLDER/**/*.parquet')  -- DuckDB",
            "```",
            "",
            "| column | type | what it holds |",
            "|---|---|---|",
            *lines,
            "",
        )
    )
